//! `cocarde import` of a filled-in questionnaire: a whole new dossier.

use crate::place_files::{Target, copy, place};
use crate::ui::{Message, Ui};
use cocarde_questionnaire::{Answers, Attached, Limits, read};
use serde_json::json;
use std::fmt::Write as _;
use std::fs;
use std::path::{Component, Path};

/// Reads the workbook and writes the dossier; the report.
pub fn run(
    (name, bytes): (&str, &[u8]),
    into: &Path,
    documents: Option<&Path>,
    as_json: bool,
    ui: &Ui,
) -> Result<String, Message> {
    let answers = read(name, bytes, &Limits::default())
        .map_err(|f| ui.defects(&f.diagnostics, &f.sources))?;
    if into.symlink_metadata().is_ok() && !is_empty_dir(into) {
        let dir = into.display();
        return Err(ui.error(
            &format!("« {dir} » existe et n'est pas vide : rien n'a été écrit"),
            &format!("`{dir}` exists and is not empty: nothing was written"),
        ));
    }
    let files: Vec<(&str, &str)> = answers
        .files
        .iter()
        .map(|(name, draft)| (name.as_str(), draft.text.as_str()))
        .collect();
    place(into, &files, Target::Beside, ui)?;
    let absent: Vec<&Attached> = answers
        .attached
        .iter()
        .filter(|a| !documents.is_some_and(|from| brought(from, into, &a.file)))
        .collect();
    Ok(match as_json {
        true => json_report(name, into, &answers, &absent),
        false => text_report(name, into, &answers, &absent, ui),
    })
}

fn is_empty_dir(dir: &Path) -> bool {
    dir.read_dir()
        .is_ok_and(|mut entries| entries.next().is_none())
}

/// Copies an attached document; false when it is not there. `check` then compares digests.
fn brought(from: &Path, into: &Path, file: &str) -> bool {
    let path = Path::new(file);
    let inside = path.components().all(|c| matches!(c, Component::Normal(_)));
    let (source, target) = (from.join(path), into.join(path));
    let plain = fs::symlink_metadata(&source).is_ok_and(|m| m.is_file());
    inside && plain && copy(&source, &target).is_ok()
}

fn text_report(
    name: &str,
    into: &Path,
    answers: &Answers,
    absent: &[&Attached],
    ui: &Ui,
) -> String {
    let mut out = String::new();
    let (dir, files) = (into.display(), answers.files.len());
    let facts = answers.dossier.base.fact_count();
    let (fr, en) = (
        ["fait écrit", "faits écrits"],
        ["fact written", "facts written"],
    );
    let facts = ui.counted(facts, fr, en);
    let files = ui.counted(files, ["fichier", "fichiers"], ["file", "files"]);
    let to = ui.say("dans", "to");
    let _ = writeln!(
        out,
        "{name} · questionnaire\n  {facts} {to} {dir} ({files})"
    );
    let mut list = |title: &str, items: &[&str]| {
        if !items.is_empty() {
            let _ = writeln!(out, "  {title}");
            for i in items {
                let _ = writeln!(out, "    {i}");
            }
        }
    };
    let ignored: Vec<&str> = answers.ignored.iter().map(String::as_str).collect();
    let missing: Vec<&str> = answers.missing.iter().map(String::as_str).collect();
    let absent: Vec<&str> = absent.iter().map(|a| a.file.as_str()).collect();
    list(
        ui.say(
            "Feuilles inconnues, pas lues :",
            "Unknown sheets, not read:",
        ),
        &ignored,
    );
    list(
        ui.say("Feuilles absentes :", "Sheets that are missing:"),
        &missing,
    );
    list(
        ui.say(
            "Pièces à joindre au dossier (--documents DOSSIER les copie) :",
            "Documents to add to the dossier (--documents DIR copies them):",
        ),
        &absent,
    );
    out
}

fn json_report(name: &str, into: &Path, answers: &Answers, absent: &[&Attached]) -> String {
    let files: Vec<&str> = answers.files.iter().map(|(n, _)| n.as_str()).collect();
    let absent: Vec<&str> = absent.iter().map(|a| a.file.as_str()).collect();
    let report = json!({
        "into": into.display().to_string(),
        "files": [{
            "file": name,
            "format": "questionnaire",
            "written": files,
            "facts": answers.dossier.base.fact_count(),
            "ignored_sheets": answers.ignored,
            "missing_sheets": answers.missing,
            "absent_documents": absent,
        }],
    });
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}
