//! Why a name is not measured, and what to do about it.

use cocarde_model::{Diagnostic, Text};
use cocarde_probe::report::{Lang, why_word};
use std::net::{IpAddr, SocketAddr};

/// Why a name is not measured: its cause, of which the mend comes.
#[derive(Clone)]
pub struct Unmeasured {
    /// A sentence about the name, without it.
    pub why: Text,
    pub mend: Text,
    /// Nobody answers, whatever the name: the others need not be tried.
    pub silent: bool,
}

impl Unmeasured {
    /// What is no name of a domain, an address for instance; `why` is what the reader of
    /// names says of it.
    pub fn no_domain(text: &str, why: &str) -> Self {
        // An address of the sixth version is one without its brackets, too.
        if why == "an address" || text.parse::<IpAddr>().is_ok() {
            return Self::of_name(
                said(
                    "c'est une adresse, une mesure part d'un nom",
                    "it is an address, a measurement starts from a name",
                ),
                said(
                    "donner le nom par lequel on y arrive",
                    "state the name by which it is reached",
                ),
            );
        }
        let fr = why_word(why, Lang::Fr);
        Self::of_name(
            Text {
                fr: format!("ce n'est pas un nom de domaine ({fr})"),
                en: format!("it is no domain name ({why})"),
            },
            said(
                "donner le nom entier, comme « www.exemple.fr »",
                "state the whole name, such as `www.example.org`",
            ),
        )
    }

    /// The system gives no numbers for queries.
    pub fn no_seed(why: Text) -> Self {
        Self::of_name(
            why,
            said("mesurer de nouveau plus tard", "measure again later"),
        )
    }

    /// The resolvers answer nothing at all.
    pub fn silent(resolvers: &[SocketAddr]) -> Self {
        let asked: Vec<String> = resolvers.iter().map(SocketAddr::to_string).collect();
        let asked = asked.join(", ");
        Self {
            why: Text {
                fr: format!("{asked} ne répond à rien"),
                en: format!("{asked} answers nothing"),
            },
            mend: said(
                "donner un autre résolveur par --resolver ADRESSE:PORT, ou mesurer de nouveau plus tard",
                "give another resolver with --resolver ADDR:PORT, or measure again later",
            ),
            silent: true,
        }
    }

    fn of_name(why: Text, mend: Text) -> Self {
        Self {
            why,
            mend,
            silent: false,
        }
    }

    /// As the error of a name, or of all names where nobody answers.
    pub fn error(&self, name: &str) -> Diagnostic {
        let Text { fr, en } = &self.why;
        let (fr, en) = match self.silent {
            true => (fr.clone(), en.clone()),
            false => (
                format!("« {name} » n'est pas mesuré : {fr}"),
                format!("`{name}` is not measured: {en}"),
            ),
        };
        Diagnostic::error("usage", fr, en).help(&*self.mend.fr, &*self.mend.en)
    }
}

fn said(fr: &str, en: &str) -> Text {
    Text {
        fr: fr.into(),
        en: en.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the reader of names says of one is told in French.
    #[test]
    fn what_is_wrong_with_a_name_is_told_in_both_languages() {
        for text in ["", "localhost", "a b.fr", "xn--a.fr", "1.2.3.999", "[::zz]"] {
            let why = cocarde_probe::measure::domain(text).expect_err(text);
            let Text { fr, en } = Unmeasured::no_domain(text, &why).why;
            assert!(en.contains(&why) && !fr.contains(&why), "{text}: {fr}");
        }
        for address in ["192.0.2.7", "0x7f.1", "[2001:db8::1]", "2001:db8::1"] {
            let why = cocarde_probe::measure::domain(address).expect_err(address);
            let why = Unmeasured::no_domain(address, &why).why;
            assert!(why.en.contains("it is an address"), "{address}: {}", why.en);
        }
    }
}
