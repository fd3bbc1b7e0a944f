//! Nothing that a file says is lost without being counted.

use super::order::{count, graph, said, together};
use super::ownership::{gleif, statement};
use super::{refusal, taken};
use cocarde_dossier::adapters::Copy;

fn times(copy: &Copy, what: &str) -> usize {
    let mut all = copy.unmapped.iter();
    all.find(|(k, _)| *k == what).map_or(0, |(_, n)| n)
}

#[test]
fn every_licence_of_a_package_applies_or_is_counted() {
    let all: Vec<usize> = (0..8).collect();
    let (copy, _) = taken("g.json", graph(&all).as_bytes()).unwrap();
    let text = &copy.draft.text;
    assert!(
        text.contains("licence = \"(ISC OR Zlib) AND MIT\""),
        "{text}"
    );
    assert_eq!(times(&copy, "declared licence beside a concluded one"), 1);
    assert_eq!(times(&copy, "/@graph/* (Person)"), 1);
    // What is not in the file is not taken for no licence.
    let (copy, _) = taken("g.json", graph(&[0, 1, 4, 5]).as_bytes()).unwrap();
    assert!(!copy.draft.text.contains("licence ="));
    assert_eq!(times(&copy, "licence of another file"), 1);
    // One of which nothing is asserted leaves the declared one, however that is written.
    for none in [
        "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense",
        "expandedlicensing_NoAssertionLicense",
        "expandedlicensing_NoneLicense",
    ] {
        let concluded =
            graph(&[0, 2, 3, 5, 6]).replace("[\"ISC OR Zlib\"]", &format!("[\"{none}\"]"));
        let (copy, _) = taken("g.json", concluded.as_bytes()).unwrap();
        assert!(copy.draft.text.contains("\"BSD-2-Clause\""), "{none}");
        assert_eq!(times(&copy, "licence of another file"), 0, "{none}");
    }
    let two = r#"{"spdxVersion":"SPDX-2.3","packages":[{"name":"a","licenseConcluded":"MIT","licenseDeclared":"ISC","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:npm/a"},{"referenceType":"purl","referenceLocator":"pkg:npm/b"}]}],"relationships":[{"spdxElementId":"x","relationshipType":"CONTAINS","relatedSpdxElement":"y"},{"spdxElementId":"x","relationshipType":"CONTAINS","relatedSpdxElement":"z"}]}"#;
    let (copy, _) = taken("s.json", two.as_bytes()).unwrap();
    assert_eq!(times(&copy, "declared licence beside a concluded one"), 1);
    assert_eq!(times(&copy, "/relationships/* (CONTAINS)"), 2);
    // Of two addresses none is the one, whichever stands first.
    assert_eq!(times(&copy, "purl beside another"), 2);
}

#[test]
fn an_amount_in_other_units_is_counted() {
    let text = gleif("PUBLISHED", "60.5").replace("PERCENTAGE", "EUR");
    let (copy, _) = taken("rr.xml", text.as_bytes()).unwrap();
    assert_eq!(times(&copy, "amount that is no percentage"), 1);
}

/// Of an OSCAL definition: a component that two files state is one, and no role is lost.
#[test]
fn components_are_told_by_their_identifier_and_roles_are_counted() {
    let roles = r#"[{"role-id":"provider","party-uuids":["u","v"]},{"role-id":"vendor","party-uuids":["u"]},{"role-id":"owner"}]"#;
    let text = |title: &str| {
        format!(
            r#"{{"component-definition":{{"metadata":{{"oscal-version":"1.1.2","parties":[{{"uuid":"u","name":"P"}}]}},"components":[{{"uuid":"c","type":"software","title":"{title}","responsible-roles":{roles}}},{{"uuid":"d","type":"service","title":"s"}}]}}}}"#
        )
    };
    let (a, b) = (text("t"), text("other"));
    let (copy, d) = taken("a.json", a.as_bytes()).unwrap();
    assert_eq!(count(&d, "supplier"), 1);
    for what in [
        "party of another file",
        "role owner without a party",
        "component type service",
    ] {
        assert_eq!(times(&copy, what), 1, "{what}");
    }
    let twice = together(&[("a.json", &a), ("b.json", &a)]).unwrap();
    assert_eq!(
        (count(&twice, "component"), count(&twice, "supplier")),
        (1, 1)
    );
    let unlike = together(&[("a.json", &a), ("b.json", &b)]).unwrap();
    assert_eq!(count(&unlike, "component"), 2);
}

/// Of a CycloneDX bill: what stands beside the licence that is kept is counted.
#[test]
fn licences_and_suppliers_of_a_bill_are_counted() {
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a","supplier":{},"licenses":[{"license":{"id":"MIT","acknowledgement":"declared"}},{"license":{"id":"Apache-2.0","acknowledgement":"concluded"}},{"license":{}}]}]}"#;
    let (copy, _) = taken("b.json", text.as_bytes()).unwrap();
    for what in [
        "declared licence beside a concluded one",
        "licence without a name",
        "supplier without a name",
    ] {
        assert_eq!(times(&copy, what), 1, "{what}");
    }
}

/// What identifies a party in a declaration and has no place in a dossier is counted.
#[test]
fn identifiers_and_addresses_are_counted() {
    let firm = statement(
        "entity",
        "e1",
        r#"{"name":"F","jurisdiction":{"code":"FR"},"identifiers":[{"scheme":"GB-COH","id":"1"}],"addresses":[{"type":"registered","country":{"code":"IE"}},{"type":"service","country":{"code":"US"}}]}"#,
    );
    let (copy, d) = taken("b.json", format!("[{firm}]").as_bytes()).unwrap();
    assert!(
        said(&d).contains(&"party:bods-e1 party.seat = IE".to_string()),
        "{:?}",
        said(&d)
    );
    for what in [
        "identifier GB-COH",
        "address of type service",
        "jurisdiction beside an address in another country",
    ] {
        assert_eq!(times(&copy, what), 1, "{what}");
    }
    // Records whose identifiers look alike as ids are two.
    let like = |id: &str| statement("entity", id, "{}");
    let text = format!("[{},{}]", like("a/b"), like("a b"));
    let (_, d) = taken("b.json", text.as_bytes()).unwrap();
    assert_eq!(count(&d, "party"), 3);
}

/// Of two suppliers, or providers, of one thing none is kept for standing last.
#[test]
fn an_organisation_written_twice_is_refused() {
    let bill = |inside: &str| {
        format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">\n{inside}</bom>")
    };
    let two =
        |name: &str| format!("<{name}><name>A</name></{name}>\n<{name}><name>B</name></{name}>");
    let component = format!(
        "<components><component type=\"library\"><name>a</name>{}</component></components>",
        two("supplier")
    );
    let service = format!(
        "<services><service>{}</service></services>",
        two("provider")
    );
    for (inside, name) in [(component, "supplier"), (service, "provider")] {
        let found = refusal("b.xml", bill(&inside).as_bytes());
        assert_eq!(found, format!("b.xml: line 3: `{name}` is written twice"));
    }
}
