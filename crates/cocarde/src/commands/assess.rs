//! `cocarde assess`

use super::format::Format;
use crate::analyses::Rules;
use crate::pictures::pictures;
use crate::shipped;
use crate::ui::{Message, Ui};
use cocarde_analysis::facts::View;
use cocarde_dossier::{Dossier, Limits};
use cocarde_model::{Date, FactBase, Value};
use cocarde_referential::report::{Report, report};
use cocarde_referential::{Options, Referential, Verdict, assess};
use cocarde_report::picture::Pictures;
use cocarde_report::{Detail, page, terminal};
use std::path::PathBuf;

/// Assess an application: exit code 0 would pass, 1 would not, 3 undetermined, 2 error.
#[derive(clap::Args)]
pub struct Args {
    /// Directory of the dossier.
    dir: PathBuf,
    /// Referential: a name (`cocarde referential list`) or a directory.
    #[arg(short, long)]
    referential: Option<String>,
    /// Profile of the referential, where it has several.
    #[arg(long)]
    profile: Option<String>,
    /// Day to assess on (YYYY-MM-DD); today by default.
    #[arg(long)]
    as_of: Option<Date>,
    /// Form of the answer.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Show the satisfied criteria too, with their reasons.
    #[arg(short, long)]
    all: bool,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let mut dossier = read(&args.dir, ui)?;
    let kind = text_at(&dossier.base, &["offering", "kind"]);
    let name = args
        .referential
        .as_deref()
        .unwrap_or_else(|| shipped::default_for(kind.as_deref()));
    let referential = shipped::load(name, args.profile.as_deref(), ui)?;
    let as_of = args.as_of.unwrap_or_else(today);
    analyse(&mut dossier, &referential, as_of, ui)?;
    let assessment = assess(&referential, &dossier.base, as_of, Options::default());
    let report = report(&referential, &dossier.base, &assessment, &dossier.digest);
    let pictures = match (&args.format, &referential.analysis) {
        (Format::Html, Some(counting)) => {
            let view = View::new(&dossier.base, as_of);
            pictures(&Rules::new(counting), view, dossier.applicant(), ui.lang)
        }
        _ => Pictures::default(),
    };
    print!("{}", render(&report, &pictures, &args, ui));
    Ok(match report.verdict {
        Verdict::Satisfied | Verdict::NotApplicable => 0,
        Verdict::NotSatisfied => 1,
        Verdict::Undetermined => 3,
    })
}

/// An assessment as `--format json` writes it, byte for byte.
pub fn json(
    dir: &std::path::Path,
    referential: &str,
    profile: Option<&str>,
    as_of: Date,
    ui: &Ui,
) -> Result<String, Message> {
    let mut dossier = read(dir, ui)?;
    let referential = shipped::load(referential, profile, ui)?;
    analyse(&mut dossier, &referential, as_of, ui)?;
    let assessment = assess(&referential, &dossier.base, as_of, Options::default());
    let report = report(&referential, &dossier.base, &assessment, &dossier.digest);
    Ok(to_json(&report))
}

fn to_json(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap_or_default() + "\n"
}

fn render(report: &Report, pictures: &Pictures, args: &Args, ui: &Ui) -> String {
    let detail = if args.all { Detail::All } else { Detail::Open };
    match args.format {
        Format::Text => terminal(report, ui.lang, ui.paint, detail, ui.width),
        Format::Html => page(report, pictures, ui.lang),
        Format::Json => to_json(report),
    }
}

/// Adds what the analyses derive, counted as the referential says.
pub fn analyse(
    dossier: &mut Dossier,
    referential: &Referential,
    as_of: Date,
    ui: &Ui,
) -> Result<(), Message> {
    let Some(counting) = &referential.analysis else {
        return Ok(());
    };
    let done = Rules::new(counting).complete(&mut dossier.base, as_of, ui.say("fr", "en"));
    done.map_err(|defects| ui.defects(&defects, dossier.sources()))
}

/// Reads a dossier, or says everything that is wrong with it.
pub fn read(dir: &std::path::Path, ui: &Ui) -> Result<Dossier, Message> {
    std::fs::read_dir(dir).map_err(|e| ui.unreadable(dir, &e))?;
    cocarde_dossier::read(dir, &Limits::default())
        .map_err(|f| ui.defects(&f.diagnostics, &f.sources))
}

/// A text of the application, by its path.
pub fn text_at(base: &FactBase, path: &[&str]) -> Option<String> {
    let key = base.path(path)?;
    match &base.fact(*base.facts_of(key).first()?).value {
        Value::Text(t) => Some(t.to_string()),
        _ => None,
    }
}

/// The day it is here.
pub fn today() -> Date {
    jiff::ZonedDateTime::now().date()
}
