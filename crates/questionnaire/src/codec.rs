//! Values as the text of a cell, and back without loss.
//!
//! - A text that is empty, starts with `\`, or has blanks around it is written after a `\`.
//! - A number known in part is `10..20`, `10..` or `..20`.
//! - Items of a list are separated by line breaks or `;`; `\` takes away the meaning of
//!   the next character, `\e` is an empty item; `aucun / none` is the empty list.
//! - A country may be followed by its name, after ` · `.

use crate::open::Raw;
use cocarde_dossier::adapters::Cell;
use cocarde_dossier::reference::word;
use cocarde_knowledge::countries::Countries;
use cocarde_model::{Date, Decimal, FactBase, FieldType, Interval, Schema, Value};

/// Yes and no, in both languages.
pub(crate) const YES: &str = "oui / yes";
pub(crate) const NO: &str = "non / no";
/// The list that is stated to be empty.
const EMPTY: &str = "aucun / none";

/// What a cell shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A text.
    Text(String),
    /// A day that spreadsheets know.
    Day(Date),
}

/// A message in French and English.
pub(crate) type Refusal = (String, String);

/// A value as a cell.
pub(crate) fn encode(value: &Value, base: &FactBase, ty: &FieldType) -> Shown {
    Shown::Text(match value {
        Value::Bool(b) => if *b { YES } else { NO }.into(),
        Value::Number(i) => number(*i, ty),
        Value::Text(t) => match ty {
            FieldType::Country => country(t),
            _ => text(t),
        },
        Value::Date(d) => return day(*d),
        Value::Ref(r) => base.record(*r).id.to_string(),
        Value::Texts(items) if items.is_empty() => EMPTY.into(),
        Value::Texts(items) => {
            let items: Vec<String> = items.iter().map(|i| item(i)).collect();
            items.join("\n")
        }
    })
}

/// A day as a cell: spreadsheets count them right from March 1900 only.
pub(crate) fn day(d: Date) -> Shown {
    match d.year() > 1900 || d.year() == 1900 && d.month() >= 3 {
        true => Shown::Day(d),
        false => Shown::Text(d.to_string()),
    }
}

/// A free text as a cell.
pub(crate) fn text(t: &str) -> String {
    let bare = !t.is_empty() && !t.starts_with('\\') && t.trim() == t;
    if bare { t.into() } else { format!("\\{t}") }
}

/// A country with its names.
pub(crate) fn country(code: &str) -> String {
    let countries = Countries::standard();
    let name = |lang| countries.name(code, lang);
    match (name("fr"), name("en")) {
        (Some(fr), Some(en)) if fr == en => format!("{code} · {fr}"),
        (Some(fr), Some(en)) => format!("{code} · {fr} · {en}"),
        _ => code.into(),
    }
}

fn number(i: Interval, ty: &FieldType) -> String {
    if let Some(exact) = i.exact() {
        return exact.to_string();
    }
    let top = ty.domain().and_then(Interval::hi);
    let end = |d: Option<Decimal>| d.map_or(String::new(), |d| d.to_string());
    let hi = i.hi().filter(|h| Some(*h) != top);
    format!("{}..{}", end(i.lo()), end(hi))
}

fn item(t: &str) -> String {
    if t.is_empty() {
        return "\\e".into();
    }
    let mut out = String::new();
    let last = t.chars().count() - 1;
    for (i, c) in t.chars().enumerate() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | ';' => out.extend(['\\', c]),
            // Blanks at the ends, and a first letter that would make it the empty list.
            c if (i == 0 || i == last) && c.is_whitespace() => out.extend(['\\', c]),
            'a' if i == 0 && t == EMPTY => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// What a cell says, as a value of that type; `None` when it is blank.
pub(crate) fn decode(raw: &Raw, ty: &FieldType, schema: &Schema) -> Result<Option<Cell>, Refusal> {
    if let Raw::Text(t) = raw
        && t.trim().is_empty()
    {
        return Ok(None);
    }
    Ok(Some(match ty {
        FieldType::Bool => Cell::Bool(bool(raw)?),
        FieldType::Percent | FieldType::Money | FieldType::Count | FieldType::Integer => {
            amount(raw)?
        }
        FieldType::Date => Cell::Date(date(raw)?),
        FieldType::Text => Cell::Text(free(&plain(raw)?)),
        FieldType::Country => Cell::Text(code(&plain(raw)?)),
        FieldType::Enum(_) => Cell::Text(plain(raw)?.trim().into()),
        FieldType::Ref(to) => Cell::Text(reference(plain(raw)?.trim(), word(schema, *to))),
        FieldType::Countries => {
            let items = items(&plain(raw)?)?;
            Cell::List(items.iter().map(|i| code(i)).collect())
        }
        _ => Cell::List(items(&plain(raw)?)?),
    }))
}

/// A text that stood in a cell.
pub(crate) fn free(t: &str) -> String {
    t.strip_prefix('\\').unwrap_or_else(|| t.trim()).into()
}

/// The code before the names of a country.
fn code(t: &str) -> String {
    t.split(" · ").next().unwrap_or(t).trim().into()
}

fn reference(t: &str, word: &str) -> String {
    match t.contains(':') {
        true => t.into(),
        false => format!("{word}:{t}"),
    }
}

/// The cell as text; numbers that people typed as text are whole.
pub(crate) fn plain(raw: &Raw) -> Result<String, Refusal> {
    match raw {
        Raw::Text(t) => Ok(t.clone()),
        Raw::Number(n) => digits(*n),
        Raw::Bool(b) => Ok(if *b { YES } else { NO }.into()),
        Raw::Day(_) => date(raw),
    }
}

fn bool(raw: &Raw) -> Result<bool, Refusal> {
    let word = match raw {
        Raw::Bool(b) => return Ok(*b),
        other => plain(other)?.trim().to_lowercase(),
    };
    match word.as_str() {
        YES | "oui" | "yes" | "vrai" | "true" => Ok(true),
        NO | "non" | "no" | "faux" | "false" => Ok(false),
        _ => Err((
            format!("il faut « {YES} » ou « {NO} »"),
            format!("it must be \"{YES}\" or \"{NO}\""),
        )),
    }
}

/// A day, YYYY-MM-DD; another text is left for the dossier to refuse.
pub(crate) fn date(raw: &Raw) -> Result<String, Refusal> {
    match raw {
        Raw::Text(t) => Ok(t.trim().into()),
        Raw::Day(Some(d)) => Ok(d.to_string()),
        _ => Err((
            "il faut un jour, AAAA-MM-JJ".into(),
            "it must be a day, YYYY-MM-DD".into(),
        )),
    }
}

/// A number or an interval by its digits.
pub(crate) fn amount(raw: &Raw) -> Result<Cell, Refusal> {
    let text = match raw {
        Raw::Number(n) => return digits(*n).map(Cell::Number),
        other => plain(other)?,
    };
    let text = text.trim();
    let Some((lo, hi)) = text.split_once("..") else {
        return point(text).map(Cell::Number);
    };
    let end = |t: &str| match t.trim() {
        "" => Ok(None),
        t => point(t).map(Some),
    };
    match (end(lo)?, end(hi)?) {
        (None, None) => Err((
            "un intervalle a au moins une borne : 10..20".into(),
            "an interval has at least one end: 10..20".into(),
        )),
        (lo, hi) => Ok(Cell::Range(lo, hi)),
    }
}

/// A number with a point or a comma before its decimals.
fn point(text: &str) -> Result<String, Refusal> {
    let Some((whole, decimals)) = text.split_once(',') else {
        return Ok(text.into());
    };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(decimals) || !digits(whole.trim_start_matches(['+', '-'])) {
        return Ok(text.into());
    }
    if decimals.len() == 3 {
        return Err((
            format!(
                "« {text} » : milliers ou décimales ? Écrire {whole}{decimals} ou {whole}.{decimals}"
            ),
            format!(
                "\"{text}\": thousands or decimals? Write {whole}{decimals} or {whole}.{decimals}"
            ),
        ));
    }
    Ok(format!("{whole}.{decimals}"))
}

/// The shortest digits of a number that a spreadsheet holds as a binary float, when they
/// are few enough to be what was typed.
fn digits(n: f64) -> Result<String, Refusal> {
    let text = n.to_string();
    let count = text.bytes().filter(u8::is_ascii_digit).count();
    if n.is_finite() && count <= 15 {
        return Ok(text);
    }
    Err((
        "ce nombre n'est pas exact : le taper comme un texte".into(),
        "this number is not exact: type it as text".into(),
    ))
}

/// The items of a list.
pub(crate) fn items(text: &str) -> Result<Vec<String>, Refusal> {
    if text.trim() == EMPTY {
        return Ok(Vec::new());
    }
    let mut list = Vec::new();
    let mut chars = text.chars();
    // The item, how much of it is kept when blanks at its end go, and whether it is any.
    let (mut now, mut kept, mut any) = (String::new(), 0, false);
    while let Some(c) = chars.next() {
        match c {
            '\n' | ';' => {
                finish(&mut list, &mut now, &mut kept, &mut any);
            }
            '\\' => {
                match chars.next() {
                    Some('e') => {}
                    Some('n') => now.push('\n'),
                    Some(c) => now.push(c),
                    None => {
                        return Err((
                            "un « \\ » seul à la fin".into(),
                            "a \"\\\" alone at the end".into(),
                        ));
                    }
                }
                (kept, any) = (now.len(), true);
            }
            c if c.is_whitespace() => {
                if any {
                    now.push(c);
                }
            }
            c => {
                now.push(c);
                (kept, any) = (now.len(), true);
            }
        }
    }
    finish(&mut list, &mut now, &mut kept, &mut any);
    Ok(list)
}

fn finish(list: &mut Vec<String>, now: &mut String, kept: &mut usize, any: &mut bool) {
    now.truncate(*kept);
    let item = std::mem::take(now);
    if std::mem::take(any) {
        list.push(item);
    }
    *kept = 0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Law: a list comes back as it went, whatever its items hold.
        #[test]
        fn lists_come_back(list in prop::collection::vec("[a-c \\\\;\n\r\t·/é]{0,6}|aucun / none", 0..5)) {
            let value = Value::Texts(list.iter().map(|t| t.as_str().into()).collect());
            let base = FactBase::new(Schema::standard().clone());
            let Shown::Text(cell) = encode(&value, &base, &FieldType::Texts) else { panic!() };
            prop_assert!(!cell.trim().is_empty());
            prop_assert_eq!(items(&cell).unwrap(), list);
        }

        /// Law: a text comes back as it went.
        #[test]
        fn texts_come_back(t in "\\PC{0,12}|[ \\\\\n\t]{0,4}") {
            prop_assert_eq!(free(&text(&t)), t);
        }
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        let read = |t: &str| amount(&Raw::Text(t.into()));
        assert_eq!(read("72,5"), Ok(Cell::Number("72.5".into())));
        assert_eq!(
            read(" 10..20 "),
            Ok(Cell::Range(Some("10".into()), Some("20".into())))
        );
        assert_eq!(read("..33,33"), Ok(Cell::Range(None, Some("33.33".into()))));
        assert!(read("1,200").is_err() && read("..").is_err());
        assert_eq!(amount(&Raw::Number(72.5)), Ok(Cell::Number("72.5".into())));
        assert!(amount(&Raw::Number(0.1 + 0.2)).is_err());
        assert!(amount(&Raw::Number(f64::NAN)).is_err());
    }
}
