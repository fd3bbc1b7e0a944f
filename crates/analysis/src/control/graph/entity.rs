//! Companies, persons, funds, States, public bodies and associations.

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
/// unknown, never *no*. Countries are ISO 3166-1 alpha-2 codes.
#[derive(Clone, Debug, Default)]
pub struct Entity {
    /// The name people know it by.
    pub name: Arc<str>,
    /// What it is.
    pub kind: Option<Kind>,
    /// Country of the registered seat.
    pub seat: Option<Arc<str>>,
    /// Country of the central administration.
    pub central_administration: Option<Arc<str>>,
    /// Country of the main establishment.
    pub main_establishment: Option<Arc<str>>,
    /// Country of residence of a person.
    pub residence: Option<Arc<str>>,
    /// Nationality of a person.
    pub nationality: Option<Arc<str>>,
    /// Country it is said to be controlled from, by whoever stated it.
    pub controlled_from: Option<Arc<str>>,
    /// Whether its shares are listed.
    pub listed: Option<bool>,
    /// The party it was read from.
    pub record: Option<RecordId>,
}

impl Entity {
    /// Its registered seat, or where a person lives.
    pub fn main_place(&self) -> Option<&Arc<str>> {
        match self.kind {
            Some(Kind::Person) => self.residence.as_ref(),
            _ => self.seat.as_ref(),
        }
    }

    /// Whether its central administration and its main establishment are not stated; a person
    /// has none.
    pub fn unstated_places(&self) -> [bool; 2] {
        let company = self.kind != Some(Kind::Person);
        let places = [&self.central_administration, &self.main_establishment];
        places.map(|place| company && place.is_none())
    }

    /// The countries where it is stated to be at home.
    pub fn places(&self) -> impl Iterator<Item = &Arc<str>> {
        let places = [
            &self.seat,
            &self.central_administration,
            &self.main_establishment,
            &self.residence,
            &self.nationality,
        ];
        places.into_iter().flatten()
    }
}
