//! Publishing the lists again: no withdrawal is forgotten, by mistake or by malice.

use crate::label::{Label, SITE};

const NAMES: [&str; 3] = ["revocation", "suspension", "message"];

#[test]
fn a_status_given_twice_or_against_itself_is_refused() {
    let label = Label::new("twice", SITE);
    let at = "2026-11-24T19:00:00Z";
    let before = label.read("status/suspension");
    for (set, why) in [
        (
            &["42=suspended", "42=contested"][..],
            "--set 42 given twice: join",
        ),
        (&["42=valid+revoked"], "`valid` stands alone"),
    ] {
        let ran = label.publish_status(set, at);
        assert!(ran.code == 2 && ran.err.contains(why), "{}", ran.err);
        assert_eq!(label.read("status/suspension"), before);
    }
    label.write("site", "http://label.example/");
    let ran = label.publish_status(&[], at);
    assert!(
        ran.code == 2 && ran.err.contains("--base: nobody asks `http:"),
        "{}",
        ran.err
    );
    label.write("site", SITE);
    let both = label.publish_status(&["42=suspended+contested", "41=contested"], at);
    assert_eq!(both.code, 0, "{}", both.err);
}

/// Whoever can write where the lists are puts back one that they signed before.
#[test]
fn a_list_put_back_from_before_a_withdrawal_is_not_signed_again() {
    let label = Label::new("put-back", SITE);
    let old = label.read("status/revocation");
    let ran = label.publish_status(&["42=revoked"], "2026-11-24T19:00:00Z");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let new = label.read("status/revocation");
    label.write("status/revocation", &old);
    let next = || label.publish_status(&[], "2026-11-24T20:00:00Z");
    let ran = next();
    let told = "lists of different days (24 November 2026, 18:00 (UTC), 24 November 2026, 19:00";
    assert!(ran.code == 2 && ran.err.contains(told), "{}", ran.err);
    assert_eq!(label.read("status/revocation"), old);
    label.write("status/revocation", new);
    assert_eq!(next().code, 0);
    assert_eq!(
        label.verdict(&label.path("issued/certificate.jwt"), &[]).1,
        "revoked"
    );
    // Nor is a list made before the one that it follows.
    let ran = label.publish_status(&[], "2026-11-24T19:00:00Z");
    let told = ran
        .err
        .contains("of 24 November 2026, 20:00 (UTC), after --at");
    assert!(ran.code == 2 && told, "{}", ran.err);
}

/// As after a crash between the names that the lists take: those of the day before are there
/// still, or none where there were none.
#[test]
fn a_publication_that_stopped_is_finished_by_the_next_one() {
    let label = Label::new("stopped", SITE);
    let old = NAMES.map(|n| label.read(&format!("status/{n}")));
    let set = ["42=suspended+contested"];
    let ran = label.publish_status(&set, "2026-11-24T19:00:00Z");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let new = NAMES.map(|n| label.read(&format!("status/{n}")));
    let next = || label.publish_status(&["42=suspended"], "2026-11-24T20:00:00Z");
    for before in [None, Some(&old)] {
        for reached in 1..3 {
            for (i, name) in NAMES.iter().enumerate() {
                let path = format!("status/{name}");
                label.write(&path, &new[i]);
                if i >= reached {
                    label.write(&format!("{path}.draft"), &new[i]);
                    match before {
                        Some(before) => _ = label.write(&path, &before[i]),
                        None => std::fs::remove_file(label.dir.join(&path)).unwrap(),
                    }
                }
            }
            let ran = next();
            assert_eq!(ran.code, 0, "{}", ran.err);
            let told = ran.err.contains("was interrupted; it is finished: ");
            assert!(told, "{}", ran.err);
        }
    }
    // A draft of another day, or that the label did not sign, finishes nothing.
    for (draft, name) in [(&*old[0], "old"), ("eyJ", "forged")] {
        for (n, new) in NAMES.iter().zip(&new) {
            label.write(&format!("status/{n}"), new);
        }
        label.write("status/revocation", &old[0]);
        label.write("status/revocation.draft", draft);
        let ran = next();
        let told = ran.err.contains("different days");
        assert!(ran.code == 2 && told, "{name}: {}", ran.err);
    }
}

/// Of two publications of one day the later one counts, as far as it came.
#[test]
fn a_publication_that_stopped_is_finished_though_it_is_of_the_same_day() {
    let label = Label::new("same-day", SITE);
    let day = "2026-11-24T18:00:00Z";
    let old = NAMES.map(|n| label.read(&format!("status/{n}")));
    let ran = label.publish_status(&["42=suspended+contested", "7=revoked"], day);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let new = NAMES.map(|n| label.read(&format!("status/{n}")));
    let write = |path: &str, bytes: &String| _ = label.write(path, bytes);
    let restore = || {
        for (name, old) in NAMES.iter().zip(&old) {
            write(&format!("status/{name}"), old);
        }
    };
    // What a run left that named nothing is in nobody's way, wherever the next one stops.
    restore();
    for (name, new) in NAMES.iter().zip(&new) {
        write(&format!("status/{name}.draft"), new);
    }
    let blocked = label.dir.join("status/revocation");
    std::fs::remove_file(&blocked).unwrap();
    std::fs::create_dir(&blocked).unwrap();
    assert_eq!(label.publish_status(&[], day).code, 2);
    assert!(
        NAMES
            .iter()
            .all(|n| !label.dir.join(format!("status/{n}.draft")).exists())
    );
    std::fs::remove_dir(&blocked).unwrap();
    restore();
    for next in [day, "2026-11-24T19:00:00Z"] {
        for reached in 0..3 {
            for (i, name) in NAMES.iter().enumerate() {
                let path = format!("status/{name}");
                label.write(&path, [&new, &old][usize::from(i >= reached)][i].as_bytes());
                if i >= reached {
                    label.write(&format!("{path}.draft"), &new[i]);
                }
            }
            let ran = label.publish_status(&[], next);
            assert_eq!(ran.code, 0, "{}", ran.err);
            let finished = ran.err.contains("was interrupted; it is finished: ");
            assert_eq!(finished, reached > 0, "{}", ran.err);
            let state = label.verdict(&label.path("issued/certificate.jwt"), &[]).1;
            let told = ["valid", "suspended"][usize::from(reached > 0)];
            assert_eq!(state, told, "{reached}");
        }
    }
}

#[test]
fn a_list_that_cannot_take_its_name_is_told_as_not_written() {
    let label = Label::new("no-name", SITE);
    let list = label.dir.join("status/suspension");
    std::fs::rename(&list, label.path("status/suspension.draft")).unwrap();
    std::fs::create_dir(&list).unwrap();
    let ran = label.publish_status(&[], "2026-11-24T19:00:00Z");
    let told = "status/suspension` cannot be written: it is a directory";
    assert!(ran.code == 2 && ran.err.contains(told), "{}", ran.err);
}

#[test]
fn what_is_published_goes_through_no_link_and_by_one_at_a_time() {
    let label = Label::new("links", SITE);
    let kept = label.write("kept", "mine");
    for name in NAMES {
        let link = label.path(&format!("status/{name}.draft"));
        std::os::unix::fs::symlink(&kept, link).unwrap();
    }
    let at = "2026-11-24T19:00:00Z";
    assert_eq!(label.publish_status(&["42=contested"], at).code, 0);
    assert_eq!(label.read("kept"), "mine");
    let held = cocarde_seal::file::alone(&label.dir.join("status")).unwrap();
    let before = label.read("status/revocation");
    let ran = label.publish_status(&["42=revoked"], at);
    let told = ran.err.contains("status: another publication is under way");
    assert!(ran.code == 2 && told, "{}", ran.err);
    assert_eq!(label.read("status/revocation"), before);
    drop(held);
    assert_eq!(label.publish_status(&["42=revoked"], at).code, 0);
}
