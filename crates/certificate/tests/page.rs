//! The page, seen by outside readers (poppler, zbar, qpdf) and by our own.

use cocarde_certificate::{Contents, Lang, attached, check, qr_text, read_qr, typeset};
use cocarde_seal::credential;
use cocarde_seal::decision::Decision;
use cocarde_seal::jws;
use cocarde_seal::signer::FileSigner;
use proptest::prelude::*;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const ASSESSMENT: &[u8] = include_bytes!("../../seal/tests/data/assessment.json");
const DECISION: &str = include_str!("../../seal/tests/data/decision.toml");

fn made(number: &str) -> (Value, Contents) {
    let decision = Decision::read(&DECISION.replace("EX-2026-0042", number)).unwrap();
    let credential = credential::write(&decision, ASSESSMENT).unwrap();
    let key = FileSigner::ed25519(&[42; 32]);
    let kid = "did:web:label.example#ed-jwk";
    let token = jws::sign(&credential, "vc+jwt", "vc", kid, &key).unwrap();
    let contents = Contents {
        credential: token,
        log_proof: Some("c2sp.org/tlog-proof@v1\nindex 0\n\nexample\n".into()),
    };
    (credential, contents)
}

fn run(program: &str, args: &[&str]) -> String {
    let done = Command::new(program).args(args).output();
    let done = done.unwrap_or_else(|e| panic!("{program} is needed: {e}"));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success(),
        "{program}: {said}{}",
        String::from_utf8_lossy(&done.stderr)
    );
    said
}

fn temp(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("cocarde-page-{name}-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    dir
}

#[test]
fn other_programs_read_the_page_its_attachments_and_its_code() {
    let (credential, contents) = made("EX-2026-0042");
    for (lang, word) in [
        (Lang::Fr, "Vérifier ce certificat"),
        (Lang::En, "Verify this certificate"),
    ] {
        let dir = temp(&format!("{lang:?}"));
        let pdf = dir.join("page.pdf");
        fs::write(&pdf, typeset(&contents, lang).unwrap()).unwrap();
        let pdf = pdf.to_str().unwrap();
        run("qpdf", &["--check", pdf]);
        let text = run("pdftotext", &["-layout", pdf, "-"]);
        for expected in [word, "Nuage Clair SAS", "EX-2026-0042", "2026", "2029"] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        // What is read aloud: headings, the table with its headers, the code in words.
        let tags = run("pdfinfo", &["-struct", pdf]);
        for tag in ["H1", "H2", "Table", "TH", "Figure"] {
            assert!(
                tags.lines().any(|l| l.trim().starts_with(tag)),
                "{tag} in {tags}"
            );
        }
        let fonts = run("pdffonts", &[pdf]);
        assert_eq!(
            fonts.matches(" yes yes yes ").count(),
            2,
            "embedded, subset, Unicode: {fonts}"
        );
        run("pdfdetach", &["-saveall", "-o", dir.to_str().unwrap(), pdf]);
        let jwt = fs::read_to_string(dir.join("certificate.jwt")).unwrap();
        assert_eq!(jwt, contents.credential);
        run(
            "pdftoppm",
            &[
                "-r",
                "110",
                "-png",
                "-singlefile",
                pdf,
                dir.join("page").to_str().unwrap(),
            ],
        );
        let read = run(
            "zbarimg",
            &["--quiet", "--raw", dir.join("page.png").to_str().unwrap()],
        );
        assert_eq!(read.trim_end(), qr_text(&credential));
        fs::remove_dir_all(&dir).unwrap();
    }
}

#[test]
fn the_page_says_that_it_is_pdf_a_3() {
    let pdf = typeset(&made("EX-2026-0042").1, Lang::Fr).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    for mark in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "/OutputIntents",
        "/AFRelationship",
    ] {
        assert!(text.contains(mark), "{mark}");
    }
    assert!(!text.contains("/Encrypt") && !text.contains("/JavaScript"));
}

#[test]
fn a_page_is_that_of_its_contents() {
    let (_, contents) = made("EX-2026-0042");
    let (_, other) = made("EX-2026-0043");
    for lang in [Lang::Fr, Lang::En] {
        let page = typeset(&contents, lang).unwrap();
        assert_eq!(page, typeset(&contents, lang).unwrap());
        assert_eq!(check(&page).unwrap(), contents);
    }
    // The attachment of another certificate, in the place of the page's own.
    let (mine, theirs) = (
        typeset(&contents, Lang::Fr).unwrap(),
        typeset(&other, Lang::Fr).unwrap(),
    );
    let start = |pdf: &[u8]| pdf.windows(13).position(|w| w == b"/EmbeddedFile").unwrap();
    let end = |pdf: &[u8]| {
        start(pdf)
            + pdf[start(pdf)..]
                .windows(9)
                .position(|w| w == b"endstream")
                .unwrap()
    };
    let swapped = [
        &mine[..start(&mine)],
        &theirs[start(&theirs)..end(&theirs)],
        &mine[end(&mine)..],
    ]
    .concat();
    assert_eq!(attached(&swapped).unwrap().credential, other.credential);
    assert_eq!(check(&swapped).unwrap_err().code, "pdf-page");
    assert_eq!(check(b"%PDF-1.7\n%%EOF").unwrap_err().code, "pdf");
    assert_eq!(check(b"hello").unwrap_err().code, "pdf");
    let twice = [&mine[..], &theirs].concat();
    assert_eq!(check(&twice).unwrap_err().code, "pdf");
}

/// The contents that a changed decision gives, without a log proof.
fn decided(text: &str) -> Contents {
    let credential = credential::write(&Decision::read(text).unwrap(), ASSESSMENT).unwrap();
    signed(&credential)
}

fn signed(credential: &Value) -> Contents {
    let key = FileSigner::ed25519(&[42; 32]);
    let kid = "did:web:label.example#ed-jwk";
    Contents {
        credential: jws::sign(credential, "vc+jwt", "vc", kid, &key).unwrap(),
        log_proof: None,
    }
}

/// The words of a page, by another program.
fn words(contents: &Contents, lang: Lang) -> String {
    let dir = temp(&format!("words-{lang:?}-{}", contents.credential.len()));
    let pdf = dir.join("page.pdf");
    fs::write(&pdf, typeset(contents, lang).unwrap()).unwrap();
    let read = run("pdftotext", &[pdf.to_str().unwrap(), "-"]);
    fs::remove_dir_all(&dir).unwrap();
    read.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_derogation_is_not_said_to_meet_the_referential() {
    let contents = decided(&DECISION.replace("\n[issuer]", "derogation = \"essai\"\n\n[issuer]"));
    let read = words(&contents, Lang::Fr);
    assert!(read.contains("par dérogation") && !read.contains("satisfait au référentiel"));
}

#[test]
fn the_page_says_how_many_criteria_rest_on_an_assumption() {
    let (mut credential, _) = made("EX-2026-0042");
    let said = |c: &Value, lang| words(&signed(c), lang);
    assert!(said(&credential, Lang::Fr).contains("1 critère repose sur une hypothèse"));
    assert!(said(&credential, Lang::En).contains("1 criterion rests on an assumption"));
    let results = &mut credential["credentialSubject"]["sovereigntyCertification"];
    for result in results["criterionResult"].as_array_mut().unwrap() {
        result["basis"] = "public".into();
    }
    assert!(!said(&credential, Lang::Fr).contains("hypothèse"));
    assert!(!said(&credential, Lang::En).contains("assumption"));
}

#[test]
fn what_does_not_fit_is_refused_and_not_cut() {
    let scope = "Suite Claire 3, hébergée";
    let long = DECISION.replace(scope, &"Suite Claire 3, hébergée ".repeat(120));
    assert_eq!(typeset(&decided(&long), Lang::Fr).unwrap_err().code, "pdf");
}

#[test]
fn a_text_without_end_is_refused_at_once() {
    let (credential, _) = made("EX-2026-0042");
    for path in [
        "/issuedToParty/name",
        "/description",
        "/name",
        "/scope/name",
    ] {
        for text in [
            "x".repeat(500_000),
            "x ".repeat(250_000),
            "\u{301}".repeat(500_000),
        ] {
            let mut endless = credential.clone();
            let subject = endless.get_mut("credentialSubject").unwrap();
            *subject.pointer_mut(path).unwrap() = text.into();
            let refused = typeset(&signed(&endless), Lang::Fr).unwrap_err();
            assert_eq!(refused.code, "pdf", "{path}");
        }
    }
}

#[test]
fn the_text_of_a_code_is_an_address_with_its_digest() {
    let (credential, _) = made("EX-2026-0042");
    let text = qr_text(&credential);
    let (url, digest) = read_qr(&text).unwrap();
    assert_eq!(url, "https://label.example/certificats/EX-2026-0042");
    assert!(text.ends_with(digest.unwrap()));
    assert_eq!(read_qr(url).unwrap(), (url, None));
    let (short, upper) = (&text[..text.len() - 1], text.to_uppercase());
    for bad in [
        "",
        "https://",
        "http://label.example/x",
        "http://127.0.0.1:1@evil.example/x",
        "https://label.example@evil.example/x",
        "file:///etc/passwd",
        "https://label.example/a b",
        "https://label.example/x#other",
        "https://label.example/x#sha256=",
        short,
        &upper,
        &format!("{text}#sha256=0"),
        &format!("https://{}", "x".repeat(3000)),
    ] {
        assert_eq!(read_qr(bad).unwrap_err().code, "qr", "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn a_byte_changed_anywhere_shows(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut page = typeset(&made("EX-2026-0042").1, Lang::En).unwrap();
        let at = at.index(page.len());
        page[at] ^= 1 << bit;
        prop_assert!(check(&page).is_err());
    }
}
