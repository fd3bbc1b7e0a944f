//! Which evidence may establish a property, and which may refute it.

use crate::rule::PolicyId;
use cocarde_model::{
    Date, Decimal, Fact, FactBase, FactId, FieldId, Interval, Provenance, SlotKey, TypeId, Value,
};
use std::collections::BTreeMap;

/// For each provenance, the least confidence (0 to 1) from which it counts;
/// `None` where it never does.
pub type Admission = [Option<Decimal>; Provenance::ALL.len()];

/// The evidence policy of one property in one criterion.
///
/// What may establish a property may always refute it too, and so may the claim
/// itself: what an applicant says against its own interest counts.
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

    /// What the facts about a property amount to on `day`.
    pub fn resolve<'a>(&self, base: &'a FactBase, key: SlotKey, day: Date) -> Resolved<'a> {
        let ids = base.facts_of(key);
        if let [id] = ids {
            return self.resolve_one(*id, base.fact(*id), day);
        }
        let holds = |f: &Fact| f.holds_on(day);
        let ruled = ids.len() > 1
            && ids
                .iter()
                .map(|id| base.fact(*id))
                .any(|f| f.ruling && holds(f));
        let fact = |id: &FactId| (*id, base.fact(*id));
        let counts = |(_, f): &(FactId, &Fact)| holds(f) && (!ruled || f.ruling);
        let heard = || ids.iter().map(fact).filter(counts);
        let admitted = || heard().filter(|(_, f)| self.establishes(f));
        let (mut held, mut torn) = (None::<Held<'_>>, None);
        for (id, fact) in admitted() {
            let Some(held) = &mut held else {
                held = Some(Held::by(id, fact));
                continue;
            };
            if !held.goes_with(id, fact) {
                // Of those that cannot all be right, the first that this one speaks against.
                torn = admitted().find(|(_, f)| !f.value.agrees(&fact.value));
                break;
            }
        }
        let first = torn.or(held.as_ref().map(|h| h.claim));
        let Some((claim, says)) = first.or_else(|| heard().next()) else {
            return Resolved::default();
        };
        let common = held.filter(|_| torn.is_none()).and_then(|h| h.common);
        let disagrees = |f: &Fact| match (common, &f.value) {
            (Some(common), Value::Number(i)) => common.intersect(*i).is_none(),
            (_, value) => !value.agrees(&says.value),
        };
        let mut against: Option<(FactId, &Fact)> = None;
        for (id, fact) in heard().filter(|(id, _)| *id != claim) {
            if disagrees(fact) && self.refutes(fact) {
                // The surest counts; of two as sure, the first.
                let surer = |(_, f): (_, &Fact)| confidence(fact) > confidence(f);
                against = against.filter(|a| !surer(*a)).or(Some((id, fact)));
            }
        }
        let value = |(id, f): (FactId, &'a Fact)| (id, &f.value);
        Resolved {
            established: first.filter(|_| torn.is_none()).map(value),
            refuting: Some(value(against.unwrap_or((claim, says)))),
            claim: Some(claim),
            contradicted: against.is_some(),
        }
    }
}

impl Policy {
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
            contradicted: false,
        }
    }
}

/// What facts that establish a property say together, as long as all can be right.
struct Held<'a> {
    /// The one that says the most: the last that lay within all before it, else the first.
    claim: (FactId, &'a Fact),
    /// Where they state amounts: what all leave possible.
    common: Option<Interval>,
}

impl<'a> Held<'a> {
    fn by(id: FactId, fact: &'a Fact) -> Held<'a> {
        let common = match fact.value {
            Value::Number(i) => Some(i),
            _ => None,
        };
        Held {
            claim: (id, fact),
            common,
        }
    }

    /// Takes in a fact, unless it cannot be right along with those before it.
    fn goes_with(&mut self, id: FactId, fact: &'a Fact) -> bool {
        let (Some(common), Value::Number(i)) = (self.common, &fact.value) else {
            return fact.value.agrees(&self.claim.1.value);
        };
        let Some(common) = common.intersect(*i) else {
            return false;
        };
        if common == *i && self.claim.1.value != Value::Number(common) {
            self.claim = (id, fact);
        }
        self.common = Some(common);
        true
    }
}

fn confidence(f: &Fact) -> Decimal {
    f.confidence.unwrap_or(Decimal::ONE)
}

fn admits(admission: &Admission, fact: &Fact) -> bool {
    // What has no stated confidence counts as certain.
    let enough = |least| fact.confidence.is_none_or(|c| c >= least);
    admission[fact.provenance as usize].is_some_and(enough)
}

/// The policies of one criterion.
#[derive(Clone, Debug)]
pub struct Policies {
    list: Vec<Policy>,
    by_property: BTreeMap<(TypeId, FieldId), PolicyId>,
}

impl Policies {
    /// One policy for every property.
    pub fn uniform(policy: Policy) -> Policies {
        Policies {
            list: vec![policy],
            by_property: BTreeMap::new(),
        }
    }

    /// The policy of the properties that have none of their own.
    pub const DEFAULT: PolicyId = PolicyId(0);

    /// Gives a property a policy of its own.
    pub fn set(&mut self, property: (TypeId, FieldId), policy: Policy) {
        self.by_property
            .insert(property, PolicyId(self.list.len() as u16));
        self.list.push(policy);
    }

    /// Which properties have a policy of their own.
    pub fn by_property(&self) -> &BTreeMap<(TypeId, FieldId), PolicyId> {
        &self.by_property
    }

    /// The policy of that id.
    pub fn get(&self, id: PolicyId) -> &Policy {
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
    /// one that says all that they say together, else the first.
    pub established: Option<(FactId, &'a Value)>,
    /// The value in the refuting view and the fact that states it.
    pub refuting: Option<(FactId, &'a Value)>,
    /// The fact taken as the claim: the one that establishes, the first of those that
    /// disagree, else the first stated.
    pub claim: Option<FactId>,
    /// Whether an admissible fact stands against the claim.
    pub contradicted: bool,
}

impl Resolved<'_> {
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
