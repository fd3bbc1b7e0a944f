//! A signing service over HTTP: `GET` gives the public key as a JWK, `POST` of
//! `{"message": base64url}` gives `{"signature": base64url}`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cocarde_seal::Refusal;
use cocarde_seal::address::askable;
use cocarde_seal::json;
use cocarde_seal::key::PublicKey;
use cocarde_seal::signer::Signer;
use std::time::Duration;

const LIMIT: u64 = 64 << 10;

/// A key held by a service.
pub struct RemoteSigner {
    agent: ureq::Agent,
    url: String,
    public: PublicKey,
}

fn refused(fr: &str, en: &str) -> Refusal {
    Refusal::new("remote-signer", fr, en)
}

/// Says of which service something is said.
fn of(url: &str, r: Refusal) -> Refusal {
    Refusal {
        fr: format!("service de signature {url} : {}", r.fr),
        en: format!("signing service {url}: {}", r.en),
        ..r
    }
}

/// What a service answered, or why it did not.
fn body(
    url: &str,
    got: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> cocarde_seal::Result<Vec<u8>> {
    let read = got.and_then(|mut a| match a.status() {
        s if s.is_success() => a.body_mut().with_config().limit(LIMIT).read_to_vec(),
        // It sends elsewhere, where nobody follows it.
        s => Err(ureq::Error::StatusCode(s.as_u16())),
    });
    read.map_err(|e| {
        let (fr, en) = match e {
            ureq::Error::StatusCode(n) => (
                format!("répond par le code {n}"),
                format!("answers with status {n}"),
            ),
            ureq::Error::BodyExceedsLimit(_) => {
                ("réponse trop longue".into(), "answer too long".into())
            }
            e => (format!("pas de réponse ({e})"), format!("no answer ({e})")),
        };
        of(url, refused(&fr, &en))
    })
}

/// Reads the key that a service answers with. Errors: not a JWK of a key that verifies.
pub fn read_key(answer: &[u8]) -> cocarde_seal::Result<PublicKey> {
    PublicKey::from_jwk(&json::parse(answer, LIMIT as usize)?)
}

/// Reads the signature that a service answers with; it is not verified. Errors: no
/// `signature` in base64url.
pub fn read_signature(answer: &[u8]) -> cocarde_seal::Result<Vec<u8>> {
    let answer = json::parse(answer, LIMIT as usize)?;
    let text = json::text(&answer, &["signature"]);
    let read = text.and_then(|t| URL_SAFE_NO_PAD.decode(t).ok());
    read.ok_or_else(|| {
        refused(
            "« signature » manque dans sa réponse, ou n'est pas en base64url",
            "`signature` is missing in its answer, or is not base64url",
        )
    })
}

impl RemoteSigner {
    /// Asks a service for its key. Errors: not over TLS (except to this machine),
    /// no answer, or not a key.
    pub fn open(url: &str) -> cocarde_seal::Result<RemoteSigner> {
        if !askable(url) {
            return Err(of(
                url,
                refused(
                    "https://… attendu, ou http://127.0.0.1:PORT/… pour cette machine",
                    "https://… expected, or http://127.0.0.1:PORT/… for this machine",
                ),
            ));
        }
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(20)))
            .proxy(None)
            .max_redirects(0)
            .build()
            .into();
        let answer = body(url, agent.get(url).call())?;
        Ok(RemoteSigner {
            public: read_key(&answer).map_err(|r| of(url, r))?,
            url: url.to_owned(),
            agent,
        })
    }
}

impl Signer for RemoteSigner {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> cocarde_seal::Result<Vec<u8>> {
        let asked = serde_json::json!({"message": URL_SAFE_NO_PAD.encode(message)}).to_string();
        let posted = self.agent.post(&self.url).content_type("application/json");
        let answer = body(&self.url, posted.send(&asked))?;
        let signature = read_signature(&answer).and_then(|signature| {
            self.public.verify(message, &signature)?;
            Ok(signature)
        });
        signature.map_err(|r| of(&self.url, r))
    }
}
