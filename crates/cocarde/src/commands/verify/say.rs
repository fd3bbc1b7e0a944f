//! The answer, as it is printed.

use super::Format;
use crate::ui::Ui;
use cocarde_report::{Paint, hung};
use cocarde_seal::time;
use cocarde_seal::verify::{Answer, Level, Outcome, Subject};

/// Prints an answer.
pub fn print(answer: &Answer, format: Format, ui: &Ui) {
    if format == Format::Json {
        let mut value = serde_json::to_value(answer).unwrap_or_default();
        value["outcome"] = serde_json::to_value(answer.outcome()).unwrap_or_default();
        println!(
            "{}",
            serde_json::to_string_pretty(&value).unwrap_or_default()
        );
        return;
    }
    let (fr, en) = answer.state.words();
    let outcome = match (answer.outcome(), answer.subject) {
        (Outcome::Valid, Subject::Certificate) => ui.say("CERTIFICAT VALIDE", "VALID CERTIFICATE"),
        (Outcome::Valid, Subject::Register) => ui.say("REGISTRE VALIDE", "VALID REGISTER"),
        (Outcome::WithReserve, _) => ui.say("VALIDE SOUS RÉSERVE", "VALID WITH RESERVE"),
        (Outcome::Refused, Subject::Certificate) => {
            ui.say("CERTIFICAT REFUSÉ", "CERTIFICATE REFUSED")
        }
        (Outcome::Refused, Subject::Register) => ui.say("REGISTRE REFUSÉ", "REGISTER REFUSED"),
    };
    let mut out = format!("{}\n", bold(outcome, ui));
    let at = time::read(&answer.at).map(time::words);
    let (at_fr, at_en) = at.unwrap_or_else(|_| (answer.at.clone(), answer.at.clone()));
    let on = ui
        .say(&format!("au {at_fr}"), &format!("on {at_en}"))
        .to_owned();
    out += &hung("", &format!("{on} · {}", ui.say(fr, en)), ui.long);
    for (level, mark, title) in [
        (
            Level::Refused,
            "✗",
            ui.say("Refusé parce que", "Refused because"),
        ),
        (Level::Caution, "!", ui.say("À savoir", "To be known")),
        (Level::Proven, "✓", ui.say("Prouvé", "Proven")),
        (Level::NotProven, "?", ui.say("Non prouvé", "Not proven")),
    ] {
        let mut lines = answer
            .statements
            .iter()
            .filter(|s| s.level == level)
            .peekable();
        if lines.peek().is_some() {
            out += &format!("\n{title}\n");
        }
        for s in lines {
            out += &hung(&format!("  {mark} "), ui.say(&s.fr, &s.en), ui.long);
        }
    }
    print!("{}", ui.paint.inert(&out));
}

fn bold(text: &str, ui: &Ui) -> String {
    match ui.paint {
        Paint::Plain => text.to_owned(),
        Paint::Colour => format!("\u{1b}[1m{text}\u{1b}[0m"),
    }
}
