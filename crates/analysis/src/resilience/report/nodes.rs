//! Functions and services, what each needs and who is behind it.

use super::Inquiry;
use crate::resilience::actors::Provision;
use crate::resilience::network::Node;
use schemars::JsonSchema;
use serde::Serialize;

/// A function or service.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NodeSummary {
    /// Its id in the dossier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is a function of the organisation.
    pub function: bool,
    /// Whether it is a function that must hold.
    pub essential: bool,
    /// Who provides, operates and licenses it; nobody for what only joins others.
    pub providers: Vec<String>,
    /// What it needs, one entry a group.
    pub needs: Vec<Need>,
}

/// At least so many of these.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Need {
    /// How many.
    pub at_least: usize,
    /// Positions among the nodes.
    pub of: Vec<usize>,
}

impl Inquiry<'_> {
    pub(super) fn nodes(&self) -> Vec<NodeSummary> {
        let summary = |(position, node): (usize, &Node)| {
            let provision = &self.subject.provisions[position];
            let all = node.all_of.iter().map(|n| Need {
                at_least: 1,
                of: vec![*n],
            });
            let some = node.some_of.iter().map(|s| Need {
                at_least: s.at_least,
                of: s.of.clone(),
            });
            NodeSummary {
                id: node.id.to_string(),
                name: node.name.to_string(),
                function: node.function,
                essential: self.subject.essential[position],
                providers: provision.as_ref().map_or(Vec::new(), |p| self.providers(p)),
                needs: all.chain(some).collect(),
            }
        };
        let nodes = self.subject.network.nodes().iter();
        nodes.enumerate().map(summary).collect()
    }

    pub(super) fn providers(&self, provision: &Provision) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (_, provider) in &provision.by {
            let name = self.actors.name(provider).to_string();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}
