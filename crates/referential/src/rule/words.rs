//! The words that a rule names, by what it can tell of them.

use super::{Const, Node, NodeId, Op};
use std::collections::HashMap;
use std::sync::Arc;

/// What a rule can tell of a word: which word it is, where it is named outside of the sets,
/// and in which sets it is (by position, most in one of the first 64).
type Class = (Option<Arc<str>>, u64);

/// The words of a rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    classes: HashMap<Arc<str>, Class>,
    /// One word of each class, in the order in which the rule names them.
    samples: Vec<Arc<str>>,
    pub(crate) sets: Vec<Arc<[Arc<str>]>>,
    /// Whether facts are compared with one another: then every word is its own class.
    pub(crate) crossed: bool,
}

impl Words {
    pub(super) fn of(nodes: &[Node]) -> Words {
        let mut out = Words::default();
        let mut named: Vec<Arc<str>> = Vec::new();
        for node in nodes {
            match &node.op {
                Op::Const(Const::Text(t)) => {
                    let class = out.classes.entry(t.clone()).or_default();
                    class.0 = Some(t.clone());
                    named.push(t.clone());
                }
                Op::Const(Const::Texts(set)) | Op::InConst(_, set) => {
                    out.add_set(set);
                    named.extend(set.iter().cloned());
                }
                Op::Equal(a, b) | Op::In(a, b) => {
                    let constant = |n: NodeId| matches!(nodes[n.0 as usize].op, Op::Const(_));
                    out.crossed |= !constant(*a) && !constant(*b);
                }
                _ => {}
            }
        }
        out.samples = out.samples(&named, true);
        out
    }

    fn add_set(&mut self, set: &Arc<[Arc<str>]>) {
        // A set that is named twice tells no more than once.
        if self.sets.contains(set) {
            return;
        }
        // Beyond the 64th each word of a set is its own class: more than need be.
        let bit = 1u64.checked_shl(self.sets.len() as u32);
        for word in set.iter() {
            let class = self.classes.entry(word.clone()).or_default();
            match bit {
                Some(bit) => class.1 |= bit,
                None => class.0 = Some(word.clone()),
            }
        }
        self.sets.push(set.clone());
    }

    fn class<'a>(&'a self, word: &'a Arc<str>) -> (Option<&'a Arc<str>>, u64) {
        let (named, sets) = match self.classes.get(word) {
            Some((named, sets)) => (named.as_ref(), *sets),
            None => (None, 0),
        };
        match self.crossed {
            true => (Some(word), sets),
            false => (named, sets),
        }
    }

    /// One word of each class: of the usual ones, and, unless these are all there are, of
    /// those that the rule names.
    pub(crate) fn samples(&self, usual: &[Arc<str>], closed: bool) -> Vec<Arc<str>> {
        let own: &[Arc<str>] = if closed { &[] } else { &self.samples };
        let mut seen: Vec<(Option<&Arc<str>>, u64)> = Vec::new();
        let mut out = Vec::new();
        for word in usual.iter().chain(own) {
            let class = self.class(word);
            if !seen.contains(&class) {
                seen.push(class);
                out.push(word.clone());
            }
        }
        out
    }
}
