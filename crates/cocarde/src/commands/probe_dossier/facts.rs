//! What a measurement says of a dossier's domains and hostings, as lines of measured facts.

use super::declared;
use super::note::Note;
use crate::place_files::{Target, try_out, unwritable, whole};
use crate::ui::{Message, Ui};
use cocarde_knowledge::operators::Operators;
use cocarde_model::{FactBase, RecordId};
use cocarde_probe::attribution::{Answer, Party, Role, Serves};
use cocarde_probe::dns::message::Type;
use cocarde_probe::measure::names::dmarc_policy;
use cocarde_probe::measure::{Record, Site};
use cocarde_probe::report::{Lang, why_word};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Parties that stand for measured operators whom the dossier does not name.
const PARTIES: &str = "measured-parties.toml";
/// Where the facts are.
pub(super) const MEASUREMENTS: &str = "measurements";
/// How their identifiers begin.
const MEASURED: &str = "party:measured-";

/// Whether the facts of a dossier can be written: looked at before anybody is asked, since
/// measuring takes long. Where there are no parties yet none may have to be written.
pub(super) fn writable(dir: &Path, ui: &Ui) -> Result<(), Message> {
    let parties = dir.join(PARTIES).exists().then(|| dir.to_owned());
    for into in [dir.join(MEASUREMENTS)].into_iter().chain(parties) {
        try_out(&into).map_err(|e| unwritable(&into, &e, ui))?;
    }
    Ok(())
}

/// Measured facts as they come, and the parties that they speak of.
pub(super) struct Facts<'a> {
    base: &'a FactBase,
    operators: &'a Operators,
    pub lines: Vec<Json>,
    /// Parties that a measurement brought, by their name in the dossier.
    parties: BTreeMap<String, String>,
}

impl<'a> Facts<'a> {
    pub fn new(base: &'a FactBase, operators: &'a Operators) -> Self {
        // Those of earlier measurements stay: facts of other days speak of them.
        let before = declared(base, "party", "name").into_iter();
        let before = before.filter_map(|(id, name)| {
            let id = base.record_name(id);
            id.starts_with(MEASURED).then_some((id, name))
        });
        Self {
            base,
            operators,
            lines: Vec::new(),
            parties: before.collect(),
        }
    }

    fn fact(&mut self, subject: &str, property: &str, record: &Record, found: Found) {
        let mut line = json!({
            "subject": subject, "property": property, "value": found.value, "how": "measured",
            "confidence": confidence_text(found.confidence), "server": found.server,
            "time": record.at.to_string(), "by": "cocarde probe", "note": found.note.fr,
        });
        if let Some(en) = found.note.en {
            line["note_en"] = en.into();
        }
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    pub fn domain(&mut self, id: RecordId, record: &Record) {
        let subject = self.base.record_name(id);
        let name = &record.domain;
        let purpose = declared(self.base, "domain", "purpose");
        let is_mail = purpose.iter().any(|(i, p)| *i == id && p == "mail");
        let answer = match is_mail {
            true => record.classification.first(Role::MailHost),
            false => front(record),
        };
        if let Some((answer, party, seat)) = answer.and_then(seated) {
            let note = shown(answer, party).and(answer.because.fr, answer.because.en);
            let found = Found::in_dns(record, json!(seat), answer.confidence, note);
            self.fact(&subject, "operator_country", record, found);
        }
        if let Some(site) = &record.site {
            let both = [("third_parties", third_parties(site)), ("tls", tls(site))];
            for (property, found) in both {
                if let Some(found) = found {
                    self.fact(&subject, property, record, found);
                }
            }
        }
        // Only where a zone begins does the zone above say whether it is signed.
        let zone = &record.names;
        if zone.soa.is_some() && zone.knows(name, Type::DS) {
            let signed = !zone.ds.is_empty();
            let note = format!("{name} DS");
            let found = Found::in_dns(record, json!(signed), 95, note);
            self.fact(&subject, "dnssec", record, found);
        }
        self.dmarc(&subject, record);
    }

    fn dmarc(&mut self, subject: &str, record: &Record) {
        let at = format!("_dmarc.{}", record.domain);
        // Of several no receiver applies any, nor one of a domain above (RFC 7489, 6.6.3).
        let (policy, note) = match record.names.several.contains(&at) {
            true => {
                let (fr, en) = (" : plusieurs enregistrements", ": several records");
                let note = Note::both(format!("{at}{fr}"), format!("{at}{en}"));
                (Some("absent".to_owned()), note)
            }
            false => {
                let policy = record.names.dmarc.as_deref().and_then(dmarc_policy);
                let known = |p: &String| matches!(&**p, "none" | "quarantine" | "reject");
                (policy.filter(known), at.into())
            }
        };
        if let Some(policy) = policy {
            let found = Found::in_dns(record, json!(policy), 100, note);
            self.fact(subject, "dmarc", record, found);
        }
    }

    pub fn hosting(&mut self, id: RecordId, record: &Record) {
        let subject = self.base.record_name(id);
        if let Some(answer) = front(record)
            && let Some(party) = &answer.operator
        {
            let reference = self.party(party, record);
            let note = shown(answer, party).after(&format!("{} → ", record.domain));
            let found = Found::in_dns(record, json!(reference), answer.confidence, note);
            self.fact(&subject, "operator", record, found);
        }
        let networks = record
            .observation
            .networks
            .iter()
            .filter(|n| n.of == Serves::Site);
        let numbers: BTreeSet<u32> = networks.filter_map(|n| n.asn).collect();
        if let (1, Some(asn)) = (numbers.len(), numbers.first()) {
            let note = format!("{} → AS{asn}", record.domain);
            let found = Found::in_dns(record, json!(asn), 95, note);
            self.fact(&subject, "autonomous_system", record, found);
        }
    }

    /// The dossier's party for an operator: one of its names, else a new one that holds
    /// nothing but what is publicly known of it.
    fn party(&mut self, party: &Party, record: &Record) -> String {
        let id = self
            .operators
            .find(&party.id)
            .map(|i| self.operators.get(i));
        let mut known: Vec<String> = vec![party.name.to_lowercase()];
        if let Some(operator) = id {
            known.extend(operator.legal_name.iter().map(|n| n.to_lowercase()));
            known.extend(operator.brands.iter().map(|n| n.to_lowercase()));
        }
        // One that a measurement brought is not the dossier's: what is known of it has to
        // be written again, or measuring again would lose it.
        let parties = declared(self.base, "party", "name").into_iter();
        let mut own = parties
            .filter(|(_, n)| known.contains(&n.to_lowercase()))
            .map(|(id, _)| self.base.record_name(id))
            .filter(|id| !id.starts_with(MEASURED));
        if let Some(id) = own.next() {
            return id;
        }
        let subject = format!("{MEASURED}{}", party.id);
        self.parties.insert(subject.clone(), party.name.clone());
        if let Some(seat) = party.chain.first().and_then(|l| l.seat.clone()) {
            self.known(&subject, "seat", &seat, "0.95", party, record);
        }
        if let Some(seat) = party
            .chain
            .last()
            .and_then(|l| l.seat.clone())
            .filter(|_| party.complete)
        {
            self.known(&subject, "controlled_from", &seat, "0.90", party, record);
        }
        subject
    }

    /// A fact that no server was asked for: what is publicly known of an operator.
    fn known(
        &mut self,
        subject: &str,
        property: &str,
        seat: &str,
        confidence: &str,
        party: &Party,
        record: &Record,
    ) {
        let note = format!("{} ({})", party.source.join(" "), party.date);
        let line = json!({
            "subject": subject, "property": property, "value": seat, "how": "measured",
            "confidence": confidence, "time": record.at.to_string(),
            "by": "cocarde knowledge/operators", "note": note,
        });
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    pub fn write(&self, dir: &Path, file: &str, ui: &Ui) -> Result<(), Message> {
        let save = |name: &str, text: String| {
            let path = dir.join(name);
            let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            let done = made.and_then(|()| whole(&path, text.as_bytes(), Target::Replace));
            done.map_err(|e| unwritable(&path, &e, ui))
        };
        let mut text = String::from(
            "# Exploitants que la mesure a rencontrés et que le dossier ne nomme pas ; ce qu'on en\n\
             # sait est dans measurements/.\n\
             # Operators that the measurement met and the dossier does not name; what is known of\n\
             # them is in measurements/.\n",
        );
        for (id, name) in &self.parties {
            let id = id.trim_start_matches("party:");
            let (id, name) = (toml::Value::from(id), toml::Value::from(name.as_str()));
            text += &format!("\n[[party]]\nid = {id}\nname = {name}\n");
        }
        // The facts speak of the parties: those come first.
        if !self.parties.is_empty() || dir.join(PARTIES).exists() {
            save(PARTIES, text)?;
        }
        let lines: String = self.lines.iter().map(|l| format!("{l}\n")).collect();
        save(file, lines)
    }
}

/// What was found of a property.
struct Found {
    value: Json,
    /// Hundredths.
    confidence: u8,
    /// Who was asked for it.
    server: Option<String>,
    note: Note,
}

impl Found {
    /// What the DNS says, as the resolver told it.
    fn in_dns(record: &Record, value: Json, confidence: u8, note: impl Into<Note>) -> Self {
        Self {
            value,
            confidence,
            server: record.resolvers.first().cloned(),
            note: note.into(),
        }
    }
}

/// Whom the page calls: only where it is the page that visitors get, and was read whole.
fn third_parties(site: &Site) -> Option<Found> {
    let page = site.page().filter(|_| site.is_shown() && !site.cut)?;
    let all: Vec<&String> = site.third_parties.keys().collect();
    // What scripts call is not seen where none was run.
    let (confidence, (fr, en)) = match site.found_by {
        "run" => (
            95,
            ("page montrée par un navigateur", "page shown by a browser"),
        ),
        _ => (
            80,
            (
                "page lue, scripts non exécutés",
                "page read, scripts not run",
            ),
        ),
    };
    Some(Found {
        value: json!(all),
        confidence,
        server: page.address.clone(),
        note: Note::both(
            format!("{} : {fr}", page.url),
            format!("{}: {en}", page.url),
        ),
    })
}

/// Whether the site's own server shows a chain that browsers trust, and takes no version of
/// TLS that was given up.
fn tls(site: &Site) -> Option<Found> {
    let (hop, tls) = site.own_tls()?;
    let old = tls.given_up().join(", ");
    let (open, taken) = (tls.open.join(", "), tls.accepts.join(", "));
    let mut note = Note::both(
        format!("{} : TLS {taken}", tls.server()),
        format!("{}: TLS {taken}", tls.server()),
    );
    note = match &tls.distrust {
        None => note.and("certificat reconnu", "certificate trusted"),
        Some(why) => note.and(
            &format!("certificat non reconnu ({})", why_word(why, Lang::Fr)),
            &format!("certificate not trusted ({})", why_word(why, Lang::En)),
        ),
    };
    if !old.is_empty() {
        note = note.and(
            &format!("accepte encore TLS {old}"),
            &format!("still accepts TLS {old}"),
        );
    }
    if !open.is_empty() {
        note = note.and(
            &format!("pas de réponse pour TLS {open}"),
            &format!("no answer for TLS {open}"),
        );
    }
    let good = tls.distrust.is_none() && old.is_empty();
    Some(Found {
        value: json!(good),
        // An old version of which nothing is known may be taken.
        confidence: if good && !tls.given_up_perhaps().is_empty() {
            80
        } else {
            95
        },
        server: hop.address.clone(),
        note,
    })
}

/// Who answers for a name: what stands in front of its site, else who runs it.
fn front(record: &Record) -> Option<&Answer> {
    let classes = &record.classification;
    classes
        .first(Role::Cdn)
        .or_else(|| classes.first(Role::SiteHost))
}

fn seated(answer: &Answer) -> Option<(&Answer, &Party, &str)> {
    let party = answer.operator.as_ref()?;
    Some((answer, party, party.chain.first()?.seat.as_deref()?))
}

/// Who answers, and the facts that say so.
fn shown(answer: &Answer, party: &Party) -> Note {
    let facts: Vec<String> = answer
        .evidence
        .iter()
        .map(|e| match &e.claimed {
            Some(claimed) => format!("{} {} ({claimed})", e.kind, e.seen),
            None => format!("{} {}", e.kind, e.seen),
        })
        .collect();
    let (who, facts) = (&party.name, facts.join(", "));
    Note::both(format!("{who} : {facts}"), format!("{who}: {facts}"))
}

/// Hundredths as an exact decimal.
fn confidence_text(hundredths: u8) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests;
