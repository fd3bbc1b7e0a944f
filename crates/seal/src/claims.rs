//! What a token says of itself beside its contents (RFC 7519, as VC-JOSE-COSE uses
//! it): who issued it, when its signature was made, and while it holds.

use crate::time::{self, Timestamp};
use crate::{Refusal, Result};
use jiff::SignedDuration;
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
    /// Reads them. Errors: what is no date, or another issuer than the one that the contents
    /// state.
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
        moment(v).ok_or_else(|| {
            Refusal::new(
                "jws",
                format!("« {name} » n'est pas une date, en secondes depuis 1970"),
                format!("`{name}` is not a date, in seconds since 1970"),
            )
        })
    };
    payload.get(name).map(read).transpose()
}

/// A moment in seconds, perhaps with a fraction (RFC 7519, `NumericDate`); or in words, as
/// the vectors of VC-JOSE-COSE have it.
fn moment(value: &Value) -> Option<Timestamp> {
    if let Value::String(text) = value {
        return time::read(text).ok();
    }
    let since = SignedDuration::try_from_secs_f64(value.as_f64()?).ok()?;
    Timestamp::from_duration(since).ok()
}
