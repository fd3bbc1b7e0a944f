//! Whose a directory of results is: that of one run at a time, and of one scan.

use crate::{ScanError, evidence, manifest, table};
use rustix::fs::{FlockOperation, flock};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// File that a run has locked from its start to its end.
const LOCK: &str = ".lock";

/// Makes the directory this run's alone until the file is dropped: two runs at once would
/// tear each other's lines, and write over each other's tables.
pub(crate) fn lock(out: &Path) -> Result<File, ScanError> {
    let path = out.join(LOCK);
    let open = OpenOptions::new().append(true).create(true).open(&path);
    let file = open.map_err(|e| ScanError::io(&path, e))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => Err(ScanError::Busy(out.to_path_buf())),
        // Where a file system has no locks, nothing can be said.
        _ => Ok(file),
    }
}

/// Checks that a directory without an identity holds no file that a scan would go on from
/// or write over: whose it is cannot be known.
pub(crate) fn unclaimed(out: &Path) -> Result<(), ScanError> {
    let results = [evidence::FILE, table::FILE, manifest::FILE];
    let there = results
        .iter()
        .find(|f| out.join(f).symlink_metadata().is_ok());
    match there {
        Some(file) => Err(ScanError::Unclaimed(out.join(file))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Options, run};
    use std::cell::RefCell;
    use std::fs;
    use std::path::PathBuf;

    /// A directory of its own.
    fn place(name: &str) -> PathBuf {
        let name = format!("cocarde-{name}-{}", std::process::id());
        let out = std::env::temp_dir().join(name);
        fs::create_dir_all(&out).unwrap();
        out
    }

    #[test]
    fn results_of_an_unknown_scan_are_not_written_over() {
        let out = place("unclaimed");
        let free = unclaimed(&out).is_ok();
        fs::write(out.join(manifest::FILE), "{}").unwrap();
        let refused = matches!(unclaimed(&out), Err(ScanError::Unclaimed(_)));
        fs::remove_dir_all(&out).unwrap();
        assert!(free && refused);
    }

    /// Another run is refused whenever it comes: the clock is read when a run says what it
    /// is and when it says that it is done.
    #[test]
    fn a_directory_is_of_one_run_from_its_start_to_its_end() {
        let out = place("busy");
        let list = out.join("list.txt");
        fs::write(&list, "# nobody\n").unwrap();
        let scan = |clock: &dyn Fn() -> i64| {
            let options = Options {
                list: &list,
                out: &out,
                resolvers: &["127.0.0.1:9".parse().unwrap()],
                test_world: true,
                config: Config::read("").unwrap(),
                seed: [7; 32],
                clock,
            };
            run(options, &mut |_| {}).map(|_| ())
        };
        let others = RefCell::new(vec![]);
        let first = scan(&|| {
            let other = scan(&|| 0);
            others
                .borrow_mut()
                .push(matches!(other, Err(ScanError::Busy(of)) if of == out));
            0
        });
        let after = scan(&|| 0);
        fs::remove_dir_all(&out).unwrap();
        assert_eq!(others.into_inner(), [true, true]);
        first.and(after).unwrap();
    }
}
