//! The words that a rule names, by what it can tell of them.

use super::{Const, Node, NodeId, Op, Ty};
use std::collections::HashMap;
use std::sync::Arc;

/// What a rule can tell of a word: which word it is, where it is named outside of the sets,
/// and in which sets it is (by position, most in one of the first 64).
type Class = (Option<Arc<str>>, u64);

/// The words of a rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    classes: HashMap<Arc<str>, Class>,
    /// One word of each class that the rule compares with countries, and with free texts, in
    /// the order in which it names them.
    countries: Vec<Arc<str>>,
    texts: Vec<Arc<str>>,
    pub(crate) sets: Vec<Arc<[Arc<str>]>>,
    /// Whether facts are compared with one another: then every word is its own class.
    pub(crate) crossed: bool,
}

impl Words {
    pub(super) fn of(nodes: &[Node]) -> Words {
        let mut out = Words::default();
        for node in nodes {
            match &node.op {
                Op::Const(Const::Text(t)) => {
                    let class = out.classes.entry(t.clone()).or_default();
                    class.0 = Some(t.clone());
                }
                Op::Const(Const::Texts(set)) | Op::InConst(_, set) => out.add_set(set),
                Op::Equal(a, b) | Op::In(a, b) => {
                    let constant = |n: NodeId| matches!(nodes[n.0 as usize].op, Op::Const(_));
                    out.crossed |= !constant(*a) && !constant(*b);
                }
                _ => {}
            }
        }
        let named = |ty: Ty| -> Vec<Arc<str>> {
            let words = nodes.iter().flat_map(|n| compared_with(nodes, &n.op, &ty));
            out.samples(&words.cloned().collect::<Vec<_>>(), &[])
        };
        (out.countries, out.texts) = (named(Ty::Country), named(Ty::Text));
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

    /// One country of each class: of the usual ones, then of those that the rule names.
    pub(crate) fn countries(&self, usual: &[Arc<str>]) -> Vec<Arc<str>> {
        self.samples(usual, &self.countries)
    }

    /// One free text of each class, likewise.
    pub(crate) fn texts(&self, usual: &[Arc<str>]) -> Vec<Arc<str>> {
        self.samples(usual, &self.texts)
    }

    /// One word of each class, of those which are all there are.
    pub(crate) fn of_closed(&self, all: &[Arc<str>]) -> Vec<Arc<str>> {
        self.samples(all, &[])
    }

    fn samples(&self, usual: &[Arc<str>], own: &[Arc<str>]) -> Vec<Arc<str>> {
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

/// The constant words that an operator compares with what is of that type.
fn compared_with<'a>(nodes: &'a [Node], op: &'a Op, ty: &Ty) -> &'a [Arc<str>] {
    let node = |n: &NodeId| &nodes[n.0 as usize];
    let is_one = |n: &NodeId| match &node(n).ty {
        Ty::List(of) => **of == *ty,
        of => of == ty,
    };
    let word = |n: &NodeId| match &node(n).op {
        Op::Const(Const::Text(t)) => Some(std::slice::from_ref(t)),
        Op::Const(Const::Texts(ts)) => Some(&ts[..]),
        _ => None,
    };
    match op {
        Op::InConst(a, set) if is_one(a) => set,
        Op::Equal(a, b) | Op::In(a, b) | Op::Text(_, a, b) => match (word(a), word(b)) {
            (Some(words), None) if is_one(b) => words,
            (None, Some(words)) if is_one(a) => words,
            _ => &[],
        },
        _ => &[],
    }
}
