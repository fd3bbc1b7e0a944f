//! Keys that a real PKCS#11 token made and keeps: SoftHSM2, filled by OpenSC.

use cocarde_seal::key::Algorithm;
use cocarde_seal::signer::Signer;
use cocarde_signer::{Pkcs11Signer, Pkcs11Uri};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PIN: &str = "4821";
/// Where the module reads its configuration.
const CONFIG: &str = "SOFTHSM2_CONF";
/// Set for the second run of this program: the token's directory.
const TOKEN: &str = "COCARDE_TEST_TOKEN";

fn module() -> &'static str {
    let places = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
    ];
    let found = places.into_iter().find(|p| Path::new(p).exists());
    found.expect("libsofthsm2.so is needed: Debian's package softhsm2")
}

fn run(config: &Path, program: &str, args: &[&str]) {
    let done = Command::new(program)
        .args(args)
        .env(CONFIG, config)
        .output();
    let done = done.unwrap_or_else(|e| panic!("{program} is needed: {e}"));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {args:?}: {said}");
}

/// A token of its own, with one key of each kind.
fn token(dir: &Path) -> PathBuf {
    let config = dir.join("softhsm2.conf");
    fs::create_dir_all(dir.join("tokens")).unwrap();
    let place = dir.join("tokens");
    let text = format!("directories.tokendir = {}\n", place.display());
    fs::write(&config, text).unwrap();
    fs::write(dir.join("pin"), format!("{PIN}\n")).unwrap();
    fs::write(dir.join("wrong-pin"), "0000\n").unwrap();
    let new = ["--init-token", "--free", "--label", "label token"];
    let pins = ["--pin", PIN, "--so-pin", "9999"];
    run(&config, "softhsm2-util", &[new, pins].concat());
    for (kind, label, id) in [
        ("EC:edwards25519", "ed", "01"),
        ("EC:prime256v1", "ec", "02"),
    ] {
        let login = ["--module", module(), "--login", "--pin", PIN];
        let make = ["--keypairgen", "--key-type", kind, "--label", label];
        let args = [&login[..], &make, &["--id", id]].concat();
        run(&config, "pkcs11-tool", &args);
    }
    config
}

fn uri(dir: &Path, token: &str, object: &str, pin: &str) -> Pkcs11Uri {
    let text = format!(
        "pkcs11:token={token};object={object}?module-path={}&pin-source=file:{}",
        module(),
        dir.join(pin).display()
    );
    Pkcs11Uri::read(&text).unwrap()
}

/// The token's configuration comes in through the environment, which a test cannot
/// change for itself: so the test runs itself once more.
#[test]
fn a_token_signs_and_its_signatures_verify() {
    if let Some(dir) = std::env::var_os(TOKEN) {
        return with_token(Path::new(&dir));
    }
    let dir = std::env::temp_dir().join(format!("cocarde-softhsm-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    let config = token(&dir);
    let again = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_token_signs_and_its_signatures_verify"])
        .env(CONFIG, &config)
        .env(TOKEN, &dir)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
    fs::remove_dir_all(&dir).unwrap();
}

fn with_token(dir: &Path) {
    let refused = |token, object, pin| {
        let opened = Pkcs11Signer::open(&uri(dir, token, object, pin));
        opened.err().expect("refused").en
    };
    assert!(refused("label%20token", "ed", "wrong-pin").contains("PIN"));
    assert!(refused("label%20token", "ed", "no-such-file").contains("no-such-file"));
    assert!(refused("another", "ed", "pin").contains("another"));
    assert!(refused("label%20token", "none", "pin").contains("none"));

    // Both at once, as when one token holds the issuer's key and the log's.
    let open = |object| Pkcs11Signer::open(&uri(dir, "label%20token", object, "pin")).unwrap();
    let (ed, ec) = (open("ed"), open("ec"));
    assert_eq!(ed.public().algorithm(), Algorithm::Ed25519);
    assert_eq!(ec.public().algorithm(), Algorithm::P256);
    for (mine, other) in [(&ed, &ec), (&ec, &ed)] {
        let signature = mine.sign(b"message").unwrap();
        assert_eq!(signature.len(), 64);
        mine.public().verify(b"message", &signature).unwrap();
        assert!(mine.public().verify(b"messagf", &signature).is_err());
        assert!(other.public().verify(b"message", &signature).is_err());
    }
    drop(ed);
    ec.sign(b"the other key still works").unwrap();
}
