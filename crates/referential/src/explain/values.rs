//! Which values are worth trying: one of each kind that a rule can tell apart.

use super::stated::{
    MOST_RECORDS, countries, each_once, records, stated, stated_amounts, stated_days,
};
use crate::eval::Context;
use crate::rule::{Const, NodeId, Op, Rule, Ty};
use cocarde_model::{
    Date, Decimal, FieldId, FieldType, Interval, RoundingStrategy, SlotKey, TypeId, Value,
};
use jiff::ToSpan;
use smallvec::SmallVec;
use std::cell::OnceCell;
use std::sync::Arc;

/// The constants of a rule that values are compared with.
#[derive(Debug)]
pub struct Pool<'a> {
    rule: &'a Rule,
    numbers: Vec<Decimal>,
    days: Vec<Date>,
    /// The countries that the facts name, once they have been looked up, and those to try.
    countries: OnceCell<Vec<Arc<str>>>,
    country_values: OnceCell<Vec<Value>>,
    /// The texts that facts state of the properties that the rule reads, where the rule compares facts with one another.
    stated: OnceCell<Vec<Arc<str>>>,
    /// The amounts and days that facts state of them, likewise.
    amounts: OnceCell<Vec<Decimal>>,
    dates: OnceCell<Vec<Date>>,
}

/// Some text or other, to be filled in.
fn any() -> Arc<str> {
    "…".into()
}

fn texts(words: impl IntoIterator<Item = Arc<str>>) -> Vec<Value> {
    words.into_iter().map(Value::Text).collect()
}

/// Beyond this an amount without an upper bound need not go: in euros or persons.
fn ample() -> Decimal {
    Decimal::from(1_000_000_000_000_i64)
}

impl Pool<'_> {
    /// Of a rule, as seen on a day.
    pub fn of(rule: &Rule, as_of: Date) -> Pool<'_> {
        let mut pool = Pool {
            rule,
            numbers: Vec::new(),
            days: Vec::new(),
            countries: OnceCell::new(),
            country_values: OnceCell::new(),
            stated: OnceCell::new(),
            amounts: OnceCell::new(),
            dates: OnceCell::new(),
        };
        for node in &rule.nodes {
            match &node.op {
                Op::Const(Const::Number(n)) => pool.numbers.push(*n),
                Op::CompareShare { than, .. } => pool.numbers.push(*than),
                Op::Const(Const::Date(d)) => pool.days.push(*d),
                Op::AsOf => pool.days.push(as_of),
                Op::MonthsAgo(m) => pool.days.extend(as_of.checked_sub(m.months())),
                _ => {}
            }
        }
        pool.numbers.sort();
        pool.numbers.dedup();
        pool.days.sort();
        pool.days.dedup();
        pool
    }

    /// The values to try for a property, the most natural first.
    pub fn values(&self, ctx: &Context<'_>, field: &FieldType, now: Option<&Value>) -> Vec<Value> {
        match field {
            FieldType::Bool => vec![Value::Bool(true), Value::Bool(false)],
            FieldType::Country => {
                let all = || texts(self.rule.words().countries(self.countries(ctx)));
                self.country_values.get_or_init(all).clone()
            }
            FieldType::Enum(words) => texts(self.rule.words().of_closed(words)),
            FieldType::Text => {
                let named = self.rule.words().texts(self.stated(ctx));
                texts(named.into_iter().chain([any()]))
            }
            FieldType::Date => self.dates(ctx),
            FieldType::Ref(ty) => records(ctx, *ty),
            FieldType::Texts => {
                let mut words = self.rule.words().texts(self.stated(ctx));
                if words.is_empty() {
                    words.push(any());
                }
                self.subsets(&words, now)
            }
            FieldType::Countries => {
                self.subsets(&self.rule.words().countries(self.countries(ctx)), now)
            }
            FieldType::Enums(words) => self.subsets(&self.rule.words().of_closed(words), now),
            _ => self.amounts(ctx, field),
        }
    }

    /// One value of every class that the rule can tell apart, so that what holds for
    /// all of them holds for all values; nothing when they cannot be listed.
    pub fn cases(&self, ctx: &Context<'_>, rule: &Rule, key: SlotKey) -> Option<Vec<Value>> {
        let (ty, field) = ctx.property(key)?;
        let of = &ctx.base.schema().field(ty, field).ty;
        let mut values = self.values(ctx, of, None);
        match of {
            FieldType::Many(_) | FieldType::One(_) => return None,
            FieldType::Bool | FieldType::Enum(_) => {}
            // A word that no rule names stands for all the others.
            FieldType::Country | FieldType::Text => values.push(Value::text("\u{0}")),
            FieldType::Ref(_) if values.len() < MOST_RECORDS => {}
            FieldType::Ref(_) => return None,
            FieldType::Texts | FieldType::Countries | FieldType::Enums(_) => return None,
            FieldType::Date if compared_alone(rule, ty, field) => {}
            _ => return None,
        }
        Some(values)
    }

    /// Amounts on both sides of every turning point, and both ends of what the property
    /// can be: one of every class, on the grid of its decimals.
    pub fn around(turns: impl Iterator<Item = Decimal>, field: &FieldType) -> Vec<Value> {
        let domain = field.domain().unwrap_or(Interval::ALL);
        let step = Decimal::new(1, field.scale());
        let below = |t: Decimal| {
            t.round_dp_with_strategy(field.scale(), RoundingStrategy::ToNegativeInfinity)
        };
        let near = turns
            .map(below)
            .flat_map(|t| [-step, Decimal::ZERO, step, step + step].map(|by| t.checked_add(by)));
        let ends = [
            domain.lo().unwrap_or(-ample()),
            domain.hi().unwrap_or(ample()),
        ];
        let mut all: Vec<Decimal> = near
            .flatten()
            .chain(ends)
            .filter(|n| domain.contains(*n))
            .collect();
        all.sort();
        all.dedup();
        all.into_iter()
            .map(|n| Value::Number(Interval::point(n)))
            .collect()
    }

    fn countries<'s>(&'s self, ctx: &Context<'s>) -> &'s [Arc<str>] {
        let find = || countries(ctx);
        ctx.countries(find)
            .unwrap_or_else(|| self.countries.get_or_init(find))
    }

    /// What one fact says may be what another has to say.
    fn stated(&self, ctx: &Context<'_>) -> &[Arc<str>] {
        self.stated.get_or_init(|| match self.rule.words().crossed {
            true => stated(ctx, &self.rule.reads),
            false => Vec::new(),
        })
    }

    /// Days around those that the rule names, and those that facts state where it compares
    /// some with others.
    fn dates(&self, ctx: &Context<'_>) -> Vec<Value> {
        let stated = self.dates.get_or_init(|| match self.rule.apart().days {
            true => stated_days(ctx, &self.rule.reads),
            false => Vec::new(),
        });
        let others = stated.iter().filter(|d| !self.days.contains(d));
        let around = |d: &Date| {
            [
                d.checked_add(1.day()).ok(),
                Some(*d),
                d.checked_sub(1.day()).ok(),
            ]
        };
        let named = self.days.iter().rev().chain(others);
        let mut all: Vec<Date> = named.flat_map(around).flatten().collect();
        if !stated.is_empty() {
            all = each_once(all);
        }
        all.into_iter().map(Value::Date).collect()
    }

    /// Both ends of what the property can be, and just around every constant, and around what
    /// facts state where the rule compares some with others.
    fn amounts(&self, ctx: &Context<'_>, field: &FieldType) -> Vec<Value> {
        let stated = self
            .amounts
            .get_or_init(|| match self.rule.apart().amounts {
                true => stated_amounts(ctx, &self.rule.reads),
                false => Vec::new(),
            });
        let domain = field.domain().unwrap_or(Interval::ALL);
        let step = Decimal::new(1, field.scale());
        let lo = domain.lo().unwrap_or(-ample());
        let hi = domain.hi().unwrap_or(ample());
        let around = |n: &Decimal| [Decimal::ZERO, step, -step].map(|by| n.checked_add(by));
        let numbers = self.numbers.iter().chain(stated);
        let around = numbers.flat_map(around).flatten();
        let mut all: Vec<Decimal> = [hi, lo].into_iter().chain(around).collect();
        all.retain(|n| domain.contains(*n) && n.round_dp(field.scale()) == *n);
        let mut out: Vec<Value> = Vec::new();
        for n in all {
            let v = Value::Number(Interval::point(n));
            if !out.contains(&v) {
                out.push(v);
            }
        }
        out
    }

    /// Sets of words: every subset of the classes when they are few; else what is there
    /// with one class more or less, within each of the rule's sets, and each class alone.
    fn subsets(&self, classes: &[Arc<str>], now: Option<&Value>) -> Vec<Value> {
        let now: Vec<Arc<str>> = match now {
            Some(Value::Texts(ts)) => ts.to_vec(),
            _ => Vec::new(),
        };
        let mut sets = Subsets::default();
        sets.add(now.iter());
        for set in &self.rule.words().sets {
            sets.add(now.iter().filter(|w| set.contains(w)));
        }
        for w in classes {
            let without = now.iter().filter(|x| *x != w);
            sets.add(without.clone());
            sets.add(without.chain([w]));
            sets.add([w].into_iter());
        }
        if classes.len() <= 4 {
            for mask in 0u32..1 << classes.len() {
                let chosen = |(i, _): &(usize, _)| mask & (1 << i) != 0;
                sets.add(classes.iter().enumerate().filter(chosen).map(|(_, w)| w));
            }
        }
        sets.found
    }
}

/// Sets of words, each once whatever its order.
#[derive(Default)]
struct Subsets<'w> {
    words: Vec<&'w Arc<str>>,
    seen: Vec<SmallVec<[usize; 8]>>,
    found: Vec<Value>,
}

impl<'w> Subsets<'w> {
    fn add(&mut self, set: impl Iterator<Item = &'w Arc<str>> + Clone) {
        let mut places: SmallVec<[usize; 8]> = set.clone().map(|w| self.place(w)).collect();
        places.sort_unstable();
        places.dedup();
        if !self.seen.contains(&places) {
            self.seen.push(places);
            self.found.push(Value::Texts(set.cloned().collect()));
        }
    }

    fn place(&mut self, word: &'w Arc<str>) -> usize {
        let known = self.words.iter().position(|w| *w == word);
        known.unwrap_or_else(|| {
            self.words.push(word);
            self.words.len() - 1
        })
    }
}

/// Whether every reading of a property stands alone on one side of a comparison with
/// a constant.
fn compared_alone(rule: &Rule, ty: TypeId, field: FieldId) -> bool {
    let reads = |n: NodeId| match &rule.node(n).op {
        Op::Read { of, field: f, .. } => rule.node(*of).ty == Ty::Record(ty) && *f == field,
        _ => false,
    };
    let constant =
        |n: NodeId| matches!(rule.node(n).op, Op::Const(_) | Op::AsOf | Op::MonthsAgo(_));
    let all = (0..rule.nodes.len())
        .filter(|i| reads(NodeId(*i as u32)))
        .count();
    let alone = rule.nodes.iter().filter(|n| match &n.op {
        Op::CompareDate(_, a, b) => (reads(*a) && constant(*b)) || (reads(*b) && constant(*a)),
        _ => false,
    });
    alone.count() == all
}
