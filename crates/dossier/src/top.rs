//! The top of the files of a dossier: which tables there are, and the records they make.

use crate::build::{Builder, Part};
use crate::files::Inputs;
use crate::node::{Entry, Kind, Node, Table};
use crate::report::quoted;
use crate::{measure, toml_file, value};
use cocarde_model::{Diagnostic, RecordId, SlotKey, Span, TypeId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Letters of an id, at most, whatever bytes they take.
const LONGEST_ID: usize = 100;

impl Builder<'_> {
    pub(crate) fn read_files(&mut self, inputs: &Inputs) {
        for (name, text) in &inputs.toml {
            let file = self.base.sources.add(name, text);
            for entry in toml_file::parse(file, text, &mut self.report) {
                self.top(entry);
            }
        }
        for (name, text) in &inputs.measurements {
            let file = self.base.sources.add(name, text);
            let lines = measure::parse(file, text, &mut self.report);
            self.loose.extend(lines);
        }
    }

    /// One entry of the top of a file.
    fn top(&mut self, entry: Entry) {
        match entry.key.as_str() {
            "dossier" => self.header(entry),
            "none" | "partial" => self.list_names(entry),
            "fact" => {
                for (table, span) in self.tables(entry) {
                    self.loose.push((table, span));
                }
            }
            key => {
                if let Some((ty, record)) = self.names.singles.get(key).copied() {
                    self.single(entry, ty, record);
                } else if let Some(slot) = self.lists.get(key).copied() {
                    self.list(entry, slot);
                } else {
                    self.unknown_table(&entry);
                }
            }
        }
    }

    fn unknown_table(&mut self, entry: &Entry) {
        let shown = quoted(&entry.key);
        let d = self.report.error(
            "unknown-table",
            entry.key_span,
            format!("un dossier n'a pas de table `{shown}`"),
            format!("a dossier has no table `{shown}`"),
        );
        let own = ["dossier", "fact", "none", "partial"];
        let known = self.names.singles.keys().chain(self.lists.keys());
        d.suggest(&entry.key, known.map(String::as_str).chain(own));
    }

    fn header(&mut self, entry: Entry) {
        let span = entry.key_span;
        let Kind::Table(table) = entry.value.kind else {
            return self.not_a_table(&entry);
        };
        if self.header.is_some() {
            self.report.error(
                "duplicate-table",
                span,
                "[dossier] est écrit deux fois",
                "[dossier] is written twice",
            );
            return;
        }
        self.header = Some((table, span));
    }

    /// Reads `[dossier]`; the files to import.
    pub(crate) fn read_header(&mut self, readable: bool) -> Vec<(String, Span)> {
        let Some((table, span)) = self.header.take() else {
            if readable {
                let d = Diagnostic::error(
                    "missing-format",
                    "aucun fichier ne dit le format du dossier",
                    "no file states the dossier's format",
                );
                self.report.push(d.help(
                    "ajouter à un fichier : [dossier] puis format = 1",
                    "add to a file: [dossier] then format = 1",
                ));
            }
            return Vec::new();
        };
        let mut files = Vec::new();
        let mut format = None;
        for e in table {
            let at = e.value.span;
            match (e.key.as_str(), e.value.kind) {
                ("format", Kind::Number(n)) => format = Some((n, at)),
                ("format", _) => format = Some((String::new(), at)),
                ("sbom", Kind::Text(t)) => files.push((t, at)),
                ("import", Kind::Array(items)) => self.import_names(items, &mut files),
                ("sbom" | "import", _) => self.no_file_name(&e.key, at),
                _ => {
                    let known = ["format", "sbom", "import"].into_iter();
                    value::unknown_key_below(&mut self.report, &e.key, e.key_span, known);
                }
            }
        }
        if format.as_ref().is_none_or(|(f, _)| f != "1") {
            let at = format.map_or(span, |(_, s)| s);
            self.report
                .error(
                    "unknown-format",
                    at,
                    "ce format de dossier n'est pas connu",
                    "this dossier format is not known",
                )
                .mend("écrire format = 1", "write format = 1");
        }
        self.each_once(files)
    }

    /// A file that is imported again would only clash with itself.
    fn each_once(&mut self, files: Vec<(String, Span)>) -> Vec<(String, Span)> {
        let mut seen = BTreeSet::new();
        let mut kept = Vec::new();
        for (name, span) in files {
            if seen.insert(name.clone()) {
                kept.push((name, span));
                continue;
            }
            let shown = quoted(&name);
            self.report
                .error(
                    "duplicate-import",
                    span,
                    format!("`{shown}` est importé deux fois"),
                    format!("`{shown}` is imported twice"),
                )
                .mend("n'en garder qu'un", "keep only one");
        }
        kept
    }

    fn import_names(&mut self, items: Vec<Node>, files: &mut Vec<(String, Span)>) {
        for item in items {
            match item.kind {
                Kind::Text(t) => files.push((t, item.span)),
                _ => self.no_file_name("import", item.span),
            }
        }
    }

    fn no_file_name(&mut self, key: &str, span: Span) {
        let (fr, en) = match key {
            "import" => ("une liste de noms de fichiers", "a list of file names"),
            _ => ("le nom d'un fichier", "the name of a file"),
        };
        self.report.error(
            "wrong-type",
            span,
            format!("`{key}` attend {fr}"),
            format!("`{key}` wants {en}"),
        );
    }

    /// `none` and `partial`: names of lists.
    fn list_names(&mut self, entry: Entry) {
        let Kind::Array(items) = &entry.value.kind else {
            let key = &entry.key;
            self.report
                .error(
                    "wrong-type",
                    entry.value.span,
                    format!("`{key}` attend une liste de noms de tables"),
                    format!("`{key}` wants a list of table names"),
                )
                .mend(
                    format!("{key} = [\"supplier\"]"),
                    format!("{key} = [\"supplier\"]"),
                );
            return;
        };
        for item in items {
            let name = item.as_text().unwrap_or("");
            if self.lists.contains_key(name) {
                let list = if entry.key == "none" {
                    &mut self.none
                } else {
                    &mut self.partial
                };
                list.push((name.into(), item.span));
            } else {
                let shown = quoted(name);
                let d = self.report.error(
                    "unknown-list",
                    item.span,
                    format!("`{shown}` n'est pas le nom d'une liste"),
                    format!("`{shown}` is not the name of a list"),
                );
                d.suggest(name, self.lists.keys().map(String::as_str));
            }
        }
    }

    fn not_a_table(&mut self, entry: &Entry) {
        let (key, list) = (&entry.key, self.lists.contains_key(&entry.key));
        let header = if list || key == "fact" {
            format!("[[{key}]]")
        } else {
            format!("[{key}]")
        };
        if self.is_written(entry, &header) {
            // Another header is malformed, which is told.
            return;
        }
        self.report
            .error(
                "wrong-type",
                entry.key_span,
                format!("`{key}` s'écrit comme une table {header}"),
                format!("`{key}` is written as a table {header}"),
            )
            .mend(
                format!("mettre {header} sur sa ligne"),
                format!("put {header} on its line"),
            );
    }

    /// Whether a key stands in such a header already.
    fn is_written(&self, entry: &Entry, header: &str) -> bool {
        let at = entry.key_span;
        let text = &self.base.sources.get(at.file).text;
        let Some((before, after)) = text.split_at_checked(at.start as usize) else {
            return false;
        };
        let (open, close) = header.split_once(&entry.key).unwrap_or_default();
        let after = after.strip_prefix(entry.key.as_str()).unwrap_or_default();
        let brackets = before.len() - before.trim_end_matches('[').len();
        brackets == open.len() && !close.is_empty() && after.starts_with(close)
    }

    fn single(&mut self, entry: Entry, ty: TypeId, record: RecordId) {
        match entry.value.kind {
            Kind::Table(entries) => {
                if self.base.record(record).span.is_none() {
                    self.base.set_span(record, entry.key_span);
                }
                self.parts.push(Part {
                    record,
                    ty,
                    entries,
                    note: None,
                    imported: false,
                });
            }
            _ => self.not_a_table(&entry),
        }
    }

    /// The tables of `[[key]]`.
    fn tables(&mut self, entry: Entry) -> Vec<(Table, Span)> {
        let Kind::Array(items) = entry.value.kind else {
            self.not_a_table(&entry);
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Node {
                    kind: Kind::Table(t),
                    span,
                } => tables.push((t, span)),
                other => {
                    let key = quoted(&entry.key);
                    self.report.error(
                        "wrong-type",
                        other.span,
                        format!("un élément de `{key}` est une table"),
                        format!("an element of `{key}` is a table"),
                    );
                }
            }
        }
        tables
    }

    fn list(&mut self, entry: Entry, slot: SlotKey) {
        self.mentioned
            .entry(entry.key.clone())
            .or_insert(entry.key_span);
        for (entries, span) in self.tables(entry) {
            if self.parts.len() >= self.limits.facts {
                return self.too_many_facts(span);
            }
            let record = self.add_record(slot, &entries, span);
            let ty = self.base.record(record).ty;
            let note = self.origin(&entries);
            self.parts.push(Part {
                record,
                ty,
                entries,
                note,
                imported: false,
            });
        }
    }

    /// `imported_from`: the file and place that a table was copied from.
    fn origin(&mut self, entries: &[Entry]) -> Option<Arc<str>> {
        let e = crate::node::get(entries, "imported_from")?;
        let text = e.value.as_text();
        if text.is_none() {
            self.report
                .error(
                    "wrong-type",
                    e.value.span,
                    "`imported_from` attend un texte",
                    "`imported_from` wants a text",
                )
                .mend(
                    "imported_from = \"bom.cdx.json#/components/0\"",
                    "imported_from = \"bom.cdx.json#/components/0\"",
                );
        }
        text.map(Arc::from)
    }

    /// Adds a record under the id its table states, or under its rank.
    fn add_record(&mut self, slot: SlotKey, entries: &[Entry], span: Span) -> RecordId {
        let stated = crate::node::get(entries, "id");
        let id = stated.and_then(|e| self.id(e));
        let rank = match self.base.slot(slot) {
            cocarde_model::Slot::Many(m) => m.ids.len() + 1,
            _ => 1,
        };
        let shown = id.clone().unwrap_or_else(|| rank.to_string());
        let record = self
            .base
            .add_member(slot.record, slot.field, &shown, Some(span));
        let ty = self.base.record(record).ty;
        if id.is_none() {
            self.names.nameless(ty, record);
        }
        if self.names.insert(ty, &shown, record) {
            return record;
        }
        if let (Some(e), Some(id)) = (stated, id) {
            let first = self
                .names
                .get(ty, &id)
                .and_then(|r| self.base.record(r).span);
            let place = first.map_or("[organisation]".into(), |s| self.place(s));
            self.report
                .error(
                    "duplicate-id",
                    e.value.span,
                    format!("`{id}` est déjà pris ({place})"),
                    format!("`{id}` is already taken ({place})"),
                )
                .mend("donner un autre `id`", "give another `id`");
        } else {
            // The rank is taken by an id that someone chose.
            let free = self.names.insert_after(ty, rank, record);
            self.base.set_id(record, &free);
        }
        record
    }

    fn id(&mut self, entry: &Entry) -> Option<String> {
        let text = entry.value.as_text().unwrap_or("");
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let letters = text.chars().take(LONGEST_ID + 1).count();
        if (1..=LONGEST_ID).contains(&letters) && text.chars().all(fits) {
            return Some(text.into());
        }
        self.report
            .error(
                "bad-id",
                entry.value.span,
                format!(
                    "un `id` est un texte de {LONGEST_ID} lettres, chiffres, « - », « _ » et « . » au plus"
                ),
                format!(
                    "an `id` is a text of at most {LONGEST_ID} letters, digits, \"-\", \"_\" and \".\""
                ),
            )
            .mend("par exemple : id = \"prod\"", "for instance: id = \"prod\"");
        None
    }
}
