//! A line of a file with the claim underlined.

use crate::paint::Paint;
use cocarde_referential::report::Place;
use unicode_width::UnicodeWidthStr;

/// The place and its line; `say` stands after the underline.
pub(crate) fn snippet(paint: Paint, place: &Place, say: &str) -> String {
    let number = place.line.to_string();
    let gutter = " ".repeat(number.len().max(2));
    let bar = paint.place("│");
    let head = paint.place(format!(
        "{gutter} ┌─ {}:{}:{}",
        place.file, place.line, place.column
    ));
    let excerpt = place.excerpt.replace('\t', "    ");
    let before: String = place
        .excerpt
        .chars()
        .take(place.column as usize - 1)
        .collect::<String>()
        .replace('\t', "    ");
    let under: String = place
        .excerpt
        .chars()
        .skip(place.column as usize - 1)
        .take(place.length as usize)
        .collect();
    let indent = " ".repeat(before.width());
    let carets = paint.bad("^".repeat(under.width().max(1)));
    let shown = paint.place(format!("{number:>width$}", width = gutter.len()));
    format!("{head}\n{shown} {bar} {excerpt}\n{gutter} {bar} {indent}{carets} {say}\n")
}

/// A continuation under a snippet.
pub(crate) fn under(paint: Paint, mark: &str, text: &str, width: usize) -> String {
    let mut out = String::new();
    let room = width.saturating_sub(8).max(30);
    for (i, line) in wrap(text, room).iter().enumerate() {
        let mark = if i == 0 {
            mark
        } else {
            if mark == "├─" { "│ " } else { "  " }
        };
        out += &format!("   {} {line}\n", paint.place(mark));
    }
    out
}

/// Breaks a text at spaces so that no line is wider than `room` columns, unless a word is.
pub(crate) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}
