//! The command line in the reader's language: its help, and what is wrong with what was
//! written on it.

use crate::ui::{Message, Ui};
use clap::builder::PossibleValue;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use cocarde_seal::Refusal;
use std::collections::BTreeMap;
use std::error::Error;
use std::net::AddrParseError;
use std::num::ParseIntError;

const FRENCH: &str = include_str!("help.fr.toml");

type Words = BTreeMap<String, String>;

/// The same commands, explained in French. What has no French yet stays in English.
pub fn french(mut command: Command) -> Command {
    let words: Words = toml::from_str(FRENCH).unwrap_or_default();
    command.build();
    translated(command, &words)
}

fn translated(command: Command, words: &Words) -> Command {
    let about = command
        .get_about()
        .map(|a| in_french(&a.to_string(), words));
    let names: Vec<String> = command
        .get_subcommands()
        .map(|c| c.get_name().into())
        .collect();
    let template = template(&command);
    let mut command = command
        .mut_args(|arg| argument(arg, words))
        .help_template(template);
    if let Some(about) = about {
        command = command.about(about.clone()).long_about(about);
    }
    for name in names {
        command = command.mut_subcommand(name, |c| translated(c, words));
    }
    command
}

/// How the help of a command is laid out: clap's own headings have no space before their colon.
fn template(command: &Command) -> String {
    let mut out = String::from("{about-with-newline}\nUsage : {usage}\n\n");
    if command.get_subcommands().any(|c| !c.is_hide_set()) {
        out += "Commandes :\n{subcommands}\n\n";
    }
    if command.get_positionals().any(|a| !a.is_hide_set()) {
        out += "Arguments :\n{positionals}\n\n";
    }
    out + "Options :\n{options}{after-help}"
}

fn argument(arg: Arg, words: &Words) -> Arg {
    let Some(help) = arg.get_help().map(|h| in_french(&h.to_string(), words)) else {
        return arg;
    };
    if !arg.get_action().takes_values() {
        return arg.help(help.clone()).long_help(help);
    }
    let values = arg.get_possible_values();
    let names: Vec<&str> = values.iter().map(|v| v.get_name()).collect();
    let names = (!names.is_empty()).then(|| format!("valeurs : {}", names.join(", ")));
    let default: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|d| d.to_string_lossy())
        .collect();
    let default = (!default.is_empty()).then(|| format!("par défaut : {}", default.join(", ")));
    let with = |notes: Vec<String>, lead: &str| match notes.is_empty() {
        true => String::new(),
        false => format!("{lead}[{}]", notes.join(" ; ")),
    };
    let short = with(names.into_iter().chain(default.clone()).collect(), " ");
    let long = match explained(&values, words) {
        None => format!("{help}{short}"),
        Some(values) => format!(
            "{help}\n\nValeurs :{values}{}",
            with(default.into_iter().collect(), "\n\n")
        ),
    };
    arg.help(format!("{help}{short}"))
        .long_help(long)
        .hide_default_value(true)
        .hide_possible_values(true)
}

/// What each value means, a line each, where that is said.
fn explained(values: &[PossibleValue], words: &Words) -> Option<String> {
    let line = |v: &PossibleValue| match v.get_help() {
        Some(help) => format!(
            "\n- {} : {}",
            v.get_name(),
            in_french(&help.to_string(), words)
        ),
        None => format!("\n- {}", v.get_name()),
    };
    let shown = values.iter().filter(|v| !v.is_hide_set());
    let any = values.iter().any(|v| v.get_help().is_some());
    any.then(|| shown.map(line).collect())
}

fn in_french(english: &str, words: &Words) -> String {
    // Clap's own, which hints at the other length.
    let english = match english.split_once(" (see ") {
        Some((lead, _)) if lead == "Print help" => lead,
        _ => english,
    };
    words.get(english).map_or(english, |w| w).to_string()
}

/// What is wrong with the command line, where we can say it better than clap does.
pub fn refused(e: &clap::Error, ui: &Ui) -> Option<Message> {
    let text = |kind| match e.get(kind)? {
        ContextValue::String(s) => Some(s.clone()),
        ContextValue::Strings(all) => Some(all.join(", ")),
        _ => None,
    };
    // Of several, clap gives the best guess last.
    let guess = |kind| match e.get(kind)? {
        ContextValue::Strings(all) => all.last().cloned(),
        _ => text(kind),
    };
    let arg = text(ContextKind::InvalidArg).unwrap_or_default();
    let (fr, en) = match e.kind() {
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => {
            let value = text(ContextKind::InvalidValue).unwrap_or_default();
            let (why_fr, why_en) = mend(e, text(ContextKind::ValidValue));
            match value.is_empty() {
                true => (
                    format!("{arg} attend une valeur{why_fr}"),
                    format!("{arg} wants a value{why_en}"),
                ),
                false => (
                    format!("« {value} » ne convient pas à {arg}{why_fr}"),
                    format!("`{value}` does not suit {arg}{why_en}"),
                ),
            }
        }
        ErrorKind::UnknownArgument if !arg.starts_with('-') => (
            format!("« {arg} » est de trop"),
            format!("`{arg}` is one too many"),
        ),
        ErrorKind::UnknownArgument => {
            let (fr, en) = meant(guess(ContextKind::SuggestedArg));
            (
                format!("option inconnue : {arg}{fr}"),
                format!("unknown option: {arg}{en}"),
            )
        }
        ErrorKind::InvalidSubcommand => {
            let name = text(ContextKind::InvalidSubcommand).unwrap_or_default();
            let (fr, en) = meant(guess(ContextKind::SuggestedSubcommand));
            (
                format!("commande inconnue : {name}{fr}"),
                format!("unknown command: {name}{en}"),
            )
        }
        ErrorKind::ArgumentConflict => {
            let other = text(ContextKind::PriorArg).unwrap_or_default();
            match other.is_empty() || other == arg {
                true => (
                    format!("{arg} ne se dit qu'une fois"),
                    format!("{arg} is given once only"),
                ),
                false => (
                    format!("{arg} ne va pas avec {other}"),
                    format!("{arg} does not go with {other}"),
                ),
            }
        }
        ErrorKind::WrongNumberOfValues | ErrorKind::TooManyValues | ErrorKind::TooFewValues => (
            format!("{arg} n'attend pas ce nombre de valeurs"),
            format!("{arg} does not want that many values"),
        ),
        ErrorKind::MissingRequiredArgument => {
            (format!("il manque : {arg}"), format!("missing: {arg}"))
        }
        _ => return None,
    };
    Some(ui.error(
        &format!("{fr} (--help montre l'emploi)"),
        &format!("{en} (--help shows the use)"),
    ))
}

/// How to mend a value.
fn mend(e: &clap::Error, valid: Option<String>) -> (String, String) {
    if let Some(valid) = valid.filter(|v| !v.is_empty()) {
        return (
            format!(" ; valeurs : {valid}"),
            format!("; values: {valid}"),
        );
    }
    match e.source() {
        Some(why) if why.is::<jiff::Error>() => (
            " : une date s'écrit AAAA-MM-JJ, comme 2026-11-23, et doit exister".into(),
            ": a date is written YYYY-MM-DD, as 2026-11-23, and has to exist".into(),
        ),
        Some(why) if why.is::<AddrParseError>() => (
            " : il faut une adresse et un port, comme 192.0.2.1:53".into(),
            ": it wants an address and a port, as 192.0.2.1:53".into(),
        ),
        Some(why) if why.is::<ParseIntError>() => (
            " : il faut un nombre entier".into(),
            ": it wants a whole number".into(),
        ),
        Some(why) => match why.downcast_ref::<Refusal>() {
            Some(ours) => (format!(" : {}", ours.fr), format!(": {}", ours.en)),
            None => (format!(" : {why}"), format!(": {why}")),
        },
        None => Default::default(),
    }
}

/// What was perhaps meant.
fn meant(hint: Option<String>) -> (String, String) {
    hint.filter(|h| !h.is_empty())
        .map_or(Default::default(), |h| {
            (
                format!(" ; vouliez-vous « {h} » ?"),
                format!("; did you mean `{h}`?"),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn sentences(c: &Command, out: &mut Vec<String>) {
        out.extend(c.get_about().map(|a| a.to_string()));
        out.extend(
            c.get_arguments()
                .filter_map(|a| Some(a.get_help()?.to_string())),
        );
        let values = c.get_arguments().flat_map(Arg::get_possible_values);
        out.extend(values.filter_map(|v| Some(v.get_help()?.to_string())));
        c.get_subcommands().for_each(|s| sentences(s, out));
    }

    /// What is said in French of a command line.
    fn said(args: &[&str]) -> String {
        let ui = Ui {
            lang: cocarde_report::Lang::Fr,
            paint: cocarde_report::Paint::Plain,
            paint_errors: cocarde_report::Paint::Plain,
            width: 100,
            long: 100,
        };
        let found = crate::Cli::command().try_get_matches_from(args);
        refused(&found.expect_err("refused"), &ui).expect("in words of ours")
    }

    #[test]
    fn what_does_not_go_together_is_said_in_french() {
        let tree = said(&["cocarde", "resilience", "d", "--fault-tree", "f"]);
        assert!(tree.contains(" ne va pas avec "), "{tree}");
        let twice = said(&["cocarde", "check", "d", "--lang", "fr", "--lang", "en"]);
        assert!(twice.contains("ne se dit qu'une fois"), "{twice}");
        let resolver = said(&["cocarde", "scan", "l", "--out", "o", "--resolver", "x"]);
        assert!(resolver.contains("comme 192.0.2.1:53"), "{resolver}");
        let day = said(&["cocarde", "verify", "c", "--trust", "t", "--at", "demain"]);
        assert!(day.contains("il faut un jour (2026-11-24)"), "{day}");
        let spare = said(&["cocarde", "check", "d", "e"]);
        assert!(spare.contains("« e » est de trop"), "{spare}");
        let number = said(&[
            "cocarde",
            "resilience",
            "--fault-tree",
            "f",
            "--max-nodes",
            "x",
        ]);
        assert!(number.contains("un nombre entier"), "{number}");
    }

    #[test]
    fn all_that_the_help_says_is_said_in_french() {
        let words: Words = toml::from_str(FRENCH).expect("a table");
        let mut said = Vec::new();
        sentences(&crate::Cli::command(), &mut said);
        let missing: Vec<_> = said.iter().filter(|s| !words.contains_key(*s)).collect();
        assert!(missing.is_empty(), "not in help.fr.toml: {missing:#?}");
    }

    #[test]
    fn the_french_help_of_every_command_can_be_shown() {
        let mut all = french(crate::Cli::command());
        let shown = all.render_long_help().to_string();
        for heading in ["Commandes", "Options"] {
            assert!(shown.contains(&format!("\n{heading} :\n  ")), "{shown}");
        }
        assert!(shown.contains("Évalue une candidature"), "{shown}");
        // Headings in French have a space before their colon, as all else has.
        assert!(!shown.contains("s:\n"), "{shown}");
        for english in ["Print", "Options that", "[default", "[possible"] {
            assert!(!shown.contains(english), "{shown}");
        }
        let assess = all.find_subcommand_mut("assess").expect("assess");
        let shown = assess.render_long_help().to_string();
        let html = "          - html : Pour des personnes, en une page\n";
        assert!(shown.contains(html), "{shown}");
        assert!(shown.contains("[par défaut : text]"), "{shown}");
        let shown = assess.render_help().to_string();
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let short = "[valeurs : text, json, html ; par défaut : text]";
        assert!(shown.contains(short), "{shown}");
    }
}
