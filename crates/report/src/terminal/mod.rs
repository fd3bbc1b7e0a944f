//! An assessment on a terminal.

mod criterion;
mod pillars;

use crate::head::Dossier;
use crate::lines::{columns, hung, paragraph, under};
use crate::paint::Paint;
use crate::story;
use crate::words::{self, Lang};
use cocarde_referential::Verdict;
use cocarde_referential::report::Report;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What is not satisfied or not determined, in full.
    Open,
    /// The satisfied criteria too, with their reasons.
    All,
}

/// The assessment, in `width` columns.
pub fn terminal(report: &Report, lang: Lang, paint: Paint, detail: Detail, width: usize) -> String {
    let page = Page { lang, paint, width };
    let mut out = page.head(report);
    for verdict in [
        Verdict::NotSatisfied,
        Verdict::Undetermined,
        Verdict::Satisfied,
    ] {
        if verdict == Verdict::Satisfied && detail == Detail::Open {
            continue;
        }
        for c in story::told(report, verdict) {
            out.push('\n');
            out += &page.criterion(c);
        }
    }
    if detail == Detail::Open && report.counts.satisfied > 0 {
        out += &format!("\n{}\n", page.hint(report.counts.satisfied));
    }
    paint.inert(&out)
}

struct Page {
    lang: Lang,
    paint: Paint,
    width: usize,
}

impl Page {
    fn head(&self, r: &Report) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let dossier = Dossier {
            offering: r.application.offering.as_deref(),
            applicant: r.application.applicant.as_deref(),
            kind: r.application.kind.as_deref(),
        };
        let scheme = words::titled(lang.text(&r.referential.title), &r.referential.version);
        let mut out = dossier.head(&scheme, &r.as_of, lang, paint, self.width);
        let basis = lang.text(&r.referential.basis);
        if !basis.is_empty() {
            out += &paragraph(&paint.dim(basis), self.width);
        }
        out.push('\n');
        out += &self.pillars(r);
        for s in &r.scores {
            let (min, max) = (
                words::number(lang, &s.score.min),
                words::number(lang, &s.score.max),
            );
            out += &format!(
                "  {} {}{} {}{}\n",
                lang.of("score", "score"),
                s.weights,
                lang.colon(),
                range(min, max),
                lang.of(" %", "%")
            );
        }
        out + "\n" + &self.verdict(r)
    }

    fn verdict(&self, r: &Report) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let lead = lang.of("Verdict :", "Verdict:");
        let word = self.coloured(r.verdict, words::verdict(lang, r.verdict));
        let outlook = words::outlook(lang, r);
        let lead = format!("  {} ", paint.bold(lead));
        let mut out = hung(&lead, &format!("{word} — {outlook}"), self.width);
        let tally = words::tally(lang, &r.counts, story::contradicted(r));
        out += &hung(&" ".repeat(columns(&lead)), &tally, self.width);
        out + &self.beginnings(r)
    }

    fn beginnings(&self, r: &Report) -> String {
        let all = story::beginnings(r);
        if all.is_empty() {
            return String::new();
        }
        let lead = words::begin(self.lang);
        let mut out = format!("\n  {}{}\n", self.paint.bold(lead), self.lang.colon());
        for (m, n) in all {
            let text = words::beginning(self.lang, m, n);
            out += &under(self.paint, "·", &text, self.width);
        }
        out
    }

    fn hint(&self, satisfied: u32) -> String {
        let text = match (self.lang, satisfied) {
            (Lang::Fr, 1) => "✓ 1 critère satisfait, montré par --all".to_string(),
            (Lang::Fr, n) => format!("✓ {n} critères satisfaits, montrés par --all"),
            (Lang::En, 1) => "✓ 1 criterion satisfied, shown by --all".to_string(),
            (Lang::En, n) => format!("✓ {n} criteria satisfied, shown by --all"),
        };
        self.paint.dim(text)
    }

    fn coloured(&self, v: Verdict, text: &str) -> String {
        match v {
            Verdict::Satisfied => self.paint.good(text),
            Verdict::NotSatisfied => self.paint.bad(text),
            Verdict::Undetermined => self.paint.open(text),
            Verdict::NotApplicable => self.paint.dim(text),
        }
    }
}

fn range<T: PartialEq + std::fmt::Display>(min: T, max: T) -> String {
    if min == max {
        min.to_string()
    } else {
        format!("{min}–{max}")
    }
}
