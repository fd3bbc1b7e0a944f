//! Where a party has its seat, or a person lives, and that nobody stated it.

use crate::control::{Entity, Kind};
use crate::report::Line;

/// That it is not known.
pub(super) fn no_seat(Entity { name, kind, .. }: &Entity) -> Line {
    match kind {
        Some(Kind::Person) => Line::new(
            format!("on ne connaît pas la résidence de {name}"),
            format!("the residence of {name} is not known"),
        ),
        _ => Line::new(
            format!("on ne connaît pas le siège de {name}"),
            format!("the seat of {name} is not known"),
        ),
    }
}
