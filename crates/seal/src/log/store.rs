//! A log as a directory of static files, appended to atomically.
//!
//! A log begins with the intended checkpoint of the empty tree (`.pending`, unsigned), its
//! verifier key (`key`), its signed checkpoint; a beginning that stopped is begun again.
//! An append writes, and syncs, in this order: entries and tiles, the intended
//! checkpoint, the signed checkpoint. A crash before
//! `.pending` leaves tiles that nothing refers to, and that the next append
//! overwrites. A crash after it is finished on the next opening with the very same
//! text: so the log never signs two trees of which one does not continue the
//! other, although it forgets everything between two runs.

mod begin;
mod hand_over;

use super::merkle::{self, Ranges};
use super::note::{Kind as KeyKind, MAX_NOTE};
use super::tile::{self, Kind, WIDTH};
use super::tree::{Dir, Files, Tree, read_file};
use super::{Checkpoint, Hash, Note, VerifierKey, io, refused};
use crate::Result;
use crate::file::{self, read_within, sync_dir};
use crate::signer::Signer;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Most bytes of an entry.
pub const MAX_ENTRY: usize = 65_535;

/// Name of the signed checkpoint.
pub const CHECKPOINT: &str = "checkpoint";
/// Name of the file that holds the log's verifier key, beside its checkpoint.
pub const KEY: &str = "key";
const PENDING: &str = ".pending";
const LOCK: &str = ".lock";

/// A log that this process alone may append to while it is open.
pub struct Log<'a> {
    dir: PathBuf,
    key: VerifierKey,
    signer: &'a dyn Signer,
    checkpoint: Checkpoint,
    /// Right edge of the tree: the hashes of each level's last partial tile.
    edge: Vec<Vec<Hash>>,
    /// The entries of the last partial bundle, encoded.
    tail: Vec<u8>,
    /// Whether the last append stopped after its intent was written: it may have been
    /// signed, so that nothing else may be.
    unfinished: bool,
    /// Directories whose own names this process has made durable.
    durable: BTreeSet<PathBuf>,
    _lock: File,
}

/// Writes a file whole and durable, under a name of its own until it is.
pub(super) fn put(dir: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let (path, draft) = (dir.join(name), dir.join(".draft"));
    file::write_draft(&draft, bytes)
        .and_then(|()| fs::rename(&draft, &path))
        .and_then(|()| sync_dir(dir))
        .map_err(|e| io(&path, &e))
}

/// Opens a directory for this process alone. Errors: it is open elsewhere, or its file system
/// has no locks, without which nothing is written that must not be written twice.
pub(super) fn lock(dir: &Path) -> Result<File> {
    let path = dir.join(LOCK);
    // What a link may lead to is not emptied.
    let opened = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path);
    let file = opened.map_err(|e| io(&path, &e))?;
    file::hold(&file).map_err(|e| match e.kind() {
        ErrorKind::WouldBlock => refused(
            "répertoire ouvert ailleurs : recommencez ensuite",
            "the directory is open elsewhere: try again after it",
        )
        .at(&dir.display().to_string()),
        _ => io(dir, &e),
    })?;
    Ok(file)
}

impl<'a> Log<'a> {
    /// Opens a log to append to it, and finishes what a crash left. Errors: it is
    /// open elsewhere, its checkpoint is not signed by that key, or by a later one too, its
    /// tiles are not those of its checkpoint.
    pub fn open(dir: &Path, origin: &str, signer: &'a dyn Signer) -> Result<Log<'a>> {
        let lock = lock(dir)?;
        let key = VerifierKey::new(origin, KeyKind::Ed25519, signer.public())?;
        let note = read_checkpoint(dir)?;
        let opened = Checkpoint::open(&note, &key);
        let opened = opened.and_then(|c| hand_over::current(&note, &key).map(|()| c));
        let checkpoint = opened.map_err(|r| r.at(&place(dir)))?;
        let mut log = Log {
            dir: dir.to_owned(),
            key,
            signer,
            checkpoint,
            edge: Vec::new(),
            tail: Vec::new(),
            unfinished: false,
            durable: BTreeSet::new(),
            _lock: lock,
        };
        match pending(dir)?.filter(|p| p.size > log.checkpoint.size) {
            Some(intended) => {
                let mut tree = Tree::new(Dir(&log.dir), intended.size);
                let proof = tree.consistency(log.checkpoint.size, intended.size)?;
                intended.continues(&log.checkpoint, &proof)?;
                log.load(&intended)?;
                log.sign(intended)?;
            }
            None => log.load(&log.checkpoint.clone())?,
        }
        Ok(log)
    }

    /// The key that verifies its checkpoints.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// What it commits to now.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The entries that can be proven now.
    pub fn tree(&self) -> Tree<Dir<'_>> {
        Tree::new(Dir(&self.dir), self.checkpoint.size)
    }

    fn load(&mut self, at: &Checkpoint) -> Result<()> {
        let mut tree = Tree::new(Dir(&self.dir), at.size);
        self.edge.clear();
        for level in 0.. {
            let hashes = tile::hashes(level, at.size);
            if hashes == 0 {
                break;
            }
            let partial = hashes % WIDTH;
            self.edge.push(match partial {
                0 => Vec::new(),
                _ => tree.tile(level, hashes / WIDTH)?.to_vec(),
            });
        }
        self.tail = match at.size % WIDTH {
            0 => Vec::new(),
            width => tree.files.bundle(at.size / WIDTH, width)?,
        };
        let found = root(&self.edge);
        if at.size > 0 && found != at.root {
            return Err(refused(
                "les tuiles ne sont pas celles du point de contrôle",
                "the tiles are not those of the checkpoint",
            ));
        }
        Ok(())
    }

    /// Appends entries, all or none, and signs the new checkpoint. When this
    /// returns they are durable; it gives the index of the first. Errors: an entry
    /// that is empty or too long, the disk, the keeper of the key; after the last two
    /// the log must be opened again, which finishes what was begun.
    pub fn append<E: AsRef<[u8]>>(&mut self, entries: &[E]) -> Result<u64> {
        let first = self.checkpoint.size;
        if entries.is_empty() {
            return Ok(first);
        }
        self.finished()?;
        let fits = |e: &E| (1..=MAX_ENTRY).contains(&e.as_ref().len());
        if let Some(n) = entries.iter().position(|e| !fits(e)) {
            return Err(refused(
                format!("entrée {n} vide ou de plus de {MAX_ENTRY} octets"),
                format!("entry {n} is empty or longer than {MAX_ENTRY} bytes"),
            ));
        }
        let mut next = Growth {
            edge: self.edge.clone(),
            tail: self.tail.clone(),
            size: first,
            files: BTreeMap::new(),
        };
        for entry in entries {
            next.push(entry.as_ref());
        }
        next.partial();
        write_all(&self.dir, &next.files, &mut self.durable)?;
        let checkpoint = Checkpoint {
            origin: self.checkpoint.origin.clone(),
            size: next.size,
            root: root(&next.edge),
        };
        self.publish(checkpoint)?;
        (self.edge, self.tail) = (next.edge, next.tail);
        Ok(first)
    }

    fn finished(&self) -> Result<()> {
        match self.unfinished {
            false => Ok(()),
            true => Err(refused(
                "le dernier ajout n'est pas achevé : rouvrez le journal",
                "the last append is not finished: open the log again",
            )),
        }
    }

    fn publish(&mut self, checkpoint: Checkpoint) -> Result<()> {
        self.unfinished = true;
        put(&self.dir, PENDING, checkpoint.write().as_bytes())?;
        self.sign(checkpoint)?;
        self.unfinished = false;
        Ok(())
    }

    fn sign(&mut self, checkpoint: Checkpoint) -> Result<()> {
        let mut note = Note::new(checkpoint.write());
        note.sign(&self.key.name, self.signer)?;
        put(&self.dir, CHECKPOINT, note.write().as_bytes())?;
        self.checkpoint = checkpoint;
        Ok(())
    }

    /// Publishes the checkpoint again with its witnesses' cosignatures. Errors: the
    /// note is not this checkpoint.
    pub fn cosigned(&mut self, note: &Note) -> Result<()> {
        self.finished()?;
        if Checkpoint::open(note, &self.key)? != self.checkpoint {
            return Err(refused(
                "ces cosignatures portent sur un autre point de contrôle",
                "these cosignatures are on another checkpoint",
            ));
        }
        put(&self.dir, CHECKPOINT, note.write().as_bytes())
    }
}

/// The signed checkpoint of a directory, not verified. Errors name the file.
pub fn read_checkpoint(dir: &Path) -> Result<Note> {
    let bytes = read_file(&dir.join(CHECKPOINT), MAX_NOTE as u64)?;
    let read = Note::read(&bytes).and_then(|note| Checkpoint::read(&note.text).map(|_| note));
    read.map_err(|r| r.at(&place(dir)))
}

/// Where the checkpoint of a directory is, for whoever is told of it.
fn place(dir: &Path) -> String {
    dir.join(CHECKPOINT).display().to_string()
}

/// The checkpoint that was to be signed last, if there is one.
fn pending(dir: &Path) -> Result<Option<Checkpoint>> {
    let path = dir.join(PENDING);
    match read_within(&path, MAX_NOTE as u64) {
        Ok(bytes) => {
            let read = Checkpoint::read(&String::from_utf8_lossy(&bytes));
            read.map(Some)
                .map_err(|r| r.at(&path.display().to_string()))
        }
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(io(&path, &e)),
    }
}

/// The root of a tree, from its right edge.
fn root(edge: &[Vec<Hash>]) -> Hash {
    let mut root: Option<Hash> = None;
    for hashes in edge {
        let mut rest = hashes.as_slice();
        while !rest.is_empty() {
            // The rightmost perfect subtree has as many leaves as the lowest bit.
            let n = 1 << rest.len().trailing_zeros();
            let (left, right) = rest.split_at(rest.len() - n);
            let hash = merkle::perfect(right);
            root = Some(root.map_or(hash, |r| merkle::node(&hash, &r)));
            rest = left;
        }
    }
    root.unwrap_or_else(merkle::empty)
}

/// A tree as it grows in memory, with the files to write.
struct Growth {
    edge: Vec<Vec<Hash>>,
    tail: Vec<u8>,
    size: u64,
    files: BTreeMap<String, Vec<u8>>,
}

impl Growth {
    fn push(&mut self, entry: &[u8]) {
        self.tail.extend((entry.len() as u16).to_be_bytes());
        self.tail.extend(entry);
        let mut hash = merkle::leaf(entry);
        self.size += 1;
        if self.size.is_multiple_of(WIDTH) {
            let path = tile::path(Kind::Entries, self.size / WIDTH - 1, WIDTH);
            self.files.insert(path, std::mem::take(&mut self.tail));
        }
        for level in 0u32.. {
            if self.edge.len() == level as usize {
                self.edge.push(Vec::new());
            }
            let hashes = &mut self.edge[level as usize];
            hashes.push(hash);
            if (hashes.len() as u64) < WIDTH {
                break;
            }
            let full = std::mem::take(hashes);
            let index = tile::hashes(level, self.size) / WIDTH - 1;
            let path = tile::path(Kind::Level(level), index, WIDTH);
            self.files.insert(path, full.concat());
            hash = merkle::perfect(&full);
        }
    }

    fn partial(&mut self) {
        if !self.tail.is_empty() {
            let path = tile::path(Kind::Entries, self.size / WIDTH, self.size % WIDTH);
            self.files.insert(path, self.tail.clone());
        }
        for (level, hashes) in self.edge.iter().enumerate() {
            if !hashes.is_empty() {
                let index = tile::hashes(level as u32, self.size) / WIDTH;
                let path = tile::path(Kind::Level(level as u32), index, hashes.len() as u64);
                self.files.insert(path, hashes.concat());
            }
        }
    }
}

/// Writes files and makes them, and their names, durable. A directory is synced when
/// a file in it is new, and once in a process so that its own name is durable.
fn write_all(
    dir: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    durable: &mut BTreeSet<PathBuf>,
) -> Result<()> {
    let mut changed = BTreeSet::new();
    for (name, bytes) in files {
        let path = dir.join(name);
        let mut parent = path.parent();
        while let Some(p) = parent.filter(|p| p.starts_with(dir)) {
            if !changed.insert(p.to_owned()) || durable.contains(p) {
                break;
            }
            parent = p.parent();
        }
        let draft = path.with_extension("draft");
        let written = fs::create_dir_all(path.parent().unwrap_or(dir))
            .and_then(|()| file::write_draft(&draft, bytes))
            .and_then(|()| fs::rename(&draft, &path));
        written.map_err(|e| io(&path, &e))?;
    }
    let sync = |d: &PathBuf| sync_dir(d).map_err(|e| io(d, &e));
    changed.iter().rev().try_for_each(sync)?;
    durable.append(&mut changed);
    Ok(())
}
