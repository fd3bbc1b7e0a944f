//! Runs the CEL conformance tests that the rule language covers.
//!
//! ```text
//! cel_conformance TESTS.jsonl [--markdown] [--list REASON]
//! ```
//!
//! `TESTS.jsonl` is what `judges/cel/run` makes of the suite. Prints how many tests
//! passed, failed, and were left out by reason; exits with 1 when one failed.
//! `--markdown` prints the tables of `docs/cel.md`, `--list` the tests left out
//! for a reason.

mod bindings;
mod reasons;

use bindings::Bindings;
use cocarde_model::{Decimal, Truth};
use cocarde_referential::eval::{Context, Evaluator, Outcomes, Policies, Policy, Rest, Val};
use cocarde_referential::rule::{Env, compile_any};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::str::FromStr;

/// What became of a test.
enum Outcome {
    Passed,
    Failed(String),
    LeftOut(String),
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(text) = args.first().and_then(|p| std::fs::read_to_string(p).ok()) else {
        eprintln!("usage: cel_conformance TESTS.jsonl [--markdown] [--list REASON]");
        return ExitCode::from(2);
    };
    let listed = args.iter().position(|a| a == "--list");
    let listed = listed.and_then(|i| args.get(i + 1));
    let mut tally = Tally::default();
    for line in text.lines() {
        let case: Json = match serde_json::from_str(line) {
            Ok(case) => case,
            Err(e) => {
                eprintln!("{line}: {e}");
                return ExitCode::from(2);
            }
        };
        let outcome = run(&case["test"], case["file"].as_str().unwrap_or_default());
        if let (Outcome::LeftOut(reason), Some(listed)) = (&outcome, listed)
            && reason.contains(&**listed)
        {
            println!("{} {}", name(&case), case["test"]["expr"]);
        }
        tally.add(&case, outcome);
    }
    if args.iter().any(|a| a == "--markdown") {
        tally.markdown();
    } else {
        tally.print();
    }
    ExitCode::from(u8::from(!tally.failed.is_empty()))
}

fn name(case: &Json) -> String {
    let word = |v: &Json| v.as_str().unwrap_or_default().to_string();
    format!(
        "{}/{}/{}",
        word(&case["file"]),
        word(&case["section"]),
        word(&case["test"]["name"])
    )
}

fn run(test: &Json, file: &str) -> Outcome {
    let text = test["expr"].as_str().unwrap_or_default();
    if test.get("evalError").is_some() || test.get("anyEvalErrors").is_some() {
        return Outcome::LeftOut(reasons::ERROR.into());
    }
    if test.get("checkOnly").is_some() {
        return Outcome::LeftOut(reasons::CHECK_ONLY.into());
    }
    let bindings = match Bindings::read(test) {
        Ok(bindings) => bindings,
        Err(reason) => return Outcome::LeftOut(reason),
    };
    let (params, sets, policies) = Default::default();
    let env = Env {
        schema: bindings.schema(),
        params: &params,
        sets: &sets,
        policies: &policies,
        default_policy: Policies::DEFAULT,
    };
    let rule = match compile_any(text, &env) {
        Ok(rule) => rule,
        Err(errors) => {
            let first = errors.first().map_or("", |e| e.message.as_str());
            return Outcome::LeftOut(reasons::of_refusal(first, file));
        }
    };
    let base = bindings.base();
    let policies = Policies::uniform(Policy::lenient());
    let ctx = Context::new(&base, &policies, cocarde_model::Date::constant(2025, 1, 1));
    let value = Evaluator::new(ctx).value(&rule);
    // A test that states no result wants `true`.
    let stated = test
        .get("value")
        .or_else(|| test.get("typedResult")?.get("result"));
    let wanted = stated
        .cloned()
        .unwrap_or(serde_json::json!({ "boolValue": true }));
    match is(&value, &wanted) {
        true => Outcome::Passed,
        false => Outcome::Failed(format!("{text}: wanted {wanted}, found {value:?}")),
    }
}

/// Whether a decided value is the wanted one.
fn is(value: &Val<'_>, wanted: &Json) -> bool {
    let Some((kind, wanted)) = wanted.as_object().and_then(|o| o.iter().next()) else {
        return false;
    };
    match (value, kind.as_str()) {
        (Val::Bool(o, _), "boolValue") => {
            wanted.as_bool().map(|b| Outcomes::both(b.into())) == Some(*o)
        }
        (Val::Num(n), "int64Value" | "doubleValue") => {
            let written = wanted.as_str().map_or(wanted.to_string(), str::to_string);
            let exact = Decimal::from_str(&written).or_else(|_| Decimal::from_scientific(&written));
            exact.is_ok_and(|d| n.exact() == Some(d))
        }
        (Val::Text(t), "stringValue") => t.settled().map(|t| &**t) == wanted.as_str(),
        (Val::List(l), "listValue") => {
            let (yes, no) = (Outcomes::both(Truth::True), Outcomes::both(Truth::False));
            let named: Vec<_> = l.items.iter().filter(|i| i.member != no).collect();
            let none = Vec::new();
            let wanted = wanted["values"].as_array().unwrap_or(&none);
            matches!(l.rest, Rest::None)
                && named.len() == wanted.len()
                && named.iter().all(|i| i.member == yes)
                && named.iter().zip(wanted).all(|(i, w)| is(&i.val, w))
        }
        _ => false,
    }
}

#[derive(Default)]
struct Tally {
    /// By file of the suite: passed, failed, left out.
    files: BTreeMap<String, [u32; 3]>,
    failed: Vec<String>,
    reasons: BTreeMap<String, u32>,
}

impl Tally {
    fn add(&mut self, case: &Json, outcome: Outcome) {
        let file = case["file"].as_str().unwrap_or_default().to_string();
        let counts = self.files.entry(file).or_default();
        match outcome {
            Outcome::Passed => counts[0] += 1,
            Outcome::Failed(how) => {
                counts[1] += 1;
                self.failed.push(format!("{}: {how}", name(case)));
            }
            Outcome::LeftOut(reason) => {
                counts[2] += 1;
                *self.reasons.entry(reason).or_default() += 1;
            }
        }
    }

    fn totals(&self) -> [u32; 3] {
        let add = |t: [u32; 3], c: &[u32; 3]| [t[0] + c[0], t[1] + c[1], t[2] + c[2]];
        self.files.values().fold([0; 3], add)
    }

    /// Reasons, the most frequent first.
    fn by_count(&self) -> Vec<(&str, u32)> {
        let mut out: Vec<_> = self.reasons.iter().map(|(r, n)| (r.as_str(), *n)).collect();
        out.sort_by_key(|(r, n)| (std::cmp::Reverse(*n), *r));
        out
    }

    fn print(&self) {
        let [passed, failed, left_out] = self.totals();
        for how in &self.failed {
            println!("FAILED {how}");
        }
        println!("passed {passed}, failed {failed}, left out {left_out}");
        for (reason, n) in self.by_count() {
            println!("{n:6}  {reason}");
        }
    }

    fn markdown(&self) {
        let [passed, failed, left_out] = self.totals();
        let all = passed + failed + left_out;
        println!("Of {all} tests, {passed} pass, {failed} fail, {left_out} are left out.\n");
        println!("| file | passed | failed | left out |\n|---|--:|--:|--:|");
        for (file, [p, f, l]) in &self.files {
            println!("| `{file}` | {p} | {f} | {l} |");
        }
        println!("\n| left out because | tests |\n|---|--:|");
        for (reason, n) in self.by_count() {
            println!("| {reason} | {n} |");
        }
    }
}
