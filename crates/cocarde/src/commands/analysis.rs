//! What `control`, `reach` and `value` share.

use crate::analyses::Rules;
use crate::commands::assess::{read, text_at, today};
use crate::shipped;
use crate::ui::{Message, Ui};
use clap::ValueEnum;
use cocarde_analysis::facts::View;
use cocarde_dossier::Dossier;
use cocarde_model::{Date, Diagnostic};
use cocarde_referential::Referential;
use cocarde_report::picture::{Picture, file};
use cocarde_report::{Sheet, scheme};
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

    /// What is told, under a title, by the rules of which scheme, on which day.
    pub fn sheet(&self, fr: &str, en: &str, ui: &Ui) -> Sheet {
        let text = |path: &[&str]| text_at(&self.dossier.base, path);
        let (offering, kind) = (text(&["offering", "name"]), text(&["offering", "kind"]));
        let applicant = text(&["organisation", "name"]);
        let dossier = cocarde_report::Dossier {
            offering: offering.as_deref(),
            applicant: applicant.as_deref(),
            kind: kind.as_deref(),
        };
        let scheme = scheme(&self.referential, ui.lang);
        let mut sheet = Sheet::new(ui.lang, ui.paint, ui.width);
        sheet.head(dossier, ui.say(fr, en), &self.day.to_string(), &scheme);
        sheet
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
