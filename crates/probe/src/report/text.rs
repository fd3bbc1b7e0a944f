//! On a terminal.

use super::Lang;
use super::story::{Stop, story};
use crate::measure::Record;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// The record as text, at most `width` columns wide where words allow.
#[must_use]
pub fn terminal(record: &Record, lang: Lang, width: usize) -> String {
    let story = story(record, lang);
    let mut page = Page {
        out: String::new(),
        width,
    };
    let measured = match lang {
        Lang::Fr => format!("mesuré le {}", record.at.strftime("%Y-%m-%d à %H:%M UTC")),
        Lang::En => format!(
            "measured on {}",
            record.at.strftime("%Y-%m-%d at %H:%M UTC")
        ),
    };
    page.line(&format!("{} · {measured}", record.domain), 0);
    if record.test_world {
        page.line(
            lang.of(
                "monde d'essai, non une mesure du monde",
                "a test world, not a measurement of the world",
            ),
            0,
        );
    }
    page.title(lang.of("Où est le courrier", "Where the mail lies"));
    story.mail.iter().for_each(|t| page.line(t, 2));
    story.sure.iter().for_each(|t| page.line(t, 2));
    page.path(&story.path);
    page.title(lang.of(
        "Qui peut recevoir l'ordre de l'ouvrir",
        "Who can be ordered to open it",
    ));
    for order in &story.orders {
        let can = lang.of(
            " : les autorités du pays peuvent s'adresser à ",
            ": the country's authorities can address ",
        );
        page.line(&format!("{}{can}{}", order.country, order.who), 2);
        let why = lang.of("pourquoi : ", "why: ");
        page.line(&format!("{why}{}", order.because), 4);
        if !order.laws.is_empty() {
            let under = lang.of("par quels textes : ", "under which texts: ");
            let laws = order.laws.join(lang.of(" ; ", "; "));
            page.line(&format!("{under}{laws}"), 4);
        }
    }
    story.limits.iter().for_each(|t| page.line(t, 2));
    page.title(lang.of("Le site", "The site"));
    story.site.iter().for_each(|t| page.line(t, 2));
    for called in &story.called {
        let (colon, hosts) = (lang.of(" : ", ": "), called.hosts.join(", "));
        page.line(&format!("· {}{colon}{hosts}", called.who), 4);
    }
    page.title(lang.of("Serveurs de noms", "Name servers"));
    story.dns.iter().for_each(|t| page.line(t, 2));
    page.title(lang.of("En ordre ou non", "In order or not"));
    for check in &story.checks {
        let mark = match check.good {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "?",
        };
        page.line(&format!("{mark} {} — {}", check.seen, check.what_for), 2);
    }
    if !story.refused.is_empty() {
        page.title(lang.of("Adresses refusées", "Addresses refused"));
        story.refused.iter().for_each(|t| page.line(t, 2));
    }
    let count = record.evidence.len();
    let _ = match lang {
        Lang::Fr => writeln!(
            page.out,
            "\n{count} échanges gardés comme preuves (--format json)"
        ),
        Lang::En => writeln!(
            page.out,
            "\n{count} exchanges kept as evidence (--format json)"
        ),
    };
    page.out
}

struct Page {
    out: String,
    width: usize,
}

impl Page {
    fn title(&mut self, text: &str) {
        self.out.push('\n');
        self.line(text, 0);
    }

    /// A paragraph, broken between words; its later lines stand two columns further in.
    fn line(&mut self, text: &str, indent: usize) {
        let mut column = indent;
        self.out += &" ".repeat(indent);
        for (i, word) in text.split(' ').enumerate() {
            let wide = plain(word).width();
            if i > 0 && column + 1 + wide > self.width {
                self.out.push('\n');
                self.out += &" ".repeat(indent + 2);
                column = indent + 2;
            } else if i > 0 {
                self.out.push(' ');
                column += 1;
            }
            self.out += &plain(word);
            column += wide;
        }
        self.out.push('\n');
    }

    /// The way of a letter, as boxes in a row.
    fn path(&mut self, stops: &[Stop]) {
        if stops.is_empty() {
            return;
        }
        let cells: Vec<[String; 3]> = stops
            .iter()
            .map(|s| [plain(&s.who), plain(&s.seat), plain(&s.does)])
            .collect();
        let wide: Vec<usize> = cells
            .iter()
            .map(|c| c.iter().map(|t| t.width()).max().unwrap_or(0))
            .collect();
        self.out.push('\n');
        let edge = |left: &str, right: &str| {
            let boxes = wide
                .iter()
                .map(|w| format!("{left}{}{right}", "─".repeat(w + 2)));
            boxes.collect::<Vec<_>>().join("     ")
        };
        let _ = writeln!(self.out, "    {}", edge("┌", "┐"));
        for row in 0..3 {
            let boxes = cells.iter().zip(&wide).map(|(c, w)| {
                let pad = " ".repeat(w - c[row].width());
                format!("│ {}{pad} │", c[row])
            });
            let joint = if row == 1 { " ──► " } else { "     " };
            let _ = writeln!(self.out, "    {}", boxes.collect::<Vec<_>>().join(joint));
        }
        let _ = writeln!(self.out, "    {}", edge("└", "┘"));
    }
}

/// Text of strangers without what steers a terminal.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '·' } else { c })
        .collect()
}
