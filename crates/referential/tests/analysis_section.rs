//! The section `[analysis]`: what it says is typed, and defects have a place.

#[path = "common/trial.rs"]
mod trial;

use cocarde_model::Schema;
use cocarde_referential::Referential;
use cocarde_referential::load::{Basis, Failure};

const SECTION: &str = r#"
[analysis]
inside = "eu"
home = "FR"
persons = "residence"
indirect_votes = "larger"
listed_declare = true
follow_seat = true
control_above = "50"
control_by_appointment = true
value_excludes = ["sales"]
cost_excludes = ["marketing"]
profit = false
basis = "assumption"
source = "essai"

[[analysis.staff]]
property = "value.service_contract_share"
kinds = ["production"]

[analysis.properties]
"activity.kind".established_by = ["declared"]
"#;

const REST: &str = r#"
[[pillar]]
id = "p"
title.fr = "Pilier"
title.en = "Pillar"
[evidence]
established_by = ["documented"]
refuted_by = []
[decision]
blocking = ["major"]
"#;

fn load(section: &str) -> Result<Referential, Failure> {
    let criterion = trial::criterion("C-1", "p", "rule = 'value.method_documented'");
    trial::read(&format!("{}{REST}{section}", trial::HEAD), &criterion)
}

#[test]
fn a_section_is_read_with_its_own_evidence() {
    let analysis = load(SECTION).unwrap().analysis.unwrap();
    assert_eq!(&*analysis.home, "FR");
    assert_eq!(analysis.inside.len(), 2);
    assert_eq!(analysis.basis, Basis::Assumption);
    let kind = Schema::standard().property("activity.kind").unwrap();
    let cost = Schema::standard().property("activity.cost").unwrap();
    let own = analysis.policies.of(kind);
    assert_ne!(own, analysis.policies.of(cost));
    assert!(load("").unwrap().analysis.is_none());
}

#[test]
fn every_defect_is_told_where_it_stands() {
    let cases = [
        (r#"inside = "eu""#, r#"inside = "ue""#, "`ue`"),
        (r#"home = "FR""#, r#"home = "France""#, "`France`"),
        (r#"persons = "residence""#, r#"persons = "birth""#, "birth"),
        (
            r#"control_above = "50""#,
            r#"control_above = "100""#,
            "less than 100",
        ),
        (
            r#"control_above = "50""#,
            r#"control_above = "half""#,
            "percentage",
        ),
        (r#"["sales"]"#, r#"["sale"]"#, "did you mean `sales`"),
        (r#"["marketing"]"#, r#"["sales"]"#, "`sales`"),
        (
            r#"service_contract_share"#,
            r#"revenue"#,
            "not a percentage",
        ),
        (
            r#"["production"]"#,
            r#"["produce"]"#,
            "unknown word `produce`",
        ),
        (
            r#""activity.kind""#,
            r#""activity.sort""#,
            "`activity.sort`",
        ),
        (r#"profit = false"#, r#"profits = false"#, "profits"),
    ];
    for (right, wrong, said) in cases {
        let failure = load(&SECTION.replace(right, wrong)).unwrap_err();
        let told = failure.diagnostics.iter().any(|d| {
            let span = d.span.expect("a place");
            let place = failure.sources.place(span);
            d.message.en.contains(said) && place.starts_with("referential.toml:")
        });
        assert!(told, "{wrong}: {:?}", failure.diagnostics);
    }
}
