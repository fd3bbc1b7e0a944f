//! Whom a file refers to that another describes: a file of the same import, or the dossier.

use super::order::{count, link, said, together};
use super::ownership::statement;
use cocarde_dossier::adapters::{Origin, located, plan};
use cocarde_dossier::{Dossier, Limits};

/// A record that one file refers to and another states is one party.
#[test]
fn a_party_of_another_file_is_found_there() {
    let parties = format!(
        "[{},{}]",
        statement("entity", "e1", r#"{"name":"Filature Exemple"}"#),
        statement("person", "p1", r#"{"names":[{"fullName":"A. Exemple"}]}"#)
    );
    let links = format!("[{}]", link("r1", "\"p1\"", "shareholding", 60));
    let (a, b) = (("a.json", &*parties), ("b.json", &*links));
    let d = together(&[a, b]).unwrap();
    assert_eq!(count(&d, "party"), 3);
    assert_eq!(said(&d), said(&together(&[b, a]).unwrap()));
}

/// A record of which one file tells that it is the applicant is so in the others.
#[test]
fn the_applicant_of_another_file_is_found_there() {
    let head = |files: &str| {
        format!(
            "[dossier]\nformat = 1\nimport = [{files}]\n[organisation]\nname = \"Filature Exemple\"\n"
        )
    };
    let own = statement("entity", "e1", r#"{"name":"Filature Exemple"}"#);
    let holder = statement("person", "p1", r#"{"names":[{"fullName":"A. Exemple"}]}"#);
    let link = link("r1", "\"p1\"", "shareholding", 60);
    let (a, b) = (format!("[{own}]"), format!("[{holder},{link}]"));
    let whole = format!("[{own},{holder},{link}]");
    let read = |import: &str, files: &[(&str, &str)]| {
        let head = head(import);
        let all: Vec<_> = std::iter::once(("d.toml", &*head))
            .chain(files.iter().copied())
            .collect();
        said(&cocarde_dossier::read_texts(&all).unwrap())
    };
    let wanted = read("\"w.json\"", &[("w.json", &whole)]);
    for import in ["\"a.json\", \"b.json\"", "\"b.json\", \"a.json\""] {
        assert_eq!(read(import, &[("a.json", &a), ("b.json", &b)]), wanted);
    }
}

/// A record that a file refers to is the party of that id that the dossier states already,
/// and copying the file again changes nothing.
#[test]
fn a_party_that_the_dossier_states_is_found_there() {
    let firm = "[dossier]\nformat = 1\n[[party]]\nid = \"bods-e1\"\nname = \"Filature Exemple\"\n";
    let links = format!("[{}]", link("r1", "\"p1\"", "shareholding", 60));
    let before = cocarde_dossier::read_texts(&[("d.toml", firm)]).unwrap();
    let again = |before: &Dossier| {
        let origin = Origin {
            name: "b.json",
            bytes: links.as_bytes(),
            format: None,
        };
        let copies = plan(Some(before), &[origin], &Limits::default()).unwrap();
        let texts = [("d.toml", firm), ("import-b.toml", &copies[0].draft.text)];
        cocarde_dossier::read_texts(&texts).unwrap()
    };
    let copied = again(&before);
    assert_eq!(count(&copied, "party"), 3);
    assert_eq!(said(&again(&copied)), said(&copied));
    let named = firm.replace("format = 1", "format = 1\nimport = [\"b.json\"]");
    let named = cocarde_dossier::read_texts(&[("d.toml", &named), ("b.json", &links)]).unwrap();
    assert_eq!(said(&named), said(&copied));
}

/// Law: to copy files again in the place of their copies writes the same.
#[test]
fn what_is_copied_again_is_written_again() {
    let firm = format!(
        "[{}]",
        statement("entity", "e1", r#"{"name":"Filature Exemple"}"#)
    );
    let links = format!("[{}]", link("r1", "\"p1\"", "shareholding", 60));
    let files = [("a.json", &*firm), ("b.json", &*links)];
    let origins = files.map(|(name, text)| Origin {
        name,
        bytes: text.as_bytes(),
        format: None,
    });
    let (mut before, mut written) = (None, Vec::new());
    for _ in 0..3 {
        let copies = plan(before.as_ref(), &origins, &Limits::default()).unwrap();
        let files = copies.into_iter().map(|c| (c.file, c.draft.text));
        let files: Vec<(String, String)> = files.collect();
        let texts: Vec<_> = files.iter().map(|(n, t)| (&**n, &**t)).collect();
        before = Some(cocarde_dossier::read_texts(&texts).unwrap());
        assert!(written.is_empty() || written == files, "{files:?}");
        written = files;
    }
}

/// The name of a copy is not the end of another file's, of which nobody copied anything.
#[test]
fn a_place_in_another_file_stays_there() {
    let firm = format!(
        "[{}]",
        statement("entity", "e1", r#"{"name":"Filature Exemple"}"#)
    );
    let origin = Origin {
        name: "b.json",
        bytes: firm.as_bytes(),
        format: None,
    };
    let copies = plan(None, &[origin], &Limits::default()).unwrap();
    let (name, draft) = (&*copies[0].file, &copies[0].draft);
    for (other, place) in [("a-import-b.toml", "(a-import-b.toml:"), (name, "(b.json#")] {
        let files = [(other, &*draft.text), ("z.toml", &*draft.text)];
        let failure = cocarde_dossier::read_texts(&files).unwrap_err();
        let failure = located(failure, &[(name, draft)]);
        let taken = failure
            .diagnostics
            .iter()
            .find(|d| d.code == "duplicate-id");
        let told = &taken.expect("a party stated twice").message.en;
        assert!(told.contains(place), "{told}");
    }
}
