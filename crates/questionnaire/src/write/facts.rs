//! The sheet of the facts stated one by one.

use super::{OPEN_ROWS, protect, show, text_of, top};
use crate::codec;
use crate::content::Content;
use crate::layout::{self, FACTS};
use crate::style::{Styles, fit};
use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};

/// The facts stated one by one.
pub(super) fn sheet(
    sheet: &mut Worksheet,
    content: &Content<'_>,
    style: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(FACTS)?;
    let title = "Faits établis un par un : mesures, constats, arbitrages   ·   \
                 Facts stated one by one: measurements, observations, rulings";
    sheet.write_string_with_format(0, 0, title, &style.title)?;
    sheet.set_row_height(0, 24)?;
    for (col, (key, fr, en)) in layout::FACT_COLUMNS.iter().enumerate() {
        let col = col as u16;
        let days = matches!(*key, "from" | "until");
        sheet.set_column_width(col, if key.starts_with("note") { 44.0 } else { 22.0 })?;
        sheet.set_column_format(col, if days { &style.day } else { &style.open })?;
        for (i, (text, format)) in [key, fr, en]
            .iter()
            .zip([&style.key, &style.label, &style.label])
            .enumerate()
        {
            sheet.write_string_with_format(layout::LIST_KEYS + i as u32, col, **text, format)?;
        }
    }
    sheet.write_blank(1, 0, &style.bare)?;
    sheet.write_blank(1, 1, &style.bare)?;
    top(sheet, layout::FACT_COLUMNS.len() as u16 - 1, style)?;
    sheet.set_freeze_panes(layout::LIST_FIRST, 1)?;
    for (i, row) in content.facts.iter().enumerate() {
        for (col, shown) in row.iter().enumerate() {
            if let Some(shown) = shown {
                let at = (layout::LIST_FIRST + i as u32, col as u16);
                show(sheet, at, shown, &style.open, &style.day)?;
            }
        }
        let texts = row.iter().flatten().map(|s| (text_of(s), 22.0));
        fit(sheet, layout::LIST_FIRST + i as u32, texts)?;
    }
    let how = column("how");
    let words: Vec<&str> = cocarde_model::Provenance::ALL
        .iter()
        .filter(|p| **p != cocarde_model::Provenance::Derived)
        .map(|p| p.name())
        .collect();
    let choice = DataValidation::new().allow_list_strings(&words)?;
    let rows = (layout::LIST_FIRST, layout::LIST_FIRST + OPEN_ROWS);
    sheet.add_data_validation(rows.0, how, rows.1, how, &choice)?;
    let choice = DataValidation::new().allow_list_strings(&[codec::YES, codec::NO])?;
    let ruling = column("ruling");
    sheet.add_data_validation(rows.0, ruling, rows.1, ruling, &choice)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    protect(sheet);
    Ok(())
}

fn column(key: &str) -> u16 {
    let at = layout::FACT_COLUMNS.iter().position(|(k, ..)| *k == key);
    at.unwrap_or(0) as u16
}
