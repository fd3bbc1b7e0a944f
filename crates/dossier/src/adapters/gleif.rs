//! GLEIF level 2: who consolidates whom, as relationship records in XML (RR-CDF)
//! or as the CSV of the golden copy.
//!
//! A direct consolidation becomes a holding whose share is unknown unless the
//! record quantifies it: consolidating accounts says who controls, not how much is
//! held. An amount measured by the consolidation itself says no more, and `1.00` and
//! `100.00` both stand for the whole in what is published: it is counted, and no share. An
//! ultimate consolidation sums up a chain and is only counted.
//!
//! Source: GLEIF, *Relationship Record CDF format*, version 2.1.

use super::room::Spent;
use super::rows::Rows;
use super::{Applicant, Cell, ImportError, Imported, Unmapped, gleif_xml};
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
    /// How many quantifiers it has: the first one is read.
    pub(super) quantifiers: usize,
    pub(super) method: String,
    pub(super) units: String,
    pub(super) amount: String,
}

/// States of a registration that take the record back.
const TAKEN_BACK: [&str; 4] = ["ANNULLED", "DUPLICATE", "ERRONEOUS", "RETIRED"];

/// The holdings and parties of a file, which is read record by record: it may be that of
/// the whole world, of which nothing is kept beyond what a dossier can hold.
pub(super) fn read(
    bytes: &[u8],
    applicant: &Applicant,
    into: &mut Imported,
) -> Result<(), ImportError> {
    let first = bytes
        .iter()
        .find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xef | 0xbb | 0xbf));
    let mut ties = Ties::of(applicant);
    let Imported {
        unmapped, spent, ..
    } = into;
    let take = |record: Record, unmapped: &mut Unmapped| ties.add(record, unmapped, spent);
    if first == Some(&b'<') {
        gleif_xml::read(bytes, unmapped, take)?;
    } else {
        from_csv(bytes, unmapped, take)?;
    }
    ties.write(into);
    Ok(())
}

/// A direct consolidation: `line`, who is held, by whom, and the share in percent.
struct Tie {
    line: u64,
    held: String,
    holder: String,
    share: Option<String>,
}

/// Bytes that a holding takes in a file of a dossier, at least.
const LEAST: usize = 80;

struct Ties<'a> {
    applicant: &'a Applicant,
    all: Vec<Tie>,
    /// The LEI of each other party, with the first line that names it.
    parties: BTreeMap<String, u64>,
}

impl<'a> Ties<'a> {
    fn of(applicant: &'a Applicant) -> Ties<'a> {
        Ties {
            applicant,
            all: Vec::new(),
            parties: BTreeMap::new(),
        }
    }

    /// Keeps the record of a direct consolidation that is in force.
    ///
    /// # Errors
    /// When its share is no number, or there is no room for it.
    fn add(
        &mut self,
        r: Record,
        unmapped: &mut Unmapped,
        spent: &Spent,
    ) -> Result<(), ImportError> {
        if r.status != "ACTIVE" {
            unmapped.leave(("statut {}", "status {}"), &r.status, 1);
        } else if TAKEN_BACK.contains(&r.registration.as_str()) {
            unmapped.leave(("enregistrement {}", "registration {}"), &r.registration, 1);
        } else if r.kind != "IS_DIRECTLY_CONSOLIDATED_BY" {
            unmapped.leave(("relation {}", "relationship {}"), &r.kind, 1);
        } else if !is_lei(&r.start) || !is_lei(&r.end) {
            unmapped.leave(("nœud sans LEI", "node without a LEI"), "", 1);
        } else {
            let share = share(&r, unmapped)?;
            for lei in [&r.start, &r.end] {
                if !self.parties.contains_key(lei) && !self.applicant.is(None, &[lei]) {
                    self.parties.insert(lei.clone(), r.line);
                }
            }
            self.all.push(Tie {
                line: r.line,
                held: r.start,
                holder: r.end,
                share,
            });
            let facts = 2 * self.all.len() + self.parties.len();
            spent.check_for(facts, LEAST * self.all.len(), r.line)?;
        }
        Ok(())
    }

    fn write(self, into: &mut Imported) {
        for (lei, line) in self.parties {
            into.table("party", format!("lei-{lei}"), format!("L{line}"))
                .text("lei", Some(lei));
        }
        let name = |lei: &str| match self.applicant.is(None, &[lei]) {
            true => "party:applicant".to_string(),
            false => format!("party:lei-{lei}"),
        };
        for tie in self.all {
            let id = format!("gleif-{}-{}", tie.held, tie.holder);
            into.table("holding", id, format!("L{}", tie.line))
                .text("holder", Some(name(&tie.holder)))
                .text("held", Some(name(&tie.held)))
                .cell("capital", tie.share.map(Cell::Number));
        }
    }
}

/// The share of a record, when it is quantified in percent.
fn share(r: &Record, unmapped: &mut Unmapped) -> Result<Option<String>, ImportError> {
    if r.method == "ACCOUNTING_CONSOLIDATION" && !r.amount.is_empty() {
        let why = (
            "montant mesuré par consolidation",
            "amount measured by consolidation",
        );
        unmapped.leave(why, "", 1);
        return Ok(None);
    }
    if r.amount.is_empty() {
        return Ok(None);
    }
    if r.units != "PERCENTAGE" {
        let why = (
            "montant qui n'est pas un pourcentage",
            "amount that is no percentage",
        );
        unmapped.leave(why, "", 1);
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
const METHOD: &str = "Relationship.Quantifiers.1.MeasurementMethod";
const UNITS: &str = "Relationship.Quantifiers.1.QuantifierUnits";
const AMOUNT: &str = "Relationship.Quantifiers.1.QuantifierAmount";

fn from_csv(
    bytes: &[u8],
    unmapped: &mut Unmapped,
    mut take: impl FnMut(Record, &mut Unmapped) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut rows = Rows::new(bytes, str::to_string, &[START, END, KIND, STATUS])?;
    while let Some(line) = rows.next()? {
        let at = |column: &str| line.get(column).unwrap_or_default().to_string();
        let record = Record {
            line: line.number,
            start: at(START),
            end: at(END),
            kind: at(KIND),
            status: at(STATUS),
            registration: at(REGISTRATION),
            method: at(METHOD),
            units: at(UNITS),
            amount: at(AMOUNT),
            quantifiers: 1,
        };
        take(record, unmapped)?;
    }
    let used = [
        START,
        END,
        KIND,
        STATUS,
        REGISTRATION,
        METHOD,
        UNITS,
        AMOUNT,
    ];
    rows.count_others(&used, "", unmapped);
    Ok(())
}
