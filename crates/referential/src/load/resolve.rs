//! From files as written to a checked referential.

use super::french::in_french;
use super::raw::{CriteriaFile, Main, RawCriterion, RawDecision};
use super::{Decision, Failure, Profile, Referential, Sets};
use crate::eval::{Policies, Policy};
use crate::rule::{Env, ParamInfo, Rule, RuleError, compile};
use cocarde_model::{Diagnostic, FileId, Schema, Sources, Span, Text, did_you_mean};
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

/// The file that says what the referential is; the others hold its criteria.
const MAIN: &str = "referential.toml";
const FORMAT: u32 = 1;

pub struct Resolver<'a> {
    pub(super) schema: &'a Schema,
    pub(super) sets: Sets,
    sources: Sources,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) params: BTreeMap<Arc<str>, ParamInfo>,
    /// The evidence policies so far, each once.
    pub(super) policies: Vec<Arc<Policy>>,
}

impl<'a> Resolver<'a> {
    pub fn new(schema: &'a Schema, sets: &Sets) -> Resolver<'a> {
        Resolver {
            schema,
            sets: sets.clone(),
            sources: Sources::default(),
            diagnostics: Vec::new(),
            params: BTreeMap::new(),
            policies: Vec::new(),
        }
    }

    pub fn run(
        mut self,
        texts: &[&(&str, &str)],
        profile: Option<&str>,
        digest: String,
    ) -> Result<Referential, Failure> {
        let mut main = None;
        let mut files = Vec::new();
        for (name, text) in texts.iter().copied() {
            let file = self.sources.add(name, text);
            if *name == MAIN {
                main = self.parse::<Main>(file, text).map(|m| (file, m));
            } else if let Some(parsed) = self.parse::<CriteriaFile>(file, text) {
                files.push((file, parsed.criterion));
            }
        }
        if !texts.iter().any(|(name, _)| *name == MAIN) {
            let fr = format!("le fichier {MAIN} manque");
            let en = format!("the file {MAIN} is missing");
            self.diagnostics
                .push(Diagnostic::error("referential-incomplete", fr, en).in_file(MAIN));
        }
        let built = main.and_then(|(file, main)| self.build(file, main, files, profile, digest));
        match built {
            Some(mut built) if self.diagnostics.is_empty() => {
                built.sources = self.sources;
                Ok(built)
            }
            _ => Err(Failure {
                sources: self.sources,
                diagnostics: self.diagnostics,
            }),
        }
    }

    fn parse<T: serde::de::DeserializeOwned>(&mut self, file: FileId, text: &str) -> Option<T> {
        match toml::from_str(text) {
            Ok(parsed) => Some(parsed),
            Err(e) => {
                let span = e.span().unwrap_or(0..0);
                let message = e.message().trim().to_string();
                let message = message.lines().next().unwrap_or_default();
                let words = in_french(message);
                let fr = format!("fichier de référentiel mal formé : {words}");
                let en = format!("malformed referential file: {message}");
                self.error(file, span, "referential-malformed", fr, en);
                let told = self.diagnostics.last_mut();
                if let (Some(meant), Some(d)) = (meant(message), told) {
                    let en = format!("did you mean `{meant}`?");
                    let fr = in_french(&en);
                    d.help = Some(Text { fr, en });
                }
                None
            }
        }
    }

    pub(super) fn error(
        &mut self,
        file: FileId,
        range: std::ops::Range<usize>,
        code: &'static str,
        fr: String,
        en: String,
    ) {
        let span = span(file, range);
        self.diagnostics
            .push(Diagnostic::error(code, fr, en).at(span));
    }

    fn build(
        &mut self,
        file: FileId,
        main: Main,
        files: Vec<(FileId, Vec<Spanned<RawCriterion>>)>,
        profile: Option<&str>,
        digest: String,
    ) -> Option<Referential> {
        if *main.format.get_ref() != FORMAT {
            let (fr, en) = (
                "format inconnu : cette version lit le format 1",
                "unknown format: this version reads format 1",
            );
            self.error(
                file,
                main.format.span(),
                "referential-format",
                fr.into(),
                en.into(),
            );
        }
        self.own_sets(file, &main.set);
        let parameters = self.parameters(file, &main.parameter);
        let evidence = self.policy(file, &main.evidence, None);
        self.duplicates(file, &main);
        let profile = self.profile(&main.profile, profile);
        let pillars = self.pillars(file, &main, profile.as_ref());
        let minor_tolerated = self.tolerated(file, &main.decision);
        let analysis = main.analysis;
        let analysis = analysis.and_then(|a| self.analysis(file, a, &evidence));
        let criteria = self.criteria(files, &pillars, &evidence);
        if criteria.is_empty() && self.diagnostics.is_empty() {
            let (fr, en) = ("aucun critère", "no criterion");
            self.error(file, 0..0, "referential-empty", fr.into(), en.into());
        }
        Some(Referential {
            id: main.id.as_str().into(),
            urn: main.urn.as_str().into(),
            uri: main.uri.as_str().into(),
            version: main.version.as_str().into(),
            title: main.title,
            aliases: main.aliases,
            publisher: main.publisher,
            basis: main.basis,
            valid_from: main.valid_from,
            origins: main.source,
            pillars,
            parameters,
            criteria,
            decision: Decision {
                blocking: main.decision.blocking,
                minor_tolerated,
            },
            verdict: main.verdict,
            level: main.level,
            analysis,
            process: main.process,
            weights: plain(main.weights),
            profile,
            profiles: plain(main.profile),
            sources: Sources::default(),
            digest,
        })
    }

    /// Most unsatisfied minor criteria, where there is a limit.
    fn tolerated(&mut self, file: FileId, raw: &RawDecision) -> Option<u32> {
        let written = raw.minor_tolerated.as_ref()?;
        let most = written.get_ref().read(|t| t.parse().ok());
        if most.is_none() {
            let fr = "le nombre de critères mineurs tolérés est un entier, zéro ou plus";
            let en = "the number of minor criteria tolerated is a whole number, zero or more";
            let (fr, en) = (fr.to_string(), en.to_string());
            self.error(file, written.span(), "referential-decision", fr, en);
        }
        most
    }

    fn profile(&mut self, all: &[Spanned<Profile>], wanted: Option<&str>) -> Option<Profile> {
        let mut all = all.iter().map(Spanned::get_ref);
        let Some(id) = wanted else {
            return all.next().cloned();
        };
        let found = all.clone().find(|p| p.id == id).cloned();
        if found.is_none() {
            let known = all.map(|p| p.id.as_str()).collect::<Vec<_>>().join(", ");
            let mut fr = format!("aucun profil « {id} » ; profils connus : {known}");
            let mut en = format!("no profile `{id}`; known profiles: {known}");
            if known.is_empty() {
                fr = "ce référentiel n'a pas de profil : ôter --profile".into();
                en = "this referential has no profile: leave --profile out".into();
            }
            self.diagnostics
                .push(Diagnostic::error("referential-profile", fr, en).in_file(MAIN));
        }
        found
    }

    pub(super) fn env<'e>(&'e self, policies: &'e Policies) -> Env<'e> {
        Env {
            schema: self.schema,
            params: &self.params,
            sets: &self.sets,
            policies: policies.by_property(),
            default_policy: Policies::DEFAULT,
        }
    }

    pub(super) fn rule(
        &mut self,
        file: FileId,
        text: &Spanned<String>,
        policies: &Policies,
    ) -> Option<Rule> {
        match compile(text.get_ref(), &self.env(policies)) {
            Ok(rule) => Some(rule),
            Err(errors) => {
                for e in errors {
                    let at = self.place_in(file, text, &e);
                    let fr = format!("règle refusée : {}", in_french(&e.message));
                    let mut d = Diagnostic::error("rule", fr, e.message).at(at);
                    if let Some(help) = e.help {
                        d = d.help(in_french(&help), help);
                    }
                    self.diagnostics.push(d);
                }
                None
            }
        }
    }

    /// The bytes of the file that a rule error speaks of: those of the rule's text where
    /// the file holds it as it is, those of the whole string where it is escaped.
    fn place_in(&self, file: FileId, text: &Spanned<String>, e: &RuleError) -> Span {
        let whole = text.span();
        let source = &self.sources.get(file).text;
        let inner = source
            .get(whole.clone())
            .and_then(|s| s.find(text.get_ref().as_str()));
        match inner {
            Some(at) => {
                let start = whole.start + at;
                span(file, start + e.span.0 as usize..start + e.span.1 as usize)
            }
            None => span(file, whole),
        }
    }
}

pub(super) fn span(file: FileId, range: std::ops::Range<usize>) -> Span {
    Span {
        file,
        start: range.start as u32,
        end: range.end as u32,
    }
}

/// The known word that was meant, where the reader of TOML names one it does not know.
fn meant(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("unknown field `");
    let rest = rest.or_else(|| message.strip_prefix("unknown variant `"))?;
    let mut words = rest.split('`').step_by(2);
    let word = words.next()?;
    did_you_mean(word, words.filter(|w| !w.is_empty()))
}

fn plain<T>(all: Vec<Spanned<T>>) -> Vec<T> {
    all.into_iter().map(Spanned::into_inner).collect()
}
