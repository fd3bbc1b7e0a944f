//! The list of domains: read through once for its digest and its length, then line by
//! line where it lies. It is never held in memory.

use cocarde_probe::dns::name;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// A place is remembered for every so many lines.
const EVERY: u32 = 64;
/// The longest line read, in octets.
const MAX_LINE: usize = 1024;

/// A list, one domain a line. Blank lines and those that begin with `#` hold none.
pub struct List {
    file: File,
    marks: Vec<u64>,
    size: u64,
    count: u32,
    digest: [u8; 32],
    block: Vec<u8>,
    block_of: Option<u32>,
}

/// What a line holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Blank,
    /// A domain, in wire form and lower case.
    Domain(Vec<u8>),
    /// Something else, and why it is no domain.
    Unreadable(String),
}

impl List {
    /// Opens the list at `path`.
    ///
    /// # Errors
    /// Whatever the system refuses; more than 4 billion lines.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut hash = Sha256::new();
        let (mut marks, mut count, mut size) = (vec![0], 0u32, 0u64);
        let mut buffer = vec![0; 1 << 16];
        let mut last = b'\n';
        loop {
            let n = file.read(&mut buffer)?;
            let Some(read) = buffer.get(..n).filter(|b| !b.is_empty()) else {
                break;
            };
            hash.update(read);
            for (i, _) in read.iter().enumerate().filter(|(_, b)| **b == b'\n') {
                count = count.checked_add(1).ok_or(io::ErrorKind::FileTooLarge)?;
                if count.is_multiple_of(EVERY) {
                    marks.push(size + i as u64 + 1);
                }
            }
            last = read[n - 1];
            size += n as u64;
        }
        if last != b'\n' {
            count = count.checked_add(1).ok_or(io::ErrorKind::FileTooLarge)?;
        }
        Ok(Self {
            file,
            marks,
            size,
            count,
            digest: hash.finalize().into(),
            block: vec![],
            block_of: None,
        })
    }

    /// How many lines there are.
    #[must_use]
    pub fn lines(&self) -> u32 {
        self.count
    }

    /// SHA-256 of the file.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// What a line (from 0) holds.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn get(&mut self, line: u32) -> io::Result<Entry> {
        let block = line / EVERY;
        if self.block_of != Some(block) {
            let mark = |b: u32| self.marks.get(b as usize).copied().unwrap_or(self.size);
            let (from, to) = (mark(block), mark(block + 1));
            self.block_of = None;
            self.read(from, to)?;
            self.block_of = Some(block);
        }
        let mut lines = self.block.split(|&b| b == b'\n');
        let bytes = lines.nth((line % EVERY) as usize).unwrap_or_default();
        Ok(entry(bytes))
    }

    /// Reads the lines between two places into the block. Of one too long, as much is kept
    /// as shows that it is.
    fn read(&mut self, from: u64, to: u64) -> io::Result<()> {
        let (mut at, mut length) = (from, 0);
        let mut chunk = [0; 1 << 14];
        self.block.clear();
        while at < to {
            let n = (to - at).min(chunk.len() as u64) as usize;
            self.file.read_exact_at(&mut chunk[..n], at)?;
            for &b in &chunk[..n] {
                length = if b == b'\n' { 0 } else { length + 1 };
                if length <= MAX_LINE + 1 {
                    self.block.push(b);
                }
            }
            at += n as u64;
        }
        Ok(())
    }
}

fn entry(line: &[u8]) -> Entry {
    if line.len() > MAX_LINE {
        return Entry::Unreadable("a line of more than 1024 octets".into());
    }
    let Ok(text) = std::str::from_utf8(line) else {
        return Entry::Unreadable("not UTF-8".into());
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() || text.starts_with('#') {
        return Entry::Blank;
    }
    match name::wire(text) {
        // Room for the labels that questions put in front.
        Ok(wire) if wire.len() > 200 => Entry::Unreadable("a name of more than 200 octets".into()),
        Ok(wire) if wire.len() > 1 => Entry::Domain(wire),
        Ok(_) => Entry::Unreadable("the root is no domain to measure".into()),
        Err(why) => Entry::Unreadable(why.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(text: &str) -> List {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cocarde-list-{}-{n}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let list = List::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        list
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn lines_are_found_in_any_order(names in prop::collection::vec("[a-z]{1,9}", 0..300), end in any::<bool>()) {
            let mut text = names.join("\n");
            if end && !text.is_empty() { text.push('\n'); }
            let mut l = list(&text);
            prop_assert_eq!(l.lines() as usize, names.len());
            for (i, n) in names.iter().enumerate().rev() {
                prop_assert_eq!(l.get(i as u32).unwrap(), Entry::Domain(name::wire(n).unwrap()));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_line_hides_another(lengths in prop::collection::vec((1..=8usize, 0..3usize), 1..200)) {
            // Comments of 1 octet to 70 kB between domains.
            let long = [1, 1023, 70_000];
            let line = |&(n, long_of): &(usize, usize)| match n {
                8 => format!("#{}", "x".repeat(long[long_of])),
                n => format!("{}.exemple", "d".repeat(n)),
            };
            let lines: Vec<String> = lengths.iter().map(line).collect();
            let mut l = list(&lines.join("\n"));
            for (i, text) in lines.iter().enumerate() {
                prop_assert_eq!(l.get(i as u32).unwrap(), entry(text.as_bytes()), "line {}", i);
            }
        }
    }

    #[test]
    fn what_is_no_domain_is_said_to_be_none() {
        let mut l = list("# list\n\nVille.Exemple\na..b\n.\nécole.fr\n");
        assert_eq!(l.lines(), 6);
        assert_eq!(l.get(0).unwrap(), Entry::Blank);
        assert_eq!(l.get(1).unwrap(), Entry::Blank);
        assert_eq!(
            l.get(2).unwrap(),
            Entry::Domain(name::wire("ville.exemple").unwrap())
        );
        for line in 3..6 {
            assert!(matches!(l.get(line).unwrap(), Entry::Unreadable(_)));
        }
    }
}
