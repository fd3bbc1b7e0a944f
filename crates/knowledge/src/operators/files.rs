//! The operators' files: which there are, what one may say, and reading them.

use super::load::{LoadError, from_texts};
use super::{Confidence, Kind, Operators, Sense, Service};
use cocarde_model::{Diagnostic, Sources};
use serde::Deserialize;
use std::io::Read;
use std::path::Path;
use toml::Spanned;

/// Largest size of a file, in bytes.
pub const MAX_FILE: u64 = 4 << 20;
/// Largest number of files in the directory.
pub const MAX_FILES: usize = 256;

macro_rules! standard {
    ($($name:literal),* $(,)?) => {
        /// The files that ship.
        pub(super) const STANDARD: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../../knowledge/operators/", $name)))),*];
    };
}
standard!(
    "europe.toml",
    "france-public.toml",
    "france.toml",
    "gateways.toml",
    "germany-austria.toml",
    "groups.toml",
    "senders.toml",
    "switzerland.toml",
    "third-parties.toml",
    "world.toml",
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    #[serde(default)]
    pub(super) operator: Vec<Raw>,
}

pub(super) type Names = Vec<Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) id: Spanned<String>,
    pub(super) name: String,
    pub(super) legal_name: Option<String>,
    #[serde(default)]
    pub(super) brands: Vec<String>,
    #[serde(default)]
    pub(super) kind: Kind,
    pub(super) seat: Option<Spanned<String>>,
    pub(super) parent: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) top: bool,
    #[serde(default)]
    pub(super) roles: Vec<Service>,
    #[serde(default)]
    pub(super) mx: Names,
    #[serde(default)]
    pub(super) gateway: Names,
    #[serde(default)]
    pub(super) spf: Names,
    #[serde(default)]
    pub(super) sender: Names,
    #[serde(default)]
    pub(super) autodiscover: Names,
    #[serde(default)]
    pub(super) dkim: Names,
    #[serde(default)]
    pub(super) txt: Names,
    #[serde(default)]
    pub(super) ns: Names,
    #[serde(default)]
    pub(super) site: Names,
    #[serde(default)]
    pub(super) cdn: Names,
    #[serde(default)]
    pub(super) analytics: Names,
    #[serde(default)]
    pub(super) third_party: Names,
    #[serde(default)]
    pub(super) mailboxes: Names,
    #[serde(default)]
    pub(super) asn: Vec<Spanned<i64>>,
    pub(super) note: Option<String>,
    pub(super) source: Spanned<Vec<String>>,
    pub(super) date: Spanned<String>,
    pub(super) confidence: Confidence,
}

impl Raw {
    pub(super) fn names(&self, sense: Sense) -> &Names {
        match sense {
            Sense::Mx => &self.mx,
            Sense::Gateway => &self.gateway,
            Sense::Spf => &self.spf,
            Sense::Sender => &self.sender,
            Sense::Autodiscover => &self.autodiscover,
            Sense::Dkim => &self.dkim,
            Sense::Ns => &self.ns,
            Sense::Site => &self.site,
            Sense::Cdn => &self.cdn,
            Sense::Analytics => &self.analytics,
            Sense::ThirdParty => &self.third_party,
            Sense::Mailboxes => &self.mailboxes,
        }
    }
}

pub(super) fn read_dir(dir: &Path) -> Result<Operators, LoadError> {
    let fail = |file: &Path, why: String| LoadError {
        sources: Sources::default(),
        diagnostics: vec![
            Diagnostic::error(
                "unreadable",
                format!("illisible : {why}"),
                format!("cannot be read: {why}"),
            )
            .in_file(file.display().to_string()),
        ],
    };
    let entries = std::fs::read_dir(dir).map_err(|e| fail(dir, e.to_string()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| fail(dir, e.to_string()))?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            paths.push(path);
        }
        if paths.len() > MAX_FILES {
            return Err(fail(dir, format!("more than {MAX_FILES} files")));
        }
    }
    paths.sort();
    let mut texts = Vec::new();
    for path in &paths {
        let file = std::fs::File::open(path).map_err(|e| fail(path, e.to_string()))?;
        let mut text = String::new();
        let read = file.take(MAX_FILE + 1).read_to_string(&mut text);
        let read = read.map_err(|e| fail(path, e.to_string()))?;
        if read as u64 > MAX_FILE {
            return Err(fail(path, format!("more than {MAX_FILE} bytes")));
        }
        let name = path.file_name().unwrap_or_default();
        texts.push((name.to_string_lossy().into_owned(), text));
    }
    let texts: Vec<(&str, &str)> = texts.iter().map(|(n, t)| (&**n, &**t)).collect();
    from_texts(&texts)
}
