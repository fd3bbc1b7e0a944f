//! What a JSON parser says, in French.

/// Whole messages of `serde_json`, by how they start, and our own.
const WHOLE: [(&str, &str); 24] = [
    (
        "EOF while parsing a list",
        "la fin vient dans une liste non fermée",
    ),
    (
        "EOF while parsing an object",
        "la fin vient dans un objet non fermé",
    ),
    (
        "EOF while parsing a string",
        "la fin vient dans un texte non fermé",
    ),
    ("EOF while parsing a value", "la fin vient avant une valeur"),
    ("expected `:`", "il faut « : »"),
    ("expected `,` or `]`", "il faut « , » ou « ] »"),
    ("expected `,` or `}`", "il faut « , » ou « } »"),
    ("expected ident", "il faut true, false ou null"),
    ("expected value", "il faut une valeur"),
    ("expected `\"`", "il faut un guillemet"),
    ("invalid escape", "« \\ » mal suivi"),
    ("invalid number", "nombre mal formé"),
    ("number out of range", "nombre trop grand"),
    ("invalid unicode code point", "caractère Unicode inexistant"),
    ("control character", "caractère de commande dans un texte"),
    (
        "key must be a string",
        "une clé est un texte entre guillemets",
    ),
    ("lone leading surrogate", "demi-caractère Unicode"),
    ("trailing comma", "virgule de trop"),
    ("trailing characters", "texte de trop après la fin"),
    (
        "unexpected end of hex escape",
        "« \\u » veut quatre chiffres hexadécimaux",
    ),
    ("recursion limit exceeded", "imbrication trop profonde"),
    ("too deep", "imbrication trop profonde"),
    ("too long lists", "listes trop longues"),
    ("null in a list", "null dans une liste"),
];

/// Parts of messages that quote from the file or name a key.
const PARTS: [(&str, &str); 8] = [
    ("duplicate key ", "clé écrite deux fois : "),
    ("duplicate field ", "clé écrite deux fois : "),
    ("missing field ", "clé manquante : "),
    ("unknown variant ", "mot inconnu : "),
    ("invalid type: ", "type inattendu : "),
    ("invalid value: ", "valeur inattendue : "),
    ("invalid length ", "longueur inattendue : "),
    (", expected ", ", il faut "),
];

/// What `serde_json` says, and where it ends with that: its line and its column.
pub fn placed(text: &str) -> (&str, Option<(&str, &str)>) {
    let parts = text.rsplit_once(" at line ").and_then(|(words, place)| {
        let (line, column) = place.split_once(" column ")?;
        let is_number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        (is_number(line) && is_number(column)).then_some((words, Some((line, column))))
    });
    parts.unwrap_or((text, None))
}

/// The words of `serde_json`, without its place, in French.
pub fn in_french(message: &str) -> String {
    if let Some((_, fr)) = WHOLE.iter().find(|(en, _)| message.starts_with(en)) {
        return (*fr).into();
    }
    PARTS.iter().fold(message.into(), |text: String, (en, fr)| {
        text.replacen(en, fr, 1)
    })
}
