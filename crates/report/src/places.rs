//! A line of a file with the claim underlined.

use crate::lines::wrap;
use crate::paint::Paint;
use cocarde_referential::report::Place;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns a tab takes.
const TAB: &str = "    ";
/// Columns that must be left beside an underline for what is said of it.
const LEAST_BESIDE: usize = 40;
/// Columns that must be left below it.
const LEAST_BELOW: usize = 30;

/// The place and its line; `say` stands after the underline, or below it where there
/// is no room.
pub(crate) fn snippet(paint: Paint, place: &Place, say: &str, width: usize) -> String {
    let number = place.line.to_string();
    let gutter = " ".repeat(number.len().max(2));
    let bar = paint.place("│");
    let head = paint.place(format!(
        "{gutter} ┌─ {}:{}:{}",
        place.file, place.line, place.column
    ));
    let shown = paint.place(format!("{number:>width$}", width = gutter.len()));
    let room = width.saturating_sub(gutter.len() + 4).max(20);
    let line = Window::of(place, room);
    let carets = paint.bad("^".repeat(line.under.max(1)));
    let mut out = format!("{head}\n{shown} {bar} {}\n{gutter} {bar} ", line.text);
    out += &format!("{}{carets}", " ".repeat(line.before));
    if say.is_empty() {
        return out + "\n";
    }
    let after = line.before + line.under.max(1) + 1;
    if room.saturating_sub(after) >= LEAST_BESIDE {
        for (i, part) in wrap(say, room - after).iter().enumerate() {
            out += &match i {
                0 => format!(" {part}"),
                _ => format!("\n{gutter} {bar} {}{part}", " ".repeat(after)),
            };
        }
        return out + "\n";
    }
    // Below the claim, or at the margin where too little is left of the line.
    let indent = match room.saturating_sub(line.before) {
        0..LEAST_BELOW => 0,
        _ => line.before,
    };
    for part in wrap(say, room - indent) {
        out += &format!("\n{gutter} {bar} {}{part}", " ".repeat(indent));
    }
    out + "\n"
}

/// The part of a line that fits, with the columns before and under the claim.
struct Window {
    text: String,
    before: usize,
    under: usize,
}

impl Window {
    fn of(place: &Place, room: usize) -> Window {
        let chars: Vec<char> = place.excerpt.chars().collect();
        let start = (place.column as usize).saturating_sub(1).min(chars.len());
        let end = (start + place.length as usize).min(chars.len());
        let wide = |part: &[char]| part.iter().collect::<String>().replace('\t', TAB);
        if wide(&chars).width() <= room {
            return Window {
                before: wide(&chars[..start]).width(),
                under: wide(&chars[start..end]).width(),
                text: wide(&chars),
            };
        }
        // Columns are counted along: a line may hold any number of characters that take none.
        let mut from = start.saturating_sub(room / 4);
        let mut tail = wide(&chars[from..]).width();
        while from > 0 && tail + wide(&chars[from - 1..from]).width() + 1 < room {
            from -= 1;
            tail += wide(&chars[from..=from]).width();
        }
        let lead = if from > 0 { "…" } else { "" };
        let (mut text, mut taken) = (lead.to_string(), lead.width());
        for c in wide(&chars[from..]).chars() {
            let columns = c.width().unwrap_or(1);
            if taken + columns >= room {
                text.push('…');
                break;
            }
            text.push(c);
            taken += columns;
        }
        let before = lead.width() + wide(&chars[from..start]).width();
        let under = wide(&chars[start..end]).width();
        Window {
            under: under.min(text.width().saturating_sub(before)),
            before,
            text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_without_width_do_not_make_a_line_slow() {
        let nothing = "\u{200b}".repeat(400_000);
        for (before, after) in [("", "y"), ("x", "")] {
            let text = format!("{}{nothing}", before.repeat(300)) + &after.repeat(300);
            let place = Place {
                file: "a.toml".into(),
                line: 1,
                column: text.chars().count() as u32 / 2,
                length: 1,
                excerpt: text,
            };
            let shown = snippet(Paint::Plain, &place, "", 60);
            assert!(shown.lines().all(|l| l.width() <= 60));
        }
        let words = "\u{200b} ".repeat(200_000);
        assert_eq!(wrap(&words, usize::MAX / 2).len(), 1);
    }

    #[test]
    fn a_long_line_is_cut_around_the_claim() {
        let place = Place {
            file: "a.jsonl".into(),
            line: 1,
            column: 150,
            length: 6,
            excerpt: format!("{}claims{}", "x".repeat(149), "y".repeat(300)),
        };
        let text = snippet(Paint::Plain, &place, "here", 60);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.iter().all(|l| l.width() <= 60), "{text}");
        let at = lines[2].find('^').unwrap();
        assert!(lines[1].contains("claims"), "{text}");
        assert_eq!(
            lines[1][..lines[1].find("claims").unwrap()].width(),
            lines[2][..at].width()
        );
    }
}
