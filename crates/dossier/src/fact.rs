//! Facts stated one by one: `[[fact]]` tables and lines of measurements.

use crate::build::Builder;
use crate::node::{Entry, Kind, Table, get};
use crate::report::quoted;
use crate::value::{self, exact, unknown_key_below};
use crate::{evidence, grounds};
use cocarde_model::{Date, Decimal, Fact, FieldId, Provenance, RecordId, Source, Span, TypeId};
use std::sync::Arc;

const KEYS: [&str; 14] = [
    "subject",
    "property",
    "value",
    "how",
    "confidence",
    "server",
    "time",
    "by",
    "note",
    "note_en",
    "from",
    "until",
    "ruling",
    "evidence",
];

/// Adds every loose fact.
pub(crate) fn collect(b: &mut Builder<'_>) {
    for (table, span) in std::mem::take(&mut b.loose) {
        if b.base.fact_count() >= b.limits.facts {
            return b.too_many_facts(span);
        }
        for e in table.iter().filter(|e| !KEYS.contains(&e.key.as_str())) {
            unknown_key_below(&mut b.report, &e.key, e.key_span, KEYS.into_iter());
        }
        if let Some(fact) = fact(b, &table, span) {
            b.base.add_fact(fact);
        }
    }
}

/// Reads all parts of a fact before giving up, so that all defects are named.
fn fact(b: &mut Builder<'_>, table: &Table, span: Span) -> Option<Fact> {
    let [subject, property, value, how] =
        ["subject", "property", "value", "how"].map(|key| required(b, table, key, span));
    let subject = subject.and_then(|e| self::subject(b, e));
    let property = subject.and_then(|(ty, _)| self::property(b, ty, property?));
    let value = property.and_then(|(ty, field)| {
        let schema = b.names.schema.clone();
        value::read(
            &value?.value,
            schema.field(ty, field),
            &b.names,
            &mut b.report,
        )
    });
    let provenance = how.and_then(|e| provenance(b, e));
    let mut source = source(b, table, span);
    let confidence = get(table, "confidence").map(|e| confidence(b, e));
    let from = get(table, "from").map(|e| day(b, e));
    let until = get(table, "until").map(|e| day(b, e));
    let ruling = match get(table, "ruling").map(|e| (&e.value.kind, e)) {
        None => Some(false),
        Some((Kind::Bool(r), _)) => Some(*r),
        Some((_, e)) => {
            wrong(b, e, "true ou false", "true or false");
            None
        }
    };
    if let Some(how) = provenance {
        grounds::check(b, table, how, ruling == Some(true));
    }
    if let (Some(Some(f)), Some(Some(u))) = (from, until)
        && f > u
    {
        b.report.error(
            "min-above-max",
            span,
            format!("`from` ({f}) vient après `until` ({u})"),
            format!("`from` ({f}) is after `until` ({u})"),
        );
        return None;
    }
    let (_, field) = property?;
    let (value, written) = value?;
    let seen = source.as_ref().and_then(first_day);
    if let Some(source) = &mut source {
        source.written = written;
    }
    let mut fact = Fact {
        subject: subject?.1,
        field,
        value,
        provenance: provenance?,
        source: source?,
        confidence: confidence.map_or(Some(None), |c| c.map(Some))?,
        from: from.map_or(Some(seen), |d| d.map(Some))?,
        until: until.map_or(Some(None), |d| d.map(Some))?,
        ruling: ruling?,
    };
    grounds::weigh(b, table, &mut fact);
    Some(fact)
}

fn required<'t>(
    b: &mut Builder<'_>,
    table: &'t [Entry],
    key: &str,
    span: Span,
) -> Option<&'t Entry> {
    let found = get(table, key);
    if found.is_none() {
        b.report
            .error(
                "missing-key",
                span,
                format!("un fait sans `{key}`"),
                format!("a fact without `{key}`"),
            )
            .mend(format!("ajouter `{key}`"), format!("add `{key}`"));
    }
    found
}

fn wrong(b: &mut Builder<'_>, e: &Entry, fr: &str, en: &str) {
    let (got_fr, got_en) = e.value.kind.what();
    let key = &e.key;
    b.report.error(
        "wrong-type",
        e.value.span,
        format!("`{key}` attend {fr}, pas {got_fr}"),
        format!("`{key}` wants {en}, not {got_en}"),
    );
}

fn text<'t>(b: &mut Builder<'_>, e: &'t Entry) -> Option<&'t str> {
    let text = e.value.as_text();
    if text.is_none() {
        wrong(b, e, "un texte", "a text");
    }
    text
}

/// The record a fact is about: `hosting:prod`, or a part that a dossier has once.
fn subject(b: &mut Builder<'_>, e: &Entry) -> Option<(TypeId, RecordId)> {
    let name = text(b, e)?;
    if let Some(single) = b.names.singles.get(name) {
        return Some(*single);
    }
    b.names.reference(name, None, e.value.span, &mut b.report)
}

fn property(b: &mut Builder<'_>, ty: TypeId, e: &Entry) -> Option<(TypeId, FieldId)> {
    let name = text(b, e)?;
    let schema = b.names.schema.clone();
    let fields = &schema.ty(ty).fields;
    let field = schema
        .ty(ty)
        .field(name)
        .filter(|f| schema.field(ty, *f).ty.is_scalar());
    if field.is_none() {
        let (shown, of) = (quoted(name), &schema.ty(ty).name);
        b.report
            .error(
                "unknown-property",
                e.value.span,
                format!("`{of}` n'a pas de propriété `{shown}`"),
                format!("`{of}` has no property `{shown}`"),
            )
            .suggest(
                name,
                fields.iter().filter(|f| f.ty.is_scalar()).map(|f| &*f.name),
            );
    }
    Some((ty, field?))
}

fn provenance(b: &mut Builder<'_>, e: &Entry) -> Option<Provenance> {
    let word = text(b, e)?;
    let parsed = word.parse::<Provenance>();
    if parsed.is_err() {
        let shown = quoted(word);
        b.report
            .error(
                "unknown-word",
                e.value.span,
                format!("`how` ne connaît pas `{shown}`"),
                format!("`how` does not know `{shown}`"),
            )
            .suggest(
                word,
                Provenance::ALL
                    .iter()
                    .filter(|p| **p != Provenance::Derived)
                    .map(|p| p.name()),
            );
    }
    parsed.ok()
}

fn source(b: &mut Builder<'_>, table: &Table, span: Span) -> Option<Source> {
    let mut whole = true;
    let mut word = |b: &mut Builder<'_>, key: &str| -> Option<Arc<str>> {
        let e = get(table, key)?;
        let t = text(b, e);
        whole &= t.is_some();
        t.map(Arc::from)
    };
    let (server, by) = (word(b, "server"), word(b, "by"));
    let (note, note_en) = (word(b, "note"), word(b, "note_en"));
    let time = match get(table, "time") {
        Some(e) => Some(time(b, e)?),
        None => None,
    };
    let (document, page) = match get(table, "evidence").map(|e| (&e.value.kind, e)) {
        None => (None, None),
        Some((Kind::Array(items), _)) if items.len() == 1 => {
            let (document, page) = evidence::read_citation(b, &items[0])?;
            (Some(document), page)
        }
        Some((_, e)) => {
            wrong(b, e, "une liste d'un document", "a list of one document");
            return None;
        }
    };
    let value = get(table, "value").map_or(span, |e| e.value.span);
    whole.then_some(Source {
        span: Some(value),
        written: None,
        document,
        page,
        server,
        time,
        by,
        note,
        note_en,
        rests_on: Vec::new(),
    })
}

fn time(b: &mut Builder<'_>, e: &Entry) -> Option<Arc<str>> {
    let (Kind::Text(t) | Kind::Date(t)) = &e.value.kind else {
        wrong(b, e, "un instant", "a point in time");
        return None;
    };
    if t.parse::<jiff::Timestamp>().is_ok() {
        return Some(t.as_str().into());
    }
    let shown = quoted(t);
    b.report
        .error(
            "impossible-date",
            e.value.span,
            format!("`{shown}` n'est pas un instant RFC 3339"),
            format!("`{shown}` is no RFC 3339 point in time"),
        )
        .mend(
            "par exemple 2026-11-20T14:02:00Z",
            "for instance 2026-11-20T14:02:00Z",
        );
    None
}

/// What was seen at a time says nothing of the days before, unless it says so itself. It
/// counts from the earliest day that this time is anywhere on Earth.
fn first_day(source: &Source) -> Option<Date> {
    let time: jiff::Timestamp = source.time.as_ref()?.parse().ok()?;
    Some(jiff::tz::Offset::constant(-12).to_datetime(time).date())
}

fn day(b: &mut Builder<'_>, e: &Entry) -> Option<Date> {
    let (Kind::Text(t) | Kind::Date(t)) = &e.value.kind else {
        wrong(b, e, "une date", "a date");
        return None;
    };
    let parsed = t.parse::<Date>().ok().filter(|_| t.len() == 10);
    if parsed.is_none() {
        let (key, shown) = (&e.key, quoted(t));
        b.report
            .error(
                "impossible-date",
                e.value.span,
                format!("`{key}` : `{shown}` n'est pas un jour du calendrier"),
                format!("`{key}`: `{shown}` is no day of the calendar"),
            )
            .mend("écrire AAAA-MM-JJ", "write YYYY-MM-DD");
    }
    parsed
}

fn confidence(b: &mut Builder<'_>, e: &Entry) -> Option<Decimal> {
    let (Kind::Number(t) | Kind::Text(t)) = &e.value.kind else {
        wrong(b, e, "un nombre de 0 à 1", "a number from 0 to 1");
        return None;
    };
    let parsed = exact(t).filter(|d| (Decimal::ZERO..=Decimal::ONE).contains(d));
    if parsed.is_none() {
        let shown = quoted(t);
        b.report
            .error(
                "out-of-range",
                e.value.span,
                format!("`confidence` vaut `{shown}`, il faut de 0 à 1"),
                format!("`confidence` is `{shown}`, it must be from 0 to 1"),
            )
            .mend("confidence = \"0.95\"", "confidence = \"0.95\"");
    }
    parsed
}
