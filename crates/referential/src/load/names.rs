//! What a referential names, and what it names twice.

use super::raw::{self, Main, SetOf};
use super::resolve::Resolver;
use super::{Pillar, Profile};
use cocarde_knowledge::countries::Countries;
use cocarde_model::{FileId, did_you_mean};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

impl Resolver<'_> {
    /// What has the same name as another of its kind: one of the two would not count.
    pub(super) fn duplicates(&mut self, file: FileId, main: &Main) {
        let (pillar, set) = (("pilier", "pillar"), ("ensemble", "set"));
        self.once(file, pillar, main.pillar.iter().map(|p| named(&p.id)));
        self.once(file, set, main.set.iter().map(|s| named(&s.id)));
        let (parameter, weights) = (("paramètre", "parameter"), ("pondération", "weights"));
        let ids = main.parameter.iter().map(|p| &p.get_ref().id);
        self.once(
            file,
            parameter,
            ids.map(|id| (rule_name(id.get_ref()), id.span())),
        );
        let ids = main
            .weights
            .iter()
            .map(|w| (w.get_ref().id.clone(), w.span()));
        self.once(file, weights, ids);
        let ids = main
            .profile
            .iter()
            .map(|p| (p.get_ref().id.clone(), p.span()));
        self.once(file, ("profil", "profile"), ids);
    }

    /// The country sets of the scheme's own, besides those that are always there.
    pub(super) fn own_sets(&mut self, file: FileId, sets: &[SetOf]) {
        let given: BTreeSet<Arc<str>> = self.sets.keys().cloned().collect();
        for set in sets {
            let id = set.id.get_ref().as_str();
            if given.contains(id) {
                let fr = format!("l'ensemble « {id} » existe toujours : nommer celui-ci autrement");
                let en = format!("the set `{id}` is always there: name this one otherwise");
                self.error(file, set.id.span(), "referential-duplicate", fr, en);
            }
            for code in &set.of {
                self.is_country(file, code, "referential-set");
            }
            let words = set.of.iter().map(|c| Arc::from(c.get_ref().as_str()));
            self.sets.insert(id.into(), words.collect());
        }
    }

    /// Whether a code is a country's; told as a defect where it is none.
    pub(super) fn is_country(
        &mut self,
        file: FileId,
        code: &Spanned<String>,
        defect: &'static str,
    ) -> bool {
        let (text, countries) = (code.get_ref(), Countries::standard());
        if countries.is_country(text) {
            return true;
        }
        let (mut fr, mut en) = (
            format!("« {text} » n'est pas un code de pays ISO 3166-1"),
            format!("`{text}` is not an ISO 3166-1 country code"),
        );
        if let Some(meant) = countries.guess(text) {
            fr += &format!(" : vouliez-vous dire « {meant} » ?");
            en += &format!(": did you mean `{meant}`?");
        }
        self.error(file, code.span(), defect, fr, en);
        false
    }

    fn once(
        &mut self,
        file: FileId,
        (fr, en): (&str, &str),
        names: impl Iterator<Item = (String, Range<usize>)>,
    ) {
        let mut seen = BTreeSet::new();
        for (name, place) in names {
            let fr = format!("{fr} « {name} » défini deux fois");
            let en = format!("{en} `{name}` defined twice");
            if !seen.insert(name) {
                self.error(file, place, "referential-duplicate", fr, en);
            }
        }
    }

    /// The pillars with the levels that a profile asks of them.
    pub(super) fn pillars(
        &mut self,
        file: FileId,
        main: &Main,
        profile: Option<&Profile>,
    ) -> Vec<Pillar> {
        let minimum = |p: &raw::RawPillar| {
            let asked = profile.and_then(|f| f.minimum.get(p.id.get_ref().as_str()));
            asked.copied().or(p.minimum_level)
        };
        let pillar = |p: &raw::RawPillar| Pillar {
            id: p.id.get_ref().as_str().into(),
            title: p.title.clone(),
            minimum: minimum(p),
        };
        let pillars: Vec<Pillar> = main.pillar.iter().map(pillar).collect();
        for profile in &main.profile {
            self.known_pillars(file, &profile.get_ref().minimum, &pillars);
        }
        for weights in &main.weights {
            self.known_pillars(file, &weights.get_ref().of, &pillars);
        }
        pillars
    }

    fn known_pillars<T>(
        &mut self,
        file: FileId,
        named: &BTreeMap<Spanned<String>, T>,
        pillars: &[Pillar],
    ) {
        for name in named.keys() {
            if !pillars.iter().any(|p| *p.id == **name.get_ref()) {
                self.unknown_pillar(file, name, pillars);
            }
        }
    }

    pub(super) fn unknown_pillar(
        &mut self,
        file: FileId,
        name: &Spanned<String>,
        pillars: &[Pillar],
    ) {
        let known: Vec<Arc<str>> = pillars.iter().map(|p| p.id.clone()).collect();
        let what = ("pilier inconnu", "unknown pillar");
        self.unknown(file, name, "referential-pillar", what, &known);
    }

    /// A name that is none of those known, with the one that may have been meant.
    pub(super) fn unknown(
        &mut self,
        file: FileId,
        word: &Spanned<String>,
        code: &'static str,
        (fr, en): (&str, &str),
        known: &[Arc<str>],
    ) {
        let text = word.get_ref();
        let (more_fr, more_en) = match did_you_mean(text, known.iter().map(|k| &**k)) {
            Some(k) => (
                format!(" ; vouliez-vous « {k} » ?"),
                format!("; did you mean `{k}`?"),
            ),
            None => (
                format!(" ; connus : {}", known.join(", ")),
                format!("; known: {}", known.join(", ")),
            ),
        };
        let fr = format!("{fr} « {text} »{more_fr}");
        let en = format!("{en} `{text}`{more_en}");
        self.error(file, word.span(), code, fr, en);
    }
}

/// The name of a parameter in rules, where `-` is subtraction.
pub(super) fn rule_name(id: &str) -> String {
    id.replace('-', "_")
}

fn named(id: &Spanned<String>) -> (String, Range<usize>) {
    (id.get_ref().clone(), id.span())
}
