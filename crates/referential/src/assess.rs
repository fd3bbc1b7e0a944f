//! An application against a referential, criterion by criterion.

use crate::eval::{
    Context, Derivation, Evaluator, Overlay, Policies, Policy, Resolutions, otherwise, verdict,
};
use crate::explain::{Missing, MissingSet, Nearest, Why, missing_within, nearest, why};
use crate::load::{Criterion, Referential, Severity};
use crate::scores::possible_grades;
use cocarde_model::{Date, FactBase, SlotKey, Truth};
use std::sync::OnceLock;

/// What an assessment says of a criterion, or of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Established, and nothing stands against it.
    Satisfied,
    /// Known not to be met, or refuted by admissible evidence.
    NotSatisfied,
    /// The facts do not decide it.
    Undetermined,
    /// The criterion does not apply to this application.
    NotApplicable,
}

impl From<Truth> for Verdict {
    fn from(t: Truth) -> Verdict {
        match t {
            Truth::True => Verdict::Satisfied,
            Truth::False => Verdict::NotSatisfied,
            Truth::Unknown => Verdict::Undetermined,
        }
    }
}

/// How much explanation is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The facts that force each verdict, and those that would decide it.
    pub explain: bool,
    /// Evaluations that may be spent on each criterion's least change where it has to be
    /// searched for, of a rule that looks at few properties: one that looks at hundreds has
    /// as many fewer. When zero no least change is asked for.
    pub nearest_budget: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            explain: true,
            nearest_budget: 1000,
        }
    }
}

/// What came out for one criterion.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The facts that force it.
    pub why: Why,
    /// The facts that would decide it.
    pub missing: Missing,
    /// The least change that would satisfy it.
    pub nearest: Option<Nearest>,
    /// Properties on which admissible facts disagree.
    pub contradictions: Vec<SlotKey>,
    /// Every property the rule looked at, sorted; none where it does not apply.
    pub reads: Vec<SlotKey>,
    /// Whether it applies: not known where its scope is open.
    pub applies: Truth,
    /// For a graded criterion that may apply: the grades that remain possible, by position.
    pub grades: Vec<usize>,
    /// For a graded criterion: whether it may be that no grade is reached.
    pub may_lack_grade: bool,
}

impl Outcome {
    /// Of a criterion out of whose scope the application is: nothing else is asked.
    fn not_applicable() -> Outcome {
        Outcome {
            verdict: Verdict::NotApplicable,
            why: Why::default(),
            missing: Missing::default(),
            nearest: None,
            contradictions: Vec::new(),
            reads: Vec::new(),
            applies: Truth::False,
            grades: Vec::new(),
            may_lack_grade: false,
        }
    }
}

/// An application against a referential.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The verdict on the whole.
    pub verdict: Verdict,
    /// The day it speaks of.
    pub as_of: Date,
    /// One outcome for each criterion of the referential, in its order.
    pub outcomes: Vec<Outcome>,
}

/// Assesses an application on a day.
pub fn assess(
    referential: &Referential,
    base: &FactBase,
    as_of: Date,
    options: Options,
) -> Assessment {
    let mut scopes = Scopes::default();
    let mut memory = Derivation::roomy();
    // Worth it where the same properties are looked at again and again.
    let mut known = options.explain.then(|| Resolutions::of(base));
    let mut one = |c| {
        let applies = scopes.of(c, base, as_of);
        let known = known.as_mut().map(|known| {
            known.next_criterion();
            &*known
        });
        outcome(c, (base, as_of, known), options, applies, &mut memory)
    };
    let outcomes: Vec<Outcome> = referential.criteria.iter().map(&mut one).collect();
    let verdict = decide(referential, &outcomes);
    Assessment {
        verdict,
        as_of,
        outcomes,
    }
}

/// Which scopes hold, each asked once: criteria share them.
#[derive(Default)]
struct Scopes<'a> {
    asked: Vec<(&'a str, Truth)>,
    memory: Derivation,
}

impl<'a> Scopes<'a> {
    /// Whether a criterion applies: asked of whatever is stated, however it is known.
    fn of(&mut self, c: &'a Criterion, base: &FactBase, as_of: Date) -> Truth {
        let Some(rule) = &c.applies else {
            return Truth::True;
        };
        let known = self.asked.iter().find(|(text, _)| **text == *rule.text);
        if let Some((_, truth)) = known {
            return *truth;
        }
        let memory = std::mem::take(&mut self.memory);
        let mut evaluator = Evaluator::reusing(open_context(base, as_of), memory);
        let truth = verdict(evaluator.outcomes(rule));
        self.memory = evaluator.into_derivation();
        self.asked.push((&rule.text, truth));
        truth
    }
}

/// Where whatever is stated counts, however it is known.
pub(crate) fn open_context(base: &FactBase, as_of: Date) -> Context<'_> {
    static LENIENT: OnceLock<Policies> = OnceLock::new();
    let policies = LENIENT.get_or_init(|| Policies::uniform(Policy::lenient()));
    Context::new(base, policies, as_of)
}

fn outcome(
    c: &Criterion,
    (base, as_of, known): (&FactBase, Date, Option<&Resolutions>),
    options: Options,
    applies: Truth,
    memory: &mut Derivation,
) -> Outcome {
    if applies == Truth::False {
        return Outcome::not_applicable();
    }
    let ctx = Context::new(base, &c.policies, as_of);
    let ctx = match known {
        Some(known) => ctx.remembering(known),
        None => ctx,
    };
    let mut evaluator = Evaluator::reusing(ctx, std::mem::take(memory));
    let truth = verdict(evaluator.outcomes(&c.rule));
    *memory = evaluator.into_derivation();
    let derivation = &*memory;
    let mut reads = derivation.all_reads().to_vec();
    reads.sort_unstable();
    reads.dedup();
    let contradicted = |k: &SlotKey| base.facts_of(*k).len() > 1 && ctx.is_contradicted(*k);
    let contradictions: Vec<SlotKey> = reads.iter().copied().filter(contradicted).collect();
    let other = (truth == Truth::True && contradictions.len() > 1)
        .then(|| otherwise(&c.rule, &ctx, &contradictions))
        .flatten();
    let verdict = match (applies, other.as_ref().map_or(truth, |(truth, _)| *truth)) {
        (Truth::Unknown, Truth::False) => Verdict::Undetermined,
        (_, truth) => truth.into(),
    };
    let (grades, may_lack_grade) = possible_grades(c, &ctx);
    let mut out = Outcome {
        verdict,
        why: Why::default(),
        missing: Missing::default(),
        nearest: None,
        contradictions,
        reads,
        applies,
        grades,
        may_lack_grade,
    };
    match (options.explain, other) {
        (false, _) => {}
        (true, None) => explain(c, &ctx, applies, derivation, &mut out, options),
        (true, Some((_, supposed))) => explain_otherwise(c, &ctx, &supposed, &mut out),
    }
    out
}

/// Where refutations only make up for one another: why the rule fails if some of them are
/// right, or else that it has to be known which are.
fn explain_otherwise(c: &Criterion, ctx: &Context<'_>, supposed: &Overlay, out: &mut Outcome) {
    if out.verdict == Verdict::NotSatisfied {
        let ctx = ctx.supposing(supposed);
        let mut evaluator = Evaluator::new(ctx);
        evaluator.outcomes(&c.rule);
        out.why = why(&c.rule, &ctx, &evaluator.into_derivation());
        return;
    }
    let contested = MissingSet {
        of: out.contradictions.clone(),
        proven: false,
    };
    out.missing.sets.push(contested);
}

fn explain(
    c: &Criterion,
    ctx: &Context<'_>,
    applies: Truth,
    derivation: &Derivation,
    out: &mut Outcome,
    options: Options,
) {
    match out.verdict {
        Verdict::Undetermined => {
            let scope = c.applies.as_ref().filter(|_| applies == Truth::Unknown);
            let scope = scope.map(|rule| (rule, open_context(ctx.base, ctx.as_of)));
            out.missing = missing_within(scope, (&c.rule, *ctx));
        }
        _ => out.why = why(&c.rule, ctx, derivation),
    }
    let wanting = matches!(out.verdict, Verdict::NotSatisfied | Verdict::Undetermined);
    if wanting && options.nearest_budget > 0 {
        out.nearest = nearest(&c.rule, ctx, options.nearest_budget);
    }
}

/// The scheme's decision rule, over verdicts that may be open.
fn decide(referential: &Referential, outcomes: &[Outcome]) -> Verdict {
    let count = |severity: fn(&Referential, Severity) -> bool, verdict| {
        let of = referential.criteria.iter().zip(outcomes);
        of.filter(|(c, o)| severity(referential, c.severity) && o.verdict == verdict)
            .count() as u32
    };
    let blocking = |r: &Referential, s: Severity| r.decision.blocking.contains(&s);
    let minor =
        |r: &Referential, s: Severity| s == Severity::Minor && !r.decision.blocking.contains(&s);
    let tolerated = referential.decision.minor_tolerated.unwrap_or(u32::MAX);
    let minors = count(minor, Verdict::NotSatisfied);
    let open_minors = count(minor, Verdict::Undetermined);
    if count(blocking, Verdict::NotSatisfied) > 0 || minors > tolerated {
        Verdict::NotSatisfied
    } else if count(blocking, Verdict::Undetermined) > 0
        || minors.saturating_add(open_minors) > tolerated
    {
        Verdict::Undetermined
    } else {
        Verdict::Satisfied
    }
}
