//! The domains that terms name, macros included (RFC 7208 §7).

use crate::dns::name;

/// A domain: a name, or a text with macros that only a message fills in (§7). Names come
/// out in lower case and without a final dot.
pub(super) fn domain(text: &str) -> Result<String, &'static str> {
    if text.contains('%') {
        return macros(text)
            .then(|| text.to_string())
            .ok_or("a macro that cannot be read");
    }
    let wire = name::wire(text).map_err(|_| "not a domain name")?;
    match name::labels(&wire).count() {
        0 => Err("a domain is missing"),
        _ => Ok(name::display(&wire)),
    }
}

fn macros(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('%') {
        rest = match after.as_bytes().first() {
            Some(b'%' | b'_' | b'-') => &after[1..],
            Some(b'{') => match after.split_once('}') {
                Some((body, next)) if macro_body(&body[1..]) => next,
                _ => return false,
            },
            _ => return false,
        };
    }
    true
}

/// Whether a macro of a term can be read. `c`, `r` and `t` are for an explanation's text
/// alone (§7.2); that text is not read here, and the domain that `exp` names is not it. A
/// number of labels to keep is not zero (§7.1).
fn macro_body(body: &str) -> bool {
    let Some(letter) = body.chars().next() else {
        return false;
    };
    let body = &body[letter.len_utf8()..];
    let rest = body.trim_start_matches(|c: char| c.is_ascii_digit());
    let labels = &body[..body.len() - rest.len()];
    if !labels.is_empty() && labels.trim_start_matches('0').is_empty() {
        return false;
    }
    let rest = rest.strip_prefix(['r', 'R']).unwrap_or(rest);
    "slodiphvSLODIPHV".contains(letter) && rest.chars().all(|c| ".-+,/_=".contains(c))
}
