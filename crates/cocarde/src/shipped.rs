//! The referentials that ship with the program, and how one is chosen.

use crate::ui::{Message, Ui};
use cocarde_knowledge::countries::Countries;
use cocarde_model::{Schema, did_you_mean};
use cocarde_referential::Referential;
use cocarde_referential::load::{Failure, Sets};
use include_dir::{Dir, include_dir};
use std::path::Path;
use std::sync::Arc;

/// The file that every referential has.
const MAIN: &str = "referential.toml";

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../referentials");

/// Their names, sorted.
pub fn names() -> Vec<&'static str> {
    let name = |d: &'static Dir<'static>| d.path().file_name().and_then(|n| n.to_str());
    let mut all: Vec<&str> = SHIPPED.dirs().filter_map(name).collect();
    all.sort_unstable();
    all
}

/// Country sets, as rules know them.
pub fn sets() -> Sets {
    let set = |s: &cocarde_knowledge::countries::CountrySet| {
        let words: Arc<[Arc<str>]> = s.members.iter().map(|c| Arc::from(c.as_str())).collect();
        (Arc::from(s.name.as_str()), words)
    };
    Countries::standard().sets().iter().map(set).collect()
}

/// A referential by the name of one that ships, or by the path of a directory.
pub fn load(name: &str, profile: Option<&str>, ui: &Ui) -> Result<Referential, Message> {
    let schema = Schema::standard();
    let loaded: Result<Referential, Failure> = match SHIPPED.get_dir(name) {
        Some(dir) => {
            let text = |f: &'static include_dir::File<'static>| {
                let name = f.path().file_name()?.to_str()?;
                name.ends_with(".toml")
                    .then_some((name, f.contents_utf8()?))
            };
            let texts: Vec<(&str, &str)> = dir.files().filter_map(text).collect();
            Referential::from_texts(&texts, schema, &sets(), profile)
        }
        None if Path::new(name).is_dir() => return directory(Path::new(name), profile, ui),
        None => return Err(unknown(name, ui)),
    };
    loaded.map_err(|f| ui.defects(&f.diagnostics, &f.sources))
}

/// A referential by the path of its directory, whatever those that ship are called.
pub fn directory(dir: &Path, profile: Option<&str>, ui: &Ui) -> Result<Referential, Message> {
    std::fs::read_dir(dir).map_err(|e| ui.unreadable(dir, &e))?;
    if !dir.join(MAIN).is_file() {
        let name = dir.display();
        return Err(ui.error(
            &format!("« {name} » n'est pas un référentiel : {MAIN} n'y est pas"),
            &format!("`{name}` is not a referential: it has no {MAIN}"),
        ));
    }
    let loaded = Referential::read(dir, Schema::standard(), &sets(), profile);
    loaded.map_err(|f| ui.defects(&f.diagnostics, &f.sources))
}

fn unknown(name: &str, ui: &Ui) -> Message {
    let all = names();
    // Its beginning says more of a name than the fewest letters that differ.
    let begun = all.iter().find(|n| !name.is_empty() && n.starts_with(name));
    let hint = begun
        .copied()
        .or_else(|| did_you_mean(name, all.iter().copied()));
    let (fr, en) = match hint {
        Some(k) => (
            format!(" ; vouliez-vous « {k} » ?"),
            format!("; did you mean `{k}`?"),
        ),
        None => (
            format!(" ; connus : {}", all.join(", ")),
            format!("; known: {}", all.join(", ")),
        ),
    };
    ui.error(
        &format!("aucun référentiel ni répertoire « {name} »{fr}"),
        &format!("no referential or directory `{name}`{en}"),
    )
}

/// The referential that suits an offering of that kind, when none is named.
pub fn default_for(kind: Option<&str>) -> &'static str {
    match kind {
        Some("goods") => "ofg",
        Some("services") => "sfg",
        _ => "nfg-2026",
    }
}
