//! A real browser, kept on a lead: it reaches the world only through a proxy of ours on
//! loopback, which resolves, judges and connects like every other measurement. What the
//! page asks for is what the browser itself tells of the page (its network events), so the
//! browser's own calls home are judged like any other and counted as nobody's.

mod devtools;
mod proxy;

use super::connect::Net;
use super::evidence::Exchange;
use super::page::{Loaded, MAX_HOSTS};
use command_fds::{CommandFdExt, FdMapping};
use devtools::Asked;
use std::fs::File;
use std::io::PipeReader;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use url::Url;

/// How long a page may load.
const PATIENCE: Duration = Duration::from_secs(30);

/// The hosts that a page asks for when a browser shows it, and for what.
///
/// # Errors
/// One sentence: why the browser could not be run.
pub fn hosts(net: &mut Net, program: &Path, url: &Url) -> Result<Loaded, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    let proxy = listener.local_addr().map_err(|e| e.to_string())?;
    listener.set_nonblocking(true).map_err(|e| e.to_string())?;
    let mut browser = Browser::start(program, proxy.port(), net.filter.test_world)?;
    let (over, from, to) = (AtomicBool::new(false), &browser.from, &browser.to);
    let watched = std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let seen = devtools::watch(from, to, url, PATIENCE);
            over.store(true, Ordering::Relaxed);
            seen
        });
        proxy::serve(net, &listener, &over);
        watch.join()
    });
    browser.stop();
    let asked = watched.map_err(|_| "the browser's events could not be read".to_owned())??;
    Ok(keep(net, asked))
}

/// Notes requests as evidence; the hosts, and for what each is called.
fn keep(net: &mut Net, asked: Vec<Asked>) -> Loaded {
    let mut loaded = Loaded::new();
    for one in asked {
        if loaded.len() < MAX_HOSTS || loaded.contains_key(&one.host) {
            loaded.entry(one.host).or_default().insert(one.how);
        }
        net.asker.exchanges.push(Exchange {
            by: "browser",
            question: one.url,
            server: None,
            at: net.clock.now(),
            outcome: format!("the page asks for it: {}", one.how),
            sha256: None,
        });
    }
    loaded
}

/// A running browser; its profile goes with it.
struct Browser {
    child: Child,
    profile: PathBuf,
    /// What it says.
    from: PipeReader,
    /// Where it is told what to do.
    to: File,
}

impl Browser {
    fn start(program: &Path, proxy: u16, test_world: bool) -> Result<Self, String> {
        let said = |e: std::io::Error| format!("{}: {e}", program.display());
        let (theirs, ours_to) = std::io::pipe().map_err(said)?;
        let (ours_from, theirs_out) = std::io::pipe().map_err(said)?;
        let name = format!("cocarde-page-{}-{proxy}", std::process::id());
        let profile = std::env::temp_dir().join(name);
        let mut command = Command::new(program);
        command
            .args([
                "--headless=new",
                "--remote-debugging-pipe",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-extensions",
                // What would go round the proxy.
                "--disable-quic",
                "--dns-prefetch-disable",
                "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                "--proxy-bypass-list=<-loopback>",
            ])
            .arg(format!("--proxy-server=http://127.0.0.1:{proxy}"))
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if nix::unistd::Uid::effective().is_root() {
            // It refuses its own sandbox to root.
            command.arg("--no-sandbox");
        }
        if test_world {
            // Whose authority no browser knows.
            command.arg("--ignore-certificate-errors");
        }
        let mapping = |from: OwnedFd, to| FdMapping {
            parent_fd: from,
            child_fd: to,
        };
        command
            .fd_mappings(vec![
                mapping(theirs.into(), 3),
                mapping(theirs_out.into(), 4),
            ])
            .map_err(|e| e.to_string())?;
        let child = command.spawn().map_err(said)?;
        Ok(Self {
            child,
            profile,
            from: ours_from,
            to: File::from(OwnedFd::from(ours_to)),
        })
    }

    fn stop(&mut self) {
        // It was told to close; whatever it does, it ends here.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.stop();
    }
}
