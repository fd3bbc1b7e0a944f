//! Pictures on a page: beside the first criterion that they explain; the others
//! point there.

use crate::picture::{Pictures, inline};
use crate::story;
use crate::words::Lang;
use cocarde_referential::Verdict;
use cocarde_referential::report::Report;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// What stands beside a criterion, by its id.
pub(super) type Figures = BTreeMap<String, Markup>;

/// In the order of the page.
pub(super) fn figures(r: &Report, pictures: &Pictures, lang: Lang) -> Figures {
    let mut shown: BTreeMap<usize, String> = BTreeMap::new();
    let mut figures = Figures::new();
    for verdict in [
        Verdict::NotSatisfied,
        Verdict::Undetermined,
        Verdict::Satisfied,
    ] {
        for c in story::told(r, verdict) {
            let reads: Vec<String> = c.properties.iter().map(|p| p.property.clone()).collect();
            let Some(place) = pictures.beside(&reads) else {
                continue;
            };
            let (_, picture) = &pictures.list[place];
            let id = format!("figure-{}", place + 1);
            let markup = match shown.get(&place) {
                Some(first) => html! {
                    p.note { a href=(format!("#{id}")) {
                        (lang.of("Voir la figure, au critère", "See the figure, at criterion")) " " (first)
                    } }
                },
                None => html! {
                    figure id=(id) {
                        div.picture tabindex="0" { (inline(picture)) }
                        figcaption { (picture.caption) }
                    }
                },
            };
            shown.entry(place).or_insert_with(|| c.id.to_string());
            figures.insert(c.id.to_string(), markup);
        }
    }
    figures
}
