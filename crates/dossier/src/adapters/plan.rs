//! Copying what a file says into a dossier: which TOML file it becomes, checked together
//! with the dossier before anything is written.

use super::join::{is_given_whole, join};
use super::{Applicant, Draft, Format, Head, Imported, Room, Unmapped, draft, import, slug};
use crate::{Dossier, Failure, Limits};
use cocarde_model::{Diagnostic, Slot, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A file to copy from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// Its name, without the directories that lead to it.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// Its format; told from the content when `None`.
    pub format: Option<Format>,
}

/// What becomes of a file.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Its name.
    pub name: String,
    /// Its format.
    pub format: Format,
    /// The name of the TOML file within the dossier.
    pub file: String,
    /// The text of that file; empty when there is nothing to write.
    pub draft: Draft,
    /// How many tables of each kind it gives.
    pub tables: BTreeMap<String, usize>,
    /// How many values of each property it gives.
    pub fields: BTreeMap<String, usize>,
    /// What it says that a dossier has no word for.
    pub unmapped: Unmapped,
}

/// Plans the copy of `origins` into a dossier, which is `None` when it is new.
///
/// # Errors
/// The first file that cannot be read, or that gives more than `limits` allow to a file of
/// a dossier, by its name; else every party or holding of which they do not say the same.
pub fn plan(
    before: Option<&Dossier>,
    origins: &[Origin<'_>],
    limits: &Limits,
) -> Result<Vec<Copy>, Failure> {
    let applicant = before.map(applicant).unwrap_or_default();
    let mut read = Vec::new();
    let room = Room::of_a_copy(limits);
    for o in origins {
        let (format, imported) = read_one(o, &applicant, &room)?;
        read.push((o.name, format, imported));
    }
    let parts = read.iter_mut().map(|(name, _, read)| (*name, read));
    let written: Vec<String> = origins.iter().map(|o| copy_name(o.name)).collect();
    let parties = before.map(|d| parties(d, &written)).unwrap_or_default();
    let has = |id: &str| parties.contains(id);
    let clashes = join(&mut parts.collect::<Vec<_>>(), has).into_iter();
    let clashes = clashes.take(limits.diagnostics).map(|c| {
        let place = c.place.clone();
        c.error().in_file(place)
    });
    let diagnostics: Vec<Diagnostic> = clashes.collect();
    if !diagnostics.is_empty() {
        return Err(Failure {
            sources: Sources::default(),
            diagnostics,
        });
    }
    let open = open_lists(before, &read);
    let copies = read
        .iter()
        .enumerate()
        .map(|(i, (name, format, imported))| {
            let head = Head {
                comments: vec![format!("{name} ({})", format.title())],
                partial: match i {
                    0 => open.iter().map(String::as_str).collect(),
                    _ => Vec::new(),
                },
                none: Vec::new(),
                format: match before {
                    Some(dossier) => says_format(dossier, &written[i]),
                    None => i == 0,
                },
            };
            copy(name, *format, imported, &head)
        });
    Ok(copies.collect())
}

/// Reads the dossier as it will be with the copies; defects of what was copied are placed
/// in the files they come from.
///
/// # Errors
/// Every defect of the dossier as it would be.
pub fn check(dir: &Path, copies: &[Copy], limits: &Limits) -> Result<Dossier, Failure> {
    let texts: Vec<(&str, &str)> = copies
        .iter()
        .map(|c| (c.file.as_str(), c.draft.text.as_str()))
        .collect();
    crate::read_with(dir, &texts, limits).map_err(|f| {
        let drafts: Vec<(&str, &Draft)> =
            copies.iter().map(|c| (c.file.as_str(), &c.draft)).collect();
        located(f, &drafts)
    })
}

/// The failure with defects of drafts placed where their lines come from.
pub fn located(mut failure: Failure, drafts: &[(&str, &Draft)]) -> Failure {
    for d in &mut failure.diagnostics {
        if let Some(place) = place(&failure.sources, d, drafts) {
            d.span = None;
            d.file = Some(place);
        }
        for said in [&mut d.message.fr, &mut d.message.en] {
            *said = with_origins(said, drafts);
        }
    }
    failure
}

/// What is said, with the places in drafts that it names told as those they come from: nobody
/// has the files of a draft that was refused.
fn with_origins(said: &str, drafts: &[(&str, &Draft)]) -> String {
    let mut said = said.to_string();
    for (name, draft) in drafts {
        // A place stands in parentheses, after whatever is quoted.
        let Some((before, after)) = said.rsplit_once(&format!("({name}:")) else {
            continue;
        };
        let Some((line, rest)) = number(after) else {
            continue;
        };
        let rest = rest.strip_prefix(':').and_then(number);
        if let (Some((_, rest)), Some(place)) = (rest, draft.place(line)) {
            said = format!("{before}({place}{rest}");
        }
    }
    said
}

/// The number that a text begins with, and what follows.
fn number(text: &str) -> Option<(usize, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let (digits, rest) = text.split_at(end.unwrap_or(text.len()));
    Some((digits.parse().ok()?, rest))
}

fn place(sources: &Sources, d: &Diagnostic, drafts: &[(&str, &Draft)]) -> Option<String> {
    let span = d.span?;
    let file = sources.get(span.file);
    let (_, draft) = drafts.iter().find(|(name, _)| *name == &*file.name)?;
    let line = file.line_of(span.start) as usize;
    draft.place(line).map(str::to_string)
}

fn refused(name: &str, code: &'static str, fr: &str, en: &str) -> Failure {
    Failure {
        sources: Sources::default(),
        diagnostics: vec![Diagnostic::error(code, fr, en).in_file(name)],
    }
}

fn read_one(
    o: &Origin<'_>,
    applicant: &Applicant,
    room: &Room,
) -> Result<(Format, Imported), Failure> {
    let Some(format) = o.format.or_else(|| Format::of(o.name, o.bytes)) else {
        let mut failure = refused(
            o.name,
            "unknown-import",
            "ce fichier n'est d'aucun format connu",
            "this file is of no known format",
        );
        let known = "CycloneDX (JSON, XML), SPDX, BODS, OSCAL (JSON), GLEIF (XML, CSV)";
        let dora = "b_05.01.csv";
        failure.diagnostics[0].help = Some(cocarde_model::Text {
            fr: format!("formats lus : {known}, DORA (CSV : {dora}), XLSX ; --from en impose un"),
            en: format!("formats read: {known}, DORA (CSV: {dora}), XLSX; --from forces one"),
        });
        return Err(failure);
    };
    import(format, o.name, o.bytes, applicant, room)
        .map(|imported| (format, imported))
        .map_err(|e| refused(o.name, "bad-import", &e.fr, &e.en))
}

/// How a dossier's applicant is recognised in other files.
fn applicant(dossier: &Dossier) -> Applicant {
    let text = |name: &str| {
        let text = dossier.base.text(dossier.applicant()?, name)?;
        Some(text.to_string())
    };
    Applicant {
        name: text("name"),
        siren: text("siren"),
        lei: text("lei"),
    }
}

/// The lists that stay open: given in part by these files, and stated whole by nobody.
fn open_lists(before: Option<&Dossier>, read: &[(&str, Format, Imported)]) -> Vec<String> {
    let all = || read.iter().map(|(_, _, i)| i);
    let tables = all().flat_map(|i| &i.tables).filter(|t| !t.id.is_empty());
    let given: BTreeSet<&str> = tables.map(|t| t.table.as_str()).collect();
    let is_open =
        |list: &&str| !is_given_whole(all(), list) && !before.is_some_and(|d| is_whole(d, list));
    given
        .into_iter()
        .filter(is_open)
        .map(String::from)
        .collect()
}

/// Whether the dossier states that list to be whole.
fn is_whole(dossier: &Dossier, table: &str) -> bool {
    let base = &dossier.base;
    let Some(ty) = base.schema().by_name(table) else {
        return false;
    };
    base.records().any(|(record, r)| {
        let fields = base.schema().ty(r.ty).fields.iter().enumerate();
        fields
            .filter(|(_, f)| f.ty == cocarde_model::FieldType::Many(ty))
            .any(|(i, _)| {
                let field = cocarde_model::FieldId(i as u16);
                let key = cocarde_model::SlotKey { record, field };
                matches!(base.slot(key), Slot::Many(m) if m.complete)
            })
    })
}

/// The file of a dossier into which that one is copied.
fn copy_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("import-{}.toml", slug(stem))
}

/// Whether an earlier copy states the format of the dossier, which the next one must then say.
fn says_format(dossier: &Dossier, copy: &str) -> bool {
    let mut files = dossier.sources().iter();
    let earlier = files.find(|f| &*f.name == copy);
    earlier.is_some_and(|f| f.text.lines().any(|l| l == "[dossier]"))
}

/// The ids of the parties that a dossier states elsewhere than in these files, which may be
/// replaced.
fn parties<'d>(dossier: &'d Dossier, but: &[String]) -> BTreeSet<&'d str> {
    let base = &dossier.base;
    let party = base.schema().by_name("party");
    let all = base.records().filter(|(_, r)| Some(r.ty) == party);
    let elsewhere = all.filter(|(_, r)| {
        let file = r.span.map(|s| &*dossier.sources().get(s.file).name);
        file.is_none_or(|file| but.iter().all(|b| b != file))
    });
    elsewhere.map(|(_, r)| &*r.id).collect()
}

fn copy(name: &str, format: Format, imported: &Imported, head: &Head<'_>) -> Copy {
    let mut tables: BTreeMap<String, usize> = BTreeMap::new();
    let mut fields: BTreeMap<String, usize> = BTreeMap::new();
    for t in &imported.tables {
        *tables.entry(t.table.clone()).or_default() += 1;
        for v in &t.values {
            *fields
                .entry(format!("{}.{}", t.table, v.field))
                .or_default() += 1;
        }
    }
    let draft = match imported.tables.is_empty() && !head.format {
        true => Draft::default(),
        false => draft(head, &imported.tables, &format!("{name}#"), true),
    };
    Copy {
        name: name.into(),
        format,
        file: copy_name(name),
        draft,
        tables,
        fields,
        unmapped: imported.unmapped.clone(),
    }
}
