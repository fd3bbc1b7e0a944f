//! `cocarde value`

use super::analysis::{Answer, Asked, Case};
use super::assess::text_at;
use crate::ui::{Message, Ui};
use cocarde_analysis::report::Line;
use cocarde_analysis::value::{
    Chain, ChainError, StaffReport, ValueReport, analyse, kind_words, offering_chain, staff,
    unit_cost_chain,
};
use cocarde_model::{FactBase, SlotKey};
use cocarde_report::Sheet;
use cocarde_report::picture::value as picture;
use serde::Serialize;

/// Where value is made: costs by activity and country, purchases through
/// suppliers, what leaves the country, by destination; for goods the unit cost
/// price, for services the staff under contracts of the home country.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: Asked,
}

/// What `cocarde value --format json` writes.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Report {
    /// The offering's yearly costs, where any is stated.
    offering: Option<ValueReport>,
    /// The product's unit cost price, where any line of it is stated.
    unit_cost: Option<ValueReport>,
    /// Shares of staff, one for each that the referential asks for.
    staff: Vec<Staff>,
}

/// A share of staff.
#[derive(Serialize, schemars::JsonSchema)]
struct Staff {
    /// The property it is worked out for.
    property: String,
    /// What it is.
    label: Line,
    #[serde(flatten)]
    share: StaffReport,
}

/// What a property is, in words.
fn label(base: &FactBase, key: SlotKey) -> Line {
    let ty = base.record(key.record).ty;
    Line::from(&base.schema().field(ty, key.field).doc)
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let case = Case::open(args.options, ui)?;
    let rules = case.rules(ui)?;
    let view = case.view();
    let of = |chain: Option<Chain>| -> Result<Option<ValueReport>, Message> {
        match chain.map(|c| analyse(&c)).transpose() {
            Err(ChainError::Empty(_)) => Ok(None),
            other => other.map_err(|e| case.defects(&[e.diagnostic()], ui)),
        }
    };
    let mut shares = Vec::new();
    for (key, rule) in rules.staff(view.base) {
        let share = staff(view, &rule).map_err(|d| case.defects(&[*d], ui))?;
        shares.extend(share.map(|share| Staff {
            property: view.base.slot_name(key),
            label: label(view.base, key),
            share,
        }));
    }
    let report = Report {
        offering: of(offering_chain(view, &rules.value))?,
        unit_cost: of(unit_cost_chain(view, &rules.unit_cost))?,
        staff: shares,
    };
    // Goods are judged by their own cost price, everything else by its yearly costs.
    let kind = text_at(&case.dossier.base, &["offering", "kind"]);
    let (offering, unit_cost) = (report.offering.as_ref(), report.unit_cost.as_ref());
    let drawn = match kind.as_deref() {
        Some("goods") => unit_cost.or(offering),
        _ => offering.or(unit_cost),
    };
    let answer = Answer {
        text: text(&report, &case, ui),
        picture: drawn.map(|r| picture(r, ui.lang)),
        report,
    };
    case.print(answer, ui)
}

fn text(r: &Report, case: &Case, ui: &Ui) -> String {
    let mut sheet = case.sheet("Où la valeur est faite", "Where the value is made", ui);
    if let Some(offering) = &r.offering {
        let (fr, en) = ("Offre : coûts annuels", "Offering: yearly costs");
        sheet.section(fr, en, "·", &offering.explanation);
        lines(&mut sheet, offering);
    }
    if let Some(product) = &r.unit_cost {
        let (fr, en) = (
            "Produit : prix de revient unitaire",
            "Product: unit cost price",
        );
        sheet.section(fr, en, "·", &product.explanation);
        lines(&mut sheet, product);
    }
    if !r.staff.is_empty() {
        sheet.heading("Effectif", "Staff");
        for s in &r.staff {
            let (label, share) = (bare(sheet.said(&s.label)), s.share.share.percent());
            let text = format!("{} — {label}", sheet.said(&share));
            sheet.line("·", &text);
        }
    }
    if r.offering.is_none() && r.unit_cost.is_none() && r.staff.is_empty() {
        sheet.heading(
            "Aucun coût ni effectif n'est dit",
            "No cost and no staff is stated",
        );
        let mend = ui.say(
            "donner cost et staff aux tables [[activity]], spend aux tables [[supplier]] ; pour un \
             bien, amount aux tables [[cost_line]]",
            "give tables [[activity]] their cost and staff, tables [[supplier]] their spend; for \
             goods, tables [[cost_line]] their amount",
        );
        sheet.line("➜", mend);
    }
    sheet.finish()
}

/// What a property is, without what the schema adds for who fills it in.
fn bare(doc: &str) -> &str {
    let doc = doc.trim_end_matches('.');
    doc.split_once(" (").map_or(doc, |(words, _)| words)
}

fn lines(sheet: &mut Sheet, report: &ValueReport) {
    sheet.heading("Ligne par ligne", "Line by line");
    for l in &report.lines {
        let (amount, share) = (l.amount.euros(), l.domestic.percent());
        let home = &report.home;
        let text = format!(
            "{} — {} · {home} {}",
            sheet.said(&kind_words(&l.label)),
            sheet.said(&amount),
            sheet.said(&share)
        );
        sheet.line("·", &text);
    }
}
