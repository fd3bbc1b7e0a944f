//! Levels and scores of graded criteria, and amounts as large as there are.

#[path = "common/facts.rs"]
mod facts;
#[path = "common/trial.rs"]
mod trial;

use cocarde_model::{Decimal, FactBase, Interval, Provenance, Schema, SlotKey, Value};
use cocarde_referential::{Assessment, Options, Range, Referential, assess};
use cocarde_referential::{pillar_level, pillar_score, score};

const TABLES: &str = r#"
[[pillar]]
id = "p"
title.fr = "Pilier"
title.en = "Pillar"
[evidence]
established_by = ["documented"]
refuted_by = ["measured"]
[decision]
blocking = ["major"]
[[weights]]
id = "all"
of = { p = 1 }
"#;

/// A criterion with the grades 1 and 4, from 50 and from 90 percent.
fn criterion(id: &str, weight: &str, points: [&str; 2]) -> String {
    criterion_of("p", id, weight, points)
}

fn criterion_of(pillar: &str, id: &str, weight: &str, points: [&str; 2]) -> String {
    let [low, high] = points;
    let grades = format!(
        r#"
weight = {weight}
grade = [
  {{ level = 1, points = "{low}", when = 'value.french_share >= 50 && value.french_share < 90' }},
  {{ level = 4, points = "{high}", when = 'value.french_share >= 90' }},
]
"#
    );
    trial::criterion(id, pillar, &grades)
}

fn load(criteria: &str) -> Referential {
    trial::read(&format!("{}{TABLES}", trial::HEAD), criteria).expect("well-formed")
}

fn assessed(r: &Referential, share: Option<i64>) -> Assessment {
    let shares = share.map(|s| (s, Provenance::Documented));
    assessed_by(r, shares.as_slice())
}

fn assessed_by(r: &Referential, shares: &[(i64, Provenance)]) -> Assessment {
    let mut base = FactBase::new(Schema::standard().clone());
    let (ty, field) = Schema::standard()
        .property("value.french_share")
        .expect("a property");
    let part = base.records().find(|(_, r)| r.ty == ty).map(|(id, _)| id);
    let key = SlotKey {
        record: part.expect("the part"),
        field,
    };
    for (share, provenance) in shares {
        let value = Value::Number(Interval::point((*share).into()));
        base.add_fact(facts::fact(key, value, *provenance));
    }
    assess(r, &base, day(), Options::default())
}

fn day() -> cocarde_model::Date {
    "2026-11-23".parse().expect("a day")
}

fn range<T: From<u8>>(min: u8, max: u8) -> Option<Range<T>> {
    let (min, max) = (min.into(), max.into());
    Some(Range { min, max })
}

#[test]
fn where_no_grade_can_be_reached_there_is_no_level_and_there_are_no_points() {
    let r = load(&criterion("A", "1", ["20", "100"]));
    let level = |share| pillar_level(&r, &assessed(&r, share).outcomes, 0);
    let points = |share| pillar_score(&r, &assessed(&r, share).outcomes, 0);
    assert_eq!(
        (level(Some(10)), points(Some(10))),
        (range(0, 0), range(0, 0))
    );
    assert_eq!(
        (level(Some(50)), points(Some(50))),
        (range(1, 1), range(20, 20))
    );
    assert_eq!((level(None), points(None)), (range(0, 4), range(0, 100)));
}

#[test]
fn a_criterion_counts_by_its_weight() {
    let two =
        |weight: &str| criterion("A", weight, ["20", "100"]) + &criterion("B", "1", ["100", "100"]);
    let scored = |weight: &str| {
        let r = load(&two(weight));
        let outcomes = assessed(&r, Some(50)).outcomes;
        assert_eq!(
            pillar_score(&r, &outcomes, 0),
            score(&r, &outcomes, &r.weights[0])
        );
        pillar_score(&r, &outcomes, 0)
    };
    assert_eq!(scored("1"), range(60, 60));
    assert_eq!(scored("\"3\""), range(40, 40));
    assert_eq!(scored("\"0\""), range(100, 100));
}

#[test]
fn points_beyond_what_a_decimal_holds_give_no_score() {
    let most = Decimal::MAX.to_string();
    let r = load(&(criterion("A", "1", ["1", &most]) + &criterion("B", "\"2\"", ["1", &most])));
    let outcomes = assessed(&r, Some(95)).outcomes;
    assert_eq!(pillar_score(&r, &outcomes, 0), None);
    assert_eq!(score(&r, &outcomes, &r.weights[0]), None);
}

#[test]
fn what_is_only_claimed_gives_no_level_and_of_what_is_refuted_the_lesser_counts() {
    let r = load(&criterion("A", "1", ["20", "100"]).replace("major", "minor"));
    let given = |shares: &[(i64, Provenance)]| {
        let outcomes = assessed_by(&r, shares).outcomes;
        (
            pillar_level(&r, &outcomes, 0),
            pillar_score(&r, &outcomes, 0),
        )
    };
    let claimed = given(&[(95, Provenance::Declared)]);
    assert_eq!(claimed, (range(0, 4), range(0, 100)));
    let claimed = given(&[(60, Provenance::Declared)]);
    assert_eq!(claimed, (range(0, 1), range(0, 20)));
    // What an applicant says against its own interest counts.
    for (against, least) in [
        (60, (range(1, 1), range(20, 20))),
        (10, (range(0, 0), range(0, 0))),
    ] {
        let facts = [
            (95, Provenance::Documented),
            (against, Provenance::Measured),
        ];
        assert_eq!(given(&facts), least, "{against}");
    }
}

#[test]
fn a_criterion_that_may_not_apply_may_count_or_not() {
    let open = criterion("B", "1", ["20", "100"]).replace(
        "weight = 1",
        "weight = 1\napplies = 'governance.non_eu_veto'",
    );
    let fixed = |points| criterion("A", "1", points);
    let given = |criteria: &str, share| {
        let r = load(criteria);
        let outcomes = assessed(&r, Some(share)).outcomes;
        (
            pillar_level(&r, &outcomes, 0),
            pillar_score(&r, &outcomes, 0),
        )
    };
    // Alone it is what it is where it applies.
    assert_eq!(given(&open, 60), (range(1, 1), range(20, 20)));
    let two = fixed(["100", "100"]) + &open;
    assert_eq!(given(&two, 60), (range(1, 1), range(60, 100)));
    let lower = fixed(["20", "100"])
        + &open
            .replace(">= 50 &&", ">= 0 &&")
            .replace("\"20\"", "\"60\"");
    assert_eq!(given(&lower, 60), (range(1, 1), range(20, 40)));
    assert_eq!(given(&lower, 40), (range(0, 0), range(0, 30)));
    let never = fixed(["20", "100"]) + &open.replace(">= 50 &&", ">= 99 &&");
    assert_eq!(given(&never, 60), (range(0, 1), range(10, 20)));
}

#[test]
fn a_score_is_rounded_once_where_it_is_told() {
    let second = "[[pillar]]\nid = \"q\"\ntitle.fr = \"Autre\"\ntitle.en = \"Other\"\n";
    let tables = TABLES.replace("of = { p = 1 }", "of = { p = 1, q = 1 }");
    let main = format!("{}{second}{tables}", trial::HEAD);
    let criteria = criterion("A", "1", ["1", "3"]) + &criterion_of("q", "B", "1", ["1", "4"]);
    let r = trial::read(&main, &criteria).expect("well-formed");
    let assessment = assessed(&r, Some(60));
    let base = FactBase::new(Schema::standard().clone());
    let told = cocarde_referential::report::report(&r, &base, &assessment, "");
    let pillars = told.pillars.iter().flat_map(|p| &p.score);
    let pillars: Vec<&str> = pillars.map(|s| &*s.max).collect();
    // A third and a quarter: of what is rounded first the mean would be 29.16.
    assert_eq!(pillars, ["25", "33.33"]);
    assert_eq!(told.scores[0].score.min, "29.17");
}
