//! `cocarde new`

use crate::place_files::{Target, place};
use crate::ui::{Message, Ui};
use std::fs;
use std::path::PathBuf;

/// Write a commented dossier to fill in.
#[derive(clap::Args)]
pub struct Args {
    /// Directory to create.
    dir: PathBuf,
    /// Sector of the offering.
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(cocarde_dossier::kinds()))]
    kind: String,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let files = cocarde_dossier::skeleton(&args.kind, ui.lang.code()).unwrap_or_default();
    let dir = args.dir.display();
    let failed = |e: std::io::Error| {
        let fr = format!("écriture impossible dans « {dir} »");
        ui.failed(&fr, &format!("cannot write in `{dir}`"), &e)
    };
    if args.dir.exists() && fs::read_dir(&args.dir).map_err(failed)?.next().is_some() {
        let fr = format!("« {dir} » existe et n'est pas vide : rien n'a été écrit");
        let en = format!("`{dir}` exists and is not empty: nothing was written");
        return Err(ui.error(&fr, &en));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (&**n, &**t)).collect();
    place(&args.dir, &files, Target::Beside, ui)?;
    for (name, _) in &files {
        println!("{}", args.dir.join(name).display());
    }
    println!("{}", ui.say("Remplissez, puis :", "Fill in, then:"));
    println!("  cocarde assess {dir}");
    Ok(0)
}
