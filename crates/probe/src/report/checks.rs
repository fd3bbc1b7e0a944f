//! What is in order and what is not: each a sentence that says what it is good for.

use super::Lang;
use crate::dns::message::Type;
use crate::measure::mta_sts::Policy;
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
    let mut all = Vec::new();
    mail(record, lang, &mut all);
    names(record, lang, &mut all);
    site(record, lang, &mut all);
    all
}

fn add(
    all: &mut Vec<Check>,
    good: impl Into<Option<bool>>,
    seen: impl Into<String>,
    what_for: &'static str,
) {
    all.push(Check {
        good: good.into(),
        seen: seen.into(),
        what_for,
    });
}

fn tr(lang: Lang, fr: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// Adds what is absent, or where nobody answered that it is not known.
fn absent(all: &mut Vec<Check>, known: bool, what: &str, lang: Lang, what_for: &'static str) {
    let word = match known {
        true => tr(lang, "absent", "absent"),
        false => tr(
            lang,
            "inconnu, faute de réponse",
            "unknown, for want of an answer",
        ),
    };
    let good = if known { Some(false) } else { None };
    add(
        all,
        good,
        format!("{what}{}{word}", tr(lang, " : ", ": ")),
        what_for,
    );
}

/// The words of a failure, which records keep in English.
fn why(text: &str, lang: Lang) -> &str {
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
        other => other,
    };
    lang.of(fr, text)
}

fn mail(record: &Record, lang: Lang, all: &mut Vec<Check>) {
    let (names, domain) = (&record.names, &record.domain);
    let purpose = tr(
        lang,
        "dit qui peut écrire au nom du domaine",
        "says who may write in the domain's name",
    );
    match &names.spf {
        None => absent(all, names.knows(domain, Type::TXT), "SPF", lang, purpose),
        Some(spf) if spf.problems.is_empty() => {
            let seen = match lang {
                Lang::Fr => format!("SPF : en ordre ({} questions sur 10 permises)", spf.lookups),
                Lang::En => format!("SPF: in order ({} questions of 10 allowed)", spf.lookups),
            };
            add(all, true, seen, purpose);
        }
        Some(spf) => {
            let said = spf.problems.iter().map(|p| match lang {
                Lang::Fr => p.fr.as_str(),
                Lang::En => p.en.as_str(),
            });
            let problems = said.collect::<Vec<_>>().join("; ");
            add(
                all,
                false,
                format!("SPF{}{problems}", tr(lang, " : ", ": ")),
                purpose,
            );
        }
    }
    let purpose = tr(
        lang,
        "dit quoi faire du courrier qui usurpe le domaine",
        "says what to do with mail that forges the domain",
    );
    let policy = names.dmarc.as_deref().map(|d| {
        let tags = d.split(';').map(str::trim);
        let found = tags.into_iter().find_map(|t| t.strip_prefix("p="));
        found.unwrap_or("?").to_owned()
    });
    match policy.as_deref() {
        None => absent(
            all,
            names.knows(&format!("_dmarc.{domain}"), Type::TXT),
            "DMARC",
            lang,
            purpose,
        ),
        Some(p) => add(
            all,
            p != "none",
            format!("DMARC{}{p}", tr(lang, " : ", ": ")),
            purpose,
        ),
    }
    let purpose = tr(
        lang,
        "oblige les autres serveurs à remettre le courrier chiffré",
        "obliges other servers to hand mail over encrypted",
    );
    match &record.mta_sts {
        Some(policy) => {
            let (good, seen) = policy_seen(policy, lang);
            add(
                all,
                good,
                format!("MTA-STS{}{seen}", tr(lang, " : ", ": ")),
                purpose,
            );
        }
        None => {
            let known = names.knows(&format!("_mta-sts.{domain}"), Type::TXT);
            absent(all, known, "MTA-STS", lang, purpose);
        }
    }
}

fn policy_seen(policy: &Policy, lang: Lang) -> (Option<bool>, String) {
    if let Some(no) = &policy.failure {
        let seen = tr(
            lang,
            "annoncé, mais sa règle ne se lit pas",
            "announced, but its policy cannot be read",
        );
        return (Some(false), format!("{seen} ({})", why(no, lang)));
    }
    if !policy.left_out.is_empty() {
        let hosts = policy.left_out.join(", ");
        let seen = match lang {
            Lang::Fr => format!("sa règle oublie {hosts}, dont le courrier est alors retenu"),
            Lang::En => format!("its policy leaves out {hosts}, whose mail is then held back"),
        };
        return (Some(false), seen);
    }
    let (good, seen) = match policy.mode.as_deref() {
        Some("enforce") => (Some(true), tr(lang, "appliqué", "enforced")),
        Some("testing") => (None, tr(lang, "à l'essai", "on trial")),
        _ => (Some(false), tr(lang, "levé", "lifted")),
    };
    (good, seen.to_owned())
}

fn names(record: &Record, lang: Lang, all: &mut Vec<Check>) {
    let names = &record.names;
    let purpose = tr(
        lang,
        "répondent pour le domaine ; un serveur muet le rend plus lent et plus fragile",
        "answer for the domain; a mute one makes it slower and frailer",
    );
    for server in names.ns.iter().filter(|n| n.lame.is_some()) {
        let (host, why) = (
            &server.host.name,
            why(server.lame.as_deref().unwrap_or_default(), lang),
        );
        let seen = match lang {
            Lang::Fr => format!("Serveur de noms {host} : ne répond pas pour le domaine ({why})"),
            Lang::En => format!("Name server {host}: does not answer for the domain ({why})"),
        };
        add(all, false, seen, purpose);
    }
    if !names.ns.is_empty() && names.ns.iter().all(|n| n.lame.is_none()) {
        let seen = match lang {
            Lang::Fr => format!("Serveurs de noms : {}, tous répondent", names.ns.len()),
            Lang::En => format!("Name servers: {}, all answer", names.ns.len()),
        };
        add(all, true, seen, purpose);
    }
    for host in names.mx.iter().map(|m| &m.host) {
        let public = |a: &std::net::IpAddr| {
            let (here, at) = (a.to_string(), &record.refusals);
            !at.iter().any(|r| r.address == here)
        };
        let seen = match (host.addresses.is_empty(), host.addresses.iter().any(public)) {
            (false, true) => continue,
            (true, _) if !names.knows(&host.name, Type::A) => continue,
            (true, _) => tr(lang, "n'a pas d'adresse", "has no address"),
            (false, false) => tr(lang, "n'a pas d'adresse publique", "has no public address"),
        };
        let what = tr(lang, "Serveur de courrier", "Mail server");
        let purpose = tr(
            lang,
            "le courrier n'y arrive pas",
            "mail does not arrive there",
        );
        add(all, false, format!("{what} {} {seen}", host.name), purpose);
    }
    let hosts = names.site.iter().chain(names.mx.iter().map(|m| &m.host));
    for host in hosts.filter(|h| h.endless) {
        let seen = match lang {
            Lang::Fr => format!("Alias de {} : en cercle", host.name),
            Lang::En => format!("Aliases of {}: in a circle", host.name),
        };
        add(
            all,
            false,
            seen,
            tr(
                lang,
                "un alias en cercle ne mène nulle part",
                "aliases in a circle lead nowhere",
            ),
        );
    }
    let purpose = tr(
        lang,
        "protège les réponses contre la falsification",
        "protects answers against forgery",
    );
    let domain = &record.domain;
    match (names.ds.is_empty(), names.signed) {
        (true, _) => absent(all, names.knows(domain, Type::DS), "DNSSEC", lang, purpose),
        (false, true) => {
            let seen = tr(
                lang,
                "DNSSEC : signé, vérifié par le résolveur",
                "DNSSEC: signed, verified by the resolver",
            );
            add(all, true, seen, purpose);
        }
        (false, false) => {
            let seen = tr(
                lang,
                "DNSSEC : annoncé, non vérifié par le résolveur",
                "DNSSEC: announced, not verified by the resolver",
            );
            add(all, None, seen, purpose);
        }
    }
    let purpose = tr(
        lang,
        "dit qui peut émettre des certificats",
        "says who may issue certificates",
    );
    match names.caa.is_empty() {
        true => absent(all, names.knows(domain, Type::CAA), "CAA", lang, purpose),
        false => add(
            all,
            true,
            tr(lang, "CAA : présent", "CAA: present"),
            purpose,
        ),
    }
}

fn site(record: &Record, lang: Lang, all: &mut Vec<Check>) {
    let Some(site) = &record.site else { return };
    let purpose = tr(
        lang,
        "prouve au visiteur qu'il est sur le bon site",
        "proves to visitors that they are on the right site",
    );
    for tls in &site.tls {
        let seen = match (&tls.distrust, lang) {
            (None, Lang::Fr) => format!(
                "Certificat de {} : reconnu, TLS {}",
                tls.host,
                tls.accepts.join(", ")
            ),
            (None, Lang::En) => format!(
                "Certificate of {}: trusted, TLS {}",
                tls.host,
                tls.accepts.join(", ")
            ),
            (Some(no), Lang::Fr) => {
                format!(
                    "Certificat de {} : non reconnu ({})",
                    tls.host,
                    why(no, lang)
                )
            }
            (Some(no), Lang::En) => format!("Certificate of {}: not trusted ({no})", tls.host),
        };
        add(all, tls.distrust.is_none(), seen, purpose);
    }
    let mut failed: Vec<&str> = Vec::new();
    for hop in site.secure.iter().chain(&site.plain) {
        if let Some(no) = &hop.failure
            && !failed.contains(&&*hop.url)
        {
            let seen = format!("{}{}{}", hop.url, tr(lang, " : ", ": "), why(no, lang));
            add(all, false, seen, tr(lang, "doit répondre", "should answer"));
            failed.push(&hop.url);
        }
    }
    // Where nothing was answered, nothing more is known.
    if site.answered {
        page(site, lang, all);
    }
}

fn page(site: &Site, lang: Lang, all: &mut Vec<Check>) {
    let seen = match site.led_to_tls {
        true => tr(
            lang,
            "Sans chiffrement, le visiteur est conduit au site chiffré",
            "Without encryption, visitors are led to the encrypted site",
        ),
        false => tr(
            lang,
            "Sans chiffrement, le visiteur reste sans chiffrement",
            "Without encryption, visitors stay without",
        ),
    };
    add(
        all,
        site.led_to_tls,
        seen,
        tr(
            lang,
            "évite que la visite se lise en chemin",
            "keeps visits from being read on the way",
        ),
    );
    let hsts = site.headers.contains_key("strict-transport-security");
    let seen = match hsts {
        true => tr(lang, "HSTS : présent", "HSTS: present"),
        false => tr(lang, "HSTS : absent", "HSTS: absent"),
    };
    add(
        all,
        hsts,
        seen,
        tr(
            lang,
            "le navigateur n'essaiera plus sans chiffrement",
            "browsers will not try without encryption again",
        ),
    );
    let seen = match site.security_txt {
        true => tr(lang, "security.txt : présent", "security.txt: present"),
        false => tr(lang, "security.txt : absent", "security.txt: absent"),
    };
    add(
        all,
        site.security_txt,
        seen,
        tr(
            lang,
            "dit à qui signaler une faille",
            "says whom to tell of a weakness",
        ),
    );
    let lasting: Vec<&str> = site
        .cookies
        .iter()
        .filter(|c| c.lasting)
        .map(|c| c.name.as_str())
        .collect();
    if !lasting.is_empty() {
        let seen = match lang {
            Lang::Fr => format!(
                "Témoins (cookies) durables posés avant tout choix : {}",
                lasting.join(", ")
            ),
            Lang::En => format!(
                "Lasting cookies set before any choice: {}",
                lasting.join(", ")
            ),
        };
        add(
            all,
            None,
            seen,
            tr(lang, "peuvent suivre le visiteur", "can follow visitors"),
        );
    }
}
