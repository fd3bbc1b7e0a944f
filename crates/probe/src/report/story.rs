//! What is told, in sentences, before it is laid out.

use super::Lang;
use super::checks::{Check, checks};
use crate::attribution::{Answer, Party, Role};
use crate::dns::message::Type;
use crate::measure::Record;
use cocarde_knowledge::countries::Countries;
use cocarde_knowledge::regimes::{self, Aspect, TieKind};

/// All that is told.
pub(super) struct Story {
    /// Where mail lies, in sentences.
    pub mail: Vec<String>,
    /// The way of a letter, from who sends it to where it is kept.
    pub path: Vec<Stop>,
    /// How sure, and by what.
    pub sure: Option<String>,
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
    /// Who; the hosts' own names where nobody is known.
    pub who: String,
    /// Its seat.
    pub seat: String,
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
    Story {
        mail: mail(record, host, &gateways, lang),
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

fn no_mail(lang: Lang) -> String {
    lang.of(
        "Sans objet : il n'y a pas de courrier à ouvrir.",
        "Does not apply: there is no mail to open.",
    )
    .to_owned()
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

fn seat(party: &Party) -> Option<&str> {
    party.chain.first().and_then(|l| l.seat.as_deref())
}

fn named(party: &Party, lang: Lang) -> String {
    format!("{} ({})", party.name, country(seat(party), lang))
}

fn list(items: &[String], lang: Lang) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} {} {last}", head.join(", "), lang.of("et", "and")),
    }
}

fn mail(record: &Record, host: Option<&Answer>, gateways: &[&Answer], lang: Lang) -> Vec<String> {
    let domain = &record.domain;
    let to = match lang {
        Lang::Fr => format!("Le courrier envoyé à …@{domain}"),
        Lang::En => format!("Mail sent to …@{domain}"),
    };
    if record.names.null_mx {
        return vec![match lang {
            Lang::Fr => format!("{domain} dit ne pas recevoir de courrier."),
            Lang::En => format!("{domain} says that it takes no mail."),
        }];
    }
    let parties = gateways.iter().filter_map(|g| g.operator.as_ref());
    let filters: Vec<String> = parties.map(|p| named(p, lang)).collect();
    let kept = host
        .and_then(|h| h.operator.as_ref())
        .map(|p| named(p, lang));
    let filters = list(&filters, lang);
    // A host beside the filter, not behind it.
    let beside = host.is_some_and(|h| h.evidence.iter().any(|e| e.kind == "mx"));
    if let (false, Some(kept), true) = (filters.is_empty(), &kept, beside) {
        return vec![match lang {
            Lang::Fr => {
                format!("{to} passe par un filtre, {filters}, ou va droit à {kept}, qui le garde.")
            }
            Lang::En => format!(
                "{to} passes a filter, {filters}, or goes straight to {kept}, who keeps it."
            ),
        }];
    }
    let mut told = vec![match (filters.is_empty(), &kept, lang) {
        (true, Some(kept), Lang::Fr) => format!("{to} est gardé par {kept}."),
        (true, Some(kept), Lang::En) => format!("{to} is kept by {kept}."),
        (false, Some(kept), Lang::Fr) => {
            format!("{to} passe d'abord par un filtre, {filters}, puis est gardé par {kept}.")
        }
        (false, Some(kept), Lang::En) => {
            format!("{to} first passes a filter, {filters}, and is then kept by {kept}.")
        }
        (false, None, Lang::Fr) => format!(
            "{to} passe d'abord par un filtre, {filters}. Qui le garde ensuite ne se voit pas de l'extérieur."
        ),
        (false, None, Lang::En) => format!(
            "{to} first passes a filter, {filters}. Who keeps it afterwards cannot be seen from outside."
        ),
        (true, None, _) => unnamed(record, &to, lang),
    }];
    for other in host.map(|h| h.otherwise.as_slice()).unwrap_or_default() {
        let facts: Vec<String> = other
            .evidence
            .iter()
            .map(|e| format!("{} {}", e.kind, e.seen))
            .collect();
        let (who, facts) = (named(&other.operator, lang), facts.join(", "));
        told.push(match lang {
            Lang::Fr => format!("Des indices désignent aussi {who}, sans suffire : {facts}."),
            Lang::En => format!("Signs also point to {who}, not enough to decide: {facts}."),
        });
    }
    told
}

fn unnamed(record: &Record, to: &str, lang: Lang) -> String {
    let hosts: Vec<String> = record
        .names
        .mx
        .iter()
        .map(|m| m.host.name.clone())
        .collect();
    if hosts.is_empty() {
        let known = record.names.knows(&record.domain, Type::MX);
        let none = match known {
            true => lang.of(
                "ne trouve aucun serveur : le domaine n'en annonce pas.",
                "finds no server: the domain announces none.",
            ),
            false => lang.of(
                "arrive on ne sait où : personne n'a répondu à cette question.",
                "arrives nobody knows where: that question was not answered.",
            ),
        };
        return format!("{to} {none}");
    }
    let hosts = list(&hosts, lang);
    match lang {
        Lang::Fr => format!("{to} est remis à {hosts}. À qui sont ces serveurs n'est pas connu."),
        Lang::En => format!("{to} is handed to {hosts}. Whose servers these are is not known."),
    }
}

fn path(record: &Record, host: Option<&Answer>, gateways: &[&Answer], lang: Lang) -> Vec<Stop> {
    if record.names.mx.is_empty() {
        return Vec::new();
    }
    let stop = |does: &str, party: Option<&Party>| Stop {
        does: does.to_owned(),
        who: party.map_or_else(
            || lang.of("inconnu", "unknown").to_owned(),
            |p| p.name.clone(),
        ),
        seat: party.map_or_else(String::new, |p| country(seat(p), lang)),
    };
    let mut stops = vec![Stop {
        does: lang.of("écrit une lettre", "writes a letter").to_owned(),
        who: lang.of("Quelqu'un", "Someone").to_owned(),
        seat: String::new(),
    }];
    for gateway in gateways {
        stops.push(stop(
            lang.of("la filtre", "filters it"),
            gateway.operator.as_ref(),
        ));
    }
    stops.push(stop(
        lang.of("la garde", "keeps it"),
        host.and_then(|h| h.operator.as_ref()),
    ));
    stops
}

fn sure(host: &Answer, lang: Lang) -> String {
    let why = lang.of(host.because.fr, host.because.en);
    let facts: Vec<String> = host
        .evidence
        .iter()
        .map(|e| format!("{} {}", e.kind, e.seen))
        .collect();
    let facts = facts.join(", ");
    match lang {
        Lang::Fr => format!(
            "Confiance estimée : {} sur 100 ; {why} ({facts}).",
            host.confidence
        ),
        Lang::En => format!(
            "Estimated confidence: {} in 100; {why} ({facts}).",
            host.confidence
        ),
    }
}

/// Everyone in the chains of control of those who hold the mail, with the laws of their
/// countries that reach content.
fn orders(host: Option<&Answer>, gateways: &[&Answer], lang: Lang) -> (Vec<Order>, Vec<String>) {
    let mut orders: Vec<Order> = Vec::new();
    let mut limits = Vec::new();
    for answer in host.iter().chain(gateways) {
        let Some(party) = &answer.operator else {
            continue;
        };
        for (i, link) in party.chain.iter().enumerate() {
            let Some(code) = &link.seat else { continue };
            let laws = laws(code, i > 0, lang);
            let place = country(Some(code), lang);
            let because = match (i, lang) {
                (0, Lang::Fr) => format!("{} y a son siège", link.name),
                (0, Lang::En) => format!("{} has its seat there", link.name),
                (_, Lang::Fr) => {
                    format!("{}, qui contrôle {}, y a son siège", link.name, party.name)
                }
                (_, Lang::En) => format!(
                    "{}, which controls {}, has its seat there",
                    link.name, party.name
                ),
            };
            if orders
                .iter()
                .any(|o| o.who == party.name && o.country == place)
            {
                continue;
            }
            orders.push(Order {
                who: party.name.clone(),
                country: place,
                laws,
                because,
            });
        }
        if !party.complete {
            let name = &party.name;
            limits.push(match lang {
                Lang::Fr => format!("Qui contrôle {name} n'est pas connu en entier : d'autres pays peuvent s'ajouter."),
                Lang::En => format!("Who controls {name} is not wholly known: other countries may have to be added."),
            });
        }
    }
    if host.is_none_or(|h| h.operator.is_none()) {
        limits.push(
            lang.of(
                "Qui garde le courrier n'est pas connu : la liste n'est pas complète.",
                "Who keeps the mail is not known: the list is not complete.",
            )
            .to_owned(),
        );
    }
    limits.push(lang.of(
        "Un ordre s'adresse à qui détient le courrier. Un contenu chiffré dont le destinataire seul a la clé ne s'ouvre pas ainsi ; qui écrit à qui, et quand, reste lisible. Cela ne se mesure pas de l'extérieur.",
        "An order is addressed to whoever holds the mail. Content encrypted with a key that only the recipient has is not opened by it; who writes to whom, and when, stays readable. That cannot be measured from outside.",
    ).to_owned());
    (orders, limits)
}

fn laws(code: &str, above: bool, lang: Lang) -> Vec<String> {
    let tie = if above {
        TieKind::Control
    } else {
        TieKind::Incorporation
    };
    let reaches = regimes::standard().iter().filter(|r| {
        r.is_of(code) && r.yields.contains(&Aspect::Content) && r.ties.iter().any(|t| t.kind == tie)
    });
    reaches
        .map(|r| lang.of(&r.name.fr, &r.name.en).to_owned())
        .collect()
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
        return vec![
            lang.of("Aucun site à ce nom.", "No site under this name.")
                .to_owned(),
        ];
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
    if answers {
        told.push(lang.of(
            "La page a été lue, non exécutée : ce que ses scripts appellent ensuite n'y est pas.",
            "The page was read, not run: what its scripts call later is not here.",
        ).to_owned());
    }
    told
}

fn called(record: &Record, lang: Lang) -> Vec<Called> {
    let uses = record.site.as_ref().map(|s| &s.third_parties);
    let shown = |host: &str| {
        let how = uses.and_then(|u| u.get(host)).map(|h| {
            list(
                &h.iter().map(|w| use_word(w, lang)).collect::<Vec<_>>(),
                lang,
            )
        });
        how.map_or_else(|| host.to_owned(), |how| format!("{host} ({how})"))
    };
    of_role(record, Role::ThirdParty)
        .map(|a| Called {
            who: a.operator.as_ref().map_or_else(
                || lang.of("opérateur inconnu", "operator unknown").to_owned(),
                |p| p.name.clone(),
            ),
            seat: a
                .operator
                .as_ref()
                .map_or_else(String::new, |p| country(seat(p), lang)),
            hosts: a.evidence.iter().map(|e| shown(&e.seen)).collect(),
        })
        .collect()
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
        _ => ("autre", "other"),
    };
    lang.of(fr, en).to_owned()
}

fn dns(record: &Record, lang: Lang) -> Vec<String> {
    let mut told = Vec::new();
    for answer in of_role(record, Role::Dns) {
        let hosts: Vec<String> = answer.evidence.iter().map(|e| e.seen.clone()).collect();
        let hosts = list(&hosts, lang);
        told.push(match &answer.operator {
            Some(party) => format!("{} : {hosts}", named(party, lang)),
            None => format!(
                "{} : {hosts}",
                lang.of("opérateur inconnu", "operator unknown")
            ),
        });
    }
    if lang == Lang::En {
        told.iter_mut()
            .for_each(|t| *t = t.replacen(" : ", ": ", 1));
    }
    told
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
