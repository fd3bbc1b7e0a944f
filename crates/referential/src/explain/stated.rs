//! What facts state of the properties that a rule reads: it may be what another has to say.

use crate::eval::Context;
use cocarde_model::{Date, Decimal, FieldId, FieldType, RecordId, TypeId, Value};
use std::sync::Arc;

/// Most amounts, and days, that facts state are tried for another.
const MOST_STATED: usize = 32;

/// About so many texts that facts state are tried for another.
const MOST_TEXTS: usize = 32;

/// Most records that a reference is tried with.
pub(super) const MOST_RECORDS: usize = 32;

/// The countries that facts name, the most frequent first: what is usual in this
/// application comes first to mind.
pub(super) fn countries(ctx: &Context<'_>) -> Vec<Arc<str>> {
    let mut counts: Vec<(Arc<str>, usize)> = Vec::new();
    let mut count = |w: &Arc<str>| match counts.iter_mut().find(|(x, _)| x == w) {
        Some((_, n)) => *n += 1,
        None => counts.push((w.clone(), 1)),
    };
    for (_, fact) in ctx.base.facts() {
        let ty = ctx.base.record(fact.subject).ty;
        match &ctx.base.schema().field(ty, fact.field).ty {
            FieldType::Country | FieldType::Countries => {}
            _ => continue,
        }
        match &fact.value {
            Value::Text(w) => count(w),
            Value::Texts(ws) => ws.iter().for_each(&mut count),
            _ => {}
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts.into_iter().map(|(w, _)| w).collect()
}

/// The texts that facts state of some properties, in the order of the facts, each once.
pub(super) fn stated(ctx: &Context<'_>, of: &[(TypeId, FieldId)]) -> Vec<Arc<str>> {
    let texts = values_of(ctx, of).filter_map(|(ty, value)| match (ty, value) {
        (FieldType::Text, Value::Text(w)) => Some(std::slice::from_ref(w)),
        (FieldType::Texts, Value::Texts(ws)) => Some(&ws[..]),
        _ => None,
    });
    let mut out = Vec::new();
    for words in texts {
        add_new(&mut out, words.iter().cloned());
        if out.len() >= MOST_TEXTS {
            break;
        }
    }
    out
}

/// The ends of the amounts that facts state of some properties, each once.
pub(super) fn stated_amounts(ctx: &Context<'_>, of: &[(TypeId, FieldId)]) -> Vec<Decimal> {
    let ends = values_of(ctx, of).flat_map(|(_, v)| match v {
        Value::Number(i) => [i.lo(), i.hi()],
        _ => [None, None],
    });
    let mut all = each_once(ends.flatten());
    all.truncate(MOST_STATED);
    all
}

/// The days that facts state of some properties, each once, and the day of the assessment:
/// where none is stated, too, some are before it and some after.
pub(super) fn stated_days(ctx: &Context<'_>, of: &[(TypeId, FieldId)]) -> Vec<Date> {
    let days = values_of(ctx, of).filter_map(|(_, v)| match v {
        Value::Date(d) => Some(*d),
        _ => None,
    });
    let mut all = each_once(days);
    all.truncate(MOST_STATED);
    all.push(ctx.as_of);
    each_once(all)
}

/// What facts say of some properties, with the type of each.
fn values_of<'a>(
    ctx: &Context<'a>,
    of: &[(TypeId, FieldId)],
) -> impl Iterator<Item = (&'a FieldType, &'a Value)> {
    let base = ctx.base;
    base.facts().filter_map(move |(_, f)| {
        let ty = base.record(f.subject).ty;
        let is_of = of.binary_search(&(ty, f.field)).is_ok();
        is_of.then(|| (&base.schema().field(ty, f.field).ty, &f.value))
    })
}

pub(super) fn each_once<T: PartialEq>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut out = Vec::new();
    add_new(&mut out, all);
    out
}

fn add_new<T: PartialEq>(out: &mut Vec<T>, all: impl IntoIterator<Item = T>) {
    for one in all {
        if !out.contains(&one) {
            out.push(one);
        }
    }
}

pub(super) fn records(ctx: &Context<'_>, ty: TypeId) -> Vec<Value> {
    let of_type = ctx.base.records().filter(|(_, r)| r.ty == ty);
    of_type
        .take(MOST_RECORDS)
        .map(|(id, _): (RecordId, _)| Value::Ref(id))
        .collect()
}
