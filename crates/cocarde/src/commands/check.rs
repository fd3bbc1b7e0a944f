//! `cocarde check`

use crate::commands::assess::{read, today};
use crate::ui::{Message, Ui};
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
    let mut findings = dossier.findings.clone();
    findings.extend(dossier.findings_on(args.as_of.unwrap_or_else(today)));
    print!(
        "{}",
        diagnostics(&findings, dossier.sources(), ui.lang, ui.paint)
    );
    let facts = dossier.base.facts().count();
    let files = dossier.sources().iter().count();
    let n = |n: usize, one: &str| format!("{n} {one}{}", if n > 1 { "s" } else { "" });
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
