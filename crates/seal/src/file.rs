//! Files: read within a limit, written through no link, kept to one process.

use rustix::fs::{FlockOperation, flock};
use std::fs::{self, File};
use std::io::{self, Read};
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

/// Keeps a directory to this process until what is given back is dropped. Errors:
/// `WouldBlock`, another one has it.
pub fn alone(dir: &Path) -> io::Result<File> {
    let file = File::open(dir)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    Ok(file)
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
