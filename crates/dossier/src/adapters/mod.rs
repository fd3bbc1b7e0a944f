//! Formats that users already have, read into the tables of a dossier.
//!
//! An adapter knows nothing of facts: it gives tables as a person could have
//! written them, which then pass the same checks as those that were.

mod bods;
mod bods_party;
mod cyclonedx;
mod cyclonedx_xml;
mod dora;
mod gleif;
mod gleif_xml;
mod ids;
mod into;
mod join;
mod json;
mod licence;
mod oscal;
mod plan;
mod room;
mod rows;
mod spdx;
mod suppliers;
mod toml_out;
mod unmapped;
mod xml;

pub use into::Import;
pub(crate) use into::import_all;
pub use plan::{Copy, Origin, check, located, plan};
pub use room::Room;
pub use toml_out::{Draft, Head, draft};
pub use unmapped::Unmapped;

use crate::report::quoted;
use ids::{id_of, id_of_name, slug};
use room::Spent;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use unmapped::Why;

/// A format that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CycloneDX 1.2 to 1.7, JSON or XML: software components and suppliers.
    CycloneDx,
    /// SPDX 2.2, 2.3 and 3.0, JSON: software components and suppliers.
    Spdx,
    /// Beneficial Ownership Data Standard 0.4, JSON: parties and holdings.
    Bods,
    /// GLEIF level 2 relationship records (RR-CDF), XML or CSV: parties and holdings.
    Gleif,
    /// A template of the DORA register of information, CSV: parties and suppliers.
    Dora,
    /// OSCAL component definition, JSON: components and suppliers.
    Oscal,
}

/// A value as a person would have written it in a dossier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// A text, word, country, reference or date.
    Text(String),
    /// A number by its digits.
    Number(String),
    /// A number known in part: least and most.
    Range(Option<String>, Option<String>),
    /// Yes or no.
    Bool(bool),
    /// A day, YYYY-MM-DD.
    Date(String),
    /// A list of texts.
    List(Vec<String>),
    /// Lists of texts by key: what documents support, by property.
    Lists(Vec<(String, Vec<String>)>),
}

/// A field of a table that an adapter read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImportedValue {
    /// Its name.
    pub field: String,
    /// What it says.
    pub cell: Cell,
    /// Where it stands, file and all, when that is not where its table stands.
    pub place: Option<String>,
}

/// A table that an adapter read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedTable {
    /// Its name: `party`, `holding`…
    pub table: String,
    /// Its `id`; empty for what a dossier has once, and for facts.
    pub id: String,
    /// Whether its `id` only counts: then it tells nothing of what the table is about.
    pub counted: bool,
    /// Its fields.
    pub values: Vec<ImportedValue>,
    /// Where it stands in the file: a JSON pointer, a line or a row.
    pub pointer: String,
}

/// What an adapter read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The tables, in the order of the file.
    pub tables: Vec<ImportedTable>,
    /// Of the lists that the file speaks of, whether it gives them whole, or says that it may
    /// leave something out.
    pub whole: BTreeMap<&'static str, bool>,
    /// What the file says that a dossier has no word for, with how often it does.
    pub unmapped: Unmapped,
    /// Ids by which other files may refer to the applicant.
    own: BTreeSet<String>,
    /// How many tables of a name are numbered.
    numbers: BTreeMap<&'static str, usize>,
    spent: Spent,
}

/// Why a file of a known format was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl ImportError {
    fn new(fr: impl Into<String>, en: impl Into<String>) -> ImportError {
        ImportError {
            fr: fr.into(),
            en: en.into(),
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for ImportError {}

/// How the applicant is recognised among the parties of a file: by any of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applicant {
    /// Its name, compared as written.
    pub name: Option<String>,
    /// Its SIREN.
    pub siren: Option<String>,
    /// Its LEI.
    pub lei: Option<String>,
}

impl Applicant {
    fn is(&self, name: Option<&str>, identifiers: &[&str]) -> bool {
        let known = [&self.siren, &self.lei];
        let by_number = known
            .iter()
            .any(|k| k.as_deref().is_some_and(|k| identifiers.contains(&k)));
        by_number || self.name.is_some() && self.name.as_deref() == name
    }
}

impl Format {
    /// The format of a file, from its name and what it states; `None` when it is none
    /// of these.
    pub fn of(name: &str, bytes: &[u8]) -> Option<Format> {
        // What tells a format mostly stands first; members of JSON come in any order.
        let start = &bytes[..bytes.len().min(4096)];
        Format::told_by(name, start).or_else(|| Format::told_by(name, bytes))
    }

    fn told_by(name: &str, bytes: &[u8]) -> Option<Format> {
        let name = name.to_ascii_lowercase();
        let text = String::from_utf8_lossy(bytes);
        let has = |word: &str| text.contains(word);
        let is_xml = text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('<');
        if has("\"CycloneDX\"") || is_xml && has(cyclonedx_xml::NAMESPACE) {
            Some(Format::CycloneDx)
        } else if has("spdxVersion") || has("spdx.org/rdf/3") || has("SpdxDocument") {
            Some(Format::Spdx)
        } else if has("\"component-definition\"") {
            Some(Format::Oscal)
        } else if has("RelationshipData") || has("Relationship.StartNode") {
            Some(Format::Gleif)
        } else if has("recordType") && has("statementId") {
            Some(Format::Bods)
        } else if dora::template(&name).is_some() {
            Some(Format::Dora)
        } else {
            None
        }
    }

    /// All formats, in the order of their names.
    pub const ALL: [Format; 6] = [
        Format::Bods,
        Format::CycloneDx,
        Format::Dora,
        Format::Gleif,
        Format::Oscal,
        Format::Spdx,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::CycloneDx => "cyclonedx",
            Format::Spdx => "spdx",
            Format::Bods => "bods",
            Format::Gleif => "gleif",
            Format::Dora => "dora",
            Format::Oscal => "oscal",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Format::CycloneDx => "CycloneDX",
            Format::Spdx => "SPDX",
            Format::Bods => "BODS 0.4",
            Format::Gleif => "GLEIF RR-CDF",
            Format::Dora => "DORA (registre d'informations, register of information)",
            Format::Oscal => "OSCAL",
        }
    }
}

/// Reads a file of that format, which may give no more than `room` holds. `name` tells
/// the template of a DORA file.
///
/// # Errors
/// When the file is not well-formed, not of a version that is read, or gives too much.
pub fn import(
    format: Format,
    name: &str,
    bytes: &[u8],
    applicant: &Applicant,
    room: &Room,
) -> Result<Imported, ImportError> {
    let mut into = Imported::within(room);
    match format {
        Format::CycloneDx => cyclonedx::read(bytes, applicant, &mut into),
        Format::Spdx => spdx::read(bytes, applicant, &mut into),
        Format::Bods => bods::read(bytes, applicant, &mut into),
        Format::Gleif => gleif::read(bytes, applicant, &mut into),
        Format::Dora => dora::read(name, bytes, applicant, &mut into),
        Format::Oscal => oscal::read(bytes, applicant, &mut into),
    }?;
    into.spent.check()?;
    Ok(into)
}

impl Imported {
    fn within(room: &Room) -> Imported {
        Imported {
            tables: Vec::new(),
            whole: BTreeMap::new(),
            unmapped: Unmapped::default(),
            own: BTreeSet::new(),
            numbers: BTreeMap::new(),
            spent: Spent::of(room),
        }
    }

    /// States a list to be given whole, or perhaps in part.
    fn gives(&mut self, list: &'static str, whole: bool) {
        self.whole.insert(list, whole);
    }

    /// Counts what stands at a path of the file.
    fn skip(&mut self, path: &str) {
        self.unmapped.add(&quoted(path));
    }

    /// Counts what is left for that reason, of what the file names so.
    fn leave(&mut self, why: Why, named: &str) {
        self.unmapped.leave(why, named, 1);
    }

    /// The word that all of these are. Of several that differ none is the one, whichever
    /// stands first: each is counted as `what`.
    fn the_one<'a>(
        &mut self,
        words: impl Iterator<Item = &'a str> + Clone,
        what: Why,
    ) -> Option<&'a str> {
        let first = words.clone().next()?;
        if words.clone().all(|w| w == first) {
            return Some(first);
        }
        self.unmapped.leave(what, "", words.count());
        None
    }

    /// Starts a table that nothing identifies, under the next number.
    fn numbered(&mut self, table: &'static str, lead: &str, pointer: String) -> Row<'_> {
        let n = self.numbers.entry(table).or_default();
        *n += 1;
        let id = format!("{lead}-{n}");
        let row = self.table(table, id, pointer);
        row.table.counted = true;
        row
    }

    /// Starts a table; values that are absent are left out. Once there is no more room,
    /// nothing is kept.
    fn table(&mut self, table: &str, id: String, pointer: String) -> Row<'_> {
        if self.spent.is_over() {
            self.tables.clear();
        }
        self.spent.table(table, &id, &pointer);
        self.tables.push(ImportedTable {
            table: table.into(),
            id,
            counted: false,
            values: Vec::new(),
            pointer,
        });
        Row {
            table: self.tables.last_mut().expect("just pushed"),
            spent: &mut self.spent,
        }
    }
}

/// A table being filled.
struct Row<'a> {
    table: &'a mut ImportedTable,
    spent: &'a mut Spent,
}

impl Row<'_> {
    fn text(self, field: &str, value: Option<impl Into<String>>) -> Self {
        let value = value
            .map(Into::into)
            .filter(|v: &String| !v.trim().is_empty());
        self.cell(field, value.map(Cell::Text))
    }

    fn cell(self, field: &str, value: Option<Cell>) -> Self {
        if let Some(cell) = value.map(plainly) {
            self.spent.cell(field, &cell);
            self.table.values.push(ImportedValue {
                field: field.into(),
                cell,
                place: None,
            });
        }
        self
    }
}

/// A number as it is written without zeros at its end, so that files that say the same are
/// seen to.
fn plainly(cell: Cell) -> Cell {
    let Cell::Number(text) = cell else {
        return cell;
    };
    let plain = crate::value::exact(&text).map(|n| n.normalize().to_string());
    Cell::Number(plain.unwrap_or(text))
}
