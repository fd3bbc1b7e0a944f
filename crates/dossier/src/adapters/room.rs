//! How much a file may give, counted as it is read: a file that gives too much is refused
//! at the place where it does, before anything is made of it.

use super::{Cell, ImportError};
use crate::Limits;

/// How much an import may give, at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Number of facts.
    pub facts: usize,
    /// Bytes of the TOML file that they make, when there is to be one.
    pub bytes: Option<u64>,
}

impl Room {
    /// Of a file that a dossier names, beside `facts` that it holds already.
    pub fn beside(facts: usize, limits: &Limits) -> Room {
        Room {
            facts: limits.facts.saturating_sub(facts),
            bytes: None,
        }
    }

    /// Of a file that is copied into one of TOML.
    pub fn of_a_copy(limits: &Limits) -> Room {
        Room {
            facts: limits.facts,
            bytes: Some(limits.file_bytes),
        }
    }
}

/// What was given so far, and the room for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spent {
    room: Room,
    facts: usize,
    /// Bytes that will be written, at least.
    bytes: u64,
    /// The table being given, until there is too much.
    place: String,
    over: bool,
}

impl Spent {
    pub(super) fn of(room: &Room) -> Spent {
        Spent {
            room: *room,
            facts: 0,
            bytes: 0,
            place: String::new(),
            over: false,
        }
    }

    /// Counts the first lines of a table, which stands at `pointer`.
    pub(super) fn table(&mut self, table: &str, id: &str, pointer: &str) {
        if !self.over {
            pointer.clone_into(&mut self.place);
        }
        let line = "\n[[]]\nid = \"\"\n".len();
        self.give(0, table.len() + id.len() + line);
    }

    /// Counts a line of a table.
    pub(super) fn cell(&mut self, field: &str, cell: &Cell) {
        let value = match cell {
            Cell::Text(t) | Cell::Number(t) | Cell::Date(t) => t.len(),
            Cell::List(items) => items.iter().map(String::len).sum(),
            Cell::Range(..) | Cell::Bool(_) | Cell::Lists(_) => 0,
        };
        self.give(1, field.len() + value + " = \n".len());
    }

    /// Counts on only until there is too much: the first limit reached is the one to tell.
    fn give(&mut self, facts: usize, bytes: usize) {
        if !self.over {
            self.facts += facts;
            self.bytes += bytes as u64;
            self.over = self.has_no_room_for(0, 0);
        }
    }

    /// Whether that much more would be too much.
    fn has_no_room_for(&self, facts: usize, bytes: u64) -> bool {
        let Room {
            facts: most,
            bytes: longest,
        } = self.room;
        self.facts + facts > most || longest.is_some_and(|b| self.bytes + bytes > b)
    }

    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Whether everything that was given had room.
    ///
    /// # Errors
    /// Where it had no more.
    pub(super) fn check(&self) -> Result<(), ImportError> {
        match self.over {
            true => Err(self.refused(&self.place)),
            false => Ok(()),
        }
    }

    /// Whether there is room for `facts` more, of `bytes` in all, which come at `line`.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn check_for(
        &self,
        facts: usize,
        bytes: usize,
        line: u64,
    ) -> Result<(), ImportError> {
        match self.has_no_room_for(facts, bytes as u64) {
            true => Err(self.refused(&format!("L{line}"))),
            false => Ok(()),
        }
    }

    /// How many rows or members of lists are followed: each could give a fact.
    pub(super) fn most_items(&self) -> usize {
        self.room.facts
    }

    fn refused(&self, place: &str) -> ImportError {
        let (fr, en) = match place.strip_prefix('L') {
            Some(n) => (format!("ligne {n}"), format!("line {n}")),
            None => (place.to_string(), place.to_string()),
        };
        let Room { facts, bytes } = self.room;
        match bytes.filter(|_| self.facts <= facts) {
            Some(bytes) => {
                let most = bytes >> 20;
                ImportError::new(
                    format!(
                        "{fr} : le fichier donne plus que les {most} Mio permis à un fichier de dossier ; n'en garder que ce qui concerne le demandeur, ou le nommer dans `import` de [dossier]"
                    ),
                    format!(
                        "{en}: the file gives more than the {most} MiB allowed to a file of a dossier; keep only what concerns the applicant, or name it in `import` of [dossier]"
                    ),
                )
            }
            None => too_much(&fr, &en, facts),
        }
    }
}

/// The refusal of a file by how many things it holds.
pub(super) fn too_much(fr: &str, en: &str, most: usize) -> ImportError {
    ImportError::new(
        format!(
            "{fr} : le fichier donne plus de {most} faits ; n'en garder que ce qui concerne le demandeur"
        ),
        format!(
            "{en}: the file gives more than {most} facts; keep only what concerns the applicant"
        ),
    )
}
