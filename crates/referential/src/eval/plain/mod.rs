//! What a rule comes to, without a derivation: where only the outcome is asked for, what
//! cannot change it is not looked at. Says the same as [`Evaluator`] does, which is asked
//! where an expression is none of those that are read here.

mod members;
mod words;

use super::truths::{beyond_share, compare_dates, compare_share, is_among};
use super::value::Tv;
use super::{Context, Evaluator, Number, Outcomes, months_before};
use crate::rule::{Const, NodeId, Op, PolicyId, Rule, Ty};
use cocarde_model::{Date, Decimal, FieldId, Interval, RecordId, SlotKey, Truth, Value};
use smallvec::SmallVec;

/// The outcomes of a rule of type bool.
pub fn outcomes<'a>(rule: &'a Rule, ctx: Context<'a>) -> Outcomes {
    let plain = || Plain::of(rule, ctx).truth(rule.root);
    let told = rule.plain.then(plain).flatten();
    told.unwrap_or_else(|| Evaluator::new(ctx).outcomes(rule))
}

/// What a variable stands for.
#[derive(Clone)]
enum Local<'a> {
    /// A record; nothing for one that nobody named.
    Record(Option<RecordId>),
    /// A word of a list.
    Word(Tv<&'a str>),
}

/// Evaluates one rule. Nothing is what it says where it cannot tell.
pub(crate) struct Plain<'a> {
    ctx: Context<'a>,
    rule: &'a Rule,
    locals: SmallVec<[Local<'a>; 2]>,
    /// What is written twice, from its first evaluation.
    repeated: SmallVec<[(NodeId, Number); 2]>,
    /// What was looked at for the present member of a list.
    reads: SmallVec<[SlotKey; 8]>,
}

const TRUE: Truth = Truth::True;
const FALSE: Truth = Truth::False;

impl<'a> Plain<'a> {
    pub(crate) fn of(rule: &'a Rule, ctx: Context<'a>) -> Plain<'a> {
        Plain {
            ctx,
            rule,
            locals: SmallVec::new(),
            repeated: SmallVec::new(),
            reads: SmallVec::new(),
        }
    }

    /// With a variable that stands for this.
    fn within<T>(&mut self, local: Local<'a>, f: impl FnOnce(&mut Self) -> T) -> T {
        self.locals.push(local);
        let out = f(self);
        self.locals.pop();
        out
    }

    /// What a test of a record comes to, or one of no record.
    pub(crate) fn test(&mut self, id: NodeId, of: Option<RecordId>) -> Option<Outcomes> {
        match of {
            Some(_) => self.within(Local::Record(of), |plain| plain.truth(id)),
            None => self.truth(id),
        }
    }

    fn truth(&mut self, id: NodeId) -> Option<Outcomes> {
        let (always, never) = (Outcomes::both(TRUE), Outcomes::both(FALSE));
        Some(match &self.rule.node(id).op {
            Op::Const(Const::Bool(b)) => Outcomes::both((*b).into()),
            Op::Read { .. } => self.read(id)?.0.test(|v| matches!(v, Value::Bool(true))),
            Op::Not(a) => self.truth(*a)?.not(),
            Op::And(a, b) => match self.truth(*a)? {
                x if x == never => x,
                x => x.and(self.truth(*b)?),
            },
            Op::Or(a, b) => match self.truth(*a)? {
                x if x == always => x,
                x => x.or(self.truth(*b)?),
            },
            Op::If { cond, then, other } => {
                let (cond, then) = (self.truth(*cond)?, self.truth(*then)?);
                cond.choose(then, self.truth(*other)?)
            }
            Op::Compare(op, a, b) => self.number(*a)?.sub(self.number(*b)?).compare_zero(*op),
            Op::CompareShare {
                op,
                part,
                whole,
                than,
            } => {
                let (part, whole) = (self.number(*part)?, self.number(*whole)?);
                let scaled = beyond_share(part, &whole, *than);
                compare_share(*op, scaled, whole, *than)
            }
            Op::CompareDate(op, a, b) => compare_dates(*op, &self.date(*a)?, &self.date(*b)?),
            Op::Equal(a, b) => self.equal(*a, *b)?,
            Op::InConst(a, words) => self.word(*a)?.test(|w| is_among(w, words)),
            Op::In(a, list) => self.among(*a, *list)?,
            Op::All { list, body } => self.quantify(*list, *body, true)?,
            Op::Exists { list, body } => self.quantify(*list, *body, false)?,
            _ => return None,
        })
    }

    fn equal(&mut self, a: NodeId, b: NodeId) -> Option<Outcomes> {
        Some(match &self.rule.node(a).ty {
            Ty::Bool => self.truth(a)?.same(self.truth(b)?),
            Ty::Text | Ty::Country | Ty::Enum(_) => self.word(a)?.equal(&self.word(b)?),
            Ty::Date => self.date(a)?.equal(&self.date(b)?),
            _ => return None,
        })
    }

    /// Whether a word is in a list of words.
    fn among(&mut self, word: NodeId, list: NodeId) -> Option<Outcomes> {
        if !matches!(self.rule.node(list).op, Op::Read { .. }) {
            return None;
        }
        let Tv::Known(e, r) = self.word(word)? else {
            return None;
        };
        let truth = |list: Option<&Value>, word: Option<&str>| match (list, word) {
            (Some(Value::Texts(all)), Some(w)) => all.iter().any(|x| **x == *w).into(),
            (Some(Value::Texts(all)), None) if all.is_empty() => FALSE,
            _ => Truth::Unknown,
        };
        match self.read(list)?.0 {
            Tv::Known(in_e, in_r) => Some(Outcomes::pair(truth(in_e, e), truth(in_r, r))),
            Tv::Pending if e.is_some() && e == r => Some(Outcomes::pending()),
            Tv::Pending => None,
        }
    }

    fn word(&mut self, id: NodeId) -> Option<Tv<&'a str>> {
        Some(match &self.rule.node(id).op {
            Op::Const(Const::Text(t)) => Tv::both(&**t),
            Op::Local(i) => match &self.locals[*i as usize] {
                Local::Word(w) => w.clone(),
                Local::Record(_) => return None,
            },
            Op::Read { .. } => self.read(id)?.0.map(|v| match v {
                Value::Text(t) => &**t,
                _ => "",
            }),
            _ => return None,
        })
    }

    fn date(&mut self, id: NodeId) -> Option<Tv<Date>> {
        Some(match &self.rule.node(id).op {
            Op::Const(Const::Date(d)) => Tv::both(*d),
            Op::AsOf => Tv::both(self.ctx.as_of),
            Op::MonthsAgo(m) => Tv::both(months_before(self.ctx.as_of, *m)),
            Op::Read { .. } => self.read(id)?.0.map(|v| match v {
                Value::Date(d) => *d,
                _ => Date::MIN,
            }),
            _ => return None,
        })
    }

    /// The amount that an expression comes to.
    pub(crate) fn number(&mut self, id: NodeId) -> Option<Number> {
        let repeats = self.locals.is_empty() && self.rule.has_repeats();
        if !repeats {
            return self.fresh_number(id);
        }
        let first = self.rule.repeats[id.0 as usize].unwrap_or(id);
        if let Some((_, known)) = self.repeated.iter().find(|(n, _)| *n == first) {
            return Some(known.clone());
        }
        let number = self.fresh_number(id)?;
        if self.rule.is_repeated(id) {
            self.repeated.push((id, number.clone()));
        }
        Some(number)
    }

    fn fresh_number(&mut self, id: NodeId) -> Option<Number> {
        Some(match &self.rule.node(id).op {
            Op::Const(Const::Number(n)) => Number::known(*n),
            Op::Read { domain, .. } => {
                let (value, key) = self.read(id)?;
                Number::read(value, key, domain.unwrap_or(Interval::ALL))
            }
            Op::Add(a, b) => self.number(*a)?.add(self.number(*b)?),
            Op::Sub(a, b) => self.number(*a)?.sub(self.number(*b)?),
            Op::Mul(a, b) => self.number(*a)?.mul(self.number(*b)?),
            Op::Neg(a) => self.number(*a)?.scale(Decimal::NEGATIVE_ONE),
            Op::Sum(list) => self.sum(*list)?,
            Op::Size(list) => self.size(*list)?,
            _ => return None,
        })
    }

    /// The property of a record, or of the whole, that is read there.
    pub(crate) fn key(&mut self, read: NodeId, of: Option<RecordId>) -> Option<SlotKey> {
        let Op::Read {
            of: from, field, ..
        } = self.rule.node(read).op
        else {
            return None;
        };
        let record = match of {
            Some(record) => record,
            None => self.record(from)??,
        };
        Some(SlotKey { record, field })
    }

    /// The record that an expression leads to, the same in both views; nothing inside for
    /// one that is not known.
    fn record(&mut self, id: NodeId) -> Option<Option<RecordId>> {
        match &self.rule.node(id).op {
            Op::Root => Some(Some(self.ctx.base.root())),
            Op::Local(i) => match &self.locals[*i as usize] {
                Local::Record(r) => Some(*r),
                Local::Word(_) => None,
            },
            Op::Part { of, field } => {
                let Some(record) = self.record(*of)? else {
                    return Some(None);
                };
                Some(self.ctx.part(record, *field))
            }
            Op::Read { .. } => match self.read(id)?.0 {
                Tv::Known(Some(Value::Ref(a)), Some(Value::Ref(b))) if a == b => Some(Some(*a)),
                Tv::Known(None, None) => Some(None),
                _ => None,
            },
            _ => None,
        }
    }

    /// What both views say of a property, and which it is.
    fn read(&mut self, id: NodeId) -> Option<(Tv<&'a Value>, Option<SlotKey>)> {
        let Op::Read {
            of, field, policy, ..
        } = self.rule.node(id).op
        else {
            return None;
        };
        let Some(known) = self.record(of) else {
            return self.read_apart(of, field, policy).map(|v| (v, None));
        };
        let Some(record) = known else {
            return Some((Tv::unknown(), None));
        };
        let key = SlotKey { record, field };
        self.look(key);
        Some((self.ctx.look_at(key, policy), Some(key)))
    }

    /// The same where the views differ on the record: each says what it says of its own.
    fn read_apart(
        &mut self,
        of: NodeId,
        field: FieldId,
        policy: PolicyId,
    ) -> Option<Tv<&'a Value>> {
        let Tv::Known(e, r) = self.read(of)?.0 else {
            return None;
        };
        let mut view = |record: Option<&Value>| match record {
            Some(Value::Ref(record)) => {
                let record = *record;
                let key = SlotKey { record, field };
                self.look(key);
                self.ctx.look_at(key, policy)
            }
            _ => Tv::unknown(),
        };
        Some(match (view(e), view(r)) {
            (Tv::Known(established, _), Tv::Known(_, refuting)) => Tv::Known(established, refuting),
            _ => Tv::unknown(),
        })
    }
}
