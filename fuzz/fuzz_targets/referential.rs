//! Loading a referential from any bytes: defects are named, nothing panics; what loads can be
//! assessed with, on a dossier that says nothing and on one that says something.
//!
//! A form feed parts the files: `referential.toml` first, then files of criteria.

#![no_main]

use cocarde_model::{FactBase, Schema};
use cocarde_referential::load::Sets;
use cocarde_referential::{Options, Referential, assess};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static SETS: LazyLock<Sets> = LazyLock::new(|| {
    let list = |text: &str| text.split(' ').map(Into::into).collect();
    Sets::from([
        ("eu".into(), list("DE ES FR IT")),
        ("eea".into(), list("DE FR NO")),
    ])
});

static BASES: LazyLock<[FactBase; 2]> = LazyLock::new(|| {
    let files = cocarde_sample::dossier(3);
    let texts: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, &**t)).collect();
    let said = cocarde_dossier::read_texts(&texts)
        .expect("well-formed")
        .base;
    [FactBase::new(Schema::standard().clone()), said]
});

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let names = ["referential.toml", "a.toml", "b.toml", "c.toml", "d.toml"];
    let files: Vec<(&str, &str)> = names.into_iter().zip(text.split('\u{c}')).collect();
    let Ok(referential) = Referential::from_texts(&files, Schema::standard(), &SETS, None) else {
        return;
    };
    let as_of = cocarde_sample::AS_OF.parse().expect("a day");
    let options = Options {
        nearest_budget: 50,
        ..Options::default()
    };
    for base in &*BASES {
        assess(&referential, base, as_of, options);
    }
});
