//! Files, read within a limit.

use std::fs::File;
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
}
