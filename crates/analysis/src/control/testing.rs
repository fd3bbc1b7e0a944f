//! Small graphs for tests.

use super::*;
use crate::facts::Said;
use cocarde_model::{Decimal, Interval};

/// A company with a seat.
pub fn company(name: &str, seat: &str) -> Entity {
    Entity {
        name: name.into(),
        kind: Some(Kind::Company),
        seat: Said::One(seat.into()),
        ..Entity::default()
    }
}

/// An entity that nobody holds.
pub fn state(name: &str, seat: &str) -> Entity {
    Entity {
        kind: Some(Kind::State),
        ..company(name, seat)
    }
}

/// An exact percentage.
pub fn pct(text: &str) -> Interval {
    Interval::point(text.parse().unwrap())
}

/// A percentage known within whole percents.
pub fn between(lo: i64, hi: i64) -> Interval {
    Interval::new(Some(Decimal::from(lo)), Some(Decimal::from(hi))).unwrap()
}

/// Holdings by name: holder, held, percent.
pub fn holdings(entities: &[Entity], list: &[(&str, &str, Interval)]) -> Vec<Holding> {
    let id = |name: &str| {
        let place = entities.iter().position(|e| &*e.name == name);
        EntityId(place.unwrap_or_else(|| panic!("no entity {name}")) as u32)
    };
    list.iter()
        .map(|(a, b, share)| Holding::of(id(a), id(b), *share))
        .collect()
}

/// A graph whose holdings are all named.
pub fn graph(entities: Vec<Entity>, list: &[(&str, &str, Interval)]) -> ControlGraph {
    let holdings = holdings(&entities, list);
    ControlGraph::new(entities, holdings, true).unwrap()
}

/// The entity of that name.
pub fn id(graph: &ControlGraph, name: &str) -> EntityId {
    let mut found = graph.entities().filter(|(_, e)| &*e.name == name);
    found.next().unwrap().0
}
