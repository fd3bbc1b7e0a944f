//! The referentials that ship, and dossiers to try them on.

use cocarde_model::{Date, FactBase, Schema};
use cocarde_referential::Referential;
use cocarde_referential::load::Sets;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn as_of() -> Date {
    cocarde_sample::AS_OF.parse().expect("a day")
}

pub fn referentials() -> Vec<Referential> {
    const EU: &str =
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
    let list = |text: &str| text.split(' ').map(Into::into).collect();
    let sets = Sets::from([
        ("eu".into(), list(EU)),
        ("eea".into(), list(&format!("{EU} IS LI NO"))),
    ]);
    let load = |id: &str| {
        let dir = root().join("referentials").join(id);
        Referential::read(&dir, Schema::standard(), &sets, None).expect("well-formed")
    };
    ["nfg-2026", "secnumcloud-3.2-ch19", "ofg", "sfg"]
        .map(load)
        .into()
}

/// The invented dossier of that number.
pub fn invented(number: u64) -> FactBase {
    let files = cocarde_sample::dossier(number);
    let texts: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, &**t)).collect();
    cocarde_dossier::read_texts(&texts)
        .expect("well-formed")
        .base
}
