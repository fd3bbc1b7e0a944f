//! Tiles (c2sp.org/tlog-tiles): where the hashes and entries of a log are kept.

use super::{Hash, refused};
use crate::Result;

/// Hashes or entries of a full tile.
pub const WIDTH: u64 = 256;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Entries.
    Entries,
    /// Hashes of that level.
    Level(u32),
}

/// Path of the `index`-th tile, holding `width` of 256.
pub fn path(kind: Kind, index: u64, width: u64) -> String {
    let mut name = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        name = format!("x{:03}/{name}", rest % 1000);
        rest /= 1000;
    }
    let partial = match width == WIDTH {
        true => String::new(),
        false => format!(".p/{width}"),
    };
    match kind {
        Kind::Entries => format!("tile/entries/{name}{partial}"),
        Kind::Level(level) => format!("tile/{level}/{name}{partial}"),
    }
}

/// How many hashes the tree of `size` has at that level of tiles.
pub fn hashes(level: u32, size: u64) -> u64 {
    size.checked_shr(8 * level).unwrap_or(0)
}

/// How many hashes the `index`-th tile has at that level in the tree of `size`.
pub fn width(level: u32, index: u64, size: u64) -> u64 {
    let start = index.saturating_mul(WIDTH);
    hashes(level, size).saturating_sub(start).min(WIDTH)
}

/// Reads a tile of exactly `width` hashes.
pub fn read(bytes: &[u8], width: u64) -> Result<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    if !rest.is_empty() || hashes.len() as u64 != width {
        let n = bytes.len();
        return Err(refused(
            format!("tuile tronquée : {n} octets, {} attendus", width * 32),
            format!("truncated tile: {n} bytes, {} expected", width * 32),
        ));
    }
    Ok(hashes.to_vec())
}

/// Reads a bundle of exactly `width` entries.
pub fn read_entries(mut bytes: &[u8], width: u64) -> Result<Vec<&[u8]>> {
    let bad = || refused("paquet d'entrées tronqué", "truncated bundle of entries");
    let mut all = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, rest) = rest.split_at_checked(length).ok_or_else(bad)?;
        all.push(entry);
        bytes = rest;
    }
    match bytes.is_empty() && all.len() as u64 == width {
        true => Ok(all),
        false => Err(bad()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        assert_eq!(path(Kind::Level(0), 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(path(Kind::Level(2), 0, 1), "tile/2/000.p/1");
        assert_eq!(path(Kind::Entries, 273, 112), "tile/entries/273.p/112");
    }

    /// The specification's example: a tree of 70,000.
    #[test]
    fn widths_are_those_of_the_specification() {
        assert_eq!(width(0, 272, 70_000), 256);
        assert_eq!(width(0, 273, 70_000), 112);
        assert_eq!(width(1, 0, 70_000), 256);
        assert_eq!(width(1, 1, 70_000), 17);
        assert_eq!(width(2, 0, 70_000), 1);
        assert_eq!(width(3, 0, 70_000), 0);
        assert_eq!((width(0, 0, 256), width(1, 0, 256)), (256, 1));
    }

    #[test]
    fn truncated_tiles_are_refused() {
        assert!(read(&[0; 63], 2).is_err());
        assert!(read(&[0; 64], 3).is_err());
        assert!(read_entries(&[0, 3, 1, 2], 1).is_err());
        assert!(read_entries(&[0, 1, 1, 0], 1).is_err());
        assert_eq!(
            read_entries(&[0, 1, 7, 0, 0], 2).unwrap(),
            [&[7u8][..], &[]]
        );
    }
}
