//! What is told, in sentences, before it is laid out.

use super::Lang;
use super::checks::{Check, checks};
use super::letter::{mail, no_mail, orders, path, seat_is_no_place, sure};
use crate::attribution::{Answer, Evidence, Party, Role};
use crate::dns::message::Type;
use crate::measure::Record;
use cocarde_knowledge::countries::Countries;

/// All that is told.
pub(super) struct Story {
    /// Where mail lies, in sentences.
    pub mail: Vec<String>,
    /// The way of a letter, from who sends it to where it is kept.
    pub path: Vec<Stop>,
    /// How sure, and by what.
    pub sure: Option<String>,
    /// What the countries named are, where some are.
    pub seats: Option<String>,
    /// Who can be ordered to open it.
    pub orders: Vec<Order>,
    /// What that list leaves open.
    pub limits: Vec<String>,
    /// The site, in sentences.
    pub site: Vec<String>,
    /// Whom its pages call.
    pub called: Vec<Called>,
    /// Who answers for its names.
    pub dns: Vec<String>,
    /// What is in order and what is not.
    pub checks: Vec<Check>,
    /// Addresses that were not touched.
    pub refused: Vec<String>,
}

/// A stop on a letter's way.
pub(super) struct Stop {
    /// What it does.
    pub does: String,
    /// Who.
    pub who: String,
    /// Where its company is seated.
    pub seat: String,
}

/// Someone who can be ordered.
pub(super) struct Order {
    /// Who.
    pub who: String,
    /// The country whose authorities can.
    pub country: String,
    /// Under which laws.
    pub laws: Vec<String>,
    /// Why that country.
    pub because: String,
}

/// An operator that pages call.
pub(super) struct Called {
    /// It and those above it, each with its seat, and whether more may stand above.
    pub who: String,
    /// Hosts, each with what it is called for.
    pub hosts: Vec<String>,
}

pub(super) fn story(record: &Record, lang: Lang) -> Story {
    let host = record.classification.first(Role::MailHost);
    let gateways: Vec<&Answer> = of_role(record, Role::MailGateway).collect();
    let (orders, limits) = match record.names.null_mx {
        true => (Vec::new(), vec![no_mail(lang)]),
        false => orders(host, &gateways, lang),
    };
    let held = host.iter().chain(&gateways).any(|a| a.operator.is_some());
    Story {
        mail: mail(record, host, &gateways, lang),
        seats: held.then(|| seat_is_no_place(lang)),
        path: path(record, host, &gateways, lang),
        sure: host.filter(|h| h.operator.is_some()).map(|h| sure(h, lang)),
        orders,
        limits,
        site: site(record, lang),
        called: called(record, lang),
        dns: dns(record, lang),
        checks: checks(record, lang),
        refused: refused(record, lang),
    }
}

fn of_role(record: &Record, role: Role) -> impl Iterator<Item = &Answer> {
    let answers = record.classification.answers.iter();
    answers.filter(move |a| a.role == role)
}

pub(super) fn country(code: Option<&str>, lang: Lang) -> String {
    let unknown = lang.of("pays inconnu", "country unknown").to_owned();
    code.map_or(unknown, |c| {
        let name = Countries::standard().name(c, lang.code());
        name.unwrap_or(c).to_owned()
    })
}

pub(super) fn seat(party: &Party) -> Option<&str> {
    party.chain.first().and_then(|l| l.seat.as_deref())
}

pub(super) fn named(party: &Party, lang: Lang) -> String {
    format!("{} ({})", party.name, country(seat(party), lang))
}

/// An operator and those above it, each with its seat.
pub(super) fn control(party: &Party, lang: Lang) -> String {
    let links = party.chain.iter();
    let mut all: Vec<String> = links
        .map(|l| format!("{} ({})", l.name, country(l.seat.as_deref(), lang)))
        .collect();
    if !party.complete {
        all.push(
            lang.of("au-dessus : non connu", "above: not known")
                .to_owned(),
        );
    }
    all.join(" → ")
}

pub(super) fn list(items: &[String], lang: Lang) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} {} {last}", head.join(", "), lang.of("et", "and")),
    }
}

fn site(record: &Record, lang: Lang) -> Vec<String> {
    let mut told = Vec::new();
    let parties = |role| {
        let all = of_role(record, role).filter_map(|a| a.operator.as_ref());
        let mut names: Vec<String> = all.map(|p| named(p, lang)).collect();
        names.dedup();
        names
    };
    let Some(site) = &record.site else {
        let www = format!("www.{}", record.domain);
        let mut names = [record.domain.as_str(), &www].into_iter();
        let known = names.all(|n| {
            let types = [Type::A, Type::AAAA];
            types.iter().all(|t| record.names.knows(n, *t))
        });
        let said = match known {
            true => lang.of("Aucun site à ce nom.", "No site under this name."),
            false => lang.of(
                "S'il y a un site à ce nom n'est pas connu : cette question est restée sans réponse.",
                "Whether there is a site under this name is not known: that question was not answered.",
            ),
        };
        return vec![said.to_owned()];
    };
    let (hosts, fronts) = (parties(Role::SiteHost), parties(Role::Cdn));
    told.push(match (hosts.is_empty(), lang) {
        (false, Lang::Fr) => format!("Le site est servi par {}.", list(&hosts, lang)),
        (false, Lang::En) => format!("The site is served by {}.", list(&hosts, lang)),
        (true, Lang::Fr) => "Qui sert le site n'est pas connu.".to_owned(),
        (true, Lang::En) => "Who serves the site is not known.".to_owned(),
    });
    if !fronts.is_empty() {
        let fronts = list(&fronts, lang);
        told.push(match lang {
            Lang::Fr => format!("Devant lui, un réseau de diffusion : {fronts}."),
            Lang::En => format!("A delivery network stands in front of it: {fronts}."),
        });
    }
    if let Some(issuer) = site.tls.first().and_then(|t| t.chain.first()) {
        let place = country(issuer.issuer_country.as_deref(), lang);
        told.push(match lang {
            Lang::Fr => format!("Son certificat vient de {} ({place}).", issuer.issuer),
            Lang::En => format!("Its certificate comes from {} ({place}).", issuer.issuer),
        });
    }
    let answers = site.answered;
    let hops = site.secure.iter().chain(&site.plain);
    let refused = hops
        .filter_map(|h| h.failure.as_deref())
        .any(|f| f == "address refused");
    if !answers && refused {
        told.push(
            lang.of(
                "Il mène à une adresse qui n'est pas publique : rien n'y a été demandé.",
                "It leads to an address that is not public: nothing was asked there.",
            )
            .to_owned(),
        );
        return told;
    }
    told.push(match (answers, site.third_parties.len(), lang) {
        (false, _, Lang::Fr) => "Il n'a pas répondu.".to_owned(),
        (false, _, Lang::En) => "It did not answer.".to_owned(),
        (_, 0, Lang::Fr) => "Sa page d'accueil n'appelle personne d'autre.".to_owned(),
        (_, 0, Lang::En) => "Its home page calls nobody else.".to_owned(),
        (_, 1, Lang::Fr) => {
            "Sa page d'accueil fait appel à un hôte étranger au domaine.".to_owned()
        }
        (_, 1, Lang::En) => "Its home page calls one host outside the domain.".to_owned(),
        (_, n, Lang::Fr) => {
            format!("Sa page d'accueil fait appel à {n} hôtes étrangers au domaine.")
        }
        (_, n, Lang::En) => format!("Its home page calls {n} hosts outside the domain."),
    });
    let status = site.page().and_then(|hop| hop.status);
    if let Some(status) = status.filter(|_| !site.is_shown()) {
        told.push(match lang {
            Lang::Fr => format!(
                "Cette page répond par le code {status} : celle que voient ses visiteurs peut être autre."
            ),
            Lang::En => format!(
                "That page answers with status {status}: what visitors are shown may be another."
            ),
        });
    }
    if answers && site.cut {
        let cut = lang.of(
            "Elle n'a pu être lue en entier : elle peut en appeler d'autres.",
            "It could not be read whole: it may call others.",
        );
        told.push(cut.to_owned());
    }
    if answers {
        let how = match site.found_by {
            "run" => lang.of(
                "La page a été lue, puis montrée par un navigateur : ce que ses scripts appellent aussitôt y est.",
                "The page was read, then shown by a browser: what its scripts call at once is here.",
            ),
            _ => lang.of(
                "La page a été lue, non exécutée : ce que ses scripts appellent ensuite n'y est pas.",
                "The page was read, not run: what its scripts call later is not here.",
            ),
        };
        told.push(how.to_owned());
    }
    if site.without_sandbox {
        let alone = lang.of(
            "Lancé par root, le navigateur l'a montrée sans son bac à sable.",
            "Started by root, the browser showed it without its sandbox.",
        );
        told.push(alone.to_owned());
    }
    if let Some(why) = &site.not_run {
        told.push(match lang {
            Lang::Fr => format!("Le navigateur demandé n'a pas pu la montrer ({why})."),
            Lang::En => format!("The browser that was asked for could not show it ({why})."),
        });
    }
    told
}

fn called(record: &Record, lang: Lang) -> Vec<Called> {
    let between = lang.of(" ; ", "; ");
    let shown = |fact: &Evidence| {
        let marks = marks(record, fact, lang);
        match marks.is_empty() {
            true => fact.seen.clone(),
            false => format!("{} ({})", fact.seen, marks.join(between)),
        }
    };
    of_role(record, Role::ThirdParty)
        .map(|a| Called {
            who: a.operator.as_ref().map_or_else(
                || lang.of("opérateur inconnu", "operator unknown").to_owned(),
                |p| control(p, lang),
            ),
            hosts: a.evidence.iter().map(shown).collect(),
        })
        .collect()
}

/// What a host that the page calls is called for, and by what it is brought near.
fn marks(record: &Record, fact: &Evidence, lang: Lang) -> Vec<String> {
    let host = fact.seen.as_str();
    let uses = record.site.as_ref().map(|s| &s.third_parties);
    let how = uses.and_then(|u| u.get(host)).map(|how| {
        let words: Vec<String> = how.iter().map(|w| use_word(w, lang)).collect();
        list(&words, lang)
    });
    let cdn = fact.cdn.as_ref().map(|who| match lang {
        Lang::Fr => format!("par le réseau de diffusion {who}"),
        Lang::En => format!("through the delivery network {who}"),
    });
    let mut networks = record.observation.networks.iter();
    let anycast = networks.any(|n| n.host.as_deref() == Some(host) && n.anycast == Some(true));
    let anycast = anycast.then(|| {
        lang.of(
            "annoncé de plusieurs lieux à la fois",
            "announced from several places at once",
        )
        .to_owned()
    });
    [how, cdn, anycast].into_iter().flatten().collect()
}

fn use_word(word: &str, lang: Lang) -> String {
    let (fr, en) = match word {
        "script" => ("script", "script"),
        "style" => ("style", "style"),
        "font" => ("police", "font"),
        "frame" => ("cadre", "frame"),
        "image" => ("image", "image"),
        "media" => ("média", "media"),
        "object" => ("objet", "object"),
        "connection" => ("connexion annoncée", "announced connection"),
        "request" => ("échange de données", "exchange of data"),
        _ => ("autre", "other"),
    };
    lang.of(fr, en).to_owned()
}

fn dns(record: &Record, lang: Lang) -> Vec<String> {
    if record.names.ns.is_empty() {
        let said = match record.names.knows(&record.domain, Type::NS) {
            true => lang.of(
                "Aucun pour ce nom seul : ceux du domaine au-dessus répondent.",
                "None for this name alone: those of the domain above answer.",
            ),
            false => lang.of(
                "Inconnus : cette question est restée sans réponse.",
                "Unknown: that question was not answered.",
            ),
        };
        return vec![said.to_owned()];
    }
    let mut held: Vec<(String, Vec<String>)> = Vec::new();
    for answer in of_role(record, Role::Dns) {
        let unknown = || lang.of("opérateur inconnu", "operator unknown").to_owned();
        let who = answer.operator.as_ref();
        let who = who.map_or_else(unknown, |p| control(p, lang));
        let hosts = answer.evidence.iter().map(|e| e.seen.clone());
        match held.iter_mut().find(|(w, _)| *w == who) {
            Some((_, all)) => all.extend(hosts),
            None => held.push((who, hosts.collect())),
        }
    }
    let colon = lang.of(" : ", ": ");
    let told = held.into_iter();
    told.map(|(who, hosts)| format!("{who}{colon}{}", list(&hosts, lang)))
        .collect()
}

fn refused(record: &Record, lang: Lang) -> Vec<String> {
    let told = record.refusals.iter().map(|r| match lang {
        Lang::Fr => format!(
            "{} mène à {} (adresse {}) : rien n'y a été demandé.",
            r.host,
            r.address,
            special(&r.why)
        ),
        Lang::En => format!(
            "{} leads to {} ({} address): nothing was asked there.",
            r.host, r.address, r.why
        ),
    });
    told.collect()
}

fn special(why: &str) -> &str {
    match why {
        "loopback" => "de la machine même",
        "private" => "privée",
        "carrier-grade NAT" => "partagée d'un fournisseur d'accès",
        "link-local" => "du lien local",
        "documentation" => "de documentation",
        "multicast" => "de groupe",
        "unspecified" => "non spécifiée",
        _ => "réservée",
    }
}
