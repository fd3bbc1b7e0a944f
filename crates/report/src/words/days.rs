//! Days in words.

use super::Lang;
use cocarde_model::{Date, day_words};

/// Characters of a day as programs write it.
const ISO: usize = 10;

/// An ISO day (`2026-11-23`) in words; what is none is left as it is.
pub fn day(lang: Lang, iso: &str) -> String {
    let written = Some(iso).filter(|iso| iso.len() == ISO);
    match written.and_then(|iso| iso.parse::<Date>().ok()) {
        Some(date) => day_words(date).get(lang.code()).to_string(),
        None => iso.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_each_language_does() {
        assert_eq!(day(Lang::Fr, "2026-11-01"), "1er novembre 2026");
        assert_eq!(day(Lang::En, "2026-11-23"), "23 November 2026");
        for none in ["", "2026", "2026-02-30", "2026-11-23T10:00", "hier à midi"] {
            assert_eq!(day(Lang::Fr, none), none);
        }
    }
}
