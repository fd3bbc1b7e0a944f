//! The example dossiers, analysed whole: golden files hold what people read.
//! `UPDATE_GOLDEN=1 cargo test` writes them anew.

use cocarde_analysis::control::{self, ControlAnalysis, OutsideRule};
use cocarde_analysis::facts::View;
use cocarde_analysis::reach::{self, ReachReport, Reached};
use cocarde_analysis::value::{self, StaffRule, ValueRule};
use cocarde_dossier::{Dossier, Limits};
use cocarde_knowledge::countries::Countries;
use cocarde_knowledge::regimes::{self, Aspect};
use cocarde_model::{Date, Provenance, Value};
use std::fmt::Write;
use std::path::Path;

fn read(example: &str) -> Dossier {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(example);
    cocarde_dossier::read(&dir, &Limits::default()).unwrap_or_else(|_| panic!("{example} reads"))
}

fn view(dossier: &Dossier) -> View<'_> {
    View::new(&dossier.base, Date::constant(2026, 11, 24))
}

fn union() -> OutsideRule {
    let members = Countries::standard().set("eu").unwrap();
    OutsideRule::new(members.iter().map(String::as_str))
}

fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name} differs from its golden file");
}

fn control_text(example: &str) -> String {
    let dossier = read(example);
    let view = view(&dossier);
    let graph = control::from_facts(view).unwrap();
    let target = graph.by_record(dossier.applicant().unwrap()).unwrap();
    let rule = union();
    let report = ControlAnalysis::new(&graph, target, &rule)
        .unwrap()
        .report()
        .unwrap();
    let mut out = String::new();
    for lang in ["fr", "en"] {
        let proof = &report.control.proof;
        for line in report
            .explanation
            .iter()
            .chain(proof)
            .chain(&report.assumptions)
        {
            writeln!(out, "{}", line.get(lang)).unwrap();
        }
        writeln!(out).unwrap();
    }
    let outside = &report.outside;
    writeln!(
        out,
        "veto {:?}, board {:?}",
        outside.veto.0, outside.board_majority.0
    )
    .unwrap();
    for derived in control::derive(view, &graph, &rule).unwrap() {
        let name = dossier.base.slot_name(derived.key);
        writeln!(out, "{name} = {}", derived.value).unwrap();
    }
    out
}

fn reach_report(dossier: &Dossier) -> ReachReport {
    let view = view(dossier);
    let graph = control::from_facts(view).unwrap();
    let rule = union();
    reach::analyse(view, &graph, &rule, regimes::standard()).unwrap()
}

/// Regimes that golden files show.
const SHOWN: [&str; 3] = ["us-cloud-act", "us-export-controls", "eu-e-evidence"];

fn reach_text(example: &str) -> String {
    let dossier = read(example);
    let report = reach_report(&dossier);
    let mut out = String::new();
    for lang in ["fr", "en"] {
        for outcome in report
            .outcomes
            .iter()
            .filter(|o| SHOWN.contains(&&*o.regime))
        {
            writeln!(out, "{}", outcome.explanation.get(lang)).unwrap();
            for line in outcome.missing.iter().chain(&outcome.assumptions) {
                writeln!(out, "    {}", line.get(lang)).unwrap();
            }
            for cut in &outcome.cuts {
                let together: Vec<&str> = cut.together.iter().map(|l| l.get(lang)).collect();
                writeln!(out, "    ✂ {}", together.join(" + ")).unwrap();
            }
        }
        report
            .stale
            .iter()
            .for_each(|s| writeln!(out, "{} < {}", s.name.get(lang), s.since).unwrap());
        writeln!(out).unwrap();
    }
    let graph = control::from_facts(view(&dossier)).unwrap();
    for derived in reach::derive(view(&dossier), &graph, &report) {
        let name = dossier.base.slot_name(derived.key);
        writeln!(out, "{name} = {}", derived.value).unwrap();
    }
    out
}

#[test]
fn control_of_the_examples() {
    for example in [
        "filiale-us",
        "suite-azur",
        "nuage-boreal",
        "conseil-lumiere",
    ] {
        golden(&format!("control-{example}.txt"), &control_text(example));
    }
}

#[test]
fn reach_of_the_examples() {
    for example in ["filiale-us", "suite-azur", "nuage-boreal"] {
        golden(&format!("reach-{example}.txt"), &reach_text(example));
    }
}

#[test]
fn the_subsidiary_is_reached_through_its_parent_though_hosted_in_france() {
    let report = reach_report(&read("filiale-us"));
    let outcome = |data, aspect| report.outcome(data, "us-cloud-act", aspect).unwrap();
    let content = outcome("customer-content", Aspect::Content);
    assert_eq!(content.reached, Reached::Reached);
    assert_eq!(
        content.countries.iter().map(|c| &**c).collect::<Vec<_>>(),
        ["US"]
    );
    let parent = "Grand Large Holdings Inc.";
    let by_parent = |h: &reach::Hop| h.link.en == "controlled by" && h.to.en == parent;
    let mut paths = std::iter::once(&content.path).chain(&content.others);
    assert!(paths.any(|path| path.iter().any(by_parent)));
    assert_eq!(
        outcome("customer-metadata", Aspect::Metadata).reached,
        Reached::Reached
    );
}

#[test]
fn the_suite_on_a_french_cloud_is_not_reached_from_america() {
    let report = reach_report(&read("suite-azur"));
    for regime in ["us-cloud-act", "us-fisa-702"] {
        let outcome = report
            .outcome("customer-content", regime, Aspect::Content)
            .unwrap();
        assert_eq!(
            outcome.reached,
            Reached::NotReached,
            "{:?}",
            outcome.missing
        );
        assert!(!outcome.assumptions.is_empty());
    }
}

fn everyone() -> StaffRule {
    StaffRule {
        home: "FR".into(),
        kinds: Default::default(),
    }
}

/// The dossier with every hosting under keys that only customers hold.
fn keyed_by_customers(example: &str) -> Dossier {
    let mut dossier = read(example);
    let view = view(&dossier);
    let offering = view.part(dossier.base.root(), "offering").unwrap();
    let hostings = view.members(offering, "hosting").0.iter();
    let keys = hostings.map(|h| view.key(*h, "keys_held_by").unwrap());
    for key in keys.collect::<Vec<_>>() {
        let value = Value::text("customer");
        dossier.base.amend(key, value, Provenance::Documented);
    }
    dossier
}

#[test]
fn keys_that_only_customers_hold_cut_content_and_not_metadata() {
    let report = reach_report(&keyed_by_customers("filiale-us"));
    let outcome = |data, aspect| report.outcome(data, "us-cloud-act", aspect).unwrap();
    let content = outcome("customer-content", Aspect::Content);
    assert_eq!(content.reached, Reached::NotReached);
    assert!(!content.held_back.is_empty());
    assert!(content.assumptions.iter().any(|l| l.en.contains("keys")));
    let metadata = outcome("customer-metadata", Aspect::Metadata);
    assert_eq!(metadata.reached, Reached::Reached);
    assert!(metadata.held_back.is_empty());
    // The French cloud, whose customers hold the keys, under its own law.
    let report = reach_report(&read("nuage-boreal"));
    let content = report.outcome("customer-content", "eu-e-evidence", Aspect::Content);
    assert_eq!(content.unwrap().reached, Reached::NotReached);
    let metadata = report.outcome("customer-metadata", "eu-e-evidence", Aspect::Metadata);
    assert_eq!(metadata.unwrap().reached, Reached::Reached);
}

fn value_text(example: &str) -> String {
    let dossier = read(example);
    let view = view(&dossier);
    let rule = ValueRule::new("FR").without(["marketing", "distribution"]);
    let mut lines = Vec::new();
    if let Some(chain) = value::offering_chain(view, &rule) {
        lines.extend(value::analyse(&chain).unwrap().explanation);
    }
    if let Some(chain) = value::unit_cost_chain(view, &rule) {
        lines.extend(value::analyse(&chain).unwrap().explanation);
    }
    if let Some(report) = value::staff(view, &everyone()).unwrap() {
        lines.push(report.explanation);
    }
    let mut out = String::new();
    for lang in ["fr", "en"] {
        lines
            .iter()
            .for_each(|l| writeln!(out, "{}", l.get(lang)).unwrap());
        writeln!(out).unwrap();
    }
    for derived in value::derive(view, &rule, &rule).unwrap() {
        let name = dossier.base.slot_name(derived.key);
        writeln!(out, "{name} = {}", derived.value).unwrap();
    }
    out
}

#[test]
fn value_of_the_examples() {
    for example in [
        "suite-azur",
        "nuage-boreal",
        "filiale-us",
        "atelier-chene",
        "service-clair",
    ] {
        golden(&format!("value-{example}.txt"), &value_text(example));
    }
}
