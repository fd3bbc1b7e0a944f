//! Templates of the DORA register of information, as CSV with the columns
//! `c0010`, `c0020`…: the providers (`b_05.01`) become parties, suppliers and what
//! is known of their ultimate parents; the assessments (`b_07.01`) become suppliers
//! with their substitutability.
//!
//! Source: Commission Implementing Regulation (EU) 2024/2956, annexes I and III.

use super::{Applicant, Cell, ImportError, Imported, slug};
use std::collections::{BTreeMap, BTreeSet};

/// The template that a file's name tells: `b_05.01.csv` or `RT.05.01 providers.csv`.
pub(super) fn template(name: &str) -> Option<&'static str> {
    let file = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let known = [
        "05.01", "07.01", "01.01", "01.02", "01.03", "02.01", "02.02", "02.03", "03.01", "03.02",
        "03.03", "04.01", "05.02", "06.01", "99.01",
    ];
    let after = file
        .strip_prefix("b_")
        .or_else(|| file.strip_prefix("rt."))?;
    known
        .into_iter()
        .find(|t| after.starts_with(t) || after.starts_with(&t.replace('.', "_")))
}

/// The rows of a template by column code.
type Rows = Vec<BTreeMap<String, String>>;

pub(super) fn read(
    name: &str,
    bytes: &[u8],
    applicant: &Applicant,
) -> Result<Imported, ImportError> {
    let rows = rows(bytes)?;
    let mut imported = Imported::default();
    match template(name) {
        Some("05.01") => providers(&rows, applicant, &mut imported),
        Some("07.01") => assessments(&rows, &mut imported),
        other => {
            let what = format!("B_{}", other.unwrap_or("?"));
            imported.unmapped.insert(what, rows.len());
        }
    }
    Ok(imported)
}

fn rows(bytes: &[u8]) -> Result<Rows, ImportError> {
    let bad = |e: csv::Error| {
        ImportError::new(
            format!("ce n'est pas un CSV du registre DORA : {e}"),
            format!("this is no CSV of the DORA register: {e}"),
        )
    };
    let mut reader = csv::Reader::from_reader(bytes);
    let headers: Vec<String> = reader
        .headers()
        .map_err(bad)?
        .iter()
        .map(|h| h.trim_start_matches('\u{feff}').trim().to_ascii_lowercase())
        .collect();
    if !headers.iter().any(|h| h == "c0010") {
        return Err(ImportError::new(
            "aucune colonne `c0010`",
            "no column `c0010`",
        ));
    }
    let mut rows = Rows::new();
    for row in reader.records() {
        let row = row.map_err(bad)?;
        let cells = headers
            .iter()
            .cloned()
            .zip(row.iter().map(|c| c.trim().to_string()));
        rows.push(cells.filter(|(_, v)| !v.is_empty()).collect());
    }
    Ok(rows)
}

/// The code without the prefix of its list: `eba_GA:FR` is `FR`.
fn bare(code: &str) -> &str {
    code.rsplit(':').next().unwrap_or(code)
}

/// The columns of `b_05.01`: the published layout, and the shorter one of drafts.
struct Columns {
    name: &'static str,
    person: &'static str,
    country: &'static str,
    currency: &'static str,
    expense: &'static str,
    parent: &'static str,
}

const PUBLISHED: Columns = Columns {
    name: "c0050",
    person: "c0070",
    country: "c0080",
    currency: "c0090",
    expense: "c0100",
    parent: "c0110",
};

const DRAFT: Columns = Columns {
    name: "c0030",
    person: "c0040",
    country: "c0050",
    currency: "c0060",
    expense: "c0070",
    parent: "c0080",
};

fn providers(rows: &Rows, applicant: &Applicant, into: &mut Imported) {
    let published = rows
        .iter()
        .any(|r| r.contains_key("c0100") || r.contains_key("c0110"));
    let columns = if published { PUBLISHED } else { DRAFT };
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut parents: BTreeMap<String, usize> = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        let at = |c: &str| row.get(c).map(String::as_str);
        let Some(code) = at("c0010") else {
            into.skip("row without c0010");
            continue;
        };
        if applicant.is(at(columns.name), &[code]) {
            into.skip("the applicant as its own provider");
            continue;
        }
        let party = format!("dora-{}", slug(code));
        if !known.insert(code.to_string()) {
            into.skip("provider given twice");
            continue;
        }
        let individual = at(columns.person).map(bare) == Some("x213");
        let line = format!("{}", i + 2);
        let country = at(columns.country).map(bare);
        into.table("party", party.clone(), line.clone())
            .text("name", at(columns.name))
            .text("kind", Some(if individual { "person" } else { "company" }))
            .text("lei", Some(code).filter(|c| crate::ident::is_lei(c)))
            .text("seat", country.filter(|_| !individual))
            .text("residence", country.filter(|_| individual));
        let euros = at(columns.currency).map(bare) == Some("EUR");
        let expense = at(columns.expense).filter(|v| crate::value::exact(v).is_some());
        if expense.is_some() && !euros {
            into.skip("expense in another currency");
        }
        into.table("supplier", party.clone(), line)
            .text("party", Some(format!("party:{party}")))
            .cell(
                "spend",
                expense.filter(|_| euros).map(|v| Cell::Number(v.into())),
            );
        if let Some(parent) = at(columns.parent).filter(|p| *p != code) {
            // Which share the ultimate parent holds, the register does not say.
            into.skip("ultimate parent, without a share");
            parents.entry(parent.to_string()).or_insert(i + 2);
        }
    }
    for (code, line) in parents {
        if !known.contains(&code) && !applicant.is(None, &[&code]) {
            into.table("party", format!("dora-{}", slug(&code)), format!("{line}"))
                .text("kind", Some("company"))
                .text("lei", Some(code).filter(|c| crate::ident::is_lei(c)));
        }
    }
}

/// Alternatives that are immediately possible: none when the provider is stated not
/// substitutable; at least one when alternatives are stated to be identified.
fn assessments(rows: &Rows, into: &mut Imported) {
    for (i, row) in rows.iter().enumerate() {
        let at = |c: &str| row.get(c).map(|v| bare(v));
        let Some(code) = row.get("c0020") else {
            into.skip("row without c0020");
            continue;
        };
        let alternatives = match (at("c0050"), at("c0110")) {
            (Some("x959"), _) | (_, Some("x29")) => Some(Cell::Number("0".into())),
            (_, Some("x28")) => Some(Cell::Range(Some("1".into()), None)),
            _ => None,
        };
        into.table(
            "supplier",
            format!("dora-assessed-{}", i + 1),
            format!("{}", i + 2),
        )
        .text("party", Some(format!("party:dora-{}", slug(code))))
        .text("role", at("c0040").and_then(role))
        .cell("alternatives", alternatives);
        for (column, what) in [
            ("c0070", "date of last audit"),
            ("c0080", "exit plan"),
            ("c0090", "reintegration"),
            ("c0100", "impact of discontinuing"),
        ] {
            if row.contains_key(column) {
                into.skip(what);
            }
        }
    }
}

/// The role of a supplier, from the type of ICT service (annex III).
fn role(service: &str) -> Option<&'static str> {
    Some(match service {
        "S02" => "development",
        "S03" => "support",
        "S04" => "security",
        "S05" | "S06" => "data",
        "S07" | "S08" | "S09" | "S17" | "S18" => "hosting",
        "S10" | "S11" => "network",
        "S12" => "hardware",
        "S13" | "S19" => "software",
        "S01" | "S14" | "S15" | "S16" => "other",
        _ => return None,
    })
}
