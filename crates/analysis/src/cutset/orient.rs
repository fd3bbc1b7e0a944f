//! Negations: out of modules where they can be, and towards the events.

use super::modules::{Part, PartKind, PartNode, Variable};

/// Complements the part's function.
fn complement(node: &mut PartNode) {
    let count = node.arguments.len() as u32;
    match node.kind {
        PartKind::Variable(_) => return,
        PartKind::All => node.kind = PartKind::Any,
        PartKind::Any => node.kind = PartKind::All,
        PartKind::AtLeast(k) => node.kind = PartKind::AtLeast(count - k + 1),
        PartKind::Xor => {
            node.arguments[0] ^= 1;
            return;
        }
    }
    node.arguments.iter_mut().for_each(|a| *a ^= 1);
}

/// Whether the part holds when nothing happens. The modules inside that are
/// taken by their complement are complemented where they are used, so that
/// every variable of the part is false when nothing happens.
pub fn at_rest(part: &mut Part, complemented: &[bool]) -> bool {
    let mut holds: Vec<bool> = Vec::with_capacity(part.nodes.len());
    let mut flipped = vec![0; part.nodes.len()];
    for (position, node) in part.nodes.iter_mut().enumerate() {
        for argument in &mut node.arguments {
            *argument ^= flipped[(*argument >> 1) as usize];
        }
        let mut true_ones = node
            .arguments
            .iter()
            .map(|a| holds[(a >> 1) as usize] ^ (a & 1 == 1));
        holds.push(match node.kind {
            PartKind::Variable(v) => {
                if let Variable::Part(inner) = part.variables[v as usize] {
                    flipped[position] = u32::from(complemented[inner as usize]);
                }
                false
            }
            PartKind::All => true_ones.all(|a| a),
            PartKind::Any => true_ones.any(|a| a),
            PartKind::Xor => true_ones.filter(|a| *a).count() == 1,
            PartKind::AtLeast(k) => true_ones.filter(|a| *a).count() >= k as usize,
        });
    }
    holds.last().copied().unwrap_or(false)
}

/// Complements the part if asked, and rids it of negations if it is monotone,
/// which it returns.
pub fn orient(part: &mut Part, complemented: bool) -> bool {
    if let (true, Some(root)) = (complemented, part.nodes.last_mut()) {
        complement(root);
    }
    let Some(signs) = signs(part) else {
        return false;
    };
    for (node, sign) in part.nodes.iter_mut().zip(signs) {
        if sign == Some(true) {
            complement(node);
        }
        // What is complemented below is so once, in its own place.
        node.arguments.iter_mut().for_each(|a| *a &= !1);
    }
    true
}

/// Whether each node is needed complemented, where none is needed both ways
/// and no variable is; nothing otherwise.
fn signs(part: &Part) -> Option<Vec<Option<bool>>> {
    let mut signs: Vec<Option<bool>> = vec![None; part.nodes.len()];
    *signs.last_mut()? = Some(false);
    for (position, node) in part.nodes.iter().enumerate().rev() {
        let sign = signs[position]?;
        match node.kind {
            PartKind::Xor => return None,
            PartKind::Variable(_) if sign => return None,
            _ => {}
        }
        for argument in &node.arguments {
            let wanted = sign ^ (argument & 1 == 1);
            match &mut signs[(argument >> 1) as usize] {
                Some(known) if *known != wanted => return None,
                place => *place = Some(wanted),
            }
        }
    }
    Some(signs)
}
