//! Defects of what was read, as an excellent compiler prints them.

use crate::paint::Paint;
use crate::places::snippet;
use crate::words::Lang;
use cocarde_model::{Diagnostic, Severity, Sources, Span};
use cocarde_referential::report::Place;

/// Columns of an excerpt, at most.
const WIDTH: usize = 120;

/// All of them, with their places and mends, and a last line that counts them where there
/// is not just the one.
pub fn diagnostics(all: &[Diagnostic], sources: &Sources, lang: Lang, paint: Paint) -> String {
    paint.inert(&told(all, sources, lang, paint))
}

fn told(all: &[Diagnostic], sources: &Sources, lang: Lang, paint: Paint) -> String {
    if let [alone] = all {
        return one(alone, sources, lang, paint);
    }
    let mut out = String::new();
    for d in all {
        out += &one(d, sources, lang, paint);
        out.push('\n');
    }
    let errors = all.iter().filter(|d| d.severity == Severity::Error).count();
    out + &count(errors, all.len() - errors, lang)
}

fn one(d: &Diagnostic, sources: &Sources, lang: Lang, paint: Paint) -> String {
    let word = match d.severity {
        Severity::Error => paint.bad(lang.of("erreur", "error")),
        Severity::Warning => paint.open(lang.of("à voir", "warning")),
    };
    let message = d.message.get(lang.code());
    let code = paint.dim(format!("[{}]", d.code));
    let mut out = format!("{word} {code}{} {}\n", lang.colon(), paint.bold(message));
    match (d.span, &d.file) {
        (Some(span), _) => out += &snippet(paint, &place(sources, span), "", WIDTH),
        (None, Some(file)) => out += &paint.place(format!("   ─ {file}\n")),
        (None, None) => {}
    }
    if let Some(help) = &d.help {
        out += &format!("   {} {}\n", paint.good("➜"), help.get(lang.code()));
    }
    out
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
