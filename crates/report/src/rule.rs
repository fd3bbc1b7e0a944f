//! Rules of a referential, in lines that fit.

use unicode_width::UnicodeWidthStr;

/// Columns by which what is left of a line is set in.
const FURTHER: usize = 4;
/// Words that stay with what is on either side of them.
const COMPARES: [&str; 7] = ["==", "!=", "<=", ">=", "<", ">", "in"];

/// A line of a rule in lines of at most `room` columns unless a word is longer, broken where
/// it says the same: at spaces outside of quotation marks, and not before a comment.
pub(crate) fn broken(line: &str, room: usize) -> Vec<String> {
    let indent = line.width() - line.trim_start().width();
    let least = room.saturating_sub(indent + FURTHER);
    let comparisons = compared(words(line.trim()));
    let parts = comparisons.into_iter().flat_map(|c| match c.join(" ") {
        whole if whole.width() <= least => vec![whole],
        _ => c,
    });
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(last) if last.width() + 1 + part.width() <= room => *last += &format!(" {part}"),
            Some(_) => lines.push(format!("{}{part}", " ".repeat(indent + FURTHER))),
            None => lines.push(format!("{}{part}", " ".repeat(indent))),
        }
    }
    lines
}

/// Words, texts in quotation marks as one; a comment goes with what is before it.
fn words(line: &str) -> Vec<String> {
    let mut quote = None;
    let words = line.split(|c: char| {
        match quote {
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
        c == ' ' && quote.is_none()
    });
    let mut all: Vec<String> = Vec::new();
    let mut comment = false;
    for word in words {
        comment |= word.starts_with("//");
        match all.last_mut() {
            Some(last) if comment => *last += &format!(" {word}"),
            _ => all.push(word.to_string()),
        }
    }
    all
}

/// Words in groups: what is compared, with what.
fn compared(words: Vec<String>) -> Vec<Vec<String>> {
    let compares = |word: &String| COMPARES.contains(&&**word);
    let mut groups: Vec<Vec<String>> = Vec::new();
    for word in words {
        match groups.last_mut() {
            Some(group) if compares(&word) || group.last().is_some_and(compares) => {
                group.push(word);
            }
            _ => groups.push(vec![word]),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_is_broken_says_the_same() {
        let rules = [
            r#"  && a.all(h, h.kind == "un  mot" && h.country in set.eu)"#,
            r#"offering.kind in ['a b', "c d"] || x >= 10"#,
            "x && y // a word on why",
        ];
        for rule in rules {
            for room in 1..60 {
                let lines = broken(rule, room);
                let whole: Vec<&str> = lines.iter().map(|l| l.trim_start()).collect();
                assert_eq!(whole.join(" "), rule.trim(), "{room}");
                let quoted = |l: &String| l.matches(['"', '\'']).count().is_multiple_of(2);
                assert!(lines.iter().all(quoted), "{room}: {lines:?}");
            }
        }
        assert_eq!(
            broken(rules[2], 3).last().unwrap(),
            "    y // a word on why"
        );
    }

    #[test]
    fn what_is_compared_stays_together() {
        let lines = broken(r#"  a.all(h, h.kind == "x" && h.country == "FR")"#, 30);
        let expected = [
            r#"  a.all(h, h.kind == "x" &&"#,
            r#"      h.country == "FR")"#,
        ];
        assert_eq!(lines, expected);
    }
}
