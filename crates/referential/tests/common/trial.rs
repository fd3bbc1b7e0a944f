//! A referential to try things on.

use cocarde_model::Schema;
use cocarde_referential::Referential;
use cocarde_referential::load::{Failure, Sets};

/// Reads it from its main file and one of criteria.
pub fn read(main: &str, criteria: &str) -> Result<Referential, Failure> {
    let texts = [("referential.toml", main), ("c.toml", criteria)];
    let sets = Sets::from([("eu".into(), ["FR".into(), "DE".into()].into())]);
    Referential::from_texts(&texts, Schema::standard(), &sets, None)
}

/// What the main file says of itself; its tables follow.
pub const HEAD: &str = r#"
format = 1
id = "essai"
urn = "urn:cocarde:essai:1"
uri = "/referentials/essai"
version = "1"
title.fr = "Essai"
title.en = "Trial"
publisher = "Essai"
basis.fr = "Un essai."
basis.en = "A trial."
valid_from = 2026-01-01
"#;

/// A criterion with all but its rule or grades, which follow in `rest`.
pub fn criterion(id: &str, pillar: &str, rest: &str) -> String {
    format!(
        r#"
[[criterion]]
id = "{id}"
urn = "urn:cocarde:essai:1:{id}"
uri = "/referentials/essai/{id}"
pillar = "{pillar}"
title.fr = "Un"
title.en = "One"
text.fr = "Un."
text.en = "One."
basis = "public"
source = "essai"
severity = "major"
guidance.fr = "Un."
guidance.en = "One."
remedy.fr = "Un."
remedy.en = "One."
{rest}
"#
    )
}
