//! The report of the value analysis.

use super::chain::{Chain, ChainError, Ends};
use super::facts::{ValueRule, offering_chain, unit_cost_chain};
use super::words::kind_words;
use crate::derived::Derived;
use crate::exact::{Range, Ratio, ceil, floor, ratio};
use crate::facts::View;
use crate::report::{Bounds, Line};
use cocarde_model::{Decimal, Diagnostic, Interval, Value};
use num_traits::{One, Zero};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Where the value of a chain is made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ValueReport {
    /// The country that counts as home.
    pub home: Arc<str>,
    /// All costs, in euros.
    pub total: Bounds,
    /// The share made at home, percent.
    pub domestic: Bounds,
    /// What is made at home, in euros.
    pub domestic_euros: Bounds,
    /// What leaves the country, by destination, the largest first.
    pub leaving: Vec<Destined>,
    /// Each line of cost.
    pub lines: Vec<LineShare>,
    /// The results, in sentences.
    pub explanation: Vec<Line>,
}

/// What ends in one country.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Destined {
    /// The country; `None` when abroad in none that is known.
    pub country: Option<Arc<str>>,
    /// In euros.
    pub euros: Bounds,
    /// In percent of all costs.
    pub percent: Bounds,
}

/// One line of cost.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LineShare {
    /// What it is.
    pub label: Arc<str>,
    /// Its amount, in euros.
    pub amount: Bounds,
    /// The share of it made at home, percent.
    pub domestic: Bounds,
    /// What of it leaves the country, by destination, where anything may.
    pub leaving: Vec<Destined>,
}

/// Finds where the value of a chain is made.
///
/// # Errors
/// The first defect of the chain.
pub fn analyse(chain: &Chain) -> Result<ValueReport, ChainError> {
    let laid = chain.flow()?;
    let root = &chain.firms[0];
    let total = sum(root.lines.iter().map(|l| euros(l.amount)));
    let mut leaving = Vec::new();
    let home = Some(chain.home.clone());
    let mut domestic = (Range::point(Ratio::zero()), Euros::zero(), Vec::new());
    let mut abroad: Vec<Vec<Destined>> = vec![Vec::new(); root.lines.len()];
    for end in laid.ends.keys() {
        let (share, amount, lines) = arriving(chain, &laid, end)?;
        if *end == home {
            domestic = (share, amount, lines);
        } else {
            for (i, share) in lines.iter().enumerate().filter(|(_, s)| !s.hi.is_zero()) {
                abroad[i].push(Destined {
                    country: end.clone(),
                    euros: euros(root.lines[i].amount).times(share).bounds(),
                    percent: Bounds(share.to_percent()),
                });
            }
            leaving.push(Destined {
                country: end.clone(),
                euros: amount.bounds(),
                percent: Bounds(share.to_percent()),
            });
        }
    }
    let zero = |d: &Destined| d.percent.0.hi() == Some(Decimal::ZERO);
    leaving.retain(|d| !zero(d));
    leaving.sort_by(|a, b| {
        let key = |d: &Destined| (d.percent.0.hi(), d.percent.0.lo());
        key(b).cmp(&key(a)).then(a.country.cmp(&b.country))
    });
    let (share, amount, line_shares) = domestic;
    let lines = root.lines.iter().enumerate().map(|(i, l)| LineShare {
        label: l.label.clone(),
        amount: Bounds(l.amount),
        domestic: Bounds(line_shares.get(i).map_or(Interval::ZERO, Range::to_percent)),
        leaving: std::mem::take(&mut abroad[i]),
    });
    let mut report = ValueReport {
        home: chain.home.clone(),
        total: total.bounds(),
        domestic: Bounds(share.to_percent()),
        domestic_euros: amount.bounds(),
        leaving,
        lines: lines.collect(),
        explanation: Vec::new(),
    };
    report.explanation = explanation(&report);
    Ok(report)
}

/// The share of the whole, the euros and the share of each line that end there.
fn arriving(
    chain: &Chain,
    laid: &Ends,
    end: &Option<Arc<str>>,
) -> Result<(Range, Euros, Vec<Range>), ChainError> {
    let mut values = vec![None; laid.flow.len()];
    values[laid.ends[end]] = Some(Range::point(Ratio::one()));
    let arrivals = laid.flow.arrivals(&values);
    let arrivals = arrivals.map_err(|_| ChainError::TooLarge)?;
    let lines: Vec<Range> = laid.lines.iter().map(|n| arrivals[*n].clone()).collect();
    let parts = chain.firms[0].lines.iter().zip(&lines);
    let amount = sum(parts.map(|(l, share)| euros(l.amount).times(share)));
    // Firms come first among nodes.
    Ok((arrivals[0].clone(), amount, lines))
}

/// An amount of euros; without upper end when unbounded.
#[derive(Clone, Debug)]
struct Euros {
    lo: Ratio,
    hi: Option<Ratio>,
}

impl Euros {
    fn zero() -> Euros {
        Euros {
            lo: Ratio::zero(),
            hi: Some(Ratio::zero()),
        }
    }

    fn times(self, share: &Range) -> Euros {
        let nothing = share.hi.is_zero().then(Ratio::zero);
        Euros {
            lo: self.lo * &share.lo,
            hi: self.hi.map(|h| h * &share.hi).or(nothing),
        }
    }

    fn bounds(&self) -> Bounds {
        let hi = self.hi.as_ref().and_then(ceil);
        Bounds(Interval::new(floor(&self.lo), hi).unwrap_or(Interval::ALL))
    }
}

fn euros(amount: Interval) -> Euros {
    Euros {
        lo: amount.lo().map_or_else(Ratio::zero, ratio),
        hi: amount.hi().map(ratio),
    }
}

fn sum(amounts: impl Iterator<Item = Euros>) -> Euros {
    amounts.fold(Euros::zero(), |a, b| Euros {
        lo: a.lo + b.lo,
        hi: a.hi.zip(b.hi).map(|(a, b)| a + b),
    })
}

fn explanation(report: &ValueReport) -> Vec<Line> {
    let (share, amount, total) = (
        report.domestic.percent(),
        report.domestic_euros.euros(),
        report.total.euros(),
    );
    let home = &report.home;
    let mut lines = vec![Line::new(
        format!(
            "{} de la valeur est faite dans le pays ({home}) : {} sur {}",
            share.fr, amount.fr, total.fr
        ),
        format!(
            "{} of the value is made in the country ({home}): {} of {}",
            share.en, amount.en, total.en
        ),
    )];
    for flow in &report.leaving {
        let (share, amount) = (flow.percent.percent(), flow.euros.euros());
        let (fr, en) = match &flow.country {
            Some(country) => (format!("vers {country}"), format!("to {country}")),
            None => (
                "vers un pays non précisé".to_string(),
                "to a country nobody named".to_string(),
            ),
        };
        lines.push(Line::new(
            format!("{fr} : {} ({})", amount.fr, share.fr),
            format!("{en}: {} ({})", amount.en, share.en),
        ));
    }
    if let Some(line) = widest(report) {
        let (share, label) = (line.domestic.percent(), kind_words(&line.label));
        lines.push(Line::new(
            format!(
                "la plus grande inconnue : {} ({} dans le pays)",
                label.fr, share.fr
            ),
            format!(
                "the largest unknown: {} ({} in the country)",
                label.en, share.en
            ),
        ));
    }
    lines
}

/// The line whose unknown part weighs most; an unbounded amount weighs more
/// than any other.
fn widest(report: &ValueReport) -> Option<&LineShare> {
    let unknown = |l: &LineShare| -> Option<Decimal> {
        let share = l.domestic.0.hi()? - l.domestic.0.lo()?;
        let least = l.amount.0.lo().unwrap_or_default();
        let Some(most) = l.amount.0.hi() else {
            return Some(Decimal::MAX);
        };
        let spread = most.checked_sub(least)?.checked_mul(Decimal::ONE_HUNDRED)?;
        share.checked_mul(most)?.checked_add(spread)
    };
    let weighed = report
        .lines
        .iter()
        .map(|l| (unknown(l).unwrap_or(Decimal::MAX), l));
    let widest = weighed.max_by(|a, b| a.0.cmp(&b.0))?;
    (!widest.0.is_zero()).then_some(widest.1)
}

/// `value.french_share` of an offering and `product.french_cost_share` of a
/// product, when something is known of them.
///
/// # Errors
/// A defect of the chain.
pub fn derive(
    view: View<'_>,
    rule: &ValueRule,
    unit_cost: &ValueRule,
) -> Result<Vec<Derived>, Box<Diagnostic>> {
    let mut derived = Vec::new();
    let part = |name| view.part(view.base.root(), name);
    let wanted = [
        ("value", "french_share", offering_chain(view, rule)),
        (
            "product",
            "french_cost_share",
            unit_cost_chain(view, unit_cost),
        ),
    ];
    for (owner, field, chain) in wanted {
        let key = part(owner).and_then(|v| view.key(v, field));
        let (Some(chain), Some(key)) = (chain, key) else {
            continue;
        };
        derived.extend(share_of(&chain)?.map(|(value, because)| Derived {
            key,
            value,
            because,
            rests_on: rests_on(view, owner),
            open: false,
        }));
    }
    Ok(derived)
}

/// The share made at home, unless nothing is known of it, and why.
fn share_of(chain: &Chain) -> Result<Option<(Value, Line)>, Box<Diagnostic>> {
    let report = match analyse(chain) {
        // Without a single amount there is nothing to say.
        Err(ChainError::Empty(_)) => return Ok(None),
        other => other.map_err(|e| Box::new(e.diagnostic()))?,
    };
    let whole = Interval::new(Some(Decimal::ZERO), Some(Decimal::ONE_HUNDRED));
    let because = report.explanation[0].clone();
    Ok((Some(report.domestic.0) != whole).then_some((Value::Number(report.domestic.0), because)))
}

fn rests_on(view: View<'_>, owner: &str) -> Vec<cocarde_model::FactId> {
    let lists: &[(&str, &str, &[&str])] = match owner {
        "value" => &[
            ("offering", "activities", &["cost", "country", "site"]),
            ("offering", "suppliers", &["spend", "french_share"]),
        ],
        _ => &[("product", "cost_lines", &["amount", "french_share"])],
    };
    let mut facts = Vec::new();
    for (part, list, fields) in lists {
        let Some(part) = view.part(view.base.root(), part) else {
            continue;
        };
        for record in view.members(part, list).0 {
            facts.extend(fields.iter().flat_map(|f| view.facts(*record, f)));
        }
    }
    facts
}

#[cfg(test)]
mod tests;
