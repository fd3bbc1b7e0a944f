//! JSON as adapters need it.

use super::ImportError;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Reads JSON of a format, whose name is for the error.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8], format: &str) -> Result<T, ImportError> {
    serde_json::from_slice(bytes).map_err(|e| {
        ImportError::new(
            format!("ce n'est pas du {format} : {e}"),
            format!("this is no {format}: {e}"),
        )
    })
}

/// A number by its digits, written out: a JSON number may carry an exponent.
pub(super) fn digits(raw: &RawValue) -> Option<String> {
    let text = raw.get().trim_matches('"');
    if crate::value::exact(text).is_some() {
        return Some(text.into());
    }
    let decimal = cocarde_model::Decimal::from_scientific(text).ok()?;
    Some(decimal.normalize().to_string())
}
