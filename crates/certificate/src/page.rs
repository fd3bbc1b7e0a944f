//! The page itself, on A4, in points.

use crate::ink::{Face, Style, qr, rect, refused, style};
use crate::words::{Words, day, words};
use crate::{Contents, Lang, qr_text};
use cocarde_seal::{Refusal, Result, json};
use krilla::configure::{Configuration, Validator};
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{Identifier, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};
use krilla::{Document, SerializeSettings};
use serde_json::Value;
use std::num::NonZeroU16;

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
/// Below this nothing but the log and the digest is written.
const LAST: f32 = HEIGHT - 40.0;
/// Most bytes of one text: more would not fit, and is not measured.
const MAX_TEXT: usize = 8192;

const INK: (u8, u8, u8) = (22, 27, 45);
const SOFT: (u8, u8, u8) = (84, 92, 115);
const BLUE: (u8, u8, u8) = (0, 0, 145);
const LINE: (u8, u8, u8) = (205, 209, 222);

/// A page being drawn.
pub(crate) struct Page {
    lang: Lang,
    words: &'static Words,
    regular: Face,
    bold: Face,
    y: f32,
    /// Whether a text was too long to be set.
    full: bool,
    /// What is read aloud, in order.
    tree: TagTree,
}

impl Page {
    pub(crate) fn new(lang: Lang) -> Result<Page> {
        Ok(Page {
            lang,
            words: words(lang),
            regular: Face::read(REGULAR)?,
            bold: Face::read(BOLD)?,
            y: 0.0,
            full: false,
            tree: TagTree::new(),
        })
    }

    pub(crate) fn draw(mut self, credential: &Value, contents: &Contents) -> Result<Vec<u8>> {
        let settings = SerializeSettings {
            configuration: Configuration::new_with_validator(Validator::A3_A),
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
        document.set_tag_tree(self.tree);
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

    fn text(&self, s: &mut Surface, style: Style, x: f32, y: f32, text: &str) -> Identifier {
        self.face(style).draw(s, style, x, y, text)
    }

    /// Whether everything so far was set, above `below`.
    fn fits(&self, below: f32) -> Result<()> {
        match self.full || self.y > below {
            true => Err(Refusal::new(
                "pdf",
                "trop de texte pour une page",
                "too much text for a page",
            )),
            false => Ok(()),
        }
    }

    /// Writes lines at the cursor, which moves below them.
    fn lines(&mut self, s: &mut Surface, style: Style, x: f32, room: f32, text: &str) -> Vec<Node> {
        let mut drawn = Vec::new();
        self.full |= text.len() > MAX_TEXT || self.y > HEIGHT;
        if self.full {
            return drawn;
        }
        for line in self.face(style).lines(text, style.size, room) {
            // The space parts the words of two lines for those who listen.
            let line = format!("{line} ");
            drawn.push(self.text(s, style, x, self.y, &line).into());
            self.y += style.size * 1.4;
        }
        drawn
    }

    /// Writes a paragraph at the cursor, which moves below it.
    fn paragraph(&mut self, s: &mut Surface, style: Style, x: f32, room: f32, text: &str) {
        self.block(s, Tag::P, style, (x, room), text);
    }

    /// Writes a heading of that level at the cursor, which moves below it.
    fn heading(
        &mut self,
        s: &mut Surface,
        level: NonZeroU16,
        style: Style,
        (x, room): (f32, f32),
        text: &str,
    ) {
        self.block(s, Tag::Hn(level, None), style, (x, room), text);
    }

    fn block(
        &mut self,
        s: &mut Surface,
        tag: impl Into<TagKind>,
        style: Style,
        (x, room): (f32, f32),
        text: &str,
    ) {
        let drawn = self.lines(s, style, x, room, text);
        self.tree.push(TagGroup::with_children(tag, drawn));
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
        let room = (LEFT, RIGHT - LEFT);
        self.heading(s, NonZeroU16::MIN, style(true, 25.0, INK), room, &title);
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
            self.row(s, w.sites, &sites.join(w.between), false);
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
        let said = format!("{label} ");
        let mut group = TagGroup::new(Tag::P);
        group.push(self.text(s, style(false, 9.5, SOFT), LEFT, self.y, &said));
        let lines = self.lines(s, style(bold, 10.5, INK), VALUES, RIGHT - VALUES, value);
        lines.into_iter().for_each(|line| group.push(line));
        self.tree.push(group);
        self.y += 5.0;
    }

    fn results(&mut self, s: &mut Surface, c: &Value) -> Result<()> {
        let w = self.words;
        let pillars = c["credentialSubject"]["sovereigntyCertification"]["pillarResult"].as_array();
        self.y += 14.0;
        let (mut table, mut row) = (TagGroup::new(Tag::Table), TagGroup::new(Tag::TR));
        let head =
            |drawn: Identifier, scope| TagGroup::with_children(Tag::TH(scope), vec![drawn.into()]);
        let title = self.text(s, style(true, 11.0, INK), LEFT, self.y, w.pillars);
        row.push(head(title, TableHeaderScope::Column));
        let columns = [318.0, 388.0, 462.0, RIGHT];
        for (x, title) in columns.iter().zip(w.columns) {
            let width = self.regular.width(title, 8.5);
            let title = self.text(s, style(false, 8.5, SOFT), x - width, self.y, title);
            row.push(head(title, TableHeaderScope::Column));
        }
        table.push(row);
        self.y += 7.0;
        for p in pillars.into_iter().flatten() {
            self.fits(FOOT - 24.0)?;
            rect(s, LINE, LEFT, self.y, RIGHT - LEFT, 0.6);
            self.y += 14.0;
            let mut cells = Vec::new();
            let counts = ["satisfied", "notApplicable", "notSatisfied", "undetermined"];
            for (x, name) in columns.iter().zip(counts) {
                let n = p[name].as_u64().unwrap_or(0).to_string();
                let color = if n == "0" { SOFT } else { INK };
                let width = self.regular.width(&n, 10.0);
                let drawn = self.text(s, style(false, 10.0, color), x - width, self.y, &n);
                cells.push(TagGroup::with_children(Tag::TD, vec![drawn.into()]));
            }
            let title = get(p, &["title", w.code]);
            let title = self.lines(s, style(false, 10.0, INK), LEFT, 205.0, title);
            let title = TagGroup::with_children(Tag::TH(TableHeaderScope::Row), title);
            let mut row = TagGroup::with_children(Tag::TR, vec![title.into()]);
            cells.into_iter().for_each(|cell| row.push(cell));
            table.push(row);
            self.y -= 7.0;
        }
        self.tree.push(table);
        self.assumptions(s, c);
        self.fits(FOOT)
    }

    /// How many criteria rest on an assumption: said wherever a result is.
    fn assumptions(&mut self, s: &mut Surface, c: &Value) {
        let assumed = cocarde_seal::credential::assumed(c);
        if assumed == 0 {
            return;
        }
        let (one, many) = self.words.assumed;
        let said = format!("{assumed} {}", if assumed > 1 { many } else { one });
        self.y += 16.0;
        self.paragraph(s, style(false, 9.0, INK), LEFT, RIGHT - LEFT, &said);
    }

    fn foot(&mut self, s: &mut Surface, c: &Value) -> Result<()> {
        let w = self.words;
        let side = 118.0;
        rect(s, LINE, LEFT, FOOT, RIGHT - LEFT, 0.6);
        let code = qr(s, &qr_text(c), LEFT, FOOT + 14.0, side)?;
        let said = format!("{} {}", w.code_leads_to, get(c, &["id"]));
        let figure = Tag::Figure(Some(said));
        self.tree
            .push(TagGroup::with_children(figure, vec![code.into()]));
        let (x, room) = (LEFT + side + 18.0, RIGHT - LEFT - side - 18.0);
        self.y = FOOT + 24.0;
        let second = NonZeroU16::MIN.saturating_add(1);
        self.heading(s, second, style(true, 11.0, INK), (x, room), w.verify);
        self.y += 2.0;
        self.paragraph(s, style(false, 9.0, INK), x, room, w.how);
        self.y += 3.0;
        self.paragraph(s, style(false, 9.0, INK), x, room, w.limits);
        self.y += 3.0;
        self.paragraph(s, style(false, 8.5, BLUE), x, room, get(c, &["id"]));
        let terms = &c["credentialSubject"]["sovereigntyCertification"];
        let digest = json::hex(&cocarde_seal::credential::digest(c));
        self.fits(LAST)?;
        self.y = LAST;
        let log = format!("{}{} {}", w.log, w.colon, get(terms, &["transparencyLog"]));
        let digest = format!("SHA-256{} {digest}", w.colon);
        for text in [log, digest] {
            self.paragraph(s, style(false, 7.5, SOFT), LEFT, RIGHT - LEFT, &text);
        }
        self.fits(HEIGHT - 8.0)
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
