//! What a referential misspells is told with its place: nothing is dropped, and nothing
//! becomes a default that asks for less.

#[path = "common/trial.rs"]
mod trial;

use proptest::prelude::*;

const TABLES: &str = r#"
[[set]]
id = "near"
of = ["FR"]
[[pillar]]
id = "gouvernance"
title.fr = "Gouvernance"
title.en = "Governance"
[[parameter]]
id = "least-share"
title.fr = "Part"
title.en = "Share"
value = "50"
unit = "%"
status = "assumption"
source = "essai"
[evidence]
established_by = ["documented>=0.5"]
refuted_by = []
[decision]
blocking = ["major"]
minor_tolerated = "2"
[[weights]]
id = "equal"
of = { gouvernance = 1 }
[[profile]]
id = "high"
minimum = { gouvernance = 4 }
"#;

const GRADE: &str = r#"
[[criterion.grade]]
level = 4
points = "10"
when = 'value.method_documented'
"#;

fn main_file() -> String {
    format!("{}{TABLES}", trial::HEAD)
}

/// A criterion whose weight is on line 18, to which grades are added.
fn criterion(id: &str) -> String {
    trial::criterion(id, "gouvernance", "weight = \"2\"")
}

/// The defects, as `place: message`.
fn told(main: &str, criteria: &str) -> Vec<String> {
    let failure = trial::read(main, criteria).expect_err("refused");
    let line = |d: &cocarde_model::Diagnostic| {
        let place = failure.sources.place(d.span.expect("a place"));
        format!("{place}: {}", d.message.en)
    };
    failure.diagnostics.iter().map(line).collect()
}

#[test]
fn what_is_misspelt_in_the_main_file_is_told_where_it_stands() {
    let (main, whole) = (main_file(), format!("{}{GRADE}", criterion("C-1")));
    assert!(trial::read(&main, &whole).is_ok());
    let twice = |section: &str| {
        let at = main.find(section).expect("a section");
        let end = main[at + 2..]
            .find("\n[")
            .map_or(main.len(), |e| at + 2 + e);
        format!("{main}{}\n", &main[at..end])
    };
    let cases = [
        (main.replace(r#"= "2""#, r#"= "deux""#), "whole number"),
        (main.replace(r#"= "2""#, r#"= "2.0""#), "whole number"),
        (main.replace(r#"= "2""#, r#"= "-1""#), "whole number"),
        (
            main.replace("{ gouvernance = 4", "{ gouvernnance = 4"),
            "unknown pillar `gouvernnance`; did you mean `gouvernance`?",
        ),
        (
            main.replace("{ gouvernance = 1", "{ gouvernement = 1"),
            "unknown pillar `gouvernement`",
        ),
        (twice("[[pillar]]"), "pillar `gouvernance` defined twice"),
        (twice("[[set]]"), "set `near` defined twice"),
        (twice("[[weights]]"), "weights `equal` defined twice"),
        (twice("[[profile]]"), "profile `high` defined twice"),
        (
            twice("[[parameter]]"),
            "parameter `least_share` defined twice",
        ),
        (
            twice("[[parameter]]").replacen("least-share", "least_share", 1),
            "parameter `least_share` defined twice",
        ),
        (
            main.replace(
                r#"value = "50""#,
                r#"value = "33.33333333333333333333333333333""#,
            ),
            "decimal number",
        ),
        (
            main.replace(">=0.5", ">=0.55555555555555555555555555555"),
            "provenance",
        ),
        (
            main.replace(">=0.5\"", ">=0.5\", \"documented\""),
            "provenance `documented` named twice",
        ),
        (
            main.replace("[\"FR\"]", "[\"France\"]"),
            "`France` is not an ISO 3166-1 country code: did you mean `FR`?",
        ),
        (
            main.replace("[\"FR\"]", "[\"UK\"]"),
            "`UK` is not an ISO 3166-1 country code: did you mean `GB`?",
        ),
        (
            main.replace("[\"FR\"]", "[\"XX\"]"),
            "`XX` is not an ISO 3166-1 country code",
        ),
        (
            main.replace("\"near\"", "\"eu\""),
            "the set `eu` is always there",
        ),
    ];
    for (main, said) in cases {
        let told = told(&main, &whole);
        let there = |line: &String| line.starts_with("referential.toml:") && line.contains(said);
        assert!(told.iter().any(there), "{said}: {told:?}");
    }
}

#[test]
fn what_is_misspelt_in_a_criterion_is_told_where_it_stands() {
    let (main, whole) = (main_file(), format!("{}{GRADE}", criterion("C-1")));
    let cases = [
        (
            "when = 'value.method_documented'",
            "when = 'organisation.seat in [\"UK\"]'",
            "c.toml:",
            "`UK` is not an ISO 3166-1 country code",
        ),
        (
            "when = 'value.method_documented'",
            "when = 'true & value.method_documented'",
            "c.toml:",
            "token recognition",
        ),
        (
            "weight = \"2\"",
            "weight = \"lourd\"",
            "c.toml:18:",
            "a weight is",
        ),
        (
            "weight = \"2\"",
            "weight = \"-2\"",
            "c.toml:18:",
            "a weight is",
        ),
        (
            "points = \"10\"",
            "points = \"dix\"",
            "c.toml:22:",
            "points are",
        ),
        (
            "\"gouvernance\"",
            "\"gouvernanse\"",
            "c.toml:6:",
            "did you mean `gouvernance`?",
        ),
    ];
    for (right, wrong, place, said) in cases {
        let told = told(&main, &whole.replace(right, wrong));
        let there = |line: &String| line.starts_with(place) && line.contains(said);
        assert!(told.iter().any(there), "{wrong}: {told:?}");
    }
}

/// Rules that are fine alone, and that may be too much, or end too soon, when joined.
fn when() -> impl Strategy<Value = String> {
    let long = |n: usize| format!("value.method_documented{}", " || true".repeat(n));
    let costly = "[0,1,2,3,4,5,6,7,8,9].all(x, ".repeat(5);
    prop_oneof![
        Just("value.method_documented // as it says".to_string()),
        Just("value.method_documented // )".to_string()),
        Just("'//' == '//' || value.method_documented\n".to_string()),
        Just(format!("{costly}x > 0{}", ")".repeat(5))),
        Just(format!("{}true{}", "(".repeat(90), ")".repeat(90))),
        Just("value.method_documentd".to_string()),
        (900usize..2000).prop_map(long),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_criterion_is_loaded_or_why_not_is_told(
        first in prop::collection::vec(when(), 1..5), second in prop::collection::vec(when(), 1..3)
    ) {
        let grade = |when: &String| {
            GRADE.replace("'value.method_documented'", &format!("'''{when}'''"))
        };
        let grades = |all: &[String]| all.iter().map(grade).collect::<String>();
        let (one, other) = (criterion("C-1"), criterion("C-2"));
        let text = format!("{one}{}{other}{}", grades(&first), grades(&second));
        match trial::read(&main_file(), &text) {
            Ok(r) => prop_assert_eq!(r.criteria.len(), 2),
            Err(f) => prop_assert!(f.diagnostics.iter().all(|d| d.span.is_some())),
        }
    }
}

#[test]
fn a_grade_may_end_in_a_comment_and_grades_that_are_too_much_together_are_told() {
    let commented = GRADE.replace("documented'", "documented // as it says'");
    let (main, one) = (main_file(), criterion("C-1"));
    let text = format!("{one}{commented}{GRADE}");
    assert_eq!(
        trial::read(&main, &text)
            .expect("well-formed")
            .criteria
            .len(),
        1
    );

    let long = format!("documented{}'", " || true".repeat(1_500));
    let long = GRADE.replace("documented'", &long);
    let told = told(&main, &format!("{one}{long}{long}"));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("c.toml:3:"), "{told:?}");
    assert!(told[0].contains("taken together"), "{told:?}");
}

#[test]
fn every_defect_of_a_criterion_is_told_and_its_grades_are_in_order() {
    let main = main_file();
    let worse = GRADE.replace("level = 4", "level = 1");
    let cases = [
        (format!("{GRADE}{worse}"), "worst first"),
        (GRADE.replace("\"10\"", "\"-10\""), "zero or more"),
        (
            format!("properties.\"offering.hosting\".refuted_by = []\n{GRADE}"),
            "no evidence of its own",
        ),
    ];
    for (rest, said) in cases {
        let told = told(&main, &format!("{}\n{rest}", criterion("C-1")));
        assert!(told.len() == 1 && told[0].contains(said), "{told:?}");
        assert!(told[0].starts_with("c.toml:"), "{told:?}");
    }
    let wrong = format!("{}{GRADE}", criterion("C-1"));
    let wrong = wrong.replace("\"gouvernance\"", "\"gouvernanse\"");
    let told_both = told(&main, &wrong.replace("method_doc", "methode_doc"));
    assert_eq!(told_both.len(), 2, "{told_both:?}");

    let other = criterion("C-2").replace(":1:C-2", ":1:C-1");
    let told = told(&main, &format!("{}{GRADE}{other}{GRADE}", criterion("C-1")));
    assert!(
        told[0].contains("`C-1` and `C-2` have the same urn"),
        "{told:?}"
    );
}

/// What is said of a text in French, where it is not in code, and with it the mend.
fn french(main: &str, criteria: &str) -> Vec<String> {
    let failure = trial::read(main, criteria).expect_err(criteria);
    let all = failure.diagnostics.into_iter();
    let said = all.flat_map(|d| [Some(d.message.fr), d.help.map(|h| h.fr)]);
    said.flatten().collect()
}

#[test]
fn what_is_wrong_is_said_in_french_and_not_half_in_english() {
    let rules = [
        r#"value.method_documented == value"#,
        r#"value.methode"#,
        r#"valeur.x"#,
        r#"offering.hosting.all(h, h.country == "France")"#,
        r#"offering.kind == "cloude""#,
        r#"offering.kind = "cloud""#,
        r#"(value.method_documented"#,
        r#"value.method_documented)"#,
        r#"1 +"#,
        r#"'a"#,
        r#"has(value.revenue)"#,
        r#"null == value.revenue"#,
        r#"1u == 1u"#,
        r#"{} == {}"#,
        r#"size(1) > 0"#,
        r#"sum(1) > 0"#,
        r#"["a", 1] == []"#,
        r#"[1] + ["a"] == []"#,
        r#"offering.hosting[0].country == "FR""#,
        r#"param.least_shar > 1"#,
        r#"meets(value.revenue, 1)"#,
        r#"meets(value.revenue, param.least_share)"#,
        r#""FR" in set.nea"#,
        r#""FR" in 1"#,
        r#"1 in ["a"]"#,
        r#"1 / value.revenue > 1"#,
        r#"1.5 % 2 == 1"#,
        r#"share(1, 2)"#,
        r#"share(1, 2) == share(1, 2)"#,
        r#"value.revenue"#,
        r#"true < 1"#,
        r#"true && 1"#,
        r#"(1 ? true : false)"#,
        r#"(true ? 1 : "a") == 1"#,
        r#"-true == 1"#,
        r#"1.x == 1"#,
        r#"1.all(x, true)"#,
        r#"[1].all(x, 1)"#,
        r#"months_ago(-1) > as_of"#,
        r#"startsWith("a", 1)"#,
        r#"foo(1)"#,
    ];
    let rules = rules.map(|rule| {
        (
            main_file(),
            trial::criterion("C-1", "gouvernance", &format!("rule = '''{rule}'''")),
        )
    });
    let good = trial::criterion("C-1", "gouvernance", "rule = 'value.method_documented'");
    let texts = [
        good.replace("\"major\"", "\"majeur\""),
        good.replace("\"public\"", "\"publique\""),
        good.replace("severity", "severite"),
        good.replace("title.fr", "titre.fr"),
        good.replace("text.fr", "text.en"),
        good.replace("\"major\"", "major"),
        good.replace("\"major\"", "1"),
        format!("{good}weight = true\n"),
        format!("{good}properties.\"value.revenue\".etabli = []\n"),
        format!("{good}properties.\"value.revenue\".established_by = \"declared\"\n"),
    ];
    let texts = texts.map(|text| (main_file(), text));
    let date = main_file().replace("= 2026-01-01", "= \"01/01/2026\"");
    let mut wrong = Vec::new();
    for (main, criteria) in rules.into_iter().chain(texts).chain([(date, good)]) {
        for said in french(&main, &criteria) {
            // Every other part is in backquotes.
            let told: String = said.split('`').step_by(2).collect();
            let words = told.split(|c: char| !c.is_alphabetic());
            let english = [
                "the",
                "of",
                "is",
                "not",
                "found",
                "expected",
                "expecting",
                "at",
                "did",
                "or",
                "to",
                "field",
            ];
            let left: Vec<_> = words.filter(|w| english.contains(w)).collect();
            if !left.is_empty() {
                wrong.push(said);
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_misspelt_key_or_word_of_a_table_is_mended() {
    let good = trial::criterion("C-1", "gouvernance", "rule = 'value.method_documented'");
    for (text, meant) in [
        (good.replace("severity", "severty"), "severity"),
        (good.replace("\"major\"", "\"majer\""), "major"),
        (good.replace("\"public\"", "\"publi\""), "public"),
    ] {
        let failure = trial::read(&main_file(), &text).expect_err("refused");
        let help = failure.diagnostics[0].help.clone().expect("a mend");
        assert_eq!(help.en, format!("did you mean `{meant}`?"));
        assert_eq!(help.fr, format!("vouliez-vous dire `{meant}` ?"));
    }
}
