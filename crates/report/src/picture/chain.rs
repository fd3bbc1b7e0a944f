//! The chain of reach: from the data through whoever has them to the law that
//! can ask for them, one lane for each way; a cut is drawn where it cuts.

use super::Picture;
use super::canvas::*;
use crate::words::Lang;
use cocarde_analysis::reach::{Hop, Outcome, ReachReport, Reached, data_name};
use cocarde_knowledge::regimes::Aspect;
use maud::{Markup, html};

const BOX: (f64, f64) = (200.0, 62.0);
const ARROW: f64 = 112.0;
const MARGIN: f64 = 24.0;
/// Cards side by side, at most: a longer way goes on below.
const ACROSS: usize = 3;
/// Between a row of cards and the next.
const TURN: f64 = 44.0;
/// Above the cards of a lane, and below its note.
const HEAD: f64 = 24.0;
const FOOT: f64 = 24.0;
const NOTE: Style = Style {
    size: 12.5,
    fill: SOFT,
    ..PLAIN
};

/// Lanes that a picture shows; the others are counted.
const MAX_LANES: usize = 12;

/// What customers entrust, what is known of them, and whether the service goes on.
const SHOWN: [(&str, Aspect); 3] = [
    ("customer-content", Aspect::Content),
    ("customer-metadata", Aspect::Metadata),
    ("service", Aspect::Availability),
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Reached,
    /// It would, were it not for the keys.
    Cut,
    Open,
    /// A law from inside the area: nothing to cut.
    Inside,
    Nothing,
}

struct Lane<'a> {
    state: State,
    data: usize,
    hops: &'a [Hop],
    regimes: Vec<String>,
    note: String,
}

/// Draws the lanes of a report.
pub fn draw(report: &ReachReport, lang: Lang) -> Picture {
    let mut lanes = lanes(report, lang);
    let hidden = lanes.len().saturating_sub(MAX_LANES);
    lanes.truncate(MAX_LANES);
    let width = x(ACROSS - 1) + BOX.0 + MARGIN;
    let mut tops = Vec::new();
    let mut height = MARGIN;
    for lane in &lanes {
        tops.push(height);
        height += tall(lane);
    }
    height += if hidden > 0 { 30.0 } else { 0.0 };
    let title = lang.of(
        "Portée des droits sur les données",
        "Reach of laws over the data",
    );
    let desc: Vec<String> = lanes.iter().map(|l| said(l, lang)).collect();
    let more = match lang {
        Lang::Fr if hidden == 1 => "et 1 autre chemin, non dessiné".to_string(),
        Lang::En if hidden == 1 => "and 1 more way, not drawn".to_string(),
        Lang::Fr => format!("et {hidden} autres chemins, non dessinés"),
        Lang::En => format!("and {hidden} more ways, not drawn"),
    };
    let body = html! {
        @for (lane, y) in lanes.iter().zip(tops) { (draw_lane(lane, y, lang)) }
        @if hidden > 0 { (text(MARGIN, height - 14.0, &[more], Style { fill: SOFT, ..PLAIN })) }
    };
    Picture {
        svg: frame(
            "reach",
            (width, height.max(60.0)),
            title,
            &desc.join(". "),
            body,
        ),
        caption: desc.first().cloned().unwrap_or_else(|| title.to_string()),
    }
}

fn state(o: &Outcome) -> State {
    match o.reached {
        Reached::Reached if o.inside => State::Inside,
        Reached::Reached => State::Reached,
        Reached::Undetermined => State::Open,
        Reached::NotReached if o.held_back.is_empty() => State::Nothing,
        Reached::NotReached => State::Cut,
    }
}

/// Outcomes that go the same way are one lane, with all their regimes.
fn lanes<'a>(report: &'a ReachReport, lang: Lang) -> Vec<Lane<'a>> {
    let mut lanes: Vec<Lane<'a>> = Vec::new();
    for (data, (class, aspect)) in SHOWN.iter().enumerate() {
        let of = |o: &&Outcome| *o.data == **class && o.aspect == *aspect;
        for o in report.outcomes.iter().filter(of) {
            let state = state(o);
            let ways: Vec<&[Hop]> = match state {
                State::Cut => vec![&o.held_back],
                State::Nothing => vec![&[]],
                _ => ways(o),
            };
            for hops in ways {
                let name = o.name.get(lang.code()).to_string();
                let same = |l: &&mut Lane<'_>| {
                    (l.state, l.data) == (state, data) && same_way(l.hops, hops)
                };
                match lanes.iter_mut().find(same) {
                    Some(lane) => lane.regimes.push(name),
                    None => lanes.push(Lane {
                        state,
                        data,
                        hops,
                        regimes: vec![name],
                        note: note(o, state, lang),
                    }),
                }
            }
        }
    }
    lanes.sort_by_key(|l| (l.data, l.state));
    lanes
}

/// The shortest way, and the shortest through a parent where that is another.
fn ways(o: &Outcome) -> Vec<&[Hop]> {
    let parent = |way: &[Hop]| way.iter().any(|h| h.link.en == "controlled by");
    let mut ways: Vec<&[Hop]> = vec![&o.path];
    if state(o) == State::Reached && !parent(&o.path) {
        let other = o.others.iter().find(|way| parent(way));
        ways.extend(other.map(Vec::as_slice));
    }
    ways
}

/// Whether two ways differ in nothing but the regime they end at.
fn same_way(a: &[Hop], b: &[Hop]) -> bool {
    let last = a.len().saturating_sub(1);
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .enumerate()
            .all(|(i, (x, y))| x.link == y.link && (i == last || x.to == y.to))
}

fn note(o: &Outcome, state: State, lang: Lang) -> String {
    let code = lang.code();
    let join = |lines: &[cocarde_analysis::report::Line]| {
        lines
            .iter()
            .map(|l| l.get(code))
            .collect::<Vec<_>>()
            .join(" + ")
    };
    match state {
        State::Reached => o.cuts.first().map_or(String::new(), |c| {
            format!(
                "{}{} {}",
                lang.of("ce qui couperait", "what would cut it"),
                lang.colon(),
                join(&c.together)
            )
        }),
        State::Cut => lang
            .of(
                "coupé : seul le client détient les clés",
                "cut: only the customer holds the keys",
            )
            .to_string(),
        State::Inside => String::new(),
        State::Open => format!(
            "{}{} {}",
            lang.of("à savoir", "to be known"),
            lang.colon(),
            join(&o.missing)
        ),
        State::Nothing => format!(
            "{}{} {}",
            lang.of("hypothèses", "assumptions"),
            lang.colon(),
            join(&o.assumptions)
        ),
    }
}

/// A lane in a sentence.
fn said(lane: &Lane<'_>, lang: Lang) -> String {
    let data = data_name(SHOWN[lane.data].0);
    let verdict = word(lane.state, lang);
    let mut out = format!(
        "{}{} {verdict}, {}",
        data.get(lang.code()),
        lang.colon(),
        lane.regimes.join(", ")
    );
    for hop in lane.hops {
        out += &format!(
            "{}{} → {}",
            lang.of(" ; ", "; "),
            hop.link.get(lang.code()),
            hop.to.get(lang.code())
        );
    }
    match lane.note.is_empty() {
        true => out,
        false => format!("{out} ({})", lane.note),
    }
}

fn word(state: State, lang: Lang) -> &'static str {
    match state {
        State::Reached => lang.of("atteint", "reached"),
        State::Cut => lang.of("coupé", "cut"),
        State::Open => lang.of("indéterminé", "undetermined"),
        State::Inside => lang.of("sous le droit de la zone", "under the law of the area"),
        State::Nothing => lang.of("aucun chemin connu", "no known way"),
    }
}

fn colour(state: State) -> &'static str {
    match state {
        State::Reached => RED,
        State::Cut | State::Nothing => GREEN,
        State::Open => AMBER,
        State::Inside => SOFT,
    }
}

/// Where the card of that place in its row begins.
fn x(column: usize) -> f64 {
    MARGIN + column as f64 * (BOX.0 + ARROW)
}

/// How many rows the cards of a lane take: the data, whoever has them, the regimes.
fn rows(lane: &Lane<'_>) -> usize {
    (lane.hops.len().max(1) + 1).div_ceil(ACROSS)
}

/// What stands below a lane, in lines.
fn noted(lane: &Lane<'_>) -> Vec<String> {
    wrap(&lane.note, x(ACROSS - 1) + BOX.0 - MARGIN, NOTE.size, 4)
}

/// Height of the cards of a lane.
fn cards_tall(lane: &Lane<'_>) -> f64 {
    rows(lane) as f64 * (BOX.1 + TURN) - TURN
}

fn tall(lane: &Lane<'_>) -> f64 {
    HEAD + cards_tall(lane) + noted(lane).len() as f64 * NOTE.size * 1.25 + 8.0 + FOOT
}

fn draw_lane(lane: &Lane<'_>, y: f64, lang: Lang) -> Markup {
    let code = lang.code();
    let data = data_name(SHOWN[lane.data].0);
    let stroke = colour(lane.state);
    let mut cards = vec![data.get(code).to_string()];
    let steps = lane.hops.len().saturating_sub(1);
    cards.extend(
        lane.hops[..steps]
            .iter()
            .map(|h| h.to.get(code).to_string()),
    );
    cards.push(regimes(&lane.regimes, lang));
    let links: Vec<&str> = match lane.hops {
        [] => vec![""],
        hops => hops.iter().map(|h| h.link.get(code)).collect(),
    };
    let last = cards.len() - 1;
    let at = |i: usize| {
        let row = (i / ACROSS) as f64;
        (x(i % ACROSS), y + HEAD + row * (BOX.1 + TURN))
    };
    html! {
        (text(MARGIN, y + 13.0, &[format!("{} — {}", capital(data.get(code)), word(lane.state, lang))],
            Style { fill: stroke, bold: true, ..PLAIN }))
        @for (i, link) in links.iter().enumerate() {
            @if (i + 1) % ACROSS == 0 { (turn(at(i), at(i + 1), link, lane.state)) }
            @else { (arrow(at(i).0 + BOX.0, at(i).1 + BOX.1 / 2.0, link, lane.state, i == 0)) }
        }
        @for (i, card) in cards.iter().enumerate() {
            rect x=(px(at(i).0)) y=(px(at(i).1)) width=(px(BOX.0)) height=(px(BOX.1)) rx="6" fill=(PAPER)
                stroke=(if i == last || i == 0 { stroke } else { LINE }) stroke-width=(if i == last { "2.6" } else { "1.6" })
                stroke-dasharray=[(i == last && !matches!(lane.state, State::Reached | State::Inside)).then_some("6 4")] {}
            (centred(at(i).0 + BOX.0 / 2.0, at(i).1 + BOX.1 / 2.0, &wrap(card, BOX.0 - 10.0, 12.5, 3),
                Style { size: 13.0, bold: i == 0, ..PLAIN }))
        }
        (text(MARGIN, y + HEAD + cards_tall(lane) + 19.0, &noted(lane), NOTE))
    }
}

/// The regimes of a lane, the first few by name.
fn regimes(names: &[String], lang: Lang) -> String {
    match names {
        [a] => a.clone(),
        [a, b] => format!("{a}, {b}"),
        [a, rest @ ..] => format!(
            "{a} {} {} {}",
            lang.of("et", "and"),
            rest.len(),
            lang.of("autres régimes", "other regimes")
        ),
        [] => String::new(),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

/// Colour and dashes of a link.
fn line(state: State) -> (&'static str, Option<&'static str>) {
    let broken = matches!(state, State::Nothing | State::Open);
    let stroke = if state == State::Reached { RED } else { LINE };
    (stroke, broken.then_some("5 4"))
}

/// The link from the last card of a row, which begins at `from`, to the first of the next.
fn turn(from: (f64, f64), to: (f64, f64), link: &str, state: State) -> Markup {
    let (stroke, dashes) = line(state);
    let (out, into) = (from.0 + BOX.0 / 2.0, to.0 + BOX.0 / 2.0);
    let middle = to.1 - TURN / 2.0;
    html! {
        path d=(format!("M{} {}V{}H{}V{}", px(out), px(from.1 + BOX.1 + 4.0), px(middle), px(into), px(to.1 - 12.0)))
            stroke=(stroke) stroke-width="2.2" fill="none" stroke-dasharray=[dashes] {}
        path d=(format!("M{} {}l-5 -9h10z", px(into), px(to.1 - 4.0))) fill=(stroke) {}
        (text((out + into) / 2.0, middle - 6.0, &wrap(link, out - into, 12.0, 1),
            Style { size: 12.0, fill: INK, anchor: "middle", bold: false }))
    }
}

fn arrow(x: f64, y: f64, link: &str, state: State, first: bool) -> Markup {
    let (from, to) = (x + 4.0, x + ARROW - 4.0);
    let (stroke, dashes) = line(state);
    let cut = first && matches!(state, State::Cut | State::Nothing);
    let middle = (from + to) / 2.0;
    let lines = wrap(link, ARROW - 8.0, 12.0, 2);
    let up = y - 9.0 - (lines.len() as f64 - 1.0) * 15.0;
    html! {
        path d=(format!("M{} {}H{}", px(from), px(y), px(to - 8.0))) stroke=(stroke) stroke-width="2.2" fill="none"
            stroke-dasharray=[dashes] {}
        path d=(format!("M{} {}l-9 -5v10z", px(to), px(y))) fill=(stroke) {}
        @if cut {
            path d=(format!("M{} {}l10 -18M{} {}l10 -18", px(middle - 10.0), px(y + 9.0), px(middle - 2.0), px(y + 9.0)))
                stroke=(GREEN) stroke-width="3" fill="none" {}
        }
        (text(middle, if cut { y + 24.0 } else { up }, &lines, Style { size: 12.0, fill: INK, anchor: "middle", bold: false }))
    }
}
