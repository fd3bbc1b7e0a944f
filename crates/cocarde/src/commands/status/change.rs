//! A certificate's new status, as it is given on the command line.

use cocarde_model::did_you_mean;
use cocarde_seal::status::Message as Note;
use cocarde_seal::verify::State;
use cocarde_seal::{Refusal, Result};

/// A certificate's new status.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its place in the lists.
    pub index: u64,
    /// Whether it is withdrawn.
    pub revoked: bool,
    /// Whether it is suspended.
    pub suspended: bool,
    /// What is to be known of it.
    pub flags: u64,
}

/// The states that a label gives.
const STATES: [State; 6] = [
    State::Valid,
    State::Revoked,
    State::Suspended,
    State::Contested,
    State::ScopeReduced,
    State::UnderSurveillance,
];

fn refused(fr: &str, en: &str) -> Refusal {
    Refusal::new("set", fr, en)
}

/// Reads `INDEX=STATE`. Errors: another form, an index that is no whole number, a state that
/// a label does not give, `valid` beside others.
pub fn change(text: &str) -> Result<Change> {
    let (index, states) = text.split_once('=').ok_or_else(|| {
        let (fr, en) = listed();
        refused(
            &format!("il faut INDICE=ÉTAT, comme 42=revoked ; états : {fr}"),
            &format!("it wants INDEX=STATE, as 42=revoked; states: {en}"),
        )
    })?;
    let mut change = Change {
        index: index.parse().map_err(|_| {
            refused(
                &format!("« {index} » n'est pas un indice : il faut un nombre entier"),
                &format!("`{index}` is no index: it wants a whole number"),
            )
        })?,
        revoked: false,
        suspended: false,
        flags: 0,
    };
    for name in states.split('+') {
        match state(name)? {
            State::Revoked => change.revoked = true,
            State::Suspended => change.suspended = true,
            State::Contested => change.flags |= Note::Contested.bit(),
            State::ScopeReduced => change.flags |= Note::ScopeReduced.bit(),
            State::UnderSurveillance => change.flags |= Note::UnderSurveillance.bit(),
            _ if states.contains('+') => {
                return Err(refused("« valid » se donne seul", "`valid` stands alone"));
            }
            _ => {}
        }
    }
    Ok(change)
}

/// The state of that name.
fn state(name: &str) -> Result<State> {
    let found = STATES.into_iter().find(|s| s.code() == name);
    found.ok_or_else(|| {
        let (fr, en) = match did_you_mean(name, STATES.iter().map(|s| s.code())) {
            Some(meant) => (
                format!("vouliez-vous « {meant} » ?"),
                format!("did you mean `{meant}`?"),
            ),
            None => {
                let (fr, en) = listed();
                (format!("états : {fr}"), format!("states: {en}"))
            }
        };
        refused(
            &format!("« {name} » n'est pas un état ; {fr}"),
            &format!("`{name}` is no state; {en}"),
        )
    })
}

/// The states, with what each is called in French and in English where that is another word.
fn listed() -> (String, String) {
    let with = |code: &str, word: &str| match code == word {
        true => code.to_owned(),
        false => format!("{code} ({word})"),
    };
    let all = STATES.map(|s| (s.code(), s.words()));
    let fr = all.map(|(code, (fr, _))| with(code, fr));
    let en = all.map(|(code, (_, en))| with(code, en));
    (fr.join(", "), en.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_and_joined_and_what_is_none_is_told_with_those_that_are() {
        for state in STATES {
            change(&format!("42={}", state.code())).unwrap();
        }
        let both = change("42=revoked+suspended+contested").unwrap();
        assert!(both.revoked && both.suspended && both.flags == Note::Contested.bit());
        let french = "revoked (retiré), suspended (suspendu), contested (contesté)";
        for (text, fr, en) in [
            (
                "42=withdrawn",
                french,
                "revoked (withdrawn), suspended, contested",
            ),
            ("42=retiré", french, "revoked (withdrawn)"),
            ("42", french, "INDEX=STATE"),
            ("42=", french, "states: "),
            (
                "42=revokd",
                "vouliez-vous « revoked » ?",
                "did you mean `revoked`?",
            ),
            ("42=Valid", "« valid »", "`valid`"),
            ("42=expired", "n'est pas un état", "is no state"),
            ("x=revoked", "« x » n'est pas un indice", "whole number"),
            ("=revoked", "«  » n'est pas un indice", "whole number"),
            ("42=valid+contested", "se donne seul", "stands alone"),
        ] {
            let refusal = change(text).unwrap_err();
            assert!(refusal.fr.contains(fr), "{refusal:?}");
            assert!(refusal.en.contains(en), "{refusal:?}");
        }
    }
}
