//! What is enough to stop each function.

use super::Writer;
use crate::lines::{hung, joined, listed, padded};
use crate::resilience::line;
use crate::words::{Lang, number};
use cocarde_analysis::resilience::{CutSummary, FunctionCuts};

/// Cut sets shown for one function and level.
const SHOWN: usize = 6;
/// Columns of what a row is called.
const LABEL: usize = 13;

impl Writer<'_> {
    pub(super) fn cuts(&self, out: &mut String) {
        let title = self.say(
            "Ce qui suffit à arrêter chaque fonction (coupes minimales)",
            "What is enough to stop each function (minimal cut sets)",
        );
        self.title(out, title);
        if let Some(basis) = self.one_basis() {
            let text = format!(
                "{}{} {}",
                self.importance_word(),
                self.lang.colon(),
                self.measures(basis)
            );
            *out += &hung("  ", &self.paint.dim(text), self.width);
        }
        for cuts in &self.report.cuts {
            self.function_cuts(out, cuts);
        }
        out.push('\n');
    }

    fn function_cuts(&self, out: &mut String, cuts: &FunctionCuts) {
        *out += &hung("  ", self.name(cuts.node), self.width);
        let (all, every) = (
            "même tous ensemble ne l'arrêtent pas",
            "même toutes ensemble ne l'arrêtent pas",
        );
        let levels = [
            ("acteurs", "actors", all, &cuts.actor),
            ("juridictions", "jurisdictions", every, &cuts.jurisdiction),
            ("services", "services", all, &cuts.component),
        ];
        for (fr, en, none, cut) in levels {
            let level = self.say(fr, en);
            let none = match cut.missing.is_empty() && cut.count.is_some() {
                true => self.say(none, "not even all together stop it"),
                false => self.say("indéterminé", "undetermined"),
            };
            *out += &listed(&self.row(level), &self.sets(cut, none), self.width);
            for missing in cut.missing.iter().chain(&cut.untold) {
                self.missing(out, line(self.lang, missing));
            }
        }
        self.importance(out, cuts);
    }

    /// Where a row of a function begins.
    fn row(&self, label: &str) -> String {
        format!("    {}   ", padded(label, LABEL))
    }

    /// The services that matter most.
    fn importance(&self, out: &mut String, cuts: &FunctionCuts) {
        let and = self.say(" ; ", "; ");
        let top = cuts.component.importance.iter().take(3).map(|i| {
            let fussell = number(self.lang, &format!("{:.2}", i.fussell_vesely));
            let birnbaum = number(self.lang, &format!("{:.2}", i.birnbaum));
            format!("{} ({birnbaum}{and}{fussell})", i.name)
        });
        let mut told = joined(&top.collect::<Vec<_>>(), ",");
        if told.is_empty() {
            return;
        }
        let lead = self.row(self.importance_word());
        if self.one_basis().is_none() {
            told.push(format!("— {}", self.measures(&cuts.component.basis)));
        }
        let told: Vec<String> = told.iter().map(|t| self.paint.dim(t)).collect();
        *out += &listed(&lead, &told, self.width);
    }

    fn importance_word(&self) -> &'static str {
        self.lang.of("importance", "importance")
    }

    /// What importance rests on, where that is one thing for all functions.
    fn one_basis(&self) -> Option<&str> {
        let told = self.report.cuts.iter().map(|c| &c.component);
        let mut told = told.filter(|c| !c.importance.is_empty());
        let first = told.next()?;
        told.all(|c| c.basis == first.basis)
            .then_some(&*first.basis)
    }

    /// The two measures of importance, and what they rest on.
    fn measures(&self, basis: &str) -> String {
        let rests = match (basis, self.lang) {
            ("stated", Lang::Fr) => "probabilités déclarées",
            ("stated", Lang::En) => "stated probabilities",
            (_, Lang::Fr) => "structurelle",
            (_, Lang::En) => "structural",
        };
        let and = self.say(" ; ", "; ");
        format!("Birnbaum{and}Fussell–Vesely ({rests})")
    }

    /// The sets of one kind that are told.
    fn sets(&self, cut: &CutSummary, none: &str) -> Vec<String> {
        if cut.sets.is_empty() {
            return vec![none.into()];
        }
        let shown = cut.sets.iter().take(SHOWN);
        let mut sets: Vec<String> = shown.map(|s| format!("{{{}}}", s.join(", "))).collect();
        let all = cut.count.as_ref();
        if let Some(all) = all.filter(|all| **all != sets.len().to_string()) {
            sets.push(format!("… ({})", number(self.lang, all)));
        }
        if !cut.missing.is_empty() {
            sets.push(self.say("peut-être d'autres", "perhaps others").into());
        }
        joined(&sets, ",")
    }
}
