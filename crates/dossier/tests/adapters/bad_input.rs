//! Bad input: refused at its place, in bounded time.

use super::ownership::{CHILD, bods, gleif};
use super::{refusal, taken};
use crate::common::print;
use cocarde_dossier::adapters::{Applicant, Format, Room, import};
use cocarde_dossier::{Limits, read_texts};
use proptest::prelude::*;

fn share(s: &str) -> Vec<u8> {
    bods(&format!(
        r#"{{"type":"shareholding","directOrIndirect":"direct","share":{{"exact":{s}}}}}"#
    ))
    .into_bytes()
}

#[test]
fn shares_that_cannot_be_are_placed() {
    let cases = [
        (
            "100.5",
            "b.json#/2: `capital` is 100.5, it must be from 0 to 100",
        ),
        ("-1", "b.json#/2: `capital` is -1, it must be from 0 to 100"),
        (
            "\"NaN\"",
            "b.json: /2/recordDetails/interests/0/share: `\"NaN\"` is no exact decimal number of at most 28 digits",
        ),
        (
            "1e40",
            "b.json: /2/recordDetails/interests/0/share: `1e40` is no exact decimal number of at most 28 digits",
        ),
        (
            "NaN",
            "b.json: this is no BODS 0.4 JSON: expected value at line 3 column",
        ),
        (
            "1e400",
            "b.json: this is no BODS 0.4 JSON: number out of range at line 3 column",
        ),
    ];
    for (value, wanted) in cases {
        let found = refusal("b.json", &share(value));
        assert!(found.starts_with(wanted), "{value}: {found}");
    }
    let found = refusal("rr.xml", gleif("PUBLISHED", "NaN").as_bytes());
    assert_eq!(found, "rr.xml: line 4: share `NaN` is no decimal number");
    let found = refusal("rr.xml", gleif("PUBLISHED", "101").as_bytes());
    assert_eq!(
        found,
        "rr.xml#L4: `capital` is 101, it must be from 0 to 100"
    );
    let money = "c0010,c0090,c0100\nX,eba_CU:EUR,NaN\n";
    let found = refusal("b_05.01.csv", money.as_bytes());
    assert_eq!(
        found,
        "b_05.01.csv: line 2: c0100: `NaN` is no decimal number"
    );
}

#[test]
fn self_holdings_and_wholes_above_100_are_placed() {
    let text = String::from_utf8(share("60")).unwrap();
    let own = text.replace("\"interestedParty\":\"p1\"", "\"interestedParty\":\"e1\"");
    let found = refusal("b.json", own.as_bytes());
    assert_eq!(found, "b.json#/2: `party:bods-e1` holds itself");
    let again = text.replace("]}}]", "]}}");
    let second = text.split("\n").nth(2).unwrap().replace("r1", "r2");
    let found = refusal("b.json", format!("{again},{second}").as_bytes());
    assert_eq!(
        found,
        "b.json#/3: the shares of `party:bods-e1`'s capital make at least 120%"
    );
}

/// A party that no statement describes is kept as one of which nothing is known.
#[test]
fn an_unknown_entity_is_unknown_not_dropped() {
    let text = String::from_utf8(share("60")).unwrap();
    let text = text.replace("\"interestedParty\":\"p1\"", "\"interestedParty\":\"p9\"");
    let (copy, _) = taken("b.json", text.as_bytes()).unwrap();
    assert_eq!(copy.tables["holding"], 1);
    assert!(
        copy.unmapped
            .iter()
            .any(|x| x == ("party of another file", 1))
    );
    assert!(copy.draft.text.contains("holder = \"party:bods-p9\""));
}

#[test]
fn a_key_written_twice_is_refused() {
    let text = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\n\"components\":[{\"name\":\"a\",\"hashes\":1,\"hashes\":2}]}";
    let found = refusal("x.json", text.as_bytes());
    assert_eq!(
        found,
        "x.json: this is no CycloneDX JSON: duplicate key `hashes` at line 2 column 45"
    );
}

#[test]
fn versions_that_are_not_known_are_named() {
    let cdx = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"9.9\"}";
    assert_eq!(
        refusal("x.json", cdx.as_bytes()),
        "x.json: CycloneDX version `9.9`, it must be 1.2 to 1.7"
    );
    let spdx = "{\"spdxVersion\":\"SPDX-1.0\"}";
    assert_eq!(
        refusal("x.json", spdx.as_bytes()),
        "x.json: SPDX version `SPDX-1.0`, it must be 2.2, 2.3 or 3.0"
    );
    let old = bods("").replace("0.4", "0.2");
    assert_eq!(
        refusal("x.json", old.as_bytes()),
        "x.json: /0: BODS version `0.2`, it must be 0.4"
    );
    assert_eq!(
        refusal("x.bin", b"\x00"),
        "x.bin: this file is of no known format"
    );
}

/// Entities of XML are never expanded, so that no bomb can grow.
#[test]
fn xml_bombs_are_refused() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<RelationshipData>&b;</RelationshipData>";
    assert_eq!(
        refusal("x.xml", bomb.as_bytes()),
        "x.xml: line 2: document type declarations are not read"
    );
    let deep = format!("<RelationshipData>{}", "<a>".repeat(1_000_000));
    assert_eq!(
        refusal("x.xml", deep.as_bytes()),
        "x.xml: line 1: elements nest too deep"
    );
    assert_eq!(
        refusal("x.xml", b"<RelationshipData>\n<a>"),
        "x.xml: line 2: the file is cut off"
    );
}

#[test]
fn deep_json_is_refused() {
    let deep = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"x\":{}",
        "[".repeat(1_000_000)
    );
    assert!(refusal("x.json", deep.as_bytes()).contains("recursion limit exceeded"));
}

/// Files that a dossier names place their defects too.
#[test]
fn a_named_file_says_where() {
    let head = "[dossier]\nformat = 1\nimport = [\"b.json\"]\n";
    let text = String::from_utf8(share("100.5")).unwrap();
    let f = read_texts(&[("a.toml", head), ("b.json", &text)]).unwrap_err();
    assert!(
        print(&f.sources, &f.diagnostics, "en")
            .starts_with("a.toml:3:11: b.json#/2: `capital` is 100.5, it must be from 0 to 100")
    );
}

/// A million keys nobody knows: counted together after the first ones.
#[test]
fn the_report_is_bounded() {
    let many: Vec<String> = (0..100_000).map(|i| format!("\"k{i}\":0")).collect();
    let text = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",{}}}",
        many.join(",")
    );
    let (copy, _) = taken("x.json", text.as_bytes()).unwrap();
    assert_eq!(copy.unmapped.iter().count(), 501);
    assert!(copy.unmapped.iter().any(|x| x == ("…", 99_500)));
}

/// Relationship records of so many firms, all held by one, and then what is no XML.
fn gleif_of(firms: usize) -> String {
    let lei = |i: usize| {
        let body = format!("5299{i:014}");
        let digits: String = format!("{body}00")
            .chars()
            .map(|c| c.to_digit(36).unwrap().to_string())
            .collect();
        let rest = digits
            .bytes()
            .fold(0, |r, d| (10 * r + u32::from(d - b'0')) % 97);
        format!("{body}{:02}", 98 - rest)
    };
    let text = gleif("PUBLISHED", "60").replace('\n', "");
    let start = text.find("<rr:RelationshipRecord>").unwrap();
    let end = text.rfind("</rr:RelationshipRecords>").unwrap();
    let record = |i: usize| text[start..end].replace(CHILD, &lei(i)) + "\n";
    let records: String = (1..=firms).map(record).collect();
    format!("<rr:RelationshipData xmlns:rr=\"x\">\n{records}<</")
}

/// What gives too much is refused where it does: what follows is not even read.
#[test]
fn too_much_is_refused_where_it_is_reached() {
    let found = refusal("rr.xml", gleif_of(60_000).as_bytes());
    let (line, said) = found
        .strip_prefix("rr.xml: line ")
        .unwrap()
        .split_once(": ")
        .unwrap();
    assert!(line.parse::<usize>().unwrap() < 58_000, "{found}");
    assert_eq!(
        said,
        "the file gives more than the 4 MiB allowed to a file of a dossier; keep only what concerns the applicant, or name it in `import` of [dossier]"
    );
}

/// Of two limits, the one that was reached first is told, where it was.
#[test]
fn the_limit_that_was_reached_is_told() {
    let text = format!(
        "c0010,c0050\n{}",
        (0..15).map(|i| format!("{i},a\n")).collect::<String>()
    );
    let room = Room {
        facts: 20,
        bytes: Some(300),
    };
    let read = import(
        Format::Dora,
        "b_05.01.csv",
        text.as_bytes(),
        &Applicant::default(),
        &room,
    );
    let said = read.unwrap_err().en;
    assert!(
        said.starts_with("line 4: the file gives more than the 0 MiB"),
        "{said}"
    );
}

/// Each reader stops at the room that it is given, and names the place.
#[test]
fn each_format_keeps_to_its_room() {
    let many = |one: &str, n: usize| vec![one; n].join(",");
    let cdx = |n| {
        format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{}]}}",
            many("{\"name\":\"a\"}", n)
        )
    };
    let xml = |n| {
        xml_bill(&format!(
            "<components>{}</components>",
            "<component><name>a</name></component>\n".repeat(n)
        ))
    };
    let spdx = |n| {
        format!(
            "{{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{}]}}",
            many("{\"name\":\"a\"}", n)
        )
    };
    let oscal = |n| {
        format!(
            "{{\"component-definition\":{{\"metadata\":{{\"oscal-version\":\"1.1.2\"}},\"components\":[{}]}}}}",
            many("{\"type\":\"software\",\"title\":\"a\"}", n)
        )
    };
    let dora = |n| {
        format!(
            "c0010,c0050\n{}",
            (0..n).map(|i| format!("{i},a\n")).collect::<String>()
        )
    };
    let room = Room {
        facts: 20,
        bytes: None,
    };
    let read = |format: Format, name: &str, text: String| {
        import(format, name, text.as_bytes(), &Applicant::default(), &room)
            .map(|_| ())
            .map_err(|e| e.en)
    };
    type Case<'a> = (Format, &'a str, &'a dyn Fn(usize) -> String, usize, &'a str);
    let cases: [Case<'_>; 5] = [
        (Format::CycloneDx, "b.json", &cdx, 20, "line 1, column "),
        (Format::CycloneDx, "b.xml", &xml, 20, "line 22"),
        (Format::Spdx, "b.json", &spdx, 20, "line 1, column "),
        (Format::Oscal, "b.json", &oscal, 20, "line 1, column "),
        (Format::Dora, "b_05.01.csv", &dora, 10, "line 12"),
    ];
    for (format, name, text, fits, place) in cases {
        let over = read(format, name, text(fits + 1)).unwrap_err();
        assert!(
            over.starts_with(place) && over.contains("more than 20 facts"),
            "{over}"
        );
        let fits = read(format, name, text(fits));
        assert!(
            fits.as_ref().err().is_none_or(|e| !e.contains("facts")),
            "{name} {fits:?}"
        );
    }
}

proptest! {
    /// Damaged files are read or refused; what is read makes a dossier or is refused
    /// with places.
    #[test]
    fn damaged_files_are_read_or_refused(
        which in 0usize..3,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0usize..9, "[\\[\\]{}<>:,\"0-9a-z\n é-]{0,4}"), 1..5),
    ) {
        let (name, text) = [
            ("b.json", String::from_utf8(share("60")).unwrap()),
            ("rr.xml", gleif("PUBLISHED", "60")),
            ("b_05.01.csv", "c0010,c0050,c0080,c0090,c0100\nX,Y,FR,EUR,12\n".into()),
        ][which].clone();
        let mut chars: Vec<char> = text.chars().collect();
        for (at, len, with) in cuts {
            let start = at.index(chars.len());
            let end = (start + len).min(chars.len());
            chars.splice(start..end, with.chars());
        }
        let text: String = chars.into_iter().collect();
        if let Err(f) = taken(name, text.as_bytes()) {
            for d in f.diagnostics {
                prop_assert!(d.file.is_some() || d.span.is_some() || d.code == "too-many-defects");
            }
        }
        let room = Room::beside(0, &Limits::default());
        for format in Format::ALL {
            let _ = import(format, name, text.as_bytes(), &Applicant::default(), &room);
        }
    }
}

fn xml_bill(inside: &str) -> String {
    format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\">\n{inside}\n</bom>")
}

/// Each defect of a bill in XML, with its line.
#[test]
fn bills_in_xml_are_refused_at_their_line() {
    let component = |inside: &str| {
        let inside = format!("<components>\n<component type=\"library\">{inside}</component>");
        xml_bill(&format!("{inside}</components>"))
    };
    for (text, wanted) in [
        (component(""), "line 3: a component has no name"),
        (
            component("<name>a</name>\n<name>b</name>"),
            "line 4: `name` is written twice",
        ),
        (
            component("<name>a<b/></name>"),
            "line 3: `b` where text is wanted",
        ),
        (
            component("<name>&lol;</name>"),
            "line 3: entity `lol` is not defined",
        ),
        (
            format!("{}<bom/>", xml_bill("")),
            "line 3: two root elements",
        ),
        (
            xml_bill(&"<components>".repeat(40)),
            "line 2: elements nest too deep",
        ),
        (
            xml_bill("").replace("</bom>", ""),
            "line 3: the file is cut off",
        ),
        (
            xml_bill("").replace("1.5", "1.1"),
            "CycloneDX version `1.1`, it must be 1.2 to 1.7",
        ),
        (
            format!(
                "<!DOCTYPE bom [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n{}",
                component("<name>&b;</name>")
            ),
            "line 1: document type declarations are not read",
        ),
    ] {
        let said = refusal("b.xml", text.as_bytes());
        assert!(said.ends_with(wanted), "{said} / {wanted}");
    }
}

/// References to characters are read, as are the five names that XML defines.
#[test]
fn names_in_xml_keep_their_characters() {
    let inside = "<components><component><name>R&amp;D &#233;t&#xE9; <![CDATA[<x>]]></name>\
                  </component></components>";
    let (_, dossier) = taken("b.xml", xml_bill(inside).as_bytes()).unwrap();
    let text = "R&D été <x>";
    let mut facts = dossier.base.facts();
    assert!(facts.any(|(_, f)| format!("{:?}", f.value).contains(text)));
}
