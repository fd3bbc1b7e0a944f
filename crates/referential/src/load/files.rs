//! The files of a referential's directory, within bounds.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Largest file, in bytes.
const MAX_FILE: u64 = 4 << 20;
/// Most files.
const MAX_FILES: usize = 256;

/// What cannot be read, and why in both languages.
pub(super) type Unreadable = (String, String, String);

/// The names and texts of the `*.toml` files of a directory.
///
/// # Errors
/// The first file that is no regular one, too large, or not text; too many files, or none.
pub(super) fn read(dir: &Path) -> Result<Vec<(String, String)>, Unreadable> {
    let mut out = Vec::new();
    let entries = std::fs::read_dir(dir).map_err(|e| unreadable(dir, &e))?;
    for entry in entries {
        let path = entry.map_err(|e| unreadable(dir, &e))?.path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        if out.len() >= MAX_FILES {
            return Err(too_large(&path));
        }
        let file = path.file_name().and_then(|n| n.to_str());
        out.push((file.unwrap_or_default().to_string(), text(&path)?));
    }
    if out.is_empty() {
        let fr = "aucun fichier .toml dans ce répertoire";
        let en = "no .toml file in this directory";
        return Err((dir.display().to_string(), fr.into(), en.into()));
    }
    Ok(out)
}

fn text(path: &Path) -> Result<String, Unreadable> {
    let meta = std::fs::symlink_metadata(path).map_err(|e| unreadable(path, &e))?;
    if !meta.is_file() {
        let fr = "ce n'est pas un fichier ordinaire";
        let en = "it is not a regular file";
        return Err((path.display().to_string(), fr.into(), en.into()));
    }
    let file = File::open(path).map_err(|e| unreadable(path, &e))?;
    let bytes = bounded(file).map_err(|e| unreadable(path, &e))?;
    let bytes = bytes.ok_or_else(|| too_large(path))?;
    String::from_utf8(bytes).map_err(|e| unreadable(path, &e))
}

/// All that can be read, unless that is too much: a length that was stated before need not
/// be what comes.
fn bounded(from: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= MAX_FILE).then_some(bytes))
}

fn unreadable(path: &Path, e: &dyn Display) -> Unreadable {
    (
        path.display().to_string(),
        format!("lecture impossible : {e}"),
        format!("cannot be read: {e}"),
    )
}

fn too_large(path: &Path) -> Unreadable {
    let fr = format!("trop gros : {MAX_FILE} octets par fichier et {MAX_FILES} fichiers au plus");
    let en = format!("too large: at most {MAX_FILE} bytes a file and {MAX_FILES} files");
    (path.display().to_string(), fr, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_end_is_refused_and_what_just_fits_is_read() {
        assert!(bounded(io::repeat(b' ')).expect("readable").is_none());
        let full = bounded(io::repeat(b' ').take(MAX_FILE)).expect("readable");
        assert_eq!(full.map(|b| b.len() as u64), Some(MAX_FILE));
    }
}
