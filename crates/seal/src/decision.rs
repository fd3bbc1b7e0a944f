//! The record of a decision: what a certificate is made from, beside the
//! assessment. A TOML file that people write, or a program that kept the process.

use crate::address::askable;
use crate::refusal::reason;
use crate::time::{self, Timestamp};
use crate::toml_file;
use crate::{Refusal, Result};
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};

/// Most bytes of a record.
const MAX_RECORD: usize = 256 << 10;

/// A decision to certify.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Number of the certificate, as people cite it.
    pub number: String,
    /// Its address, which is also its identifier.
    pub id: String,
    /// When the decision was taken.
    #[serde(deserialize_with = "moment")]
    pub decided: Timestamp,
    /// From when the certificate holds.
    #[serde(deserialize_with = "moment")]
    pub valid_from: Timestamp,
    /// Until when.
    #[serde(deserialize_with = "moment")]
    pub valid_until: Timestamp,
    /// Why it was granted although the assessment is not satisfied; stated on the
    /// certificate.
    pub derogation: Option<String>,
    /// Who certifies; its `id` is its DID.
    pub issuer: Party,
    /// The accreditation under which it certifies, if it has one.
    pub accreditation: Option<Accreditation>,
    /// Who is certified.
    pub holder: Party,
    /// What is certified.
    pub offering: Offering,
    /// Sites in scope.
    #[serde(default, rename = "site")]
    pub sites: Vec<Site>,
    /// The scheme and the version of its referential.
    pub scheme: Scheme,
    /// The assessment decided upon.
    pub assessment: Assessment,
    /// Where the certificate's status is published.
    pub status: StatusPlace,
    /// The log in which it is entered.
    pub log: LogPlace,
    /// Until when facts that age are fresh, by criterion.
    #[serde(default)]
    pub fresh: Vec<Fresh>,
    /// SHA-256 of the record itself, lowercase hexadecimal.
    #[serde(skip)]
    pub sha256: String,
}

/// An organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// A URI that names it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its number in a register (SIREN, LEI).
    pub registered_id: Option<String>,
    /// The register: URI and name.
    pub register: Option<Named>,
}

/// Something with a URI and a name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Its URI.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// An accreditation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accreditation {
    /// Its URI.
    pub id: String,
    /// Its name, with its standard.
    pub name: String,
    /// Who accredits.
    pub authority: Party,
}

/// What is certified.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offering {
    /// Its URI.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What the certificate covers, in words.
    pub scope: String,
}

/// A site.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its URI.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its country, ISO 3166-1 alpha-2.
    pub country: String,
}

/// A certification scheme.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Its URI.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Version of the referential.
    pub version: String,
    /// From which day that version applies, ISO 8601.
    pub valid_from: String,
    /// Who owns it.
    pub owner: Party,
}

/// The assessment decided upon.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// SHA-256 of the assessment's JSON, lowercase hexadecimal.
    pub sha256: String,
    /// Where it is published, if it is.
    pub url: Option<String>,
    /// The name that it gives the applicant, where that is not the holder's as written here.
    pub applicant: Option<String>,
    /// The name that it gives the offering, where that is not the one written here.
    pub offering: Option<String>,
}

/// Where the status is published.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusPlace {
    /// Address to which `revocation`, `suspension` and `message` are appended.
    pub base: String,
    /// The certificate's place in these lists.
    pub index: u64,
}

/// The log.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogPlace {
    /// Its origin, as its checkpoints state it.
    pub origin: String,
}

/// Until when the facts behind a criterion are fresh.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fresh {
    /// The criterion's name in its referential.
    pub criterion: String,
    /// Until when.
    #[serde(deserialize_with = "moment")]
    pub until: Timestamp,
}

fn moment<'de, D: Deserializer<'de>>(d: D) -> std::result::Result<Timestamp, D::Error> {
    let text = String::deserialize(d)?;
    time::read(&text).map_err(|r| reason(&r.fr, &r.en))
}

impl Decision {
    /// Reads a record. Errors name the line and column, or the field.
    pub fn read(text: &str) -> Result<Decision> {
        if text.len() > MAX_RECORD {
            return Err(refused("décision trop longue", "decision too long"));
        }
        let mut decision: Decision = toml_file::read(text, "decision")?;
        decision.sha256 = crate::json::hex(&Sha256::digest(text));
        decision.check()?;
        Ok(decision)
    }

    fn check(&self) -> Result<()> {
        let accredited = self.accreditation.iter();
        let registers = [&self.issuer, &self.holder, &self.scheme.owner];
        let uris = [
            &self.holder.id,
            &self.offering.id,
            &self.scheme.id,
            &self.scheme.owner.id,
            &self.id,
            &self.status.base,
        ]
        .into_iter()
        .chain(self.assessment.url.iter())
        .chain(self.sites.iter().map(|s| &s.id))
        .chain(accredited.flat_map(|a| [&a.id, &a.authority.id]))
        .chain(
            registers
                .into_iter()
                .filter_map(|p| Some(&p.register.as_ref()?.id)),
        );
        for uri in uris {
            if !is_uri(uri) {
                return Err(refused(
                    format!("« {uri} » n'est pas une URI (https:, urn:, did:)"),
                    format!("`{uri}` is not a URI (https:, urn:, did:)"),
                ));
            }
        }
        for (name, address) in [("id", &self.id), ("status.base", &self.status.base)] {
            if !askable(address) {
                return Err(refused(
                    format!(
                        "{name} : « {address} » n'est demandé par personne (https://… attendu)"
                    ),
                    format!("{name}: nobody asks `{address}` (https://… expected)"),
                ));
            }
        }
        if !self.issuer.id.starts_with("did:") {
            let id = &self.issuer.id;
            return Err(refused(
                format!("issuer.id : un DID est attendu, « {id} » trouvé"),
                format!("issuer.id: a DID is expected, `{id}` found"),
            ));
        }
        if self.valid_until <= self.valid_from {
            return Err(refused(
                "valid_until doit suivre valid_from",
                "valid_until must come after valid_from",
            ));
        }
        if self.valid_from < self.decided {
            return Err(refused(
                "valid_from précède la décision",
                "valid_from comes before the decision",
            ));
        }
        if self
            .derogation
            .as_ref()
            .is_some_and(|why| why.trim().is_empty())
        {
            return Err(refused(
                "derogation : dites pourquoi, ou ôtez la ligne",
                "derogation: say why, or take the line out",
            ));
        }
        let (index, room) = (self.status.index, crate::status::MIN_ENTRIES);
        if index >= room {
            return Err(refused(
                format!("status.index : {index}, hors des {room} places d'une liste"),
                format!("status.index: {index}, outside the {room} places of a list"),
            ));
        }
        let digest = &self.assessment.sha256;
        if digest.len() != 64 || !digest.bytes().all(|b| b"0123456789abcdef".contains(&b)) {
            return Err(refused(
                "assessment.sha256 : 64 chiffres hexadécimaux minuscules attendus",
                "assessment.sha256: 64 lowercase hexadecimal digits expected",
            ));
        }
        Ok(())
    }
}

fn is_uri(text: &str) -> bool {
    let scheme = ["https://", "http://", "urn:", "did:"];
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_graphic() && !b"<>\"\\^`{}|".contains(&b));
    plain
        && scheme
            .iter()
            .any(|s| text.len() > s.len() && text.starts_with(s))
}

fn refused(fr: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new("decision", fr, en)
}
