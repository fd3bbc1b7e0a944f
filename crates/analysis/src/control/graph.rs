//! The graph of holdings.

use crate::exact::{Range, Ratio};
use crate::flow::{Flow, FlowError, Part};
use cocarde_model::{Decimal, Diagnostic, Interval, RecordId, Span};
use num_traits::{One, Zero};
use std::collections::HashSet;
use std::sync::Arc;

/// Entities linked by holdings that the exact analyses accept; larger graphs are
/// for the register kernel.
pub const MAX_ENTITIES: usize = 5_000;

/// Entities linked by holdings times holdings that the exact analyses accept: each entity's share is
/// followed through every holding.
pub const MAX_WORK: usize = 4_000_000;

/// An entity, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(pub u32);

impl EntityId {
    /// Its position.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A company: it has holders, named or not.
    Company,
    /// A natural person.
    Person,
    /// A fund: it has holders, named or not.
    Fund,
    /// A State.
    State,
    /// A public body.
    PublicBody,
    /// An association: nobody holds it.
    Association,
}

impl Kind {
    /// The kind of that name in the fact schema.
    pub fn parse(name: &str) -> Option<Kind> {
        Some(match name {
            "company" => Kind::Company,
            "person" => Kind::Person,
            "fund" => Kind::Fund,
            "state" => Kind::State,
            "public-body" => Kind::PublicBody,
            "association" => Kind::Association,
            _ => return None,
        })
    }

    /// Whether such an entity has holders at all.
    pub fn is_held(self) -> bool {
        matches!(self, Kind::Company | Kind::Fund)
    }
}

/// A right that goes beyond the votes of a holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpecialRight {
    /// A veto by contract or statutes.
    Veto,
    /// A golden share: a veto of a public body.
    GoldenShare,
    /// The right to appoint the majority of a board.
    AppointMajority,
    /// The right to appoint a minority of a board.
    AppointMinority,
}

impl SpecialRight {
    /// The right of that name in the fact schema.
    pub fn parse(name: &str) -> Option<SpecialRight> {
        Some(match name {
            "veto" => SpecialRight::Veto,
            "golden-share" => SpecialRight::GoldenShare,
            "appoint-majority" => SpecialRight::AppointMajority,
            "appoint-minority" => SpecialRight::AppointMinority,
            _ => return None,
        })
    }

    /// Its name in the fact schema.
    pub fn name(self) -> &'static str {
        match self {
            SpecialRight::Veto => "veto",
            SpecialRight::GoldenShare => "golden-share",
            SpecialRight::AppointMajority => "appoint-majority",
            SpecialRight::AppointMinority => "appoint-minority",
        }
    }

    /// Whether it lets its holder block a decision.
    pub fn blocks(self) -> bool {
        matches!(self, SpecialRight::Veto | SpecialRight::GoldenShare)
    }
}

/// A company, person, fund, State, public body or association. `None` is
/// unknown, never *no*. Countries are ISO 3166-1 alpha-2 codes.
#[derive(Clone, Debug, Default)]
pub struct Entity {
    /// The name people know it by.
    pub name: Arc<str>,
    /// What it is.
    pub kind: Option<Kind>,
    /// Country of the registered seat.
    pub seat: Option<Arc<str>>,
    /// Country of the central administration.
    pub central_administration: Option<Arc<str>>,
    /// Country of the main establishment.
    pub main_establishment: Option<Arc<str>>,
    /// Country of residence of a person.
    pub residence: Option<Arc<str>>,
    /// Nationality of a person.
    pub nationality: Option<Arc<str>>,
    /// Country it is said to be controlled from, by whoever stated it.
    pub controlled_from: Option<Arc<str>>,
    /// Whether its shares are listed.
    pub listed: Option<bool>,
    /// The party it was read from.
    pub record: Option<RecordId>,
}

/// A holding: who holds which share of whom. Shares are percentages.
#[derive(Clone, Debug)]
pub struct Holding {
    /// Who holds.
    pub holder: EntityId,
    /// What is held.
    pub held: EntityId,
    /// Share of the capital, in percent; [`Interval::ALL`] when unknown.
    pub capital: Interval,
    /// Share of the votes, in percent; [`Interval::ALL`] when unknown.
    pub votes: Interval,
    /// Special rights; `None` when nobody said whether there are any.
    pub rights: Option<Vec<SpecialRight>>,
    /// The record it was read from.
    pub record: Option<RecordId>,
    /// Where it was stated.
    pub span: Option<Span>,
}

impl Holding {
    /// A holding of shares with as many votes, without special rights.
    pub fn of(holder: EntityId, held: EntityId, percent: Interval) -> Holding {
        Holding {
            holder,
            held,
            capital: percent,
            votes: percent,
            rights: Some(Vec::new()),
            record: None,
            span: None,
        }
    }
}

/// Which shares are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Shares of the capital.
    Capital,
    /// Shares of the votes.
    Votes,
}

/// What is known of the holders of one entity that are not named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// They may be anyone, a named entity included.
    Anyone,
    /// They are nobody who is named: the list of holdings is complete.
    Strangers,
    /// They are below the threshold at which a listed company's holders must
    /// declare themselves, and the rule does not count them.
    Dispersed,
}

/// Entities and holdings, checked.
#[derive(Clone, Debug)]
pub struct ControlGraph {
    entities: Vec<Entity>,
    holdings: Vec<Holding>,
    complete: bool,
    /// Holdings by the entity held.
    above: Vec<Vec<u32>>,
    /// Holdings by holder.
    below: Vec<Vec<u32>>,
}

impl ControlGraph {
    /// Checks entities and holdings and builds the graph. `complete` states
    /// that no holding is missing from the list.
    ///
    /// # Errors
    /// One diagnostic for each defect: a share that is negative or above 100 %,
    /// shares of one entity that exceed 100 % together, an entity that holds
    /// itself, an unknown entity, a loop that nobody outside holds, a graph
    /// above [`MAX_ENTITIES`] or [`MAX_WORK`].
    pub fn new(
        entities: Vec<Entity>,
        holdings: Vec<Holding>,
        complete: bool,
    ) -> Result<ControlGraph, Vec<Diagnostic>> {
        let linked = linked(&holdings);
        if linked > MAX_ENTITIES {
            return Err(vec![too_large(linked)]);
        }
        if linked.saturating_mul(holdings.len()) > MAX_WORK {
            return Err(vec![too_much(linked, holdings.len())]);
        }
        let unknown: Vec<Diagnostic> = holdings
            .iter()
            .filter(|h| h.holder.index().max(h.held.index()) >= entities.len())
            .map(|h| {
                let e = Diagnostic::error(
                    "unknown-entity",
                    "une détention nomme une entité qui n'existe pas",
                    "a holding names an entity that does not exist",
                );
                at(e, h)
            })
            .collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let mut graph = ControlGraph {
            above: vec![Vec::new(); entities.len()],
            below: vec![Vec::new(); entities.len()],
            entities,
            holdings,
            complete,
        };
        for (i, h) in graph.holdings.iter().enumerate() {
            graph.above[h.held.index()].push(i as u32);
            graph.below[h.holder.index()].push(i as u32);
        }
        let mut defects = graph.defects();
        if defects.is_empty() {
            defects = graph.closed_loops();
        }
        if defects.is_empty() {
            Ok(graph)
        } else {
            Err(defects)
        }
    }

    /// The entity of that id.
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id.index()]
    }

    /// All entities, in order.
    pub fn entities(&self) -> impl Iterator<Item = (EntityId, &Entity)> {
        let ids = (0..).map(EntityId);
        ids.zip(&self.entities)
    }

    /// Number of entities.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether there are no entities.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// Whether no holding is missing from the list.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Who holds an entity directly.
    pub fn holders(&self, held: EntityId) -> impl Iterator<Item = &Holding> {
        self.above[held.index()]
            .iter()
            .map(|h| &self.holdings[*h as usize])
    }

    /// What an entity holds directly.
    pub fn held(&self, holder: EntityId) -> impl Iterator<Item = &Holding> {
        self.below[holder.index()]
            .iter()
            .map(|h| &self.holdings[*h as usize])
    }

    /// All holdings, in order.
    pub fn holdings(&self) -> &[Holding] {
        &self.holdings
    }

    /// The entity read from that party.
    pub fn by_record(&self, record: RecordId) -> Option<EntityId> {
        self.entities()
            .find(|(_, e)| e.record == Some(record))
            .map(|(i, _)| i)
    }

    /// The share of a holding, as a fraction.
    pub fn share(holding: &Holding, measure: Measure) -> Range {
        Range::of_percent(match measure {
            Measure::Capital => holding.capital,
            Measure::Votes => holding.votes,
        })
    }

    /// The share of an entity that no named holder holds, as a fraction. A list
    /// that is stated to be complete leaves nothing where the named may have it all.
    pub fn remainder(&self, held: EntityId, measure: Measure) -> Range {
        let shares = self.holders(held).map(|h| Self::share(h, measure));
        let named = shares.fold(Range::point(Ratio::zero()), |a, b| a.plus(&b));
        let left = |taken: Ratio| (Ratio::one() - taken).max(Ratio::zero());
        let least = left(named.hi);
        if self.complete && least.is_zero() {
            Range::point(least)
        } else {
            Range::new(least, left(named.lo))
        }
    }

    /// What is known of the unnamed holders of an entity.
    pub fn unnamed(&self, held: EntityId, listed_declare: bool) -> Unnamed {
        if listed_declare && self.entity(held).listed == Some(true) {
            Unnamed::Dispersed
        } else if self.complete {
            Unnamed::Strangers
        } else {
            Unnamed::Anyone
        }
    }

    /// Whether an entity is an end of every chain: a person, a State, a public
    /// body or an association, which nobody holds.
    pub fn is_end(&self, id: EntityId) -> bool {
        self.is_headless(id) && !self.entity(id).kind.is_none_or(Kind::is_held)
    }

    /// Whether an entity without a named holder is stated to be controlled from
    /// its own country, in a list of holdings that is stated to be complete. This
    /// answers who may control it, not who holds the shares that give no control.
    pub fn is_stated_top(&self, id: EntityId) -> bool {
        let entity = self.entity(id);
        let at_home = entity.seat.is_some() && entity.controlled_from == entity.seat;
        self.complete && at_home && self.is_headless(id)
    }

    fn is_headless(&self, id: EntityId) -> bool {
        self.above[id.index()].is_empty()
    }

    /// Whether the holders of an entity that are not named count: those of a
    /// listed company had to declare themselves and would be on a complete list.
    fn counts_unnamed(&self, held: EntityId, listed_declare: bool) -> bool {
        !self.complete || self.unnamed(held, listed_declare) != Unnamed::Dispersed
    }

    /// Whether an entity has holders that count, of whom nobody named one.
    pub fn is_unstated(&self, id: EntityId, listed_declare: bool) -> bool {
        self.is_headless(id) && !self.is_end(id) && self.counts_unnamed(id, listed_declare)
    }

    /// The flow of ownership: entities by position, then two ends, the unnamed
    /// holders who may be anyone and those who are not counted.
    pub fn flow(&self, measure: Measure, listed_declare: bool) -> Flow {
        let mut flow = Flow::default();
        for _ in 0..self.len() + 2 {
            flow.end();
        }
        for (id, _) in self.entities() {
            if self.is_end(id) {
                continue;
            }
            let mut parts: Vec<Part> = self
                .holders(id)
                .map(|h| Part {
                    to: h.holder.index(),
                    share: Self::share(h, measure),
                })
                .collect();
            let counted = self.counts_unnamed(id, listed_declare);
            let to = self.len() + usize::from(!counted);
            let share = self.remainder(id, measure);
            parts.push(Part { to, share });
            flow.split(id.index(), parts);
        }
        flow
    }

    fn defects(&self) -> Vec<Diagnostic> {
        let mut defects: Vec<Diagnostic> = self
            .holdings
            .iter()
            .flat_map(|h| self.defects_of(h))
            .collect();
        for (id, _) in self.entities() {
            for (measure, fr, en) in [
                (Measure::Capital, "du capital", "capital"),
                (Measure::Votes, "des votes", "vote"),
            ] {
                let sum: Ratio = self.holders(id).map(|h| Self::share(h, measure).lo).sum();
                if sum > Ratio::one() && defects.is_empty() {
                    defects.push(self.above_whole(id, &sum, fr, en));
                }
            }
        }
        defects
    }

    fn defects_of(&self, h: &Holding) -> Vec<Diagnostic> {
        let mut defects = Vec::new();
        let (holder, held) = (&self.entity(h.holder).name, &self.entity(h.held).name);
        if h.holder == h.held {
            let e = Diagnostic::error(
                "self-holding",
                format!("« {held} » ne peut pas se détenir elle-même"),
                format!("\"{held}\" cannot hold itself"),
            )
            .help(
                "retirez la ligne : l'autodétention est dans le reste non attribué",
                "remove the line: treasury shares belong to the unattributed remainder",
            );
            defects.push(at(e, h));
        }
        for share in [h.capital, h.votes] {
            let outside = |d: Decimal| d < Decimal::ZERO || d > Decimal::ONE_HUNDRED;
            if share.lo().is_some_and(outside) || share.hi().is_some_and(outside) {
                let e = Diagnostic::error(
                    "share-out-of-range",
                    format!(
                        "part de « {holder} » dans « {held} » : {share} n'est pas entre 0 et 100"
                    ),
                    format!(
                        "share of \"{holder}\" in \"{held}\": {share} is not between 0 and 100"
                    ),
                )
                .help(
                    "écrivez un pourcentage de 0 à 100",
                    "write a percentage from 0 to 100",
                );
                defects.push(at(e, h));
            }
        }
        defects
    }

    fn above_whole(&self, id: EntityId, sum: &Ratio, fr: &str, en: &str) -> Diagnostic {
        let name = &self.entity(id).name;
        let total = Range::point(sum.clone()).to_percent();
        let holders: Vec<&str> = self
            .holders(id)
            .map(|h| &*self.entity(h.holder).name)
            .collect();
        let holders = holders.join(", ");
        let error = Diagnostic::error(
            "shares-above-whole",
            format!("les parts {fr} de « {name} » dépassent 100 % : {total} ({holders})"),
            format!("the {en} shares of \"{name}\" exceed 100%: {total} ({holders})"),
        )
        .help(
            "corrigez une part, ou retirez une détention comptée deux fois",
            "correct a share, or remove a holding that is counted twice",
        );
        let last = self.holders(id).last();
        last.map_or(error.clone(), |h| at(error, h))
    }

    fn closed_loops(&self) -> Vec<Diagnostic> {
        let mut defects = Vec::new();
        for measure in [Measure::Capital, Measure::Votes] {
            match self.flow(measure, false).check() {
                Ok(()) => continue,
                Err(FlowError::Closed(nodes)) => defects.push(self.closed_loop(&nodes)),
                Err(error) => defects.push(flow_diagnostic(&error)),
            }
            break;
        }
        defects
    }

    fn closed_loop(&self, nodes: &[usize]) -> Diagnostic {
        let names: Vec<&str> = nodes.iter().map(|n| &*self.entities[*n].name).collect();
        let names = names.join(", ");
        let error = Diagnostic::error(
            "closed-loop",
            format!("personne d'extérieur ne détient cette boucle : {names}"),
            format!("nobody outside holds this loop: {names}"),
        )
        .help(
            "une société doit avoir, au bout de la chaîne, un détenteur hors de la boucle",
            "a company must have, at the end of the chain, a holder outside the loop",
        );
        let inside = |h: &&Holding| nodes.contains(&h.held.index());
        let place = self.holdings.iter().find(inside);
        place.map_or(error.clone(), |h| at(error, h))
    }
}

/// How many entities are in a holding.
fn linked(holdings: &[Holding]) -> usize {
    let ends = holdings.iter().flat_map(|h| [h.holder, h.held]);
    ends.collect::<HashSet<_>>().len()
}

/// The diagnostic for a flow that could not be computed.
pub(crate) fn flow_diagnostic(error: &FlowError) -> Diagnostic {
    match error {
        FlowError::LoopTooLarge(n) => Diagnostic::error(
            "loop-too-large",
            format!(
                "une boucle de {n} entités dépasse la limite de {}",
                crate::flow::MAX_LOOP
            ),
            format!(
                "a loop of {n} entities exceeds the limit of {}",
                crate::flow::MAX_LOOP
            ),
        ),
        FlowError::Infeasible(_) | FlowError::Closed(_) => Diagnostic::error(
            "inconsistent-shares",
            "les parts ne peuvent pas totaliser 100 %",
            "the shares cannot add up to 100%",
        ),
    }
}

fn too_much(entities: usize, holdings: usize) -> Diagnostic {
    Diagnostic::error(
        "graph-too-large",
        format!(
            "{entities} entités × {holdings} détentions : l'analyse exacte en accepte {MAX_WORK}"
        ),
        format!("{entities} entities × {holdings} holdings: the exact analysis accepts {MAX_WORK}"),
    )
    .help(
        "gardez les entités au-dessus du demandeur",
        "keep the entities above the applicant",
    )
}

fn too_large(n: usize) -> Diagnostic {
    Diagnostic::error(
        "graph-too-large",
        format!("{n} entités : l'analyse exacte en accepte {MAX_ENTITIES}"),
        format!("{n} entities: the exact analysis accepts {MAX_ENTITIES}"),
    )
    .help(
        "gardez les entités au-dessus du demandeur",
        "keep the entities above the applicant",
    )
}

fn at(diagnostic: Diagnostic, holding: &Holding) -> Diagnostic {
    match holding.span {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    }
}
