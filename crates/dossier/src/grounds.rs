//! What a fact stated by itself rests on: a word alone establishes nothing.

use crate::build::Builder;
use crate::node::{Kind, Table, get};
use cocarde_model::{Fact, Provenance, Span};

/// Names all that a fact lacks to be known as its `how` says, and the reasons why it
/// rules nothing though it would.
pub(crate) fn check(b: &mut Builder<'_>, table: &Table, how: Provenance, ruling: bool) {
    let at = get(table, "how").map(|e| e.value.span);
    let Some(at) = at else { return };
    match how {
        Provenance::Declared => {}
        Provenance::Documented | Provenance::Attested | Provenance::Inherited => {
            wants(b, table, at, how, &["evidence"]);
        }
        Provenance::Measured => wants(b, table, at, how, &["time", "server"]),
        Provenance::Observed => {
            wants(b, table, at, how, &["by"]);
            wants(b, table, at, how, &["time"]);
        }
        Provenance::Derived => derived(b, at),
    }
    if ruling {
        if how != Provenance::Observed {
            wants(b, table, at, how, &["by"]);
        }
        if matches!(how, Provenance::Declared | Provenance::Measured) {
            let fr = format!("un fait `{how}` ne tranche rien");
            rules_nothing(b, at, fr, format!("what is `{how}` rules nothing"));
        }
    }
}

/// Wants one of those keys.
fn wants(b: &mut Builder<'_>, table: &Table, at: Span, how: Provenance, keys: &[&str]) {
    if keys.iter().any(|key| is_given(table, key)) {
        return;
    }
    let listed = |or: &str| {
        let keys: Vec<String> = keys.iter().map(|k| format!("`{k}`")).collect();
        keys.join(or)
    };
    let (mend_fr, mend_en) = match keys[0] {
        "evidence" => (
            "citer la pièce : evidence = [\"doc:contrat#p4\"] ; sans elle, how = \"declared\"",
            "cite the document: evidence = [\"doc:contract#p4\"]; without it, how = \"declared\"",
        ),
        "by" => (
            "ajouter by = \"…\", le nom de qui a constaté ou tranché",
            "add by = \"…\", the name of who observed or ruled",
        ),
        _ => (
            "ajouter par exemple time = 2026-11-20T14:02:00Z",
            "add for instance time = 2026-11-20T14:02:00Z",
        ),
    };
    let (fr, en) = (listed(" ni "), listed(" nor "));
    b.report
        .error(
            "missing-key",
            at,
            format!("un fait `{how}` sans {fr}"),
            format!("`{how}`, yet the fact has no {en}"),
        )
        .mend(mend_fr, mend_en);
}

fn is_given(table: &Table, key: &str) -> bool {
    get(table, key).is_some_and(|e| match &e.value.kind {
        Kind::Text(t) => !t.trim().is_empty(),
        Kind::Array(items) => !items.is_empty(),
        _ => true,
    })
}

fn derived(b: &mut Builder<'_>, at: Span) {
    b.report
        .error(
            "derived-by-hand",
            at,
            "`derived` ne s'écrit pas : les analyses calculent elles-mêmes",
            "`derived` is not written: the analyses derive by themselves",
        )
        .mend(
            "écrire les faits dont cela suit, ou how = \"declared\"",
            "write the facts it follows from, or how = \"declared\"",
        );
}

fn rules_nothing(b: &mut Builder<'_>, at: Span, fr: String, en: String) {
    b.report
        .error("ruling-without-evidence", at, fr, en)
        .mend(
            "trancher par un constat (observed) ou par une pièce tenue par son empreinte (documented, attested), ou retirer `ruling`",
            "rule by an observation (observed) or by a document held by its digest (documented, attested), or remove `ruling`",
        );
}

/// Gives a fact that a document carries no more than the document is worth.
pub(crate) fn weigh(b: &mut Builder<'_>, table: &Table, fact: &mut Fact) {
    use Provenance::{Attested, Documented, Inherited};
    let how = fact.provenance;
    let document = fact.source.document;
    let Some(document) = document.filter(|_| matches!(how, Documented | Attested | Inherited))
    else {
        return;
    };
    let Some(worth) = b.worths.get(&document) else {
        return;
    };
    let ty = b.base.record(fact.subject).ty;
    let speaks = worth.attests.speaks_of(ty, fact.field);
    let (says, held) = (worth.provenance, worth.held);
    fact.from = fact.from.max(worth.from);
    fact.until = fact.until.into_iter().chain(worth.until).min();
    fact.provenance = worth.lifts(how);
    let at = get(table, "evidence").map(|e| e.value.span);
    let (Some(at), name) = (at, b.base.record_name(document)) else {
        return;
    };
    if !speaks {
        let property = b.names.schema.property_name(ty, fact.field);
        silent(b, at, &name, &property);
    }
    if how != Documented && says != Attested {
        worth_less(b, at, &name, (how, says));
    }
    if fact.ruling && !held {
        let fr = format!("`{name}` n'a pas de fichier ou pas d'empreinte, et ne tranche rien");
        let en = format!("`{name}` has no file or no digest, and rules nothing");
        rules_nothing(b, at, fr, en);
    }
}

fn silent(b: &mut Builder<'_>, at: Span, name: &str, property: &str) {
    b.report
        .error(
            "evidence-not-attesting",
            at,
            format!("`{name}` n'atteste pas `{property}`"),
            format!("`{name}` does not attest `{property}`"),
        )
        .mend(
            "compléter `attests` de la pièce, ou en citer une autre",
            "complete the document's `attests`, or cite another",
        );
}

fn worth_less(b: &mut Builder<'_>, at: Span, name: &str, (how, says): (Provenance, Provenance)) {
    b.report
        .error(
            "evidence-worth-less",
            at,
            format!("`{how}` veut une attestation, et `{name}` vaut `{says}`"),
            format!("`{how}` wants an attestation, and `{name}` is worth `{says}`"),
        )
        .mend(
            "écrire how = \"documented\", ou provenance = \"attested\" sur la pièce si un tiers l'a signée",
            "write how = \"documented\", or provenance = \"attested\" on the document if a third party signed it",
        );
}
