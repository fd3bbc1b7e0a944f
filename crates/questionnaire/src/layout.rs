//! Which sheets a questionnaire has, and where things stand on them.

use cocarde_model::{Field, FieldId, FieldType, Schema, Text, TypeId};
use std::sync::Arc;

/// Characters that a cell of a spreadsheet holds, at most, in units of UTF-16.
pub(crate) const LONGEST: usize = 32_767;

/// The sheet that says how to fill the others in, and proves the format.
pub(crate) const README: &str = "cocarde";
/// What its second row says.
pub(crate) const FORMAT: &str = "format 1";
/// The sheet with the words that may be chosen.
pub(crate) const CHOICES: &str = "choices";
/// The sheet of facts stated one by one.
pub(crate) const FACTS: &str = "fact";

/// Sheets of what a dossier has once: the first row of questions, and the columns.
pub(crate) const ONCE_FIRST: u32 = 3;
pub(crate) const ONCE_KEY: u16 = 0;
pub(crate) const ONCE_ANSWER: u16 = 3;
pub(crate) const ONCE_EVIDENCE: u16 = 4;

/// Sheets of lists: the row of the statement whether the list is whole, the row of keys,
/// and the first row of records.
pub(crate) const LIST_STATE: (u32, u16) = (1, 1);
pub(crate) const LIST_KEYS: u32 = 2;
pub(crate) const LIST_FIRST: u32 = 5;

/// What is asked of the list as a whole, in both languages.
pub(crate) const STATES: [(&str, State); 3] = [
    ("complète / complete", State::Whole),
    ("partielle / partial", State::Partial),
    ("vide / empty", State::Empty),
];

/// How whole a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Whole,
    Partial,
    Empty,
}

/// Keys of columns that are no properties.
pub(crate) const ID: &str = "id";
pub(crate) const EVIDENCE: &str = "evidence";
pub(crate) const ORIGIN: &str = "imported_from";

/// The columns of the sheet of facts, with their labels.
pub(crate) const FACT_COLUMNS: [(&str, &str, &str); 14] = [
    (
        "subject",
        "Sujet (« hosting:prod »)",
        "Subject (\"hosting:prod\")",
    ),
    ("property", "Propriété", "Property"),
    ("value", "Valeur", "Value"),
    ("how", "Comment on le sait", "How it is known"),
    ("confidence", "Confiance, de 0 à 1", "Confidence, 0 to 1"),
    ("server", "Serveur qui a répondu", "Server that answered"),
    ("time", "Instant (RFC 3339)", "Point in time (RFC 3339)"),
    ("by", "Par qui", "By whom"),
    ("note", "Note", "Note"),
    ("note_en", "Note en anglais", "Note in English"),
    ("from", "À partir du", "From"),
    ("until", "Jusqu'au", "Until"),
    ("ruling", "Arbitrage", "Ruling"),
    (EVIDENCE, "Pièce", "Document"),
];

/// A sheet of records.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    /// Its name, and that of the tables of the dossier.
    pub(crate) name: Arc<str>,
    /// The type of its records.
    pub(crate) ty: TypeId,
    /// Whether a dossier has it once.
    pub(crate) once: bool,
    /// What it is about.
    pub(crate) title: Text,
}

/// The sheets of records, in the order of the schema: what there is once, then lists.
pub(crate) fn sheets(schema: &Schema) -> Vec<Sheet> {
    let mut once = Vec::new();
    let mut lists = Vec::new();
    gather(schema, schema.root(), &mut once, &mut lists);
    once.append(&mut lists);
    once
}

fn gather(schema: &Schema, ty: TypeId, once: &mut Vec<Sheet>, lists: &mut Vec<Sheet>) {
    for field in &schema.ty(ty).fields {
        match field.ty {
            FieldType::One(part) => {
                // Only what stands at the top is a table of a dossier.
                if ty == schema.root() {
                    once.push(Sheet {
                        name: field.name.clone(),
                        ty: part,
                        once: true,
                        title: field.doc.clone(),
                    });
                }
                gather(schema, part, once, lists);
            }
            FieldType::Many(member) => {
                let name = schema.ty(member).name.clone();
                if !lists.iter().any(|s| s.name == name) {
                    lists.push(Sheet {
                        name,
                        ty: member,
                        once: false,
                        title: schema.ty(member).doc.clone(),
                    });
                }
            }
            _ => {}
        }
    }
}

/// The properties of a type that are asked.
pub(crate) fn asked(schema: &Schema, ty: TypeId) -> impl Iterator<Item = (FieldId, &Field)> {
    let fields = schema.ty(ty).fields.iter().enumerate();
    fields
        .map(|(i, f)| (FieldId(i as u16), f))
        .filter(|(_, f)| f.ty.is_scalar())
}

/// What a file says, as messages quote it: what can be shown of it, up to `most` characters.
pub(crate) fn quoted(text: &str, most: usize) -> String {
    let shown = text.chars().filter(|c| !c.is_control());
    shown.take(most).collect()
}

/// `C7`, as spreadsheets name a cell.
pub(crate) fn cell_name(row: u32, col: u16) -> String {
    let mut letters = String::new();
    let mut n = u32::from(col) + 1;
    while n > 0 {
        letters.insert(0, char::from(b'A' + ((n - 1) % 26) as u8));
        n = (n - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}
