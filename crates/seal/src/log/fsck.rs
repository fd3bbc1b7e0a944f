//! Recomputes everything a log commits to, from its entries.

use super::merkle::{self, Ranges};
use super::tile::{self, Kind, WIDTH};
use super::tree::{Files, Tree};
use super::{Checkpoint, Hash, Note, VerifierKey, refused};
use crate::Result;

/// What was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// How many tiles of hashes were recomputed.
    pub tiles: u64,
    /// How many bytes of entries were read.
    pub bytes: u64,
}

/// Checks a log: signature of its checkpoint, every entry against its hash, every
/// tile against the level below, the root. Errors name the first file that is
/// missing, truncated or different.
pub fn check<F: Files>(mut files: F, note: &Note, key: &VerifierKey) -> Result<Checked> {
    let checkpoint = Checkpoint::open(note, key)?;
    let size = checkpoint.size;
    let (mut bytes, mut tiles) = (0, 0);
    let mut below: Vec<Hash> = Vec::new();
    for index in 0..size.div_ceil(WIDTH) {
        let width = tile::width(0, index, size);
        let bundle = files.bundle(index, width)?;
        bytes += bundle.len() as u64;
        let entries = tile::read_entries(&bundle, width)?;
        let hashes: Vec<Hash> = entries.iter().map(|e| merkle::leaf(e)).collect();
        compare(&mut files, 0, index, &hashes)?;
        tiles += 1;
        if width == WIDTH {
            below.push(merkle::perfect(&hashes));
        }
    }
    for level in 1.. {
        if below.is_empty() {
            break;
        }
        let mut above = Vec::new();
        for (index, hashes) in below.chunks(WIDTH as usize).enumerate() {
            compare(&mut files, level, index as u64, hashes)?;
            tiles += 1;
            if hashes.len() as u64 == WIDTH {
                above.push(merkle::perfect(hashes));
            }
        }
        below = above;
    }
    let root = Tree::new(files, size).range(0, size)?;
    if root != checkpoint.root {
        let (fr, en) = (
            "la racine n'est pas celle du point de contrôle",
            "the root is not that of the checkpoint",
        );
        return Err(refused(fr, en));
    }
    Ok(Checked {
        checkpoint,
        tiles,
        bytes,
    })
}

fn compare<F: Files>(files: &mut F, level: u32, index: u64, hashes: &[Hash]) -> Result<()> {
    let width = hashes.len() as u64;
    let (bytes, full) = files.tile(Kind::Level(level), index, width)?;
    let held = if full { WIDTH } else { width };
    let path = tile::path(Kind::Level(level), index, held);
    let mut found = tile::read(&bytes, held).map_err(|r| r.at(&path))?;
    found.truncate(hashes.len());
    if found == hashes {
        return Ok(());
    }
    Err(refused(
        format!("{path} : ces empreintes ne sont pas celles des entrées"),
        format!("{path}: these hashes are not those of the entries"),
    ))
}
