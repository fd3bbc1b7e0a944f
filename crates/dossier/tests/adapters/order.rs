//! Neither the order of files nor that within a file says anything.

use super::ownership::{CHILD, PARENT, gleif, gleif_csv, statement};
use super::{taken, taken_all};
use cocarde_dossier::Dossier;
use proptest::prelude::*;

/// What a dossier says, whatever the order in which it says it, and whatever numbers ids have
/// that only count.
pub fn said(d: &Dossier) -> Vec<String> {
    let name = |text: String| match text.split_once("sbom-") {
        Some((_, n)) if n.starts_with(|c: char| c.is_ascii_digit()) => "sbom".to_string(),
        _ => text,
    };
    let shown = d.base.facts().map(|(_, f)| {
        let ty = d.base.record(f.subject).ty;
        let property = d.base.schema().property_name(ty, f.field);
        let value = match &f.value {
            cocarde_model::Value::Ref(r) => d.base.record_name(*r),
            other => other.to_string(),
        };
        format!(
            "{} {property} = {value}",
            name(d.base.record_name(f.subject))
        )
    });
    let mut all: Vec<String> = shown.collect();
    all.sort();
    all
}

/// What a file comes to, or why it is refused, without the place.
fn outcome(name: &str, text: &str) -> Option<Vec<String>> {
    let (copy, d) = taken(name, text.as_bytes()).ok()?;
    let counted = copy.unmapped.iter().map(|(k, n)| format!("{n} {k}"));
    Some(said(&d).into_iter().chain(counted).collect())
}

pub fn together(files: &[(&str, &str)]) -> Result<Dossier, Vec<String>> {
    let files: Vec<_> = files.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
    taken_all(&files).map(|(_, d)| d).map_err(|f| {
        let codes = f.diagnostics.iter().map(|d| d.code.to_string());
        codes.collect()
    })
}

pub fn count(d: &Dossier, ty: &str) -> usize {
    let ty = d.base.schema().by_name(ty);
    d.base.records().filter(|(_, r)| Some(r.ty) == ty).count()
}

/// A direct interest of `holder` in `e1`, each of them JSON.
pub fn link(id: &str, holder: &str, kind: &str, share: u32) -> String {
    let interest =
        format!(r#"{{"type":"{kind}","directOrIndirect":"direct","share":{{"exact":{share}}}}}"#);
    let details =
        format!(r#"{{"subject":"e1","interestedParty":{holder},"interests":[{interest}]}}"#);
    statement("relationship", id, &details)
}

fn dated(statement: &str, day: &str, status: &str) -> String {
    statement
        .replace("2026-01-01", day)
        .replace("\"new\"", &format!("\"{status}\""))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    /// Law: statements of BODS in any order say the same, and are refused alike.
    #[test]
    fn statements_come_in_any_order(
        order in Just((0..8).collect::<Vec<usize>>()).prop_shuffle(),
        same_day in any::<bool>(),
    ) {
        let again = if same_day { "2026-01-01" } else { "2026-02-01" };
        let old = link("r1", "\"p1\"", "shareholding", 30);
        let all = [
            statement("entity", "e1", r#"{"name":"Filature Exemple"}"#),
            statement("person", "p1", r#"{"names":[{"fullName":"A. Exemple"},{"type":"legal","fullName":"Anne Exemple"}]}"#),
            old.clone(),
            // The same said again is said once.
            old.replace("s-r1", "s-r1-again"),
            dated(&link("r1", "\"p1\"", "shareholding", 40), again, "new"),
            link("r2", "\"p1\"", "votingRights", 20),
            link("r3", "\"p2\"", "shareholding", 10),
            link("r4", "{\"reason\":\"subjectUnableToConfirm\"}", "shareholding", 5),
        ];
        let text = |order: &[usize]| {
            let all: Vec<&str> = order.iter().map(|i| all[*i].as_str()).collect();
            format!("[{}]", all.join(","))
        };
        let straight: Vec<usize> = (0..8).collect();
        let found = outcome("b.json", &text(&order));
        prop_assert_eq!(found.is_none(), same_day);
        prop_assert_eq!(found, outcome("b.json", &text(&straight)));
    }

    /// Law: of an SPDX graph, neither the order of elements nor that of licences says anything.
    #[test]
    fn elements_of_a_graph_come_in_any_order(order in Just((0..8).collect::<Vec<usize>>()).prop_shuffle()) {
        let straight: Vec<usize> = (0..8).collect();
        prop_assert_eq!(outcome("g.json", &graph(&order)), outcome("g.json", &graph(&straight)));
    }
}

/// A package with two concluded licences and one declared.
pub fn graph(order: &[usize]) -> String {
    let licence = |id: &str| {
        format!(
            r#"{{"type":"simplelicensing_LicenseExpression","spdxId":"{id}","simplelicensing_licenseExpression":"{id}"}}"#
        )
    };
    let tie = |how: &str, to: &str| {
        format!(
            r#"{{"type":"Relationship","spdxId":"r-{to}","from":"a","relationshipType":"{how}","to":["{to}"]}}"#
        )
    };
    let all = [
        r#"{"type":"software_Package","spdxId":"a","name":"a"}"#.to_string(),
        licence("MIT"),
        licence("ISC OR Zlib"),
        licence("BSD-2-Clause"),
        tie("hasConcludedLicense", "MIT"),
        tie("hasConcludedLicense", "ISC OR Zlib"),
        tie("hasDeclaredLicense", "BSD-2-Clause"),
        r#"{"type":"Person","spdxId":"p","name":"Author"}"#.to_string(),
    ];
    let all: Vec<&str> = order.iter().map(|i| all[*i].as_str()).collect();
    format!(
        r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{}]}}"#,
        all.join(",")
    )
}

/// A name that is a person's once and an organisation's once may be either.
#[test]
fn the_kind_of_a_supplier_does_not_hang_on_which_stands_first() {
    let bill = |a: &str, b: &str| {
        format!(
            r#"{{"spdxVersion":"SPDX-2.3","packages":[{{"name":"x","supplier":"{a}: N"}},{{"name":"x","supplier":"{b}: N"}}]}}"#
        )
    };
    let found = outcome("s.json", &bill("Person", "Organization"));
    assert_eq!(found, outcome("s.json", &bill("Organization", "Person")));
    assert!(found.unwrap().iter().all(|s| !s.contains("kind")));
}

/// Two suppliers whose names look alike as ids are two, in one bill or in two.
#[test]
fn suppliers_are_told_by_their_names() {
    let bill = |names: &[&str]| {
        let packages: Vec<String> = names
            .iter()
            .map(|n| format!(r#"{{"name":"x","supplier":"Organization: {n}"}}"#))
            .collect();
        let packages = packages.join(",");
        format!(r#"{{"spdxVersion":"SPDX-2.3","packages":[{packages}]}}"#)
    };
    let both = bill(&["A B", "A/B"]);
    let (one, other) = (bill(&["A B"]), bill(&["A/B"]));
    let (all, a, b) = (("c.json", &*both), ("a.json", &*one), ("b.json", &*other));
    for files in [vec![all], vec![a, b], vec![b, a], vec![all, a, b]] {
        let d = together(&files).unwrap_or_else(|e| panic!("{files:?}: {e:?}"));
        assert_eq!((count(&d, "party"), count(&d, "supplier")), (3, 2));
    }
}

/// The parties of whom two files know nothing are not one for standing at the same place.
#[test]
fn nobody_is_not_the_same_nobody_in_another_file() {
    let unknown = r#"{"reason":"subjectUnableToConfirm"}"#;
    let firm = |id: &str| statement("entity", id, r#"{"name":"Filature Exemple"}"#);
    let file = |e: &str, r: &str| {
        let link = link(r, unknown, "shareholding", 60).replace("\"e1\"", &format!("\"{e}\""));
        format!("[{},{link}]", firm(e))
    };
    let (a, b) = (file("e1", "r1"), file("e2", "r2"));
    let d = together(&[("a.json", &a), ("b.json", &b)]).unwrap();
    // Two firms and two holders, besides the applicant.
    assert_eq!(count(&d, "party"), 5);
}

/// Of a record that is closed nothing is read, so that nothing of it can be told otherwise.
#[test]
fn a_record_that_is_closed_twice_is_closed() {
    let closed = |share| {
        let link = link("r1", "\"p1\"", "shareholding", share);
        dated(&link, "2026-03-01", "closed")
    };
    let firm = statement("entity", "e1", r#"{"name":"Filature Exemple"}"#);
    let text = format!("[{firm},{},{}]", closed(30), closed(40));
    let (_, d) = taken("b.json", text.as_bytes()).unwrap();
    assert_eq!(count(&d, "holding"), 0);
}

/// One relationship that two files state is one holding, wherever it stands; where they do
/// not agree, somebody has to say.
#[test]
fn one_holding_of_two_files_is_one() {
    let other = gleif_csv("60.5").replace(CHILD, "5493006MHB84DD0ZWV18");
    let row = other.lines().last().unwrap();
    let (one, two) = (
        gleif_csv("60.5"),
        gleif_csv("60.5").replacen(CHILD, &format!("{row}\n{CHILD}"), 1),
    );
    assert_eq!(two.lines().count(), 3);
    let longer = gleif_csv("60.500");
    for files in [
        [("a.csv", &*one), ("c.csv", &*longer)],
        [("c.csv", &*longer), ("a.csv", &*one)],
    ] {
        assert_eq!(count(&together(&files).unwrap(), "holding"), 1);
    }
    for files in [
        [("a.csv", &*one), ("b.csv", &*two)],
        [("b.csv", &*two), ("a.csv", &*one)],
    ] {
        assert_eq!(count(&together(&files).unwrap(), "holding"), 2);
    }
    let firm = statement("entity", "e1", r#"{"name":"Filature Exemple"}"#);
    let file = |share| format!("[{firm},{}]", link("r1", "\"p1\"", "shareholding", share));
    let (a, b) = (file(30), file(40));
    for files in [
        [("a.json", &*a), ("b.json", &*b)],
        [("b.json", &*b), ("a.json", &*a)],
    ] {
        assert_eq!(together(&files).unwrap_err(), ["told-otherwise"]);
    }
    let twice = together(&[("a.json", &a), ("b.json", &a)]).unwrap();
    assert_eq!(count(&twice, "holding"), 1);
    // The same of files that are named, and not copied.
    let head = "[dossier]\nformat = 1\nimport = [\"a.json\", \"b.json\"]\n";
    let read = cocarde_dossier::read_texts(&[("d.toml", head), ("a.json", &a), ("b.json", &b)]);
    let found = read.map(|_| ()).unwrap_err().diagnostics;
    let message = "b.json#/1: `capital` of `holding:bods-r1` is not told as at a.json#/1";
    assert_eq!(
        found.iter().map(|d| &*d.message.en).collect::<Vec<_>>(),
        [message]
    );
}

/// A quantifier is read whole: what one leaves out is not taken from the next.
#[test]
fn quantifiers_of_a_record_are_not_mixed() {
    let next = "<rr:RelationshipQuantifier><rr:MeasurementMethod>ACCOUNTING_CONSOLIDATION\
        </rr:MeasurementMethod></rr:RelationshipQuantifier></rr:RelationshipQuantifiers>";
    let xml = gleif("PUBLISHED", "60.5").replace("</rr:RelationshipQuantifiers>", next);
    let (_, d) = taken("rr.xml", xml.as_bytes()).unwrap();
    let capital = format!("holding:gleif-{CHILD}-{PARENT} holding.capital = 60.5");
    assert!(said(&d).contains(&capital), "{:?}", said(&d));
}

/// Suppliers whom files tell alike are one, whichever file is read first.
#[test]
fn suppliers_of_several_registers_come_in_any_order() {
    let register = |spend: &str| format!("c0010,c0090,c0100\nUS-1,eba_CU:EUR,{spend}\n");
    let (five, seven, none) = (register("5"), register("7"), register(""));
    let all = [&*five, &*seven, &*seven, &*none];
    let names = [
        "b_05.01.csv",
        "b_05.01-b.csv",
        "b_05.01-c.csv",
        "b_05.01-d.csv",
    ];
    for order in [[0, 1, 2, 3], [2, 1, 0, 3], [3, 1, 0, 2], [1, 3, 2, 0]] {
        let files: Vec<_> = order.iter().zip(names).map(|(i, n)| (n, all[*i])).collect();
        assert_eq!(
            count(&together(&files).unwrap(), "supplier"),
            3,
            "{order:?}"
        );
    }
}

/// Of a provider or an entity with several rows, none is the one for standing first.
#[test]
fn rows_of_a_register_come_in_any_order() {
    let head = "c0010,c0050,c0080,c0090,c0100,c0110\n";
    let row = |name: &str| format!("US-1,{name},eba_GA:US,,,\n");
    let both = |a: &str, b: &str| {
        let text = format!("{head}{}{}", row(a), row(b));
        together(&[("b_05.01.csv", &text)]).map(|d| (count(&d, "party"), count(&d, "supplier")))
    };
    assert_eq!(both("A", "A"), Ok((2, 1)));
    assert_eq!(both("A", ""), Ok((2, 1)));
    assert_eq!(both("A", "B"), Err(vec!["told-otherwise".to_string()]));
    let entity = |seat: &str| format!("{CHILD},Banque,{seat},{PARENT}\n");
    let text = |a: &str, b: &str| format!("c0010,c0020,c0030,c0060\n{}{}", entity(a), entity(b));
    assert!(together(&[("b_01.02.csv", &text("FR", "FR"))]).is_ok());
    assert!(together(&[("b_01.02.csv", &text("FR", "IE"))]).is_err());
    assert!(together(&[("b_01.02.csv", &text("IE", "FR"))]).is_err());
}

/// An entity of whom one row tells that it is the applicant is so in every row.
#[test]
fn the_applicant_of_a_register_is_told_by_any_row() {
    let rows = [
        format!("{PARENT},Nous,\n"),
        format!("{PARENT},Nous SA,\n"),
        format!("{CHILD},Filiale,{PARENT}\n"),
    ];
    let read = |order: [usize; 3]| {
        let rows: Vec<&str> = order.iter().map(|i| rows[*i].as_str()).collect();
        let text = format!("c0010,c0020,c0060\n{}", rows.concat());
        let head =
            "[dossier]\nformat = 1\nimport = [\"b_01.02.csv\"]\n[organisation]\nname = \"Nous\"\n";
        let d = cocarde_dossier::read_texts(&[("a.toml", head), ("b_01.02.csv", &text)]);
        said(&d.unwrap_or_else(|f| panic!("{:?}", f.diagnostics)))
    };
    let found = read([0, 1, 2]);
    assert!(
        found
            .iter()
            .any(|s| s.ends_with("holding.holder = party:applicant")),
        "{found:?}"
    );
    assert_eq!(found, read([1, 0, 2]));
    assert_eq!(found, read([2, 1, 0]));
}
