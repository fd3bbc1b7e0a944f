//! `cocarde check`

use crate::analyses::{Rules, sound};
use crate::commands::assess::{read, text_at, today};
use crate::shipped;
use crate::ui::{Message, Ui};
use cocarde_analysis::facts::View;
use cocarde_model::Date;
use cocarde_report::diagnostics;
use std::path::PathBuf;

/// Check a dossier: exit code 2 when it has errors, 0 otherwise.
#[derive(clap::Args)]
pub struct Args {
    /// Directory of the dossier.
    dir: PathBuf,
    /// Day on which documents must still be valid (YYYY-MM-DD); today by default.
    #[arg(long)]
    as_of: Option<Date>,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let dossier = read(&args.dir, ui)?;
    let day = args.as_of.unwrap_or_else(today);
    let mut findings = dossier.findings.clone();
    findings.extend(dossier.findings_on(day));
    let told = |defects: Vec<_>| ui.defects(&defects, dossier.sources());
    let view = View::new(&dossier.base, day);
    sound(view).map_err(told)?;
    let kind = text_at(&dossier.base, &["offering", "kind"]);
    let referential = shipped::load(shipped::default_for(kind.as_deref()), None, ui)?;
    if let Some(counting) = &referential.analysis {
        findings.extend(Rules::new(counting).disagreements(view).map_err(told)?);
    }
    print!(
        "{}",
        diagnostics(&findings, dossier.sources(), ui.lang, ui.paint, ui.long)
    );
    let facts = dossier.base.facts().count();
    let files = dossier.sources().iter().count();
    let documents = dossier.documents.len();
    let (fr, en) = (
        ["pièce jointe", "pièces jointes"],
        ["document", "documents"],
    );
    println!(
        "{}, {}, {}",
        ui.counted(files, ["fichier", "fichiers"], ["file", "files"]),
        ui.counted(facts, ["fait", "faits"], ["fact", "facts"]),
        ui.counted(documents, fr, en)
    );
    Ok(0)
}
