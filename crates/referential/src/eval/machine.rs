//! The evaluator: walks a checked rule once, bottom up where it can be, and
//! writes the derivation as it goes. Nothing is cut short: a derivation shows
//! every reason there is.

use super::lists::{Item, ListVal, Rest};
use super::trace::{Derivation, Kind, StepId};
use super::value::{Tv, Val};
use super::{Context, Number, Outcomes, Patch};
use crate::rule::{CompareOp, Const, NodeId, Op, PolicyId, Rule, TextOp, Ty};
use cocarde_model::{Date, Decimal, FieldId, Interval, RecordId, Slot, SlotKey, Truth, Value};
use jiff::ToSpan;
use std::borrow::Cow;

/// Evaluates one rule; its memory is reused from one rule to the next.
pub struct Evaluator<'a> {
    ctx: Context<'a>,
    derivation: Derivation,
    locals: Vec<Val<'a>>,
}

impl<'a> Evaluator<'a> {
    /// Over these facts.
    pub fn new(ctx: Context<'a>) -> Evaluator<'a> {
        Evaluator::reusing(ctx, Derivation::default())
    }

    /// Over these facts, in the memory of an earlier derivation.
    pub fn reusing(ctx: Context<'a>, mut derivation: Derivation) -> Evaluator<'a> {
        derivation.clear();
        Evaluator {
            ctx,
            derivation,
            locals: Vec::new(),
        }
    }

    /// The outcomes of a rule of type bool.
    pub fn outcomes(&mut self, rule: &'a Rule) -> Outcomes {
        self.derivation.clear();
        self.bool(rule, rule.root).0
    }

    /// The value of an expression of any type.
    pub fn value(&mut self, rule: &'a Rule) -> Val<'a> {
        self.derivation.clear();
        self.val(rule, rule.root)
    }

    /// How the last outcomes came about.
    pub fn derivation(&self) -> &Derivation {
        &self.derivation
    }

    /// Gives the derivation away.
    pub fn into_derivation(self) -> Derivation {
        self.derivation
    }

    fn val(&mut self, rule: &'a Rule, id: NodeId) -> Val<'a> {
        match &rule.node(id).op {
            Op::Const(c) => self.constant(id, c),
            Op::Root => Val::Rec(Tv::both(self.ctx.base.root())),
            Op::AsOf => Val::Date(Tv::both(self.ctx.as_of)),
            Op::MonthsAgo(m) => Val::Date(Tv::both(months_before(self.ctx.as_of, *m))),
            Op::Local(i) => self.locals[*i as usize].clone(),
            Op::Read { .. } => self.read(rule, id),
            Op::Part { of, field } => {
                let rec = self.rec(rule, *of);
                match rec {
                    Tv::Known(a, b) => Val::Rec(Tv::Known(
                        a.and_then(|r| self.part(r, *field)),
                        b.and_then(|r| self.part(r, *field)),
                    )),
                    Tv::Pending => Val::Rec(Tv::unknown()),
                }
            }
            Op::Members { of, field } => {
                let rec = self.rec(rule, *of);
                self.members(rec, *field)
            }
            Op::If { cond, then, other } if rule.node(id).ty != Ty::Bool => {
                let (cond, step) = self.bool(rule, *cond);
                match (self.val(rule, *then), self.val(rule, *other)) {
                    (Val::List(a), Val::List(b)) if cond.single().is_none_or(undecided) => {
                        Val::List(self.choose_list(id, (cond, step), a, b))
                    }
                    (then, other) => choose(cond, then, other),
                }
            }
            Op::Concat(a, b) => {
                let (a, b) = (self.text(rule, *a), self.text(rule, *b));
                Val::Text(concat(a, b))
            }
            Op::List(ids) => Val::List(ListVal::of(
                ids.iter().map(|i| self.val(rule, *i)).collect(),
            )),
            Op::Append(a, b) => {
                let a = self.list(rule, *a);
                Val::List(a.append(self.list(rule, *b)))
            }
            Op::Filter { list, body } => Val::List(self.filter(rule, *list, *body)),
            Op::Map { list, body } => Val::List(self.map(rule, *list, *body)),
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

    fn constant(&mut self, id: NodeId, c: &'a Const) -> Val<'a> {
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
            Const::Texts(ts) => Val::List(ListVal::of(ts.iter().map(|t| text(t)).collect())),
        }
    }

    // Typed views of `val`: the checker has made sure of the type.

    fn bool(&mut self, rule: &'a Rule, id: NodeId) -> (Outcomes, StepId) {
        match self.val(rule, id) {
            Val::Bool(o, s) => (o, s),
            _ => unreachable!("the checker lets only truths here"),
        }
    }

    fn num(&mut self, rule: &'a Rule, id: NodeId) -> Number {
        match self.val(rule, id) {
            Val::Num(n) => n,
            _ => unreachable!("the checker lets only numbers here"),
        }
    }

    fn text(&mut self, rule: &'a Rule, id: NodeId) -> Tv<Cow<'a, str>> {
        match self.val(rule, id) {
            Val::Text(t) => t,
            _ => unreachable!("the checker lets only texts here"),
        }
    }

    fn date(&mut self, rule: &'a Rule, id: NodeId) -> Tv<Date> {
        match self.val(rule, id) {
            Val::Date(d) => d,
            _ => unreachable!("the checker lets only dates here"),
        }
    }

    fn rec(&mut self, rule: &'a Rule, id: NodeId) -> Tv<RecordId> {
        match self.val(rule, id) {
            Val::Rec(r) => r,
            _ => unreachable!("the checker lets only records here"),
        }
    }

    fn list(&mut self, rule: &'a Rule, id: NodeId) -> ListVal<'a> {
        match self.val(rule, id) {
            Val::List(l) => l,
            _ => unreachable!("the checker lets only lists here"),
        }
    }

    // Facts.

    fn part(&self, record: RecordId, field: FieldId) -> Option<RecordId> {
        self.ctx.base.get(record)?;
        match self.ctx.base.slot(SlotKey { record, field }) {
            Slot::One(part) => Some(*part),
            _ => unreachable!("the schema says that this field is one record"),
        }
    }

    fn members(&mut self, rec: Tv<RecordId>, field: FieldId) -> Val<'a> {
        let generic = || vec![Item::certain(Val::Rec(Tv::unknown()))];
        let Some(&record) = rec.settled() else {
            let rest = Rest::Open(true, true, generic());
            return Val::List(ListVal {
                items: Vec::new(),
                rest,
                slots: Vec::new(),
            });
        };
        let key = SlotKey { record, field };
        self.derivation.read(key);
        if self.ctx.base.get(record).is_none() {
            let rest = Rest::Open(true, true, generic());
            return Val::List(ListVal {
                items: Vec::new(),
                rest,
                slots: vec![key],
            });
        }
        let Slot::Many(stated) = self.ctx.base.slot(key) else {
            unreachable!("the schema says that this field is a list");
        };
        let (ids, complete) = match self.ctx.overlay.get(key) {
            Some(Patch::Members(m)) => (&m.ids[..], m.complete),
            Some(Patch::Pending) => (&stated.ids[..], true),
            Some(Patch::Unknown) => (&[][..], false),
            _ => (&stated.ids[..], stated.complete),
        };
        let certain = |id: &RecordId| Item::certain(Val::Rec(Tv::both(*id)));
        let items = ids.iter().map(certain).collect();
        let rest = if complete {
            Rest::None
        } else {
            Rest::Open(true, true, generic())
        };
        Val::List(ListVal {
            items,
            rest,
            slots: vec![key],
        })
    }

    /// What both views say of a property, under a policy.
    fn slot(&mut self, key: SlotKey, policy: PolicyId) -> Tv<&'a Value> {
        self.derivation.read(key);
        match self.ctx.overlay.get(key) {
            Some(Patch::Pending) => return Tv::Pending,
            Some(Patch::Unknown) => return Tv::unknown(),
            Some(Patch::Value(v)) => return Tv::both(v),
            _ => {}
        }
        if self.ctx.base.get(key.record).is_none() {
            return Tv::unknown();
        }
        let policy = self.ctx.policies.get(policy);
        let r = policy.resolve(self.ctx.base, key, self.ctx.as_of);
        Tv::Known(r.established.map(|(_, v)| v), r.refuting.map(|(_, v)| v))
    }

    /// A property of a record that may itself be known in one view only.
    fn slot_of(&mut self, rec: &Tv<RecordId>, field: FieldId, policy: PolicyId) -> Tv<&'a Value> {
        let Tv::Known(a, b) = rec else {
            return Tv::unknown();
        };
        let mut view = |r: &Option<RecordId>| match r {
            Some(record) => self.slot(
                SlotKey {
                    record: *record,
                    field,
                },
                policy,
            ),
            None => Tv::unknown(),
        };
        if a == b {
            return view(a);
        }
        match (view(a), view(b)) {
            (Tv::Known(established, _), Tv::Known(_, refuting)) => Tv::Known(established, refuting),
            _ => Tv::unknown(),
        }
    }

    fn read(&mut self, rule: &'a Rule, id: NodeId) -> Val<'a> {
        let Op::Read {
            of,
            field,
            policy,
            domain,
            ..
        } = rule.node(id).op
        else {
            unreachable!("only reads come here");
        };
        let since = self.derivation.mark();
        let rec = self.rec(rule, of);
        let key = rec.settled().map(|r| SlotKey { record: *r, field });
        let value = match rec {
            Tv::Pending => self.slot_of_any(rule, id, field, policy),
            _ => self.slot_of(&rec, field, policy),
        };
        match &rule.node(id).ty {
            Ty::Bool => {
                let outcomes = value.test(|v| matches!(v, Value::Bool(true)));
                Val::Bool(
                    outcomes,
                    self.derivation.push(id, outcomes, Kind::Atom, &[], since),
                )
            }
            Ty::Int | Ty::Dec => {
                Val::Num(Number::read(value, key, domain.unwrap_or(Interval::ALL)))
            }
            Ty::Date => Val::Date(value.map(|v| match v {
                Value::Date(d) => *d,
                _ => Date::MIN,
            })),
            Ty::Record(_) => Val::Rec(value.map(|v| match v {
                Value::Ref(r) => *r,
                _ => RecordId(0),
            })),
            Ty::List(_) => {
                let mut list = words(value, key);
                // The views may differ on a word: then the reading is what decides membership.
                let doubtful = |i: &&mut Item<'_>| i.member != Outcomes::both(Truth::True);
                for item in list.items.iter_mut().filter(doubtful) {
                    let step = self
                        .derivation
                        .push(id, item.member, Kind::Atom, &[], since);
                    item.step = Some(step);
                }
                Val::List(list)
            }
            _ => Val::Text(value.map(|v| match v {
                Value::Text(t) => Cow::Borrowed(&**t),
                _ => Cow::Borrowed(""),
            })),
        }
    }

    /// A property of a record that will be one of those stated.
    fn slot_of_any(
        &mut self,
        rule: &Rule,
        id: NodeId,
        field: FieldId,
        policy: PolicyId,
    ) -> Tv<&'a Value> {
        let Op::Read { of, .. } = &rule.node(id).op else {
            return Tv::unknown();
        };
        let Ty::Record(ty) = rule.node(*of).ty else {
            return Tv::unknown();
        };
        let stated: Vec<RecordId> = self
            .ctx
            .base
            .records()
            .filter(|(_, r)| r.ty == ty)
            .map(|(i, _)| i)
            .collect();
        let mut known = !stated.is_empty();
        for record in stated {
            let v = self.slot(SlotKey { record, field }, policy);
            known &= v == Tv::Pending || v.settled().is_some_and(|v| is_exact(v));
        }
        if known { Tv::Pending } else { Tv::unknown() }
    }

    // Numbers.

    fn number_op(&mut self, rule: &'a Rule, id: NodeId) -> Number {
        match &rule.node(id).op {
            Op::Add(a, b) => self.num(rule, *a).add(self.num(rule, *b)),
            Op::Sub(a, b) => self.num(rule, *a).sub(self.num(rule, *b)),
            Op::Mul(a, b) => self.num(rule, *a).mul(self.num(rule, *b)),
            Op::Neg(a) => self.num(rule, *a).scale(Decimal::NEGATIVE_ONE),
            Op::Div { of, by, truncate } => {
                let quotient = |i: Interval| {
                    let q = i.div(Interval::point(*by));
                    if *truncate { q.truncated() } else { q }
                };
                self.num(rule, *of).nonlinear(quotient)
            }
            Op::Rem { of, by } => self.num(rule, *of).nonlinear(|i| remainder(i, *by)),
            Op::Size(a) => self.list(rule, *a).size(),
            Op::Sum(a) => self.list(rule, *a).sum(),
            Op::Length(a) => {
                let length = |t: &Cow<'_, str>| Interval::point(Decimal::from(t.chars().count()));
                match self.text(rule, *a) {
                    Tv::Pending => Number::pending(Interval::at_least(Decimal::ZERO)),
                    Tv::Known(e, r) => {
                        let any = Interval::at_least(Decimal::ZERO);
                        let of = |t: Option<Cow<'_, str>>| t.as_ref().map_or(any, length);
                        Number::views(of(e), of(r))
                    }
                }
            }
            _ => unreachable!("only numbers come here"),
        }
    }

    // Truths.

    fn bool_op(&mut self, rule: &'a Rule, id: NodeId) -> (Outcomes, StepId) {
        let since = self.derivation.mark();
        match &rule.node(id).op {
            Op::Not(a) => {
                let (o, s) = self.bool(rule, *a);
                self.step(id, o.not(), Kind::Not, &[s], since)
            }
            Op::And(a, b) => {
                let ((x, s), (y, t)) = (self.bool(rule, *a), self.bool(rule, *b));
                self.step(id, x.and(y), Kind::All, &[s, t], since)
            }
            Op::Or(a, b) => {
                let ((x, s), (y, t)) = (self.bool(rule, *a), self.bool(rule, *b));
                self.step(id, x.or(y), Kind::Any, &[s, t], since)
            }
            Op::If { cond, then, other } => {
                let (c, s) = self.bool(rule, *cond);
                let (x, t) = self.bool(rule, *then);
                let (y, u) = self.bool(rule, *other);
                self.step(id, c.choose(x, y), Kind::If, &[s, t, u], since)
            }
            Op::All { list, body } => self.quantify(rule, id, *list, *body, true),
            Op::Exists { list, body } => self.quantify(rule, id, *list, *body, false),
            op => {
                let o = self.atom(rule, op);
                self.step(id, o, Kind::Atom, &[], since)
            }
        }
    }

    fn step(
        &mut self,
        node: NodeId,
        o: Outcomes,
        kind: Kind,
        parts: &[StepId],
        since: u32,
    ) -> (Outcomes, StepId) {
        (o, self.derivation.push(node, o, kind, parts, since))
    }

    fn atom(&mut self, rule: &'a Rule, op: &'a Op) -> Outcomes {
        match op {
            Op::Compare(op, a, b) => {
                let difference = self.num(rule, *a).sub(self.num(rule, *b));
                self.derivation.note(&difference);
                difference.compare_zero(*op)
            }
            Op::CompareShare {
                op,
                part,
                whole,
                than,
            } => {
                let (part, whole) = (self.num(rule, *part), self.num(rule, *whole));
                let scaled = part
                    .scale(Decimal::ONE_HUNDRED)
                    .sub(whole.clone().scale(*than));
                self.derivation.note(&scaled);
                self.derivation.note(&whole);
                compare_share(*op, scaled, whole, *than)
            }
            Op::CompareDate(op, a, b) => {
                let (a, b) = (self.date(rule, *a), self.date(rule, *b));
                match op {
                    CompareOp::Eq => a.equal(&b),
                    op => a.test_with(&b, |a, b| op.holds(a.cmp(b))),
                }
            }
            Op::Equal(a, b) => {
                let (a, b) = (self.val(rule, *a), self.val(rule, *b));
                equal(&a, &b)
            }
            Op::Text(op, a, b) => {
                let (a, b) = (self.text(rule, *a), self.text(rule, *b));
                a.test_with(&b, |a, b| match op {
                    TextOp::StartsWith => a.starts_with(&**b),
                    TextOp::EndsWith => a.ends_with(&**b),
                    TextOp::Contains => a.contains(&**b),
                })
            }
            Op::InConst(a, words) => self
                .text(rule, *a)
                .test(|t| words.iter().any(|w| **w == **t)),
            Op::In(a, list) => {
                let a = self.val(rule, *a);
                let list = self.list(rule, *list);
                match &a {
                    Val::Text(t) => list.holds(t),
                    a => list.holds_by(|v| equal(a, v)),
                }
            }
            Op::ExistsOne { list, body } => {
                let passing = self.filter(rule, *list, *body);
                passing
                    .size()
                    .sub(Number::known(Decimal::ONE))
                    .compare_zero(CompareOp::Eq)
            }
            _ => unreachable!("only tests come here"),
        }
    }

    /// `all` and `exists`: a step over one step a member.
    fn quantify(
        &mut self,
        rule: &'a Rule,
        id: NodeId,
        list: NodeId,
        body: NodeId,
        all: bool,
    ) -> (Outcomes, StepId) {
        let since = self.derivation.mark();
        let list = self.list(rule, list);
        let mut out = Outcomes::both(all.into());
        let mut parts = Vec::with_capacity(list.items.len());
        for item in &list.items {
            let (o, s) = self.passes(rule, id, item, body, all);
            out = if all { out.and(o) } else { out.or(o) };
            parts.push(s);
        }
        // Those that stand for the others leave no step: nobody can mend them.
        let before = self.derivation.len();
        let mut rest = Outcomes::both(all.into());
        for item in list.rest.items() {
            let (o, _) = self.passes(rule, id, item, body, all);
            rest = if all { rest.and(o) } else { rest.or(o) };
        }
        self.derivation.truncate(before);
        let rest = if all {
            list.rest_all(rest)
        } else {
            list.rest_exists(rest)
        };
        out = if all { out.and(rest) } else { out.or(rest) };
        let kind = if all { Kind::All } else { Kind::Any };
        let (o, step) = self.step(id, out, kind, &parts, since);
        self.derivation.set_lists(step, &list.slots);
        (o, step)
    }

    /// Whether a member passes: if it is one at all (for `all`), and is one (for `exists`).
    fn passes(
        &mut self,
        rule: &'a Rule,
        id: NodeId,
        item: &Item<'a>,
        body: NodeId,
        all: bool,
    ) -> (Outcomes, StepId) {
        let since = self.derivation.mark();
        let before = self.derivation.len();
        let (o, mut s) = self.with_local(rule, item.val.clone(), body);
        if !self.derivation.made_since(before, s) {
            // The body is a variable: its step is somebody else's.
            s = self.derivation.push(body, o, Kind::All, &[s], since);
        }
        let record = match &item.val {
            Val::Rec(r) => r.settled().copied(),
            _ => None,
        };
        let (o, s) = match item.step {
            None => (o, s),
            Some(member) if all => {
                let outside = item.member.not();
                let not = self
                    .derivation
                    .push(id, outside, Kind::Not, &[member], since);
                self.step(id, outside.or(o), Kind::Any, &[not, s], since)
            }
            Some(member) => self.step(id, item.member.and(o), Kind::All, &[member, s], since),
        };
        self.derivation.set_item(s, record);
        (o, s)
    }

    fn with_local(&mut self, rule: &'a Rule, val: Val<'a>, body: NodeId) -> (Outcomes, StepId) {
        self.locals.push(val);
        let out = self.bool(rule, body);
        self.locals.pop();
        out
    }

    fn filter(&mut self, rule: &'a Rule, list: NodeId, body: NodeId) -> ListVal<'a> {
        let mut list = self.list(rule, list);
        for item in &mut list.items {
            self.sift(rule, item, body);
        }
        list.items
            .retain(|i| i.member != Outcomes::both(Truth::False) || i.step.is_some());
        for item in list.rest.items_mut() {
            self.sift(rule, item, body);
        }
        list.settled_or_open()
    }

    fn sift(&mut self, rule: &'a Rule, item: &mut Item<'a>, body: NodeId) {
        let (o, s) = self.with_local(rule, item.val.clone(), body);
        self.guard(body, item, o, s);
    }

    fn map(&mut self, rule: &'a Rule, list: NodeId, body: NodeId) -> ListVal<'a> {
        let mut list = self.list(rule, list);
        let mut apply = |item: &mut Item<'a>| {
            let val = std::mem::replace(&mut item.val, Val::Rec(Tv::Pending));
            self.locals.push(val);
            item.val = self.val(rule, body);
            self.locals.pop();
        };
        list.items.iter_mut().for_each(&mut apply);
        list.rest.items_mut().iter_mut().for_each(apply);
        list
    }

    /// The members of one list or of the other, by a condition that chooses neither.
    fn choose_list(
        &mut self,
        id: NodeId,
        (cond, step): (Outcomes, StepId),
        mut a: ListVal<'a>,
        mut b: ListVal<'a>,
    ) -> ListVal<'a> {
        let since = self.derivation.mark();
        let not = self
            .derivation
            .push(id, cond.not(), Kind::Not, &[step], since);
        for item in a.items.iter_mut().chain(a.rest.items_mut()) {
            self.guard(id, item, cond, step);
        }
        for item in b.items.iter_mut().chain(b.rest.items_mut()) {
            self.guard(id, item, cond.not(), not);
        }
        a.settled_or_open().append(b.settled_or_open())
    }

    /// Makes membership depend on one more condition.
    fn guard(&mut self, id: NodeId, item: &mut Item<'a>, by: Outcomes, step: StepId) {
        let since = self.derivation.mark();
        item.member = item.member.and(by);
        item.step = Some(match item.step {
            None => step,
            Some(earlier) => {
                self.derivation
                    .push(id, item.member, Kind::All, &[earlier, step], since)
            }
        });
    }
}

fn months_before(day: Date, months: i32) -> Date {
    day.checked_sub(months.months()).unwrap_or(Date::MIN)
}

/// The words of a property that holds a set of them.
fn words<'a>(value: Tv<&'a Value>, key: Option<SlotKey>) -> ListVal<'a> {
    let slots = key.into_iter().collect();
    let generic = |t| vec![Item::certain(Val::Text(t))];
    let word = |w: &'a str, member| Item {
        val: Val::Text(Tv::both(Cow::Borrowed(w))),
        member,
        step: None,
    };
    let of = |v: Option<&'a Value>| match v {
        Some(Value::Texts(ts)) => Some(&ts[..]),
        _ => None,
    };
    let Tv::Known(e, r) = value else {
        return ListVal {
            items: Vec::new(),
            rest: Rest::Pending(generic(Tv::Pending)),
            slots,
        };
    };
    let (e, r) = (of(e), of(r));
    let mut named: Vec<&'a str> = e.into_iter().flatten().map(|w| &**w).collect();
    if e != r {
        let more = r
            .into_iter()
            .flatten()
            .filter(|w| !e.is_some_and(|e| e.contains(w)));
        named.extend(more.map(|w| &**w));
    }
    let truth = |list: Option<&[std::sync::Arc<str>]>, w: &str| match list {
        None => Truth::Unknown,
        Some(ts) => ts.iter().any(|t| **t == *w).into(),
    };
    let items = named
        .iter()
        .map(|w| word(w, Outcomes::pair(truth(e, w), truth(r, w))))
        .collect();
    let rest = match (e.is_none(), r.is_none()) {
        (false, false) => Rest::None,
        (a, b) => Rest::Open(a, b, generic(Tv::unknown())),
    };
    ListVal { items, rest, slots }
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

/// The remainder by a constant; it has the sign of what is divided.
fn remainder(i: Interval, by: Decimal) -> Interval {
    if let Some(x) = i.exact() {
        return Interval::point(x % by);
    }
    let most = by.abs() - Decimal::ONE;
    let negative = i.lo().is_none_or(|l| l < Decimal::ZERO);
    let positive = i.hi().is_none_or(|h| h > Decimal::ZERO);
    let lo = if negative { -most } else { Decimal::ZERO };
    let hi = if positive { most } else { Decimal::ZERO };
    Interval::new(Some(lo), Some(hi)).unwrap_or(Interval::ALL)
}

/// Whether `100 × part − than × whole`, which is what comparing the share multiplied
/// out comes to, stands so to zero. A whole that may be nothing makes the answer that
/// of zero percent, or unknown where the two differ.
fn compare_share(op: CompareOp, scaled: Number, whole: Number, than: Decimal) -> Outcomes {
    let nothing: Truth = op.holds(Decimal::ZERO.cmp(&than)).into();
    if whole.exact() == Some(Decimal::ZERO) {
        return Outcomes::both(nothing);
    }
    let (e, r) = whole.range();
    let scaled = scaled.compare_zero(op);
    let may_be_nothing = |i: Interval| i.contains(Decimal::ZERO);
    if !may_be_nothing(e) && !may_be_nothing(r) {
        return scaled;
    }
    if whole.is_pending() {
        return scaled.union(Outcomes::both(nothing));
    }
    let agree = |t: Truth, may: bool| {
        if may && t != nothing {
            Truth::Unknown
        } else {
            t
        }
    };
    scaled.map_views(
        |t| agree(t, may_be_nothing(e)),
        |t| agree(t, may_be_nothing(r)),
    )
}

fn equal<'a>(a: &Val<'a>, b: &Val<'a>) -> Outcomes {
    match (a, b) {
        (Val::Bool(a, _), Val::Bool(b, _)) => a.and(*b).or(a.not().and(b.not())),
        (Val::Num(a), Val::Num(b)) => a.clone().sub(b.clone()).compare_zero(CompareOp::Eq),
        (Val::Text(a), Val::Text(b)) => a.equal(b),
        (Val::Date(a), Val::Date(b)) => a.equal(b),
        (Val::Rec(a), Val::Rec(b)) => a.equal(b),
        (Val::List(a), Val::List(b)) => equal_lists(a, b),
        _ => Outcomes::both(Truth::Unknown),
    }
}

/// Element by element where membership is certain; unknown otherwise.
fn equal_lists<'a>(a: &ListVal<'a>, b: &ListVal<'a>) -> Outcomes {
    // What a filter has certainly left out is no element.
    fn members<'l, 'a>(l: &'l ListVal<'a>) -> Vec<&'l Item<'a>> {
        let out = Outcomes::both(Truth::False);
        l.items.iter().filter(|i| i.member != out).collect()
    }
    let (xs, ys) = (members(a), members(b));
    let closed = |l: &ListVal<'a>, members: &[&Item<'a>]| {
        let certain = |i: &&Item<'a>| i.member == Outcomes::both(Truth::True);
        matches!(l.rest, Rest::None) && members.iter().all(certain)
    };
    if !closed(a, &xs) || !closed(b, &ys) {
        let settled = |l: &ListVal<'a>, members: &[&Item<'a>]| {
            closed(l, members) || (matches!(l.rest, Rest::Pending(_)) && members.is_empty())
        };
        return match settled(a, &xs) && settled(b, &ys) {
            true => Outcomes::pending(),
            false => Outcomes::both(Truth::Unknown),
        };
    }
    if xs.len() != ys.len() {
        return Outcomes::both(Truth::False);
    }
    let pairs = xs.iter().zip(&ys);
    pairs.fold(Outcomes::both(Truth::True), |o, (x, y)| {
        o.and(equal(&x.val, &y.val))
    })
}

/// One of two values, by a condition that may be unknown.
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

/// Whether a value leaves nothing open: a number may be an interval.
fn is_exact(v: &Value) -> bool {
    !matches!(v, Value::Number(i) if i.exact().is_none())
}

/// Whether a condition chooses neither side in both views.
fn undecided(pair: (Truth, Truth)) -> bool {
    pair.0 != pair.1 || !pair.0.is_known()
}

fn choose_tv<T: Clone + PartialEq>(cond: Outcomes, a: Tv<T>, b: Tv<T>) -> Tv<T> {
    let Some((e, r)) = cond.single() else {
        let known = |v: &Tv<T>| *v == Tv::Pending || v.settled().is_some();
        let undecided = cond.pairs().any(|(e, r)| !e.is_known() || e != r);
        return if known(&a) && known(&b) && !undecided {
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
