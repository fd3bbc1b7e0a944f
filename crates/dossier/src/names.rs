//! Which record a name means.

use crate::report::{Report, quoted};
use cocarde_model::{RecordId, Schema, Span, TypeId};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The records of a dossier by type and id, and the parts it has once by name.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) schema: Arc<Schema>,
    ids: HashMap<TypeId, BTreeMap<String, RecordId>>,
    /// The rank from which on to look for a free name, by type.
    free: HashMap<TypeId, usize>,
    pub(crate) singles: BTreeMap<String, (TypeId, RecordId)>,
}

impl Names {
    pub(crate) fn new(schema: Arc<Schema>) -> Names {
        Names {
            schema,
            ids: HashMap::new(),
            free: HashMap::new(),
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
        let name = if word == "doc" { "document" } else { word };
        let ty = self.schema.by_name(name);
        match (ty, wanted) {
            (Some(ty), Some(w)) if ty != w => {
                let (ty, w) = (&self.schema.ty(ty).name, &self.schema.ty(w).name);
                report
                    .error(
                        "wrong-reference",
                        span,
                        format!("référence à `{ty}` là où il faut `{w}`"),
                        format!("reference to `{ty}` where `{w}` is wanted"),
                    )
                    .mend(format!("écrire \"{w}:…\""), format!("write \"{w}:…\""));
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
        let word = match wanted.map(|w| &*self.schema.ty(w).name) {
            Some("document") => "doc",
            other => other.unwrap_or("party"),
        };
        // The word before the colon may be the only mistake.
        let id = text.split_once(':').map_or(text, |(_, id)| id);
        let id = match wanted {
            Some(w) if self.get(w, id).is_some() => id,
            _ => "…",
        };
        d.mend(
            format!("écrire \"{word}:{id}\""),
            format!("write \"{word}:{id}\""),
        );
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
        let d = d.mend(
            format!("ajouter une table [[{name}]] avec cet `id`"),
            format!("add a [[{name}]] table with that `id`"),
        );
        d.suggest_of(text, || {
            let ids = self.ids.get(&ty).into_iter().flat_map(|ids| ids.keys());
            ids.take(500).map(|id| format!("{word}:{id}")).collect()
        });
    }
}
