//! Which evidence counts, as a referential states it.

use super::raw::Evidence;
use super::resolve::{Resolver, span};
use crate::eval::{Admission, Policies, Policy};
use cocarde_model::{Decimal, Diagnostic, FileId, Provenance, did_you_mean};
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

impl Resolver<'_> {
    pub(super) fn policies(
        &mut self,
        file: FileId,
        own: &BTreeMap<Spanned<String>, Evidence>,
        evidence: &Policy,
    ) -> Policies {
        let mut policies = Policies::uniform(self.shared(evidence.clone()));
        for (name, own) in own {
            match self.schema.property(name.get_ref()) {
                Some((ty, field)) if !self.schema.field(ty, field).ty.is_scalar() => {
                    self.no_evidence_of(file, name);
                }
                Some(property) => {
                    let policy = self.policy(file, own, Some(evidence));
                    policies.set(property, self.shared(policy));
                }
                None => self.no_such_property(file, name),
            }
        }
        policies
    }

    /// The same policy, one for all criteria that have it.
    fn shared(&mut self, policy: Policy) -> Arc<Policy> {
        if let Some(known) = self.policies.iter().find(|p| ***p == policy) {
            return known.clone();
        }
        let policy = Arc::new(policy);
        self.policies.push(policy.clone());
        policy
    }

    /// A list of records, or a part, is no fact: its members' properties are.
    fn no_evidence_of(&mut self, file: FileId, name: &Spanned<String>) {
        let name_is = name.get_ref();
        let fr = format!(
            "« {name_is} » n'a pas de preuve à elle : nommer les propriétés de ses membres"
        );
        let en =
            format!("`{name_is}` has no evidence of its own: name the properties of its members");
        self.error(file, name.span(), "referential-property", fr, en);
    }

    fn no_such_property(&mut self, file: FileId, name: &Spanned<String>) {
        let known: Vec<String> = self
            .schema
            .types()
            .flat_map(|(_, t)| {
                t.fields
                    .iter()
                    .map(move |f| format!("{}.{}", t.name, f.name))
            })
            .collect();
        let hint = did_you_mean(name.get_ref(), known.iter().map(String::as_str));
        let fr = format!("propriété inconnue « {} »", name.get_ref());
        let en = format!("unknown property `{}`", name.get_ref());
        let mut d = Diagnostic::error("referential-property", fr, en).at(span(file, name.span()));
        if let Some(k) = hint {
            d = d.help(
                format!("vouliez-vous « {k} » ?"),
                format!("did you mean `{k}`?"),
            );
        }
        self.diagnostics.push(d);
    }

    pub(super) fn policy(
        &mut self,
        file: FileId,
        e: &Evidence,
        default: Option<&Policy>,
    ) -> Policy {
        let mut admission = |list: &Option<Vec<Spanned<String>>>, default: Admission| match list {
            Some(words) => self.admission(file, words),
            None => default,
        };
        let none = [None; Provenance::ALL.len()];
        Policy {
            established_by: admission(
                &e.established_by,
                default.map_or(none, |d| d.established_by),
            ),
            refuted_by: admission(&e.refuted_by, default.map_or(none, |d| d.refuted_by)),
        }
    }

    fn admission(&mut self, file: FileId, words: &[Spanned<String>]) -> Admission {
        let mut out = [None; Provenance::ALL.len()];
        for word in words {
            let (name, least) = match word.get_ref().split_once(">=") {
                Some((name, least)) => (name.trim(), Decimal::from_str_exact(least.trim()).ok()),
                None => (word.get_ref().trim(), Some(Decimal::ZERO)),
            };
            let least = least.filter(|l| (Decimal::ZERO..=Decimal::ONE).contains(l));
            match (name.parse::<Provenance>(), least) {
                (Ok(p), Some(_)) if out[p as usize].is_some() => {
                    let fr = format!("provenance « {} » nommée deux fois", p.name());
                    let en = format!("provenance `{}` named twice", p.name());
                    self.error(file, word.span(), "referential-evidence", fr, en);
                }
                (Ok(p), Some(least)) => out[p as usize] = Some(least),
                _ => {
                    let known = Provenance::ALL.map(Provenance::name).join(", ");
                    let fr = format!(
                        "on attend une provenance ({known}), avec une confiance de 0 à 1 au besoin : \"measured>=0.9\""
                    );
                    let en = format!(
                        "expected a provenance ({known}), with a confidence from 0 to 1 if need be: \"measured>=0.9\""
                    );
                    self.error(file, word.span(), "referential-evidence", fr, en);
                }
            }
        }
        out
    }
}
