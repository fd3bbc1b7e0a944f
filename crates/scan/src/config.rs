//! What a scan is told beside its list: whom to ask what, how fast, and whom not at all.

use crate::mistake::Mistake;
use cocarde_probe::dns::message::Type;
use cocarde_probe::dns::name::{self, NameError};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::net::SocketAddr;

/// The configuration that holds where a file says nothing, with its explanations.
pub const DEFAULT: &str = include_str!("../data/scan.toml");
/// Longest configuration file read, in octets.
pub const MAX_CONFIG: u64 = 1 << 20;

/// A scan's configuration. Every key is optional in the file; see [`DEFAULT`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whom operators can write to; stands in the manifest.
    pub contact: Option<String>,
    /// Where the scan is done from, in words; stands in the manifest.
    pub vantage: Option<String>,
    /// Domains that are never asked about, nor any name below them.
    pub opt_out: Vec<String>,
    /// What is asked of each domain.
    pub questions: Questions,
    /// How fast.
    pub pace: Pace,
    /// How to go down from the root, where no resolver is given.
    pub iteration: Iteration,
}

/// What is asked of each domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questions {
    /// `LABELS TYPE`, with `@` for the domain itself. The first must be of the domain
    /// itself: no other is asked where there is no such domain.
    pub own: Vec<String>,
    /// Whether to ask for the addresses of mail exchangers.
    pub mail_hosts: bool,
    /// Whether to ask for the addresses of name servers.
    pub name_servers: bool,
    /// Whether to follow SPF includes and redirects.
    pub spf: bool,
}

/// How fast. Rates are queries a second, 0 for no limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pace {
    /// Rate per server address.
    pub per_server: u32,
    /// Rate per operator of name servers.
    pub per_operator: u32,
    /// Queries under way per server address, at most.
    pub window: u32,
    /// Questions in hand, at most.
    pub in_hand: usize,
    /// Milliseconds that each try waits; their number is the number of tries.
    pub timeouts_ms: Vec<u64>,
}

/// How to go down from the root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Iteration {
    /// Addresses of the root's servers.
    pub root: Vec<SocketAddr>,
    /// Port of all other servers; other than 53 only in test worlds.
    pub port: u16,
    /// Whether to ask servers over IPv6 too.
    pub ipv6: bool,
}

/// A question of each domain: labels in front of it in wire form without the final zero,
/// and the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// The labels, as written; empty for the domain itself.
    pub labels: String,
    /// The same in wire form.
    pub wire: Vec<u8>,
    /// The type.
    pub qtype: Type,
}

impl Config {
    /// The configuration in `text` (TOML), laid over the default one.
    ///
    /// # Errors
    /// What is wrong, where, and what to mend.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let parse = |t: &str| {
            let table = t.parse::<toml::Table>();
            table.map_err(|e| Mistake::of_toml(&e, Some(t)))
        };
        let mut whole = parse(DEFAULT)?;
        lay_over(&mut whole, parse(text)?);
        let config: Self = whole.try_into().map_err(|e| Mistake::of_toml(&e, None))?;
        config.own_questions()?;
        config.opted_out()?;
        let Pace {
            timeouts_ms,
            window,
            in_hand,
            ..
        } = &config.pace;
        let long = timeouts_ms.iter().any(|t| !(1..=60_000).contains(t));
        if timeouts_ms.is_empty() || timeouts_ms.len() > 50 || long {
            let (fr, en) = (
                "donnez 1 à 50 attentes de 1 à 60000 ms",
                "give 1 to 50 waits of 1 to 60000 ms",
            );
            return Err(Mistake::new(fr, en).at("pace.timeouts_ms"));
        }
        if *window == 0 || !(1..=32_768).contains(in_hand) {
            let (fr, en) = (
                "window est au moins 1, in_hand de 1 à 32768",
                "window must be at least 1, in_hand from 1 to 32768",
            );
            return Err(Mistake::new(fr, en).at("pace"));
        }
        Ok(config)
    }

    /// The questions of each domain, read.
    ///
    /// # Errors
    /// Which question is none.
    pub fn own_questions(&self) -> Result<Vec<Own>, Mistake> {
        let own = &self.questions.own;
        let all: Vec<Own> = own.iter().map(|q| question(q)).collect::<Result<_, _>>()?;
        match all.first() {
            Some(first) if first.labels.is_empty() && all.len() <= 64 => Ok(all),
            _ => {
                let (fr, en) = (
                    "commencez par une question sur « @ » ; 64 au plus",
                    "begin with a question of «@»; 64 at most",
                );
                Err(Mistake::new(fr, en).at("questions.own"))
            }
        }
    }

    /// The domains not to be asked about, in wire form.
    ///
    /// # Errors
    /// Which entry is no domain.
    pub fn opted_out(&self) -> Result<HashSet<Vec<u8>>, Mistake> {
        let read = |d: &String| name::wire(d).map_err(|e| quoted(d, e).at("opt_out"));
        self.opt_out.iter().map(read).collect()
    }
}

/// Whether a name or one above it is opted out.
pub(crate) fn is_opted_out(opted_out: &HashSet<Vec<u8>>, wire: &[u8]) -> bool {
    let mut at = Some(wire);
    while let Some(name) = at.filter(|_| !opted_out.is_empty()) {
        if opted_out.contains(name) {
            return true;
        }
        at = name::parent(name);
    }
    false
}

/// What keeps a text from being a name.
fn quoted(text: &str, error: NameError) -> Mistake {
    let Mistake { fr, en } = Mistake::of_name(error);
    Mistake::new(
        format!("« {text} » contient {fr}"),
        format!("«{text}» has {en}"),
    )
}

fn question(text: &str) -> Result<Own, Mistake> {
    let bad = |fr: &str, en: &str| {
        let what = Mistake::new(format!("« {text} » : {fr}"), format!("«{text}»: {en}"));
        what.at("questions.own")
    };
    let (labels, qtype) = text.split_once(' ').ok_or_else(|| {
        bad(
            "écrivez « ÉTIQUETTES TYPE », par exemple « _dmarc TXT »",
            "write «LABELS TYPE», such as «_dmarc TXT»",
        )
    })?;
    let qtype = Type::from_mnemonic(qtype.trim()).ok_or_else(|| {
        bad(
            "ce type d'enregistrement n'existe pas",
            "no such record type",
        )
    })?;
    let labels = if labels == "@" { "" } else { labels };
    let mut wire = name::wire(labels).map_err(|e| quoted(labels, e).at("questions.own"))?;
    wire.pop();
    Ok(Own {
        labels: labels.to_ascii_lowercase(),
        wire,
        qtype,
    })
}

/// Replaces values one by one; a list replaces the whole list.
fn lay_over(below: &mut toml::Table, above: toml::Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(toml::Value::Table(b)), toml::Value::Table(a)) => lay_over(b, a),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_whole_and_polite() {
        let config = Config::read("").unwrap();
        let own = config.own_questions().unwrap();
        assert_eq!((own[0].labels.as_str(), own[0].qtype), ("", Type::SOA));
        assert!(config.pace.per_server <= 500 && config.pace.per_operator <= 2000);
        assert_eq!(
            (config.iteration.port, config.iteration.root.len()),
            (53, 26)
        );
    }

    #[test]
    fn a_file_changes_what_it_names() {
        let config = Config::read("contact = \"dns@exemple.fr\"\n[pace]\nper_server = 20").unwrap();
        assert_eq!(config.contact.as_deref(), Some("dns@exemple.fr"));
        assert_eq!(
            (config.pace.per_server, config.pace.per_operator),
            (20, 2000)
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            ("contcat = \"x\"", "contcat"),
            ("opt_out = [\"a..b\"]", "a..b"),
            ("[questions]\nown = [\"_dmarc TXT\"]", "@"),
            ("[questions]\nown = [\"@ SAO\"]", "SAO"),
            ("[pace]\ntimeouts_ms = []", "timeouts_ms"),
            ("[pace]\nin_hand = 0", "in_hand"),
            ("[pace", "TOML"),
            ("[pace", "1, "),
            ("[pace]\nwindow = \"x\"", "pace.window"),
            ("[pace]\nwindows = 1", "window, in_hand"),
        ] {
            let error = Config::read(text).unwrap_err();
            assert!(error.en.contains(word), "{text}: {error:?}");
            assert!(error.fr.contains(word), "{text}: {error:?}");
            assert_ne!(error.fr, error.en);
        }
    }
}
