//! What documents support: `evidence = ["doc:contract#p4"]`.

use crate::attests::Attests;
use crate::build::Builder;
use crate::node::{Entry, Kind, Node};
use crate::report::quoted;
use crate::value::{in_brackets, unknown_key};
use cocarde_model::{
    Date, Fact, FactBase, FactId, FieldId, Provenance, RecordId, Source, Span, Value,
};
use std::collections::BTreeMap;
use std::ops::Range;

/// A citation of a document for one property of a record, or for all of a table.
#[derive(Debug)]
pub(crate) struct Citation {
    record: RecordId,
    field: Option<FieldId>,
    /// The facts that the table states: a record may have several tables.
    table: Range<usize>,
    document: RecordId,
    page: Option<u32>,
    span: Span,
}

/// A table that cites: its record, and the facts that it states.
type Citing = (RecordId, Range<usize>);

/// Notes what a table cites; the documents themselves may come later.
pub(crate) fn note(b: &mut Builder<'_>, citing: &Citing, entry: &Entry) {
    match &entry.value.kind {
        Kind::Array(items) => cite(b, citing, None, items),
        Kind::Table(by_field) => {
            let schema = b.names.schema.clone();
            let ty = schema.ty(b.base.record(citing.0).ty);
            for e in by_field {
                let field = ty.field(&e.key);
                match (field, &e.value.kind) {
                    // For all properties, beside others for some.
                    (None, Kind::Array(items)) if e.key == "*" => cite(b, citing, None, items),
                    (Some(f), Kind::Array(items)) => cite(b, citing, Some(f), items),
                    (Some(_), _) => wrong_shape(b, &e.value),
                    (None, _) if e.key == "*" => wrong_shape(b, &e.value),
                    (None, _) => {
                        let known = ty.fields.iter().map(|f| &*f.name);
                        unknown_key(&mut b.report, &e.key, e.key_span, known);
                    }
                }
            }
        }
        _ => wrong_shape(b, &entry.value),
    }
}

fn wrong_shape(b: &mut Builder<'_>, node: &Node) {
    let d = b.report.error(
        "wrong-type",
        node.span,
        "`evidence` attend une liste de documents",
        "`evidence` wants a list of documents",
    );
    match node.as_text().map(in_brackets) {
        Some(list) => d.mend(format!("écrire {list}"), format!("write {list}")),
        None => d.mend(
            "evidence = [\"doc:contrat#p4\"]",
            "evidence = [\"doc:contract#p4\"]",
        ),
    };
}

fn cite(b: &mut Builder<'_>, citing: &Citing, field: Option<FieldId>, items: &[Node]) {
    let (record, table) = citing;
    for item in items {
        if let Some((document, page)) = read_citation(b, item) {
            b.citations.push(Citation {
                record: *record,
                field,
                table: table.clone(),
                document,
                page,
                span: item.span,
            });
        }
    }
}

/// Reads `doc:id#p4`.
pub(crate) fn read_citation(b: &mut Builder<'_>, item: &Node) -> Option<(RecordId, Option<u32>)> {
    let Some(text) = item.as_text() else {
        wrong_shape(b, item);
        return None;
    };
    let (name, page) = match text.split_once('#') {
        None => (text, None),
        Some((name, page)) => {
            let number = page.strip_prefix('p').and_then(|p| p.parse::<u32>().ok());
            if number.is_none_or(|n| n == 0) {
                let shown = quoted(page);
                b.report
                    .error(
                        "bad-page",
                        item.span,
                        format!("`#{shown}` n'est pas une page"),
                        format!("`#{shown}` is not a page"),
                    )
                    .mend("écrire #p4 pour la page 4", "write #p4 for page 4");
                return None;
            }
            (name, number)
        }
    };
    let wanted = b.names.schema.by_name("document");
    let (_, document) = b.names.reference(name, wanted, item.span, &mut b.report)?;
    Some((document, page))
}

/// What a document is worth and what it speaks of.
pub(crate) struct Worth {
    pub(crate) provenance: Provenance,
    /// Whether its table names its file and digest: what cannot be held supports a claim
    /// and does not lift it.
    pub(crate) held: bool,
    pub(crate) attests: Attests,
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
}

impl Worth {
    fn of(base: &FactBase, document: RecordId) -> Worth {
        let date = |name: &str| match base.first(document, name)?.value {
            Value::Date(d) => Some(d),
            _ => None,
        };
        let says = |name: &str| {
            let text = base.text(document, name);
            text.is_some_and(|t| !t.trim().is_empty())
        };
        let stated_worth = base.text(document, "provenance").map(|t| t.parse());
        Worth {
            provenance: stated_worth
                .and_then(Result::ok)
                .unwrap_or(Provenance::Documented),
            held: says("file") && says("sha256"),
            attests: Attests::of(base, document, base.fact_count()),
            // Before it was received, nobody held it.
            from: date("period_from").max(date("received")),
            until: date("valid_until").or(date("period_until")),
        }
    }

    /// How a claim of that provenance is known that rests on the document.
    pub(crate) fn lifts(&self, to: Provenance) -> Provenance {
        match self.held {
            true => to,
            false => Provenance::Declared,
        }
    }
}

/// What every document is worth, as tables say it: no other fact may be in the base yet.
pub(crate) fn worths(base: &FactBase) -> BTreeMap<RecordId, Worth> {
    let ty = base.schema().by_name("document");
    base.records()
        .filter(|(_, r)| Some(r.ty) == ty)
        .map(|(document, _)| (document, Worth::of(base, document)))
        .collect()
}

/// Adds, for every property that a document supports, a fact of the document's worth.
pub(crate) fn collect(b: &mut Builder<'_>) {
    let worths = std::mem::take(&mut b.worths);
    add_supported(b, &worths);
    b.worths = worths;
}

fn add_supported(b: &mut Builder<'_>, worths: &BTreeMap<RecordId, Worth>) {
    for c in std::mem::take(&mut b.citations) {
        let Some(worth) = worths.get(&c.document) else {
            continue;
        };
        let supported = supported(b, &c, &worth.attests);
        if supported.is_empty() {
            warn_unused(b, &c);
        }
        for field in supported {
            if b.base.fact_count() >= b.limits.facts {
                return b.too_many_facts(c.span);
            }
            let declared = b.base.fact(b.stated[&(c.record, field)]).clone();
            b.base.add_fact(Fact {
                provenance: worth.lifts(worth.provenance),
                source: Source {
                    document: Some(c.document),
                    page: c.page,
                    ..declared.source
                },
                from: worth.from,
                until: worth.until,
                ..declared
            });
        }
    }
}

/// The stated properties that the citation supports.
fn supported(b: &Builder<'_>, c: &Citation, attests: &Attests) -> Vec<FieldId> {
    let ty = b.base.record(c.record).ty;
    let all = (c.record, FieldId(0))..=(c.record, FieldId(u16::MAX));
    let cited = |field: FieldId, fact: FactId| match c.field {
        Some(one) => one == field,
        None => c.table.contains(&(fact.0 as usize)),
    };
    b.stated
        .range(all)
        .filter(|((_, field), fact)| cited(*field, **fact))
        .map(|((_, field), _)| *field)
        .filter(|f| attests.speaks_of(ty, *f))
        .collect()
}

fn warn_unused(b: &mut Builder<'_>, c: &Citation) {
    let document = b.base.record_name(c.document);
    let ty = b.base.record(c.record).ty;
    let (fr, en) = match c.field {
        Some(f) => {
            let property = b.names.schema.property_name(ty, f);
            (
                format!(
                    "`{document}` n'appuie rien : `{property}` n'est pas dit ici, ou la pièce ne l'atteste pas"
                ),
                format!(
                    "`{document}` supports nothing: `{property}` is not stated here, or the document does not attest it"
                ),
            )
        }
        None => (
            format!("`{document}` n'atteste rien de ce qui est dit ici"),
            format!("`{document}` attests nothing of what is stated here"),
        ),
    };
    let lacks = match c.field {
        Some(f) => b.names.schema.property_name(ty, f),
        None => format!("{}.*", b.names.schema.ty(ty).name),
    };
    b.report
        .warning("evidence-not-attesting", c.span, fr, en)
        .mend(
            format!("ajouter \"{lacks}\" à `attests` du document s'il en parle, sinon retirer la preuve"),
            format!("add \"{lacks}\" to the document's `attests` if it speaks of it, else remove the evidence"),
        );
}
