//! Outcomes of the reach analysis, with the shortest proof and what would cut it.

use super::custody::{Custodian, Custodies, Way, is_content};
use super::ties::{Jurisdictions, Tie};
use crate::control::{ControlGraph, ControlTable, EntityId, OutsideRule};
use crate::facts::View;
use crate::report::Line;
use cocarde_knowledge::regimes::{Aspect, Regime, TieKind};
use cocarde_model::{Date, Truth};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Paths of an outcome that are listed besides the shortest.
pub const MAX_PATHS: usize = 8;

/// Whether a regime reaches data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// It does; the path proves it.
    Reached,
    /// It does not, under the assumptions listed.
    NotReached,
    /// What is missing would decide it.
    Undetermined,
}

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

/// Changes that, made together, cut the reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cut {
    /// Each change.
    pub together: Vec<Line>,
}

/// What one regime can do to one class of data.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Outcome {
    /// The class of data of the fact schema; `service` for availability.
    pub data: Arc<str>,
    /// The regime's id.
    pub regime: String,
    /// Its name.
    pub name: Line,
    /// Content, metadata or availability.
    #[serde(serialize_with = "aspect_name")]
    #[schemars(with = "String")]
    pub aspect: Aspect,
    /// Whether it reaches.
    pub reached: Reached,
    /// The countries whose law reaches, where it does.
    pub countries: Vec<Arc<str>>,
    /// Whether it reaches by laws from inside the area alone.
    pub inside: bool,
    /// The shortest path that proves it, or that nothing known excludes.
    pub path: Vec<Hop>,
    /// The shortest path that would prove it, were it not for the keys, where
    /// it does not reach.
    pub held_back: Vec<Hop>,
    /// Further paths, shorter ones first, at most [`MAX_PATHS`].
    pub others: Vec<Vec<Hop>>,
    /// Ways to cut every path, where it reaches.
    pub cuts: Vec<Cut>,
    /// What would decide it, where it is undetermined.
    pub missing: Vec<Line>,
    /// What *not reached* takes for granted.
    pub assumptions: Vec<Line>,
    /// The result, in a sentence.
    pub explanation: Line,
}

/// What all regimes can do to all data of an offering.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReachReport {
    /// Each class, regime and aspect that the regime could give.
    pub outcomes: Vec<Outcome>,
    /// Regimes whose data should be looked at again, on the day of the analysis.
    pub stale: Vec<Line>,
}

impl ReachReport {
    /// The outcome for a class of data, a regime and an aspect.
    pub fn outcome(&self, data: &str, regime: &str, aspect: Aspect) -> Option<&Outcome> {
        let wanted = |o: &&Outcome| &*o.data == data && o.regime == regime && o.aspect == aspect;
        self.outcomes.iter().find(wanted)
    }
}

/// The name of an aspect in reports.
pub fn name_of(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Content => "content",
        Aspect::Metadata => "metadata",
        Aspect::Availability => "availability",
    }
}

fn aspect_name<S: serde::Serializer>(aspect: &Aspect, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(name_of(*aspect))
}

/// Finds which of `regimes` reach which data of a dossier, and whether from inside
/// the area of `rule`. `None` without an applicant.
pub fn analyse(
    view: View<'_>,
    graph: &ControlGraph,
    rule: &OutsideRule,
    regimes: &[Regime],
) -> Option<ReachReport> {
    let custodies = Custodies::from_facts(view, graph)?;
    let table = ControlTable::new(graph, &rule.control);
    let jurisdictions = Jurisdictions::new(view, graph, &table, custodies.applicant);
    let inquiry = Inquiry {
        graph,
        rule,
        custodies: &custodies,
        jurisdictions,
    };
    let mut outcomes = Vec::new();
    let in_force = regimes.iter().filter(|r| r.in_force <= view.day);
    for regime in in_force.clone() {
        for aspect in &regime.yields {
            outcomes.extend(inquiry.outcomes(regime, *aspect));
        }
    }
    let stale = in_force.filter_map(|r| stale(r, view.day)).collect();
    Some(ReachReport { outcomes, stale })
}

fn stale(regime: &Regime, day: Date) -> Option<Line> {
    let limit = regime.review_by.filter(|limit| *limit < day)?;
    Some(Line::new(
        format!("{} : à revoir depuis le {limit}", regime.name.fr),
        format!("{}: to be reviewed since {limit}", regime.name.en),
    ))
}

struct Inquiry<'a> {
    graph: &'a ControlGraph,
    rule: &'a OutsideRule,
    custodies: &'a Custodies,
    jurisdictions: Jurisdictions<'a>,
}

/// A path from data through a custodian to a regime.
struct Path<'a> {
    custodian: &'a Custodian,
    tie: Tie,
    truth: Truth,
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
}

impl Inquiry<'_> {
    fn outcomes(&self, regime: &Regime, aspect: Aspect) -> Vec<Outcome> {
        let classes: Vec<Arc<str>> = match aspect {
            Aspect::Availability => vec!["service".into()],
            Aspect::Content => {
                let mut classes = self.custodies.classes();
                classes.retain(|c| is_content(c));
                classes
            }
            Aspect::Metadata => self.custodies.classes(),
        };
        let outcome = |class: Arc<str>| self.outcome(class, regime, aspect);
        classes.into_iter().map(outcome).collect()
    }

    /// Whether a custodian has what the aspect is about.
    fn has(custodian: &Custodian, class: &str, aspect: Aspect) -> Truth {
        match aspect {
            Aspect::Availability => custodian.stops,
            _ if &*custodian.class != class => Truth::False,
            Aspect::Content => custodian.has.and(custodian.readable),
            Aspect::Metadata => custodian.has,
        }
    }

    fn paths(&self, class: &str, regime: &Regime, aspect: Aspect) -> Vec<Path<'_>> {
        let mut paths = Vec::new();
        for custodian in &self.custodies.list {
            let has = Self::has(custodian, class, aspect);
            if has == Truth::False {
                continue;
            }
            for tie in self.jurisdictions.ties(custodian, regime) {
                let truth = has.and(tie.truth);
                paths.push(Path {
                    custodian,
                    tie,
                    truth,
                });
            }
        }
        paths.sort_by_key(Path::rank);
        // One hosting and another of the same actor prove the same.
        let mut seen = Vec::new();
        paths.retain(|p| {
            let key = (p.custodian.actor, p.custodian.way, p.tie.kind, p.truth);
            !seen.contains(&key) && {
                seen.push(key);
                true
            }
        });
        paths
    }

    fn outcome(&self, data: Arc<str>, regime: &Regime, aspect: Aspect) -> Outcome {
        let paths = self.paths(&data, regime, aspect);
        let sure: Vec<&Path<'_>> = paths.iter().filter(|p| p.truth == Truth::True).collect();
        // Nothing stated about hosting or suppliers proves nothing.
        let blank = self.custodies.list.is_empty() && !self.custodies.complete;
        let reached = match (sure.is_empty(), paths.is_empty() && !blank) {
            (false, _) => Reached::Reached,
            (true, true) => Reached::NotReached,
            (true, false) => Reached::Undetermined,
        };
        let shown = sure.first().copied().or(paths.first());
        let path: Vec<Hop> = shown.map_or(Vec::new(), |p| self.hops(&data, p, regime));
        let further = if sure.is_empty() {
            paths.iter().collect()
        } else {
            sure.clone()
        };
        let further = further.iter().skip(1).take(MAX_PATHS);
        let others = further.map(|p| self.hops(&data, p, regime)).collect();
        let mut countries: Vec<Arc<str>> =
            sure.iter().filter_map(|p| p.tie.country.clone()).collect();
        countries.sort();
        countries.dedup();
        Outcome {
            explanation: explanation(&data, regime, aspect, reached, &path),
            held_back: self.held_back(&data, regime, aspect, reached),
            others,
            cuts: self.cuts(aspect, &sure),
            missing: if reached == Reached::Undetermined {
                self.missing(&paths)
            } else {
                Vec::new()
            },
            assumptions: if reached == Reached::NotReached {
                self.assumptions(aspect, regime)
            } else {
                Vec::new()
            },
            data,
            regime: regime.id.clone(),
            name: Line::new(&regime.name.fr, &regime.name.en),
            aspect,
            reached,
            inside: !countries.is_empty() && countries.iter().all(|c| self.rule.inside.contains(c)),
            countries,
            path,
        }
    }

    fn held_back(&self, data: &str, regime: &Regime, aspect: Aspect, reached: Reached) -> Vec<Hop> {
        if aspect != Aspect::Content || reached != Reached::NotReached {
            return Vec::new();
        }
        // Whoever has the data without the keys reaches what keys do not hide.
        let paths = self.paths(data, regime, Aspect::Metadata);
        let sure = paths.iter().find(|p| p.truth == Truth::True);
        sure.map_or(Vec::new(), |p| self.hops(data, p, regime))
    }

    fn name(&self, actor: Option<EntityId>) -> Line {
        match actor {
            Some(id) => same(&self.graph.entity(id).name),
            None => Line::new("un exploitant non nommé", "an operator nobody named"),
        }
    }

    fn hops(&self, data: &str, path: &Path<'_>, regime: &Regime) -> Vec<Hop> {
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
        let country = path.tie.country.as_deref().unwrap_or("?");
        let rule = regime.ties.iter().find(|t| t.kind == path.tie.kind);
        hops.push(Hop {
            from: at,
            link: tie_link(path.tie.kind, path.tie.through.is_empty(), country),
            to: Line::new(&regime.name.fr, &regime.name.en),
            basis: rule.map(|t| Line::new(&t.fr, &t.en)),
        });
        hops
    }

    /// What one would have to know to decide, without repetition.
    fn missing(&self, paths: &[Path<'_>]) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for path in paths {
            if path.tie.truth == Truth::Unknown {
                lines.extend(path.tie.missing.clone());
            } else {
                let name = self.name(path.custodian.actor);
                lines.push(Line::new(
                    format!(
                        "à quelles données {} a accès, et qui détient les clés",
                        name.fr
                    ),
                    format!("which data {} can obtain, and who holds the keys", name.en),
                ));
            }
        }
        if paths.is_empty() {
            lines.push(Line::new(
                "les hébergements et fournisseurs",
                "hostings and suppliers",
            ));
        }
        let mut seen: Vec<Line> = Vec::new();
        lines.retain(|l| {
            !seen.contains(l) && {
                seen.push(l.clone());
                true
            }
        });
        lines
    }

    fn cuts(&self, aspect: Aspect, sure: &[&Path<'_>]) -> Vec<Cut> {
        if sure.is_empty() {
            return Vec::new();
        }
        let mut cuts = Vec::new();
        if aspect == Aspect::Content {
            cuts.push(Cut {
                together: vec![Line::new(
                    "les clés de chiffrement ne sont détenues que par le client",
                    "only the customer holds the encryption keys",
                )],
            });
        }
        let mut together: Vec<Line> = Vec::new();
        for path in sure {
            let change = self.change(path);
            if !together.contains(&change) {
                together.push(change);
            }
        }
        cuts.push(Cut { together });
        cuts
    }

    /// What ends one path.
    fn change(&self, path: &Path<'_>) -> Line {
        let name = self.name(path.custodian.actor);
        match (path.tie.kind, path.custodian.way) {
            (TieKind::Location, _) => Line::new(
                "les données sont stockées dans un autre pays",
                "the data are stored in another country",
            ),
            (TieKind::Administration, _) => Line::new(
                "personne n'administre ni ne supporte l'hébergement depuis ce pays",
                "nobody administers or supports the hosting from that country",
            ),
            (TieKind::Presence, _) => Line::new(
                format!("{} n'a plus de site ni d'activité dans ce pays", name.fr),
                format!("{} has no site or activity left in that country", name.en),
            ),
            (TieKind::Control, Way::Provides) => Line::new(
                format!("{} n'est plus contrôlée depuis ce pays", name.fr),
                format!("{} is no longer controlled from that country", name.en),
            ),
            (_, Way::Provides) => Line::new(
                format!("{} n'a plus son siège dans ce pays", name.fr),
                format!("{} no longer has its seat in that country", name.en),
            ),
            _ => Line::new(
                format!(
                    "{} est remplacée par un acteur hors de portée de ce droit",
                    name.fr
                ),
                format!(
                    "{} is replaced by an actor out of reach of that law",
                    name.en
                ),
            ),
        }
    }

    /// What *not reached* rests on.
    fn assumptions(&self, aspect: Aspect, regime: &Regime) -> Vec<Line> {
        let mut lines = vec![if self.custodies.complete {
            Line::new(
                "la liste des hébergements et fournisseurs est complète, comme déclaré",
                "the list of hostings and suppliers is complete, as stated",
            )
        } else {
            Line::new(
                "aucun hébergement ni fournisseur ne manque à la liste",
                "no hosting or supplier is missing from the list",
            )
        }];
        if regime.ties.iter().any(|t| t.kind == TieKind::Presence) {
            lines.push(Line::new(
                "les fournisseurs n'ont ni établissement ni personnel dans ce pays",
                "suppliers have no establishment or staff in that country",
            ));
        }
        let keyed = |c: &Custodian| c.has != Truth::False && c.readable == Truth::False;
        if aspect == Aspect::Content && self.custodies.list.iter().any(keyed) {
            lines.push(Line::new(
                "les clés restent hors de portée de l'exploitant, y compris en mémoire",
                "keys stay out of the operator's reach, in memory too",
            ));
        }
        lines
    }
}

fn same(name: &str) -> Line {
    Line::new(name, name)
}

/// The name of a class of data for people.
pub fn data_name(class: &str) -> Line {
    let (fr, en) = match class {
        "customer-content" => ("contenus des clients", "customer content"),
        "customer-metadata" => ("métadonnées des clients", "customer metadata"),
        "technical" => ("données techniques", "technical data"),
        "backup" => ("sauvegardes", "backups"),
        "personal" => ("données personnelles", "personal data"),
        "health" => ("données de santé", "health data"),
        "service" => ("service", "service"),
        other => (other, other),
    };
    Line::new(fr, en)
}

/// An aspect for people.
pub fn aspect_words(aspect: Aspect) -> Line {
    match aspect {
        Aspect::Content => Line::new("contenu", "content"),
        Aspect::Metadata => Line::new("métadonnées", "metadata"),
        Aspect::Availability => Line::new("disponibilité", "availability"),
    }
}

fn tie_link(kind: TieKind, direct: bool, country: &str) -> Line {
    let (fr, en) = match (kind, direct) {
        (TieKind::Incorporation, _) | (TieKind::Control, false) => ("siège", "seat"),
        (TieKind::Control, true) => ("contrôlée depuis", "controlled from"),
        (TieKind::Presence, _) => ("présence", "presence"),
        (TieKind::Location, _) => ("données stockées", "data stored"),
        (TieKind::Administration, _) => ("administration depuis", "administered from"),
    };
    Line::new(format!("{fr} ({country})"), format!("{en} ({country})"))
}

fn explanation(
    data: &str,
    regime: &Regime,
    aspect: Aspect,
    reached: Reached,
    path: &[Hop],
) -> Line {
    let what = data_name(data);
    let by = aspect_words(aspect);
    let (fr, en) = match reached {
        Reached::Reached => ("atteint", "reached"),
        Reached::NotReached => (
            "non atteint, sous les hypothèses listées",
            "not reached, under the listed assumptions",
        ),
        Reached::Undetermined => ("indéterminé", "undetermined"),
    };
    let chain = |lang: &str| -> String {
        let Some(first) = path.first().filter(|_| reached == Reached::Reached) else {
            return String::new();
        };
        let mut out = format!("; {}", first.from.get(lang));
        for hop in path {
            out += &format!(" —{}→ {}", hop.link.get(lang), hop.to.get(lang));
        }
        out
    };
    Line::new(
        format!(
            "{}, {}, {} : {fr}{}",
            what.fr,
            by.fr,
            regime.name.fr,
            chain("fr").replacen(';', " ;", 1)
        ),
        format!(
            "{}, {}, {}: {en}{}",
            what.en,
            by.en,
            regime.name.en,
            chain("en")
        ),
    )
}
