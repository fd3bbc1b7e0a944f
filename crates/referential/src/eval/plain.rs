//! What a rule comes to, without a derivation: where only the outcome is asked for, what
//! cannot change it is not looked at. Says the same as [`Evaluator`] does, which is asked
//! where an expression is none of those that are read here.

use super::chain::Chain;
use super::lists::{Others, all_of_others, some_of_others};
use super::resolutions::Worth;
use super::truths::{compare_share, is_among};
use super::value::Tv;
use super::{Context, Evaluator, Number, Outcomes, months_before};
use crate::rule::{CompareOp, Const, NodeId, Op, Rule, Ty};
use cocarde_model::{Date, Decimal, Interval, RecordId, SlotKey, Truth, Value};
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

    /// What was looked at for members of lists, with repetitions.
    pub(crate) fn looked_at(&self) -> &[SlotKey] {
        &self.reads
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
                let scaled = part
                    .scale(Decimal::ONE_HUNDRED)
                    .sub(whole.clone().scale(*than));
                compare_share(*op, scaled, whole, *than)
            }
            Op::CompareDate(op, a, b) => {
                let (a, b) = (self.date(*a)?, self.date(*b)?);
                match op {
                    CompareOp::Eq => a.equal(&b),
                    op => a.test_with(&b, |a, b| op.holds(a.cmp(b))),
                }
            }
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
            Ty::Bool => {
                let (a, b) = (self.truth(a)?, self.truth(b)?);
                a.and(b).or(a.not().and(b.not()))
            }
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
        let Some(record) = self.record(of)? else {
            return Some((Tv::unknown(), None));
        };
        let key = SlotKey { record, field };
        self.look(key);
        Some((self.ctx.look_at(key, policy), Some(key)))
    }

    /// `all` and `exists`.
    fn quantify(&mut self, list: NodeId, body: NodeId, all: bool) -> Option<Outcomes> {
        if let Op::Read { .. } = self.rule.node(list).op {
            return self.quantify_words(list, body, all);
        }
        let chain = Chain::of(self.rule, list).filter(|c| c.map.is_none())?;
        let (ids, open) = self.members(&chain)?;
        let mut out = Outcomes::both(all.into());
        for (at, id) in ids.iter().enumerate() {
            let passes = |plain: &mut Self| plain.passes(&chain, Some(*id), body, all);
            let one = self.truth_of((body, at), *id, passes)?;
            out = if all { out.and(one) } else { out.or(one) };
            if out == Outcomes::both((!all).into()) {
                return Some(out);
            }
        }
        if !open {
            return Some(out);
        }
        let one = self.passes(&chain, None, body, all)?;
        Some(among_others(out, one, &Others::Open(true, true), all))
    }

    /// Whether a record passes: if it is a member at all, or is one.
    fn passes(
        &mut self,
        chain: &Chain,
        record: Option<RecordId>,
        body: NodeId,
        all: bool,
    ) -> Option<Outcomes> {
        self.locals.push(Local::Record(record));
        let member = self.member(chain);
        let passes = match member {
            Some(m) if m == Outcomes::both(FALSE) => Some(Outcomes::both(all.into())),
            Some(m) if all => self.truth(body).map(|o| m.not().or(o)),
            Some(m) => self.truth(body).map(|o| m.and(o)),
            None => None,
        };
        self.locals.pop();
        passes
    }

    /// The same over the words of a property.
    fn quantify_words(&mut self, list: NodeId, body: NodeId, all: bool) -> Option<Outcomes> {
        let words = Words::of(self.read(list)?.0);
        let mut out = Outcomes::both(all.into());
        for (word, member) in &words.named {
            let o = self.with_word(Tv::both(*word), body)?;
            let one = match all {
                true => member.not().or(o),
                false => member.and(o),
            };
            out = if all { out.and(one) } else { out.or(one) };
        }
        let like = match words.others {
            Others::None => return Some(out),
            Others::Open(..) => Tv::unknown(),
            Others::Pending => Tv::Pending,
        };
        let one = self.with_word(like, body)?;
        Some(among_others(out, one, &words.others, all))
    }

    fn with_word(&mut self, word: Tv<&'a str>, body: NodeId) -> Option<Outcomes> {
        self.locals.push(Local::Word(word));
        let out = self.truth(body);
        self.locals.pop();
        out
    }

    fn size(&mut self, list: NodeId) -> Option<Number> {
        let mut size = Number::known(Decimal::ZERO);
        let any = Interval::at_least(Decimal::ZERO);
        if let Op::Read { .. } = self.rule.node(list).op {
            let words = Words::of(self.read(list)?.0);
            for (_, member) in words.named {
                size = size.add(Number::indicator(member));
            }
            return Some(size.add(words.others.amount(any)));
        }
        let chain = Chain::of(self.rule, list)?;
        let (ids, open) = self.members(&chain)?;
        for (at, id) in ids.iter().enumerate() {
            let member = |plain: &mut Self| plain.member_for(&chain, Some(*id));
            let member = self.truth_of((list, at), *id, member)?;
            size = size.add(Number::indicator(member));
        }
        if open && self.member_for(&chain, None)? != Outcomes::both(FALSE) {
            size = size.add(Others::Open(true, true).amount(any));
        }
        Some(size)
    }

    fn sum(&mut self, list: NodeId) -> Option<Number> {
        let chain = Chain::of(self.rule, list)?;
        let body = chain.map?;
        let (ids, open) = self.members(&chain)?;
        let mut sum = Number::known(Decimal::ZERO);
        for (at, id) in ids.iter().enumerate() {
            let part = |plain: &mut Self| plain.part(&chain, *id).map(Worth::Amount);
            match self.worth((body, at), *id, part)? {
                Worth::Amount(part) => sum = sum.add(part),
                Worth::Truth(_) => return None,
            }
        }
        if open {
            self.locals.push(Local::Record(None));
            let one = self.number(body);
            self.locals.pop();
            let (e, r) = one?.range();
            let lowest = e.lo().zip(r.lo()).map(|(a, b)| a.min(b));
            let range = match lowest {
                Some(l) if l >= Decimal::ZERO => Interval::at_least(Decimal::ZERO),
                _ => Interval::ALL,
            };
            sum = sum.add(Others::Open(true, true).amount(range));
        }
        Some(sum)
    }

    /// What a record adds to a sum.
    fn part(&mut self, chain: &Chain, record: RecordId) -> Option<Number> {
        self.locals.push(Local::Record(Some(record)));
        let part = match self.member(chain) {
            Some(m) if m == Outcomes::both(FALSE) => Some(Number::known(Decimal::ZERO)),
            Some(m) => {
                let amount = chain.map.and_then(|body| self.number(body));
                amount.map(|n| n.guarded(m))
            }
            None => None,
        };
        self.locals.pop();
        part
    }

    /// What one record adds to an amount that is made of sums of lists, each got from the
    /// list that the record is in by keeping and replacing its members one by one.
    pub(crate) fn added_by(&mut self, id: NodeId, record: RecordId) -> Option<Number> {
        Some(match &self.rule.node(id).op {
            Op::Add(a, b) => self.added_by(*a, record)?.add(self.added_by(*b, record)?),
            Op::Sub(a, b) => self.added_by(*a, record)?.sub(self.added_by(*b, record)?),
            Op::Neg(a) => self.added_by(*a, record)?.scale(Decimal::NEGATIVE_ONE),
            Op::Sum(list) => {
                let chain = Chain::of(self.rule, *list).filter(|c| c.map.is_some())?;
                self.part(&chain, record)?
            }
            _ => Number::known(Decimal::ZERO),
        })
    }

    fn member_for(&mut self, chain: &Chain, record: Option<RecordId>) -> Option<Outcomes> {
        self.locals.push(Local::Record(record));
        let member = self.member(chain);
        self.locals.pop();
        member
    }

    /// Whether the record that the variable stands for is kept.
    fn member(&mut self, chain: &Chain) -> Option<Outcomes> {
        let mut member = Outcomes::both(TRUE);
        for filter in &chain.filters {
            member = member.and(self.truth(*filter)?);
            if member == Outcomes::both(FALSE) {
                break;
            }
        }
        Some(member)
    }

    /// The records of a list, and whether there may be others.
    fn members(&mut self, chain: &Chain) -> Option<(&'a [RecordId], bool)> {
        let Some(record) = self.record(chain.of)? else {
            return Some((&[], true));
        };
        let field = chain.field;
        let key = SlotKey { record, field };
        self.look(key);
        Some(self.ctx.members(key))
    }

    fn look(&mut self, key: SlotKey) {
        if !self.locals.is_empty() {
            self.reads.push(key);
        }
    }

    fn truth_of(
        &mut self,
        at: (NodeId, usize),
        record: RecordId,
        fresh: impl FnOnce(&mut Self) -> Option<Outcomes>,
    ) -> Option<Outcomes> {
        match self.worth(at, record, |plain| fresh(plain).map(Worth::Truth))? {
            Worth::Truth(o) => Some(o),
            Worth::Amount(_) => None,
        }
    }

    /// What a member of a list comes to, by the expression that says so: from memory where
    /// nothing is supposed of what it hangs on.
    fn worth(
        &mut self,
        (node, at): (NodeId, usize),
        record: RecordId,
        fresh: impl FnOnce(&mut Self) -> Option<Worth>,
    ) -> Option<Worth> {
        // Under another variable it may hang on that too; who was added is not remembered.
        let known = self.ctx.resolutions.filter(|_| self.locals.is_empty());
        let known = known.filter(|_| self.ctx.base.get(record).is_some());
        let Some(known) = known else {
            return fresh(self);
        };
        if let Some(worth) = known.member((node, record), at, self.ctx.overlay) {
            return Some(worth);
        }
        self.reads.clear();
        let worth = fresh(self)?;
        known.remember((node, record), &worth, &self.reads, self.ctx.overlay);
        Some(worth)
    }
}

/// What those named and the others come to together.
fn among_others(named: Outcomes, one: Outcomes, others: &Others, all: bool) -> Outcomes {
    match all {
        true => named.and(all_of_others(others, one)),
        false => named.or(some_of_others(others, one)),
    }
}

/// The words of a property.
struct Words<'a> {
    named: SmallVec<[(&'a str, Outcomes); 4]>,
    others: Others,
}

impl<'a> Words<'a> {
    fn of(value: Tv<&'a Value>) -> Words<'a> {
        let Tv::Known(e, r) = value else {
            return Words {
                named: SmallVec::new(),
                others: Others::Pending,
            };
        };
        let words = |v: Option<&'a Value>| match v {
            Some(Value::Texts(ts)) => Some(&ts[..]),
            _ => None,
        };
        let (e, r) = (words(e), words(r));
        let truth = |list: Option<&[std::sync::Arc<str>]>, word: &str| match list {
            None => Truth::Unknown,
            Some(all) => all.iter().any(|w| **w == *word).into(),
        };
        let mut named: SmallVec<[(&str, Outcomes); 4]> = SmallVec::new();
        for word in e.into_iter().flatten() {
            named.push((word, Outcomes::pair(TRUE, truth(r, word))));
        }
        let more = r.into_iter().flatten();
        for word in more.filter(|w| !e.is_some_and(|e| e.contains(w))) {
            named.push((word, Outcomes::pair(truth(e, word), TRUE)));
        }
        let others = match (e.is_none(), r.is_none()) {
            (false, false) => Others::None,
            (e, r) => Others::Open(e, r),
        };
        Words { named, others }
    }
}
