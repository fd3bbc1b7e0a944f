//! Who controls whom in a whole graph.
//!
//! Whoever controls a holder controls all that the holder does, so each entity
//! is worked out after those that it holds and takes over what they control.

use super::controlled::{ControlRule, Group, Step, Strangers};
use super::graph::{ControlGraph, EntityId};
use crate::scc;
use cocarde_model::Truth;
use std::sync::OnceLock;

/// Who controls one entity in the last resort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ultimate {
    /// The controllers that nobody outside their own circle controls; several
    /// when they control one another, none when no control is certain.
    pub sure: Vec<EntityId>,
    /// Named entities that may control it, besides.
    pub possible: Vec<EntityId>,
    /// Whether an unnamed holder may control it.
    pub unnamed: bool,
}

/// Who controls whom in a whole graph.
#[derive(Clone, Debug)]
pub struct ControlTable<'a> {
    pub(super) graph: &'a ControlGraph,
    rule: ControlRule,
    /// What each holder controls; `None` for entities that hold nothing named.
    rows: Vec<Option<Row>>,
    /// Entities that anyone may control through unnamed holders.
    open: Vec<bool>,
    unnamed: Vec<bool>,
    /// Whether nobody outside its own circle surely controls an entity.
    top: Vec<bool>,
    steps: Vec<OnceLock<Vec<Step>>>,
    ultimate: Vec<OnceLock<Ultimate>>,
}

#[derive(Clone, Debug)]
struct Row {
    sure: Vec<bool>,
    possible: Vec<bool>,
}

impl<'a> ControlTable<'a> {
    /// Works out what every entity controls.
    pub fn new(graph: &'a ControlGraph, rule: &ControlRule) -> ControlTable<'a> {
        let n = graph.len();
        let reached = |strangers| -> Vec<bool> {
            let group = Group {
                strangers,
                ..Group::nobody(n)
            };
            let truth = graph.controlled_by(&group, rule).truth;
            truth.iter().map(|t| *t != Truth::False).collect()
        };
        let mut table = ControlTable {
            graph,
            rule: rule.clone(),
            rows: vec![None; n],
            open: reached(Strangers::Nobody),
            unnamed: reached(Strangers::One),
            top: vec![true; n],
            steps: vec![OnceLock::new(); n],
            ultimate: vec![OnceLock::new(); n],
        };
        let held = |id: u32| graph.held(EntityId(id)).map(|h| h.held.0);
        let next: Vec<Vec<u32>> = (0..n as u32).map(|id| held(id).collect()).collect();
        scc::components(
            n,
            |id| &next[id as usize],
            |members| {
                for id in members.iter().filter(|id| !next[**id as usize].is_empty()) {
                    table.rows[*id as usize] = Some(table.row(EntityId(*id)));
                }
            },
        );
        table.find_tops();
        table
    }

    fn row(&self, id: EntityId) -> Row {
        let (graph, rule) = (self.graph, &self.rule);
        let nobody = vec![false; self.rows.len()];
        Row {
            sure: self.spread(
                id,
                nobody,
                |row| &row.sure,
                |id, inside| graph.surely(id, inside, rule).is_some(),
            ),
            possible: self.spread(
                id,
                self.open.clone(),
                |row| &row.possible,
                |id, inside| graph.possibly(id, inside, Strangers::Nobody, rule),
            ),
        }
    }

    /// The least set that holds `inside`, a closed one, and `id`, and is closed under `joins`.
    fn spread(
        &self,
        id: EntityId,
        mut inside: Vec<bool>,
        known: impl Fn(&Row) -> &Vec<bool>,
        joins: impl Fn(EntityId, &[bool]) -> bool,
    ) -> Vec<bool> {
        let below = |id: EntityId| self.graph.held(id).map(|h| h.held);
        inside[id.index()] = true;
        let mut todo: Vec<EntityId> = below(id).collect();
        while let Some(id) = todo.pop() {
            if inside[id.index()] || !joins(id, &inside) {
                continue;
            }
            inside[id.index()] = true;
            todo.extend(below(id));
            let Some(row) = &self.rows[id.index()] else {
                continue;
            };
            for (i, _) in known(row).iter().enumerate().filter(|(_, x)| **x) {
                if !std::mem::replace(&mut inside[i], true) {
                    todo.extend(below(EntityId(i as u32)));
                }
            }
        }
        inside
    }

    fn find_tops(&mut self) {
        for (z, row) in self.rows.iter().enumerate() {
            let Some(row) = row else { continue };
            for x in (0..row.sure.len()).filter(|x| *x != z && row.sure[*x]) {
                let back = self.rows[x].as_ref().is_some_and(|r| r.sure[z]);
                self.top[x] &= back;
            }
        }
    }

    /// Whether one entity controls another.
    pub fn controls(&self, controller: EntityId, controlled: EntityId) -> Truth {
        let i = controlled.index();
        let row = self.rows[controller.index()].as_ref();
        if controller == controlled || row.is_some_and(|r| r.sure[i]) {
            Truth::True
        } else if row.map_or(self.open[i], |r| r.possible[i]) {
            Truth::Unknown
        } else {
            Truth::False
        }
    }

    /// What one entity controls, itself included.
    pub fn controlled_by(&self, controller: EntityId) -> Vec<Truth> {
        let all = (0..self.rows.len() as u32).map(EntityId);
        all.map(|id| self.controls(controller, id)).collect()
    }

    /// Whether an entity has named holdings, without which it surely controls nobody.
    pub fn is_holder(&self, id: EntityId) -> bool {
        self.rows[id.index()].is_some()
    }

    /// How one entity came to control others, in order.
    pub fn steps(&self, controller: EntityId) -> &[Step] {
        self.steps[controller.index()].get_or_init(|| {
            let group = Group::one(self.rows.len(), controller);
            self.graph
                .surely_controlled_by(&group.members, &self.rule)
                .1
        })
    }

    /// Whether there are some who surely control an entity in the last resort, and all of
    /// them state from where they are controlled: that answers for whoever may stand above.
    pub fn heads_answer(&self, id: EntityId) -> bool {
        let heads = &self.ultimate(id).sure;
        !heads.is_empty() && heads.iter().all(|h| self.is_stated(*h))
    }

    /// Whether an entity states from where it is controlled.
    fn is_stated(&self, id: EntityId) -> bool {
        self.graph.entity(id).controlled_from.one().is_some()
    }

    /// Whether it is disputed or not stated who holds what of an entity, or of one who surely
    /// controls it.
    fn is_disputed(&self, id: EntityId) -> bool {
        let mut disputed = self.graph.entities().filter(|(x, entity)| {
            entity.control_disputed
                || entity.perhaps_held
                || (entity.votes_vary && self.may_gain_control(*x))
        });
        disputed.any(|(x, _)| self.controls(x, id) == Truth::True)
    }

    /// Whether someone who is named does not surely control an entity, and may. Where there
    /// is no such one, whichever votes are right, the same control it.
    fn may_gain_control(&self, id: EntityId) -> bool {
        let mut rows = self.rows.iter().flatten();
        rows.any(|row| row.possible[id.index()] && !row.sure[id.index()])
    }

    /// Who controls `id` in the last resort, where whoever may control it counts: neither
    /// it nor its heads state from where they are controlled, or those who say who has the
    /// votes disagree, for whom no such statement answers.
    pub fn unsettled(&self, id: EntityId) -> Option<&Ultimate> {
        let stated = self.is_stated(id) || self.heads_answer(id);
        (!stated || self.is_disputed(id)).then(|| self.ultimate(id))
    }

    /// Who controls `id` in the last resort.
    pub fn ultimate(&self, id: EntityId) -> &Ultimate {
        self.ultimate[id.index()].get_or_init(|| self.in_the_last_resort(id))
    }

    fn in_the_last_resort(&self, id: EntityId) -> Ultimate {
        let all = || (0..self.rows.len() as u32).map(EntityId);
        let others = || all().filter(|x| *x != id);
        let sure = |x: &EntityId| self.controls(*x, id) == Truth::True;
        let top: Vec<EntityId> = others()
            .filter(|x| self.top[x.index()] && sure(x))
            .collect();
        // Someone may still control a sure controller; what it controls itself
        // is not looked at, as a parent's shares are not its subsidiaries' to hold.
        let heads = if top.is_empty() {
            vec![id]
        } else {
            top.clone()
        };
        let below = |x: &EntityId| heads.iter().any(|h| self.controls(*h, *x) == Truth::True);
        let may = |x: &EntityId| {
            let mut heads = heads.iter();
            heads.any(|h| self.controls(*x, *h) == Truth::Unknown)
        };
        Ultimate {
            possible: others()
                .filter(|x| may(x) && !sure(x) && !below(x))
                .collect(),
            unnamed: heads.iter().any(|h| self.unnamed[h.index()]),
            sure: top,
        }
    }
}

#[cfg(test)]
mod tests;
