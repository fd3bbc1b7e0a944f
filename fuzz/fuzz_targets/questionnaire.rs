//! Any bytes as a workbook, or as a sheet of a workbook: read or refused, never a panic.
//! The first byte chooses the part that the others stand in for; 255 is the whole file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Read, Write};
use std::sync::OnceLock;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The parts of a small questionnaire.
fn parts() -> &'static [(String, Vec<u8>)] {
    static PARTS: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    PARTS.get_or_init(|| {
        let text = "[dossier]\nformat = 1\n[organisation]\nname = \"x\"\n";
        let dossier = cocarde_dossier::read_texts(&[("a.toml", text)]).expect("is well-formed");
        let bytes = cocarde_questionnaire::write(&dossier).expect("fits");
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("is an archive");
        (0..archive.len())
            .map(|i| {
                let mut part = archive.by_index(i).expect("is there");
                let mut bytes = Vec::new();
                part.read_to_end(&mut bytes).expect("is whole");
                (part.name().expect("is text").to_string(), bytes)
            })
            .collect()
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = data.split_first() else {
        return;
    };
    let limits = cocarde_questionnaire::Limits {
        bytes: 8 << 20,
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
