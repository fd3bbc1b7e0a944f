//! A signing service over HTTP: `GET` gives the public key as a JWK, `POST` of
//! `{"message": base64url}` gives `{"signature": base64url}`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cocarde_seal::address::askable;
use cocarde_seal::json;
use cocarde_seal::key::PublicKey;
use cocarde_seal::signer::Signer;
use cocarde_seal::{Refusal, Result};
use std::time::Duration;

const LIMIT: u64 = 64 << 10;

/// A key held by a service.
pub struct RemoteSigner {
    agent: ureq::Agent,
    url: String,
    public: PublicKey,
}

fn refused(url: &str, what: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        "remote-signer",
        format!("service de signature {url} : {what}"),
        format!("signing service {url}: {what}"),
    )
}

impl RemoteSigner {
    /// Asks a service for its key. Errors: not over TLS (except to this machine),
    /// no answer, or not a key.
    pub fn open(url: &str) -> Result<RemoteSigner> {
        if !askable(url) {
            return Err(refused(url, "https://… | http://127.0.0.1:PORT/…"));
        }
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(20)))
            .proxy(None)
            .max_redirects(0)
            .build()
            .into();
        let failed = |e: ureq::Error| refused(url, e);
        let mut answer = agent.get(url).call().map_err(failed)?;
        let body = answer.body_mut().with_config().limit(LIMIT).read_to_vec();
        let jwk = json::parse(&body.map_err(failed)?, LIMIT as usize)?;
        Ok(RemoteSigner {
            public: PublicKey::from_jwk(&jwk)?,
            url: url.to_owned(),
            agent,
        })
    }
}

impl Signer for RemoteSigner {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let failed = |e: ureq::Error| refused(&self.url, e);
        let body = serde_json::json!({"message": URL_SAFE_NO_PAD.encode(message)}).to_string();
        let posted = self.agent.post(&self.url).content_type("application/json");
        let mut answer = posted.send(&body).map_err(failed)?;
        let read = answer.body_mut().with_config().limit(LIMIT).read_to_vec();
        let answer = json::parse(&read.map_err(failed)?, LIMIT as usize)?;
        let text = json::text(&answer, &["signature"]).unwrap_or_default();
        let signature = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| refused(&self.url, "signature ?"))?;
        self.public.verify(message, &signature)?;
        Ok(signature)
    }
}
