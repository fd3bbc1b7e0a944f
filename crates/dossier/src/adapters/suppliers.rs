//! The suppliers that a bill of materials names, each once.

use super::unmapped::Why;
use super::{Applicant, Imported, id_of_name};
use std::collections::{BTreeMap, BTreeSet};

/// What is counted where a file says that the applicant supplies itself.
pub(super) const OWN: Why = (
    "le demandeur comme son propre fournisseur",
    "the applicant as its own supplier",
);

/// Suppliers by role and name, with the kind of party when it is always stated, and the
/// first place that names them. The applicant is no supplier of itself.
pub(super) struct Suppliers<'a> {
    applicant: &'a Applicant,
    known: BTreeMap<(&'static str, String), (Option<&'static str>, String)>,
    /// How often the applicant is named.
    own: usize,
    /// How often nobody is.
    nameless: usize,
}

impl<'a> Suppliers<'a> {
    pub(super) fn beside(applicant: &'a Applicant) -> Suppliers<'a> {
        Suppliers {
            applicant,
            known: BTreeMap::new(),
            own: 0,
            nameless: 0,
        }
    }

    pub(super) fn add(
        &mut self,
        name: &str,
        kind: Option<&'static str>,
        role: &'static str,
        at: &str,
    ) {
        let name = name.trim();
        if name.is_empty() {
            self.nameless += 1;
        } else if self.applicant.is(Some(name), &[]) {
            self.own += 1;
        } else {
            let key = (role, name.to_string());
            let known = self.known.entry(key).or_insert((kind, at.into()));
            known.0 = known.0.filter(|k| kind == Some(k));
        }
    }

    /// A party for each name and a supplier for each role of it.
    pub(super) fn write(self, into: &mut Imported) {
        into.unmapped.leave(OWN, "", self.own);
        let nameless = ("fournisseur sans nom", "supplier without a name");
        into.unmapped.leave(nameless, "", self.nameless);
        let mut parties: BTreeSet<String> = BTreeSet::new();
        for ((role, name), (kind, at)) in self.known {
            let party = format!("sbom-{}", id_of_name(&name));
            if parties.insert(party.clone()) {
                into.table("party", party.clone(), at.clone())
                    .text("name", Some(name))
                    .text("kind", kind);
            }
            into.table("supplier", format!("{party}-{role}"), at)
                .text("party", Some(format!("party:{party}")))
                .text("role", Some(role));
        }
    }
}
