//! One whole measurement against a real authoritative server (knot), a web server with
//! third parties and TLS of a test authority. What comes out is the golden files', to the
//! byte.

use cocarde_knowledge::operators::Operators;
use cocarde_probe::attribution::Role;
use cocarde_probe::dns::fresh_seed;
use cocarde_probe::measure::ask::Asker;
use cocarde_probe::measure::connect::{Net, Ports};
use cocarde_probe::measure::evidence::Clock;
use cocarde_probe::measure::networks::Networks;
use cocarde_probe::measure::tls::Trust;
use cocarde_probe::measure::{Record, Wishes, measure};
use cocarde_probe::report::{Lang, page, terminal};
use cocarde_probe::safety::AddressFilter;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

#[path = "world/knot.rs"]
mod knot;
#[path = "world/refusals.rs"]
mod refusals;
#[path = "world/servers.rs"]
mod servers;
#[path = "world/web.rs"]
mod web;

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/world")
        .join(name)
}

/// The servers, started once for all tests.
struct World {
    ports: Ports,
    measured: Mutex<BTreeMap<String, Record>>,
}

static WORLD: LazyLock<World> = LazyLock::new(World::start);

impl World {
    fn start() -> Self {
        let state = std::env::temp_dir().join(format!("cocarde-knot-{}", std::process::id()));
        let dns = knot::start(&here(""), &state);
        let (http, https) = web::start(&here("site"), &here("tls"));
        let ports = Ports {
            dns,
            http,
            https,
            smtp: web::start_mail(),
        };
        Self {
            ports,
            measured: Mutex::default(),
        }
    }

    fn asker(&self) -> Asker {
        let server = SocketAddr::from(([127, 0, 0, 1], self.ports.dns));
        Asker::new(vec![server], true, clock(), fresh_seed().unwrap())
    }

    fn net(&self) -> Net {
        Net {
            asker: self.asker(),
            filter: AddressFilter { test_world: true },
            ports: self.ports,
            clock: clock(),
            patience: Duration::from_secs(10),
            until: None,
            refusals: BTreeSet::new(),
        }
    }

    /// Measures, once for all tests where nothing special is wished for.
    fn measure(&self, domain: &str, wishes: &Wishes) -> Record {
        if *wishes != Wishes::default() {
            return self.measure_now(domain, wishes);
        }
        let mut measured = self.measured.lock().unwrap();
        let new = || self.measure_now(domain, wishes);
        let record = measured.entry(domain.to_owned()).or_insert_with(new);
        record.clone()
    }

    fn measure_now(&self, domain: &str, wishes: &Wishes) -> Record {
        let authority = std::fs::read(here("tls/authority.der")).unwrap();
        let trust = Trust::new(&[authority]).unwrap();
        let mut networks = Networks::default();
        networks.add(&here("networks.tsv")).unwrap();
        networks.add(&here("anycast.mmdb")).unwrap();
        let text = std::fs::read_to_string(here("operators.toml")).unwrap();
        let operators = Operators::from_texts(&[("operators.toml", &text)]).unwrap();
        measure(
            &mut self.net(),
            domain,
            &trust,
            &networks,
            &operators,
            wishes,
        )
    }

    /// Ports differ from run to run; nothing else may.
    fn plain(&self, text: &str) -> String {
        text.replace(&format!(":{}", self.ports.dns), ":DNS")
            .replace(&format!(":{}", self.ports.https), ":HTTPS")
            .replace(&format!(":{}", self.ports.http), ":HTTP")
            .replace(&format!(":{}", self.ports.smtp), ":SMTP")
    }
}

fn clock() -> Clock {
    Clock::Fixed("2026-12-01T14:02:00Z".parse().unwrap())
}

/// Compares with a golden file; what came out instead is left beside the build's files, or
/// with `UPDATE_GOLDEN=1` in its place.
fn golden(name: &str, got: &str) {
    let file = here("golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, got).unwrap();
    }
    let want = std::fs::read_to_string(&file).unwrap_or_default();
    if want != got {
        let left = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&left, got).unwrap();
        panic!("{} differs from {}", left.display(), file.display());
    }
}

fn all_forms(domain: &str) {
    let record = WORLD.measure(domain, &Wishes::default());
    let json = serde_json::to_string_pretty(&record).unwrap() + "\n";
    golden(
        &format!("{domain}.fr.txt"),
        &WORLD.plain(&terminal(&record, Lang::Fr, 100)),
    );
    golden(
        &format!("{domain}.en.txt"),
        &WORLD.plain(&terminal(&record, Lang::En, 100)),
    );
    golden(&format!("{domain}.json"), &WORLD.plain(&json));
}

/// Alias chains, a filter before a suite, includes in a circle, a lame delegation, an
/// answer too long for UDP, third parties, TLS.
#[test]
fn a_town() {
    all_forms("ville.example");
}

/// Mail handed to a filter and to a host beside it, and to a private address.
#[test]
fn a_split_town() {
    all_forms("partage.example");
}

/// Redirects to where cloud machines keep their secrets.
#[test]
fn a_trap() {
    all_forms("piege.example");
    let record = WORLD.measure("piege.example", &Wishes::default());
    let touched = record.evidence.iter().filter_map(|e| e.server.as_deref());
    assert!(
        touched.clone().all(|s| s.starts_with("127.")),
        "{:?}",
        touched.collect::<Vec<_>>()
    );
    assert!(
        record
            .refusals
            .iter()
            .any(|r| r.address == "169.254.169.254")
    );
}

/// What the zone files say, written by hand: the golden files could repeat a mistake.
#[test]
fn the_record_says_what_the_zones_say() {
    let town = WORLD.measure("ville.example", &Wishes::default());
    let (names, site) = (&town.names, town.site.as_ref().unwrap());
    let www = names.site.iter().find(|h| h.name == "www.ville.example");
    let chain = ["un", "deux", "trois"].map(|n| format!("{n}.alias.example"));
    let chain = [&chain[..], &["t.bord.example".to_owned()]].concat();
    assert_eq!(www.unwrap().aliases, chain);

    let spf = names.spf.as_ref().unwrap();
    let told: Vec<&str> = spf.problems.iter().map(|p| p.en.as_str()).collect();
    assert_eq!(told, ["cercle.example leads back to itself"]);
    assert!(spf.names.iter().any(|n| n == "rond.example"));

    let lame = names
        .ns
        .iter()
        .filter_map(|n| Some((&*n.host.name, n.lame.as_deref()?)));
    let lame: Vec<_> = lame.collect();
    assert_eq!(lame, [("sourd.dns.example", "no answer")]);

    // Filter in front, suite behind it: the exchangers are the filter's, the keys the suite's.
    let who = |role| {
        let answer = town.classification.first(role).unwrap();
        answer.operator.as_ref().unwrap().id.as_str()
    };
    assert_eq!(
        (who(Role::MailGateway), who(Role::MailHost)),
        ("filtre", "suite")
    );
    let third: Vec<&String> = site.third_parties.keys().collect();
    assert_eq!(third, ["compteur.example", "polices.example"]);

    // Beside each other: both are exchangers.
    let split = WORLD.measure("partage.example", &Wishes::default());
    let host = split.classification.first(Role::MailHost).unwrap();
    assert_eq!(host.operator.as_ref().unwrap().id, "suite");
    let kinds: Vec<&str> = host.evidence.iter().map(|e| e.kind).collect();
    assert_eq!(kinds, ["mx"]);

    // Two of a kind where one is allowed.
    assert_eq!((&split.names.dmarc, &split.names.tls_rpt), (&None, &None));
    let several = ["_dmarc.partage.example", "_smtp._tls.partage.example"];
    assert!(split.names.several.iter().eq(several));
}

/// Mail exchangers are connected to only where told so; what they say cannot steer a
/// terminal or a page.
#[test]
fn exchangers_speak_only_when_asked() {
    let silent = WORLD.measure("ville.example", &Wishes::default());
    assert!(silent.names.mx.iter().all(|m| m.banner.is_none()));
    assert!(silent.evidence.iter().all(|e| e.by != "smtp"));
    let wishes = Wishes {
        banner: true,
        ..Wishes::default()
    };
    let asked = WORLD.measure("ville.example", &wishes);
    let said = asked.names.mx[0].banner.as_deref();
    assert_eq!(said, Some("220 mx.filtre.example ESMTP·[2J"));
    let exchange = asked.evidence.iter().find(|e| e.by == "smtp").unwrap();
    assert_eq!(exchange.question, "banner of mx1.filtre.example");
    assert!(page(&asked, Lang::Fr).contains("220 mx.filtre.example ESMTP"));
}

/// The policy is fetched from where the RFC says, and set against the exchangers.
#[test]
fn the_mail_policy_is_read() {
    let town = WORLD.measure("ville.example", &Wishes::default());
    let policy = town.mta_sts.unwrap();
    assert_eq!(policy.mode.as_deref(), Some("enforce"));
    assert_eq!(policy.left_out, ["mx2.filtre.example"]);
    let split = WORLD.measure("partage.example", &Wishes::default());
    let failure = split.mta_sts.unwrap().failure;
    assert_eq!(failure.as_deref(), Some("address refused"));
}

/// What only a running script calls is seen by a browser; so is that it wants inside, and
/// it is not let in. The browser's own calls are nobody's.
#[test]
fn a_browser_sees_what_scripts_call() {
    let browser = std::env::var_os("CHROMIUM").unwrap_or_else(|| "chromium".into());
    let wishes = Wishes {
        browser: Some(browser.into()),
        ..Wishes::default()
    };
    let town = WORLD.measure("ville.example", &wishes);
    let site = town.site.as_ref().unwrap();
    assert_eq!((site.found_by, &site.not_run), ("run", &None));
    let third = site.third_parties.iter();
    let third: Vec<(&str, &[&str])> = third.map(|(h, how)| (&**h, &**how)).collect();
    let expected: [(&str, &[&str]); 4] = [
        ("compteur.example", &["script"]),
        ("meta.example", &["request"]),
        ("polices.example", &["font"]),
        ("tardif.example", &["request"]),
    ];
    assert_eq!(third, expected);
    let inside = town.refusals.iter().find(|r| r.host == "meta.example");
    assert_eq!(inside.unwrap().address, "169.254.169.254");

    let told = terminal(&town, Lang::En, 100);
    let is_root = nix::unistd::Uid::effective().is_root();
    assert_eq!(told.contains("without its sandbox"), is_root, "{told}");

    let missing = Wishes {
        browser: Some("/nowhere/browser".into()),
        ..Wishes::default()
    };
    let site = WORLD.measure("ville.example", &missing).site.unwrap();
    assert_eq!(site.found_by, "parsed");
    assert!(site.not_run.unwrap().starts_with("/nowhere/browser: "));
}

/// Over UDP the TXT records do not fit and the server says so; they come whole all the same.
#[test]
fn what_does_not_fit_udp_comes_by_tcp() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let mut query = vec![0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    query.extend(b"\x05ville\x07example\0\0\x10\0\x01");
    socket
        .send_to(&query, ("127.0.0.1", WORLD.ports.dns))
        .unwrap();
    let mut answer = [0; 4096];
    let n = socket.recv(&mut answer).unwrap();
    assert!(n < 513 && answer[2] & 2 != 0, "not truncated: {n} bytes");

    let town = WORLD.measure("ville.example", &Wishes::default());
    let long = town.names.txt.iter().find(|t| t.starts_with("long="));
    let zone = std::fs::read_to_string(here("zones/ville.example.zone")).unwrap();
    let line = zone.lines().find(|l| l.contains("\"long=\"")).unwrap();
    let strings: String = line.split('"').skip(1).step_by(2).collect();
    assert_eq!(long, Some(&strings));
    assert!(strings.len() > 1232);
}

/// Servers that were never told that they serve a domain: nothing is known of it, and
/// nothing is said to be absent.
#[test]
fn behind_a_lame_delegation_nothing_is_absent() {
    all_forms("delaisse.example");
    let record = WORLD.measure("delaisse.example", &Wishes::default());
    assert!(record.names.unanswered.contains("delaisse.example MX"));
    // The zone above answers for itself that it holds no key of this one.
    let told = terminal(&record, Lang::En, 100).replace("DNSSEC: absent", "");
    for word in ["absent", "announces none", "No site"] {
        assert!(!told.contains(word), "{word}: {told}");
    }
}

/// What the user guide shows is what comes out.
#[test]
fn the_guide_shows_a_real_report() {
    for (page, lang) in [("fr/mesurer.md", "fr"), ("en/measuring.md", "en")] {
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        let guide = std::fs::read_to_string(guide.join(page)).unwrap();
        let shown = guide.split("```text\n").nth(1).unwrap();
        let shown = shown.split("```").next().unwrap();
        let golden = here("golden").join(format!("ville.example.{lang}.txt"));
        let golden = std::fs::read_to_string(golden).unwrap();
        assert!(golden.contains(shown), "{page} shows something else");
    }
}

#[test]
fn the_page_reads_without_anything_else() {
    let record = WORLD.measure("ville.example", &Wishes::default());
    for (lang, name) in [
        (Lang::Fr, "ville.example.fr.html"),
        (Lang::En, "ville.example.en.html"),
    ] {
        let html = WORLD.plain(&page(&record, lang));
        golden(name, &(html.clone() + "\n"));
        for loads in ["<script", "src=", "url(", "<link", "@import"] {
            assert!(!html.contains(loads), "{loads}");
        }
    }
}
