//! A word alone establishes nothing: what facts must rest on.

mod common;

use cocarde_dossier::read_texts;
use cocarde_model::{Date, Provenance};
use common::{codes, facts, one, print};

const FACT: &str = "[[fact]]\nsubject = \"contract\"\nproperty = \"law\"\nvalue = \"FR\"\n";
const HELD: &str = "file = \"c.pdf\"\nsha256 = \"00\"\n";

/// A fact on the contract's law, known in that way.
fn fact(how: &str, more: &str) -> String {
    format!("{FACT}how = \"{how}\"\n{more}\n")
}

/// The document `c`, which speaks of the contract.
fn document(worth: &str, more: &str) -> String {
    format!(
        "[[document]]\nid = \"c\"\nprovenance = \"{worth}\"\nattests = [\"contract.*\"]\n{more}"
    )
}

/// An observation says nothing of the days before it, unless it says of which days it speaks.
#[test]
fn what_is_seen_later_does_not_count_earlier() {
    let seen = "by = \"une auditrice\"\ntime = 2026-10-12T09:00:00Z";
    for (days, first) in [("", "2026-10-11"), ("\nfrom = 2026-01-01", "2026-01-01")] {
        let dossier = one(&fact("observed", &format!("{seen}{days}"))).unwrap();
        let fact = facts(&dossier.base, "contract", "contract", "law")[0].clone();
        let first: Date = first.parse().unwrap();
        assert!(fact.holds_on(first.tomorrow().unwrap()));
        assert!(!fact.holds_on(first.yesterday().unwrap()));
    }
}

/// Each way of knowing has words for what it rests on; without any of them it is refused.
#[test]
fn a_fact_rests_on_what_its_word_promises() {
    let cited = "evidence = [\"doc:c\"]";
    let by = "by = \"une auditrice\"";
    let time = "time = 2026-10-12T09:00:00Z";
    let server = "server = \"192.0.2.1\"\nconfidence = 1";
    let timed = "time = 2026-10-12T09:00:00Z\nconfidence = 1";
    let signed = &*format!("{by}\n{time}");
    for (how, worth, enough) in [
        ("documented", "documented", cited),
        ("documented", "attested", cited),
        ("attested", "attested", cited),
        ("inherited", "attested", cited),
        ("observed", "observed", signed),
        ("measured", "observed", server),
        ("measured", "observed", timed),
        ("declared", "observed", ""),
    ] {
        let with = format!("{}{}", document(worth, HELD), fact(how, enough));
        assert_eq!(codes(&with), [""; 0], "{with}");
        let law = &one(&with).unwrap().base;
        let law = facts(law, "contract", "contract", "law")[0].provenance;
        assert_eq!(law.name(), how);
        if how != "declared" {
            assert!(codes(&fact(how, "")).contains(&"missing-key"), "{how}");
        }
    }
    for (how, little, lacks) in [
        ("observed", "", 2),
        ("observed", by, 1),
        ("observed", time, 1),
        ("observed", &*format!("by = \" \"\n{time}"), 1),
        ("attested", "evidence = []", 1),
    ] {
        let found = codes(&fact(how, little));
        let missing = found.iter().filter(|c| **c == "missing-key").count();
        assert_eq!(missing, lacks, "{how} {little}: {found:?}");
    }
    assert_eq!(codes(&fact("derived", signed)), ["derived-by-hand"]);
}

/// A document carries no more than it is worth, nor what it does not speak of, nor on days
/// of which it does not speak.
#[test]
fn a_fact_is_worth_no_more_than_its_document() {
    let cited = "evidence = [\"doc:c\"]";
    for how in ["attested", "inherited"] {
        let text = format!("{}{}", document("documented", HELD), fact(how, cited));
        assert_eq!(codes(&text), ["evidence-worth-less"]);
    }
    let other = document("attested", HELD).replace("contract", "site");
    for how in ["documented", "attested", "inherited"] {
        let text = format!("{other}{}", fact(how, cited));
        assert_eq!(codes(&text), ["evidence-not-attesting"]);
    }
    let dates = "received = 2026-02-01\nperiod_from = 2026-01-01\nvalid_until = 2026-06-30\n";
    let c = document("attested", &format!("{HELD}{dates}"));
    let d = one(&format!("{c}{}", fact("attested", cited))).unwrap();
    let law = facts(&d.base, "contract", "contract", "law")[0];
    assert_eq!(law.from, Some("2026-02-01".parse().unwrap()));
    assert_eq!(law.until, Some("2026-06-30".parse().unwrap()));
}

/// What nobody can hold lifts no claim, whether a table cites it or a single fact does;
/// that it would is kept.
#[test]
fn a_document_without_file_or_digest_lifts_nothing() {
    let half = |line: usize| HELD.lines().nth(line).map(|l| format!("{l}\n")).unwrap();
    let cites = "[contract]\nlaw = \"FR\"\nevidence = [\"doc:c#p4\"]\n";
    for (held, lifted) in [
        (String::new(), false),
        (half(0), false),
        (half(1), false),
        ("file = \"\"\nsha256 = \"\"\n".into(), false),
        (HELD.into(), true),
    ] {
        let c = document("attested", &held);
        let single = fact("attested", "evidence = [\"doc:c#p4\"]");
        for (text, at) in [(cites, 1), (&*single, 0)] {
            let text = format!("{c}{text}[dossier]\nformat = 1\n");
            let Ok(d) = read_texts(&[("a.toml", &text)]) else {
                assert!(held.contains("file = \"\""), "{text}");
                continue;
            };
            let law = facts(&d.base, "contract", "contract", "law")[at];
            assert_eq!(law.provenance == Provenance::Attested, lifted, "{text}");
            assert_eq!(law.provenance == Provenance::Declared, !lifted, "{text}");
            assert_eq!(law.source.page, Some(4));
        }
    }
}

/// Who rules says who, and on what: neither a claim nor a measurement is a ruling.
#[test]
fn a_ruling_rests_on_evidence_and_has_a_name() {
    let (by, cited) = ("by = \"une auditrice\"", "evidence = [\"doc:c\"]");
    let ruled = |how: &str, more: &[&str]| {
        let text = fact(how, &format!("ruling = true\n{}", more.join("\n")));
        codes(&format!("{}{text}", document("attested", HELD)))
    };
    let time = "time = 2026-10-12T09:00:00Z\nconfidence = 0";
    let none = [""; 0];
    assert_eq!(
        ruled("declared", &[]),
        ["missing-key", "ruling-without-evidence"]
    );
    assert_eq!(ruled("declared", &[by]), ["ruling-without-evidence"]);
    assert_eq!(ruled("measured", &[by, time]), ["ruling-without-evidence"]);
    assert_eq!(ruled("attested", &[cited]), ["missing-key"]);
    assert_eq!(ruled("attested", &[by]), ["missing-key"]);
    assert_eq!(ruled("attested", &[by, cited]), none);
    assert_eq!(ruled("observed", &[by, time]), none);
    let loose = fact("attested", &format!("ruling = true\n{by}\n{cited}"));
    let unheld = format!("{}{loose}", document("attested", ""));
    assert!(codes(&unheld).contains(&"ruling-without-evidence"));
}

/// Whatever a fact lacks is named at once, where it stands.
#[test]
fn all_that_a_fact_lacks_is_named_in_one_run() {
    let head = "[dossier]\nformat = 1\n";
    let keys = ["subject", "property", "value", "how"];
    let lines = [
        "\"subject\":\"contract\"",
        "\"property\":\"law\"",
        "\"value\":\"FR\"",
        "\"how\":\"declared\"",
    ];
    for given in 0..15 {
        let kept = |i: &usize| given & (1 << i) != 0;
        let line: Vec<&str> = (0..4).filter(kept).map(|i| lines[i]).collect();
        let line = format!("{{{}}}", line.join(","));
        let files = [("a.toml", head), ("measurements/m.jsonl", &*line)];
        let failure = read_texts(&files).unwrap_err();
        let said = print(&failure.sources, &failure.diagnostics, "en");
        for (i, key) in keys.iter().enumerate() {
            let named = said.contains(&format!("m.jsonl:1:1: a fact without `{key}`"));
            assert_eq!(named, !kept(&i), "{line}\n{said}");
        }
    }
}
