//! Which evidence may establish a property, and which may refute it.

use crate::rule::PolicyId;
use cocarde_model::{
    Date, Decimal, Fact, FactBase, FactId, FieldId, Interval, Provenance, SlotKey, TypeId, Value,
};
use smallvec::SmallVec;
use std::collections::BTreeMap;
use std::sync::Arc;

/// For each provenance, the least confidence (0 to 1) from which it counts;
/// `None` where it never does.
pub type Admission = [Option<Decimal>; Provenance::ALL.len()];

/// The evidence policy of one property in one criterion.
///
/// What establishes a property prevails over what only claims it. Proofs that disagree leave
/// it open, unless some of them may refute: these stand against the others. What an applicant
/// says against its own interest counts, proven or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What may establish.
    pub established_by: Admission,
    /// What may refute, besides what may establish.
    pub refuted_by: Admission,
}

impl Policy {
    /// Every provenance counts, whatever its confidence.
    pub fn lenient() -> Policy {
        let all = [Some(Decimal::ZERO); Provenance::ALL.len()];
        Policy {
            established_by: all,
            refuted_by: all,
        }
    }

    /// Whether such a fact may establish its property.
    pub fn establishes(&self, fact: &Fact) -> bool {
        admits(&self.established_by, fact)
    }

    /// Whether such a fact may stand against what establishes its property.
    pub fn refutes(&self, fact: &Fact) -> bool {
        self.establishes(fact) || admits(&self.refuted_by, fact)
    }

    /// How much say a fact has.
    fn say(&self, (_, fact): &Voice<'_>) -> Say {
        match () {
            () if self.establishes(fact) => Say::Establishes,
            () if self.refutes(fact) => Say::Refutes,
            () => Say::Claims,
        }
    }

    /// What the facts about a property amount to on `day`, in whatever order they are stated.
    pub fn resolve<'a>(&self, base: &'a FactBase, key: SlotKey, day: Date) -> Resolved<'a> {
        let ids = base.facts_of(key);
        if let [id] = ids {
            return self.resolve_one(*id, base.fact(*id), day);
        }
        let known = ids.iter().map(|id| (*id, base.fact(*id)));
        if let Some(alike) = self.resolve_alike(known.clone(), day) {
            return alike;
        }
        let heard = heard(known, day);
        match heard.iter().map(|v| self.say(v)).max() {
            Some(most) => self.weigh(heard, most),
            None => Resolved::default(),
        }
    }

    /// The same where all facts count and say the same: a claim and what supports it.
    fn resolve_alike<'a>(
        &self,
        mut all: impl Iterator<Item = Voice<'a>>,
        day: Date,
    ) -> Option<Resolved<'a>> {
        let first = all.next().filter(|(_, f)| f.holds_on(day) && !f.ruling)?;
        let (mut most, mut by) = (self.say(&first), first);
        for voice in all {
            let (_, fact) = voice;
            if !fact.holds_on(day) || fact.ruling || fact.value != first.1.value {
                return None;
            }
            let say = self.say(&voice);
            if say > most {
                (most, by) = (say, voice);
            }
        }
        let value = Some((by.0, &by.1.value));
        Some(Resolved {
            established: value.filter(|_| most == Say::Establishes),
            refuting: value,
            claim: Some(by.0),
            against: None,
        })
    }

    /// What facts amount to of which some have the most say: they claim, and what may refute
    /// stands against them.
    fn weigh<'a>(&self, heard: Voices<'a>, most: Say) -> Resolved<'a> {
        let (mut claims, mut against): (Voices<'a>, Voices<'a>) =
            heard.into_iter().partition(|v| self.say(v) == most);
        let all_say = together(&claims);
        let (low, high) = extremes(&claims);
        let is_against = |v: &Voice<'a>| disagree(v, &low) || disagree(v, &high);
        against.retain(|v| self.refutes(v.1) && is_against(v));
        let may_refute = |(_, f): &Voice<'_>| admits(&self.refuted_by, f);
        if all_say.is_none() && !claims.iter().all(may_refute) {
            // Of proofs that disagree, those that may refute stand against the others.
            let refuters = claims.iter().filter(|v| may_refute(v) && is_against(v));
            against.extend(refuters.copied());
            claims.retain(|v| !may_refute(v));
        }
        let said = all_say.or_else(|| together(&claims));
        let refuting = match against.is_empty() {
            true => said,
            false => together(&against),
        };
        let torn = all_say.is_none() && most != Say::Claims;
        let (claim, against) = match torn || !against.is_empty() {
            true => opposed((said, &claims), (refuting, &against)),
            false => (said.unwrap_or(extremes(&claims).0), None),
        };
        let value = |(id, fact): Voice<'a>| (id, &fact.value);
        Resolved {
            established: all_say.filter(|_| most == Say::Establishes).map(value),
            refuting: refuting.map(value),
            claim: Some(claim.0),
            against: against.map(|(id, _)| id),
        }
    }

    /// The admissible facts that cannot be true along with what is taken as the claim: those
    /// of which [`Resolved::against`] is one.
    pub fn standing_against(&self, base: &FactBase, key: SlotKey, day: Date) -> Vec<FactId> {
        let resolved = self.resolve(base, key, day);
        let (Some(claim), Some(first)) = (resolved.claim, resolved.against) else {
            return Vec::new();
        };
        let claim = (claim, base.fact(claim));
        let ids = base.facts_of(key).iter();
        let heard = heard(ids.map(|id| (*id, base.fact(*id))), day).into_iter();
        let stands = |v: &Voice<'_>| v.0 == first || (self.refutes(v.1) && disagree(v, &claim));
        heard.filter(stands).map(|(id, _)| id).collect()
    }

    /// The same where there is but one fact: the common case.
    fn resolve_one<'a>(&self, id: FactId, fact: &'a Fact, day: Date) -> Resolved<'a> {
        if !fact.holds_on(day) {
            return Resolved::default();
        }
        let value = Some((id, &fact.value));
        Resolved {
            established: value.filter(|_| self.establishes(fact)),
            refuting: value,
            claim: Some(id),
            against: None,
        }
    }
}

/// A fact that is heard.
type Voice<'a> = (FactId, &'a Fact);

type Voices<'a> = SmallVec<[Voice<'a>; 4]>;

/// How much say a fact has in what a property is taken to be, the most last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Say {
    /// It only stands against others.
    Refutes,
    /// It claims.
    Claims,
    /// It establishes.
    Establishes,
}

/// The facts that say something on that day: rulings, where there are any.
fn heard<'a>(all: impl Iterator<Item = Voice<'a>>, day: Date) -> Voices<'a> {
    let mut heard: Voices<'a> = all.filter(|(_, f)| f.holds_on(day)).collect();
    if heard.iter().any(|(_, f)| f.ruling) {
        heard.retain(|(_, f)| f.ruling);
    }
    heard
}

/// What is told as the claim, and what as against it: what the claims say together and what
/// is against that, else any two that cannot both be right.
fn opposed<'a>(
    (said, claims): (Option<Voice<'a>>, &[Voice<'a>]),
    (refuting, against): (Option<Voice<'a>>, &[Voice<'a>]),
) -> (Voice<'a>, Option<Voice<'a>>) {
    let (low, high) = extremes(claims);
    let others = match against.is_empty() {
        true => (low, high),
        false => extremes(against),
    };
    let of_claims = [said, Some(low), Some(high)].into_iter().flatten();
    let to_them = [
        refuting,
        Some(others.0),
        Some(others.1),
        Some(low),
        Some(high),
    ];
    let mut pairs = of_claims.flat_map(|c| to_them.into_iter().flatten().map(move |o| (c, o)));
    let usual = (said.unwrap_or(low), refuting.unwrap_or(others.0));
    let (claim, other) = pairs.find(|(c, o)| disagree(c, o)).unwrap_or(usual);
    (claim, Some(other))
}

/// Two of some facts between which all of them are: whoever disagrees with one of them
/// disagrees with one of the two. Of amounts those that end first and begin last.
fn extremes<'a>(all: &[Voice<'a>]) -> (Voice<'a>, Voice<'a>) {
    let first = all[0];
    if amount(&first).is_none() {
        let other = all.iter().find(|v| disagree(v, &first));
        return (first, *other.unwrap_or(&first));
    }
    let ends = |v: &Voice<'a>| amount(v).map_or((None, None), |i| (i.lo(), i.hi()));
    let last = |v: &&Voice<'a>| {
        let (begins, ends) = ends(v);
        (ends.is_none(), ends, begins)
    };
    let (low, high) = (
        all.iter().min_by_key(last),
        all.iter().max_by_key(|v| ends(v)),
    );
    (*low.unwrap_or(&first), *high.unwrap_or(&first))
}

/// The fact that says all that these say together, else any, but always the same; nothing
/// where they cannot all be right.
fn together<'a>(all: &[Voice<'a>]) -> Option<Voice<'a>> {
    let (low, high) = extremes(all);
    if disagree(&low, &high) {
        return None;
    }
    let common = amount(&low).zip(amount(&high));
    let common = common.and_then(|(a, b)| a.intersect(b));
    let order = |v: &&Voice<'a>| amount(v).map(|i| (Some(i) != common, i.lo(), i.hi()));
    all.iter().min_by_key(order).copied()
}

fn disagree(a: &Voice<'_>, b: &Voice<'_>) -> bool {
    !a.1.value.agrees(&b.1.value)
}

fn amount((_, fact): &Voice<'_>) -> Option<Interval> {
    match fact.value {
        Value::Number(i) => Some(i),
        _ => None,
    }
}

fn admits(admission: &Admission, fact: &Fact) -> bool {
    // What has no stated confidence counts as certain.
    let enough = |least| fact.confidence.is_none_or(|c| c >= least);
    admission[fact.provenance as usize].is_some_and(enough)
}

/// The policies of one criterion.
#[derive(Clone, Debug)]
pub struct Policies {
    /// Those that are alike in several criteria may be one: what facts amount to under it need
    /// be worked out once.
    list: Vec<Arc<Policy>>,
    by_property: BTreeMap<(TypeId, FieldId), PolicyId>,
}

impl Policies {
    /// One policy for every property.
    pub fn uniform(policy: impl Into<Arc<Policy>>) -> Policies {
        Policies {
            list: vec![policy.into()],
            by_property: BTreeMap::new(),
        }
    }

    /// The policy of the properties that have none of their own.
    pub const DEFAULT: PolicyId = PolicyId(0);

    /// Gives a property a policy of its own.
    pub fn set(&mut self, property: (TypeId, FieldId), policy: impl Into<Arc<Policy>>) {
        self.by_property
            .insert(property, PolicyId(self.list.len() as u16));
        self.list.push(policy.into());
    }

    /// Which properties have a policy of their own.
    pub fn by_property(&self) -> &BTreeMap<(TypeId, FieldId), PolicyId> {
        &self.by_property
    }

    /// The policy of that id.
    pub fn get(&self, id: PolicyId) -> &Policy {
        self.shared(id)
    }

    /// The same, as criteria share it.
    pub(super) fn shared(&self, id: PolicyId) -> &Arc<Policy> {
        &self.list[id.0 as usize]
    }

    /// The policy of a property.
    pub fn of(&self, property: (TypeId, FieldId)) -> &Policy {
        self.get(*self.by_property.get(&property).unwrap_or(&Self::DEFAULT))
    }
}

/// What the facts about a property amount to under a policy.
#[derive(Clone, Copy, Debug, Default)]
pub struct Resolved<'a> {
    /// The established value and the fact that establishes it: of several that agree, the
    /// one that says all that they say together. None where such facts disagree.
    pub established: Option<(FactId, &'a Value)>,
    /// The value in the refuting view and the fact that states it. None where facts
    /// disagree of which none may refute the others: nothing prevails until someone rules.
    pub refuting: Option<(FactId, &'a Value)>,
    /// The fact taken as the claim: the one that establishes, one of those that disagree,
    /// else the first stated.
    pub claim: Option<FactId>,
    /// An admissible fact that stands against the claim.
    pub against: Option<FactId>,
}

impl Resolved<'_> {
    /// Whether an admissible fact stands against the claim.
    pub fn is_contradicted(&self) -> bool {
        self.against.is_some()
    }

    /// Whether both views know the property, and exactly.
    pub fn is_settled(&self) -> bool {
        match (self.established, self.refuting) {
            (Some((_, Value::Number(a))), Some((_, Value::Number(b)))) => {
                a == b && a.exact().is_some()
            }
            (Some((_, a)), Some((_, b))) => a == b,
            _ => false,
        }
    }
}
