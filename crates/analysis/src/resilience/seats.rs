//! Where a party is at home, and that nobody stated it or that those who did disagree.

use crate::control::{Entity, Kind};
use crate::report::Line;

/// That its main place is not known.
fn no_seat(Entity { name, kind, .. }: &Entity) -> Line {
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

/// What is not known of where a party is at home, or from where it is controlled; nothing
/// where all that is said of it stands.
pub(super) fn unplaced(entity: &Entity) -> Option<Line> {
    if entity.main_place().is_none() {
        return Some(no_seat(entity));
    }
    let name = &entity.name;
    (entity.is_disputed() || entity.controlled_from.is_open()).then(|| {
        Line::new(
            format!("ce qui est dit des pays de {name} se contredit"),
            format!("what is said of the countries of {name} disagrees"),
        )
    })
}
