//! A publication that stopped between the names that its lists take.

use super::published;
use crate::place_files::unwritable;
use crate::seal::{self, Ours, draft};
use crate::ui::{Message, Ui};
use cocarde_model::{Diagnostic, Sources};
use cocarde_seal::file;
use cocarde_seal::status::Purpose;
use cocarde_seal::time::Timestamp;
use std::fs;
use std::path::{Path, PathBuf};

/// Lets the lists that a publication of the last day did not come to name take their names: it
/// signed them all before it named the first. Of two publications of one day the lists do not
/// tell which was the later; but that the first list has no draft and another has one does: it
/// took its name. A draft of another day is of none that got so far. Says that it did.
pub fn finish(dir: &Path, base: &str, ours: &Ours, ui: &Ui) -> Result<(), Message> {
    let day = |path: &Path, purpose: Purpose| -> Option<Timestamp> {
        let bytes = file::read_within(path, seal::LIMIT).ok()?;
        let url = format!("{base}{}", purpose.name());
        published(&bytes, &url, purpose, ours).ok()?.1
    };
    let lists = Purpose::ALL.map(|p| (dir.join(p.name()), p));
    let none = |path: &Path| fs::symlink_metadata(draft(path)).is_err();
    // Nothing was begun, as is nearly always so: the lists are not read for that.
    if lists.iter().all(|(path, _)| none(path)) {
        return Ok(());
    }
    let Some(last) = lists.iter().filter_map(|(path, p)| day(path, *p)).max() else {
        return Ok(());
    };
    let naming = none(&lists[0].0);
    let left = |(path, p): &&(PathBuf, Purpose)| {
        let next = draft(path);
        let old = || !path.exists() || day(path, *p).is_some_and(|d| d < last);
        // What takes the name is a file, and no link to what may change.
        let file = fs::symlink_metadata(&next).is_ok_and(|m| m.is_file());
        file && (naming || old()) && day(&next, *p) == Some(last)
    };
    let mut named = Vec::new();
    for (path, _) in lists.iter().filter(left) {
        let done = fs::rename(draft(path), path).and_then(|()| file::sync_dir(dir));
        done.map_err(|e| unwritable(path, &e, ui))?;
        named.push(path.display().to_string());
    }
    if named.is_empty() && !naming {
        // Those of a run that named nothing: if the next one stopped while it writes its own,
        // what is left of them would be taken for lists that were to be named. The first last.
        for (path, _) in lists.iter().rev() {
            let _ = fs::remove_file(draft(path));
        }
    }
    if !named.is_empty() {
        let named = named.join(", ");
        let note = Diagnostic::warning(
            "finished",
            format!("la publication précédente s'était interrompue ; elle est achevée : {named}"),
            format!("the publication before was interrupted; it is finished: {named}"),
        );
        eprint!("{}", ui.defects(&[note], &Sources::default()));
    }
    Ok(())
}
