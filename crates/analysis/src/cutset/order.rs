//! Orders of variables for decision diagrams. No heuristic is good for all
//! trees, so there are several; the solver tries them in turn.

use super::modules::{Part, PartKind};

/// A way to order variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heuristic {
    /// Depth first, left to right.
    Written,
    /// Depth first, the arguments with the fewest variables below first.
    SmallFirst,
    /// Depth first, the arguments with the most variables below first.
    LargeFirst,
    /// Depth first, the arguments used most often first.
    SharedFirst,
    /// As written, then each variable drawn to the centre of the gates it is in
    /// (FORCE: Aloul, Markov and Sakallah 2003).
    Drawn,
}

/// The level of each variable of the part.
pub fn levels(part: &Part, heuristic: Heuristic) -> Vec<u32> {
    let order = match heuristic {
        Heuristic::Written => depth_first(part, |_| 0),
        Heuristic::SmallFirst => {
            let sizes = sizes(part);
            depth_first(part, |n| sizes[n])
        }
        Heuristic::LargeFirst => {
            let sizes = sizes(part);
            depth_first(part, |n| u64::MAX - sizes[n])
        }
        Heuristic::SharedFirst => {
            let uses = uses(part);
            depth_first(part, |n| u64::MAX - uses[n])
        }
        Heuristic::Drawn => return drawn(part),
    };
    let mut levels = vec![0; order.len()];
    for (level, variable) in order.iter().enumerate() {
        levels[*variable as usize] = level as u32;
    }
    levels
}

/// Variables in depth-first order, arguments of smaller rank first.
fn depth_first(part: &Part, rank: impl Fn(usize) -> u64) -> Vec<u32> {
    let mut seen = vec![false; part.nodes.len()];
    let mut order = Vec::with_capacity(part.variables.len());
    let mut open = vec![part.nodes.len() - 1];
    while let Some(position) = open.pop() {
        if std::mem::replace(&mut seen[position], true) {
            continue;
        }
        let node = &part.nodes[position];
        if let PartKind::Variable(variable) = node.kind {
            order.push(variable);
        }
        let mut arguments: Vec<usize> = node.arguments.iter().map(|a| (a >> 1) as usize).collect();
        arguments.sort_by_key(|a| rank(*a));
        open.extend(arguments.into_iter().rev());
    }
    order
}

/// How much hangs below each node, what is shared being counted each time.
fn sizes(part: &Part) -> Vec<u64> {
    let mut sizes: Vec<u64> = Vec::with_capacity(part.nodes.len());
    for node in &part.nodes {
        let below = node.arguments.iter().map(|a| sizes[(a >> 1) as usize]);
        sizes.push(below.fold(0, u64::saturating_add).clamp(1, 1 << 60));
    }
    sizes
}

/// How many gates each node feeds.
fn uses(part: &Part) -> Vec<u64> {
    let mut uses = vec![0; part.nodes.len()];
    for argument in part.nodes.iter().flat_map(|n| &n.arguments) {
        uses[(argument >> 1) as usize] += 1;
    }
    uses
}

fn drawn(part: &Part) -> Vec<u32> {
    let start = levels(part, Heuristic::SmallFirst);
    // Gates take part too, as points between their arguments and their users.
    let mut place: Vec<f64> = vec![0.0; part.nodes.len()];
    for (position, node) in part.nodes.iter().enumerate() {
        place[position] = match node.kind {
            PartKind::Variable(v) => f64::from(start[v as usize]),
            _ => mean(node.arguments.iter().map(|a| place[(a >> 1) as usize])),
        };
    }
    for _ in 0..20 {
        let centres: Vec<f64> = part
            .nodes
            .iter()
            .enumerate()
            .map(|(position, node)| {
                let below = node.arguments.iter().map(|a| place[(a >> 1) as usize]);
                mean(below.chain([place[position]]))
            })
            .collect();
        let mut sum: Vec<(f64, f64)> = centres.iter().map(|c| (*c, 1.0)).collect();
        for (position, node) in part.nodes.iter().enumerate() {
            for argument in &node.arguments {
                let (total, count) = &mut sum[(argument >> 1) as usize];
                *total += centres[position];
                *count += 1.0;
            }
        }
        let mut order: Vec<usize> = (0..part.nodes.len()).collect();
        let value = |n: &usize| sum[*n].0 / sum[*n].1;
        order.sort_by(|a, b| value(a).total_cmp(&value(b)).then(a.cmp(b)));
        for (rank, position) in order.into_iter().enumerate() {
            place[position] = rank as f64;
        }
    }
    let mut order: Vec<(f64, u32)> = Vec::new();
    for (position, node) in part.nodes.iter().enumerate() {
        if let PartKind::Variable(v) = node.kind {
            order.push((place[position], v));
        }
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut levels = vec![0; order.len()];
    for (level, (_, variable)) in order.iter().enumerate() {
        levels[*variable as usize] = level as u32;
    }
    levels
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(s, c), v| (s + v, c + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}
