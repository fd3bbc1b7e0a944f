//! Which addresses a measurement may touch. Targets come from strangers: a name, a
//! delegation or a redirect may point anywhere, so every address is judged after
//! resolution and before the first packet.
//!
//! The lists are IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890); an IPv4
//! address inside an IPv6 one (mapped, 6to4, NAT64) is judged as what it is.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Special {
    /// «This network», the unspecified address included.
    Unspecified,
    /// The machine itself.
    Loopback,
    /// Private use (RFC 1918, RFC 4193).
    Private,
    /// Shared by customers of one carrier (RFC 6598).
    CarrierNat,
    /// The same link only; cloud machines keep their secrets at such an address.
    LinkLocal,
    /// Documentation and benchmarks.
    Documentation,
    /// Many receivers.
    Multicast,
    /// Protocol assignments, tunnels and ranges not in use.
    Reserved,
}

impl fmt::Display for Special {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "unspecified",
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::CarrierNat => "carrier-grade NAT",
            Self::LinkLocal => "link-local",
            Self::Documentation => "documentation",
            Self::Multicast => "multicast",
            Self::Reserved => "reserved",
        })
    }
}

/// Judges addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AddressFilter {
    /// Allow loopback, and nothing else that is special: for test worlds.
    pub test_world: bool,
}

impl AddressFilter {
    /// Why `address` must not be touched; `None` if it may.
    #[must_use]
    pub fn refusal(self, address: IpAddr) -> Option<Special> {
        let special = match address {
            IpAddr::V4(v4) => special_v4(v4),
            IpAddr::V6(v6) => special_v6(v6),
        };
        special.filter(|s| !(self.test_world && *s == Special::Loopback))
    }

    /// Whether `address` may be touched.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        self.refusal(address).is_none()
    }
}

fn special_v4(address: Ipv4Addr) -> Option<Special> {
    Some(match address.octets() {
        [0, ..] => Special::Unspecified,
        [127, ..] => Special::Loopback,
        [10, ..] | [192, 168, ..] | [172, 16..=31, ..] => Special::Private,
        [100, 64..=127, ..] => Special::CarrierNat,
        [169, 254, ..] => Special::LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [198, 18..=19, ..] => {
            Special::Documentation
        }
        [192, 0, 0, _] | [192, 88, 99, _] | [240..=255, ..] => Special::Reserved,
        [224..=239, ..] => Special::Multicast,
        _ => return None,
    })
}

fn special_v6(address: Ipv6Addr) -> Option<Special> {
    let [a, b, c, .., g, h] = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    if let Some(mapped) = address.to_ipv4_mapped() {
        return special_v4(mapped);
    }
    Some(match (a, b, c) {
        _ if address.is_unspecified() => Special::Unspecified,
        _ if address.is_loopback() => Special::Loopback,
        // The NAT64 prefix, with 32 bits of zeroes between it and the address.
        (0x64, 0xff9b, 0) if address.segments()[3..6] == [0; 3] => return special_v4(v4(g, h)),
        (0x2002, ..) => return special_v4(v4(b, c)),
        (0xfc00..=0xfdff, ..) => Special::Private,
        (0xfe80..=0xfeff, ..) => Special::LinkLocal,
        (0xff00.., ..) => Special::Multicast,
        (0x2001, 0xdb8, _) | (0x3fff, 0..=0xfff, _) => Special::Documentation,
        // Teredo, benchmarks, ORCHID and other protocol assignments.
        (0x2001, 0..=0x1ff, _) => Special::Reserved,
        (0x2000..=0x3fff, ..) => return None,
        _ => Special::Reserved,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn judge(text: &str) -> Option<Special> {
        AddressFilter::default().refusal(text.parse().unwrap())
    }

    #[test]
    fn the_registries() {
        use Special as S;
        for (text, want) in [
            ("0.0.0.0", Some(S::Unspecified)),
            ("127.0.0.1", Some(S::Loopback)),
            ("127.255.0.1", Some(S::Loopback)),
            ("10.1.2.3", Some(S::Private)),
            ("172.15.255.255", None),
            ("172.16.0.0", Some(S::Private)),
            ("172.31.255.255", Some(S::Private)),
            ("172.32.0.0", None),
            ("192.168.0.1", Some(S::Private)),
            ("100.63.255.255", None),
            ("100.64.0.1", Some(S::CarrierNat)),
            ("100.128.0.0", None),
            ("169.254.169.254", Some(S::LinkLocal)),
            ("192.0.2.1", Some(S::Documentation)),
            ("198.51.100.7", Some(S::Documentation)),
            ("203.0.113.7", Some(S::Documentation)),
            ("198.18.0.1", Some(S::Documentation)),
            ("192.88.99.1", Some(S::Reserved)),
            ("224.0.0.1", Some(S::Multicast)),
            ("240.0.0.1", Some(S::Reserved)),
            ("255.255.255.255", Some(S::Reserved)),
            ("8.8.8.8", None),
            ("::", Some(S::Unspecified)),
            ("::1", Some(S::Loopback)),
            ("::7f00:1", Some(S::Reserved)),
            ("::ffff:127.0.0.1", Some(S::Loopback)),
            ("::ffff:169.254.169.254", Some(S::LinkLocal)),
            ("::ffff:8.8.8.8", None),
            ("64:ff9b::10.0.0.1", Some(S::Private)),
            ("64:ff9b::8.8.8.8", None),
            ("64:ff9b:1::8.8.8.8", Some(S::Reserved)),
            ("64:ff9b::1:0:0808:0808", Some(S::Reserved)),
            ("2002:7f00:1::", Some(S::Loopback)),
            ("2002:a9fe:a9fe::1", Some(S::LinkLocal)),
            ("2002:808:808::1", None),
            ("2001::1", Some(S::Reserved)),
            ("2001:db8::1", Some(S::Documentation)),
            ("3fff::1", Some(S::Documentation)),
            ("fc00::1", Some(S::Private)),
            ("fd12::1", Some(S::Private)),
            ("fe80::1", Some(S::LinkLocal)),
            ("fec0::1", Some(S::LinkLocal)),
            ("ff02::1", Some(S::Multicast)),
            ("5f00::1", Some(S::Reserved)),
            ("100::1", Some(S::Reserved)),
            ("2620:fe::fe", None),
            ("2a01:e0a::1", None),
        ] {
            assert_eq!(judge(text), want, "{text}");
        }
    }

    #[test]
    fn a_test_world_opens_loopback_only() {
        let filter = AddressFilter { test_world: true };
        for open in ["127.0.1.1", "::1", "::ffff:127.0.0.1"] {
            assert!(filter.allows(open.parse().unwrap()), "{open}");
        }
        for shut in ["169.254.169.254", "10.0.0.1", "::", "fe80::1"] {
            assert!(!filter.allows(shut.parse().unwrap()), "{shut}");
        }
    }

    proptest! {
        /// An IPv4 address gets the same judgement however it is wrapped.
        #[test]
        fn wrapping_changes_nothing(bits in any::<u32>()) {
            let v4 = Ipv4Addr::from(bits);
            let plain = special_v4(v4);
            let [a, b] = [(bits >> 16) as u16, bits as u16];
            prop_assert_eq!(special_v6(v4.to_ipv6_mapped()), plain);
            prop_assert_eq!(special_v6(Ipv6Addr::new(0x2002, a, b, 0, 0, 0, 0, 1)), plain);
            prop_assert_eq!(special_v6(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, a, b)), plain);
        }

        /// What the standard library already calls special is never let through.
        #[test]
        fn no_more_lenient_than_the_standard_library(bits in any::<u32>()) {
            let v4 = Ipv4Addr::from(bits);
            if v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_broadcast()
                || v4.is_documentation() || v4.is_multicast() || v4.is_unspecified() {
                prop_assert!(special_v4(v4).is_some());
            }
        }
    }
}
