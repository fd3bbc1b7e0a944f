//! Data as a zone file writes it, and texts read back from there.

use super::Rdata;
use std::fmt::Write as _;

impl Rdata<'_> {
    /// Appends the zone-file form (names without a final dot).
    pub fn push_display(&self, out: &mut String) {
        // Writing to a `String` cannot fail.
        let _ = match self {
            Self::A(a) => write!(out, "{a}"),
            Self::Aaaa(a) => write!(out, "{a}"),
            Self::Ns(n) | Self::Cname(n) | Self::Ptr(n) => {
                n.push_display(out);
                Ok(())
            }
            Self::Soa(soa) => {
                soa.primary.push_display(out);
                out.push(' ');
                soa.mailbox.push_display(out);
                soa.numbers.iter().try_for_each(|n| write!(out, " {n}"))
            }
            Self::Mx { preference, host } => {
                let _ = write!(out, "{preference} ");
                host.push_display(out);
                Ok(())
            }
            Self::Txt(txt) => {
                for (i, text) in txt.strings().enumerate() {
                    if i > 0 {
                        out.push(' ');
                    }
                    push_quoted(out, text);
                }
                Ok(())
            }
            Self::Caa { flags, tag, value } => {
                let _ = write!(out, "{flags} ");
                push_plain(out, tag);
                out.push(' ');
                push_quoted(out, value);
                Ok(())
            }
            Self::Ds {
                key_tag,
                algorithm,
                digest_type,
                digest,
            } => {
                let _ = write!(out, "{key_tag} {algorithm} {digest_type} ");
                digest.iter().try_for_each(|b| write!(out, "{b:02x}"))
            }
            Self::Srv {
                priority,
                weight,
                port,
                target,
            } => {
                let _ = write!(out, "{priority} {weight} {port} ");
                target.push_display(out);
                Ok(())
            }
            Self::Other(bytes) => {
                // RFC 3597 §5.
                let _ = write!(out, "\\# {} ", bytes.len());
                bytes.iter().try_for_each(|b| write!(out, "{b:02x}"))
            }
        };
    }
}

fn push_quoted(out: &mut String, text: &[u8]) {
    out.push('"');
    push_plain(out, text);
    out.push('"');
}

fn push_plain(out: &mut String, text: &[u8]) {
    for &b in text {
        match b {
            b'"' | b'\\' => out.extend(['\\', char::from(b)]),
            b' '..=b'~' => out.push(char::from(b)),
            b => {
                let _ = write!(out, "\\{b:03}");
            }
        }
    }
}

/// Reads the zone-file form of TXT data back into its joined octets; what does not parse
/// ends the text. The inverse of what [`Rdata::push_display`] writes.
#[must_use]
pub fn joined_text(shown: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(shown.len());
    let (mut quoted, mut bytes) = (false, shown.bytes());
    while let Some(b) = bytes.next() {
        match b {
            b'"' => quoted = !quoted,
            b'\\' => match bytes.next() {
                Some(d @ b'0'..=b'9') => {
                    let digits = [Some(d), bytes.next(), bytes.next()];
                    let value = digits.iter().try_fold(0u16, |v, d| {
                        d.filter(u8::is_ascii_digit)
                            .map(|d| v * 10 + u16::from(d - b'0'))
                    });
                    match value.and_then(|v| u8::try_from(v).ok()) {
                        Some(octet) => out.push(octet),
                        None => return out,
                    }
                }
                Some(c) => out.push(c),
                None => return out,
            },
            b if quoted => out.push(b),
            _ => {}
        }
    }
    out
}
