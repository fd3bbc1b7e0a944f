//! What is asked of the network: over TLS or of this very machine, through no proxy,
//! within limits of size and time. What a link or a certificate names is asked of public
//! addresses alone; what the user names (a witness) may be a neighbour.

use crate::seal::LIMIT;
use crate::ui::{Message, Ui};
use cocarde_probe::safety::{AddressFilter, Special};
use cocarde_seal::address::{askable, near};
use std::time::Duration;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error, config::Config, http::Uri};

/// Most time a request may take, redirects included.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Most bytes of the answer to a post.
const ANSWER: u64 = 64 << 10;

/// Resolves names, and refuses the addresses that a stranger's link must not lead to.
/// Every redirect passes here.
#[derive(Debug)]
struct Guarded {
    filter: AddressFilter,
    names: DefaultResolver,
}

/// An address that is not public.
#[derive(Debug)]
struct NotPublic(Special);

impl std::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a public address ({})", self.0)
    }
}

impl std::error::Error for NotPublic {}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let special = found.iter().find_map(|a| self.filter.refusal(a.ip()));
        match special {
            Some(special) => Err(Error::Other(Box::new(NotPublic(special)))),
            None => Ok(found),
        }
    }
}

fn guarded(local: bool, redirects: u32) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .https_only(!local)
        .proxy(None)
        .max_redirects(redirects)
        .build();
    let resolver = Guarded {
        filter: AddressFilter { test_world: local },
        names: DefaultResolver::default(),
    };
    Agent::with_parts(config, DefaultConnector::default(), resolver)
}

fn get(agent: &Agent, url: &str) -> Result<Vec<u8>, Error> {
    let mut answer = agent.get(url).call()?;
    answer.body_mut().with_config().limit(LIMIT).read_to_vec()
}

fn failed(url: &str, e: &Error, ui: &Ui) -> Message {
    let special = match e {
        Error::Other(e) => e.downcast_ref::<NotPublic>(),
        _ => None,
    };
    match special {
        None => ui.error(&format!("{url} : {e}"), &format!("{url}: {e}")),
        Some(NotPublic(special)) => ui.error(
            &format!("{url} : n'est pas demandé, l'adresse n'est pas publique ({special})"),
            &format!("{url}: not asked, the address is not public ({special})"),
        ),
    }
}

fn not_askable(url: &str, ui: &Ui) -> Message {
    ui.error(
        &format!("{url} : seules les adresses https://, sans « @ », sont demandées"),
        &format!("{url}: only https:// addresses, without `@`, are asked"),
    )
}

/// Fetches an address over TLS, or of this machine when `local`. Errors: another
/// protocol, an address that is not public (a redirect's included), no answer, too long.
pub fn fetch(url: &str, local: bool, ui: &Ui) -> Result<Vec<u8>, Message> {
    let local = local && near(url);
    if !askable(url) || near(url) != local {
        return Err(not_askable(url, ui));
    }
    let agent = guarded(local, if local { 0 } else { 3 });
    get(&agent, url).map_err(|e| failed(url, &e, ui))
}

/// Posts a text to an address of the user's own choice, over TLS or to this machine;
/// gives the status and the answer. No redirect is followed.
pub fn post(url: &str, body: &str, ui: &Ui) -> Result<(u16, String), Message> {
    if !askable(url) {
        return Err(not_askable(url, ui));
    }
    let config = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .proxy(None)
        .max_redirects(0);
    let agent: Agent = config.build().into();
    let failed = |e: Error| failed(url, &e, ui);
    let mut answer = agent.post(url).send(body).map_err(failed)?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().with_config().limit(ANSWER);
    Ok((status, text.read_to_string().map_err(failed)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    /// Serves `/` with a redirect to that address, anything else with a page.
    fn redirecting(to: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let to = to.to_owned();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut head = String::new();
                let mut stream = BufReader::new(stream);
                let _ = stream.read_line(&mut head);
                let answer = match head.starts_with("GET / ") {
                    true => format!("302 Found\r\nlocation: {to}"),
                    false => "200 OK".into(),
                };
                let rest = "\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
                let _ = write!(stream.get_mut(), "HTTP/1.1 {answer}{rest}");
            }
        });
        url
    }

    fn refused(agent: &Agent, url: &str) -> bool {
        matches!(get(agent, url), Err(Error::Other(e)) if e.is::<NotPublic>())
    }

    #[test]
    fn a_link_leads_to_public_addresses_alone() {
        let agent = guarded(false, 3);
        for url in [
            "https://127.0.0.1:9/",
            "https://localhost/",
            "https://[::1]/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest/meta-data",
            "https://[fd00::1]/",
            "https://0.0.0.0/",
        ] {
            assert!(refused(&agent, url), "{url}");
        }
    }

    #[test]
    fn no_redirect_leads_inside_either() {
        let agent = guarded(true, 3);
        assert!(get(&agent, &redirecting("/page")).is_ok());
        for inside in [
            "http://169.254.169.254/",
            "http://10.0.0.1/",
            "http://[fe80::1]/",
        ] {
            assert!(refused(&agent, &redirecting(inside)), "{inside}");
        }
    }

    #[test]
    fn no_more_is_read_than_the_limit() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut stream = BufReader::new(stream);
                let _ = stream.read_line(&mut String::new());
                let _ = stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                // Endless, until the reader goes away.
                while stream.get_mut().write_all(&[b'x'; 1 << 16]).is_ok() {}
            }
        });
        let read = get(&guarded(true, 0), &url);
        assert!(
            matches!(read, Err(Error::BodyExceedsLimit(_))),
            "{:?}",
            read.map(|b| b.len())
        );
    }
}
