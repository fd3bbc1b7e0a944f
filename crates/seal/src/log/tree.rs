//! A log's files, read, and the hashes and entries in them.

use super::merkle::{self, Ranges};
use super::tile::{self, Kind, WIDTH};
use super::{Hash, refused};
use crate::file::read_within;
use crate::{Refusal, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// Where the files of a log are read.
pub trait Files {
    /// A file by its path in the log. Errors: it is not there.
    fn file(&mut self, path: &str) -> Result<Vec<u8>>;

    /// A tile or bundle: the partial one, or the full one that took its place.
    fn tile(&mut self, kind: Kind, index: u64, width: u64) -> Result<(Vec<u8>, bool)> {
        match self.file(&tile::path(kind, index, width)) {
            Ok(bytes) => Ok((bytes, width == WIDTH)),
            Err(e) if width == WIDTH => Err(e),
            Err(e) => match self.file(&tile::path(kind, index, WIDTH)) {
                Ok(bytes) => Ok((bytes, true)),
                Err(_) => Err(e),
            },
        }
    }

    /// The first `width` entries of a bundle, encoded.
    fn bundle(&mut self, index: u64, width: u64) -> Result<Vec<u8>> {
        let (mut bytes, full) = self.tile(Kind::Entries, index, width)?;
        let held = if full { WIDTH } else { width };
        let path = tile::path(Kind::Entries, index, held);
        let entries = tile::read_entries(&bytes, held).map_err(|r| r.at(&path))?;
        let length = entries[..width as usize].iter().map(|e| e.len() + 2).sum();
        bytes.truncate(length);
        Ok(bytes)
    }
}

/// Most bytes of a tile or bundle: 256 entries of the greatest length.
const MAX_FILE: u64 = WIDTH * (2 + super::store::MAX_ENTRY as u64);

/// Reads a file of at most `limit` bytes.
pub(super) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>> {
    read_within(path, limit).map_err(|e| match e.kind() {
        std::io::ErrorKind::FileTooLarge => {
            let place = path.display().to_string();
            Refusal::new("oversize", "fichier trop long", "file too long").at(&place)
        }
        _ => super::io(path, &e),
    })
}

/// The files of a directory.
pub struct Dir<'a>(pub &'a Path);

impl Files for Dir<'_> {
    fn file(&mut self, path: &str) -> Result<Vec<u8>> {
        read_file(&self.0.join(path), MAX_FILE)
    }
}

/// The hashes of a log of a given size.
pub struct Tree<F> {
    /// Where its files are read.
    pub files: F,
    size: u64,
    read: BTreeMap<(u32, u64), Vec<Hash>>,
}

impl<F: Files> Tree<F> {
    /// A tree of that size.
    pub fn new(files: F, size: u64) -> Tree<F> {
        Tree {
            files,
            size,
            read: BTreeMap::new(),
        }
    }

    /// A tile of this tree.
    pub fn tile(&mut self, level: u32, index: u64) -> Result<&[Hash]> {
        let width = tile::width(level, index, self.size);
        if !self.read.contains_key(&(level, index)) {
            let (bytes, full) = self.files.tile(Kind::Level(level), index, width)?;
            let mut hashes = tile::read(&bytes, if full { WIDTH } else { width })?;
            hashes.truncate(width as usize);
            if self.read.len() > 64 {
                self.read.clear();
            }
            self.read.insert((level, index), hashes);
        }
        Ok(&self.read[&(level, index)])
    }

    /// An entry.
    pub fn entry(&mut self, index: u64) -> Result<Vec<u8>> {
        if index >= self.size {
            let (fr, en) = (format!("pas d'entrée {index}"), format!("no entry {index}"));
            return Err(refused(fr, en));
        }
        let width = (self.size - index / WIDTH * WIDTH).min(WIDTH);
        let bytes = self.files.bundle(index / WIDTH, width)?;
        Ok(tile::read_entries(&bytes, width)?[(index % WIDTH) as usize].to_vec())
    }

    /// Index of the first entry with these bytes, by reading all of them.
    pub fn find(&mut self, wanted: &[u8]) -> Result<Option<u64>> {
        for index in 0..self.size.div_ceil(WIDTH) {
            let width = tile::width(0, index, self.size);
            let bytes = self.files.bundle(index, width)?;
            let entries = tile::read_entries(&bytes, width)?;
            if let Some(at) = entries.iter().position(|e| *e == wanted) {
                return Ok(Some(index * WIDTH + at as u64));
            }
        }
        Ok(None)
    }
}

impl<F: Files> Ranges for Tree<F> {
    fn subtree(&mut self, level: u32, index: u64) -> Result<Hash> {
        let (tall, height) = (level / 8, level % 8);
        let first = index << height;
        let hashes = self.tile(tall, first / WIDTH)?;
        let lo = (first % WIDTH) as usize;
        let part = hashes.get(lo..lo + (1 << height));
        let absent = || refused("tuile trop courte", "tile too short");
        part.map(merkle::perfect).ok_or_else(absent)
    }
}
