//! Fills the shapes of a report from an assessment.

use super::*;
use crate::assess::open_context;
use crate::explain::MissingSet;
use crate::rule::Rule;

pub(super) struct Writer<'a> {
    pub(super) referential: &'a Referential,
    pub(super) base: &'a FactBase,
    pub(super) assessment: &'a Assessment,
}

impl Writer<'_> {
    pub(super) fn report(&self, digest: &str) -> Report {
        let r = self.referential;
        let criteria: Vec<CriterionReport> = r
            .criteria
            .iter()
            .zip(&self.assessment.outcomes)
            .map(|(c, o)| self.criterion(c, o))
            .collect();
        Report {
            format: FORMAT,
            application: self.application(digest),
            referential: ReferentialRef {
                id: r.id.to_string(),
                urn: r.urn.to_string(),
                version: r.version.to_string(),
                title: (&r.title).into(),
                basis: (&r.basis).into(),
                profile: r.profile.as_ref().map(|p| p.id.clone()),
                level: r.is_graded().then(|| (&r.level).into()),
                digest: r.digest.clone(),
            },
            as_of: self.assessment.as_of.to_string(),
            verdict: self.assessment.verdict,
            meaning: self.meaning(),
            counts: self.counts(&criteria, |_| true),
            pillars: self.pillars(&criteria),
            scores: self.scores(),
            criteria,
        }
    }

    fn meaning(&self) -> Option<Bilingual> {
        let words = &self.referential.verdict;
        match self.assessment.verdict {
            Verdict::Satisfied => Some((&words.satisfied).into()),
            Verdict::NotSatisfied => Some((&words.not_satisfied).into()),
            Verdict::Undetermined | Verdict::NotApplicable => None,
        }
    }

    fn application(&self, digest: &str) -> Application {
        let text = |path: &[&str]| {
            let key = self.base.path(path)?;
            let id = self.base.facts_of(key).first()?;
            match &self.base.fact(*id).value {
                Value::Text(t) => Some(t.to_string()),
                _ => None,
            }
        };
        Application {
            applicant: text(&["organisation", "name"]),
            offering: text(&["offering", "name"]),
            kind: text(&["offering", "kind"]),
            digest: digest.to_string(),
        }
    }

    fn counts(
        &self,
        criteria: &[CriterionReport],
        of: impl Fn(&CriterionReport) -> bool,
    ) -> Counts {
        let mut n = Counts::default();
        for c in criteria.iter().filter(|c| of(c)) {
            match c.verdict {
                Verdict::Satisfied => n.satisfied += 1,
                Verdict::NotSatisfied => {
                    n.not_satisfied += 1;
                    n.blocking +=
                        u32::from(self.referential.decision.blocking.contains(&c.severity));
                }
                Verdict::Undetermined => n.undetermined += 1,
                Verdict::NotApplicable => n.not_applicable += 1,
            }
            let assumed = c.basis == Basis::Assumption || !c.assumed.is_empty();
            n.on_assumption += u32::from(assumed && c.verdict != Verdict::NotApplicable);
        }
        n
    }

    fn pillars(&self, criteria: &[CriterionReport]) -> Vec<PillarReport> {
        let (r, outcomes) = (self.referential, &self.assessment.outcomes);
        let pillar = |(i, p): (usize, &crate::load::Pillar)| PillarReport {
            id: p.id.to_string(),
            title: (&p.title).into(),
            counts: self.counts(criteria, |c| *c.pillar == *p.id),
            level: pillar_level(r, outcomes, i).map(|l| Span1 {
                min: l.min,
                max: l.max,
            }),
            minimum: p.minimum,
            score: pillar_score(r, outcomes, i).map(percent),
        };
        r.pillars.iter().enumerate().map(pillar).collect()
    }

    fn scores(&self) -> Vec<ScoreReport> {
        let (r, outcomes) = (self.referential, &self.assessment.outcomes);
        let of = |w: &crate::load::Weights| {
            let score = percent(score(r, outcomes, w)?);
            Some(ScoreReport {
                weights: w.id.clone(),
                score,
            })
        };
        r.weights.iter().filter_map(of).collect()
    }

    fn context<'c>(&'c self, c: &'c Criterion) -> Context<'c> {
        let as_of = self.assessment.as_of;
        Context::new(self.base, &c.policies, as_of)
    }

    fn criterion(&self, c: &Criterion, o: &Outcome) -> CriterionReport {
        let ctx = self.context(c);
        let missing = &o.missing.sets;
        let set = |s: &MissingSet| s.of.iter().map(|k| self.missing(c, *k)).collect();
        let mut shown = o.why.slots.clone();
        if o.verdict == Verdict::Undetermined {
            let open = |k: &SlotKey| !ctx.is_settled(*k);
            shown = o.reads.iter().copied().filter(open).collect();
        }
        let of_those: Vec<SlotKey> = shown.clone();
        shown.extend(o.contradictions.iter().filter(|k| !of_those.contains(k)));
        CriterionReport {
            id: c.id.to_string(),
            urn: c.urn.to_string(),
            uri: c.uri.to_string(),
            pillar: self.referential.pillars[c.pillar].id.to_string(),
            title: (&c.title).into(),
            text: (&c.text).into(),
            basis: c.basis,
            assumed: self.assumed(c),
            out_of_period: self.out_of_period(c),
            severity: c.severity,
            verdict: o.verdict,
            rule: c.rule.text.to_string(),
            grades: o.grades.iter().map(|i| grade(&c.grades[*i])).collect(),
            may_lack_grade: o.may_lack_grade,
            properties: shown.iter().map(|k| self.property(&ctx, *k)).collect(),
            missing: missing.iter().map(set).collect(),
            more_missing: o.missing.more,
            missing_proven: missing.iter().map(|s| s.proven).collect(),
            nearest: o.nearest.as_ref().map(|n| self.nearest(n)),
            guidance: (&c.guidance).into(),
            remedy: (&c.remedy).into(),
        }
    }

    fn numbers<'p>(&'p self, c: &'p Criterion) -> impl Iterator<Item = &'p Parameter> {
        let rules = || c.rules().flat_map(|rule| &rule.params);
        let used = move |p: &&Parameter| {
            let key = p.id.replace('-', "_");
            rules().any(|u| **u == key)
        };
        self.referential.parameters.iter().filter(used)
    }

    fn assumed(&self, c: &Criterion) -> Vec<AssumedNumber> {
        let ours = |p: &&Parameter| p.status == Status::Assumption;
        let number = |p: &Parameter| AssumedNumber {
            id: p.id.to_string(),
            title: (&p.title).into(),
            value: p.written(),
        };
        self.numbers(c).filter(ours).map(number).collect()
    }

    fn out_of_period(&self, c: &Criterion) -> Vec<LapsedNumber> {
        let day = self.assessment.as_of;
        let number = |p: &Parameter| LapsedNumber {
            id: p.id.to_string(),
            title: (&p.title).into(),
            value: p.written(),
            valid_from: p.valid_from.map(|d| d.to_string()),
            valid_to: p.valid_to.map(|d| d.to_string()),
        };
        let outside = self.numbers(c).filter(|p| !p.holds_on(day));
        outside.map(number).collect()
    }

    fn label(&self, ty: TypeId, key: SlotKey) -> Bilingual {
        (&self.base.schema().field(ty, key.field).doc).into()
    }

    fn property(&self, ctx: &Context<'_>, key: SlotKey) -> PropertyReport {
        let resolved = ctx.resolve(key);
        let established = match self.base.slot(key) {
            Slot::Many(m) => m.complete,
            _ => resolved.established.is_some(),
        };
        let roles = self.roles(ctx, key);
        let facts = self.base.facts_of(key).iter().zip(&roles);
        let mut facts: Vec<FactReport> = facts
            .map(|(id, role)| self.fact(self.base.fact(*id), *role))
            .collect();
        if let Slot::Many(m) = self.base.slot(key) {
            facts.extend(m.ids.iter().map(|r| self.member(*r)));
        }
        PropertyReport {
            property: self.base.slot_name(key),
            label: self.label(self.base.record(key.record).ty, key),
            list: matches!(self.base.slot(key), Slot::Many(_)),
            established,
            contradicted: resolved.is_contradicted() || roles.contains(&Role::Contradicted),
            facts,
        }
    }

    /// A member of a list, as a fact: known as the first that is said of it is.
    fn member(&self, record: RecordId) -> FactReport {
        let fields = 0..self
            .base
            .schema()
            .ty(self.base.record(record).ty)
            .fields
            .len();
        let first = fields.filter_map(|i| {
            let field = FieldId(i as u16);
            self.base.facts_of(SlotKey { record, field }).first()
        });
        let first = first.min().map(|id| self.base.fact(*id).provenance);
        FactReport {
            value: self.base.record_name(record).into(),
            provenance: first.unwrap_or(Provenance::Declared),
            role: Role::Establishes,
            confidence: None,
            place: self.base.record(record).span.map(|s| self.place(s)),
            document: None,
            server: None,
            time: None,
            by: None,
            note: None,
            note_en: None,
            ruling: false,
        }
    }

    fn fact(&self, f: &Fact, role: Role) -> FactReport {
        let owned = |s: &Option<std::sync::Arc<str>>| s.as_ref().map(|s| s.to_string());
        FactReport {
            value: self.value(&f.value),
            provenance: f.provenance,
            role,
            confidence: f.confidence.map(|c| c.to_string()),
            place: f.source.span.map(|s| self.place(s)),
            document: f.source.document.map(|d| self.document(d, f.source.page)),
            server: owned(&f.source.server),
            time: owned(&f.source.time),
            by: owned(&f.source.by),
            note: owned(&f.source.note),
            note_en: owned(&f.source.note_en),
            ruling: f.ruling,
        }
    }

    pub(super) fn value(&self, v: &Value) -> serde_json::Value {
        match v {
            Value::Bool(b) => (*b).into(),
            Value::Number(i) => match i.exact() {
                Some(d) => d.normalize().to_string().into(),
                None => {
                    let end =
                        |e: Option<cocarde_model::Decimal>| e.map(|d| d.normalize().to_string());
                    serde_json::json!({ "min": end(i.lo()), "max": end(i.hi()) })
                }
            },
            Value::Text(t) => t.to_string().into(),
            Value::Date(d) => d.to_string().into(),
            Value::Ref(r) => self.base.record_name(*r).into(),
            Value::Texts(ts) => {
                let shown = Value::shown(ts).map(|t| t.to_string());
                shown.collect::<Vec<_>>().into()
            }
        }
    }

    /// The first text stated for a property of a record.
    pub(super) fn text_of(&self, record: RecordId, name: &str) -> Option<String> {
        self.base.text(record, name).map(|t| t.to_string())
    }

    fn document(&self, record: RecordId, page: Option<u32>) -> DocumentRef {
        let r = self.base.record(record);
        let text = |name: &str| self.text_of(record, name);
        let title = text("title")
            .or_else(|| text("file"))
            .unwrap_or_else(|| r.id.to_string());
        DocumentRef {
            id: r.id.to_string(),
            title,
            page,
        }
    }

    fn place(&self, span: Span) -> Place {
        let file = self.base.sources.get(span.file);
        let (line, column) = file.line_col(span.start);
        let text = file
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("");
        let length = text.lines().next().unwrap_or("").chars().count().max(1) as u32;
        Place {
            file: file.name.to_string(),
            line,
            column,
            length,
            excerpt: file.line(line).to_string(),
        }
    }

    /// Which evidence counts: any, for what only the scope asks for.
    fn asking<'c>(&'c self, c: &'c Criterion, property: (TypeId, FieldId)) -> Context<'c> {
        let reads = |rule: &Rule| rule.reads.contains(&property);
        match c.applies.as_ref().is_some_and(reads) && !reads(&c.rule) {
            true => open_context(self.base, self.assessment.as_of),
            false => self.context(c),
        }
    }

    fn missing(&self, c: &Criterion, key: SlotKey) -> MissingReport {
        let record = self.base.record(key.record);
        let property = (record.ty, key.field);
        let ctx = self.asking(c, property);
        let claim = ctx.resolve(key).claim.map(|id| self.base.fact(id));
        MissingReport {
            property: self.base.slot_name(key),
            label: self.label(record.ty, key),
            open_list: matches!(self.base.slot(key), Slot::Many(_)),
            claimed: claim.map(|f| self.value(&f.value)),
            claimed_how: claim.map(|f| f.provenance),
            accepted: accepted(&ctx.policies.of(property).established_by),
            contradicted: ctx.is_contradicted(key),
            place: record.span.map(|s| self.place(s)),
        }
    }
}

fn grade(g: &crate::load::Grade) -> GradeReport {
    GradeReport {
        level: g.level,
        points: g.points.normalize().to_string(),
        title: (&g.title).into(),
    }
}

/// Rounded for people, to a hundredth.
fn percent(r: Range<cocarde_model::Decimal>) -> Span1<String> {
    let rounded = |d: cocarde_model::Decimal| d.round_dp(2).normalize().to_string();
    Span1 {
        min: rounded(r.min),
        max: rounded(r.max),
    }
}

fn accepted(by: &Admission) -> Vec<String> {
    let one = |p: Provenance| {
        let least = by[p as usize]?;
        Some(if least.is_zero() {
            p.name().to_string()
        } else {
            format!("{}>={least}", p.name())
        })
    };
    Provenance::ALL.into_iter().filter_map(one).collect()
}
