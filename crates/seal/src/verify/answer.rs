//! The answer, in plain words.

use super::Secured;
use crate::Refusal;
use crate::json;
use crate::log::proof::Logged;
use crate::status::Message;
use crate::time::{self, Timestamp};
use serde::Serialize;
use serde_json::Value;

/// How a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing against it.
    Valid,
    /// Facts it rests on are older than they may be.
    Stale,
    /// Its holder is under heightened surveillance.
    UnderSurveillance,
    /// It covers less than it says.
    ScopeReduced,
    /// A complaint on it is being heard.
    Contested,
    /// Its present status is not known.
    StatusUnknown,
    /// Its period has not begun.
    NotYetValid,
    /// Its period is over.
    Expired,
    /// Withdrawn for now.
    Suspended,
    /// Withdrawn for good.
    Revoked,
    /// It proves nothing.
    Invalid,
}

impl State {
    /// All of them.
    pub const ALL: [State; 11] = [
        State::Valid,
        State::Stale,
        State::UnderSurveillance,
        State::ScopeReduced,
        State::Contested,
        State::StatusUnknown,
        State::NotYetValid,
        State::Expired,
        State::Suspended,
        State::Revoked,
        State::Invalid,
    ];

    /// Its name, in French and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            State::Valid => ("valide", "valid"),
            State::Stale => ("faits à revoir", "facts due for review"),
            State::UnderSurveillance => ("sous surveillance", "under surveillance"),
            State::ScopeReduced => ("portée réduite", "scope reduced"),
            State::Contested => ("contesté", "contested"),
            State::StatusUnknown => ("statut inconnu", "status unknown"),
            State::NotYetValid => ("pas encore valide", "not valid yet"),
            State::Expired => ("expiré", "expired"),
            State::Suspended => ("suspendu", "suspended"),
            State::Revoked => ("retiré", "withdrawn"),
            State::Invalid => ("sans valeur", "not valid"),
        }
    }

    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            State::Valid => "valid",
            State::Stale => "stale",
            State::UnderSurveillance => "under-surveillance",
            State::ScopeReduced => "scope-reduced",
            State::Contested => "contested",
            State::StatusUnknown => "status-unknown",
            State::NotYetValid => "not-yet-valid",
            State::Expired => "expired",
            State::Suspended => "suspended",
            State::Revoked => "revoked",
            State::Invalid => "invalid",
        }
    }
}

/// What a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Shown by a signature or a hash.
    Proven,
    /// Proven, and to be known before relying on it.
    Caution,
    /// Not shown by what was given.
    NotProven,
    /// Why it is refused.
    Refused,
}

/// One sentence of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// What it is.
    pub level: Level,
    /// Its stable name.
    pub code: &'static str,
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

/// The answer on the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds, and its present status is known.
    Valid,
    /// It holds; something is to be known or could not be checked.
    WithReserve,
    /// It must not be relied on.
    Refused,
}

/// All that can be said.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The moment it speaks of.
    pub at: String,
    /// How the certificate stands.
    pub state: State,
    /// The sentences.
    pub statements: Vec<Statement>,
    /// The credential, once it could be read.
    #[serde(skip)]
    pub credential: Option<Value>,
    #[serde(skip)]
    when: Timestamp,
}

impl Answer {
    pub(super) fn new(at: Timestamp) -> Answer {
        Answer {
            at: time::write(at),
            state: State::Valid,
            statements: Vec::new(),
            credential: None,
            when: at,
        }
    }

    /// The answer on what is refused before it can be read.
    pub fn refused(at: Timestamp, why: Refusal) -> Answer {
        let mut answer = Answer::new(at);
        answer.refuse(why);
        answer
    }

    /// The answer on the whole.
    pub fn outcome(&self) -> Outcome {
        let has = |l: Level| self.statements.iter().any(|s| s.level == l);
        match () {
            () if has(Level::Refused) => Outcome::Refused,
            () if self.state != State::Valid || has(Level::Caution) => Outcome::WithReserve,
            () => Outcome::Valid,
        }
    }

    /// Adds a sentence.
    pub fn say(
        &mut self,
        level: Level,
        code: &'static str,
        fr: impl Into<String>,
        en: impl Into<String>,
    ) {
        let (fr, en) = (fr.into(), en.into());
        self.statements.push(Statement {
            level,
            code,
            fr,
            en,
        });
    }

    /// Refuses, for that reason.
    pub fn refuse(&mut self, r: Refusal) {
        let kept = [
            State::Revoked,
            State::Suspended,
            State::Expired,
            State::NotYetValid,
        ];
        if !kept.contains(&self.state) {
            self.state = State::Invalid;
        }
        self.say(Level::Refused, r.code, r.fr, r.en);
    }

    fn worsen(&mut self, state: State) {
        self.state = self.state.max(state);
    }

    fn text(&self, path: &[&str]) -> String {
        let found = self.credential.as_ref().and_then(|c| json::text(c, path));
        found.unwrap_or("?").to_owned()
    }

    fn term(&self, name: &str) -> Option<&Value> {
        let subject = self.credential.as_ref()?.get("credentialSubject")?;
        subject.get("sovereigntyCertification")?.get(name)
    }

    pub(super) fn signed(&mut self, secured: &Secured, key: &str) {
        let credential = secured.credential();
        let did = super::issuer(credential).unwrap_or_default();
        let name = json::text(credential, &["issuer", "name"]).unwrap_or(did);
        self.say(
            Level::Proven,
            "signed",
            format!("signé par {name} ({did}), clé {key} ; rien n'a été modifié depuis"),
            format!("signed by {name} ({did}), key {key}; nothing was changed since"),
        );
    }

    pub(super) fn scope(&mut self) {
        if self.term("certificateNumber").is_none() {
            return;
        }
        let holder = self.text(&["credentialSubject", "issuedToParty", "name"]);
        let scope = self.text(&["credentialSubject", "description"]);
        let scheme = self.text(&["credentialSubject", "scope", "name"]);
        let version = self.text(&["credentialSubject", "scope", "version"]);
        self.say(
            Level::Proven,
            "scope",
            format!("certifie {holder} pour : {scope} — {scheme}, version {version}"),
            format!("certifies {holder} for: {scope} — {scheme}, version {version}"),
        );
    }

    pub(super) fn logged(&mut self, logged: Option<&Logged>, quorum: usize) {
        let Some(l) = logged else {
            return self.say(
                Level::NotProven,
                "log",
                "aucune preuve d'inscription au journal public n'a été donnée (.tlog-proof)",
                "no proof of entry in the public log was given (.tlog-proof)",
            );
        };
        let (origin, index) = (&l.checkpoint.origin, l.index);
        self.say(
            Level::Proven,
            "logged",
            format!("inscrit au journal public {origin}, entrée {index}"),
            format!("entered in the public log {origin}, entry {index}"),
        );
        for (name, when) in &l.witnesses {
            let when = time::write(*when);
            self.say(
                Level::Proven,
                "witnessed",
                format!("le témoin {name} a vu ce journal le {when}"),
                format!("the witness {name} saw this log on {when}"),
            );
        }
        if l.witnesses.is_empty() && quorum == 0 {
            self.say(
                Level::NotProven,
                "witnesses",
                "aucun témoin indépendant du journal n'est connu de vous",
                "no independent witness of the log is known to you",
            );
        }
    }

    pub(super) fn period(&mut self, from: Option<Timestamp>, until: Option<Timestamp>) {
        let day = |t: Option<Timestamp>| t.map_or("…".into(), time::day);
        let (from, until) = (day(from), day(until));
        self.say(
            Level::Proven,
            "period",
            format!("valide du {from} au {until}"),
            format!("valid from {from} to {until}"),
        );
    }

    pub(super) fn status_unknown(&mut self, purpose: &str) {
        self.worsen(State::StatusUnknown);
        self.say(
            Level::NotProven,
            "status",
            format!("statut actuel inconnu ({purpose}) : aucune liste n'a été donnée ni atteinte"),
            format!("present status unknown ({purpose}): no list was given or reached"),
        );
    }

    pub(super) fn status_stale(&mut self, purpose: &str, until: Option<Timestamp>) {
        self.worsen(State::StatusUnknown);
        let day = until.map_or("?".into(), time::write);
        self.say(
            Level::NotProven,
            "status-stale",
            format!("statut actuel inconnu ({purpose}) : la liste est périmée, la suivante était due le {day}"),
            format!("present status unknown ({purpose}): the list is stale, the next one was due on {day}"),
        );
    }

    pub(super) fn status_known(&mut self, date: Timestamp) {
        let day = time::write(date);
        self.say(
            Level::Proven,
            "status",
            format!("ni retiré ni suspendu, selon la liste du {day}"),
            format!("neither withdrawn nor suspended, by the list of {day}"),
        );
    }

    pub(super) fn no_status(&mut self) {
        self.say(
            Level::NotProven,
            "status",
            "ce certificat ne dit pas où son statut est publié",
            "this certificate does not say where its status is published",
        );
    }

    pub(super) fn withdrawn(&mut self, state: State, date: Timestamp) -> Refusal {
        self.state = state;
        let (day, (fr, en)) = (time::write(date), state.words());
        Refusal::new(
            state.code(),
            format!("{fr}, selon la liste du {day}"),
            format!("{en}, by the list of {day}"),
        )
    }

    pub(super) fn message(&mut self, message: Message, date: Timestamp) {
        let state = match message {
            Message::Contested => State::Contested,
            Message::ScopeReduced => State::ScopeReduced,
            Message::UnderSurveillance => State::UnderSurveillance,
        };
        self.worsen(state);
        let (day, (fr, en)) = (time::write(date), state.words());
        self.say(
            Level::Caution,
            state.code(),
            format!("{fr}, selon la liste du {day}"),
            format!("{en}, by the list of {day}"),
        );
    }

    /// What ages, and what a signature cannot show.
    pub(super) fn facts(&mut self) {
        let Some(results) = self
            .term("criterionResult")
            .and_then(Value::as_array)
            .cloned()
        else {
            return;
        };
        let of = |name: &str, value: &str| {
            let found = |r: &&Value| json::text(r, &[name]) == Some(value);
            results.iter().filter(found).count()
        };
        // A date that cannot be read promises nothing.
        let old = |r: &&Value| {
            let until = json::text(r, &["freshUntil"]).map(time::read);
            until.is_some_and(|u| u.map_or(true, |u| u <= self.when))
        };
        let stale: Vec<&str> = results
            .iter()
            .filter(old)
            .filter_map(|r| json::text(r, &["id"]))
            .collect();
        if !stale.is_empty() {
            self.worsen(State::Stale);
            let list = stale.join(", ");
            self.say(
                Level::Caution,
                "stale",
                format!(
                    "mesures trop anciennes pour {} critère(s) : {list}",
                    stale.len()
                ),
                format!(
                    "measurements too old for {} criterion(s): {list}",
                    stale.len()
                ),
            );
        }
        if let Some(why) = self
            .term("derogation")
            .and_then(Value::as_str)
            .map(str::to_owned)
        {
            self.say(
                Level::Caution,
                "derogation",
                format!("délivré par dérogation : {why}"),
                format!("granted by derogation: {why}"),
            );
        }
        let assumed = of("basis", "assumption");
        if assumed > 0 {
            self.say(
                Level::NotProven,
                "assumption",
                format!("{assumed} critère(s) reposent sur une hypothèse, non sur un texte public"),
                format!("{assumed} criterion(s) rest on an assumption, not on a public text"),
            );
        }
        let accredited = self.text(&["credentialSubject", "assessmentLevel"]) == "Accredited";
        if accredited {
            self.say(
                Level::NotProven,
                "accreditation",
                "l'accréditation est celle que l'émetteur déclare : à vérifier auprès de l'accréditeur",
                "the accreditation is as the issuer declares it: to be checked with its accreditor",
            );
        }
        self.say(
            Level::NotProven,
            "facts",
            "que les faits soient restés vrais depuis l'évaluation : le certificat prouve la décision",
            "that the facts stayed true since the assessment: the certificate proves the decision",
        );
    }
}
