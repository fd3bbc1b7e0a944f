//! From facts to the network, who is behind each service, and what can stand in.

use super::actors::{Provider, Provision};
use super::network::{Network, Node, Several};
use super::options::Replacement;
use crate::control::{ControlGraph, EntityId};
use crate::facts::View;
use cocarde_knowledge::alternatives::Capability;
use cocarde_knowledge::scenarios::Role;
use cocarde_model::{Diagnostic, FactId, Interval, RecordId, did_you_mean};
use std::collections::HashMap;
use std::sync::Arc;

/// What a dossier says of its resilience.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Functions and services.
    pub network: Network,
    /// Who is behind each node; nothing for functions and for services that
    /// only join others.
    pub provisions: Vec<Option<Provision>>,
    /// Whether what each node needs is not known.
    pub unclear: Vec<bool>,
    /// Whether each node is a function that must hold.
    pub essential: Vec<bool>,
    /// The probability, in percent, that each node stops by itself within a year.
    pub probabilities: Vec<Interval>,
    /// What can replace or stand by each node.
    pub replacements: Vec<Vec<Replacement>>,
}

const ROLES: [(Role, &str); 3] = [
    (Role::Supplier, "provided_by"),
    (Role::Operator, "operated_by"),
    (Role::Licensor, "licensed_by"),
];

/// Properties that name what a function or service needs.
const NEEDS: [&str; 3] = ["all_of", "any_of", "some_of"];

/// What a dossier says, on the day of the view; `market` are the alternatives
/// that anyone can turn to. `None` where it names no function.
///
/// # Errors
/// Unknown services, loops, impossible needs, at their place in the dossier.
pub fn from_facts(
    view: View<'_>,
    graph: &ControlGraph,
    market: &[Capability],
) -> Result<Option<Subject>, Vec<Diagnostic>> {
    let Some(part) = view.part(view.base.root(), "resilience") else {
        return Ok(None);
    };
    let functions = view.members(part, "functions").0;
    let services = view.members(part, "services").0;
    if functions.is_empty() {
        return Ok(None);
    }
    let reader = Reader {
        view,
        graph,
        functions: functions.len(),
        by_id: services
            .iter()
            .enumerate()
            .map(|(i, r)| (view.base.record(*r).id.clone(), functions.len() + i))
            .collect(),
    };
    let records: Vec<RecordId> = functions.iter().chain(services).copied().collect();
    let mut defects = Vec::new();
    let nodes: Vec<Node> = records
        .iter()
        .enumerate()
        .map(|(i, r)| reader.node(i, *r, &mut defects))
        .collect();
    if !defects.is_empty() {
        return Err(defects);
    }
    let network = Network::new(nodes)?;
    let essential = |(i, r): (usize, &RecordId)| {
        i < functions.len() && view.bool(*r, "essential") != Some(false)
    };
    let mut subject = Subject {
        provisions: records
            .iter()
            .zip(network.nodes())
            .map(|(r, n)| n.provided.then(|| reader.provision(*r)))
            .collect(),
        unclear: records
            .iter()
            .enumerate()
            .map(|(i, r)| reader.is_unclear(*r, i < functions.len()))
            .collect(),
        essential: records.iter().enumerate().map(essential).collect(),
        probabilities: records
            .iter()
            .map(|r| view.number(*r, "failure_probability"))
            .collect(),
        replacements: vec![Vec::new(); records.len()],
        network,
    };
    for record in view.members(part, "alternatives").0 {
        reader.alternative(*record, &mut subject, &records, &mut defects);
    }
    for (position, record) in records.iter().enumerate().skip(functions.len()) {
        let found = reader.of_market(*record, market);
        subject.replacements[position].extend(found);
    }
    if defects.is_empty() {
        Ok(Some(subject))
    } else {
        Err(defects)
    }
}

struct Reader<'a> {
    view: View<'a>,
    graph: &'a ControlGraph,
    functions: usize,
    by_id: HashMap<Arc<str>, usize>,
}

impl Reader<'_> {
    fn node(&self, position: usize, record: RecordId, defects: &mut Vec<Diagnostic>) -> Node {
        let view = self.view;
        let function = position < self.functions;
        let mut some_of = Vec::new();
        let any = self.services(record, "any_of", defects);
        if !any.is_empty() {
            some_of.push(Several {
                at_least: 1,
                of: any,
            });
        }
        let of = self.services(record, "some_of", defects);
        if !of.is_empty() || view.is_stated(record, "at_least") {
            let stated = view.number(record, "at_least").exact();
            let at_least = stated.and_then(|k| usize::try_from(k).ok());
            if at_least.is_none() {
                defects.push(
                    self.at(
                        record,
                        "some_of",
                        Diagnostic::error(
                            "unknown-threshold",
                            "on ne sait pas combien de services de `some_of` il faut",
                            "how many services of `some_of` are needed is not stated",
                        )
                        .help("ajouter at_least = 2", "add at_least = 2"),
                    ),
                );
            } else {
                some_of.push(Several {
                    at_least: at_least.unwrap_or(1),
                    of,
                });
            }
        }
        let all_of = self.services(record, "all_of", defects);
        let id = view.base.record(record).id.clone();
        let joins = !all_of.is_empty() || !some_of.is_empty();
        let stated = [
            "provided_by",
            "operated_by",
            "licensed_by",
            "product",
            "capability",
            "country",
            "route",
        ];
        Node {
            name: view.text(record, "name").unwrap_or_else(|| id.clone()),
            provided: !function && (!joins || stated.iter().any(|f| view.is_stated(record, f))),
            id,
            function,
            all_of,
            some_of,
            tolerated: view.number(record, "tolerated_outage_hours"),
            switch: view.number(record, "switch_hours"),
            record: Some(record),
            span: view.span(record),
        }
    }

    /// Whether what a node needs is not known: not all who state it agree, or nobody
    /// said it of a function, which may need anything until then.
    fn is_unclear(&self, record: RecordId, function: bool) -> bool {
        let mut stated = NEEDS.iter().filter(|f| self.view.is_stated(record, f));
        let silent = stated.clone().next().is_none();
        function && silent || stated.any(|f| self.view.texts(record, f).is_none())
    }

    /// The services that a property names.
    fn services(&self, record: RecordId, field: &str, defects: &mut Vec<Diagnostic>) -> Vec<usize> {
        let mut found = Vec::new();
        for named in self.view.texts(record, field).iter().flat_map(|t| t.iter()) {
            let id = named.strip_prefix("service:").unwrap_or(named);
            match self.by_id.get(id) {
                Some(position) if found.contains(position) => {}
                Some(position) => found.push(*position),
                None => {
                    let mut known: Vec<&str> = self.by_id.keys().map(|k| &**k).collect();
                    known.sort_unstable();
                    let (fr, en) = match did_you_mean(id, known.into_iter()) {
                        Some(near) => (format!("écrire « {near} »"), format!("write `{near}`")),
                        None => ("ajouter un [[service]]".into(), "add a [[service]]".into()),
                    };
                    let defect = Diagnostic::error(
                        "unknown-service",
                        format!("aucun service ne s'appelle « {id} »"),
                        format!("no service is called `{id}`"),
                    );
                    defects.push(self.at(record, field, defect.help(fr, en)));
                }
            }
        }
        found
    }

    /// A diagnostic at the place where a property, or else its record, is stated.
    fn at(&self, record: RecordId, field: &str, diagnostic: Diagnostic) -> Diagnostic {
        let place = |f: &FactId| self.view.base.fact(*f).source.span;
        let facts = self.view.facts(record, field);
        match facts.iter().find_map(place).or(self.view.span(record)) {
            Some(span) => diagnostic.at(span),
            None => diagnostic,
        }
    }

    fn provision(&self, record: RecordId) -> Provision {
        let view = self.view;
        let party = |name| {
            let stated = view.is_stated(record, name);
            let id = view
                .record(record, name)
                .and_then(|p| self.graph.by_record(p));
            id.map(Provider::Party)
                .or(stated.then_some(Provider::Unknown))
        };
        let mut by: Vec<(Role, Provider)> = ROLES
            .iter()
            .filter_map(|(role, name)| Some((*role, party(name)?)))
            .collect();
        // A role that nobody is stated to play is nobody's, unless all are.
        if by.is_empty() {
            by.push((Role::Supplier, Provider::Unknown));
        }
        Provision {
            by,
            country: view.text(record, "country"),
            route: view.text(record, "route"),
        }
    }

    fn alternative(
        &self,
        record: RecordId,
        subject: &mut Subject,
        records: &[RecordId],
        defects: &mut Vec<Diagnostic>,
    ) {
        let view = self.view;
        let replaced = view.record(record, "replaces");
        let position = replaced.and_then(|r| records.iter().position(|x| *x == r));
        let Some(position) = position else {
            let defect = Diagnostic::error(
                "replaces-nothing",
                "on ne sait pas quel service cette alternative remplace",
                "which service this alternative replaces is not stated",
            );
            defects.push(self.at(
                record,
                "replaces",
                defect.help(
                    "ajouter replaces = \"service:…\"",
                    "add replaces = \"service:…\"",
                ),
            ));
            return;
        };
        subject.replacements[position].push(Replacement {
            id: view.base.record(record).id.clone(),
            name: view.name(record),
            provision: self.provision(record),
            beside: view.bool(record, "beside") == Some(true),
            switch: view.number(record, "switch_hours"),
            cost: view.number(record, "cost"),
            days: view.number(record, "days"),
            estimate: None,
            span: view.span(record),
        });
    }

    fn of_market(&self, record: RecordId, market: &[Capability]) -> Vec<Replacement> {
        let Some(word) = self.view.text(record, "capability") else {
            return Vec::new();
        };
        let users = self.view.number(record, "users");
        let applicant = self.view.part(self.view.base.root(), "organisation");
        let own = applicant.and_then(|r| self.graph.by_record(r));
        let found = market.iter().filter(|c| *c.capability == *word);
        found
            .flat_map(|c| c.alternatives.iter().map(move |a| (c, a)))
            .map(|(c, a)| Replacement::of_market(c, a, users, own))
            .collect()
    }
}

/// The applicant among the parties.
pub(super) fn applicant(view: View<'_>, graph: &ControlGraph) -> Option<EntityId> {
    graph.by_record(view.part(view.base.root(), "organisation")?)
}
