//! The form of texts that rules compare, whatever way they were written.

use cocarde_model::{Form, Schema, Value};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

/// A value in that form; `None` when it is as it was written.
pub(crate) fn of(written: &Value, form: Form, schema: &Schema) -> Option<Value> {
    let found = match (form, written) {
        (Form::Host, Value::Text(t)) => Value::Text(host(t)),
        (Form::Host, Value::Texts(ts)) => each_once(ts.iter().map(|t| host(t))),
        (Form::Properties, Value::Texts(ts)) => {
            let meant = ts.iter().filter_map(|t| properties(t, schema)).flatten();
            each_once(ts.iter().cloned().chain(meant))
        }
        _ => return None,
    };
    (found != *written).then_some(found)
}

/// The words as a set, in the order in which each is first named.
pub(crate) fn each_once(words: impl Iterator<Item = Arc<str>>) -> Value {
    let mut seen = BTreeSet::new();
    Value::Texts(words.filter(|w| seen.insert(w.clone())).collect())
}

/// The properties that `hosting.*` stands for.
pub(crate) fn properties(pattern: &str, schema: &Schema) -> Option<impl Iterator<Item = Arc<str>>> {
    let ty = schema.ty(schema.by_name(pattern.strip_suffix(".*")?)?);
    let names = ty.fields.iter().filter(|f| f.ty.is_scalar());
    Some(names.map(|f| Arc::from(format!("{}.{}", ty.name, f.name))))
}

/// The host of a name, an address or a URL; the text itself where there is none.
fn host(text: &str) -> Arc<str> {
    let rest = text.split_once("://").map_or(text, |(_, r)| r);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest[..end].rsplit('@').next().unwrap_or_default().trim();
    let bracketed = authority.strip_prefix('[').and_then(|a| a.split_once(']'));
    let address = bracketed.map_or(authority, |(address, _)| address);
    let name = match address.parse::<IpAddr>() {
        Ok(_) => address,
        Err(_) => authority.split(':').next().unwrap_or_default(),
    };
    match name.trim_end_matches(|c: char| c == '.' || c.is_whitespace()) {
        "" => text.into(),
        name => name.to_lowercase().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_one_host_are_one_name() {
        for written in [
            "a.example",
            "A.Example.",
            "https://a.example/",
            "https://someone@a.example:8443/path?to=x@y#z",
            "a.example:443",
        ] {
            assert_eq!(&*host(written), "a.example", "{written}");
        }
        for address in ["2001:db8::1", "[2001:DB8::1]", "http://[2001:db8::1]:80/"] {
            assert_eq!(&*host(address), "2001:db8::1", "{address}");
        }
        for none in ["", "https://", ".", "/x"] {
            assert_eq!(&*host(none), none);
        }
    }

    proptest! {
        /// The form of a form is itself.
        #[test]
        fn a_form_is_settled(words in prop::collection::vec("\\PC{0,12}|(https?://)?[A-Za-z.]{1,9}(:[0-9]{1,2})?/?|hosting\\.\\*|party\\.(seat|\\*)", 0..5)) {
            let schema = Schema::standard();
            let written = Value::Texts(words.iter().map(|w| Arc::from(w.as_str())).collect());
            let found = of(&written, Form::Properties, schema);
            prop_assert!(found.is_none_or(|f| of(&f, Form::Properties, schema).is_none()));
            let found = of(&written, Form::Host, schema);
            prop_assert!(found.is_none_or(|f| of(&f, Form::Host, schema).is_none()));
        }
    }
}
