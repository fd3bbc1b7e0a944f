//! Merkle trees of RFC 6962: hashes, and the proofs of inclusion and consistency.

use super::{Hash, refused};
use crate::{Refusal, Result};
use sha2::{Digest, Sha256};

/// Hash of an entry.
pub fn leaf(entry: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(entry)
        .finalize()
        .into()
}

/// Hash of two subtrees.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let joined = Sha256::new().chain_update([1]).chain_update(left);
    joined.chain_update(right).finalize().into()
}

/// Hash of the empty tree.
pub fn empty() -> Hash {
    Sha256::digest([]).into()
}

/// Root of a run of subtrees of equal size, whose count is a power of two.
pub fn perfect(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty(),
        [one] => *one,
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            node(&perfect(left), &perfect(right))
        }
    }
}

/// The largest power of two below `n` (`n` > 1).
pub fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// Hashes of ranges of a tree, wherever they are kept.
pub trait Ranges {
    /// Hash of the perfect subtree of height `level` that is `index`-th of its
    /// height.
    fn subtree(&mut self, level: u32, index: u64) -> Result<Hash>;

    /// Hash of the entries from `lo` to `hi`, as RFC 6962 splits them.
    fn range(&mut self, lo: u64, hi: u64) -> Result<Hash> {
        let n = hi - lo;
        if n == 0 {
            return Ok(empty());
        }
        if n.is_power_of_two() {
            return self.subtree(n.trailing_zeros(), lo / n);
        }
        let middle = lo + split(n);
        Ok(node(&self.range(lo, middle)?, &self.range(middle, hi)?))
    }

    /// Proof that entry `index` is in the tree of `size`. Errors: it is not.
    fn inclusion(&mut self, index: u64, size: u64) -> Result<Vec<Hash>> {
        if index >= size {
            return Err(refused(
                format!("pas d'entrée {index} dans un journal de {size}"),
                format!("no entry {index} in a log of {size}"),
            ));
        }
        let mut path = Vec::new();
        let (mut lo, mut hi) = (0, size);
        while hi - lo > 1 {
            let middle = lo + split(hi - lo);
            if index < middle {
                path.push(self.range(middle, hi)?);
                hi = middle;
            } else {
                path.push(self.range(lo, middle)?);
                lo = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// Proof that the tree of `size` continues that of `old`.
    fn consistency(&mut self, old: u64, size: u64) -> Result<Vec<Hash>> {
        if old > size {
            return Err(refused(
                format!("un journal de {size} ne peut suivre un journal de {old}"),
                format!("a log of {size} cannot follow a log of {old}"),
            ));
        }
        let mut path = Vec::new();
        if old == 0 || old == size {
            return Ok(path);
        }
        let (mut lo, mut hi) = (0, size);
        while old != hi {
            let middle = lo + split(hi - lo);
            if old <= middle {
                path.push(self.range(middle, hi)?);
                hi = middle;
            } else {
                path.push(self.range(lo, middle)?);
                lo = middle;
            }
        }
        if lo != 0 {
            path.push(self.range(lo, hi)?);
        }
        path.reverse();
        Ok(path)
    }
}

fn wrong(what: &'static str) -> Refusal {
    Refusal::new(
        "merkle",
        format!("preuve de {what} fausse"),
        format!("the {what} proof is wrong"),
    )
}

/// Checks that an entry's hash is in the tree (RFC 9162, section 2.1.3.2).
pub fn check_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<()> {
    let bad = || wrong("inclusion");
    if index >= size {
        return Err(bad());
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return Err(bad());
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node(&hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last == 0 && hash == *root {
        Ok(())
    } else {
        Err(bad())
    }
}

/// Checks that a tree continues an older one (RFC 9162, section 2.1.4.2).
pub fn check_consistency(
    old: u64,
    old_root: &Hash,
    size: u64,
    root: &Hash,
    path: &[Hash],
) -> Result<()> {
    let bad = || wrong("consistency");
    let trivially = match old {
        0 => Some(*old_root == empty()),
        _ if old == size => Some(old_root == root),
        _ if old > size => Some(false),
        _ => None,
    };
    match trivially {
        Some(true) if path.is_empty() => return Ok(()),
        Some(_) => return Err(bad()),
        None => {}
    }
    let mut path = path.iter();
    let first = match old.is_power_of_two() {
        true => old_root,
        false => path.next().ok_or_else(bad)?,
    };
    let (mut at, mut last) = (old - 1, size - 1);
    while at & 1 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let (mut before, mut after) = (*first, *first);
    for hash in path {
        if last == 0 {
            return Err(bad());
        }
        if at & 1 == 1 || at == last {
            before = node(hash, &before);
            after = node(hash, &after);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            after = node(&after, hash);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    match last == 0 && before == *old_root && after == *root {
        true => Ok(()),
        false => Err(bad()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::hex;

    struct Leaves(Vec<Hash>);

    impl Ranges for Leaves {
        fn subtree(&mut self, level: u32, index: u64) -> Result<Hash> {
            let (n, lo) = (1 << level, (index << level) as usize);
            Ok(perfect(&self.0[lo..lo + n]))
        }
    }

    /// The reference vectors of RFC 6962's implementations.
    #[test]
    fn roots_are_those_of_the_reference_vectors() {
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let mut tree = Leaves(entries.iter().map(|e| leaf(e)).collect());
        let root = |tree: &mut Leaves, n| hex(&tree.range(0, n).unwrap());
        for (n, expected) in [
            (
                0,
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                1,
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            ),
            (
                7,
                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            ),
            (
                8,
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
            ),
        ] {
            assert_eq!(root(&mut tree, n), expected, "{n}");
        }
    }

    #[test]
    fn every_proof_of_every_small_tree_holds_and_no_changed_one_does() {
        let hashes: Vec<Hash> = (0..40u8).map(|i| leaf(&[i])).collect();
        let mut tree = Leaves(hashes.clone());
        let roots: Vec<Hash> = (0..=40).map(|n| tree.range(0, n).unwrap()).collect();
        for size in 1..=40u64 {
            let root = &roots[size as usize];
            for index in 0..size {
                let path = tree.inclusion(index, size).unwrap();
                let at = &hashes[index as usize];
                check_inclusion(at, index, size, &path, root).unwrap();
                assert!(check_inclusion(at, index, size, &path, &roots[0]).is_err());
                assert!(check_inclusion(root, index, size, &path, root).is_err() || size == 1);
                for k in 0..path.len() {
                    let mut bad = path.clone();
                    bad[k][5] ^= 1;
                    assert!(check_inclusion(at, index, size, &bad, root).is_err());
                    bad.remove(k);
                    assert!(check_inclusion(at, index, size, &bad, root).is_err());
                }
            }
            for old in 0..=size {
                let path = tree.consistency(old, size).unwrap();
                let before = &roots[old as usize];
                check_consistency(old, before, size, root, &path).unwrap();
                let wrong = leaf(b"another tree");
                assert!(check_consistency(old, &wrong, size, root, &path).is_err());
                if old > 0 {
                    assert!(check_consistency(old, before, size, &wrong, &path).is_err());
                }
                for k in 0..path.len() {
                    let mut bad = path.clone();
                    bad[k][9] ^= 1;
                    assert!(check_consistency(old, before, size, root, &bad).is_err());
                }
            }
        }
    }
}
