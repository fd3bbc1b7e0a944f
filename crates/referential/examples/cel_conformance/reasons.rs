//! Why a conformance test is left out.

/// Rules are total: there is no evaluation error to expect.
pub const ERROR: &str = "it expects an evaluation error: rules are total";
/// Nothing is evaluated.
pub const CHECK_ONLY: &str = "it asks for the deduced type only";

const TWO_VARIABLES: &str = "macros of two variables";
const DYN: &str = "operands whose type CEL knows only when it runs (`dyn`, empty literals)";

/// Beginnings of the checker's messages, and what they stand for.
const REFUSALS: [(&str, &str); 20] = [
    (
        "`has()`",
        "presence test `has()`: whether a fact is known is not a property of the world",
    ),
    ("maps ", "maps"),
    ("messages ", "protocol buffer messages"),
    ("`null`", "`null`"),
    ("unsigned ", "unsigned integers"),
    ("bytes ", "bytes"),
    (
        "indexing ",
        "indexing: it has no value where the element is missing",
    ),
    (
        "unknown name",
        "names of types, enumerations, packages, or of variables that are not declared",
    ),
    (
        "division ",
        "division by what is not a constant other than zero",
    ),
    (
        "this number ",
        "a number with no exact decimal of 28 digits",
    ),
    ("the elements ", "lists of mixed types"),
    ("`<", "ordering of texts, truths or lists"),
    ("`>", "ordering of texts, truths or lists"),
    ("`? :`", "branches of different types"),
    ("this comprehension", TWO_VARIABLES),
    ("expected ", DYN),
    ("this test ", DYN),
    ("`%`", DYN),
    (
        "unsupported syntax",
        "optional selection, and identifiers in backquotes",
    ),
    ("argument must", "extension library `cel`"),
];

/// What a message says after the type that it is about.
const NEVER: [&str; 4] = [
    "` never equals ",
    "` is never in ",
    "` has no fields",
    "` has no size",
];

/// Libraries that extend CEL, by the name their functions are called on.
const LIBRARIES: [&str; 4] = ["math", "optional", "cel", "base64"];

/// The reason that a refusal of the checker amounts to, in a file of the suite.
pub fn of_refusal(message: &str, file: &str) -> String {
    if file == "macros2" {
        return TWO_VARIABLES.into();
    }
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("no function ") {
        return format!("function `{quoted}`");
    }
    if message.starts_with("unknown name") && LIBRARIES.contains(&quoted) {
        return format!("extension library `{quoted}`");
    }
    let found = REFUSALS
        .iter()
        .find(|(start, _)| message.starts_with(start));
    match found {
        Some((_, reason)) => reason.to_string(),
        None if NEVER.iter().any(|said| message.contains(said)) => {
            "equality, membership or selection between types that never have it".into()
        }
        None => format!("? {message}"),
    }
}
