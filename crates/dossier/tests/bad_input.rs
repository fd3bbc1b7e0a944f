//! Bad input: clear errors, all in one run, no panic.

mod common;

use cocarde_dossier::read_texts;
use common::{codes, example, mends, one};
use proptest::prelude::*;

#[test]
fn a_path_stays_inside() {
    let paths = [
        "../x",
        "/etc/passwd",
        "a/../../x",
        "./x",
        "",
        "a\\b",
        "a\nb",
    ];
    for path in paths {
        let text = format!("[[document]]\nid = \"d\"\nfile = {path:?}\n");
        assert!(codes(&text).contains(&"path-escapes"), "{path}");
    }
}

#[test]
fn one_error_for_each_defect() {
    let cases = [
        ("[organisation]\nseat = \"Fr\"", "unknown-country"),
        ("[organisation]\nseet = \"FR\"", "unknown-key"),
        ("[organization]\nseat = \"FR\"", "unknown-table"),
        ("organisation = 1", "wrong-type"),
        ("[[organisation]]", "wrong-type"),
        ("[hosting]", "wrong-type"),
        ("[organisation]\nid = \"x\"", "unknown-key"),
        ("[[hosting]]\nid = \"a b\"", "bad-id"),
        (
            "[[hosting]]\nid = \"a\"\n[[hosting]]\nid = \"a\"",
            "duplicate-id",
        ),
        ("[[party]]\nid = \"applicant\"", "duplicate-id"),
        ("[[hosting]]\noperator = \"party:x\"", "dangling-reference"),
        ("[[hosting]]\noperator = \"site:x\"", "wrong-reference"),
        ("[offering]\nhosting = []", "misplaced-table"),
        ("[value]\nrevenue = inf", "not-a-number"),
        ("[value]\nrevenue = \"1 000\"", "not-a-number"),
        (
            "[value]\nrevenue = \"0.00000000000000000000000000001\"",
            "not-a-number",
        ),
        ("[value]\nrevenue = -1", "out-of-range"),
        ("[value]\nrevenue = 1e400", "not-a-number"),
        ("[value]\nrevenue = 1e2", "not-a-number"),
        ("[value]\nfrench_share = 100.0000001", "out-of-range"),
        ("[value]\nfrench_share = -0.0000001", "out-of-range"),
        ("[[activity]]\ncountry = \"FR\"\nstaff = -3", "out-of-range"),
        ("[[hosting]]\nid = \"\"", "bad-id"),
        ("[[hosting]]\nid = 7", "bad-id"),
        ("[[hosting]]\nid = \"a/b\"", "bad-id"),
        ("[[hosting]]\nid = \"\\u202Ea\"", "bad-id"),
        ("[[hosting]]\nid = \"a:b\"", "bad-id"),
        ("[security]\nrisk_analysis_date = 10000-01-01", "malformed"),
        (
            "[security]\nrisk_analysis_date = \"10000-01-01\"",
            "impossible-date",
        ),
        (
            "[security]\nrisk_analysis_date = \"-001-01-01\"",
            "impossible-date",
        ),
        (
            "[security]\npatch_days = 7\rlog_retention_days = 1\n",
            "malformed",
        ),
        (
            "[value]\nfrench_share = { min = 2, max = 1 }",
            "min-above-max",
        ),
        ("[value]\nfrench_share = { mini = 2 }", "unknown-key"),
        ("[security]\npatch_days = 1.5", "not-a-number"),
        (
            "[security]\nrisk_analysis_date = 2026-01-01T00:00:00Z",
            "impossible-date",
        ),
        (
            "[security]\nrisk_analysis_date = \"2026-02-30\"",
            "impossible-date",
        ),
        (
            "[[holding]]\nheld = \"party:applicant\"\nholder = \"party:applicant\"",
            "self-holding",
        ),
        (
            "[[holding]]\nheld = \"party:applicant\"\nvotes = 60\n[[holding]]\nheld = \"party:applicant\"\nvotes = 41",
            "above-100",
        ),
        (
            "[[fact]]\nsubject = \"contract\"\nproperty = \"law\"\nvalue = \"FR\"\nhow = \"measured\"\nconfidence = 2",
            "out-of-range",
        ),
        (
            "[[fact]]\nsubject = \"offering\"\nproperty = \"hosting\"\nvalue = []\nhow = \"declared\"",
            "unknown-property",
        ),
        (
            "[contract]\nlaw = \"FR\"\nevidence = \"doc:x\"",
            "wrong-type",
        ),
        ("none = \"supplier\"", "wrong-type"),
        ("none = [\"site\"]\n[[site]]", "none-with-entries"),
        (
            "none = [\"supplier\"]\npartial = [\"supplier\"]",
            "none-and-partial",
        ),
        ("[a.b]\nc = [", "malformed"),
    ];
    for (text, code) in cases {
        assert!(codes(text).contains(&code), "{text}: {:?}", codes(text));
    }
    // Each is named though the others are there too.
    let all: Vec<&str> = cases.iter().map(|(text, _)| *text).collect();
    let files: Vec<String> = (0..all.len()).map(|i| format!("{i:02}.toml")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|f| &**f).zip(all).collect();
    let failure = read_texts(&files).unwrap_err();
    for (file, (_, text)) in files.iter().enumerate() {
        let named = failure.diagnostics.iter().any(|d| {
            let span = d.span.map(|s| &*failure.sources.get(s.file).name);
            span == Some(files[file].0)
        });
        assert!(named, "{text}");
    }
    let text = "[organisation]\nname = \"X\"\n";
    let d = read_texts(&[("a.toml", text), ("b.toml", text)]).unwrap_err();
    let codes: Vec<_> = d.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, ["missing-format", "duplicate-property"]);
}

#[test]
fn what_a_document_should_attest_is_named_as_it_is_written() {
    let head = "[[document]]\nid = \"d\"\nattests = [\"contract.law\"]\n[[hosting]]\nid = \"h\"\ncountry = \"FR\"\n";
    for (evidence, property) in [
        ("evidence = [\"doc:d\"]\n", "hosting.*"),
        ("evidence = { country = [\"doc:d\"] }\n", "hosting.country"),
    ] {
        let text = format!("{head}{evidence}");
        let lacks = |text: &str| {
            let mut all = mends(text).into_iter();
            all.find(|(code, ..)| *code == "evidence-not-attesting")
        };
        let (_, _, en) = lacks(&text).expect("a document that attests something else");
        assert!(en.contains(&format!("add \"{property}\"")), "{en}");
        let mended = text.replace("\"contract.law\"", &format!("\"{property}\""));
        assert_eq!(lacks(&mended), None);
    }
}

#[test]
fn a_share_written_as_a_part_of_one_is_worth_a_look() {
    let holdings = |shares: &[&str]| {
        let holding = |s: &&str| {
            format!(
                "[[holding]]\nholder = \"party:a\"\nheld = \"party:applicant\"\ncapital = {s}\n"
            )
        };
        let all: String = shares.iter().map(holding).collect();
        format!("[[party]]\nid = \"a\"\n{all}")
    };
    let told = |text: &str| {
        let all = mends(text).into_iter();
        let all = all.filter(|(code, ..)| *code == "share-below-one");
        all.map(|(_, fr, _)| fr).collect::<Vec<_>>()
    };
    let said = told("[value]\nfrench_share = 0.4\n");
    assert_eq!(said, ["pour 40 %, écrire 40"]);
    for (shares, count) in [
        (&["0.6", "\"0.4\""][..], 2),
        (&["{ min = 0.2, max = 0.25 }"], 1),
        // Who holds a little beside who holds much; and what has but one reading.
        (&["99.5", "0.5"], 0),
        (&["0.5", "99.5"], 0),
        (&["0"], 0),
        (&["{ min = 0.2 }", "0.5"], 0),
    ] {
        assert_eq!(told(&holdings(shares)).len(), count, "{shares:?}");
    }
}

/// What editors of other systems write, and days at both ends of the calendar.
#[test]
fn what_is_unusual_but_right_is_read() {
    let text = "\u{feff}[dossier]\r\nformat = 1\r\n[security]\r\npatch_days = 0x0a\r\n\
                risk_analysis_date = 0000-01-01\r\npenetration_test_date = 9999-12-31\r\n\
                [[hosting]]\r\nid = \"é.1-_\"\r\n[value]\r\nfrench_share = 100.0000\r\n";
    let d = read_texts(&[("a.toml", text), ("b.toml", "\u{feff}"), ("c.toml", "")]).unwrap();
    assert_eq!(d.base.fact_count(), 4);
    assert_eq!(d.findings_on("9999-12-31".parse().unwrap()), []);
    // A table that an application has once may be spread over files.
    let other = "[security]\npolicy = true\n";
    let d = read_texts(&[("a.toml", text), ("b.toml", other)]).unwrap();
    assert_eq!(d.base.fact_count(), 5);
    // A whole held by someone who is not named is no loop.
    assert_eq!(
        codes("[[holding]]\nheld = \"party:applicant\"\ncapital = 100"),
        [""; 0]
    );
}

#[test]
fn a_line_of_measurements_is_refused_where_it_breaks() {
    let head = "[dossier]\nformat = 1\n";
    for (line, at, fr) in [
        (
            "{\"subject\": \"a\"",
            15,
            "la fin vient dans un objet non fermé",
        ),
        ("{\"a\": 1,}", 9, "virgule de trop"),
        ("{\"a\": 1, \"a\": 2}", 15, "clé écrite deux fois : `a`"),
        ("{\"a\": [null]}", 8, "null dans une liste"),
        ("[1]", 0, "il faut"),
        ("é", 1, "il faut une valeur"),
    ] {
        let failure = read_texts(&[("a.toml", head), ("measurements/m.jsonl", line)]).unwrap_err();
        let d = &failure.diagnostics[0];
        assert!(d.message.fr.contains(fr), "{}", d.message.fr);
        if at > 0 {
            let place = failure.sources.place(d.span.unwrap());
            assert_eq!(place, format!("measurements/m.jsonl:1:{at}"), "{line}");
        }
    }
}

#[test]
fn a_flood_of_defects_is_cut() {
    let text: String = (0..20_000)
        .map(|i| format!("[[hosting]]\noperator = \"party:{i}\"\n"))
        .collect();
    let found = codes(&text);
    assert_eq!(found.len(), 1001);
    assert_eq!(found[1000], "too-many-defects");
}

/// Warnings stop nothing, however many there are, and hide no error.
#[test]
fn a_flood_of_warnings_stops_nothing() {
    let many = "[[activity]]\n".repeat(3_000);
    let found = one(&many).unwrap_or_else(|f| panic!("{:?}", f.diagnostics.last()));
    assert_eq!(found.findings.len(), 1_001);
    let last = found.findings.last().unwrap();
    assert_eq!(last.message.en, "2000 more warnings are not shown");
    let wrong = "[[document]]\nfile = \"../x\"\n";
    let found = codes(&format!("{}{wrong}", "[[document]]\n".repeat(3_000)));
    assert_eq!(found[0], "path-escapes");
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(codes(&deep).contains(&"malformed"));
    let json = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let line = format!("{{\"subject\": {json}}}");
    assert!(read_texts(&[("a.toml", ""), ("measurements/a.jsonl", &line)]).is_err());
    let sbom = format!("{{\"components\": {json}}}");
    let head = "[dossier]\nformat = 1\nsbom = \"b.json\"\n";
    assert!(read_texts(&[("a.toml", head), ("b.json", &sbom)]).is_err());
}

fn text_of_an_example() -> impl Strategy<Value = String> {
    let names = [
        "suite-azur/hebergement.toml",
        "broken/pieces.toml",
        "filiale-us/dossier.toml",
    ];
    prop::sample::select(names.to_vec()).prop_map(|n| std::fs::read_to_string(example(n)).unwrap())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(toml in ".{0,400}", json in ".{0,200}") {
        let _ = read_texts(&[("a.toml", &toml), ("measurements/a.jsonl", &json)]);
    }

    /// Damaged dossiers give diagnostics whose places lie within the files.
    #[test]
    fn a_damaged_dossier_is_read_or_refused(
        text in text_of_an_example(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0usize..8, "[\\[\\]{}=\"'#.,0-9a-z\n é-]{0,4}"), 1..6),
    ) {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, len, with) in cuts {
            let start = at.index(chars.len());
            let end = (start + len).min(chars.len());
            chars.splice(start..end, with.chars());
        }
        let text: String = chars.into_iter().collect();
        let (sources, diagnostics) = match read_texts(&[("a.toml", &text)]) {
            Ok(d) => (d.base.sources, d.findings),
            Err(f) => (f.sources, f.diagnostics),
        };
        for d in diagnostics {
            prop_assert!(!d.message.fr.is_empty() && !d.message.en.is_empty());
            if let Some(span) = d.span {
                prop_assert!(span.start <= span.end);
                prop_assert!(span.end as usize <= sources.get(span.file).text.len());
                sources.place(span);
            }
        }
    }
}

/// One defect is told once: what follows from it is none of its own.
#[test]
fn what_follows_from_a_defect_is_not_told_as_another() {
    let unclosed = "[offering\nname = \"x\"\n[[hosting]]\nid = \"h\"\ncountry = \"FR\"\n";
    assert_eq!(codes(unclosed), ["malformed"]);
    let nowhere = "[[activity]]\nid = \"a\"\nkind = \"design\"\ncountry = \"Atlantis\"\n";
    assert_eq!(codes(nowhere), ["unknown-country"]);
}
