//! What a TOML parser says, in both languages, and how to mend it.

use crate::report::quoted;

/// The parser's words, and the same in French where we know them.
pub(crate) fn explain(message: &str) -> (String, String) {
    let first = message.lines().next().unwrap_or("");
    let known = [
        ("duplicate key", "clé écrite deux fois"),
        (
            "string values must be quoted",
            "un texte s'écrit entre guillemets",
        ),
        ("missing opening quote", "guillemet ouvrant manquant"),
        ("invalid basic string", "texte mal fermé"),
        ("unclosed array", "liste non fermée"),
        ("unclosed inline table", "table non fermée"),
        ("unclosed table", "en-tête de table non fermé"),
        ("missing comma", "virgule manquante"),
        ("extra comma", "virgule de trop"),
        ("missing value", "valeur manquante"),
        ("key with no value", "clé sans valeur"),
        ("cannot recurse further", "imbrication trop profonde"),
        ("invalid date", "cette date n'existe pas au calendrier"),
        ("invalid time", "cette heure n'existe pas"),
        ("unexpected leading zero", "zéro de tête inattendu"),
        (
            "invalid unquoted key",
            "clé mal formée : lettres sans accent, chiffres, « - » et « _ »",
        ),
        (
            "invalid boolean",
            "seuls true et false vont sans guillemets",
        ),
        ("invalid value", "cette valeur n'en est pas une"),
        ("invalid key-value pair", "il faut « clé = valeur »"),
        ("missing assignment", "« = » manque après la clé"),
        ("extra `=`", "« = » de trop"),
        ("extra assignment", "« = » de trop"),
        ("unexpected key or value", "clé ou valeur inattendue"),
        ("unexpected content", "texte inattendu en fin de ligne"),
        ("unexpected sign", "signe inattendu"),
        ("unquoted keys cannot be empty", "clé vide"),
        ("unclosed array table", "en-tête de liste non fermé"),
        ("integer number overflowed", "nombre trop grand"),
        ("floating-point number overflowed", "nombre trop grand"),
        (
            "`_` may only go between digits",
            "« _ » ne va qu'entre deux chiffres",
        ),
        (
            "carriage return must be followed",
            "fin de ligne incomplète (retour chariot seul)",
        ),
    ];
    let fr = known
        .iter()
        .find(|(en, _)| first.starts_with(en))
        .map_or_else(
            || format!("TOML mal formé : {first}"),
            |(_, fr)| format!("TOML mal formé : {fr}"),
        );
    (fr, format!("malformed TOML: {first}"))
}

/// How to write the value that stands there without being one: French, then English.
pub(crate) fn mend(message: &str, written: &str) -> Option<(String, String)> {
    let close = [
        (
            "unclosed array table",
            "l'en-tête par ]]",
            "the header with ]]",
        ),
        ("unclosed table", "l'en-tête par ]", "the header with ]"),
        ("unclosed array", "la liste par ]", "the list with ]"),
        (
            "unclosed inline table",
            "la table par }",
            "the table with }",
        ),
    ];
    if let Some((_, fr, en)) = close.iter().find(|(said, ..)| message.starts_with(said)) {
        return Some((format!("fermer {fr}"), format!("close {en}")));
    }
    let bare = message.starts_with("string values must be quoted");
    if !(bare || message.starts_with("invalid boolean")) {
        return None;
    }
    let word = written
        .trim()
        .trim_matches(['“', '”', '«', '»', '„', '‘', '’', '\u{a0}', ' ']);
    let digit = word.starts_with(|c: char| c.is_ascii_digit());
    let told = match word.to_lowercase().as_str() {
        "" => return None,
        "oui" | "vrai" | "yes" | "true" => ("écrire true".into(), "write true".into()),
        "non" | "faux" | "no" | "false" => ("écrire false".into(), "write false".into()),
        _ if digit && word.matches(['/', '.', '-']).count() == 2 => (
            "une date s'écrit AAAA-MM-JJ".into(),
            "a date is written YYYY-MM-DD".into(),
        ),
        _ if digit => (
            "un nombre s'écrit sans espace, ni virgule, ni unité : 1200.50".into(),
            "a number is written without space, comma or unit: 1200.50".into(),
        ),
        _ => {
            let text = quoted(word);
            (format!("écrire \"{text}\""), format!("write \"{text}\""))
        }
    };
    Some(told)
}
