//! `cocarde control`

use super::analysis::{Answer, Asked, Case};
use crate::ui::{Message, Ui};
use cocarde_analysis::control::{self, ControlAnalysis, ControlReport};
use cocarde_report::picture::ownership;

/// Who holds and controls the applicant: shares direct and indirect, loops
/// resolved, what is held from outside, each with the chains that prove it.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: Asked,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let case = Case::open(args.options, ui)?;
    let rules = case.rules(ui)?;
    let report = report(&case, &rules.outside).map_err(|d| case.defects(&d, ui))?;
    let Some(report) = report else {
        return Err(case.nothing("aucun demandeur", "no applicant", ui));
    };
    let answer = Answer {
        text: text(&report, &case, ui),
        picture: Some(ownership(&report, ui.lang)),
        report,
    };
    case.print(answer, ui)
}

fn report(
    case: &Case,
    rule: &control::OutsideRule,
) -> Result<Option<ControlReport>, Vec<cocarde_model::Diagnostic>> {
    let graph = control::from_facts(case.view())?;
    let applicant = case.dossier.applicant();
    let Some(target) = applicant.and_then(|r| graph.by_record(r)) else {
        return Ok(None);
    };
    ControlAnalysis::new(&graph, target, rule)?
        .report()
        .map(Some)
}

fn text(r: &ControlReport, case: &Case, ui: &Ui) -> String {
    let mut sheet = case.sheet("Détention et contrôle", "Ownership and control", ui);
    sheet.section("En bref", "In short", "·", &r.explanation);
    sheet.section(
        "Comment le contrôle s'établit",
        "How control comes about",
        "→",
        &r.control.proof,
    );
    if !r.owners.is_empty() {
        sheet.heading(
            "Qui détient, directement et indirectement",
            "Who holds, directly and indirectly",
        );
        for owner in &r.owners {
            let (capital, votes) = (owner.capital.percent(), owner.votes.percent());
            let country = owner.country.as_deref().unwrap_or("?");
            let line = ui.say("du capital", "of the capital");
            let of_votes = ui.say("des votes", "of the votes");
            let (c, v) = (sheet.said(&capital), sheet.said(&votes));
            let colon = ui.say(" :", ":");
            let text = format!(
                "{} ({country}){colon} {c} {line}, {v} {of_votes}",
                owner.name
            );
            sheet.line("·", &text);
        }
    }
    if !r.power.is_empty() {
        sheet.heading(
            "Pouvoir de vote (Banzhaf, Shapley–Shubik)",
            "Voting power (Banzhaf, Shapley–Shubik)",
        );
        for p in &r.power {
            let (b, s) = (p.banzhaf.percent(), p.shapley_shubik.percent());
            let text = format!("{} — {} · {}", p.name, sheet.said(&b), sheet.said(&s));
            sheet.line("·", &text);
        }
    }
    sheet.section("Hypothèses", "Assumptions", "=", &r.assumptions);
    sheet.finish()
}
