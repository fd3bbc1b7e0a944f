//! Whether two verdicts are alike, wherever both decide.

use crate::input::Known;
use cocarde_model::SlotKey;
use cocarde_referential::eval::{Context, Evaluator, Policies, Policy};
use cocarde_referential::load::Criterion;
use cocarde_referential::{Assessment, Referential, Verdict};
use regorus::Value;
use std::collections::BTreeMap;

/// What came out over all dossiers.
#[derive(Default)]
pub struct Agreement {
    /// Both decide, alike.
    pub alike: u64,
    /// Ours decides, from amounts known in part or in spite of what is unknown; the peer's
    /// answer is only that it could not derive more.
    pub ours_alone: u64,
    /// The peer decides, ours says that the facts do not.
    pub peer_alone: u64,
    /// How many verdicts of each kind ours gave.
    pub given: BTreeMap<&'static str, u64>,
    /// Both decide, not alike: how often each kind, and the first dossier.
    pub wrong: BTreeMap<String, (u64, u64)>,
}

/// A dossier that both have judged.
pub struct Judged<'a> {
    /// Its number.
    pub number: u64,
    /// What the peer got of what rules read.
    pub rules: &'a Known<'a>,
    /// What the peer got of what scopes read.
    pub scopes: &'a Known<'a>,
    /// Our verdicts.
    pub ours: &'a Assessment,
    /// The peer's: true, false, or nothing where it derives no scope.
    pub peer: &'a Value,
}

impl Agreement {
    /// Compares the verdicts of every criterion.
    pub fn compare(&mut self, referential: &Referential, judged: &Judged<'_>) {
        for (criterion, outcome) in referential.criteria.iter().zip(&judged.ours.outcomes) {
            let said = judged.peer[&*criterion.id].as_bool().ok().copied();
            let rule_known = outcome.reads.iter().all(|k| judged.rules.settles(*k));
            let scope_known = judged.scope_known(criterion);
            // Rego has no unknown: what it derives is so, what it does not derive is not so
            // where there was nothing more to know.
            let peer = match said {
                Some(true) => Some(Verdict::Satisfied),
                Some(false) => rule_known.then_some(Verdict::NotSatisfied),
                None => scope_known.then_some(Verdict::NotApplicable),
            };
            let ours = outcome.verdict;
            *self.given.entry(word(ours)).or_default() += 1;
            match (ours, peer) {
                (Verdict::Undetermined, None) => {}
                (Verdict::Undetermined, Some(_)) if !(rule_known && scope_known) => {
                    self.peer_alone += 1
                }
                (_, None) => self.ours_alone += 1,
                (ours, Some(peer)) if ours == peer => self.alike += 1,
                (ours, Some(peer)) => {
                    let what =
                        format!("{}: ours {}, peer {}", criterion.id, word(ours), word(peer));
                    self.wrong.entry(what).or_insert((0, judged.number)).0 += 1;
                }
            }
        }
    }
}

impl Judged<'_> {
    /// Whether the peer got all that the criterion's scope looks at.
    fn scope_known(&self, criterion: &Criterion) -> bool {
        let Some(scope) = &criterion.applies else {
            return true;
        };
        let lenient = Policies::uniform(Policy::lenient());
        let mut evaluator =
            Evaluator::new(Context::new(self.scopes.base, &lenient, self.scopes.as_of));
        evaluator.outcomes(scope);
        let reads: &[SlotKey] = evaluator.derivation().all_reads();
        reads.iter().all(|k| self.scopes.settles(*k))
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Satisfied => "satisfied",
        Verdict::NotSatisfied => "not satisfied",
        Verdict::Undetermined => "undetermined",
        Verdict::NotApplicable => "not applicable",
    }
}
