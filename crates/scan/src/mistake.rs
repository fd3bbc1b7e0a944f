//! What is wrong with a configuration, in both languages.

use cocarde_probe::dns::name::NameError;
use std::fmt;

/// What is wrong, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Mistake {
    pub(crate) fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        let (fr, en) = (fr.into(), en.into());
        Self { fr, en }
    }

    /// The same of what is written at `key`.
    pub(crate) fn at(self, key: &str) -> Self {
        Self::new(
            format!("{key} : {}", self.fr),
            format!("{key}: {}", self.en),
        )
    }

    /// Of a text that the TOML reader refuses; without the text where only the key is known.
    pub(crate) fn of_toml(error: &toml::de::Error, text: Option<&str>) -> Self {
        let why = error.message().trim();
        let named = |rest: &'static str| why.strip_prefix(rest)?.split_once('`');
        let what = match (named("unknown field `"), why.split_once("expected ")) {
            (Some((key, _)), Some((_, known))) => Self::new(
                format!(
                    "« {key} » n'est pas connu ici ; on connaît : {}",
                    list(known)
                ),
                format!("`{key}` is not known here; known are: {}", list(known)),
            ),
            _ if why.starts_with("invalid type") || why.starts_with("invalid value") => Self::new(
                format!("une autre valeur est attendue ({why})"),
                format!("another value is expected ({why})"),
            ),
            _ => Self::new(
                format!("TOML mal formé ({why})"),
                format!("malformed TOML ({why})"),
            ),
        };
        let place = error.span().zip(text);
        let Some(before) = place.and_then(|(at, text)| text.get(..at.start)) else {
            let shown = error.to_string();
            let mut lines = shown.lines();
            let key = lines.find_map(|l| l.strip_prefix("in `")?.strip_suffix('`'));
            return key.map_or(what.clone(), |key| what.at(key));
        };
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Self::new(
            format!("ligne {line}, colonne {column} : {}", what.fr),
            format!("line {line}, column {column}: {}", what.en),
        )
    }

    /// Of a text that is no domain name.
    pub(crate) fn of_name(error: NameError) -> Self {
        let fr = match error {
            NameError::EmptyLabel => "une étiquette vide : retirez le point en tête ou doublé",
            NameError::LongLabel => "une étiquette de plus de 63 octets",
            NameError::LongName => "un nom de plus de 255 octets",
            NameError::BadEscape => "une barre oblique inverse sans caractère ni trois chiffres",
            NameError::NotAscii => "un caractère hors de l'ASCII : écrivez le nom en xn--",
            NameError::BadCharacter => "une espace ou un caractère de commande",
        };
        Self::new(fr, error.to_string())
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// The names that the reader lists between backquotes, with commas.
fn list(known: &str) -> String {
    let names: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    names.join(", ")
}
