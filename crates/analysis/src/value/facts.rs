//! From facts to chains of value.

use super::chain::{Chain, Destination, Firm, Line};
use super::words::UNLISTED;
use crate::facts::View;
use cocarde_model::{Decimal, Interval, RecordId, Truth};
use std::collections::BTreeSet;
use std::sync::Arc;

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
/// are in what the supplier is paid. `None` without any cost.
pub fn offering_chain(view: View<'_>, rule: &ValueRule) -> Option<Chain> {
    let root = view.base.root();
    let offering = view.part(root, "offering")?;
    let (suppliers, all_suppliers) = view.members(offering, "suppliers");
    let (activities, all_activities) = view.members(offering, "activities");
    let paid: Vec<RecordId> = suppliers
        .iter()
        .filter_map(|s| view.record(*s, "party"))
        .collect();
    let mut lines = Vec::new();
    for record in activities {
        let by = view.record(*record, "performed_by");
        let kind = view.text(*record, "kind");
        let counts = rule.counts(kind.as_ref());
        if by.is_some_and(|p| paid.contains(&p)) || counts == Truth::False {
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

/// Revenue and the country where its profit is taxed, when both are stated.
fn profit(view: View<'_>, rule: &ValueRule) -> Option<(Interval, Arc<str>)> {
    let value = view
        .part(view.base.root(), "value")
        .filter(|_| rule.profit)?;
    let country = view.text(value, "tax_residence")?;
    let stated = view.is_stated(value, "revenue");
    stated.then(|| (view.number(value, "revenue"), country))
}

/// What a list may lack costs nobody knows what, and goes nobody knows where.
fn unlisted() -> Line {
    Line {
        label: UNLISTED.into(),
        amount: Interval::at_least(Decimal::ZERO),
        goes: Destination::Shared {
            domestic: Interval::ALL,
            rest: None,
        },
    }
}

fn activity(view: View<'_>, record: RecordId, kind: Option<Arc<str>>) -> Line {
    let site = view.record(record, "site");
    let at_site = || site.and_then(|s| view.text(s, "country"));
    let unknown = Destination::Shared {
        domestic: Interval::ALL,
        rest: None,
    };
    Line {
        label: kind.unwrap_or_else(|| view.base.record(record).id.clone()),
        amount: view.number(record, "cost"),
        goes: match view.text(record, "country").or_else(at_site) {
            Some(country) => Destination::Country(country),
            None => unknown,
        },
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
