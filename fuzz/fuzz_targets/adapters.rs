//! Any bytes as a file of each format that is read: read or refused, never a panic. The
//! first byte chooses the format.

#![no_main]

use cocarde_dossier::Limits;
use cocarde_dossier::adapters::{Applicant, Format, Origin, Room, check, import, plan};
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = data.split_first() else {
        return;
    };
    let format = Format::ALL[usize::from(*choice) % Format::ALL.len()];
    let names = ["b_05.01.csv", "b_07.01.csv", "b_01.02.csv", "b_02.01.csv"];
    let name = names[usize::from(*choice) / Format::ALL.len() % names.len()];
    let limits = Limits::default();
    let room = Room::beside(0, &limits);
    if import(format, name, bytes, &Applicant::default(), &room).is_err() {
        return;
    }
    let origin = Origin {
        name,
        bytes,
        format: Some(format),
    };
    if let Ok(copies) = plan(None, &[origin], &limits) {
        // What is copied must be well-formed TOML, whatever the file says.
        let nowhere = Path::new("/nonexistent/cocarde");
        if let Err(f) = check(nowhere, &copies, &limits) {
            assert!(f.diagnostics.iter().all(|d| d.code != "malformed"));
        }
    }
});
