//! Lines that fit the width of a terminal.

use crate::paint::Paint;
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// Columns in which a text can be read; with fewer it goes below what leads it.
const LEAST: usize = 30;

/// A text after what leads it, in lines of at most `width` columns unless a word is longer;
/// further lines are set in as far as the first.
pub fn hung(lead: &str, text: &str, width: usize) -> String {
    let indent = columns(lead);
    led(lead, &" ".repeat(indent), text, width)
}

/// A text after what leads it, its further lines after `rest`.
pub(crate) fn led(lead: &str, rest: &str, text: &str, width: usize) -> String {
    let indent = columns(lead).max(columns(rest));
    set(lead, rest, wrap(text, width.saturating_sub(indent)))
}

/// Things in a row after what leads them, none of them broken that fits on a line.
pub(crate) fn listed(lead: &str, things: &[String], width: usize) -> String {
    let room = width.saturating_sub(columns(lead));
    let parts = things
        .iter()
        .flat_map(|thing| match columns(thing) <= room {
            true => vec![thing.clone()],
            false => glued(thing),
        });
    set(lead, &" ".repeat(columns(lead)), fill(parts, room))
}

/// Things, each but the last with what parts it from the next.
pub(crate) fn joined(things: &[String], by: &str) -> Vec<String> {
    let last = things.len().saturating_sub(1);
    let things = things.iter().enumerate();
    let parted = things.map(|(i, thing)| format!("{thing}{}", if i < last { by } else { "" }));
    parted.collect()
}

fn set(lead: &str, rest: &str, lines: Vec<String>) -> String {
    if lines.is_empty() {
        return format!("{}\n", lead.trim_end());
    }
    let lead = |i| if i == 0 { lead } else { rest };
    let lines = lines.iter().enumerate();
    lines.map(|(i, l)| format!("{}{l}\n", lead(i))).collect()
}

/// A text beside what leads it, or, where that leaves too little room, below it and set
/// in by `indent` columns.
pub(crate) fn beside(lead: &str, text: &str, indent: usize, width: usize) -> String {
    let room = width.saturating_sub(columns(lead));
    if room >= LEAST.max(width / 3) || columns(text) <= room {
        return hung(lead, text, width);
    }
    format!("{}\n", lead.trim_end()) + &hung(&" ".repeat(indent), text, width)
}

/// A continuation under a snippet: `mark`, then the text with the same indent throughout.
pub(crate) fn under(paint: Paint, mark: &str, text: &str, width: usize) -> String {
    let rest = match mark {
        "├─" => format!("   {} ", paint.place("│ ")),
        _ => " ".repeat(mark.width() + 4),
    };
    led(&format!("   {} ", paint.place(mark)), &rest, text, width)
}

/// A text in lines, without indent.
pub(crate) fn paragraph(text: &str, width: usize) -> String {
    hung("", text, width)
}

/// Breaks a text at spaces so that no line is wider than `room` columns, unless a word
/// is. French marks that stand apart stay with their word.
pub(crate) fn wrap(text: &str, room: usize) -> Vec<String> {
    fill(glued(text), room)
}

/// Lines of parts that are not broken.
fn fill(parts: impl IntoIterator<Item = String>, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut taken = 0;
    for part in parts {
        let wide = columns(&part);
        match lines.last_mut() {
            Some(line) if taken + 1 + wide <= room => {
                line.push(' ');
                line.push_str(&part);
                taken += 1 + wide;
            }
            _ => {
                lines.push(part);
                taken = wide;
            }
        }
    }
    lines
}

/// The words of a text, with the marks that must not stand alone on a line. Spaces that do
/// not break, as in large numbers, are no end of a word.
fn glued(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let words = text.split(|c: char| c.is_ascii_whitespace());
    for word in words.filter(|w| !w.is_empty()) {
        let shown = uncoloured(word);
        let closes = matches!(
            shown.chars().next(),
            Some(':' | ';' | '!' | '?' | '»' | '%')
        ) || shown.starts_with("UTC")
            || shown == "·" && !out.is_empty();
        match out.last_mut() {
            Some(last) if closes || opens(last) && !shown.starts_with('(') => {
                last.push(' ');
                last.push_str(word);
            }
            _ => out.push(word.to_string()),
        }
    }
    out
}

/// Whether what ends so goes with the word that follows.
fn opens(line: &str) -> bool {
    let last = uncoloured(line.rsplit(' ').next().unwrap_or(line));
    let number = !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit());
    number || matches!(&*last, "page" | "≤" | "≥" | "<" | ">" | "←") || last.ends_with('«')
}

/// Columns that a text takes, colour codes aside.
pub(crate) fn columns(text: &str) -> usize {
    uncoloured(text).width()
}

/// A text without its colour codes.
fn uncoloured(text: &str) -> Cow<'_, str> {
    let Some((first, rest)) = text.split_once('\x1b') else {
        return text.into();
    };
    let after = rest
        .split('\x1b')
        .map(|part| part.split_once('m').map_or("", |(_, after)| after));
    after.fold(first.to_string(), |out, part| out + part).into()
}

/// A text with spaces up to that many columns.
pub(crate) fn padded(text: &str, width: usize) -> String {
    let fill = width.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(fill))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_marks_stay_with_their_word() {
        let lines = wrap("preuve acceptée : « un bien long titre »", 18);
        assert_eq!(lines, ["preuve acceptée :", "« un bien long", "titre »"]);
    }

    #[test]
    fn colour_takes_no_room() {
        assert_eq!(columns("\x1b[1;31mmot\x1b[0m"), 3);
        let red = wrap("\x1b[31mun mot\x1b[0m et trois", 12);
        assert_eq!(red.len(), 2);
        let number = wrap("reste \x1b[31m8 mots\x1b[0m", 9);
        assert_eq!(number, ["reste", "\x1b[31m8 mots\x1b[0m"]);
    }

    #[test]
    fn a_number_keeps_its_own_spaces() {
        let lines = wrap("de 18\u{202f}000 à 30\u{202f}000\u{202f}€ par an", 18);
        assert_eq!(
            lines,
            ["de 18\u{202f}000 à", "30\u{202f}000\u{202f}€ par an"]
        );
    }

    #[test]
    fn things_in_a_row_are_kept_whole() {
        let things = [
            "{un, deux},",
            "{trois, quatre},",
            "{un tout autre ensemble}",
        ];
        let out = listed("  s  ", &things.map(String::from), 22);
        let lines: Vec<&str> = out.lines().collect();
        let expected = [
            "  s  {un, deux},",
            "     {trois, quatre},",
            "     {un tout autre",
            "     ensemble}",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_has_too_little_room_beside_goes_below() {
        let text = "un texte assez long pour deux lignes au moins, peut-être trois";
        let narrow = beside(&padded("  nom", 40), text, 4, 60);
        assert!(narrow.starts_with("  nom\n    un texte"), "{narrow}");
        let wide = beside(&padded("  nom", 40), text, 4, 80);
        assert!(wide.starts_with("  nom   "), "{wide}");
        for (out, width) in [(narrow, 60), (wide, 80)] {
            assert!(out.lines().all(|l| columns(l) <= width), "{out}");
        }
    }
}
