//! The files of a dossier, and reading them within limits.

use cocarde_model::Diagnostic;
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read};
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
pub(crate) type Defect = Box<Diagnostic>;

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

impl PlaceOfFiles {
    /// Gives `sink` a file that the dossier names, piece by piece; its size, or `None` when
    /// the file was not given and nobody can tell what is in it.
    ///
    /// # Errors
    /// Why it is not read; the defect has no place yet.
    pub(crate) fn read(
        &self,
        name: &str,
        limit: u64,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<Option<u64>, Defect> {
        let path = inside(name)?;
        match self {
            PlaceOfFiles::Texts(texts) => match texts.get(name) {
                Some(bytes) => pieces(&mut &bytes[..], name, limit, sink).map(Some),
                None => Ok(None),
            },
            PlaceOfFiles::Dir(dir) => {
                let path = no_symlink(dir, &path, name)?;
                read_file(&path, name, limit, sink).map(Some)
            }
        }
    }
}

/// The path, if it stays inside the dossier.
fn inside(name: &str) -> Result<PathBuf, Defect> {
    let path = Path::new(name);
    let plain = path.components().all(|c| matches!(c, Component::Normal(_)));
    // `"documents\notes.pdf"` holds a line break: a backslash was meant.
    let written_otherwise = |c: char| c == '\\' || c.is_control();
    if name.is_empty() || !plain || name.contains(written_otherwise) {
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

pub(crate) fn symlink(name: &str) -> Diagnostic {
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

/// Gives `sink` a regular file of at most `limit` bytes, piece by piece; its size.
pub(crate) fn read_file(
    path: &Path,
    name: &str,
    limit: u64,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<u64, Defect> {
    let meta = fs::symlink_metadata(path).map_err(|e| unreadable(name, &e))?;
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
    let mut file = fs::File::open(path).map_err(|e| unreadable(name, &e))?;
    pieces(&mut file, name, limit, sink)
}

/// Gives `sink` all of `from`, which may grow while it is read, but not beyond `limit`.
fn pieces(
    from: &mut dyn Read,
    name: &str,
    limit: u64,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<u64, Defect> {
    let mut buffer = vec![0; 1 << 16];
    let mut size: u64 = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(size),
            Ok(n) => {
                size += n as u64;
                if size > limit {
                    return Err(too_large(name, size, limit).into());
                }
                sink(&buffer[..n]);
            }
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(unreadable(name, &e).into()),
        }
    }
}

/// The refusal of a file that the system does not give.
pub(crate) fn unreadable(name: &str, e: &std::io::Error) -> Diagnostic {
    if e.kind() == ErrorKind::NotFound {
        return Diagnostic::error(
            "missing-file",
            format!("le fichier `{name}` manque"),
            format!("file `{name}` is missing"),
        )
        .help(
            "l'ajouter au dossier, ou corriger le chemin",
            "add it to the dossier, or correct the path",
        );
    }
    Diagnostic::error(
        "unreadable",
        format!("`{name}` ne se lit pas : {}", reason(e)),
        format!("`{name}` cannot be read: {e}"),
    )
}

/// Why the system does not give a file, in French where we know how to say it.
pub(crate) fn reason(e: &std::io::Error) -> String {
    match e.kind() {
        ErrorKind::NotFound => "il n'existe pas".into(),
        ErrorKind::PermissionDenied => "les droits d'accès manquent".into(),
        ErrorKind::NotADirectory => "ce n'est pas un répertoire".into(),
        _ => e.to_string(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that has always more to give.
    #[test]
    fn a_file_that_grows_while_it_is_read_is_refused() {
        let mut given = 0;
        let mut sink = |piece: &[u8]| given += piece.len();
        let defect = pieces(&mut std::io::repeat(b'x'), "x", 1 << 20, &mut sink).unwrap_err();
        assert_eq!(defect.code, "too-large");
        assert_eq!(given, 1 << 20, "no more than the limit is taken in");
    }
}
