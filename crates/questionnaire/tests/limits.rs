//! Workbooks that would take more room or time than they have bytes: refused in bounded room.

mod common;

use cocarde_questionnaire::{Limits, read, write};
use common::{changed, example, part_of, refusal, said, with_cell};
use std::io::{Cursor, Read, Write};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

#[test]
fn bombs_are_refused_before_they_grow() {
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    into.start_file("xl/workbook.xml", SimpleFileOptions::default())
        .unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..64 {
        into.write_all(&zeros).unwrap();
    }
    let bomb = into.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    let limits = Limits {
        bytes: 1 << 20,
        ..Limits::default()
    };
    let failure = read("q.xlsx", &bomb, &limits).unwrap_err();
    assert_eq!(failure.diagnostics[0].code, "too-large");
    // A cell at the far corner asks for a sheet of sixteen thousand million cells.
    let far = "<c r=\"D4\"><v>1</v></c><c r=\"XFD4\"><v>1</v></c>";
    let found = refusal(&with_cell("organisation", "D4", far));
    assert!(
        found.ends_with("this cell is too far from the questions"),
        "{found}"
    );
    let few = Limits {
        cells: 10,
        ..Limits::default()
    };
    let whole = changed(|_, text| text);
    let failure = read("q.xlsx", &whole, &few).unwrap_err();
    assert_eq!(failure.diagnostics[0].code, "too-many-cells");
}

/// The bytes of a workbook say nothing of what its cells hold: one text may stand in all of them.
#[test]
fn a_text_that_many_cells_share_counts_for_each() {
    let shared = |text: &str| {
        let table = format!("<si><t>{text}</t></si></sst>");
        let at = "uniqueCount=\"";
        changed(|name, whole| match name {
            "xl/sharedStrings.xml" => {
                let (head, rest) = whole.split_once(at).unwrap();
                let (count, rest) = rest.split_once('"').unwrap();
                let count: usize = count.parse().unwrap();
                let rest = rest.replace("</sst>", &table);
                format!("{head}{at}{}\"{rest}", count + 1)
            }
            _ if name == part_of("organisation") => {
                let texts = shared_texts();
                let cells: String = (1..=40)
                    .map(|n| {
                        format!(
                            "<row r=\"{}\"><c r=\"D{}\" t=\"s\"><v>{texts}</v></c></row>",
                            200 + n,
                            200 + n
                        )
                    })
                    .collect();
                whole.replace("</sheetData>", &format!("{cells}</sheetData>"))
            }
            _ => whole,
        })
    };
    let most = "é".repeat(32_767);
    let few = Limits {
        texts: 1 << 20,
        ..Limits::default()
    };
    let failure = read("q.xlsx", &shared(&most), &few).unwrap_err();
    let said = &failure.diagnostics[0].message.en;
    assert_eq!(
        said,
        "the texts of all cells together are more than the 1 MiB allowed"
    );
    // What a spreadsheet could not hold is refused where it stands, before it is copied.
    assert_eq!(
        refusal(&shared(&format!("{most}é"))),
        "q.xlsx, organisation!D201: this cell is longer than the 32767 characters of a cell"
    );
}

/// How many shared texts the workbook of the example has.
fn shared_texts() -> usize {
    let bytes = write(&example("filiale-us")).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let mut part = archive.by_name("xl/sharedStrings.xml").unwrap();
    part.read_to_string(&mut text).unwrap();
    text.matches("<si>").count()
}

/// The reader of workbooks makes room for what a file announces.
#[test]
fn texts_that_are_announced_and_not_there_take_no_room() {
    for count in ["18446744073709551615", "99999999999", "1000000"] {
        let bytes = changed(|name, whole| match name {
            "xl/sharedStrings.xml" => {
                let (head, rest) = whole.split_once("uniqueCount=\"").unwrap();
                let (_, rest) = rest.split_once('"').unwrap();
                format!("{head}uniqueCount=\"{count}\"{rest}")
            }
            _ => whole,
        });
        assert_eq!(
            refusal(&bytes),
            format!(
                "q.xlsx, xl/sharedStrings.xml: `{count}` shared texts are announced, \
                 and this part has not as many"
            )
        );
    }
}

/// Sheets that are no part of a questionnaire are not read, whatever they hold, and of those of
/// one name the first is.
#[test]
fn sheets_beside_the_questionnaire_are_not_read() {
    let bytes = changed(|name, text| match name {
        "xl/workbook.xml" => {
            let (head, rest) = text.split_once("</sheets>").unwrap();
            let more: String = (0..1_000)
                .map(|n| {
                    format!(
                        "<sheet name=\"Calculs\" sheetId=\"{}\" r:id=\"rId2\"/>",
                        n + 500
                    )
                })
                .collect();
            format!("{head}{more}</sheets>{rest}")
        }
        _ => text,
    });
    let few = Limits {
        cells: 20_000,
        ..Limits::default()
    };
    let answers = read("q.xlsx", &bytes, &few).unwrap();
    assert_eq!(answers.ignored[0], "Calculs");
    assert_eq!(
        said(&answers.dossier.base),
        said(&example("filiale-us").base)
    );
}
