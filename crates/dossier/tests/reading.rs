//! What tables and values mean.

mod common;

use cocarde_dossier::{kinds, read_texts, skeleton};
use cocarde_model::{Decimal, Interval, Provenance, Slot, Value};
use common::{codes, facts, one, print};
use proptest::prelude::*;

fn list<'b>(base: &'b cocarde_model::FactBase, path: &[&str]) -> &'b cocarde_model::Members {
    match base.slot(base.path(path).unwrap()) {
        Slot::Many(m) => m,
        _ => panic!("{path:?} is no list"),
    }
}

#[test]
fn a_list_not_mentioned_is_unknown_and_others_are_as_stated() {
    let d = one("none = [\"supplier\"]\npartial = [\"site\"]\n[[site]]\n[[hosting]]\n").unwrap();
    let known = |name: &str| {
        let m = list(&d.base, &["offering", name]);
        (m.ids.len(), m.complete)
    };
    assert_eq!(known("activities"), (0, false));
    assert_eq!(known("suppliers"), (0, true));
    assert_eq!(known("sites"), (1, false));
    assert_eq!(known("hosting"), (1, true));
}

#[test]
fn numbers_keep_every_digit() {
    let d = one(
        "[[holding]]\nid = \"h\"\ncapital = 33.3333333333333333\nvotes = { max = \"20.10\" }\n\
         [value]\nrevenue = { min = 1_000 }\n",
    )
    .unwrap();
    let value = |ty: &str, id: &str, f: &str| facts(&d.base, ty, id, f)[0].value.clone();
    let exact: Decimal = "33.3333333333333333".parse().unwrap();
    assert_eq!(
        value("holding", "h", "capital"),
        Value::Number(Interval::point(exact))
    );
    let votes = Interval::new(Some(Decimal::ZERO), Some("20.10".parse().unwrap())).unwrap();
    assert_eq!(value("holding", "h", "votes"), Value::Number(votes));
    let revenue = Interval::at_least(Decimal::from(1000));
    assert_eq!(value("value", "value", "revenue"), Value::Number(revenue));
}

#[test]
fn evidence_adds_a_fact_of_the_documents_worth() {
    let d = one(
        "[[document]]\nid = \"c\"\nprovenance = \"attested\"\nattests = [\"hosting.country\"]\n\
         file = \"c.pdf\"\nsha256 = \"00\"\nperiod_from = 2026-01-01\nvalid_until = 2027-12-31\n\
         [[document]]\nid = \"d\"\nfile = \"d.pdf\"\nsha256 = \"00\"\nattests = [\"hosting.*\"]\n\
         [[hosting]]\nid = \"h\"\ncountry = \"FR\"\nkeys_held_by = \"customer\"\n\
         evidence = { country = [\"doc:c#p4\"], keys_held_by = [\"doc:d\"] }\n",
    )
    .unwrap();
    let country = facts(&d.base, "hosting", "h", "country");
    assert_eq!(country.len(), 2);
    assert_eq!(country[0].provenance, Provenance::Declared);
    assert_eq!(country[1].provenance, Provenance::Attested);
    assert_eq!(country[1].source.page, Some(4));
    assert_eq!(country[1].from, Some("2026-01-01".parse().unwrap()));
    assert_eq!(country[1].until, Some("2027-12-31".parse().unwrap()));
    let keys = facts(&d.base, "hosting", "h", "keys_held_by");
    assert_eq!(keys[1].provenance, Provenance::Documented);
}

/// Of a document that attests a whole type, rules read every property of it; people read
/// what was written.
/// A table of the same name in another file says its own, and is not what the document is for.
#[test]
fn evidence_supports_its_own_table() {
    let cites = "[dossier]\nformat = 1\n[[document]]\nid = \"a\"\nfile = \"d.txt\"\nsha256 = \"00\"\n\
                 [security]\npolicy = true\nevidence = [\"doc:a\"]\n";
    let other = "[security]\nresponsible_named = true\n";
    let d = read_texts(&[("a.toml", cites), ("b.toml", other)]).unwrap();
    let known = |field: &str| facts(&d.base, "security", "security", field).len();
    assert_eq!((known("policy"), known("responsible_named")), (2, 1));
    assert!(codes("[security]\nevidence = { \"*\" = \"doc:a\" }").contains(&"wrong-type"));
}

#[test]
fn a_pattern_stands_for_the_properties_of_its_type() {
    let d = one(
        "[[document]]\nid = \"c\"\nattests = [\"activity.*\", \"site.name\"]\n\
         [[fact]]\nsubject = \"document:c\"\nproperty = \"attests\"\nvalue = [\"site.*\"]\nhow = \"observed\"\n\
         by = \"une auditrice\"\ntime = 2026-10-12T09:00:00Z\n",
    )
    .unwrap();
    let attests = facts(&d.base, "document", "c", "attests");
    let written: Vec<String> = attests.iter().map(|f| f.written().to_string()).collect();
    let shown: Vec<String> = attests.iter().map(|f| f.value.to_string()).collect();
    assert_eq!(written, ["activity.*, site.name", "site.*"]);
    assert_eq!(shown, written);
    let schema = d.base.schema();
    let document = d
        .base
        .find(schema.by_name("document").unwrap(), "c")
        .unwrap();
    let Value::Texts(words) = &attests[0].value else {
        panic!("a list of words");
    };
    for (ty, t) in schema.types() {
        for (i, f) in t
            .fields
            .iter()
            .enumerate()
            .filter(|(_, f)| f.ty.is_scalar())
        {
            let field = cocarde_model::FieldId(i as u16);
            let name = schema.property_name(ty, field);
            let meant = &*t.name == "activity" || name == "site.name";
            assert_eq!(words.iter().any(|w| **w == *name), meant, "{name}");
            assert_eq!(
                d.attests(document).speaks_of(ty, field),
                meant,
                "{}",
                f.name
            );
        }
    }
    assert!(words.len() < 30, "no more than that: {words:?}");
}

/// A host is one whether it is written as a name or within a URL; what was written stays.
#[test]
fn a_host_is_compared_as_a_host() {
    let text = "[[hosting]]\nid = \"h\"\nnames = [\"A.example.\", \"https://a.example/\"]\n\
                [[domain]]\nid = \"d\"\nname = \"https://A.example:443/x\"\npurpose = \"api\"\n";
    assert_eq!(codes(text), [""; 0]);
    let d = one(text).unwrap();
    let names = facts(&d.base, "hosting", "h", "names")[0];
    let name = facts(&d.base, "domain", "d", "name")[0];
    assert_eq!(names.value, Value::Texts(["a.example".into()].into()));
    assert_eq!(name.value, Value::text("a.example"));
    assert_eq!(name.written(), &Value::text("https://A.example:443/x"));
}

#[test]
fn a_loose_fact_carries_all_it_was_given() {
    let d = one(
        "[[fact]]\nsubject = \"contract\"\nproperty = \"law\"\nvalue = \"FR\"\nhow = \"observed\"\n\
         by = \"une auditrice\"\nnote = \"vu\"\ntime = 2026-10-12T09:00:00Z\nfrom = 2026-01-01\n\
         ruling = true\nconfidence = 0.9\n",
    )
    .unwrap();
    let fact = facts(&d.base, "contract", "contract", "law")[0];
    assert!(fact.ruling);
    assert_eq!(fact.provenance, Provenance::Observed);
    assert_eq!(fact.confidence, Some("0.9".parse().unwrap()));
    assert_eq!(fact.source.time.as_deref(), Some("2026-10-12T09:00:00Z"));
    assert_eq!(fact.source.by.as_deref(), Some("une auditrice"));
}

#[test]
fn a_measurement_is_read_like_a_fact() {
    let line = r#"{"subject":"domain:d","property":"third_parties","value":["a.example"],"how":"measured","confidence":0.97,"server":"192.0.2.1","time":"2026-11-20T14:02:00Z"}"#;
    let d = read_texts(&[
        ("a.toml", "[dossier]\nformat = 1\n[[domain]]\nid = \"d\"\n"),
        ("measurements/m.jsonl", &format!("\n{line}\n\n")),
    ])
    .unwrap();
    let fact = facts(&d.base, "domain", "d", "third_parties")[0];
    assert_eq!(fact.value, Value::Texts(["a.example".into()].into()));
    assert_eq!(fact.confidence, Some("0.97".parse().unwrap()));
    assert_eq!(
        d.sources().place(fact.source.span.unwrap()),
        "measurements/m.jsonl:2:58"
    );
}

#[test]
fn warnings_do_not_stop() {
    for (text, code) in [
        ("[[activity]]\nkind = \"sales\"", "activity-without-country"),
        ("[offering]\nname = \" \"", "empty-text"),
        (
            "[[hosting]]\nnames = [\"a.example\"]\n[[domain]]\nname = \"https://B.example/x\"\npurpose = \"api\"",
            "domain-without-hosting",
        ),
        (
            "[[fact]]\nsubject = \"contract\"\nproperty = \"law\"\nvalue = \"FR\"\nhow = \"measured\"\nserver = \"192.0.2.1\"",
            "no-confidence",
        ),
        (
            "[[document]]\nid = \"c\"\nfile = \"c\"\nsha256 = \"00\"\nattests = [\"site.name\"]\n[[site]]\ncountry = \"FR\"\nevidence = [\"doc:c\"]",
            "evidence-not-attesting",
        ),
        ("[[document]]\nattests = [\"site.name\"]", "no-file"),
    ] {
        assert!(one(text).is_ok(), "{text}");
        assert_eq!(codes(text), [code], "{text}");
    }
}

/// Dates that leave no day are told: nobody would see why such a fact never counts.
#[test]
fn what_counts_on_no_day_is_told() {
    let seen = |more: &str| {
        format!(
            "[[fact]]\nsubject = \"offering\"\nproperty = \"name\"\nvalue = \"X\"\nhow = \"observed\"\n\
             by = \"A\"\ntime = 2026-06-01T00:00:00Z\nuntil = 2026-03-31\n{more}"
        )
    };
    assert_eq!(codes(&seen("")), ["holds-on-no-day"]);
    assert_eq!(codes(&seen("from = 2026-01-01")), [] as [&str; 0]);
    let document = |more: &str| {
        format!(
            "[security]\npolicy = true\nevidence = [\"doc:a\"]\n[[document]]\nid = \"a\"\nfile = \"d.txt\"\n\
             sha256 = \"00\"\nperiod_until = 2025-12-31\nreceived = 2026-02-01\n{more}"
        )
    };
    assert_eq!(codes(&document("")), ["holds-on-no-day"]);
    assert_eq!(
        codes(&document("valid_until = 2027-12-31")),
        [] as [&str; 0]
    );
}

/// No `from` of a fact lets its document carry it earlier: the mend does not say so.
#[test]
fn what_a_document_delays_is_mended_at_the_document() {
    let mend = |how: &str| {
        let text = format!(
            "[[document]]\nid = \"c\"\nreceived = 2026-05-01\nfile = \"c\"\nsha256 = \"00\"\n\
             [[fact]]\nsubject = \"contract\"\nproperty = \"law\"\nvalue = \"FR\"\nuntil = 2026-03-31\n{how}"
        );
        let d = one(&text).unwrap_or_else(|f| panic!("{:?}", f.diagnostics));
        let mut found = d.findings.into_iter();
        let told = found.find(|d| d.code == "holds-on-no-day").unwrap();
        told.help.unwrap().en
    };
    let cited = "how = \"documented\"\nevidence = [\"doc:c\"]\n";
    for from in ["", "from = 2026-01-01\n"] {
        assert!(
            mend(&format!("{cited}{from}")).contains("received"),
            "{from}"
        );
    }
    let seen = "how = \"observed\"\nby = \"A\"\ntime = 2026-06-01T00:00:00Z\n";
    assert!(mend(seen).contains("from"));
}

/// Every skeleton reads back: as it stands, and with every line uncommented.
#[test]
fn skeletons_read_back_without_error() {
    assert_eq!(kinds().len(), 8);
    for kind in kinds() {
        for lang in ["fr", "en"] {
            let files = skeleton(&kind, lang).unwrap();
            let bare: Vec<(&str, &str)> = files.iter().map(|(n, t)| (&**n, &**t)).collect();
            let d = read_texts(&bare).unwrap();
            assert_eq!(print(d.sources(), &d.findings, "en"), "", "{kind}");
            assert_eq!(d.base.fact_count(), 1, "only the kind is stated");
            let full: Vec<(String, String)> = files
                .iter()
                .map(|(n, t)| (n.clone(), uncomment(t)))
                .collect();
            let full: Vec<(&str, &str)> = full.iter().map(|(n, t)| (&**n, &**t)).collect();
            let d = read_texts(&full)
                .unwrap_or_else(|f| panic!("{kind}:\n{}", print(&f.sources, &f.diagnostics, "en")));
            assert!(d.base.fact_count() > 100, "{kind}");
        }
    }
    assert!(skeleton("boat", "fr").is_none());
}

fn uncomment(text: &str) -> String {
    let lines = text.lines().map(|l| match l.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') => rest,
        _ => l,
    });
    lines.map(|l| format!("{l}\n")).collect()
}

proptest! {
    /// The order in which files come does not matter, nor how tables are spread over them.
    #[test]
    fn the_order_of_files_changes_nothing(
        files in Just(skeleton("cloud", "fr").unwrap()).prop_shuffle()
    ) {
        let full: Vec<(String, String)> =
            files.iter().map(|(n, t)| (n.clone(), uncomment(t))).collect();
        let shuffled: Vec<(&str, &str)> = full.iter().map(|(n, t)| (&**n, &**t)).collect();
        let mut sorted = shuffled.clone();
        sorted.sort();
        let (a, b) = (read_texts(&shuffled).unwrap(), read_texts(&sorted).unwrap());
        prop_assert_eq!(a.digest, b.digest);
        let all = |d: &cocarde_model::FactBase| d.facts().map(|(_, f)| f.clone()).collect::<Vec<_>>();
        prop_assert_eq!(all(&a.base), all(&b.base));
    }

    /// Whatever ids are stated, every record has one of its own, that it keeps when more
    /// records follow.
    #[test]
    fn ids_are_unique_and_stable(
        stated in prop::collection::vec(prop::option::of("[1-9]|1[0-9]|[1-9]-bis"), 1..24),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut taken = std::collections::BTreeSet::new();
        let tables: Vec<String> = stated
            .iter()
            .map(|id| match id.as_ref().filter(|id| taken.insert((*id).clone())) {
                Some(id) => format!("[[site]]\nid = \"{id}\"\n"),
                None => "[[site]]\n".into(),
            })
            .collect();
        let ids = |tables: &[String]| one(&tables.concat()).ok().map(|d| {
            let members = list(&d.base, &["offering", "sites"]).ids.iter();
            members.map(|r| d.base.record(*r).id.to_string()).collect::<Vec<_>>()
        });
        // A stated id may come after a record that took it as its rank: that is said.
        let Some(all) = ids(&tables) else { return Err(TestCaseError::reject("taken")) };
        let each: std::collections::BTreeSet<&String> = all.iter().collect();
        prop_assert_eq!(each.len(), all.len());
        let some = cut.index(all.len());
        prop_assert_eq!(ids(&tables[..some]).unwrap(), &all[..some]);
    }

    /// A share written in any plain way is the same number.
    #[test]
    fn a_number_is_its_digits(units in 0u32..=99, places in 0usize..6, digits in 0u32..1_000_000) {
        let fraction = &format!("{digits:06}")[..places];
        let text = if places == 0 { units.to_string() } else { format!("{units}.{fraction}") };
        let d = one(&format!(
            "[[holding]]\nid = \"a\"\ncapital = {text}\n[[holding]]\nid = \"b\"\ncapital = \"{text}\"\n"
        )).unwrap();
        let value = |id: &str| facts(&d.base, "holding", id, "capital")[0].value.clone();
        let exact = Value::Number(Interval::point(text.parse().unwrap()));
        prop_assert_eq!(value("a"), exact.clone());
        prop_assert_eq!(value("b"), exact);
    }
}
