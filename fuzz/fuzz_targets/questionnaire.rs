//! Any bytes as a workbook, or as a sheet of a workbook: read or refused, never a panic.
//! The first byte chooses the part that the others stand in for; 255 is the whole file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Read, Write};
use std::sync::OnceLock;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The sheets that stand for all: what tells the format, what there is once, a list, facts.
/// With all thirty, most runs would read what did not change.
const SHEETS: [&str; 4] = ["cocarde", "organisation", "holding", "fact"];

/// The parts of a small questionnaire that are read.
fn parts() -> &'static [(String, Vec<u8>)] {
    static PARTS: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    PARTS.get_or_init(|| {
        let text = "[dossier]\nformat = 1\n[organisation]\nname = \"x\"\n";
        let dossier = cocarde_dossier::read_texts(&[("a.toml", text)]).expect("is well-formed");
        let bytes = cocarde_questionnaire::write(&dossier).expect("fits");
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("is an archive");
        let mut part = |name: &str| {
            let mut bytes = Vec::new();
            let mut part = archive.by_name(name).expect("is there");
            part.read_to_end(&mut bytes).expect("is whole");
            bytes
        };
        let book = String::from_utf8(part("xl/workbook.xml")).expect("is text");
        let (book, sheets) = few_sheets(&book);
        let mut names: Vec<String> = ["xl/_rels/workbook.xml.rels", "xl/styles.xml"]
            .into_iter()
            .chain(["xl/sharedStrings.xml", "_rels/.rels", "[Content_Types].xml"])
            .map(str::to_string)
            .collect();
        names.extend(sheets);
        let rest = names.into_iter().map(|name| {
            let bytes = part(&name);
            (name, bytes)
        });
        let book = ("xl/workbook.xml".to_string(), book.into_bytes());
        [book].into_iter().chain(rest).collect()
    })
}

/// The workbook with only a few of its sheets, and the names of their parts.
fn few_sheets(book: &str) -> (String, Vec<String>) {
    let (head, rest) = book.split_once("<sheets>").expect("has sheets");
    let (list, tail) = rest.split_once("</sheets>").expect("has sheets");
    let kept = |sheet: &&str| {
        SHEETS
            .iter()
            .any(|n| sheet.contains(&format!("name=\"{n}\"")))
    };
    let list: Vec<&str> = list.split_inclusive("/>").filter(kept).collect();
    let number = |sheet: &&str| {
        sheet
            .split('"')
            .nth(3)
            .map(|n| format!("xl/worksheets/sheet{n}.xml"))
    };
    let names: Vec<String> = list.iter().filter_map(number).collect();
    assert_eq!(names.len(), SHEETS.len());
    // Names of ranges go by the places of sheets, which changed.
    let end = tail
        .rfind("</definedNames>")
        .map_or(tail, |at| &tail[at + 15..]);
    (
        format!("{head}<sheets>{}</sheets>{end}", list.concat()),
        names,
    )
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = data.split_first() else {
        return;
    };
    let limits = cocarde_questionnaire::Limits {
        bytes: 8 << 20,
        // Few enough for an input of the usual size to meet them.
        cells: 20_000,
        texts: 1 << 20,
        ..Default::default()
    };
    if *choice == 255 {
        let _ = cocarde_questionnaire::read("q.xlsx", bytes, &limits);
        return;
    }
    let parts = parts();
    let changed = usize::from(*choice) % parts.len();
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (i, (name, whole)) in parts.iter().enumerate() {
        let part = if i == changed { bytes } else { whole };
        into.start_file(name, stored).expect("in memory");
        into.write_all(part).expect("in memory");
    }
    let book = into.finish().expect("in memory").into_inner();
    let _ = cocarde_questionnaire::read("q.xlsx", &book, &limits);
});
