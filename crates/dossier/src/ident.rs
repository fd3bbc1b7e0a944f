//! Check digits of the identifiers that dossiers carry.

/// Whether the digits pass the Luhn test (ISO/IEC 7812-1, annex B).
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0') << (i % 2);
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_digits(s: &str, len: usize) -> bool {
    s.len() == len && s.bytes().all(|b| b.is_ascii_digit())
}

/// Whether `s` is a well-formed SIREN: nine digits with a Luhn key.
pub fn is_siren(s: &str) -> bool {
    is_digits(s, 9) && luhn(s)
}

/// SIREN of La Poste, whose establishments outgrew the Luhn key.
const LA_POSTE: &str = "356000000";

/// Whether `s` is a well-formed SIRET: fourteen digits with a Luhn key; for the
/// establishments of La Poste, digits whose sum is a multiple of five.
///
/// Source: INSEE, *Système d'identification du répertoire des établissements*.
pub fn is_siret(s: &str) -> bool {
    if !is_digits(s, 14) {
        return false;
    }
    let sum: u32 = s.bytes().map(|b| u32::from(b - b'0')).sum();
    luhn(s) && is_siren(&s[..9]) || s.starts_with(LA_POSTE) && sum.is_multiple_of(5)
}

/// Whether `s` is a well-formed LEI: eighteen digits or capitals and two check
/// digits, with remainder 1 modulo 97 (ISO 17442-1, ISO/IEC 7064 MOD 97-10).
pub fn is_lei(s: &str) -> bool {
    let shape = s.len() == 20
        && s.bytes()
            .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && s.as_bytes()[18..].iter().all(u8::is_ascii_digit);
    shape && remainder_97(s) == 1
}

/// The remainder modulo 97 of digits and capitals read as 10 to 35.
fn remainder_97(s: &str) -> u32 {
    s.bytes().fold(0, |r, b| match b {
        b'0'..=b'9' => (r * 10 + u32::from(b - b'0')) % 97,
        _ => (r * 100 + u32::from(b - b'A') + 10) % 97,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_numbers_are_accepted() {
        // INSEE's documentation example, La Poste's seat and one of its offices,
        // and the LEI that the GLEIF gives itself.
        assert!(is_siren("732829320"));
        assert!(is_siret("35600000000048"));
        assert!(is_siret("35600000049837"));
        assert!(is_lei("506700GE1G29325QX363"));
    }

    #[test]
    fn shapes_are_refused() {
        for s in [
            "",
            "73282932",
            "7328293200",
            "73282932O",
            "７３２８２９３２０",
        ] {
            assert!(!is_siren(s), "{s}");
        }
        assert!(!is_lei("506700ge1g29325qx363"));
        assert!(!is_siret("35600000049838"));
    }

    proptest! {
        /// A check digit finds every change of a single digit.
        #[test]
        fn one_changed_digit_is_found(n in 0u64..100_000_000, at in 0usize..9, by in 1u8..10) {
            let body = format!("{n:08}");
            let siren = (0..10).map(|k| format!("{body}{k}")).find(|s| is_siren(s));
            let siren = siren.expect("one key fits every body");
            let mut changed = siren.into_bytes();
            changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
            prop_assert!(!is_siren(std::str::from_utf8(&changed).unwrap()));
        }

        /// Exactly one pair of check digits from 02 to 98 fits, and it finds every
        /// change of a letter for another.
        #[test]
        fn the_key_of_a_lei_is_unique(body in "[0-9A-Z]{17}", at in 0usize..18, a in 0u8..26, by in 1u8..26) {
            let mut body = body;
            body.insert(at, char::from(b'A' + a));
            let fits: Vec<String> =
                (2..=98).map(|k| format!("{body}{k:02}")).filter(|s| is_lei(s)).collect();
            prop_assert_eq!(fits.len(), 1);
            let mut changed = fits[0].clone().into_bytes();
            changed[at] = b'A' + (a + by) % 26;
            prop_assert!(!is_lei(std::str::from_utf8(&changed).unwrap()));
        }
    }
}
