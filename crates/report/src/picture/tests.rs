use super::*;
use cocarde_analysis::control::{
    ControlAnalysis, ControlGraph, Entity, EntityId, Holding, Kind, OutsideRule,
};
use cocarde_analysis::facts::Said;
use cocarde_analysis::reach::{Hop, Outcome, Reached};
use cocarde_analysis::report::Line;
use cocarde_analysis::value::{Chain, CostLine, Destination, Firm, analyse};
use cocarde_knowledge::regimes::Aspect;
use cocarde_model::{Decimal, Interval};
use quick_xml::Reader;
use quick_xml::events::Event;

/// Shares of a group: holder, held, percent.
type Shares<'a> = &'a [(u32, u32, i64)];

fn report(names: &[&str], shares: Shares<'_>) -> ControlReport {
    let entity = |name: &&str| Entity {
        name: (*name).into(),
        kind: Some(Kind::Company),
        seat: Said::One("FR".into()),
        ..Entity::default()
    };
    let entities = names.iter().map(entity).collect();
    let holding = |(a, b, s): &(u32, u32, i64)| {
        let percent = Interval::point(Decimal::from(*s));
        Holding::of(EntityId(*a), EntityId(*b), percent)
    };
    let holdings = shares.iter().map(holding).collect();
    let graph = ControlGraph::new(entities, holdings, false).unwrap();
    let rule = OutsideRule::new(["FR"]);
    let analysis = ControlAnalysis::new(&graph, EntityId(0), &rule).unwrap();
    analysis.report().unwrap()
}

/// The number that an attribute of the first element that has it holds.
fn number(svg: &str, attribute: &str) -> f64 {
    let (_, after) = svg
        .split_once(&format!(" {attribute}=\""))
        .expect("an attribute");
    let (value, _) = after.split_once('"').expect("its end");
    value.parse().expect("a number")
}

/// Boxes (left, top, width, height) and texts of a picture, which must be XML.
fn read(svg: &str) -> (Vec<[f64; 4]>, Vec<String>) {
    let (mut boxes, mut texts) = (Vec::new(), Vec::new());
    let mut reader = Reader::from_str(svg);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(e) if e.name().as_ref() == "rect" => {
                let get = |name: &str| {
                    let value = e.try_get_attribute(name).expect("attributes");
                    value.map(|v| v.value.into_owned())
                };
                if get("rx").as_deref() == Some("6") {
                    let number = |n| get(n).and_then(|v| v.parse().ok()).expect("a number");
                    boxes.push(["x", "y", "width", "height"].map(number));
                }
            }
            Event::Text(t) => texts.push(t.to_string()),
            Event::Eof => return (boxes, texts),
            _ => {}
        }
    }
}

fn overlap(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]
}

#[test]
fn boxes_of_a_group_with_a_loop_and_long_edges_stand_apart() {
    let names = ["T", "A", "B", "C", "D", "E", "F", "G"];
    let shares = [
        (1, 0, 40),
        (2, 0, 30),
        (3, 1, 60),
        (4, 1, 20),
        (5, 3, 51),
        (5, 0, 10),
        (6, 5, 70),
        (0, 6, 5),
        (7, 2, 100),
        (6, 4, 50),
    ];
    let picture = ownership(&report(&names, &shares), Lang::Fr);
    let (boxes, texts) = read(&picture.svg);
    assert!(boxes.len() > names.len(), "unnamed holders are drawn too");
    for (i, a) in boxes.iter().enumerate() {
        assert!(boxes[..i].iter().all(|b| !overlap(a, b)), "{a:?}");
    }
    assert!(texts.iter().any(|t| t == "60 %"));
}

#[test]
fn a_loop_at_the_edge_stays_in_the_picture() {
    let names = ["T", "A", "B", "C", "D", "E"];
    for last in 1..6 {
        let mut shares: Vec<_> = (1..6).map(|i| (i, 0, 20)).collect();
        shares.push((0, last, 33));
        let svg = ownership(&report(&names, &shares), Lang::Fr).svg;
        let whole = number(&svg, "width");
        let labels = svg.split("<rect").filter(|r| r.contains("rx=\"4\""));
        let mut seen = 0;
        for label in labels {
            assert!(
                number(label, "x") + number(label, "width") <= whole,
                "{label}"
            );
            seen += 1;
        }
        assert!(seen >= 6);
    }
}

#[test]
fn names_are_text_and_never_markup() {
    let names = ["<script>alert(1)</script> & fils", "\"Holding\" <b>"];
    let picture = ownership(&report(&names, &[(1, 0, 100)]), Lang::En);
    read(&picture.svg);
    assert!(!picture.svg.contains("<script>") && !picture.svg.contains("<b>"));
    assert!(picture.svg.contains("<title id=\"owner-title\">"));
    assert!(picture.svg.contains("role=\"img\""));
    let picture = ownership(&report(&["A\u{1b}[31m\u{ffff}"], &[]), Lang::Fr);
    assert!(!picture.svg.contains(['\u{1b}', '\u{ffff}']));
}

#[test]
fn a_crowd_is_counted_and_not_drawn() {
    let names: Vec<String> = (0..60).map(|i| format!("Entity {i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let shares: Vec<_> = (1..60).map(|i| (i, 0, 1)).collect();
    let picture = ownership(&report(&names, &shares), Lang::En);
    let (_, texts) = read(&picture.svg);
    assert!(texts.iter().any(|t| t == "and 20 more entities, not drawn"));
}

#[test]
fn text_that_does_not_fit_ends_in_an_ellipsis() {
    let lines = canvas::wrap("un deux trois quatre cinq six", 60.0, 12.0, 2);
    assert_eq!(lines.len(), 2);
    assert!(lines[1].ends_with('…'), "{lines:?}");
    assert!(
        lines.iter().all(|l| canvas::width(l, 12.0) <= 60.0),
        "{lines:?}"
    );
}

/// A way through `steps` firms to a law.
fn way(steps: usize) -> ReachReport {
    let line = |text: String| Line::new(text.clone(), text);
    let hop = |i: usize| Hop {
        from: line(format!("Firm {i}")),
        link: line("controlled by".into()),
        to: line(format!("Firm {}", i + 1)),
        basis: None,
    };
    let outcome = Outcome {
        data: "customer-content".into(),
        regime: "law".into(),
        name: line("Law".into()),
        aspect: Aspect::Content,
        reached: Reached::Reached,
        countries: Vec::new(),
        inside: false,
        path: (0..=steps).map(hop).collect(),
        held_back: Vec::new(),
        others: Vec::new(),
        cuts: Vec::new(),
        missing: Vec::new(),
        assumptions: Vec::new(),
        explanation: line(String::new()),
    };
    ReachReport {
        outcomes: vec![outcome],
        stale: Vec::new(),
    }
}

#[test]
fn a_long_way_goes_on_below_and_never_beyond_the_edge() {
    for steps in 0..12 {
        let picture = reach(&way(steps), Lang::En);
        let (boxes, texts) = read(&picture.svg);
        let width = number(&picture.svg, "width");
        assert_eq!(boxes.len(), steps + 2);
        assert!(width < 900.0, "{width}");
        for (i, a) in boxes.iter().enumerate() {
            assert!(a[0] + a[2] < width);
            assert!(boxes[..i].iter().all(|b| !overlap(a, b)), "{a:?}");
        }
        for i in 1..=steps {
            assert!(texts.iter().any(|t| *t == format!("Firm {i}")), "{texts:?}");
        }
    }
}

#[test]
fn a_law_from_inside_the_area_is_no_alarm() {
    let red = |inside: bool| {
        let mut report = way(1);
        report.outcomes[0].inside = inside;
        report.outcomes[0].cuts.push(cocarde_analysis::reach::Cut {
            together: vec![Line::new("quitter le pays", "leave the country")],
        });
        let svg = reach(&report, Lang::En).svg;
        (svg.contains(canvas::RED), svg.contains("leave the country"))
    };
    assert_eq!(red(false), (true, true));
    assert_eq!(red(true), (false, false));
}

/// The value of so many lines made at home, the last of which may be any amount.
fn lines(n: i64, last: Option<i64>) -> ValueReport {
    let amount = |i: i64| match i == n {
        true => Interval::new(Some(0.into()), last.map(Decimal::from)).unwrap(),
        false => Interval::point((100 + i).into()),
    };
    let line = |i: i64| CostLine {
        label: format!("L{i}").into(),
        amount: amount(i),
        goes: Destination::Country("FR".into()),
    };
    let firm = Firm {
        name: "F".into(),
        lines: (1..=n).map(line).collect(),
        turnover: None,
    };
    let (home, firms) = ("FR".into(), vec![firm]);
    analyse(&Chain { home, firms }).unwrap()
}

/// A line that may be any amount is no line of nothing, and lines drawn as one amount to what
/// they do together.
#[test]
fn what_may_be_any_amount_is_drawn_and_what_is_summed_is_bounded() {
    let texts = |n, last| read(&value(&lines(n, last), Lang::En).svg).1;
    for n in [2, 5, 30] {
        let open = texts(n, None);
        for shown in [&*format!("L{n}"), "not known"] {
            assert!(open.iter().any(|t| t == shown), "{n}: {open:?}");
        }
    }
    // The smallest of thirty: 16 lines of 101 to 116, and one of at most 10.
    let sums = texts(30, Some(10));
    let wanted = "€1,736 to €1,746";
    assert!(sums.iter().any(|t| t == wanted), "{sums:?}");
}
