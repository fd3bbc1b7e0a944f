//! TOML that people write: what is wrong with it, where, and how to mend it.

use crate::refusal::both;
use crate::{Refusal, Result};
use serde::de::DeserializeOwned;

/// Reads a text; a refusal has that code. Errors: not TOML, or not of that form.
pub(crate) fn read<T: DeserializeOwned>(text: &str, code: &'static str) -> Result<T> {
    toml::from_str(text).map_err(|e| {
        let (fr, en) = words(e.message().trim());
        let refusal = Refusal::new(code, fr, en);
        // What a whole file lacks has no place in it.
        match e.span().filter(|s| s.start > 0) {
            None => refusal,
            Some(span) => {
                let before = text.get(..span.start).unwrap_or(text);
                let line = before.matches('\n').count() + 1;
                let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
                Refusal {
                    fr: format!("ligne {line}, colonne {column} : {}", refusal.fr),
                    en: format!("line {line}, column {column}: {}", refusal.en),
                    ..refusal
                }
            }
        }
    })
}

/// The parser's reason in both languages.
fn words(why: &str) -> (String, String) {
    if let Some((fr, en)) = both(why) {
        return (fr.to_owned(), en.to_owned());
    }
    let quoted = |rest: &str| rest.split('`').next().unwrap_or(rest).to_owned();
    if let Some(name) = why.strip_prefix("missing field `").map(quoted) {
        return (
            format!("« {name} » manque : ajoutez-le"),
            format!("`{name}` is missing: add it"),
        );
    }
    if let Some(rest) = why.strip_prefix("unknown field `") {
        let name = quoted(rest);
        let known: Vec<&str> = rest.split('`').skip(2).step_by(2).collect();
        let known = known.join(", ");
        return (
            format!("« {name} » n'est pas connu ici ; on connaît : {known}"),
            format!("`{name}` is not known here; known are: {known}"),
        );
    }
    match why.starts_with("invalid type") {
        true => (
            format!("une valeur d'une autre sorte est attendue ({why})"),
            format!("a value of another kind is expected ({why})"),
        ),
        false => (
            format!("TOML mal formé ({why})"),
            format!("malformed TOML ({why})"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Whole {
        #[serde(rename = "part")]
        _part: Part,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Part {
        #[serde(rename = "name")]
        _name: String,
    }

    #[test]
    fn a_defect_is_named_with_its_place_and_its_mend() {
        for (text, fr, en) in [
            (
                "",
                "« part » manque : ajoutez-le",
                "`part` is missing: add it",
            ),
            (
                "# é\n[part]\n",
                "ligne 2, colonne 1 : « name » manque : ajoutez-le",
                "line 2, column 1: `name` is missing: add it",
            ),
            (
                "[part]\nname = \"é\"\nnom = 1\n",
                "ligne 3, colonne 1 : « nom » n'est pas connu ici ; on connaît : name",
                "line 3, column 1: `nom` is not known here; known are: name",
            ),
            // What somebody wrote is never taken for a reason in two languages.
            (
                "[part]\nname = \"é\"\n\"a\\u001fb\" = 1\n",
                "ligne 3, colonne 1 : « a\u{fffd}b » n'est pas connu ici ; on connaît : name",
                "line 3, column 1: `a\u{fffd}b` is not known here; known are: name",
            ),
        ] {
            let refusal = read::<Whole>(text, "test").unwrap_err();
            assert_eq!((&*refusal.fr, &*refusal.en), (fr, en));
        }
        let kind = read::<Whole>("[part]\nname = 1\n", "test").unwrap_err();
        assert!(
            kind.fr.starts_with("ligne 2, colonne 8 : une valeur"),
            "{kind:?}"
        );
        let form = read::<Whole>("part = \n", "test").unwrap_err();
        assert!(
            form.fr.contains("TOML mal formé") && !form.fr.contains('\n'),
            "{form:?}"
        );
    }
}
