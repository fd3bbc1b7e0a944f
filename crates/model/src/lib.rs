//! The words of Cocarde: what a fact is, how it is known, and how truth and
//! amounts behave when they are known only in part.
//!
//! This room knows no file format, clock, network or storage. The one data file
//! it carries is the fact schema ([`Schema::standard`]), which names the
//! properties that every other room speaks about.

mod base;
mod day;
mod fact;
mod interval;
mod json_words;
mod schema;
mod schema_file;
mod source;
mod truth;
mod value;

pub use base::{FactBase, FactId, Members, Record, RecordId, Slot, SlotKey};
pub use day::day_words;
pub use fact::{Fact, Provenance, Source};
pub use interval::{Interval, exact_add, exact_mul};
pub use json_words::{in_french as json_in_french, placed as json_placed};
pub use schema::{Field, FieldId, FieldType, Form, Schema, SchemaError, Text, Type, TypeId};
pub use source::{Diagnostic, FileId, Severity, SourceFile, Sources, Span, did_you_mean};
pub use truth::Truth;
pub use value::Value;

pub use jiff::civil::Date;
pub use rust_decimal::{Decimal, RoundingStrategy};
