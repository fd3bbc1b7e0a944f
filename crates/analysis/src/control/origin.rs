//! From which country an entity is controlled, and whether what is said of it is open.

use super::graph::EntityId;
use super::outside::Persons;
use super::table::ControlTable;
use std::sync::Arc;

impl ControlTable<'_> {
    /// The country from which an entity is controlled, when certain: that of
    /// its ultimate controllers, or its own when nobody controls it. Where someone
    /// that nobody named may stand above them, it takes a statement of theirs.
    pub fn controlled_from(&self, id: EntityId, persons: Persons) -> Option<Arc<str>> {
        self.of_heads(id, |head| self.stands_for(head, persons))
    }

    /// The one country of those who control an entity in the last resort.
    fn of_heads(
        &self,
        id: EntityId,
        country: impl Fn(EntityId) -> Option<Arc<str>>,
    ) -> Option<Arc<str>> {
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
        let mut countries = heads.iter().map(|head| country(*head));
        let first = countries.next()??;
        countries
            .all(|c| c.as_ref() == Some(&first))
            .then_some(first)
    }

    /// The country that a controller in the last resort stands for: the one stated, or its
    /// own where nobody says otherwise.
    fn stands_for(&self, head: EntityId, persons: Persons) -> Option<Arc<str>> {
        let entity = self.graph.entity(head);
        let own = self.unsaid(head, persons);
        own.filter(|c| entity.is_only_said_from(c) || !self.is_origin_open(head, persons))
    }

    /// The country that it stands for where claims of it do not count.
    fn unsaid(&self, head: EntityId, persons: Persons) -> Option<Arc<str>> {
        let entity = self.graph.entity(head);
        let stated = entity.controlled_from.one().cloned();
        stated.or_else(|| persons.country(entity))
    }

    /// Whether something is said of from where an entity is controlled, and not what. To
    /// say without proof what follows from who holds it opens nothing.
    pub fn is_origin_open(&self, id: EntityId, persons: Persons) -> bool {
        let entity = self.graph.entity(id);
        let follows = || self.of_heads(id, |head| self.unsaid(head, persons));
        entity.controlled_from.is_open() && !follows().is_some_and(|c| entity.is_only_said_from(&c))
    }
}
