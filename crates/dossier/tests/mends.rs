//! Mends: what is wrong is told once, with what to write instead.

mod common;

use common::mends;

#[test]
fn a_mend_takes_up_what_was_written() {
    let head = "[[party]]\nid = \"p\"\n[[hosting]]\nid = \"h\"\n";
    for (line, fr, en) in [
        ("country = FR", "écrire \"FR\"", "write \"FR\""),
        ("country = “FR”", "écrire \"FR\"", "write \"FR\""),
        (
            "country = «\u{a0}FR\u{a0}»",
            "écrire \"FR\"",
            "write \"FR\"",
        ),
        ("secnumcloud = oui", "écrire true", "write true"),
        ("secnumcloud = faux", "écrire false", "write false"),
        (
            "since = 12/03/2026",
            "une date s'écrit AAAA-MM-JJ",
            "a date is written YYYY-MM-DD",
        ),
        (
            "spend = 1 000",
            "un nombre s'écrit sans espace, ni virgule, ni unité : 1200.50",
            "a number is written without space, comma or unit: 1200.50",
        ),
        (
            "data = \"backup\"",
            "écrire data = [\"backup\"]",
            "write data = [\"backup\"]",
        ),
        (
            "administered_from = \"DE\"",
            "écrire administered_from = [\"DE\"]",
            "write administered_from = [\"DE\"]",
        ),
        (
            "evidence = \"doc:bail#p3\"",
            "écrire [\"doc:bail#p3\"]",
            "write [\"doc:bail#p3\"]",
        ),
        (
            "operator = \"org:p\"",
            "écrire \"party:p\"",
            "write \"party:p\"",
        ),
        (
            "country = \"Etats-Unis\"",
            "vouliez-vous dire \"US\" (États-Unis) ?",
            "did you mean \"US\" (United States)?",
        ),
        (
            "country = \"Europe\"",
            "écrire le code d'un seul pays, en deux capitales : \"FR\"",
            "write the code of one country, in two capitals: \"FR\"",
        ),
    ] {
        let told = mends(&format!("{head}{line}\n"));
        let told: Vec<_> = told.iter().map(|(_, fr, en)| (&**fr, &**en)).collect();
        assert_eq!(told, [(fr, en)], "{line}");
    }
}

#[test]
fn a_slip_in_a_line_is_told_once() {
    let text = "[value]\nfrench_share = { min = 1 max = 2 }\nrevenue = 72,5\n";
    let found = mends(text);
    let (codes, mends): (Vec<_>, Vec<_>) = found.iter().map(|(code, _, en)| (*code, &**en)).unzip();
    assert_eq!(codes, ["malformed", "malformed"]);
    assert!(mends[0].contains("{ min = 1, max = 2 }") && mends[1].ends_with("72.5"));
}

/// What a mend says to write is not what was written already, nor a name that nobody gave.
#[test]
fn a_mend_mends() {
    let fact = "property = \"country\"\nvalue = \"FR\"\nhow = \"declared\"\n";
    let of =
        |subject: &str| format!("[[hosting]]\nid = \"x\"\n[[fact]]\nsubject = {subject:?}\n{fact}");
    let document = "[[document]]\nid = \"d\"\ntitle = \"t\"\n";
    let cases = [
        (of("offer"), "did you mean `offering`?"),
        (of("x"), "write \"hosting:x\""),
        (of("hostin:x"), "write \"hosting:x\""),
        (of("offering:x"), "a dossier has only one: write \"offering\""),
        (
            "[[document]]\nid = \"d\"\n[contract]\nlaw = \"FR\"\nevidence = [\"party:applicant\"]\n".into(),
            "write \"doc:…\"",
        ),
        (
            of("zzz"),
            "the type and the id, as \"hosting:prod\", or one of: contract",
        ),
        (
            "[offering]\nnone = [\"component\"]\n".into(),
            "put it at the top of the file, before any table",
        ),
        (
            "[dossier]\nformat = 1\npartial = [\"component\"]\n".into(),
            "put it at the top of the file, before any table",
        ),
        (
            "[[party]]\nname = \"X\"\n[[hosting]]\noperator = \"party:x\"\n".into(),
            "give its [[party]] table that `id`, or add such a table",
        ),
        (
            format!("{document}period_from = 2027-01-01\nvalid_until = 2026-01-01\n"),
            "`valid_until` comes before `period_from`: correct one of them",
        ),
        (
            format!("{document}received = 2027-01-01\nvalid_until = 2026-01-01\n"),
            "`valid_until` comes before `received`: correct one of them",
        ),
        (
            format!("{document}received = 2027-01-01\nperiod_until = 2026-01-01\n"),
            "say how long it is good: valid_until",
        ),
    ];
    for (text, wanted) in cases {
        let told = mends(&text);
        assert!(
            told.iter().any(|(_, _, en)| en.starts_with(wanted)),
            "{text}\n{told:?}"
        );
    }
}

/// An inline table has no header above which a list could be stated.
#[test]
fn in_an_inline_table_a_key_of_lists_is_unknown_like_any_other() {
    for key in ["none", "partial", "zzz"] {
        let text = format!("[value]\nfrench_share = {{ min = 1, {key} = 2 }}\n");
        let told = mends(&text);
        assert!(
            told.iter().any(|(_, _, en)| en == "one of: max, min"),
            "{text}\n{told:?}"
        );
    }
    let text = "[contract]\nlaw = \"FR\"\nevidence = { none = [] }\n";
    let told = mends(text);
    assert!(
        told.iter().all(|(_, _, en)| !en.starts_with("put it")),
        "{told:?}"
    );
}
