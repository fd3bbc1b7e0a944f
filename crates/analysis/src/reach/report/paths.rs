//! Paths from data through a custodian to a regime, and their steps.

use super::Inquiry;
use super::words::{data_name, same, tie_link};
use crate::reach::custody::{Custodian, Way};
use crate::reach::ties::Tie;
use crate::report::Line;
use cocarde_knowledge::regimes::{Aspect, Regime};
use cocarde_model::Truth;
use schemars::JsonSchema;
use serde::Serialize;

/// One step of a path: `from —link→ to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hop {
    /// Where the step starts, for people.
    pub from: Line,
    /// What links the two.
    pub link: Line,
    /// Where it leads.
    pub to: Line,
    /// The provision that founds the step, where it is one of law.
    pub basis: Option<Line>,
}

/// A path from data through a custodian to a regime.
pub(super) struct Path<'a> {
    pub(super) custodian: &'a Custodian,
    pub(super) tie: Tie,
    pub(super) truth: Truth,
    /// What is unknown of it.
    pub(super) missing: Vec<Line>,
}

impl Path<'_> {
    /// Shorter first, then the nearer custodian.
    fn rank(&self) -> (usize, usize, Way) {
        let provides = usize::from(self.custodian.way != Way::Provides);
        (
            self.tie.through.len() + provides,
            self.tie.kind as usize,
            self.custodian.way,
        )
    }

    /// Whether it differs from another at most in the hosting and the country.
    fn is_like(&self, other: &Path<'_>) -> bool {
        let key = |p: &Path<'_>| (p.custodian.actor, p.custodian.way, p.tie.kind, p.truth);
        key(self) == key(other) && self.tie.through == other.tie.through
    }
}

/// One hosting and another of the same actor prove the same: one path, in all
/// of their countries, with the questions of both.
fn merged(paths: Vec<Path<'_>>) -> Vec<Path<'_>> {
    let mut kept: Vec<Path<'_>> = Vec::new();
    for path in paths {
        match kept.iter_mut().find(|k| k.is_like(&path)) {
            Some(same) => {
                let countries = &mut same.tie.countries;
                countries.extend(path.tie.countries);
                countries.sort();
                countries.dedup();
                same.tie.open |= path.tie.open;
                same.missing.extend(path.missing);
            }
            None => kept.push(path),
        }
    }
    kept
}

impl Inquiry<'_> {
    /// The paths that hold or may hold, shortest first.
    pub(super) fn paths(&self, class: &str, regime: &Regime, aspect: Aspect) -> Vec<Path<'_>> {
        let mut paths = Vec::new();
        for custodian in &self.custodies.list {
            let has = custodian.has_for(class, aspect);
            if has == Truth::False {
                continue;
            }
            let ties = self.jurisdictions.ties(custodian, regime);
            let settled = ties.iter().any(|t| self.settles(t, regime));
            for tie in ties {
                let open = if settled { &[][..] } else { tie.questions() };
                paths.push(Path {
                    custodian,
                    truth: has.and(tie.truth),
                    missing: self.questions(custodian, has, open, aspect),
                    tie,
                });
            }
        }
        paths.sort_by_key(Path::rank);
        merged(paths)
    }

    /// A path, step by step, for people.
    pub(super) fn hops(&self, data: &str, path: &Path<'_>, regime: &Regime) -> Vec<Hop> {
        let custodian = path.custodian;
        let mut hops = vec![Hop {
            from: data_name(data),
            link: match custodian.way {
                Way::Provides => Line::new("prestataire", "provider"),
                Way::Hosts => Line::new("hébergeur", "host"),
                Way::Supplies => Line::new("accès de", "access of"),
            },
            to: self.name(custodian.actor),
            basis: None,
        }];
        if data == "service" {
            hops[0].link = Line::new("dépend de", "depends on");
        }
        let mut at = self.name(custodian.actor);
        for id in &path.tie.through {
            let to = same(&self.graph.entity(*id).name);
            hops.push(Hop {
                from: at,
                link: Line::new("contrôlée par", "controlled by"),
                to: to.clone(),
                basis: None,
            });
            at = to;
        }
        let countries = match &path.tie.countries[..] {
            [] => "?".into(),
            countries => countries.join(", "),
        };
        let rule = regime.ties.iter().find(|t| t.kind == path.tie.kind);
        hops.push(Hop {
            from: at,
            link: tie_link(path.tie.kind, path.tie.through.is_empty(), &countries),
            to: Line::from(&regime.name),
            basis: rule.map(|t| Line::new(&t.fr, &t.en)),
        });
        hops
    }
}
