//! Any text as a dossier, all the way to a verdict of a referential that ships: refused or
//! assessed, never a panic, and explaining a verdict does not change it. A form feed starts
//! the measurements.

#![no_main]

use cocarde_model::Schema;
use cocarde_referential::load::Sets;
use cocarde_referential::{Options, Referential, assess};
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;

static REFERENTIAL: LazyLock<Referential> = LazyLock::new(|| {
    let list = |text: &str| text.split(' ').map(Into::into).collect();
    let sets = Sets::from([
        ("eu".into(), list("DE ES FR IT")),
        ("eea".into(), list("DE FR NO")),
    ]);
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../referentials/nfg-2026");
    Referential::read(&dir, Schema::standard(), &sets, None).expect("well-formed")
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (toml, measured) = text.split_once('\u{c}').unwrap_or((text, ""));
    let files = [
        ("a.toml", toml),
        ("b.toml", "[dossier]\nformat = 1\n"),
        ("measurements/m.jsonl", measured),
    ];
    let Ok(dossier) = cocarde_dossier::read_texts(&files) else {
        return;
    };
    let as_of = cocarde_sample::AS_OF.parse().expect("a day");
    let verdicts = |options| {
        let assessment = assess(&REFERENTIAL, &dossier.base, as_of, options);
        let each = assessment.outcomes.iter().map(|o| o.verdict);
        (assessment.verdict, each.collect::<Vec<_>>())
    };
    let explained = Options {
        explain: true,
        nearest_budget: 50,
    };
    let alone = Options {
        explain: false,
        nearest_budget: 0,
    };
    assert_eq!(verdicts(explained), verdicts(alone));
});
