//! Bad workbooks: refused in their cell.

mod common;

use common::{back, changed, example, part_of, refusal, said, with_cell};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

#[test]
fn a_workbook_written_anew_is_the_same() {
    let same = changed(|_, text| text);
    let dossier = example("filiale-us");
    assert_eq!(
        said(&back(&same).unwrap().dossier.base),
        said(&dossier.base)
    );
}

#[test]
fn formulas_are_refused_in_their_cell() {
    for formula in [
        "<c r=\"D4\"><f>1+1</f><v>2</v></c>",
        "<c r=\"D4\" t=\"str\"><f>HYPERLINK(\"http://x.example\")</f><v>FR</v></c>",
        "<c r=\"D4\"><f></f><v>2</v></c>",
    ] {
        let found = refusal(&with_cell("organisation", "D4", formula));
        assert_eq!(
            found,
            "q.xlsx, organisation!D4: a formula: only values are read"
        );
    }
    let error = "<c r=\"D4\" t=\"e\"><v>#REF!</v></c>";
    let found = refusal(&with_cell("organisation", "D4", error));
    assert_eq!(found, "q.xlsx, organisation!D4: this cell holds an error");
}

#[test]
fn an_answer_without_its_key_is_refused_and_not_left_out() {
    let found = refusal(&with_cell("organisation", "A4", "<c r=\"A4\"/>"));
    assert_eq!(
        found,
        "q.xlsx, organisation!D4: this cell is on a row without a key"
    );
}

/// Nobody has the files that are made of the cells: what is said names cells alone.
#[test]
fn what_is_said_names_cells_and_no_made_file() {
    let text = |at: &str, t: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{t}</t></is></c>");
    let part = part_of("holding");
    let first = "q.xlsx, holding!A6";
    // Two rows of one id.
    let twice = changed(|name, whole| match name == part {
        true => {
            let row = |n: u32| format!("<row r=\"{n}\">{}</row>", text(&format!("A{n}"), "x"));
            let (head, _) = whole.split_once("<row r=\"6\"").unwrap();
            let (_, tail) = whole.split_once("</sheetData>").unwrap();
            format!("{head}{}{}</sheetData>{tail}", row(6), row(7))
        }
        false => whole,
    });
    assert_eq!(
        refusal(&twice),
        format!("q.xlsx, holding!A7: `x` is already taken ({first})")
    );
    let nameless = with_cell("holding", "A6", "<c r=\"A6\"/>");
    let failure = back(&nameless).unwrap_err();
    assert_eq!(failure.diagnostics[0].file.as_deref(), Some(first));
    let help = failure.diagnostics[0].help.as_ref().unwrap();
    assert_eq!(help.en, "give it one that no other row has, or clear it");
}

#[test]
fn values_are_refused_in_their_cell() {
    let text =
        |cell: &str, t: &str| format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{t}</t></is></c>");
    // The columns of a holding: id, holder, held, capital, votes.
    let row = "A6";
    let cases = [
        (
            "holding",
            "D6",
            text("D6", "100.5"),
            "`capital` is 100.5, it must be from 0 to 100",
        ),
        (
            "holding",
            "D6",
            text("D6", "-1"),
            "`capital` is -1, it must be from 0 to 100",
        ),
        (
            "holding",
            "D6",
            text("D6", "NaN"),
            "`capital`: `NaN` is not an exact decimal number",
        ),
        (
            "holding",
            "D6",
            text("D6", "1,234"),
            "\"1,234\": thousands or decimals? Write 1234 or 1.234",
        ),
        (
            "holding",
            "D6",
            "<c r=\"D6\"><v>0.30000000000000004</v></c>".into(),
            "this number is not exact: type it as text",
        ),
        (
            "holding",
            "B6",
            text("B6", "nobody"),
            "nothing is called `party:nobody` in this dossier",
        ),
        (
            "holding",
            row,
            text(row, "a b"),
            "an `id` is a text of at most 100 letters, digits, \"-\", \"_\" and \".\"",
        ),
        (
            "organisation",
            "D5",
            text("D5", "compny"),
            "`kind` does not know `compny`",
        ),
    ];
    for (sheet, cell, xml, wanted) in cases {
        let found = refusal(&with_cell(sheet, cell, &xml));
        assert_eq!(found, format!("q.xlsx, {sheet}!{cell}: {wanted}"));
    }
    let key = text("A4", "nmae");
    let found = refusal(&with_cell("organisation", "A4", &key));
    assert_eq!(
        found,
        "q.xlsx, organisation!A4: unknown key `nmae`; did you mean `name`?"
    );
}

/// A workbook of one sheet with what stands before its cells, and its rows.
fn tiny(before: &str, rows: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let related = |kind: &str, to: &str| {
        format!(
            "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" \
             Type=\"{office}/{kind}\" Target=\"{to}\"/></Relationships>"
        )
    };
    let parts = [
        ("_rels/.rels", related("officeDocument", "xl/workbook.xml")),
        (
            "xl/_rels/workbook.xml.rels",
            related("worksheet", "worksheets/sheet1.xml"),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>\
                 <sheet name=\"cocarde\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet xmlns=\"{main}\">{before}<sheetData>{rows}</sheetData></worksheet>"
            ),
        ),
    ];
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        into.start_file(name, SimpleFileOptions::default()).unwrap();
        into.write_all(text.as_bytes()).unwrap();
    }
    into.finish().unwrap().into_inner()
}

/// References that do not fit in the numbers of the reader of workbooks are refused before it
/// counts with them: otherwise it ends the program, or takes them for other cells.
#[test]
fn references_beyond_a_sheet_are_refused() {
    let cell = |at: &str| format!("<row r=\"1\"><c r=\"{at}\"><v>1</v></c></row>");
    let cases = [
        ("", cell("CrorMessage"), "CrorMessage"),
        ("", cell("AAAAAAAAAAAA1"), "AAAAAAAAAAAA1"),
        ("", cell("XFE1"), "XFE1"),
        ("", cell("A1048577"), "A1048577"),
        ("", cell("A99999999999"), "A99999999999"),
        ("", "<row r=\"4294967297\"/>".into(), "4294967297"),
        ("", "<row r='ABCDEFGHIJ1'/>".into(), "ABCDEFGHIJ1"),
        ("", "<row a r=\"1\"/>".into(), "a r=\"1\""),
        ("", "<row \u{c}r=\"4294967297\"/>".into(), "4294967297"),
        (
            "<dimension ref=\"A1:ZZZZZZZZ9\"/>",
            String::new(),
            "A1:ZZZZZZZZ9",
        ),
        ("<dimension ref=\"B1:A1\"/>", String::new(), "B1:A1"),
        (
            "",
            "<row r=\"1\"><c r=\"A1\"><f t=\"shared\" si=\"0\" ref=\"A2:A1\">1</f></c></row>"
                .into(),
            "A2:A1",
        ),
    ];
    for (before, rows, shown) in cases {
        assert_eq!(
            refusal(&tiny(before, &rows)),
            format!(
                "q.xlsx, xl/worksheets/sheet1.xml: `{shown}` is no cell of a sheet, \
                 which goes from A1 to XFD1048576"
            )
        );
    }
    // The same workbook with references that fit is read as far as what it says.
    let whole = tiny("<dimension ref=\"A1:XFD1048576\"/>", &cell("A1"));
    let failure = back(&whole).unwrap_err();
    assert_eq!(failure.diagnostics[0].code, "not-a-questionnaire");
}

/// Entities of XML are not expanded.
#[test]
fn xml_bombs_are_refused() {
    let part = part_of("organisation");
    let bomb = changed(|name, text| match name == part {
        true => text
            .replacen(
                "<worksheet",
                "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><worksheet",
                1,
            )
            .replacen("<v>", "<v>&b;", 1),
        false => text,
    });
    let found = refusal(&bomb);
    assert_eq!(found, "q.xlsx: document type declarations are not read");
}

#[test]
fn what_is_no_questionnaire_is_refused() {
    for bytes in [&b""[..], b"PK\x03\x04", b"<html>", &[0; 100]] {
        let failure = back(bytes).unwrap_err();
        assert_eq!(failure.diagnostics[0].code, "not-a-workbook");
    }
    let other = changed(|name, text| match name {
        "xl/workbook.xml" => text.replace("name=\"cocarde\"", "name=\"Feuil1\""),
        _ => text,
    });
    let failure = back(&other).unwrap_err();
    assert_eq!(failure.diagnostics[0].code, "not-a-questionnaire");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Damaged workbooks are read or refused.
    #[test]
    fn damaged_workbooks_are_read_or_refused(
        sheet in prop::sample::select(vec!["organisation", "holding", "hosting", "document"]),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0usize..9, "[<>/=\"&;0-9a-z ]{0,5}"), 1..6),
    ) {
        let part = part_of(sheet);
        let bytes = changed(|name, text| {
            if name != part {
                return text;
            }
            let mut chars: Vec<char> = text.chars().collect();
            for (at, len, with) in &cuts {
                let start = at.index(chars.len());
                let end = (start + len).min(chars.len());
                chars.splice(start..end, with.chars());
            }
            chars.into_iter().collect()
        });
        if let Err(f) = back(&bytes) {
            prop_assert!(f.diagnostics.iter().all(|d| d.file.is_some()));
        }
    }
}
