//! From the files of a dossier to its fact base.

use crate::files::{Inputs, Limits};
use crate::names::Names;
use crate::node::{Entry, Table};
use crate::report::Report;
use crate::{APPLICANT, Dossier, Failure};
use crate::{adapters, check, document, evidence, fact, lint, value};
use cocarde_model::{
    Decimal, Diagnostic, Fact, FactBase, FactId, FieldId, FieldType, Provenance, RecordId, Schema,
    Severity, SlotKey, Source, Span, TypeId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A table that states properties of one record.
pub(crate) struct Part {
    pub(crate) record: RecordId,
    pub(crate) ty: TypeId,
    pub(crate) entries: Table,
    /// What to say of where it comes from, when that is not its place.
    pub(crate) note: Option<Arc<str>>,
    /// Whether an adapter read it, so that its place is only where its file is named.
    pub(crate) imported: bool,
}

/// A dossier in the making.
pub(crate) struct Builder<'a> {
    pub(crate) base: FactBase,
    pub(crate) names: Names,
    pub(crate) report: Report,
    pub(crate) limits: &'a Limits,
    /// What tables state, by property: the evidence of a table supports what it states.
    pub(crate) stated: BTreeMap<(RecordId, FieldId), FactId>,
    /// What tables state in words that cannot be read.
    pub(crate) refused: BTreeSet<(RecordId, FieldId)>,
    /// The tables `[[fact]]` and the lines of measurements.
    pub(crate) loose: Vec<(Table, Span)>,
    /// What tables cite.
    pub(crate) citations: Vec<evidence::Citation>,
    /// What documents are worth, once tables are read.
    pub(crate) worths: BTreeMap<RecordId, evidence::Worth>,
    /// Where lists belong, by the name of their tables.
    pub(crate) lists: BTreeMap<String, SlotKey>,
    /// The lists that were mentioned.
    pub(crate) mentioned: BTreeMap<String, Span>,
    pub(crate) none: Vec<(String, Span)>,
    pub(crate) partial: Vec<(String, Span)>,
    pub(crate) parts: Vec<Part>,
    pub(crate) header: Option<(Table, Span)>,
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
    let files = b.read_header(readable);
    let mut digest = document::Digest::of(&inputs);
    let imports = adapters::import_all(&mut b, &inputs.place, &files, &mut digest);
    b.read_parts();
    let stated = b.base.fact_count();
    b.worths = evidence::worths(&b.base);
    evidence::collect(&mut b);
    let supported = b.base.fact_count() - stated;
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
        imports,
        stated,
        supported,
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
            refused: BTreeSet::new(),
            stated: BTreeMap::new(),
            loose: Vec::new(),
            citations: Vec::new(),
            worths: BTreeMap::new(),
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

    fn read_parts(&mut self) {
        for part in std::mem::take(&mut self.parts) {
            let before = self.report.len();
            let first = self.base.fact_count();
            for entry in &part.entries {
                if self.base.fact_count() >= self.limits.facts {
                    return self.too_many_facts(entry.key_span);
                }
                match entry.key.as_str() {
                    "evidence" => {}
                    "id" | "imported_from" if self.is_listed(part.record) => {}
                    _ => self.property(&part, entry),
                }
            }
            if let Some(e) = crate::node::get(&part.entries, "evidence") {
                let stated = first..self.base.fact_count();
                evidence::note(self, &(part.record, stated), e);
            }
            if let (true, Some(note)) = (part.imported, &part.note) {
                self.report.locate(before, note);
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
            let known = ty.fields.iter().filter(|f| f.ty.is_scalar());
            let known = known.map(|f| &*f.name);
            value::unknown_key_below(&mut self.report, &entry.key, entry.key_span, known);
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
        let Some((value, written)) =
            value::read(&entry.value, field, &self.names, &mut self.report)
        else {
            self.refused.insert((part.record, id));
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
            value,
            provenance: Provenance::Declared,
            source: Source {
                span: Some(entry.value.span),
                written,
                note: part.note.clone(),
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
            if !self.is_empty(&name) {
                self.report
                    .error(
                        "none-with-entries",
                        span,
                        format!(
                            "`none` dit qu'il n'y a pas de `{name}`, et le dossier en contient"
                        ),
                        format!("`none` says there is no `{name}`, yet the dossier holds some"),
                    )
                    .mend("retirer le nom de `none`", "take the name out of `none`");
            }
            if self.partial.iter().any(|(open, _)| *open == name) {
                self.report
                    .error(
                        "none-and-partial",
                        span,
                        format!("`{name}` est à la fois dans `none` et dans `partial`"),
                        format!("`{name}` is both in `none` and in `partial`"),
                    )
                    .mend("ne garder que l'un des deux", "keep only one of the two");
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
    pub(crate) fn place(&self, span: Span) -> String {
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

    /// Adds a record that an adapter read; `whole` when the file gives the whole list,
    /// which then counts as mentioned.
    pub(crate) fn import(
        &mut self,
        list: &str,
        id: &str,
        span: Span,
        whole: bool,
    ) -> Option<RecordId> {
        let slot = *self.lists.get(list)?;
        if whole {
            self.mentioned.entry(list.into()).or_insert(span);
        }
        let record = self
            .base
            .add_member(slot.record, slot.field, id, Some(span));
        let ty = self.base.record(record).ty;
        if !self.names.insert(ty, id, record) {
            self.report
                .error(
                    "duplicate-id",
                    span,
                    format!("`{id}`, d'un fichier importé, est déjà pris"),
                    format!("`{id}`, of an imported file, is already taken"),
                )
                .mend(
                    "donner un autre `id` dans le dossier",
                    "give another `id` in the dossier",
                );
        }
        Some(record)
    }
}
