//! From files as written to a checked referential.

use super::raw::{self, CriteriaFile, Main, RawCriterion, Tolerance};
use super::{Criterion, Decision, Failure, Grade, Pillar, Referential, Sets};
use crate::eval::{Policies, Policy};
use crate::rule::{Env, ParamInfo, Rule, RuleError, compile};
use cocarde_model::{Decimal, Diagnostic, FileId, Schema, Sources, Span, Text, did_you_mean};
use std::collections::BTreeMap;
use std::str::FromStr;
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
}

impl<'a> Resolver<'a> {
    pub fn new(schema: &'a Schema, sets: &Sets) -> Resolver<'a> {
        Resolver {
            schema,
            sets: sets.clone(),
            sources: Sources::default(),
            diagnostics: Vec::new(),
            params: BTreeMap::new(),
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
                files.push((file, parsed));
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
                let fr = format!("fichier de référentiel mal formé : {message}");
                let en = format!("malformed referential file: {message}");
                self.error(file, span, "referential-malformed", fr, en);
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
        files: Vec<(FileId, CriteriaFile)>,
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
        for set in &main.set {
            let words: Arc<[Arc<str>]> = set.of.iter().map(|c| Arc::from(c.as_str())).collect();
            self.sets.insert(set.id.as_str().into(), words);
        }
        let parameters = self.parameters(file, &main.parameter);
        let evidence = self.policy(file, &main.evidence, None);
        let analysis = main.analysis;
        let analysis = analysis.and_then(|a| self.analysis(file, a, &evidence));
        let profile = self.profile(&main.profile, profile);
        let pillars = pillars(&main.pillar, profile.as_ref());
        let mut criteria = Vec::new();
        for (file, parsed) in files {
            for raw in parsed.criterion {
                if let Some(c) = self.criterion(file, raw, &pillars, &evidence) {
                    self.unique(file, &criteria, &c);
                    criteria.push(c);
                }
            }
        }
        if criteria.is_empty() && self.diagnostics.is_empty() {
            let (fr, en) = ("aucun critère", "no criterion");
            self.error(file, 0..0, "referential-empty", fr.into(), en.into());
        }
        criteria.sort_by_key(|c| c.pillar);
        let minor_tolerated = main.decision.minor_tolerated.as_ref().and_then(tolerance);
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
            analysis,
            process: main.process,
            weights: main.weights,
            profile,
            profiles: main.profile,
            sources: Sources::default(),
            digest,
        })
    }

    fn profile(&mut self, all: &[raw::Profile], wanted: Option<&str>) -> Option<raw::Profile> {
        let Some(id) = wanted else {
            return all.first().cloned();
        };
        let found = all.iter().find(|p| p.id == id).cloned();
        if found.is_none() {
            let known = all
                .iter()
                .map(|p| p.id.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            let fr = format!("aucun profil « {id} » ; profils connus : {known}");
            let en = format!("no profile `{id}`; known profiles: {known}");
            self.diagnostics
                .push(Diagnostic::error("referential-profile", fr, en).in_file(MAIN));
        }
        found
    }

    fn unique(&mut self, file: FileId, so_far: &[Criterion], c: &Criterion) {
        if so_far.iter().any(|o| o.id == c.id || o.urn == c.urn) {
            let fr = format!("critère « {} » défini deux fois", c.id);
            let en = format!("criterion `{}` is defined twice", c.id);
            let at = c.span.start as usize..c.span.end as usize;
            self.error(file, at, "referential-duplicate", fr, en);
        }
    }

    fn criterion(
        &mut self,
        file: FileId,
        raw: Spanned<RawCriterion>,
        pillars: &[Pillar],
        evidence: &Policy,
    ) -> Option<Criterion> {
        let raw = raw.into_inner();
        let place = raw.id.span();
        let Some(pillar) = pillars.iter().position(|p| *p.id == **raw.pillar.get_ref()) else {
            let id = raw.pillar.get_ref();
            let hint = did_you_mean(id, pillars.iter().map(|p| &*p.id));
            let (fr, en) = match hint {
                Some(k) => (
                    format!(" ; vouliez-vous « {k} » ?"),
                    format!("; did you mean `{k}`?"),
                ),
                None => Default::default(),
            };
            let fr = format!("pilier inconnu « {id} »{fr}");
            let en = format!("unknown pillar `{id}`{en}");
            self.error(file, raw.pillar.span(), "referential-pillar", fr, en);
            return None;
        };
        let policies = self.policies(file, &raw.properties, evidence);
        // Whether a criterion applies is asked of whatever is stated, however it is known.
        let open = Policies::uniform(Policy::lenient());
        let applies = raw.applies.as_ref().map(|r| self.rule(file, r, &open));
        let grades = self.grades(file, &raw.grade, &policies);
        let rule = match (&raw.rule, raw.grade.is_empty()) {
            (Some(rule), true) => self.rule(file, rule, &policies),
            (None, false) => self.passing(&raw.grade, pillars[pillar].minimum, &policies),
            _ => {
                let fr = "un critère a une règle (`rule`) ou des degrés (`grade`), et pas les deux"
                    .to_string();
                let en = "a criterion has a `rule` or `grade`s, and not both".to_string();
                self.error(file, place.clone(), "referential-rule", fr, en);
                None
            }
        };
        Some(Criterion {
            id: raw.id.get_ref().as_str().into(),
            urn: raw.urn.as_str().into(),
            uri: raw.uri.as_str().into(),
            pillar,
            title: raw.title,
            text: raw.text,
            basis: raw.basis,
            source: raw.source,
            applies: match applies {
                Some(rule) => Some(rule?),
                None => None,
            },
            rule: rule?,
            grades: grades?,
            severity: raw.severity,
            weight: raw
                .weight
                .as_ref()
                .and_then(decimal)
                .unwrap_or(Decimal::ONE),
            guidance: raw.guidance,
            remedy: raw.remedy,
            policies,
            span: span(file, place),
        })
    }

    fn grades(
        &mut self,
        file: FileId,
        raw: &[raw::RawGrade],
        policies: &Policies,
    ) -> Option<Vec<Grade>> {
        let mut out = Vec::new();
        let mut whole = true;
        for g in raw {
            let when = self.rule(file, &g.when, policies);
            match (when, Decimal::from_str(&g.points)) {
                (Some(when), Ok(points)) => {
                    let title = g.title.clone().unwrap_or(Text::default());
                    out.push(Grade {
                        level: g.level,
                        points,
                        title,
                        when,
                    });
                }
                (_, Err(_)) => {
                    let fr = "les points d'un degré sont un nombre décimal, entre guillemets"
                        .to_string();
                    let en = "a grade's points are a decimal number, in quotes".to_string();
                    self.error(file, g.when.span(), "referential-grade", fr, en);
                    whole = false;
                }
                _ => whole = false,
            }
        }
        whole.then_some(out)
    }

    /// A graded criterion is satisfied when a grade of the least level asked for is reached.
    fn passing(
        &mut self,
        grades: &[raw::RawGrade],
        minimum: Option<u8>,
        policies: &Policies,
    ) -> Option<Rule> {
        let enough = grades.iter().filter(|g| g.level >= minimum.unwrap_or(0));
        let text: Vec<String> = enough.map(|g| format!("({})", g.when.get_ref())).collect();
        let text = if text.is_empty() {
            "false".to_string()
        } else {
            text.join(" || ")
        };
        // Defects were told where the grades were read.
        compile(&text, &self.env(policies)).ok()
    }

    fn env<'e>(&'e self, policies: &'e Policies) -> Env<'e> {
        Env {
            schema: self.schema,
            params: &self.params,
            sets: &self.sets,
            policies: policies.by_property(),
            default_policy: Policies::DEFAULT,
        }
    }

    fn rule(&mut self, file: FileId, text: &Spanned<String>, policies: &Policies) -> Option<Rule> {
        match compile(text.get_ref(), &self.env(policies)) {
            Ok(rule) => Some(rule),
            Err(errors) => {
                for e in errors {
                    let at = self.place_in(file, text, &e);
                    let fr = format!("règle refusée : {}", e.message);
                    let mut d = Diagnostic::error("rule", fr, e.message).at(at);
                    if let Some(help) = e.help {
                        d = d.help(help.clone(), help);
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

fn pillars(all: &[raw::RawPillar], profile: Option<&raw::Profile>) -> Vec<Pillar> {
    let minimum = |p: &raw::RawPillar| {
        profile
            .and_then(|f| f.minimum.get(&p.id).copied())
            .or(p.minimum_level)
    };
    let pillar = |p: &raw::RawPillar| Pillar {
        id: p.id.as_str().into(),
        title: p.title.clone(),
        minimum: minimum(p),
    };
    all.iter().map(pillar).collect()
}

pub(super) fn span(file: FileId, range: std::ops::Range<usize>) -> Span {
    Span {
        file,
        start: range.start as u32,
        end: range.end as u32,
    }
}

fn decimal(t: &Tolerance) -> Option<Decimal> {
    match t {
        Tolerance::Number(n) => Some(Decimal::from(*n)),
        Tolerance::Text(t) => Decimal::from_str(t).ok(),
    }
}

fn tolerance(t: &Tolerance) -> Option<u32> {
    match t {
        Tolerance::Number(n) => Some(*n),
        Tolerance::Text(t) => t.parse().ok(),
    }
}
