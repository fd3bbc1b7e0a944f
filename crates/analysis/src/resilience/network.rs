//! What needs what: functions over services, each needing all, any or some of
//! others, checked when it is built.

use crate::scc;
use cocarde_model::{Diagnostic, Interval, RecordId, Span};
use std::sync::Arc;

/// Most nodes of a network.
pub const MAX_NODES: usize = 1 << 20;
/// Most needs of a network, in all.
pub const MAX_NEEDS: usize = 1 << 24;

/// Some of several nodes, the usual ones first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Several {
    /// How many of them are needed.
    pub at_least: usize,
    /// Positions of the nodes.
    pub of: Vec<usize>,
}

/// A function, or a service that functions and other services need.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its id in the dossier.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Arc<str>,
    /// Whether it is a function of the organisation.
    pub function: bool,
    /// Positions of the nodes it needs, all of them.
    pub all_of: Vec<usize>,
    /// Those of which it needs some.
    pub some_of: Vec<Several>,
    /// Whole hours it goes on without what it needs.
    pub tolerated: Interval,
    /// Whole hours to switch to another of `some_of`.
    pub switch: Interval,
    /// Whether it can stop by itself: someone provides it.
    pub provided: bool,
    /// Its record in the facts.
    pub record: Option<RecordId>,
    /// Where it is stated.
    pub span: Option<Span>,
}

impl Node {
    /// A service that someone provides and that needs nothing else.
    pub fn new(id: &str) -> Node {
        Node {
            id: id.into(),
            name: id.into(),
            function: false,
            all_of: Vec::new(),
            some_of: Vec::new(),
            tolerated: Interval::ZERO,
            switch: Interval::ZERO,
            provided: true,
            record: None,
            span: None,
        }
    }

    /// Everything it needs.
    pub fn needs(&self) -> impl Iterator<Item = usize> {
        let some = self.some_of.iter().flat_map(|s| &s.of);
        self.all_of.iter().chain(some).copied()
    }
}

/// Functions and services without loops.
#[derive(Clone, Debug)]
pub struct Network {
    nodes: Vec<Node>,
    order: Vec<usize>,
}

impl Network {
    /// Checks the nodes and puts them in order.
    ///
    /// # Errors
    /// A loop, or a gate that cannot be, at the place of the node; too many nodes.
    pub fn new(nodes: Vec<Node>) -> Result<Network, Vec<Diagnostic>> {
        let needs: usize = nodes.iter().map(|n| n.needs().count()).sum();
        if nodes.len() > MAX_NODES || needs > MAX_NEEDS {
            return Err(vec![
                Diagnostic::error(
                    "too-large",
                    format!("plus de {MAX_NODES} services ou de {MAX_NEEDS} besoins"),
                    format!("more than {MAX_NODES} services or {MAX_NEEDS} needs"),
                )
                .help("découper le dossier", "split the dossier"),
            ]);
        }
        let defects: Vec<Diagnostic> = nodes.iter().filter_map(impossible).collect();
        if !defects.is_empty() {
            return Err(defects);
        }
        // Positions fit: there are at most MAX_NODES.
        let needs = nodes.iter().map(|n| n.needs().map(|m| m as u32).collect());
        let needs: Vec<Vec<u32>> = needs.collect();
        match scc::order(&needs) {
            Ok(order) => {
                let order = order.into_iter().map(|n| n as usize).collect();
                Ok(Network { nodes, order })
            }
            Err(path) => Err(vec![a_loop(&nodes, &path)]),
        }
    }

    /// The nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Positions of the nodes, each after what it needs.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// Positions of the functions.
    pub fn functions(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.nodes.len()).filter(|n| self.nodes[*n].function)
    }

    /// For each node, whether the node at `top` depends on it.
    pub fn below(&self, top: usize) -> Vec<bool> {
        let mut seen = vec![false; self.nodes.len()];
        let mut open = vec![top];
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut seen[node], true) {
                open.extend(self.nodes[node].needs());
            }
        }
        seen
    }
}

fn impossible(node: &Node) -> Option<Diagnostic> {
    let wrong = |s: &&Several| s.at_least == 0 || s.at_least > s.of.len();
    let some = node.some_of.iter().find(wrong)?;
    let (k, n, name) = (some.at_least, some.of.len(), &node.name);
    let defect = Diagnostic::error(
        "impossible-need",
        format!("« {name} » demande {k} services parmi {n}"),
        format!("`{name}` needs {k} services of {n}"),
    )
    .help(
        "corriger `at_least` : de 1 au nombre de services de `some_of`",
        "correct `at_least`: from 1 to the number of services in `some_of`",
    );
    Some(match node.span {
        Some(span) => defect.at(span),
        None => defect,
    })
}

fn a_loop(nodes: &[Node], path: &[u32]) -> Diagnostic {
    let names = path.iter().map(|n| &*nodes[*n as usize].name);
    let chain = scc::loop_text(names.collect());
    let defect = Diagnostic::error(
        "need-loop",
        format!("un service a besoin de lui-même : {chain}"),
        format!("a service needs itself: {chain}"),
    )
    .help(
        "retirer un des besoins de la boucle",
        "remove one of the needs in the loop",
    );
    match nodes[path[0] as usize].span {
        Some(span) => defect.at(span),
        None => defect,
    }
}
