//! How the pillars of a scheme stand, a bar each.

use super::{Page, range};
use crate::lines::{columns, hung, padded};
use crate::words;
use cocarde_referential::report::{Counts, PillarReport, Report};

const BAR: usize = 14;

/// A pillar: its title, its bar with the count, and what is to be noted.
struct Row<'r> {
    title: &'r str,
    bar: String,
    notes: String,
}

impl Page {
    /// A line each; where one is too long for that, all bars go below the titles.
    pub(super) fn pillars(&self, r: &Report) -> String {
        let rows: Vec<Row<'_>> = r.pillars.iter().map(|p| self.row(r, p)).collect();
        let titles = rows.iter().map(|row| columns(row.title));
        let widest = titles.max().unwrap_or(0);
        let line = |row: &Row<'_>| format!("  {}  {}", padded(row.title, widest), row.bar);
        let whole = |row: &Row<'_>| columns(&line(row)) + columns(&row.notes);
        if rows.iter().all(|row| whole(row) <= self.width) {
            let lines = rows
                .iter()
                .map(|row| format!("{}{}\n", line(row), row.notes));
            return lines.collect();
        }
        let below = |row: &Row<'_>| {
            let bar = hung(&format!("    {}", row.bar), &row.notes, self.width);
            hung("  ", row.title, self.width) + &bar
        };
        rows.iter().map(below).collect()
    }

    fn row<'r>(&self, r: &'r Report, p: &'r PillarReport) -> Row<'r> {
        let level = p.level.as_ref().zip(r.referential.level.as_ref());
        let level = level.map(|(level, name)| {
            let text = format!("{} {}", self.lang.text(name), range(level.min, level.max));
            match p.minimum {
                Some(m) => format!("{text} ({} {m})", self.lang.of("exigé", "required")),
                None => text,
            }
        });
        let counted = Some(self.counted(&p.counts)).filter(|c| !c.is_empty());
        let notes: Vec<String> = level.into_iter().chain(counted).collect();
        let gap = if notes.is_empty() { "" } else { "   " };
        Row {
            title: self.lang.text(&p.title),
            bar: self.bar(&p.counts) + gap,
            notes: notes.join(" · "),
        }
    }

    fn bar(&self, n: &Counts) -> String {
        let paint = self.paint;
        let total = n.satisfied + n.not_satisfied + n.undetermined;
        if total == 0 {
            return paint.dim(self.lang.of("sans objet", "not applicable"));
        }
        let [good, bad, open] = cells([n.satisfied, n.not_satisfied, n.undetermined]);
        let cells = paint.good("█".repeat(good))
            + &paint.bad("▒".repeat(bad))
            + &paint.open("░".repeat(open));
        format!("{cells}  {:>5}", format!("{}/{total}", n.satisfied))
    }

    /// What is not satisfied, and not determined.
    fn counted(&self, n: &Counts) -> String {
        let (lang, paint) = (self.lang, self.paint);
        let mut notes = Vec::new();
        if n.not_satisfied > 0 {
            notes.push(paint.bad(words::not_satisfied(lang, n.not_satisfied)));
        }
        if n.undetermined > 0 {
            notes.push(paint.open(words::undetermined(lang, n.undetermined)));
        }
        notes.join(", ")
    }
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
