//! The analyses, as a referential counts, and what they add to the facts.

use cocarde_analysis::control::{
    self, ControlGraph, ControlRule, IndirectVotes, OutsideRule, Persons,
};
use cocarde_analysis::derived::Derived;
use cocarde_analysis::exact::ratio;
use cocarde_analysis::facts::{Evidence, View, Weight};
use cocarde_analysis::reach;
use cocarde_analysis::report::Line;
use cocarde_analysis::resilience;
use cocarde_analysis::value::{self, StaffRule, ValueRule};
use cocarde_knowledge::{alternatives, regimes};
use cocarde_model::{
    Date, Decimal, Diagnostic, Fact, FactBase, FactId, Provenance, RecordId, SlotKey, TypeId, Value,
};
use cocarde_referential::eval::Policies;
use cocarde_referential::load::{self, Analysis};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A referential's rules of counting, as the analyses take them.
pub struct Rules<'a> {
    stated: &'a Analysis,
    /// What lies outside, and how holders count.
    pub outside: OutsideRule,
    /// What counts in the value of an offering.
    pub value: ValueRule,
    /// What counts in the unit cost price.
    pub unit_cost: ValueRule,
}

impl<'a> Rules<'a> {
    /// From the section of a referential.
    pub fn new(stated: &'a Analysis) -> Rules<'a> {
        let outside = OutsideRule {
            inside: stated.inside.iter().cloned().collect(),
            persons: match stated.persons {
                load::Persons::Residence => Persons::Residence,
                load::Persons::Nationality => Persons::Nationality,
                load::Persons::NotCounted => Persons::NotCounted,
            },
            votes: match stated.indirect_votes {
                load::IndirectVotes::Product => IndirectVotes::Product,
                load::IndirectVotes::Assimilated => IndirectVotes::Assimilated,
                load::IndirectVotes::Larger => IndirectVotes::Larger,
            },
            listed_declare: stated.listed_declare,
            follow_seat: stated.follow_seat,
            control: ControlRule {
                majority: ratio(stated.control_above) / ratio(Decimal::ONE_HUNDRED),
                appointment: stated.control_by_appointment,
                listed_declare: stated.listed_declare,
            },
        };
        let counting = |excluded: &[Arc<str>], profit| ValueRule {
            home: stated.home.clone(),
            excluded: excluded.iter().cloned().collect(),
            profit,
        };
        Rules {
            outside,
            value: counting(&stated.value_excludes, stated.profit),
            unit_cost: counting(&stated.cost_excludes, false),
            stated,
        }
    }

    /// The shares of staff to work out: the property of each and how it counts.
    pub fn staff(&self, base: &FactBase) -> Vec<(SlotKey, StaffRule)> {
        let shares = self.stated.staff.iter().filter_map(|s| {
            let (ty, field) = s.property;
            let rule = StaffRule {
                home: self.stated.home.clone(),
                kinds: s.kinds.iter().cloned().collect::<BTreeSet<_>>(),
            };
            Some((
                SlotKey {
                    record: only(base, ty)?,
                    field,
                },
                rule,
            ))
        });
        shares.collect()
    }

    /// What is declared and differs from what the analyses derive from the rest.
    ///
    /// # Errors
    /// What the analyses find wrong with what is stated.
    pub fn disagreements(&self, view: View<'_>) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        let base = view.base;
        let of = |(name, d): &(&str, Derived)| {
            let facts = stated_facts(base, d);
            let other = facts.filter(|f| !compatible(&f.value, d));
            let found = other.map(|f| disagreement(base, f, name, d));
            found.collect::<Vec<_>>()
        };
        Ok(self.derive(view)?.iter().flat_map(of).collect())
    }

    /// Everything that follows from one reading of the facts.
    fn derive(&self, view: View<'_>) -> Result<Vec<(&'static str, Derived)>, Vec<Diagnostic>> {
        let graph = control::from_facts(view)?;
        let one = |d: Box<Diagnostic>| vec![*d];
        let mut all = Vec::new();
        let mut add = |name, list: Vec<Derived>| all.extend(list.into_iter().map(|d| (name, d)));
        add(
            "cocarde control",
            control::derive(view, &graph, &self.outside)?,
        );
        add("cocarde reach", self.reach(view, &graph));
        let shares = value::derive(view, &self.value, &self.unit_cost).map_err(one)?;
        add("cocarde value", shares);
        for (key, rule) in self.staff(view.base) {
            let share = value::derive_staff(view, key, &rule).map_err(one)?;
            add("cocarde value", share.into_iter().collect());
        }
        Ok(all)
    }

    fn reach(&self, view: View<'_>, graph: &ControlGraph) -> Vec<Derived> {
        let report = reach::analyse(view, graph, &self.outside, regimes::standard());
        report.map_or(Vec::new(), |r| reach::derive(view, graph, &r))
    }

    /// Adds to the facts what the analyses derive on a day, twice over: what
    /// follows from established facts is derived, and may establish; what
    /// follows from everything stated is, where it says something else, a
    /// further declaration, and may tell against the applicant. An open list
    /// only tells against: it stands where nothing else says as much.
    ///
    /// # Errors
    /// What the analyses find wrong with what is stated.
    pub fn complete(
        &self,
        base: &mut FactBase,
        day: Date,
        lang: &str,
    ) -> Result<(), Vec<Diagnostic>> {
        let evidence = Admitted(&self.stated.policies);
        let view = View::new(base, day);
        let stated = self.derive(view)?;
        let established = self.derive(view.established(&evidence))?;
        let counts = |d: &Derived| !d.open || contested(base, d);
        let (mut facts, mut known) = (Vec::new(), Vec::new());
        for (name, d) in established.iter().filter(|(_, d)| counts(d)) {
            facts.push(d.fact(base, Provenance::Derived, name, lang));
            known.push((d.key, &d.value));
        }
        for (name, d) in &stated {
            let told = d.open && stated_facts(base, d).any(|f| compatible(&f.value, d));
            if told || known.contains(&(d.key, &d.value)) {
                continue;
            }
            let mut d = d.clone();
            d.because = unproved(base, &evidence, d.because, &d.rests_on);
            facts.push(d.fact(base, Provenance::Declared, name, lang));
        }
        for fact in facts {
            base.add_fact(fact);
        }
        Ok(())
    }
}

/// What the analyses find wrong with what is stated, whatever is asked of it.
///
/// # Errors
/// Loops, unknown services and needs that cannot be, at their places.
pub fn sound(view: View<'_>) -> Result<(), Vec<Diagnostic>> {
    let graph = control::from_facts(view)?;
    resilience::from_facts(view, &graph, alternatives::standard())?;
    Ok(())
}

/// Names that a note gives before it says that there are more.
const NAMED: usize = 3;

/// The reason, with the premises that are mere declarations.
fn unproved(base: &FactBase, evidence: &dyn Evidence, because: Line, premises: &[FactId]) -> Line {
    let proves = |f: &Fact| {
        let ty = base.record(f.subject).ty;
        evidence.weigh(ty, f) == Weight::Establishes
    };
    let key = |f: &Fact| SlotKey {
        record: f.subject,
        field: f.field,
    };
    let facts = premises.iter().map(|f| base.fact(*f));
    let mut open: Vec<SlotKey> = facts.map(key).collect();
    open.sort();
    open.dedup();
    open.retain(|k| !base.facts_of(*k).iter().any(|f| proves(base.fact(*f))));
    if open.is_empty() {
        return because;
    }
    let names: Vec<String> = open
        .iter()
        .take(NAMED)
        .map(|k| base.slot_name(*k))
        .collect();
    let (names, more) = (names.join(", "), open.len().saturating_sub(NAMED));
    let (fr, en) = match more {
        0 => Default::default(),
        1 => (" et 1 autre".into(), " and 1 more".into()),
        n => (format!(" et {n} autres"), format!(" and {n} more")),
    };
    Line::new(
        format!("{} ; sans preuve : {names}{fr}", because.fr),
        format!("{}; without proof: {names}{en}", because.en),
    )
}

/// What was said of a derived property.
fn stated_facts<'a>(base: &'a FactBase, d: &Derived) -> impl Iterator<Item = &'a Fact> {
    base.facts_of(d.key).iter().map(|f| base.fact(*f))
}

/// Whether someone said what leaves out a part of it.
fn contested(base: &FactBase, d: &Derived) -> bool {
    stated_facts(base, d).any(|f| !compatible(&f.value, d))
}

/// Whether a value can hold beside what is derived.
fn compatible(stated: &Value, derived: &Derived) -> bool {
    match (stated, &derived.value) {
        (Value::Number(a), Value::Number(b)) => a.intersect(*b).is_some(),
        (Value::Texts(all), Value::Texts(some)) if derived.open => {
            some.iter().all(|word| all.contains(word))
        }
        (a, b) => a == b,
    }
}

fn disagreement(base: &FactBase, stated: &Fact, analysis: &str, derived: &Derived) -> Diagnostic {
    let name = base.slot_name(derived.key);
    let found = Diagnostic::warning(
        "differs-from-derived",
        format!(
            "`{name}` dit autre chose que ce qui en découle : {}",
            derived.because.fr
        ),
        format!(
            "`{name}` says something else than what follows from the rest: {}",
            derived.because.en
        ),
    )
    .help(
        format!("corriger l'un ou l'autre ; `{analysis}` montre le calcul"),
        format!("correct one or the other; `{analysis}` shows the working"),
    );
    match stated.source.span {
        Some(span) => found.at(span),
        None => found,
    }
}

/// The record of a type of which an application has exactly one.
fn only(base: &FactBase, ty: TypeId) -> Option<RecordId> {
    base.records().find(|(_, r)| r.ty == ty).map(|(id, _)| id)
}

/// Evidence as a referential admits it.
struct Admitted<'a>(&'a Policies);

impl Evidence for Admitted<'_> {
    fn weigh(&self, ty: TypeId, fact: &Fact) -> Weight {
        let policy = self.0.of((ty, fact.field));
        if policy.establishes(fact) {
            Weight::Establishes
        } else if policy.refutes(fact) {
            Weight::Refutes
        } else {
            Weight::Nothing
        }
    }
}

#[cfg(test)]
mod tests;
