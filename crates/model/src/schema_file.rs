//! Reading the files of the fact schema.

use crate::schema::{Field, FieldId, FieldType, Form, Schema, SchemaError, Text, Type, TypeId};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSchema {
    r#type: Vec<RawType>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawType {
    name: String,
    fr: String,
    en: String,
    #[serde(default = "default_effort")]
    remove_effort: u32,
    fields: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    name: String,
    r#type: String,
    form: Option<Form>,
    #[serde(default)]
    past: bool,
    fr: String,
    en: String,
    #[serde(default = "default_effort")]
    effort: u32,
    example: Option<String>,
    values: Option<Vec<String>>,
}

fn default_effort() -> u32 {
    10
}

/// The schema that the texts of these files define.
pub(crate) fn read(texts: &[&str]) -> Result<Schema, SchemaError> {
    let mut raw = Vec::new();
    for text in texts {
        let file: RawSchema = toml::from_str(text).map_err(|e| SchemaError(e.to_string()))?;
        raw.extend(file.r#type);
    }
    let mut by_name = HashMap::new();
    for (i, t) in raw.iter().enumerate() {
        if by_name
            .insert(Arc::from(t.name.as_str()), TypeId(i as u16))
            .is_some()
        {
            return Err(SchemaError(format!("type `{}` is defined twice", t.name)));
        }
    }
    let types = raw
        .into_iter()
        .map(|t| resolve_type(t, &by_name))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Schema { types, by_name })
}

fn resolve_type(raw: RawType, types: &HashMap<Arc<str>, TypeId>) -> Result<Type, SchemaError> {
    let mut by_name = HashMap::new();
    let mut fields = Vec::new();
    for (i, f) in raw.fields.into_iter().enumerate() {
        let name: Arc<str> = f.name.as_str().into();
        if by_name.insert(name.clone(), FieldId(i as u16)).is_some() {
            return Err(SchemaError(format!(
                "field `{}.{name}` is defined twice",
                raw.name
            )));
        }
        let ty = field_type(&f, types)
            .ok_or_else(|| SchemaError(format!("`{}.{name}`: no type `{}`", raw.name, f.r#type)))?;
        if f.past && ty != FieldType::Date {
            let message = format!("`{}.{name}`: only a date can be `past`", raw.name);
            return Err(SchemaError(message));
        }
        let doc = Text { fr: f.fr, en: f.en };
        let example = f.example.map(Into::into);
        fields.push(Field {
            name,
            ty,
            form: f.form,
            past: f.past,
            doc,
            effort: f.effort,
            example,
        });
    }
    Ok(Type {
        name: raw.name.into(),
        doc: Text {
            fr: raw.fr,
            en: raw.en,
        },
        fields,
        remove_effort: raw.remove_effort,
        by_name,
    })
}

fn field_type(f: &RawField, types: &HashMap<Arc<str>, TypeId>) -> Option<FieldType> {
    let words = || {
        let values = f.values.as_ref()?;
        Some(
            values
                .iter()
                .map(|v| Arc::from(v.as_str()))
                .collect::<Arc<[Arc<str>]>>(),
        )
    };
    if let Some((kind, target)) = f.r#type.split_once(':') {
        let target = *types.get(target)?;
        return match kind {
            "ref" => Some(FieldType::Ref(target)),
            "one" => Some(FieldType::One(target)),
            "many" => Some(FieldType::Many(target)),
            _ => None,
        };
    }
    Some(match f.r#type.as_str() {
        "bool" => FieldType::Bool,
        "integer" => FieldType::Integer,
        "percent" => FieldType::Percent,
        "money" => FieldType::Money,
        "count" => FieldType::Count,
        "date" => FieldType::Date,
        "text" => FieldType::Text,
        "country" => FieldType::Country,
        "enum" => FieldType::Enum(words()?),
        "texts" => FieldType::Texts,
        "countries" => FieldType::Countries,
        "enums" => FieldType::Enums(words()?),
        _ => return None,
    })
}
