//! What people read: diagnostics and assessments on a terminal, assessments as a
//! page that prints. French first, English complete.
//!
//! This room decides nothing: it sets out what a report says.

mod diagnostics;
mod head;
mod html;
mod lines;
mod paint;
pub mod picture;
mod places;
mod referential;
pub mod resilience;
mod rule;
mod sheet;
mod story;
mod terminal;
mod words;

pub use diagnostics::diagnostics;
pub use head::Dossier;
pub use html::page;
pub use lines::hung;
pub use paint::{Paint, inert};
pub use referential::{headline, referential, scheme};
pub use sheet::Sheet;
pub use terminal::{Detail, terminal};
pub use words::{Lang, day};
