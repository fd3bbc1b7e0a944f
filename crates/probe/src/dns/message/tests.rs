use super::*;
use crate::dns::name::wire;
use proptest::prelude::*;

/// A response to `www.a.fr A`: a CNAME to `a.fr`, whose address is 192.0.2.1.
fn response() -> Vec<u8> {
    let mut m = vec![];
    write_query(
        &mut m,
        &wire("www.a.fr").unwrap(),
        Type::A,
        QueryOptions::default(),
    );
    m[2..4].copy_from_slice(&[0x85, 0xa0]);
    m[6..12].copy_from_slice(&[0, 2, 0, 0, 0, 1]);
    let opt = m.split_off(m.len() - 11);
    m.extend_from_slice(b"\xc0\x0c\0\x05\0\x01\0\0\x01\x2c\0\x02\xc0\x10");
    m.extend_from_slice(b"\xc0\x10\0\x01\0\x01\0\0\x01\x2c\0\x04\xc0\0\x02\x01");
    m.extend_from_slice(&opt);
    m
}

#[test]
fn reads_a_chain() {
    let bytes = response();
    let m = Message::parse(&bytes).unwrap();
    assert_eq!(
        (m.rcode(), m.qtype(), m.answer_count()),
        (Rcode::NOERROR, Type::A, 2)
    );
    assert!(m.authoritative() && m.authentic() && !m.truncated());
    assert!(m.question().is(&wire("www.a.fr").unwrap()));
    let all: Vec<_> = m.records().map(Result::unwrap).collect();
    assert_eq!(all.len(), 3);
    assert_eq!((all[0].0, all[0].1.rtype), (Section::Answer, Type::CNAME));
    assert!(all[1].1.owner.is(&wire("a.fr").unwrap()));
    assert_eq!(all[1].1.data(), [192, 0, 2, 1]);
    assert_eq!((all[2].0, all[2].1.rtype), (Section::Additional, Type::OPT));
    assert_eq!(m.answers().count(), 2);
}

#[test]
fn refuses() {
    let good = response();
    let spoil = |f: fn(&mut Vec<u8>)| {
        let mut m = good.clone();
        f(&mut m);
        Message::parse(&m).map(|_| ()).unwrap_err()
    };
    assert_eq!(spoil(|m| m.truncate(11)), ParseError::Short);
    assert_eq!(spoil(|m| m[2] = 0), ParseError::NotResponse);
    assert_eq!(spoil(|m| m[5] = 2), ParseError::BadQuestion);
    assert_eq!(spoil(|m| m[6] = 0x20), ParseError::TooMany);
    assert_eq!(spoil(|m| m[12] = 0xc0), ParseError::BadName);
}

proptest! {
    #[test]
    fn every_cut_and_every_bit_is_survived(cut in 0usize..80, at in 0usize..80, bit in 0u8..8) {
        let mut bytes = response();
        if let Some(b) = bytes.get_mut(at) { *b ^= 1 << bit; }
        bytes.truncate(cut);
        if let Ok(m) = Message::parse(&bytes) {
            prop_assert!(m.records().count() <= MAX_RECORDS);
        }
    }
}

#[test]
fn mnemonics() {
    assert_eq!(Type::from_mnemonic("CAA"), Some(Type::CAA));
    assert_eq!(Type::from_mnemonic("TYPE99"), Some(Type(99)));
    for none in ["a", "TYPE", "TYPE+99", "TYPE-0", "TYPE65536"] {
        assert_eq!(Type::from_mnemonic(none), None, "{none}");
    }
    assert_eq!(Type(99).to_string(), "TYPE99");
    assert_eq!(Rcode(12).mnemonic(), "RESERVED");
}
