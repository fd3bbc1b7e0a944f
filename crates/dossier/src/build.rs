//! From the files of a dossier to its fact base.

use crate::files::{Inputs, Limits};
use crate::names::Names;
use crate::node::{Entry, Kind, Node, Table};
use crate::report::{Report, quoted};
use crate::{APPLICANT, Dossier, Failure};
use crate::{adapters, check, document, evidence, fact, lint, measure, toml_file, value};
use cocarde_model::{
    Decimal, Diagnostic, Fact, FactBase, FactId, FieldId, FieldType, Provenance, RecordId, Schema,
    Severity, SlotKey, Source, Span, TypeId,
};
use std::collections::BTreeMap;

/// A table that states properties of one record.
struct Part {
    record: RecordId,
    ty: TypeId,
    entries: Table,
}

/// A dossier in the making.
pub(crate) struct Builder<'a> {
    pub(crate) base: FactBase,
    pub(crate) names: Names,
    pub(crate) report: Report,
    pub(crate) limits: &'a Limits,
    /// What tables state, by property: the evidence of a table supports these.
    pub(crate) stated: BTreeMap<(RecordId, FieldId), FactId>,
    /// The tables `[[fact]]` and the lines of measurements.
    pub(crate) loose: Vec<(Table, Span)>,
    /// What tables cite.
    pub(crate) citations: Vec<evidence::Citation>,
    /// Where lists belong, by the name of their tables.
    lists: BTreeMap<String, SlotKey>,
    /// The lists that were mentioned.
    mentioned: BTreeMap<String, Span>,
    none: Vec<(String, Span)>,
    partial: Vec<(String, Span)>,
    parts: Vec<Part>,
    header: Option<(Table, Span)>,
}

/// Builds the dossier; `defects` are those already found.
pub(crate) fn build(
    inputs: Inputs,
    defects: Vec<Diagnostic>,
    limits: &Limits,
) -> Result<Dossier, Failure> {
    let mut b = Builder::new(limits);
    let readable = !inputs.toml.is_empty();
    defects.into_iter().for_each(|d| b.report.push(d));
    b.read_files(&inputs);
    let sbom = b.read_header(readable);
    let mut digest = document::Digest::of(&inputs);
    if let Some((name, span)) = sbom {
        adapters::import_components(&mut b, &inputs.place, &name, span, &mut digest);
    }
    b.read_parts();
    evidence::collect(&mut b);
    fact::collect(&mut b);
    b.settle_lists();
    check::all(&mut b);
    let documents = document::check(&mut b, &inputs.place, &mut digest);
    lint::all(&mut b);
    let diagnostics = b.report.finish(&b.base.sources, limits.diagnostics);
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        let sources = b.base.sources;
        return Err(Failure {
            sources,
            diagnostics,
        });
    }
    Ok(Dossier {
        base: b.base,
        findings: diagnostics,
        documents,
        digest: digest.finish(),
    })
}

impl<'a> Builder<'a> {
    fn new(limits: &'a Limits) -> Builder<'a> {
        let schema = Schema::standard().clone();
        let base = FactBase::new(schema.clone());
        let mut b = Builder {
            names: Names::new(schema.clone()),
            base,
            report: Report::default(),
            limits,
            stated: BTreeMap::new(),
            loose: Vec::new(),
            citations: Vec::new(),
            lists: BTreeMap::new(),
            mentioned: BTreeMap::new(),
            none: Vec::new(),
            partial: Vec::new(),
            parts: Vec::new(),
            header: None,
        };
        b.lay_out(b.base.root());
        for field in &schema.ty(schema.root()).fields {
            let (FieldType::One(ty), Some(key)) = (&field.ty, b.base.path(&[&field.name])) else {
                continue;
            };
            if let cocarde_model::Slot::One(record) = b.base.slot(key) {
                let record = *record;
                b.names
                    .singles
                    .insert(field.name.to_string(), (*ty, record));
            }
        }
        if let Some((ty, record)) = b.names.singles.get("organisation").copied() {
            b.base.set_id(record, APPLICANT);
            b.names.insert(ty, APPLICANT, record);
        }
        b
    }

    /// Notes where the lists of a record and of its parts belong.
    fn lay_out(&mut self, record: RecordId) {
        let schema = self.names.schema.clone();
        for (i, field) in schema
            .ty(self.base.record(record).ty)
            .fields
            .iter()
            .enumerate()
        {
            let key = SlotKey {
                record,
                field: FieldId(i as u16),
            };
            match (&field.ty, self.base.slot(key)) {
                (FieldType::Many(ty), _) => {
                    self.lists.insert(schema.ty(*ty).name.to_string(), key);
                }
                (_, cocarde_model::Slot::One(part)) => self.lay_out(*part),
                _ => {}
            }
        }
    }

    fn read_files(&mut self, inputs: &Inputs) {
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

    /// Reads `[dossier]`; the bill of materials it names.
    fn read_header(&mut self, readable: bool) -> Option<(String, Span)> {
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
            return None;
        };
        let mut sbom = None;
        let mut format = None;
        for e in &table {
            match (e.key.as_str(), &e.value.kind) {
                ("format", Kind::Number(n)) => format = Some((n.clone(), e.value.span)),
                ("sbom", Kind::Text(t)) => sbom = Some((t.clone(), e.value.span)),
                ("format", _) => format = Some((String::new(), e.value.span)),
                ("sbom", _) => {
                    self.report.error(
                        "wrong-type",
                        e.value.span,
                        "`sbom` attend le nom d'un fichier",
                        "`sbom` wants the name of a file",
                    );
                }
                _ => {
                    let d = value::unknown_key(&mut self.report, &e.key, e.key_span);
                    d.suggest(&e.key, ["format", "sbom"].into_iter());
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
        sbom
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
            let record = self.add_record(slot, &entries, span);
            let ty = self.base.record(record).ty;
            self.parts.push(Part {
                record,
                ty,
                entries,
            });
        }
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
            // The rank is taken by an id that someone chose: take the next free one.
            let free = (rank..).map(|n| format!("{n}-bis")).find(|n| {
                self.names.get(ty, n).is_none() // finite: there are only so many records
            });
            let free = free.unwrap_or_default();
            self.base.set_id(record, &free);
            self.names.insert(ty, &free, record);
        }
        record
    }

    fn id(&mut self, entry: &Entry) -> Option<String> {
        let text = entry.value.as_text().unwrap_or("");
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !text.is_empty() && text.len() <= 100 && text.chars().all(fits) {
            return Some(text.into());
        }
        self.report
            .error(
                "bad-id",
                entry.value.span,
                "un `id` est un texte de lettres, chiffres, « - », « _ » et « . »",
                "an `id` is a text of letters, digits, \"-\", \"_\" and \".\"",
            )
            .mend("par exemple : id = \"prod\"", "for instance: id = \"prod\"");
        None
    }

    fn read_parts(&mut self) {
        for part in std::mem::take(&mut self.parts) {
            for entry in &part.entries {
                match entry.key.as_str() {
                    "evidence" => {}
                    "id" if self.is_listed(part.record) => {}
                    _ => self.property(&part, entry),
                }
            }
            if let Some(e) = crate::node::get(&part.entries, "evidence") {
                evidence::note(self, part.record, e);
            }
        }
    }

    fn is_listed(&self, record: RecordId) -> bool {
        !self.names.singles.values().any(|(_, r)| *r == record)
    }

    fn property(&mut self, part: &Part, entry: &Entry) {
        let schema = self.names.schema.clone();
        let ty = schema.ty(part.ty);
        let Some(id) = ty.field(&entry.key) else {
            let d = value::unknown_key(&mut self.report, &entry.key, entry.key_span);
            let known = ty.fields.iter().filter(|f| f.ty.is_scalar());
            d.suggest(&entry.key, known.map(|f| &*f.name));
            return;
        };
        let field = schema.field(part.ty, id);
        if let FieldType::One(list) | FieldType::Many(list) = field.ty {
            let name = &schema.ty(list).name;
            let key = &entry.key;
            self.report
                .error(
                    "misplaced-table",
                    entry.key_span,
                    format!("`{key}` s'écrit en tête de fichier"),
                    format!("`{key}` is written at the top of a file"),
                )
                .mend(format!("écrire [[{name}]]"), format!("write [[{name}]]"));
            return;
        }
        let Some(read) = value::read(&entry.value, field, &self.names, &mut self.report) else {
            return;
        };
        let key = (part.record, id);
        if let Some(first) = self.stated.get(&key) {
            let first = self.base.fact(*first).source.span;
            let place = first.map_or(String::new(), |s| self.place(s));
            let name = &field.name;
            self.report
                .error(
                    "duplicate-property",
                    entry.key_span,
                    format!("`{name}` est déjà dit ({place})"),
                    format!("`{name}` is already stated ({place})"),
                )
                .mend("n'en garder qu'un", "keep only one");
            return;
        }
        let fact = self.base.add_fact(Fact {
            subject: part.record,
            field: id,
            value: read,
            provenance: Provenance::Declared,
            source: Source {
                span: Some(entry.value.span),
                ..Source::default()
            },
            confidence: None::<Decimal>,
            from: None,
            until: None,
            ruling: false,
        });
        self.stated.insert(key, fact);
    }

    /// States which lists are complete.
    fn settle_lists(&mut self) {
        for (name, span) in std::mem::take(&mut self.none) {
            if self.mentioned.contains_key(&name) && !self.is_empty(&name) {
                self.report
                    .warning(
                        "none-with-entries",
                        span,
                        format!(
                            "`none` dit qu'il n'y a pas de `{name}`, et le dossier en contient"
                        ),
                        format!("`none` says there is no `{name}`, yet the dossier holds some"),
                    )
                    .mend("retirer le nom de `none`", "take the name out of `none`");
            }
            self.mentioned.entry(name).or_insert(span);
        }
        let open: Vec<String> = self.partial.iter().map(|(n, _)| n.clone()).collect();
        for name in self.mentioned.keys() {
            let key = self.lists[name];
            let complete = !open.contains(name);
            self.base.set_complete(key.record, key.field, complete);
        }
    }

    /// `file:line:column`, while anyone will read it.
    fn place(&self, span: Span) -> String {
        if self.report.is_full() {
            return String::new();
        }
        self.base.sources.place(span)
    }

    /// Reports that the limit on facts is reached.
    pub(crate) fn too_many_facts(&mut self, span: Span) {
        let most = self.limits.facts;
        self.report.error(
            "too-many-facts",
            span,
            format!("plus de {most} faits"),
            format!("more than {most} facts"),
        );
    }

    fn is_empty(&self, list: &str) -> bool {
        match self.base.slot(self.lists[list]) {
            cocarde_model::Slot::Many(m) => m.ids.is_empty(),
            _ => true,
        }
    }

    /// Adds a record that an adapter read to a list, which counts as mentioned.
    pub(crate) fn import(&mut self, list: &str, id: &str, span: Span) -> Option<RecordId> {
        let slot = *self.lists.get(list)?;
        self.mentioned.entry(list.into()).or_insert(span);
        let record = self
            .base
            .add_member(slot.record, slot.field, id, Some(span));
        let ty = self.base.record(record).ty;
        if !self.names.insert(ty, id, record) {
            let free = format!("{id}-{}", record.0);
            self.base.set_id(record, &free);
            self.names.insert(ty, &free, record);
        }
        Some(record)
    }
}
