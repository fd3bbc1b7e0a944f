//! Lists known in part: members that are in for sure or perhaps, and perhaps others.

use super::trace::Looked;
use super::value::{Tv, Val};
use super::{Number, Outcomes, StepId};
use cocarde_model::{Interval, RecordId, SlotKey, Truth};
use smallvec::SmallVec;

/// A member, perhaps.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// The value.
    pub val: Val<'a>,
    /// Whether it is a member.
    pub member: Outcomes,
    /// The step that derived membership; none where it is certain from the start.
    pub step: Option<StepId>,
    /// The record of a list that it comes from.
    pub origin: Option<RecordId>,
    /// What was looked at for the value, besides the list itself where it is one of records.
    pub read: Looked,
}

/// Members besides those named.
#[derive(Clone, Debug)]
pub enum Rest<'a> {
    /// There are none.
    None,
    /// There may be, in the established and in the refuting view; each is like one of these.
    Open(bool, bool, Vec<Item<'a>>),
    /// The list will be known, its members are not; each is like one of these.
    Pending(Vec<Item<'a>>),
}

impl<'a> Rest<'a> {
    /// What they are like.
    pub fn items(&self) -> &[Item<'a>] {
        match self {
            Rest::None => &[],
            Rest::Open(_, _, items) | Rest::Pending(items) => items,
        }
    }

    /// Which there may be.
    pub(super) fn unnamed(&self) -> Unnamed {
        match self {
            Rest::None => Unnamed::None,
            Rest::Open(e, r, _) => Unnamed::Open(*e, *r),
            Rest::Pending(_) => Unnamed::Pending,
        }
    }

    /// The same, to change.
    pub fn items_mut(&mut self) -> &mut [Item<'a>] {
        match self {
            Rest::None => &mut [],
            Rest::Open(_, _, items) | Rest::Pending(items) => items,
        }
    }
}

/// A list in the two views.
#[derive(Clone, Debug)]
pub struct ListVal<'a> {
    /// The members that are named.
    pub items: Vec<Item<'a>>,
    /// The others.
    pub rest: Rest<'a>,
    /// The properties it was read from.
    pub slots: SmallVec<[SlotKey; 2]>,
    /// What else was looked at to know what the others are like.
    pub others_read: Vec<SlotKey>,
    /// Whether a condition has chosen it among several.
    pub chosen: bool,
}

impl<'a> ListVal<'a> {
    /// A list of exactly these.
    pub fn of(vals: Vec<Val<'a>>) -> ListVal<'a> {
        let items = vals.into_iter().map(Item::certain).collect();
        ListVal::read(items, Rest::None, None)
    }

    /// What a property holds.
    pub fn read(items: Vec<Item<'a>>, rest: Rest<'a>, from: Option<SlotKey>) -> ListVal<'a> {
        ListVal {
            items,
            rest,
            slots: from.into_iter().collect(),
            others_read: Vec::new(),
            chosen: false,
        }
    }

    /// One list after the other.
    #[must_use]
    pub fn append(mut self, other: ListVal<'a>) -> ListVal<'a> {
        self.items.extend(other.items);
        self.slots.extend(other.slots);
        self.others_read.extend(other.others_read);
        self.chosen |= other.chosen;
        self.rest = match (self.rest, other.rest) {
            (Rest::None, r) | (r, Rest::None) => r,
            (Rest::Open(a, b, mut i), Rest::Open(c, d, j)) => {
                i.extend(j);
                Rest::Open(a || c, b || d, i)
            }
            (
                Rest::Open(_, _, mut i) | Rest::Pending(mut i),
                Rest::Open(_, _, j) | Rest::Pending(j),
            ) => {
                i.extend(j);
                Rest::Open(true, true, i)
            }
        };
        self
    }

    /// A list is not known by learning what it was read from where membership hangs on
    /// something else that stays unknown.
    #[must_use]
    pub fn settled_or_open(mut self) -> ListVal<'a> {
        let hangs = |i: &Item<'a>| i.member.pairs().any(|(e, r)| e != r || !e.is_known());
        self.rest = match self.rest {
            Rest::Pending(items) if items.iter().any(hangs) => Rest::Open(true, true, items),
            rest => rest,
        };
        self
    }

    /// The number of members.
    pub fn size(&self) -> Number {
        let start = Number::known(0.into());
        let named = self
            .items
            .iter()
            .fold(start, |n, i| n.add(Number::indicator(i.member)));
        let out = |i: &Item<'a>| i.member == Outcomes::both(Truth::False);
        if self.rest.items().iter().all(out) {
            return named;
        }
        named.add(self.rest.unnamed().amount(Interval::at_least(0.into())))
    }

    /// The sum of the members.
    pub fn sum(self) -> Number {
        let start = Number::known(0.into());
        let fold = |n: Number, i: Item<'a>| n.add(i.amount());
        let named = self.items.into_iter().fold(start, fold);
        let unnamed = self.rest.unnamed();
        let (Rest::Open(_, _, like) | Rest::Pending(like)) = self.rest else {
            return named;
        };
        let negative = |i: Item<'a>| {
            let (e, r) = i.val.number().range();
            let lowest = e.lo().zip(r.lo());
            lowest.is_none_or(|(a, b)| a.min(b) < 0.into())
        };
        named.add(unnamed.amount(match like.into_iter().any(negative) {
            true => Interval::ALL,
            false => Interval::at_least(0.into()),
        }))
    }

    /// Whether it holds a word.
    pub fn holds(&self, word: &Tv<std::borrow::Cow<'a, str>>) -> Outcomes {
        self.holds_by(|v| match v {
            Val::Text(t) => t.equal(word),
            _ => Outcomes::both(Truth::Unknown),
        })
    }

    /// Whether some member passes a test.
    pub fn holds_by(&self, test: impl Fn(&Val<'a>) -> Outcomes) -> Outcomes {
        let some = |items: &[Item<'a>]| {
            let start = Outcomes::both(Truth::False);
            let one = |o: Outcomes, i: &Item<'a>| o.or(i.member.and(test(&i.val)));
            items.iter().fold(start, one)
        };
        let unnamed = self.rest.unnamed();
        some(&self.items).or(unnamed.quantified(some(self.rest.items()), false))
    }
}

/// Which members there may be besides those named.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unnamed {
    /// There are none.
    None,
    /// There may be, in the established and in the refuting view.
    Open(bool, bool),
    /// The list will be known, its members are not.
    Pending,
}

impl Unnamed {
    /// What they may add to an amount, all of them together.
    pub(super) fn amount(self, range: Interval) -> Number {
        let of = |open: bool| if open { range } else { Interval::ZERO };
        match self {
            Unnamed::None => Number::known(0.into()),
            Unnamed::Pending => Number::pending(range),
            Unnamed::Open(e, r) => Number::views(of(e), of(r)),
        }
    }

    /// What all of them, or some of them, come to, where those that they are like come to
    /// `one`.
    pub(super) fn quantified(self, one: Outcomes, all: bool) -> Outcomes {
        let none = Truth::from(all);
        match self {
            Unnamed::None => Outcomes::both(none),
            Unnamed::Open(e, r) => one.map_views(|t| open(e, t, none), |t| open(r, t, none)),
            Unnamed::Pending => {
                let two = one.union(one.join(one, all));
                Outcomes::both(none).union(two).union(two.join(two, all))
            }
        }
    }
}

impl<'a> Item<'a> {
    /// What it adds to a sum.
    pub(super) fn amount(self) -> Number {
        self.val.number().guarded(self.member)
    }

    /// A record that belongs to the list.
    pub fn record(record: RecordId) -> Item<'a> {
        Item {
            origin: Some(record),
            ..Item::certain(Val::Rec(Tv::both(record)))
        }
    }

    /// A member for sure.
    pub fn certain(val: Val<'a>) -> Item<'a> {
        Item {
            val,
            member: Outcomes::both(Truth::True),
            step: None,
            origin: None,
            read: Looked::default(),
        }
    }
}

/// What members come to that there may be, where each of them comes to `one`, and none
/// of them to `none`.
fn open(open: bool, one: Truth, none: Truth) -> Truth {
    if open && one != none {
        Truth::Unknown
    } else {
        none
    }
}
