//! Which files make a dossier. Whether they lie in a directory or in memory, they come in
//! one way, within the same limits.

use crate::files::{Defect, Inputs, Limits, PlaceOfFiles, read_file, reason, symlink, too_large};
use cocarde_model::Diagnostic;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Directory of the measurements within a dossier.
const MEASUREMENTS: &str = "measurements";

/// The text files of a directory, with what cannot be read of it.
pub(crate) fn from_dir(dir: &Path, limits: &Limits) -> (Inputs, Vec<Diagnostic>) {
    let mut gather = Gather::new(limits);
    gather.dossier(dir);
    gather.finish(Some(dir))
}

/// The text files of a directory, which may be missing, with others beside or instead.
pub(crate) fn with_texts(
    dir: &Path,
    texts: &[(&str, &str)],
    limits: &Limits,
) -> (Inputs, Vec<Diagnostic>) {
    let mut gather = Gather::new(limits);
    for (name, text) in texts {
        gather.add(Kind::Dossier, name, |limit| within(name, text, limit));
    }
    if dir.exists() {
        gather.dossier(dir);
    }
    gather.finish(Some(dir).filter(|_| texts.is_empty()))
}

/// The same from texts in memory.
pub(crate) fn from_texts(files: &[(&str, &str)], limits: &Limits) -> (Inputs, Vec<Diagnostic>) {
    let mut gather = Gather::new(limits);
    let mut others = BTreeMap::new();
    for (name, text) in files {
        match Kind::of(name) {
            Some(kind) => gather.add(kind, name, |limit| within(name, text, limit)),
            // What they may hold depends on what they are named for.
            None => drop(others.insert((*name).to_string(), text.as_bytes().to_vec())),
        }
    }
    gather.inputs.place = PlaceOfFiles::Texts(others);
    gather.finish(None)
}

/// What a text file is to a dossier.
#[derive(Clone, Copy)]
enum Kind {
    /// A part of the dossier itself.
    Dossier,
    /// Measured facts.
    Measurements,
}

impl Kind {
    fn of(name: &str) -> Option<Kind> {
        match name.split_once('/') {
            None if name.ends_with(".toml") => Some(Kind::Dossier),
            Some((MEASUREMENTS, n)) if n.ends_with(".jsonl") && !n.contains('/') => {
                Some(Kind::Measurements)
            }
            _ => None,
        }
    }
}

/// A text, if it has at most `limit` bytes.
fn within(name: &str, text: &str, limit: u64) -> Result<String, Defect> {
    match text.len() as u64 {
        size if size > limit => Err(too_large(name, size, limit).into()),
        _ => Ok(text.into()),
    }
}

/// The files of a dossier so far.
struct Gather<'a> {
    limits: &'a Limits,
    left: u64,
    count: usize,
    inputs: Inputs,
    defects: Vec<Diagnostic>,
}

impl Gather<'_> {
    fn new(limits: &Limits) -> Gather<'_> {
        Gather {
            limits,
            left: limits.total_bytes,
            count: 0,
            inputs: Inputs::default(),
            defects: Vec::new(),
        }
    }

    /// Takes a file in, unless one of that name came before; `text` gives it, or refuses
    /// more than so many bytes.
    fn add(&mut self, kind: Kind, name: &str, text: impl FnOnce(u64) -> Result<String, Defect>) {
        let into = match kind {
            Kind::Dossier => &mut self.inputs.toml,
            Kind::Measurements => &mut self.inputs.measurements,
        };
        if into.contains_key(name) || self.count > self.limits.files {
            return;
        }
        self.count += 1;
        if self.count > self.limits.files {
            return self.defects.push(too_many(name, self.limits.files));
        }
        match text(self.limits.file_bytes.min(self.left)) {
            Ok(text) => {
                self.left -= (text.len() as u64).min(self.left);
                into.insert(name.into(), text);
            }
            Err(d) if d.code == "too-large" && self.left < self.limits.file_bytes => {
                let d = too_much(self.limits.total_bytes);
                self.defects.push(d.in_file(name));
            }
            Err(d) => self.defects.push(d.in_file(name)),
        }
    }

    /// The text files of a directory.
    fn dossier(&mut self, dir: &Path) {
        self.inputs.place = PlaceOfFiles::Dir(dir.to_path_buf());
        self.dir(dir, "", Kind::Dossier);
        let measurements = dir.join(MEASUREMENTS);
        match fs::symlink_metadata(&measurements) {
            Ok(m) if m.is_symlink() => {
                let d = symlink(MEASUREMENTS).in_file(MEASUREMENTS);
                self.defects.push(d);
            }
            Ok(m) if m.is_dir() => {
                self.dir(
                    &measurements,
                    &format!("{MEASUREMENTS}/"),
                    Kind::Measurements,
                );
            }
            _ => {}
        }
    }

    fn dir(&mut self, dir: &Path, prefix: &str, kind: Kind) {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(e) => {
                let d = no_directory(&e).in_file(dir.display().to_string());
                return self.defects.push(d);
            }
        };
        let extension = match kind {
            Kind::Dossier => "toml",
            Kind::Measurements => "jsonl",
        };
        let mut paths: Vec<PathBuf> = entries
            .flatten()
            .map(|e| e.path())
            .filter(|p| p.extension().is_some_and(|x| x == extension))
            .collect();
        paths.sort();
        for path in paths {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{prefix}{file}");
            self.add(kind, &name, |limit| text_of(&path, &name, limit));
        }
    }

    /// What was taken in; that it is nothing is said of `dir`.
    fn finish(mut self, dir: Option<&Path>) -> (Inputs, Vec<Diagnostic>) {
        if self.inputs.toml.is_empty() && self.defects.is_empty() {
            let d = empty();
            self.defects.push(match dir {
                Some(dir) => d.in_file(dir.display().to_string()),
                None => d,
            });
        }
        (self.inputs, self.defects)
    }
}

/// A file as text.
fn text_of(path: &Path, name: &str, limit: u64) -> Result<String, Defect> {
    let mut bytes = Vec::new();
    read_file(path, name, limit, &mut |piece| {
        bytes.extend_from_slice(piece)
    })?;
    String::from_utf8(bytes)
        .map_err(|e| invalid_utf8(e.as_bytes(), e.utf8_error().valid_up_to()).into())
}

fn invalid_utf8(bytes: &[u8], at: usize) -> Diagnostic {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let line = before.matches('\n').count() + 1;
    let col = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let byte = bytes[at];
    Diagnostic::error(
        "invalid-utf8",
        format!("octet {byte:#04x} qui n'est pas de l'UTF-8, ligne {line}, colonne {col}"),
        format!("byte {byte:#04x} is not UTF-8, line {line}, column {col}"),
    )
    .help("enregistrer le fichier en UTF-8", "save the file as UTF-8")
}

fn no_directory(e: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "unreadable",
        format!("le dossier ne se lit pas : {}", reason(e)),
        format!("the dossier cannot be read: {e}"),
    )
    .help(
        "donner le chemin d'un répertoire de dossier ; `cocarde new` en écrit un",
        "give the path of a dossier's directory; `cocarde new` writes one",
    )
}

fn empty() -> Diagnostic {
    Diagnostic::error(
        "empty-dossier",
        "le dossier ne contient aucun fichier TOML",
        "the dossier holds no TOML file",
    )
    .help(
        "`cocarde new` écrit un dossier à compléter",
        "`cocarde new` writes a dossier to fill in",
    )
}

/// The refusal of the first file that is one too many.
fn too_many(name: &str, most: usize) -> Diagnostic {
    Diagnostic::error(
        "too-many-files",
        format!("plus de {most} fichiers : les suivants ne sont pas lus"),
        format!("more than {most} files: those from here on are not read"),
    )
    .help(
        "réunir les tables en moins de fichiers",
        "gather the tables into fewer files",
    )
    .in_file(name)
}

/// The refusal of a file that has no room beside the others.
fn too_much(limit: u64) -> Diagnostic {
    let limit = limit >> 20;
    Diagnostic::error(
        "too-large",
        format!("avec ce fichier, les textes du dossier passent les {limit} Mio permis en tout"),
        format!("with this file the texts of the dossier exceed the {limit} MiB allowed in all"),
    )
}
