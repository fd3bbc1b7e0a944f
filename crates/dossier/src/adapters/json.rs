//! JSON as adapters need it: read whole, with what was not used counted by its path,
//! and refused when a key is written twice, since readers disagree on which one counts.

use super::room::too_much;
use super::{ImportError, Imported};
use crate::report::quoted;
use crate::value;
use cocarde_model::{Decimal, json_in_french, json_placed};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor,
};
use serde_ignored::Path;
use serde_json::value::RawValue;
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

/// Reads JSON of a format, whose name is for the error, and counts what it does not use.
/// What its lists hold is counted before anything is made of it.
pub(super) fn parse<T: DeserializeOwned>(
    bytes: &[u8],
    format: &str,
    into: &mut Imported,
) -> Result<T, ImportError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bad = |e: serde_json::Error| {
        ImportError::new(
            format!("ce n'est pas du {format} : {}", in_french(&e)),
            format!("this is no {format}: {}", cut(&e.to_string())),
        )
    };
    let mut strict = serde_json::Deserializer::from_slice(bytes);
    let most = into.spent.most_items();
    let left = Cell::new(most.saturating_add(1));
    if let Err(e) = (Once { left: &left }).deserialize(&mut strict) {
        let (line, column) = (e.line(), e.column());
        return Err(match left.get() {
            0 => too_much(
                &format!("ligne {line}, colonne {column}"),
                &format!("line {line}, column {column}"),
                most,
            ),
            _ => bad(e),
        });
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let unmapped = &mut into.unmapped;
    let read = serde_ignored::deserialize(&mut reader, |path| unmapped.add(&general(&path)))
        .map_err(bad)?;
    reader.end().map_err(bad)?;
    Ok(read)
}

/// The parser's words, with what is ours and the place in French.
fn in_french(e: &serde_json::Error) -> String {
    let text = cut(&e.to_string());
    let (words, place) = json_placed(&text);
    let place = place.map(|(line, column)| format!(", ligne {line}, colonne {column}"));
    json_in_french(words) + &place.unwrap_or_default()
}

/// A message of a parser, which may quote from the file, on one line and not too long.
fn cut(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    if clean.chars().count() <= 300 {
        return clean;
    }
    let end: String = clean.chars().rev().take(80).collect();
    let start: String = clean.chars().take(200).collect();
    format!("{start}…{}", end.chars().rev().collect::<String>())
}

/// A path with every position of a list as `*`, so that like things are counted together.
fn general(path: &Path<'_>) -> String {
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, .. } => format!("{}/*", general(parent)),
        Path::Map { parent, key } => format!("{}/{}", general(parent), quoted(key)),
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => general(parent),
    }
}

/// A number, which JSON may write with an exponent, digit by digit.
/// `None` when it is no number that a decimal can hold without rounding.
pub(super) fn exact(raw: &RawValue) -> Option<Decimal> {
    let text = raw.get().trim_matches('"');
    let Some((digits, exponent)) = text.split_once(['e', 'E']) else {
        return value::exact(text);
    };
    let mut number = value::exact(digits)?.normalize();
    let exponent: i32 = exponent.parse().ok()?;
    let places = i32::try_from(number.scale()).ok()?.checked_sub(exponent)?;
    let tens = match places {
        0.. => 1,
        more => 10i128.checked_pow(more.unsigned_abs())?,
    };
    number.set_scale(places.max(0).unsigned_abs()).ok()?;
    number.checked_mul(Decimal::try_from_i128_with_scale(tens, 0).ok()?)
}

/// Walks any JSON value; refuses an object that has a key twice, and lists that together
/// use up what is `left`, which is 0 then.
#[derive(Clone, Copy)]
struct Once<'l> {
    left: &'l Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(self)?.is_some() {
            match self.left.get() {
                0 | 1 => {
                    self.left.set(0);
                    return Err(A::Error::custom("too long lists"));
                }
                left => self.left.set(left - 1),
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if keys.contains(&key) {
                let shown = quoted(&key);
                return Err(A::Error::custom(format!("duplicate key `{shown}`")));
            }
            keys.insert(key);
            map.next_value_seed(self)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Option<Decimal> {
        exact(&RawValue::from_string(text.into()).unwrap())
    }

    #[test]
    fn a_number_that_would_be_rounded_is_none() {
        for (text, plain) in [
            ("2.5e1", Some("25")),
            ("\"25E-2\"", Some("0.25")),
            ("1.23456789012345678901234567891e1", None),
            ("1e-29", None),
            ("1e29", None),
            ("1e99999999999", None),
            ("33.33333333333333333333333333333", None),
            ("1e28", Some("10000000000000000000000000000")),
        ] {
            assert_eq!(number(text), plain.map(|p| p.parse().unwrap()), "{text}");
        }
    }

    proptest! {
        /// An exponent moves the point and changes no digit.
        #[test]
        fn an_exponent_moves_the_point(digits in 0u64..1_000_000_000, places in 0u32..8, by in 0u32..8) {
            let written = Decimal::from_i128_with_scale(i128::from(digits), places);
            let tens = Decimal::from(10u64.pow(by));
            prop_assert_eq!(number(&format!("{written}e{by}")), Some(written * tens));
            let less = Decimal::from_i128_with_scale(i128::from(digits), places + by);
            prop_assert_eq!(number(&format!("{written}E-{by}")), Some(less));
        }
    }
}
