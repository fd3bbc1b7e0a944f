//! The sheets as an XLSX file: labels in both languages, lists to choose from, cells to
//! fill in open and everything else closed.

mod facts;

use crate::codec::{self, Shown};
use crate::content::{Content, Filled, Row, state_words};
use crate::evidence;
use crate::layout::{self, EVIDENCE, ORIGIN};
use crate::style::{Styles, choices_sheet, fit, readme_sheet};
use cocarde_dossier::APPLICANT;
use cocarde_model::{Diagnostic, Field, FieldId, FieldType};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, Formula,
    ProtectionOptions, Workbook, Worksheet, XlsxError,
};

/// Rows below the labels that lists to choose from reach.
const OPEN_ROWS: u32 = 5_000;

pub(crate) fn workbook(content: &Content<'_>) -> Result<Vec<u8>, Box<Diagnostic>> {
    build(content).map_err(|e| {
        Box::new(Diagnostic::error(
            "not-written",
            format!("le classeur ne s'écrit pas : {e}"),
            format!("the workbook cannot be written: {e}"),
        ))
    })
}

fn build(content: &Content<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same dossier gives the same bytes.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let styles = Styles::new();
    readme_sheet(book.add_worksheet(), content, &styles)?;
    for filled in &content.sheets {
        let sheet = book.add_worksheet();
        let writer = Writer {
            content,
            styles: &styles,
            filled,
        };
        match filled.sheet.once {
            true => writer.once(sheet)?,
            false => writer.list(sheet)?,
        }
    }
    facts::sheet(book.add_worksheet(), content, &styles)?;
    choices_sheet(book.add_worksheet(), content.schema, &styles)?;
    book.save_to_buffer()
}

/// Closes all cells but those to fill in; columns may be widened.
pub(crate) fn protect(sheet: &mut Worksheet) {
    let options = ProtectionOptions {
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&options);
}

/// Writes a cell in the style of its kind.
fn show(
    sheet: &mut Worksheet,
    (row, col): (u32, u16),
    shown: &Shown,
    text: &Format,
    day: &Format,
) -> Result<(), XlsxError> {
    match shown {
        Shown::Text(t) => sheet.write_string_with_format(row, col, t, text)?,
        Shown::Day(d) => {
            let date = ExcelDateTime::from_ymd(d.year() as u16, d.month() as u8, d.day() as u8)?;
            sheet.write_datetime_with_format(row, col, &date, day)?
        }
    };
    Ok(())
}

struct Writer<'a> {
    content: &'a Content<'a>,
    styles: &'a Styles,
    filled: &'a Filled,
}

impl Writer<'_> {
    fn title(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let s = &self.filled.sheet;
        sheet.set_name(&*s.name)?;
        let title = format!("{}   ·   {}", s.title.fr, s.title.en);
        sheet.write_string_with_format(0, 0, &title, &self.styles.title)?;
        sheet.set_row_height(0, 24)?;
        protect(sheet);
        sheet
            .set_landscape()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0);
        Ok(())
    }

    /// Questions downwards.
    fn once(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        self.title(sheet)?;
        let style = self.styles;
        let heads = [
            "clé · key",
            "Question",
            "Question",
            "Réponse · Answer",
            "Pièces · Documents",
        ];
        let widths = [22.0, 52.0, 52.0, 34.0, 30.0];
        for (col, (head, width)) in heads.iter().zip(widths).enumerate() {
            let col = col as u16;
            sheet.set_column_width(col, width)?;
            sheet.write_string_with_format(layout::ONCE_FIRST - 1, col, *head, &style.head)?;
        }
        sheet.set_freeze_panes(layout::ONCE_FIRST, 0)?;
        sheet.set_repeat_rows(layout::ONCE_FIRST - 1, layout::ONCE_FIRST - 1)?;
        let none = Row::default();
        let row = self.filled.rows.first().unwrap_or(&none);
        let fields = layout::asked(self.content.schema, self.filled.sheet.ty);
        for (i, (id, field)) in fields.enumerate() {
            let at = layout::ONCE_FIRST + i as u32;
            sheet.write_string_with_format(at, layout::ONCE_KEY, &*field.name, &style.key)?;
            sheet.write_string_with_format(at, 1, &field.doc.fr, &style.label)?;
            sheet.write_string_with_format(at, 2, &field.doc.en, &style.label)?;
            self.answer(sheet, (at, layout::ONCE_ANSWER), row, id, field)?;
            let cited: Vec<&str> = row
                .evidence
                .iter()
                .filter(|(f, _)| f.as_deref() == Some(&*field.name))
                .map(|(_, text)| text.as_str())
                .collect();
            let cell = (at, layout::ONCE_EVIDENCE);
            sheet.write_string_with_format(cell.0, cell.1, cited.join("\n"), &style.open)?;
            let shown = row.cells.get(&id).map_or("", text_of);
            let texts = [
                (&*field.doc.fr, 52.0),
                (&*field.doc.en, 52.0),
                (shown, 34.0),
            ];
            let cited = cited.join("\n");
            fit(sheet, at, texts.into_iter().chain([(&*cited, 30.0)]))?;
            self.choose(sheet, (id, field), layout::ONCE_ANSWER, (at, at))?;
        }
        Ok(())
    }

    fn answer(
        &self,
        sheet: &mut Worksheet,
        (row, col): (u32, u16),
        from: &Row,
        id: FieldId,
        field: &Field,
    ) -> Result<(), XlsxError> {
        let style = self.styles;
        match from.cells.get(&id) {
            Some(shown) => show(sheet, (row, col), shown, &style.open, &style.day),
            None => {
                let blank = match field.ty {
                    FieldType::Date => &style.day,
                    _ => &style.open,
                };
                sheet.write_blank(row, col, blank).map(drop)
            }
        }
    }

    /// Records across.
    fn list(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        self.title(sheet)?;
        let style = self.styles;
        let (row, col) = layout::LIST_STATE;
        let asked = "Cette liste est · This list is";
        sheet.write_string_with_format(row, 0, asked, &style.head)?;
        let words = self.filled.state.map_or("", state_words);
        sheet.write_string_with_format(row, col, words, &style.open_line)?;
        let states: Vec<&str> = layout::STATES.iter().map(|(w, _)| *w).collect();
        let choice = DataValidation::new().allow_list_strings(&states)?;
        sheet.add_data_validation(row, col, row, col, &choice)?;
        self.columns(sheet)?;
        let is_party = &*self.filled.sheet.name == "party";
        let first = layout::LIST_FIRST + u32::from(is_party);
        if is_party {
            sheet.write_string_with_format(layout::LIST_FIRST, 0, APPLICANT, &style.key)?;
            let note = "→ organisation";
            sheet.write_string_with_format(layout::LIST_FIRST, 1, note, &style.key)?;
        }
        for (i, row) in self.filled.rows.iter().enumerate() {
            self.record(sheet, first + i as u32, row)?;
        }
        Ok(())
    }

    /// Keys, labels, widths and choices of the columns.
    fn columns(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let style = self.styles;
        let s = &self.filled.sheet;
        let fields: Vec<(FieldId, &Field)> = layout::asked(self.content.schema, s.ty).collect();
        let head = |sheet: &mut Worksheet, col: u16, texts: [&str; 3], width: f64| {
            sheet.set_column_width(col, width)?;
            sheet.set_column_format(col, &style.open)?;
            for (i, (text, format)) in texts
                .iter()
                .zip([&style.key, &style.label, &style.label])
                .enumerate()
            {
                let row = layout::LIST_KEYS + i as u32;
                sheet.write_string_with_format(row, col, *text, format)?;
            }
            Ok::<(), XlsxError>(())
        };
        head(sheet, 0, ["id", "Identifiant", "Identifier"], 30.0)?;
        for (i, (id, field)) in fields.iter().enumerate() {
            let col = i as u16 + 1;
            let texts = [&*field.name, &field.doc.fr, &field.doc.en];
            head(sheet, col, texts, width(field))?;
            if field.ty == FieldType::Date {
                sheet.set_column_format(col, &style.day)?;
            }
            let rows = (layout::LIST_FIRST, layout::LIST_FIRST + OPEN_ROWS);
            self.choose(sheet, (*id, field), col, rows)?;
        }
        let last = fields.len() as u16 + 1;
        let evidence = [
            EVIDENCE,
            "Pièces : doc:contrat#p4",
            "Documents: doc:contrat#p4",
        ];
        head(sheet, last, evidence, 28.0)?;
        let origin = [ORIGIN, "Repris de", "Copied from"];
        head(sheet, last + 1, origin, 24.0)?;
        top(sheet, last + 1, style)?;
        for row in [1, 2] {
            let doc = |f: &'_ Field| {
                if row == 1 {
                    f.doc.fr.clone()
                } else {
                    f.doc.en.clone()
                }
            };
            let texts: Vec<(String, f64)> =
                fields.iter().map(|(_, f)| (doc(f), width(f))).collect();
            let texts = texts.iter().map(|(t, w)| (t.as_str(), *w));
            fit(sheet, layout::LIST_KEYS + row, texts)?;
        }
        sheet.set_freeze_panes(layout::LIST_FIRST, 1)?;
        sheet.set_repeat_rows(layout::LIST_KEYS, layout::LIST_FIRST - 1)?;
        Ok(())
    }

    fn record(&self, sheet: &mut Worksheet, at: u32, row: &Row) -> Result<(), XlsxError> {
        let style = self.styles;
        let fields = layout::asked(self.content.schema, self.filled.sheet.ty);
        // Others refer to it: the name of a record stays.
        sheet.write_string_with_format(at, 0, &row.id, &style.key)?;
        let mut last = 1;
        let mut texts: Vec<(&str, f64)> = Vec::new();
        for (i, (id, field)) in fields.enumerate() {
            let col = i as u16 + 1;
            if let Some(shown) = row.cells.get(&id) {
                show(sheet, (at, col), shown, &style.open, &style.day)?;
                texts.push((text_of(shown), width(field)));
            }
            last = col + 1;
        }
        let evidence = evidence::shown(&row.evidence);
        texts.push((&evidence, 28.0));
        fit(sheet, at, texts.into_iter())?;
        if !row.evidence.is_empty() {
            let text = evidence.as_str();
            sheet.write_string_with_format(at, last, text, &style.open)?;
        }
        if let Some(origin) = &row.origin {
            let text = codec::text(origin);
            sheet.write_string_with_format(at, last + 1, text, &style.open)?;
        }
        Ok(())
    }

    /// The list to choose from, or a word on what to write.
    fn choose(
        &self,
        sheet: &mut Worksheet,
        (id, field): (FieldId, &Field),
        col: u16,
        (first, last): (u32, u32),
    ) -> Result<(), XlsxError> {
        let schema = self.content.schema;
        let from = |range: String| DataValidation::new().allow_list_formula(Formula::new(range));
        let choice = match &field.ty {
            FieldType::Bool => {
                DataValidation::new().allow_list_strings(&[codec::YES, codec::NO])?
            }
            FieldType::Country => from(crate::style::countries_range()),
            FieldType::Enum(words) => {
                let name = schema.property_name(self.filled.sheet.ty, id);
                from(crate::style::choices_range(schema, &name, words.len()))
            }
            FieldType::Ref(to) => {
                let name = &schema.ty(*to).name;
                let (a, b) = (layout::LIST_FIRST + 1, layout::LIST_FIRST + OPEN_ROWS);
                from(format!("={name}!$A${a}:$A${b}"))
            }
            other => {
                let Some((fr, en)) = hint(other) else {
                    return Ok(());
                };
                let text: String = format!("{fr}\n{en}").chars().take(255).collect();
                DataValidation::new()
                    .allow_any_value()
                    .set_input_message(text)?
            }
        };
        // A word that is not listed is told, not forbidden: an id may be added later.
        let choice = choice
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title("Hors liste · Not listed")?;
        sheet.add_data_validation(first, col, last, col, &choice)?;
        Ok(())
    }
}

/// The text of a cell; days are short.
fn text_of(shown: &Shown) -> &str {
    match shown {
        Shown::Text(t) => t,
        Shown::Day(_) => "",
    }
}

/// Takes the look of cells to fill in away from the rows above the keys.
fn top(sheet: &mut Worksheet, last: u16, style: &Styles) -> Result<(), XlsxError> {
    for col in 1..=last {
        sheet.write_blank(0, col, &style.bare)?;
        if col > layout::LIST_STATE.1 {
            sheet.write_blank(1, col, &style.bare)?;
        }
    }
    Ok(())
}

/// What to write where there is nothing to choose from.
fn hint(ty: &FieldType) -> Option<(String, String)> {
    let each_fr = "Un par ligne, ou séparés par « ; »";
    let each_en = "One a line, or separated by \";\"";
    Some(match ty {
        FieldType::Percent => (
            "En %, exact (72,5) ou 10..20".into(),
            "In %, exact (72.5) or 10..20".into(),
        ),
        FieldType::Money => (
            "Euros : 1200,50 ou 1000..".into(),
            "Euros: 1200.50 or 1000..".into(),
        ),
        FieldType::Date => ("AAAA-MM-JJ".into(), "YYYY-MM-DD".into()),
        FieldType::Enums(words) => {
            let words: Vec<&str> = words.iter().map(|w| &**w).collect();
            let words = words.join(" ; ");
            (format!("{each_fr} : {words}"), each_en.into())
        }
        FieldType::Countries => (
            format!("{each_fr} : FR ; DE"),
            format!("{each_en}: FR ; DE"),
        ),
        FieldType::Texts => (each_fr.into(), each_en.into()),
        _ => return None,
    })
}

fn width(field: &Field) -> f64 {
    let key = field.name.len() as f64 + 3.0;
    let value: f64 = match field.ty {
        FieldType::Text | FieldType::Ref(_) => 28.0,
        FieldType::Texts | FieldType::Enums(_) | FieldType::Countries => 26.0,
        FieldType::Country => 26.0,
        FieldType::Enum(_) => 24.0,
        _ => 16.0,
    };
    value.max(key)
}
