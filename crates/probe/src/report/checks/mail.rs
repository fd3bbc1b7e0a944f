//! Who may write in the domain's name, and how mail is handed over.

use super::{Both, Found, why_word};
use crate::dns::message::Type;
use crate::measure::Record;
use crate::measure::mta_sts::Policy;
use crate::measure::names::dmarc_policy;
use crate::report::Lang;

impl Found {
    pub(super) fn mail(&mut self, record: &Record) {
        let (names, domain) = (&record.names, &record.domain);
        let purpose = (
            "dit qui peut écrire au nom du domaine",
            "says who may write in the domain's name",
        );
        match &names.spf {
            None => self.absent(names.knows(domain, Type::TXT), "SPF", purpose),
            Some(spf) if spf.problems.is_empty() => {
                let n = spf.lookups;
                let seen = match self.lang {
                    Lang::Fr => format!("en ordre ({n} questions sur 10 permises)"),
                    Lang::En => format!("in order ({n} questions of 10 allowed)"),
                };
                self.named(true, "SPF", &seen, purpose);
            }
            Some(spf) => {
                let said = spf.problems.iter().map(|p| self.lang.of(&p.fr, &p.en));
                let problems = said.collect::<Vec<_>>().join("; ");
                self.named(false, "SPF", &problems, purpose);
            }
        }
        self.dmarc(record);
        self.mta_sts(record);
        self.tls_rpt(record);
    }

    /// Adds what has no record that counts at a name below the domain.
    fn without(&mut self, record: &Record, at: &str, what: &str, what_for: Both) {
        if !self.in_vain(record, at, what, what_for) {
            let name = format!("{at}.{}", record.domain);
            self.absent(record.names.knows(&name, Type::TXT), what, what_for);
        }
    }

    /// Adds what has several records there, of which none counts; whether it has.
    fn in_vain(&mut self, record: &Record, at: &str, what: &str, what_for: Both) -> bool {
        let several = &record.names.several;
        let has = several.contains(&format!("{at}.{}", record.domain));
        if has {
            let seen = (
                "plusieurs enregistrements, dont alors aucun ne compte",
                "several records, of which none counts then",
            );
            self.named(false, what, self.tr(seen), what_for);
        }
        has
    }

    fn dmarc(&mut self, record: &Record) {
        let purpose = (
            "dit quoi faire du courrier qui usurpe le domaine",
            "says what to do with mail that forges the domain",
        );
        let Some(dmarc) = &record.names.dmarc else {
            return self.without(record, "_dmarc", "DMARC", purpose);
        };
        let policy = dmarc_policy(dmarc);
        let policy = policy.as_deref().unwrap_or("?");
        let wish = match policy {
            "none" => ("le laisser passer", "let it pass"),
            "quarantine" => ("le mettre à part", "set it aside"),
            "reject" => ("le refuser", "refuse it"),
            _ => ("illisible", "unreadable"),
        };
        let seen = format!("{} ({policy})", self.tr(wish));
        let good = matches!(policy, "quarantine" | "reject");
        self.named(good, "DMARC", &seen, purpose);
    }

    fn mta_sts(&mut self, record: &Record) {
        let purpose = (
            "oblige les autres serveurs à remettre le courrier chiffré",
            "obliges other servers to hand mail over encrypted",
        );
        let Some(policy) = &record.mta_sts else {
            return self.without(record, "_mta-sts", "MTA-STS", purpose);
        };
        let (good, seen) = policy_seen(policy, self.lang);
        self.named(good, "MTA-STS", &seen, purpose);
    }

    /// Few announce where to report: only that it is in vain is worth a line.
    fn tls_rpt(&mut self, record: &Record) {
        let purpose = (
            "dit à qui signaler du courrier qui n'a pas pu être remis chiffré",
            "says whom to tell of mail that could not be handed over encrypted",
        );
        self.in_vain(record, "_smtp._tls", "TLS-RPT", purpose);
    }
}

fn policy_seen(policy: &Policy, lang: Lang) -> (Option<bool>, String) {
    if let Some(no) = &policy.failure {
        let seen = lang.of(
            "annoncé, mais sa règle ne se lit pas",
            "announced, but its policy cannot be read",
        );
        return (Some(false), format!("{seen} ({})", why_word(no, lang)));
    }
    if !policy.left_out.is_empty() {
        let hosts = policy.left_out.join(", ");
        let seen = match lang {
            Lang::Fr => format!("sa règle oublie {hosts}, dont le courrier est alors retenu"),
            Lang::En => format!("its policy leaves out {hosts}, whose mail is then held back"),
        };
        return (Some(false), seen);
    }
    let (good, (fr, en)) = match policy.mode.as_deref() {
        Some("enforce") => (Some(true), ("appliqué", "enforced")),
        Some("testing") => (None, ("à l'essai", "on trial")),
        _ => (Some(false), ("levé", "lifted")),
    };
    (good, lang.of(fr, en).to_owned())
}
