//! The references of a workbook's parts, before they are counted with.
//!
//! The reader of workbooks computes rows and columns in 32 bits without looking whether they
//! fit, and the size of a range without looking whether its corners are in order; and it makes
//! room for as many shared texts as a file says that it has. So no reference reaches it that is
//! beyond what a sheet can have, or that runs backwards, and no count that the file cannot hold.

use crate::layout::quoted;
use cocarde_model::Diagnostic;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The last row and the last column of a sheet, counted from 1: `XFD1048576`.
const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: u32 = 16_384;

/// Characters of an attribute that are quoted.
const MOST_QUOTED: usize = 40;

/// Bytes that a shared text takes at least: `<si></si>`.
const SHARED: usize = 9;

/// The first reference of a part that cannot be in a sheet, or the first count of texts that it
/// does not have, as a defect yet to be placed.
///
/// What is not XML has none: reading stops where it does for the reader of workbooks, which
/// reads the same way.
pub(crate) fn defect(part: &[u8]) -> Option<Diagnostic> {
    let mut xml = Reader::from_reader(part);
    let config = xml.config_mut();
    config.check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(e) | Event::Empty(e)) => {
                if let Some(bad) = bad_reference(&e) {
                    return Some(refusal(&bad));
                }
                if let Some(bad) = bad_count(&e, part.len() / SHARED) {
                    return Some(miscounted(&bad));
                }
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// The reference of an element that cannot be in a sheet, or all its attributes when they
/// are not well formed: then there are several ways to read them.
fn bad_reference(element: &BytesStart) -> Option<String> {
    let key = match element.local_name().as_ref() {
        "row" | "c" => "r",
        "dimension" | "f" => "ref",
        _ => return None,
    };
    for attribute in element.attributes() {
        let Ok(attribute) = attribute else {
            return Some(element.attributes_raw().trim().to_string());
        };
        // Some white space is part of a name for one reader and not for the other.
        if attribute.key.as_ref().trim_ascii() == key && !fits(&attribute.value) {
            return Some(attribute.value.into_owned());
        }
    }
    None
}

/// The number of shared texts that an element states, when it is none of at most `most`.
fn bad_count(element: &BytesStart, most: usize) -> Option<String> {
    if element.local_name().as_ref() != "sst" {
        return None;
    }
    for attribute in element.attributes() {
        let Ok(attribute) = attribute else {
            return Some(element.attributes_raw().trim().to_string());
        };
        let counts = attribute.key.as_ref().trim_ascii() == "uniqueCount";
        let fits = attribute.value.parse::<usize>().is_ok_and(|n| n <= most);
        if counts && !fits {
            return Some(attribute.value.into_owned());
        }
    }
    None
}

/// Whether all corners of a range are within a sheet, and in order. A single cell is a range.
fn fits(range: &str) -> bool {
    let mut before = (0, 0);
    range.split(':').all(|corner| {
        let Some(at) = position(corner) else {
            return false;
        };
        let ordered = before.0 <= at.0 && before.1 <= at.1;
        before = at;
        ordered
    })
}

/// Row and column, counted from 1, of a reference within a sheet; 0 for what it leaves out.
/// What follows them is not looked at: whoever reads the reference refuses it there.
fn position(reference: &str) -> Option<(u32, u32)> {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let rest = reference.trim_start_matches(is_letter);
    let letters = &reference[..reference.len() - rest.len()];
    let digits = &rest[..rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len()];
    let column = letters.bytes().try_fold(0u32, |sum, letter| {
        let value = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        sum.checked_mul(26)?.checked_add(value)
    })?;
    let row = match digits {
        "" => 0,
        digits => digits.parse().ok()?,
    };
    (row <= LAST_ROW && column <= LAST_COLUMN).then_some((row, column))
}

fn refusal(reference: &str) -> Diagnostic {
    let shown = quoted(reference, MOST_QUOTED);
    save_anew(Diagnostic::error(
        "bad-reference",
        format!("`{shown}` ne désigne aucune cellule d'une feuille, qui va de A1 à XFD1048576"),
        format!("`{shown}` is no cell of a sheet, which goes from A1 to XFD1048576"),
    ))
}

fn miscounted(count: &str) -> Diagnostic {
    let shown = quoted(count, MOST_QUOTED);
    save_anew(Diagnostic::error(
        "bad-count",
        format!("`{shown}` textes partagés sont annoncés, et cette partie n'en a pas autant"),
        format!("`{shown}` shared texts are announced, and this part has not as many"),
    ))
}

fn save_anew(defect: Diagnostic) -> Diagnostic {
    defect.help(
        "ouvrir le classeur dans un tableur et l'enregistrer à nouveau en XLSX",
        "open the workbook in a spreadsheet program and save it anew as XLSX",
    )
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn only_what_a_sheet_can_have_fits() {
        for good in ["A1", "xfd1048576", "A1:XFD1048576", "B2:B2", "7", "A0007"] {
            assert!(fits(good), "{good}");
        }
        for bad in [
            "XFE1",
            "A1048577",
            "1048577",
            "AAAAAAAAAAAAAAAA1",
            "ZZZZZZZZ$1",
            "A99999999999999999999",
            "A4294967297",
            "A1:ABCDEFGHIJ1",
            "B2:A2",
            "A2:A1",
        ] {
            assert!(!fits(bad), "{bad}");
        }
    }
}
