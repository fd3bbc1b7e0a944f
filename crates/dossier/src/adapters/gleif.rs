//! GLEIF level 2: who consolidates whom, as relationship records in XML (RR-CDF)
//! or as the CSV of the golden copy.
//!
//! A direct consolidation becomes a holding whose share is unknown unless the
//! record quantifies it: consolidating accounts says who controls, not how much is
//! held. An ultimate consolidation sums up a chain and is only counted.
//!
//! Source: GLEIF, *Relationship Record CDF format*, version 2.1.

use super::{Applicant, Cell, ImportError, Imported, Unmapped, gleif_xml, rows};
use crate::ident::is_lei;
use crate::report::quoted;
use std::collections::BTreeMap;

/// A relationship, as both syntaxes give it.
#[derive(Default)]
pub(super) struct Record {
    /// Line at which it stands, counted from one.
    pub(super) line: u64,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) registration: String,
    pub(super) units: String,
    pub(super) amount: String,
}

/// States of a registration that take the record back.
const TAKEN_BACK: [&str; 4] = ["ANNULLED", "DUPLICATE", "ERRONEOUS", "RETIRED"];

pub(super) fn read(bytes: &[u8], applicant: &Applicant) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let first = bytes
        .iter()
        .find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xef | 0xbb | 0xbf));
    let records = if first == Some(&b'<') {
        gleif_xml::read(bytes, &mut imported.unmapped)?
    } else {
        from_csv(bytes, &mut imported.unmapped)?
    };
    tables(records, applicant, &mut imported)?;
    Ok(imported)
}

fn tables(
    records: Vec<Record>,
    applicant: &Applicant,
    imported: &mut Imported,
) -> Result<(), ImportError> {
    let mut holdings = Vec::new();
    let mut parties = BTreeMap::new();
    for r in records {
        if r.status != "ACTIVE" {
            imported.skip(&format!("status {}", r.status));
        } else if TAKEN_BACK.contains(&r.registration.as_str()) {
            imported.skip(&format!("registration {}", r.registration));
        } else if r.kind != "IS_DIRECTLY_CONSOLIDATED_BY" {
            imported.skip(&format!("relationship {}", r.kind));
        } else if !is_lei(&r.start) || !is_lei(&r.end) {
            imported.skip("node without a LEI");
        } else {
            for lei in [&r.start, &r.end] {
                parties.entry(lei.clone()).or_insert(r.line);
            }
            let share = share(&r)?;
            holdings.push((r, share));
        }
    }
    for (lei, line) in parties {
        if !applicant.is(None, &[&lei]) {
            imported
                .table("party", format!("lei-{lei}"), format!("L{line}"))
                .text("lei", Some(lei));
        }
    }
    let name = |lei: &str| match applicant.is(None, &[lei]) {
        true => "party:applicant".to_string(),
        false => format!("party:lei-{lei}"),
    };
    for (i, (r, share)) in holdings.into_iter().enumerate() {
        imported
            .table(
                "holding",
                format!("gleif-{}", i + 1),
                format!("L{}", r.line),
            )
            .text("holder", Some(name(&r.end)))
            .text("held", Some(name(&r.start)))
            .cell("capital", share.map(Cell::Number));
    }
    Ok(())
}

/// The share of a record, when it is quantified in percent.
fn share(r: &Record) -> Result<Option<String>, ImportError> {
    if r.units != "PERCENTAGE" || r.amount.is_empty() {
        return Ok(None);
    }
    if crate::value::exact(&r.amount).is_some() {
        return Ok(Some(r.amount.clone()));
    }
    let (line, shown) = (r.line, quoted(&r.amount));
    Err(ImportError::new(
        format!("ligne {line} : la part `{shown}` n'est pas un nombre décimal"),
        format!("line {line}: share `{shown}` is no decimal number"),
    ))
}

const START: &str = "Relationship.StartNode.NodeID";
const END: &str = "Relationship.EndNode.NodeID";
const KIND: &str = "Relationship.RelationshipType";
const STATUS: &str = "Relationship.RelationshipStatus";
const REGISTRATION: &str = "Registration.RegistrationStatus";
const UNITS: &str = "Relationship.Quantifiers.1.QuantifierUnits";
const AMOUNT: &str = "Relationship.Quantifiers.1.QuantifierAmount";

fn from_csv(bytes: &[u8], unmapped: &mut Unmapped) -> Result<Vec<Record>, ImportError> {
    let lines = rows::read(bytes, str::to_string, &[START, END, KIND, STATUS])?;
    let used = [START, END, KIND, STATUS, REGISTRATION, UNITS, AMOUNT];
    let records = lines.into_iter().map(|line| {
        line.count_others(&used, "", unmapped);
        let at = |column: &str| line.get(column).unwrap_or_default().to_string();
        Record {
            line: line.number,
            start: at(START),
            end: at(END),
            kind: at(KIND),
            status: at(STATUS),
            registration: at(REGISTRATION),
            units: at(UNITS),
            amount: at(AMOUNT),
        }
    });
    Ok(records.collect())
}
