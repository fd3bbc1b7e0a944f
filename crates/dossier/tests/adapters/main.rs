//! Formats of others: what they give, what they leave, and what is refused.

#[path = "../common/mod.rs"]
mod common;

mod bad_input;
mod counted;
mod order;
mod ownership;
mod refers;
mod samples;

use cocarde_dossier::adapters::{Copy, Origin, check, plan};
use cocarde_dossier::{Dossier, Failure, Limits};
use std::path::Path;

/// What becomes of a file in a new dossier, and that dossier.
fn taken(name: &str, bytes: &[u8]) -> Result<(Copy, Dossier), Failure> {
    taken_all(&[(name, bytes)]).map(|(mut copies, d)| (copies.remove(0), d))
}

/// The same of several files.
fn taken_all(files: &[(&str, &[u8])]) -> Result<(Vec<Copy>, Dossier), Failure> {
    let origins: Vec<Origin<'_>> = files
        .iter()
        .map(|(name, bytes)| Origin {
            name,
            bytes,
            format: None,
        })
        .collect();
    let limits = Limits::default();
    let copies = plan(None, &origins, &limits)?;
    let nowhere = Path::new("/nonexistent/cocarde");
    let dossier = check(nowhere, &copies, &limits)?;
    copies.iter().for_each(left_in_both_languages);
    Ok((copies, dossier))
}

/// Law: whatever is left of a file is told in both languages. What is the same in both is a path
/// or a column of the file, a word of its format, or what there was no more room to name.
fn left_in_both_languages(copy: &Copy) {
    let both = copy.unmapped.iter().zip(copy.unmapped.in_french());
    for ((en, times), (fr, same)) in both {
        assert_eq!(times, same);
        let word = ["/", "B_", "recordType ", "entityType "];
        let of_the_file = word.iter().any(|w| en.starts_with(w)) || !en.contains(' ');
        assert!(fr != en || of_the_file, "{en}: not in French");
    }
}

/// Place and message of the first defect.
fn refusal(name: &str, bytes: &[u8]) -> String {
    let failure = taken(name, bytes).map(|_| ()).unwrap_err();
    let d = &failure.diagnostics[0];
    assert!(!d.message.fr.is_empty());
    format!("{}: {}", d.file.as_deref().unwrap_or("?"), d.message.en)
}

/// The whole report: `what n` of what was mapped, then of what was not.
fn report(copy: &Copy) -> String {
    let line = |(what, n): (&str, usize)| format!("{n:>4}  {what}\n");
    let mapped: String = copy.fields.iter().map(|(k, n)| line((k, *n))).collect();
    let unmapped: String = copy.unmapped.iter().map(line).collect();
    format!("{mapped}---\n{unmapped}")
}
