//! `cocarde reach`

use super::analysis::{Answer, Asked, Case, Sheet};
use crate::ui::{Message, Ui};
use cocarde_analysis::control;
use cocarde_analysis::reach::{Hop, Outcome, ReachReport, Reached, analyse};
use cocarde_analysis::report::Line;
use cocarde_knowledge::regimes;
use cocarde_report::picture::reach as picture;

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
        text: text(&report, ui),
        picture: drawn.then(|| picture(&report, ui.lang)),
        report,
    };
    case.print(answer, ui)
}

fn text(r: &ReachReport, ui: &Ui) -> String {
    let title = ui.say(
        "Portée des droits sur les données",
        "Reach of laws over the data",
    );
    let mut sheet = Sheet::new(title, ui);
    for (reached, fr, en) in [
        (Reached::Reached, "Atteint", "Reached"),
        (Reached::Undetermined, "Indéterminé", "Undetermined"),
        (Reached::NotReached, "Non atteint", "Not reached"),
    ] {
        let of: Vec<&Outcome> = r.outcomes.iter().filter(|o| o.reached == reached).collect();
        if of.is_empty() {
            continue;
        }
        sheet.heading(fr, en);
        for o in of {
            outcome(&mut sheet, o, ui);
        }
    }
    sheet.section("À revoir", "To be reviewed", "!", &r.stale);
    sheet.finish()
}

fn outcome(sheet: &mut Sheet<'_>, o: &Outcome, ui: &Ui) {
    let mark = match o.reached {
        Reached::Reached => "✗",
        Reached::Undetermined => "?",
        Reached::NotReached => "✓",
    };
    let said = sheet.said(&o.explanation).to_string();
    sheet.line(mark, &said);
    for hop in o.path.iter().filter(|h| h.basis.is_some()) {
        let basis = hop.basis.as_ref().map(|b| sheet.said(b).to_string());
        sheet.line("", &format!("= {}", basis.unwrap_or_default()));
    }
    if !o.held_back.is_empty() {
        let way = way(sheet, &o.held_back);
        let word = ui.say("coupé par les clés : ", "cut by the keys: ");
        sheet.line("✂", &format!("{word}{way}"));
    }
    for cut in &o.cuts {
        sheet.line("✂", &joined(sheet, &cut.together));
    }
    for line in o.missing.iter().chain(&o.assumptions) {
        let word = match o.reached {
            Reached::Undetermined => ui.say("à savoir : ", "to be known: "),
            _ => ui.say("hypothèse : ", "assumption: "),
        };
        let text = format!("{word}{}", sheet.said(line));
        sheet.line("", &text);
    }
}

fn joined(sheet: &Sheet<'_>, lines: &[Line]) -> String {
    lines
        .iter()
        .map(|l| sheet.said(l))
        .collect::<Vec<_>>()
        .join(" + ")
}

fn way(sheet: &Sheet<'_>, hops: &[Hop]) -> String {
    let mut out = hops
        .first()
        .map_or(String::new(), |h| sheet.said(&h.from).to_string());
    for hop in hops {
        out += &format!(" —{}→ {}", sheet.said(&hop.link), sheet.said(&hop.to));
    }
    out
}
