//! What a token says of itself beside its contents (RFC 7519, as VC-JOSE-COSE uses
//! it): who issued it, when its signature was made, and while it holds.

use crate::time::{self, Timestamp};
use crate::{Refusal, Result};
use serde_json::Value;

/// The claims of a JWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    /// When it was signed (`iat`).
    pub made: Option<Timestamp>,
    /// From when it holds (`nbf`).
    from: Option<Timestamp>,
    /// When it ends (`exp`).
    pub until: Option<Timestamp>,
}

impl Claims {
    /// Reads them. Errors: a date that is no whole number of seconds, or another issuer
    /// than the one that the contents state.
    pub fn read(payload: &Value, issuer: Option<&str>) -> Result<Claims> {
        if payload.get("iss").is_some_and(|iss| iss.as_str() != issuer) {
            return Err(Refusal::new(
                "jws",
                "« iss » n'est pas l'émetteur du credential",
                "`iss` is not the issuer of the credential",
            ));
        }
        Ok(Claims {
            made: date(payload, "iat")?,
            from: date(payload, "nbf")?,
            until: date(payload, "exp")?,
        })
    }

    /// Checks that it has begun at that moment.
    pub fn begun(&self, at: Timestamp) -> Result<()> {
        let Some(from) = self.from.filter(|from| at < *from) else {
            return Ok(());
        };
        let (fr, en) = time::words(from);
        Err(Refusal::new(
            "jws-period",
            format!("le jeton ne vaut pas avant le {fr} (nbf)"),
            format!("the token does not hold before {en} (nbf)"),
        ))
    }

    /// Checks that it has begun and not ended at that moment.
    pub fn hold(&self, at: Timestamp) -> Result<()> {
        self.begun(at)?;
        let Some(until) = self.until.filter(|until| at >= *until) else {
            return Ok(());
        };
        let (fr, en) = time::words(until);
        Err(Refusal::new(
            "jws-period",
            format!("le jeton ne vaut plus depuis le {fr} (exp)"),
            format!("the token holds no longer since {en} (exp)"),
        ))
    }
}

fn date(payload: &Value, name: &str) -> Result<Option<Timestamp>> {
    let read = |v: &Value| {
        let moment = v.as_i64().and_then(|s| Timestamp::from_second(s).ok());
        moment.ok_or_else(|| {
            Refusal::new(
                "jws",
                format!("« {name} » n'est pas un nombre entier de secondes"),
                format!("`{name}` is not a whole number of seconds"),
            )
        })
    };
    payload.get(name).map(read).transpose()
}
