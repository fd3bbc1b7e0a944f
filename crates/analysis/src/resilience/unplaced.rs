//! What one would have to know to tell every State that can stop something.

use super::actors::Actors;
use super::causes::Cause;
use super::cuts::{Level, tree};
use super::facts::Subject;
use super::seats;
use crate::control::EntityId;
use crate::cutset::{Limits, minimal_cut_sets};
use crate::report::Line;
use cocarde_model::Diagnostic;
use std::collections::BTreeSet;

/// What is asked of the States that can stop a function.
#[derive(Default)]
pub(super) struct Asked {
    /// What one would have to know.
    pub lines: Vec<Line>,
    /// That the work limit kept from telling whether all of it is needed.
    pub untold: Option<Line>,
}

/// What one would have to know of the States that can stop the function at `top`,
/// where one that is not known may be enough, alone or with others.
pub(super) fn missing(
    subject: &Subject,
    actors: &Actors<'_>,
    top: usize,
    limits: &Limits,
) -> Result<Asked, Vec<Diagnostic>> {
    let nodes = subject.network.nodes();
    let below = subject.network.below(top);
    let asked = |n| match below[n] {
        true => unplaced(subject, actors, n),
        false => Vec::new(),
    };
    let asked: Vec<Vec<Line>> = (0..nodes.len()).map(asked).collect();
    if asked.iter().all(Vec::is_empty) {
        return Ok(Asked::default());
    }
    let matters = matter(subject, actors, top, &|n| !asked[n].is_empty(), limits)?;
    let untold = matters.is_none().then(|| {
        Line::new(
            "lesquelles de ces réponses comptent dépasse la limite de travail : toutes sont demandées",
            "which of these answers matter exceeds the work limit: all of them are asked for",
        )
    });
    let needed = |n: usize| matters.as_ref().is_none_or(|m| m[n]);
    let kept = asked.into_iter().enumerate().filter(|(n, _)| needed(*n));
    let mut lines: Vec<Line> = kept.flat_map(|(_, l)| l).collect();
    let mut seen = BTreeSet::new();
    lines.retain(|l| seen.insert(l.en.clone()));
    Ok(Asked { lines, untold })
}

/// For each node, whether a State that is not known, where `open` says that one may
/// stop it, is in any minimal cut set of the function at `top`; `None` where the work
/// limit is reached.
fn matter(
    subject: &Subject,
    actors: &Actors<'_>,
    top: usize,
    open: &dyn Fn(usize) -> bool,
    limits: &Limits,
) -> Result<Option<Vec<bool>>, Vec<Diagnostic>> {
    let of = |node: usize| {
        let mut causes = Cause::of(subject, actors, node, Level::Jurisdiction);
        causes.extend(open(node).then_some(Cause::Unnamed(node)));
        causes
    };
    let (tree, causes) = tree(subject, top, &of)?;
    let Ok(found) = minimal_cut_sets(&tree, limits) else {
        return Ok(None);
    };
    let mut matters = vec![false; subject.network.nodes().len()];
    for event in found.occurring() {
        if let Cause::Unnamed(node) = &causes[event as usize] {
            matters[*node] = true;
        }
    }
    Ok(Some(matters))
}

/// What is not known of the States that can stop a node; nothing where all are known.
fn unplaced(subject: &Subject, actors: &Actors<'_>, node: usize) -> Vec<Line> {
    let Some(provision) = &subject.provisions[node] else {
        return Vec::new();
    };
    let name = &subject.network.nodes()[node].name;
    let of = |fr, en| Line::new(format!("{name} : {fr}"), format!("{name}: {en}"));
    let mut lines = Vec::new();
    for party in actors.outside(provision) {
        match party {
            Some(id) => lines.extend(of_party(actors, id)),
            None => lines.push(of(
                "on ne sait pas qui le fournit",
                "who provides it is not known",
            )),
        }
    }
    if provision.country.is_none() {
        lines.push(of(
            "on ne sait pas où il est exploité",
            "where it is run is not known",
        ));
    }
    lines
}

/// What is not known of where a party, and those who control it, are at home.
fn of_party(actors: &Actors<'_>, id: EntityId) -> Vec<Line> {
    let chain = actors.chain(id).into_iter().map(|x| actors.entity(x));
    let mut lines: Vec<Line> = chain.filter_map(seats::unplaced).collect();
    lines.extend(control(actors, id));
    lines
}

/// Who may control a party from a country that is not counted yet. A stated country
/// of ultimate control answers for those who are not named.
fn control(actors: &Actors<'_>, id: EntityId) -> Vec<Line> {
    let Some(ultimate) = actors.unsettled(id) else {
        return Vec::new();
    };
    let name = &actors.entity(id).name;
    let mut counted = actors.countries(id);
    counted.extend(actors.home());
    let elsewhere = |x: &EntityId| {
        let new = |c| !counted.contains(c);
        let placed = seats::unplaced(actors.entity(*x)).is_none();
        !placed || actors.countries(*x).iter().any(new)
    };
    let perhaps = actors.perhaps_above(id).into_iter().filter(elsewhere);
    let mut lines: Vec<Line> = perhaps
        .map(|x| &actors.entity(x).name)
        .map(|above| {
            Line::new(
                format!("on ne sait pas si {above} contrôle {name}"),
                format!("whether {above} controls {name} is not known"),
            )
        })
        .collect();
    if ultimate.unnamed {
        lines.push(Line::new(
            format!("on ne sait pas qui contrôle {name}"),
            format!("who controls {name} is not known"),
        ));
    }
    lines
}
