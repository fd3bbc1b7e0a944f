//! What is worth a look on some day: what is out of date, or not there yet.

use cocarde_model::{
    Date, Diagnostic, FactBase, Field, FieldId, RecordId, Slot, SlotKey, Span, Text, Value,
    day_words,
};

/// A date that a record has, and where it is written.
struct Dated<'b> {
    record: RecordId,
    field: &'b Field,
    on: Date,
    span: Span,
}

/// A message and its mend, each in French and English.
type Told = ((String, String), (&'static str, &'static str));

/// Documents and attestations that are out of date on `day`, or not there yet, and what is
/// said to have happened and has not.
pub(crate) fn out_of_date(base: &FactBase, day: Date) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    for dated in dates(base) {
        let found = match &*dated.field.name {
            _ if dated.field.past && dated.on > day => {
                Some(("not-happened-yet", to_come(&dated, day)))
            }
            "valid_until" if dated.on < day => Some(("out-of-date", expired(base, &dated))),
            "period_until" if dated.on < day && !says_how_long(base, dated.record) => {
                Some(("out-of-date", of_a_period_past(base, &dated)))
            }
            "received" if dated.on > day => Some(("not-received-yet", to_receive(base, &dated))),
            "period_from" | "valid_from" if dated.on > day => {
                Some(("not-in-force-yet", to_begin(base, &dated)))
            }
            _ => None,
        };
        if let Some((code, ((fr, en), mend))) = found {
            let d = Diagnostic::warning(code, fr, en);
            told.push(d.at(dated.span).help(mend.0, mend.1));
        }
    }
    told.sort_by_key(|d| d.span);
    told.dedup();
    told
}

fn says_how_long(base: &FactBase, record: RecordId) -> bool {
    base.first(record, "valid_until").is_some()
}

fn to_come(dated: &Dated<'_>, day: Date) -> Told {
    let (on, day, name) = (day_words(dated.on), day_words(day), &dated.field.name);
    let said = (
        format!(
            "`{name}` dit le {} : le {}, cela n'a pas encore eu lieu",
            on.fr, day.fr
        ),
        format!(
            "`{name}` says {}: on {} this has not happened yet",
            on.en, day.en
        ),
    );
    let mend = (
        "donner le jour où cela a eu lieu pour la dernière fois, ou retirer la ligne",
        "give the day on which this last happened, or remove the line",
    );
    (said, mend)
}

fn expired(base: &FactBase, dated: &Dated<'_>) -> Told {
    let name = base.record_name(dated.record);
    // It is good on its last day. There is a day after it: the one that is asked for.
    let Text { fr, en } = day_words(dated.on.tomorrow().unwrap_or(dated.on));
    let said = (
        format!("`{name}` ne fait plus foi depuis le {fr}"),
        format!("`{name}` is no longer good since {en}"),
    );
    let mend = ("joindre la pièce à jour", "attach the current document");
    (said, mend)
}

fn of_a_period_past(base: &FactBase, dated: &Dated<'_>) -> Told {
    let name = base.record_name(dated.record);
    let Text { fr, en } = day_words(dated.on);
    let said = (
        format!("`{name}` ne parle que des jours jusqu'au {fr}"),
        format!("`{name}` only speaks of the days until {en}"),
    );
    let mend = (
        "joindre la pièce à jour, ou dire jusqu'à quand elle fait foi : valid_until",
        "attach the current document, or say how long it is good: valid_until",
    );
    (said, mend)
}

fn to_receive(base: &FactBase, dated: &Dated<'_>) -> Told {
    let name = base.record_name(dated.record);
    let Text { fr, en } = day_words(dated.on);
    let said = (
        format!("`{name}` n'est reçue que le {fr} : elle n'appuie rien avant"),
        format!("`{name}` is only received on {en}: it supports nothing before"),
    );
    (said, ("corriger `received`", "correct `received`"))
}

fn to_begin(base: &FactBase, dated: &Dated<'_>) -> Told {
    let name = base.record_name(dated.record);
    let Text { fr, en } = day_words(dated.on);
    match &*dated.field.name {
        "valid_from" => (
            (
                format!("`{name}` ne vaut qu'à partir du {fr}"),
                format!("`{name}` is only valid from {en} on"),
            ),
            ("corriger `valid_from`", "correct `valid_from`"),
        ),
        _ => (
            (
                format!("`{name}` ne parle que des jours à partir du {fr}"),
                format!("`{name}` only speaks of the days from {en} on"),
            ),
            ("corriger `period_from`", "correct `period_from`"),
        ),
    }
}

/// All dates of all records.
fn dates(base: &FactBase) -> Vec<Dated<'_>> {
    let schema = base.schema();
    let mut found = Vec::new();
    for (record, r) in base.records() {
        for (i, field) in schema.ty(r.ty).fields.iter().enumerate() {
            let key = SlotKey {
                record,
                field: FieldId(i as u16),
            };
            let Slot::Facts(facts) = base.slot(key) else {
                continue;
            };
            for fact in facts.iter().map(|f| base.fact(*f)) {
                if let (Value::Date(on), Some(span)) = (&fact.value, fact.source.span) {
                    found.push(Dated {
                        record,
                        field,
                        on: *on,
                        span,
                    });
                }
            }
        }
    }
    found
}
