//! Why an outcome is what it is, what would decide it, and the least change that
//! would satisfy it.

mod by_member;
mod closest;
mod direct;
mod edits;
mod floor;
mod levers;
mod missing;
mod nearest;
mod offers;
mod replay;
mod stated;
mod sums;
mod values;
mod want;
mod why;

pub use edits::Edit;
pub use missing::{Asked, Missing, MissingSet, missing, missing_within};
pub use nearest::{Bound, Nearest, Reach, nearest};
pub use why::{Why, why};
