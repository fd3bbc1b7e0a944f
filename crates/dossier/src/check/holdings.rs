//! Holdings: nobody holds itself, no company is held above 100 %, and no group
//! of companies holds itself whole.

use crate::build::Builder;
use cocarde_model::{Decimal, RecordId, Span, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The shares of a company that are stated, at the least they can be.
#[derive(Default)]
struct Held {
    capital: Decimal,
    votes: Decimal,
    span: Option<Span>,
    holders: BTreeMap<RecordId, Decimal>,
}

pub(super) fn check(b: &mut Builder<'_>) {
    let held = gather(b);
    for (company, h) in &held {
        let name = b.base.record_name(*company);
        for (total, fr, en) in [
            (h.capital, "du capital", "capital"),
            (h.votes, "des droits de vote", "votes"),
        ] {
            if total > Decimal::ONE_HUNDRED
                && let Some(span) = h.span
            {
                let total = total.normalize().to_string();
                let in_french = total.replace('.', ",");
                b.report
                    .error(
                        "above-100",
                        span,
                        format!("les parts {fr} de `{name}` font au moins {in_french} %"),
                        format!("the shares of `{name}`'s {en} make at least {total}%"),
                    )
                    .mend(
                        "revoir les parts, ou les donner en intervalle { min = …, max = … }",
                        "check the shares, or give them as intervals { min = …, max = … }",
                    );
            }
        }
    }
    closed_loops(b, &held);
}

fn gather(b: &mut Builder<'_>) -> BTreeMap<RecordId, Held> {
    let mut held: BTreeMap<RecordId, Held> = BTreeMap::new();
    let Some(ty) = b.names.schema.by_name("holding") else {
        return held;
    };
    let records: Vec<RecordId> = b
        .base
        .records()
        .filter(|(_, r)| r.ty == ty)
        .map(|(i, _)| i)
        .collect();
    for record in records {
        let party = |name: &str| {
            let fact = b.base.first(record, name)?;
            match fact.value {
                Value::Ref(r) => Some((r, fact.source.span)),
                _ => None,
            }
        };
        let least = |name: &str| match b.base.first(record, name).map(|f| &f.value) {
            Some(Value::Number(i)) => i.lo().unwrap_or_default(),
            _ => Decimal::ZERO,
        };
        let (holder, company) = (party("holder"), party("held"));
        let (capital, votes) = (least("capital"), least("votes"));
        let Some((company, span)) = company else {
            continue;
        };
        let h = held.entry(company).or_default();
        h.capital = h.capital.saturating_add(capital);
        h.votes = h.votes.saturating_add(votes);
        h.span = span.or(h.span);
        if let Some((holder, at)) = holder {
            let share = h.holders.entry(holder).or_default();
            *share = share.saturating_add(capital);
            if let (true, Some(at)) = (holder == company, at) {
                let name = b.base.record_name(company);
                b.report
                    .error(
                        "self-holding",
                        at,
                        format!("`{name}` se détient elle-même"),
                        format!("`{name}` holds itself"),
                    )
                    .mend(
                        "laisser de côté les actions propres et donner les parts des autres",
                        "leave own shares out and give the shares of the others",
                    );
            }
        }
    }
    held
}

/// Reports the groups of companies that hold each other whole: no holder is left
/// outside, so that nobody could control them.
fn closed_loops(b: &mut Builder<'_>, held: &BTreeMap<RecordId, Held>) {
    // A company is possibly closed while it is held whole by such companies, all of them
    // named; what remains when nothing more can be taken away is closed.
    let named = |h: &Held| {
        let shares = h.holders.values();
        shares.fold(Decimal::ZERO, |sum, s| sum.saturating_add(*s))
    };
    let mut closed: BTreeSet<RecordId> = held
        .iter()
        .filter(|(c, h)| h.capital == Decimal::ONE_HUNDRED && !h.holders.contains_key(c))
        .filter(|(_, h)| named(h) == Decimal::ONE_HUNDRED)
        .map(|(c, _)| *c)
        .collect();
    let holds: BTreeMap<RecordId, Vec<RecordId>> = held_by(held);
    let mut open: Vec<RecordId> = closed
        .iter()
        .copied()
        .filter(|c| {
            !held[c]
                .holders
                .iter()
                .all(|(p, s)| s.is_zero() || closed.contains(p))
        })
        .collect();
    while let Some(c) = open.pop() {
        if closed.remove(&c) {
            let below = holds.get(&c).into_iter().flatten();
            open.extend(below.filter(|x| closed.contains(x)));
        }
    }
    if let Some(first) = closed.first()
        && let Some(span) = held[first].span
    {
        let names: Vec<String> = closed
            .iter()
            .take(5)
            .map(|c| b.base.record_name(*c))
            .collect();
        let names = names.join(", ");
        b.report
            .error(
                "closed-loop",
                span,
                format!("ces sociétés se détiennent entièrement l'une l'autre : {names}"),
                format!("these companies hold each other whole: {names}"),
            )
            .mend(
                "indiquer qui, hors de cette boucle, les détient",
                "state who outside this loop holds them",
            );
    }
}

/// The companies that each holder holds a part of.
fn held_by(held: &BTreeMap<RecordId, Held>) -> BTreeMap<RecordId, Vec<RecordId>> {
    let mut by: BTreeMap<RecordId, Vec<RecordId>> = BTreeMap::new();
    for (company, h) in held {
        for (holder, share) in &h.holders {
            if !share.is_zero() {
                by.entry(*holder).or_default().push(*company);
            }
        }
    }
    by
}
