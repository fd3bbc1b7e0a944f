//! Days as people write them.

use crate::{Date, Text};

const FRENCH: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day in words: `23 novembre 2026`, `23 November 2026`.
pub fn day_words(date: Date) -> Text {
    let (day, month, year) = (date.day(), date.month() as usize - 1, date.year());
    let first = if day == 1 { "er" } else { "" };
    Text {
        fr: format!("{day}{first} {} {year}", FRENCH[month]),
        en: format!("{day} {} {year}", ENGLISH[month]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_each_language_does() {
        let of = |iso: &str| day_words(iso.parse().unwrap());
        assert_eq!(of("2026-11-01").fr, "1er novembre 2026");
        assert_eq!(of("2026-11-23").en, "23 November 2026");
        for (i, month) in FRENCH.iter().enumerate() {
            let words = of(&format!("2026-{:02}-02", i + 1));
            assert_eq!(words.fr, format!("2 {month} 2026"));
            assert_eq!(words.en, format!("2 {} 2026", ENGLISH[i]));
        }
    }
}
