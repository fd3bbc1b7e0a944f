//! `cocarde referential`

use crate::commands::assess::{analyse, read, today};
use crate::shipped;
use crate::ui::{Message, Ui};
use clap::Subcommand;
use cocarde_dossier::Dossier;
use cocarde_model::Date;
use cocarde_referential::load::{Confidence, Parameter};
use cocarde_referential::{Options, Referential, Verdict, assess};
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
    /// Show one: pillars, criteria, numbers, what it rests on.
    Show {
        /// Name or directory.
        id: String,
    },
    /// Check a directory: every defect with its place.
    Check {
        /// Directory.
        dir: PathBuf,
    },
    /// Which dossiers change verdict from one referential to another.
    Diff {
        /// Name or directory of the one.
        a: String,
        /// Name or directory of the other.
        b: String,
        /// Directory whose sub-directories are dossiers.
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
        println!(
            "{name:24} {} {} — {}",
            r.title.get(ui.lang.code()),
            r.version,
            count(&r, ui)
        );
    }
    Ok(0)
}

fn count(r: &Referential, ui: &Ui) -> String {
    use cocarde_referential::load::Basis;
    let assumed = r
        .criteria
        .iter()
        .filter(|c| c.basis == Basis::Assumption)
        .count();
    let n = r.criteria.len();
    match ui.say("fr", "en") {
        "fr" => format!("{n} critères, dont {assumed} par hypothèse"),
        _ => format!("{n} criteria, {assumed} of them by assumption"),
    }
}

fn show(id: &str, ui: &Ui) -> Result<u8, Message> {
    use cocarde_referential::load::{Basis, Severity, Status};
    let r = shipped::load(id, None, ui)?;
    let lang = ui.lang.code();
    println!("{} {} ({})", r.title.get(lang), r.version, r.urn);
    println!("{}\n{}\n", r.publisher.get(lang), r.basis.get(lang));
    for (i, p) in r.pillars.iter().enumerate() {
        println!("{}", p.title.get(lang));
        for c in r.criteria.iter().filter(|c| c.pillar == i) {
            let severity = match c.severity {
                Severity::Major => ui.say("majeur", "major"),
                Severity::Minor => ui.say("mineur", "minor"),
                Severity::Info => "info",
            };
            let basis = match c.basis {
                Basis::Public => ui.say("public", "public"),
                Basis::Assumption => ui.say("hypothèse", "assumption"),
            };
            println!("  {:10} {}  [{severity}, {basis}]", c.id, c.title.get(lang));
        }
        println!();
    }
    println!("{}", ui.say("Nombres", "Numbers"));
    for p in &r.parameters {
        let status = match p.status {
            Status::Published => ui.say("publié", "published"),
            Status::Assumption => ui.say("hypothèse", "assumption"),
        };
        let sign = p.comparator.map_or("", |c| c.sign());
        let notes: Vec<String> = [Some(status.into()), sureness(p, ui), period(p, ui)]
            .into_iter()
            .flatten()
            .collect();
        println!(
            "  {:32} {sign} {} {}  [{}]  {}",
            p.id,
            p.value,
            p.unit,
            notes.join(", "),
            p.title.get(lang)
        );
    }
    Ok(0)
}

/// How sure the source of a number is.
fn sureness(p: &Parameter, ui: &Ui) -> Option<String> {
    let word = match p.confidence? {
        Confidence::Primary => ui.say("source primaire", "primary source"),
        Confidence::Secondary => ui.say("source secondaire", "secondary source"),
        Confidence::Inferred => ui.say("par déduction", "inferred"),
        Confidence::Memory => ui.say("de mémoire", "from memory"),
    };
    Some(word.into())
}

/// When a number is valid.
fn period(p: &Parameter, ui: &Ui) -> Option<String> {
    let (until, from) = (ui.say("jusqu'au", "until"), ui.say("depuis le", "since"));
    match (p.valid_from, p.valid_to) {
        (None, None) => None,
        (Some(a), None) => Some(format!("{from} {a}")),
        (None, Some(b)) => Some(format!("{until} {b}")),
        (Some(a), Some(b)) => Some(match ui.say("fr", "en") {
            "fr" => format!("du {a} au {b}"),
            _ => format!("from {a} to {b}"),
        }),
    }
}

fn check(dir: &Path, ui: &Ui) -> Result<u8, Message> {
    let r = shipped::load(&dir.display().to_string(), None, ui)?;
    println!(
        "{} {} — {}",
        r.title.get(ui.lang.code()),
        r.version,
        count(&r, ui)
    );
    Ok(0)
}

/// Dossiers of a directory: its sub-directories, sorted by name.
fn dossiers(over: &Path, ui: &Ui) -> Result<Vec<PathBuf>, Message> {
    let place = over.display();
    let failed = |e: std::io::Error| {
        ui.error(
            &format!("« {place} » ne peut être lu : {e}"),
            &format!("`{place}` cannot be read: {e}"),
        )
    };
    let mut all = Vec::new();
    for entry in std::fs::read_dir(over).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
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

fn diff(a: &str, b: &str, over: &Path, as_of: Date, ui: &Ui) -> Result<u8, Message> {
    let (a, b) = (shipped::load(a, None, ui)?, shipped::load(b, None, ui)?);
    let (mut changed, mut total) = (0, 0);
    for dir in dossiers(over, ui)? {
        let dossier = read(&dir, ui)?;
        let (va, ca) = verdicts(&a, dossier.clone(), as_of, ui)?;
        let (vb, cb) = verdicts(&b, dossier, as_of, ui)?;
        total += 1;
        changed += u32::from(va != vb);
        let lines = differences(&ca, &cb, ui);
        if va != vb || !lines.is_empty() {
            let name = dir.file_name().unwrap_or_default().to_string_lossy();
            let colon = ui.say(" :", ":");
            match va == vb {
                true => println!("{name}{colon} {}", word(va, ui)),
                false => println!("{name}{colon} {} → {}", word(va, ui), word(vb, ui)),
            }
            lines.iter().for_each(|l| println!("  {l}"));
        }
    }
    match ui.say("fr", "en") {
        "fr" => println!("{changed} dossiers sur {total} changent de verdict"),
        _ => println!("{changed} of {total} dossiers change verdict"),
    }
    Ok(u8::from(changed > 0))
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
