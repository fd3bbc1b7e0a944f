//! What all pictures share: the frame, colours, text that fits.

use crate::paint::inert;
use maud::{Markup, html};
use unicode_width::UnicodeWidthStr;

/// Ink on paper: 15:1.
pub const INK: &str = "#1b1b24";
/// Secondary text on paper: 7:1.
pub const SOFT: &str = "#55556a";
/// Lines that carry no text.
pub const LINE: &str = "#8a8a9c";
/// Paper.
pub const PAPER: &str = "#ffffff";
/// Who controls, and what is at home; white on it: 9:1.
pub const BLUE: &str = "#1f3a93";
/// Outside, and what reaches; on paper: 7:1.
pub const RED: &str = "#a3122b";
/// What is not known; on paper: 6:1.
pub const AMBER: &str = "#7a4a00";
/// What is cut off; on paper: 6:1.
pub const GREEN: &str = "#0b6b3a";

const FONT: &str =
    "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/// A whole picture. `id` must differ from those of other pictures on a page.
pub fn frame(
    id: &str,
    (width, height): (f64, f64),
    title: &str,
    desc: &str,
    body: Markup,
) -> String {
    let (title_id, desc_id) = (format!("{id}-title"), format!("{id}-desc"));
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" role="img" width=(px(width)) height=(px(height))
            viewBox=(format!("0 0 {} {}", px(width), px(height)))
            aria-labelledby=(format!("{title_id} {desc_id}")) font-family=(FONT) font-size="14" {
            title id=(title_id) { (title) }
            desc id=(desc_id) { (desc) }
            rect width="100%" height="100%" fill=(PAPER) {}
            (body)
        }
    }
    .into_string();
    // XML has no control characters.
    inert(&svg)
}

/// A coordinate: one decimal at most, the same text everywhere.
pub fn px(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    if tenths % 10 == 0 {
        (tenths / 10).to_string()
    } else {
        format!(
            "{}{}.{}",
            if tenths < 0 { "-" } else { "" },
            (tenths / 10).abs(),
            (tenths % 10).abs()
        )
    }
}

/// Width of a text at a font size, as fallback fonts of usual width set it.
pub fn width(text: &str, size: f64) -> f64 {
    text.width() as f64 * size * 0.6
}

/// Text in lines that fit a width; what does not fit `lines` of them ends in an ellipsis.
pub fn wrap(text: &str, room: f64, size: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let joined = out.last().map(|l| format!("{l} {word}"));
        match joined.filter(|j| width(j, size) <= room) {
            Some(joined) => *out.last_mut().expect("a line") = joined,
            None => out.push(word.to_string()),
        }
    }
    let cut = out.len() > lines;
    out.truncate(lines);
    if let Some(last) = out.last_mut().filter(|l| cut || width(l, size) > room) {
        while width(last, size) > room - size && last.pop().is_some() {}
        last.push('…');
    }
    out
}

/// How a text stands.
#[derive(Clone, Copy)]
pub struct Style {
    /// Font size, px.
    pub size: f64,
    /// Colour.
    pub fill: &'static str,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
    /// Whether it is bold.
    pub bold: bool,
}

/// Dark text that starts at its place.
pub const PLAIN: Style = Style {
    size: 14.0,
    fill: INK,
    anchor: "start",
    bold: false,
};

/// Lines of text, the first base line at `y`.
pub fn text(x: f64, y: f64, lines: &[String], style: Style) -> Markup {
    html! {
        @for (i, line) in lines.iter().enumerate() {
            text x=(px(x)) y=(px(y + i as f64 * style.size * 1.25)) fill=(style.fill)
                font-size=(px(style.size)) text-anchor=(style.anchor)
                font-weight=(if style.bold { "600" } else { "400" }) { (line) }
        }
    }
}

/// Lines of text centred on a point.
pub fn centred(x: f64, y: f64, lines: &[String], style: Style) -> Markup {
    let style = Style {
        anchor: "middle",
        ..style
    };
    let half = (lines.len() as f64 - 1.0) * style.size * 1.25 / 2.0;
    text(x, y - half + style.size * 0.35, lines, style)
}
