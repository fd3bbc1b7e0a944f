//! GLEIF level 2: who consolidates whom, as relationship records in XML (RR-CDF)
//! or as the CSV of the golden copy.
//!
//! A direct consolidation becomes a holding whose share is unknown unless the
//! record quantifies it: consolidating accounts says who controls, not how much is
//! held. An ultimate consolidation sums up a chain and is only counted.
//!
//! Source: GLEIF, *Relationship Record CDF format*, version 2.1.

use super::{Applicant, Cell, ImportError, Imported};
use crate::ident::is_lei;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;

/// Depth of elements that is followed.
const DEPTH: usize = 32;
/// Length of a text that is kept.
const LONGEST: usize = 200;

/// A relationship, as both syntaxes give it.
#[derive(Default)]
struct Record {
    start: String,
    end: String,
    kind: String,
    status: String,
    percent: Option<String>,
}

pub(super) fn read(bytes: &[u8], applicant: &Applicant) -> Result<Imported, ImportError> {
    let xml = bytes
        .iter()
        .find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xef | 0xbb | 0xbf));
    let records = if xml == Some(&b'<') {
        from_xml(bytes)?
    } else {
        from_csv(bytes)?
    };
    Ok(tables(records, applicant))
}

fn tables(records: Vec<Record>, applicant: &Applicant) -> Imported {
    let mut imported = Imported::default();
    let mut holdings = Vec::new();
    let mut parties = BTreeMap::new();
    for (i, r) in records.into_iter().enumerate() {
        if r.status != "ACTIVE" {
            imported.skip(&format!("status {}", r.status));
        } else if r.kind != "IS_DIRECTLY_CONSOLIDATED_BY" {
            imported.skip(&r.kind);
        } else if !is_lei(&r.start) || !is_lei(&r.end) {
            imported.skip("node without a LEI");
        } else {
            for lei in [&r.start, &r.end] {
                parties.entry(lei.clone()).or_insert(i + 1);
            }
            holdings.push((i + 1, r));
        }
    }
    for (lei, at) in parties {
        if !applicant.is(None, &[&lei]) {
            imported
                .table("party", format!("lei-{lei}"), format!("{at}"))
                .text("kind", Some("company"))
                .text("lei", Some(lei));
        }
    }
    let name = |lei: &str| match applicant.is(None, &[lei]) {
        true => "party:applicant".to_string(),
        false => format!("party:lei-{lei}"),
    };
    for (at, r) in holdings {
        imported
            .table("holding", format!("gleif-{at}"), format!("{at}"))
            .text("holder", Some(name(&r.end)))
            .text("held", Some(name(&r.start)))
            .cell("capital", r.percent.map(Cell::Number));
    }
    imported
}

fn from_csv(bytes: &[u8]) -> Result<Vec<Record>, ImportError> {
    let bad = |e: csv::Error| {
        ImportError::new(
            format!("ce n'est pas le CSV de la copie de référence du GLEIF : {e}"),
            format!("this is no CSV of GLEIF's golden copy: {e}"),
        )
    };
    let mut reader = csv::Reader::from_reader(bytes);
    let headers = reader.headers().map_err(bad)?.clone();
    let column = |name: &str| {
        headers
            .iter()
            .position(|h| h.trim_start_matches('\u{feff}') == name)
    };
    let (start, end, kind, status) = (
        column("Relationship.StartNode.NodeID"),
        column("Relationship.EndNode.NodeID"),
        column("Relationship.RelationshipType"),
        column("Relationship.RelationshipStatus"),
    );
    let (Some(start), Some(end), Some(kind), Some(status)) = (start, end, kind, status) else {
        return Err(ImportError::new(
            "colonnes Relationship.* manquantes",
            "missing Relationship.* columns",
        ));
    };
    let units = column("Relationship.Quantifiers.1.QuantifierUnits");
    let amount = column("Relationship.Quantifiers.1.QuantifierAmount");
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row.map_err(bad)?;
        let at = |i: usize| row.get(i).unwrap_or_default().trim().to_string();
        let percent = match (units.map(at), amount.map(at)) {
            (Some(u), Some(a)) => share(&u, &a),
            _ => None,
        };
        records.push(Record {
            start: at(start),
            end: at(end),
            kind: at(kind),
            status: at(status),
            percent,
        });
    }
    Ok(records)
}

/// A quantity in percent.
fn share(units: &str, amount: &str) -> Option<String> {
    let exact = crate::value::exact(amount)?;
    (units == "PERCENTAGE").then(|| exact.to_string())
}

fn from_xml(bytes: &[u8]) -> Result<Vec<Record>, ImportError> {
    let bad = |e: &dyn std::fmt::Display| {
        ImportError::new(
            format!("XML mal formé : {e}"),
            format!("malformed XML: {e}"),
        )
    };
    let text = std::str::from_utf8(bytes).map_err(|e| bad(&e))?;
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut records = Vec::new();
    let mut record = Record::default();
    let (mut units, mut amount) = (String::new(), String::new());
    let mut content = String::new();
    loop {
        match reader.read_event().map_err(|e| bad(&e))? {
            Event::Start(e) => {
                if path.len() >= DEPTH {
                    return Err(bad(&"too deep"));
                }
                path.push(e.local_name().as_ref().to_string());
                content.clear();
            }
            Event::Text(t) if content.len() < LONGEST => {
                content.push_str(&t);
            }
            Event::End(_) => {
                let name = path.pop().unwrap_or_default();
                let parent = path.last().map_or("", String::as_str);
                let value = content.trim().to_string();
                content.clear();
                match (parent, name.as_str()) {
                    ("StartNode", "NodeID") => record.start = value,
                    ("EndNode", "NodeID") => record.end = value,
                    (_, "RelationshipType") => record.kind = value,
                    ("Relationship", "RelationshipStatus") => record.status = value,
                    (_, "QuantifierUnits") => units = value,
                    (_, "QuantifierAmount") => amount = value,
                    (_, "RelationshipRecord") => {
                        record.percent = share(&units, &amount);
                        (units, amount) = (String::new(), String::new());
                        records.push(std::mem::take(&mut record));
                    }
                    _ => {}
                }
            }
            // Entities are never expanded, so that none can grow.
            Event::DocType(_) => return Err(bad(&"document type declarations are not read")),
            Event::Eof => return Ok(records),
            _ => {}
        }
    }
}
