//! What the page says, in both languages.

use crate::Lang;
use cocarde_model::{Text, day_words};

/// The fixed texts of a page.
pub(crate) struct Words {
    pub code: &'static str,
    pub code_leads_to: &'static str,
    pub certificate: &'static str,
    pub number: &'static str,
    pub certifies: &'static str,
    pub derogates: &'static str,
    pub holder: &'static str,
    pub scope: &'static str,
    pub sites: &'static str,
    pub referential: &'static str,
    pub validity: &'static str,
    pub from_to: (&'static str, &'static str),
    pub decided: &'static str,
    pub issuer: &'static str,
    pub accreditation: &'static str,
    pub pillars: &'static str,
    pub columns: [&'static str; 4],
    pub assumed: (&'static str, &'static str),
    pub derogation: &'static str,
    pub verify: &'static str,
    pub how: &'static str,
    pub limits: &'static str,
    pub log: &'static str,
    pub attached: [&'static str; 2],
    pub colon: &'static str,
    pub between: &'static str,
    pub version: &'static str,
}

pub(crate) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Fr => &FR,
        Lang::En => &EN,
    }
}

const FR: Words = Words {
    code: "fr",
    code_leads_to: "Code QR qui mène à",
    certificate: "Certificat",
    number: "n°",
    certifies: "atteste que l'offre décrite ci-dessous satisfait au référentiel cité, dans la portée indiquée.",
    derogates: "certifie l'offre décrite ci-dessous par dérogation\u{a0}: elle ne satisfait pas à tous les critères du \
                référentiel cité, ou il n'est pas établi qu'elle y satisfasse.",
    holder: "Titulaire",
    scope: "Portée",
    sites: "Sites",
    referential: "Référentiel",
    validity: "Validité",
    from_to: ("du", "au"),
    decided: "Décision du",
    issuer: "Délivré par",
    accreditation: "Accréditation déclarée",
    pillars: "Résultats par pilier",
    columns: ["satisfaits", "sans objet", "non satisfaits", "indéterminés"],
    assumed: (
        "critère repose sur une hypothèse, non sur un texte public.",
        "critères reposent sur une hypothèse, non sur un texte public.",
    ),
    derogation: "Délivré par dérogation",
    verify: "Vérifier ce certificat",
    how: "Le code mène au certificat signé et en porte l'empreinte. Le certificat signé est aussi joint à ce \
          fichier\u{a0}: la commande «\u{a0}cocarde verify\u{a0}» le contrôle, hors ligne s'il le faut, et dit son statut. \
          Cette page imprimée ne prouve rien à elle seule.",
    limits: "Ce certificat prouve une décision à sa date, sur le dossier évalué. Il peut avoir été suspendu, \
             réduit ou retiré depuis\u{a0}: seul le statut publié fait foi.",
    log: "Journal public",
    attached: [
        "Le certificat signé (vc+jwt)",
        "Preuve d'inscription au journal public",
    ],
    colon: "\u{a0}:",
    between: "\u{202f}; ",
    version: "version",
};

const EN: Words = Words {
    code: "en",
    code_leads_to: "QR code that leads to",
    certificate: "Certificate",
    number: "No.",
    certifies: "certifies that the offering described below meets the referential cited, within the scope stated.",
    derogates: "certifies the offering described below by derogation: it does not meet every criterion of the \
                referential cited, or it is not established that it does.",
    holder: "Holder",
    scope: "Scope",
    sites: "Sites",
    referential: "Referential",
    validity: "Validity",
    from_to: ("from", "to"),
    decided: "Decided on",
    issuer: "Issued by",
    accreditation: "Accreditation (declared)",
    pillars: "Results by pillar",
    columns: [
        "satisfied",
        "not applicable",
        "not satisfied",
        "undetermined",
    ],
    assumed: (
        "criterion rests on an assumption, not on a public text.",
        "criteria rest on an assumption, not on a public text.",
    ),
    derogation: "Granted by derogation",
    verify: "Verify this certificate",
    how: "The code leads to the signed certificate and carries its digest. The signed certificate is also \
          attached to this file: the command “cocarde verify” checks it, offline if need be, and tells its \
          status. This printed page proves nothing by itself.",
    limits: "This certificate proves a decision on its date, on the dossier assessed. It may have been \
             suspended, reduced or withdrawn since: only the published status is authoritative.",
    log: "Public log",
    attached: [
        "The signed certificate (vc+jwt)",
        "Proof of entry in the public log",
    ],
    colon: ":",
    between: "; ",
    version: "version",
};

/// A day as people write it; `2026-11-24…` in.
pub(crate) fn day(moment: &str, lang: Lang) -> String {
    let Some(Ok(date)) = moment.get(..10).map(str::parse) else {
        return moment.to_owned();
    };
    let Text { fr, en } = day_words(date);
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}
