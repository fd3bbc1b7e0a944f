//! Samples that the projects of the formats publish.

use super::{report, taken};
use cocarde_dossier::Dossier;
use cocarde_model::Slot;
use std::path::Path;

fn sample(path: &str) -> Vec<u8> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    std::fs::read(dir.join(path)).unwrap()
}

/// The reports, word for word: every member of a file is either mapped or counted.
#[test]
fn samples_are_read_whole() {
    for path in [
        "cyclonedx/cryptography.cdx.json",
        "cyclonedx/editor.cdx.json",
        "cyclonedx/editor.cdx.xml",
        "cyclonedx/hardware.cdx.json",
        "cyclonedx/saas.cdx.json",
        "spdx/dependency.spdx.json",
        "spdx/example13.spdx3.json",
        "oscal/example-component-definition.json",
    ] {
        let name = path.rsplit('/').next().unwrap();
        let (copy, dossier) = taken(name, &sample(path)).unwrap();
        assert_eq!(dossier.findings, [], "{path}");
        let golden = format!(
            "{}/tests/golden/{name}.report.txt",
            env!("CARGO_MANIFEST_DIR")
        );
        let found = report(&copy);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &found).unwrap();
        }
        let wanted = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(found, wanted, "{path}: UPDATE_GOLDEN=1 rewrites it");
    }
}

/// What a bill says of components, in order: not where it stands.
fn components(dossier: &Dossier) -> Vec<String> {
    let facts = dossier.base.facts().map(|(_, f)| f);
    let shown = facts.map(|f| {
        let record = dossier.base.record(f.subject);
        format!("{}.{:?} = {:?}", record.id, f.field, f.value)
    });
    shown.collect()
}

/// Law: JSON and XML of one bill, both published by the project, give the same dossier.
#[test]
fn both_syntaxes_of_a_bill_say_the_same() {
    let (_, json) = taken("b.json", &sample("cyclonedx/editor.cdx.json")).unwrap();
    let (_, xml) = taken("b.xml", &sample("cyclonedx/editor.cdx.xml")).unwrap();
    assert!(components(&json).len() > 100);
    assert_eq!(components(&json), components(&xml));
}

/// Law: adding a member that nobody knows changes nothing but the report, by one.
#[test]
fn an_unknown_member_is_counted() {
    let plain = String::from_utf8(sample("cyclonedx/saas.cdx.json")).unwrap();
    let with = plain.replacen("\"services\": [", "\"x-unheard-of\": 1, \"services\": [", 1);
    assert_ne!(plain, with);
    let (a, da) = taken("a.json", plain.as_bytes()).unwrap();
    let (b, db) = taken("a.json", with.as_bytes()).unwrap();
    let facts =
        |d: &cocarde_dossier::Dossier| d.base.facts().map(|(_, f)| f.clone()).collect::<Vec<_>>();
    assert_eq!(facts(&da), facts(&db));
    let extra: Vec<_> = b
        .unmapped
        .iter()
        .filter(|x| !a.unmapped.iter().any(|y| y == *x))
        .collect();
    assert_eq!(extra, [("/x-unheard-of", 1)]);
}

/// Members of JSON come in any order: what tells the format may stand last.
#[test]
fn a_format_is_told_wherever_it_is_stated() {
    let files = format!("\"files\":[{}0]", "0,".repeat(5_000));
    let text = format!("{{{files},\"packages\":[],\"spdxVersion\":\"SPDX-2.3\"}}");
    let (copy, _) = taken("x.json", text.as_bytes()).unwrap();
    assert_eq!(copy.format.name(), "spdx");
}

/// Whether the dossier that a file gives has all the components there are, as it says.
fn is_whole(name: &str, text: &str) -> bool {
    let (copy, _) = taken(name, text.as_bytes()).unwrap_or_else(|f| panic!("{:?}", f.diagnostics));
    !copy.draft.text.contains("partial = [\"component\"")
}

/// An author of SPDX says in words of its own that there may be more than is named.
#[test]
fn a_bill_that_says_it_may_lack_something_is_not_whole() {
    let two = |to: &str| {
        format!(
            r#"{{"spdxVersion":"SPDX-2.3","packages":[{{"name":"a"}}],"relationships":[{{"spdxElementId":"SPDXRef-a","relationshipType":"CONTAINS","relatedSpdxElement":"{to}"}}]}}"#
        )
    };
    assert!(is_whole("a.json", &two("SPDXRef-b")));
    assert!(is_whole("a.json", &two("NONE")));
    assert!(!is_whole("a.json", &two("NOASSERTION")));
    let three = |kind: &str, to: &str, how: &str| {
        format!(
            r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{{"type":"software_Package","spdxId":"a","name":"a"}},{{"type":"Relationship","spdxId":"r","from":"a","relationshipType":"{kind}","to":["{to}"],"completeness":"{how}"}}]}}"#
        )
    };
    assert!(is_whole("a.json", &three("contains", "b", "complete")));
    assert!(is_whole(
        "a.json",
        &three("hasConcludedLicense", "b", "noAssertion")
    ));
    for (to, how) in [
        ("b", "incomplete"),
        ("b", "noAssertion"),
        (
            "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement",
            "complete",
        ),
    ] {
        assert!(!is_whole("a.json", &three("contains", to, how)), "{how}");
    }
}

/// Brackets are part of a name unless they hold an address of mail.
#[test]
fn suppliers_keep_their_whole_names() {
    for (written, name) in [
        ("Organization: Exemple (US)", Some("Exemple (US)")),
        (
            "Organization: Exemple (US) (a@b.example)",
            Some("Exemple (US)"),
        ),
        ("Organization: Exemple ()", Some("Exemple")),
        ("Person: A. Exemple (a@b.example)", Some("A. Exemple")),
        ("https://exemple.example", None),
        ("NOASSERTION", None),
    ] {
        let text = format!(
            r#"{{"spdxVersion":"SPDX-2.3","packages":[{{"name":"a","supplier":"{written}"}}]}}"#
        );
        let (copy, dossier) = taken("a.json", text.as_bytes()).unwrap();
        assert_eq!(copy.tables.contains_key("supplier"), name.is_some());
        let mut values = dossier.base.facts().map(|(_, f)| f.value.to_string());
        assert!(
            name.is_none_or(|n| values.any(|v| v == n)),
            "{written}: {}",
            copy.draft.text
        );
    }
}

/// Who provides a policy or a plan supplies no software.
#[test]
fn the_role_of_a_supplier_is_that_of_what_it_provides() {
    for (kind, role) in [
        ("software", "software"),
        ("service", "other"),
        ("policy", "other"),
        ("plan", "other"),
    ] {
        let text = format!(
            r#"{{"component-definition":{{"metadata":{{"oscal-version":"1.1.2","parties":[{{"uuid":"u","type":"organization","name":"P"}}]}},"components":[{{"uuid":"c","type":"{kind}","title":"t","responsible-roles":[{{"role-id":"provider","party-uuids":["u"]}}]}}]}}}}"#
        );
        let (copy, _) = taken("o.json", text.as_bytes()).unwrap();
        let stated = format!("role = \"{role}\"");
        assert!(
            copy.draft.text.contains(&stated),
            "{kind}: {}",
            copy.draft.text
        );
    }
}

/// What the applicant makes itself has no supplier, in any bill.
#[test]
fn the_applicant_is_no_supplier_of_itself() {
    let bills = [
        r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a","supplier":{"name":"Nous"}}]}"#,
        r#"{"spdxVersion":"SPDX-2.3","packages":[{"name":"a","supplier":"Organization: Nous"}]}"#,
        r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"Organization","spdxId":"o","name":"Nous"},{"type":"software_Package","spdxId":"a","name":"a","suppliedBy":"o"}]}"#,
        r#"{"component-definition":{"metadata":{"oscal-version":"1.1.2","parties":[{"uuid":"u","type":"organization","name":"Nous"}]},"components":[{"uuid":"c","type":"software","title":"a","responsible-roles":[{"role-id":"provider","party-uuids":["u"]}]}]}}"#,
    ];
    for bill in bills {
        let count = |us: &str| {
            let head = format!(
                "[dossier]\nformat = 1\nimport = [\"b.json\"]\n[organisation]\nname = \"{us}\"\n"
            );
            let d = cocarde_dossier::read_texts(&[("a.toml", &head), ("b.json", bill)]);
            let d = d.unwrap_or_else(|f| panic!("{:?}", f.diagnostics));
            let of = |ty| d.base.records().filter(|(_, r)| r.ty == ty).count();
            let ty = |name| d.base.schema().by_name(name).unwrap();
            (of(ty("party")), of(ty("supplier")), of(ty("component")))
        };
        assert_eq!(count("Nous"), (1, 0, 1), "{bill}");
        assert_eq!(count("Autre"), (2, 1, 1), "{bill}");
    }
}

fn bill(component: &str, aggregate: &str) -> String {
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"name":"{component}","supplier":{{"name":"Nous"}}}}],"compositions":[{{"aggregate":"{aggregate}"}}]}}"#
    )
}

/// Two bills, copied or named: each keeps its components, and one supplier stays one. The list
/// is whole when both say so.
#[test]
fn two_bills_are_read_together() {
    for second in ["complete", "incomplete"] {
        let (a, b) = (bill("a", "complete"), bill("b", second));
        let head = "[dossier]\nformat = 1\nimport = [\"a.json\", \"b.json\"]\n";
        let named =
            cocarde_dossier::read_texts(&[("d.toml", head), ("a.json", &a), ("b.json", &b)]);
        let named = named.unwrap_or_else(|f| panic!("{:?}", f.diagnostics));
        let files = [("a.json", a.as_bytes()), ("b.json", b.as_bytes())];
        let (_, copied) =
            super::taken_all(&files).unwrap_or_else(|f| panic!("{:?}", f.diagnostics));
        for d in [named, copied] {
            let key = d.base.path(&["offering", "components"]).unwrap();
            let Slot::Many(members) = d.base.slot(key) else {
                panic!("a list");
            };
            let ids: Vec<&str> = members.ids.iter().map(|r| &*d.base.record(*r).id).collect();
            assert_eq!(ids, ["sbom-1", "sbom-1.2"]);
            assert_eq!(members.complete, second == "complete");
            let ty = d.base.schema().by_name("supplier");
            assert_eq!(
                d.base.records().filter(|(_, r)| Some(r.ty) == ty).count(),
                1
            );
        }
    }
}

/// A long name in letters of several bytes makes an id like any other.
#[test]
fn a_name_in_greek_is_copied() {
    let name = "Ελληνική Εταιρεία Λογισμικού και Πληροφορικών Συστημάτων Ανώνυμη Εταιρεία";
    let text = bill("a", "complete").replace("Nous", name);
    let (_, d) = taken("b.json", text.as_bytes()).unwrap_or_else(|f| panic!("{:?}", f.diagnostics));
    assert!(d.base.facts().any(|(_, f)| f.value.to_string() == name));
}

/// What was concluded and what is declared are two views of one licence, not two licences.
#[test]
fn a_concluded_licence_stands_for_a_declared_one() {
    let json = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a","licenses":[{"license":{"id":"MIT","acknowledgement":"declared"}},{"license":{"id":"Apache-2.0","acknowledgement":"concluded"}}]},{"name":"b","licenses":[{"expression":"ISC","acknowledgement":"declared"}]}]}"#;
    let xml = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>\
        <component type=\"library\"><name>a</name><licenses>\
        <license acknowledgement=\"declared\"><id>MIT</id></license>\
        <license acknowledgement=\"concluded\"><id>Apache-2.0</id></license></licenses></component>\
        <component type=\"library\"><name>b</name><licenses>\
        <expression acknowledgement=\"declared\">ISC</expression></licenses></component>\
        </components></bom>";
    for (name, text) in [("b.json", json), ("b.xml", xml)] {
        let (copy, _) = taken(name, text.as_bytes()).unwrap();
        let lines: Vec<&str> = copy.draft.text.lines().collect();
        let licences: Vec<&&str> = lines.iter().filter(|l| l.starts_with("licence")).collect();
        assert_eq!(
            licences,
            [&"licence = \"Apache-2.0\"", &"licence = \"ISC\""]
        );
        assert!(
            copy.unmapped
                .iter()
                .all(|(what, _)| !what.contains("acknowledgement"))
        );
    }
}

/// Of addresses in several countries, none is told to be that of the seat.
#[test]
fn of_several_countries_none_is_the_seat() {
    let seat = |countries: &[&str]| {
        let addresses: Vec<String> = countries
            .iter()
            .map(|c| format!(r#"{{"country":"{c}"}}"#))
            .collect();
        let text = format!(
            r#"{{"component-definition":{{"metadata":{{"oscal-version":"1.1.2","parties":[{{"uuid":"u","type":"organization","name":"P","addresses":[{}]}}]}}}}}}"#,
            addresses.join(",")
        );
        let (copy, _) = taken("o.json", text.as_bytes()).unwrap();
        copy.draft
            .text
            .lines()
            .find_map(|l| l.strip_prefix("seat = ").map(str::to_string))
    };
    assert_eq!(seat(&["FR", "FR"]).as_deref(), Some("\"FR\""));
    assert_eq!(seat(&["FR", "US"]), None);
    assert_eq!(seat(&["US", "FR"]), None);
}

/// SPDX writes the type of a reference by its name or by its whole address.
#[test]
fn a_package_url_is_read_however_its_type_is_written() {
    for kind in ["purl", "http://spdx.org/rdf/references/purl"] {
        let text = format!(
            r#"{{"spdxVersion":"SPDX-2.2","packages":[{{"name":"a","externalRefs":[{{"referenceType":"{kind}","referenceLocator":"pkg:npm/a"}}]}}]}}"#
        );
        let (copy, _) = taken("a.json", text.as_bytes()).unwrap();
        assert!(copy.draft.text.contains("purl = \"pkg:npm/a\""), "{kind}");
    }
}

/// Of the properties of a component, those that are no version are counted.
#[test]
fn properties_of_a_component_are_counted() {
    let props = r#"[{"name":"version","value":"2"},{"name":"asset-type","value":"os"}]"#;
    let text = format!(
        r#"{{"component-definition":{{"metadata":{{"oscal-version":"1.1.2"}},"components":[{{"type":"software","title":"t","props":{props}}}]}}}}"#
    );
    let (copy, _) = taken("o.json", text.as_bytes()).unwrap();
    let counted = "/component-definition/components/*/props/* (asset-type)";
    assert!(copy.unmapped.iter().any(|x| x == (counted, 1)));
    assert!(copy.draft.text.contains("version = \"2\""));
}
