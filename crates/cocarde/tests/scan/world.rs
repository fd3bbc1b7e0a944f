//! A small DNS world: three authoritative servers (knot) for the root, for two top-level
//! domains and for the zones below, each behind a relay that logs what it is asked.

use crate::relay::{Log, Relay};
use std::fs;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Domains `d0.exemple` to the last.
pub const DOMAINS: usize = 60;

pub struct World {
    pub dir: PathBuf,
    pub port: u16,
    pub log: Log,
    servers: Vec<Child>,
    _relays: Vec<Relay>,
}

impl Drop for World {
    fn drop(&mut self) {
        for server in &mut self.servers {
            let _ = server.kill();
            let _ = server.wait();
        }
        let _ = fs::remove_dir_all(&self.dir);
    }
}

impl World {
    /// Starts it; `name` keeps the worlds of tests apart.
    pub fn start(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("cocarde-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        let (port, behind) = (free_port(), free_port());
        let log = Log::default();
        let mut world = Self {
            dir,
            port,
            log: log.clone(),
            servers: vec![],
            _relays: vec![],
        };
        for (number, zones) in [(1, root()), (2, tops()), (3, below())] {
            let home = world.dir.join(number.to_string());
            world
                .servers
                .push(serve(&home, &format!("127.0.0.{number}"), behind, &zones));
            let addr = |port| SocketAddr::from(([127, 0, 0, number], port));
            world
                ._relays
                .push(Relay::start(addr(port), addr(behind), log.clone()));
            wait_for(addr(behind));
        }
        world.log.clear();
        world
    }

    /// The list of all domains, written to a file.
    pub fn list(&self) -> PathBuf {
        let mut text = String::from("# domains of the test world\n");
        for i in 0..DOMAINS {
            text.push_str(&format!("d{i}.exemple\n"));
        }
        for name in [
            "absent", "lame", "interne", "boucle", "boucle2", "long", "sansglu",
        ] {
            text.push_str(&format!("{name}.exemple\n"));
        }
        text.push_str("refus.exemple\npas..un.nom\n");
        let path = self.dir.join("list.txt");
        fs::write(&path, text).unwrap();
        path
    }

    /// A configuration that begins at this world's root; `rate` in queries a second.
    pub fn config(&self, rate: u32) -> PathBuf {
        let port = self.port;
        let path = self.dir.join("scan.toml");
        let text = format!(
            "contact = \"dns@mesure.exemple\"\nopt_out = [\"refus.exemple\"]\n\
             [pace]\nper_server = {rate}\nper_operator = 0\nin_hand = 24\ntimeouts_ms = [300, 600, 900]\n\
             [iteration]\nroot = [\"127.0.0.1:{port}\"]\nport = {port}\n"
        );
        fs::write(&path, text).unwrap();
        path
    }
}

fn free_port() -> u16 {
    loop {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = udp.local_addr().unwrap().port();
        let taken = (1..4u8)
            .any(|n| TcpListener::bind((std::net::Ipv4Addr::new(127, 0, 0, n), port)).is_err());
        if !taken {
            return port;
        }
    }
}

type Zone = (String, String);

fn zone(name: &str, records: &str) -> Zone {
    let dot = if name == "." {
        "."
    } else {
        &format!("{name}.")
    };
    let head = format!(
        "$ORIGIN {dot}\n$TTL 300\n@ SOA ns.hebergeur.exemple. admin.hebergeur.exemple. 1 3600 900 604800 300\n"
    );
    (name.to_string(), head + records)
}

fn root() -> Vec<Zone> {
    vec![zone(
        ".",
        "@ NS a.racine.exemple.\na.racine.exemple. A 127.0.0.1\n\
         exemple. NS a.nic.exemple.\na.nic.exemple. A 127.0.0.2\n\
         autre. NS a.nic.exemple.\n",
    )]
}

fn tops() -> Vec<Zone> {
    let mut exemple = String::from(
        "@ NS a.nic\na.nic A 127.0.0.2\n\
         hebergeur NS ns.hebergeur\nns.hebergeur A 127.0.0.3\n\
         lame NS ns.hebergeur\nboucle NS ns.hebergeur\nboucle2 NS ns.hebergeur\n\
         long NS ns.hebergeur\nsansglu NS ns.operateur.autre.\n\
         interne NS ns1.interne\ninterne NS ns2.interne\n\
         ns1.interne A 10.0.0.1\nns2.interne A 169.254.169.254\n",
    );
    for i in 0..DOMAINS {
        exemple.push_str(&format!("d{i} NS ns.hebergeur\n"));
        if i % 4 == 0 {
            exemple.push_str(&format!("d{i} DS 1234 13 2 {}\n", "ab".repeat(32)));
        }
    }
    let autre = "@ NS a.nic.exemple.\noperateur NS ns.operateur\nns.operateur A 127.0.0.3\n";
    vec![zone("exemple", &exemple), zone("autre", autre)]
}

fn below() -> Vec<Zone> {
    let spf = "_spf TXT \"v=spf1 include:_spf2.operateur.autre -all\"\n";
    let mut zones = vec![
        zone(
            "hebergeur.exemple",
            &format!(
                "@ NS ns\nns A 127.0.0.3\nmx A 192.0.2.7\nmx AAAA 2001:db8::7\nvip A 192.0.2.8\n{spf}"
            ),
        ),
        zone(
            "operateur.autre",
            "@ NS ns\nns A 127.0.0.3\n_spf2 TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\nedge A 192.0.2.9\n",
        ),
        zone(
            "boucle.exemple",
            "@ NS ns.hebergeur.exemple.\nwww CNAME www.boucle2.exemple.\n",
        ),
        zone(
            "boucle2.exemple",
            "@ NS ns.hebergeur.exemple.\nwww CNAME www.boucle.exemple.\n",
        ),
        zone(
            "sansglu.exemple",
            "@ NS ns.operateur.autre.\n@ A 192.0.2.20\n",
        ),
    ];
    let mut long = String::from("@ NS ns.hebergeur.exemple.\n");
    for i in 0..20 {
        long.push_str(&format!("@ TXT \"{i:02} {}\"\n", "x".repeat(200)));
    }
    zones.push(zone("long.exemple", &long));
    for i in 0..DOMAINS {
        let alias = ["edge.operateur.autre.", "vip.hebergeur.exemple."][i % 2];
        let text = format!(
            "@ NS ns.hebergeur.exemple.\n@ A 198.51.100.{i}\n@ MX 10 mx.hebergeur.exemple.\n\
             @ MX 20 mail\nmail A 198.51.100.{i}\n@ TXT \"v=spf1 include:_spf.hebergeur.exemple -all\"\n\
             _dmarc TXT \"v=DMARC1; p=none\"\nwww CNAME {alias}\n"
        );
        zones.push(zone(&format!("d{i}.exemple"), &text));
    }
    zones
}

fn serve(home: &Path, address: &str, port: u16, zones: &[Zone]) -> Child {
    fs::create_dir_all(home.join("zones")).unwrap();
    let shown = home.display();
    let mut conf = format!(
        "server:\n  listen: {address}@{port}\n  udp-workers: 1\n  tcp-workers: 1\n  \
         background-workers: 1\n  rundir: {shown}\ndatabase:\n  storage: {shown}/db\n\
         log:\n  - target: stderr\n    any: error\ntemplate:\n  - id: default\n    \
         storage: {shown}/zones\n    zonefile-load: whole\n    journal-content: none\n    \
         semantic-checks: off\nzone:\n"
    );
    for (i, (name, text)) in zones.iter().enumerate() {
        fs::write(home.join(format!("zones/{i}.zone")), text).unwrap();
        conf.push_str(&format!("  - domain: \"{name}\"\n    file: {i}.zone\n"));
    }
    let path = home.join("knot.conf");
    fs::write(&path, conf).unwrap();
    Command::new("knotd")
        .env(
            "PATH",
            format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()),
        )
        .arg("-c")
        .arg(&path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("knotd must be installed: apt-get install knot")
}

/// Waits until the server answers for a zone it has loaded.
fn wait_for(server: SocketAddr) {
    let probe = UdpSocket::bind("127.0.0.1:0").unwrap();
    probe
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    let names: [&[u8]; 3] = [b"\0", b"\x07exemple\0", b"\x09hebergeur\x07exemple\0"];
    let name = match server.ip() {
        std::net::IpAddr::V4(v4) => names[usize::from(v4.octets()[3]) - 1],
        std::net::IpAddr::V6(_) => names[0],
    };
    let query = [&[0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], name, &[0, 6, 0, 1]].concat();
    let end = Instant::now() + Duration::from_secs(30);
    let mut answer = [0; 512];
    while Instant::now() < end {
        probe.send_to(&query, server).unwrap();
        // An answer count that is not zero.
        if probe.recv(&mut answer).is_ok_and(|n| n > 12) && answer[7] > 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("knotd at {server} does not answer");
}
