//! `cocarde schema`

use crate::ui::Message;
use clap::ValueEnum;

/// Print a JSON Schema (draft 2020-12).
#[derive(clap::Args)]
pub struct Args {
    /// Of what.
    #[arg(value_enum, default_value = "assessment")]
    of: Of,
}

#[derive(Clone, Copy, ValueEnum)]
enum Of {
    /// What `assess --format json` writes.
    Assessment,
    /// What `control --format json` writes.
    Control,
    /// What `reach --format json` writes.
    Reach,
    /// What `value --format json` writes.
    Value,
    /// What `resilience --format json` writes.
    Resilience,
    /// What `classify` reads, one a line.
    Observation,
    /// What `classify` writes, one a line.
    Classification,
}

pub fn run(args: Args) -> Result<u8, Message> {
    let schema = match args.of {
        Of::Assessment => cocarde_referential::report::json_schema(),
        Of::Control => schemars::schema_for!(cocarde_analysis::control::ControlReport).to_value(),
        Of::Reach => schemars::schema_for!(cocarde_analysis::reach::ReachReport).to_value(),
        Of::Value => schemars::schema_for!(super::value::Report).to_value(),
        Of::Resilience => cocarde_analysis::resilience::json_schema(),
        Of::Observation => cocarde_probe::attribution::observation_schema(),
        Of::Classification => cocarde_probe::attribution::classification_schema(),
    };
    println!(
        "{}",
        serde_json::to_string_pretty(&schema).unwrap_or_default()
    );
    Ok(0)
}
