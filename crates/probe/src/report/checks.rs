//! What is in order and what is not: each a sentence that says what it is good for.

mod mail;

use super::Lang;
use crate::dns::message::Type;
use crate::measure::{Record, Site};

/// One thing looked at.
pub(super) struct Check {
    /// In order, not in order, or not known.
    pub good: Option<bool>,
    /// What was seen.
    pub seen: String,
    /// What it is for.
    pub what_for: &'static str,
}

pub(super) fn checks(record: &Record, lang: Lang) -> Vec<Check> {
    let mut found = Found {
        lang,
        all: Vec::new(),
    };
    found.mail(record);
    found.name_servers(record);
    found.exchangers(record);
    found.circles(record);
    found.zone(record);
    if let Some(site) = &record.site {
        found.certificates(site);
        found.unanswered(site);
        // Where nothing was answered, nothing more is known.
        if site.answered {
            found.page(site);
        }
    }
    found.all
}

/// A text in French and in English.
type Both = (&'static str, &'static str);

/// What has been looked at so far.
struct Found {
    lang: Lang,
    all: Vec<Check>,
}

impl Found {
    fn tr(&self, (fr, en): Both) -> &'static str {
        self.lang.of(fr, en)
    }

    fn add(&mut self, good: impl Into<Option<bool>>, seen: impl Into<String>, what_for: Both) {
        self.all.push(Check {
            good: good.into(),
            seen: seen.into(),
            what_for: self.tr(what_for),
        });
    }

    /// Adds a thing by its name and what was seen of it.
    fn named(&mut self, good: impl Into<Option<bool>>, what: &str, seen: &str, what_for: Both) {
        let colon = self.tr((" : ", ": "));
        self.add(good, format!("{what}{colon}{seen}"), what_for);
    }

    /// Adds what is absent, or where nobody answered that it is not known.
    fn absent(&mut self, known: bool, what: &str, what_for: Both) {
        let seen = match known {
            true => ("absent", "absent"),
            false => (
                "inconnu, faute de réponse",
                "unknown, for want of an answer",
            ),
        };
        self.named(known.then_some(false), what, self.tr(seen), what_for);
    }

    /// Adds what is either there or not.
    fn present(&mut self, there: bool, what: &str, what_for: Both) {
        match there {
            true => self.named(true, what, self.tr(("présent", "present")), what_for),
            false => self.absent(true, what, what_for),
        }
    }

    fn name_servers(&mut self, record: &Record) {
        let ns = &record.names.ns;
        let purpose = (
            "un serveur muet rend le domaine plus lent et plus fragile",
            "a mute server makes the domain slower and frailer",
        );
        for server in ns {
            let Some(why) = &server.lame else { continue };
            let (host, why) = (&server.host.name, why_word(why, self.lang));
            let seen = match self.lang {
                Lang::Fr => {
                    format!("Serveur de noms {host} : ne répond pas pour le domaine ({why})")
                }
                Lang::En => format!("Name server {host}: does not answer for the domain ({why})"),
            };
            self.add(false, seen, purpose);
        }
        if !ns.is_empty() && ns.iter().all(|n| n.lame.is_none()) {
            let (n, all) = match ns.len() {
                1 => (1, ("il répond", "it answers")),
                n => (n, ("tous répondent", "all answer")),
            };
            let what = self.tr(("Serveurs de noms", "Name servers"));
            self.named(true, what, &format!("{n}, {}", self.tr(all)), purpose);
        }
    }

    /// Exchangers to which no mail can come.
    fn exchangers(&mut self, record: &Record) {
        let names = &record.names;
        for host in names.mx.iter().map(|m| &m.host) {
            let public = |a: &std::net::IpAddr| {
                let (here, at) = (a.to_string(), &record.refusals);
                !at.iter().any(|r| r.address == here)
            };
            let seen = match (host.addresses.is_empty(), host.addresses.iter().any(public)) {
                (false, true) => continue,
                (true, _) if !names.knows(&host.name, Type::A) => continue,
                (true, _) => ("n'a pas d'adresse", "has no address"),
                (false, false) => ("n'a pas d'adresse publique", "has no public address"),
            };
            let (what, seen) = (
                self.tr(("Serveur de courrier", "Mail server")),
                self.tr(seen),
            );
            let purpose = ("le courrier n'y arrive pas", "mail does not arrive there");
            self.add(false, format!("{what} {} {seen}", host.name), purpose);
        }
    }

    fn circles(&mut self, record: &Record) {
        let names = &record.names;
        let hosts = names.site.iter().chain(names.mx.iter().map(|m| &m.host));
        for host in hosts.filter(|h| h.endless) {
            let seen = match self.lang {
                Lang::Fr => format!("Alias de {} : en cercle", host.name),
                Lang::En => format!("Aliases of {}: in a circle", host.name),
            };
            let purpose = (
                "un alias en cercle ne mène nulle part",
                "aliases in a circle lead nowhere",
            );
            self.add(false, seen, purpose);
        }
    }

    fn zone(&mut self, record: &Record) {
        let (names, domain) = (&record.names, &record.domain);
        let purpose = (
            "protège les réponses contre la falsification",
            "protects answers against forgery",
        );
        let (good, seen) = match (names.ds.is_empty(), names.signed) {
            (true, _) => {
                self.absent(names.knows(domain, Type::DS), "DNSSEC", purpose);
                return self.issuers(record);
            }
            (false, true) => (
                Some(true),
                (
                    "signé, vérifié par le résolveur",
                    "signed, verified by the resolver",
                ),
            ),
            (false, false) => (
                None,
                (
                    "annoncé, non vérifié par le résolveur",
                    "announced, not verified by the resolver",
                ),
            ),
        };
        self.named(good, "DNSSEC", self.tr(seen), purpose);
        self.issuers(record);
    }

    fn issuers(&mut self, record: &Record) {
        let purpose = (
            "dit qui peut émettre des certificats",
            "says who may issue certificates",
        );
        match record.names.caa.is_empty() {
            true => self.absent(
                record.names.knows(&record.domain, Type::CAA),
                "CAA",
                purpose,
            ),
            false => self.present(true, "CAA", purpose),
        }
    }

    fn certificates(&mut self, site: &Site) {
        let purpose = (
            "prouve au visiteur qu'il est sur le bon site",
            "proves to visitors that they are on the right site",
        );
        for tls in &site.tls {
            let (of, host) = (self.tr(("Certificat de", "Certificate of")), tls.server());
            let seen = match &tls.distrust {
                None => {
                    let trusted = self.tr(("reconnu", "trusted"));
                    format!("{trusted}, TLS {}", tls.accepts.join(", "))
                }
                Some(no) => {
                    let not = self.tr(("non reconnu", "not trusted"));
                    format!("{not} ({})", why_word(no, self.lang))
                }
            };
            let good = tls.distrust.is_none();
            self.named(good, &format!("{of} {host}"), &seen, purpose);
            let old = tls.given_up();
            if !old.is_empty() {
                let what = self.tr((
                    "Vieilles versions de TLS acceptées par",
                    "Old versions of TLS accepted by",
                ));
                let purpose = (
                    "abandonnées, car elles ne protègent plus (RFC 8996)",
                    "given up, because they protect no more (RFC 8996)",
                );
                self.named(false, &format!("{what} {host}"), &old.join(", "), purpose);
            }
        }
    }

    fn unanswered(&mut self, site: &Site) {
        let mut failed: Vec<&str> = Vec::new();
        for hop in site.secure.iter().chain(&site.plain) {
            if let Some(no) = &hop.failure
                && !failed.contains(&&*hop.url)
            {
                let why = why_word(no, self.lang);
                self.named(false, &hop.url, why, ("doit répondre", "should answer"));
                failed.push(&hop.url);
            }
        }
    }

    fn page(&mut self, site: &Site) {
        let seen = match site.led_to_tls {
            true => (
                "Sans chiffrement, le visiteur est conduit au site chiffré",
                "Without encryption, visitors are led to the encrypted site",
            ),
            false => (
                "Sans chiffrement, le visiteur reste sans chiffrement",
                "Without encryption, visitors stay without",
            ),
        };
        let purpose = (
            "évite que la visite se lise en chemin",
            "keeps visits from being read on the way",
        );
        self.add(site.led_to_tls, self.tr(seen), purpose);
        let hsts = site.headers.contains_key("strict-transport-security");
        let purpose = (
            "le navigateur n'essaiera plus sans chiffrement",
            "browsers will not try without encryption again",
        );
        self.present(hsts, "HSTS", purpose);
        let purpose = (
            "dit à qui signaler une faille",
            "says whom to tell of a weakness",
        );
        self.present(site.security_txt, "security.txt", purpose);
        let lasting = site.cookies.iter().filter(|c| c.lasting);
        let lasting: Vec<&str> = lasting.map(|c| c.name.as_str()).collect();
        if !lasting.is_empty() {
            let what = self.tr((
                "Témoins (cookies) durables posés avant tout choix",
                "Lasting cookies set before any choice",
            ));
            let purpose = ("peuvent suivre le visiteur", "can follow visitors");
            self.named(None, what, &lasting.join(", "), purpose);
        }
    }
}

/// The words of a failure, which records keep in English.
#[must_use]
pub fn why_word(text: &str, lang: Lang) -> &str {
    let fr = match text {
        "no address" => "pas d'adresse",
        "address refused" => "adresse refusée",
        "timed out" => "pas de réponse à temps",
        "connection refused" => "connexion refusée",
        "no answer" => "pas de réponse",
        "not authoritative" => "ne fait pas autorité",
        "too many redirects" => "trop de redirections",
        "expired" => "expiré",
        "not valid yet" => "pas encore valable",
        "unknown issuer" => "émetteur inconnu",
        "not issued for this name" => "pas émis pour ce nom",
        "invalid certificate" => "certificat non valable",
        "unusable certificate" => "certificat inutilisable",
        "no certificate" => "pas de certificat",
        "too short or too long" => "trop court ou trop long",
        "an address" => "une adresse",
        "empty host" => "vide",
        "invalid international domain name" => "nom internationalisé mal formé",
        "invalid domain character" => "caractère qui ne va pas dans un nom",
        "invalid IPv4 address" => "adresse IPv4 mal formée",
        "invalid IPv6 address" => "adresse IPv6 mal formée",
        other => other,
    };
    lang.of(fr, text)
}
