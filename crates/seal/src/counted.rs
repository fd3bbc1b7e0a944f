//! Counts in sentences.

/// A count with what it counts, as French says it: one of them below two.
pub fn fr(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n < 2 { one } else { many })
}

/// The same as English says it: one alone is one.
pub fn en(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    #[test]
    fn none_is_one_in_french_and_many_in_english() {
        let said = |n| {
            (
                super::fr(n, "cas", "des cas"),
                super::en(n, "case", "cases"),
            )
        };
        assert_eq!(said(0), ("0 cas".into(), "0 cases".into()));
        assert_eq!(said(1), ("1 cas".into(), "1 case".into()));
        assert_eq!(said(2), ("2 des cas".into(), "2 cases".into()));
    }
}
