//! Amounts as large as a decimal holds are assessed and explained like any other.

use super::{applicant, load};
use cocarde_model::{Decimal, Provenance};
use cocarde_referential::{Options, assess};

#[test]
fn the_largest_amounts_are_assessed_and_explained() {
    let most = Decimal::MAX.to_string();
    let edits: [&[(&str, &str)]; 4] = [
        &[
            (", cost = 600000", ", cost = \"MOST\""),
            (", cost = 1800000", ""),
        ],
        &[
            (", cost = 600000", ", cost = \"MOST\""),
            (", cost = 1800000", ", cost = \"MOST\""),
        ],
        &[(", staff = 6", ", staff = \"MOST\""), (", staff = 20", "")],
        &[
            (", cost = 600000", ""),
            (", cost = 400000", ", cost = \"MOST\""),
        ],
    ];
    let r = load("nfg-2026");
    for edits in edits {
        let text = edits
            .iter()
            .fold(applicant::text("cloud"), |t, (old, new)| {
                assert!(t.contains(old), "{old}");
                t.replacen(old, &new.replace("MOST", &most), 1)
            });
        let table = text.parse().expect("TOML");
        for provenance in [Provenance::Attested, Provenance::Declared] {
            let base = applicant::from_table(&table, provenance);
            assess(
                &r,
                &base,
                "2026-11-23".parse().expect("a day"),
                Options::default(),
            );
        }
    }
}
