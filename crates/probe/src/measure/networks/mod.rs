//! Addresses to networks, from data that the user gives: MMDB files, and the public-domain
//! tables of address ranges (`start end asn country name`, tabs or commas).
//!
//! Where a network is registered is not where a machine stands; the two are kept apart.

mod table;

use crate::digits::digits;
use cocarde_knowledge::countries::is_country_code;
use maxminddb::PathElement;
use std::io::Read;
use std::net::IpAddr;
use std::path::Path;
pub use table::Table;

/// The largest file that is read, in bytes, compressed or not.
pub const MAX_FILE: u64 = 1 << 30;

/// What is known of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Number of the autonomous system.
    pub asn: Option<u32>,
    /// What the source calls it.
    pub as_name: Option<String>,
    /// Country where it is registered.
    pub registered: Option<String>,
    /// Country where the source places machines of that range.
    pub located: Option<String>,
    /// Whether it is announced from several places at once, so that none of them is *the*
    /// place (anycast).
    pub anycast: Option<bool>,
}

/// One source of places.
pub enum Source {
    /// A database in MaxMind's format.
    Mmdb(maxminddb::Reader<Vec<u8>>),
    /// A table of ranges.
    Ranges(Table),
}

/// All sources, the first that knows a thing deciding it.
#[derive(Default)]
pub struct Networks {
    sources: Vec<Source>,
}

impl Networks {
    /// Adds a file: MMDB by its end (`.mmdb`), a table otherwise, gzip where it begins so.
    ///
    /// # Errors
    /// One sentence: what cannot be read, and where.
    pub fn add(&mut self, path: &Path) -> Result<(), String> {
        let fail = |e: String| format!("{}: {e}", path.display());
        let file = std::fs::File::open(path).map_err(|e| fail(e.to_string()))?;
        let bytes = limited(file).map_err(fail)?;
        let bytes = match bytes.starts_with(&[0x1f, 0x8b]) {
            true => limited(flate2::read::MultiGzDecoder::new(&*bytes)).map_err(fail)?,
            false => bytes,
        };
        let mmdb = path.to_string_lossy().contains(".mmdb");
        let source = match mmdb {
            true => Source::mmdb(bytes).map_err(fail)?,
            false => Source::table(&bytes).map_err(fail)?,
        };
        self.sources.push(source);
        Ok(())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// What the sources know of an address.
    #[must_use]
    pub fn place(&self, address: IpAddr) -> Place {
        let mut all = Place::default();
        for source in &self.sources {
            let place = source.place(address);
            all.asn = all.asn.or(place.asn);
            all.as_name = all.as_name.or(place.as_name);
            all.registered = all.registered.or(place.registered);
            all.located = all.located.or(place.located);
            all.anycast = all.anycast.or(place.anycast);
        }
        all
    }
}

fn limited(source: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = source.take(MAX_FILE + 1).read_to_end(&mut bytes);
    match read.map_err(|e| e.to_string())? as u64 > MAX_FILE {
        true => Err(format!("more than {MAX_FILE} bytes")),
        false => Ok(bytes),
    }
}

impl Source {
    /// A database in MaxMind's format.
    ///
    /// # Errors
    /// What the reader says of it.
    pub fn mmdb(bytes: Vec<u8>) -> Result<Self, String> {
        let reader = maxminddb::Reader::from_source(bytes);
        reader.map(Self::Mmdb).map_err(|e| e.to_string())
    }

    /// A table of ranges, one a line.
    ///
    /// # Errors
    /// The first line that is none, and why.
    pub fn table(bytes: &[u8]) -> Result<Self, String> {
        Table::parse(bytes).map(Self::Ranges)
    }

    /// What it knows of an address.
    #[must_use]
    pub fn place(&self, address: IpAddr) -> Place {
        match self {
            Self::Mmdb(reader) => from_mmdb(reader, address),
            Self::Ranges(table) => table.place(address),
        }
    }
}

/// The keys that the usual databases have. Only these are decoded, so that no record, however
/// it refers to itself, grows in memory; what is malformed is as if it were not there.
fn from_mmdb(reader: &maxminddb::Reader<Vec<u8>>, address: IpAddr) -> Place {
    let Ok(found) = reader.lookup(address) else {
        return Place::default();
    };
    let text = |path: &[&str]| {
        let path: Vec<PathElement<'_>> = path.iter().map(|k| PathElement::Key(k)).collect();
        found.decode_path::<String>(&path).ok().flatten()
    };
    // Writers store a number in the least type that holds it; read as `i64`, any will do.
    let number = |key: &str| {
        let path = [PathElement::Key(key)];
        let read = found.decode_path::<i64>(&path).ok().flatten();
        read.and_then(|n| u32::try_from(n).ok())
    };
    let flag = |path: &[&str]| {
        let keys: Vec<PathElement<'_>> = path.iter().map(|k| PathElement::Key(k)).collect();
        let read = found.decode_path::<bool>(&keys).ok().flatten();
        read.or_else(|| text(path)?.parse().ok())
    };
    let country = |path: &[&str]| text(path).filter(|c| is_country_code(c));
    let numbered = |key: &str| as_number(&text(&[key])?);
    Place {
        asn: number("autonomous_system_number")
            .or_else(|| number("asn"))
            .or_else(|| numbered("asn")),
        as_name: text(&["autonomous_system_organization"]).or_else(|| text(&["as_name"])),
        registered: country(&["registered_country", "iso_code"]),
        located: country(&["country", "iso_code"]).or_else(|| country(&["country_code"])),
        anycast: flag(&["is_anycast"])
            .or_else(|| flag(&["traits", "is_anycast"]))
            .or_else(|| flag(&["anycast"])),
    }
}

/// The number of an autonomous system, with or without `AS` before it.
fn as_number(text: &str) -> Option<u32> {
    digits(text.trim_start_matches("AS"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    fn asn(source: &Source, address: &str) -> Option<u32> {
        source.place(address.parse().unwrap()).asn
    }

    #[test]
    fn tables_in_their_forms() {
        let tabs = "1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET\n1.0.1.0\t1.0.3.255\t0\tNone\tNot routed\n2a00::\t2a00::ffff\t3215\tFR\tOrange S.A.\n";
        let source = Source::table(tabs.as_bytes()).unwrap();
        assert_eq!(asn(&source, "1.0.0.77"), Some(13335));
        assert_eq!(asn(&source, "1.0.2.1"), None);
        assert_eq!(asn(&source, "2a00::7"), Some(3215));
        let place = source.place("2a00::7".parse().unwrap());
        assert_eq!(place.as_name.as_deref(), Some("Orange S.A."));
        assert_eq!(
            (place.registered.as_deref(), place.located),
            (Some("FR"), None)
        );
        let commas = "16777216,16777471,13335,\"Cloudflare, Inc.\"\n";
        let source = Source::table(commas.as_bytes()).unwrap();
        let place = source.place("1.0.0.1".parse().unwrap());
        assert_eq!(place.asn, Some(13335));
        assert_eq!(place.as_name.as_deref(), Some("Cloudflare, Inc."));
        let commas = "1.0.0.0,1.0.0.255,13335,US,\"Cloudflare, Inc.\"\n";
        let place = Source::table(commas.as_bytes()).unwrap();
        let place = place.place("1.0.0.1".parse().unwrap());
        assert_eq!(place.registered.as_deref(), Some("US"));
        assert_eq!(place.as_name.as_deref(), Some("Cloudflare, Inc."));
    }

    /// A database that a public writer made: where it is registered and where it stands are
    /// two answers; what has the wrong type is not there.
    #[test]
    fn a_database() {
        let bytes = include_bytes!("../../../tests/world/networks.mmdb");
        let source = Source::mmdb(bytes.to_vec()).unwrap();
        let place = source.place("192.0.2.7".parse().unwrap());
        assert_eq!(place.asn, Some(64496));
        assert_eq!(place.as_name.as_deref(), Some("Nuage Exemple"));
        assert_eq!(place.registered.as_deref(), Some("US"));
        assert_eq!(place.located.as_deref(), Some("FR"));
        let place = source.place("198.51.100.7".parse().unwrap());
        assert_eq!((place.asn, place.registered), (Some(64511), None));
        assert_eq!(place.located.as_deref(), Some("DE"));
        for nothing in ["203.0.113.7", "8.8.8.8", "2001:db8::1"] {
            let place = source.place(nothing.parse().unwrap());
            assert_eq!(place, Place::default(), "{nothing}");
        }
        for end in [0, 10, bytes.len() - 5] {
            let _ = Source::mmdb(bytes[..end].to_vec());
        }
    }

    #[test]
    fn malformed_tables_name_the_line() {
        for (text, word) in [
            ("1.0.0.0\t1.0.0.9\n", "line 1: fewer"),
            ("\nx\t1.0.0.9\t1\n", "line 2: the start"),
            ("1.0.0.9\t1.0.0.0\t1\n", "before"),
            ("1.0.0.0\t2a00::\t1\n", "before"),
            ("1.0.0.0\t1.0.0.9\tAB\n", "AS number"),
            ("1.0.0.0\t1.0.0.9\tAS+1\n", "AS number"),
            ("+16777216,16777471,1\n", "the start"),
        ] {
            let error = Source::table(text.as_bytes()).err().unwrap_or_default();
            assert!(error.contains(word), "{text:?}: {error}");
        }
    }

    proptest! {
        /// Where ranges overlap, an address belongs to the one system that claims it, or to
        /// none that is known.
        #[test]
        fn what_two_claim_is_nobodys(
            ranges in prop::collection::vec((0u8..30, 0u8..12, 1u32..4), 1..9),
        ) {
            let text: String = ranges
                .iter()
                .map(|(a, n, asn)| format!("10.0.0.{a}\t10.0.0.{}\t{asn}\tFR\tX\n", a + n))
                .collect();
            let source = Source::table(text.as_bytes()).unwrap();
            for at in 0u8..48 {
                let claims = ranges.iter().filter(|(a, n, _)| (*a..=a + n).contains(&at));
                let mut systems: Vec<u32> = claims.map(|(_, _, asn)| *asn).collect();
                systems.sort_unstable();
                systems.dedup();
                let plain = (systems.len() == 1).then(|| systems[0]);
                prop_assert_eq!(source.place(Ipv4Addr::new(10, 0, 0, at).into()).asn, plain);
            }
        }

        /// The search agrees with looking at every range.
        #[test]
        fn the_search_is_the_plain_one(
            cuts in prop::collection::btree_set(0u32.., 2..40),
            at in any::<u32>(),
        ) {
            let cuts: Vec<u32> = cuts.into_iter().collect();
            let mut text = String::new();
            for (i, pair) in cuts.chunks_exact(2).enumerate() {
                let (a, b) = (Ipv4Addr::from(pair[0]), Ipv4Addr::from(pair[1]));
                text += &format!("{a}\t{b}\t{}\tFR\tX\n", i + 1);
            }
            let plain = cuts.chunks_exact(2).position(|p| (p[0]..=p[1]).contains(&at));
            let source = Source::table(text.as_bytes()).unwrap();
            let found = source.place(IpAddr::V4(at.into())).asn;
            prop_assert_eq!(found, plain.map(|i| i as u32 + 1));
        }
    }
}
