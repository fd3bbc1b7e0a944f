//! The graph of dependencies as an SVG picture, with what is cut marked.
//!
//! Functions on the left, what they need towards the right, those who provide
//! it at the far right. What is said by colour is also said by a mark and in
//! words. Laid out by the library `layout-rs`.

use super::{fate, line};
use crate::head::as_of;
use crate::paint::inert;
use crate::picture::canvas::{PAPER, px};
use crate::words::Lang;
use cocarde_analysis::resilience::{EventSummary, Outcome, ResilienceReport};
use layout::core::base::Orientation;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::{Point, Position};
use layout::core::style::{LineStyleKind, StyleAttr};
use layout::std_shapes::shapes::{Arrow, Element, LineEndKind, ShapeKind};
use layout::topo::layout::VisualGraph;
use maud::{Markup, html};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// Most boxes of a picture.
pub const MAX_BOXES: usize = 400;

/// Text.
const INK: &str = "#1a1a1a";
/// Text that says more.
const SOFT: &str = "#4a4a4a";
/// Links.
const LINE: &str = "#7a7a7a";
/// What is cut, and what is down for it.
const RED: &str = "#b42318";

/// How a box looks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Goes on.
    Sound,
    /// Struck, or that strikes.
    Struck,
    /// Down because of what is struck.
    Down,
    /// Not known.
    Open,
}

impl Look {
    /// Fill, outline, mark.
    fn paint(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Look::Sound => ("#f2f8f4", "#2f6f4e", "✓"),
            Look::Struck => (RED, "#7a130b", "✕"),
            Look::Down => ("#fdeceb", RED, "↓"),
            Look::Open => ("#fff7e0", "#8a6100", "?"),
        }
    }

    fn ink(self) -> &'static str {
        match self {
            Look::Struck => PAPER,
            _ => INK,
        }
    }
}

struct Tile {
    title: String,
    under: String,
    look: Look,
    /// Corners of those who provide are round.
    provider: bool,
}

struct Link {
    cut: bool,
    words: String,
}

/// The picture of one event of the report, or nothing where it has more than
/// [`MAX_BOXES`] boxes or no event.
pub fn picture(report: &ResilienceReport, event: usize, lang: Lang) -> Option<String> {
    let event = report.events.get(event)?;
    if report.nodes.len() > MAX_BOXES {
        return None;
    }
    let (tiles, ends, links) = graph(report, event, lang);
    if tiles.len() > MAX_BOXES {
        return None;
    }
    let mut canvas = Canvas {
        tiles: &tiles,
        links: &links,
        boxes: Vec::new(),
        arrows: Vec::new(),
        size: Point::new(0.0, 0.0),
    };
    let mut graph = VisualGraph::new(Orientation::LeftToRight);
    let handles: Vec<_> = tiles
        .iter()
        .enumerate()
        .map(|(i, tile)| graph.add_node(element(i, tile)))
        .collect();
    for (i, (from, to)) in ends.iter().enumerate() {
        graph.add_edge(arrow(i), handles[*from], handles[*to]);
    }
    graph.do_it(false, false, false, &mut canvas);
    let svg = canvas.page(report, event, lang).into_string();
    // XML has no control characters.
    Some(inert(&svg))
}

fn style() -> StyleAttr {
    StyleAttr::simple()
}

fn element(index: usize, tile: &Tile) -> Element {
    let columns = (tile.title.width() + 3).max(tile.under.width());
    let size = Point::new(
        columns as f64 * 7.6 + 22.0,
        if tile.under.is_empty() { 34.0 } else { 52.0 },
    );
    let mut element = Element::create_with_properties(
        ShapeKind::new_box(""),
        style(),
        Orientation::LeftToRight,
        size,
        index.to_string(),
    );
    let margin = Point::new(64.0, 16.0);
    element.pos = Position::new(Point::zero(), size, Point::zero(), margin);
    element
}

fn arrow(index: usize) -> Arrow {
    Arrow::with_properties(
        LineEndKind::None,
        LineEndKind::Arrow,
        LineStyleKind::Normal,
        "",
        &style(),
        index.to_string(),
        &None,
        &None,
    )
}

/// Boxes, pairs of positions of boxes, and what is said of each pair.
fn graph(
    report: &ResilienceReport,
    event: &EventSummary,
    lang: Lang,
) -> (Vec<Tile>, Vec<(usize, usize)>, Vec<Link>) {
    let down: BTreeMap<usize, bool> = event.down.iter().map(|d| (d.node, d.certain)).collect();
    let struck: BTreeMap<usize, bool> = event.struck.iter().map(|s| (s.node, s.certain)).collect();
    let mut tiles: Vec<Tile> = Vec::new();
    for (i, node) in report.nodes.iter().enumerate() {
        let outcome = event
            .functions
            .iter()
            .find(|f| f.node == i)
            .map(|f| &f.outcome);
        let look = match (struck.get(&i), outcome) {
            (Some(true), _) => Look::Struck,
            (Some(false), _) => Look::Open,
            (None, Some(Outcome::Holds)) => Look::Sound,
            (None, Some(Outcome::Undetermined { .. })) => Look::Open,
            (None, Some(_)) => Look::Down,
            (None, None) => match down.get(&i) {
                Some(true) => Look::Down,
                Some(false) => Look::Open,
                None => Look::Sound,
            },
        };
        tiles.push(Tile {
            title: node.name.clone(),
            under: outcome.map_or(String::new(), |o| fate(lang, o)),
            look,
            provider: false,
        });
    }
    let mut ends = Vec::new();
    let mut links = Vec::new();
    for (i, node) in report.nodes.iter().enumerate() {
        for need in &node.needs {
            for to in &need.of {
                ends.push((i, *to));
                let words = match (need.at_least, need.of.len()) {
                    (_, 1) => String::new(),
                    (1, _) => lang.of("ou", "or").to_string(),
                    (k, n) => format!("{k}/{n}"),
                };
                links.push(Link { cut: false, words });
            }
        }
    }
    providers(report, event, &mut tiles, &mut ends, &mut links);
    (tiles, ends, links)
}

/// Adds those who provide services.
fn providers(
    report: &ResilienceReport,
    event: &EventSummary,
    tiles: &mut Vec<Tile>,
    ends: &mut Vec<(usize, usize)>,
    links: &mut Vec<Link>,
) {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, node) in report.nodes.iter().enumerate() {
        for name in &node.providers {
            // The organisation is everywhere: it would only add lines.
            if Some(name) == report.organisation.as_ref() {
                continue;
            }
            let at = *known.entry(name).or_insert_with(|| {
                tiles.push(Tile {
                    title: name.clone(),
                    under: String::new(),
                    look: Look::Sound,
                    provider: true,
                });
                tiles.len() - 1
            });
            let struck = event.struck.iter().find(|s| s.node == i);
            let struck = struck.filter(|s| s.by.contains(name));
            let look = match struck.map(|s| s.certain) {
                Some(true) => Look::Struck,
                Some(false) => Look::Open,
                None => Look::Sound,
            };
            // What is certain for one service is not undone by what may be for another.
            if look == Look::Struck || tiles[at].look == Look::Sound {
                tiles[at].look = look;
            }
            ends.push((i, at));
            links.push(Link {
                cut: struck.is_some(),
                words: String::new(),
            });
        }
    }
}

struct Canvas<'a> {
    tiles: &'a [Tile],
    links: &'a [Link],
    boxes: Vec<Markup>,
    arrows: Vec<Markup>,
    size: Point,
}

impl Canvas<'_> {
    fn grow(&mut self, x: f64, y: f64) {
        self.size = Point::new(self.size.x.max(x), self.size.y.max(y));
    }

    fn page(self, report: &ResilienceReport, event: &EventSummary, lang: Lang) -> Markup {
        let title = format!(
            "{}{} {}",
            lang.of("Scénario", "Scenario"),
            lang.colon(),
            line(lang, &report.scenario.name)
        );
        let words: Vec<String> = event
            .functions
            .iter()
            .map(|f| {
                format!(
                    "{}{} {}",
                    report.nodes[f.node].name,
                    lang.colon(),
                    fate(lang, &f.outcome)
                )
            })
            .collect();
        let legend = [
            (
                Look::Struck,
                lang.of("coupé par le scénario", "cut by the scenario"),
            ),
            (
                Look::Down,
                lang.of("arrêté en conséquence", "down as a consequence"),
            ),
            (Look::Open, lang.of("indéterminé", "undetermined")),
            (Look::Sound, lang.of("tient", "holds")),
        ];
        let width = self.size.x.max(760.0) + 24.0;
        let (top, height) = (64.0, self.size.y + 64.0 + 56.0);
        let foot = self.size.y + top + 30.0;
        html! {
            svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (px(width)) " " (px(height)) }
                width=(px(width)) height=(px(height)) role="img" lang=(lang.code())
                aria-labelledby="titre description" font-family="system-ui, 'Liberation Sans', 'DejaVu Sans', sans-serif" {
                title id="titre" { (title) }
                desc id="description" { (words.join(lang.of(" ; ", "; "))) }
                rect width="100%" height="100%" fill=(PAPER) {}
                text x="24" y="34" font-size="18" font-weight="600" fill=(INK) { (title) }
                text x="24" y="54" font-size="13" fill=(SOFT) {
                    (line(lang, &event.title)) " · "
                    (report.organisation.as_deref().unwrap_or("")) " · " (as_of(lang, &report.as_of))
                }
                g transform={ "translate(12 " (px(top)) ")" } {
                    @for arrow in &self.arrows { (arrow) }
                    @for tile in &self.boxes { (tile) }
                }
                @for (i, (look, words)) in legend.iter().enumerate() {
                    @let x = 24.0 + i as f64 * 185.0;
                    @let (fill, stroke, mark) = look.paint();
                    rect x=(px(x)) y=(px(foot)) width="18" height="18" rx="3" fill=(fill) stroke=(stroke) {}
                    text x=(px(x + 9.0)) y=(px(foot + 13.5)) font-size="12" text-anchor="middle" fill=(look.ink()) { (mark) }
                    text x=(px(x + 25.0)) y=(px(foot + 13.5)) font-size="12" fill=(INK) { (words) }
                }
            }
            "\n"
        }
    }
}

impl RenderBackend for Canvas<'_> {
    fn draw_rect(
        &mut self,
        xy: Point,
        size: Point,
        _: &StyleAttr,
        properties: Option<String>,
        _: Option<ClipHandle>,
    ) {
        let index = properties.and_then(|p| p.parse::<usize>().ok());
        let Some(tile) = index.and_then(|i| self.tiles.get(i)) else {
            return;
        };
        self.grow(xy.x + size.x, xy.y + size.y);
        let (fill, stroke, mark) = tile.look.paint();
        let ink = tile.look.ink();
        let radius = if tile.provider { "16" } else { "4" };
        let middle = xy.y
            + if tile.under.is_empty() {
                size.y / 2.0 + 4.5
            } else {
                21.0
            };
        self.boxes.push(html! {
            g {
                rect x=(px(xy.x)) y=(px(xy.y)) width=(px(size.x)) height=(px(size.y))
                    rx=(radius) fill=(fill) stroke=(stroke) stroke-width="1.5" {}
                text x=(px(xy.x + 11.0)) y=(px(middle)) font-size="13" fill=(ink) {
                    (mark) "\u{a0}" (tile.title)
                }
                @if !tile.under.is_empty() {
                    text x=(px(xy.x + 11.0)) y=(px(xy.y + 40.0)) font-size="13" font-weight="600" fill=(ink) { (tile.under) }
                }
            }
        });
    }

    fn draw_arrow(
        &mut self,
        path: &[(Point, Point)],
        _: bool,
        _: (bool, bool),
        _: &StyleAttr,
        properties: Option<String>,
        _: &str,
    ) {
        let index = properties.and_then(|p| p.parse::<usize>().ok());
        let Some(link) = index.and_then(|i| self.links.get(i)) else {
            return;
        };
        // A way out of the first point, then ways into each of the others.
        let [(start, out), (near, end), rest @ ..] = path else {
            return;
        };
        let at = |p: &Point| format!("{} {}", px(p.x), px(p.y));
        let mut d = format!("M {} C {}, {}, {}", at(start), at(out), at(near), at(end));
        for (control, point) in rest {
            d += &format!(" S {}, {}", at(control), at(point));
        }
        for (a, b) in path {
            self.grow(a.x.max(b.x), a.y.max(b.y));
        }
        let last = path[path.len() - 1].1;
        let (stroke, width) = if link.cut { (RED, "2") } else { (LINE, "1.2") };
        // The arrow's head, and half way along the first stretch its mark.
        let before = path[path.len() - 1].0;
        let turn = (last.y - before.y).atan2(last.x - before.x).to_degrees();
        let head = format!(
            "translate({} {}) rotate({})",
            px(last.x),
            px(last.y),
            px(turn)
        );
        let mid = |t: fn(&Point) -> f64| (t(start) + 3.0 * t(out) + 3.0 * t(near) + t(end)) / 8.0;
        let (x, y) = (mid(|p| p.x), mid(|p| p.y));
        self.arrows.push(html! {
            path d=(d) fill="none" stroke=(stroke) stroke-width=(width)
                stroke-dasharray=[link.cut.then_some("6 4")] {}
            path d="M 0 0 l -8 -3.5 v 7 z" transform=(head) fill=(stroke) {}
            @if link.cut {
                circle cx=(px(x)) cy=(px(y)) r="8" fill=(PAPER) stroke=(RED) {}
                text x=(px(x)) y=(px(y + 4.5)) font-size="12" text-anchor="middle" fill=(RED) { "✕" }
            }
            @if !link.words.is_empty() {
                text x=(px((start.x + x) / 2.0)) y=(px((start.y + y) / 2.0 + 4.0)) font-size="11" text-anchor="middle"
                    fill=(SOFT) stroke=(PAPER) stroke-width="4" paint-order="stroke" { (link.words) }
            }
        });
    }

    fn draw_line(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_circle(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, _: Point, _: &str, _: &StyleAttr) {}

    fn create_clip(&mut self, _: Point, _: Point, _: usize) -> ClipHandle {
        0
    }
}
