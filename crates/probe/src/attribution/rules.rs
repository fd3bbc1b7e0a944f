//! The rules by which an operator is named, and how much each is worth.
//!
//! A confidence is in hundredths. It is an estimate of ours, set once and stated here,
//! not a frequency: who reads a classification sees the rule beside the number.

use serde::Serialize;

/// A rule, with what it is worth and in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its name.
    pub id: &'static str,
    /// Its confidence, in hundredths.
    pub confidence: u8,
    /// In French.
    pub fr: &'static str,
    /// In English.
    pub en: &'static str,
}

macro_rules! rules {
    ($($name:ident = $id:literal, $confidence:literal, $fr:literal, $en:literal;)*) => {
        $(#[doc = $en] pub const $name: Rule = Rule {
            id: $id, confidence: $confidence, fr: $fr, en: $en,
        };)*
        /// All of them.
        pub const ALL: &[Rule] = &[$($name),*];
    };
}

rules! {
    MX_AND_MORE = "mx-and-more", 95,
        "le courrier lui est remis, et un autre indice le confirme",
        "mail is handed to it, and another sign confirms it";
    MX_ONLY = "mx-only", 85,
        "le courrier lui est remis ; rien d'autre ne le confirme",
        "mail is handed to it; nothing else confirms it";
    MX_SPLIT = "mx-split", 50,
        "le courrier est remis à plusieurs hébergeurs",
        "mail is handed to several hosts";
    BEHIND_SIGNED = "behind-gateway-signed", 85,
        "derrière le filtre, l'hébergeur signe le courrier et peut en envoyer",
        "behind the filter, the host signs the mail and may send it";
    BEHIND_SEVERAL = "behind-gateway-several", 75,
        "derrière le filtre, deux indices désignent cet hébergeur",
        "behind the filter, two signs point to this host";
    BEHIND_ONE = "behind-gateway-one", 60,
        "derrière le filtre, un seul indice désigne cet hébergeur",
        "behind the filter, a single sign points to this host";
    UNNAMED_NETWORK = "unnamed-network", 50,
        "le nom du serveur n'est à aucun opérateur connu ; la machine est chez cet hébergeur",
        "the server's name belongs to no known operator; the machine is with this host";
    UNNAMED = "unnamed", 0,
        "le nom du serveur n'est à aucun opérateur connu",
        "the server's name belongs to no known operator";
    HIDDEN = "hidden", 0,
        "un filtre reçoit le courrier, et rien ne dit qui le garde ensuite",
        "a filter receives the mail, and nothing says who keeps it afterwards";
    NO_MX_SIGNS = "no-mx-signs", 40,
        "aucun serveur de courrier ; des indices seulement",
        "no mail exchanger; signs only";
    NO_MX = "no-mx", 0,
        "aucun serveur de courrier connu",
        "no mail exchanger known";
    NAME = "name", 95,
        "le nom est à cet opérateur",
        "the name belongs to that operator";
    NETWORK = "network", 80,
        "l'adresse est annoncée par le réseau de cet opérateur",
        "the address is announced by that operator's network";
    NOBODY = "nobody-known", 0,
        "ni le nom ni le réseau ne sont à un opérateur connu",
        "neither the name nor the network belongs to a known operator";
}
