//! Kinds of activities, as people say them.

use crate::report::Line;

/// What lists may lack, as a line of cost.
pub(super) const UNLISTED: &str = "unlisted";

/// A kind of the fact schema for people; any other word as it is.
pub fn kind_words(word: &str) -> Line {
    let (fr, en) = match word {
        "design" => ("conception", "design"),
        "development" => ("développement", "development"),
        "operation" => ("exploitation", "operation"),
        "data-governance" => ("gouvernance des données", "data governance"),
        "support" => ("support", "support"),
        "security" => ("sécurité", "security"),
        "production" => ("production", "production"),
        "delivery" => ("réalisation", "delivery"),
        "customer-contact" => ("contact client", "customer contact"),
        "research" => ("recherche", "research"),
        "sales" => ("vente", "sales"),
        "administration" => ("administration", "administration"),
        UNLISTED => (
            "ce qui manque peut-être aux listes",
            "what may be missing from the lists",
        ),
        other => (other, other),
    };
    Line::new(fr, en)
}
