//! The code blocks of the README and of the book do what they say.
//!
//! In a `console` block, lines that begin with `$ ` are run and the rest is what they
//! print; a line `…` stands for any number of lines, and `$ echo $?` asks for the exit
//! code. `toml` blocks are well-formed; those of a page that are marked `dossier` are the files
//! of one, and the first is one by itself. `cel` blocks are rules that the referentials' own README holds, where they are compiled.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The day on which commands that name none are run, so that the papers of the
/// examples are valid whatever the day is.
const DAY: &str = "2026-11-24";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every page, with its language.
fn pages() -> Vec<(PathBuf, &'static str)> {
    let mut all = vec![
        (root().join("README.md"), "fr"),
        (root().join("README.en.md"), "en"),
        (root().join("docs/index.md"), "fr"),
    ];
    for lang in ["fr", "en"] {
        let dir = root().join("docs").join(lang);
        for entry in std::fs::read_dir(dir).unwrap() {
            all.push((entry.unwrap().path(), lang));
        }
    }
    all.sort();
    all
}

struct Block {
    info: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut all = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block {
                    info: info.to_string(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => all.extend(open.take()),
            (Some(block), None) => {
                block.text += line;
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is left open");
    all
}

/// All blocks of that sort, with their page.
fn blocks_of(sort: &str) -> Vec<(PathBuf, &'static str, Block)> {
    let mut all = Vec::new();
    for (page, lang) in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let wanted = |b: &Block| b.info.split(' ').next() == Some(sort);
        let found = blocks(&text).into_iter().filter(wanted);
        all.extend(found.map(|b| (page.clone(), lang, b)));
    }
    all
}

/// A command of a block, and what it prints.
struct Step {
    command: String,
    output: Vec<String>,
}

fn steps(block: &str) -> Vec<Step> {
    let mut all: Vec<Step> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), all.last_mut()) {
            (Some(command), _) => all.push(Step {
                command: command.to_string(),
                output: Vec::new(),
            }),
            (None, Some(step)) => step.output.push(line.trim_end().to_string()),
            (None, None) => panic!("a console block begins with a command: {line}"),
        }
    }
    all
}

/// Runs one command; its exit code and what it prints.
fn run(command: &str, lang: &str) -> (Option<i32>, String) {
    let args = command
        .strip_prefix("cocarde ")
        .or_else(|| command.strip_prefix("cargo run --release -- "))
        .unwrap_or_else(|| panic!("not a command of ours: {command}"));
    let mut args: Vec<&str> = args.split(' ').collect();
    if args[0] == "assess" && !args.contains(&"--as-of") {
        args.extend(["--as-of", DAY]);
    }
    let done = Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .args(&args)
        .current_dir(root())
        .env("LC_ALL", lang)
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let printed = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8(printed).unwrap())
}

/// Runs the steps of a block; what goes to `/tmp` goes to `scratch`.
fn play(block: &str, lang: &str, scratch: &str) {
    let mut code = None;
    for step in steps(block) {
        if step.command == "./test" {
            continue;
        }
        if step.command == "echo $?" {
            assert_eq!(step.output, [code.unwrap_or(-1).to_string()], "{block}");
            continue;
        }
        let command = step.command.replace("/tmp/", scratch);
        let (command, to_file) = match command.split_once(" > ") {
            Some((command, _)) => (command, true),
            None => (&*command, false),
        };
        let (done, printed) = run(command, lang);
        code = done;
        if to_file {
            assert!(!printed.is_empty() && step.output.is_empty(), "{command}");
            continue;
        }
        let printed = printed.replace(scratch, "/tmp/");
        let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
        if let Err(line) = fits(&step.output, &printed) {
            panic!("$ {command}\nno «{line}» there:\n{}", printed.join("\n"));
        }
    }
}

/// Whether `printed` is `wanted`, where `…` stands for any lines; else the first
/// line that was not found.
fn fits<'w>(wanted: &'w [String], printed: &[&str]) -> Result<(), &'w str> {
    let mut sections = wanted.split(|line| line == "…");
    let first = sections.next().unwrap_or_default();
    let mut rest = printed;
    let open = wanted.len() > first.len();
    rest = match rest.split_at_checked(first.len()) {
        Some((head, tail)) if head == first => tail,
        _ => return Err(first.first().map_or("", String::as_str)),
    };
    let mut closed = !open;
    for section in sections {
        closed = !section.is_empty();
        if section.is_empty() {
            continue;
        }
        let found = rest.windows(section.len()).position(|w| w == section);
        let at = found.ok_or(&*section[0])?;
        rest = &rest[at + section.len()..];
    }
    if closed && !rest.is_empty() {
        return Err("(end of output)");
    }
    Ok(())
}

#[test]
fn console_blocks_print_what_they_show() {
    let scratch = std::env::temp_dir().join(format!("cocarde-book-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    let blocks = blocks_of("console");
    assert!(blocks.len() >= 16, "only {} blocks", blocks.len());
    for (page, lang, block) in blocks {
        println!("{}", page.display());
        play(&block.text, lang, &format!("{}/", scratch.display()));
    }
    std::fs::remove_dir_all(&scratch).unwrap();
}

#[test]
fn toml_blocks_read() {
    let blocks = blocks_of("toml");
    assert!(blocks.len() >= 10, "only {} blocks", blocks.len());
    for (page, _, block) in blocks {
        if let Err(e) = block.text.parse::<toml::Table>() {
            panic!("{}: {e}", page.display());
        }
    }
}

/// Nothing is added to what the page prints: who copies it has what the test has.
#[test]
fn dossier_blocks_are_the_files_of_a_dossier() {
    let mut pages: BTreeMap<PathBuf, Vec<(String, String)>> = BTreeMap::new();
    for (page, _, block) in blocks_of("toml") {
        if block.info == "toml dossier" {
            let files = pages.entry(page).or_default();
            files.push((format!("{}.toml", files.len()), block.text));
        }
    }
    assert!(pages.len() >= 2, "only {} pages", pages.len());
    for (page, files) in pages {
        let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (&**n, &**t)).collect();
        for read in [&files[..1], &files[..]] {
            if let Err(f) = cocarde_dossier::read_texts(read) {
                panic!("{}: {:?}", page.display(), f.diagnostics);
            }
        }
    }
}

#[test]
fn cel_blocks_are_rules() {
    let compiled = std::fs::read_to_string(root().join("referentials/README.md")).unwrap();
    for (page, _, block) in blocks_of("cel") {
        assert!(compiled.contains(&block.text), "{}", page.display());
    }
}

/// A French page has its English one, the summary names every page, and links lead
/// somewhere.
#[test]
fn the_book_holds_together() {
    let summary = std::fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let mut counts = [0, 0];
    for (page, lang) in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let name = page.file_name().unwrap().to_str().unwrap();
        if page.parent().unwrap().ends_with(lang) {
            counts[usize::from(lang == "en")] += 1;
            let listed = summary.contains(&format!("({lang}/{name})"));
            assert!(listed, "{name} is not in the summary");
        }
        links(&text, page.parent().unwrap());
    }
    links(&summary, &root().join("docs"));
    assert_eq!(counts[0], counts[1], "French pages, English pages");
}

fn links(text: &str, from: &Path) {
    for link in text.split("](").skip(1) {
        let target = link.split([')', '#']).next().unwrap_or_default();
        if !target.is_empty() && !target.contains("://") {
            assert!(from.join(target).exists(), "{target} leads nowhere");
        }
    }
}
