//! `cocarde export`

use crate::commands::assess::read;
use crate::place_files::{Target, unwritable, whole};
use crate::ui::{Message, Ui};
use std::path::PathBuf;

/// Write a dossier as a questionnaire to fill in, in French and English (XLSX).
#[derive(clap::Args)]
pub struct Args {
    /// Directory of the dossier.
    dir: PathBuf,
    /// The workbook to write.
    #[arg(long, value_name = "FILE")]
    xlsx: PathBuf,
    /// Replace the workbook if it exists.
    #[arg(long)]
    replace: bool,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let dossier = read(&args.dir, ui)?;
    let bytes =
        cocarde_questionnaire::write(&dossier).map_err(|d| ui.defects(&[*d], dossier.sources()))?;
    let shown = args.xlsx.display();
    if !args.replace && args.xlsx.symlink_metadata().is_ok() {
        return Err(ui.error(
            &format!("« {shown} » existe : rien n'a été écrit ; --replace le remplace"),
            &format!("`{shown}` exists: nothing was written; --replace replaces it"),
        ));
    }
    let target = match args.replace {
        true => Target::Replace,
        false => Target::Beside,
    };
    whole(&args.xlsx, &bytes, target).map_err(|e| unwritable(&args.xlsx, &e, ui))?;
    let documents = dossier.documents.len();
    let facts = dossier.base.fact_count();
    let facts = ui.counted(facts, ["fait", "faits"], ["fact", "facts"]);
    let (fr, en) = (
        ["pièce reste", "pièces restent"],
        ["document stays", "documents stay"],
    );
    let stay = ui.counted(documents, fr, en);
    match ui.say("fr", "en") {
        "fr" => println!("{shown} : {facts} ; {stay} dans le dossier"),
        _ => println!("{shown}: {facts}; {stay} in the dossier"),
    }
    println!("{}", ui.say("Remplissez, puis :", "Fill in, then:"));
    println!(
        "  cocarde import {shown} --into {} --documents {}",
        ui.say("NOUVEAU-DOSSIER", "NEW-DOSSIER"),
        args.dir.display()
    );
    Ok(0)
}
