//! The cheapest way to survive, and what no replacement saves.

use super::{INDENT, Writer};
use crate::lines::{columns, hung};
use crate::resilience::{days, line, span};
use crate::words::{Lang, number};
use cocarde_analysis::resilience::{ChoiceSummary, PortfolioOutcome, Range};

impl Writer<'_> {
    pub(super) fn portfolio(&self, out: &mut String) {
        let p = &self.report.portfolio;
        let title = match p.outcome {
            PortfolioOutcome::NothingNeeded => self.say(
                "Rien à changer : tout ce qui doit tenir tient.",
                "Nothing to change: all that must hold does.",
            ),
            PortfolioOutcome::Found => self.say(
                "Au moins cher pour survivre à ce scénario (optimum prouvé)",
                "Cheapest way to survive this scenario (proven optimum)",
            ),
            PortfolioOutcome::Impossible => self.say(
                "Aucun remplacement connu ne permet de survivre à ce scénario.",
                "No known replacement survives this scenario.",
            ),
            PortfolioOutcome::Limit => self.say(
                "Le portefeuille le moins cher n'a pas été trouvé dans la limite de travail.",
                "The cheapest portfolio was not found within the work limit.",
            ),
        };
        self.title(out, title);
        for choice in &p.choices {
            self.choice(out, choice);
        }
        if p.outcome == PortfolioOutcome::Found {
            let total = self.say("total", "total");
            let text = format!("{total} {}, {}", self.euros(&p.cost), self.days(&p.days));
            *out += &hung("  ", &text, self.width);
        }
        let lost = self.say(
            "aucun remplacement connu ne la sauve",
            "no known replacement saves it",
        );
        let apart = self.say(
            "aucun remplacement connu ne la sauve avec les autres",
            "no known replacement saves it together with the others",
        );
        let lost = p.lost.iter().map(|f| (f, lost));
        for (function, why) in lost.chain(p.apart.iter().map(|f| (f, apart))) {
            let text = format!("{}{} {why}", self.name(*function), self.lang.colon());
            *out += &hung(&format!("  {} ", self.paint.bad("✗")), &text, self.width);
        }
        for left in &p.left_out {
            let lead = self.say("non compté :", "not counted:");
            let text = format!("{lead} {}", line(self.lang, left));
            *out += &hung("  ", &self.paint.dim(text), self.width);
        }
        out.push('\n');
    }

    fn choice(&self, out: &mut String, c: &ChoiceSummary) {
        let standing_by = if c.beside {
            self.say(" (en secours)", " (standing by)")
        } else {
            ""
        };
        let lead = format!("  {} → {}{standing_by}   ", self.name(c.node), c.name);
        let price = format!("{}, {}", self.euros(&c.cost), self.days(&c.days));
        *out += &match columns(&lead) + columns(&price) <= self.width {
            true => format!("{lead}{price}\n"),
            false => {
                hung("  ", lead.trim(), self.width) + &hung(&" ".repeat(INDENT), &price, self.width)
            }
        };
        let source = match (&c.place, &c.estimate) {
            (_, Some(basis)) => line(self.lang, basis),
            (Some(place), None) => place,
            (None, None) => return,
        };
        *out += &hung(&" ".repeat(INDENT), &self.paint.dim(source), self.width);
    }

    fn euros(&self, range: &Range) -> String {
        let end = |e: &Option<String>| e.as_ref().map(|e| number(self.lang, e));
        let (min, max) = (end(&range.min), end(&range.max));
        let least = self.say("au moins", "at least");
        let most = self.say("au plus", "at most");
        let money = |n: &str| match self.lang {
            Lang::Fr => format!("{n}\u{202f}€"),
            Lang::En => format!("€{n}"),
        };
        match (min, max) {
            (Some(a), Some(b)) if a == b => money(&a),
            (Some(a), Some(b)) => match self.lang {
                Lang::Fr => format!("{a} à {}", money(&b)),
                Lang::En => format!("{} to {}", money(&a), money(&b)),
            },
            (Some(a), None) => format!("{least} {}", money(&a)),
            (None, Some(b)) => format!("{most} {}", money(&b)),
            (None, None) => self.say("coût inconnu", "unknown cost").into(),
        }
    }

    fn days(&self, range: &Range) -> String {
        span(self.lang, range, |n| (n.into(), days(self.lang, n)))
    }
}
