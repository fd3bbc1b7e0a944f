//! Holdings: BODS, GLEIF level 2, the DORA register.

use super::{taken, taken_all};
use crate::common::facts;
use cocarde_dossier::Dossier;
use cocarde_model::{Decimal, Interval, Value};
use proptest::prelude::*;

/// A statement of BODS 0.4.
pub fn statement(kind: &str, id: &str, details: &str) -> String {
    format!(
        r#"{{"statementId":"s-{id}","statementDate":"2026-01-01","publicationDetails":{{"bodsVersion":"0.4"}},"recordId":"{id}","recordType":"{kind}","recordStatus":"new","recordDetails":{details}}}"#
    )
}

/// A firm, a person, and the interests of the person in the firm.
pub fn bods(interests: &str) -> String {
    let firm = statement(
        "entity",
        "e1",
        r#"{"entityType":{"type":"registeredEntity"},"name":"Filature Exemple","jurisdiction":{"code":"FR"}}"#,
    );
    let person = statement(
        "person",
        "p1",
        r#"{"personType":"knownPerson","names":[{"fullName":"A. Exemple"}],"nationalities":[{"code":"BE"}]}"#,
    );
    let link = statement(
        "relationship",
        "r1",
        &format!(r#"{{"subject":"e1","interestedParty":"p1","interests":[{interests}]}}"#),
    );
    format!("[{firm},\n{person},\n{link}]")
}

fn number(d: &Dossier, id: &str, field: &str) -> Option<Interval> {
    match facts(&d.base, "holding", id, field).first()?.value {
        Value::Number(n) => Some(n),
        _ => None,
    }
}

fn capital(interests: &str) -> Option<Interval> {
    let (_, d) = taken("b.json", bods(interests).as_bytes()).unwrap();
    number(&d, "bods-r1", "capital")
}

fn interval(lo: &str, hi: &str) -> Option<Interval> {
    Interval::new(lo.parse().ok(), hi.parse().ok())
}

fn share(kind: &str, share: &str) -> String {
    format!(r#"{{"type":"{kind}","directOrIndirect":"direct","share":{share}}}"#)
}

#[test]
fn shares_of_a_declaration_are_intervals() {
    let of = |s: &str| capital(&share("shareholding", s));
    assert_eq!(
        of(r#"{"exact":33.333333333333333333}"#),
        interval("33.333333333333333333", "33.333333333333333333")
    );
    assert_eq!(
        of(r#"{"minimum":25,"exclusiveMaximum":50}"#),
        interval("25", "50")
    );
    assert_eq!(of(r#"{"minimum":75}"#), interval("75", "100"));
    assert_eq!(of(r#"{"exact":2.5e1}"#), interval("25", "25"));
}

/// Two shareholdings side by side: parts of a whole, or the same said twice.
#[test]
fn shares_stated_twice_are_bounded_not_guessed() {
    let two = |a: &str, b: &str| {
        capital(&format!(
            "{},{}",
            share("shareholding", a),
            share("shareholding", b)
        ))
    };
    assert_eq!(
        two(r#"{"exact":30}"#, r#"{"exact":20}"#),
        interval("30", "50")
    );
    assert_eq!(
        two(r#"{"exact":60}"#, r#"{"exact":60}"#),
        interval("60", "100")
    );
}

#[test]
fn what_is_not_direct_is_counted_not_held() {
    for how in [
        r#","directOrIndirect":"indirect""#,
        r#","directOrIndirect":"unknown""#,
        "",
    ] {
        let text = bods(&format!(
            r#"{{"type":"shareholding"{how},"share":{{"exact":50}}}}"#
        ));
        let (copy, _) = taken("b.json", text.as_bytes()).unwrap();
        assert!(!copy.tables.contains_key("holding"), "{how}");
        assert!(
            copy.unmapped
                .iter()
                .any(|(k, _)| k.starts_with("interest shareholding"))
        );
    }
}

#[test]
fn a_party_keeps_what_is_said_of_it() {
    let (copy, d) = taken(
        "b.json",
        bods(&share("votingRights", r#"{"exact":51}"#)).as_bytes(),
    )
    .unwrap();
    let value = |id: &str, f: &str| facts(&d.base, "party", id, f)[0].value.clone();
    assert_eq!(value("bods-p1", "nationality"), Value::text("BE"));
    assert_eq!(value("bods-e1", "seat"), Value::text("FR"));
    let note = facts(&d.base, "party", "bods-e1", "seat")[0]
        .source
        .note
        .clone();
    assert_eq!(note.as_deref(), Some("b.json#/0"));
    assert!(
        copy.draft
            .text
            .contains("partial = [\"holding\", \"party\"]")
    );
}

/// Of several nationalities none is the one, whichever stands first.
#[test]
fn of_several_nationalities_none_is_told() {
    for (all, told) in [("BE,BE", 1), ("BE,US", 0), ("US,BE", 0)] {
        let codes: Vec<String> = all
            .split(',')
            .map(|c| format!(r#"{{"code":"{c}"}}"#))
            .collect();
        let text = bods(&share("votingRights", r#"{"exact":51}"#))
            .replace(r#"{"code":"BE"}"#, &codes.join(","));
        let (_, d) = taken("b.json", text.as_bytes()).unwrap();
        let found = facts(&d.base, "party", "bods-p1", "nationality");
        assert_eq!(found.len(), told, "{all}");
    }
}

/// LEIs with a valid key.
pub const PARENT: &str = "506700GE1G29325QX363";
pub const CHILD: &str = "5493001KJTIIGC8Y1R12";

pub fn gleif(status: &str, percent: &str) -> String {
    format!(
        r#"<?xml version="1.0"?>
<rr:RelationshipData xmlns:rr="http://www.gleif.org/data/schema/rr/2016">
<rr:RelationshipRecords>
<rr:RelationshipRecord><rr:Relationship>
<rr:StartNode><rr:NodeID>{CHILD}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:StartNode>
<rr:EndNode><rr:NodeID>{PARENT}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:EndNode>
<rr:RelationshipType>IS_DIRECTLY_CONSOLIDATED_BY</rr:RelationshipType>
<rr:RelationshipStatus>ACTIVE</rr:RelationshipStatus>
<rr:RelationshipQuantifiers><rr:RelationshipQuantifier>
<rr:QuantifierAmount>{percent}</rr:QuantifierAmount><rr:QuantifierUnits>PERCENTAGE</rr:QuantifierUnits>
</rr:RelationshipQuantifier></rr:RelationshipQuantifiers>
</rr:Relationship><rr:Registration><rr:RegistrationStatus>{status}</rr:RegistrationStatus></rr:Registration>
</rr:RelationshipRecord>
</rr:RelationshipRecords></rr:RelationshipData>"#
    )
}

pub fn gleif_csv(percent: &str) -> String {
    format!(
        "Relationship.StartNode.NodeID,Relationship.StartNode.NodeIDType,Relationship.EndNode.NodeID,\
         Relationship.RelationshipType,Relationship.RelationshipStatus,\
         Relationship.Quantifiers.1.QuantifierAmount,Relationship.Quantifiers.1.QuantifierUnits,\
         Registration.RegistrationStatus\n\
         {CHILD},LEI,{PARENT},IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE,{percent},PERCENTAGE,PUBLISHED\n"
    )
}

#[test]
fn both_syntaxes_of_gleif_say_the_same() {
    let (_, xml) = taken("rr.xml", gleif("PUBLISHED", "60.5").as_bytes()).unwrap();
    let (_, csv) = taken("rr.csv", gleif_csv("60.5").as_bytes()).unwrap();
    let all = |d: &Dossier| {
        let plain = d
            .base
            .facts()
            .map(|(_, f)| (f.subject, f.field, f.value.clone()));
        plain.collect::<Vec<_>>()
    };
    assert_eq!(all(&xml), all(&csv));
    let id = format!("gleif-{CHILD}-{PARENT}");
    assert_eq!(number(&xml, &id, "capital"), interval("60.5", "60.5"));
    let (copy, _) = taken("rr.xml", gleif("ANNULLED", "60.5").as_bytes()).unwrap();
    assert!(copy.tables.is_empty());
}

/// What is consolidated is no share of the capital, and `1.00` is not one per cent of it.
#[test]
fn an_amount_measured_by_consolidation_is_no_share() {
    let method = "<rr:MeasurementMethod>ACCOUNTING_CONSOLIDATION</rr:MeasurementMethod>";
    let xml = gleif("PUBLISHED", "1.00").replace(
        "<rr:QuantifierAmount>",
        &format!("{method}<rr:QuantifierAmount>"),
    );
    let csv = gleif_csv("1.00")
        .replace(
            "QuantifierUnits,",
            "QuantifierUnits,Relationship.Quantifiers.1.MeasurementMethod,",
        )
        .replace("PERCENTAGE,", "PERCENTAGE,ACCOUNTING_CONSOLIDATION,");
    for (name, text) in [("rr.xml", xml), ("rr.csv", csv)] {
        let (copy, d) = taken(name, text.as_bytes()).unwrap();
        assert_eq!(copy.tables["holding"], 1);
        let id = format!("gleif-{CHILD}-{PARENT}");
        assert_eq!(number(&d, &id, "capital"), None, "{name}");
        let counted = ("amount measured by consolidation", 1);
        assert!(copy.unmapped.iter().any(|x| x == counted), "{name}");
    }
}

#[test]
fn the_register_gives_suppliers_parents_and_substitutability() {
    let entities = format!("c0010,c0020,c0030,c0060\n{PARENT},Banque Exemple,eba_GA:FR,{CHILD}\n");
    let providers = format!(
        "c0010,c0050,c0070,c0080,c0090,c0100,c0110\n\
         {CHILD},Hébergeur Exemple,eba_CT:x212,eba_GA:IE,eba_CU:EUR,120000.50,US-1\n\
         US-1,Groupe Exemple,eba_CT:x212,eba_GA:US,,,\n"
    );
    let assessed = format!("c0010,c0020,c0040,c0050,c0080\nC-1,{CHILD},eba_TA:S17,eba_ZZ:x959,x\n");
    let (copies, d) = taken_all(&[
        ("b_01.02.csv", entities.as_bytes()),
        ("b_05.01.csv", providers.as_bytes()),
        ("b_07.01.csv", assessed.as_bytes()),
    ])
    .unwrap_or_else(|f| panic!("{:?}", f.diagnostics));
    let child = format!("dora-{CHILD}");
    let value = |ty: &str, id: &str, f: &str| facts(&d.base, ty, id, f)[0].value.clone();
    assert_eq!(value("party", &child, "controlled_from"), Value::text("US"));
    assert_eq!(
        value("supplier", &child, "spend"),
        Value::Number(Interval::point("120000.50".parse::<Decimal>().unwrap()))
    );
    assert_eq!(
        value("supplier", "dora-assessed-1", "alternatives"),
        Value::Number(Interval::ZERO)
    );
    assert_eq!(
        value("supplier", "dora-assessed-1", "role"),
        Value::text("hosting")
    );
    let left: Vec<_> = copies[2].unmapped.iter().collect();
    assert_eq!(left, [("B_07.01 c0010", 1), ("B_07.01 c0080", 1)]);
    assert_eq!(
        facts(&d.base, "holding", &format!("dora-{PARENT}-parent"), "held").len(),
        1
    );
}

/// The layout is told by the header: the cells that only the published one has may be empty.
#[test]
fn a_register_without_expenses_is_not_a_draft() {
    let text = "c0010,c0030,c0050,c0070,c0080,c0090,c0100,c0110\n\
                US-1,123,Groupe Exemple,eba_CT:x212,eba_GA:US,,,\n";
    let (_, d) =
        taken("b_05.01.csv", text.as_bytes()).unwrap_or_else(|f| panic!("{:?}", f.diagnostics));
    let value = |f: &str| facts(&d.base, "party", "dora-US-1", f)[0].value.clone();
    assert_eq!(value("name"), Value::text("Groupe Exemple"));
    // The register asks for the operating headquarters, which is no registered seat.
    assert_eq!(value("central_administration"), Value::text("US"));
    assert!(facts(&d.base, "party", "dora-US-1", "seat").is_empty());
}

/// The applicant has no party of its own, and nothing of a register names one.
#[test]
fn the_applicant_of_a_register_is_the_applicant() {
    let entities =
        format!("c0010,c0020,c0060\n{PARENT},Banque Exemple,\n{CHILD},Filiale Exemple,{PARENT}\n");
    let assessed = format!("c0010,c0020,c0050\nC-1,{PARENT},eba_ZZ:x959\n");
    let head = |by: &str| {
        format!(
            "[dossier]\nformat = 1\nimport = [\"b_01.02.csv\", \"b_07.01.csv\"]\n[organisation]\n{by}\n"
        )
    };
    let read = |by: &str, assessed: &str| {
        let files = [
            ("a.toml", &*head(by)),
            ("b_01.02.csv", &entities),
            ("b_07.01.csv", assessed),
        ];
        cocarde_dossier::read_texts(&files).unwrap_or_else(|f| panic!("{:?}", f.diagnostics))
    };
    let by_name = read("name = \"Banque Exemple\"", "c0010\n");
    let by_code = read(&format!("lei = \"{PARENT}\""), &assessed);
    for d in [by_name, by_code] {
        let id = format!("dora-{CHILD}-parent");
        let holder = &facts(&d.base, "holding", &id, "holder")[0].value;
        assert_eq!(*holder, Value::Ref(d.applicant().unwrap()));
    }
}

proptest! {
    /// Law: a share keeps every digit, however the JSON writes it.
    #[test]
    fn every_digit_is_kept(units in 0u32..100, places in 0usize..12, digits in 0u64..1_000_000_000_000) {
        let fraction = &format!("{digits:012}")[..places];
        let text = if places == 0 { units.to_string() } else { format!("{units}.{fraction}") };
        let exact = Some(Interval::point(text.parse().unwrap()));
        let of = |s: &str| capital(&share("shareholding", &format!(r#"{{"exact":{s}}}"#)));
        prop_assert_eq!(of(&text), exact);
        let shifted = format!("{units}{fraction}e-{places}");
        let shifted = shifted.trim_start_matches('0');
        if !shifted.starts_with('e') {
            prop_assert_eq!(of(shifted), exact);
        }
    }
}
