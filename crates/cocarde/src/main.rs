//! The command line of Cocarde: wiring, and nothing else.

#[macro_use]
mod out;

mod analyses;
mod commands;
mod help;
mod net;
mod pictures;
mod place_files;
mod seal;
mod shipped;
mod ui;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::process::ExitCode;

/// Checkable digital-origin labels: a dossier in, a verdict with its reasons out.
#[derive(Parser)]
#[command(name = "cocarde", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    ui: ui::Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Assess an application against a referential.
    Assess(commands::assess::Args),
    /// Who holds and who controls the applicant, through every intermediate company.
    Control(commands::control::Args),
    /// Check a dossier: every defect, and what is worth a look.
    Check(commands::check::Args),
    /// Issue the certificate that a decision grants.
    Issue(commands::issue::Args),
    /// Keys that sign: made, shown, published with their dates.
    Keys(commands::keys::Args),
    /// The transparency log: start, append, check, prove.
    Log(commands::log::Args),
    /// Write a dossier as a questionnaire to fill in, in French and English (XLSX).
    Export(commands::export::Args),
    /// Copy what other formats say into a dossier: CycloneDX, SPDX, BODS, GLEIF, DORA, OSCAL.
    Import(commands::import::Args),
    /// Say who does what for domains, from recorded observations (JSON lines).
    Classify(commands::classify::Args),
    /// Write a commented dossier to fill in.
    New(commands::new::Args),
    /// Measure domains from outside: mail, names, site, and who stands behind each.
    Probe(commands::probe::Args),
    /// Which law reaches which data, through whom, and what cuts it.
    Reach(commands::reach::Args),
    /// Referentials: list, show, check, compare.
    Referential(commands::referential::Args),
    /// Write an assessment as OSCAL.
    Oscal(commands::oscal::Args),
    /// The register of the whole scheme: one signed, numbered file.
    Register(commands::register::Args),
    /// Measure the names of a list of domains.
    Scan(commands::scan::Args),
    /// What stops when a supplier, an operator or a country fails.
    Resilience(commands::resilience::Args),
    /// Print the JSON Schema of what the program writes.
    Schema(commands::schema::Args),
    /// Where the value of the offering or product is made, suppliers looked through.
    Value(commands::value::Args),
    /// Status lists: withdrawn, suspended, contested…
    Status(commands::status::Args),
    /// Verify a certificate: what is proven, by whom, since when, what is not.
    Verify(commands::verify::Args),
}

/// Exit code for errors of input and use; 0, 1 and 3 are verdicts.
const ERROR: u8 = 2;

fn main() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let ui = cli.ui.resolve();
    let done = match cli.command {
        Command::Assess(args) => commands::assess::run(args, &ui),
        Command::Control(args) => commands::control::run(args, &ui),
        Command::Reach(args) => commands::reach::run(args, &ui),
        Command::Value(args) => commands::value::run(args, &ui),
        Command::Check(args) => commands::check::run(args, &ui),
        Command::Issue(args) => commands::issue::run(args, &ui),
        Command::Keys(args) => commands::keys::run(args, &ui),
        Command::Log(args) => commands::log::run(args, &ui),
        Command::Oscal(args) => commands::oscal::run(args, &ui),
        Command::Register(args) => commands::register::run(args, &ui),
        Command::Export(args) => commands::export::run(args, &ui),
        Command::Import(args) => commands::import::run(args, &ui),
        Command::Classify(args) => commands::classify::run(args, &ui),
        Command::New(args) => commands::new::run(args, &ui),
        Command::Probe(args) => commands::probe::run(args, &ui),
        Command::Referential(args) => commands::referential::run(args, &ui),
        Command::Scan(args) => commands::scan::run(args, &ui),
        Command::Resilience(args) => commands::resilience::run(args, &ui),
        Command::Schema(args) => commands::schema::run(args),
        Command::Status(args) => commands::status::run(args, &ui),
        Command::Verify(args) => commands::verify::run(args, &ui),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            eprint!("{message}");
            ExitCode::from(ERROR)
        }
    }
}

/// The command line; where it is refused, or help is asked for, that was told.
fn parse() -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|plain| {
        let ui = ui::Options::early(std::env::args_os()).resolve();
        // Only what is read is put into French: most runs show no help.
        let e = match ui.say("fr", "en") {
            "fr" => read(help::french(Cli::command())).err().unwrap_or(plain),
            _ => plain,
        };
        tell(&e, &ui)
    })
}

fn read(command: clap::Command) -> Result<Cli, clap::Error> {
    let found = command.try_get_matches()?;
    Cli::from_arg_matches(&found)
}

fn tell(e: &clap::Error, ui: &ui::Ui) -> ExitCode {
    match help::refused(e, ui) {
        Some(message) => {
            eprint!("{message}");
            ExitCode::from(ERROR)
        }
        None => {
            // Help and version go to standard output; a closed pipe is no error.
            let _ = e.print();
            ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(ERROR))
        }
    }
}
