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
    let n = |n: usize, one: &str| format!("{n} {one}{}", if ui.several(n) { "s" } else { "" });
    let documents = dossier.documents.len();
    match ui.say("fr", "en") {
        "fr" => println!(
            "{}, {}, {}",
            n(files, "fichier"),
            n(facts, "fait"),
            if documents > 1 {
                format!("{documents} pièces jointes")
            } else {
                format!("{documents} pièce jointe")
            }
        ),
        _ => println!(
            "{}, {}, {}",
            n(files, "file"),
            n(facts, "fact"),
            n(documents, "document")
        ),
    }
    Ok(0)
}
