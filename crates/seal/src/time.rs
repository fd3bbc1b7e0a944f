//! Moments, as credentials write them.

use crate::{Refusal, Result};
use cocarde_model::{Text, day_words};
pub use jiff::Timestamp;
use jiff::tz::TimeZone;

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

/// A moment as people write it, in French and English: the day in UTC, and the minute
/// unless it is midnight.
pub fn words(t: Timestamp) -> (String, String) {
    let moment = TimeZone::UTC.to_datetime(t);
    let Text { fr, en } = day_words(moment.date());
    match (moment.hour(), moment.minute()) {
        (0, 0) => (fr, en),
        (h, m) => (
            format!("{fr} à {h}\u{a0}h\u{a0}{m:02} (UTC)"),
            format!("{en}, {h}:{m:02} (UTC)"),
        ),
    }
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

    #[test]
    fn a_moment_is_said_to_the_minute_unless_it_is_midnight() {
        let said = |text| words(read(text).unwrap());
        let (fr, en) = said("2026-12-01T01:00:00+01:00");
        assert_eq!((&*fr, &*en), ("1er décembre 2026", "1 December 2026"));
        let (fr, en) = said("2026-11-24T18:05:59Z");
        assert_eq!(fr, "24 novembre 2026 à 18\u{a0}h\u{a0}05 (UTC)");
        assert_eq!(en, "24 November 2026, 18:05 (UTC)");
    }
}
