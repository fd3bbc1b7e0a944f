//! The report of the control analysis, for machines and for people.

use super::chains::Chain;
use super::controlled::Step;
use super::graph::{ControlGraph, Entity, EntityId, Kind, Measure, flow_diagnostic};
use super::outside::{Outside, OutsideRule, Persons};
use super::table::{ControlTable, Ultimate};
use super::voting::Game;
use crate::exact::Range;
use crate::report::{Bounds, Line, Verdict};
use cocarde_model::{Decimal, Diagnostic, Truth};
use num_traits::Zero;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Who holds and controls one company.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ControlReport {
    /// The company.
    pub target: String,
    /// Who controls it in the last resort.
    pub control: ControlSummary,
    /// Everyone above it, by what they hold of its capital.
    pub owners: Vec<Owner>,
    /// The company, first, and every entity above it.
    pub entities: Vec<EntityLine>,
    /// Who holds what directly among them.
    pub holdings: Vec<HoldingLine>,
    /// Voting power of its direct holders, when nobody has the majority and
    /// all votes are known.
    pub power: Vec<VotingPower>,
    /// What entities outside hold.
    pub outside: OutsideSummary,
    /// What the results take for granted.
    pub assumptions: Vec<Line>,
    /// The results, in sentences.
    pub explanation: Vec<Line>,
}

/// The company or an entity above it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EntityLine {
    /// Its name.
    pub name: String,
    /// What it is, if known.
    #[schemars(with = "Option<String>")]
    pub kind: Option<Kind>,
    /// Its country, if known.
    pub country: Option<Arc<str>>,
    /// Whether it lies outside.
    pub outside: Verdict,
    /// Whether it controls the company, by votes or by right.
    pub controls: Verdict,
    /// The share of its capital whose holders nobody named, percent.
    pub unnamed: Bounds,
}

/// A direct holding between two entities of the report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HoldingLine {
    /// Place of the holder among the entities.
    pub holder: usize,
    /// Place of the company held.
    pub held: usize,
    /// Share of the capital, percent.
    pub capital: Bounds,
    /// Share of the votes, percent.
    pub votes: Bounds,
    /// Special rights, by their names in the fact schema.
    pub rights: Vec<&'static str>,
}

/// Who controls a company in the last resort.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ControlSummary {
    /// Certain controllers; several when they control one another.
    pub controllers: Vec<String>,
    /// Named entities that may control it, besides.
    pub possible: Vec<String>,
    /// Whether a holder that nobody named may control it.
    pub unnamed: bool,
    /// The country it is controlled from, when certain.
    pub country: Option<Arc<str>>,
    /// How control comes about, step by step.
    pub proof: Vec<Line>,
}

/// One entity above the company.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Owner {
    /// Its name.
    pub name: String,
    /// Its country, if known.
    pub country: Option<Arc<str>>,
    /// Whether nobody holds it.
    pub end: bool,
    /// Share of the capital, percent, direct and indirect.
    pub capital: Bounds,
    /// Share of the votes, percent, multiplied along chains.
    pub votes: Bounds,
    /// Whether it controls the company.
    pub controls: Verdict,
}

/// The power of one direct holder.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VotingPower {
    /// Its name.
    pub name: String,
    /// Its votes, percent.
    pub votes: Bounds,
    /// Banzhaf's index, percent.
    pub banzhaf: Bounds,
    /// Shapley–Shubik's index, percent.
    pub shapley_shubik: Bounds,
}

/// What entities outside hold of the company; shares in percent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OutsideSummary {
    /// Largest share of the capital of one of them.
    pub capital_max: Bounds,
    /// Largest share of the votes of one of them.
    pub votes_max: Bounds,
    /// Share of the capital together.
    pub capital: Bounds,
    /// Share of the votes together.
    pub votes: Bounds,
    /// Whether one of them holds a veto.
    pub veto: Verdict,
    /// Whether they can appoint the majority of a board.
    pub board_majority: Verdict,
    /// Each of them.
    pub holders: Vec<HolderSummary>,
}

/// What one entity outside holds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HolderSummary {
    /// Its name.
    pub name: String,
    /// Its country, if known.
    pub country: Option<Arc<str>>,
    /// Whether it lies outside.
    pub outside: Verdict,
    /// Share of the capital, percent.
    pub capital: Bounds,
    /// Share of the votes, percent.
    pub votes: Bounds,
    /// The chains of holdings that prove the share of the capital.
    pub chains: Vec<ChainSummary>,
    /// Whether there are more chains than those listed.
    pub more_chains: bool,
}

/// A chain of holdings.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChainSummary {
    /// Names, from the owner to the company.
    pub path: Vec<String>,
    /// Share of each step, percent.
    pub shares: Vec<Bounds>,
    /// Their product, percent.
    pub share: Bounds,
}

/// All that is known about the control of one company.
#[derive(Clone, Debug)]
pub struct ControlAnalysis<'a> {
    graph: &'a ControlGraph,
    rule: &'a OutsideRule,
    target: EntityId,
    table: ControlTable<'a>,
    /// Shares held from outside.
    pub outside: Outside,
}

impl<'a> ControlAnalysis<'a> {
    /// Analyses the control of `target`.
    ///
    /// # Errors
    /// A loop too large to solve exactly.
    pub fn new(
        graph: &'a ControlGraph,
        target: EntityId,
        rule: &'a OutsideRule,
    ) -> Result<ControlAnalysis<'a>, Vec<Diagnostic>> {
        let table = ControlTable::new(graph, &rule.control);
        let outside = graph
            .outside(target, rule, &table)
            .map_err(|e| vec![flow_diagnostic(&e)])?;
        Ok(ControlAnalysis {
            graph,
            rule,
            target,
            table,
            outside,
        })
    }

    /// Who controls whom.
    pub fn table(&self) -> &ControlTable<'a> {
        &self.table
    }

    fn name(&self, id: EntityId) -> String {
        self.graph.entity(id).name.to_string()
    }

    /// The country an entity counts for.
    pub fn country(&self, entity: &Entity) -> Option<Arc<str>> {
        match (entity.kind, self.rule.persons) {
            (Some(Kind::Person), Persons::Nationality) => entity.nationality.clone(),
            (Some(Kind::Person), _) => entity.residence.clone(),
            _ => entity.seat.clone(),
        }
    }

    /// The country from which an entity is controlled, when certain: that of
    /// its ultimate controllers, or its own when nobody controls it. Where someone
    /// that nobody named may stand above them, it takes a statement of theirs.
    pub fn controlled_from(&self, id: EntityId) -> Option<Arc<str>> {
        let ultimate = self.table.ultimate(id);
        let stated = |h: &EntityId| self.graph.entity(*h).controlled_from.is_some();
        let answered = !ultimate.sure.is_empty() && ultimate.sure.iter().all(stated);
        let open = ultimate.unnamed && !(answered && self.graph.is_complete());
        if open || !ultimate.possible.is_empty() {
            return None;
        }
        let heads = if ultimate.sure.is_empty() {
            vec![id]
        } else {
            ultimate.sure
        };
        let mut countries = heads.iter().map(|h| {
            let head = self.graph.entity(*h);
            head.controlled_from.clone().or_else(|| self.country(head))
        });
        let first = countries.next()??;
        countries
            .all(|c| c.as_ref() == Some(&first))
            .then_some(first)
    }

    /// The whole report.
    ///
    /// # Errors
    /// A loop too large to solve exactly.
    pub fn report(&self) -> Result<ControlReport, Vec<Diagnostic>> {
        let control = self.control();
        let outside = self.outside_summary();
        let (entities, holdings) = self.tree();
        Ok(ControlReport {
            entities,
            holdings,
            target: self.name(self.target),
            owners: self.owners().map_err(|e| vec![flow_diagnostic(&e)])?,
            power: self.power().unwrap_or_default(),
            assumptions: self.assumptions(),
            explanation: self.explanation(&control, &outside),
            control,
            outside,
        })
    }

    /// The company and all above it, and their holdings.
    fn tree(&self) -> (Vec<EntityLine>, Vec<HoldingLine>) {
        let mut ids = vec![self.target];
        let mut next = 0;
        while let Some(id) = ids.get(next).copied() {
            next += 1;
            for h in self.graph.holders(id) {
                if !ids.contains(&h.holder) {
                    ids.push(h.holder);
                }
            }
        }
        let place = |id: EntityId| ids.iter().position(|x| *x == id);
        let holdings = self.graph.holdings().iter().filter_map(|h| {
            let rights = h.rights.iter().flatten();
            Some(HoldingLine {
                holder: place(h.holder)?,
                held: place(h.held)?,
                capital: Bounds(h.capital),
                votes: Bounds(h.votes),
                rights: rights.map(|r| r.name()).collect(),
            })
        });
        let holdings = holdings.collect();
        (
            ids.iter().map(|id| self.entity_line(*id)).collect(),
            holdings,
        )
    }

    fn entity_line(&self, id: EntityId) -> EntityLine {
        let entity = self.graph.entity(id);
        let controls = if id == self.target {
            Truth::False
        } else {
            self.table.controls(id, self.target)
        };
        let unnamed = if self.graph.is_end(id) {
            Range::point(Zero::zero())
        } else {
            self.graph.remainder(id, Measure::Capital)
        };
        EntityLine {
            name: entity.name.to_string(),
            kind: entity.kind,
            country: self.country(entity),
            outside: Verdict(self.rule.is_outside(entity)),
            controls: Verdict(controls),
            unnamed: percent(&unnamed),
        }
    }

    fn control(&self) -> ControlSummary {
        let Ultimate {
            sure,
            possible,
            unnamed,
        } = self.table.ultimate(self.target);
        let names = |ids: &[EntityId]| ids.iter().map(|id| self.name(*id)).collect();
        let proof = sure.first().map_or(Vec::new(), |head| self.proof(*head));
        ControlSummary {
            controllers: names(&sure),
            possible: names(&possible),
            unnamed,
            country: self.controlled_from(self.target),
            proof,
        }
    }

    /// The steps by which `head` came to control the target, no others.
    fn proof(&self, head: EntityId) -> Vec<Line> {
        let steps = self.table.steps(head);
        let mut needed = vec![self.target];
        let mut chosen: Vec<&Step> = Vec::new();
        for step in steps.iter().rev() {
            if needed.contains(&step.entity) {
                needed.extend(&step.through);
                chosen.push(step);
            }
        }
        chosen.iter().rev().map(|s| self.step(head, s)).collect()
    }

    fn step(&self, head: EntityId, step: &Step) -> Line {
        let names: Vec<String> = step.through.iter().map(|id| self.name(*id)).collect();
        let (head, entity, through) = (self.name(head), self.name(step.entity), names.join(" + "));
        if step.by_right {
            return Line::new(
                format!("{head} contrôle {entity} : {through} peut nommer la majorité d'un organe"),
                format!("{head} controls {entity}: {through} can appoint the majority of a board"),
            );
        }
        let votes = percent(&Range::point(step.votes.clone())).percent();
        Line::new(
            format!(
                "{head} contrôle {entity} : {} des votes par {through}",
                votes.fr
            ),
            format!(
                "{head} controls {entity}: {} of the votes through {through}",
                votes.en
            ),
        )
    }

    fn owners(&self) -> Result<Vec<Owner>, crate::flow::FlowError> {
        let shares = |m| self.graph.named_holders_of(self.target, m);
        let (capital, votes) = (shares(Measure::Capital)?, shares(Measure::Votes)?);
        let mut owners = Vec::new();
        for (id, entity) in self.graph.entities() {
            if id == self.target {
                continue;
            }
            let (capital, votes) = (&capital[id.index()], &votes[id.index()]);
            if capital.hi.is_zero() && votes.hi.is_zero() {
                continue;
            }
            let order = (capital.hi.clone(), votes.hi.clone());
            let owner = Owner {
                name: self.name(id),
                country: self.country(entity),
                end: self.graph.is_end(id),
                capital: percent(capital),
                votes: percent(votes),
                controls: Verdict(self.table.controls(id, self.target)),
            };
            owners.push((order, owner));
        }
        owners.sort_by(|a, b| b.0.cmp(&a.0));
        Ok(owners.into_iter().map(|(_, owner)| owner).collect())
    }

    /// `None` when somebody has the majority, or votes are not all known.
    fn power(&self) -> Option<Vec<VotingPower>> {
        if !self.table.ultimate(self.target).sure.is_empty() {
            return None;
        }
        let holders: Vec<_> = self.graph.holders(self.target).collect();
        let votes: Vec<Decimal> = holders
            .iter()
            .map(|h| h.votes.exact())
            .collect::<Option<_>>()?;
        if votes.iter().sum::<Decimal>() != Decimal::ONE_HUNDRED {
            return None;
        }
        let majority = crate::exact::floor(&self.rule.control.majority)?;
        let power = Game::of_shares(&votes, majority).ok()?.power();
        let index = |r: &crate::exact::Ratio| percent(&Range::point(r.clone()));
        let lines = holders.iter().enumerate().map(|(i, h)| VotingPower {
            name: self.name(h.holder),
            votes: Bounds(h.votes),
            banzhaf: index(&power.banzhaf[i]),
            shapley_shubik: index(&power.shapley_shubik[i]),
        });
        Some(lines.collect())
    }

    fn outside_summary(&self) -> OutsideSummary {
        let found = &self.outside;
        let holders = found.holders.iter().map(|h| {
            let chains = self.graph.chains(h.entity, self.target, Measure::Capital);
            HolderSummary {
                name: self.name(h.entity),
                country: self.country(self.graph.entity(h.entity)),
                outside: Verdict(h.outside),
                capital: percent(&h.capital),
                votes: percent(&h.votes),
                chains: chains.list.iter().map(|c| self.chain(c)).collect(),
                more_chains: chains.more,
            }
        });
        OutsideSummary {
            capital_max: percent(&found.capital_max),
            votes_max: percent(&found.votes_max),
            capital: percent(&found.capital),
            votes: percent(&found.votes),
            veto: Verdict(found.veto),
            board_majority: Verdict(found.board_majority),
            holders: holders.collect(),
        }
    }

    fn chain(&self, chain: &Chain) -> ChainSummary {
        ChainSummary {
            path: chain.path.iter().map(|id| self.name(*id)).collect(),
            shares: chain.shares.iter().map(percent).collect(),
            share: percent(&chain.share),
        }
    }

    fn assumptions(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.rule.follow_seat {
            lines.push(Line::new(
                "une administration centrale ou un établissement non précisé est au siège",
                "a central administration or establishment that is not stated is at the seat",
            ));
        }
        if self.rule.listed_declare {
            lines.push(Line::new(
                "pour des titres cotés, seuls comptent les détenteurs déclarés (C. com. L.233-7)",
                "for listed shares, only declared holders count (Code de commerce, L.233-7)",
            ));
        }
        lines.push(match self.rule.persons {
            Persons::Residence => Line::new(
                "les personnes physiques comptent par leur résidence",
                "natural persons count by residence",
            ),
            Persons::Nationality => Line::new(
                "les personnes physiques comptent par leur nationalité",
                "natural persons count by nationality",
            ),
            Persons::NotCounted => Line::new(
                "les personnes physiques ne comptent pas comme entités tierces",
                "natural persons do not count as third-country entities",
            ),
        });
        for (id, entity) in self.graph.entities() {
            let stated = entity.controlled_from.as_ref();
            let Some(from) = stated.filter(|_| self.is_unstated(id)) else {
                continue;
            };
            if self.table.controls(id, self.target) != Truth::False {
                lines.push(Line::new(
                    format!("{} est contrôlée depuis {from}, comme déclaré", entity.name),
                    format!("{} is controlled from {from}, as stated", entity.name),
                ));
            }
        }
        if self.graph.is_complete() {
            lines.push(Line::new(
                "la liste des détentions est dite complète : personne de nommé ne détient davantage",
                "the list of holdings is stated to be complete: nobody named holds more",
            ));
        }
        lines
    }

    fn explanation(&self, control: &ControlSummary, outside: &OutsideSummary) -> Vec<Line> {
        let mut lines = vec![self.control_line(control)];
        let pair = |fr: &str, en: &str, together: Bounds, largest: Bounds| {
            let (t, l) = (together.percent(), largest.percent());
            Line::new(
                format!(
                    "hors de la zone : {} {fr} ensemble, {} au plus pour une seule entité",
                    t.fr, l.fr
                ),
                format!(
                    "from outside: {} of the {en} together, {} at most for one entity",
                    t.en, l.en
                ),
            )
        };
        lines.push(pair(
            "du capital",
            "capital",
            outside.capital,
            outside.capital_max,
        ));
        lines.push(pair("des votes", "votes", outside.votes, outside.votes_max));
        lines.extend(self.open_line());
        for holder in &outside.holders {
            lines.extend(holder.chains.first().map(|c| chain_line(holder, c)));
        }
        lines
    }

    /// Whether an entity has holders that count, of whom nobody named one.
    fn is_unstated(&self, id: EntityId) -> bool {
        self.graph.is_unstated(id, self.rule.listed_declare)
    }

    /// Whose holders would have to be stated to know what is held from outside:
    /// the target and entities above it that do not lie outside themselves.
    pub(super) fn open_line(&self) -> Option<Line> {
        let above = self.graph.above_of(self.target);
        let open = |(id, entity): &(EntityId, &Entity)| {
            above[id.index()]
                && self.is_unstated(*id)
                && self.rule.is_outside(entity) != Truth::True
        };
        let open = self.graph.entities().filter(open);
        let names: Vec<&str> = open.map(|(_, e)| &*e.name).collect();
        let names = names.join(", ");
        (!names.is_empty()).then(|| {
            Line::new(
                format!("personne n'a dit qui détient : {names}"),
                format!("nobody stated who holds: {names}"),
            )
        })
    }

    fn control_line(&self, control: &ControlSummary) -> Line {
        let target = self.name(self.target);
        let heads = control.controllers.join(", ");
        if !control.controllers.is_empty() {
            let from = control.country.as_deref().unwrap_or("?");
            return Line::new(
                format!("{target} est contrôlée par {heads} ({from})"),
                format!("{target} is controlled by {heads} ({from})"),
            );
        }
        let unstated = self.is_unstated(self.target);
        if control.possible.is_empty() && !control.unnamed && !unstated {
            return Line::new(
                format!("personne ne contrôle {target}"),
                format!("nobody controls {target}"),
            );
        }
        Line::new(
            format!("on ne sait pas qui contrôle {target}"),
            format!("it is not known who controls {target}"),
        )
    }
}

fn chain_line(holder: &HolderSummary, chain: &ChainSummary) -> Line {
    let text = |lang: &str| {
        let mut out = chain.path[0].clone();
        for (name, share) in chain.path[1..].iter().zip(&chain.shares) {
            out += &format!(" —{}→ {name}", share.percent().get(lang));
        }
        out
    };
    let country = holder.country.as_deref().unwrap_or("?");
    let share = holder.capital.percent();
    Line::new(
        format!(
            "{} ({country}) : {} du capital ; {}",
            holder.name,
            share.fr,
            text("fr")
        ),
        format!(
            "{} ({country}): {} of the capital; {}",
            holder.name,
            share.en,
            text("en")
        ),
    )
}

fn percent(range: &Range) -> Bounds {
    Bounds(range.to_percent())
}
