//! The badge: SVG that says the state by word, shape and colour.

use crate::verify::State;
use std::fmt::Write;

/// Which page it stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// A light page.
    Light,
    /// A dark page.
    Dark,
}

/// What a badge says.
#[derive(Clone, Debug)]
pub struct Badge<'a> {
    /// Who certifies.
    pub issuer: &'a str,
    /// Name of the scheme.
    pub scheme: &'a str,
    /// Version of its referential.
    pub version: &'a str,
    /// Where the certificate is consulted.
    pub link: &'a str,
    /// Number of the certificate.
    pub number: &'a str,
    /// How it stands.
    pub state: State,
    /// The day the state was known, ISO 8601.
    pub on: &'a str,
    /// `"en"` for English, French otherwise.
    pub lang: &'a str,
}

/// Colours: paper, ink, soft ink, line; each pair has a contrast of at least 4.5.
fn palette(theme: Theme) -> [&'static str; 4] {
    match theme {
        Theme::Light => ["#ffffff", "#161b2d", "#545c73", "#cdd1de"],
        Theme::Dark => ["#161b2d", "#f5f6fa", "#b4bacb", "#454d66"],
    }
}

/// Colour of a state, and the strokes of its sign on a disc of radius 16.
fn sign(state: State, theme: Theme) -> (&'static str, &'static str) {
    const CHECK: &str = "M-7 .5l4.8 5L7.5-5.5";
    const BANG: &str = "M0-8V1.5M0 7.3v.2";
    const CROSS: &str = "M-5.5-5.5l11 11m0-11l-11 11";
    const QUESTION: &str = "M-4.2-3.6a4.3 4.3 0 1 1 6.3 3.8C.4 1 0 1.8 0 3M0 7.6v.2";
    const CLOCK: &str = "M0-8V0l5.5 3.5";
    let dark = theme == Theme::Dark;
    let pick = |light, on_dark| if dark { on_dark } else { light };
    let (green, amber) = (pick("#18753c", "#27a658"), pick("#a1520a", "#e08a2e"));
    let (red, grey) = (pick("#c9191e", "#f0635f"), pick("#545c73", "#8a92a8"));
    match state {
        State::Valid => (green, CHECK),
        State::Stale | State::NotYetValid => (amber, CLOCK),
        State::UnderSurveillance | State::ScopeReduced | State::Contested => (amber, BANG),
        State::StatusUnknown => (grey, QUESTION),
        State::Expired => (red, CLOCK),
        State::Suspended | State::Revoked | State::Invalid => (red, CROSS),
    }
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Cuts a text to `most` characters.
fn fit(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        false => escape(text),
        true => escape(&text.chars().take(most - 1).collect::<String>()) + "…",
    }
}

impl Badge<'_> {
    fn words(&self) -> (&'static str, String) {
        let (fr, en) = self.state.words();
        match self.lang {
            "en" => (en, format!("No. {} · on {}", self.number, self.on)),
            _ => (fr, format!("n° {} · au {}", self.number, self.on)),
        }
    }

    /// The scheme with the version of its referential, within 34 characters; the version
    /// is not what is cut.
    fn referential(&self) -> String {
        let version = fit(self.version, 16);
        let room = 33 - self.version.chars().count().min(16);
        format!("{} {version}", fit(self.scheme, room))
    }

    fn open(&self, width: u32, height: u32) -> String {
        let Badge {
            issuer,
            scheme,
            version,
            link,
            ..
        } = self;
        let (state, detail) = self.words();
        let (lang, title, desc) = match self.lang {
            "en" => (
                "en",
                format!("{scheme}, version {version}, issued by {issuer}: {state}, {detail}"),
                format!("Consult the certificate: {link}"),
            ),
            _ => (
                "fr",
                format!(
                    "{scheme}, version {version}, délivré par {issuer}\u{a0}: {state}, {detail}"
                ),
                format!("Consulter le certificat\u{a0}: {link}"),
            ),
        };
        let (title, desc) = (escape(&title), escape(&desc));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" lang=\"{lang}\" \
             font-family=\"Inter,Arial,Helvetica,sans-serif\"><title>{title}</title>\
             <desc>{desc}</desc>"
        )
    }

    /// The badge for a page: 288 × 76.
    pub fn full(&self, theme: Theme) -> String {
        let [paper, ink, soft, line] = palette(theme);
        let (color, strokes) = sign(self.state, theme);
        let (word, detail) = self.words();
        let mut svg = self.open(288, 76);
        let _ = write!(
            svg,
            "<rect x=\".5\" y=\".5\" width=\"287\" height=\"75\" rx=\"9.5\" fill=\"{paper}\" \
             stroke=\"{line}\"/>{}\
             <text x=\"74\" y=\"25\" font-size=\"12\" fill=\"{soft}\">{}</text>\
             <text x=\"74\" y=\"45\" font-size=\"16\" font-weight=\"700\" fill=\"{ink}\">{word}</text>\
             <text x=\"74\" y=\"63\" font-size=\"11\" fill=\"{soft}\">{}</text></svg>",
            disc(38.0, 38.0, 1.25, color, strokes, paper),
            self.referential(),
            fit(&detail, 38),
        );
        svg + "\n"
    }

    /// The badge for a line of text: 24 high.
    pub fn small(&self, theme: Theme) -> String {
        let [paper, ink, _, line] = palette(theme);
        let (color, strokes) = sign(self.state, theme);
        let word = self.words().0;
        let length = length(word);
        let width = 38 + length;
        let mut svg = self.open(width, 24);
        let _ = write!(
            svg,
            "<rect x=\".5\" y=\".5\" width=\"{}\" height=\"23\" rx=\"11.5\" fill=\"{paper}\" \
             stroke=\"{line}\"/>{}\
             <text x=\"27\" y=\"16.5\" font-size=\"12.5\" font-weight=\"600\" fill=\"{ink}\" \
             textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\">{word}</text></svg>",
            width - 1,
            disc(12.5, 12.0, 0.52, color, strokes, paper),
        );
        svg + "\n"
    }
}

/// Length of a word in the small badge, in pixels: about that of a usual bold face at
/// 12.5, and exactly that in any face, since the text is told to take it.
fn length(word: &str) -> u32 {
    let thousandths = |c: char| match c {
        'i' | 'l' | 'j' | ' ' => 300,
        'f' | 't' | 'r' => 390,
        'm' | 'w' => 880,
        _ => 600,
    };
    let sum: u32 = word.chars().map(thousandths).sum();
    (sum * 125).div_ceil(10_000)
}

fn disc(x: f32, y: f32, scale: f32, color: &str, strokes: &str, paper: &str) -> String {
    format!(
        "<g transform=\"translate({x} {y}) scale({scale})\"><circle r=\"16\" fill=\"{color}\"/>\
         <path d=\"{strokes}\" fill=\"none\" stroke=\"{paper}\" stroke-width=\"3.2\" \
         stroke-linecap=\"round\" stroke-linejoin=\"round\"/></g>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_is_text_that_cannot_break_out() {
        let badge = Badge {
            issuer: "<b>",
            scheme: "<script>alert(\"1\")</script> & very long name of a scheme",
            version: "<2>",
            link: "https://label.example/\"<i>",
            number: "A\u{7}<1>",
            state: State::Revoked,
            on: "2026-11-24",
            lang: "fr",
        };
        for svg in [badge.full(Theme::Light), badge.small(Theme::Dark)] {
            for bad in ["<script", "<1>", "<b>", "<2>", "<i>", "\u{7}"] {
                assert!(!svg.contains(bad), "{bad} in {svg}");
            }
            for said in [
                "version &lt;2&gt;, délivré par &lt;b&gt;",
                "https://label.example/",
            ] {
                assert!(svg.contains(said), "{said} in {svg}");
            }
            assert!(svg.contains(">retiré</text>"));
        }
    }
}
