//! The fact schema: which properties exist, of which type, and what they mean.
//!
//! One schema drives the dossier reader, the type checker of rules, the
//! commented skeleton of a new dossier and the reference documentation.

use crate::{Interval, schema_file};
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A text in the two languages that users read.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in `lang` (`"en"` for English, French otherwise).
    pub fn get(&self, lang: &str) -> &str {
        if lang == "en" { &self.en } else { &self.fr }
    }
}

/// A record type of the schema, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u16);

/// A field within its type, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub u16);

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Yes or no.
    Bool,
    /// A whole number, never negative.
    Integer,
    /// A percentage, 0 to 100.
    Percent,
    /// An amount in euros, never negative.
    Money,
    /// A number of persons or full-time equivalents, never negative.
    Count,
    /// A calendar day.
    Date,
    /// Free text.
    Text,
    /// An ISO 3166-1 alpha-2 country code.
    Country,
    /// One of a closed list of words.
    Enum(Arc<[Arc<str>]>),
    /// A set of free texts.
    Texts,
    /// A set of country codes.
    Countries,
    /// A set of words of a closed list.
    Enums(Arc<[Arc<str>]>),
    /// Another record, named by its id.
    Ref(TypeId),
    /// One record that belongs to this one.
    One(TypeId),
    /// The records that belong to this one.
    Many(TypeId),
}

impl FieldType {
    /// The values a number of this type can take; `None` when it is no number.
    pub fn domain(&self) -> Option<Interval> {
        match self {
            FieldType::Percent => Interval::new(Some(Decimal::ZERO), Some(Decimal::ONE_HUNDRED)),
            FieldType::Integer | FieldType::Money | FieldType::Count => {
                Some(Interval::at_least(Decimal::ZERO))
            }
            _ => None,
        }
    }

    /// Decimal places that a number of this type is stated with.
    pub fn scale(&self) -> u32 {
        match self {
            FieldType::Integer => 0,
            FieldType::Percent => 4,
            _ => 2,
        }
    }

    /// Whether the field holds facts, rather than records.
    pub fn is_scalar(&self) -> bool {
        !matches!(self, FieldType::One(_) | FieldType::Many(_))
    }
}

/// In which form texts are compared, whatever way they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A host: that of a URL, in lower case, without a dot at the end.
    Host,
    /// Properties of the schema: with `hosting.*`, each property that it stands for.
    Properties,
}

/// A property of a record type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in dossiers and rules.
    pub name: Arc<str>,
    /// What it holds.
    pub ty: FieldType,
    /// In which form its texts are compared, if that is not as they are written.
    pub form: Option<Form>,
    /// Whether it is the day of what must have happened by then, and cannot be to come.
    pub past: bool,
    /// What it means, for people.
    pub doc: Text,
    /// What a change of it in the world costs, in points of effort (see
    /// [`Schema::establish_effort`]); for lists, the effort of adding an element.
    pub effort: u32,
    /// An example value, as TOML, for the skeleton of a new dossier.
    pub example: Option<Arc<str>>,
}

/// A record type.
#[derive(Clone, Debug)]
pub struct Type {
    /// Its name in the schema, in criteria (`hosting.country`) and as table in dossiers.
    pub name: Arc<str>,
    /// What it means, for people.
    pub doc: Text,
    /// Its properties.
    pub fields: Vec<Field>,
    /// The effort of doing without one such record (closing a site, leaving a supplier).
    pub remove_effort: u32,
    pub(crate) by_name: HashMap<Arc<str>, FieldId>,
}

impl Type {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<FieldId> {
        self.by_name.get(name).copied()
    }
}

/// What can be said in a dossier.
#[derive(Clone, Debug)]
pub struct Schema {
    pub(crate) types: Vec<Type>,
    pub(crate) by_name: HashMap<Arc<str>, TypeId>,
}

/// A defect of a schema file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError(pub String);

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "schema: {}", self.0)
    }
}

impl std::error::Error for SchemaError {}

/// Name of the type that holds everything; its fields are the roots of rules.
const ROOT: &str = "application";

impl Schema {
    /// The schema that this version of Cocarde speaks.
    pub fn standard() -> &'static Arc<Schema> {
        static STANDARD: OnceLock<Arc<Schema>> = OnceLock::new();
        STANDARD.get_or_init(|| {
            let files = [
                include_str!("../schema/core.toml"),
                include_str!("../schema/eu-csf.toml"),
                include_str!("../schema/resilience.toml"),
            ];
            Arc::new(Schema::parse(&files).expect("the schema that ships is well-formed"))
        })
    }

    /// Reads a schema from the texts of its files.
    pub fn parse(texts: &[&str]) -> Result<Schema, SchemaError> {
        let schema = schema_file::read(texts)?;
        if !schema.by_name.contains_key(ROOT) {
            return Err(SchemaError(format!("there is no type `{ROOT}`")));
        }
        Ok(schema)
    }

    /// The type of that id.
    pub fn ty(&self, id: TypeId) -> &Type {
        &self.types[id.0 as usize]
    }

    /// The type of that name.
    pub fn by_name(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// All types, in the order of the schema.
    pub fn types(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        self.types
            .iter()
            .enumerate()
            .map(|(i, t)| (TypeId(i as u16), t))
    }

    /// The type that holds everything; its fields are the roots of rules.
    pub fn root(&self) -> TypeId {
        self.by_name[ROOT]
    }

    /// The field of that type.
    pub fn field(&self, ty: TypeId, field: FieldId) -> &Field {
        &self.ty(ty).fields[field.0 as usize]
    }

    /// `type.field`, the name criteria give to a property.
    pub fn property_name(&self, ty: TypeId, field: FieldId) -> String {
        format!("{}.{}", self.ty(ty).name, self.field(ty, field).name)
    }

    /// Finds a property by its `type.field` name.
    pub fn property(&self, name: &str) -> Option<(TypeId, FieldId)> {
        let (ty, field) = name.split_once('.')?;
        let ty = self.by_name(ty)?;
        Some((ty, self.ty(ty).field(field)?))
    }

    /// The effort, in points, of establishing a fact that may well be so already:
    /// the unit in which the other efforts are stated.
    pub fn establish_effort(&self) -> u32 {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_schema_is_well_formed_and_documented() {
        let schema = Schema::standard();
        for (_, t) in schema.types() {
            assert!(!t.doc.fr.is_empty() && !t.doc.en.is_empty(), "{}", t.name);
            for f in &t.fields {
                assert!(
                    !f.doc.fr.is_empty() && !f.doc.en.is_empty(),
                    "{}.{}",
                    t.name,
                    f.name
                );
            }
        }
        assert!(schema.property("hosting.country").is_some());
    }

    #[test]
    fn only_a_day_can_be_past() {
        let text = r#"
            [[type]]
            name = "application"
            fr = "x"
            en = "x"
            fields = [{ name = "a", type = "text", past = true, fr = "x", en = "x" }]
        "#;
        let error = Schema::parse(&[text]).unwrap_err();
        assert_eq!(error.0, "`application.a`: only a date can be `past`");
    }

    #[test]
    fn an_unknown_type_is_named() {
        let text = r#"
            [[type]]
            name = "application"
            fr = "x"
            en = "x"
            fields = [{ name = "a", type = "colour", fr = "x", en = "x" }]
        "#;
        let error = Schema::parse(&[text]).unwrap_err();
        assert_eq!(error.0, "`application.a`: no type `colour`");
    }
}
