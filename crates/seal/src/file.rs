//! Files: read within a limit, written whole and through no link, kept to one process.

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

/// Reads a file of at most `limit` bytes. What it says of its own length is not believed:
/// a pipe says 0. Errors: whatever the system refuses; `FileTooLarge`.
pub fn read_within(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(io::ErrorKind::FileTooLarge.into()),
        false => Ok(bytes),
    }
}

/// A new file to write, in the place of what a run that was cut off left there. What is
/// published is written where others may write too: no link that one of them put under that
/// name leads elsewhere.
pub fn draft(path: &Path) -> io::Result<File> {
    match File::create_new(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            File::create_new(path)
        }
        made => made,
    }
}

/// Writes a draft, down to the disk: a name that it takes later is never that of less.
pub fn write_draft(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = draft(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the names that changed in a directory durable, where its file system can and the
/// directory may be opened: one that may be written to need not be readable.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    let dir = match dir.as_os_str().is_empty() {
        true => Path::new("."),
        false => dir,
    };
    if_it_can(File::open(dir).and_then(|d| d.sync_all()))
}

/// Leaves what no directory of its kind can do.
fn if_it_can(done: io::Result<()>) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    match done {
        Err(e) if [InvalidInput, PermissionDenied, Unsupported].contains(&e.kind()) => Ok(()),
        done => done,
    }
}

/// What is said of a file system on which nothing can be kept to one process.
const NO_LOCKS: (&str, &str) = (
    "ce système de fichiers n'a pas de verrous : prenez-en un qui en a",
    "this file system has no locks: take one that has them",
);

fn no_locks() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, NO_LOCKS.1)
}

/// Keeps an open file or directory to this process until it is dropped. Errors:
/// `WouldBlock`, another one has it; `Unsupported`, the file system has no locks.
pub fn hold(file: &File) -> io::Result<()> {
    flock(file, FlockOperation::NonBlockingLockExclusive).map_err(|e| match e {
        Errno::NOLCK | Errno::NOTSUP | Errno::NOSYS => no_locks(),
        e => e.into(),
    })
}

/// Keeps a directory to this process, likewise.
pub fn alone(dir: &Path) -> io::Result<File> {
    let file = File::open(dir)?;
    hold(&file)?;
    Ok(file)
}

/// Why a file or directory cannot be read, written or held, in French and English; what is
/// rare stays in the system's words.
pub fn why(e: &io::Error) -> (String, String) {
    let (fr, en) = match e.kind() {
        io::ErrorKind::NotFound => ("il n'existe pas", "it does not exist"),
        io::ErrorKind::PermissionDenied => ("l'accès est refusé", "access is denied"),
        io::ErrorKind::NotADirectory => ("ce n'est pas un répertoire", "it is not a directory"),
        io::ErrorKind::IsADirectory => ("c'est un répertoire", "it is a directory"),
        io::ErrorKind::FileTooLarge => ("fichier trop long", "file too long"),
        io::ErrorKind::StorageFull => ("le disque est plein", "the disk is full"),
        io::ErrorKind::Unsupported if e.to_string() == NO_LOCKS.1 => NO_LOCKS,
        _ => return (e.to_string(), e.to_string()),
    };
    (fr.into(), en.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_end_is_refused_and_one_at_the_limit_is_read() {
        let endless = read_within(Path::new("/dev/zero"), 1000).unwrap_err();
        assert_eq!(endless.kind(), io::ErrorKind::FileTooLarge);
        let path = std::env::temp_dir().join(format!("cocarde-within-{}", std::process::id()));
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(read_within(&path, 3).unwrap(), b"abc");
        assert!(read_within(&path, 2).is_err());
        std::fs::remove_file(&path).unwrap();
    }

    /// Of mode 300, or 1733 as a letter box is: whoever may write there may not list it.
    #[test]
    fn what_a_directory_cannot_do_keeps_no_name_from_it_and_a_broken_disk_does() {
        let of = |kind: io::ErrorKind| if_it_can(Err(kind.into()));
        use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
        for kind in [PermissionDenied, Unsupported, InvalidInput] {
            assert!(of(kind).is_ok(), "{kind}");
        }
        assert!(if_it_can(Err(io::Error::other("broken"))).is_err());
        assert!(sync_dir(Path::new("/nowhere")).is_err());
    }

    #[test]
    fn a_directory_that_is_held_is_told_from_one_without_locks() {
        let said = |kind: io::ErrorKind| why(&kind.into());
        assert_eq!(why(&no_locks()).0, NO_LOCKS.0);
        assert_ne!(said(io::ErrorKind::Unsupported).0, NO_LOCKS.0);
        assert!(said(io::ErrorKind::NotFound).0.contains("n'existe pas"));
        let rare = io::Error::other("words of the system");
        assert_eq!(why(&rare).0, "words of the system");
    }

    #[test]
    fn what_is_written_goes_through_no_link_and_a_directory_is_one_process_s() {
        let dir = std::env::temp_dir().join(format!("cocarde-draft-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let [mine, name] = ["mine", "list.draft"].map(|n| dir.join(n));
        fs::write(&mine, "kept").unwrap();
        std::os::unix::fs::symlink(&mine, &name).unwrap();
        io::Write::write_all(&mut draft(&name).unwrap(), b"new").unwrap();
        assert_eq!(fs::read(&mine).unwrap(), b"kept");
        assert_eq!(fs::read(&name).unwrap(), b"new");
        draft(&name).unwrap();
        assert_eq!(fs::read(&name).unwrap(), b"");
        let held = alone(&dir).unwrap();
        assert_eq!(alone(&dir).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        drop(held);
        alone(&dir).unwrap();
        fs::remove_dir_all(&dir).unwrap();
    }
}
