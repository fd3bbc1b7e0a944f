//! What a report says of scopes and grades: their numbers and their evidence, too.

#[path = "common/trial.rs"]
mod trial;

use cocarde_model::{FactBase, Schema};
use cocarde_referential::load::Sets;
use cocarde_referential::report::{CriterionReport, report};
use cocarde_referential::{Options, Referential, assess};

const TABLES: &str = r#"
[[pillar]]
id = "p"
title.fr = "Pilier"
title.en = "Pillar"
minimum_level = 3
[[parameter]]
id = "least-share"
title.fr = "Part"
title.en = "Share"
value = "50"
unit = "%"
comparator = ">="
status = "assumption"
source = "essai"
valid_to = 2025-12-31
[evidence]
established_by = ["documented"]
refuted_by = []
[decision]
blocking = ["major"]
"#;

/// The report of a criterion on an application of which nothing is known.
fn reported(rest: &str) -> CriterionReport {
    let main = format!("{}{TABLES}", trial::HEAD);
    let criteria = trial::criterion("A", "p", rest);
    let texts = [("referential.toml", &*main), ("c.toml", &*criteria)];
    let r = Referential::from_texts(&texts, Schema::standard(), &Sets::new(), None);
    let r = r.expect("well-formed");
    let base = FactBase::new(Schema::standard().clone());
    let day = "2026-11-23".parse().expect("a day");
    let assessment = assess(&r, &base, day, Options::default());
    report(&r, &base, &assessment, "").criteria.remove(0)
}

#[test]
fn a_number_is_told_wherever_a_criterion_uses_it() {
    let asked = "meets(value.french_share, param.least_share)";
    for rest in [
        format!("rule = '{asked}'"),
        format!("applies = '{asked}'\nrule = 'value.method_documented'"),
        format!(
            "grade = [{{ level = 1, points = \"1\", when = '{asked}' }}, \
             {{ level = 3, points = \"2\", when = 'false' }}]"
        ),
    ] {
        let told = reported(&rest);
        let assumed = told.assumed.iter().map(|n| &*n.id);
        assert_eq!(assumed.collect::<Vec<_>>(), ["least-share"], "{rest}");
        assert_eq!(told.out_of_period.len(), 1, "{rest}");
    }
}

#[test]
fn whether_a_criterion_applies_may_be_known_in_any_way() {
    let told =
        reported("applies = 'governance.non_eu_veto'\nrule = 'value.method_documented && false'");
    let missing = told.missing.iter().flatten();
    let accepted = missing.map(|m| (&*m.property, m.accepted.len()));
    assert_eq!(
        accepted.collect::<Vec<_>>(),
        [("governance.non_eu_veto", 7)]
    );
    let told = reported("rule = 'value.method_documented'");
    assert_eq!(told.missing[0][0].accepted, ["documented"]);
}
