//! The pictures of an assessment, and what they explain.

use crate::analyses::Rules;
use cocarde_analysis::control::{self, ControlAnalysis};
use cocarde_analysis::facts::View;
use cocarde_analysis::{reach, value};
use cocarde_knowledge::regimes;
use cocarde_model::RecordId;
use cocarde_report::Lang;
use cocarde_report::picture::{Picture, Pictures, ownership, reach as reached, value as made};

/// Properties that each picture explains, as reports name them.
const CONTROL: [&str; 7] = [
    "governance.non_eu_capital_max",
    "governance.non_eu_votes_max",
    "governance.non_eu_capital",
    "governance.non_eu_votes",
    "governance.non_eu_veto",
    "governance.non_eu_board_majority",
    "party:applicant.controlled_from",
];
const REACH: [&str; 2] = ["protection.content_reach", "protection.metadata_reach"];
const VALUE: [&str; 1] = ["value.french_share"];
const COST: [&str; 2] = ["product.french_cost_share", "product.cost_lines"];

/// Draws what the analyses say of everything stated.
pub fn pictures(
    rules: &Rules<'_>,
    view: View<'_>,
    applicant: Option<RecordId>,
    lang: Lang,
) -> Pictures {
    let mut pictures = Pictures::default();
    let mut add = |explains: &[&str], picture: Option<Picture>| {
        let explains = explains.iter().map(|p| p.to_string()).collect();
        pictures.list.extend(picture.map(|p| (explains, p)));
    };
    // What is wrong with the holdings was told before, where facts are derived.
    if let Ok(graph) = control::from_facts(view) {
        let target = applicant.and_then(|r| graph.by_record(r));
        let analysis = target.and_then(|t| ControlAnalysis::new(&graph, t, &rules.outside).ok());
        let report = analysis.and_then(|a| a.report().ok());
        let held = report.filter(|r| !r.holdings.is_empty());
        add(&CONTROL, held.map(|r| ownership(&r, lang)));
        let report = reach::analyse(view, &graph, &rules.outside, regimes::standard());
        let drawn = report.filter(|r| !r.outcomes.is_empty());
        add(&REACH, drawn.map(|r| reached(&r, lang)));
    }
    for (explains, chain) in [
        (&VALUE[..], value::offering_chain(view, &rules.value)),
        (&COST[..], value::unit_cost_chain(view, &rules.unit_cost)),
    ] {
        let report = chain.and_then(|c| value::analyse(&c).ok());
        add(explains, report.map(|r| made(&r, lang)));
    }
    pictures
}
