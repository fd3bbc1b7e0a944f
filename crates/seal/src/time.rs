//! Moments, as credentials write them.

use crate::{Refusal, Result};
pub use jiff::Timestamp;

/// Reads an XML Schema `dateTimeStamp`: date, time and offset, all stated.
pub fn read(text: &str) -> Result<Timestamp> {
    let stamped = text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T');
    let plain = !text.contains('[') && text.len() <= 40;
    match text.parse::<Timestamp>() {
        Ok(t) if stamped && plain => Ok(t),
        _ => Err(Refusal::new(
            "time",
            format!("« {text} » n'est pas une date avec heure et fuseau (2026-11-24T12:00:00Z)"),
            format!("`{text}` is not a date with time and offset (2026-11-24T12:00:00Z)"),
        )),
    }
}

/// Writes a moment to the second, in UTC.
pub fn write(t: Timestamp) -> String {
    t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The day, in UTC, ISO 8601.
pub fn day(t: Timestamp) -> String {
    t.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_date_time_with_its_offset_is_read() {
        let t = read("2026-11-24T12:00:00+01:00").unwrap();
        assert_eq!(write(t), "2026-11-24T11:00:00Z");
        for bad in [
            "2026-11-24",
            "2026-11-24T12:00:00",
            "2026-11-24 12:00:00Z",
            "",
            "x",
        ] {
            assert_eq!(read(bad).unwrap_err().code, "time", "{bad}");
        }
    }
}
