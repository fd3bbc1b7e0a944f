//! The flows of value: each line of cost on the left, where its euros end on
//! the right, as wide as they are many. What is not known has its own end; what may be
//! any amount is as wide as the widest line.
//!
//! The form is that of H. R. Sankey, "The thermal efficiency of steam engines"
//! (1898).

use super::Picture;
use super::canvas::*;
use crate::words::Lang;
use cocarde_analysis::report::Bounds;
use cocarde_analysis::value::{LineShare, ValueReport, kind_words};
use cocarde_knowledge::countries::Countries;
use cocarde_model::{Decimal, Interval};
use maud::{Markup, html};

const TALL: f64 = 380.0;
const LEFT: f64 = 270.0;
const BAR: f64 = 16.0;
const SPAN: f64 = 300.0;
const RIGHT: f64 = 300.0;
const PITCH: f64 = 38.0;
const GAP: f64 = 10.0;
const TOP: f64 = 40.0;

/// Lines that a picture shows; the smaller ones are drawn as one.
const MAX_LINES: usize = 14;

/// Where euros end: a place in the list of ends.
struct Source {
    label: String,
    amount: Interval,
    /// Euros by end.
    parts: Vec<f64>,
}

struct End {
    label: String,
    detail: Vec<String>,
    fill: &'static str,
}

/// Draws the flows of a report.
pub fn draw(report: &ValueReport, lang: Lang) -> Picture {
    let ends = ends(report, lang);
    let sources = sources(report, &ends, lang);
    let total: f64 = sources.iter().flat_map(|s| &s.parts).sum();
    let scale = if total > 0.0 { TALL / total } else { 0.0 };
    let tall = |parts: f64| (parts * scale).max(if parts > 0.0 { 1.5 } else { 0.0 });
    let left: Vec<f64> = sources.iter().map(|s| tall(s.parts.iter().sum())).collect();
    let arriving = |e: usize| sources.iter().map(|s| s.parts[e]).sum::<f64>();
    let right: Vec<f64> = (0..ends.len()).map(|e| tall(arriving(e))).collect();
    let (left_y, left_end) = stack(&left);
    let (right_y, right_end) = stack(&right);
    let width = LEFT + right_of(&ends) + SPAN + 2.0 * BAR;
    let height = left_end.max(right_end) + 24.0;
    let (x0, x1) = (LEFT + BAR, LEFT + BAR + SPAN);
    let mut used = right_y.clone();
    let mut bands = Vec::new();
    for (i, s) in sources.iter().enumerate() {
        let mut y = left_y[i];
        for (e, part) in s.parts.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            let thick = tall(*part);
            bands.push((y, used[e], thick, ends[e].fill));
            y += thick;
            used[e] += thick;
        }
    }
    let title = lang.of("Où la valeur est faite", "Where the value is made");
    let said: Vec<&str> = report
        .explanation
        .iter()
        .map(|l| l.get(lang.code()))
        .collect();
    let head = Style {
        fill: SOFT,
        size: 12.5,
        ..PLAIN
    };
    let body = html! {
        defs {
            pattern id="value-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                rect width="7" height="7" fill="#fbf3e4" {}
                path d="M0 0V7" stroke=(AMBER) stroke-width="2" {}
            }
        }
        (text(LEFT, 20.0, &[lang.of("ce qui est payé", "what is paid for").to_string()], Style { anchor: "end", ..head }))
        (text(x1 + BAR, 20.0, &[lang.of("où cela finit", "where it ends").to_string()], head))
        @for (from, to, thick, fill) in bands { (band((x0, from), (x1, to), thick, fill)) }
        @for (i, s) in sources.iter().enumerate() { (source(s, left_y[i], left[i], lang)) }
        @for (e, end) in ends.iter().enumerate() { (ending(end, x1, right_y[e], right[e])) }
    };
    Picture {
        svg: frame("value", (width, height), title, &said.join(". "), body),
        caption: said.first().unwrap_or(&title).to_string(),
    }
}

/// Room for the ends, their longest words included.
fn right_of(ends: &[End]) -> f64 {
    let details = ends.iter().flat_map(|e| &e.detail);
    let words = details.map(|d| width(d, 12.5));
    let names = ends.iter().map(|e| width(&e.label, 14.0));
    words.chain(names).map(|w| w + 20.0).fold(RIGHT, f64::max)
}

/// Tops of bars one below the other, each with room for its label, and the end.
fn stack(heights: &[f64]) -> (Vec<f64>, f64) {
    let mut y = TOP;
    let mut tops = Vec::new();
    for h in heights {
        let room = h.max(PITCH);
        tops.push(y + (room - h) / 2.0);
        y += room + GAP;
    }
    (tops, y)
}

fn float(d: Option<Decimal>) -> f64 {
    d.and_then(|d| d.to_string().parse().ok()).unwrap_or(0.0)
}

/// Home first, then abroad, the largest first, then what is not known.
fn ends(report: &ValueReport, lang: Lang) -> Vec<End> {
    let share = |euros: &Bounds, percent: &Bounds| {
        vec![format!(
            "{} · {}",
            euros.euros().get(lang.code()),
            percent.percent().get(lang.code())
        )]
    };
    let country = |code: &str| {
        let name = Countries::standard().name(code, lang.code());
        name.unwrap_or(code).to_string()
    };
    let mut ends = vec![End {
        label: country(&report.home),
        detail: share(&report.domestic_euros, &report.domestic),
        fill: BLUE,
    }];
    for flow in &report.leaving {
        let unnamed = lang.of("pays non précisé", "country not named");
        ends.push(End {
            label: flow.country.as_deref().map_or(unnamed.into(), country),
            detail: share(&flow.euros, &flow.percent),
            fill: if flow.country.is_some() {
                RED
            } else {
                "#b0566a"
            },
        });
    }
    ends.push(End {
        label: lang.of("non connu", "not known").to_string(),
        detail: vec![
            lang.of("compris dans les intervalles", "within the intervals")
                .to_string(),
        ],
        fill: "url(#value-hatch)",
    });
    ends
}

fn sources(report: &ValueReport, ends: &[End], lang: Lang) -> Vec<Source> {
    let unknown = ends.len() - 1;
    let lines = report.lines.iter();
    let mut list: Vec<Source> = lines.map(|l| split(l, report, unknown, lang)).collect();
    let widest = list.iter().map(total).fold(0.0, f64::max);
    let any = |s: &&mut Source| s.amount.hi().is_none();
    for s in list.iter_mut().filter(any) {
        s.parts[unknown] += if widest > 0.0 { widest } else { 1.0 };
    }
    list.sort_by(|a, b| total(b).total_cmp(&total(a)));
    if list.len() > MAX_LINES {
        let rest = list.split_off(MAX_LINES - 1);
        let mut all = Source {
            label: format!("{} {}", rest.len(), lang.of("autres lignes", "other lines")),
            amount: Interval::ZERO,
            parts: vec![0.0; ends.len()],
        };
        for s in rest {
            all.amount = all.amount.add(s.amount);
            all.parts
                .iter_mut()
                .zip(&s.parts)
                .for_each(|(a, b)| *a += b);
        }
        list.push(all);
    }
    // Lines that end high start high: bands cross less.
    list.sort_by(|a, b| mean_end(a).total_cmp(&mean_end(b)));
    list
}

fn total(s: &Source) -> f64 {
    s.parts.iter().sum()
}

fn mean_end(s: &Source) -> f64 {
    let weighed = s.parts.iter().enumerate();
    let sum: f64 = weighed.map(|(e, p)| e as f64 * p).sum();
    if total(s) > 0.0 {
        sum / total(s)
    } else {
        f64::MAX
    }
}

/// What of a line surely ends where; the rest is not known.
fn split(line: &LineShare, report: &ValueReport, unknown: usize, lang: Lang) -> Source {
    let (lo, hi) = (float(line.amount.0.lo()), float(line.amount.0.hi()));
    let mut parts = vec![0.0; unknown + 1];
    parts[0] = lo * float(line.domestic.0.lo()) / 100.0;
    for (e, flow) in report.leaving.iter().enumerate() {
        let end = line.leaving.iter().find(|d| d.country == flow.country);
        parts[e + 1] = end.map_or(0.0, |d| lo * float(d.percent.0.lo()) / 100.0);
    }
    parts[unknown] = (hi.max(lo) - parts.iter().sum::<f64>()).max(0.0);
    if parts[unknown] < 1e-6 * hi {
        parts[unknown] = 0.0;
    }
    Source {
        label: kind_words(&line.label).get(lang.code()).to_string(),
        amount: line.amount.0,
        parts,
    }
}

fn band((x0, y0): (f64, f64), (x1, y1): (f64, f64), thick: f64, fill: &str) -> Markup {
    let m = (x0 + x1) / 2.0;
    let d = format!(
        "M{} {}C{} {} {} {} {} {}V{}C{} {} {} {} {} {}Z",
        px(x0),
        px(y0),
        px(m),
        px(y0),
        px(m),
        px(y1),
        px(x1),
        px(y1),
        px(y1 + thick),
        px(m),
        px(y1 + thick),
        px(m),
        px(y0 + thick),
        px(x0),
        px(y0 + thick)
    );
    html! { path d=(d) fill=(fill) fill-opacity="0.45" {} }
}

fn source(s: &Source, y: f64, tall: f64, lang: Lang) -> Markup {
    let amount = Bounds(s.amount).euros().get(lang.code()).to_string();
    let middle = y + tall / 2.0;
    let name = wrap(&s.label, LEFT - 24.0, 13.5, 1);
    html! {
        rect x=(px(LEFT)) y=(px(y)) width=(px(BAR)) height=(px(tall.max(1.5))) fill=(SOFT) {}
        (text(LEFT - 10.0, middle - 2.0, &name, Style { size: 13.5, anchor: "end", bold: true, ..PLAIN }))
        (text(LEFT - 10.0, middle + 14.0, std::slice::from_ref(&amount), Style { size: 12.5, fill: SOFT, anchor: "end", bold: false }))
    }
}

fn ending(e: &End, x: f64, y: f64, tall: f64) -> Markup {
    let middle = y + tall / 2.0;
    html! {
        @if tall > 0.0 {
            rect x=(px(x)) y=(px(y)) width=(px(BAR)) height=(px(tall.max(1.5))) fill=(e.fill) {}
            (text(x + BAR + 10.0, middle - 2.0, std::slice::from_ref(&e.label), Style { size: 14.0, bold: true, ..PLAIN }))
            (text(x + BAR + 10.0, middle + 15.0, &e.detail, Style { size: 12.5, fill: SOFT, ..PLAIN }))
        }
    }
}
