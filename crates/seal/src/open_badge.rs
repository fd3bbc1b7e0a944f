//! Open Badges 3.0 (1EdTech): the certificate as an achievement, for wallets that
//! know nothing else.

use crate::credential::W3C_CONTEXT_URL;
use crate::json;
use serde_json::{Value, json};

/// Address of the Open Badges context.
pub const CONTEXT_URL: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

/// Writes the badge credential of a certificate; it is not signed yet.
pub fn write(certificate: &Value) -> Value {
    let get = |path: &[&str]| json::text(certificate, path).unwrap_or_default();
    let id = get(&["id"]);
    let subject =
        |path: &[&str]| json::text(&certificate["credentialSubject"], path).unwrap_or_default();
    let terms = &certificate["credentialSubject"]["sovereigntyCertification"];
    let alignment: Vec<Value> = terms["criterionResult"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|r| r["outcome"] == "satisfied")
        .map(|r| json!({"type": ["Alignment"], "targetName": r["id"], "targetUrl": r["id"]}))
        .collect();
    // A badge must not say of a derogation that everything is satisfied.
    let narrative = match json::text(terms, &["derogation"]) {
        Some(why) => format!(
            "{} (granted by derogation: {why})",
            subject(&["description"])
        ),
        None => subject(&["description"]).to_owned(),
    };
    json!({
        "@context": [W3C_CONTEXT_URL, CONTEXT_URL],
        "id": format!("{id}#open-badge"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": get(&["name"]),
        "issuer": {"id": get(&["issuer", "id"]), "type": ["Profile"], "name": get(&["issuer", "name"])},
        "validFrom": get(&["validFrom"]),
        "validUntil": get(&["validUntil"]),
        "credentialStatus": certificate["credentialStatus"],
        "credentialSubject": {
            "id": subject(&["issuedToParty", "id"]),
            "type": ["AchievementSubject"],
            "achievement": {
                "id": subject(&["scope", "id"]),
                "type": ["Achievement"],
                "achievementType": "Certification",
                "name": subject(&["scope", "name"]),
                "description": subject(&["scope", "description"]),
                "version": subject(&["scope", "version"]),
                "criteria": {"id": subject(&["scope", "id"]), "narrative": narrative},
                "alignment": alignment,
            },
        },
        "evidence": [{"id": id, "type": ["Evidence"], "name": subject(&["name"])}],
    })
}
