//! What is worth a look though it stops nothing.

use crate::build::Builder;
use cocarde_model::{
    Date, Decimal, FactBase, FieldType, RecordId, SlotKey, Span, Value, exact_mul,
};
use std::collections::{BTreeMap, BTreeSet};

/// All warnings that do not depend on the day.
pub(crate) fn all(b: &mut Builder<'_>) {
    empty_texts(b);
    activities_without_country(b);
    measured_without_confidence(b);
    domains_without_hosting(b);
    documents_of_no_day(b);
    facts_of_no_day(b);
    shares_below_one(b);
}

/// Shares below 1 %, of a property of which no share is above: 0.4 was likely meant as 40 %.
fn shares_below_one(b: &mut Builder<'_>) {
    let mut by_property: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (_, fact) in b.base.facts() {
        let ty = b.base.record(fact.subject).ty;
        let is_share = b.names.schema.field(ty, fact.field).ty == FieldType::Percent;
        if let (true, Value::Number(share), Some(span)) = (is_share, &fact.value, fact.source.span)
        {
            let shares = by_property.entry((ty, fact.field)).or_default();
            shares.push((share.hi().unwrap_or(Decimal::ONE_HUNDRED), span));
        }
    }
    for ((ty, field), shares) in by_property {
        if shares.iter().any(|(most, _)| *most > Decimal::ONE) {
            continue;
        }
        let name = &b.names.schema.field(ty, field).name;
        let small = |most: Decimal| most > Decimal::ZERO && most < Decimal::ONE;
        for (most, span) in shares.into_iter().filter(|(most, _)| small(*most)) {
            let meant = exact_mul(most, Decimal::ONE_HUNDRED).unwrap_or(most);
            let meant = meant.normalize();
            b.report
                .warning(
                    "share-below-one",
                    span,
                    format!("`{name}` est en pour cent : {most} dit moins de 1 %"),
                    format!("`{name}` is in per cent: {most} says less than 1%"),
                )
                .mend(
                    format!("pour {meant} %, écrire {meant}"),
                    format!("for {meant}%, write {meant}"),
                );
        }
    }
}

/// Whether a first day comes after a last one, so that there is none between.
fn no_day(from: Option<Date>, until: Option<Date>) -> bool {
    from.zip(until).is_some_and(|(f, u)| f > u)
}

/// Documents that are received, or begin, only after they end.
fn documents_of_no_day(b: &mut Builder<'_>) {
    for (document, worth) in &b.worths {
        let record = b.base.record(*document);
        if let (true, Some(span)) = (no_day(worth.from, worth.until), record.span) {
            let name = b.base.record_name(*document);
            let (fr, en) = inverted(&b.base, *document, worth.from);
            b.report
                .warning(
                    "holds-on-no-day",
                    span,
                    format!("`{name}` n'appuie rien : elle ne vaut qu'après sa fin"),
                    format!("`{name}` supports nothing: it only counts after its end"),
                )
                .mend(fr, en);
        }
    }
}

/// Which dates of a document keep it from every day, as its mend.
fn inverted(base: &FactBase, document: RecordId, from: Option<Date>) -> (String, String) {
    if base.first(document, "valid_until").is_none() {
        return (
            "dire jusqu'à quand elle fait foi : valid_until".into(),
            "say how long it is good: valid_until".into(),
        );
    }
    let begins = |name: &&str| {
        let stated = base.first(document, name).map(|f| &f.value);
        matches!((stated, from), (Some(Value::Date(d)), Some(from)) if *d == from)
    };
    let first = ["period_from", "received"].into_iter().find(begins);
    let first = first.unwrap_or("period_from");
    (
        format!("`valid_until` vient avant `{first}` : corriger l'un des deux"),
        format!("`valid_until` comes before `{first}`: correct one of them"),
    )
}

/// Facts that a date of theirs keeps from every day; those of such documents are told there.
fn facts_of_no_day(b: &mut Builder<'_>) {
    for (_, fact) in b.base.facts() {
        let worth = fact.source.document.and_then(|d| b.worths.get(&d));
        let told = worth.is_some_and(|w| no_day(w.from, w.until));
        let none = no_day(fact.from, fact.until) && !told;
        // No `from` makes a document carry anything before its own first day.
        let late = worth.is_some_and(|w| w.from == fact.from);
        let (fr, en) = match late {
            true => (
                "corriger la fin, ou les dates de la pièce citée : received, period_from",
                "correct the end, or the dates of the document cited: received, period_from",
            ),
            false => (
                "dire depuis quand il vaut : from",
                "say since when it counts: from",
            ),
        };
        if let (true, Some(span)) = (none, fact.source.span) {
            b.report
                .warning(
                    "holds-on-no-day",
                    span,
                    "ce fait ne vaut aucun jour : ce qui en donne le début vient après sa fin",
                    "this fact counts on no day: what gives its beginning comes after its end",
                )
                .mend(fr, en);
        }
    }
}

fn of_type(base: &FactBase, name: &str) -> Vec<(RecordId, Option<Span>)> {
    let ty = base.schema().by_name(name);
    let records = base.records().filter(|(_, r)| Some(r.ty) == ty);
    records.map(|(id, r)| (id, r.span)).collect()
}

fn empty_texts(b: &mut Builder<'_>) {
    for (_, fact) in b.base.facts() {
        let empty = matches!(&fact.value, Value::Text(t) if t.trim().is_empty());
        if let (true, Some(span)) = (empty, fact.source.span) {
            let ty = b.base.record(fact.subject).ty;
            let name = &b.names.schema.field(ty, fact.field).name;
            b.report
                .warning(
                    "empty-text",
                    span,
                    format!("`{name}` est vide"),
                    format!("`{name}` is empty"),
                )
                .mend(
                    "retirer la ligne : ce qui n'est pas dit reste inconnu",
                    "remove the line: what is not stated stays unknown",
                );
        }
    }
}

fn activities_without_country(b: &mut Builder<'_>) {
    for (record, span) in of_type(&b.base, "activity") {
        let country = b.base.key(record, "country");
        let stated =
            |k: SlotKey| !b.base.facts_of(k).is_empty() || b.refused.contains(&(record, k.field));
        if let (false, Some(span)) = (country.is_some_and(stated), span) {
            b.report
                .warning(
                    "activity-without-country",
                    span,
                    "cette activité n'a pas de pays",
                    "this activity has no country",
                )
                .mend("ajouter country = \"FR\"", "add country = \"FR\"");
        }
    }
}

fn measured_without_confidence(b: &mut Builder<'_>) {
    for (_, fact) in b.base.facts() {
        let bare =
            fact.provenance == cocarde_model::Provenance::Measured && fact.confidence.is_none();
        if let (true, Some(span)) = (bare, fact.source.span) {
            b.report
                .warning(
                    "no-confidence",
                    span,
                    "mesure sans confiance : elle compte pour certaine",
                    "a measurement without confidence: it counts as certain",
                )
                .mend("ajouter confidence = \"0.95\"", "add confidence = \"0.95\"");
        }
    }
}

/// Domains of the service that no hosting declares.
fn domains_without_hosting(b: &mut Builder<'_>) {
    let mut declared = BTreeSet::new();
    for (record, _) in of_type(&b.base, "hosting") {
        if let Some(Value::Texts(names)) = b.base.first(record, "names").map(|f| &f.value) {
            declared.extend(names.iter().cloned());
        }
    }
    if declared.is_empty() {
        return;
    }
    for (record, _) in of_type(&b.base, "domain") {
        let purpose = b.base.text(record, "purpose").map_or("", |p| p);
        let serves = ["service", "api", "authentication", "download"].contains(&purpose);
        let Some(fact) = b.base.first(record, "name").filter(|_| serves) else {
            continue;
        };
        let (Value::Text(name), Some(span)) = (&fact.value, fact.source.span) else {
            continue;
        };
        if !declared.contains(name) {
            b.report
                .warning(
                    "domain-without-hosting",
                    span,
                    format!("aucun hébergement ne déclare `{name}`"),
                    format!("no hosting declares `{name}`"),
                )
                .mend(
                    "ajouter ce nom à `names` de l'hébergement qui le sert",
                    "add this name to `names` of the hosting that serves it",
                );
        }
    }
}
