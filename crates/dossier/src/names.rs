//! Which record a name means.

use crate::reference;
use crate::report::{Report, quoted};
use cocarde_model::{RecordId, Schema, Span, TypeId};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// The records of a dossier by type and id, and the parts it has once by name.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) schema: Arc<Schema>,
    ids: HashMap<TypeId, BTreeMap<String, RecordId>>,
    /// The rank from which on to look for a free name, by type.
    free: HashMap<TypeId, usize>,
    /// Those that go by a rank, since nobody named them, of each type of which some do.
    nameless: HashMap<TypeId, HashSet<RecordId>>,
    pub(crate) singles: BTreeMap<String, (TypeId, RecordId)>,
}

impl Names {
    pub(crate) fn new(schema: Arc<Schema>) -> Names {
        Names {
            schema,
            ids: HashMap::new(),
            free: HashMap::new(),
            nameless: HashMap::new(),
            singles: BTreeMap::new(),
        }
    }

    /// The record of that type and id.
    pub(crate) fn get(&self, ty: TypeId, id: &str) -> Option<RecordId> {
        self.ids.get(&ty)?.get(id).copied()
    }

    /// Gives a record its name; false when the name is taken.
    pub(crate) fn insert(&mut self, ty: TypeId, id: &str, record: RecordId) -> bool {
        let ids = self.ids.entry(ty).or_default();
        let free = !ids.contains_key(id);
        if free {
            ids.insert(id.into(), record);
        }
        free
    }

    /// Notes that a record only goes by a rank, which nobody means when naming one.
    pub(crate) fn nameless(&mut self, ty: TypeId, record: RecordId) {
        self.nameless.entry(ty).or_default().insert(record);
    }

    /// Names a record by the first free rank from `rank` on, as `3-bis`. Ranks of a type
    /// come in ascending order, so that what was found taken need not be looked at again.
    pub(crate) fn insert_after(&mut self, ty: TypeId, rank: usize, record: RecordId) -> String {
        let mut n = rank.max(self.free.get(&ty).copied().unwrap_or_default());
        // Finite: there are only so many records.
        while !self.insert(ty, &format!("{n}-bis"), record) {
            n += 1;
        }
        self.free.insert(ty, n + 1);
        format!("{n}-bis")
    }

    /// The record that `type:id` names, of type `wanted` if that is given.
    pub(crate) fn reference(
        &self,
        text: &str,
        wanted: Option<TypeId>,
        span: Span,
        report: &mut Report,
    ) -> Option<(TypeId, RecordId)> {
        let Some((word, id)) = text.split_once(':') else {
            self.not_a_reference(text, wanted, span, report);
            return None;
        };
        let ty = reference::type_of(&self.schema, word);
        match (ty, wanted) {
            (Some(ty), Some(w)) if ty != w => {
                let word = reference::word(&self.schema, w);
                let (ty, w) = (&self.schema.ty(ty).name, &self.schema.ty(w).name);
                report
                    .error(
                        "wrong-reference",
                        span,
                        format!("référence à `{ty}` là où il faut `{w}`"),
                        format!("reference to `{ty}` where `{w}` is wanted"),
                    )
                    .mend(
                        format!("écrire \"{word}:…\""),
                        format!("write \"{word}:…\""),
                    );
                None
            }
            (Some(ty), _) => {
                let found = self.get(ty, id).map(|r| (ty, r));
                if found.is_none() {
                    self.dangling(text, word, ty, span, report);
                }
                found
            }
            (None, _) => {
                self.not_a_reference(text, wanted, span, report);
                None
            }
        }
    }

    fn not_a_reference(&self, text: &str, wanted: Option<TypeId>, span: Span, report: &mut Report) {
        let shown = quoted(text);
        let d = report.error(
            "not-a-reference",
            span,
            format!("`{shown}` n'est pas une référence"),
            format!("`{shown}` is not a reference"),
        );
        // The word before the colon may be the only mistake.
        let id = text.split_once(':').map_or(text, |(_, id)| id);
        let Some(wanted) = wanted.or_else(|| self.only_type_of(id)) else {
            let (fr, en) = self.subjects(text);
            d.mend(fr, en);
            return;
        };
        let id = match self.get(wanted, id) {
            Some(_) => id,
            None => "…",
        };
        let word = reference::word(&self.schema, wanted);
        d.mend(
            format!("écrire \"{word}:{id}\""),
            format!("write \"{word}:{id}\""),
        );
    }

    /// The type of which alone something goes by that id.
    fn only_type_of(&self, id: &str) -> Option<TypeId> {
        let mut types = self.ids.iter().filter(|(_, ids)| ids.contains_key(id));
        let (ty, _) = types.next()?;
        types.next().is_none().then_some(*ty)
    }

    /// What a fact may be about, or what was meant of it: the beginning of a word stands for it.
    fn subjects(&self, text: &str) -> (String, String) {
        let text = quoted(text);
        let parts = self.singles.keys().map(String::as_str);
        let begun = |part: &&str| text.len() > 2 && part.starts_with(&*text);
        let near = cocarde_model::did_you_mean(&text, parts.clone());
        if let Some(part) = near.or_else(|| parts.clone().find(begun)) {
            return (
                format!("vouliez-vous dire `{part}` ?"),
                format!("did you mean `{part}`?"),
            );
        }
        let parts: Vec<&str> = parts.collect();
        let parts = parts.join(", ");
        (
            format!("le type et l'id, comme \"hosting:prod\", ou l'un de : {parts}"),
            format!("the type and the id, as \"hosting:prod\", or one of: {parts}"),
        )
    }

    fn dangling(&self, text: &str, word: &str, ty: TypeId, span: Span, report: &mut Report) {
        let shown = quoted(text);
        let name = self.schema.ty(ty).name.clone();
        let d = report.error(
            "dangling-reference",
            span,
            format!("rien ne s'appelle `{shown}` dans ce dossier"),
            format!("nothing is called `{shown}` in this dossier"),
        );
        if self.singles.contains_key(word) {
            d.mend(
                format!("un dossier n'en a qu'un : écrire \"{word}\""),
                format!("a dossier has only one: write \"{word}\""),
            );
            return;
        }
        let nameless = self.nameless.get(&ty);
        let (fr, en) = match nameless {
            Some(_) => (
                format!("donner cet `id` à sa table [[{name}]], ou ajouter une telle table"),
                format!("give its [[{name}]] table that `id`, or add such a table"),
            ),
            None => (
                format!("ajouter une table [[{name}]] avec cet `id`"),
                format!("add a [[{name}]] table with that `id`"),
            ),
        };
        d.mend(fr, en).suggest_of(text, || {
            let some = self.ids.get(&ty).into_iter().flatten().take(500);
            let is_named = |record| nameless.is_none_or(|n| !n.contains(record));
            let named = some.filter(|(_, record)| is_named(record));
            let mut names: Vec<String> = named.map(|(id, _)| format!("{word}:{id}")).collect();
            if nameless.is_some() {
                // It is more likely one of those than any that looks otherwise.
                let near = cocarde_model::did_you_mean(&shown, names.iter().map(String::as_str));
                names = near.map(str::to_string).into_iter().collect();
            }
            names
        });
    }
}
