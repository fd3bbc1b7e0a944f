//! Which hosts a page loads from, read from its HTML without running it: scripts, styles,
//! fonts, frames, images, media, connections announced ahead. What a script would load
//! later is not seen.

mod open;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use open::{MAX_ATTRIBUTES, Open, piece};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Hosts kept of one page at most.
pub const MAX_HOSTS: usize = 256;
/// References read of one page at most.
const MAX_REFERENCES: usize = 20_000;
/// The longest target of a style sheet that is read, in bytes; its host stands at its start.
const MAX_TARGET: usize = 4096;

/// Hosts, and for what each is called.
pub type Loaded = BTreeMap<String, BTreeSet<&'static str>>;

/// What was found in a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The hosts that it loads from, its own included.
    pub hosts: Loaded,
    /// A limit was met: there may be others.
    pub cut: bool,
}

/// The hosts that a page loads from, those of the page itself included.
#[must_use]
pub fn hosts(html: &[u8], at: &Url) -> Found {
    let text = String::from_utf8_lossy(html);
    let sink = Sink(RefCell::new(Page {
        base: at.clone(),
        based: false,
        references: 0,
        found: Found::default(),
        style: None,
        spoke: false,
    }));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let (mut rest, mut open) = (&*text, Open::default());
    let input = BufferQueue::default();
    while !rest.is_empty() {
        let piece = piece(rest);
        rest = &rest[piece.len()..];
        if open.enter(piece) > MAX_ATTRIBUTES {
            tokenizer.sink.0.borrow_mut().found.cut = true;
            break;
        }
        input.push_back(StrTendril::from_slice(piece));
        let _ = tokenizer.feed(&input);
        let spoke = std::mem::take(&mut tokenizer.sink.0.borrow_mut().spoke);
        open.leave(piece, spoke);
    }
    tokenizer.end();
    let mut page = tokenizer.sink.0.into_inner();
    page.end_style();
    page.found
}

/// The beginning of a text, of at most so many bytes (four or more).
fn head(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Whether a host is the domain's own: the domain or a name below it.
#[must_use]
pub fn is_own(host: &str, domain: &str) -> bool {
    let head = host.strip_suffix(domain);
    head.is_some_and(|h| h.is_empty() || h.ends_with('.'))
}

struct Sink(RefCell<Page>);

struct Page {
    base: Url,
    based: bool,
    references: usize,
    found: Found,
    /// What was read of the style sheet that is open.
    style: Option<String>,
    /// Whether a token came since it was last asked.
    spoke: bool,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        // Errors come within a tag, too.
        page.spoke |= !matches!(token, Token::ParseError(_));
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return page.start(&tag),
            Token::TagToken(tag) if &*tag.name == "style" => page.end_style(),
            // It comes line by line, and what it says may go over several.
            Token::CharacterTokens(text) => {
                if let Some(style) = &mut page.style {
                    style.push_str(&text);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Page {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let value = |name: &str| {
            let found = tag.attrs.iter().find(|a| &*a.name.local == name);
            found.map(|a| a.value.to_string())
        };
        if let Some(style) = value("style") {
            self.sheet(&style);
        }
        let mut load = |how, name| {
            if let Some(target) = value(name) {
                let _ = self.load(&target, how);
            }
        };
        match &*tag.name {
            "script" => load("script", "src"),
            "iframe" | "frame" => load("frame", "src"),
            "embed" => load("object", "src"),
            "object" => load("object", "data"),
            "img" | "input" => load("image", "src"),
            "audio" | "track" => load("media", "src"),
            "source" => load("media", "src"),
            "video" => {
                load("media", "src");
                load("image", "poster");
            }
            "image" | "use" => {
                load("image", "href");
                load("image", "xlink:href");
            }
            "link" => self.link(&value("rel"), &value("as"), &value("href")),
            "base" => self.rebase(value("href")),
            _ => {}
        }
        if matches!(&*tag.name, "img" | "source")
            && let Some(set) = value("srcset")
        {
            for candidate in set.split(',').filter_map(|c| c.split_whitespace().next()) {
                if !self.load(candidate, "image") {
                    break;
                }
            }
        }
        self.style = (&*tag.name == "style").then(String::new);
        contents(&tag.name)
    }

    fn link(&mut self, rel: &Option<String>, kind: &Option<String>, href: &Option<String>) {
        let Some(href) = href else { return };
        let rel = rel.as_deref().unwrap_or_default().to_ascii_lowercase();
        let how = rel.split_ascii_whitespace().find_map(|word| match word {
            "stylesheet" => Some("style"),
            "icon" | "apple-touch-icon" | "mask-icon" => Some("image"),
            "preconnect" | "dns-prefetch" => Some("connection"),
            "manifest" => Some("other"),
            "modulepreload" => Some("script"),
            "preload" | "prefetch" => Some(match kind.as_deref() {
                Some("script") => "script",
                Some("style") => "style",
                Some("font") => "font",
                Some("image") => "image",
                _ => "other",
            }),
            _ => None,
        });
        if let Some(how) = how {
            let _ = self.load(href, how);
        }
    }

    /// The first `base` of a page counts, as in browsers.
    fn rebase(&mut self, href: Option<String>) {
        let Some(href) = href.filter(|_| !self.based) else {
            return;
        };
        self.based = true;
        if let Ok(base) = self.base.join(href.trim())
            && matches!(base.scheme(), "http" | "https")
        {
            self.base = base;
        }
    }

    fn end_style(&mut self) {
        if let Some(css) = self.style.take() {
            self.sheet(&css);
        }
    }

    /// `url(…)` and `@import "…"` of a style sheet.
    fn sheet(&mut self, css: &str) {
        let lower = css.to_ascii_lowercase();
        for (at, _) in lower.match_indices("url(") {
            let inner = css[at + 4..].trim_start();
            let Some(target) = quoted(inner).or_else(|| bare(inner)) else {
                continue;
            };
            let font = [".woff", ".ttf", ".otf", ".eot"];
            let is_font = font.iter().any(|f| target.to_ascii_lowercase().contains(f));
            if !self.load(target, if is_font { "font" } else { "style" }) {
                return;
            }
        }
        for (at, _) in lower.match_indices("@import") {
            let target = quoted(css[at + 7..].trim_start());
            if target.is_some_and(|target| !self.load(target, "style")) {
                return;
            }
        }
    }

    /// Takes a reference in; whether it goes on.
    #[must_use]
    fn load(&mut self, target: &str, how: &'static str) -> bool {
        if self.references == MAX_REFERENCES {
            self.found.cut = true;
            return false;
        }
        self.references += 1;
        if let Some(host) = self.host(target) {
            let loaded = &mut self.found.hosts;
            if loaded.len() < MAX_HOSTS || loaded.contains_key(&host) {
                loaded.entry(host).or_default().insert(how);
            } else {
                self.found.cut = true;
            }
        }
        true
    }

    fn host(&self, target: &str) -> Option<String> {
        let url = self.base.join(target.trim()).ok()?;
        let is_page = matches!(url.scheme(), "http" | "https");
        web_host(&url).filter(|_| is_page)
    }
}

/// The host that an address of the web calls, as names are compared.
pub(super) fn web_host(url: &Url) -> Option<String> {
    let is_web = matches!(url.scheme(), "http" | "https" | "ws" | "wss");
    let host = url.host_str().filter(|_| is_web)?;
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    // Empty: the root's name alone.
    (!host.is_empty()).then_some(host)
}

/// How what stands in an element is read.
fn contents(element: &str) -> TokenSinkResult<()> {
    match element {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "xmp" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
        "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

/// What stands in quotation marks at the start of a text, or its beginning.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = head(&text[1..], MAX_TARGET);
    Some(&inner[..inner.find(quote).unwrap_or(inner.len())])
}

/// An address up to the bracket that closes it, or its beginning; with a bracket that opens
/// or a quotation mark in it, it is none (CSS Syntax 3, section 4.3.6). Each `url(` ends the
/// one before, so that no text is looked through twice.
fn bare(text: &str) -> Option<&str> {
    let inner = head(text, MAX_TARGET);
    let end = inner.find(['(', ')', '"', '\'']).unwrap_or(inner.len());
    let closed = inner[end..].chars().next().is_none_or(|c| c == ')');
    closed.then(|| inner[..end].trim_end())
}

#[cfg(test)]
mod tests;
