//! The way of a letter: who filters it, who keeps it, who can be ordered to open it.

use super::Lang;
use super::story::{Order, Stop, country, list, named};
use crate::attribution::{Answer, Evidence, Party};
use crate::dns::message::Type;
use crate::measure::Record;
use cocarde_knowledge::regimes::{self, Aspect, TieKind};

pub(super) fn mail(
    record: &Record,
    host: Option<&Answer>,
    gateways: &[&Answer],
    lang: Lang,
) -> Vec<String> {
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
    if let (false, Some(kept), true) = (filters.is_empty(), &kept, beside(host)) {
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
        let (who, facts) = (named(&other.operator, lang), facts(&other.evidence, lang));
        told.push(match lang {
            Lang::Fr => format!("Des indices désignent aussi {who}, sans suffire : {facts}."),
            Lang::En => format!("Signs also point to {who}, not enough to decide: {facts}."),
        });
    }
    told
}

/// Whether the host stands beside the filter, not behind it.
fn beside(host: Option<&Answer>) -> bool {
    host.is_some_and(|h| h.evidence.iter().any(|e| e.kind == "mx"))
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

pub(super) fn path(
    record: &Record,
    host: Option<&Answer>,
    gateways: &[&Answer],
    lang: Lang,
) -> Vec<Stop> {
    if record.names.mx.is_empty() {
        return Vec::new();
    }
    let stop = |does: &str, party: Option<&Party>| Stop {
        does: does.to_owned(),
        who: party.map_or_else(
            || lang.of("inconnu", "unknown").to_owned(),
            |p| p.name.clone(),
        ),
        seat: party.map_or_else(String::new, |p| {
            format!("{}{}", lang.of("siège : ", "seat: "), seats(p, lang))
        }),
    };
    let mut stops = vec![Stop {
        does: lang.of("écrit une lettre", "writes a letter").to_owned(),
        who: lang.of("Quelqu'un", "Someone").to_owned(),
        seat: String::new(),
    }];
    for gateway in gateways {
        let does = match beside(host) {
            false => lang.of("la filtre", "filters it"),
            true => lang.of(
                "la filtre, ou ne la voit pas",
                "filters it, or never sees it",
            ),
        };
        stops.push(stop(does, gateway.operator.as_ref()));
    }
    stops.push(stop(
        lang.of("la garde", "keeps it"),
        host.and_then(|h| h.operator.as_ref()),
    ));
    stops
}

/// That a seat is no place of machines: who reads a country thinks of both.
pub(super) fn seat_is_no_place(lang: Lang) -> String {
    lang.of(
        "Le pays nommé est celui où la société a son siège. Dans quel pays sont ses machines ne se voit pas d'ici.",
        "The country named is where the company has its seat. In which country its machines stand cannot be seen from here.",
    )
    .to_owned()
}

/// The seats along a chain of control, each once.
fn seats(party: &Party, lang: Lang) -> String {
    let mut all: Vec<String> = Vec::new();
    for link in &party.chain {
        let place = country(link.seat.as_deref(), lang);
        if !all.contains(&place) {
            all.push(place);
        }
    }
    all.join(" → ")
}

pub(super) fn sure(host: &Answer, lang: Lang) -> String {
    let why = lang.of(host.because.fr, host.because.en);
    let facts = facts(&host.evidence, lang);
    match lang {
        Lang::Fr => format!(
            "Ce qui le montre : {why} ({facts}). Confiance estimée : {} sur 100.",
            host.confidence
        ),
        Lang::En => format!(
            "What shows it: {why} ({facts}). Estimated confidence: {} in 100.",
            host.confidence
        ),
    }
}

/// Everyone in the chains of control of those who hold the mail, with the laws of their
/// countries that reach content.
pub(super) fn orders(
    host: Option<&Answer>,
    gateways: &[&Answer],
    lang: Lang,
) -> (Vec<Order>, Vec<String>) {
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

/// Facts in the words of those who have never heard of the DNS.
fn facts(evidence: &[Evidence], lang: Lang) -> String {
    let mut by_kind: Vec<(&str, Vec<&str>)> = Vec::new();
    for fact in evidence {
        match by_kind.iter_mut().find(|(kind, _)| *kind == fact.kind) {
            Some((_, seen)) => seen.push(&fact.seen),
            None => by_kind.push((fact.kind, vec![&fact.seen])),
        }
    }
    let told = by_kind.into_iter().map(|(kind, seen)| {
        let (fr, en) = match kind {
            "mx" => ("serveur annoncé (MX)", "server announced (MX)"),
            "spf" => ("droit d'envoyer (SPF)", "right to send (SPF)"),
            "dkim" => ("clé de signature (DKIM)", "signing key (DKIM)"),
            "autodiscover" => (
                "réglage des logiciels de courrier",
                "settings for mail programs",
            ),
            other => (other, other),
        };
        let colon = lang.of(" : ", ": ");
        format!("{}{colon}{}", lang.of(fr, en), seen.join(", "))
    });
    told.collect::<Vec<_>>().join(lang.of(" ; ", "; "))
}

pub(super) fn no_mail(lang: Lang) -> String {
    lang.of(
        "Sans objet : il n'y a pas de courrier à ouvrir.",
        "Does not apply: there is no mail to open.",
    )
    .to_owned()
}
