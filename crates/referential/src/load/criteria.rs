//! Criteria and their grades.

use super::french::in_french;
use super::raw::{RawCriterion, RawGrade};
use super::resolve::{Resolver, span};
use super::{Criterion, Grade, Pillar};
use crate::eval::{Policies, Policy};
use crate::rule::{Rule, compile};
use cocarde_model::{Decimal, FileId};
use toml::Spanned;

impl Resolver<'_> {
    /// The criteria of all files; what cannot be read of them is told.
    pub(super) fn criteria(
        &mut self,
        files: Vec<(FileId, Vec<Spanned<RawCriterion>>)>,
        pillars: &[Pillar],
        evidence: &Policy,
    ) -> Vec<Criterion> {
        let mut criteria = Vec::new();
        for (file, parsed) in files {
            for raw in parsed {
                if let Some(c) = self.criterion(file, raw.into_inner(), pillars, evidence) {
                    self.unique(file, &criteria, &c);
                    criteria.push(c);
                }
            }
        }
        criteria.sort_by_key(|c| c.pillar);
        criteria
    }

    fn unique(&mut self, file: FileId, so_far: &[Criterion], c: &Criterion) {
        let Some(other) = so_far.iter().find(|o| o.id == c.id || o.urn == c.urn) else {
            return;
        };
        let (mut fr, mut en) = (
            format!("critère « {} » défini deux fois", c.id),
            format!("criterion `{}` is defined twice", c.id),
        );
        if other.id != c.id {
            fr = format!(
                "« {} » et « {} » ont la même urn : {}",
                other.id, c.id, c.urn
            );
            en = format!("`{}` and `{}` have the same urn: {}", other.id, c.id, c.urn);
        }
        let at = c.span.start as usize..c.span.end as usize;
        self.error(file, at, "referential-duplicate", fr, en);
    }

    fn criterion(
        &mut self,
        file: FileId,
        raw: RawCriterion,
        pillars: &[Pillar],
        evidence: &Policy,
    ) -> Option<Criterion> {
        let place = raw.id.span();
        let pillar = self.pillar(file, &raw.pillar, pillars);
        let policies = self.policies(file, &raw.properties, evidence);
        // Whether a criterion applies is asked of whatever is stated, however it is known.
        let open = Policies::uniform(Policy::lenient());
        let applies = raw.applies.as_ref().map(|r| self.rule(file, r, &open));
        let weight = self.weight(file, &raw);
        let grades = self.grades(file, &raw.grade, &policies);
        let rule = match (&raw.rule, raw.grade.is_empty()) {
            (Some(rule), true) => self.rule(file, rule, &policies),
            (None, false) if grades.is_some() => {
                let enough = pillar.and_then(|p| pillars[p].minimum).unwrap_or(0);
                self.passing(file, &raw, enough, &policies)
            }
            // Why was told where the grades were read.
            (None, false) => None,
            _ => {
                let fr = "un critère a une règle (`rule`) ou des degrés (`grade`), et pas les deux";
                let en = "a criterion has a `rule` or `grade`s, and not both";
                let (fr, en) = (fr.to_string(), en.to_string());
                self.error(file, place.clone(), "referential-rule", fr, en);
                None
            }
        };
        Some(Criterion {
            id: raw.id.get_ref().as_str().into(),
            urn: raw.urn.as_str().into(),
            uri: raw.uri.as_str().into(),
            pillar: pillar?,
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
            weight: weight?,
            guidance: raw.guidance,
            remedy: raw.remedy,
            policies,
            span: span(file, place),
        })
    }

    fn pillar(
        &mut self,
        file: FileId,
        name: &Spanned<String>,
        pillars: &[Pillar],
    ) -> Option<usize> {
        let found = pillars.iter().position(|p| *p.id == **name.get_ref());
        if found.is_none() {
            self.unknown_pillar(file, name, pillars);
        }
        found
    }

    fn weight(&mut self, file: FileId, raw: &RawCriterion) -> Option<Decimal> {
        let Some(written) = &raw.weight else {
            return Some(Decimal::ONE);
        };
        let weight = written.get_ref().read(|t| Decimal::from_str_exact(t).ok());
        let weight = weight.filter(|w| *w >= Decimal::ZERO);
        if raw.grade.is_empty() {
            let fr = "un poids compte des points : il faut des degrés (`grade`)".to_string();
            let en = "a weight counts points: it takes `grade`s".to_string();
            self.error(file, written.span(), "referential-weight", fr, en);
        } else if weight.is_none() {
            let fr = "un poids est un nombre décimal, zéro ou plus, entre guillemets".to_string();
            let en = "a weight is a decimal number, zero or more, in quotes".to_string();
            self.error(file, written.span(), "referential-weight", fr, en);
        }
        weight
    }

    fn grades(
        &mut self,
        file: FileId,
        raw: &[RawGrade],
        policies: &Policies,
    ) -> Option<Vec<Grade>> {
        for (worse, better) in raw.iter().zip(raw.iter().skip(1)) {
            if better.level.get_ref() < worse.level.get_ref() {
                let fr = "les degrés s'écrivent du pire au meilleur".to_string();
                let en = "grades are written worst first".to_string();
                self.error(file, better.level.span(), "referential-grade", fr, en);
            }
        }
        let grades = raw.iter().map(|g| self.grade(file, g, policies));
        // All are read, so that every defect is told.
        grades.collect::<Vec<_>>().into_iter().collect()
    }

    fn grade(&mut self, file: FileId, raw: &RawGrade, policies: &Policies) -> Option<Grade> {
        let when = self.rule(file, &raw.when, policies);
        let points = Decimal::from_str_exact(raw.points.get_ref()).ok();
        let points = points.filter(|p| *p >= Decimal::ZERO);
        if points.is_none() {
            let fr = "les points d'un degré sont un nombre décimal, zéro ou plus, entre guillemets";
            let en = "a grade's points are a decimal number, zero or more, in quotes";
            let (fr, en) = (fr.to_string(), en.to_string());
            self.error(file, raw.points.span(), "referential-grade", fr, en);
        }
        Some(Grade {
            level: *raw.level.get_ref(),
            points: points?,
            title: raw.title.clone().unwrap_or_default(),
            when: when?,
        })
    }

    /// A graded criterion is satisfied when a grade of the least level asked for is reached.
    fn passing(
        &mut self,
        file: FileId,
        raw: &RawCriterion,
        least: u8,
        policies: &Policies,
    ) -> Option<Rule> {
        let enough = raw.grade.iter().filter(|g| *g.level.get_ref() >= least);
        let texts: Vec<String> = enough.map(|g| bracketed(g.when.get_ref())).collect();
        let text = match texts.is_empty() {
            true => "false".to_string(),
            false => texts.join(" || "),
        };
        let compiled = compile(&text, &self.env(policies));
        for e in compiled.as_ref().err().into_iter().flatten() {
            let fr = format!("degrés refusés, pris ensemble : {}", in_french(&e.message));
            let en = format!("grades refused, taken together: {}", e.message);
            self.error(file, raw.id.span(), "rule", fr, en);
        }
        compiled.ok()
    }
}

/// A rule as an operand. A comment in it ends with its line, not with the rule.
fn bracketed(rule: &str) -> String {
    let end = if rule.contains("//") { "\n" } else { "" };
    format!("({rule}{end})")
}
