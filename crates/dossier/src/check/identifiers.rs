//! Identifiers with check digits.

use crate::build::Builder;
use crate::ident::{is_lei, is_siren, is_siret};
use crate::report::quoted;
use cocarde_model::{SlotKey, Span, Value};
use std::sync::Arc;

/// A kind of identifier: where it stands, its name, its check, its shape in French
/// and English.
type Kind = (
    &'static str,
    &'static str,
    fn(&str) -> bool,
    &'static str,
    &'static str,
);

const KINDS: [Kind; 3] = [
    (
        "party.siren",
        "SIREN",
        is_siren,
        "9 chiffres, sans espace, clé de Luhn",
        "9 digits, no space, Luhn key",
    ),
    (
        "site.siret",
        "SIRET",
        is_siret,
        "14 chiffres, sans espace, clé de Luhn",
        "14 digits, no space, Luhn key",
    ),
    (
        "party.lei",
        "LEI",
        is_lei,
        "20 caractères, clé modulo 97",
        "20 characters, key modulo 97",
    ),
];

pub(super) fn check(b: &mut Builder<'_>) {
    for (property, name, fits, shape_fr, shape_en) in KINDS {
        for (text, span) in stated(b, property) {
            if fits(&text) {
                continue;
            }
            let shown = quoted(&text);
            b.report
                .error(
                    "bad-identifier",
                    span,
                    format!("`{shown}` n'est pas un {name} : sa forme ou sa clé est fausse"),
                    format!("`{shown}` is no {name}: its shape or key is wrong"),
                )
                .mend(
                    format!("{name} : {shape_fr}"),
                    format!("{name}: {shape_en}"),
                );
        }
    }
}

/// All texts stated of a property, with their places.
fn stated(b: &Builder<'_>, property: &str) -> Vec<(Arc<str>, Span)> {
    let Some((ty, field)) = b.names.schema.property(property) else {
        return Vec::new();
    };
    let records = b.base.records().filter(|(_, r)| r.ty == ty);
    let facts = records.flat_map(|(record, _)| b.base.facts_of(SlotKey { record, field }));
    facts
        .filter_map(|f| {
            let fact = b.base.fact(*f);
            match (&fact.value, fact.source.span) {
                (Value::Text(t), Some(span)) => Some((t.clone(), span)),
                _ => None,
            }
        })
        .collect()
}
