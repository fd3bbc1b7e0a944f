//! What people read, kept in files: `UPDATE_GOLDEN=1 cargo test -p cocarde` rewrites them.

use crate::{AS_OF, cocarde};
use std::path::Path;

pub fn golden(name: &str, found: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cli/goldens")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(file.parent().expect("a directory")).expect("created");
        std::fs::write(&file, found).expect("written");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    if let Some((n, (k, f))) = kept
        .lines()
        .zip(found.lines())
        .enumerate()
        .find(|(_, (k, f))| k != f)
    {
        panic!(
            "{name}:{}: was\n{k}\nis\n{f}\n(UPDATE_GOLDEN=1 rewrites it)",
            n + 1
        );
    }
    assert_eq!(kept.lines().count(), found.lines().count(), "{name}: lines");
}

#[test]
fn assessments_read_as_they_did_in_both_languages() {
    for name in ["suite-azur", "filiale-us", "incomplet"] {
        for lang in ["fr", "en"] {
            let dir = format!("examples/{name}");
            let ran = cocarde(&["assess", &dir, "--as-of", AS_OF, "--lang", lang]);
            assert!(!ran.out.contains('\u{1b}'), "colour in a pipe");
            golden(&format!("{name}.{lang}.txt"), &ran.out);
        }
    }
}

#[test]
fn defects_read_as_they_did_in_both_languages() {
    for lang in ["fr", "en"] {
        let ran = cocarde(&["check", "examples/broken", "--lang", lang]);
        golden(&format!("broken.{lang}.txt"), &ran.err);
    }
}
