//! How far an amount or a day may go, so that what is asked is told, and not one value of many.

use super::{Lang, day, value};
use cocarde_model::Decimal;
use cocarde_referential::report::{BoundReport, ReachReport};
use serde_json::Value;
use std::str::FromStr;

/// `more than 50`, `at most 72`, `between 4 and 6`; nothing where any amount or day will do.
pub(crate) fn reach(lang: Lang, reach: &ReachReport) -> Option<String> {
    match (&reach.least, &reach.most) {
        (None, None) => None,
        (Some(bound), None) => Some(above(lang, bound)),
        (None, Some(bound)) => Some(below(lang, bound)),
        (Some(least), Some(most)) if least.included && most.included => {
            let (from, to) = (written(lang, &least.at), written(lang, &most.at));
            Some(match lang {
                Lang::Fr if is_day(&least.at) => format!("entre le {from} et le {to}"),
                Lang::Fr => format!("entre {from} et {to}"),
                Lang::En => format!("between {from} and {to}"),
            })
        }
        (Some(least), Some(most)) => Some(format!(
            "{} {} {}",
            above(lang, least),
            lang.of("et", "and"),
            below(lang, most)
        )),
    }
}

fn above(lang: Lang, bound: &BoundReport) -> String {
    let at = written(lang, &bound.at);
    match (lang, bound.included, is_day(&bound.at)) {
        (Lang::Fr, true, true) => format!("le {at} ou après"),
        (Lang::Fr, false, true) => format!("après le {at}"),
        (Lang::Fr, true, false) => format!("{at} au moins"),
        (Lang::Fr, false, false) => format!("plus de {at}"),
        (Lang::En, true, true) => format!("on {at} or later"),
        (Lang::En, false, true) => format!("after {at}"),
        (Lang::En, true, false) => format!("at least {at}"),
        (Lang::En, false, false) => format!("more than {at}"),
    }
}

fn below(lang: Lang, bound: &BoundReport) -> String {
    let at = written(lang, &bound.at);
    match (lang, bound.included, is_day(&bound.at)) {
        (Lang::Fr, true, true) => format!("le {at} ou avant"),
        (Lang::Fr, false, true) => format!("avant le {at}"),
        (Lang::Fr, true, false) => format!("{at} au plus"),
        (Lang::Fr, false, false) => format!("moins de {at}"),
        (Lang::En, true, true) => format!("on {at} or earlier"),
        (Lang::En, false, true) => format!("before {at}"),
        (Lang::En, true, false) => format!("at most {at}"),
        (Lang::En, false, false) => format!("less than {at}"),
    }
}

fn written(lang: Lang, at: &Value) -> String {
    match at.as_str() {
        Some(iso) if is_day(at) => day(lang, iso),
        _ => value(lang, at),
    }
}

/// Amounts are written as decimals, days are not.
fn is_day(at: &Value) -> bool {
    at.as_str().is_some_and(|t| Decimal::from_str(t).is_err())
}
