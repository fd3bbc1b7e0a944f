//! How the sheets look, and those that hold no answers: how to fill in, and the words
//! that may be chosen.

use crate::codec;
use crate::content::Content;
use crate::layout::{CHOICES, FORMAT, README, cell_name};
use crate::write::protect;
use cocarde_knowledge::countries::Countries;
use cocarde_model::{FieldId, FieldType, Schema};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};
use std::sync::Arc;

/// The formats of cells.
pub(crate) struct Styles {
    pub(crate) title: Format,
    pub(crate) head: Format,
    pub(crate) key: Format,
    pub(crate) label: Format,
    /// A cell to fill in; text, so that what is typed stays as it is typed.
    pub(crate) open: Format,
    /// The same on one line.
    pub(crate) open_line: Format,
    pub(crate) day: Format,
    /// A cell that says nothing.
    pub(crate) bare: Format,
    plain: Format,
}

const INK: Color = Color::RGB(0x1B2A49);
const PALE: Color = Color::RGB(0xEEF2F8);
const LINE: Color = Color::RGB(0xC9D2E0);
const GREY: Color = Color::RGB(0x5A6474);

impl Styles {
    pub(crate) fn new() -> Styles {
        let top = Format::new()
            .set_align(FormatAlign::Top)
            .set_font_name("Calibri");
        let edged = top
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(LINE);
        let wrapped = edged.clone().set_text_wrap();
        let open = wrapped.clone().set_num_format("@").set_unlocked();
        Styles {
            title: top.clone().set_bold().set_font_size(14).set_font_color(INK),
            head: wrapped
                .clone()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(INK),
            key: edged
                .clone()
                .set_num_format("@")
                .set_font_color(GREY)
                .set_background_color(PALE),
            label: wrapped.clone().set_background_color(PALE),
            open_line: edged.clone().set_num_format("@").set_unlocked(),
            day: edged.clone().set_num_format("yyyy-mm-dd").set_unlocked(),
            open,
            bare: top.clone(),
            plain: top.set_text_wrap(),
        }
    }
}

/// Makes a row as high as its longest text, wrapped in a column of that width.
pub(crate) fn fit<'t>(
    sheet: &mut Worksheet,
    row: u32,
    texts: impl Iterator<Item = (&'t str, f64)>,
) -> Result<(), XlsxError> {
    let lines = |(text, width): (&str, f64)| {
        // Words do not fill their line to the end.
        let most = (width * 0.9).max(1.0) as usize;
        let lines = text
            .lines()
            .map(|l| l.chars().count().div_ceil(most).max(1));
        lines.sum::<usize>().max(1)
    };
    let most = texts.map(lines).max().unwrap_or(1).min(25);
    sheet.set_row_height(row, 15.0 * most as f64)?;
    Ok(())
}

/// What the first sheet says, in French and English.
const README_LINES: [(&str, &str); 9] = [
    (
        "Une feuille par sujet. Les cellules blanches se remplissent, les autres sont protégées (sans mot de passe).",
        "One sheet a subject. White cells are for filling in, the others are protected (without a password).",
    ),
    (
        "Ce qui n'est pas rempli reste inconnu : rien n'est supposé à votre place.",
        "What is not filled in stays unknown: nothing is assumed in your place.",
    ),
    (
        "Listes (party, supplier, hosting…) : une ligne par élément, avec un identifiant de lettres, chiffres, « - », « _ » et « . ».",
        "Lists (party, supplier, hosting…): one row an element, with an identifier of letters, digits, \"-\", \"_\" and \".\".",
    ),
    (
        "En haut d'une liste, dites si elle est complète, partielle ou vide ; sans réponse, une liste remplie compte pour complète.",
        "At the top of a list, say whether it is complete, partial or empty; without an answer, a list that is filled in counts as complete.",
    ),
    (
        "Parts et montants : exacts (72,5 ou 72.5) ou en intervalle (10..20, 10.., ..20), sans espace ni symbole.",
        "Shares and amounts: exact (72.5 or 72,5) or as an interval (10..20, 10.., ..20), without spaces or symbols.",
    ),
    (
        "Plusieurs valeurs dans une cellule : une par ligne, ou séparées par « ; ». Rien du tout : « aucun / none ».",
        "Several values in a cell: one a line, or separated by \";\". None at all: \"aucun / none\".",
    ),
    (
        "Pièces : doc:contrat#p4 renvoie à la page 4 de la pièce « contrat » de la feuille document ; country = doc:contrat#p4 n'appuie que cette propriété, par sa clé.",
        "Documents: doc:contrat#p4 refers to page 4 of the document \"contrat\" of the sheet document; country = doc:contrat#p4 supports that property only, by its key.",
    ),
    (
        "Les formules ne sont pas lues : coller des valeurs.",
        "Formulas are not read: paste values.",
    ),
    (
        "Pour relire : cocarde import questionnaire.xlsx --into MON-DOSSIER ; chaque erreur est dite avec sa cellule.",
        "To read back: cocarde import questionnaire.xlsx --into MY-DOSSIER; every error is told with its cell.",
    ),
];

/// How to fill in, and which sheets there are.
pub(crate) fn readme_sheet(
    sheet: &mut Worksheet,
    content: &Content<'_>,
    style: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(README)?;
    sheet.set_column_width(0, 80)?;
    sheet.set_column_width(1, 80)?;
    let title = "Questionnaire Cocarde   ·   Cocarde questionnaire";
    sheet.write_string_with_format(0, 0, title, &style.title)?;
    sheet.set_row_height(0, 24)?;
    sheet.write_string_with_format(1, 0, FORMAT, &style.plain)?;
    let mut at = 3;
    for (fr, en) in README_LINES {
        sheet.write_string_with_format(at, 0, fr, &style.plain)?;
        sheet.write_string_with_format(at, 1, en, &style.plain)?;
        fit(sheet, at, [(fr, 80.0), (en, 80.0)].into_iter())?;
        at += 1;
    }
    at += 1;
    sheet.write_string_with_format(at, 0, "Feuilles · Sheets", &style.head)?;
    sheet.write_string_with_format(at, 1, "", &style.head)?;
    for filled in &content.sheets {
        at += 1;
        let (name, doc) = (&filled.sheet.name, &filled.sheet.title);
        sheet.write_string_with_format(at, 0, format!("{name} — {}", doc.fr), &style.plain)?;
        sheet.write_string_with_format(at, 1, format!("{name} — {}", doc.en), &style.plain)?;
    }
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    protect(sheet);
    Ok(())
}

/// Where the countries stand on the sheet of choices.
pub(crate) fn countries_range() -> String {
    let last = Countries::standard().codes().count() + 3;
    format!("={CHOICES}!$A$4:$A${last}")
}

/// The properties whose words may be chosen, in the order of their columns.
fn chosen(schema: &Schema) -> Vec<(String, &[Arc<str>])> {
    let mut all = Vec::new();
    for (ty, t) in schema.types() {
        for (i, f) in t.fields.iter().enumerate() {
            if let FieldType::Enum(words) | FieldType::Enums(words) = &f.ty {
                all.push((schema.property_name(ty, FieldId(i as u16)), &**words));
            }
        }
    }
    all
}

/// Where the words of a property stand on the sheet of choices.
pub(crate) fn choices_range(schema: &Schema, property: &str, words: usize) -> String {
    let at = chosen(schema).iter().position(|(p, _)| p == property);
    let cell = cell_name(0, at.unwrap_or(0) as u16 + 1);
    let column = cell.trim_end_matches('1');
    format!("={CHOICES}!${column}$4:${column}${}", words + 3)
}

/// The words that may be chosen: countries, then one column for each property.
pub(crate) fn choices_sheet(
    sheet: &mut Worksheet,
    schema: &Schema,
    style: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(CHOICES)?;
    let title = "Les mots au choix   ·   The words to choose from";
    sheet.write_string_with_format(0, 0, title, &style.title)?;
    sheet.set_row_height(0, 24)?;
    let mut column = |col: u16, head: &str, width: f64, words: &mut dyn Iterator<Item = String>| {
        sheet.set_column_width(col, width)?;
        sheet.write_string_with_format(2, col, head, &style.head)?;
        for (i, word) in words.enumerate() {
            sheet.write_string_with_format(3 + i as u32, col, word, &style.plain)?;
        }
        Ok::<(), XlsxError>(())
    };
    let mut codes = Countries::standard().codes().map(codec::country);
    column(0, "Pays · Countries", 44.0, &mut codes)?;
    for (i, (name, words)) in chosen(schema).into_iter().enumerate() {
        let mut words = words.iter().map(|w| w.to_string());
        column(i as u16 + 1, &name, 26.0, &mut words)?;
    }
    sheet.set_freeze_panes(3, 0)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    protect(sheet);
    Ok(())
}
