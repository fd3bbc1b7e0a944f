//! Which hosts a page loads from, read from its HTML without running it: scripts, styles,
//! fonts, frames, images, media, connections announced ahead. What a script would load
//! later is not seen.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Hosts kept of one page at most.
pub const MAX_HOSTS: usize = 256;
/// References read of one page at most.
const MAX_REFERENCES: usize = 20_000;

/// Hosts, and for what each is called.
pub type Loaded = BTreeMap<String, BTreeSet<&'static str>>;

/// The hosts that a page loads from, those of the page itself included.
#[must_use]
pub fn hosts(html: &[u8], at: &Url) -> Loaded {
    let text = String::from_utf8_lossy(html);
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&text));
    let sink = Sink(RefCell::new(Page {
        base: at.clone(),
        based: false,
        references: 0,
        loaded: Loaded::new(),
        in_style: false,
    }));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().loaded
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
    loaded: Loaded,
    in_style: bool,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => page.start(&tag),
            Token::TagToken(tag) => {
                if &*tag.name == "style" {
                    page.in_style = false;
                }
                TokenSinkResult::Continue
            }
            Token::CharacterTokens(text) if page.in_style => {
                page.style(&text);
                TokenSinkResult::Continue
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

impl Page {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let value = |name: &str| {
            let found = tag.attrs.iter().find(|a| &*a.name.local == name);
            found.map(|a| a.value.to_string())
        };
        if let Some(style) = value("style") {
            self.style(&style);
        }
        let mut load = |how, name| {
            if let Some(target) = value(name) {
                self.load(&target, how);
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
                self.load(candidate, "image");
            }
        }
        self.in_style = &*tag.name == "style";
        match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
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
            self.load(href, how);
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

    /// `url(…)` and `@import "…"` of a style sheet.
    fn style(&mut self, css: &str) {
        let lower = css.to_ascii_lowercase();
        for (at, _) in lower.match_indices("url(") {
            let inner = css[at + 4..].trim_start();
            let end = inner.find(')').unwrap_or(inner.len());
            let target = inner[..end].trim().trim_matches(['"', '\'']);
            let font = [".woff", ".ttf", ".otf", ".eot"];
            let is_font = font.iter().any(|f| target.to_ascii_lowercase().contains(f));
            self.load(target, if is_font { "font" } else { "style" });
        }
        for (at, _) in lower.match_indices("@import") {
            let inner = css[at + 7..].trim_start();
            let Some(quote) = inner.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                continue;
            };
            if let Some(end) = inner[1..].find(quote) {
                self.load(&inner[1..=end], "style");
            }
        }
    }

    fn load(&mut self, target: &str, how: &'static str) {
        self.references += 1;
        if self.references > MAX_REFERENCES {
            return;
        }
        let Ok(url) = self.base.join(target.trim()) else {
            return;
        };
        let host = url
            .host_str()
            .filter(|_| matches!(url.scheme(), "http" | "https"));
        let Some(host) = host else { return };
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if host.is_empty() {
            return; // The root's name alone.
        }
        if self.loaded.len() < MAX_HOSTS || self.loaded.contains_key(&host) {
            self.loaded.entry(host).or_default().insert(how);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(html: &str) -> Vec<(String, Vec<&'static str>)> {
        let at = Url::parse("https://town.example/page/").unwrap();
        let loaded = hosts(html.as_bytes(), &at);
        loaded
            .into_iter()
            .map(|(h, k)| (h, k.into_iter().collect()))
            .collect()
    }

    #[test]
    fn everything_that_loads() {
        let html = r#"<!doctype html><title><script src="//no1.example/x"></script></title>
            <script src="//a.example/x.js"></script><SCRIPT SRC=//A.example./y></SCRIPT>
            <script>document.write('<img src="//no2.example/">')</script>
            <!-- <img src="//no3.example/"> -->
            <link rel="preconnect" href="https://b.example"><link rel=canonical href=//no4.example>
            <link rel="preload" as="font" href="//c.example/f.woff2">
            <iframe src="//d.example"></iframe><img src="i.png" srcset="//e.example/1 1x, //f.example/2 2x">
            <style>@import "//g.example/a.css"; @font-face { src: url('//h.example/f.woff') }</style>
            <p style="background: URL( //i.example/i.png )"><a href="//no5.example">x</a>
            <object data="//j.example/o"></object><video poster="//k.example/p"></video>
            <img src="data:image/png;base64,xx"><img src="ftp://no6.example/">
            <img src="//%2E/"><img src="//./">
            <base href="//l.example/"><img src="rel.png"><base href="//no7.example"><img src="r2.png">"#;
        let expected = [
            ("a.example", vec!["script"]),
            ("b.example", vec!["connection"]),
            ("c.example", vec!["font"]),
            ("d.example", vec!["frame"]),
            ("e.example", vec!["image"]),
            ("f.example", vec!["image"]),
            ("g.example", vec!["style"]),
            ("h.example", vec!["font"]),
            ("i.example", vec!["style"]),
            ("j.example", vec!["object"]),
            ("k.example", vec!["image"]),
            ("l.example", vec!["image"]),
            ("town.example", vec!["image"]),
        ];
        let expected: Vec<_> = expected.map(|(h, k)| (h.to_owned(), k)).into();
        assert_eq!(of(html), expected);
    }

    #[test]
    fn own_hosts() {
        assert!(is_own("town.example", "town.example"));
        assert!(is_own("www.town.example", "town.example"));
        assert!(!is_own("mytown.example", "town.example"));
        assert!(!is_own("town.example.org", "town.example"));
    }

    proptest! {
        /// No page makes it fail, and what it names are hosts.
        #[test]
        fn any_page(html in "(<(script|img|link|style|base)( (src|href|rel|style)=['\"]?[a-z:/.@()]*)*>?|[<>!'\"a-z -]|url\\(|@import '){0,40}") {
            for (host, _) in of(&html) {
                prop_assert!(!host.is_empty() && !host.contains('/'));
            }
        }
    }
}
