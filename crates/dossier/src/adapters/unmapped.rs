//! What stays behind, counted.

use crate::report::quoted;
use std::collections::BTreeMap;

/// What a file says that a dossier has no word for, with how often it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmapped(BTreeMap<String, Left>);

/// A thing that stayed behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Left {
    times: usize,
    /// How it is said in French, when it is said in words and is no path of the file.
    fr: Option<String>,
}

/// Things that are told apart, at most; the others are counted together.
const MOST_UNMAPPED: usize = 500;

/// Why something stays behind, in French and in English; `{}` stands for what the file names.
pub(super) type Why = (&'static str, &'static str);

/// Who is not in the file that names it.
pub(super) const ELSEWHERE: Why = ("partie d'un autre fichier", "party of another file");
/// A country, where addresses are in several.
pub(super) const COUNTRY: Why = (
    "pays d'une adresse à côté d'un autre",
    "country of an address beside another",
);

impl Unmapped {
    /// Counts what stands at that path, which is the same in both languages.
    pub(super) fn add(&mut self, path: &str) {
        self.add_many(path, 1);
    }

    /// The same for so many.
    pub(super) fn add_many(&mut self, path: &str, times: usize) {
        self.count(path.into(), None, times);
    }

    /// Counts so many that are left for that reason.
    pub(super) fn leave(&mut self, (fr, en): Why, named: &str, times: usize) {
        let named = quoted(named);
        let fr = fr.replace("{}", &named);
        self.count(en.replace("{}", &named), Some(fr), times);
    }

    fn count(&mut self, en: String, fr: Option<String>, times: usize) {
        let known = self.0.contains_key(&en);
        let (en, fr) = match known || self.0.len() < MOST_UNMAPPED {
            true => (en, fr),
            false => ("…".into(), None),
        };
        if times > 0 {
            let left = self.0.entry(en).or_default();
            left.times += times;
            left.fr = left.fr.take().or(fr);
        }
    }

    /// Each thing with how often the file says it, in English and in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(k, left)| (k.as_str(), left.times))
    }

    /// The same in French, in the same order.
    pub fn in_french(&self) -> impl Iterator<Item = (&str, usize)> {
        let said = self.0.iter();
        said.map(|(en, left)| (left.fr.as_ref().unwrap_or(en).as_str(), left.times))
    }

    /// Whether everything found its place.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
