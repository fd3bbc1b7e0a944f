//! Domain names in wire form (RFC 1035 §3.1): text to wire, wire to text, and names
//! inside a message, compressed or not, read without copying.

use std::fmt;

/// The most octets a name takes on the wire, root label included (RFC 1035 §2.3.4).
pub const MAX_NAME: usize = 255;
/// The most octets of one label.
pub const MAX_LABEL: usize = 63;

/// Why a text is no domain name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Two dots in a row, or a dot in front.
    EmptyLabel,
    /// A label of more than 63 octets.
    LongLabel,
    /// More than 255 octets in all.
    LongName,
    /// A backslash that no character or three decimal digits below 256 follow.
    BadEscape,
    /// A character outside ASCII: the name must be given in its `xn--` form.
    NotAscii,
    /// A space or a control character.
    BadCharacter,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyLabel => "an empty label: remove the doubled or leading dot",
            Self::LongLabel => "a label of more than 63 octets",
            Self::LongName => "a name of more than 255 octets",
            Self::BadEscape => "a backslash without a character or three digits after it",
            Self::NotAscii => "a character outside ASCII: write the name in its xn-- form",
            Self::BadCharacter => "a space or a control character",
        })
    }
}

impl std::error::Error for NameError {}

/// Appends the wire form of `text`, in lower case, to `out`. A final dot is optional;
/// `.` alone is the root. `\.` and `\DDD` are read as in a zone file.
///
/// # Errors
/// [`NameError`]; `out` is then as it was.
pub fn push_text(out: &mut Vec<u8>, text: &str) -> Result<(), NameError> {
    let start = out.len();
    push(out, text).inspect_err(|_| out.truncate(start))
}

fn push(out: &mut Vec<u8>, text: &str) -> Result<(), NameError> {
    let start = out.len();
    let mut bytes = text
        .strip_prefix('.')
        .filter(|t| t.is_empty())
        .unwrap_or(text)
        .bytes();
    let mut label = out.len();
    out.push(0);
    while let Some(b) = bytes.next() {
        let octet = match b {
            b'.' => {
                close(out, label)?;
                label = out.len();
                out.push(0);
                continue;
            }
            b'\\' => unescape(&mut bytes)?,
            0x80.. => return Err(NameError::NotAscii),
            0..=b' ' | 0x7f => return Err(NameError::BadCharacter),
            b => b,
        };
        out.push(octet.to_ascii_lowercase());
        if out.len() - start > MAX_NAME + MAX_LABEL {
            return Err(NameError::LongName);
        }
    }
    if out.len() > label + 1 {
        close(out, label)?;
        out.push(0);
    }
    if out.len() - start > MAX_NAME {
        Err(NameError::LongName)
    } else {
        Ok(())
    }
}

/// Writes the length of the label that began at `label`.
fn close(out: &mut [u8], label: usize) -> Result<(), NameError> {
    match out.len() - label - 1 {
        0 => Err(NameError::EmptyLabel),
        n @ 1..=MAX_LABEL => {
            out[label] = n as u8;
            Ok(())
        }
        _ => Err(NameError::LongLabel),
    }
}

fn unescape(bytes: &mut std::str::Bytes<'_>) -> Result<u8, NameError> {
    let first = bytes.next().ok_or(NameError::BadEscape)?;
    if !first.is_ascii_digit() {
        return if first.is_ascii_graphic() {
            Ok(first)
        } else {
            Err(NameError::BadEscape)
        };
    }
    let mut value = u16::from(first - b'0');
    for _ in 0..2 {
        let digit = bytes
            .next()
            .filter(u8::is_ascii_digit)
            .ok_or(NameError::BadEscape)?;
        value = value * 10 + u16::from(digit - b'0');
    }
    u8::try_from(value).map_err(|_| NameError::BadEscape)
}

/// The wire form of `text`; see [`push_text`].
///
/// # Errors
/// [`NameError`].
pub fn wire(text: &str) -> Result<Vec<u8>, NameError> {
    let mut out = Vec::with_capacity(text.len() + 2);
    push_text(&mut out, text)?;
    Ok(out)
}

/// Appends the text of an uncompressed wire name, without a final dot, the root as `.`.
pub fn push_display(out: &mut String, wire: &[u8]) {
    let from = out.len();
    for label in labels(wire) {
        if out.len() > from {
            out.push('.');
        }
        push_label(out, label);
    }
    if out.len() == from {
        out.push('.');
    }
}

/// The text of an uncompressed wire name; see [`push_display`].
#[must_use]
pub fn display(wire: &[u8]) -> String {
    let mut out = String::with_capacity(wire.len());
    push_display(&mut out, wire);
    out
}

fn push_label(out: &mut String, label: &[u8]) {
    for &b in label {
        match b {
            b'.' | b'\\' | b'"' | b';' | b'(' | b')' | b'@' | b'$' => {
                out.push('\\');
                out.push(char::from(b));
            }
            0x21..=0x7e => out.push(char::from(b.to_ascii_lowercase())),
            b => {
                let digit = |n: u8| char::from(b'0' + n % 10);
                out.extend(['\\', digit(b / 100), digit(b / 10), digit(b)]);
            }
        }
    }
}

/// The labels of an uncompressed wire name; stops at the root or at the end of the bytes.
pub fn labels(wire: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = wire;
    std::iter::from_fn(move || {
        let (&n, after) = rest.split_first()?;
        if n == 0 || usize::from(n) > MAX_LABEL {
            return None;
        }
        let (label, next) = after.split_at_checked(usize::from(n))?;
        rest = next;
        Some(label)
    })
}

/// The name without its first label; `None` for the root.
#[must_use]
pub fn parent(wire: &[u8]) -> Option<&[u8]> {
    let n = usize::from(*wire.first()?);
    if n == 0 { None } else { wire.get(n + 1..) }
}

/// Whether `name` is `zone` or lies below it; both uncompressed and in lower case.
#[must_use]
pub fn is_within(name: &[u8], zone: &[u8]) -> bool {
    let mut at = Some(name);
    while let Some(n) = at {
        if n.len() <= zone.len() {
            return n == zone;
        }
        at = parent(n);
    }
    false
}

/// A name inside a message, compression pointers and all. Only made by readers that
/// have walked it once, so walking it again cannot fail.
#[derive(Clone, Copy)]
pub struct NameRef<'a> {
    message: &'a [u8],
    at: usize,
}

/// What [`NameRef::read`] refuses: a name that leaves the message, points forward or at
/// itself, has reserved label bits, or is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadName;

impl<'a> NameRef<'a> {
    /// Reads the name that begins at `at`; gives it with the place just after it.
    ///
    /// # Errors
    /// [`BadName`].
    pub fn read(message: &'a [u8], at: usize) -> Result<(Self, usize), BadName> {
        let (mut pos, mut after, mut length, mut lowest) = (at, None, 0usize, at);
        loop {
            let n = usize::from(*message.get(pos).ok_or(BadName)?);
            match n {
                0 => {
                    let end = after.unwrap_or(pos + 1);
                    return Ok((Self { message, at }, end));
                }
                1..=MAX_LABEL => {
                    length += n + 1;
                    pos += n + 1;
                    if length >= MAX_NAME || pos >= message.len() {
                        return Err(BadName);
                    }
                }
                0xc0.. => {
                    let low = usize::from(*message.get(pos + 1).ok_or(BadName)?);
                    let target = (n & 0x3f) << 8 | low;
                    after.get_or_insert(pos + 2);
                    // Strictly backwards each time, so the walk ends.
                    if target >= lowest {
                        return Err(BadName);
                    }
                    (pos, lowest) = (target, target);
                }
                _ => return Err(BadName),
            }
        }
    }

    /// The labels, as they stand in the message.
    pub fn labels(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (message, mut pos) = (self.message, self.at);
        std::iter::from_fn(move || {
            loop {
                let n = usize::from(*message.get(pos)?);
                match n {
                    0 => return None,
                    1..=MAX_LABEL => {
                        let label = message.get(pos + 1..pos + 1 + n)?;
                        pos += n + 1;
                        return Some(label);
                    }
                    _ => pos = (n & 0x3f) << 8 | usize::from(*message.get(pos + 1)?),
                }
            }
        })
    }

    /// Appends the uncompressed wire form in lower case.
    pub fn push_wire(&self, out: &mut Vec<u8>) {
        for label in self.labels() {
            out.push(label.len() as u8);
            out.extend(label.iter().map(u8::to_ascii_lowercase));
        }
        out.push(0);
    }

    /// The uncompressed wire form in lower case.
    #[must_use]
    pub fn wire(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64);
        self.push_wire(&mut out);
        out
    }

    /// Appends the text, without a final dot, the root as `.`.
    pub fn push_display(&self, out: &mut String) {
        let from = out.len();
        for label in self.labels() {
            if out.len() > from {
                out.push('.');
            }
            push_label(out, label);
        }
        if out.len() == from {
            out.push('.');
        }
    }

    /// Whether this is the name whose uncompressed wire form is `wire`, case aside.
    #[must_use]
    pub fn is(&self, wire: &[u8]) -> bool {
        let mut rest = wire;
        for label in self.labels() {
            let same = rest.split_first().and_then(|(&n, after)| {
                let (mine, next) = after.split_at_checked(usize::from(n))?;
                (n != 0 && mine.eq_ignore_ascii_case(label)).then_some(next)
            });
            match same {
                Some(next) => rest = next,
                None => return false,
            }
        }
        rest == [0]
    }
}

impl fmt::Debug for NameRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push_display(&mut text);
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_refuses() {
        assert_eq!(wire("Example.COM."), Ok(b"\x07example\x03com\0".to_vec()));
        assert_eq!(wire("."), Ok(vec![0]));
        assert_eq!(wire(""), Ok(vec![0]));
        assert_eq!(wire(r"a\.b.c"), Ok(b"\x03a.b\x01c\0".to_vec()));
        assert_eq!(wire(r"\000\255"), Ok(b"\x02\0\xff\0".to_vec()));
        assert_eq!(wire("a..b"), Err(NameError::EmptyLabel));
        assert_eq!(wire(".a"), Err(NameError::EmptyLabel));
        assert_eq!(wire(&"a".repeat(64)), Err(NameError::LongLabel));
        assert_eq!(wire(&"a.".repeat(128)), Err(NameError::LongName));
        assert_eq!(wire(r"a\25"), Err(NameError::BadEscape));
        assert_eq!(wire(r"a\256"), Err(NameError::BadEscape));
        assert_eq!(wire("é.fr"), Err(NameError::NotAscii));
        assert_eq!(wire("a b"), Err(NameError::BadCharacter));
    }

    #[test]
    fn zones() {
        let n = |t| wire(t).unwrap();
        assert!(is_within(&n("www.a.fr"), &n("a.fr")));
        assert!(is_within(&n("a.fr"), &n("a.fr")));
        assert!(is_within(&n("a.fr"), &n(".")));
        assert!(!is_within(&n("wwwa.fr"), &n("a.fr")));
        assert!(!is_within(&n("fr"), &n("a.fr")));
    }

    #[test]
    fn pointers_must_go_back() {
        let ok = b"\x01a\0\x01b\xc0\x00";
        let (name, after) = NameRef::read(ok, 3).unwrap();
        assert!(name.is(b"\x01b\x01a\0"));
        assert!(!name.is(b"\x01b\0"));
        assert_eq!(after, 7);
        for bad in [
            &b"\xc0\x00"[..],
            b"\x01a\xc0\x02",
            b"\x01a\xc0\x00",
            b"\x80",
            b"\x02a",
            b"",
        ] {
            assert!(NameRef::read(bad, 0).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn text_and_wire_agree(labels in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20), 0..8)) {
            let mut bytes = vec![];
            for l in &labels {
                bytes.push(l.len() as u8);
                bytes.extend(l.iter().map(u8::to_ascii_lowercase));
            }
            bytes.push(0);
            prop_assert_eq!(wire(&display(&bytes)).unwrap(), bytes.clone());
            let (name, after) = NameRef::read(&bytes, 0).unwrap();
            prop_assert_eq!(after, bytes.len());
            prop_assert_eq!(name.wire(), bytes.clone());
            prop_assert!(name.is(&bytes));
        }
    }
}
