//! The share of staff under contracts of one law, from the same machinery.

use super::facts::counted;
use crate::derived::Derived;
use crate::exact::{Range, Ratio, ratio};
use crate::facts::View;
use crate::flow::{Amount, Flow, Part};
use crate::report::{Bounds, Line};
use cocarde_model::{Decimal, Diagnostic, FactId, Interval, RecordId, SlotKey, Truth, Value};
use num_traits::{One, Zero};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The share of staff under French-law employment contracts.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StaffReport {
    /// Percent of all staff counted.
    pub share: Bounds,
    /// The result, in a sentence.
    pub explanation: Line,
}

/// Whose contracts count.
#[derive(Clone, Debug)]
pub struct StaffRule {
    /// The country whose employment law is asked for, ISO 3166-1 alpha-2.
    pub home: Arc<str>,
    /// The kinds of activities whose staff counts; all when there is none.
    pub kinds: BTreeSet<Arc<str>>,
}

impl StaffRule {
    fn counts(&self, kind: Option<&Arc<str>>) -> Truth {
        match kind {
            _ if self.kinds.is_empty() => Truth::True,
            Some(kind) => self.kinds.contains(kind).into(),
            None => Truth::Unknown,
        }
    }
}

/// The share of the staff of an offering's activities, those that the rule
/// counts, whose employment contracts are under the law asked for. `None` when
/// no such activity has staff.
///
/// # Errors
/// More staff under such contracts than staff.
pub fn staff(view: View<'_>, rule: &StaffRule) -> Result<Option<StaffReport>, Box<Diagnostic>> {
    let Some(offering) = view.part(view.base.root(), "offering") else {
        return Ok(None);
    };
    let (activities, all) = view.members(offering, "activities");
    let mut flow = Flow::default();
    let (root, inside, outside) = (flow.end(), flow.end(), flow.end());
    let (mut amounts, mut counted_staff) = (Vec::new(), Vec::new());
    for record in activities {
        let counts = rule.counts(view.text(*record, "kind").as_ref());
        if counts == Truth::False {
            continue;
        }
        let staff = counted(view.number(*record, "staff"), counts);
        let share = contract_share(view, *record, &rule.home)?;
        counted_staff.push((staff, share));
    }
    // An activity that the list may lack may have any staff, under any contracts.
    let lacking = !all && !counted_staff.is_empty();
    counted_staff.extend(lacking.then(|| (Interval::at_least(Decimal::ZERO), Range::unit())));
    for (staff, share) in counted_staff {
        let node = flow.end();
        let rest = Range::new(Ratio::one() - &share.hi, Ratio::one() - &share.lo);
        let parts = [(inside, share), (outside, rest)];
        flow.split(node, parts.map(|(to, share)| Part { to, share }).to_vec());
        amounts.push(Amount {
            to: node,
            least: staff.lo().map_or_else(Ratio::zero, ratio),
            most: staff.hi().map(ratio),
        });
    }
    flow.split_by(root, amounts);
    if flow.parts(root).is_end() || flow.check().is_err() {
        return Ok(None);
    }
    let mut values = vec![None; flow.len()];
    values[inside] = Some(Range::point(Ratio::one()));
    let Ok(arrivals) = flow.arrivals(&values) else {
        return Ok(None);
    };
    let share = Bounds(arrivals[root].to_percent());
    let text = share.percent();
    let explanation = Line::new(
        format!(
            "{} de l'effectif sous contrat de travail de droit français",
            text.fr
        ),
        format!("{} of staff under French-law employment contracts", text.en),
    );
    Ok(Some(StaffReport { share, explanation }))
}

/// The share as the property `key`, when something is known of it.
///
/// # Errors
/// More staff under such contracts than staff.
pub fn derive_staff(
    view: View<'_>,
    key: SlotKey,
    rule: &StaffRule,
) -> Result<Option<Derived>, Box<Diagnostic>> {
    let whole = Interval::new(Some(Decimal::ZERO), Some(Decimal::ONE_HUNDRED));
    let report = staff(view, rule)?;
    let report = report.filter(|r| Some(r.share.0) != whole);
    Ok(report.map(|r| Derived {
        key,
        value: Value::Number(r.share.0),
        because: r.explanation,
        rests_on: rests_on(view, rule),
        open: false,
    }))
}

fn rests_on(view: View<'_>, rule: &StaffRule) -> Vec<FactId> {
    let Some(offering) = view.part(view.base.root(), "offering") else {
        return Vec::new();
    };
    let counted = |r: &&RecordId| rule.counts(view.text(**r, "kind").as_ref()) != Truth::False;
    let records = view.members(offering, "activities").0.iter();
    let fields = ["staff", "staff_french_contract", "contract_law"];
    let facts = records.filter(counted).flat_map(|r| {
        let of = fields.iter();
        of.flat_map(move |f| view.facts(*r, f))
    });
    facts.collect()
}

/// Staff under French-law contracts over staff, 0 to 1: by their numbers, or by the law of
/// the contracts where nobody states these; those that do not count may be right.
fn contract_share(view: View<'_>, record: RecordId, home: &str) -> Result<Range, Box<Diagnostic>> {
    if view.is_stated(record, "staff_french_contract") {
        return by_number(view, record);
    }
    let by_law = match view.text(record, "contract_law").as_deref() {
        Some(law) if law == home => Range::point(Ratio::one()),
        Some(_) => Range::point(Ratio::zero()),
        None => Range::unit(),
    };
    let stated = view.stated();
    if !stated.is_stated(record, "staff_french_contract") {
        return Ok(by_law);
    }
    let by_number = by_number(stated, record)?;
    Ok(Range::new(
        by_law.lo.min(by_number.lo),
        by_law.hi.max(by_number.hi),
    ))
}

fn by_number(view: View<'_>, record: RecordId) -> Result<Range, Box<Diagnostic>> {
    let (part, whole) = (
        view.number(record, "staff_french_contract"),
        view.number(record, "staff"),
    );
    let over = |a: Option<Decimal>, b: Option<Decimal>| match (a, b) {
        (Some(a), Some(b)) if b > Decimal::ZERO => Some(ratio(a) / ratio(b)),
        _ => None,
    };
    let lo = over(part.lo(), whole.hi()).unwrap_or_else(Ratio::zero);
    if lo > Ratio::one() {
        let name = view.base.record_name(record);
        let error = Diagnostic::error(
            "staff-above-whole",
            format!("{name} : plus de contrats de droit français que d'effectif"),
            format!("{name}: more French-law contracts than staff"),
        );
        return Err(Box::new(match view.span(record) {
            Some(span) => error.at(span),
            None => error,
        }));
    }
    let hi = over(part.hi(), whole.lo()).unwrap_or_else(Ratio::one);
    Ok(Range::new(lo, hi.min(Ratio::one())))
}
