//! Which law reaches which data, through whom.
//!
//! A regime reaches data when an actor who has them in its possession, custody
//! or control is subject to the regime: by incorporation, control, presence,
//! or because data are located or administered in the country. Keys that only
//! the customer holds cut the reach to content; they do not cut metadata.

mod custody;
mod derive;
mod presence;
mod report;
mod ties;

pub use derive::derive;
pub use report::{
    Cut, Hop, MAX_PATHS, Outcome, ReachReport, Reached, Stale, analyse, aspect_words, data_name,
};
