//! Types of the rule language.

use cocarde_model::{FieldType, Schema, TypeId};
use std::fmt;
use std::sync::Arc;

/// The type of a rule expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// Truth.
    Bool,
    /// A whole number: CEL `int`.
    Int,
    /// An exact decimal: written as CEL `double`.
    Dec,
    /// Free text.
    Text,
    /// A country code.
    Country,
    /// One of a closed list of words.
    Enum(Arc<[Arc<str>]>),
    /// A calendar day.
    Date,
    /// A record.
    Record(TypeId),
    /// A list.
    List(Box<Ty>),
    /// A share in percent, which can only be compared with a constant.
    Share,
    /// The element type of an empty list literal: fits every type.
    Any,
}

impl Ty {
    /// The type of a field's values in rules.
    pub fn of_field(ty: &FieldType) -> Ty {
        let list = |t| Ty::List(Box::new(t));
        match ty {
            FieldType::Bool => Ty::Bool,
            FieldType::Integer => Ty::Int,
            FieldType::Percent | FieldType::Money | FieldType::Count => Ty::Dec,
            FieldType::Date => Ty::Date,
            FieldType::Text => Ty::Text,
            FieldType::Country => Ty::Country,
            FieldType::Enum(words) => Ty::Enum(words.clone()),
            FieldType::Texts => list(Ty::Text),
            FieldType::Countries => list(Ty::Country),
            FieldType::Enums(words) => list(Ty::Enum(words.clone())),
            FieldType::Ref(t) | FieldType::One(t) => Ty::Record(*t),
            FieldType::Many(t) => list(Ty::Record(*t)),
        }
    }

    /// Whether it is a number.
    pub fn is_number(&self) -> bool {
        matches!(self, Ty::Int | Ty::Dec)
    }

    /// Whether it is a kind of text.
    pub fn is_text(&self) -> bool {
        matches!(self, Ty::Text | Ty::Country | Ty::Enum(_))
    }

    /// Whether values of the two types may be compared for equality.
    pub fn comparable(&self, other: &Ty) -> bool {
        match (self, other) {
            (Ty::Any, _) | (_, Ty::Any) => true,
            (Ty::List(a), Ty::List(b)) => a.comparable(b),
            (Ty::Share, _) | (_, Ty::Share) => self.is_number() || other.is_number(),
            (a, b) => a == b || (a.is_number() && b.is_number()) || (a.is_text() && b.is_text()),
        }
    }

    /// The type that holds values of both, if there is one.
    pub fn join(&self, other: &Ty) -> Option<Ty> {
        match (self, other) {
            (Ty::Any, t) | (t, Ty::Any) => Some(t.clone()),
            (Ty::List(a), Ty::List(b)) => Some(Ty::List(Box::new(a.join(b)?))),
            (a, b) if a == b => Some(a.clone()),
            (a, b) if a.is_number() && b.is_number() => Some(Ty::Dec),
            (a, b) if a.is_text() && b.is_text() => Some(Ty::Text),
            _ => None,
        }
    }

    /// Its name in messages.
    pub fn name(&self, schema: &Schema) -> String {
        match self {
            Ty::Record(t) => schema.ty(*t).name.to_string(),
            Ty::List(t) => format!("list({})", t.name(schema)),
            t => t.to_string(),
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ty::Bool => "bool",
            Ty::Int => "int",
            Ty::Dec => "decimal",
            Ty::Text => "string",
            Ty::Country => "country",
            Ty::Enum(_) => "enum",
            Ty::Date => "date",
            Ty::Record(_) => "record",
            Ty::List(_) => "list",
            Ty::Share => "share",
            Ty::Any => "any",
        })
    }
}
