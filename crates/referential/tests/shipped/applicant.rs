//! Small applicants for tests: a TOML table that follows the fact schema becomes facts of
//! one provenance, with every list complete.

use super::facts::fact;
use cocarde_model::{
    Decimal, FactBase, FieldType, Interval, Provenance, RecordId, Schema, Slot, SlotKey, Value,
};
use std::path::Path;
use toml::Table;

/// The text of `applicants/NAME.toml`.
pub fn text(name: &str) -> String {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/shipped/applicants/{name}.toml"));
    std::fs::read_to_string(file).expect("an applicant")
}

/// Reads `applicants/NAME.toml` as facts of that provenance.
pub fn read(name: &str, provenance: Provenance) -> FactBase {
    from_table(&text(name).parse().expect("a TOML table"), provenance)
}

/// Reads it as attested facts, with the first place that says so changed.
pub fn changed(name: &str, old: &str, new: &str) -> FactBase {
    let text = text(name);
    assert!(text.contains(old), "{name}: {old}");
    let table = text.replacen(old, new, 1).parse().expect("TOML");
    from_table(&table, Provenance::Attested)
}

/// Facts from a table.
pub fn from_table(table: &Table, provenance: Provenance) -> FactBase {
    let mut base = FactBase::new(Schema::standard().clone());
    let root = base.root();
    let mut todo = Vec::new();
    records(&mut base, root, table, &mut todo);
    for (key, raw) in todo {
        let value = value(&base, key, &raw);
        base.add_fact(fact(key, value, provenance));
    }
    base
}

type Todo = Vec<(SlotKey, toml::Value)>;

/// Creates the records; their properties wait until every record exists.
fn records(base: &mut FactBase, record: RecordId, table: &Table, todo: &mut Todo) {
    for (name, raw) in table.iter().filter(|(n, _)| *n != "id") {
        let ty = base.record(record).ty;
        let field = base.schema().ty(ty).field(name);
        let field = field.unwrap_or_else(|| panic!("no field {name}"));
        let key = SlotKey { record, field };
        let many = matches!(base.schema().field(ty, field).ty, FieldType::Many(_));
        match (base.slot(key).clone(), raw) {
            (Slot::One(part), toml::Value::Table(t)) => records(base, part, t, todo),
            (Slot::Many(_), toml::Value::Array(list)) => {
                for (i, item) in list.iter().enumerate() {
                    let item = item.as_table().expect("a record");
                    let id = item.get("id").and_then(|v| v.as_str());
                    let id = id.map_or(format!("{i}"), str::to_string);
                    let member = base.add_member(record, field, &id, None);
                    records(base, member, item, todo);
                }
                base.set_complete(record, field, true);
            }
            (_, raw) if !many => todo.push((key, raw.clone())),
            _ => panic!("{name} has the wrong shape"),
        }
    }
}

fn value(base: &FactBase, key: SlotKey, raw: &toml::Value) -> Value {
    let ty = &base
        .schema()
        .field(base.record(key.record).ty, key.field)
        .ty;
    let number = |d: Decimal| Value::Number(Interval::point(d));
    match (ty, raw) {
        (_, toml::Value::Boolean(b)) => Value::Bool(*b),
        (_, toml::Value::Integer(i)) => number((*i).into()),
        (_, toml::Value::Datetime(d)) => Value::Date(d.to_string().parse().expect("a day")),
        (_, toml::Value::Array(words)) => {
            let words = words.iter().map(|w| w.as_str().expect("a word").into());
            Value::Texts(words.collect())
        }
        (FieldType::Ref(of), toml::Value::String(s)) => {
            let id = s.split_once(':').expect("type:id").1;
            let applicant = base.path(&["organisation", "seat"]).expect("the applicant");
            match id {
                "applicant" => Value::Ref(applicant.record),
                id => Value::Ref(base.find(*of, id).unwrap_or_else(|| panic!("no {s}"))),
            }
        }
        (FieldType::Percent | FieldType::Money | FieldType::Count, toml::Value::String(s)) => {
            number(s.parse().expect("a decimal"))
        }
        (_, toml::Value::String(s)) => Value::text(s),
        _ => panic!("unexpected {raw}"),
    }
}
