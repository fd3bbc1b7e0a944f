//! A bound on how deep a rule's syntax tree can be, taken before it is parsed.
//!
//! The parser bounds brackets in brackets, but not chains such as `1 + 1 + 1 …` or
//! `a.b.c…`: each link is one more level of the tree, and everything that walks the
//! tree recurses. So chains are counted here, on the text, by a scan that knows no
//! more of the grammar than strings, comments, brackets and what ends a chain.

use super::RuleError;

/// Deepest tree: far above any criterion, and well within a thread's 2 MiB of stack.
const MAX_DEPTH: usize = 128;

/// Refuses a text whose syntax tree could be deeper than [`MAX_DEPTH`], or whose
/// strings end where only the parser knows.
pub(super) fn check(text: &str) -> Result<(), RuleError> {
    let mut scan = Scan {
        text: text.as_bytes(),
        at: 0,
        chains: vec![0],
    };
    while scan.at < scan.text.len() {
        let start = scan.at;
        let fine = scan.token();
        let defect = match fine {
            Ok(()) if scan.depth() <= MAX_DEPTH => continue,
            Ok(()) => format!("the rule nests or chains deeper than {MAX_DEPTH} levels"),
            Err(defect) => defect.into(),
        };
        // Bytes of a token that is not ASCII may end within a character.
        let boundary = |i: &usize| text.is_char_boundary(*i);
        let end = (start + 1..=text.len()).find(boundary);
        return Err(RuleError {
            span: (start as u32, end.unwrap_or(text.len()) as u32),
            message: defect,
            help: None,
        });
    }
    Ok(())
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    /// Links of the chain at hand, for each bracket that is open.
    chains: Vec<usize>,
}

impl Scan<'_> {
    fn depth(&self) -> usize {
        self.chains.iter().sum()
    }

    fn link(&mut self) {
        if let Some(chain) = self.chains.last_mut() {
            *chain += 1;
        }
    }

    fn end_chain(&mut self) {
        if let Some(chain) = self.chains.last_mut() {
            *chain = 0;
        }
    }

    fn starts(&self, with: &str) -> bool {
        self.text[self.at..].starts_with(with.as_bytes())
    }

    fn token(&mut self) -> Result<(), &'static str> {
        let c = self.text[self.at];
        if c.is_ascii_alphabetic() || c == b'_' {
            return self.word();
        }
        if c == b'"' || c == b'\'' {
            return self.string(false);
        }
        if self.starts("//") {
            let rest = &self.text[self.at..];
            self.at += rest.iter().position(|c| *c == b'\n').unwrap_or(rest.len());
            return Ok(());
        }
        if self.starts("&&") || self.starts("||") {
            // The parser balances these.
            self.end_chain();
            self.at += 2;
            return Ok(());
        }
        match c {
            b',' => self.end_chain(),
            b'(' | b'[' | b'{' => {
                self.link();
                self.chains.push(0);
            }
            b')' | b']' | b'}' if self.chains.len() > 1 => {
                self.chains.pop();
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'.' | b'<' | b'>' | b'=' | b'!' | b'?' => {
                self.link();
                let two = self.text.get(self.at + 1) == Some(&b'=');
                self.at += usize::from(two);
            }
            _ => {}
        }
        self.at += 1;
        Ok(())
    }

    /// A name, or the prefix of a string.
    fn word(&mut self) -> Result<(), &'static str> {
        let rest = &self.text[self.at..];
        let more = |c: &u8| c.is_ascii_alphanumeric() || *c == b'_';
        let len = rest.iter().position(|c| !more(c)).unwrap_or(rest.len());
        let word = &rest[..len];
        self.at += len;
        if word == b"in" {
            self.link();
        }
        let quoted = matches!(rest.get(len), Some(b'"' | b'\''));
        match word {
            b"b" | b"B" if quoted => self.string(false),
            b"r" | b"R" | b"br" | b"bR" | b"Br" | b"BR" if quoted => self.string(true),
            _ => Ok(()),
        }
    }

    fn string(&mut self, raw: bool) -> Result<(), &'static str> {
        let quote = self.text[self.at];
        let triple = [quote; 3];
        let long = self.text[self.at..].starts_with(&triple);
        let end = if long { &triple[..] } else { &triple[..1] };
        self.at += end.len();
        loop {
            let rest = &self.text[self.at..];
            if rest.starts_with(end) {
                self.at += end.len();
                return Ok(());
            }
            match rest.first() {
                None => return Err("this string does not end"),
                Some(b'\n' | b'\r') if !long => return Err("this string does not end on its line"),
                Some(b'\\') if !raw => {
                    self.at += escape(rest).ok_or("unknown escape in a string")?
                }
                Some(_) => self.at += 1,
            }
        }
    }
}

/// The length of the escape sequence that a text starts with.
fn escape(text: &[u8]) -> Option<usize> {
    let digits = |from: usize, count: usize, is: fn(&u8) -> bool| {
        let digits = text.get(from..from + count)?;
        digits.iter().all(is).then_some(from + count)
    };
    match text.get(1)? {
        b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' => Some(2),
        b'"' | b'\'' | b'\\' | b'?' | b'`' => Some(2),
        b'x' | b'X' => digits(2, 2, u8::is_ascii_hexdigit),
        b'u' => digits(2, 4, u8::is_ascii_hexdigit),
        b'U' => digits(2, 8, u8::is_ascii_hexdigit),
        b'0'..=b'3' => digits(2, 2, |c| (b'0'..=b'7').contains(c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_and_brackets_count_separators_and_strings_do_not() {
        let deep = |link: &str| check(&format!("a{}", link.repeat(MAX_DEPTH + 1)));
        for link in [
            "+1", ".b", "[0]", "<1", " in x", "?b:c", "/*", "(", "[a+", ".all(x,",
        ] {
            let message = deep(link).expect_err(link).message;
            assert!(message.contains("deeper"), "{link}: {message}");
        }
        for link in [
            " && a.b",
            " || a + 1",
            ", x",
            "'+'",
            " // + \n",
            " r'\\'",
            "'''\n'''",
        ] {
            assert_eq!(deep(link), Ok(()), "{link}");
        }
    }

    #[test]
    fn strings_end_where_the_parser_says() {
        for whole in [
            r#"'a\'b'"#,
            r"'\x41\u00e9\101'",
            r"r'\'",
            "b'a'",
            "''",
            "''''''",
            "bar",
        ] {
            assert_eq!(check(whole), Ok(()), "{whole}");
        }
        for broken in ["'a", "'a\nb'", r"'\q'", r"'\x4'", "'''a''", "é + 'é"] {
            assert!(check(broken).is_err(), "{broken}");
        }
    }
}
