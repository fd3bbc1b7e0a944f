//! What must hold of the facts of a dossier, beyond each value by itself.

mod holdings;
mod identifiers;

use crate::build::Builder;

/// Checks everything.
pub(crate) fn all(b: &mut Builder<'_>) {
    identifiers::check(b);
    holdings::check(b);
}
