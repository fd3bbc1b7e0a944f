//! Beneficial Ownership Data Standard 0.4: parties and direct holdings.
//!
//! Only direct interests become holdings: an indirect one sums up a chain whose
//! links, when they are given, are holdings themselves; both would count twice.
//!
//! Source: Open Ownership, *Beneficial Ownership Data Standard*, version 0.4.

use super::bods_party::{Address, Identifier, Kind, Listing, Name, Place, party};
use super::unmapped::{ELSEWHERE, Why};
use super::{Applicant, Cell, ImportError, Imported, id_of, json};
use crate::report::quoted;
use cocarde_model::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Statement {
    statement_id: Option<String>,
    statement_date: Option<String>,
    #[serde(default)]
    publication_details: Publication,
    record_id: Option<String>,
    pub(super) record_type: Option<String>,
    record_status: Option<String>,
    #[serde(default)]
    pub(super) record_details: Details,
}

impl Statement {
    /// What tells which of two statements on a record is the later one.
    fn age(&self) -> (Option<&str>, u8) {
        let step = match self.record_status.as_deref() {
            Some("closed") => 2,
            Some("updated") => 1,
            _ => 0,
        };
        (self.statement_date.as_deref(), step)
    }

    fn is_closed(&self) -> bool {
        self.record_status.as_deref() == Some("closed")
    }

    /// Whether both say the same of a record. Of one that is closed nothing else is read.
    fn says_as(&self, other: &Statement) -> bool {
        self.is_closed() && other.is_closed()
            || self.record_type == other.record_type && self.record_details == other.record_details
    }
}

/// JSON as it is written, so that no digit is lost.
#[derive(Deserialize)]
#[serde(transparent)]
struct Raw(Box<RawValue>);

impl PartialEq for Raw {
    fn eq(&self, other: &Raw) -> bool {
        self.0.get() == other.0.get()
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Publication {
    bods_version: Option<String>,
}

#[derive(Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Details {
    pub(super) entity_type: Option<Kind>,
    pub(super) name: Option<String>,
    pub(super) jurisdiction: Option<Place>,
    pub(super) identifiers: Vec<Identifier>,
    pub(super) addresses: Vec<Address>,
    pub(super) public_listing: Option<Listing>,
    pub(super) names: Vec<Name>,
    pub(super) nationalities: Vec<Place>,
    subject: Option<Raw>,
    interested_party: Option<Raw>,
    interests: Vec<Interest>,
}

#[derive(PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Interest {
    r#type: Option<String>,
    direct_or_indirect: Option<String>,
    share: Option<Share>,
    end_date: Option<String>,
}

#[derive(PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Share {
    exact: Option<Raw>,
    minimum: Option<Raw>,
    maximum: Option<Raw>,
    exclusive_minimum: Option<Raw>,
    exclusive_maximum: Option<Raw>,
}

impl Share {
    /// Closed ends: an end that is excluded is kept, which only widens the interval.
    fn ends(&self) -> Result<Ends, String> {
        let digits = |raw: &Option<Raw>| match raw {
            None => Ok(None),
            Some(Raw(raw)) => match json::exact(raw) {
                Some(d) => Ok(Some(d)),
                None => Err(quoted(raw.get())),
            },
        };
        if let Some(exact) = digits(&self.exact)? {
            return Ok((Some(exact), Some(exact)));
        }
        let (lo, above) = (digits(&self.minimum)?, digits(&self.exclusive_minimum)?);
        let (hi, below) = (digits(&self.maximum)?, digits(&self.exclusive_maximum)?);
        Ok((lo.or(above), hi.or(below)))
    }
}

/// The least and the most that a share can be.
type Ends = (Option<Decimal>, Option<Decimal>);

/// Two shares stated of the same holding may be parts of it or the same said twice:
/// the whole is between the larger of the two and their sum.
fn both(a: Ends, b: Ends) -> Ends {
    let lo = match (a.0, b.0) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    };
    let hi = a.1.zip(b.1).and_then(|(a, b)| a.checked_add(b));
    (lo, hi.filter(|h| *h <= Decimal::ONE_HUNDRED))
}

fn cell((lo, hi): Ends) -> Option<Cell> {
    let text = |d: Decimal| d.normalize().to_string();
    match (lo, hi) {
        (None, None) => None,
        (Some(l), Some(h)) if l == h => Some(Cell::Number(text(l))),
        (lo, hi) => Some(Cell::Range(lo.map(text), hi.map(text))),
    }
}

/// Statements of another version would be misread: older ones word them otherwise.
fn check_version(statements: &[Statement]) -> Result<(), ImportError> {
    for (i, s) in statements.iter().enumerate() {
        let version = s.publication_details.bods_version.as_deref();
        if let Some(other) = version.filter(|v| *v != "0.4") {
            let other = quoted(other);
            return Err(ImportError::new(
                format!("/{i} : version `{other}` de BODS, il faut 0.4"),
                format!("/{i}: BODS version `{other}`, it must be 0.4"),
            ));
        }
    }
    Ok(())
}

/// The parties and direct holdings of a declaration. A record stated several times
/// counts as its last statement has it; a closed one is left out.
pub(super) fn read(
    bytes: &[u8],
    applicant: &Applicant,
    into: &mut Imported,
) -> Result<(), ImportError> {
    let statements: Vec<Statement> = json::parse(bytes, "BODS 0.4 JSON", into)?;
    check_version(&statements)?;
    let last = last_of_each(&statements)?;
    let earlier = statements.len() - last.len();
    let why = (
        "déclaration antérieure sur un enregistrement",
        "earlier statement of a record",
    );
    into.unmapped.leave(why, "", earlier);
    let (closed, open): (Vec<_>, Vec<_>) = last
        .into_iter()
        .partition(|(i, _)| statements[*i].is_closed());
    let why = ("enregistrement clos", "closed record");
    into.unmapped.leave(why, "", closed.len());
    let mut parties = HashMap::new();
    for (i, record) in &open {
        let s = &statements[*i];
        if matches!(s.record_type.as_deref(), Some("entity" | "person")) {
            let name = party(s, record, format!("/{i}"), applicant, into);
            parties.insert(*record, name);
        }
    }
    for (i, record) in &open {
        let s = &statements[*i];
        match s.record_type.as_deref() {
            Some("relationship") => holding(s, *i, record, &parties, into)?,
            Some("entity" | "person") => {}
            other => into.leave(("recordType {}", "recordType {}"), other.unwrap_or("?")),
        }
    }
    Ok(())
}

/// The position of the last statement on each record with what identifies the record, in
/// the order of the file.
///
/// # Errors
/// When a statement names no record, or a record has several last statements: which one
/// stands last in the file says nothing.
fn last_of_each(statements: &[Statement]) -> Result<Vec<(usize, &str)>, ImportError> {
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unlike: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, s) in statements.iter().enumerate() {
        let Some(record) = s.record_id.as_deref().or(s.statement_id.as_deref()) else {
            return Err(ImportError::new(
                format!("/{i} : une déclaration sans `recordId`"),
                format!("/{i}: a statement without `recordId`"),
            ));
        };
        let known = last.entry(record).or_insert(i);
        match s.age().cmp(&statements[*known].age()) {
            Ordering::Greater => {
                *known = i;
                unlike.remove(record);
            }
            Ordering::Equal if !s.says_as(&statements[*known]) => drop(unlike.insert(record, i)),
            _ => {}
        }
    }
    if let Some((record, i)) = unlike.iter().min_by_key(|(_, i)| **i) {
        let (known, shown) = (last[record], quoted(record));
        return Err(ImportError::new(
            format!(
                "/{i} : `{shown}` est dit autrement en /{known}, de la même date ; ne garder que la déclaration qui vaut"
            ),
            format!(
                "/{i}: `{shown}` is stated otherwise at /{known}, of the same date; keep only the statement that holds"
            ),
        ));
    }
    let mut positions: Vec<(usize, &str)> = last.into_iter().map(|(r, i)| (i, r)).collect();
    positions.sort_unstable();
    Ok(positions)
}

pub(super) fn party_id(record: &str) -> String {
    format!("bods-{}", id_of(record))
}

const INTEREST: Why = ("intérêt {}", "interest {}");
const UNSTATED: Why = (
    "intérêt {}, direct ou non : ce n'est pas dit",
    "interest {}, of unstated directness",
);
const UNSPECIFIED: Why = ("partie non précisée", "unspecified party");

/// Adds the direct holding of a relationship.
fn holding(
    s: &Statement,
    i: usize,
    record: &str,
    parties: &HashMap<&str, String>,
    into: &mut Imported,
) -> Result<(), ImportError> {
    let d = &s.record_details;
    let (mut capital, mut votes): (Option<Ends>, Option<Ends>) = (None, None);
    let (mut rights, mut direct) = (None, false);
    for (n, interest) in d.interests.iter().enumerate() {
        let kind = interest.r#type.as_deref().unwrap_or("?");
        if interest.end_date.is_some() {
            into.leave(("intérêt qui a pris fin", "ended interest"), "");
            continue;
        }
        if interest.direct_or_indirect.as_deref() != Some("direct") {
            match interest.direct_or_indirect.as_deref() {
                Some(how) => into.leave(INTEREST, &format!("{kind}, {how}")),
                None => into.leave(UNSTATED, kind),
            }
            continue;
        }
        let ends = match interest
            .share
            .as_ref()
            .map_or(Ok((None, None)), Share::ends)
        {
            Ok(ends) => ends,
            Err(shown) => return Err(no_number(i, n, &shown)),
        };
        let joined = |known: Option<Ends>| Some(known.map_or(ends, |k| both(k, ends)));
        match kind {
            "shareholding" => (capital, direct) = (joined(capital), true),
            "votingRights" => (votes, direct) = (joined(votes), true),
            // BODS words it as the absolute right to appoint members of the board.
            "appointmentOfBoard" => {
                rights = Some(Cell::List(vec!["appoint-majority".into()]));
                direct = true;
            }
            other => into.leave(INTEREST, other),
        }
    }
    if !direct {
        into.leave(
            (
                "relation sans détention directe",
                "relationship without a direct holding",
            ),
            "",
        );
        return Ok(());
    }
    let at = format!("/{i}");
    let mut party = |name: &str, raw: &Option<Raw>| {
        let raw = raw.as_ref()?;
        let (id, why) = match serde_json::from_str::<String>(raw.0.get()) {
            Ok(id) => match parties.get(id.as_str()) {
                Some(known) => return Some(known.clone()),
                None => (party_id(&id), ELSEWHERE),
            },
            Err(_) => {
                let id = id_of(&format!("unknown-{record}-{name}"));
                (format!("bods-{id}"), UNSPECIFIED)
            }
        };
        into.leave(why, "");
        // Of which nothing is known, unless another file says it.
        let pointer = format!("{at}/recordDetails/{name}");
        into.table("party", id.clone(), pointer);
        Some(format!("party:{id}"))
    };
    let held = party("subject", &d.subject);
    let holder = party("interestedParty", &d.interested_party);
    into.table("holding", party_id(record), at)
        .text("holder", holder)
        .text("held", held)
        .cell("capital", capital.and_then(cell))
        .cell("votes", votes.and_then(cell))
        .cell("special_rights", rights);
    Ok(())
}

fn no_number(statement: usize, interest: usize, shown: &str) -> ImportError {
    let at = format!("/{statement}/recordDetails/interests/{interest}/share");
    ImportError::new(
        format!("{at} : `{shown}` n'est pas un nombre décimal exact de 28 chiffres au plus"),
        format!("{at}: `{shown}` is no exact decimal number of at most 28 digits"),
    )
}
