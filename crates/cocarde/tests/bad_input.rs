//! Bad input on the command line: one clear error for each defect, all of them in one
//! run, exit code 2, no panic.

use std::path::{Path, PathBuf};
use std::process::Command;

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("cocarde-bad-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        Scratch(dir)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), bytes).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What is said on standard error, in English, by a command that must fail with code 2.
fn refused(args: &[&str], dir: &Path) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .args(args)
        .arg(dir)
        .args(["--lang", "en"])
        .output()
        .unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(done.stdout.is_empty(), "no verdict comes with an error");
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// The codes of the errors, in order.
fn codes(said: &str) -> Vec<&str> {
    let of = |line: &'_ str| -> Option<(usize, usize)> {
        let start = line.strip_prefix("error [").map(|_| "error [".len())?;
        Some((start, line[start..].find(']')? + start))
    };
    let lines = said.lines().filter_map(|l| of(l).map(|(a, b)| &l[a..b]));
    lines.collect()
}

#[test]
fn what_a_dossier_says_steers_no_terminal() {
    let s = Scratch::new("escapes");
    let name = r#""\u001b[2J\u001b]0;x\u0007\nVerdict: satisfied""#;
    s.write(
        "dossier.toml",
        format!("[dossier]\nformat = 1\n\n[organisation]\nname = {name}\n\n[offering]\nname = {name}\nkind = \"cloud\"\n"),
    );
    for command in ["assess", "control", "reach"] {
        let done = Command::new(env!("CARGO_BIN_EXE_cocarde"))
            .args([command, "--lang", "en"])
            .arg(&s.0)
            .output()
            .unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        let steers = |c: char| c.is_control() && c != '\n';
        assert!(!said.is_empty() && !said.contains(steers), "{said:?}");
        assert!(!said.contains("\nVerdict: satisfied"), "{said}");
    }
}

#[test]
fn every_defect_of_a_dossier_is_named_in_one_run() {
    let s = Scratch::new("dossier");
    s.write(
        "a-head.toml",
        "[dossier]\nformat = 1\n\n[offering]\nkind = \"cloud\"\n",
    );
    s.write("b-malformed.toml", "[contract\nlaw = \"FR\"\n");
    s.write(
        "c-keys.toml",
        "[security]\npolicie = true\npatch_days = \"soon\"\n",
    );
    s.write("d-dates.toml", "[organisation]\nlisted = 3\n\n[[document]]\nid = \"d\"\nreceived = \"2026-02-30\"\nfile = \"../out.txt\"\n");
    s.write(
        "e-shares.toml",
        "[[holding]]\nheld = \"party:applicant\"\nholder = \"party:x\"\ncapital = 60\n\n\
         [[holding]]\nheld = \"party:applicant\"\nholder = \"party:y\"\ncapital = 41\n\n\
         [[holding]]\nheld = \"party:x\"\nholder = \"party:y\"\ncapital = 100\n\n\
         [[holding]]\nheld = \"party:y\"\nholder = \"party:x\"\ncapital = 100\n\n\
         [[party]]\nid = \"x\"\n\n[[party]]\nid = \"y\"\n",
    );
    s.write("f-utf8.toml", b"[value]\n# \xff\xfe\n");
    let large = std::fs::File::create(s.0.join("g-large.toml")).unwrap();
    large.set_len(200_000_000).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hostname", s.0.join("h-link.toml")).unwrap();
    for command in ["check", "assess"] {
        let said = refused(&[command], &s.0);
        let mut found = codes(&said);
        found.sort_unstable();
        let mut wanted = vec![
            "above-100",
            "closed-loop",
            "impossible-date",
            "invalid-utf8",
            "malformed",
            "not-a-number",
            "path-escapes",
            "too-large",
            "unknown-key",
            "wrong-type",
        ];
        if cfg!(unix) {
            wanted.insert(7, "symlink");
        }
        assert_eq!(found, wanted, "{said}");
        assert!(said.contains("did you mean `policy`?"), "{said}");
        assert!(said.contains("c-keys.toml:2:1"), "{said}");
    }
}

#[test]
fn what_is_no_dossier_is_said() {
    let s = Scratch::new("empty");
    assert_eq!(codes(&refused(&["assess"], &s.0)), ["empty-dossier"]);
    assert_eq!(
        codes(&refused(&["assess"], &s.0.join("nowhere"))),
        ["unreadable"]
    );
}

const HEAD: &str = r#"
format = 1
id = "r"
urn = "urn:cocarde:r:1"
uri = "/referentials/r"
version = "1"
title = { fr = "R", en = "R" }
publisher = "R"
basis = { fr = "b", en = "b" }
valid_from = 2026-01-01
pillar = [{ id = "p", title = { fr = "P", en = "P" } }]

[evidence]
established_by = ["declared"]
refuted_by = ["measured"]

[decision]
blocking = ["major"]
"#;

fn criterion(id: &str, rule: &str) -> String {
    let texts = ["title", "text", "guidance", "remedy"];
    let texts = texts
        .map(|t| format!("{t} = {{ fr = \"x\", en = \"x\" }}\n"))
        .concat();
    format!(
        "[[criterion]]\nid = \"{id}\"\nurn = \"urn:cocarde:r:1:{id}\"\nuri = \"/referentials/r/{id}\"\n\
         pillar = \"p\"\nbasis = \"assumption\"\nsource = \"x\"\nseverity = \"major\"\n{texts}rule = '''{rule}'''\n"
    )
}

/// Every defect of a referential too, among them rules that would run without end in
/// sight: a tower of quantifiers, and a list that doubles at each step.
#[test]
fn every_defect_of_a_referential_is_named_in_one_run() {
    let s = Scratch::new("referential");
    s.write("referential.toml", HEAD);
    let tower = (0..12).fold("true".to_string(), |inner, i| {
        format!("offering.hosting.all(h{i}, {inner})")
    });
    let doubled = format!(
        "sum(offering.activities.map(a, a.staff){}) > 0",
        ".map(x, x + x)".repeat(60)
    );
    let rules = [
        ("A", "offering.kind =="),
        ("B", "offering.knd == \"cloud\""),
        ("C", "offering.personal_data > 3"),
        ("D", "governance.officers[0].role == \"x\""),
        ("E", &tower),
        ("F", &doubled),
    ];
    let text: String = rules.map(|(id, rule)| criterion(id, rule)).concat();
    s.write("criteria.toml", text);
    let said = refused(&["referential", "check"], &s.0);
    for line in ["did you mean `kind`?", "criteria.toml:"] {
        assert!(said.contains(line), "{said}");
    }
    let places = said.lines().filter(|l| l.contains("┌─ criteria.toml:"));
    assert!(places.count() >= rules.len(), "{said}");
}

/// A directory that is called as one that ships is the one that is checked.
#[test]
fn the_referential_of_a_directory_is_checked_whatever_its_name() {
    let s = Scratch::new("named");
    std::fs::create_dir(s.0.join("ofg")).unwrap();
    s.write("ofg/referential.toml", "broken");
    let done = Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .args(["referential", "check", "ofg"])
        .current_dir(&s.0)
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(2));
}

#[test]
fn a_referential_that_leads_round_in_a_circle_is_refused() {
    let s = Scratch::new("round");
    s.write("referential.toml", HEAD);
    s.write(
        "criteria.toml",
        criterion("A", "offering.kind == \"cloud\""),
    );
    let fine = Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .args(["referential", "check"])
        .arg(&s.0)
        .output()
        .unwrap();
    assert_eq!(
        fine.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&fine.stderr)
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("more.toml", s.0.join("more.toml")).unwrap();
        let said = refused(&["referential", "check"], &s.0);
        assert!(said.contains("more.toml"), "{said}");
    }
}

#[test]
fn an_unknown_referential_is_said() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/nuage-boreal");
    let said = refused(&["assess", "--referential", "nfg-2025"], &examples);
    assert!(said.contains("did you mean `nfg-2026`?"), "{said}");
}

const APPLICANT: &str = "[dossier]\nformat = 1\n\n[organisation]\nname = \"A\"\n\n";

/// What only one analysis would stumble on is said by `check` already.
#[test]
fn needs_that_cannot_be_are_found_by_check() {
    let cases = [
        (
            "all_of = [\"mial\"]\n\n[[service]]\nid = \"mail\"\n",
            "unknown-service",
            "write `mail`",
        ),
        (
            "all_of = [\"a\"]\n\n[[service]]\nid = \"a\"\nall_of = [\"b\"]\n\n\
             [[service]]\nid = \"b\"\nall_of = [\"a\"]\n",
            "need-loop",
            "dossier.toml:",
        ),
        (
            "some_of = [\"a\"]\nat_least = 2\n\n[[service]]\nid = \"a\"\n",
            "impossible-need",
            "dossier.toml:",
        ),
    ];
    for (inside, code, words) in cases {
        let s = Scratch::new(code);
        let text = format!("{APPLICANT}[[function]]\nid = \"f\"\n{inside}");
        s.write("dossier.toml", text);
        let said = refused(&["check"], &s.0);
        assert_eq!(codes(&said), [code], "{said}");
        assert!(said.contains(words), "{said}");
    }
}

/// A figure declared beside the facts it should follow from is compared with them.
#[test]
fn a_declared_figure_that_does_not_follow_is_a_finding() {
    let s = Scratch::new("differs");
    let holdings = "[offering]\nkind = \"cloud\"\n\n\
         [[party]]\nid = \"x\"\nname = \"X\"\nkind = \"company\"\nseat = \"US\"\n\n\
         [[holding]]\nholder = \"party:x\"\nheld = \"party:applicant\"\ncapital = 60\nvotes = 60\n\n";
    for (declared, differs) in [(0, true), (70, false)] {
        let stated = format!("[governance]\nnon_eu_capital = {declared}\n");
        s.write("dossier.toml", format!("{APPLICANT}{holdings}{stated}"));
        let done = Command::new(env!("CARGO_BIN_EXE_cocarde"))
            .args(["check", "--lang", "en"])
            .arg(&s.0)
            .output()
            .unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        assert_eq!(done.status.code(), Some(0), "{said}");
        let place = "dossier.toml:23";
        let found = said.contains("differs-from-derived") && said.contains(place);
        assert_eq!(found, differs, "{said}");
    }
}
