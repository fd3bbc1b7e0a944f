//! Expressions that are true or false.

use super::lists::{Item, ListVal, Rest};
use super::trace::{Kind, Others, StepId};
use super::value::{Tv, Val};
use super::{Evaluator, Number, Outcomes};
use crate::rule::{Chain, CompareOp, Const, NodeId, Op, Rule, TextOp};
use cocarde_model::{Date, Decimal, Interval, SlotKey, Truth, Value};
use smallvec::SmallVec;
use std::sync::Arc;

impl<'a> Evaluator<'a> {
    pub(super) fn bool_op(&mut self, rule: &'a Rule, id: NodeId) -> (Outcomes, StepId) {
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

    pub(super) fn step(
        &mut self,
        node: NodeId,
        o: Outcomes,
        kind: Kind,
        parts: &[StepId],
        since: u32,
    ) -> (Outcomes, StepId) {
        (o, self.derivation.push(node, o, kind, parts, since))
    }

    pub(super) fn atom(&mut self, rule: &'a Rule, op: &'a Op) -> Outcomes {
        match op {
            Op::Compare(op, a, b) => {
                let since = self.derivation.mark();
                let difference = self.num(rule, *a).sub(self.num(rule, *b));
                self.derivation.note(&difference, since);
                difference.compare_zero(*op)
            }
            Op::CompareShare {
                op,
                part,
                whole,
                than,
            } => {
                let since = self.derivation.mark();
                let (part, whole) = (self.num(rule, *part), self.num(rule, *whole));
                let scaled = beyond_share(part, &whole, *than);
                self.derivation.note(&scaled, since);
                self.derivation.note(&whole, since);
                compare_share(*op, scaled, whole, *than)
            }
            Op::CompareDate(op, a, b) => {
                compare_dates(*op, &self.date(rule, *a), &self.date(rule, *b))
            }
            Op::Equal(a, b) => {
                if let Some(o) = self.is_word(rule, *a, *b) {
                    return o;
                }
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
            Op::InConst(a, words) if matches!(rule.node(*a).op, Op::Read { .. }) => {
                let is_one = |v: &&Value| matches!(v, Value::Text(t) if is_among(t, words));
                self.reading(rule, *a).0.test(is_one)
            }
            Op::InConst(a, words) => self.text(rule, *a).test(|t| is_among(t, words)),
            Op::In(a, list) => {
                if let Some(o) = self.named(rule, *a, *list) {
                    return o;
                }
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

    /// Whether a reading gives a constant word: the common case of equality.
    fn is_word(&mut self, rule: &'a Rule, a: NodeId, b: NodeId) -> Option<Outcomes> {
        match (&rule.node(a).op, &rule.node(b).op) {
            (Op::Read { .. }, Op::Const(Const::Text(word))) => {
                let is_it = |v: &&Value| matches!(v, Value::Text(t) if t == word);
                Some(self.reading(rule, a).0.test(is_it))
            }
            _ => None,
        }
    }

    /// Whether a constant word is among those of a property whose words are known, the
    /// same in both views: the common case, for which no list need be made.
    fn named(&mut self, rule: &'a Rule, word: NodeId, list: NodeId) -> Option<Outcomes> {
        let Op::Const(Const::Text(word)) = &rule.node(word).op else {
            return None;
        };
        let Op::Read {
            of, field, policy, ..
        } = rule.node(list).op
        else {
            return None;
        };
        let since = self.derivation.mark();
        let record = *self.rec(rule, of).settled()?;
        match self.slot(SlotKey { record, field }, policy) {
            Tv::Known(Some(Value::Texts(e)), Some(Value::Texts(r))) if Arc::ptr_eq(e, r) => {
                Some(Outcomes::both(e.contains(word).into()))
            }
            _ => {
                self.derivation.unread(since);
                None
            }
        }
    }

    /// `all` and `exists`: a step over one step a member.
    pub(super) fn quantify(
        &mut self,
        rule: &'a Rule,
        id: NodeId,
        list: NodeId,
        body: NodeId,
        all: bool,
    ) -> (Outcomes, StepId) {
        let since = self.derivation.mark();
        if let Some((key, items)) = self.kept(rule, list) {
            let (out, parts) = self.each(rule, id, &items, (body, all));
            let kind = if all { Kind::All } else { Kind::Any };
            let (o, step) = self.step(id, out, kind, &parts, since);
            self.derivation.set_lists(step, &[key]);
            return (o, step);
        }
        let mut list = self.list(rule, list);
        let (mut out, parts) = self.each(rule, id, &list.items, (body, all));
        let others = self.others(rule, id, &mut list, body, all);
        if let Some(o) = &others {
            out = out.join(o.outcomes, all);
        }
        let kind = match all {
            // Which list it is hangs on more than its members: all that was read is the reason.
            _ if list.chosen => Kind::Atom,
            true => Kind::All,
            false => Kind::Any,
        };
        let (o, step) = self.step(id, out, kind, &parts, since);
        self.derivation.set_lists(step, &list.slots);
        if let Some(others) = others {
            self.derivation.set_others(step, others);
        }
        (o, step)
    }

    /// What the members that are named come to together, and the step of each.
    fn each(
        &mut self,
        rule: &'a Rule,
        id: NodeId,
        items: &[Item<'a>],
        (body, all): (NodeId, bool),
    ) -> (Outcomes, SmallVec<[StepId; 16]>) {
        let mut out = Outcomes::both(all.into());
        let mut parts = SmallVec::new();
        for item in items {
            let (o, s) = self.passes(rule, id, item, body, all);
            out = out.join(o, all);
            parts.push(s);
        }
        (out, parts)
    }

    /// A list of records that is known to have no others, and which of them are kept: the
    /// common case, for which no list need be made. What is looked at is the same, in the
    /// same order.
    fn kept(&mut self, rule: &'a Rule, list: NodeId) -> Option<(SlotKey, SmallVec<[Item<'a>; 8]>)> {
        let chain = Chain::of(rule, list).filter(|c| c.map.is_none())?;
        let (key, ids) = self.records(rule, &chain)?;
        let mut items: SmallVec<[Item<'a>; 8]> = SmallVec::new();
        items.extend(ids.iter().map(|id| Item::record(*id)));
        for filter in &chain.filters {
            for item in &mut items {
                self.sift(rule, item, *filter);
            }
        }
        Some((key, items))
    }

    /// What `all` or `exists` makes of the members that nobody named. Those that stand
    /// for them leave no step: nobody can mend them.
    fn others(
        &mut self,
        rule: &'a Rule,
        id: NodeId,
        list: &mut ListVal<'a>,
        body: NodeId,
        all: bool,
    ) -> Option<Others> {
        if matches!(list.rest, Rest::None) {
            return None;
        }
        let (before, since) = (self.derivation.len(), self.derivation.mark());
        let mut one = Outcomes::both(all.into());
        for item in list.rest.items() {
            let (o, _) = self.passes(rule, id, item, body, all);
            one = one.join(o, all);
        }
        self.derivation.truncate(before);
        let mut reads = std::mem::take(&mut list.others_read);
        reads.extend(self.derivation.reads_since(since));
        let outcomes = list.rest.unnamed().quantified(one, all);
        Some(Others { outcomes, reads })
    }

    /// Whether a member passes: if it is one at all (for `all`), and is one (for `exists`).
    pub(super) fn passes(
        &mut self,
        rule: &'a Rule,
        id: NodeId,
        item: &Item<'a>,
        body: NodeId,
        all: bool,
    ) -> (Outcomes, StepId) {
        let since = self.derivation.mark();
        let before = self.derivation.len();
        let (o, mut s) = self.with_local(rule, item, body);
        if !self.derivation.made_since(before, s) {
            // The body is a variable: its step is somebody else's.
            s = self.derivation.push(body, o, Kind::All, &[s], since);
        }
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
        self.derivation.set_item(s, item.origin);
        (o, s)
    }

    pub(super) fn with_local(
        &mut self,
        rule: &'a Rule,
        item: &Item<'a>,
        body: NodeId,
    ) -> (Outcomes, StepId) {
        self.within((item.val.clone(), item.read), |e| e.bool(rule, body))
    }
}

pub(super) fn is_among(word: &str, words: &[Arc<str>]) -> bool {
    // Most differ at once.
    let first = word.as_bytes().first();
    let same = |w: &Arc<str>| w.as_bytes().first() == first && **w == *word;
    words.iter().any(same)
}

pub(super) fn compare_dates(op: CompareOp, a: &Tv<Date>, b: &Tv<Date>) -> Outcomes {
    match op {
        CompareOp::Eq => a.equal(b),
        op => a.test_with(b, |a, b| op.holds(a.cmp(b))),
    }
}

/// What a part has beyond a share of its whole in percent, a hundredfold.
pub(super) fn beyond_share(part: Number, whole: &Number, than: Decimal) -> Number {
    let share = whole.clone().scale(than);
    part.scale(Decimal::ONE_HUNDRED).sub(share)
}

pub(super) fn compare_share(
    op: CompareOp,
    scaled: Number,
    whole: Number,
    than: Decimal,
) -> Outcomes {
    let nothing: Truth = op.holds(Decimal::ZERO.cmp(&than)).into();
    if whole.exact() == Some(Decimal::ZERO) {
        return Outcomes::both(nothing);
    }
    let (e, r) = whole.range();
    let may_be_negative = |i: Interval| i.lo().is_none_or(|l| l < Decimal::ZERO);
    if may_be_negative(e) || may_be_negative(r) {
        return compare_signed_share(op, &scaled, &whole, nothing);
    }
    let scaled = scaled.compare_zero(op);
    let may_be_nothing = |i: Interval| i.contains(Decimal::ZERO);
    if !may_be_nothing(e) && !may_be_nothing(r) {
        return scaled;
    }
    let will_be_told = scaled.union(Outcomes::both(nothing));
    if whole.will_be_known() {
        return will_be_told;
    }
    let agree = |t: Truth, whole: Interval| match whole {
        whole if whole == Interval::ZERO => nothing,
        whole if may_be_nothing(whole) && t != nothing => Truth::Unknown,
        _ => t,
    };
    let open = scaled.map_views(|t| agree(t, e), |t| agree(t, r));
    match whole.is_pending() {
        true => open.union(will_be_told),
        false => open,
    }
}

/// The same of a whole that may be less than nothing: dividing by it turns a comparison.
fn compare_signed_share(
    op: CompareOp,
    scaled: &Number,
    whole: &Number,
    nothing: Truth,
) -> Outcomes {
    let (over, under) = (scaled.compare_zero(op), scaled.compare_zero(op.flipped()));
    let (e, r) = whole.range();
    let is_negative = |i: Interval| i.hi().is_some_and(|h| h < Decimal::ZERO);
    if is_negative(e) && is_negative(r) {
        return under;
    }
    let will_be_told = over.union(under).union(Outcomes::both(nothing));
    if whole.will_be_known() {
        return will_be_told;
    }
    let agreed = |over, under| match over == under && over == nothing {
        true => nothing,
        false => Truth::Unknown,
    };
    let open = over.zip(under, agreed);
    match whole.is_pending() {
        true => open.union(will_be_told),
        false => open,
    }
}

fn equal<'a>(a: &Val<'a>, b: &Val<'a>) -> Outcomes {
    match (a, b) {
        (Val::Bool(a, _), Val::Bool(b, _)) => a.same(*b),
        (Val::Num(a), Val::Num(b)) => a.clone().sub(b.clone()).compare_zero(CompareOp::Eq),
        (Val::Text(a), Val::Text(b)) => a.equal(b),
        (Val::Date(a), Val::Date(b)) => a.equal(b),
        (Val::Rec(a), Val::Rec(b)) => a.equal(b),
        (Val::List(a), Val::List(b)) => equal_lists(a, b),
        _ => Outcomes::both(Truth::Unknown),
    }
}

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
        // Nor is it known, once the other list is, where its own members are not.
        let settled = |l: &ListVal<'a>, members: &[&Item<'a>]| {
            (closed(l, members) && members.iter().all(|i| i.val.will_be_known()))
                || (matches!(l.rest, Rest::Pending(_)) && members.is_empty())
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
