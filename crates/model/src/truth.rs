//! Strong Kleene truth.

use std::ops::Not;

/// A truth value of Kleene's strong three-valued logic.
///
/// Source: S. C. Kleene, *Introduction to Metamathematics* (1952), § 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Truth {
    /// Known to be false.
    False,
    /// Not known: neither value is excluded.
    Unknown,
    /// Known to be true.
    True,
}

impl Truth {
    /// Conjunction: the lesser of the two in the order false < unknown < true.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// Disjunction: the greater of the two in the order false < unknown < true.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    /// Whether the value is known.
    pub fn is_known(self) -> bool {
        self != Truth::Unknown
    }
}

impl From<bool> for Truth {
    fn from(b: bool) -> Truth {
        if b { Truth::True } else { Truth::False }
    }
}

impl Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, *};

    /// Every completion of the unknowns that a connective could see.
    fn completions(t: Truth) -> Vec<bool> {
        match t {
            False => vec![false],
            True => vec![true],
            Unknown => vec![false, true],
        }
    }

    #[test]
    fn connectives_say_what_all_completions_agree_on() {
        for a in [False, Unknown, True] {
            for b in [False, Unknown, True] {
                let pairs = || {
                    completions(a)
                        .into_iter()
                        .flat_map(|x| completions(b).into_iter().map(move |y| (x, y)))
                };
                let agreed = |op: fn(bool, bool) -> bool| {
                    let all: Vec<bool> = pairs().map(|(x, y)| op(x, y)).collect();
                    if all.iter().all(|v| *v) {
                        True
                    } else if all.iter().all(|v| !*v) {
                        False
                    } else {
                        Unknown
                    }
                };
                assert_eq!(a.and(b), agreed(|x, y| x && y), "{a:?} and {b:?}");
                assert_eq!(a.or(b), agreed(|x, y| x || y), "{a:?} or {b:?}");
            }
            assert_eq!(!!a, a);
        }
    }
}
