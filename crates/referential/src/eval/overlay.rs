//! Suppositions: facts as they would be.

use cocarde_model::{Members, RecordId, SlotKey, Value};

/// What is supposed of one property.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Patch {
    /// It will be known; its value is not. A list of records will be known to
    /// have no others than those stated.
    Pending,
    /// Nothing is known of it.
    Unknown,
    /// It is established and nothing stands against it.
    Value(Value),
    /// The records of a list.
    Members(Members),
}

/// Suppositions, one a property at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Overlay {
    /// Sorted by property: there may be thousands.
    patches: Vec<(SlotKey, Patch)>,
    /// The only properties of which anything is known, suppositions aside, sorted; all
    /// when none.
    only: Option<Vec<SlotKey>>,
}

impl Overlay {
    /// No supposition.
    pub fn none() -> &'static Overlay {
        static NONE: Overlay = Overlay {
            patches: Vec::new(),
            only: None,
        };
        &NONE
    }

    /// The same supposition for several properties.
    pub fn all(keys: impl IntoIterator<Item = SlotKey>, patch: &Patch) -> Overlay {
        let patches = keys.into_iter().map(|key| (key, patch.clone()));
        let mut patches: Vec<_> = patches.collect();
        patches.sort_by_key(|(key, _)| *key);
        patches.dedup_by_key(|(key, _)| *key);
        Overlay {
            patches,
            only: None,
        }
    }

    /// Nothing known but of these properties, with what is supposed of them.
    #[must_use]
    pub fn with_only(mut self, mut keys: Vec<SlotKey>) -> Overlay {
        keys.sort_unstable();
        self.patches.retain(|(k, _)| keys.binary_search(k).is_ok());
        self.only = Some(keys);
        self
    }

    /// Where only some properties are known: one less.
    pub(crate) fn forget(&mut self, key: SlotKey) {
        if let Some(keys) = &mut self.only
            && let Ok(at) = keys.binary_search(&key)
        {
            keys.remove(at);
        }
    }

    /// Where only some properties are known: one more.
    pub(crate) fn know(&mut self, key: SlotKey) {
        if let Some(keys) = &mut self.only
            && let Err(at) = keys.binary_search(&key)
        {
            keys.insert(at, key);
        }
    }

    /// What is supposed of a property.
    pub fn get(&self, key: SlotKey) -> Option<&Patch> {
        if let Ok(at) = self.place(key) {
            return Some(&self.patches[at].1);
        }
        match &self.only {
            Some(keys) if keys.binary_search(&key).is_err() => Some(&Patch::Unknown),
            _ => None,
        }
    }

    /// Supposes something of a property, in place of what was supposed of it.
    pub fn set(&mut self, key: SlotKey, patch: Patch) {
        match self.place(key) {
            Ok(at) => self.patches[at].1 = patch,
            Err(at) => self.patches.insert(at, (key, patch)),
        }
    }

    /// Supposes nothing of a property any more.
    pub fn clear(&mut self, key: SlotKey) {
        if let Ok(at) = self.place(key) {
            self.patches.remove(at);
        }
    }

    /// Where something is supposed of a property, or would be.
    fn place(&self, key: SlotKey) -> Result<usize, usize> {
        self.patches.binary_search_by_key(&key, |(k, _)| *k)
    }

    /// All suppositions, sorted by property.
    pub fn iter(&self) -> impl Iterator<Item = &(SlotKey, Patch)> {
        self.patches.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.patches.len()
    }

    /// Whether all is as the facts have it.
    pub(crate) fn is_nothing(&self) -> bool {
        self.patches.is_empty() && self.only.is_none()
    }

    /// Whether nothing is supposed of any property of a record.
    pub(crate) fn is_silent_on(&self, record: RecordId) -> bool {
        let after = self.patches.partition_point(|(k, _)| k.record < record);
        let next = self.patches.get(after);
        self.only.is_none() && next.is_none_or(|(k, _)| k.record != record)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.patches.is_empty()
    }
}
