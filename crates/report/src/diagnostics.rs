//! Defects of what was read, as an excellent compiler prints them.

use crate::lines::{hung, wrap};
use crate::paint::Paint;
use crate::places::snippet;
use crate::words::Lang;
use cocarde_model::{Diagnostic, Severity, Sources, Span};
use cocarde_referential::report::Place;

/// Columns of an excerpt, at most.
const EXCERPT: usize = 120;

/// All of them in `width` columns, with their places and mends, and a last line that counts
/// them where there is not just the one.
pub fn diagnostics(
    all: &[Diagnostic],
    sources: &Sources,
    lang: Lang,
    paint: Paint,
    width: usize,
) -> String {
    let told = |d: &Diagnostic| one(d, sources, lang, paint, width);
    if let [alone] = all {
        return paint.inert(&told(alone));
    }
    let mut out: String = all.iter().map(|d| told(d) + "\n").collect();
    let errors = all.iter().filter(|d| d.severity == Severity::Error).count();
    out += &count(errors, all.len() - errors, lang);
    paint.inert(&out)
}

fn one(d: &Diagnostic, sources: &Sources, lang: Lang, paint: Paint, width: usize) -> String {
    let word = match d.severity {
        Severity::Error => paint.bad(lang.of("erreur", "error")),
        Severity::Warning => paint.open(lang.of("à voir", "warning")),
    };
    let message = d.message.get(lang.code());
    let code = paint.dim(format!("[{}]", d.code));
    let head = format!("{word} {code}{} {}", lang.colon(), paint.bold(message));
    let mut out = continued(&head, width);
    match (d.span, &d.file) {
        (Some(span), _) => out += &snippet(paint, &place(sources, span), "", width.min(EXCERPT)),
        (None, Some(file)) => out += &paint.place(format!("   ─ {file}\n")),
        (None, None) => {}
    }
    if let Some(help) = &d.help {
        let lead = format!("   {} ", paint.good("➜"));
        out += &hung(&lead, help.get(lang.code()), width);
    }
    out
}

/// A text whose further lines are set in a little.
fn continued(text: &str, width: usize) -> String {
    let lines = wrap(text, width.saturating_sub(2));
    lines.join("\n  ") + "\n"
}

fn place(sources: &Sources, span: Span) -> Place {
    let file = sources.get(span.file);
    let (line, column) = file.line_col(span.start);
    let text = file
        .text
        .get(span.start as usize..span.end as usize)
        .unwrap_or("");
    Place {
        file: file.name.to_string(),
        line,
        column,
        length: text.lines().next().unwrap_or("").chars().count().max(1) as u32,
        excerpt: file.line(line).to_string(),
    }
}

fn count(errors: usize, warnings: usize, lang: Lang) -> String {
    let plural = |n| if lang.several(n) { "s" } else { "" };
    match lang {
        Lang::Fr => format!(
            "{errors} erreur{}, {warnings} point{} à voir\n",
            plural(errors),
            plural(warnings)
        ),
        Lang::En => {
            format!(
                "{errors} error{}, {warnings} warning{}\n",
                plural(errors),
                plural(warnings)
            )
        }
    }
}
