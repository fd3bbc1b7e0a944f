//! From which country an entity is controlled, and whether what is said of it is open.

use super::graph::EntityId;
use super::outside::Persons;
use super::table::ControlTable;
use crate::facts::Said;
use std::sync::Arc;

impl ControlTable<'_> {
    /// The country from which an entity is controlled, when certain: that of
    /// its ultimate controllers, or its own when nobody controls it. Where someone
    /// that nobody named may stand above them, it takes a statement of theirs.
    pub fn controlled_from(&self, id: EntityId, persons: Persons) -> Option<Arc<str>> {
        let ultimate = self.ultimate(id);
        let answered = self.heads_answer(id) && self.graph.is_complete();
        let open = ultimate.unnamed && !answered;
        if open || !ultimate.possible.is_empty() {
            return None;
        }
        let itself = [id];
        let heads = match &ultimate.sure[..] {
            [] => &itself,
            sure => sure,
        };
        let mut countries = heads.iter().map(|head| self.stands_for(*head, persons));
        let first = countries.next()??;
        countries
            .all(|c| c.as_ref() == Some(&first))
            .then_some(first)
    }

    /// The country that a controller in the last resort stands for: the one stated, or its
    /// own where nobody says otherwise.
    fn stands_for(&self, head: EntityId, persons: Persons) -> Option<Arc<str>> {
        let head = self.graph.entity(head);
        match &head.controlled_from {
            Said::One(country) => Some(country.clone()),
            Said::Nothing => persons.country(head),
            Said::Open => persons.country(head).filter(|c| head.is_only_said_from(c)),
        }
    }

    /// Whether something is said of from where an entity is controlled, and not what. To
    /// say without proof what follows from who holds it opens nothing.
    pub fn is_origin_open(&self, id: EntityId, persons: Persons) -> bool {
        let entity = self.graph.entity(id);
        let follows = |c: Arc<str>| entity.is_only_said_from(&c);
        entity.controlled_from.is_open() && !self.controlled_from(id, persons).is_some_and(follows)
    }
}
