use super::*;
use crate::dns::message::{Message, ParseError, QueryOptions, Type, write_query};
use proptest::prelude::*;

fn shown(rtype: Type, data: &[u8]) -> Result<String, ParseError> {
    let mut m = vec![];
    let options = QueryOptions {
        udp_size: None,
        ..QueryOptions::default()
    };
    write_query(&mut m, b"\x02ab\0", rtype, options);
    m[2] |= 0x80;
    m[7] = 1;
    m.extend_from_slice(b"\xc0\x0c");
    m.extend_from_slice(&rtype.0.to_be_bytes());
    m.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
    m.extend_from_slice(&(data.len() as u16).to_be_bytes());
    m.extend_from_slice(data);
    let record = Message::parse(&m)?.answers().next().unwrap()?;
    let mut out = String::new();
    Rdata::parse(&record)?.push_display(&mut out);
    Ok(out)
}

#[test]
fn every_type_shows() {
    let cases: [(Type, &[u8], &str); 12] = [
        (Type::A, &[192, 0, 2, 1], "192.0.2.1"),
        (
            Type::AAAA,
            &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            "2001:db8::1",
        ),
        (Type::NS, b"\x01n\xc0\x0c", "n.ab"),
        (Type::CNAME, b"\0", "."),
        (Type::MX, b"\0\x0a\x02mx\xc0\x0c", "10 mx.ab"),
        (Type::TXT, b"\x03a\"b\x02c\xff", r#""a\"b" "c\255""#),
        (Type::CAA, b"\x80\x05issueca.fr", r#"128 issue "ca.fr""#),
        (Type::DS, &[1, 0, 13, 2, 0xab, 0xcd], "256 13 2 abcd"),
        (Type::SRV, b"\0\x01\0\x02\x01\xbb\xc0\x0c", "1 2 443 ab"),
        (
            Type::SOA,
            b"\xc0\x0c\0\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x04\0\0\0\x05",
            "ab . 1 2 3 4 5",
        ),
        (Type::PTR, b"\xc0\x0c", "ab"),
        (Type(99), b"\x01\x02", r"\# 2 0102"),
    ];
    for (rtype, data, want) in cases {
        assert_eq!(shown(rtype, data).as_deref(), Ok(want), "{rtype}");
    }
}

#[test]
fn wrong_lengths_are_refused() {
    for (rtype, data) in [
        (Type::A, &b"\x01\x02\x03"[..]),
        (Type::A, b"\x01\x02\x03\x04\x05"),
        (Type::MX, b"\0\x0a"),
        (Type::TXT, b"\x05ab"),
        (Type::TXT, b""),
        (Type::CAA, b"\0\x09issue"),
        (Type::NS, b"\x03a"),
    ] {
        assert!(shown(rtype, data).is_err(), "{rtype} {data:?}");
    }
}

proptest! {
    #[test]
    fn texts_come_back(strings in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..5)) {
        let mut data = vec![];
        for s in &strings { data.push(s.len() as u8); data.extend(s); }
        let text = shown(Type::TXT, &data).unwrap();
        prop_assert_eq!(joined_text(&text), strings.concat());
    }
}
