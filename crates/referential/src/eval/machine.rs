//! The evaluator: walks a checked rule once, bottom up where it can be, and
//! writes the derivation as it goes. Nothing is cut short: a derivation shows
//! every reason there is.

use super::lists::ListVal;
use super::trace::{Derivation, Kind, Looked, StepId};
use super::value::{Tv, Val};
use super::{Context, Number, Outcomes, months_before};
use crate::rule::{Const, NodeId, Op, Rule, Ty};
use cocarde_model::{Date, Interval, RecordId, Truth};
use smallvec::SmallVec;
use std::borrow::Cow;

/// Evaluates one rule; its memory is reused from one rule to the next.
pub struct Evaluator<'a> {
    pub(super) ctx: Context<'a>,
    pub(super) derivation: Derivation,
    /// Bound variables, each with what was looked at for its value.
    pub(super) locals: SmallVec<[(Val<'a>, Looked); 2]>,
    /// What is written twice in the rule, from its first evaluation.
    repeated: Vec<(NodeId, Val<'a>, Looked)>,
}

impl<'a> Evaluator<'a> {
    /// Over these facts.
    pub fn new(ctx: Context<'a>) -> Evaluator<'a> {
        Evaluator::reusing(ctx, Derivation::roomy())
    }

    /// Over these facts, in the memory of an earlier derivation.
    pub fn reusing(ctx: Context<'a>, mut derivation: Derivation) -> Evaluator<'a> {
        derivation.clear();
        Evaluator {
            ctx,
            derivation,
            locals: SmallVec::new(),
            repeated: Vec::new(),
        }
    }

    /// The outcomes of a rule of type bool.
    pub fn outcomes(&mut self, rule: &'a Rule) -> Outcomes {
        self.restart();
        self.bool(rule, rule.root).0
    }

    /// The value of an expression of any type.
    pub fn value(&mut self, rule: &'a Rule) -> Val<'a> {
        self.restart();
        self.val(rule, rule.root)
    }

    fn restart(&mut self) {
        self.derivation.clear();
        self.repeated.clear();
    }

    /// How the last outcomes came about.
    pub fn derivation(&self) -> &Derivation {
        &self.derivation
    }

    /// Gives the derivation away.
    pub fn into_derivation(self) -> Derivation {
        self.derivation
    }

    /// With a variable that stands for this.
    pub(super) fn within<T>(
        &mut self,
        local: (Val<'a>, Looked),
        f: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.locals.push(local);
        let out = f(self);
        self.locals.pop();
        out
    }

    pub(super) fn val(&mut self, rule: &'a Rule, id: NodeId) -> Val<'a> {
        // Under a binder the same words may speak of something else.
        if !self.locals.is_empty() || !rule.has_repeats() {
            return self.fresh(rule, id);
        }
        if let Some(first) = rule.repeats[id.0 as usize]
            && let Some(at) = self.repeated.iter().position(|(n, ..)| *n == first)
        {
            let (_, val, read) = &self.repeated[at];
            self.derivation.read_again(*read);
            return val.clone();
        }
        let since = self.derivation.mark();
        let val = self.fresh(rule, id);
        if rule.is_repeated(id) {
            let read = self.derivation.looked_since(since);
            self.repeated.push((id, val.clone(), read));
        }
        val
    }

    fn fresh(&mut self, rule: &'a Rule, id: NodeId) -> Val<'a> {
        match &rule.node(id).op {
            Op::Const(c) => self.constant(id, c),
            Op::Root => Val::Rec(Tv::both(self.ctx.base.root())),
            Op::AsOf => Val::Date(Tv::both(self.ctx.as_of)),
            Op::MonthsAgo(m) => Val::Date(Tv::both(months_before(self.ctx.as_of, *m))),
            Op::Local(i) => {
                let (val, read) = self.locals[*i as usize].clone();
                self.derivation.read_again(read);
                val
            }
            Op::Read { .. } => self.read(rule, id),
            Op::Part { .. } => Val::Rec(self.rec(rule, id)),
            Op::Members { of, field } => {
                let rec = self.rec(rule, *of);
                self.members(rec, *field)
            }
            Op::If { cond, then, other } if rule.node(id).ty != Ty::Bool => {
                let (cond, step) = self.bool(rule, *cond);
                match (self.val(rule, *then), self.val(rule, *other)) {
                    (Val::List(a), Val::List(b)) if cond.single().is_none_or(undecided) => {
                        Val::List(self.choose_list(id, (cond, step), *a, *b).into())
                    }
                    (then, other) => choose(cond, then, other).chosen(),
                }
            }
            Op::Concat(a, b) => {
                let (a, b) = (self.text(rule, *a), self.text(rule, *b));
                Val::Text(concat(a, b))
            }
            Op::List(ids) => {
                let all = ids.iter().map(|i| self.val(rule, *i)).collect();
                Val::List(ListVal::of(all).into())
            }
            Op::Append(a, b) => {
                let a = self.list(rule, *a);
                Val::List(a.append(self.list(rule, *b)).into())
            }
            Op::Filter { list, body } => Val::List(self.filter(rule, *list, *body).into()),
            Op::Map { list, body } => Val::List(self.map(rule, *list, *body).into()),
            Op::Add(..)
            | Op::Sub(..)
            | Op::Mul(..)
            | Op::Div { .. }
            | Op::Rem { .. }
            | Op::Neg(_)
            | Op::Size(_)
            | Op::Length(_)
            | Op::Sum(_) => Val::Num(self.number_op(rule, id)),
            Op::Share(..) => Val::Num(Number::within(Interval::ALL)),
            _ => {
                let (outcomes, step) = self.bool_op(rule, id);
                Val::Bool(outcomes, step)
            }
        }
    }

    pub(super) fn constant(&mut self, id: NodeId, c: &'a Const) -> Val<'a> {
        let text = |t: &'a str| Val::Text(Tv::both(Cow::Borrowed(t)));
        match c {
            Const::Bool(b) => {
                let outcomes = Outcomes::both((*b).into());
                let since = self.derivation.mark();
                Val::Bool(
                    outcomes,
                    self.derivation.push(id, outcomes, Kind::Atom, &[], since),
                )
            }
            Const::Number(d) => Val::Num(Number::known(*d)),
            Const::Text(t) => text(t),
            Const::Date(d) => Val::Date(Tv::both(*d)),
            Const::Texts(ts) => Val::List(ListVal::of(ts.iter().map(|t| text(t)).collect()).into()),
        }
    }

    // Typed views of `val`: the checker has made sure of the type.

    pub(super) fn bool(&mut self, rule: &'a Rule, id: NodeId) -> (Outcomes, StepId) {
        if matches!(rule.node(id).op, Op::Read { .. }) {
            return self.read_bool(rule, id);
        }
        match self.val(rule, id) {
            Val::Bool(o, s) => (o, s),
            _ => unreachable!("the checker lets only truths here"),
        }
    }

    pub(super) fn num(&mut self, rule: &'a Rule, id: NodeId) -> Number {
        if matches!(rule.node(id).op, Op::Read { .. }) {
            return self.read_number(rule, id);
        }
        match self.val(rule, id) {
            Val::Num(n) => n,
            _ => unreachable!("the checker lets only numbers here"),
        }
    }

    pub(super) fn text(&mut self, rule: &'a Rule, id: NodeId) -> Tv<Cow<'a, str>> {
        match self.val(rule, id) {
            Val::Text(t) => t,
            _ => unreachable!("the checker lets only texts here"),
        }
    }

    pub(super) fn date(&mut self, rule: &'a Rule, id: NodeId) -> Tv<Date> {
        match self.val(rule, id) {
            Val::Date(d) => d,
            _ => unreachable!("the checker lets only dates here"),
        }
    }

    pub(super) fn rec(&mut self, rule: &'a Rule, id: NodeId) -> Tv<RecordId> {
        match &rule.node(id).op {
            Op::Part { of, field } => match self.rec(rule, *of) {
                Tv::Known(a, b) => Tv::Known(
                    a.and_then(|r| self.ctx.part(r, *field)),
                    b.and_then(|r| self.ctx.part(r, *field)),
                ),
                Tv::Pending => Tv::unknown(),
            },
            Op::Local(i) => {
                let (Val::Rec(r), read) = &self.locals[*i as usize] else {
                    unreachable!("the checker lets only records here");
                };
                let (rec, read) = (r.clone(), *read);
                self.derivation.read_again(read);
                rec
            }
            _ => match self.val(rule, id) {
                Val::Rec(r) => r,
                _ => unreachable!("the checker lets only records here"),
            },
        }
    }

    pub(super) fn list(&mut self, rule: &'a Rule, id: NodeId) -> ListVal<'a> {
        match self.val(rule, id) {
            Val::List(l) => *l,
            _ => unreachable!("the checker lets only lists here"),
        }
    }
}

fn concat<'a>(a: Tv<Cow<'a, str>>, b: Tv<Cow<'a, str>>) -> Tv<Cow<'a, str>> {
    let join = |a: Option<Cow<'a, str>>, b: Option<Cow<'a, str>>| Some(a? + b?);
    match (a, b) {
        (Tv::Known(a, x), Tv::Known(b, y)) => Tv::Known(join(a, b), join(x, y)),
        (Tv::Pending, Tv::Pending) => Tv::Pending,
        (Tv::Pending, k) | (k, Tv::Pending) if k.settled().is_some() => Tv::Pending,
        _ => Tv::unknown(),
    }
}

fn choose<'a>(cond: Outcomes, then: Val<'a>, other: Val<'a>) -> Val<'a> {
    match cond.single() {
        Some((Truth::True, Truth::True)) => return then,
        Some((Truth::False, Truth::False)) => return other,
        _ => {}
    }
    match (then, other) {
        (Val::Num(a), Val::Num(b)) => Val::Num(Number::choose(cond, &a, &b)),
        (Val::Text(a), Val::Text(b)) => Val::Text(choose_tv(cond, a, b)),
        (Val::Date(a), Val::Date(b)) => Val::Date(choose_tv(cond, a, b)),
        (Val::Rec(a), Val::Rec(b)) => Val::Rec(choose_tv(cond, a, b)),
        (then, _) => then,
    }
}

fn choose_tv<T: Clone + PartialEq>(cond: Outcomes, a: Tv<T>, b: Tv<T>) -> Tv<T> {
    let Some((e, r)) = cond.single() else {
        let undecided = cond.pairs().any(|(e, r)| !e.is_known() || e != r);
        return if a.will_be_known() && b.will_be_known() && !undecided {
            Tv::Pending
        } else {
            Tv::unknown()
        };
    };
    let pick = |t: Truth, x: Option<T>, y: Option<T>| match t {
        Truth::True => x,
        Truth::False => y,
        Truth::Unknown => x.filter(|x| Some(x) == y.as_ref()),
    };
    match (a, b) {
        (Tv::Known(a, x), Tv::Known(b, y)) => Tv::Known(pick(e, a, b), pick(r, x, y)),
        _ => Tv::unknown(),
    }
}

pub(super) fn undecided(pair: (Truth, Truth)) -> bool {
    pair.0 != pair.1 || !pair.0.is_known()
}
