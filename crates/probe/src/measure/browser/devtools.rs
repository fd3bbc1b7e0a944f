//! The browser's DevTools protocol over a pair of pipes: JSON messages, each ended by a
//! zero byte. Only what tells which requests a page makes.

use crate::measure::page::web_host;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{PipeReader, Read, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};
use url::Url;

/// A page without a request for so long after it loaded is at rest.
const REST: Duration = Duration::from_millis(1500);
/// Requests kept of one page at most.
const MAX_ASKED: usize = 2000;
/// The longest URL kept.
const MAX_URL: usize = 300;
/// The longest message read; a browser that sends a longer one is not believed.
const MAX_MESSAGE: usize = 32 << 20;

/// A request of the page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// The host.
    pub host: String,
    /// What for, in the words of the parser of pages.
    pub how: &'static str,
    /// The URL, or its beginning.
    pub url: String,
}

/// What was seen of a page.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What it asked for.
    pub asked: Vec<Asked>,
    /// It did not load in time, or asked for too much: there may be more.
    pub cut: bool,
}

/// Opens a page and notes what it and its frames ask for until it is at rest.
pub(super) fn watch(
    from: &PipeReader,
    to: &File,
    url: &Url,
    patience: Duration,
) -> Result<Seen, String> {
    let mut talk = Talk {
        from,
        to,
        buffer: Vec::new(),
        last: 0,
    };
    let mut page = Page {
        session: None,
        started: false,
        loaded: false,
        seen: Seen::default(),
    };
    let params = json!({"url": "about:blank"});
    talk.send("Target.createTarget", params, None)?;
    let end = Instant::now() + patience;
    let mut stir = Instant::now();
    while Instant::now() < end {
        let message = talk.next(Duration::from_millis(100))?;
        if message.is_none() && page.loaded && stir.elapsed() > REST {
            break;
        }
        let Some(message) = message else { continue };
        if page.hear(&message, &mut talk, url)? {
            stir = Instant::now();
        }
    }
    if !page.started {
        return Err("the browser did not open a page".into());
    }
    // Closing is a courtesy: it is stopped anyway.
    let _ = talk.send("Browser.close", json!({}), None);
    let mut seen = page.seen;
    seen.cut |= !page.loaded;
    seen.asked.sort();
    seen.asked.dedup();
    Ok(seen)
}

struct Page {
    session: Option<String>,
    started: bool,
    loaded: bool,
    seen: Seen,
}

impl Page {
    /// Takes a message in; whether it was about the network.
    fn hear(&mut self, message: &Value, talk: &mut Talk<'_>, url: &Url) -> Result<bool, String> {
        let session = message["sessionId"].as_str();
        if let Some(target) = message["result"]["targetId"].as_str() {
            let params = json!({"targetId": target, "flatten": true});
            talk.send("Target.attachToTarget", params, None)?;
            return Ok(false);
        }
        let params = &message["params"];
        match message["method"].as_str().unwrap_or_default() {
            "Target.attachedToTarget" => {
                if let Some(new) = params["sessionId"].as_str() {
                    self.attach(new, talk, url)?;
                }
            }
            "Page.loadEventFired" if session == self.session.as_deref() => self.loaded = true,
            method if method.starts_with("Network.") => {
                if let Some(asked) = asked(message) {
                    self.keep(asked);
                }
                return Ok(true);
            }
            _ => {}
        }
        Ok(false)
    }

    /// The page itself, then its frames and workers as they come: each tells of its own
    /// requests only once asked to, and waits until it is.
    fn attach(&mut self, session: &str, talk: &mut Talk<'_>, url: &Url) -> Result<(), String> {
        let auto = json!({"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true});
        talk.send("Network.enable", json!({}), Some(session))?;
        talk.send("Target.setAutoAttach", auto, Some(session))?;
        talk.send("Runtime.runIfWaitingForDebugger", json!({}), Some(session))?;
        if self.session.is_none() {
            self.session = Some(session.to_owned());
            talk.send("Page.enable", json!({}), Some(session))?;
            let params = json!({"url": url.as_str()});
            talk.send("Page.navigate", params, Some(session))?;
            self.started = true;
        }
        Ok(())
    }

    fn keep(&mut self, asked: Asked) {
        match self.seen.asked.len() < MAX_ASKED {
            true => self.seen.asked.push(asked),
            false => self.seen.cut = true,
        }
    }
}

/// The message in some bytes; what is no JSON says nothing.
#[must_use]
pub fn message(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_default()
}

/// The request of the page that a message tells of.
#[must_use]
pub fn asked(message: &Value) -> Option<Asked> {
    let params = &message["params"];
    let (url, kind) = match message["method"].as_str()? {
        "Network.requestWillBeSent" => (&params["request"]["url"], params["type"].as_str()),
        "Network.webSocketCreated" => (&params["url"], Some("WebSocket")),
        _ => return None,
    };
    let url = Url::parse(url.as_str()?).ok()?;
    Some(Asked {
        host: web_host(&url)?,
        how: word(kind.unwrap_or_default()),
        url: url.as_str().chars().take(MAX_URL).collect(),
    })
}

fn word(kind: &str) -> &'static str {
    match kind {
        "Script" => "script",
        "Stylesheet" => "style",
        "Font" => "font",
        "Document" => "frame",
        "Image" => "image",
        "Media" | "TextTrack" => "media",
        "XHR" | "Fetch" | "EventSource" | "WebSocket" | "Ping" => "request",
        _ => "other",
    }
}

struct Talk<'a> {
    from: &'a PipeReader,
    to: &'a File,
    buffer: Vec<u8>,
    last: u64,
}

impl Talk<'_> {
    fn send(&mut self, method: &str, params: Value, session: Option<&str>) -> Result<(), String> {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let bytes = [message.to_string().as_bytes(), &[0]].concat();
        self.to
            .write_all(&bytes)
            .map_err(|_| "the browser ended".into())
    }

    /// The next message, if one comes in time.
    fn next(&mut self, wait: Duration) -> Result<Option<Value>, String> {
        let end = Instant::now() + wait;
        loop {
            if let Some(at) = self.buffer.iter().position(|b| *b == 0) {
                let rest = self.buffer.split_off(at + 1);
                let message = std::mem::replace(&mut self.buffer, rest);
                return Ok(Some(self::message(&message[..at])));
            }
            let left = end.saturating_duration_since(Instant::now());
            let wait = PollTimeout::try_from(left).unwrap_or(PollTimeout::ZERO);
            let mut fds = [PollFd::new(self.from.as_fd(), PollFlags::POLLIN)];
            match poll(&mut fds, wait) {
                Ok(0) => return Ok(None),
                Ok(_) => {}
                Err(nix::errno::Errno::EINTR) => continue,
                Err(e) => return Err(e.to_string()),
            }
            let mut chunk = [0; 64 << 10];
            match self.from.read(&mut chunk) {
                Ok(0) | Err(_) => return Err("the browser ended".into()),
                Ok(n) => self.buffer.extend_from_slice(&chunk[..n]),
            }
            if self.buffer.len() > MAX_MESSAGE {
                return Err("the browser says too much at once".into());
            }
        }
    }
}
