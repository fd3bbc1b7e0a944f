//! `cocarde probe --dossier`: measured facts beside the declared ones.
//!
//! What is written is what a measurement can say: who answers, under which numbers, with
//! which protections. Where a machine stands is not among it.

use super::assess::read;
use super::probe::Probe;
use crate::place_files::{Target, whole};
use crate::ui::{Message, Ui};
use cocarde_knowledge::operators::Operators;
use cocarde_model::{FactBase, RecordId, Value};
use cocarde_probe::attribution::{Answer, Party, Role, Serves};
use cocarde_probe::dns::message::Type;
use cocarde_probe::measure::Record;
use cocarde_probe::measure::names::dmarc_policy;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Parties that stand for measured operators whom the dossier does not name.
const PARTIES: &str = "measured-parties.toml";
/// How their identifiers begin.
const MEASURED: &str = "party:measured-";

pub fn run(dir: &Path, probe: &Probe, ui: &Ui) -> Result<u8, Message> {
    let dossier = read(dir, ui)?;
    let base = &dossier.base;
    let mut out = Facts::new(base, probe.operators());
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    for name in names(base) {
        let record = probe.measure(&name, ui)?;
        records.insert(name, record);
    }
    for (id, name) in declared(base, "domain", "name") {
        if let Some(record) = records.get(&name) {
            out.domain(id, record);
        }
    }
    for (id, name) in declared(base, "hosting", "names") {
        if let Some(record) = records.get(&name) {
            out.hosting(id, record);
        }
    }
    let Some(first) = records.values().next() else {
        return Err(ui.error(
            "ce dossier ne nomme aucun domaine : ajouter des tables [[domain]] avec leur name",
            "this dossier names no domain: add tables [[domain]] with their name",
        ));
    };
    let file = format!("measurements/probe-{}.jsonl", first.at.strftime("%Y-%m-%d"));
    out.write(dir, &file).map_err(|e| ui.error(&e, &e))?;
    let (facts, count) = (out.lines.len(), records.len());
    let (fr, en) = (
        ["nom mesuré", "noms mesurés"],
        ["name measured", "names measured"],
    );
    let names = ui.counted(count, fr, en);
    let (fr, en) = (
        ["fait écrit", "faits écrits"],
        ["fact written", "facts written"],
    );
    let facts = ui.counted(facts, fr, en);
    println!("{names}, {facts} {} {file}", ui.say("dans", "to"));
    Ok(0)
}

/// The names to measure: the reader has made hosts of names and URLs.
fn names(base: &FactBase) -> BTreeSet<String> {
    let domains = declared(base, "domain", "name");
    let all = domains
        .into_iter()
        .chain(declared(base, "hosting", "names"));
    all.map(|(_, n)| n).filter(|n| n.contains('.')).collect()
}

/// The texts that records of a type have in a field.
fn declared(base: &FactBase, ty: &str, field: &str) -> Vec<(RecordId, String)> {
    let mut found = Vec::new();
    let Some(ty) = base.schema().by_name(ty) else {
        return found;
    };
    let Some(field) = base.schema().ty(ty).field(field) else {
        return found;
    };
    for (_, fact) in base.facts() {
        let of_type = base.get(fact.subject).is_some_and(|r| r.ty == ty);
        if !of_type || fact.field != field {
            continue;
        }
        match &fact.value {
            Value::Text(t) => found.push((fact.subject, t.to_string())),
            Value::Texts(all) => found.extend(all.iter().map(|t| (fact.subject, t.to_string()))),
            _ => {}
        }
    }
    found
}

struct Facts<'a> {
    base: &'a FactBase,
    operators: &'a Operators,
    lines: Vec<Json>,
    /// Parties that a measurement brought, by their name in the dossier.
    parties: BTreeMap<String, String>,
}

impl<'a> Facts<'a> {
    fn new(base: &'a FactBase, operators: &'a Operators) -> Self {
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

    fn fact(
        &mut self,
        subject: &str,
        property: &str,
        value: Json,
        confidence: u8,
        record: &Record,
        note: impl Into<Note>,
    ) {
        let note: Note = note.into();
        let mut line = json!({
            "subject": subject, "property": property, "value": value, "how": "measured",
            "confidence": confidence_text(confidence), "server": record.resolvers.first(),
            "time": record.at.to_string(), "by": "cocarde probe", "note": note.fr,
        });
        if let Some(en) = note.en {
            line["note_en"] = en.into();
        }
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    fn domain(&mut self, id: RecordId, record: &Record) {
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
            self.fact(
                &subject,
                "operator_country",
                json!(seat),
                answer.confidence,
                record,
                note,
            );
        }
        if let Some(site) = record
            .site
            .as_ref()
            .filter(|s| s.secure.iter().any(|h| h.status.is_some()))
        {
            let third: Vec<&String> = site.third_parties.keys().collect();
            let note = format!("https://{name}/");
            self.fact(&subject, "third_parties", json!(third), 95, record, note);
            let version = site
                .tls
                .first()
                .and_then(|t| t.version.clone())
                .unwrap_or_default();
            self.fact(
                &subject,
                "tls",
                json!(true),
                100,
                record,
                format!("TLS {version}"),
            );
        }
        // Only where a zone begins does the zone above say whether it is signed.
        let zone = &record.names;
        if zone.soa.is_some() && zone.knows(name, Type::DS) {
            let signed = !zone.ds.is_empty();
            let note = format!("{name} DS");
            self.fact(&subject, "dnssec", json!(signed), 95, record, note);
        }
        self.dmarc(&subject, record);
    }

    fn dmarc(&mut self, subject: &str, record: &Record) {
        let at = format!("_dmarc.{}", record.domain);
        // Of several no receiver applies any, nor one of a domain above (RFC 7489, 6.6.3).
        if record.names.several.contains(&at) {
            let note = Note::both(
                format!("{at} : plusieurs enregistrements"),
                format!("{at}: several records"),
            );
            return self.fact(subject, "dmarc", json!("absent"), 100, record, note);
        }
        let policy = record.names.dmarc.as_deref().and_then(dmarc_policy);
        if let Some(policy) = policy.filter(|p| matches!(&**p, "none" | "quarantine" | "reject")) {
            self.fact(subject, "dmarc", json!(policy), 100, record, at);
        }
    }

    fn hosting(&mut self, id: RecordId, record: &Record) {
        let subject = self.base.record_name(id);
        if let Some(answer) = front(record)
            && let Some(party) = &answer.operator
        {
            let reference = self.party(party, record);
            let note = shown(answer, party).after(&format!("{} → ", record.domain));
            self.fact(
                &subject,
                "operator",
                json!(reference),
                answer.confidence,
                record,
                note,
            );
        }
        let networks = record
            .observation
            .networks
            .iter()
            .filter(|n| n.of == Serves::Site);
        let numbers: BTreeSet<u32> = networks.filter_map(|n| n.asn).collect();
        if let (1, Some(asn)) = (numbers.len(), numbers.first()) {
            let note = format!("{} → AS{asn}", record.domain);
            self.fact(&subject, "autonomous_system", json!(asn), 95, record, note);
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

    fn write(&self, dir: &Path, file: &str) -> Result<(), String> {
        let save = |name: &str, text: String| {
            let path = dir.join(name);
            let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            let done = made.and_then(|()| whole(&path, text.as_bytes(), Target::Replace));
            done.map_err(|e| format!("{}: {e}", path.display()))
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

/// What was seen, in a sentence; in English too where the words differ.
struct Note {
    fr: String,
    en: Option<String>,
}

impl From<String> for Note {
    fn from(same: String) -> Self {
        Note { fr: same, en: None }
    }
}

impl Note {
    fn both(fr: String, en: String) -> Self {
        let en = (en != fr).then_some(en);
        Note { fr, en }
    }

    fn en(&self) -> &str {
        self.en.as_deref().unwrap_or(&self.fr)
    }

    fn after(self, before: &str) -> Self {
        Note::both(
            format!("{before}{}", self.fr),
            format!("{before}{}", self.en()),
        )
    }

    fn and(self, fr: &str, en: &str) -> Self {
        Note::both(
            format!("{} ; {fr}", self.fr),
            format!("{}; {en}", self.en()),
        )
    }
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
