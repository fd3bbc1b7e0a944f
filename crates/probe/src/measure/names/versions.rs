//! Records that say by their first tag what they are, of which a name may have one: those
//! of DMARC (RFC 7489, section 6.6.3), MTA-STS (RFC 8461, section 3.1) and TLSRPT (RFC 8460,
//! section 3). Of several none counts.

use super::records::{lossy, texts};
use crate::measure::ask::Asker;
use std::collections::BTreeSet;

/// The one record at a name that is of a kind. Where there are several there is none, and
/// the name is noted.
pub(super) fn only(
    asker: &mut Asker,
    name: &str,
    is: fn(&str) -> bool,
    several: &mut BTreeSet<String>,
) -> Option<String> {
    let all = texts(asker, name);
    let mut of_kind = all.iter().map(|t| lossy(t)).filter(|t| is(t));
    let first = of_kind.next();
    if of_kind.next().is_some() {
        several.insert(name.to_owned());
        return None;
    }
    first
}

/// Blanks may stand round the name of the tag and its value (RFC 7489, section 6.4).
pub(super) fn is_dmarc(text: &str) -> bool {
    let first = text.split(';').next().unwrap_or_default();
    let tag = first.split_once('=').map(|(k, v)| (k.trim_end(), v.trim()));
    tag.is_some_and(|(key, value)| key.eq_ignore_ascii_case("v") && value == "DMARC1")
}

pub(super) fn is_mta_sts(text: &str) -> bool {
    begins(text, "v=STSv1")
}

pub(super) fn is_tls_rpt(text: &str) -> bool {
    begins(text, "v=TLSRPTv1")
}

/// Whether the first tag is that one, and ended.
fn begins(text: &str, tag: &str) -> bool {
    let rest = text.strip_prefix(tag);
    rest.is_some_and(|r| r.trim_start_matches([' ', '\t']).starts_with(';'))
}

/// What a DMARC record asks for, in small letters: `none`, `quarantine`, `reject`, or what
/// else it says; `None` where it says nothing.
#[must_use]
pub fn dmarc_policy(record: &str) -> Option<String> {
    let tags = record.split(';').filter_map(|t| t.split_once('='));
    let mut policies = tags.filter(|(key, _)| key.trim().eq_ignore_ascii_case("p"));
    let policy = policies.next().map(|(_, v)| v.trim().to_ascii_lowercase());
    policy.filter(|p| !p.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_its_whole_tag() {
        for (text, is) in [
            ("v=DMARC1", true),
            ("v=DMARC1;p=none", true),
            ("v = DMARC1 ; p=none", true),
            ("v=DMARC10; p=none", false),
            ("v=DMARC1 p=none", false),
            ("v=dmarc1; p=none", false),
            (" v=DMARC1; p=none", false),
            ("p=none; v=DMARC1", false),
        ] {
            assert_eq!(is_dmarc(text), is, "{text}");
        }
        for (text, is) in [
            ("v=STSv1; id=1", true),
            ("v=STSv1 ;id=1", true),
            ("v=STSv1", false),
            ("v=STSv10; id=1", false),
            ("v=STSv1 id=1", false),
        ] {
            assert_eq!(is_mta_sts(text), is, "{text}");
            let text = text.replace("STSv1", "TLSRPTv1");
            assert_eq!(is_tls_rpt(&text), is, "{text}");
        }
    }

    #[test]
    fn a_policy_is_the_tag_p() {
        for (record, policy) in [
            ("v=DMARC1; sp=none; p=reject", Some("reject")),
            ("v=DMARC1;p = Quarantine ;p=none", Some("quarantine")),
            ("v=DMARC1; p=", None),
            ("v=DMARC1", None),
        ] {
            assert_eq!(dmarc_policy(record).as_deref(), policy, "{record}");
        }
    }
}
