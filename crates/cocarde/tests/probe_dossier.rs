//! A dossier says that its service is hosted in France by one operator, while its names
//! answer from another: `probe --dossier` measures it against a real name server, and
//! `assess` sets the measurement against the claim, with its evidence.

use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "../../probe/tests/world/knot.rs"]
mod knot;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// A copy of the example, under that name.
fn copied(name: &str) -> PathBuf {
    let dossier = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&dossier);
    copy(&repository().join("examples/suite-azur"), &dossier);
    dossier
}

fn cocarde(args: &[&str]) -> String {
    in_language("en", args)
}

fn in_language(lang: &str, args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .args(args)
        .args(["--lang", lang])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(
        matches!(out.status.code(), Some(0 | 1 | 3)),
        "{args:?}: {told}"
    );
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn what_answers_is_set_against_what_is_declared() {
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("probe-dossier");
    let _ = std::fs::remove_dir_all(&work);
    let (dossier, operators) = (work.join("dossier"), work.join("operators"));
    copy(&repository().join("examples/suite-azur"), &dossier);
    std::fs::create_dir_all(&operators).unwrap();
    let known = repository().join("crates/probe/tests/world/operators.toml");
    std::fs::copy(known, operators.join("operators.toml")).unwrap();
    let dossier = dossier.to_str().unwrap();
    let declared = cocarde(&["assess", dossier, "--as-of", "2026-12-02"]);
    assert!(!declared.contains("measured-ailleurs"));

    let world = repository().join("crates/probe/tests/world");
    let dns = knot::start(&world, &work).to_string();
    let server = format!("127.0.0.1:{dns}");
    let measure = || {
        cocarde(&[
            "probe",
            "--dossier",
            dossier,
            "--resolver",
            &server,
            "--test-world",
            "--ports",
            &dns,
            "1",
            "1",
            "1",
            "--operators",
            operators.to_str().unwrap(),
            "--at",
            "2026-12-01T14:02:00Z",
        ])
    };
    let said = measure();
    assert!(said.starts_with("4 names measured"), "{said}");
    let file = Path::new(dossier).join("measurements/probe-2026-12-01.jsonl");
    let facts = std::fs::read_to_string(&file).unwrap();
    // Of several DMARC records none counts.
    let dmarc = facts.lines().find(|l| l.contains(r#""dmarc""#)).unwrap();
    assert!(dmarc.contains(r#""absent""#), "{dmarc}");
    // What is measured never says where a machine stands.
    assert!(!facts.contains(r#""property":"country""#), "{facts}");

    let assessed = cocarde(&["assess", dossier, "--as-of", "2026-12-02"]);
    for word in [
        "contradicted",
        "measured-ailleurs",
        "x.ailleurs.example",
        &server,
    ] {
        assert!(assessed.contains(word), "{word} is not in:\n{assessed}");
    }
    // What was seen is told in the reader's language, and nobody declared it.
    let french = in_language("fr", &["assess", dossier, "--as-of", "2026-12-02"]);
    assert!(assessed.contains("Nuage d'Ailleurs: "), "{assessed}");
    assert!(french.contains("Nuage d'Ailleurs : "), "{french}");
    for (told, wrong) in [(&assessed, "declared as"), (&french, "déclaré")] {
        let mut seats = told.lines().filter(|l| l.contains("party:measured-"));
        assert!(seats.all(|l| !l.contains(wrong)), "{told}");
    }
    // Measured again, the same bytes: the party that it added is known by then, and what is
    // publicly known of it must not get lost.
    let added = Path::new(dossier).join("measured-parties.toml");
    let parties = std::fs::read_to_string(&added).unwrap();
    assert!(parties.contains(r#"id = "measured-ailleurs""#), "{parties}");
    for property in ["seat", "controlled_from"] {
        let told = format!(r#""property":"{property}""#);
        assert!(facts.contains(&told), "{property} is not in {facts}");
    }
    assert_eq!(measure(), said);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), facts);
    assert_eq!(std::fs::read_to_string(&added).unwrap(), parties);
    let again = cocarde(&["assess", dossier, "--as-of", "2026-12-02"]);
    assert_eq!(again, assessed);
}

/// Whatever stands beside it, a name that can be measured is; what cannot is told with its
/// place, and nothing but that is an error.
#[test]
fn a_name_that_cannot_be_measured_takes_no_other_with_it() {
    let dossier = copied("probe-some");
    let work = dossier.with_file_name("probe-some-dns");
    let _ = std::fs::remove_dir_all(&work);
    std::fs::create_dir_all(&work).unwrap();
    let world = repository().join("crates/probe/tests/world");
    let dns = knot::start(&world, &work).to_string();
    let file = dossier.join("hebergement.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let run = |old: &str, new: &str| {
        assert!(text.contains(old), "{old}");
        std::fs::write(&file, text.replace(old, new)).unwrap();
        let mut probe = Command::new(env!("CARGO_BIN_EXE_cocarde"));
        probe.args([
            "probe",
            "--lang",
            "fr",
            "--at",
            "2026-12-01T14:02:00Z",
            "--dossier",
        ]);
        probe
            .arg(&dossier)
            .args(["--resolver", &format!("127.0.0.1:{dns}")]);
        let out = probe
            .args(["--test-world", "--ports", &dns, "1", "1", "1"])
            .output();
        let out = out.unwrap();
        let told = String::from_utf8_lossy(&out.stderr).into_owned();
        (
            out.status.code(),
            String::from_utf8_lossy(&out.stdout).into_owned(),
            told,
        )
    };
    let backup = "\"secours.suite-azur.example\"";
    let line = 1 + text.lines().position(|l| l.contains(backup)).unwrap();
    let (address, by_name) = ("une mesure part d'un nom", "le nom par lequel on y arrive");
    for (unmeasured, why, mend) in [
        ("192.0.2.7", address, by_name),
        ("[2001:db8::7]", address, by_name),
        ("secours", "trop court ou trop long", "donner le nom entier"),
    ] {
        let (code, said, told) = run(backup, &format!("{backup}, \"{unmeasured}\""));
        assert_eq!(code, Some(0), "{told}");
        assert!(said.starts_with("4 noms mesurés"), "{said}");
        let name = unmeasured.trim_matches(['[', ']']);
        let named = format!("« {name} » (hosting:secours)");
        for word in [why, mend, &*named, &format!("hebergement.toml:{line}")] {
            assert!(told.contains(word), "{word} is not in {told}");
        }
        assert_eq!(told.matches("n'est pas mesuré").count(), 1, "{told}");
    }
    let (code, said, told) = run(".suite-azur.example", "");
    assert_eq!((code, &*said), (Some(2), ""), "{told}");
}

/// Whatever is measured, a resolver that answers nothing is one error, and is waited for once.
#[test]
fn a_resolver_that_answers_nothing_is_an_error() {
    let dossier = copied("probe-silent");
    for what in [
        &["a.example"][..],
        &["--dossier", dossier.to_str().unwrap()],
    ] {
        let (told, asked) = ask_in_silence(what);
        assert_eq!(told.matches("ne répond à rien").count(), 1, "{told}");
        assert_eq!(told.matches("erreur [").count(), 1, "{told}");
        let mend = "donner un autre résolveur par --resolver";
        assert!(told.contains(mend), "{told}");
        assert!(
            asked.contains("app") || asked.contains("example"),
            "{asked}"
        );
        assert!(!asked.contains("courriel"), "{asked}");
    }
}

/// That the facts cannot be written is told before anybody is asked, and in French; where
/// they can be, looking leaves nothing behind.
#[test]
fn what_cannot_be_written_is_not_measured() {
    let dossier = copied("probe-unwritable");
    let measurements = dossier.join("measurements");
    std::fs::remove_dir_all(&measurements).unwrap();
    let what = ["--dossier", dossier.to_str().unwrap()];
    let (_, asked) = ask_in_silence(&what);
    assert_ne!(asked, "");
    assert!(!measurements.exists());
    std::fs::write(&measurements, "").unwrap();
    let (told, asked) = ask_in_silence(&what);
    for word in [
        "measurements » ne s'écrit pas",
        "ce n'est pas un répertoire",
    ] {
        assert!(told.contains(word), "{word} is not in {told}");
    }
    assert_eq!(asked, "");
}

/// What `probe` tells in French where no resolver answers, and which bytes it was asked.
fn ask_in_silence(what: &[&str]) -> (String, String) {
    // Bound, and read only afterwards: whoever asks it hears nothing.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let resolver = silent.local_addr().unwrap().to_string();
    let mut probe = Command::new(env!("CARGO_BIN_EXE_cocarde"));
    probe.arg("probe").args(what);
    probe.args(["--resolver", &resolver, "--lang", "fr"]);
    let out = probe.output().unwrap();
    let told = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(2), "{told}");
    assert!(out.stdout.is_empty());
    silent.set_nonblocking(true).unwrap();
    let (mut asked, mut query) = (String::new(), [0; 4096]);
    while let Ok(length) = silent.recv(&mut query) {
        asked += &String::from_utf8_lossy(&query[..length]).to_ascii_lowercase();
    }
    (told, asked)
}

/// A resolver that falls silent on the way costs the names that come then, each of them told,
/// and is not waited for again.
#[test]
fn a_resolver_that_falls_silent_takes_no_measured_name_with_it() {
    let dossier = copied("probe-silence");
    let work = dossier.with_file_name("probe-silence-dns");
    let _ = std::fs::remove_dir_all(&work);
    std::fs::create_dir_all(&work).unwrap();
    let world = repository().join("crates/probe/tests/world");
    let dns = knot::start(&world, &work).to_string();
    let relay = UdpSocket::bind("127.0.0.1:0").unwrap();
    let resolver = relay.local_addr().unwrap().to_string();
    let silent = relay.try_clone().unwrap();
    let server = format!("127.0.0.1:{dns}");
    std::thread::spawn(move || relay_until(&relay, &server, "fichiers"));
    let mut probe = Command::new(env!("CARGO_BIN_EXE_cocarde"));
    probe.args(["probe", "--lang", "en", "--at", "2026-12-01T14:02:00Z"]);
    probe.arg("--dossier").arg(&dossier);
    probe.args(["--resolver", &resolver, "--test-world"]);
    let out = probe.args(["--ports", &dns, "1", "1", "1"]).output();
    let out = out.unwrap();
    let told = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{told}");
    assert!(out.stdout.starts_with(b"1 name measured"), "{told}");
    // Two in a domain and in a hosting, one in a hosting alone.
    assert_eq!(told.matches("answers nothing").count(), 5, "{told}");
    silent.set_nonblocking(true).unwrap();
    let mut query = [0; 4096];
    while let Ok(length) = silent.recv(&mut query) {
        let query = String::from_utf8_lossy(&query[..length]).to_ascii_lowercase();
        assert!(!query.contains("courriel"), "{query}");
    }
}

/// Passes queries on to a server until one has that word in it.
fn relay_until(relay: &UdpSocket, server: &str, word: &str) {
    let onward = UdpSocket::bind("127.0.0.1:0").unwrap();
    onward.connect(server).unwrap();
    let mut bytes = [0; 4096];
    while let Ok((length, from)) = relay.recv_from(&mut bytes) {
        let query = String::from_utf8_lossy(&bytes[..length]).to_ascii_lowercase();
        if query.contains(word) {
            return;
        }
        onward.send(&bytes[..length]).unwrap();
        let length = onward.recv(&mut bytes).unwrap();
        relay.send_to(&bytes[..length], from).unwrap();
    }
}
