//! What a page is drawn with: typefaces, colours, rules, the code; and how each piece is
//! marked for whoever listens to the page instead of looking at it.

use cocarde_seal::{Refusal, Result};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::text::{Font, TextDirection};
use qrcode::{Color, EcLevel, QrCode};

pub(crate) fn refused(what: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        "pdf",
        format!("page impossible : {what}"),
        format!("cannot typeset: {what}"),
    )
}

/// A typeface: to draw with, and to measure.
pub(crate) struct Face {
    font: Font,
    measure: ttf_parser::Face<'static>,
}

impl Face {
    pub fn read(bytes: &'static [u8]) -> Result<Face> {
        let font = Font::new(bytes.to_vec().into(), 0).ok_or_else(|| refused("font"))?;
        let measure = ttf_parser::Face::parse(bytes, 0).map_err(refused)?;
        Ok(Face { font, measure })
    }

    /// Width of a text, in points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        self.points(text.chars().map(|c| self.advance(c)).sum(), size)
    }

    fn points(&self, units: u32, size: f32) -> f32 {
        units as f32 / f32::from(self.measure.units_per_em()) * size
    }

    fn advance(&self, c: char) -> u32 {
        let glyph = self.measure.glyph_index(c);
        let advance = glyph.and_then(|g| self.measure.glyph_hor_advance(g));
        advance.map_or(0, u32::from)
    }

    /// Breaks a text at its spaces, but those that do not break, into lines of at most
    /// `room` points; a word longer than a line is cut.
    pub fn lines(&self, text: &str, size: f32, room: f32) -> Vec<String> {
        let fits = |units| self.points(units, size) <= room;
        let space = self.advance(' ');
        let breaks = |c: char| c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}');
        let mut lines: Vec<String> = Vec::new();
        let mut taken = 0;
        for word in text.split(breaks).filter(|w| !w.is_empty()) {
            let width: u32 = word.chars().map(|c| self.advance(c)).sum();
            if let Some(line) = lines.last_mut()
                && fits(taken + space + width)
            {
                line.extend([" ", word]);
                taken += space + width;
                continue;
            }
            lines.push(String::new());
            taken = 0;
            for c in word.chars() {
                let next = self.advance(c);
                if taken > 0 && !fits(taken + next) {
                    lines.push(String::new());
                    taken = 0;
                }
                lines.last_mut().into_iter().for_each(|line| line.push(c));
                taken += next;
            }
        }
        lines
    }

    /// Draws a line of text.
    pub fn draw(&self, s: &mut Surface, style: Style, x: f32, y: f32, text: &str) -> Identifier {
        let drawn = s.start_tagged(ContentTag::Span(SpanTag::empty()));
        s.set_fill(Some(fill(style.color)));
        let (at, text) = (Point::from_xy(x, y), self.drawable(text));
        let direction = TextDirection::Auto;
        s.draw_text(at, self.font.clone(), style.size, &text, false, direction);
        s.end_tagged();
        drawn
    }

    /// Keeps only what the typeface can draw; apostrophes are set as print has them.
    fn drawable(&self, text: &str) -> String {
        let known = |c: char| match c {
            '\'' => '\u{2019}',
            c if self.measure.glyph_index(c).is_some() => c,
            _ => '?',
        };
        text.chars().map(known).collect()
    }
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub bold: bool,
    pub size: f32,
    pub color: (u8, u8, u8),
}

pub(crate) fn style(bold: bool, size: f32, color: (u8, u8, u8)) -> Style {
    Style { bold, size, color }
}

fn fill((r, g, b): (u8, u8, u8)) -> Fill {
    Fill {
        paint: rgb::Color::new(r, g, b).into(),
        opacity: NormalizedF32::ONE,
        rule: Default::default(),
    }
}

pub(crate) fn rect(s: &mut Surface, color: (u8, u8, u8), x: f32, y: f32, w: f32, h: f32) {
    let mut path = PathBuilder::new();
    if let Some(r) = Rect::from_xywh(x, y, w, h) {
        path.push_rect(r);
    }
    if let Some(path) = path.finish() {
        s.start_tagged(ContentTag::Artifact(ArtifactType::Other));
        s.set_fill(Some(fill(color)));
        s.draw_path(&path);
        s.end_tagged();
    }
}

/// Draws a QR code in a square; its quiet zone is the page around it.
pub(crate) fn qr(s: &mut Surface, text: &str, x: f32, y: f32, side: f32) -> Result<Identifier> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(refused)?;
    let n = code.width();
    let module = side / n as f32;
    let mut path = PathBuilder::new();
    for (i, color) in code.to_colors().into_iter().enumerate() {
        let (cx, cy) = ((i % n) as f32 * module, (i / n) as f32 * module);
        let square = Rect::from_xywh(x + cx, y + cy, module, module);
        if let (Color::Dark, Some(square)) = (color, square) {
            path.push_rect(square);
        }
    }
    let drawn = s.start_tagged(ContentTag::Other);
    if let Some(path) = path.finish() {
        s.set_fill(Some(fill((0, 0, 0))));
        s.draw_path(&path);
    }
    s.end_tagged();
    Ok(drawn)
}
