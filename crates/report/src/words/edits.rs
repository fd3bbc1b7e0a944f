//! The least change, step by step.

use super::{Lang, reach, short, value};
use crate::story::Step;
use cocarde_referential::report::{EditReport, NearestReport};

/// One step, in a sentence; the label is left out where it was just given.
pub(crate) fn step(lang: Lang, step: &Step<'_>, labelled: bool) -> String {
    match step {
        Step::Edit(e) => edit(lang, e, labelled),
        Step::Lift(e) => lift(lang, e, labelled),
        Step::Add(e, with) => add(lang, e, with),
    }
}

/// What is wanted is claimed, and contradicted.
fn lift(lang: Lang, e: &EditReport, labelled: bool) -> String {
    let (property, to, label) = (&e.property, to(lang, e), label(lang, e, labelled));
    match lang {
        Lang::Fr => format!(
            "lever la contradiction sur {property} = {to}{label} : que l'organisme certificateur \
             tranche, ou, s'il en est désormais ainsi, que ce qui dit le contraire prenne fin et que \
             ce soit constaté de nouveau"
        ),
        Lang::En => format!(
            "lift the contradiction on {property} = {to}{label}: have the certification body rule, \
             or, if it is so by now, end what says otherwise and have it observed again"
        ),
    }
}

/// A record that is added, with what it has to say.
fn add(lang: Lang, e: &EditReport, with: &[&EditReport]) -> String {
    let block = block(e.record.as_deref().unwrap_or_default());
    let said: Vec<String> = with
        .iter()
        .map(|w| {
            let field = w.property.rsplit('.').next().unwrap_or_default();
            format!("{field}{}", told(lang, w))
        })
        .collect();
    let (said, list) = (enumerated(lang, &said), &e.property);
    match (lang, said.is_empty()) {
        (Lang::Fr, true) => format!("ajouter un bloc {block} à {list}"),
        (Lang::Fr, false) => {
            format!("ajouter un bloc {block} à {list}, avec {said}, et le prouver")
        }
        (Lang::En, true) => format!("add a block {block} to {list}"),
        (Lang::En, false) => format!("add a block {block} to {list}, with {said}, and prove it"),
    }
}

fn enumerated(lang: Lang, all: &[String]) -> String {
    match all {
        [first @ .., last] if !first.is_empty() => {
            format!("{} {} {last}", first.join(", "), lang.of("et", "and"))
        }
        _ => all.concat(),
    }
}

/// How a dossier writes a record of the type of `name`.
fn block(name: &str) -> String {
    format!("[[{}]]", name.split(':').next().unwrap_or_default())
}

fn label(lang: Lang, e: &EditReport, wanted: bool) -> String {
    match short(lang.text(&e.label)) {
        l if wanted && !l.is_empty() => format!(" ({l})"),
        _ => String::new(),
    }
}

/// The value to come to, or how far it may go, after the name of its property.
pub(crate) fn told(lang: Lang, e: &EditReport) -> String {
    match e.reach.as_ref().and_then(|r| reach(lang, r)) {
        Some(reach) => format!("{} {reach}", lang.colon()),
        None => format!(" = {}", to(lang, e)),
    }
}

/// The value to come to; a record that is added has no name yet.
fn to(lang: Lang, e: &EditReport) -> String {
    let added = e.to.as_ref().and_then(|v| v.as_str());
    if let Some((ty, _)) = added.and_then(|to| to.split_once(":+")) {
        let block = block(ty);
        return match lang {
            Lang::Fr => format!("le bloc {block} ajouté"),
            Lang::En => format!("the added block {block}"),
        };
    }
    let to = e.to.as_ref().map(|v| value(lang, v)).unwrap_or_default();
    match &e.to_name {
        Some(name) => format!("{to}, {name}"),
        None => to,
    }
}

fn edit(lang: Lang, e: &EditReport, labelled: bool) -> String {
    let (property, told, label) = (&e.property, told(lang, e), label(lang, e, labelled));
    let to = to(lang, e);
    let record = e.record.as_deref().unwrap_or_default();
    match (e.kind.as_str(), lang) {
        ("establish", Lang::Fr) => format!("prouver {property}{told}{label}"),
        ("establish", Lang::En) => format!("prove {property}{told}{label}"),
        ("complete", Lang::Fr) => format!("déclarer que la liste {property} est complète"),
        ("complete", Lang::En) => format!("state that the list {property} is complete"),
        ("remove", Lang::Fr) => format!("se passer de {record}"),
        ("remove", Lang::En) => format!("do without {record}"),
        (_, Lang::Fr) if told.starts_with(lang.colon()) => {
            format!("changer {property}{told}{label}, et le prouver")
        }
        (_, Lang::En) if told.starts_with(lang.colon()) => {
            format!("change {property}{told}{label}, and prove it")
        }
        (_, Lang::Fr) => format!("faire passer {property} à {to}{label}, et le prouver"),
        (_, Lang::En) => format!("bring {property} to {to}{label}, and prove it"),
    }
}

/// What leads a set of properties to learn: the first of them, or another.
pub(crate) fn enough(lang: Lang, first: bool, proven: bool) -> &'static str {
    match (first, proven) {
        (true, true) => lang.of("il suffit d'établir", "it is enough to establish"),
        (true, false) => lang.of(
            "il suffit, au plus, d'établir",
            "it is enough, at most, to establish",
        ),
        (false, true) => lang.of("ou bien d'établir", "or else to establish"),
        (false, false) => lang.of(
            "ou bien, au plus, d'établir",
            "or else, at most, to establish",
        ),
    }
}

/// How sure the least change is, and what it costs.
pub(crate) fn nearest(lang: Lang, n: &NearestReport) -> String {
    let sure = match n.proven {
        true => lang.of("au plus court", "shortest way"),
        false => lang.of(
            "un chemin court (non prouvé le plus court)",
            "a short way (not proven shortest)",
        ),
    };
    format!("{sure} ({}){}", effort(lang, n.cost), lang.colon())
}

/// A cost in points of effort.
pub(crate) fn effort(lang: Lang, cost: u64) -> String {
    let s = if cost > 1 { "s" } else { "" };
    match lang {
        Lang::Fr => format!("effort : {cost} point{s}"),
        Lang::En => format!("effort: {cost} point{s}"),
    }
}
