//! `cocarde reach`

use super::analysis::{Answer, Asked, Case};
use crate::ui::{Message, Ui};
use cocarde_analysis::control;
use cocarde_analysis::reach::{
    Hop, Outcome, ReachReport, Reached, analyse, aspect_words, data_name,
};
use cocarde_analysis::report::Line;
use cocarde_knowledge::regimes::{self, Aspect};
use cocarde_report::picture::reach as picture;
use cocarde_report::{Sheet, day};

/// Which regime reaches which class of data, by the shortest way that proves
/// it, and what would cut it; or why it does not, under which assumptions.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: Asked,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let case = Case::open(args.options, ui)?;
    let rules = case.rules(ui)?;
    let graph = control::from_facts(case.view()).map_err(|d| case.defects(&d, ui))?;
    let report = analyse(case.view(), &graph, &rules.outside, regimes::standard());
    let Some(report) = report else {
        return Err(case.nothing("aucun demandeur", "no applicant", ui));
    };
    let drawn = !report.outcomes.is_empty();
    let answer = Answer {
        text: text(&report, &case, ui),
        picture: drawn.then(|| picture(&report, ui.lang)),
        report,
    };
    case.print(answer, ui)
}

/// What becomes of data under a regime, in the order it is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reached,
    Open,
    Inside,
    Not,
}

const STATES: [(State, &str, &str, &str); 4] = [
    (State::Reached, "✗", "Atteint", "Reached"),
    (State::Open, "?", "Indéterminé", "Undetermined"),
    (
        State::Inside,
        "·",
        "Sous le droit de la zone",
        "Under the law of the area",
    ),
    (State::Not, "✓", "Non atteint", "Not reached"),
];

fn state(o: &Outcome) -> State {
    match o.reached {
        Reached::Reached if o.inside => State::Inside,
        Reached::Reached => State::Reached,
        Reached::Undetermined => State::Open,
        Reached::NotReached => State::Not,
    }
}

/// Outcomes of regimes that come to the same data by the same way.
struct Group<'a> {
    regimes: Vec<&'a Line>,
    way: &'a [Hop],
    /// Those of the first regime.
    outcomes: Vec<&'a Outcome>,
    /// What founds the last step, for each regime that words it otherwise.
    basis: Vec<&'a Line>,
}

impl<'a> Group<'a> {
    fn data(&self) -> Vec<(Aspect, &str)> {
        let data = self.outcomes.iter().map(|o| (o.aspect, &*o.data));
        data.collect()
    }

    fn missing(&self) -> Vec<&'a Line> {
        distinct(self.outcomes.iter().flat_map(|o| &o.missing))
    }

    fn joins(&self, other: &Group<'_>) -> bool {
        same_way(self.way, other.way)
            && self.data() == other.data()
            && self.missing() == other.missing()
    }
}

fn groups(report: &ReachReport, wanted: State) -> Vec<Group<'_>> {
    let mut of_regime: Vec<Group<'_>> = Vec::new();
    for o in report.outcomes.iter().filter(|o| state(o) == wanted) {
        let way = match wanted {
            State::Not => &o.held_back[..],
            State::Open => &[],
            _ => &o.path[..],
        };
        let same = |g: &&mut Group<'_>| g.regimes == [&o.name] && same_way(g.way, way);
        match of_regime.iter_mut().find(same) {
            Some(group) => group.outcomes.push(o),
            None => of_regime.push(Group {
                regimes: vec![&o.name],
                way,
                outcomes: vec![o],
                basis: way.iter().filter_map(|h| h.basis.as_ref()).collect(),
            }),
        }
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    for group in of_regime {
        match groups.iter_mut().find(|g| g.joins(&group)) {
            Some(first) => {
                first.regimes.extend(group.regimes);
                first.basis = distinct(first.basis.iter().copied().chain(group.basis));
            }
            None => groups.push(group),
        }
    }
    groups
}

/// Whether two ways differ in nothing but the data and the regime at their ends.
fn same_way(a: &[Hop], b: &[Hop]) -> bool {
    let last = a.len().saturating_sub(1);
    let same = |(i, (x, y)): (usize, (&Hop, &Hop))| x.link == y.link && (i == last || x.to == y.to);
    a.len() == b.len() && a.iter().zip(b).enumerate().all(same)
}

fn distinct<'l>(lines: impl Iterator<Item = &'l Line>) -> Vec<&'l Line> {
    let mut seen: Vec<&Line> = Vec::new();
    lines.for_each(|l| {
        if !seen.contains(&l) {
            seen.push(l);
        }
    });
    seen
}

fn text(r: &ReachReport, case: &Case, ui: &Ui) -> String {
    let title = (
        "Portée des droits sur les données",
        "Reach of laws over the data",
    );
    let mut sheet = case.sheet(title.0, title.1, ui);
    for (wanted, mark, fr, en) in STATES {
        let groups = groups(r, wanted);
        if groups.is_empty() {
            continue;
        }
        sheet.heading(fr, en);
        for group in &groups {
            tell(&mut sheet, group, wanted, mark, ui);
        }
        for line in distinct(
            groups
                .iter()
                .flat_map(|g| &g.outcomes)
                .flat_map(|o| &o.assumptions),
        ) {
            let word = ui.say("hypothèse : ", "assumption: ");
            let text = format!("{word}{}", sheet.said(line));
            sheet.line("=", &text);
        }
    }
    stale(&mut sheet, r, ui);
    sheet.finish()
}

/// Regimes whose data are to be looked at again.
fn stale(sheet: &mut Sheet, r: &ReachReport, ui: &Ui) {
    if !r.stale.is_empty() {
        sheet.heading("À revoir", "To be reviewed");
    }
    for s in &r.stale {
        let since = ui.say(" : à revoir depuis le ", ": to be reviewed since ");
        let day = day(ui.lang, &s.since);
        let text = format!("{}{since}{day}", sheet.said(&s.name));
        sheet.line("!", &text);
    }
}

fn tell(sheet: &mut Sheet, group: &Group<'_>, state: State, mark: &str, ui: &Ui) {
    // Names of laws have commas of their own.
    let regimes = joined(sheet, &group.regimes, ui.say(" ; ", "; "));
    sheet.line(mark, &regimes);
    let data = data(sheet, group, ui);
    sheet.line("", &data);
    if !group.way.is_empty() {
        let way = way(sheet, group.way);
        match state {
            State::Not => {
                let word = ui.say("coupé par les clés : ", "cut by the keys: ");
                sheet.note("✂", &format!("{word}{way}"));
            }
            _ => sheet.line("", &way),
        }
    }
    asks(sheet, &group.missing(), ui);
    if state == State::Reached {
        for basis in &group.basis {
            let text = sheet.said(basis).to_string();
            sheet.note("=", &text);
        }
        cuts(sheet, group, ui);
    }
}

/// What one would have to know.
fn asks(sheet: &mut Sheet, missing: &[&Line], ui: &Ui) {
    let lead = ui.say("à savoir :", "to be known:");
    match missing {
        [] => {}
        [one] => {
            let text = format!("{lead} {}", sheet.said(one));
            sheet.note("➜", &text);
        }
        all => {
            sheet.note("➜", lead);
            for line in all {
                let text = sheet.said(line).to_string();
                sheet.note("  ·", &text);
            }
        }
    }
}

/// What of the data, by aspect.
fn data(sheet: &Sheet, group: &Group<'_>, ui: &Ui) -> String {
    let mut aspects: Vec<(Aspect, Vec<Line>)> = Vec::new();
    for (aspect, class) in group.data() {
        match aspects.iter_mut().find(|(a, _)| *a == aspect) {
            Some((_, names)) => names.push(data_name(class)),
            None => aspects.push((aspect, vec![data_name(class)])),
        }
    }
    let colon = ui.say(" : ", ": ");
    let told = aspects.iter().map(|(aspect, names)| {
        let names = joined(sheet, &names.iter().collect::<Vec<_>>(), ", ");
        format!("{}{colon}{names}", sheet.said(&aspect_words(*aspect)))
    });
    told.collect::<Vec<_>>().join(ui.say(" ; ", "; "))
}

/// Each way to cut the reach, with the aspects it is for where not for all.
fn cuts(sheet: &mut Sheet, group: &Group<'_>, ui: &Ui) {
    let mut cuts: Vec<(&[Line], Vec<Aspect>)> = Vec::new();
    for o in &group.outcomes {
        for cut in &o.cuts {
            match cuts.iter_mut().find(|(lines, _)| *lines == cut.together) {
                Some((_, aspects)) => aspects.push(o.aspect),
                None => cuts.push((&cut.together, vec![o.aspect])),
            }
        }
    }
    for (lines, aspects) in cuts {
        let text = joined(sheet, &lines.iter().collect::<Vec<_>>(), " + ");
        let whole = group.outcomes.iter().all(|o| aspects.contains(&o.aspect));
        let only = aspect_words(aspects[0]);
        let text = match whole {
            true => text,
            false => format!("{}{}{text}", sheet.said(&only), ui.say(" : ", ": ")),
        };
        sheet.note("✂", &text);
    }
}

fn joined(sheet: &Sheet, lines: &[&Line], by: &str) -> String {
    let said: Vec<&str> = lines.iter().map(|l| sheet.said(l)).collect();
    said.join(by)
}

/// From whoever has the data to what puts them under the regime.
fn way(sheet: &Sheet, hops: &[Hop]) -> String {
    let last = hops.len().saturating_sub(1);
    let told = hops.iter().enumerate().map(|(i, hop)| {
        let (link, to) = (sheet.said(&hop.link), sheet.said(&hop.to));
        match i {
            _ if i == last => format!("—{link}"),
            _ => format!("—{link}→ {to}"),
        }
    });
    told.collect::<Vec<_>>().join(" ")
}
