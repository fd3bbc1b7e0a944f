//! The test world's authoritative name server: knot over `zones/`, on a free port.

use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Runs knot over the zones of `world` for as long as the tests run, its files in `state`;
/// gives its port.
pub fn start(world: &Path, state: &Path) -> u16 {
    let port = free_port();
    std::fs::create_dir_all(state).unwrap();
    let text = std::fs::read_to_string(world.join("knot.conf")).unwrap();
    let text = text
        .replace("PORT", &port.to_string())
        .replace("ZONES", world.join("zones").to_str().unwrap())
        .replace("STATE", state.to_str().unwrap());
    let config = state.join("knot.conf");
    std::fs::write(&config, text).unwrap();
    run(&config);
    let answers = |_| {
        std::thread::sleep(Duration::from_millis(100));
        TcpStream::connect(("127.0.0.1", port)).is_ok() && knows_its_zones(port)
    };
    assert!((0..100).any(answers), "knot does not answer");
    port
}

fn free_port() -> u16 {
    // Both kinds must be free: knot listens on both.
    loop {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = tcp.local_addr().unwrap().port();
        if UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// `setpriv` has knot end with the thread that started it, even if we are killed.
fn run(config: &Path) {
    let mut knot = Command::new("setpriv");
    knot.args(["--pdeathsig", "KILL", "knotd", "-c"])
        .arg(config)
        .env("PATH", "/usr/sbin:/sbin:/usr/bin:/bin")
        .stdout(Stdio::null());
    std::thread::spawn(move || {
        let ran = knot.status();
        panic!("knotd (Debian package knot) by setpriv (util-linux): {ran:?}");
    });
}

/// Whether it answers for `example` with its SOA record: it listens before it has read them.
fn knows_its_zones(port: u16) -> bool {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(1)))
        .unwrap();
    let query = b"\0\x01\0\0\0\x01\0\0\0\0\0\0\x07example\0\0\x06\0\x01";
    let mut answer = [0; 512];
    let sent = socket.send_to(query, ("127.0.0.1", port));
    sent.is_ok() && socket.recv(&mut answer).is_ok_and(|n| n > 12) && answer[7] > 0
}
