//! Bad input: clear errors, all in one run, no panic.

mod common;

use cocarde_dossier::{Limits, read, read_texts, read_texts_within, read_with};
use common::{codes, example};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// A directory that is removed at the end of a test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir =
            std::env::temp_dir().join(format!("cocarde-dossier-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("dossier.toml"), "[dossier]\nformat = 1\n").unwrap();
        Scratch(dir)
    }

    fn codes(&self, limits: &Limits) -> Vec<&'static str> {
        match read(&self.0, limits) {
            Ok(d) => d.findings.iter().map(|d| d.code).collect(),
            Err(f) => f.diagnostics.iter().map(|d| d.code).collect(),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn document(dir: &Path, file: &str) {
    let text = format!("[[document]]\nid = \"d\"\nfile = {file:?}\nsha256 = \"00\"\n");
    std::fs::write(dir.join("doc.toml"), text).unwrap();
}

#[test]
fn a_large_file_is_refused_before_it_is_read() {
    let s = Scratch::new("large");
    // Sparse: 200 MB that take no room.
    let file = std::fs::File::create(s.0.join("large.toml")).unwrap();
    file.set_len(200_000_000).unwrap();
    assert_eq!(s.codes(&Limits::default()), ["too-large"]);
    document(&s.0, "large.toml");
    let small = Limits {
        document_bytes: 1000,
        ..Limits::default()
    };
    assert_eq!(s.codes(&small), ["too-large", "too-large"]);
}

#[test]
fn too_many_files_are_refused() {
    let s = Scratch::new("many");
    for i in 0..5 {
        std::fs::write(s.0.join(format!("{i}.toml")), "").unwrap();
    }
    let limits = Limits {
        files: 5,
        ..Limits::default()
    };
    assert_eq!(s.codes(&limits), ["missing-format", "too-many-files"]);
}

#[test]
fn invalid_utf8_is_placed() {
    let s = Scratch::new("utf8");
    std::fs::write(s.0.join("x.toml"), b"a = 1\n\xe9 = \xff\n").unwrap();
    let failure = read(&s.0, &Limits::default()).unwrap_err();
    let d = &failure.diagnostics[0];
    assert_eq!(
        (d.code, d.file.as_deref()),
        ("invalid-utf8", Some("x.toml"))
    );
    assert!(
        d.message.en.contains("line 2, column 1"),
        "{}",
        d.message.en
    );
}

#[cfg(unix)]
#[test]
fn links_and_special_files_are_refused() {
    use std::os::unix::fs::symlink;
    let s = Scratch::new("links");
    let outside = Scratch::new("outside");
    symlink(outside.0.join("dossier.toml"), s.0.join("link.toml")).unwrap();
    symlink(&outside.0, s.0.join("dir")).unwrap();
    symlink(&outside.0, s.0.join("measurements")).unwrap();
    document(&s.0, "dir/dossier.toml");
    std::fs::create_dir(s.0.join("folder.toml")).unwrap();
    let mut codes = s.codes(&Limits::default());
    codes.sort_unstable();
    assert_eq!(codes, ["not-a-file", "symlink", "symlink", "symlink"]);
}

#[test]
fn a_missing_dossier_is_said() {
    let s = Scratch::new("absent");
    let failure = read(&s.0.join("nowhere"), &Limits::default()).unwrap_err();
    assert_eq!(failure.diagnostics[0].code, "unreadable");
    std::fs::remove_file(s.0.join("dossier.toml")).unwrap();
    let failure = read(&s.0, &Limits::default()).unwrap_err();
    let d = &failure.diagnostics[0];
    assert_eq!(d.code, "empty-dossier");
    assert_eq!(d.file.as_deref(), s.0.to_str(), "the place is named");
}

/// The codes and files of the defects.
fn refused(read: Result<cocarde_dossier::Dossier, cocarde_dossier::Failure>) -> Vec<String> {
    let all = read.unwrap_err().diagnostics;
    let all = all.iter().filter(|d| d.code != "missing-format");
    all.map(|d| format!("{} {}", d.code, d.file.as_deref().unwrap_or_default()))
        .collect()
}

/// The same limits hold for texts in memory as for files of a directory, and what is
/// above them is not read.
#[test]
fn texts_in_memory_have_the_limits_of_files() {
    let head = "[dossier]\nformat = 1\n";
    let long = format!("# {}\nx = 1\n", "y".repeat(200));
    let limits = Limits {
        file_bytes: 100,
        total_bytes: 150,
        files: 3,
        ..Limits::default()
    };
    let files = [
        ("a.toml", head),
        ("b.toml", &*long),
        ("measurements/m.jsonl", &*long),
    ];
    let both = ["too-large b.toml", "too-large measurements/m.jsonl"];
    assert_eq!(refused(read_texts_within(&files, &limits)), both);
    let s = Scratch::new("memory");
    assert_eq!(refused(read_with(&s.0, &files[1..2], &limits)), both[..1]);
    // Too many, and too much of them in all.
    let many: Vec<(String, &str)> = (0..5).map(|i| (format!("{i}.toml"), head)).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, t)| (&**n, *t)).collect();
    assert!(refused(read_texts_within(&many, &limits)).contains(&"too-many-files 3.toml".into()));
    let little = Limits {
        total_bytes: 50,
        ..limits
    };
    assert!(refused(read_texts_within(&many, &little)).contains(&"too-large 2.toml".into()));
    // A file that the dossier names.
    let small = Limits {
        document_bytes: 10,
        ..Limits::default()
    };
    let document = format!("{head}[[document]]\nid = \"d\"\nfile = \"d.txt\"\n");
    let files = [("a.toml", &*document), ("d.txt", "more than ten bytes")];
    assert_eq!(refused(read_texts_within(&files, &small)), ["too-large "]);
}

/// The texts that `read_with` is given stand for the files of their names.
#[test]
fn a_text_stands_for_the_file_of_its_name() {
    let s = Scratch::new("instead");
    std::fs::write(s.0.join("a.toml"), "nonsense").unwrap();
    let text = "[organisation]\nname = \"X\"\n";
    let d = read_with(&s.0, &[("a.toml", text)], &Limits::default()).unwrap();
    assert_eq!(d.base.fact_count(), 1);
}

#[test]
fn a_path_stays_inside() {
    for path in ["../x", "/etc/passwd", "a/../../x", "./x", "", "a\\b"] {
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
fn a_file_is_imported_once() {
    let text = "[dossier]\nformat = 1\nimport = [\"b.json\", \"b.json\"]\n";
    let found = refused(read_texts(&[("a.toml", text)]));
    assert_eq!(found, ["duplicate-import "]);
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
