//! Invented dossiers, for tests and benchmarks: a number gives a dossier, always the same.
//!
//! They are shaped like real ones: an applicant of one of the six digital sectors with its
//! holders, activities, hostings, suppliers, domains and attestations. How much goes against
//! a label, how much is left unsaid and how much is merely claimed differs from one to the
//! next, so that every verdict occurs. All names are made up.

mod draw;
mod writer;

use std::path::Path;
use writer::Writer;

/// A file of a dossier: its name in the directory, and its text.
pub type File = (&'static str, String);

/// What the one attached document says; `SHA256` is its digest.
pub const DOCUMENT: &str = "Pièce d'exemple, fictive.\n";

const SHA256: &str = "860b58733b31c851f77df8bbc62b257582df5ab9332b3a7f88eb2cf1ba9faaa1";

/// The day these dossiers are meant to be assessed on (YYYY-MM-DD).
pub const AS_OF: &str = "2026-11-23";

/// The files of the dossier of that number.
pub fn dossier(number: u64) -> Vec<File> {
    let mut writer = Writer::new(number);
    writer.application();
    vec![
        ("dossier.toml", writer.text),
        ("documents/piece.txt", DOCUMENT.to_string()),
        ("measurements/2026-11-20.jsonl", writer.measured),
    ]
}

/// Writes the dossier of that number into a directory, which is created.
///
/// # Errors
/// When a file cannot be written.
pub fn write(dir: &Path, number: u64) -> std::io::Result<()> {
    for (name, text) in dossier(number) {
        let file = dir.join(name);
        std::fs::create_dir_all(file.parent().unwrap_or(dir))?;
        std::fs::write(file, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_gives_a_dossier_that_reads_and_always_the_same() {
        for number in 0..300 {
            let files = dossier(number);
            assert_eq!(files, dossier(number));
            let texts: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, &**t)).collect();
            if let Err(f) = cocarde_dossier::read_texts(&texts) {
                panic!("{number}: {:?}\n{}", f.diagnostics, files[0].1);
            }
        }
    }
}
