//! Modules: gates that share no event with the rest of the tree, each of
//! which is solved alone (Dutuit and Rauzy 1996, in linear time).

use super::graph::{Graph, Kind, Literal, node_of};

/// What a node of a part computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// The variable of that position in [`Part::variables`].
    Variable(u32),
    /// All arguments.
    All,
    /// At least one argument.
    Any,
    /// At least that many arguments.
    AtLeast(u32),
    /// Exactly one of two arguments.
    Xor,
}

/// A node of a part; its arguments are positions in the part, doubled, plus
/// one if complemented.
#[derive(Clone, Debug)]
pub struct PartNode {
    /// What it computes.
    pub kind: PartKind,
    /// Of what.
    pub arguments: Vec<Literal>,
}

/// What a variable of a part stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// A basic event, by position in the fault tree.
    Event(u32),
    /// Another part, by position among the parts, earlier.
    Part(u32),
}

/// A module, with the modules inside it taken as variables.
#[derive(Clone, Debug)]
pub struct Part {
    /// The nodes, each after its arguments; the last is the module's gate.
    pub nodes: Vec<PartNode>,
    /// The variables, left to right.
    pub variables: Vec<Variable>,
}

/// The modules below a node that is not a constant, inner ones first; the last
/// is the node's own.
pub fn parts(graph: &Graph, top: usize) -> Vec<Part> {
    let mut order = Vec::new();
    graph.post_order(top as Literal * 2, &mut order);
    let is_module = modules(graph, top, &order);
    let mut part_of: Vec<Option<u32>> = vec![None; graph.nodes().len()];
    let mut local: Vec<u32> = vec![u32::MAX; graph.nodes().len()];
    let mut parts: Vec<Part> = Vec::new();
    for module in order.into_iter().filter(|n| is_module[*n] || *n == top) {
        let part = part(graph, module, &part_of, &mut local);
        part_of[module] = Some(parts.len() as u32);
        parts.push(part);
    }
    parts
}

/// Which gates are modules.
fn modules(graph: &Graph, top: usize, order: &[usize]) -> Vec<bool> {
    let count = graph.nodes().len();
    let (mut first, mut left, mut last) = (vec![0_u32; count], vec![0_u32; count], vec![0; count]);
    let mut date = 0;
    let mut open = vec![(top, false)];
    while let Some((node, fed)) = open.pop() {
        date += 1;
        last[node] = date;
        if fed {
            left[node] = date;
        } else if first[node] == 0 {
            first[node] = date;
            let arguments = &graph.nodes()[node].arguments;
            if arguments.is_empty() {
                left[node] = date;
                continue;
            }
            open.push((node, true));
            open.extend(arguments.iter().rev().map(|a| (node_of(*a), false)));
        }
    }
    // Earliest and latest visit of anything below, arguments being known first.
    let (mut earliest, mut latest) = (vec![u32::MAX; count], vec![0; count]);
    let mut found = vec![false; count];
    for node in order.iter().copied() {
        for argument in &graph.nodes()[node].arguments {
            let below = node_of(*argument);
            earliest[node] = earliest[node].min(earliest[below]).min(first[below]);
            latest[node] = latest[node].max(latest[below]).max(last[below]);
        }
        let gate = !graph.nodes()[node].arguments.is_empty();
        found[node] = gate && earliest[node] > first[node] && latest[node] < left[node];
    }
    found
}

fn part(graph: &Graph, module: usize, part_of: &[Option<u32>], local: &mut [u32]) -> Part {
    let mut part = Part {
        nodes: Vec::new(),
        variables: Vec::new(),
    };
    let mut inside = Vec::new();
    let mut open = vec![(module, false)];
    while let Some((node, fed)) = open.pop() {
        if local[node] != u32::MAX {
            continue;
        }
        let of = &graph.nodes()[node];
        let variable = match (of.kind, part_of[node]) {
            (_, Some(inner)) => Some(Variable::Part(inner)),
            (Kind::Event(event), None) => Some(Variable::Event(event)),
            _ => None,
        };
        if variable.is_none() && !fed {
            open.push((node, true));
            open.extend(of.arguments.iter().rev().map(|a| (node_of(*a), false)));
            continue;
        }
        local[node] = part.nodes.len() as u32;
        inside.push(node);
        let kind = match (variable, of.kind) {
            (Some(variable), _) => {
                part.variables.push(variable);
                PartKind::Variable(part.variables.len() as u32 - 1)
            }
            (None, Kind::AtLeast(k)) => PartKind::AtLeast(k),
            (None, Kind::Xor) => PartKind::Xor,
            // Constants are never below a gate.
            (None, Kind::And | Kind::True | Kind::Event(_)) => PartKind::All,
        };
        let arguments = match kind {
            PartKind::Variable(_) => Vec::new(),
            _ => of
                .arguments
                .iter()
                .map(|a| local[node_of(*a)] * 2 + (a & 1))
                .collect(),
        };
        part.nodes.push(PartNode { kind, arguments });
    }
    for node in inside {
        local[node] = u32::MAX;
    }
    part
}
