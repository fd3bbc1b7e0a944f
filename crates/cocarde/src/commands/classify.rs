//! `cocarde classify`

use crate::ui::{Message, Ui};
use cocarde_knowledge::operators::Operators;
use cocarde_probe::attribution::{MAX_LINE, Observation, classify};
use std::io::{BufRead, Read, Write};
use std::path::PathBuf;

/// Classify recorded observations: JSON lines on standard input, one classification a line
/// out (`cocarde schema observation`, `cocarde schema classification`).
#[derive(clap::Args)]
pub struct Args {
    /// Directory of operators to use instead of those that ship.
    #[arg(long)]
    operators: Option<PathBuf>,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let own;
    let operators = match &args.operators {
        Some(dir) => {
            own = Operators::read_dir(dir).map_err(|e| ui.defects(&e.diagnostics, &e.sources))?;
            &own
        }
        None => Operators::standard(),
    };
    let mut input = std::io::stdin().lock();
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let mut line = Vec::new();
    for number in 1u64.. {
        line.clear();
        let limit = MAX_LINE as u64 + 2;
        let read = input.by_ref().take(limit).read_until(b'\n', &mut line);
        if read.map_err(|e| at(ui, number, &e.to_string(), &e.to_string()))? == 0 {
            break;
        }
        let text = std::str::from_utf8(&line)
            .map_err(|_| at(ui, number, "pas de l'UTF-8", "not UTF-8"))?;
        if text.trim().is_empty() {
            continue;
        }
        let seen = Observation::from_json(text).map_err(|e| at(ui, number, &e.fr, &e.en))?;
        let json = serde_json::to_string(&classify(&seen, operators)).unwrap_or_default();
        if let Err(e) = writeln!(output, "{json}") {
            return lost(&e, ui);
        }
    }
    match output.flush() {
        Err(e) => lost(&e, ui),
        Ok(()) => Ok(0),
    }
}

/// Where whoever read has heard enough, nothing is lost; on a full disk it is.
fn lost(e: &std::io::Error, ui: &Ui) -> Result<u8, Message> {
    match e.kind() {
        std::io::ErrorKind::BrokenPipe => Ok(0),
        _ => Err(ui.failed(
            "la réponse ne s'écrit pas",
            "the answer cannot be written",
            e,
        )),
    }
}

fn at(ui: &Ui, line: u64, fr: &str, en: &str) -> Message {
    ui.error(
        &format!(
            "entrée standard, ligne {line} : {fr} ; forme attendue : `cocarde schema observation`"
        ),
        &format!("standard input, line {line}: {en}; expected form: `cocarde schema observation`"),
    )
}
