//! Which files are read, and within which limits.

use cocarde_dossier::{Limits, read, read_texts, read_texts_within, read_with};
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
fn a_file_is_imported_once() {
    let text = "[dossier]\nformat = 1\nimport = [\"b.json\", \"b.json\"]\n";
    let found = refused(read_texts(&[("a.toml", text)]));
    assert_eq!(found, ["duplicate-import "]);
}

/// The limit on facts is one of tables, too, and of tables that state nothing.
#[test]
fn tables_have_the_limit_of_facts() {
    let limits = Limits {
        facts: 3,
        ..Limits::default()
    };
    let read = |text: &str| {
        let text = format!("[dossier]\nformat = 1\n{text}");
        refused(read_texts_within(&[("a.toml", &text)], &limits))
    };
    let party = "[[party]]\nname = \"X\"\nlisted = true\n";
    assert_eq!(read(&party.repeat(2)), ["too-many-facts "]);
    assert_eq!(read(&"[[party]]\n".repeat(4)), ["too-many-facts "]);
    let three = format!("[dossier]\nformat = 1\n{party}[[party]]\nname = \"Y\"\n");
    assert!(read_texts_within(&[("a.toml", &three)], &limits).is_ok());
}
