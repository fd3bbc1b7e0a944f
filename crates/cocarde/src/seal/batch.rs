//! Files that appear together.

use super::failed;
use crate::ui::{Message, Ui};
use cocarde_seal::file;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Files that are written beside their names and take these in the end, one right after the
/// other: whoever reads one sees the old one whole, or the new one. All are on the disk before
/// the first takes its name, in the order of writing: where a crash or the disk stops it in
/// between, the drafts of the others are there, whole, and the first has none any more. One
/// that is dropped before leaves nothing.
#[derive(Default)]
pub struct Batch {
    files: Vec<PathBuf>,
    /// Directories made for it, the innermost first.
    made: Vec<PathBuf>,
    /// Whether one has its name: the drafts of the others are then all there is of them.
    begun: bool,
    /// The directory that is kept to it, if one is.
    held: Option<File>,
}

/// Where a file is until it takes its name.
pub fn draft(path: &Path) -> PathBuf {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".draft");
    draft.into()
}

impl Batch {
    /// Writes a file, in the place of what was written for it before. Errors: whatever
    /// would keep it from taking its name, as far as it can be known now.
    pub fn write(&mut self, path: &Path, bytes: &[u8], ui: &Ui) -> Result<(), Message> {
        if path.is_dir() {
            return Err(failed(path, &ErrorKind::IsADirectory.into(), ui));
        }
        self.make(path.parent().unwrap_or(path))
            .map_err(|e| failed(path, &e, ui))?;
        if !self.files.iter().any(|f| f == path) {
            self.files.push(path.to_owned());
        }
        let draft = draft(path);
        file::write_draft(&draft, bytes).map_err(|e| failed(&draft, &e, ui))
    }

    /// Makes a directory and keeps it to this process as long as there is the batch: of two
    /// that write there at once, each would give names to what the other wrote. Errors:
    /// another has it.
    pub fn alone(&mut self, dir: &Path, ui: &Ui) -> Result<(), Message> {
        self.make(dir).map_err(|e| failed(dir, &e, ui))?;
        self.held = super::alone(dir, ui)?;
        // One that was made and is gone was that of a run that failed meanwhile.
        let gone = || failed(dir, &ErrorKind::NotFound.into(), ui);
        self.held.as_ref().map(drop).ok_or_else(gone)
    }

    fn make(&mut self, dir: &Path) -> Result<(), Error> {
        if dir.as_os_str().is_empty() {
            return Ok(());
        }
        let absent = dir.ancestors().take_while(|p| !p.exists());
        let absent: Vec<PathBuf> = absent.map(Path::to_owned).collect();
        self.made.splice(0..0, absent);
        fs::create_dir_all(dir)
    }

    /// Lets all of them take their names, which are durable then; gives these in the order of
    /// writing.
    pub fn publish(mut self, ui: &Ui) -> Result<Vec<PathBuf>, Message> {
        self.ready(ui)?;
        for path in &self.files {
            fs::rename(draft(path), path).map_err(|e| failed(path, &e, ui))?;
            self.begun = true;
        }
        self.ready(ui)?;
        Ok(std::mem::take(&mut self.files))
    }
}

impl Batch {
    /// Makes the names in all directories that it writes to, and theirs, durable: what is on
    /// the disk then only has to take its name.
    pub fn ready(&self, ui: &Ui) -> Result<(), Message> {
        let holders = self.files.iter().chain(&self.made);
        let dirs: BTreeSet<&Path> = holders.filter_map(|p| p.parent()).collect();
        let sync = |dir: &&Path| file::sync_dir(dir).map_err(|e| failed(dir, &e, ui));
        dirs.iter().try_for_each(sync)
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if self.begun {
            return;
        }
        // The first in the end: where it alone has none, the others were to take their names.
        for path in self.files.iter().rev() {
            let _ = fs::remove_file(draft(path));
        }
        // One that holds something by now stays.
        for dir in &self.made {
            let _ = fs::remove_dir(dir);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cocarde_report::{Lang, Paint};

    const UI: Ui = Ui {
        lang: Lang::En,
        paint: Paint::Plain,
        paint_errors: Paint::Plain,
        width: 100,
        long: 100,
    };

    #[test]
    fn what_is_in_the_place_of_a_draft_is_told_by_its_name() {
        let dir = std::env::temp_dir().join(format!("cocarde-draft-dir-{}", std::process::id()));
        let path = dir.join("a");
        fs::create_dir_all(draft(&path)).unwrap();
        let told = Batch::default().write(&path, b"new", &UI).unwrap_err();
        assert!(told.contains("a.draft: it is a directory"), "{told}");
        assert!(draft(&path).is_dir() && !path.exists());
        fs::remove_dir_all(dir).unwrap();
    }

    /// Whichever file it is that cannot take its name, and whatever is there of the others.
    #[test]
    fn what_stops_before_a_name_is_taken_leaves_nothing_and_what_stops_later_loses_nothing() {
        let root = std::env::temp_dir().join(format!("cocarde-batch-{}", std::process::id()));
        for stop in 0..3 {
            let dir = root.join(stop.to_string());
            let names = ["a", "b", "c"].map(|n| dir.join(n));
            let mut batch = Batch::default();
            for path in &names {
                batch.write(path, b"new", &UI).unwrap();
            }
            fs::create_dir(&names[stop]).unwrap();
            assert!(batch.publish(&UI).is_err());
            for (i, path) in names.iter().enumerate() {
                let (named, kept) = (path.is_file(), draft(path).is_file());
                let told = format!("{} of {stop}", path.display());
                assert_eq!((named, kept), (i < stop, stop > 0 && i >= stop), "{told}");
            }
        }
        fs::remove_dir_all(root).unwrap();
    }
}
