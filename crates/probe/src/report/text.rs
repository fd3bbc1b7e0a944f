//! On a terminal.

use super::Lang;
use super::story::{Stop, story};
use crate::measure::Record;
use crate::plain::plain;
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
    let measured = lang.of("mesuré le", "measured on");
    let when = lang.moment(record.at);
    page.line(&format!("{} · {measured} {when}", record.domain), 0);
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
    page.path(&story.path);
    let small = story.seats.iter().chain(&story.sure);
    small.for_each(|t| page.line(t, 2));
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

    /// The way of a letter, as boxes: in a row where that fits, one below the other else.
    fn path(&mut self, stops: &[Stop]) {
        if stops.is_empty() {
            return;
        }
        let cells: Vec<Vec<String>> = stops.iter().map(cell).collect();
        let wide = |c: &Vec<String>| c.iter().map(|t| t.width()).max().unwrap_or(0);
        let row: usize = cells.iter().map(|c| wide(c) + FRAME).sum();
        let joints = (cells.len() - 1) * JOINT.width();
        self.out.push('\n');
        if INDENT.len() + row + joints <= self.width {
            let boxes: Vec<Vec<String>> = cells.iter().map(|c| framed(c, wide(c))).collect();
            for line in 0..boxes[0].len() {
                let joint = if line == 2 { JOINT } else { "     " };
                let parts: Vec<&str> = boxes.iter().map(|b| b[line].as_str()).collect();
                let _ = writeln!(self.out, "{INDENT}{}", parts.join(joint));
            }
        } else {
            let widest = cells.iter().map(wide).max().unwrap_or(0);
            for (i, cell) in cells.iter().enumerate() {
                if i > 0 {
                    let _ = writeln!(self.out, "{INDENT}  ▼");
                }
                for line in framed(cell, widest) {
                    let _ = writeln!(self.out, "{INDENT}{line}");
                }
            }
        }
        self.out.push('\n');
    }
}

const INDENT: &str = "    ";
const JOINT: &str = " ──► ";
/// Columns that a box takes beside its text.
const FRAME: usize = 4;

/// The lines of a stop: who, seated where, does what.
fn cell(stop: &Stop) -> Vec<String> {
    vec![plain(&stop.who), plain(&stop.seat), plain(&stop.does)]
}

/// A box around lines, `wide` columns within.
fn framed(lines: &[String], wide: usize) -> Vec<String> {
    let edge = "─".repeat(wide + 2);
    let mut out = vec![format!("┌{edge}┐")];
    for text in lines {
        let pad = " ".repeat(wide - text.width());
        out.push(format!("│ {text}{pad} │"));
    }
    out.push(format!("└{edge}┘"));
    out
}
