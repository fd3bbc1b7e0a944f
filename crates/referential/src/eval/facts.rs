//! What a rule reads: properties, parts and members of records.

use super::lists::{Item, ListVal, Rest, Unnamed};
use super::trace::{Kind, Looked};
use super::value::{Tv, Val};
use super::words::Words;
use super::{Evaluator, Number, Outcomes, StepId};
use crate::rule::{NodeId, Op, PolicyId, Rule, Ty};
use cocarde_model::{Date, FieldId, Interval, RecordId, SlotKey, Truth, Value};
use std::borrow::Cow;

impl<'a> Evaluator<'a> {
    pub(super) fn members(&mut self, rec: Tv<RecordId>, field: FieldId) -> Val<'a> {
        let generic = || vec![Item::certain(Val::Rec(Tv::unknown()))];
        let Some(&record) = rec.settled() else {
            let rest = Rest::Open(true, true, generic());
            return Val::List(ListVal::read(Vec::new(), rest, None).into());
        };
        let key = SlotKey { record, field };
        self.derivation.read(key);
        let (ids, open) = self.ctx.members(key);
        let items = ids.iter().map(|id| Item::record(*id)).collect();
        let rest = match open {
            true => Rest::Open(true, true, generic()),
            false => Rest::None,
        };
        Val::List(ListVal::read(items, rest, Some(key)).into())
    }

    /// What both views say of a property, under a policy.
    pub(super) fn slot(&mut self, key: SlotKey, policy: PolicyId) -> Tv<&'a Value> {
        self.derivation.read(key);
        self.ctx.look_at(key, policy)
    }

    /// A property of a record that may itself be known in one view only.
    pub(super) fn slot_of(
        &mut self,
        rec: &Tv<RecordId>,
        field: FieldId,
        policy: PolicyId,
    ) -> Tv<&'a Value> {
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

    /// What both views say of what a reading reads, and of which property, where it is one.
    pub(super) fn reading(
        &mut self,
        rule: &'a Rule,
        id: NodeId,
    ) -> (Tv<&'a Value>, Option<SlotKey>) {
        let Op::Read {
            of, field, policy, ..
        } = rule.node(id).op
        else {
            unreachable!("only reads come here");
        };
        let rec = self.rec(rule, of);
        let key = rec.settled().map(|r| SlotKey { record: *r, field });
        let value = match (&rec, key) {
            (_, Some(key)) => self.slot(key, policy),
            (Tv::Pending, _) => self.slot_of_any(rule, id, field, policy),
            _ => self.slot_of(&rec, field, policy),
        };
        (value, key)
    }

    /// The number that a reading reads.
    pub(super) fn read_number(&mut self, rule: &'a Rule, id: NodeId) -> Number {
        let Op::Read { domain, .. } = rule.node(id).op else {
            unreachable!("only reads come here");
        };
        let (value, key) = self.reading(rule, id);
        Number::read(value, key, domain.unwrap_or(Interval::ALL))
    }

    /// The truth that a reading reads.
    pub(super) fn read_bool(&mut self, rule: &'a Rule, id: NodeId) -> (Outcomes, StepId) {
        let since = self.derivation.mark();
        let (value, _) = self.reading(rule, id);
        let outcomes = value.test(|v| matches!(v, Value::Bool(true)));
        self.step(id, outcomes, Kind::Atom, &[], since)
    }

    pub(super) fn read(&mut self, rule: &'a Rule, id: NodeId) -> Val<'a> {
        match &rule.node(id).ty {
            Ty::Bool => {
                let (outcomes, step) = self.read_bool(rule, id);
                return Val::Bool(outcomes, step);
            }
            Ty::Int | Ty::Dec => return Val::Num(self.read_number(rule, id)),
            _ => {}
        }
        let since = self.derivation.mark();
        let (value, key) = self.reading(rule, id);
        match &rule.node(id).ty {
            Ty::Date => Val::Date(value.map(|v| match v {
                Value::Date(d) => *d,
                _ => Date::MIN,
            })),
            Ty::Record(_) => Val::Rec(value.map(|v| match v {
                Value::Ref(r) => *r,
                _ => RecordId(0),
            })),
            Ty::List(_) => {
                let mut list = words(value, key, self.derivation.looked_since(since));
                // The views may differ on a word: then the reading is what decides membership.
                let doubtful = |i: &&mut Item<'_>| i.member != Outcomes::both(Truth::True);
                for item in list.items.iter_mut().filter(doubtful) {
                    let step = self
                        .derivation
                        .push(id, item.member, Kind::Atom, &[], since);
                    item.step = Some(step);
                }
                Val::List(list.into())
            }
            _ => Val::Text(value.map(|v| match v {
                Value::Text(t) => Cow::Borrowed(&**t),
                _ => Cow::Borrowed(""),
            })),
        }
    }

    /// A property of a record that will be one of those stated.
    pub(super) fn slot_of_any(
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
}

fn words<'a>(value: Tv<&'a Value>, key: Option<SlotKey>, read: Looked) -> ListVal<'a> {
    let generic = |t| {
        let item = Item::certain(Val::Text(t));
        vec![Item { read, ..item }]
    };
    let word = |w: &'a str, member| Item {
        val: Val::Text(Tv::both(Cow::Borrowed(w))),
        member,
        step: None,
        origin: None,
        read,
    };
    let known = Words::of(value);
    let named = known.named.iter();
    let items = named.map(|(w, member)| word(w, *member)).collect();
    let rest = match known.unnamed {
        Unnamed::None => Rest::None,
        Unnamed::Open(e, r) => Rest::Open(e, r, generic(Tv::unknown())),
        Unnamed::Pending => Rest::Pending(generic(Tv::Pending)),
    };
    ListVal::read(items, rest, key)
}

fn is_exact(v: &Value) -> bool {
    !matches!(v, Value::Number(i) if i.exact().is_none())
}
