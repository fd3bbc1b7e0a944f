//! What a TOML parser says, in both languages, and how to mend it.

use crate::report::quoted;
use crate::toml_said::{IDENTIFIER, NUMBER, PAIR, SAID, Said, TABLE};
use std::ops::Range;

/// What is meant by the parser's words.
fn known(message: &str) -> Option<&'static Said> {
    let begins = SAID.iter().filter(|(en, ..)| message.starts_with(en));
    begins.max_by_key(|(en, ..)| en.len())
}

/// The parser's words, and the same in French where we know them.
pub(crate) fn explain(message: &str) -> (String, String) {
    let first = message.lines().next().unwrap_or("");
    let fr = known(first).map_or(first, |(_, fr, _)| fr);
    (
        format!("TOML mal formé : {fr}"),
        format!("malformed TOML: {first}"),
    )
}

/// How to write what stands there and is no TOML: French, then English.
pub(crate) fn mend(message: &str, text: &str, at: Range<usize>) -> Option<(String, String)> {
    let (said, _, (fr, en)) = known(message)?;
    let taken_up = match *said {
        // `{ min = 1 max = 2 }`: what comes next is another key, and not a part of the value.
        "string values must be quoted" if is_before_value(text, at.end) => {
            Some((TABLE.0.into(), TABLE.1.into()))
        }
        "string values must be quoted" | "invalid boolean" => {
            bare(text.get(at).unwrap_or_default())
        }
        "unexpected key or value" => after_number(text, at.start),
        // `name: "x"`: the key is well-formed, the sign after it is another language's.
        "invalid unquoted key" if text.get(at.start..).is_some_and(|t| t.starts_with(':')) => {
            Some((PAIR.0.into(), PAIR.1.into()))
        }
        // `1.200.000`: the points are no decimal's.
        "invalid float" if text.get(at.start..).is_some_and(|t| t.starts_with('.')) => {
            Some((NUMBER.0.into(), NUMBER.1.into()))
        }
        _ => None,
    };
    Some(taken_up.unwrap_or_else(|| (fr.to_string(), en.to_string())))
}

/// Whether a value is assigned to what ends there.
fn is_before_value(text: &str, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default();
    after.trim_start_matches([' ', '\t']).starts_with('=')
}

/// How to write a value that stands there without quotation marks.
fn bare(written: &str) -> Option<(String, String)> {
    let word = written
        .trim()
        .trim_matches(['“', '”', '«', '»', '„', '‘', '’', '\u{a0}', ' ']);
    let digit = word.starts_with(|c: char| c.is_ascii_digit());
    let (fr, en) = match word.to_lowercase().as_str() {
        "" => return None,
        "oui" | "vrai" | "yes" | "true" => ("écrire true", "write true"),
        "non" | "faux" | "no" | "false" => ("écrire false", "write false"),
        _ if digit && word.matches(['/', '.', '-']).count() == 2 => (
            "une date s'écrit AAAA-MM-JJ",
            "a date is written YYYY-MM-DD",
        ),
        _ if word.starts_with('0') => IDENTIFIER,
        _ if digit => NUMBER,
        _ => {
            let text = quoted(word);
            return Some((format!("écrire \"{text}\""), format!("write \"{text}\"")));
        }
    };
    Some((fr.into(), en.into()))
}

/// How to write a number of which something stands apart: `72,5`, `1 200`, `12 €`.
fn after_number(text: &str, at: usize) -> Option<(String, String)> {
    let (before, after) = text.split_at_checked(at)?;
    let before = before.rsplit(['\n', '=']).next()?.trim();
    let is_number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !is_number(before) {
        return None;
    }
    let rest = after.strip_prefix(',').unwrap_or_default();
    let decimals = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    Some(match is_number(decimals) && decimals.len() != 3 {
        true => (
            format!(
                "les décimales suivent un point : {}.{}",
                quoted(before),
                quoted(decimals)
            ),
            format!(
                "decimals come after a point: {}.{}",
                quoted(before),
                quoted(decimals)
            ),
        ),
        false => (NUMBER.0.into(), NUMBER.1.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use toml::de::DeTable;

    /// A message of the parser, its French and its mend.
    type Heard = (String, String, Option<(String, String)>);

    /// What the parser says of a text.
    fn said(text: &str) -> Vec<Heard> {
        let (_, errors) = DeTable::parse_recoverable(text);
        let told = |e: &toml::de::Error| {
            let at = e.span().unwrap_or(0..0);
            let (fr, _) = explain(e.message());
            (e.message().into(), fr, mend(e.message(), text, at))
        };
        errors.iter().map(told).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

        /// Law: whatever the parser says of a text, we know its French and how to mend it.
        #[test]
        fn all_that_the_parser_says_is_known(pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "é", "b.c", "=", " = ", ",", ".", "[", "]", "[[", "]]", "{", "}", "\"", "\"\"\"", "'", "'''", "\n",
            "\r", "\n[a]\n", "\\", "\\u12", "\\U0000D800", "\\ x", "# ", "\u{1}", " ", "1", "0", "1.", "-", "+", "_", "0x", "0XF",
            "0d1", "1e", "true", "tru", "2026-02-30", "2026-1-1", "12:61:00", "T25:00:00Z", "2026-01-01T00:00:00+25:00", "x = 1\n",
            "inf", "nan", "\nk = \"", "\nk = [", "\nk = {",
        ]), 1..12)) {
            for (en, fr, mend) in said(&pieces.concat()) {
                prop_assert!(known(&en).is_some() && mend.is_some(), "{en} ({fr})");
            }
        }
    }

    #[test]
    fn common_slips_have_their_mend() {
        let cases = [
            ("file = \"documents\\contrat.pdf\"", "in a path, write /"),
            ("file = \"C:\\Users\\x\"", "in a path, write /"),
            ("revenue = 1.", "1.0"),
            ("share = { min = 1 max = 2 }", "{ min = 1, max = 2 }"),
            ("note = \"\"\"a\nb", "close the text with \"\"\""),
            ("[[contract]", "close the header with ]]"),
            ("french_share = 72,5", "72.5"),
            ("revenue = 1 200", "without space"),
            ("siren = 012345678", "in quotation marks"),
            ("équipe = 1", "`cocarde new`"),
            ("name: \"x\"", "write \"key = value\""),
            ("revenue = 1.200.000", "without space"),
            ("siren = 000 000 018", "in quotation marks"),
        ];
        for (text, wanted) in cases {
            let found = said(text);
            let (_, fr, mend) = &found[0];
            let (_, en) = mend.clone().unwrap_or_default();
            assert!(en.contains(wanted), "{text}: {en} ({fr})");
        }
        assert_eq!(
            said("[[contract]")[0].1,
            "TOML mal formé : en-tête de liste non fermé"
        );
    }
}
