use super::*;
use proptest::prelude::*;

fn of(html: &str) -> Vec<(String, Vec<&'static str>)> {
    let at = Url::parse("https://town.example/page/").unwrap();
    let found = hosts(html.as_bytes(), &at);
    assert!(!found.cut);
    let loaded = found.hosts.into_iter();
    loaded.map(|(h, k)| (h, k.into_iter().collect())).collect()
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

/// Whatever a page repeats, what it costs grows no faster than the page: each of these
/// would take hours if it did.
#[test]
fn what_is_repeated_without_an_end_ends() {
    let at = Url::parse("https://town.example/").unwrap();
    let page = |begin: &str, again: &dyn Fn(usize) -> String| {
        let mut html = begin.to_owned();
        let mut n = 0;
        while html.len() < 3 << 20 {
            html += &again(n);
            n += 1;
        }
        // What stands in a tag counts when it ends, in whichever quotation marks.
        html += "\"'>";
        hosts(html.as_bytes(), &at)
    };
    for again in [
        "url(",
        "url( ",
        "url(\"",
        "url('x",
        "@import \"",
        "@import '",
    ] {
        for begin in ["<style>", "<p style=\"", "<p style='"] {
            let _ = page(begin, &|_| again.to_owned());
        }
    }
    assert!(page("<style>", &|_| "url(a)".to_owned()).cut);
    assert!(page("<img srcset='", &|n| format!("{n}, ")).cut);
    for begin in [
        "<p ",
        "</p ",
        "<title></title ",
        "</><p ",
        "&am<p ",
        "<<p ",
        "<p><p x='>' ",
    ] {
        assert!(page(begin, &|n| format!("a{n} ")).cut, "{begin}");
    }
    assert!(page("<p ", &|n| format!("a{n}='b'/")).cut);
    assert!(page("", &|n| format!("<img src=//h{n}.example>")).cut);
    assert!(!page("<p>", &|_| "a text of many words ".to_owned()).cut);
    for again in [
        "<", "</>", "<!", "<p", "<p a ", "</p/", "&am<", "<!-- ", "<p a='",
    ] {
        let _ = page("", &|_| again.to_owned());
        let _ = page("<script>", &|_| again.to_owned());
    }
}

/// Long is not many: whatever one comment or one value holds, the page is read to its end.
#[test]
fn what_is_long_is_read_to_its_end() {
    let comment = format!("<!-- {} -->", "a \"note\" on <this> / that ".repeat(5000));
    let image = format!(
        "<img src=\"data:image/png;base64,{}\">",
        "iVBO/Rw0K+".repeat(120_000)
    );
    let path = format!("<svg><path d=\"{}\"/></svg>", "L 12.5 7.25 ".repeat(5000));
    let json = r#"{"title":"l&#39;offre","html":"<p class=\"a\"> </p>"}, "#.repeat(2000);
    let data = format!("<div id=app data-page='[{json}]'></div>");
    for long in [comment, image, path, data] {
        let after = of(&format!("{long}<script src=//tiers.example/x.js></script>"));
        let script = ("tiers.example".to_owned(), vec!["script"]);
        assert!(after.contains(&script), "{}", &long[..40]);
    }
}

/// An address is cut where no host can be any more, and one that CSS refuses is none.
#[test]
fn addresses_of_style_sheets() {
    let of = |css: &str| of(&format!("<style>{css}</style>"));
    let names = |css: &str| of(css).into_iter().map(|(h, _)| h).collect::<Vec<_>>();
    let long = format!("url(//a.example/{}) url(//b.example/x)", "x".repeat(9000));
    assert_eq!(names(&long), ["a.example", "b.example"]);
    assert_eq!(
        names("@import\n\"//a.example/x\"; a{src:url(\n//b.example/)}"),
        ["a.example", "b.example"]
    );
    assert_eq!(names("url(//a.example/(x) url(//b.example/'x')"), [""; 0]);
    assert_eq!(names("url(//a.example/x"), ["a.example"]);
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
