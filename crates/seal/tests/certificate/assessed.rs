//! A decision is about what its assessment assessed, or is refused.

use crate::common::*;
use cocarde_seal::credential;
use cocarde_seal::decision::Decision;
use cocarde_seal::json::hex;
use sha2::{Digest, Sha256};

/// What is said of the decision, changed, on the assessment, changed; nothing if it holds.
fn said(decision: [&str; 2], assessment: [&str; 2]) -> Option<(String, String)> {
    let before = std::str::from_utf8(ASSESSMENT).unwrap();
    let after = before.replace(assessment[0], assessment[1]);
    assert_ne!(assessment[0] != assessment[1], before == after);
    let digest = |text: &str| hex(&Sha256::digest(text));
    let text = DECISION.replace(&digest(before), &digest(&after));
    let changed = text.replace(decision[0], decision[1]);
    assert_ne!(decision[0] != decision[1], text == changed);
    let decision = Decision::read(&changed).unwrap();
    let refusal = credential::write(&decision, after.as_bytes()).err()?;
    Some((refusal.fr, refusal.en))
}

const SAME: [&str; 2] = ["", ""];

#[test]
fn a_holder_or_an_offering_that_was_not_assessed_is_refused_with_what_to_write() {
    for (field, term, name) in [
        ("holder.name", "applicant", "Nuage Clair SAS"),
        ("offering.name", "offering", "Suite Claire 3"),
    ] {
        let assessed = format!("\"{term}\": \"{name}\"");
        let other = format!("\"{term}\": \"Quelqu'un \\\"d'autre\\\"\"");
        let (fr, en) = said(SAME, [&assessed, &other]).expect("refused");
        let name_en =
            format!("{field}: `{name}`, but the assessment is of `Quelqu'un \"d'autre\"`");
        assert!(en.starts_with(&name_en), "{en}");
        assert!(fr.starts_with(&format!("{field} : « {name} »")), "{fr}");
        // What it says to write is TOML, and mends it.
        let mend = en.split("write ").nth(1).unwrap();
        let mend = mend.split(" under [assessment]").next().unwrap();
        assert!(fr.contains(mend), "{fr}");
        let stated = format!("[assessment]\n{mend}\n");
        assert_eq!(said(["[assessment]\n", &stated], [&assessed, &other]), None);
        // And it says no more than that.
        let (_, en) = said(["[assessment]\n", &stated], SAME).expect("refused");
        assert!(en.starts_with(&format!("assessment.{term}: ")), "{en}");
    }
}

#[test]
fn names_are_compared_as_they_are_meant_and_what_is_not_named_is_not() {
    for written in ["NUAGE CLAIR, S.A.S.", "Nuage  clair-SAS"] {
        let name = ["\"Nuage Clair SAS\"", &format!("\"{written}\"")];
        assert_eq!(said(name, SAME), None, "{written}");
    }
    let nameless = ["\"applicant\": \"Nuage Clair SAS\"", "\"applicant\": null"];
    assert_eq!(said(SAME, nameless), None);
    assert!(said(SAME, ["\"Nuage Clair SAS\"", "\"Nuage Clair\""]).is_some());
    assert!(said(SAME, ["\"Nuage Clair SAS\"", "\"++\""]).is_some());
    // Of the name in the decision, and that in the assessment.
    let both = |decided: &str, assessed: &str| {
        let quoted = |name: &str| format!("\"{name}\"");
        let (ours, theirs) = (quoted(decided), quoted(assessed));
        let name = "\"Nuage Clair SAS\"";
        said([name, &ours], [name, &theirs])
    };
    for one in ["Épicéa Données", "E\u{301}PICE\u{301}A\u{a0}donne\u{301}es"] {
        for other in ["Épicéa Données", "E\u{301}pice\u{301}a-Donne\u{301}es"] {
            assert_eq!(both(one, other), None, "{one}, {other}");
        }
    }
    for [one, other] in [["C++ SAS", "C# SAS"], ["A&B", "AB"], ["Epicea", "Épicéa"]] {
        let (fr, _) = both(one, other).expect("refused");
        assert!(fr.contains("si c'est bien ce qui est visé"), "{fr}");
    }
}
