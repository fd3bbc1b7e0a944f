//! Who performs the activities of an offering.

use crate::facts::View;
use cocarde_model::{RecordId, Truth};

/// Whether what holds of whoever performs an activity is `holds`: of the one who is said to,
/// of the applicant where nobody is, and of all who may where those who say do not agree.
pub(crate) fn performer(
    view: View<'_>,
    activity: RecordId,
    holds: impl Fn(RecordId) -> Truth,
) -> Truth {
    let applicant = view.part(view.base.root(), "organisation");
    let candidates = view.candidates(activity, "performed_by", applicant);
    let mut found = candidates.into_iter().map(holds);
    let first = found.next().unwrap_or(Truth::Unknown);
    if found.all(|truth| truth == first) {
        first
    } else {
        Truth::Unknown
    }
}
