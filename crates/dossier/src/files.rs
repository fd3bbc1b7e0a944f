//! Which files make a dossier, and reading them within limits.

use cocarde_model::Diagnostic;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// How much is read from outside, at most.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one text file (TOML, measurements).
    pub file_bytes: u64,
    /// Bytes of all text files together.
    pub total_bytes: u64,
    /// Number of text files.
    pub files: usize,
    /// Bytes of one attached document.
    pub document_bytes: u64,
    /// Bytes of a bill of materials or another file that an adapter reads.
    pub import_bytes: u64,
    /// Number of facts.
    pub facts: usize,
    /// Number of defects that are named.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: 4 << 20,
            total_bytes: 64 << 20,
            files: 1_000,
            document_bytes: 256 << 20,
            import_bytes: 64 << 20,
            facts: 1_000_000,
            diagnostics: 1_000,
        }
    }
}

/// Why a file is not read; boxed to keep results small.
type Defect = Box<Diagnostic>;

/// Directory of the measurements within a dossier.
const MEASUREMENTS: &str = "measurements";

/// The files of a dossier, by name.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// TOML files of the directory itself.
    pub(crate) toml: BTreeMap<String, String>,
    /// JSON lines of `measurements/`.
    pub(crate) measurements: BTreeMap<String, String>,
    /// Where documents and imported files are looked up.
    pub(crate) place: PlaceOfFiles,
}

/// Where the files that a dossier names are looked up.
#[derive(Debug)]
pub(crate) enum PlaceOfFiles {
    /// In a directory.
    Dir(PathBuf),
    /// Among texts; what is not there is not looked for.
    Texts(BTreeMap<String, Vec<u8>>),
}

impl Default for PlaceOfFiles {
    fn default() -> Self {
        PlaceOfFiles::Texts(BTreeMap::new())
    }
}

/// What became of looking up a named file.
pub(crate) enum Lookup {
    /// It is there.
    Found(Box<dyn Read>),
    /// It was not given and nobody can tell.
    NotGiven,
}

impl PlaceOfFiles {
    /// Opens a file that the dossier names; the defect has no place yet.
    pub(crate) fn open(&self, name: &str, limit: u64) -> Result<Lookup, Defect> {
        let path = inside(name)?;
        match self {
            PlaceOfFiles::Texts(texts) => Ok(match texts.get(name) {
                Some(bytes) => Lookup::Found(Box::new(std::io::Cursor::new(bytes.clone()))),
                None => Lookup::NotGiven,
            }),
            PlaceOfFiles::Dir(dir) => {
                let path = no_symlink(dir, &path, name)?;
                Ok(Lookup::Found(Box::new(open_regular(&path, name, limit)?)))
            }
        }
    }
}

/// The path, if it stays inside the dossier.
fn inside(name: &str) -> Result<PathBuf, Defect> {
    let path = Path::new(name);
    let plain = path.components().all(|c| matches!(c, Component::Normal(_)));
    if name.is_empty() || !plain || name.contains(['\\', '\0']) {
        return Err(Diagnostic::error(
            "path-escapes",
            format!(
                "`{}` ne désigne pas un fichier du dossier",
                crate::report::quoted(name)
            ),
            format!(
                "`{}` is no file within the dossier",
                crate::report::quoted(name)
            ),
        )
        .help(
            "écrire un chemin relatif, avec « / », sans « .. »",
            "write a relative path, with \"/\", without \"..\"",
        )
        .into());
    }
    Ok(path.to_path_buf())
}

/// The full path, if no component of it is a symbolic link.
fn no_symlink(dir: &Path, path: &Path, name: &str) -> Result<PathBuf, Defect> {
    let mut full = dir.to_path_buf();
    for part in path.components() {
        full.push(part);
        if fs::symlink_metadata(&full).is_ok_and(|m| m.is_symlink()) {
            return Err(symlink(name).into());
        }
    }
    Ok(full)
}

fn symlink(name: &str) -> Diagnostic {
    Diagnostic::error(
        "symlink",
        format!("`{name}` est un lien symbolique"),
        format!("`{name}` is a symbolic link"),
    )
    .help(
        "mettre le fichier lui-même dans le dossier",
        "put the file itself into the dossier",
    )
}

/// Opens a regular file of at most `limit` bytes.
fn open_regular(path: &Path, name: &str, limit: u64) -> Result<impl Read + 'static, Defect> {
    let unreadable = |e: std::io::Error| {
        let missing = e.kind() == std::io::ErrorKind::NotFound;
        let (fr, en) = if missing {
            (
                format!("le fichier `{name}` manque"),
                format!("file `{name}` is missing"),
            )
        } else {
            (
                format!("`{name}` ne se lit pas : {e}"),
                format!("`{name}` cannot be read: {e}"),
            )
        };
        Diagnostic::error(
            if missing {
                "missing-file"
            } else {
                "unreadable"
            },
            fr,
            en,
        )
    };
    let meta = fs::symlink_metadata(path).map_err(unreadable)?;
    if meta.is_symlink() {
        return Err(symlink(name).into());
    }
    if !meta.is_file() {
        return Err(Diagnostic::error(
            "not-a-file",
            format!("`{name}` n'est pas un fichier ordinaire"),
            format!("`{name}` is not a regular file"),
        )
        .into());
    }
    if meta.len() > limit {
        return Err(too_large(name, meta.len(), limit).into());
    }
    let file = fs::File::open(path).map_err(unreadable)?;
    // The file may grow while it is read.
    Ok(file.take(limit))
}

/// The refusal of a file by its size.
pub(crate) fn too_large(name: &str, size: u64, limit: u64) -> Diagnostic {
    let (size, limit) = (size.div_ceil(1 << 20), limit >> 20);
    Diagnostic::error(
        "too-large",
        format!("`{name}` pèse {size} Mio, plus que les {limit} Mio permis"),
        format!("`{name}` is {size} MiB, more than the {limit} MiB allowed"),
    )
}

/// The text files of a directory, with what cannot be read of it.
pub(crate) fn from_dir(dir: &Path, limits: &Limits) -> (Inputs, Vec<Diagnostic>) {
    let mut inputs = Inputs {
        place: PlaceOfFiles::Dir(dir.to_path_buf()),
        ..Inputs::default()
    };
    let mut gather = Gather {
        limits,
        left: limits.total_bytes,
        count: 0,
        defects: Vec::new(),
    };
    gather.dir(dir, "", "toml", &mut inputs.toml);
    if inputs.toml.is_empty() && gather.defects.is_empty() {
        gather.defects.push(empty());
    }
    let measurements = dir.join(MEASUREMENTS);
    match fs::symlink_metadata(&measurements) {
        Ok(m) if m.is_symlink() => gather
            .defects
            .push(symlink(MEASUREMENTS).in_file(MEASUREMENTS)),
        Ok(m) if m.is_dir() => {
            let prefix = format!("{MEASUREMENTS}/");
            gather.dir(&measurements, &prefix, "jsonl", &mut inputs.measurements);
        }
        _ => {}
    }
    (inputs, gather.defects)
}

/// The text files of a directory, which may be missing, with others beside or instead.
pub(crate) fn with_texts(
    dir: &Path,
    texts: &[(&str, &str)],
    limits: &Limits,
) -> (Inputs, Vec<Diagnostic>) {
    let (mut inputs, mut defects) = match dir.exists() {
        true => from_dir(dir, limits),
        false => (Inputs::default(), Vec::new()),
    };
    defects.retain(|d| d.code != "empty-dossier" || texts.is_empty());
    for (name, text) in texts {
        if text.len() as u64 > limits.file_bytes {
            defects.push(too_large(name, text.len() as u64, limits.file_bytes).in_file(*name));
        }
        inputs.toml.insert((*name).into(), (*text).into());
    }
    (inputs, defects)
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

struct Gather<'a> {
    limits: &'a Limits,
    left: u64,
    count: usize,
    defects: Vec<Diagnostic>,
}

impl Gather<'_> {
    fn dir(&mut self, dir: &Path, prefix: &str, ext: &str, into: &mut BTreeMap<String, String>) {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(e) => {
                let name = dir.display().to_string();
                let d = Diagnostic::error(
                    "unreadable",
                    format!("le dossier ne se lit pas : {e}"),
                    format!("the dossier cannot be read: {e}"),
                );
                return self.defects.push(d.in_file(name));
            }
        };
        let mut paths: Vec<PathBuf> = entries
            .flatten()
            .map(|e| e.path())
            .filter(|p| p.extension().is_some_and(|x| x == ext))
            .collect();
        paths.sort();
        for path in paths {
            self.count += 1;
            if self.count > self.limits.files {
                let most = self.limits.files;
                return self.defects.push(Diagnostic::error(
                    "too-many-files",
                    format!("plus de {most} fichiers"),
                    format!("more than {most} files"),
                ));
            }
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{prefix}{file}");
            match self.text(&path, &name) {
                Ok(text) => drop(into.insert(name, text)),
                Err(d) => self.defects.push(d.in_file(name)),
            }
        }
    }

    fn text(&mut self, path: &Path, name: &str) -> Result<String, Defect> {
        let limit = self.limits.file_bytes.min(self.left);
        let mut bytes = Vec::new();
        open_regular(path, name, limit)?
            .read_to_end(&mut bytes)
            .map_err(|e| {
                Diagnostic::error(
                    "unreadable",
                    format!("`{name}` ne se lit pas : {e}"),
                    format!("`{name}` cannot be read: {e}"),
                )
            })?;
        self.left -= (bytes.len() as u64).min(self.left);
        String::from_utf8(bytes)
            .map_err(|e| invalid_utf8(e.as_bytes(), e.utf8_error().valid_up_to()).into())
    }
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

/// The same from texts in memory.
pub(crate) fn from_texts(files: &[(&str, &str)], limits: &Limits) -> (Inputs, Vec<Diagnostic>) {
    let mut inputs = Inputs::default();
    let mut others = BTreeMap::new();
    let mut defects = Vec::new();
    for (name, text) in files {
        let measured = name.strip_prefix("measurements/");
        if name.ends_with(".toml") && !name.contains('/') {
            if text.len() as u64 > limits.file_bytes {
                defects.push(too_large(name, text.len() as u64, limits.file_bytes).in_file(*name));
            } else {
                inputs.toml.insert((*name).into(), (*text).into());
            }
        } else if measured.is_some_and(|n| n.ends_with(".jsonl") && !n.contains('/')) {
            inputs.measurements.insert((*name).into(), (*text).into());
        } else {
            others.insert((*name).to_string(), text.as_bytes().to_vec());
        }
    }
    if inputs.toml.is_empty() && defects.is_empty() {
        defects.push(empty());
    }
    inputs.place = PlaceOfFiles::Texts(others);
    (inputs, defects)
}
