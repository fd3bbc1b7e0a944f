//! The report on a terminal.

use super::{days, fate, line, span};
use crate::paint::Paint;
use crate::words::{Lang, number};
use cocarde_analysis::resilience::{
    ChoiceSummary, CutSummary, EventSummary, FunctionCuts, FunctionOutcome, Outcome,
    PortfolioOutcome, Range, ResilienceReport,
};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Cut sets shown for one function and level.
const SHOWN: usize = 6;

/// The report, for people, in lines of at most `width` columns where they can be broken.
pub fn text(report: &ResilienceReport, lang: Lang, paint: Paint, width: usize) -> String {
    let writer = Writer {
        report,
        lang,
        paint,
        width,
    };
    let mut out = String::new();
    writer.head(&mut out);
    writer.events(&mut out);
    writer.cuts(&mut out);
    writer.portfolio(&mut out);
    writer.foot(&mut out);
    paint.inert(&out)
}

struct Writer<'a> {
    report: &'a ResilienceReport,
    lang: Lang,
    paint: Paint,
    width: usize,
}

impl Writer<'_> {
    fn say<'t>(&self, fr: &'t str, en: &'t str) -> &'t str {
        self.lang.of(fr, en)
    }

    fn name(&self, node: usize) -> &str {
        &self.report.nodes[node].name
    }

    fn head(&self, out: &mut String) {
        let r = self.report;
        let title = format!(
            "{}{} {}",
            self.say("Scénario", "Scenario"),
            self.lang.colon(),
            line(self.lang, &r.scenario.name)
        );
        let _ = writeln!(out, "{}", self.paint.bold(title));
        let who = r.organisation.as_deref().unwrap_or("?");
        let _ = writeln!(out, "{}\n", self.paint.dim(format!("{who} · {}", r.as_of)));
    }

    fn events(&self, out: &mut String) {
        let several = self.report.events.len() > 1;
        let mut harmless = Vec::new();
        for event in &self.report.events {
            let harms = event.functions.iter().any(|f| f.outcome != Outcome::Holds);
            if several && !harms {
                harmless.push(line(self.lang, &event.title));
                continue;
            }
            if several {
                let _ = writeln!(out, "{}", self.paint.bold(line(self.lang, &event.title)));
            }
            self.event(out, event);
            out.push('\n');
        }
        if !harmless.is_empty() {
            let _ = writeln!(
                out,
                "{}{} {}\n",
                self.say(
                    "Sans effet sur aucune fonction",
                    "No effect on any function"
                ),
                self.lang.colon(),
                harmless.join(", ")
            );
        }
        if self.report.events.is_empty() {
            let none = self.say(
                "Ce scénario ne frappe rien de ce que dit le dossier.",
                "This scenario strikes nothing that the dossier states.",
            );
            let _ = writeln!(out, "{none}\n");
        }
    }

    fn event(&self, out: &mut String, event: &EventSummary) {
        let names = event.functions.iter().map(|f| self.name(f.node).width());
        let name_width = names.max().unwrap_or(0);
        let fates = event
            .functions
            .iter()
            .map(|f| fate(self.lang, &f.outcome).width());
        let fate_width = fates.max().unwrap_or(0);
        for f in &event.functions {
            let name = padded(self.name(f.node), name_width);
            let words = padded(&fate(self.lang, &f.outcome), fate_width);
            let words = match f.outcome {
                Outcome::Holds => self.paint.good(words),
                Outcome::Stops { .. } => self.paint.bad(words),
                _ => self.paint.open(words),
            };
            let _ = writeln!(out, "  {name}   {words}   {}", self.because(f, event));
            if self.report.events.len() == 1 {
                self.enough(out, f);
            }
            for missing in &f.missing {
                let _ = writeln!(out, "      ? {}", line(self.lang, missing));
            }
        }
    }

    /// The way from what is struck, or what keeps the function going.
    fn because(&self, f: &FunctionOutcome, event: &EventSummary) -> String {
        if let Some((last, _)) = f.path.split_last() {
            let way = f.path[1..].iter().map(|n| format!("← {}", self.name(*n)));
            let way: Vec<String> = way.collect();
            let why = event.struck.iter().find(|s| s.node == *last);
            let why = why.map_or(String::new(), |s| format!(" ({})", line(self.lang, &s.why)));
            return format!("{}{why}", way.join(" "));
        }
        let below = self.below(f.node);
        let touched = event.struck.iter().any(|s| below[s.node]);
        let words = if touched {
            self.say(
                "ce qui est frappé a un autre chemin, ou revient à temps",
                "what is struck has another path, or is back in time",
            )
        } else {
            self.say(
                "rien de ce qu'il lui faut n'est frappé",
                "nothing it needs is struck",
            )
        };
        self.paint.dim(words)
    }

    /// Who alone is enough to stop a function that does not hold.
    fn enough(&self, out: &mut String, f: &FunctionOutcome) {
        let cuts = self.report.cuts.iter().find(|c| c.node == f.node);
        let alone = cuts.map_or(&[][..], |c| &c.actor.single_points);
        if f.outcome == Outcome::Holds || alone.is_empty() {
            return;
        }
        let words = format!(
            "{}{} {}",
            self.say("1 acteur suffit", "1 actor is enough"),
            self.lang.colon(),
            alone.join(self.say(" ou ", " or "))
        );
        let _ = writeln!(out, "      {}", self.paint.dim(words));
    }

    /// For each node, whether one depends on it.
    fn below(&self, node: usize) -> Vec<bool> {
        let mut seen = vec![false; self.report.nodes.len()];
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut seen[node], true) {
                open.extend(self.report.nodes[node].needs.iter().flat_map(|n| &n.of));
            }
        }
        seen
    }

    fn cuts(&self, out: &mut String) {
        let title = self.say(
            "Ce qui suffit à arrêter chaque fonction (coupes minimales)",
            "What is enough to stop each function (minimal cut sets)",
        );
        let _ = writeln!(out, "{}", self.paint.bold(title));
        for cuts in &self.report.cuts {
            self.function_cuts(out, cuts);
        }
        out.push('\n');
    }

    fn function_cuts(&self, out: &mut String, cuts: &FunctionCuts) {
        let _ = writeln!(out, "  {}", self.name(cuts.node));
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
            let _ = writeln!(out, "    {}   {}", padded(level, 13), self.sets(cut, none));
            for missing in cut.missing.iter().chain(&cut.untold) {
                let _ = writeln!(out, "      ? {}", line(self.lang, missing));
            }
        }
        let and = self.say(" ; ", "; ");
        let top: Vec<String> = cuts
            .component
            .importance
            .iter()
            .take(3)
            .map(|i| {
                let fussell = number(self.lang, &format!("{:.2}", i.fussell_vesely));
                let birnbaum = number(self.lang, &format!("{:.2}", i.birnbaum));
                format!("{} ({birnbaum}{and}{fussell})", i.name)
            })
            .collect();
        if !top.is_empty() {
            let basis = match (&*cuts.component.basis, self.lang) {
                ("stated", Lang::Fr) => "probabilités déclarées",
                ("stated", Lang::En) => "stated probabilities",
                (_, Lang::Fr) => "structurelle",
                (_, Lang::En) => "structural",
            };
            let label = padded(self.say("importance", "importance"), 13);
            let words = format!(
                "    {label}   {}   {basis}, Birnbaum{and}Fussell–Vesely",
                top.join(", ")
            );
            let _ = writeln!(out, "{}", self.paint.dim(words));
        }
    }

    fn sets(&self, cut: &CutSummary, none: &str) -> String {
        if cut.sets.is_empty() {
            return none.into();
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
        sets.join(", ")
    }

    fn portfolio(&self, out: &mut String) {
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
        let _ = writeln!(out, "{}", self.paint.bold(title));
        for choice in &p.choices {
            self.choice(out, choice);
        }
        if p.outcome == PortfolioOutcome::Found {
            let _ = writeln!(
                out,
                "  {} {}, {}",
                self.say("total", "total"),
                self.euros(&p.cost),
                self.days(&p.days)
            );
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
            let _ = writeln!(
                out,
                "  ✗ {}{} {why}",
                self.name(*function),
                self.lang.colon(),
            );
        }
        for left in &p.left_out {
            let words = format!(
                "  {} {}",
                self.say("non compté :", "not counted:"),
                line(self.lang, left)
            );
            let _ = writeln!(out, "{}", self.paint.dim(words));
        }
        out.push('\n');
    }

    fn choice(&self, out: &mut String, c: &ChoiceSummary) {
        let beside = if c.beside {
            self.say(" (en secours)", " (standing by)")
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "  {} → {}{beside}   {}, {}",
            self.name(c.node),
            c.name,
            self.euros(&c.cost),
            self.days(&c.days)
        );
        let source = match (&c.place, &c.estimate) {
            (_, Some(basis)) => line(self.lang, basis),
            (Some(place), None) => place,
            (None, None) => return,
        };
        let _ = writeln!(out, "      {}", self.paint.dim(source));
    }

    fn euros(&self, range: &Range) -> String {
        let end = |e: &Option<String>| e.as_ref().map_or("…".into(), |e| number(self.lang, e));
        let (a, b) = (end(&range.min), end(&range.max));
        match (a == b, self.lang) {
            (true, Lang::Fr) => format!("{a}\u{202f}€"),
            (true, Lang::En) => format!("€{a}"),
            (false, Lang::Fr) => format!("{a} à {b}\u{202f}€"),
            (false, Lang::En) => format!("€{a} to €{b}"),
        }
    }

    fn days(&self, range: &Range) -> String {
        span(self.lang, range, |n| (n.into(), days(self.lang, n)))
    }

    fn foot(&self, out: &mut String) {
        let r = self.report;
        let mut note = |text: String| {
            for line in wrapped(&text, self.width) {
                let _ = writeln!(out, "{}", self.paint.dim(line));
            }
        };
        note(line(self.lang, &r.scenario.event).into());
        note(line(self.lang, &r.scenario.note).into());
        for s in &r.scenario.sources {
            note(format!("  {} <{}>", s.title, s.url));
        }
        let title = self.say("Tenu pour acquis", "Taken for granted");
        note(format!("{title}{}", self.lang.colon()));
        for a in &r.assumptions {
            note(format!("  · {}", line(self.lang, a)));
        }
    }
}

/// The text in lines of at most `width` columns, unless a word is longer; further
/// lines are set in as the first one, and two columns more.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let indent = text.len() - text.trim_start().len();
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in text.trim_start().split(' ') {
        let (start, space) = match (lines.is_empty(), current.is_empty()) {
            (true, true) => (indent, 0),
            (false, true) => (indent + 2 * usize::from(indent > 0), 0),
            _ => (0, 1),
        };
        if space == 1 && current.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut current));
            current = " ".repeat(indent + 2 * usize::from(indent > 0));
            current += word;
            continue;
        }
        current += &" ".repeat(start + space);
        current += word;
    }
    lines.push(current);
    lines
}

fn padded(text: &str, width: usize) -> String {
    let fill = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(fill))
}
