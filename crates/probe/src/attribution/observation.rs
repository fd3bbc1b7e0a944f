//! What was seen of a domain: raw facts, no judgement.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest line that [`Observation::from_json`] reads, in bytes.
pub const MAX_LINE: usize = 1 << 20;
/// The longest list in an observation.
pub const MAX_LIST: usize = 4096;

/// What was seen of one domain. Every list may be empty: not asked and not there are told
/// apart by nobody here, so neither decides anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Observation {
    /// The domain.
    pub domain: String,
    /// When it was seen, as written by the observer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Names of the mail exchangers, most preferred first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mx: Vec<String>,
    /// The domain's own SPF record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spf: Option<String>,
    /// Names reached by following its includes and redirects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spf_names: Vec<String>,
    /// Targets of DKIM selectors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dkim: Vec<Alias>,
    /// Targets of `autodiscover` and of the mail clients' SRV records.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub autodiscover: Vec<Alias>,
    /// Aliases met on the way to a host of any kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Alias>,
    /// TXT records of the domain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub txt: Vec<String>,
    /// Name servers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ns: Vec<String>,
    /// Names of the domain's site.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub site: Vec<String>,
    /// Hosts of others that its pages load.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub third_parties: Vec<String>,
    /// Where addresses lie.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<Network>,
}

/// A name that stands for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// What it leads to.
    pub target: String,
}

/// What an address serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Serves {
    /// A mail exchanger.
    Mx,
    /// A sender that SPF authorises.
    Spf,
    /// A name server.
    Ns,
    /// The site.
    Site,
    /// A third party of its pages.
    ThirdParty,
}

/// The network of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// What the address serves.
    pub of: Serves,
    /// The host's name, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The address, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Number of the autonomous system that announces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asn: Option<u32>,
    /// What the source calls that system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_name: Option<String>,
    /// Country where the prefix or system is registered (ISO 3166-1 alpha-2). It says
    /// nothing of where a machine stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<String>,
    /// Country where a source places the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub located: Option<String>,
    /// Whether the address is announced from several places at once (anycast).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anycast: Option<bool>,
}

/// Why a line is no observation, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Observation {
    /// Reads one observation.
    ///
    /// # Errors
    /// In one sentence: what is malformed, where, or which limit was passed.
    pub fn from_json(line: &str) -> Result<Self, Malformed> {
        let refused = |fr: String, en: String| Err(Malformed { fr, en });
        if line.len() > MAX_LINE {
            return refused(
                format!("plus de {MAX_LINE} octets"),
                format!("longer than {MAX_LINE} bytes"),
            );
        }
        let seen: Self = serde_json::from_str(line).map_err(|e| Malformed {
            fr: format!("mal formé ({e})"),
            en: format!("malformed ({e})"),
        })?;
        if seen.domain.trim().is_empty() {
            return refused(
                "`domain` manque ou est vide".into(),
                "`domain` is missing or empty".into(),
            );
        }
        let longest = [
            ("mx", seen.mx.len()),
            ("spf_names", seen.spf_names.len()),
            ("dkim", seen.dkim.len()),
            ("autodiscover", seen.autodiscover.len()),
            ("aliases", seen.aliases.len()),
            ("txt", seen.txt.len()),
            ("ns", seen.ns.len()),
            ("site", seen.site.len()),
            ("third_parties", seen.third_parties.len()),
            ("networks", seen.networks.len()),
        ];
        match longest.iter().find(|(_, n)| *n > MAX_LIST) {
            Some((key, n)) => refused(
                format!("`{key}` a {n} éléments, {MAX_LIST} au plus"),
                format!("`{key}` has {n} items, at most {MAX_LIST}"),
            ),
            None => Ok(seen),
        }
    }

    /// Follows the aliases from a name to its end; a circle ends where it closes.
    #[must_use]
    pub fn resolve<'a>(&'a self, name: &'a str) -> &'a str {
        let mut at = name;
        for _ in 0..16 {
            match self.aliases.iter().find(|a| same(&a.name, at)) {
                Some(a) => at = &a.target,
                None => break,
            }
        }
        at
    }

    /// Names that the SPF record hands over to: includes, redirects, hosts.
    pub fn spf_targets(&self) -> impl Iterator<Item = &str> {
        let own = self.spf.as_deref().unwrap_or_default();
        let named = own.split_ascii_whitespace().filter_map(|term| {
            let term = term.trim_start_matches(['+', '-', '~', '?']);
            let at = term.find([':', '='])?;
            let (word, name) = (&term[..at], &term[at + 1..]);
            let word = word.to_ascii_lowercase();
            let names_a_host = matches!(&*word, "include" | "redirect" | "a" | "mx");
            (names_a_host && !name.is_empty()).then(|| name.split('/').next().unwrap_or(name))
        });
        named.chain(self.spf_names.iter().map(String::as_str))
    }
}

/// Whether two names are the same, whatever their case and the root's dot.
pub(super) fn same(a: &str, b: &str) -> bool {
    let a = a.trim_end_matches('.');
    a.eq_ignore_ascii_case(b.trim_end_matches('.'))
}

/// The JSON Schema of [`Observation`], draft 2020-12.
#[must_use]
pub fn observation_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Observation);
    schema.insert(
        "$id".into(),
        "https://cocarde.example/schemas/observation-1.json".into(),
    );
    schema.insert("required".into(), serde_json::json!(["domain"]));
    serde_json::to_value(schema).unwrap_or_default()
}
