//! Bitstring Status List (W3C): revocation, suspension, and a message list for
//! what a certificate's readers should know while it holds.

mod entry;

pub use entry::Entry;

use crate::time::{self, Timestamp};
use crate::{Refusal, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::{Read, Write};

/// Fewest entries of a list, so that asking for it tells little of who asks.
pub const MIN_ENTRIES: u64 = 131_072;
/// Most bytes of a list once unpacked.
pub const MAX_BYTES: u64 = 16 << 20;

/// What a list says of its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Withdrawn for good.
    Revocation,
    /// Withdrawn for now.
    Suspension,
    /// Three flags of one bit each: see [`Message`].
    Message,
}

/// What readers should know of a certificate that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// A complaint on it is being heard.
    Contested,
    /// It covers less than it says.
    ScopeReduced,
    /// Its holder is under heightened surveillance.
    UnderSurveillance,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Purpose; 3] = [Purpose::Revocation, Purpose::Suspension, Purpose::Message];

    /// Its name in the specification.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Revocation => "revocation",
            Purpose::Suspension => "suspension",
            Purpose::Message => "message",
        }
    }

    /// Bits of an entry.
    pub fn size(self) -> u64 {
        if self == Purpose::Message { 3 } else { 1 }
    }
}

impl Message {
    /// All of them, lowest bit first.
    pub const ALL: [Message; 3] = [
        Message::Contested,
        Message::ScopeReduced,
        Message::UnderSurveillance,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Message::Contested => "contested",
            Message::ScopeReduced => "scope-reduced",
            Message::UnderSurveillance => "under-surveillance",
        }
    }

    /// Its bit.
    pub fn bit(self) -> u64 {
        1 << self as u64
    }
}

/// A list: `size` bits an entry, the first entry at the left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitstring {
    bits: Vec<u8>,
    size: u64,
}

fn refused(fr: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new("status-list", fr, en)
}

impl Bitstring {
    /// An empty list of at least `entries` entries of `size` bits (1 to 8).
    pub fn new(entries: u64, size: u64) -> Bitstring {
        let size = size.clamp(1, 8);
        let bits = entries.max(MIN_ENTRIES).min(MAX_BYTES * 8 / size) * size;
        Bitstring {
            bits: vec![0; bits.div_ceil(8) as usize],
            size,
        }
    }

    /// How many entries it has.
    pub fn entries(&self) -> u64 {
        self.bits.len() as u64 * 8 / self.size
    }

    /// An entry's value. Errors: beyond the list.
    pub fn get(&self, index: u64) -> Result<u64> {
        let at = |i: u64| u64::from(self.bits[(i / 8) as usize] >> (7 - i % 8) & 1);
        let first = self.place(index)?;
        Ok((first..first + self.size).fold(0, |value, i| value << 1 | at(i)))
    }

    /// Writes an entry's value.
    pub fn set(&mut self, index: u64, value: u64) -> Result<()> {
        let first = self.place(index)?;
        for k in 0..self.size {
            let (i, bit) = (first + k, value >> (self.size - 1 - k) & 1);
            let mask = 1 << (7 - i % 8);
            let byte = &mut self.bits[(i / 8) as usize];
            *byte = if bit == 1 {
                *byte | mask
            } else {
                *byte & !mask
            };
        }
        Ok(())
    }

    fn place(&self, index: u64) -> Result<u64> {
        if index < self.entries() {
            return Ok(index * self.size);
        }
        let last = self.entries();
        Err(Refusal::new(
            "status-range",
            format!("place {index} hors d'une liste de {last} entrées"),
            format!("place {index} is outside a list of {last} entries"),
        ))
    }

    /// Compressed, in multibase base64url. The same list gives the same text.
    pub fn encode(&self) -> String {
        let mut gz = GzEncoder::new(Vec::new(), flate2::Compression::best());
        // Writing to memory does not fail.
        let packed = gz.write_all(&self.bits).and_then(|()| gz.finish());
        format!("u{}", URL_SAFE_NO_PAD.encode(packed.unwrap_or_default()))
    }

    /// Reads a list. Errors: not multibase base64url, not gzip, shorter than the
    /// specification allows, or larger than [`MAX_BYTES`] once unpacked.
    pub fn decode(text: &str, size: u64) -> Result<Bitstring> {
        if !(1..=8).contains(&size) {
            let (fr, en) = (
                "1 à 8 bits par entrée admis",
                "1 to 8 bits an entry are allowed",
            );
            return Err(refused(fr, en));
        }
        let digits = text
            .strip_prefix('u')
            .ok_or_else(|| refused("multibase « u » attendue", "multibase `u` expected"))?;
        let packed = URL_SAFE_NO_PAD
            .decode(digits)
            .map_err(|_| refused("base64url invalide", "invalid base64url"))?;
        let mut bits = Vec::new();
        MultiGzDecoder::new(packed.as_slice())
            .take(MAX_BYTES + 1)
            .read_to_end(&mut bits)
            .map_err(|_| refused("liste qui n'est pas du gzip", "list that is not gzip"))?;
        if bits.len() as u64 > MAX_BYTES {
            return Err(Refusal::new(
                "oversize",
                "liste trop longue",
                "list too long",
            ));
        }
        let list = Bitstring { bits, size };
        if list.entries() < MIN_ENTRIES {
            return Err(Refusal::new(
                "status-length",
                format!("liste de moins de {MIN_ENTRIES} entrées"),
                format!("list of fewer than {MIN_ENTRIES} entries"),
            ));
        }
        Ok(list)
    }
}

/// The `credentialStatus` entries of a credential.
pub fn entries(base: &str, index: u64) -> Value {
    let entry = |p: Purpose| {
        let mut e = json!({
            "id": format!("{base}{}#{index}", p.name()), "type": "BitstringStatusListEntry",
            "statusPurpose": p.name(), "statusListIndex": index.to_string(),
            "statusListCredential": format!("{base}{}", p.name()),
        });
        if p == Purpose::Message {
            e["statusSize"] = p.size().into();
            e["statusMessage"] = messages();
        }
        e
    };
    Purpose::ALL.into_iter().map(entry).collect()
}

/// Every value of the message list with the flags it stands for.
fn messages() -> Value {
    let names = |value: u64| {
        let set = |m: &&Message| value & m.bit() != 0;
        let names: Vec<&str> = Message::ALL.iter().filter(set).map(|m| m.name()).collect();
        if names.is_empty() {
            "none".into()
        } else {
            names.join(", ")
        }
    };
    let line = |v: u64| json!({"status": format!("0x{v:x}"), "message": names(v)});
    (0..8).map(line).collect()
}

/// The credential of a list, to be signed. `until` is when the next one is due;
/// past that a reader treats it as stale.
pub fn credential(
    issuer: &str,
    url: &str,
    purpose: Purpose,
    list: &Bitstring,
    from: Timestamp,
    until: Timestamp,
) -> Value {
    let ttl = until.duration_since(from).as_millis().max(0) as u64;
    json!({
        "@context": [crate::credential::W3C_CONTEXT_URL],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": time::write(from),
        "validUntil": time::write(until),
        "credentialSubject": {
            "id": format!("{url}#list"), "type": "BitstringStatusList",
            "statusPurpose": purpose.name(), "encodedList": list.encode(), "ttl": ttl,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_empty_list_unpacks_to_sixteen_kibibytes() {
        // The example of the specification, section 2.2.
        let text = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
        let list = Bitstring::decode(text, 1).unwrap();
        assert_eq!(list, Bitstring::new(0, 1));
        assert_eq!(list.entries(), MIN_ENTRIES);
    }

    #[test]
    fn bombs_and_short_lists_are_refused() {
        let mut gz = GzEncoder::new(Vec::new(), flate2::Compression::best());
        let zeros = vec![0u8; 1 << 20];
        for _ in 0..64 {
            gz.write_all(&zeros).unwrap();
        }
        let bomb = format!("u{}", URL_SAFE_NO_PAD.encode(gz.finish().unwrap()));
        assert_eq!(Bitstring::decode(&bomb, 1).unwrap_err().code, "oversize");
        let short = Bitstring {
            bits: vec![0; 100],
            size: 1,
        }
        .encode();
        assert_eq!(
            Bitstring::decode(&short, 1).unwrap_err().code,
            "status-length"
        );
        for bad in ["", "u", "uAAAA", "zabc", "u!!"] {
            assert!(Bitstring::decode(bad, 1).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_set_is_read_and_nothing_else_moves(
            writes in proptest::collection::vec((0u64..MIN_ENTRIES, 0u64..8), 1..40)
        ) {
            let mut list = Bitstring::new(0, 3);
            let mut model = std::collections::BTreeMap::new();
            for (i, v) in writes {
                list.set(i, v).unwrap();
                model.insert(i, v);
            }
            let again = Bitstring::decode(&list.encode(), 3).unwrap();
            prop_assert_eq!(&again, &list);
            for (&i, &v) in &model {
                prop_assert_eq!(again.get(i).unwrap(), v);
                let next = (i + 1) % MIN_ENTRIES;
                let expected = model.get(&next).copied().unwrap_or(0);
                prop_assert_eq!(again.get(next).unwrap(), expected);
            }
        }
    }
}
