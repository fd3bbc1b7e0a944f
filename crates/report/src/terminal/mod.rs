//! An assessment on a terminal.

mod criterion;

use crate::paint::Paint;
use crate::places::{under, wrap};
use crate::story;
use crate::words::{self, Lang};
use cocarde_referential::Verdict;
use cocarde_referential::report::{Counts, Report};
use unicode_width::UnicodeWidthStr;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What is not satisfied or not determined, in full.
    Open,
    /// The satisfied criteria too, with their reasons.
    All,
}

const BAR: usize = 14;

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
        let unnamed = lang.of("offre sans nom", "unnamed offering");
        let offering = r.application.offering.as_deref().unwrap_or(unnamed);
        let mut title = vec![paint.bold(one_line(offering))];
        title.extend(r.application.applicant.as_deref().map(one_line));
        title.extend(r.application.kind.as_deref().map(|k| words::kind(lang, k)));
        let scheme = words::titled(lang.text(&r.referential.title), &r.referential.version);
        let day = format!("{} {}", lang.of("au", "as of"), words::day(lang, &r.as_of));
        let mut out = format!("{}\n{} · {}\n", title.join(" · "), paint.bold(scheme), day);
        for line in wrap(lang.text(&r.referential.basis), self.width) {
            out += &format!("{}\n", paint.dim(line));
        }
        out.push('\n');
        let widest = r
            .pillars
            .iter()
            .map(|p| lang.text(&p.title).width())
            .max()
            .unwrap_or(0);
        for p in &r.pillars {
            let title = lang.text(&p.title);
            let pad = " ".repeat(widest - title.width());
            out += &format!("  {title}{pad}  {}", self.bar(&p.counts));
            if let (Some(level), Some(name)) = (&p.level, &r.referential.level) {
                out += &format!("   {} {}", lang.text(name), range(level.min, level.max));
                if let Some(m) = p.minimum {
                    out += &format!(" ({} {m})", lang.of("exigé", "required"));
                }
            }
            out.push('\n');
        }
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

    fn bar(&self, n: &Counts) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let total = n.satisfied + n.not_satisfied + n.undetermined;
        if total == 0 {
            return paint.dim(lang.of("sans objet", "not applicable"));
        }
        let [good, bad, open] = cells([n.satisfied, n.not_satisfied, n.undetermined]);
        let mut out = paint.good("█".repeat(good))
            + &paint.bad("▒".repeat(bad))
            + &paint.open("░".repeat(open));
        out += &format!("  {:>5}", format!("{}/{total}", n.satisfied));
        let mut notes = Vec::new();
        if n.not_satisfied > 0 {
            notes.push(paint.bad(words::not_satisfied(lang, n.not_satisfied)));
        }
        if n.undetermined > 0 {
            notes.push(paint.open(words::undetermined(lang, n.undetermined)));
        }
        if !notes.is_empty() {
            out += &format!("   {}", notes.join(", "));
        }
        out
    }

    fn verdict(&self, r: &Report) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let lead = lang.of("Verdict :", "Verdict:");
        let word = self.coloured(r.verdict, words::verdict(lang, r.verdict));
        let outlook = words::outlook(lang, r);
        let mut out = format!("  {} {word} — {outlook}\n", paint.bold(lead));
        let indent = " ".repeat(lead.width() + 3);
        for line in wrap(
            &words::tally(lang, &r.counts, story::contradicted(r)),
            self.width - indent.len(),
        ) {
            out += &format!("{indent}{line}\n");
        }
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

/// A name, which may hold line breaks, on one line.
fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cells of a bar: at least one for what there is, the rest to the largest.
fn cells(counts: [u32; 3]) -> [usize; 3] {
    let total: u32 = counts.iter().sum();
    let mut out = counts.map(|n| match n {
        0 => 0,
        n => (n as usize * BAR / total as usize).max(1),
    });
    let largest = (0..3).max_by_key(|i| counts[*i]).unwrap_or(0);
    out[largest] = BAR - (out.iter().sum::<usize>() - out[largest]);
    out
}

fn range<T: PartialEq + std::fmt::Display>(min: T, max: T) -> String {
    if min == max {
        min.to_string()
    } else {
        format!("{min}–{max}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_always_whole_and_hides_nothing() {
        for total in 1..60u32 {
            for good in 0..=total {
                for bad in 0..=total - good {
                    let counts = [good, bad, total - good - bad];
                    let shown = cells(counts);
                    assert_eq!(shown.iter().sum::<usize>(), BAR);
                    for (n, cells) in counts.iter().zip(shown) {
                        assert_eq!(*n > 0, cells > 0, "{counts:?} {shown:?}");
                    }
                }
            }
        }
    }
}
