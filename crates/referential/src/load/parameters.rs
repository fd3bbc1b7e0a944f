//! The numbers of a scheme.

use super::Parameter;
use super::names::rule_name;
use super::raw::RawParameter;
use super::resolve::{Resolver, span};
use crate::rule::{CompareOp, ParamInfo};
use cocarde_model::{Date, Decimal, FileId};
use std::sync::Arc;
use toml::{Spanned, value::Datetime};

const CODE: &str = "referential-parameter";

impl Resolver<'_> {
    pub(super) fn parameters(
        &mut self,
        file: FileId,
        raw: &[Spanned<RawParameter>],
    ) -> Vec<Parameter> {
        raw.iter().filter_map(|p| self.parameter(file, p)).collect()
    }

    fn parameter(&mut self, file: FileId, raw: &Spanned<RawParameter>) -> Option<Parameter> {
        let (place, p) = (raw.span(), raw.get_ref());
        let value = self.value(file, p);
        let comparator = p
            .comparator
            .as_ref()
            .map(|sign| self.comparator(file, sign));
        // A defect of the number is one: rules that use it find it all the same.
        let info = ParamInfo {
            value: value.unwrap_or_default(),
            comparator: comparator.map(|read| read.unwrap_or(CompareOp::Ge)),
        };
        let key: Arc<str> = rule_name(p.id.get_ref()).into();
        self.params.insert(key, info);
        let valid_from = p.valid_from.as_ref().and_then(|d| self.day(file, d));
        let valid_to = p.valid_to.as_ref().and_then(|d| self.day(file, d));
        if let (Some(from), Some(to), Some(written)) = (valid_from, valid_to, &p.valid_to)
            && to < from
        {
            let fr = format!("le paramètre cesse de valoir ({to}) avant de valoir ({from})");
            let en = format!("the parameter ends ({to}) before it begins ({from})");
            self.error(file, written.span(), CODE, fr, en);
        }
        Some(Parameter {
            id: p.id.get_ref().as_str().into(),
            title: p.title.clone(),
            value: value?,
            unit: p.unit.clone(),
            comparator: comparator.flatten(),
            status: p.status,
            source: p.source.clone(),
            confidence: p.confidence,
            valid_from,
            valid_to,
            span: span(file, place),
        })
    }

    fn value(&mut self, file: FileId, p: &RawParameter) -> Option<Decimal> {
        let value = Decimal::from_str_exact(p.value.get_ref()).ok();
        let is_share = p.unit == "%" && p.comparator.is_some();
        let shares = Decimal::ZERO..=Decimal::ONE_HUNDRED;
        let (fr, en) = match value {
            None => (
                "la valeur d'un paramètre est un nombre décimal, entre guillemets",
                "a parameter's value is a decimal number, in quotes",
            ),
            Some(value) if is_share && !shares.contains(&value) => (
                "un seuil en % va de 0 à 100 : celui-ci est toujours atteint, ou jamais",
                "a threshold in % is from 0 to 100: this one is always met, or never",
            ),
            value => return value,
        };
        self.error(file, p.value.span(), CODE, fr.to_string(), en.to_string());
        None
    }

    fn comparator(&mut self, file: FileId, sign: &Spanned<String>) -> Option<CompareOp> {
        let found = CompareOp::from_sign(sign.get_ref());
        if found.is_none() {
            let fr = "le comparateur est l'un de : > >= < <= ==".to_string();
            let en = "the comparator is one of: > >= < <= ==".to_string();
            self.error(file, sign.span(), CODE, fr, en);
        }
        found
    }

    fn day(&mut self, file: FileId, written: &Spanned<Datetime>) -> Option<Date> {
        let stated = Some(written.get_ref()).filter(|d| d.time.is_none());
        let day = stated.and_then(|d| d.to_string().parse().ok());
        if day.is_none() {
            let fr = "on attend un jour, comme 2026-01-21, sans heure".to_string();
            let en = "expected a day, such as 2026-01-21, without a time".to_string();
            self.error(file, written.span(), CODE, fr, en);
        }
        day
    }
}
