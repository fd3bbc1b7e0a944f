//! An assessment on a terminal.

use crate::paint::Paint;
use crate::places::{snippet, under, wrap};
use crate::words::{self, Lang};
use cocarde_referential::Verdict;
use cocarde_referential::load::Basis;
use cocarde_referential::report::{
    Counts, CriterionReport, FactReport, PropertyReport, Report, Role,
};
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
/// Most facts shown of one property, most properties of one criterion.
const MAX_SHOWN: usize = 6;

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
        for c in report.criteria.iter().filter(|c| c.verdict == verdict) {
            out.push('\n');
            out += &page.criterion(c);
        }
    }
    out
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
        let mut title = vec![paint.bold(r.application.offering.as_deref().unwrap_or(unnamed))];
        title.extend(r.application.applicant.clone());
        title.extend(r.application.kind.as_deref().map(|k| words::kind(lang, k)));
        let scheme = format!(
            "{} {}",
            lang.text(&r.referential.title),
            r.referential.version
        );
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
            if let (Some(level), minimum) = (&p.level, p.minimum) {
                out += &format!("   SEAL {}", range(level.min, level.max));
                if let Some(m) = minimum {
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
                "  {} {}{} {} %\n",
                lang.of("score", "score"),
                s.weights,
                lang.colon(),
                range(min, max)
            );
        }
        out + "\n" + &self.verdict(r)
    }

    fn bar(&self, n: &Counts) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let total = (n.satisfied + n.not_satisfied + n.undetermined) as usize;
        if total == 0 {
            return paint.dim(lang.of("sans objet", "not applicable"));
        }
        let cells = |k: u32| (k as usize * BAR).div_ceil(total);
        let bad = if n.not_satisfied > 0 {
            cells(n.not_satisfied).clamp(1, BAR - 1)
        } else {
            0
        };
        let open = if n.undetermined > 0 {
            cells(n.undetermined).min(BAR - bad).max(1)
        } else {
            0
        };
        let good = BAR.saturating_sub(bad + open);
        let good = if n.satisfied == 0 { 0 } else { good };
        let open = if n.satisfied == 0 && n.undetermined > 0 {
            BAR - bad
        } else {
            open
        };
        let bad = if n.satisfied == 0 && n.undetermined == 0 {
            BAR
        } else {
            bad
        };
        let mut out = paint.good("█".repeat(good))
            + &paint.bad("▒".repeat(bad))
            + &paint.open("░".repeat(open));
        out += &format!("  {}/{total}", n.satisfied);
        let mut notes = Vec::new();
        if n.not_satisfied > 0 {
            let s = if n.not_satisfied > 1 { "s" } else { "" };
            let word = match lang {
                Lang::Fr => format!("{} non satisfait{s}", n.not_satisfied),
                Lang::En => format!("{} not satisfied", n.not_satisfied),
            };
            notes.push(paint.bad(word));
        }
        if n.undetermined > 0 {
            let s = if n.undetermined > 1 { "s" } else { "" };
            let word = match lang {
                Lang::Fr => format!("{} indéterminé{s}", n.undetermined),
                Lang::En => format!("{} undetermined", n.undetermined),
            };
            notes.push(paint.open(word));
        }
        if !notes.is_empty() {
            out += &format!("   {}", notes.join(", "));
        }
        out
    }

    fn verdict(&self, r: &Report) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let word = words::verdict(lang, r.verdict);
        let word = self.coloured(r.verdict, word);
        let mut notes = vec![format!("{} — {}", word, words::outlook(lang, r.verdict))];
        let n = &r.counts;
        let (s, u) = (plural(n.not_satisfied), plural(n.undetermined));
        if n.not_satisfied > 0 {
            let blocking = plural(n.blocking);
            notes.push(match lang {
                Lang::Fr => format!(
                    "{} non satisfait{s}, dont {} bloquant{blocking}",
                    n.not_satisfied, n.blocking
                ),
                Lang::En => format!(
                    "{} not satisfied, {} of them blocking",
                    n.not_satisfied, n.blocking
                ),
            });
        }
        if n.undetermined > 0 {
            notes.push(match lang {
                Lang::Fr => format!("{} indéterminé{u}", n.undetermined),
                Lang::En => format!("{} undetermined", n.undetermined),
            });
        }
        if n.on_assumption > 0 {
            let a = plural(n.on_assumption);
            notes.push(match lang {
                Lang::Fr if n.on_assumption == 1 => {
                    "1 critère repose sur une hypothèse".to_string()
                }
                Lang::Fr => format!("{} critère{a} reposent sur une hypothèse", n.on_assumption),
                Lang::En if n.on_assumption == 1 => {
                    "1 criterion rests on an assumption".to_string()
                }
                Lang::En => format!("{} criteria rest on an assumption", n.on_assumption),
            });
        }
        let head = paint.bold(lang.of("Verdict :", "Verdict:"));
        format!("  {head} {}\n", notes.join(" · "))
    }

    fn coloured(&self, v: Verdict, text: &str) -> String {
        match v {
            Verdict::Satisfied => self.paint.good(text),
            Verdict::NotSatisfied => self.paint.bad(text),
            Verdict::Undetermined => self.paint.open(text),
            Verdict::NotApplicable => self.paint.dim(text),
        }
    }

    fn criterion(&self, c: &CriterionReport) -> String {
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
        let left = format!("{mark} {}  {}", c.id, lang.text(&c.title));
        let gap = self
            .width
            .saturating_sub(left.width() + right.width())
            .max(2);
        let mut out = format!(
            "{} {}  {}{}{}\n",
            self.coloured(c.verdict, mark),
            self.coloured(c.verdict, &c.id),
            paint.bold(lang.text(&c.title)),
            " ".repeat(gap),
            paint.dim(right)
        );
        for p in c.properties.iter().take(MAX_SHOWN) {
            out += &self.property(p, c.verdict);
        }
        if c.properties.len() > MAX_SHOWN {
            let more = c.properties.len() - MAX_SHOWN;
            let text = match lang {
                Lang::Fr => {
                    format!("… et {more} autres propriétés (--format json les donne toutes)")
                }
                Lang::En => format!("… and {more} more properties (--format json gives them all)"),
            };
            out += &under(paint, "=", &text, self.width);
        }
        for n in &c.assumed {
            let text = format!(
                "{}{} {} {}",
                lang.of("nombre supposé", "assumed number"),
                lang.colon(),
                lang.text(&n.title),
                n.value
            );
            out += &under(paint, "=", &text, self.width);
        }
        out + &self.way_out(c)
    }

    fn property(&self, p: &PropertyReport, verdict: Verdict) -> String {
        let (lang, paint) = (self.lang, self.paint);
        if p.list {
            return under(paint, "=", &words::members(lang, p), self.width);
        }
        let mut facts: Vec<&FactReport> = p.facts.iter().collect();
        facts.sort_by_key(|f| f.role == Role::Refutes);
        let Some((first, rest)) = facts.split_first() else {
            let text = format!(
                "{}{} {}",
                p.property,
                lang.colon(),
                lang.of("rien n'est connu", "nothing is known")
            );
            let text = format!("{text} ({})", words::lower(lang.text(&p.label)));
            return under(paint, "=", &text, self.width);
        };
        let mut say = words::fact(lang, first);
        if first.role == Role::Claims && !p.established && verdict == Verdict::Undetermined {
            say += lang.of(
                " — ne suffit pas à l'établir",
                " — not enough to establish it",
            );
        }
        let mut out = match &first.place {
            Some(place) => snippet(paint, place, &say),
            None => under(
                paint,
                "=",
                &format!("{}{} {say}", p.property, lang.colon()),
                self.width,
            ),
        };
        for f in rest.iter().take(MAX_SHOWN) {
            out += &under(paint, "├─", &self.other(f, first), self.width);
        }
        out
    }

    /// A further fact on a property, and what it does to the first.
    fn other(&self, f: &FactReport, first: &FactReport) -> String {
        let lang = self.lang;
        let mut text = words::fact(lang, f);
        if let Some(note) = &f.note {
            text += &format!(" — {note}");
        }
        if f.role == Role::Refutes {
            text = format!(
                "{} {text}",
                self.paint.bad(lang.of("contredit par", "contradicted by"))
            );
        }
        if let (Some(place), true) = (&f.place, f.place != first.place) {
            text += &format!(
                " {}",
                self.paint.place(format!("[{}:{}]", place.file, place.line))
            );
        }
        text
    }

    /// What would decide it, and the least change that satisfies it.
    fn way_out(&self, c: &CriterionReport) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let arrow = paint.good("➜");
        let mut out = String::new();
        for (i, set) in c.missing.iter().take(3).enumerate() {
            let lead = match i {
                0 => lang.of(
                    "pour trancher, il suffit d'établir",
                    "to decide it, it is enough to establish",
                ),
                _ => lang.of("ou bien d'établir", "or else to establish"),
            };
            out += &format!("   {arrow} {lead}{}\n", lang.colon());
            for m in set {
                out += &under(paint, "  ·", &words::missing(lang, m), self.width);
            }
        }
        if let Some(n) = &c.nearest {
            out += &format!("   {arrow} {}\n", words::nearest(lang, n));
            for e in &n.edits {
                out += &under(paint, "  ·", &words::edit(lang, e), self.width);
            }
        }
        let wanting = matches!(c.verdict, Verdict::NotSatisfied | Verdict::Undetermined);
        if wanting && !lang.text(&c.remedy).is_empty() {
            out += &under(paint, "=", lang.text(&c.remedy), self.width);
        }
        out
    }
}

fn plural(n: u32) -> &'static str {
    if n > 1 { "s" } else { "" }
}

fn range<T: PartialEq + std::fmt::Display>(min: T, max: T) -> String {
    if min == max {
        min.to_string()
    } else {
        format!("{min}–{max}")
    }
}
