//! Days in words.

use super::Lang;
use cocarde_model::Date;

/// Characters of a day as programs write it.
const ISO: usize = 10;

/// An ISO day (`2026-11-23`) in words; what is none is left as it is.
pub fn day(lang: Lang, iso: &str) -> String {
    const FR: [&str; 12] = [
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
    const EN: [&str; 12] = [
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
    let date = Some(iso).filter(|iso| iso.len() == ISO);
    let Some(date) = date.and_then(|iso| iso.parse::<Date>().ok()) else {
        return iso.to_string();
    };
    let (year, month, day) = (date.year(), date.month() as usize - 1, date.day());
    match (lang, day) {
        (Lang::Fr, 1) => format!("1er {} {year}", FR[month]),
        (Lang::Fr, _) => format!("{day} {} {year}", FR[month]),
        (Lang::En, _) => format!("{day} {} {year}", EN[month]),
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
