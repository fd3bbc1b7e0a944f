//! What `control`, `reach` and `value` share.

use crate::analyses::Rules;
use crate::commands::assess::{read, text_at, today};
use crate::shipped;
use crate::ui::{Message, Ui};
use clap::ValueEnum;
use cocarde_analysis::facts::View;
use cocarde_analysis::report::Line;
use cocarde_dossier::Dossier;
use cocarde_model::{Date, Diagnostic};
use cocarde_referential::Referential;
use cocarde_report::inert;
use cocarde_report::picture::{Picture, file};
use std::path::PathBuf;

/// Options of every analysis.
#[derive(clap::Args)]
pub struct Asked {
    /// Directory of the dossier.
    dir: PathBuf,
    /// Referential that says how things count: a name or a directory.
    #[arg(short, long)]
    referential: Option<String>,
    /// Day to look at (YYYY-MM-DD); today by default.
    #[arg(long)]
    as_of: Option<Date>,
    /// Form of the answer.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// A form of the answer.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For machines; `cocarde schema` says its shape.
    Json,
    /// A picture.
    Svg,
}

/// A dossier, and a referential that says how things count.
pub struct Case {
    /// The dossier.
    pub dossier: Dossier,
    referential: Referential,
    day: Date,
    format: Format,
}

/// An answer in its three forms.
pub struct Answer<R> {
    /// For machines.
    pub report: R,
    /// For people, line by line.
    pub text: String,
    /// As a picture, where there is one.
    pub picture: Option<Picture>,
}

impl Case {
    /// Reads what the options name.
    pub fn open(args: Asked, ui: &Ui) -> Result<Case, Message> {
        let dossier = read(&args.dir, ui)?;
        let kind = text_at(&dossier.base, &["offering", "kind"]);
        let name = args.referential.as_deref();
        let name = name.unwrap_or_else(|| shipped::default_for(kind.as_deref()));
        Ok(Case {
            dossier,
            referential: shipped::load(name, None, ui)?,
            day: args.as_of.unwrap_or_else(today),
            format: args.format,
        })
    }

    /// Everything stated, on the day asked for.
    pub fn view(&self) -> View<'_> {
        View::new(&self.dossier.base, self.day)
    }

    /// How things count.
    pub fn rules(&self, ui: &Ui) -> Result<Rules<'_>, Message> {
        let counting = self.referential.analysis.as_ref();
        counting.map(Rules::new).ok_or_else(|| {
            let id = &self.referential.id;
            ui.error(
                &format!("le référentiel « {id} » n'a pas de section [analysis]"),
                &format!("referential `{id}` has no section [analysis]"),
            )
        })
    }

    /// Tells what is wrong with the dossier.
    pub fn defects(&self, all: &[Diagnostic], ui: &Ui) -> Message {
        ui.defects(all, self.dossier.sources())
    }

    /// Nothing in the dossier to look at.
    pub fn nothing(&self, fr: &str, en: &str, ui: &Ui) -> Message {
        ui.error(fr, en)
    }

    /// Prints an answer in the form asked for.
    pub fn print<R: serde::Serialize>(&self, answer: Answer<R>, ui: &Ui) -> Result<u8, Message> {
        let text = match (self.format, answer.picture) {
            (Format::Text, _) => answer.text,
            (Format::Json, _) => {
                serde_json::to_string_pretty(&answer.report).unwrap_or_default() + "\n"
            }
            (Format::Svg, Some(picture)) => file(&picture),
            (Format::Svg, None) => {
                return Err(ui.error("rien à dessiner", "nothing to draw"));
            }
        };
        print!("{text}");
        Ok(0)
    }
}

/// Text set in sections, wrapped to the terminal.
pub struct Sheet<'a> {
    ui: &'a Ui,
    out: String,
}

impl<'a> Sheet<'a> {
    /// Under a title.
    pub fn new(title: &str, ui: &'a Ui) -> Sheet<'a> {
        let out = format!("{}\n", unbroken(title).join(" "));
        Sheet { ui, out }
    }

    /// The heading of a section.
    pub fn heading(&mut self, fr: &str, en: &str) {
        let words = self.ui.say(fr, en);
        self.out += &format!("\n{words}\n");
    }

    /// A line of a section, after a mark.
    pub fn line(&mut self, mark: &str, text: &str) {
        let room = self.ui.width - 4;
        let mut row = String::new();
        let mut mark = mark;
        for part in unbroken(text) {
            if !row.is_empty() && row.chars().count() + 1 + part.chars().count() > room {
                self.row(std::mem::take(&mut mark), &row);
                row.clear();
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row += &part;
        }
        self.row(mark, &row);
    }

    fn row(&mut self, mark: &str, row: &str) {
        let pad = 3usize.saturating_sub(mark.chars().count());
        self.out += &format!(" {mark}{}{row}\n", " ".repeat(pad));
    }

    /// Sentences under a heading; nothing when there is none.
    pub fn section(&mut self, fr: &str, en: &str, mark: &str, lines: &[Line]) {
        if lines.is_empty() {
            return;
        }
        self.heading(fr, en);
        for line in lines {
            self.line(mark, self.said(line).to_string().as_str());
        }
    }

    /// A sentence in the language of the user.
    pub fn said<'l>(&self, line: &'l Line) -> &'l str {
        line.get(self.ui.say("fr", "en"))
    }

    /// The whole text.
    pub fn finish(self) -> String {
        inert(&self.out)
    }
}

/// Words, those together that French punctuation does not let part.
fn unbroken(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in text.split([' ', '\n']).filter(|w| !w.is_empty()) {
        let tied = matches!(word, ":" | ";" | "?" | "!" | "»" | "%");
        match parts.last_mut() {
            Some(last) if tied || last.ends_with('«') => *last += &format!(" {word}"),
            _ => parts.push(word.into()),
        }
    }
    parts
}
