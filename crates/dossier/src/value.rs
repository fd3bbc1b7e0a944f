//! What was written, read as a value of the type that the schema wants.

use crate::form;
use crate::names::Names;
use crate::node::{Entry, Kind, Node, get};
use crate::report::{Noted, Report, quoted};
use cocarde_knowledge::countries::Countries;
use cocarde_model::{Date, Decimal, Field, FieldId, FieldType, Form, Interval, Span, Type, Value};
use std::sync::Arc;

/// A value as rules compare it and, where that is not the same, as it was written.
pub(crate) type Read = (Value, Option<Box<Value>>);

/// Reads `node` as a value of `field`, or reports why it is none.
pub(crate) fn read(node: &Node, field: &Field, names: &Names, report: &mut Report) -> Option<Read> {
    let written = Reader { field, names }.value(node, report)?;
    let normal = field
        .form
        .and_then(|f| form::of(&written, f, &names.schema));
    Some(match normal {
        Some(normal) => (normal, Some(written.into())),
        None => (written, None),
    })
}

struct Reader<'a> {
    field: &'a Field,
    names: &'a Names,
}

impl Reader<'_> {
    fn value(&self, node: &Node, report: &mut Report) -> Option<Value> {
        match (&self.field.ty, &node.kind) {
            (FieldType::Bool, Kind::Bool(b)) => Some(Value::Bool(*b)),
            (FieldType::Date, Kind::Date(d) | Kind::Text(d)) => self.date(d, node.span, report),
            (FieldType::Text, Kind::Text(t)) => Some(Value::text(t)),
            (FieldType::Country | FieldType::Enum(_), Kind::Text(t)) => {
                self.word(t, node.span, report).map(Value::Text)
            }
            (FieldType::Ref(ty), Kind::Text(t)) => self
                .names
                .reference(t, Some(*ty), node.span, report)
                .map(|(_, record)| Value::Ref(record)),
            (FieldType::Texts | FieldType::Countries | FieldType::Enums(_), Kind::Array(items)) => {
                self.words(items, report)
            }
            (ty, Kind::Number(_) | Kind::Text(_) | Kind::Table(_)) if ty.domain().is_some() => {
                self.number(node, report).map(Value::Number)
            }
            _ => {
                self.wrong_type(node, report);
                None
            }
        }
    }

    fn wrong_type(&self, node: &Node, report: &mut Report) {
        let (wanted_fr, wanted_en, example) = wanted(&self.field.ty);
        let (fr, en) = node.kind.what();
        let name = &self.field.name;
        let d = report.error(
            "wrong-type",
            node.span,
            format!("`{name}` attend {wanted_fr}, pas {fr}"),
            format!("`{name}` wants {wanted_en}, not {en}"),
        );
        // A list of one that was written without its brackets.
        if let (Some(text), true) = (node.as_text(), example.starts_with('[')) {
            let list = in_brackets(text);
            d.mend(
                format!("écrire {name} = {list}"),
                format!("write {name} = {list}"),
            );
            return;
        }
        let example = self.field.example.as_deref().unwrap_or(example);
        d.mend(
            format!("par exemple : {name} = {example}"),
            format!("for instance: {name} = {example}"),
        );
    }

    fn date(&self, text: &str, span: Span, report: &mut Report) -> Option<Value> {
        match text.parse::<Date>() {
            Ok(d) if text.len() == 10 => Some(Value::Date(d)),
            _ => {
                let name = &self.field.name;
                let text = quoted(text);
                let d = report.error(
                    "impossible-date",
                    span,
                    format!("`{name}` : `{text}` n'est pas un jour du calendrier"),
                    format!("`{name}`: `{text}` is no day of the calendar"),
                );
                d.mend("écrire AAAA-MM-JJ", "write YYYY-MM-DD");
                None
            }
        }
    }

    /// A country code or a word of the enumeration; texts are free.
    fn word(&self, text: &str, span: Span, report: &mut Report) -> Option<Arc<str>> {
        match &self.field.ty {
            FieldType::Country | FieldType::Countries => country(text, span, report),
            FieldType::Enum(words) | FieldType::Enums(words) => {
                if let Some(w) = words.iter().find(|w| &***w == text) {
                    return Some(w.clone());
                }
                let (name, shown) = (&self.field.name, quoted(text));
                let d = report.error(
                    "unknown-word",
                    span,
                    format!("`{name}` ne connaît pas `{shown}`"),
                    format!("`{name}` does not know `{shown}`"),
                );
                d.suggest(text, words.iter().map(|w| &**w));
                None
            }
            _ if self.field.form == Some(Form::Properties) => self.property(text, span, report),
            _ => Some(text.into()),
        }
    }

    /// A property of the schema, or a pattern that stands for some.
    fn property(&self, text: &str, span: Span, report: &mut Report) -> Option<Arc<str>> {
        let schema = &self.names.schema;
        if schema.property(text).is_some() || form::properties(text, schema).is_some() {
            return Some(text.into());
        }
        let shown = quoted(text);
        let d = report.error(
            "unknown-property",
            span,
            format!("`{shown}` n'est pas une propriété"),
            format!("`{shown}` is not a property"),
        );
        let d = d.mend(
            "écrire le type et le champ : \"hosting.country\", ou \"hosting.*\"",
            "write the type and the field: \"hosting.country\", or \"hosting.*\"",
        );
        d.suggest_of(text, || {
            let fields = |(id, t): (_, &Type)| {
                (0..t.fields.len()).map(move |f| schema.property_name(id, FieldId(f as u16)))
            };
            schema.types().flat_map(fields).collect()
        });
        None
    }

    fn words(&self, items: &[Node], report: &mut Report) -> Option<Value> {
        let mut words: Vec<Arc<str>> = Vec::with_capacity(items.len());
        let mut whole = true;
        for item in items {
            match item.as_text() {
                Some(t) => match self.word(t, item.span, report) {
                    Some(w) => words.push(w),
                    None => whole = false,
                },
                None => {
                    self.wrong_type(item, report);
                    whole = false;
                }
            }
        }
        // A set: who names a word twice says no more than who names it once.
        whole.then(|| form::each_once(words.into_iter()))
    }

    fn number(&self, node: &Node, report: &mut Report) -> Option<Interval> {
        let interval = match &node.kind {
            Kind::Table(entries) => self.bounds(entries, node.span, report)?,
            _ => Interval::point(self.decimal(node, report)?),
        };
        let domain = self.field.ty.domain()?;
        let (lo, hi) = (domain.lo(), domain.hi());
        let within = interval.lo().is_none_or(|l| domain.contains(l))
            && interval.hi().is_none_or(|h| domain.contains(h));
        if !within {
            let (name, top) = (&self.field.name, hi.map(|h| h.to_string()));
            let (fr, en) = match top {
                Some(top) => (format!("de 0 à {top}"), format!("from 0 to {top}")),
                None => ("0 ou plus".into(), "0 or more".into()),
            };
            let d = report.error(
                "out-of-range",
                node.span,
                format!("`{name}` vaut {interval}, il faut {fr}"),
                format!("`{name}` is {interval}, it must be {en}"),
            );
            d.mend(
                format!("écrire un nombre : {fr}"),
                format!("write a number: {en}"),
            );
            return None;
        }
        // An end left open is where the type itself ends.
        Interval::new(interval.lo().or(lo), interval.hi().or(hi))
    }

    fn bounds(&self, entries: &[Entry], span: Span, report: &mut Report) -> Option<Interval> {
        let mut whole = true;
        for e in entries.iter().filter(|e| e.key != "min" && e.key != "max") {
            unknown_key(report, &e.key, e.key_span, ["min", "max"].into_iter());
            whole = false;
        }
        let mut end = |key: &str, report: &mut Report| match get(entries, key) {
            Some(e) => {
                let d = self.decimal(&e.value, report);
                whole &= d.is_some();
                d
            }
            None => None,
        };
        let (lo, hi) = (end("min", report), end("max", report));
        if !whole {
            return None;
        }
        let interval = Interval::new(lo, hi);
        if let (None, Some(l), Some(h)) = (interval, lo, hi) {
            let d = report.error(
                "min-above-max",
                span,
                format!("le minimum {l} dépasse le maximum {h}"),
                format!("the minimum {l} is above the maximum {h}"),
            );
            d.mend("échanger les deux bornes", "swap the two ends");
        }
        interval
    }

    fn decimal(&self, node: &Node, report: &mut Report) -> Option<Decimal> {
        let (Kind::Number(text) | Kind::Text(text)) = &node.kind else {
            self.wrong_type(node, report);
            return None;
        };
        let whole = self.field.ty == FieldType::Integer;
        match exact(text) {
            Some(d) if !whole || d.fract().is_zero() => Some(d),
            parsed => {
                let (name, shown) = (&self.field.name, quoted(text));
                let (fr, en) = match (parsed, whole) {
                    (Some(_), _) | (_, true) => ("un nombre entier", "a whole number"),
                    _ => ("un nombre décimal exact", "an exact decimal number"),
                };
                let d = report.error(
                    "not-a-number",
                    node.span,
                    format!("`{name}` : `{shown}` n'est pas {fr}"),
                    format!("`{name}`: `{shown}` is not {en}"),
                );
                if whole {
                    d.mend("des chiffres seulement : 12", "digits only: 12");
                } else {
                    d.mend(
                        "chiffres et un point, sans espace ni exposant, 28 chiffres au plus : \"72.5\"",
                        "digits and a point, no space, no exponent, at most 28 digits: \"72.5\"",
                    );
                }
                None
            }
        }
    }
}

/// A decimal that is written out, read without rounding.
pub(crate) fn exact(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().next()?.is_ascii_digit()
        && digits.bytes().last()?.is_ascii_digit();
    (plain && text.len() <= 40).then(|| Decimal::from_str_exact(text).ok())?
}

/// A country code of ISO 3166-1.
pub(crate) fn country(text: &str, span: Span, report: &mut Report) -> Option<Arc<str>> {
    let countries = Countries::standard();
    if countries.is_country(text) {
        return Some(text.into());
    }
    let shown = quoted(text);
    let d = report.error(
        "unknown-country",
        span,
        format!("`{shown}` n'est pas un code de pays ISO 3166-1 à deux lettres"),
        format!("`{shown}` is not a two-letter ISO 3166-1 country code"),
    );
    match countries.guess(text) {
        Some(code) => {
            let (fr, en) = (countries.name(code, "fr"), countries.name(code, "en"));
            d.mend(
                format!("vouliez-vous dire \"{code}\" ({}) ?", fr.unwrap_or("")),
                format!("did you mean \"{code}\" ({})?", en.unwrap_or("")),
            )
        }
        None => d.mend(
            "écrire le code d'un seul pays, en deux capitales : \"FR\"",
            "write the code of one country, in two capitals: \"FR\"",
        ),
    };
    None
}

/// A list of that text alone, as TOML writes it.
pub(crate) fn in_brackets(text: &str) -> String {
    format!("[\"{}\"]", quoted(text))
}

/// Reports a key that has no meaning where it stands, with the one that was meant.
pub(crate) fn unknown_key<'a>(
    report: &mut Report,
    key: &str,
    span: Span,
    known: impl Iterator<Item = &'a str>,
) {
    no_such_key(report, key, span).suggest(key, known);
}

/// The same in a table that has a header: what is said of lists is of no table, and TOML
/// gives it to the one above.
pub(crate) fn unknown_key_below<'a>(
    report: &mut Report,
    key: &str,
    span: Span,
    known: impl Iterator<Item = &'a str>,
) {
    let d = no_such_key(report, key, span);
    match key {
        "none" | "partial" => d.mend(
            "la mettre en tête du fichier, avant toute table",
            "put it at the top of the file, before any table",
        ),
        _ => d.suggest(key, known),
    };
}

fn no_such_key<'r>(report: &'r mut Report, key: &str, span: Span) -> Noted<'r> {
    let shown = quoted(key);
    report.error(
        "unknown-key",
        span,
        format!("clé inconnue `{shown}`"),
        format!("unknown key `{shown}`"),
    )
}

/// What a type wants, in French and English, with an example.
fn wanted(ty: &FieldType) -> (&'static str, &'static str, &'static str) {
    match ty {
        FieldType::Bool => ("true ou false", "true or false", "true"),
        FieldType::Date => ("une date", "a date", "2026-01-31"),
        FieldType::Text => ("un texte", "a text", "\"…\""),
        FieldType::Country => ("un code de pays", "a country code", "\"FR\""),
        FieldType::Enum(_) => ("un mot", "a word", "\"…\""),
        FieldType::Ref(_) => ("une référence", "a reference", "\"party:applicant\""),
        FieldType::Texts | FieldType::Enums(_) => ("une liste de textes", "a list of texts", "[]"),
        FieldType::Countries => (
            "une liste de codes de pays",
            "a list of country codes",
            "[\"FR\"]",
        ),
        FieldType::Percent => ("un pourcentage", "a percentage", "\"72.5\""),
        FieldType::Integer => ("un nombre entier", "a whole number", "12"),
        FieldType::Money | FieldType::Count => ("un nombre", "a number", "\"1200.50\""),
        FieldType::One(_) | FieldType::Many(_) => ("une table", "a table", "{}"),
    }
}
