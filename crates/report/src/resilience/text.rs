//! The report on a terminal.

mod cuts;
mod portfolio;

use super::{fate, line};
use crate::head::as_of;
use crate::lines::{beside, columns, hung, led, padded, paragraph};
use crate::paint::Paint;
use crate::words::Lang;
use cocarde_analysis::resilience::{EventSummary, FunctionOutcome, Outcome, ResilienceReport};

/// Columns by which what is said of a function is set in below it.
const INDENT: usize = 6;

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
        *out += &paragraph(&self.paint.bold(title), self.width);
        let who = r.organisation.as_deref().unwrap_or("?");
        let told = format!("{who} · {}", as_of(self.lang, &r.as_of));
        *out += &paragraph(&self.paint.dim(told), self.width);
        out.push('\n');
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
                self.title(out, line(self.lang, &event.title));
            }
            self.event(out, event);
            out.push('\n');
        }
        if !harmless.is_empty() {
            let none = self.say(
                "Sans effet sur aucune fonction",
                "No effect on any function",
            );
            let text = format!("{none}{} {}", self.lang.colon(), harmless.join(", "));
            *out += &(paragraph(&text, self.width) + "\n");
        }
        if self.report.events.is_empty() {
            let none = self.say(
                "Ce scénario ne frappe rien de ce que dit le dossier.",
                "This scenario strikes nothing that the dossier states.",
            );
            *out += &(paragraph(none, self.width) + "\n");
        }
    }

    fn event(&self, out: &mut String, event: &EventSummary) {
        let said = |f: &FunctionOutcome| fate(self.lang, &f.outcome);
        let names = event.functions.iter().map(|f| columns(self.name(f.node)));
        let name_width = names.max().unwrap_or(0);
        let fates = event.functions.iter().map(|f| columns(&said(f)));
        let fate_width = fates.max().unwrap_or(0);
        for f in &event.functions {
            let name = padded(self.name(f.node), name_width);
            let words = match f.outcome {
                Outcome::Holds => self.paint.good(said(f)),
                Outcome::Stops { .. } => self.paint.bad(said(f)),
                _ => self.paint.open(said(f)),
            };
            let words = padded(&words, fate_width);
            let lead = format!("  {name}   {words}   ");
            *out += &beside(&lead, &self.because(f, event), INDENT, self.width);
            if self.report.events.len() == 1 {
                self.enough(out, f);
            }
            for missing in &f.missing {
                self.missing(out, line(self.lang, missing));
            }
        }
    }

    /// What one would have to know.
    fn missing(&self, out: &mut String, text: &str) {
        let lead = format!("{}{} ", " ".repeat(INDENT), self.paint.open("?"));
        *out += &hung(&lead, text, self.width);
    }

    /// The heading of a part.
    fn title(&self, out: &mut String, text: &str) {
        *out += &paragraph(&self.paint.bold(text), self.width);
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
            either(alone, self.say("ou", "or"))
        );
        *out += &hung(&" ".repeat(INDENT), &self.paint.dim(words), self.width);
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

    fn foot(&self, out: &mut String) {
        let r = self.report;
        let note = |lead: &str, text: &str| hung(lead, &self.paint.dim(text), self.width);
        *out += &note("", line(self.lang, &r.scenario.event));
        *out += &note("", line(self.lang, &r.scenario.note));
        for s in &r.scenario.sources {
            let cited = format!("{} <{}>", s.title, s.url);
            *out += &led("  ", "    ", &self.paint.dim(cited), self.width);
        }
        let title = self.say("Tenu pour acquis", "Taken for granted");
        *out += &note("", &format!("{title}{}", self.lang.colon()));
        for a in &r.assumptions {
            *out += &note("  · ", line(self.lang, a));
        }
    }
}

/// Names, any of which will do: `A, B or C`.
fn either(names: &[String], or: &str) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} {or} {last}", first.join(", ")),
        _ => names.concat(),
    }
}
