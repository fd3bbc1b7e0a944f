//! What people read: diagnostics and assessments on a terminal, assessments as a
//! page that prints. French first, English complete.
//!
//! This room decides nothing: it sets out what a report says.

mod diagnostics;
mod html;
mod paint;
pub mod picture;
mod places;
mod referential;
pub mod resilience;
mod story;
mod terminal;
mod words;

pub use diagnostics::diagnostics;
pub use html::page;
pub use paint::{Paint, inert};
pub use referential::{headline, referential};
pub use terminal::{Detail, terminal};
pub use words::Lang;
