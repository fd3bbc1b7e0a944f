//! What of a criterion is told, and in which order: first the facts that matter,
//! then what the verdict also rests on, then the way out, nothing twice.

use cocarde_model::Provenance;
use cocarde_referential::Verdict;
use cocarde_referential::report::{
    CriterionReport, EditReport, FactReport, MissingReport, NearestReport, PropertyReport, Report,
    Role,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Most properties told in full where nothing singles them out.
const UNMARKED: usize = 3;
/// Most sets of missing facts that are told.
const MOST_SETS: usize = 3;

/// The criteria of that verdict, those with a contradicted claim first.
pub(crate) fn told(r: &Report, verdict: Verdict) -> Vec<&CriterionReport> {
    let mut all: Vec<_> = r.criteria.iter().filter(|c| c.verdict == verdict).collect();
    all.sort_by_key(|c| !c.properties.iter().any(is_contradicted));
    all
}

/// How many claims are contradicted, over all criteria.
pub(crate) fn contradicted(r: &Report) -> usize {
    let properties = r.criteria.iter().flat_map(|c| &c.properties);
    let contradicted = properties.filter(|p| is_contradicted(p));
    contradicted
        .map(|p| &p.property)
        .collect::<BTreeSet<_>>()
        .len()
}

/// Fewest open criteria for which it is worth saying where to begin.
const MANY: u32 = 6;
/// Most properties that are named to begin with.
const FIRST: usize = 5;

/// Where to begin when much is open: the properties that most criteria wait for, with
/// how many do.
pub(crate) fn beginnings(r: &Report) -> Vec<(&MissingReport, usize)> {
    if r.counts.undetermined < MANY {
        return Vec::new();
    }
    let mut waits: BTreeMap<&str, (&MissingReport, BTreeSet<&str>)> = BTreeMap::new();
    for c in &r.criteria {
        for m in c.missing.iter().flatten() {
            let entry = waits.entry(&m.property).or_insert((m, BTreeSet::new()));
            entry.1.insert(&c.id);
        }
    }
    let mut all: Vec<_> = waits.into_values().map(|(m, of)| (m, of.len())).collect();
    all.retain(|(_, n)| *n > 1);
    all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    all.truncate(FIRST);
    all
}

fn is_contradicted(p: &PropertyReport) -> bool {
    p.contradicted && !p.list
}

/// A criterion, set out for reading.
pub(crate) struct Story<'a> {
    /// Contradicted properties, and those to learn or to change; told in full.
    pub(crate) focus: Vec<&'a PropertyReport>,
    /// What else the verdict rests on; told in a line.
    pub(crate) beside: Vec<&'a PropertyReport>,
    /// Ways to decide it.
    pub(crate) missing: Vec<Ask<'a>>,
    /// The least change, unless the only way to decide it says the same.
    pub(crate) nearest: Option<&'a NearestReport>,
    /// Its steps.
    pub(crate) steps: Vec<Step<'a>>,
}

/// A step of the least change.
pub(crate) enum Step<'a> {
    /// A change of what is.
    Edit(&'a EditReport),
    /// What is wanted is claimed already, and contradicted.
    Lift(&'a EditReport),
    /// A record to add, with what it has to say.
    Add(&'a EditReport, Vec<&'a EditReport>),
}

impl Step<'_> {
    /// The property it is about.
    pub(crate) fn property(&self) -> &str {
        match self {
            Step::Edit(e) | Step::Lift(e) | Step::Add(e, _) => &e.property,
        }
    }
}

/// A set of properties to learn.
pub(crate) struct Ask<'a> {
    /// Each with the change to a value that would satisfy, where that is all it takes.
    pub(crate) items: Vec<(&'a MissingReport, Option<&'a EditReport>)>,
    /// The evidence accepted, where it is the same for all.
    pub(crate) accepted: Option<&'a [String]>,
    /// Whether each of them is shown to be needed.
    pub(crate) proven: bool,
    /// The effort, where the least change says the same.
    pub(crate) nearest: Option<&'a NearestReport>,
}

impl<'a> Story<'a> {
    /// Of a criterion.
    pub(crate) fn of(c: &'a CriterionReport) -> Story<'a> {
        let edits = c.nearest.iter().flat_map(|n| &n.edits);
        let asked = c.missing.iter().flatten().map(|m| &*m.property);
        let wanted: BTreeSet<&str> = edits.map(|e| &*e.property).chain(asked).collect();
        let same = match &c.missing[..] {
            [set] => c.nearest.as_ref().filter(|n| says_the_same(set, n)),
            _ => None,
        };
        let sets = c.missing.iter().zip(&c.missing_proven).take(MOST_SETS);
        let (focus, beside) = split(c, &wanted);
        Story {
            focus,
            beside,
            missing: sets.map(|(set, proven)| ask(set, *proven, same)).collect(),
            nearest: c.nearest.as_ref().filter(|_| same.is_none()),
            steps: c.nearest.as_ref().map_or(Vec::new(), |n| steps(c, n)),
        }
    }

    /// Whether a property is among those to learn, and thus explained already.
    pub(crate) fn asks_for(&self, property: &str) -> bool {
        let items = self.missing.iter().flat_map(|a| &a.items);
        items.into_iter().any(|(m, _)| m.property == property)
    }
}

fn steps<'a>(c: &'a CriterionReport, n: &'a NearestReport) -> Vec<Step<'a>> {
    let fresh: Vec<&str> = n.edits.iter().filter_map(added).collect();
    let of = |record: &str| {
        let says = |e: &&EditReport| owner(&e.property) == record && added(e).is_none();
        n.edits.iter().filter(says).collect::<Vec<_>>()
    };
    let step = |e: &'a EditReport| match added(e) {
        Some(record) => Some(Step::Add(e, of(record))),
        None if fresh.contains(&owner(&e.property)) => None,
        None if is_claimed(c, e) => Some(Step::Lift(e)),
        None => Some(Step::Edit(e)),
    };
    n.edits.iter().filter_map(step).collect()
}

fn split<'a>(
    c: &'a CriterionReport,
    wanted: &BTreeSet<&str>,
) -> (Vec<&'a PropertyReport>, Vec<&'a PropertyReport>) {
    let matters = |p: &PropertyReport| {
        let wanted = wanted.contains(&*p.property);
        !p.facts.is_empty() && !p.list && (wanted || is_contradicted(p))
    };
    let known = c.properties.iter().filter(|p| {
        let asked = wanted.contains(&*p.property);
        !p.facts.is_empty() || !asked
    });
    let (mut focus, mut beside): (Vec<_>, Vec<_>) = match c.verdict {
        Verdict::Satisfied => known.partition(|p| is_contradicted(p)),
        _ => known.partition(|p| matters(p)),
    };
    if focus.is_empty() && c.verdict != Verdict::Satisfied {
        let plain = |p: &&PropertyReport| !p.list && !p.facts.is_empty();
        let first: Vec<_> = beside
            .iter()
            .copied()
            .filter(plain)
            .take(UNMARKED)
            .collect();
        beside.retain(|p| !first.iter().any(|f| std::ptr::eq(*f, *p)));
        focus = first;
    }
    focus.sort_by_key(|p| !is_contradicted(p));
    (focus, beside)
}

fn ask<'a>(set: &'a [MissingReport], proven: bool, same: Option<&'a NearestReport>) -> Ask<'a> {
    let to = |m: &MissingReport| {
        let mut edits = same?.edits.iter().filter(|e| e.to.is_some());
        edits.find(|e| e.property == m.property)
    };
    let proof = |m: &&MissingReport| !m.open_list && !m.contradicted;
    let mut evidence = set.iter().filter(proof).map(|m| &m.accepted[..]);
    let first = evidence.next();
    Ask {
        items: set.iter().map(|m| (m, to(m))).collect(),
        accepted: first.filter(|f| evidence.all(|a| a == *f)),
        proven,
        nearest: same,
    }
}

/// Whether the least change is to prove just what would decide.
fn says_the_same(set: &[MissingReport], n: &NearestReport) -> bool {
    let proof = |e: &EditReport| matches!(&*e.kind, "establish" | "complete");
    let asked = |e: &EditReport| set.iter().any(|m| m.property == e.property);
    n.edits.len() == set.len() && n.edits.iter().all(|e| proof(e) && asked(e))
}

/// The record that a change adds.
fn added(e: &EditReport) -> Option<&str> {
    e.record.as_deref().filter(|_| e.kind == "add")
}

/// The record of a property.
fn owner(property: &str) -> &str {
    property.rsplit_once('.').map_or(property, |(of, _)| of)
}

/// Whether the value that a change asks for is claimed, and contradicted.
fn is_claimed(c: &CriterionReport, e: &EditReport) -> bool {
    let of = c.properties.iter().find(|p| p.property == e.property);
    let claim = of.and_then(Claim::of);
    claim.is_some_and(|c| !c.against.is_empty() && e.to.as_ref() == Some(&c.first.value))
}

/// What speaks for the value of a property: what establishes it or else the claim, and
/// what says the same; a bare declaration only where nothing better does.
pub(crate) fn says(p: &PropertyReport) -> Vec<&FactReport> {
    let establishes = |f: &&FactReport| f.role == Role::Establishes;
    let first = p.facts.iter().find(establishes);
    let Some(first) = first.or_else(|| Claim::of(p).map(|c| c.first)) else {
        return Vec::new();
    };
    let speaks = |f: &&FactReport| f.role != Role::Lapsed || std::ptr::eq(*f, first);
    let same = p
        .facts
        .iter()
        .filter(|f| f.value == first.value)
        .filter(speaks);
    let (bare, better): (Vec<_>, Vec<_>) =
        same.partition(|f| f.provenance == Provenance::Declared && f.document.is_none());
    match better.is_empty() {
        true => bare.into_iter().take(1).collect(),
        false => better,
    }
}

/// Whether an analysis worked a fact out: its place is then that of a premise. What follows
/// from mere declarations is a declaration by the analysis.
pub(crate) fn worked_out(f: &FactReport) -> bool {
    match f.provenance {
        Provenance::Derived => true,
        Provenance::Declared => f.by.is_some(),
        _ => false,
    }
}

/// What is said of a property: by whom it is said, who supports it, who contradicts it.
pub(crate) struct Claim<'a> {
    /// Where it was first said.
    pub(crate) first: &'a FactReport,
    /// Facts at the same place that say the same, with the documents that do.
    pub(crate) support: Vec<&'a FactReport>,
    /// Facts that say the same elsewhere, or that do not speak to the same point; or otherwise,
    /// and do not count.
    pub(crate) others: Vec<&'a FactReport>,
    /// Facts against it.
    pub(crate) against: Vec<&'a FactReport>,
}

impl<'a> Claim<'a> {
    /// Of a property, if anything is said of it.
    pub(crate) fn of(p: &'a PropertyReport) -> Option<Claim<'a>> {
        if p.list {
            return None;
        }
        let taken = taken(p);
        let first = Claim::first(p, taken)?;
        let mut claim = Claim {
            first,
            support: Vec::new(),
            others: Vec::new(),
            against: Vec::new(),
        };
        for f in p.facts.iter().filter(|f| !std::ptr::eq(*f, first)) {
            if is_against(first, f, taken) {
                claim.against.push(f);
            } else if f.value == first.value && f.place == first.place && f.document.is_some() {
                claim.support.push(f);
            } else {
                claim.others.push(f);
            }
        }
        Some(claim)
    }

    /// Where what is contradicted was declared, or else where what is taken as the claim was
    /// first said; where nothing is, what is kept.
    fn first(p: &'a PropertyReport, taken: Option<&FactReport>) -> Option<&'a FactReport> {
        let contradicted = p.facts.iter().find(|f| f.role == Role::Contradicted);
        let says_so = |f: &&FactReport| {
            let speaks = !matches!(f.role, Role::Refutes | Role::Lapsed);
            speaks && taken.is_none_or(|t| !differ(t, f))
        };
        let first = contradicted.or_else(|| p.facts.iter().find(says_so));
        first.or(p.facts.first())
    }
}

/// Whether two facts surely say different things: amounts known in part may be one.
pub(crate) fn differ(a: &FactReport, b: &FactReport) -> bool {
    let word = |v: &Value| v.is_string() || v.is_boolean();
    word(&a.value) && word(&b.value) && a.value != b.value
}

/// The fact that is taken as the claim.
fn taken(p: &PropertyReport) -> Option<&FactReport> {
    let is_taken = |f: &&FactReport| matches!(f.role, Role::Establishes | Role::Claims);
    p.facts.iter().find(is_taken)
}

/// Whether a fact speaks against what was first said: it refutes it, or counts where that is a
/// mere declaration.
fn is_against(first: &FactReport, f: &FactReport, taken: Option<&FactReport>) -> bool {
    let counts = |t: &FactReport| t.value == f.value && f.role != Role::Lapsed;
    let otherwise = first.role == Role::Contradicted && taken.is_some_and(counts);
    f.role == Role::Refutes || otherwise
}
