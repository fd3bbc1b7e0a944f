//! Any bytes as the files of a scan that is taken up again: its configuration, and the lines
//! of its evidence. Read or refused with a reason; the head of a line is that of the line.

#![no_main]

use cocarde_scan::config::Config;
use cocarde_scan::evidence::{Line, head, read_lines};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data)
        && let Err(why) = Config::read(text)
    {
        assert!(!why.fr.is_empty() && !why.en.is_empty());
    }
    let mut each = |at: u64, line: &[u8]| {
        assert!(data[at as usize..].starts_with(line));
        if let (Ok(whole), Ok(short)) = (serde_json::from_slice::<Line<'_>>(line), head(line)) {
            assert_eq!((short.0, &*short.1), (whole.role, &*whole.subject));
        }
        Ok(())
    };
    let read = read_lines(data, &mut each).expect("short lines are read");
    assert!(read <= data.len() as u64);
});
