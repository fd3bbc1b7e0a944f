//! What a scheme says in its own words.

use cocarde_model::Text;
use serde::{Deserialize, Deserializer};

/// What a verdict on the whole means to an applicant, in the middle of a sentence.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VerdictWords {
    /// Where everything that the decision asks for is satisfied.
    pub satisfied: Text,
    /// Where it is not.
    pub not_satisfied: Text,
}

impl Default for VerdictWords {
    /// Promises nothing: not every scheme grants something.
    fn default() -> VerdictWords {
        let text = |fr: &str, en: &str| Text {
            fr: fr.into(),
            en: en.into(),
        };
        VerdictWords {
            satisfied: text(
                "les exigences seraient satisfaites",
                "the requirements would be met",
            ),
            not_satisfied: text(
                "les exigences ne seraient pas satisfaites",
                "the requirements would not be met",
            ),
        }
    }
}

/// What a level is called where the scheme has no name for it.
pub(super) fn level() -> Text {
    Text {
        fr: "Niveau".into(),
        en: "Level".into(),
    }
}

/// Written once where it is the same in both languages, else in both.
pub(super) fn name<'de, D: Deserializer<'de>>(d: D) -> Result<Text, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "wanted string or table")]
    enum Name {
        Same(String),
        Both(Text),
    }
    Ok(match Name::deserialize(d)? {
        Name::Both(text) => text,
        Name::Same(name) => Text {
            fr: name.clone(),
            en: name,
        },
    })
}

/// The same of what need not be there.
pub(super) fn stated<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Text>, D::Error> {
    name(d).map(Some)
}
