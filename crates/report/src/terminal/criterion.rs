//! One criterion on a terminal.

use super::Page;
use crate::lines::{hung, under, wrap};
use crate::places::snippet;
use crate::story::{Ask, Claim, Story, worked_out};
use crate::words;
use cocarde_referential::Verdict;
use cocarde_referential::load::Basis;
use cocarde_referential::report::{CriterionReport, FactReport, NearestReport, PropertyReport};
use unicode_width::UnicodeWidthStr;

/// Most properties of one criterion, and most facts of one property, that are told.
const MOST: usize = 6;

impl Page {
    pub(super) fn criterion(&self, c: &CriterionReport) -> String {
        let story = Story::of(c);
        let mut out = self.title(c);
        for p in story.focus.iter().take(MOST) {
            out += &self.property(p, c.verdict);
        }
        let unsaid = story.focus.len().saturating_sub(MOST);
        out += &self.beside(&story, unsaid);
        for n in &c.assumed {
            let lead = self.lang.of("nombre supposé", "assumed number");
            let text = format!(
                "{lead}{} {}",
                self.lang.colon(),
                words::assumed(self.lang, n)
            );
            out += &under(self.paint, "=", &text, self.width);
        }
        for n in &c.out_of_period {
            let lead = self.paint.open(self.lang.of(
                "nombre qui ne vaut pas à cette date",
                "number not valid on this day",
            ));
            let text = format!(
                "{lead}{} {}",
                self.lang.colon(),
                words::lapsed(self.lang, n)
            );
            out += &under(self.paint, "=", &text, self.width);
        }
        for (i, ask) in story.missing.iter().enumerate() {
            out += &self.ask(ask, i == 0);
        }
        if let Some(n) = story.nearest {
            out += &self.nearest(n, &story);
        }
        let wanting = matches!(c.verdict, Verdict::NotSatisfied | Verdict::Undetermined);
        let remedy = self.lang.text(&c.remedy);
        if wanting && !remedy.is_empty() {
            out += &under(self.paint, "=", remedy, self.width);
        }
        out
    }

    /// Mark, name and title at the left, severity and basis at the right.
    fn title(&self, c: &CriterionReport) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let mark = match c.verdict {
            Verdict::Satisfied => "✓",
            Verdict::NotSatisfied => "✗",
            Verdict::Undetermined => "?",
            Verdict::NotApplicable => "–",
        };
        let mut right = words::severity(lang, c.severity).to_string();
        if c.basis == Basis::Assumption {
            right += &format!(" · {}", words::basis(lang, c.basis));
        }
        let lead = format!("{mark} {}  ", c.id).width();
        let room = self.width.saturating_sub(lead + right.width() + 2);
        let lines = wrap(lang.text(&c.title), room.max(30));
        let mut out = format!(
            "{} {}  ",
            self.coloured(c.verdict, mark),
            self.coloured(c.verdict, &c.id)
        );
        for (i, line) in lines.iter().enumerate() {
            if i > 0 {
                out += &" ".repeat(lead);
            }
            out += &paint.bold(line);
            if i == 0 {
                let gap = self
                    .width
                    .saturating_sub(lead + line.width() + right.width());
                out += &" ".repeat(gap.max(2));
                out += &paint.dim(&right);
            }
            out.push('\n');
        }
        out
    }

    /// A property in full: where it was claimed, who supports it, who contradicts it.
    fn property(&self, p: &PropertyReport, verdict: Verdict) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let Some(claim) = Claim::of(p) else {
            return under(paint, "=", &words::beside(lang, p), self.width);
        };
        let mut say = words::claim(lang, &claim);
        if !p.established && verdict == Verdict::Undetermined && claim.against.is_empty() {
            say += lang.of(
                " — ne suffit pas à l'établir",
                " — not enough to establish it",
            );
        }
        let mut out = match &claim.first.place {
            Some(place) if !worked_out(claim.first) => snippet(paint, place, &say, self.width),
            _ => {
                let place = words::place(lang, claim.first).map(|p| format!(" [{p}]"));
                let text = format!("{}, {say}{}", p.property, place.unwrap_or_default());
                under(paint, "=", &text, self.width)
            }
        };
        for f in claim.others.iter().take(MOST) {
            out += &self.fact(words::other(lang, f, claim.first), f, claim.first);
        }
        for f in claim.against.iter().take(MOST) {
            let (head, rest) = words::against(lang, f);
            out += &self.fact(paint.bad(head) + &rest, f, claim.first);
        }
        out
    }

    fn fact(&self, mut text: String, f: &FactReport, first: &FactReport) -> String {
        let elsewhere = f.place != first.place || worked_out(f);
        if let (Some(place), true) = (words::place(self.lang, f), elsewhere) {
            text += &format!(" {}", self.paint.place(format!("[{place}]")));
        }
        under(self.paint, "├─", &text, self.width)
    }

    /// What the verdict also rests on, a line each.
    fn beside(&self, story: &Story<'_>, unsaid: usize) -> String {
        let (lang, all) = (self.lang, &story.beside);
        let more = all.len().saturating_sub(MOST) + unsaid;
        let more = (more > 0).then(|| words::more(lang, more));
        let told = all.iter().take(MOST).map(|p| words::beside(lang, p));
        let said: Vec<String> = told.chain(more).collect();
        if said.is_empty() {
            return String::new();
        }
        let lead = words::rests(lang, story.focus.is_empty());
        let mut out = under(
            self.paint,
            "=",
            &format!("{lead}{}", lang.colon()),
            self.width,
        );
        for line in said {
            out += &under(self.paint, "  ·", &line, self.width);
        }
        out
    }

    /// A set of properties that would decide it.
    fn ask(&self, ask: &Ask<'_>, first: bool) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let mut lead = words::enough(lang, first, ask.proven).to_string();
        if let Some(n) = ask.nearest {
            lead += &format!(" ({})", words::effort(lang, n.cost));
        }
        let lead = format!("{lead}{}", lang.colon());
        let mut out = self.mend(&lead);
        for (m, to) in &ask.items {
            let text = words::missing(lang, m, *to, ask.accepted.is_none());
            out += &under(paint, "  ·", &text, self.width);
        }
        if let Some(accepted) = ask.accepted {
            out += &under(paint, "   ", &words::evidence(lang, accepted), self.width);
        }
        out
    }

    /// What could be done, by what leads it.
    fn mend(&self, lead: &str) -> String {
        hung(&format!("   {} ", self.paint.good("➜")), lead, self.width)
    }

    fn nearest(&self, n: &NearestReport, story: &Story<'_>) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let mut out = self.mend(&words::nearest(lang, n));
        for s in &story.steps {
            let labelled = !story.asks_for(s.property());
            out += &under(paint, "  ·", &words::step(lang, s, labelled), self.width);
        }
        out
    }
}
