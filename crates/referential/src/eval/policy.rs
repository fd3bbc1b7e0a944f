//! Which evidence may establish a property, and which may refute it.

use cocarde_model::{Date, Decimal, Fact, FactBase, FactId, Interval, Provenance, SlotKey, Value};

/// For each provenance, the least confidence (0 to 1) from which it counts;
/// `None` where it never does.
pub type Admission = [Option<Decimal>; Provenance::ALL.len()];

/// The evidence policy of one property in one criterion.
///
/// What may establish a property may always refute it too.
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

    fn establishes(&self, fact: &Fact) -> bool {
        admits(&self.established_by, fact)
    }

    fn refutes(&self, fact: &Fact) -> bool {
        self.establishes(fact) || admits(&self.refuted_by, fact)
    }

    /// What the facts about a property amount to on `day`.
    pub fn resolve<'a>(&self, base: &'a FactBase, key: SlotKey, day: Date) -> Resolved<'a> {
        let mut facts = base.counting_facts(key, day).peekable();
        let mut out = Resolved::default();
        if facts.peek().is_none() {
            return out;
        }
        let facts: Vec<(FactId, &Fact)> = facts.collect();
        let establishing = || facts.iter().filter(|(_, f)| self.establishes(f));
        let first = establishing().next();
        let conflict =
            first.is_some_and(|(_, a)| establishing().any(|(_, b)| !a.value.agrees(&b.value)));
        if !conflict {
            out.established = first.map(|(id, f)| (*id, &f.value));
        }
        let Some(claim) = first.or(facts.first()) else {
            return out;
        };
        let against = facts
            .iter()
            .filter(|(_, f)| self.refutes(f) && !f.value.agrees(&claim.1.value))
            .max_by(|(a, x), (b, y)| confidence(x).cmp(&confidence(y)).then(b.cmp(a)));
        let with = || {
            facts
                .iter()
                .find(|(_, f)| self.refutes(f) && f.value.agrees(&claim.1.value))
        };
        out.contradicted = against.is_some();
        out.claim = Some(claim.0);
        out.refuting = against.or_else(with).map(|(id, f)| (*id, &f.value));
        out
    }
}

fn confidence(f: &Fact) -> Decimal {
    f.confidence.unwrap_or(Decimal::ONE)
}

fn admits(admission: &Admission, fact: &Fact) -> bool {
    admission[fact.provenance as usize].is_some_and(|least| confidence(fact) >= least)
}

/// What the facts about a property amount to under a policy.
#[derive(Clone, Copy, Debug, Default)]
pub struct Resolved<'a> {
    /// The established value and the first fact that establishes it.
    pub established: Option<(FactId, &'a Value)>,
    /// The value in the refuting view and the fact that states it.
    pub refuting: Option<(FactId, &'a Value)>,
    /// The fact taken as the claim: the first that establishes, else the first stated.
    pub claim: Option<FactId>,
    /// Whether an admissible fact stands against the claim.
    pub contradicted: bool,
}

impl Resolved<'_> {
    /// Whether both views know the property.
    pub fn is_settled(&self) -> bool {
        match (self.established, self.refuting) {
            (Some((_, a)), Some((_, b))) => a == b,
            _ => false,
        }
    }

    /// The numeric ranges in the two views, within the property's domain.
    pub fn ranges(&self, domain: Interval) -> (Interval, Interval) {
        let range = |v: Option<(FactId, &Value)>| match v {
            Some((_, Value::Number(i))) => i.intersect(domain).unwrap_or(domain),
            _ => domain,
        };
        (range(self.established), range(self.refuting))
    }
}
