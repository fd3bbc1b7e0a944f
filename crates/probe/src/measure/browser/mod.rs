//! A real browser, kept on a lead: it reaches the world only through a proxy of ours on
//! loopback, which resolves, judges and connects like every other measurement. What the
//! page asks for is what the browser itself tells of the page (its network events), so the
//! browser's own calls home are judged like any other and counted as nobody's.

pub mod devtools;
pub mod proxy;

use super::connect::Net;
use super::evidence::{Exchange, hex};
use super::page::{Found, MAX_HOSTS};
use command_fds::{CommandFdExt, FdMapping};
use devtools::Seen;
use std::fs::{DirBuilder, File};
use std::io::PipeReader;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use url::Url;

/// How long a page may load.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether it runs without its own sandbox, which it refuses to root.
#[must_use]
pub fn without_sandbox() -> bool {
    nix::unistd::Uid::effective().is_root()
}

/// The hosts that a page asks for when a browser shows it, and for what.
///
/// # Errors
/// One sentence: why the browser could not be run.
pub fn hosts(net: &mut Net, program: &Path, url: &Url) -> Result<Found, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    let proxy = listener.local_addr().map_err(|e| e.to_string())?;
    listener.set_nonblocking(true).map_err(|e| e.to_string())?;
    let profile = Profile::new(&std::env::temp_dir(), &net.asker.draw())?;
    let mut browser = Browser::start(program, profile, proxy.port(), net.filter.test_world)?;
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
    let seen = watched.map_err(|_| "the browser's events could not be read".to_owned())??;
    Ok(keep(net, seen))
}

/// Notes requests as evidence; the hosts, and for what each is called.
fn keep(net: &mut Net, seen: Seen) -> Found {
    let mut found = Found {
        cut: seen.cut,
        ..Found::default()
    };
    for one in seen.asked {
        if found.hosts.len() < MAX_HOSTS || found.hosts.contains_key(&one.host) {
            found.hosts.entry(one.host).or_default().insert(one.how);
        } else {
            found.cut = true;
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
    found
}

/// Where a browser keeps what it must; goes with whoever holds it.
struct Profile(PathBuf);

impl Profile {
    /// A new directory, closed to others, under a name that nobody could have taken before.
    fn new(within: &Path, random: &[u8; 32]) -> Result<Self, String> {
        let path = within.join(format!("cocarde-page-{}", hex(&random[..16])));
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running browser; its profile goes after it.
struct Browser {
    child: Child,
    _profile: Profile,
    /// What it says.
    from: PipeReader,
    /// Where it is told what to do.
    to: File,
}

impl Browser {
    fn start(
        program: &Path,
        profile: Profile,
        proxy: u16,
        test_world: bool,
    ) -> Result<Self, String> {
        let said = |e: std::io::Error| format!("{}: {e}", program.display());
        let (theirs, ours_to) = std::io::pipe().map_err(said)?;
        let (ours_from, theirs_out) = std::io::pipe().map_err(said)?;
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
            .arg(format!("--user-data-dir={}", profile.0.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if without_sandbox() {
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
            _profile: profile,
            from: ours_from,
            to: File::from(OwnedFd::from(ours_to)),
        })
    }

    fn stop(&mut self) {
        // It was told to close; whatever it does, it ends here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_profile_is_new_its_owners_alone_and_goes() {
        let within = std::env::temp_dir().join(format!("cocarde-profiles-{}", std::process::id()));
        std::fs::create_dir_all(&within).unwrap();
        let profile = Profile::new(&within, &[3; 32]).unwrap();
        let path = profile.0.clone();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        // Whatever has the name already is not taken over, be it a link.
        assert!(Profile::new(&within, &[3; 32]).is_err());
        drop(profile);
        assert!(!path.exists());
        std::os::unix::fs::symlink(&within, &path).unwrap();
        assert!(Profile::new(&within, &[3; 32]).is_err());
        std::fs::remove_dir_all(&within).unwrap();
    }
}
