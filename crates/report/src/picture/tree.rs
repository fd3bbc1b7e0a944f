//! The ownership tree: the company below, its holders above it, layer by layer.
//!
//! Layers and order follow K. Sugiyama, S. Tagawa and M. Toda, "Methods for
//! visual understanding of hierarchical system structures" (1981): longest
//! paths, dummy places for long edges, barycentres.

use super::Picture;
use super::canvas::*;
use crate::words::Lang;
use cocarde_analysis::control::{ControlReport, EntityLine};
use cocarde_model::{Decimal, Truth};
use maud::{Markup, html};

const BOX: (f64, f64) = (190.0, 76.0);
const GAP: (f64, f64) = (34.0, 96.0);
const DUMMY: f64 = 40.0;
const MARGIN: f64 = 24.0;
/// How far beside the boxes the label of a link that closes a loop stands.
const ROUND: f64 = 34.0;
/// Size of the labels of edges.
const LABEL: f64 = 12.5;

/// Entities that a picture shows; the others are counted.
const MAX_SHOWN: usize = 40;

enum Node<'a> {
    Entity(&'a EntityLine),
    /// Holders that nobody named, of some entity.
    Unnamed,
    /// A long edge passes here.
    Dummy,
}

struct Edge {
    /// Places from the holder down to the company held.
    path: Vec<usize>,
    label: Vec<String>,
    control: bool,
    back: bool,
}

struct Layout<'a> {
    nodes: Vec<Node<'a>>,
    layer: Vec<usize>,
    x: Vec<f64>,
    edges: Vec<Edge>,
    hidden: usize,
}

/// Draws the tree of a report.
pub fn draw(report: &ControlReport, lang: Lang) -> Picture {
    let layout = Layout::new(report, lang);
    let layers = layout.layer.iter().max().map_or(1, |l| l + 1) as f64;
    let width = layout.width().max(640.0);
    let height = layers * BOX.1 + (layers - 1.0) * GAP.1 + 2.0 * MARGIN + 40.0;
    let title = match lang {
        Lang::Fr => format!("Détention et contrôle de {}", report.target),
        Lang::En => format!("Ownership and control of {}", report.target),
    };
    let lines: Vec<&str> = report
        .explanation
        .iter()
        .map(|l| l.get(lang.code()))
        .collect();
    let desc = lines.join(". ");
    let at = |n: usize| layout.centre(n, width, layers);
    let body = html! {
        defs {
            pattern id="owner-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                rect width="8" height="8" fill="#fdf1f2" {}
                path d="M0 0V8" stroke="#f1c9cf" stroke-width="3" {}
            }
        }
        @for e in &layout.edges { (line(e, &at)) }
        @for (i, node) in layout.nodes.iter().enumerate() { (shape(node, at(i), report, lang)) }
        @for (i, e) in layout.edges.iter().enumerate() { (label(e, i, &layout.edges, &at)) }
        (legend(width, height, layout.hidden, lang))
    };
    Picture {
        svg: frame("owner", (width, height), &title, &desc, body),
        caption: lines.first().map_or(title.clone(), |l| l.to_string()),
    }
}

impl<'a> Layout<'a> {
    fn new(report: &'a ControlReport, lang: Lang) -> Layout<'a> {
        let shown = report.entities.len().min(MAX_SHOWN);
        let mut layout = Layout {
            nodes: report.entities[..shown].iter().map(Node::Entity).collect(),
            layer: Vec::new(),
            x: Vec::new(),
            edges: Vec::new(),
            hidden: report.entities.len() - shown,
        };
        let mut links = Vec::new();
        for h in &report.holdings {
            if h.holder.max(h.held) >= shown {
                continue;
            }
            let (capital, votes) = (h.capital.percent(), h.votes.percent());
            let mut label = vec![capital.get(lang.code()).to_string()];
            if capital != votes {
                let votes = votes.get(lang.code());
                label.push(format!("{votes} {}", lang.of("des votes", "of votes")));
            }
            if !h.rights.is_empty() {
                label.push(
                    h.rights
                        .iter()
                        .map(|r| right(lang, r))
                        .collect::<Vec<_>>()
                        .join(", "),
                );
            }
            let control = report.entities[h.holder].controls.0 == Truth::True && {
                let held = &report.entities[h.held];
                h.held == 0 || held.controls.0 == Truth::True
            };
            links.push((h.holder, h.held, label, control));
        }
        for (i, e) in report.entities[..shown].iter().enumerate() {
            if e.unnamed.0.hi().is_some_and(|hi| hi > Decimal::ZERO) {
                let share = e.unnamed.percent().get(lang.code()).to_string();
                links.push((layout.nodes.len(), i, vec![share], false));
                layout.nodes.push(Node::Unnamed);
            }
        }
        layout.place(links);
        layout
    }

    fn place(&mut self, links: Vec<(usize, usize, Vec<String>, bool)>) {
        let n = self.nodes.len();
        let mut above = vec![Vec::new(); n];
        for (i, (_, held, ..)) in links.iter().enumerate() {
            above[*held].push(i);
        }
        let (order, back) = climb(&above, &links);
        self.layer = vec![0; n];
        for node in order {
            for link in above[node].iter().filter(|l| !back[**l]) {
                let holder = links[*link].0;
                self.layer[holder] = self.layer[holder].max(self.layer[node] + 1);
            }
        }
        for (i, (holder, held, label, control)) in links.into_iter().enumerate() {
            let (top, bottom) = (self.layer[holder], self.layer[held]);
            let mut path = vec![holder];
            if !back[i] {
                for layer in (bottom + 1..top).rev() {
                    path.push(self.nodes.len());
                    self.nodes.push(Node::Dummy);
                    self.layer.push(layer);
                }
            }
            path.push(held);
            self.edges.push(Edge {
                path,
                label,
                control,
                back: back[i],
            });
        }
        self.order();
    }

    /// Places in each layer, by the mean place of neighbours, up and down.
    fn order(&mut self) {
        let layers = self.layer.iter().max().map_or(1, |l| l + 1);
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); layers];
        for (node, layer) in self.layer.iter().enumerate() {
            rows[*layer].push(node);
        }
        self.x = vec![0.0; self.nodes.len()];
        rows.iter().for_each(|row| self.spread(row));
        for sweep in 0..6 {
            for (i, row) in rows.iter_mut().enumerate() {
                let pull = |n: &usize| self.pull(*n, sweep % 2 == 0, i);
                let mut placed: Vec<(f64, usize)> = row.iter().map(|n| (pull(n), *n)).collect();
                placed.sort_by(|a, b| a.0.total_cmp(&b.0));
                *row = placed.into_iter().map(|(_, n)| n).collect();
                self.spread(row);
            }
        }
    }

    /// The mean place of the neighbours of a node below (or above) it.
    fn pull(&self, node: usize, below: bool, layer: usize) -> f64 {
        let mut places = Vec::new();
        for pair in self.edges.iter().flat_map(|e| e.path.windows(2)) {
            let other = match (pair[0] == node, pair[1] == node) {
                (true, _) => pair[1],
                (_, true) => pair[0],
                _ => continue,
            };
            if (self.layer[other] < layer) == below && self.layer[other] != layer {
                places.push(self.x[other]);
            }
        }
        if places.is_empty() {
            return self.x[node];
        }
        places.iter().sum::<f64>() / places.len() as f64
    }

    fn breadth(&self, node: usize) -> f64 {
        match self.nodes[node] {
            Node::Dummy => DUMMY,
            _ => BOX.0,
        }
    }

    /// Sets the nodes of a layer side by side, around zero.
    fn spread(&mut self, row: &[usize]) {
        let total: f64 = row.iter().map(|n| self.breadth(*n) + GAP.0).sum::<f64>() - GAP.0;
        let mut x = -total / 2.0;
        for n in row {
            let breadth = self.breadth(*n);
            self.x[*n] = x + breadth / 2.0;
            x += breadth + GAP.0;
        }
    }

    fn width(&self) -> f64 {
        let reach = (0..self.nodes.len()).map(|n| self.x[n].abs() + self.breadth(n) / 2.0);
        // A link that closes a loop goes round at the right, with its label.
        let loops = self.edges.iter().filter(|e| e.back).map(|e| {
            let side = self.x[e.path[0]].max(self.x[e.path[1]]) + BOX.0 / 2.0;
            side + ROUND + wide(&e.label) / 2.0
        });
        2.0 * (reach.chain(loops).fold(0.0, f64::max) + MARGIN)
    }

    fn centre(&self, node: usize, width: f64, layers: f64) -> (f64, f64) {
        let row = layers - 1.0 - self.layer[node] as f64;
        (
            width / 2.0 + self.x[node],
            MARGIN + BOX.1 / 2.0 + row * (BOX.1 + GAP.1),
        )
    }
}

/// An order in which every company comes before its holders, and the links
/// that would close a loop.
fn climb(
    above: &[Vec<usize>],
    links: &[(usize, usize, Vec<String>, bool)],
) -> (Vec<usize>, Vec<bool>) {
    let mut back = vec![false; links.len()];
    let (mut state, mut order) = (vec![0u8; above.len()], Vec::new());
    for start in 0..above.len() {
        if state[start] != 0 {
            continue;
        }
        state[start] = 1;
        let mut stack = vec![(start, 0)];
        while let Some((node, next)) = stack.pop() {
            let Some(link) = above[node].get(next) else {
                state[node] = 2;
                order.push(node);
                continue;
            };
            stack.push((node, next + 1));
            let holder = links[*link].0;
            match state[holder] {
                0 => {
                    state[holder] = 1;
                    stack.push((holder, 0));
                }
                1 => back[*link] = true,
                _ => {}
            }
        }
    }
    order.reverse();
    (order, back)
}

fn right(lang: Lang, name: &str) -> &str {
    match name {
        "veto" => "veto",
        "golden-share" => lang.of("action spécifique", "golden share"),
        "appoint-majority" => lang.of("nomme la majorité", "appoints majority"),
        "appoint-minority" => lang.of("nomme une minorité", "appoints minority"),
        other => other,
    }
}

fn line(e: &Edge, at: &impl Fn(usize) -> (f64, f64)) -> Markup {
    let half = BOX.1 / 2.0;
    let mut d = String::new();
    if e.back {
        let ((x0, y0), (x1, y1)) = (at(e.path[0]), at(e.path[1]));
        let side = x0.max(x1) + BOX.0 / 2.0;
        let out = side + 46.0;
        let (from, to) = (x0 + BOX.0 / 2.0, x1 + BOX.0 / 2.0);
        d = format!(
            "M{} {}C{} {} {} {} {} {}",
            px(from),
            px(y0),
            px(out),
            px(y0),
            px(out),
            px(y1),
            px(to),
            px(y1)
        );
    }
    for (i, pair) in e.path.windows(2).enumerate().filter(|_| !e.back) {
        let ((x0, y0), (x1, y1)) = (at(pair[0]), at(pair[1]));
        let y0 = if i == 0 { y0 + half } else { y0 };
        let y1 = if i + 2 == e.path.len() { y1 - half } else { y1 };
        let middle = (y0 + y1) / 2.0;
        if i == 0 {
            d += &format!("M{} {}", px(x0), px(y0));
        }
        d += &format!(
            "C{} {} {} {} {} {}",
            px(x0),
            px(middle),
            px(x1),
            px(middle),
            px(x1),
            px(y1)
        );
    }
    html! {
        path d=(d) fill="none" stroke=(if e.control { BLUE } else { LINE })
            stroke-width=(if e.control { "4" } else { "1.8" })
            stroke-dasharray=[e.back.then_some("7 4")] {}
    }
}

/// How wide the label of an edge is.
fn wide(label: &[String]) -> f64 {
    label.iter().map(|l| width(l, LABEL)).fold(0.0, f64::max) + 10.0
}

/// The shares on an edge, near the holder, where edges are apart.
fn label(e: &Edge, i: usize, all: &[Edge], at: &impl Fn(usize) -> (f64, f64)) -> Markup {
    let (x0, y0) = at(e.path[0]);
    let (x1, y1) = at(e.path[1]);
    let size = LABEL;
    let tall = e.label.len() as f64 * size * 1.25 + 5.0;
    let wide = wide(&e.label);
    // One holder of several companies: its labels stand further down, apart.
    let same = |o: &&Edge| o.path[0] == e.path[0] && !o.back;
    let fan = all.iter().filter(same).count() > 1;
    let t = if fan { 0.62 } else { 0.3 };
    let (x, y) = if e.back {
        (
            x0.max(x1) + BOX.0 / 2.0 + ROUND,
            (y0 + y1) / 2.0 + 14.0 * (i % 2) as f64,
        )
    } else {
        let (top, bottom) = (y0 + BOX.1 / 2.0, y1 - BOX.1 / 2.0);
        let ease = t * t * (3.0 - 2.0 * t);
        (
            x0 + (x1 - x0) * ease,
            (top + (bottom - top) * t).max(top + tall / 2.0 + 2.0),
        )
    };
    let style = Style {
        size,
        bold: e.control,
        ..PLAIN
    };
    html! {
        rect x=(px(x - wide / 2.0)) y=(px(y - tall / 2.0)) width=(px(wide)) height=(px(tall)) rx="4" fill=(PAPER) {}
        (centred(x, y, &e.label, style))
    }
}

fn shape(node: &Node<'_>, (x, y): (f64, f64), report: &ControlReport, lang: Lang) -> Markup {
    let (left, top) = (x - BOX.0 / 2.0, y - BOX.1 / 2.0);
    match node {
        Node::Dummy => html! {},
        Node::Unnamed => html! {
            rect x=(px(left)) y=(px(top)) width=(px(BOX.0)) height=(px(BOX.1)) rx="6" fill=(PAPER)
                stroke=(AMBER) stroke-width="1.8" stroke-dasharray="6 4" {}
            (centred(x, y, &[lang.of("porteurs non nommés", "holders not named").to_string()],
                Style { fill: AMBER, ..PLAIN }))
        },
        Node::Entity(e) => entity(e, (x, y), report, lang),
    }
}

fn entity(e: &EntityLine, (x, y): (f64, f64), report: &ControlReport, lang: Lang) -> Markup {
    let (left, top) = (x - BOX.0 / 2.0, y - BOX.1 / 2.0);
    let head = report.control.controllers.contains(&e.name);
    let target = e.name == report.target;
    let outside = e.outside.0 == Truth::True && !target;
    let (fill, ink, soft) = match (head, outside) {
        (true, _) => (BLUE, PAPER, PAPER),
        (_, true) => ("url(#owner-hatch)", INK, RED),
        _ => (PAPER, INK, SOFT),
    };
    let name = wrap(&e.name, BOX.0 - 12.0, 12.5, 2);
    let mut note = vec![e.country.as_deref().unwrap_or("?").to_string()];
    note.extend(
        e.outside
            .0
            .eq(&Truth::True)
            .then(|| lang.of("hors zone", "outside").to_string()),
    );
    note.extend(head.then(|| lang.of("contrôle", "controls").to_string()));
    let note = note.join(" · ");
    html! {
        rect x=(px(left)) y=(px(top)) width=(px(BOX.0)) height=(px(BOX.1)) rx="6" fill=(fill)
            stroke=(if outside { RED } else if target || head { BLUE } else { LINE })
            stroke-width=(if target || outside { "2.6" } else { "1.6" }) {}
        (centred(x, y - 10.0, &name, Style { size: 13.0, fill: ink, bold: true, ..PLAIN }))
        (centred(x, top + BOX.1 - 14.0, &[note], Style { size: 12.0, fill: soft, ..PLAIN }))
    }
}

fn legend(width: f64, height: f64, hidden: usize, lang: Lang) -> Markup {
    let y = height - 20.0;
    let small = Style {
        size: 12.0,
        fill: SOFT,
        ..PLAIN
    };
    let items = [
        (
            lang.of("contrôle en dernier ressort", "ultimate control"),
            BLUE,
            "",
            BLUE,
        ),
        (
            lang.of("hors de la zone", "outside"),
            "url(#owner-hatch)",
            "",
            RED,
        ),
        (lang.of("non nommés", "not named"), PAPER, "4 3", AMBER),
    ];
    let mut x = MARGIN;
    let mut placed = Vec::new();
    for (word, fill, dash, stroke) in items {
        placed.push((x, word, fill, dash, stroke));
        x += 34.0 + self::width_of(word);
    }
    let more = match lang {
        Lang::Fr if hidden == 1 => "et 1 autre entité, non dessinée".to_string(),
        Lang::En if hidden == 1 => "and 1 more entity, not drawn".to_string(),
        Lang::Fr => format!("et {hidden} autres entités, non dessinées"),
        Lang::En => format!("and {hidden} more entities, not drawn"),
    };
    html! {
        @for (x, word, fill, dash, stroke) in placed {
            rect x=(px(x)) y=(px(y - 11.0)) width="16" height="13" rx="3" fill=(fill) stroke=(stroke) stroke-width="1.6"
                stroke-dasharray=[(!dash.is_empty()).then_some(dash)] {}
            (text(x + 22.0, y, &[word.to_string()], small))
        }
        @if hidden > 0 {
            (text(width - MARGIN, y, &[more], Style { anchor: "end", ..small }))
        }
    }
}

fn width_of(word: &str) -> f64 {
    width(word, 12.0)
}
