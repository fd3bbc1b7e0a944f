//! JSON as signed things need it: read strictly, written canonically.
//!
//! A name given twice in an object is refused, since two readers may then see two
//! documents behind one signature; and so is a number beyond 2⁵³ − 1 (I-JSON, RFC
//! 7493), since canonical form, which is RFC 8785 (JCS), would round integers there, and
//! write as an integer what was written otherwise.

use crate::refusal::{both, reason, visible};
use crate::{Refusal, Result};
use cocarde_model::{json_in_french, json_placed};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};
use std::fmt;

/// Most bytes of a credential or of any other signed document.
pub const MAX_DOCUMENT: usize = 1 << 20;

/// Reads a document of at most `limit` bytes. Errors: too long, not JSON (which
/// includes nesting beyond 128 levels), a name given twice, a number beyond 2⁵³ − 1.
pub fn parse(bytes: &[u8], limit: usize) -> Result<Value> {
    if bytes.len() > limit {
        return Err(Refusal::new(
            "oversize",
            format!("{} octets, plus que les {limit} admis", bytes.len()),
            format!("{} bytes, more than the {limit} allowed", bytes.len()),
        ));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Strict.deserialize(&mut reader);
    read.and_then(|v| reader.end().map(|()| v))
        .map_err(|e| malformed(&e))
}

/// What is wrong with a JSON text, and where.
fn malformed(e: &serde_json::Error) -> Refusal {
    let (line, column, text) = (e.line(), e.column(), e.to_string());
    let (why, _) = json_placed(&text);
    let (fr, en) = match both(why) {
        Some((fr, en)) => (fr.to_owned(), en),
        None => (json_in_french(why), why),
    };
    Refusal::new(
        "json",
        format!("JSON refusé, ligne {line}, colonne {column} : {fr}"),
        format!("JSON refused, line {line}, column {column}: {en}"),
    )
}

/// The canonical form (RFC 8785), in UTF-8.
pub fn canonical(value: &Value) -> Vec<u8> {
    // A `Value` has text keys and finite numbers, so that writing it cannot fail.
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

/// SHA-256 of the canonical form.
pub fn digest(value: &Value) -> [u8; 32] {
    Sha256::digest(canonical(value)).into()
}

/// Lowercase hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The text at a path of names, if there is one.
pub fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(value, |v, name| v.get(name))?.as_str()
}

/// Where every integer is a double of its own, there is less than this.
const EXACT: u64 = 1 << 53;

/// A number, unless it is as large as that.
fn exact<E: Error>(number: Number, is_exact: bool) -> std::result::Result<Value, E> {
    match is_exact {
        true => Ok(Value::Number(number)),
        false => Err(reason(
            &format!("le nombre {number} dépasse 2^53 - 1"),
            &format!("the number {number} is beyond 2^53 - 1"),
        )),
    }
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> std::result::Result<Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, v: bool) -> std::result::Result<Value, E> {
        Ok(Value::Bool(v))
    }
    fn visit_i64<E: Error>(self, v: i64) -> std::result::Result<Value, E> {
        exact(v.into(), v.unsigned_abs() < EXACT)
    }
    fn visit_u64<E: Error>(self, v: u64) -> std::result::Result<Value, E> {
        exact(v.into(), v < EXACT)
    }
    fn visit_f64<E: Error>(self, v: f64) -> std::result::Result<Value, E> {
        let n = Number::from_f64(v)
            .ok_or_else(|| reason("nombre infini", "a number that is not finite"))?;
        exact(n, v.abs() < EXACT as f64)
    }
    fn visit_str<E>(self, v: &str) -> std::result::Result<Value, E> {
        Ok(Value::String(v.to_owned()))
    }
    fn visit_string<E>(self, v: String) -> std::result::Result<Value, E> {
        Ok(Value::String(v))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(v) = seq.next_element_seed(Strict)? {
            all.push(v);
        }
        Ok(Value::Array(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if all.contains_key(&name) {
                let name = visible(&name, false);
                return Err(reason(
                    &format!("le nom « {name} » est donné deux fois"),
                    &format!("the name `{name}` is given twice"),
                ));
            }
            let value = map.next_value_seed(Strict)?;
            all.insert(name, value);
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_given_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"\u0061":2}}]"#] {
            let refusal = parse(text.as_bytes(), 100).unwrap_err();
            assert!(refusal.en.contains("`a` is given twice"), "{refusal}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_in_both_languages() {
        for (text, fr, en) in [
            (
                "{\n  \"a\": }",
                "JSON refusé, ligne 2, colonne 8 : il faut une valeur",
                "JSON refused, line 2, column 8: expected value",
            ),
            (
                r#"{"a":1,"a":2}"#,
                "JSON refusé, ligne 1, colonne 10 : le nom « a » est donné deux fois",
                "JSON refused, line 1, column 10: the name `a` is given twice",
            ),
            (
                "[9007199254740992]",
                "JSON refusé, ligne 1, colonne 17 : le nombre 9007199254740992 dépasse 2^53 - 1",
                "JSON refused, line 1, column 17: the number 9007199254740992 is beyond 2^53 - 1",
            ),
        ] {
            let refusal = parse(text.as_bytes(), 100).unwrap_err();
            assert_eq!((&*refusal.fr, &*refusal.en), (fr, en));
        }
    }

    #[test]
    fn size_depth_and_what_follows_are_limited() {
        assert_eq!(parse(b"[1,2,3]", 6).unwrap_err().code, "oversize");
        assert_eq!(parse(b"{} {}", 100).unwrap_err().code, "json");
        let deep = "[".repeat(100_000);
        assert_eq!(parse(deep.as_bytes(), 1 << 20).unwrap_err().code, "json");
    }

    #[test]
    fn two_integers_never_have_one_canonical_form() {
        for text in [
            "9007199254740992",
            "-9007199254740992",
            "[18446744073709551615]",
            "-18446744073709551617",
            "11111.10E12",
            "1e300",
        ] {
            let refusal = parse(text.as_bytes(), 100).unwrap_err();
            assert!(refusal.en.contains("2^53"), "{refusal}");
        }
        assert_eq!(canonical(&parse(b"1.5e3", 100).unwrap()), b"1500");
        let most = parse(b"[9007199254740991,-9007199254740991]", 100).unwrap();
        assert_eq!(canonical(&most), b"[9007199254740991,-9007199254740991]");
    }

    #[test]
    fn canonical_form_is_that_of_rfc_8785() {
        // Section 3.2.3 of the RFC, in part: order by UTF-16 code units.
        let read = parse(
            "{\"\u{20ac}\":1,\"\\r\":2,\"1\":1.0,\"\u{1f600}\":3}".as_bytes(),
            99,
        );
        let text = String::from_utf8(canonical(&read.unwrap())).unwrap();
        assert_eq!(text, "{\"\\r\":2,\"1\":1,\"\u{20ac}\":1,\"\u{1f600}\":3}");
    }
}
