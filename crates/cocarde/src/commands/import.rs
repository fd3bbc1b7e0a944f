//! `cocarde import`

use crate::commands::assess::read;
use crate::commands::import_workbook;
use crate::place_files::{Target, place};
use crate::ui::{Message, Ui};
use clap::ValueEnum;
use cocarde_dossier::adapters::{Copy, Format, Origin, check, plan};
use cocarde_dossier::{Dossier, Limits};
use cocarde_questionnaire::is_workbook;
use cocarde_report::{Lang, inert};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Copy what other formats say into a dossier, with a report of what found no place there.
#[derive(clap::Args)]
pub struct Args {
    /// Files: CycloneDX (JSON, XML), SPDX, BODS, OSCAL (JSON), GLEIF level 2 (XML, CSV),
    /// DORA (CSV); or a questionnaire of `cocarde export` (XLSX), which makes a new dossier.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Directory of the dossier; made when it is missing.
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// Format of the files; told from their content unless given.
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    from: Option<String>,
    /// Replace what an earlier import of the same files wrote.
    #[arg(long)]
    replace: bool,
    /// For a questionnaire: directory from which to copy the documents it attaches.
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
    /// Form of the report.
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
}

fn formats() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(Format::ALL.map(Format::name))
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let limits = Limits::default();
    let contents = contents(&args.files, limits.import_bytes, ui)?;
    if let Some((name, bytes)) = contents.iter().find(|(_, b)| is_workbook(b)) {
        if contents.len() > 1 {
            return Err(ui.error(
                "un questionnaire s'importe seul",
                "a questionnaire is imported alone",
            ));
        }
        let as_json = args.format == Form::Json;
        let documents = args.documents.as_deref();
        let report = import_workbook::run((name, bytes), &args.into, documents, as_json, ui)?;
        print!("{}", told(report, args.format));
        return Ok(0);
    }
    let before = match holds_a_dossier(&args.into) {
        true => Some(read(&args.into, ui)?),
        false => None,
    };
    let from = args.from.as_deref();
    let format = Format::ALL.into_iter().find(|f| Some(f.name()) == from);
    let origins: Vec<Origin<'_>> = contents
        .iter()
        .map(|(name, bytes)| Origin {
            name,
            bytes,
            format,
        })
        .collect();
    let failed = |f: cocarde_dossier::Failure| ui.defects(&f.diagnostics, &f.sources);
    let copies = plan(before.as_ref(), &origins, &limits).map_err(failed)?;
    let after = check(&args.into, &copies, &limits).map_err(failed)?;
    let files: Vec<(&str, &str)> = copies
        .iter()
        .filter(|c| !c.draft.text.is_empty())
        .map(|c| (c.file.as_str(), c.draft.text.as_str()))
        .collect();
    let target = match args.replace {
        true => Target::Replace,
        false => Target::Beside,
    };
    place(&args.into, &files, target, ui)?;
    match args.format {
        Form::Json => print!("{}", json_report(&args.into, &copies)),
        Form::Text => {
            let report = text_report(&args.into, &copies, &after, ui);
            print!("{}", told(report, args.format));
        }
    }
    Ok(0)
}

/// A report as it is printed: names that a foreign file brings do not steer a terminal.
fn told(report: String, form: Form) -> String {
    match form {
        Form::Json => report,
        Form::Text => inert(&report),
    }
}

/// Whether there are TOML files in the directory.
fn holds_a_dossier(dir: &Path) -> bool {
    let Ok(entries) = dir.read_dir() else {
        return false;
    };
    let mut paths = entries.flatten().map(|e| e.path());
    paths.any(|p| p.extension().is_some_and(|x| x == "toml"))
}

/// The names and contents of the files.
fn contents(files: &[PathBuf], limit: u64, ui: &Ui) -> Result<Vec<(String, Vec<u8>)>, Message> {
    files.iter().map(|path| content(path, limit, ui)).collect()
}

/// The name and the content of a regular file of at most `limit` bytes.
pub fn content(path: &Path, limit: u64, ui: &Ui) -> Result<(String, Vec<u8>), Message> {
    let shown = path.display();
    let failed = |e: std::io::Error| ui.unreadable(path, &e);
    let meta = path.metadata().map_err(failed)?;
    if !meta.is_file() {
        return Err(ui.error(
            &format!("« {shown} » n'est pas un fichier"),
            &format!("`{shown}` is not a file"),
        ));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > limit {
        let most = limit >> 20;
        return Err(ui.error(
            &format!("« {shown} » dépasse les {most} Mio permis"),
            &format!("`{shown}` is more than the {most} MiB allowed"),
        ));
    }
    let name = path.file_name().unwrap_or_default();
    Ok((name.to_string_lossy().into_owned(), bytes))
}

fn text_report(dir: &Path, copies: &[Copy], after: &Dossier, ui: &Ui) -> String {
    let mut out = String::new();
    for c in copies {
        let _ = writeln!(out, "{} · {}", c.name, c.format.title());
        let total: usize = c.tables.values().sum();
        let path = dir.join(&c.file);
        let path = path.display();
        if total == 0 {
            let none = ui.say(
                "rien n'y trouve place dans un dossier",
                "nothing in it has a place in a dossier",
            );
            let _ = writeln!(out, "  {none}");
        } else {
            let (fr, en) = (
                ["table écrite", "tables écrites"],
                ["table written", "tables written"],
            );
            let tables = ui.counted(total, fr, en);
            let to = ui.say("dans", "to");
            let title = format!("{tables} {to} {path}{}", ui.say(" :", ":"));
            let kinds: Vec<(&str, usize)> = c.tables.iter().map(|(t, n)| (&**t, *n)).collect();
            counts(&mut out, &title, &kinds);
        }
        let read: Vec<(&str, usize)> = c.fields.iter().map(|(k, n)| (k.as_str(), *n)).collect();
        let title = ui.say("Repris :", "Mapped:");
        counts(&mut out, title, &read);
        let left: Vec<(&str, usize)> = match ui.lang {
            Lang::Fr => c.unmapped.in_french().collect(),
            Lang::En => c.unmapped.iter().collect(),
        };
        let title = ui.say(
            "Lu, sans place dans un dossier :",
            "Read, with no place in a dossier:",
        );
        counts(&mut out, title, &left);
    }
    let facts = after.base.fact_count();
    let facts = ui.counted(facts, ["fait", "faits"], ["fact", "facts"]);
    let holds = ui.say("Le dossier contient", "The dossier holds");
    let _ = writeln!(out, "{holds} {facts}.");
    out
}

fn counts(out: &mut String, title: &str, all: &[(&str, usize)]) {
    if all.is_empty() {
        return;
    }
    let _ = writeln!(out, "  {title}");
    for (what, n) in all {
        let _ = writeln!(out, "    {n:>7}  {what}");
    }
}

fn json_report(dir: &Path, copies: &[Copy]) -> String {
    let object = |all: &mut dyn Iterator<Item = (String, usize)>| {
        let members = all.map(|(k, n)| (k, Value::from(n)));
        Value::Object(members.collect::<Map<String, Value>>())
    };
    let files: Vec<Value> = copies
        .iter()
        .map(|c| {
            json!({
                "file": c.name,
                "format": c.format.name(),
                "written": (!c.draft.text.is_empty()).then_some(&c.file),
                "tables": object(&mut c.tables.iter().map(|(k, n)| (k.clone(), *n))),
                "mapped": object(&mut c.fields.iter().map(|(k, n)| (k.clone(), *n))),
                "unmapped": object(&mut c.unmapped.iter().map(|(k, n)| (k.to_string(), n))),
            })
        })
        .collect();
    let report = json!({ "into": dir.display().to_string(), "files": files });
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}
