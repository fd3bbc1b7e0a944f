//! The page itself, on A4, in points.

use crate::words::{Words, day, words};
use crate::{Contents, Lang, qr_text};
use cocarde_seal::{Refusal, Result, json};
use krilla::color::rgb;
use krilla::configure::{Configuration, Validator};
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};
use qrcode::{Color, EcLevel, QrCode};
use serde_json::Value;

const REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.otf");
const BOLD: &[u8] = include_bytes!("../fonts/Inter-Bold.otf");

const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const LEFT: f32 = 56.0;
const RIGHT: f32 = WIDTH - 56.0;
/// Where values begin, right of their labels.
const VALUES: f32 = 176.0;
/// Below this nothing but the foot is written.
const FOOT: f32 = 640.0;

const INK: (u8, u8, u8) = (22, 27, 45);
const SOFT: (u8, u8, u8) = (84, 92, 115);
const BLUE: (u8, u8, u8) = (0, 0, 145);
const LINE: (u8, u8, u8) = (205, 209, 222);

fn refused(what: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        "pdf",
        format!("page impossible : {what}"),
        format!("cannot typeset: {what}"),
    )
}

/// A typeface: to draw with, and to measure.
struct Face {
    font: Font,
    measure: ttf_parser::Face<'static>,
}

impl Face {
    fn read(bytes: &'static [u8]) -> Result<Face> {
        let font = Font::new(bytes.to_vec().into(), 0).ok_or_else(|| refused("font"))?;
        let measure = ttf_parser::Face::parse(bytes, 0).map_err(refused)?;
        Ok(Face { font, measure })
    }

    /// Width of a text, in points.
    fn width(&self, text: &str, size: f32) -> f32 {
        let units = f32::from(self.measure.units_per_em());
        let advance = |c| {
            let glyph = self.measure.glyph_index(c)?;
            self.measure.glyph_hor_advance(glyph)
        };
        let sum: u32 = text.chars().filter_map(advance).map(u32::from).sum();
        sum as f32 / units * size
    }

    /// Breaks a text at spaces into lines of at most `room` points; a word longer
    /// than a line is cut.
    fn lines(&self, text: &str, size: f32, room: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let joined = lines.last().map(|l| format!("{l} {word}"));
            match joined {
                Some(l) if self.width(&l, size) <= room => {
                    *lines.last_mut().unwrap_or(&mut String::new()) = l
                }
                _ => lines.push(word.to_owned()),
            }
            while lines
                .last()
                .is_some_and(|l| self.width(l, size) > room && l.chars().count() > 1)
            {
                let long = lines.pop().unwrap_or_default();
                let mut cut = long.len();
                while self.width(&long[..cut], size) > room {
                    cut = long[..cut].char_indices().next_back().map_or(0, |(i, _)| i);
                }
                let cut = cut.max(long.chars().next().map_or(1, char::len_utf8));
                lines.push(long[..cut].to_owned());
                lines.push(long[cut..].to_owned());
            }
        }
        lines
    }

    /// Keeps only what the typeface can draw; apostrophes are set as print has them.
    fn drawable(&self, text: &str) -> String {
        let known = |c: char| match c {
            '\'' => '\u{2019}',
            c if self.measure.glyph_index(c).is_some() => c,
            _ => '?',
        };
        text.chars().map(known).collect()
    }
}

/// How a text looks.
#[derive(Clone, Copy)]
struct Style {
    bold: bool,
    size: f32,
    color: (u8, u8, u8),
}

fn style(bold: bool, size: f32, color: (u8, u8, u8)) -> Style {
    Style { bold, size, color }
}

/// A page being drawn.
pub(crate) struct Page {
    lang: Lang,
    words: &'static Words,
    regular: Face,
    bold: Face,
    y: f32,
}

impl Page {
    pub(crate) fn new(lang: Lang) -> Result<Page> {
        Ok(Page {
            lang,
            words: words(lang),
            regular: Face::read(REGULAR)?,
            bold: Face::read(BOLD)?,
            y: 0.0,
        })
    }

    pub(crate) fn draw(mut self, credential: &Value, contents: &Contents) -> Result<Vec<u8>> {
        let settings = SerializeSettings {
            configuration: Configuration::new_with_validator(Validator::A3_B),
            ..SerializeSettings::default()
        };
        let mut document = Document::new_with(settings);
        document.set_metadata(self.metadata(credential));
        self.attach(&mut document, credential, contents);
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| refused("size"))?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        self.head(&mut surface, credential);
        self.body(&mut surface, credential);
        self.results(&mut surface, credential)?;
        self.foot(&mut surface, credential)?;
        surface.finish();
        page.finish();
        document.finish().map_err(|e| refused(format!("{e:?}")))
    }

    fn title(&self, credential: &Value) -> String {
        let number = get(credential, &["credentialSubject", "name"]);
        format!("{} {} {number}", self.words.certificate, self.words.number)
    }

    fn metadata(&self, credential: &Value) -> Metadata {
        Metadata::new()
            .title(self.title(credential))
            .description(get(credential, &["name"]).to_owned())
            .language(self.words.code.to_owned())
            .authors(vec![get(credential, &["issuer", "name"]).to_owned()])
            .creator("cocarde".to_owned())
            .creation_date(date(get(credential, &["validFrom"])))
            .document_id(qr_text(credential))
    }

    fn attach(&self, document: &mut Document, credential: &Value, contents: &Contents) {
        let made = date(get(credential, &["validFrom"]));
        let files = [
            (
                Some(&contents.credential),
                "certificate.jwt",
                "application/vc+jwt",
                AssociationKind::Source,
            ),
            (
                contents.log_proof.as_ref(),
                "certificate.tlog-proof",
                "text/plain",
                AssociationKind::Supplement,
            ),
        ];
        for ((text, path, mime, kind), said) in files.into_iter().zip(self.words.attached) {
            let Some(text) = text else { continue };
            // A name given twice would be the only refusal, and there is none.
            let _ = document.embed_file(EmbeddedFile {
                path: path.to_owned(),
                mime_type: MimeType::new(mime),
                description: Some(said.to_owned()),
                association_kind: kind,
                data: text.clone().into_bytes().into(),
                modification_date: Some(made),
                compress: Some(true),
                location: None,
            });
        }
    }

    fn face(&self, style: Style) -> &Face {
        if style.bold {
            &self.bold
        } else {
            &self.regular
        }
    }

    fn text(&self, s: &mut Surface, style: Style, x: f32, y: f32, text: &str) {
        let face = self.face(style);
        s.set_fill(Some(fill(style.color)));
        let (at, text) = (Point::from_xy(x, y), face.drawable(text));
        let direction = TextDirection::Auto;
        s.draw_text(at, face.font.clone(), style.size, &text, false, direction);
    }

    /// Writes a paragraph at the cursor, which moves below it.
    fn paragraph(&mut self, s: &mut Surface, style: Style, x: f32, room: f32, text: &str) {
        for line in self.face(style).lines(text, style.size, room) {
            self.text(s, style, x, self.y, &line);
            self.y += style.size * 1.4;
        }
    }

    fn head(&mut self, s: &mut Surface, c: &Value) {
        rect(s, BLUE, LEFT, 48.0, 44.0, 4.0);
        self.y = 84.0;
        self.paragraph(
            s,
            style(false, 11.0, SOFT),
            LEFT,
            RIGHT - LEFT,
            get(c, &["credentialSubject", "scope", "name"]),
        );
        self.y += 18.0;
        let title = self.title(c);
        self.paragraph(s, style(true, 25.0, INK), LEFT, RIGHT - LEFT, &title);
        let issuer = get(c, &["issuer", "name"]);
        // A page must not say of a derogation that everything is satisfied.
        let derogation = [
            "credentialSubject",
            "sovereigntyCertification",
            "derogation",
        ];
        let said = match json::text(c, &derogation) {
            Some(_) => self.words.derogates,
            None => self.words.certifies,
        };
        let certifies = format!("{issuer} {said}");
        self.paragraph(s, style(false, 10.5, SOFT), LEFT, RIGHT - LEFT, &certifies);
        self.y += 12.0;
    }

    fn body(&mut self, s: &mut Surface, c: &Value) {
        let w = self.words;
        let subject = |path: &[&str]| get(&c["credentialSubject"], path).to_owned();
        let number = |v: &Value, path: &[&str]| match json::text(v, path) {
            Some(n) => format!(" ({n})"),
            None => String::new(),
        };
        let holder = &c["credentialSubject"]["issuedToParty"];
        let holder = format!(
            "{}{}",
            get(holder, &["name"]),
            number(holder, &["registeredId"])
        );
        self.row(s, w.holder, &holder, true);
        self.row(s, w.scope, &subject(&["description"]), true);
        let terms = &c["credentialSubject"]["sovereigntyCertification"];
        let site = |s: &Value| format!("{} ({})", get(s, &["name"]), get(s, &["country"]));
        let sites = terms["certifiedSite"].as_array().into_iter().flatten();
        let sites: Vec<String> = sites.map(site).collect();
        if !sites.is_empty() {
            self.row(s, w.sites, &sites.join(" ; "), false);
        }
        let (name, version) = (subject(&["scope", "name"]), subject(&["scope", "version"]));
        self.row(
            s,
            w.referential,
            &format!("{name}, {} {version}", w.version),
            false,
        );
        let on = |name: &str| day(get(c, &[name]), self.lang);
        let (from, to) = w.from_to;
        let period = format!("{from} {} {to} {}", on("validFrom"), on("validUntil"));
        self.row(s, w.validity, &period, true);
        let decided = subject(&["sovereigntyCertification", "decidedOn"]);
        self.row(s, w.decided, &day(&decided, self.lang), false);
        let issuer = format!(
            "{} — {}",
            get(c, &["issuer", "name"]),
            get(c, &["issuer", "id"])
        );
        self.row(s, w.issuer, &issuer, false);
        let endorsed = &c["credentialSubject"]["authorisation"][0];
        if let Some(name) = json::text(endorsed, &["name"]) {
            let authority = get(endorsed, &["issuingAuthority", "name"]);
            self.row(s, w.accreditation, &format!("{name} — {authority}"), false);
        }
        let derogation = ["sovereigntyCertification", "derogation"];
        if let Some(why) = json::text(&c["credentialSubject"], &derogation) {
            self.row(s, w.derogation, why, true);
        }
    }

    fn row(&mut self, s: &mut Surface, label: &str, value: &str, bold: bool) {
        self.text(s, style(false, 9.5, SOFT), LEFT, self.y, label);
        self.paragraph(s, style(bold, 10.5, INK), VALUES, RIGHT - VALUES, value);
        self.y += 5.0;
    }

    fn results(&mut self, s: &mut Surface, c: &Value) -> Result<()> {
        let w = self.words;
        let pillars = c["credentialSubject"]["sovereigntyCertification"]["pillarResult"].as_array();
        self.y += 14.0;
        self.text(s, style(true, 11.0, INK), LEFT, self.y, w.pillars);
        let columns = [318.0, 388.0, 462.0, RIGHT];
        for (x, title) in columns.iter().zip(w.columns) {
            let width = self.regular.width(title, 8.5);
            self.text(s, style(false, 8.5, SOFT), x - width, self.y, title);
        }
        self.y += 7.0;
        for p in pillars.into_iter().flatten() {
            if self.y > FOOT - 24.0 {
                return Err(refused(
                    "trop de texte pour une page / too much text for a page",
                ));
            }
            rect(s, LINE, LEFT, self.y, RIGHT - LEFT, 0.6);
            self.y += 14.0;
            let counts = ["satisfied", "notApplicable", "notSatisfied", "undetermined"];
            for (x, name) in columns.iter().zip(counts) {
                let n = p[name].as_u64().unwrap_or(0).to_string();
                let color = if n == "0" { SOFT } else { INK };
                let width = self.regular.width(&n, 10.0);
                self.text(s, style(false, 10.0, color), x - width, self.y, &n);
            }
            let title = get(p, &["title", w.code]);
            self.paragraph(s, style(false, 10.0, INK), LEFT, 205.0, title);
            self.y -= 7.0;
        }
        match self.y > FOOT {
            true => Err(refused(
                "trop de texte pour une page / too much text for a page",
            )),
            false => Ok(()),
        }
    }

    fn foot(&mut self, s: &mut Surface, c: &Value) -> Result<()> {
        let w = self.words;
        let side = 118.0;
        rect(s, LINE, LEFT, FOOT, RIGHT - LEFT, 0.6);
        qr(s, &qr_text(c), LEFT, FOOT + 14.0, side)?;
        let (x, room) = (LEFT + side + 18.0, RIGHT - LEFT - side - 18.0);
        self.y = FOOT + 24.0;
        self.paragraph(s, style(true, 11.0, INK), x, room, w.verify);
        self.y += 2.0;
        self.paragraph(s, style(false, 9.0, INK), x, room, w.how);
        self.y += 3.0;
        self.paragraph(s, style(false, 9.0, INK), x, room, w.limits);
        self.y += 3.0;
        self.paragraph(s, style(false, 8.5, BLUE), x, room, get(c, &["id"]));
        let terms = &c["credentialSubject"]["sovereigntyCertification"];
        let digest = json::hex(&cocarde_seal::credential::digest(c));
        self.y = HEIGHT - 40.0;
        let log = format!("{}{} {}", w.log, w.colon, get(terms, &["transparencyLog"]));
        self.text(s, style(false, 7.5, SOFT), LEFT, self.y, &log);
        self.text(
            s,
            style(false, 7.5, SOFT),
            LEFT,
            self.y + 11.0,
            &format!("SHA-256{} {digest}", w.colon),
        );
        Ok(())
    }
}

fn get<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    json::text(value, path).unwrap_or("—")
}

/// A moment to the second, in UTC; `2026-11-24T12:00:00Z` in.
fn date(moment: &str) -> DateTime {
    let part = |range: std::ops::Range<usize>| {
        let digits = moment.get(range).and_then(|d| d.parse::<u16>().ok());
        digits.unwrap_or(1)
    };
    DateTime::new(part(0..4))
        .month(part(5..7) as u8)
        .day(part(8..10) as u8)
        .hour(part(11..13) as u8)
        .minute(part(14..16) as u8)
        .second(part(17..19) as u8)
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn fill((r, g, b): (u8, u8, u8)) -> Fill {
    Fill {
        paint: rgb::Color::new(r, g, b).into(),
        opacity: NormalizedF32::ONE,
        rule: Default::default(),
    }
}

fn rect(s: &mut Surface, color: (u8, u8, u8), x: f32, y: f32, w: f32, h: f32) {
    let mut path = PathBuilder::new();
    if let Some(r) = Rect::from_xywh(x, y, w, h) {
        path.push_rect(r);
    }
    if let Some(path) = path.finish() {
        s.set_fill(Some(fill(color)));
        s.draw_path(&path);
    }
}

/// Draws a QR code in a square; its quiet zone is the page around it.
fn qr(s: &mut Surface, text: &str, x: f32, y: f32, side: f32) -> Result<()> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(refused)?;
    let n = code.width();
    let module = side / n as f32;
    let mut path = PathBuilder::new();
    for (i, color) in code.to_colors().into_iter().enumerate() {
        let (cx, cy) = ((i % n) as f32 * module, (i / n) as f32 * module);
        let square = Rect::from_xywh(x + cx, y + cy, module, module);
        if let (Color::Dark, Some(square)) = (color, square) {
            path.push_rect(square);
        }
    }
    if let Some(path) = path.finish() {
        s.set_fill(Some(fill((0, 0, 0))));
        s.draw_path(&path);
    }
    Ok(())
}
