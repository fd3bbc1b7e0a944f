//! Templates of the DORA register of information, as CSV with the columns
//! `c0010`, `c0020`…: the entities (`b_01.01`, `b_01.02`) become parties, with their
//! direct parents; the providers (`b_05.01`) become parties and suppliers, with the
//! country of their ultimate parent; the assessments (`b_07.01`) become suppliers with
//! their substitutability. Of the other templates the cells are counted.
//!
//! Source: Commission Implementing Regulation (EU) 2024/2956, annexes I and III.

use super::rows::{Line, Rows};
use super::{Applicant, Cell, ImportError, Imported, id_of};
use crate::report::quoted;
use crate::value::exact;
use std::collections::BTreeMap;

/// The templates of the register.
const TEMPLATES: [&str; 15] = [
    "01.01", "01.02", "01.03", "02.01", "02.02", "02.03", "03.01", "03.02", "03.03", "04.01",
    "05.01", "05.02", "06.01", "07.01", "99.01",
];

/// The template that a file's name tells: `b_05.01.csv` or `RT.05.01 providers.csv`.
pub(super) fn template(name: &str) -> Option<&'static str> {
    let file = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let after = file
        .strip_prefix("b_")
        .or_else(|| file.strip_prefix("rt."))?;
    TEMPLATES
        .into_iter()
        .find(|t| after.starts_with(t) || after.starts_with(&t.replace('.', "_")))
}

pub(super) fn read(
    name: &str,
    bytes: &[u8],
    applicant: &Applicant,
    into: &mut Imported,
) -> Result<(), ImportError> {
    let Some(template) = template(name) else {
        let shown = quoted(name);
        return Err(ImportError::new(
            format!("`{shown}` ne dit pas de quel tableau il s'agit : le nommer b_05.01.csv"),
            format!("`{shown}` does not tell which template it is: name it b_05.01.csv"),
        ));
    };
    let mut rows = Rows::new(bytes, str::to_ascii_lowercase, &["c0010"])?;
    let lines = rows.all(into.spent.most_items())?;
    let used: &[&str] = match template {
        "01.01" | "01.02" => entities(&lines, applicant, into),
        "05.01" => providers(&lines, Columns::of(&rows), applicant, into)?,
        "07.01" => assessments(&lines, applicant, into),
        _ => &[],
    };
    rows.count_others(used, &format!("B_{template} "), &mut into.unmapped);
    Ok(())
}

/// The code without the prefix of its list: `eba_GA:FR` is `FR`.
fn bare(code: &str) -> &str {
    code.rsplit(':').next().unwrap_or(code)
}

fn party_id(code: &str) -> String {
    format!("dora-{}", id_of(code))
}

/// The financial entities, and who directly stands above them: of the share, the
/// register says nothing.
fn entities(rows: &[Line], applicant: &Applicant, into: &mut Imported) -> &'static [&'static str] {
    // The entities that have a row, and whether one of their rows tells the applicant.
    let mut listed: BTreeMap<&str, bool> = BTreeMap::new();
    for row in rows {
        if let Some(code) = row.get("c0010") {
            *listed.entry(code).or_default() |= applicant.is(row.get("c0020"), &[code]);
        }
    }
    let is_own = |code: &str| match listed.get(code) {
        Some(own) => *own,
        None => applicant.is(None, &[code]),
    };
    let end = |code: &str| match is_own(code) {
        true => "party:applicant".to_string(),
        false => format!("party:{}", party_id(code)),
    };
    let mut parents: BTreeMap<&str, &Line> = BTreeMap::new();
    for row in rows {
        let Some(code) = row.get("c0010") else {
            into.leave(("ligne sans c0010", "row without c0010"), "");
            continue;
        };
        if !is_own(code) {
            into.table("party", party_id(code), row.pointer())
                .text("name", row.get("c0020"))
                .text("lei", Some(code).filter(|c| crate::ident::is_lei(c)))
                .text("seat", row.get("c0030").map(bare));
        }
        let Some(parent) = row.get("c0060").filter(|p| *p != code) else {
            continue;
        };
        if crate::ident::is_lei(parent) {
            if !listed.contains_key(parent) {
                parents.entry(parent).or_insert(row);
            }
            into.table(
                "holding",
                format!("{}-parent", party_id(code)),
                row.pointer(),
            )
            .text("holder", Some(end(parent)))
            .text("held", Some(end(code)));
        } else {
            into.leave(("c0060 qui n'est pas un LEI", "c0060 that is no LEI"), "");
        }
    }
    for (code, row) in parents {
        if !is_own(code) {
            into.table("party", party_id(code), row.pointer())
                .text("lei", Some(code));
        }
    }
    &["c0010", "c0020", "c0030", "c0060"]
}

/// The columns of `b_05.01`: the published layout, and the shorter one of drafts.
struct Columns {
    name: &'static str,
    person: &'static str,
    country: &'static str,
    currency: &'static str,
    expense: &'static str,
    parent: &'static str,
    used: &'static [&'static str],
}

const PUBLISHED: Columns = Columns {
    name: "c0050",
    person: "c0070",
    country: "c0080",
    currency: "c0090",
    expense: "c0100",
    parent: "c0110",
    used: &[
        "c0010", "c0050", "c0070", "c0080", "c0090", "c0100", "c0110",
    ],
};

const DRAFT: Columns = Columns {
    name: "c0030",
    person: "c0040",
    country: "c0050",
    currency: "c0060",
    expense: "c0070",
    parent: "c0080",
    used: &[
        "c0010", "c0030", "c0040", "c0050", "c0060", "c0070", "c0080",
    ],
};

impl Columns {
    /// The layout of a file, by its header: cells of the columns that tell it may be empty.
    fn of(rows: &Rows<'_>) -> Columns {
        let published = ["c0090", "c0100", "c0110"].iter().any(|c| rows.has(c));
        if published { PUBLISHED } else { DRAFT }
    }
}

fn providers(
    rows: &[Line],
    columns: Columns,
    applicant: &Applicant,
    into: &mut Imported,
) -> Result<&'static [&'static str], ImportError> {
    // None where rows differ.
    let mut seats: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for row in rows {
        let country = row.get(columns.country).map(bare);
        if let (Some(code), Some(_)) = (row.get("c0010"), country) {
            let seat = seats.entry(code).or_insert(country);
            *seat = seat.filter(|s| country == Some(s));
        }
    }
    for row in rows {
        let Some(code) = row.get("c0010") else {
            into.leave(("ligne sans c0010", "row without c0010"), "");
            continue;
        };
        if applicant.is(row.get(columns.name), &[code]) {
            into.leave(
                (
                    "le demandeur comme son propre prestataire",
                    "the applicant as its own provider",
                ),
                "",
            );
            continue;
        }
        provider(row, code, &columns, &seats, into)?;
    }
    Ok(columns.used)
}

fn provider(
    row: &Line,
    code: &str,
    columns: &Columns,
    seats: &BTreeMap<&str, Option<&str>>,
    into: &mut Imported,
) -> Result<(), ImportError> {
    let individual = row.get(columns.person).map(bare) == Some("x213");
    let country = row.get(columns.country).map(bare);
    let parent = row.get(columns.parent).filter(|p| *p != code);
    // The register names the ultimate parent; its country only when it has a row itself.
    let controlled_from = parent.and_then(|p| *seats.get(p)?);
    if parent.is_some() && controlled_from.is_none() {
        into.leave(
            (
                "entreprise mère ultime qui n'a pas de ligne",
                "ultimate parent that has no row",
            ),
            "",
        );
    }
    let party = party_id(code);
    into.table("party", party.clone(), row.pointer())
        .text("name", row.get(columns.name))
        .text("kind", individual.then_some("person"))
        .text("lei", Some(code).filter(|c| crate::ident::is_lei(c)))
        // It asks for the global operating headquarters, whatever the registered seat.
        .text("central_administration", country.filter(|_| !individual))
        .text("residence", country.filter(|_| individual))
        .text("controlled_from", controlled_from);
    let expense = row.get(columns.expense);
    if let Some(text) = expense.filter(|t| exact(t).is_none()) {
        let shown = quoted(text);
        let column = columns.expense;
        return Err(row.error(
            &format!("{column} : `{shown}` n'est pas un nombre décimal"),
            &format!("{column}: `{shown}` is no decimal number"),
        ));
    }
    let euros = row.get(columns.currency).map(bare) == Some("EUR");
    if expense.is_some() && !euros {
        into.leave(
            (
                "dépense dans une autre monnaie",
                "expense in another currency",
            ),
            "",
        );
    }
    into.table("supplier", party.clone(), row.pointer())
        .text("party", Some(format!("party:{party}")))
        .cell(
            "spend",
            expense.filter(|_| euros).map(|v| Cell::Number(v.into())),
        );
    Ok(())
}

/// Alternatives that are immediately possible: none when the provider is stated not
/// substitutable, or when alternatives were looked for and none identified; at least one when
/// some are stated to be identified.
fn assessments(
    rows: &[Line],
    applicant: &Applicant,
    into: &mut Imported,
) -> &'static [&'static str] {
    for row in rows {
        let at = |c: &str| row.get(c).map(bare);
        let Some(code) = row.get("c0020") else {
            into.leave(("ligne sans c0020", "row without c0020"), "");
            continue;
        };
        if applicant.is(None, &[code]) {
            into.leave(
                (
                    "le demandeur comme son propre prestataire",
                    "the applicant as its own provider",
                ),
                "",
            );
            continue;
        }
        let alternatives = match (at("c0050"), at("c0110")) {
            (Some("x959"), _) | (_, Some("x29")) => Some(Cell::Number("0".into())),
            (_, Some("x28")) => Some(Cell::Range(Some("1".into()), None)),
            _ => None,
        };
        let service = at("c0040");
        if service.is_some_and(|s| role(s).is_none()) {
            into.leave(
                (
                    "c0040 d'un type de service inconnu",
                    "c0040 of an unknown type of service",
                ),
                "",
            );
        }
        into.numbered("supplier", "dora-assessed", row.pointer())
            .text("party", Some(format!("party:{}", party_id(code))))
            .text("role", service.and_then(role))
            .cell("alternatives", alternatives);
    }
    &["c0020", "c0040", "c0050", "c0110"]
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
