//! From facts to chains of value.

use super::chain::{Chain, Destination, Firm, Line};
use super::words::UNLISTED;
use crate::activities::performer;
use crate::facts::{Said, View};
use cocarde_model::{Decimal, Interval, RecordId, Truth};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Nobody knows where.
const ANYWHERE: Destination = Destination::Shared {
    domestic: Interval::ALL,
    rest: None,
};

/// What counts in the value of an offering.
#[derive(Clone, Debug)]
pub struct ValueRule {
    /// The country that counts as home.
    pub home: Arc<str>,
    /// Kinds of activities and of cost lines that do not count.
    pub excluded: BTreeSet<Arc<str>>,
    /// Whether profit counts, where revenue is known, at the place where it is taxed.
    pub profit: bool,
}

impl ValueRule {
    /// All activities and purchases count, profit does not.
    pub fn new(home: &str) -> ValueRule {
        ValueRule {
            home: home.into(),
            excluded: BTreeSet::new(),
            profit: false,
        }
    }

    /// Without these kinds of activities or cost lines.
    #[must_use]
    pub fn without<'a>(mut self, kinds: impl IntoIterator<Item = &'a str>) -> ValueRule {
        self.excluded.extend(kinds.into_iter().map(Arc::from));
        self
    }

    /// Whether a line of that kind counts; unknown when its kind is and some do not.
    fn counts(&self, kind: Option<&Arc<str>>) -> Truth {
        match kind {
            Some(kind) => (!self.excluded.contains(kind)).into(),
            None if self.excluded.is_empty() => Truth::True,
            None => Truth::Unknown,
        }
    }
}

/// What counts of an amount: all of it, or perhaps nothing.
pub(super) fn counted(amount: Interval, counts: Truth) -> Interval {
    if counts == Truth::Unknown {
        amount.hull(Interval::ZERO)
    } else {
        amount
    }
}

/// The yearly costs of an offering: its activities by country, its purchases by
/// the share of each that is made at home. Activities that a supplier performs
/// are in what the supplier is paid; those that one may perform count or not. `None`
/// without any cost.
pub fn offering_chain(view: View<'_>, rule: &ValueRule) -> Option<Chain> {
    let root = view.base.root();
    let offering = view.part(root, "offering")?;
    let (suppliers, all_suppliers) = view.members(offering, "suppliers");
    let (activities, all_activities) = view.members(offering, "activities");
    let mut lines = Vec::new();
    for record in activities {
        let kind = view.text(*record, "kind");
        let bought = performer(view, *record, |by| is_paid(view, suppliers, by));
        let counts = rule.counts(kind.as_ref()).and(!bought);
        if counts == Truth::False {
            continue;
        }
        let mut line = activity(view, *record, kind);
        line.amount = counted(line.amount, counts);
        lines.push(line);
    }
    for record in suppliers {
        lines.push(purchase(view, *record));
    }
    if lines.is_empty() {
        return None;
    }
    lines.extend((!all_suppliers || !all_activities).then(unlisted));
    let name = view.part(root, "organisation").map(|r| view.name(r));
    let firm = Firm {
        name: name.unwrap_or_default(),
        lines,
        turnover: profit(view, rule),
    };
    Some(Chain {
        home: rule.home.clone(),
        firms: vec![firm],
    })
}

/// Whether what a party does is in what a supplier is paid, for each that may be it.
fn is_paid(view: View<'_>, suppliers: &[RecordId], party: RecordId) -> Truth {
    let suppliers = suppliers.iter().map(|s| is_supplier(view, *s, party));
    suppliers.fold(Truth::False, Truth::or)
}

/// Whether a supplier is that party; one that nobody named may be anyone but the applicant.
fn is_supplier(view: View<'_>, supplier: RecordId, party: RecordId) -> Truth {
    if let Some(stated) = view.record(supplier, "party") {
        return (stated == party).into();
    }
    let named = view.is_stated(supplier, "party");
    let own = view.part(view.base.root(), "organisation") == Some(party);
    let said = view.candidates(supplier, "party", None).contains(&party);
    if said || !(named || own) {
        Truth::Unknown
    } else {
        Truth::False
    }
}

/// Revenue, where anyone states it, and where its profit is taxed, if that stands.
fn profit(view: View<'_>, rule: &ValueRule) -> Option<(Interval, Destination)> {
    let value = view
        .part(view.base.root(), "value")
        .filter(|_| rule.profit)?;
    let stated = view.stated().is_stated(value, "revenue");
    let country = view.text(value, "tax_residence");
    let taxed = country.map_or(ANYWHERE, Destination::Country);
    stated.then(|| (view.number(value, "revenue"), taxed))
}

/// What a list may lack costs nobody knows what, and goes nobody knows where.
fn unlisted() -> Line {
    Line {
        label: UNLISTED.into(),
        amount: Interval::at_least(Decimal::ZERO),
        goes: ANYWHERE,
    }
}

fn activity(view: View<'_>, record: RecordId, kind: Option<Arc<str>>) -> Line {
    Line {
        label: kind.unwrap_or_else(|| view.base.record(record).id.clone()),
        amount: view.number(record, "cost"),
        goes: place(view, record).map_or(ANYWHERE, Destination::Country),
    }
}

/// Where an activity is: where it is said to be, or at its site where nobody says.
fn place(view: View<'_>, activity: RecordId) -> Option<Arc<str>> {
    let site = view.record(activity, "site");
    let at_site = site.and_then(|s| view.text(s, "country"));
    match view.said(activity, "country", at_site.as_ref()) {
        Said::One(country) => Some(country),
        Said::Nothing => at_site,
        Said::Open => None,
    }
}

/// What is not made at home goes to the supplier's seat, when that is abroad.
fn purchase(view: View<'_>, record: RecordId) -> Line {
    let party = view.record(record, "party");
    Line {
        label: party.map_or_else(|| view.base.record(record).id.clone(), |p| view.name(p)),
        amount: view.number(record, "spend"),
        goes: Destination::Shared {
            domestic: view.number(record, "french_share"),
            rest: party.and_then(|p| view.text(p, "seat")),
        },
    }
}

/// The unit cost price of a product, line by line. `None` without any line.
pub fn unit_cost_chain(view: View<'_>, rule: &ValueRule) -> Option<Chain> {
    let product = view.part(view.base.root(), "product")?;
    let (records, all) = view.members(product, "cost_lines");
    let mut lines: Vec<Line> = records
        .iter()
        .map(|r| (r, rule.counts(view.text(*r, "kind").as_ref())))
        .filter(|(_, counts)| *counts != Truth::False)
        .map(|(r, counts)| Line {
            label: view
                .text(*r, "label")
                .unwrap_or_else(|| view.base.record(*r).id.clone()),
            amount: counted(view.number(*r, "amount"), counts),
            goes: Destination::Shared {
                domestic: view.number(*r, "french_share"),
                rest: None,
            },
        })
        .collect();
    lines.extend((!all && !lines.is_empty()).then(unlisted));
    let name = view.text(product, "range").unwrap_or_default();
    (!lines.is_empty()).then(|| Chain {
        home: rule.home.clone(),
        firms: vec![Firm {
            name,
            lines,
            turnover: None,
        }],
    })
}
