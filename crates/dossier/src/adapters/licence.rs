//! One licence of several that a bill of materials states of a component.

use super::unmapped::Why;

/// What is counted where an author declares another licence than the one concluded.
pub(super) const DECLARED: Why = (
    "licence déclarée à côté d'une licence conclue",
    "declared licence beside a concluded one",
);

/// One expression for all of these, which all apply, in whatever order they stand; `None`
/// of none.
pub(super) fn all_of(mut all: Vec<&str>) -> Option<String> {
    all.sort_unstable();
    all.dedup();
    let wrap = |e: &&str| match all.len() > 1 && e.contains(" OR ") {
        true => format!("({e})"),
        false => (*e).to_string(),
    };
    (!all.is_empty()).then(|| all.iter().map(wrap).collect::<Vec<_>>().join(" AND "))
}
