//! A test's variables as a schema and a fact base.

use cocarde_model::{Decimal, Fact, FactBase, Interval, Provenance, Schema, Source, Value};
use serde_json::Value as Json;
use std::str::FromStr;
use std::sync::Arc;

/// The variables of a test.
pub struct Bindings {
    schema: Arc<Schema>,
    values: Vec<(String, Value)>,
}

impl Bindings {
    /// Reads what a test binds; the reason why not, where the schema has no such type.
    pub fn read(test: &Json) -> Result<Bindings, String> {
        let mut fields = String::new();
        let mut values = Vec::new();
        for (name, bound) in test["bindings"].as_object().into_iter().flatten() {
            let (ty, value) = field(&bound["value"])?;
            if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err("a variable whose name has a dot".into());
            }
            fields += &format!(r#"{{ name = "{name}", type = "{ty}", fr = "x", en = "x" }},"#);
            values.push((name.clone(), value));
        }
        let text = format!(
            "[[type]]\nname = \"application\"\nfr = \"x\"\nen = \"x\"\nfields = [{fields}]"
        );
        let schema = Schema::parse(&[&text]).map_err(|e| e.to_string())?;
        let schema = Arc::new(schema);
        Ok(Bindings { schema, values })
    }

    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    pub fn base(&self) -> FactBase {
        let mut base = FactBase::new(self.schema.clone());
        for (name, value) in &self.values {
            let key = base.path(&[name]).expect("the schema has this field");
            base.add_fact(Fact {
                subject: key.record,
                field: key.field,
                value: value.clone(),
                provenance: Provenance::Declared,
                source: Source::default(),
                confidence: None,
                from: None,
                until: None,
                ruling: false,
            });
        }
        base
    }
}

/// The field type and value that a bound value needs.
fn field(bound: &Json) -> Result<(&'static str, Value), String> {
    let unsupported = |what: &str| Err(format!("a variable that holds {what}"));
    let Some((kind, value)) = bound.as_object().and_then(|o| o.iter().next()) else {
        return unsupported("nothing");
    };
    let number = |ty, text: &str| match Decimal::from_str(text) {
        Ok(d) if !d.is_sign_negative() => Ok((ty, Value::Number(Interval::point(d)))),
        _ => unsupported("a number that no field can hold"),
    };
    match kind.as_str() {
        "boolValue" => Ok(("bool", Value::Bool(value.as_bool().unwrap_or_default()))),
        "stringValue" => Ok(("text", Value::text(value.as_str().unwrap_or_default()))),
        "int64Value" => number("integer", value.as_str().unwrap_or_default()),
        "doubleValue" => number("count", &value.to_string()),
        "listValue" => {
            let items = value["values"].as_array().into_iter().flatten();
            let texts: Option<Arc<[Arc<str>]>> = items
                .map(|i| i["stringValue"].as_str().map(Arc::from))
                .collect();
            match texts {
                Some(texts) => Ok(("texts", Value::Texts(texts))),
                None => unsupported("a list of other than texts"),
            }
        }
        "mapValue" => unsupported("a map"),
        "objectValue" => unsupported("a message"),
        "bytesValue" => unsupported("bytes"),
        "uint64Value" => unsupported("an unsigned integer"),
        "nullValue" => unsupported("`null`"),
        _ => unsupported("a value of a type of its own"),
    }
}
