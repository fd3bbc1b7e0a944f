//! Companies, persons, funds, States, public bodies and associations.

use crate::facts::Said;
use cocarde_model::RecordId;
use std::sync::Arc;

/// An entity, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(pub u32);

impl EntityId {
    /// Its position.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A company: it has holders, named or not.
    Company,
    /// A natural person.
    Person,
    /// A fund: it has holders, named or not.
    Fund,
    /// A State.
    State,
    /// A public body.
    PublicBody,
    /// An association: nobody holds it.
    Association,
}

impl Kind {
    /// The kind of that name in the fact schema.
    pub fn parse(name: &str) -> Option<Kind> {
        Some(match name {
            "company" => Kind::Company,
            "person" => Kind::Person,
            "fund" => Kind::Fund,
            "state" => Kind::State,
            "public-body" => Kind::PublicBody,
            "association" => Kind::Association,
            _ => return None,
        })
    }

    /// Whether such an entity has holders at all.
    pub fn is_held(self) -> bool {
        matches!(self, Kind::Company | Kind::Fund)
    }
}

/// A company, person, fund, State, public body or association. `None` is
/// unknown, never *no*; a place of which nobody says anything is at the seat where a
/// scheme says so, one that is disputed is not. Countries are ISO 3166-1 alpha-2 codes.
#[derive(Clone, Debug, Default)]
pub struct Entity {
    /// The name people know it by.
    pub name: Arc<str>,
    /// What it is.
    pub kind: Option<Kind>,
    /// Whether some say that it is a person, where `kind` is not known.
    pub perhaps_person: bool,
    /// Country of the registered seat.
    pub seat: Said<Arc<str>>,
    /// Country of the central administration.
    pub central_administration: Said<Arc<str>>,
    /// Country of the main establishment.
    pub main_establishment: Said<Arc<str>>,
    /// Country of residence of a person.
    pub residence: Said<Arc<str>>,
    /// Nationality of a person.
    pub nationality: Said<Arc<str>>,
    /// Country it is said to be controlled from, by whoever stated it.
    pub controlled_from: Said<Arc<str>>,
    /// The countries it is said to be controlled from, whatever that is worth.
    pub said_from: Vec<Arc<str>>,
    /// Whether a holding in it is stated of which it is not known who holds what.
    pub perhaps_held: bool,
    /// Whether such a holding has, or may have, the right to appoint the majority of a board.
    pub perhaps_appointed: bool,
    /// Whether it is said that its holders have special rights, and not agreed which.
    pub control_disputed: bool,
    /// Whether those who say how many votes in it someone has say different things.
    pub votes_vary: bool,
    /// Whether its shares are listed.
    pub listed: Option<bool>,
    /// The party it was read from.
    pub record: Option<RecordId>,
}

impl Entity {
    /// What is so of it, given what is so of a person and of all others; nothing where
    /// these differ and which of them it is does not stand.
    pub fn by_kind<T: PartialEq>(&self, person: T, other: T) -> Option<T> {
        match self.kind {
            Some(Kind::Person) => Some(person),
            None if self.perhaps_person => (person == other).then_some(other),
            _ => Some(other),
        }
    }

    /// Whether nobody says that it is controlled from any country but that one.
    pub fn is_only_said_from(&self, country: &str) -> bool {
        self.said_from.iter().all(|said| **said == *country)
    }

    /// Its registered seat, or where a person lives.
    pub fn main_place(&self) -> Option<&Arc<str>> {
        self.by_kind(self.residence.one(), self.seat.one())?
    }

    /// Whether nobody says anything of its central administration and its main
    /// establishment; a person has none.
    pub fn unstated_places(&self) -> [bool; 2] {
        let company = self.kind != Some(Kind::Person);
        let places = [&self.central_administration, &self.main_establishment];
        places.map(|place| company && *place == Said::Nothing)
    }

    /// Whether one of the places where it is at home is said, and does not stand.
    pub fn is_disputed(&self) -> bool {
        self.all_places().into_iter().any(Said::is_open)
    }

    /// The countries where it is stated to be at home.
    pub fn places(&self) -> impl Iterator<Item = &Arc<str>> {
        self.all_places().into_iter().filter_map(Said::one)
    }

    fn all_places(&self) -> [&Said<Arc<str>>; 5] {
        [
            &self.seat,
            &self.central_administration,
            &self.main_establishment,
            &self.residence,
            &self.nationality,
        ]
    }
}
