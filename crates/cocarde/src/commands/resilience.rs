//! `cocarde resilience`

use crate::commands::assess::{read, today};
use crate::commands::fault_tree;
use crate::ui::{Message, Ui};
use clap::ValueEnum;
use cocarde_analysis::control::{self, ControlGraph, ControlRule, EntityId};
use cocarde_analysis::facts::View;
use cocarde_analysis::resilience::{LIMITS, Outcome, ResilienceReport, analyse};
use cocarde_dossier::Dossier;
use cocarde_knowledge::scenarios::{self, Scenario};
use cocarde_knowledge::{alternatives, regimes};
use cocarde_model::{Date, Sources, did_you_mean};
use cocarde_report::resilience::{picture, text};
use std::path::{Path, PathBuf};

/// What stops when a supplier, an operator or a country fails: exit code 0 all that must hold
/// does, 1 something stops, 3 undetermined, 2 error.
#[derive(clap::Args)]
pub struct Args {
    /// Directory of the dossier.
    #[arg(required_unless_present = "fault_tree", conflicts_with = "fault_tree")]
    dir: Option<PathBuf>,
    /// What happens: the name of a scenario that ships, or a file.
    #[arg(short, long, conflicts_with = "fault_tree")]
    scenario: Option<String>,
    /// For scenarios that strike one company at a time: which (a party's id); else each in turn.
    #[arg(long, value_name = "PARTY", conflicts_with = "fault_tree")]
    actor: Option<String>,
    /// Day that facts must speak of (YYYY-MM-DD); today by default.
    #[arg(long, conflicts_with = "fault_tree")]
    as_of: Option<Date>,
    /// Form of the answer.
    #[arg(
        long,
        value_enum,
        default_value = "text",
        conflicts_with = "fault_tree"
    )]
    format: Format,
    /// An Open-PSA fault tree (XML), instead of a dossier.
    #[arg(long, value_name = "FILE")]
    fault_tree: Option<PathBuf>,
    #[command(flatten)]
    tree: fault_tree::Options,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Svg,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    if let Some(path) = &args.fault_tree {
        return fault_tree::run(path, &args.tree, ui);
    }
    let scenario = find_scenario(args.scenario.as_deref(), ui)?;
    let dossier = read(&args.dir.clone().unwrap_or_default(), ui)?;
    let view = View::new(&dossier.base, args.as_of.unwrap_or_else(today));
    let told = |defects: Vec<_>| ui.defects(&defects, dossier.sources());
    let graph = control::from_facts(view).map_err(told)?;
    let only = match &args.actor {
        Some(id) => Some(find_actor(id, &dossier, &graph, ui)?),
        None => None,
    };
    let rule = ControlRule::default();
    let market = alternatives::standard();
    let report = analyse(view, &graph, &rule, &scenario, market, only, LIMITS);
    let report = report.map_err(told)?;
    let report = report.ok_or_else(|| {
        ui.error(
            "le dossier ne nomme aucune fonction à tenir : ajouter des tables [[function]] et [[service]]",
            "the dossier names no function to hold: add tables [[function]] and [[service]]",
        )
    })?;
    print!("{}", render(&report, args.format, ui)?);
    Ok(verdict(&report))
}

fn render(report: &ResilienceReport, format: Format, ui: &Ui) -> Result<String, Message> {
    match format {
        Format::Text => Ok(text(report, ui.lang, ui.paint, ui.width)),
        Format::Json => Ok(serde_json::to_string_pretty(report).unwrap_or_default() + "\n"),
        Format::Svg => picture(report, worst(report), ui.lang).ok_or_else(|| {
            ui.error(
                "rien à dessiner : aucun événement, ou trop de services pour une image",
                "nothing to draw: no event, or too many services for a picture",
            )
        }),
    }
}

fn essential_harm(report: &ResilienceReport, event: usize) -> usize {
    let functions = report.events[event].functions.iter();
    functions.filter(|f| f.outcome != Outcome::Holds).count()
}

/// The event that most functions do not hold through, the first of them.
fn worst(report: &ResilienceReport) -> usize {
    let events = 0..report.events.len();
    let worst = events.max_by_key(|e| (essential_harm(report, *e), std::cmp::Reverse(*e)));
    worst.unwrap_or(0)
}

fn verdict(report: &ResilienceReport) -> u8 {
    let functions = report.events.iter().flat_map(|e| &e.functions);
    let wanted = functions.filter(|f| report.nodes[f.node].essential);
    let codes = wanted.map(|f| match f.outcome {
        Outcome::Holds => 0,
        Outcome::Stops { .. } | Outcome::Interrupted { .. } => 1,
        Outcome::Undetermined { .. } => 3,
    });
    let codes: Vec<u8> = codes.collect();
    if codes.contains(&1) {
        1
    } else {
        codes.into_iter().max().unwrap_or(0)
    }
}

fn find_scenario(name: Option<&str>, ui: &Ui) -> Result<Scenario, Message> {
    let all = scenarios::standard();
    let ids = || all.iter().map(|s| s.id.as_str());
    let known = ids().collect::<Vec<_>>().join(", ");
    let Some(name) = name else {
        return Err(ui.error(
            &format!("dire ce qui arrive : --scenario ; connus : {known}"),
            &format!("state what happens: --scenario; known: {known}"),
        ));
    };
    if let Some(found) = all.iter().find(|s| s.id == name) {
        return Ok(found.clone());
    }
    if Path::new(name).is_file() {
        let text = read_bounded(name, ui)?;
        return scenarios::parse(name, &text).map_err(|d| ui.defects(&[*d], &Sources::default()));
    }
    let (fr, en) = match did_you_mean(name, ids()) {
        Some(near) => (
            format!("vouliez-vous « {near} » ?"),
            format!("did you mean `{near}`?"),
        ),
        None => (format!("connus : {known}"), format!("known: {known}")),
    };
    Err(ui.error(
        &format!("aucun scénario ni fichier « {name} » ; {fr}"),
        &format!("no scenario or file `{name}`; {en}"),
    ))
}

/// The text of a file that is no larger than a scenario may be.
fn read_bounded(name: &str, ui: &Ui) -> Result<String, Message> {
    use std::io::Read;
    let mut text = String::new();
    let most = regimes::MAX_BYTES as u64 + 1;
    let read = std::fs::File::open(name).and_then(|f| f.take(most).read_to_string(&mut text));
    read.map(|_| text).map_err(|e| {
        ui.error(
            &format!("{name} : illisible : {e}"),
            &format!("{name}: cannot be read: {e}"),
        )
    })
}

fn find_actor(
    id: &str,
    dossier: &Dossier,
    graph: &ControlGraph,
    ui: &Ui,
) -> Result<EntityId, Message> {
    let base = &dossier.base;
    let id = id.strip_prefix("party:").unwrap_or(id);
    let party = base.schema().by_name("party");
    let record = party.and_then(|ty| base.find(ty, id));
    record.and_then(|r| graph.by_record(r)).ok_or_else(|| {
        ui.error(
            &format!("aucune [[party]] du dossier ne s'appelle « {id} »"),
            &format!("no [[party]] of the dossier is called `{id}`"),
        )
    })
}
