//! The answer, in plain words.

use super::listed::AsOf;
use super::{Level, Outcome, Secured, StaleList, State, Statement, Subject};
use crate::credential::assumed;
use crate::json;
use crate::log::proof::Logged;
use crate::refusal::visible;
use crate::status::Message;
use crate::time::{self, Timestamp};
use crate::{Refusal, counted};
use serde::Serialize;
use serde_json::Value;

/// What a list is about, in French; a purpose that is not ours keeps its name.
pub(super) fn french(purpose: &str) -> &str {
    match purpose {
        "revocation" => "retrait",
        "message" => "avertissements",
        other => other,
    }
}

/// All that can be said.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// What it is on.
    pub subject: Subject,
    /// The moment it speaks of.
    pub at: String,
    /// How the certificate stands.
    pub state: State,
    /// Until when it can be repeated: a list, a measured fact or the certificate itself
    /// then ends. None when it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The sentences.
    pub statements: Vec<Statement>,
    /// The credential, once it could be read.
    #[serde(skip)]
    pub credential: Option<Value>,
    /// Addresses of the lists that it is refused for, since their validity is over:
    /// fresh ones may answer.
    #[serde(skip)]
    pub stale_lists: Vec<String>,
    #[serde(skip)]
    when: Timestamp,
}

impl Answer {
    pub(super) fn new(at: Timestamp) -> Answer {
        Answer {
            subject: Subject::Certificate,
            at: time::write(at),
            state: State::Valid,
            until: None,
            statements: Vec::new(),
            credential: None,
            stale_lists: Vec::new(),
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

    /// Adds a sentence: one line, whatever the words it cites.
    pub fn say(
        &mut self,
        level: Level,
        code: &'static str,
        fr: impl Into<String>,
        en: impl Into<String>,
    ) {
        let (fr, en) = (visible(&fr.into(), false), visible(&en.into(), false));
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
        self.until = None;
        self.say(Level::Refused, r.code, r.fr, r.en);
    }

    /// Notes that something it rests on ends then.
    pub(super) fn ends(&mut self, then: Timestamp) {
        let then = Some(time::write(then));
        self.until = match &self.until {
            None => then,
            some => then.min(some.clone()),
        };
    }

    pub(super) fn worsen(&mut self, state: State) {
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
        match json::text(credential, &["issuer", "name"]) {
            Some(name) => self.signed_by(&format!("{name} ({did})"), key),
            None => self.signed_by(did, key),
        }
    }

    pub(super) fn signed_by(&mut self, whom: &str, key: &str) {
        self.say(
            Level::Proven,
            "signed",
            format!("signé par {whom}, clé {key} ; rien n'a été modifié depuis"),
            format!("signed by {whom}, key {key}; nothing was changed since"),
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
            let (fr, en) = time::words(*when);
            self.say(
                Level::Proven,
                "witnessed",
                format!("le témoin {name} a vu ce journal le {fr}"),
                format!("the witness {name} saw this log on {en}"),
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
        until.into_iter().for_each(|end| self.ends(end));
        let words = |t: Option<Timestamp>| t.map_or(("…".into(), "…".into()), time::words);
        let ((from_fr, from_en), (until_fr, until_en)) = (words(from), words(until));
        self.say(
            Level::Proven,
            "period",
            format!("valide du {from_fr} au {until_fr}"),
            format!("valid from {from_en} to {until_en}"),
        );
    }

    pub(super) fn status_unknown(&mut self, purpose: &str) {
        let fr = french(purpose);
        self.worsen(State::StatusUnknown);
        self.say(
            Level::NotProven,
            "status",
            format!("statut actuel inconnu ({fr}) : aucune liste n'a été donnée ni atteinte"),
            format!("present status unknown ({purpose}): no list was given or reached"),
        );
    }

    /// A list without a last day: it may have been true once.
    pub(super) fn status_undated(&mut self, purpose: &str) {
        let fr = french(purpose);
        self.worsen(State::StatusUnknown);
        self.say(
            Level::NotProven,
            "status-undated",
            format!("statut actuel inconnu ({fr}) : la liste ne dit pas jusqu'à quand elle vaut"),
            format!(
                "present status unknown ({purpose}): the list does not say until when it holds"
            ),
        );
    }

    /// Refuses when the validity of a list is over; the earliest day is given.
    pub(super) fn status_stale(&mut self, lists: &[StaleList]) {
        let Some(until) = lists.iter().map(|l| l.until).min() else {
            return;
        };
        let joined = |name: fn(&str) -> &str| {
            let names: Vec<&str> = lists.iter().map(|l| name(&l.purpose)).collect();
            names.join(", ")
        };
        let (fr, en, (until_fr, until_en)) = (joined(french), joined(|p| p), time::words(until));
        self.until = None;
        self.stale_lists = lists.iter().map(|l| l.list.clone()).collect();
        self.worsen(State::StatusUnknown);
        self.say(
            Level::Refused,
            "status-stale",
            format!("le statut ne peut être établi ({fr}) : liste périmée depuis le {until_fr}"),
            format!("the status cannot be established ({en}): list stale since {until_en}"),
        );
    }

    pub(super) fn status_known(&mut self, asof: AsOf) {
        let (by_fr, by_en) = asof.by();
        self.say(
            Level::Proven,
            "status",
            format!("ni retiré ni suspendu, {by_fr}"),
            format!("neither withdrawn nor suspended, {by_en}"),
        );
    }

    pub(super) fn no_status(&mut self) {
        self.worsen(State::StatusUnknown);
        self.say(
            Level::NotProven,
            "status",
            "ce certificat ne dit pas où son statut (retrait, suspension) est publié",
            "this certificate does not say where its status (revocation, suspension) is published",
        );
    }

    pub(super) fn withdrawn(&mut self, state: State, asof: AsOf) -> Refusal {
        self.state = state;
        let ((by_fr, by_en), (fr, en)) = (asof.by(), state.words());
        Refusal::new(
            state.code(),
            format!("{fr}, {by_fr}"),
            format!("{en}, {by_en}"),
        )
    }

    pub(super) fn message(&mut self, message: Message, asof: AsOf) {
        let state = match message {
            Message::Contested => State::Contested,
            Message::ScopeReduced => State::ScopeReduced,
            Message::UnderSurveillance => State::UnderSurveillance,
        };
        self.worsen(state);
        let ((by_fr, by_en), (fr, en)) = (asof.by(), state.words());
        self.say(
            Level::Caution,
            state.code(),
            format!("{fr}, {by_fr}"),
            format!("{en}, {by_en}"),
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
        let fresh = results
            .iter()
            .filter_map(|r| json::text(r, &["freshUntil"]));
        let fresh: Vec<Timestamp> = fresh.filter_map(|t| time::read(t).ok()).collect();
        let ahead = fresh.into_iter().filter(|t| *t > self.when).min();
        ahead.into_iter().for_each(|end| self.ends(end));
        // A date that cannot be read promises nothing.
        let old = |r: &&Value| {
            let until = r
                .get("freshUntil")
                .map(|u| time::read(u.as_str().unwrap_or_default()));
            until.is_some_and(|u| u.map_or(true, |u| u <= self.when))
        };
        let name = |r| json::text(r, &["id"]).unwrap_or("?");
        let stale: Vec<&str> = results.iter().filter(old).map(name).collect();
        if !stale.is_empty() {
            self.worsen(State::Stale);
            let list = stale.join(", ");
            self.say(
                Level::Caution,
                "stale",
                format!(
                    "mesures trop anciennes pour {} : {list}",
                    counted::fr(stale.len(), "critère", "critères")
                ),
                format!(
                    "measurements too old for {}: {list}",
                    counted::en(stale.len(), "criterion", "criteria")
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
        let assumed = self.credential.as_ref().map_or(0, assumed);
        if assumed > 0 {
            self.say(
                Level::NotProven,
                "assumption",
                counted::fr(assumed, "critère repose", "critères reposent")
                    + " sur une hypothèse, non sur un texte public",
                counted::en(assumed, "criterion rests", "criteria rest")
                    + " on an assumption, not on a public text",
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
