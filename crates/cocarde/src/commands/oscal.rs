//! `cocarde oscal`

use crate::seal;
use crate::ui::{Message, Ui};
use cocarde_seal::credential::MAX_ASSESSMENT;
use cocarde_seal::time::Timestamp;
use cocarde_seal::{json, oscal};
use std::path::PathBuf;

/// Write an assessment as OSCAL: catalog, component definition, results, plan of action.
#[derive(clap::Args)]
pub struct Args {
    /// The assessment (`cocarde assess --format json`).
    assessment: PathBuf,
    /// Directory to write to.
    #[arg(long, default_value = ".")]
    out: PathBuf,
    /// When the documents are made.
    #[arg(long, value_parser = seal::moment)]
    at: Option<Timestamp>,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let bytes = seal::read(&args.assessment, ui)?;
    let report = json::parse(&bytes, MAX_ASSESSMENT)
        .map_err(|r| seal::refuse_in(&args.assessment, r, ui))?;
    let all = oscal::write(&report, seal::now(args.at), ui.say("fr", "en"));
    for (name, document) in [
        ("catalog", Some(all.catalog)),
        ("component-definition", Some(all.component_definition)),
        ("assessment-results", Some(all.assessment_results)),
        ("plan-of-action-and-milestones", all.plan),
    ] {
        if let Some(document) = document {
            let path = args.out.join(format!("{name}.json"));
            seal::write_json(&path, &document, ui)?;
            println!("{}", path.display());
        }
    }
    Ok(0)
}
