//! `cocarde scan` against real name servers.

mod relay;
mod world;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use world::World;

fn scan(world: &World, out: &Path, rate: u32) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cocarde"));
    command.arg("scan").arg(world.list()).arg("--out").arg(out);
    command
        .arg("--test-world")
        .arg("--config")
        .arg(world.config(rate));
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn to_the_end(mut command: Command) {
    let done = command.output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
}

fn evidence(out: &Path) -> Vec<Value> {
    let text = fs::read_to_string(out.join("evidence.jsonl")).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

/// `name type` to `status: records (via chain)`.
fn answers(out: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for line in evidence(out) {
        for a in line["answers"].as_array().unwrap() {
            let list = |key: &str| {
                let texts = a[key].as_array().cloned().unwrap_or_default();
                let texts: Vec<_> = texts
                    .iter()
                    .map(|t| t.as_str().unwrap().to_string())
                    .collect();
                texts.join(", ")
            };
            let key = format!(
                "{} {}",
                a["name"].as_str().unwrap(),
                a["type"].as_str().unwrap()
            );
            let implied = if a["implied"] == true { " implied" } else { "" };
            let (records, chain) = (list("records"), list("chain"));
            let status = a["status"].as_str().unwrap();
            let before = all.insert(key, format!("{status}{implied}: {records} ({chain})"));
            assert!(before.is_none(), "asked twice: {a}");
        }
    }
    all
}

#[test]
fn every_answer_is_what_the_servers_hold() {
    let world = World::start("answers");
    let out = world.dir.join("out");
    to_the_end(scan(&world, &out, 0));
    let all = answers(&out);
    let hex = "ab".repeat(32);
    for (question, want) in [
        ("d0.exemple A", "NOERROR: 198.51.100.0 ()"),
        ("d0.exemple AAAA", "NOERROR:  ()"),
        (
            "d0.exemple MX",
            "NOERROR: 10 mx.hebergeur.exemple, 20 mail.d0.exemple ()",
        ),
        ("d0.exemple NS", "NOERROR: ns.hebergeur.exemple ()"),
        ("d0.exemple DS", &format!("NOERROR: 1234 13 2 {hex} ()")),
        ("d1.exemple DS", "NOERROR:  ()"),
        (
            "d0.exemple TXT",
            "NOERROR: \"v=spf1 include:_spf.hebergeur.exemple -all\" ()",
        ),
        ("_dmarc.d0.exemple TXT", "NOERROR: \"v=DMARC1; p=none\" ()"),
        (
            "www.d0.exemple A",
            "NOERROR: 192.0.2.9 (edge.operateur.autre)",
        ),
        (
            "www.d1.exemple A",
            "NOERROR: 192.0.2.8 (vip.hebergeur.exemple)",
        ),
        ("autodiscover.d0.exemple A", "NXDOMAIN:  ()"),
        // Shared hosts and SPF records, two deep.
        ("mx.hebergeur.exemple A", "NOERROR: 192.0.2.7 ()"),
        ("mx.hebergeur.exemple AAAA", "NOERROR: 2001:db8::7 ()"),
        ("mail.d0.exemple A", "NOERROR: 198.51.100.0 ()"),
        ("ns.hebergeur.exemple A", "NOERROR: 127.0.0.3 ()"),
        (
            "_spf.hebergeur.exemple TXT",
            "NOERROR: \"v=spf1 include:_spf2.operateur.autre -all\" ()",
        ),
        (
            "_spf2.operateur.autre TXT",
            "NOERROR: \"v=spf1 ip4:192.0.2.0/24 -all\" ()",
        ),
        // No such domain: the rest is not asked.
        ("absent.exemple SOA", "NXDOMAIN:  ()"),
        ("absent.exemple MX", "NXDOMAIN implied:  ()"),
        ("_dmarc.absent.exemple TXT", "NXDOMAIN implied:  ()"),
        // A server that does not serve the zone, and servers that may not be asked.
        ("lame.exemple A", "REFUSED:  ()"),
        ("interne.exemple A", "NO_SERVER:  ()"),
        // Aliases in a circle; a name server without an address beside it.
        ("www.boucle.exemple A", "CNAME_LOOP:  (www.boucle2.exemple)"),
        ("www.boucle2.exemple A", "CNAME_LOOP:  (www.boucle.exemple)"),
        ("sansglu.exemple A", "NOERROR: 192.0.2.20 ()"),
    ] {
        assert_eq!(
            all.get(question).map(String::as_str),
            Some(want),
            "{question}"
        );
    }
    // The long answer came whole, by TCP.
    assert_eq!(all["long.exemple TXT"].matches("xxxx").count() / 50, 20);
    let manifest: Value =
        serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert!(manifest["last_run"]["truncated"].as_u64() >= Some(1));
    assert_eq!(manifest["config"]["contact"], "dns@mesure.exemple");
    assert_eq!(manifest["counts"]["unreadable_lines"], 1);
    let counts = manifest["counts"]["answers"].as_array().unwrap();
    let opted_out = counts.iter().find(|c| c["status"] == "OPTED_OUT");
    assert_eq!(opted_out.unwrap()["count"], 1);
    // A line of evidence that is of no line of the list is refused, with its place.
    let path = out.join("evidence.jsonl");
    let mut tampered = fs::OpenOptions::new().append(true).open(path).unwrap();
    let far = r#"{"role":"domain","subject":"x.exemple","line":4294967295,"answers":[]}"#;
    writeln!(tampered, "{far}").unwrap();
    let refused = scan(&world, &out, 0).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    for words in [
        "evidence.jsonl",
        "at octet ",
        "line 4294967295 of a list of",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let asked = world.log.names();
    assert!(
        !asked.iter().any(|n| n.ends_with("refus.exemple")),
        "opted out, yet asked"
    );
    for name in ["mx.hebergeur.exemple", "_spf.hebergeur.exemple"] {
        let times = asked.iter().filter(|n| *n == name).count();
        assert!(times <= 3, "{name} was asked {times} times");
    }
}

/// Waits until so many more subjects are finished, and then so long; kills without
/// warning.
fn kill_after(child: &mut Child, out: &Path, more: usize, wait: Duration) {
    let before = evidence(out).len();
    let end = Instant::now() + Duration::from_secs(60);
    while evidence(out).len() < before + more && Instant::now() < end {
        assert!(
            child.try_wait().unwrap().is_none(),
            "done before it was killed"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(wait);
    child.kill().unwrap();
    child.wait().unwrap();
    // What it sent last reaches the log.
    std::thread::sleep(Duration::from_millis(50));
}

/// The names that were asked for a finished domain.
fn own_names(line: &Value) -> Vec<String> {
    let names = line["answers"].as_array().unwrap().iter();
    names
        .map(|a| a["name"].as_str().unwrap().to_string())
        .collect()
}

/// All names that aliases lead to.
fn aliases(out: &Path) -> BTreeSet<String> {
    let lines = evidence(out);
    let answers = lines
        .iter()
        .filter_map(|l| l["answers"].as_array())
        .flatten();
    let chains = answers.filter_map(|a| a["chain"].as_array()).flatten();
    chains
        .filter_map(|n| n.as_str().map(String::from))
        .collect()
}

#[test]
fn a_killed_scan_goes_on_and_asks_nothing_twice() {
    let world = World::start("killed");
    let undisturbed = world.dir.join("undisturbed");
    to_the_end(scan(&world, &undisturbed, 0));
    world.log.clear();
    let out: PathBuf = world.dir.join("out");
    let mut finished: Vec<(usize, BTreeSet<String>)> = vec![];
    // A generator with a fixed start: other moments in each round, the same in each run.
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut draw = |n: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    for _ in 0..10 {
        let (more, wait) = (draw(4) as usize, Duration::from_millis(draw(150)));
        let mut child = scan(&world, &out, 150).spawn().unwrap();
        kill_after(&mut child, &out, more, wait);
        let domains = evidence(&out).into_iter().filter(|l| l["role"] == "domain");
        let done = domains.flat_map(|l| own_names(&l)).collect();
        finished.push((world.log.names().len(), done));
    }
    assert!(
        !out.join("manifest.json").exists(),
        "it was done before the kills were"
    );
    to_the_end(scan(&world, &out, 0));
    let asked = world.log.names();
    // A name that another domain's aliases lead to may be asked on that one's behalf.
    let aliases = aliases(&out);
    for (from, done) in &finished {
        let theirs = |n: &&String| done.contains(*n) && !aliases.contains(*n);
        let again: Vec<_> = asked[*from..].iter().filter(theirs).collect();
        assert!(
            again.is_empty(),
            "asked again after they were finished: {again:?}"
        );
    }
    assert!(
        finished.last().is_some_and(|(_, done)| done.len() > 20),
        "kills came too early: {}",
        finished.last().unwrap().1.len()
    );
    let table = |dir: &Path| fs::read(dir.join("answers.parquet")).unwrap();
    assert!(
        table(&out) == table(&undisturbed),
        "another table than without kills"
    );
    // Once more: nothing is left to ask, and the table stays what it is.
    world.log.clear();
    to_the_end(scan(&world, &out, 0));
    assert_eq!(world.log.names(), Vec::<String>::new());
    assert!(table(&out) == table(&undisturbed));
}

#[test]
fn without_a_test_world_loopback_is_refused() {
    let dir = std::env::temp_dir().join(format!("cocarde-refused-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    let list = dir.join("list.txt");
    fs::write(&list, "exemple.fr\n").unwrap();
    for resolver in ["127.0.0.1:5353", "10.0.0.1:53", "[::1]:53"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cocarde"));
        command
            .arg("scan")
            .arg(&list)
            .arg("--out")
            .arg(dir.join("out"));
        let done = command.args(["--resolver", resolver]).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{resolver}");
        assert!(String::from_utf8_lossy(&done.stderr).contains("--test-world"));
    }
    fs::remove_dir_all(&dir).unwrap();
}
