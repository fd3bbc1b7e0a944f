//! Ten thousand invented dossiers against one scheme: our assessments, with every
//! explanation, and the same criteria in Rego by `regorus`, in turn on the same dossiers in
//! the same run. CPU seconds of this process; verdicts are compared wherever both decide.
//!
//! `cargo run --release -- [DOSSIERS]`, see README.md.

mod input;

use cocarde_knowledge::countries::Countries;
use cocarde_model::{Date, FactBase, Schema, Slot};
use cocarde_referential::eval::{Context, Overlay};
use cocarde_referential::load::Sets;
use cocarde_referential::{Assessment, Options, Referential, Verdict, assess};
use cpu_time::ProcessTime;
use input::Input;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{CompiledPolicy, Engine, Value};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const ENTRY: &str = "data.nfg.verdicts";
/// Dossiers in a round.
const ROUND: u64 = 500;

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let count: u64 = match std::env::args().nth(1) {
        Some(n) => n.parse()?,
        None => 10_000,
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let referential = load(&root.join("referentials/nfg-2026"))?;
    let as_of: Date = cocarde_sample::AS_OF.parse()?;
    let mut peer = Peer::new()?;
    let (mut times, mut agreement) = (Vec::new(), Agreement::default());
    for from in (0..count).step_by(ROUND as usize) {
        let bases = (from..count.min(from + ROUND)).map(dossier);
        let bases: Vec<FactBase> = bases.collect();
        let inputs = bases.iter().map(|base| {
            let (referential, base) = (&referential, base);
            Value::from(Input { base, referential, as_of }.value())
        });
        let inputs: Vec<Value> = inputs.collect();
        let assess = |b: &FactBase| assess(&referential, b, as_of, Options::default());
        let (ours, assessments) = timed(|| bases.iter().map(assess).collect::<Vec<_>>());
        let (compiled, by_tree) = timed(|| peer.by_interpreter(&inputs));
        let (vm, by_vm) = timed(|| peer.by_machine(&inputs));
        let (by_tree, by_vm) = (by_tree?, by_vm?);
        for ((base, assessment), (tree, vm)) in
            bases.iter().zip(&assessments).zip(by_tree.iter().zip(&by_vm))
        {
            agreement.compare(&referential, base, assessment, tree);
            agreement.peers_differ += u64::from(tree != vm);
        }
        times.push((ours, compiled, vm));
    }
    report(count, &times, &agreement);
    cold(&root)?;
    if agreement.wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("verdicts differ: {:?}", agreement.wrong).into())
    }
}

fn timed<T>(f: impl FnOnce() -> T) -> (Duration, T) {
    let start = ProcessTime::now();
    let out = f();
    (start.elapsed(), out)
}

fn load(dir: &Path) -> Result<Referential, Failed> {
    let sets = Countries::standard().sets().iter().map(|s| {
        let members = s.members.iter().map(|c| c.as_str().into());
        (s.name.as_str().into(), members.collect())
    });
    let loaded = Referential::read(dir, Schema::standard(), &sets.collect::<Sets>(), None);
    loaded.map_err(|f| format!("{:?}", f.diagnostics).into())
}

fn dossier(number: u64) -> FactBase {
    let files = cocarde_sample::dossier(number);
    let texts: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, &**t)).collect();
    cocarde_dossier::read_texts(&texts).expect("well-formed").base
}

/// The peer, both ways it can evaluate: by walking the policy, and by its virtual machine.
struct Peer {
    policy: CompiledPolicy,
    machine: RegoVM,
}

impl Peer {
    fn new() -> Result<Peer, Failed> {
        let mut engine = Engine::new();
        engine.add_policy_from_file(Path::new(env!("CARGO_MANIFEST_DIR")).join("nfg.rego"))?;
        let policy = engine.compile_with_entrypoint(&ENTRY.into())?;
        let mut machine = RegoVM::new();
        machine.load_program(Compiler::compile_from_policy(&policy, &[ENTRY])?);
        Ok(Peer { policy, machine })
    }

    fn by_interpreter(&self, inputs: &[Value]) -> Result<Vec<Value>, Failed> {
        let one = |i: &Value| Ok(self.policy.eval_with_input(i.clone())?);
        inputs.iter().map(one).collect()
    }

    fn by_machine(&mut self, inputs: &[Value]) -> Result<Vec<Value>, Failed> {
        let mut one = |i: &Value| {
            self.machine.set_input(i.clone());
            Ok(self.machine.execute()?)
        };
        inputs.iter().map(&mut one).collect()
    }
}

#[derive(Default)]
struct Agreement {
    /// Both decide, alike.
    alike: u64,
    /// Ours decides, from amounts known in part or in spite of what is unknown; the peer's
    /// answer is only that it could not derive more.
    peer_open: u64,
    /// Ours says that the facts do not decide it.
    ours_open: u64,
    /// How many verdicts of each kind ours gave.
    satisfied: u64,
    not_satisfied: u64,
    not_applicable: u64,
    peers_differ: u64,
    wrong: Vec<String>,
}

impl Agreement {
    fn compare(&mut self, r: &Referential, base: &FactBase, ours: &Assessment, peer: &Value) {
        for (criterion, outcome) in r.criteria.iter().zip(&ours.outcomes) {
            let said = peer[&*criterion.id].as_bool().ok().copied();
            let ctx = Context {
                base,
                policies: &criterion.policies,
                as_of: ours.as_of,
                overlay: Overlay::none(),
            };
            let known = |k: &cocarde_model::SlotKey| match base.slot(*k) {
                Slot::Many(m) => m.complete,
                _ => ctx.is_settled(*k) || ctx.resolve(*k).contradicted,
            };
            let all_known = outcome.reads.iter().all(known);
            let same = match (outcome.verdict, said) {
                (Verdict::Undetermined, _) => {
                    self.ours_open += 1;
                    continue;
                }
                (Verdict::Satisfied, said) => {
                    self.satisfied += 1;
                    said == Some(true)
                }
                (Verdict::NotSatisfied, said) => {
                    self.not_satisfied += 1;
                    said == Some(false)
                }
                (Verdict::NotApplicable, said) => {
                    self.not_applicable += 1;
                    said.is_none()
                }
            };
            match (same, all_known || said == Some(true)) {
                (true, true) => self.alike += 1,
                (_, false) => self.peer_open += 1,
                (false, true) => {
                    let what = format!("{}: ours {:?}, peer {said:?}", criterion.id, outcome.verdict);
                    if !self.wrong.contains(&what) {
                        self.wrong.push(what);
                    }
                }
            }
        }
    }
}

fn report(count: u64, times: &[(Duration, Duration, Duration)], a: &Agreement) {
    let sum = |f: fn(&(Duration, Duration, Duration)) -> Duration| -> f64 {
        times.iter().map(|t| f(t).as_secs_f64()).sum()
    };
    let median = |f: fn(&(Duration, Duration, Duration)) -> Duration| {
        let mut ratios: Vec<f64> = times
            .iter()
            .map(|t| f(t).as_secs_f64() / t.0.as_secs_f64())
            .collect();
        ratios.sort_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    };
    let micros = 1e6 / count as f64;
    println!("{count} dossiers, {} interleaved rounds, CPU of this process", times.len());
    println!("ours, with explanations     {:8.1} µs a dossier", sum(|t| t.0) * micros);
    println!(
        "regorus, interpreter        {:8.1} µs a dossier  {:6.1} × ours (median of rounds)",
        sum(|t| t.1) * micros,
        median(|t| t.1)
    );
    println!(
        "regorus, virtual machine    {:8.1} µs a dossier  {:6.1} × ours (median of rounds)",
        sum(|t| t.2) * micros,
        median(|t| t.2)
    );
    println!(
        "verdicts of ours: {} satisfied, {} not satisfied, {} not applicable, {} undetermined",
        a.satisfied, a.not_satisfied, a.not_applicable, a.ours_open
    );
    println!(
        "both decide: {} alike, {} kinds of difference; {} decided by ours alone; the peer's two ways differ on {} dossiers",
        a.alike,
        a.wrong.len(),
        a.peer_open,
        a.peers_differ
    );
}

/// A whole run of the program, cold: `cocarde assess` of an example, CPU of the process.
fn cold(root: &Path) -> Result<(), Failed> {
    const RUNS: u32 = 21;
    let program = std::env::var_os("COCARDE").map_or(root.join("target/release/cocarde"), PathBuf::from);
    if !program.exists() {
        println!("no {}: build it with `cargo build --release`", program.display());
        return Ok(());
    }
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let script = "LC_ALL=C; \"$0\" assess \"$1\" --as-of 2026-11-23 > /dev/null; times";
        let out = Command::new("bash")
            .args(["-c", script])
            .arg(&program)
            .arg(root.join("examples/suite-azur"))
            .output()?;
        times.push(children(&String::from_utf8_lossy(&out.stdout)).ok_or("`times` of bash")?);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "cold `cocarde assess examples/suite-azur`: {:.0} ms of CPU, median of {RUNS} (least {:.0})",
        times[times.len() / 2] * 1000.0,
        times[0] * 1000.0
    );
    Ok(())
}

/// Of what bash's `times` prints, the seconds of its children: user and system.
fn children(times: &str) -> Option<f64> {
    let seconds = |t: &str| {
        let (m, s) = t.trim_end_matches('s').split_once('m')?;
        Some(m.parse::<f64>().ok()? * 60.0 + s.parse::<f64>().ok()?)
    };
    let of_children = times.lines().nth(1)?;
    of_children.split_whitespace().map(seconds).sum()
}
