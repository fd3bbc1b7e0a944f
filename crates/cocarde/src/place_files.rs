//! Writing files into a dossier: all or none, and nothing of somebody else's.

use crate::ui::{Message, Ui};
use cocarde_seal::file::sync_dir;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What may be there already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Other files, none of the same name.
    Beside,
    /// Files of the same names, which are replaced.
    Replace,
}

/// Writes the files into the directory, which is made when it is missing. Each appears
/// whole or not at all; when one cannot be written, those before it are taken away again.
pub fn place(dir: &Path, files: &[(&str, &str)], target: Target, ui: &Ui) -> Result<(), Message> {
    for (i, (name, _)) in files.iter().enumerate() {
        let path = dir.join(name);
        let twice = files[..i].iter().any(|(n, _)| n == name);
        let there = target == Target::Beside && fs::symlink_metadata(&path).is_ok();
        if twice || there {
            let path = path.display();
            let (fr, en) = match twice {
                true => ("deux fichiers le donneraient", "two files would give it"),
                false => (
                    "il existe ; --replace le remplace",
                    "it exists; --replace replaces it",
                ),
            };
            return Err(ui.error(
                &format!("« {path} » n'est pas écrit : {fr}"),
                &format!("`{path}` is not written: {en}"),
            ));
        }
    }
    let new = !dir.exists();
    let mut done: Vec<PathBuf> = Vec::new();
    let written = fs::create_dir_all(dir).and_then(|()| {
        files.iter().try_for_each(|(name, text)| {
            let path = dir.join(name);
            whole(&path, text.as_bytes(), target)?;
            done.push(path);
            Ok(())
        })
    });
    written.map_err(|e| {
        if target == Target::Beside {
            done.iter().for_each(|p| drop(fs::remove_file(p)));
        }
        if new {
            let _ = fs::remove_dir(dir);
        }
        let dir = dir.display();
        let fr = format!("écriture impossible dans « {dir} »");
        ui.failed(&fr, &format!("cannot write in `{dir}`"), &e)
    })
}

/// The error of a file that cannot be written: of one that is not there yet, it is the
/// directory that is not.
pub fn unwritable(path: &Path, e: &io::Error, ui: &Ui) -> Message {
    let shown = path.display();
    let (fr, en) = (
        format!("« {shown} » ne s'écrit pas"),
        format!("`{shown}` cannot be written"),
    );
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty());
    match dir.filter(|d| e.kind() == io::ErrorKind::NotFound && !d.exists()) {
        Some(dir) => {
            let dir = dir.display();
            ui.error(
                &format!("{fr} : le répertoire « {dir} » n'existe pas"),
                &format!("{en}: the directory `{dir}` does not exist"),
            )
        }
        None => ui.failed(&fr, &en, e),
    }
}

/// Whether files can be written into a directory, itself missing or not: one is, and nothing
/// of it stays.
pub fn try_out(dir: &Path) -> io::Result<()> {
    let new = !dir.exists();
    if new {
        fs::create_dir(dir)?;
    }
    let trial = dir.join(format!(".trial.{}.part", std::process::id()));
    let written = fs::File::create_new(&trial).and_then(|_| fs::remove_file(&trial));
    if new {
        let _ = fs::remove_dir(dir);
    }
    written
}

/// Writes a file so that it is never seen in part.
pub fn whole(path: &Path, bytes: &[u8], target: Target) -> io::Result<()> {
    whole_from(path, &mut &*bytes, target)
}

/// Copies a file so that it is never seen in part, with its directory; what is there already
/// stays, and is an error.
pub fn copy(from: &Path, path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    whole_from(path, &mut fs::File::open(from)?, Target::Beside)
}

/// Writes a file, down to the disk: a name that it takes later is never that of less.
fn fill(mut file: fs::File, from: &mut dyn Read) -> io::Result<()> {
    io::copy(from, &mut file)?;
    file.sync_all()
}

fn whole_from(path: &Path, from: &mut dyn Read, target: Target) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = fs::File::create_new(&beside).and_then(|f| fill(f, from));
    let placed = written.and_then(|()| match target {
        // A link, unlike a renaming, fails when the name is taken.
        Target::Beside => match fs::hard_link(&beside, path) {
            // File systems without links.
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
                fs::rename(&beside, path)
            }
            other => other,
        },
        Target::Replace => fs::rename(&beside, path),
    });
    let placed = placed.and_then(|()| {
        let durable = sync_dir(path.parent().unwrap_or(path));
        // What failed is told as not written: it is not there, unless it took another's place.
        durable.inspect_err(|_| {
            if target == Target::Beside {
                let _ = fs::remove_file(path);
            }
        })
    });
    if fs::symlink_metadata(&beside).is_ok() {
        let _ = fs::remove_file(&beside);
    }
    placed
}
