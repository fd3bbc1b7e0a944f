//! `cocarde referential`

use crate::commands::assess::{analyse, read, today};
use crate::shipped;
use crate::ui::{Message, Ui};
use clap::Subcommand;
use cocarde_dossier::Dossier;
use cocarde_model::Date;
use cocarde_referential::{Options, Referential, Verdict, assess};
use cocarde_report::{headline, referential};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Referentials: list, show, check, compare.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List those that ship.
    List,
    /// Show one: criteria with their rules and evidence, numbers, what it rests on.
    Show {
        /// Name or directory.
        id: String,
    },
    /// Check a directory: every defect with its place.
    Check {
        /// Directory.
        dir: PathBuf,
    },
    /// Which dossiers change verdict from one referential to another: exit code 1 when one
    /// does, 0 when none does, 2 when a dossier is faulty.
    Diff {
        /// Name or directory of the one.
        a: String,
        /// Name or directory of the other.
        b: String,
        /// Directory whose sub-directories are dossiers, or one dossier.
        #[arg(long)]
        over: PathBuf,
        /// Day to assess on (YYYY-MM-DD); today by default.
        #[arg(long)]
        as_of: Option<Date>,
    },
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    match args.command {
        Command::List => list(ui),
        Command::Show { id } => show(&id, ui),
        Command::Check { dir } => check(&dir, ui),
        Command::Diff { a, b, over, as_of } => diff(&a, &b, &over, as_of.unwrap_or_else(today), ui),
    }
}

fn list(ui: &Ui) -> Result<u8, Message> {
    for name in shipped::names() {
        let r = shipped::load(name, None, ui)?;
        let lead = format!("{name:24} ");
        print!("{}", headline(&r, &lead, ui.lang, ui.long));
    }
    Ok(0)
}

fn show(id: &str, ui: &Ui) -> Result<u8, Message> {
    let r = shipped::load(id, None, ui)?;
    print!("{}", referential(&r, ui.lang, ui.paint, ui.width));
    Ok(0)
}

fn check(dir: &Path, ui: &Ui) -> Result<u8, Message> {
    let r = shipped::directory(dir, None, ui)?;
    print!("{}", headline(&r, "", ui.lang, ui.long));
    Ok(0)
}

/// The dossiers of a directory: its sub-directories, sorted by name, or itself where it
/// holds the files of one.
fn dossiers(over: &Path, ui: &Ui) -> Result<Vec<PathBuf>, Message> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(over).map_err(|e| ui.unreadable(over, &e))? {
        let path = entry.map_err(|e| ui.unreadable(over, &e))?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            return Ok(vec![over.to_path_buf()]);
        }
        if path.is_dir() {
            all.push(path);
        }
    }
    all.sort();
    Ok(all)
}

/// A dossier's verdict, and that of each criterion.
type Verdicts = (Verdict, BTreeMap<String, Verdict>);

/// What an assessment says of a dossier, by verdicts alone.
fn verdicts(r: &Referential, mut dossier: Dossier, on: Date, ui: &Ui) -> Result<Verdicts, Message> {
    let options = Options {
        explain: false,
        nearest_budget: 0,
    };
    analyse(&mut dossier, r, on, ui)?;
    let assessment = assess(r, &dossier.base, on, options);
    let of = r.criteria.iter().zip(&assessment.outcomes);
    let by_id = of.map(|(c, o)| (c.id.to_string(), o.verdict)).collect();
    Ok((assessment.verdict, by_id))
}

/// How many dossiers changed verdict, did not, and could not be read.
#[derive(Default)]
struct Tally {
    changed: u32,
    read: u32,
    faulty: u32,
}

fn diff(a: &str, b: &str, over: &Path, as_of: Date, ui: &Ui) -> Result<u8, Message> {
    let (a, b) = (shipped::load(a, None, ui)?, shipped::load(b, None, ui)?);
    let mut tally = Tally::default();
    for dir in dossiers(over, ui)? {
        let name = dir.file_name().unwrap_or(dir.as_os_str()).to_string_lossy();
        match both(&dir, [&a, &b], as_of, ui) {
            Ok(found) => {
                tally.read += 1;
                tally.changed += u32::from(found[0].0 != found[1].0);
                print!("{}", difference(&name, &found, ui));
            }
            Err(defects) => {
                tally.faulty += 1;
                let lead = ui.say(
                    "dossier fautif, laissé de côté :",
                    "faulty dossier, left out:",
                );
                eprintln!("{lead} {name}\n{defects}");
            }
        }
    }
    println!("{}", tally.told(ui));
    Ok(match (tally.faulty, tally.changed) {
        (0, changed) => u8::from(changed > 0),
        _ => crate::ERROR,
    })
}

/// A dossier's verdicts under each of two referentials.
fn both(dir: &Path, of: [&Referential; 2], on: Date, ui: &Ui) -> Result<[Verdicts; 2], Message> {
    let dossier = read(dir, ui)?;
    let first = verdicts(of[0], dossier.clone(), on, ui)?;
    Ok([first, verdicts(of[1], dossier, on, ui)?])
}

/// What differs for a dossier; nothing where nothing does.
fn difference(name: &str, [(va, ca), (vb, cb)]: &[Verdicts; 2], ui: &Ui) -> String {
    let lines = differences(ca, cb, ui);
    let colon = ui.say(" :", ":");
    let mut out = match (va == vb, lines.is_empty()) {
        (true, true) => return String::new(),
        (true, false) => format!("{name}{colon} {}\n", word(*va, ui)),
        (false, _) => format!("{name}{colon} {} → {}\n", word(*va, ui), word(*vb, ui)),
    };
    lines.iter().for_each(|l| out += &format!("  {l}\n"));
    out
}

impl Tally {
    fn told(&self, ui: &Ui) -> String {
        let (changed, read) = (self.changed, self.read);
        let of = if read > 1 { "dossiers" } else { "dossier" };
        let mut out = match (ui.say("fr", "en"), changed) {
            ("fr", 0) => format!("aucun changement de verdict sur {read} {of}"),
            ("fr", 1) => format!("1 dossier sur {read} change de verdict"),
            ("fr", _) => format!("{changed} dossiers sur {read} changent de verdict"),
            (_, 0) => format!("no change of verdict over {read} {of}"),
            (_, 1) => format!("1 of {read} {of} changes verdict"),
            _ => format!("{changed} of {read} {of} change verdict"),
        };
        match (ui.say("fr", "en"), self.faulty) {
            (_, 0) => {}
            ("fr", 1) => out += " ; 1 dossier fautif",
            ("fr", n) => out += &format!(" ; {n} dossiers fautifs"),
            (_, n) => out += &format!("; {n} faulty"),
        }
        out
    }
}

fn differences(
    a: &BTreeMap<String, Verdict>,
    b: &BTreeMap<String, Verdict>,
    ui: &Ui,
) -> Vec<String> {
    let absent = ui.say("absent", "absent");
    let says = |v: Option<&Verdict>| v.map_or(absent, |v| word(*v, ui));
    let mut ids: Vec<&String> = a.keys().chain(b.keys()).collect();
    ids.sort();
    ids.dedup();
    let changed = ids.into_iter().filter(|id| a.get(*id) != b.get(*id));
    changed
        .map(|id| format!("{id}  {} → {}", says(a.get(id)), says(b.get(id))))
        .collect()
}

fn word(v: Verdict, ui: &Ui) -> &'static str {
    match v {
        Verdict::Satisfied => ui.say("satisfait", "satisfied"),
        Verdict::NotSatisfied => ui.say("non satisfait", "not satisfied"),
        Verdict::Undetermined => ui.say("indéterminé", "undetermined"),
        Verdict::NotApplicable => ui.say("sans objet", "not applicable"),
    }
}
