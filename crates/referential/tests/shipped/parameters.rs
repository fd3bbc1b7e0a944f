//! The numbers of a scheme: how sure they are, and when they are valid.

use super::{QUICK, root, sets};
use cocarde_model::{FactBase, Schema};
use cocarde_referential::load::{Confidence, Failure};
use cocarde_referential::report::report;
use cocarde_referential::{Referential, assess};

/// The scheme NFG with other lines for each `valid_from` of a parameter.
fn with_period(lines: &str) -> Result<Referential, Failure> {
    let entries = std::fs::read_dir(root().join("nfg-2026")).expect("the directory");
    let mut files: Vec<(String, String)> = entries
        .map(|e| {
            let path = e.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let text = std::fs::read_to_string(&path).expect("a text");
            (name.into_owned(), text)
        })
        .collect();
    let main = files.iter_mut().find(|(n, _)| n == "referential.toml");
    let (_, main) = main.expect("the main file");
    let written = "confidence = \"I\"\nvalid_from = 2026-01-21";
    assert!(main.contains(written));
    *main = main.replace(written, lines);
    let texts: Vec<(&str, &str)> = files.iter().map(|(n, t)| (&**n, &**t)).collect();
    Referential::from_texts(&texts, Schema::standard(), &sets(), None)
}

/// Criteria of which a number is not valid on that day.
fn out_of_period(r: &Referential, day: &str) -> Vec<String> {
    let base = FactBase::new(Schema::standard().clone());
    let assessment = assess(r, &base, day.parse().expect("a day"), QUICK);
    let criteria = report(r, &base, &assessment, "").criteria;
    let outside = criteria.iter().filter(|c| !c.out_of_period.is_empty());
    outside.map(|c| c.id.clone()).collect()
}

#[test]
fn a_parameter_keeps_its_confidence_and_its_period() {
    let period = "confidence = \"M\"\nvalid_from = 2026-01-21\nvalid_to = 2026-12-31";
    let r = with_period(period).expect("a referential");
    let p = &r.parameters[0];
    assert_eq!(p.confidence, Some(Confidence::Memory));
    let holds = |day: &str| p.holds_on(day.parse().expect("a day"));
    let days = ["2026-01-20", "2026-01-21", "2026-12-31", "2027-01-01"];
    assert_eq!(days.map(holds), [false, true, true, false]);
}

#[test]
fn a_number_used_outside_its_period_is_told_where_it_is_used() {
    let r = with_period("valid_from = 2026-01-21").expect("a referential");
    assert!(out_of_period(&r, "2026-01-21").is_empty());
    let before = out_of_period(&r, "2026-01-20");
    assert!(before.contains(&"GOU-3".to_string()) && !before.contains(&"GOU-1".to_string()));
    let ended = with_period("valid_to = 2026-06-30").expect("a referential");
    assert_eq!(out_of_period(&ended, "2026-07-01"), before);
    let always = with_period("").expect("a referential");
    assert!(out_of_period(&always, "2020-01-01").is_empty());
}

#[test]
fn what_is_wrong_with_a_period_is_told_where_it_stands() {
    let cases = [
        (
            "valid_from = 2026-01-21\nvalid_to = 2026-01-20",
            "ends (2026-01-20) before it begins (2026-01-21)",
        ),
        ("valid_from = 2026-01-21T08:00:00", "without a time"),
        ("valid_from = \"2026-01-21\"", "malformed"),
        ("confidence = \"sure\"", "unknown variant `sure`"),
    ];
    for (lines, said) in cases {
        let Err(failure) = with_period(lines) else {
            panic!("{lines} loads");
        };
        let told = failure.diagnostics.iter().any(|d| {
            let place = failure.sources.place(d.span.expect("a place"));
            d.message.en.contains(said) && place.starts_with("referential.toml:")
        });
        assert!(told, "{lines}: {:?}", failure.diagnostics);
    }
}
