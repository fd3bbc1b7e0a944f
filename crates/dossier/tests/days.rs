//! What is worth a look depends on the day.

mod common;

use cocarde_model::{FieldType, Schema};
use common::one;

#[test]
fn what_is_out_of_date_depends_on_the_day() {
    let d =
        one("[[document]]\nid = \"c\"\nreceived = 2026-01-01\nvalid_until = 2026-06-30\n").unwrap();
    let found = |day: &str| {
        let found = d.findings_on(day.parse().unwrap());
        found.iter().map(|d| d.code).collect::<Vec<_>>()
    };
    assert_eq!(found("2025-12-31"), ["not-received-yet"]);
    assert_eq!(found("2026-01-01"), [""; 0]);
    assert_eq!(found("2026-06-30"), [""; 0]);
    assert_eq!(found("2026-07-01"), ["out-of-date"]);
}

/// A document counts on no day before the later of its first days, nor after its period
/// where nothing says that it is good for longer: `check` tells exactly then.
#[test]
fn days_on_which_a_document_supports_nothing_are_told() {
    let dates = [
        ("received", "2026-02-01"),
        ("period_from", "2026-03-01"),
        ("period_until", "2026-05-31"),
        ("valid_until", "2026-06-30"),
    ];
    let days = [
        "2026-01-15",
        "2026-02-15",
        "2026-04-01",
        "2026-06-15",
        "2026-07-15",
    ];
    for given in 0..16 {
        let kept = (0..4).filter(|i| given & (1 << i) != 0);
        let kept: Vec<String> = kept
            .map(|i| format!("{} = {}\n", dates[i].0, dates[i].1))
            .collect();
        let text = format!(
            "[security]\npolicy = true\nevidence = [\"doc:c\"]\n[[document]]\nid = \"c\"\n{}",
            kept.concat()
        );
        let d = one(&text).unwrap();
        let (_, carried) = d
            .base
            .facts()
            .find(|(_, f)| f.source.document.is_some())
            .unwrap();
        for day in days.map(|day| day.parse().unwrap()) {
            let told = !d.findings_on(day).is_empty();
            assert_eq!(told, !carried.holds_on(day), "{day}\n{text}");
        }
    }
}

/// A document is good on its last day, so what is told is the first on which it is not.
#[test]
fn the_first_day_on_which_a_document_is_no_longer_good_is_told() {
    let d = one("[[document]]\nid = \"c\"\nvalid_until = 2028-12-31\n").unwrap();
    let found = d.findings_on("2029-01-01".parse().unwrap());
    assert_eq!(
        found[0].message.en,
        "`document:c` is no longer good since 1 January 2029"
    );
    assert_eq!(
        found[0].message.fr,
        "`document:c` ne fait plus foi depuis le 1er janvier 2029"
    );
}

/// Law: each day of something that must have happened is told exactly while it is to come.
#[test]
fn what_must_have_happened_is_not_to_come() {
    let schema = Schema::standard();
    let mut past = 0;
    for (_, ty) in schema.types() {
        let dates = ty
            .fields
            .iter()
            .filter(|f| f.ty == FieldType::Date && f.past);
        for field in dates {
            past += 1;
            let text = format!("[{}]\n{} = 2026-05-01\n", ty.name, field.name);
            let d = one(&text).unwrap_or_else(|f| panic!("{text}: {:?}", f.diagnostics));
            let told = |day: &str| d.findings_on(day.parse().unwrap());
            assert_eq!(told("2026-04-30")[0].code, "not-happened-yet", "{text}");
            assert!(told("2026-05-01").is_empty(), "{text}");
        }
    }
    assert!(past >= 3, "only {past} dates");
    let d = one("[[attestation]]\nid = \"a\"\nvalid_from = 2026-05-01\n").unwrap();
    let found = d.findings_on("2026-04-30".parse().unwrap());
    assert_eq!(
        found[0].message.en,
        "`attestation:a` is only valid from 1 May 2026 on"
    );
}
