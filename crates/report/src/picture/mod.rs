//! Pictures of the analyses, as SVG: the ownership tree, the chain of reach,
//! the flows of value. Each says in words what it shows, for those who do not
//! see it; colour never speaks alone.

pub(crate) mod canvas;
mod chain;
mod flows;
mod tree;

use crate::words::Lang;
use cocarde_analysis::control::ControlReport;
use cocarde_analysis::reach::ReachReport;
use cocarde_analysis::value::ValueReport;
use maud::PreEscaped;

/// A picture, and what it shows in a sentence.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The whole SVG element.
    pub svg: String,
    /// What it shows.
    pub caption: String,
}

/// Pictures beside the criteria that read properties of these types.
#[derive(Clone, Debug, Default)]
pub struct Pictures {
    /// Each picture, with the properties (`type.field`) that it explains.
    pub list: Vec<(Vec<String>, Picture)>,
}

impl Pictures {
    /// The first picture for a criterion that read these properties, by its place.
    pub(crate) fn beside(&self, reads: &[String]) -> Option<usize> {
        let explains = |properties: &[String]| properties.iter().any(|p| reads.contains(p));
        self.list
            .iter()
            .position(|(properties, _)| explains(properties))
    }
}

/// The ownership tree above a company, with who controls it.
pub fn ownership(report: &ControlReport, lang: Lang) -> Picture {
    tree::draw(report, lang)
}

/// How regimes come to data, and what cuts the way.
pub fn reach(report: &ReachReport, lang: Lang) -> Picture {
    chain::draw(report, lang)
}

/// Where the costs of an offering or product end up.
pub fn value(report: &ValueReport, lang: Lang) -> Picture {
    flows::draw(report, lang)
}

/// A picture as a file of its own.
pub fn file(picture: &Picture) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n",
        picture.svg
    )
}

pub(crate) fn inline(picture: &Picture) -> PreEscaped<String> {
    PreEscaped(picture.svg.clone())
}

#[cfg(test)]
mod tests;
