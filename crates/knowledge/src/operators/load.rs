//! Checking what the operators' files say.

use super::files::{Raw, RawFile};
use super::{Operator, OperatorId, Operators, Sense};
use crate::countries::Countries;
use cocarde_model::{Date, Diagnostic, FileId, Sources, Span, did_you_mean};
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use toml::Spanned;

/// What is wrong with the files.
#[derive(Clone, Debug)]
pub struct LoadError {
    /// The files that defects point into.
    pub sources: Sources,
    /// The defects.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, d) in self.diagnostics.iter().enumerate() {
            let place = match (d.span, &d.file) {
                (Some(span), _) => self.sources.place(span),
                (None, Some(file)) => file.clone(),
                (None, None) => "operators".into(),
            };
            let end = if i == 0 { "" } else { "\n" };
            write!(f, "{end}{place}: {} [{}]", d.message.en, d.code)?;
            if let Some(help) = &d.help {
                write!(f, "\n  {}", help.en)?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for LoadError {}

pub(super) fn from_texts(files: &[(&str, &str)]) -> Result<Operators, LoadError> {
    let mut loader = Loader::default();
    let mut raws = Vec::new();
    for (name, text) in files {
        let file = loader.sources.add(name, text);
        match toml::from_str::<RawFile>(text) {
            Ok(raw) => raws.extend(raw.operator.into_iter().map(|r| (file, r))),
            Err(e) => loader.syntax(file, &e),
        }
    }
    if raws.len() > usize::from(u16::MAX) {
        let max = u16::MAX;
        loader.say(
            None,
            Diagnostic::error(
                "too-many",
                format!("plus de {max} opérateurs"),
                format!("more than {max} operators"),
            ),
        );
        raws.clear();
    }
    for (i, (file, raw)) in raws.iter().enumerate() {
        loader.identify(*file, raw, OperatorId(i as u16));
    }
    for (i, (file, raw)) in raws.into_iter().enumerate() {
        loader.operator(file, raw, OperatorId(i as u16));
    }
    // Where an entry is missing, positions mean nothing: no point in looking further.
    if loader.diagnostics.is_empty() {
        loader.circles();
    }
    if loader.diagnostics.is_empty() {
        // The longest prefix is the most telling.
        loader
            .operators
            .tokens
            .sort_by_key(|(p, _)| std::cmp::Reverse(p.len()));
        Ok(loader.operators)
    } else {
        Err(LoadError {
            sources: loader.sources,
            diagnostics: loader.diagnostics,
        })
    }
}

#[derive(Default)]
struct Loader {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    operators: Operators,
    /// Where each parent was named.
    parents: HashMap<OperatorId, Span>,
}

impl Loader {
    fn say(&mut self, span: Option<Span>, mut diagnostic: Diagnostic) {
        diagnostic.span = span;
        self.diagnostics.push(diagnostic);
    }

    fn syntax(&mut self, file: FileId, error: &toml::de::Error) {
        let span = span(file, error.span().unwrap_or(0..0));
        let why = error.message();
        let d = Diagnostic::error("malformed", format!("TOML : {why}"), format!("TOML: {why}"));
        self.say(Some(span), d);
    }

    fn identify(&mut self, file: FileId, raw: &Raw, id: OperatorId) {
        let name: &str = raw.id.get_ref();
        let at = Some(span(file, raw.id.span()));
        let well = !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !well {
            let d = Diagnostic::error(
                "bad-id",
                format!("identifiant mal formé : {name:?}"),
                format!("malformed id: {name:?}"),
            )
            .help("a à z, 0 à 9 et tiret", "a to z, 0 to 9 and hyphen");
            self.say(at, d);
        }
        if self.operators.ids.insert(name.into(), id).is_some() {
            let d = Diagnostic::error(
                "duplicate-id",
                format!("{name} est décrit deux fois"),
                format!("{name} is described twice"),
            )
            .help("réunir les deux entrées", "merge the two entries");
            self.say(at, d);
        }
    }

    fn operator(&mut self, file: FileId, raw: Raw, id: OperatorId) {
        self.claims(file, &raw, id);
        let asn = self.asns(file, &raw, id);
        let date = self.date(file, &raw.date);
        self.sourced(file, &raw);
        let operator = Operator {
            parent: self.parent(file, &raw, id),
            seat: self.seat(file, raw.seat),
            id: raw.id.into_inner().into(),
            name: raw.name,
            legal_name: raw.legal_name,
            brands: raw.brands,
            kind: raw.kind,
            top: raw.top,
            services: raw.roles,
            asn,
            note: raw.note,
            source: raw.source.into_inner(),
            date,
            confidence: raw.confidence,
        };
        self.operators.list.push(operator);
    }

    fn claims(&mut self, file: FileId, raw: &Raw, id: OperatorId) {
        for sense in Sense::ALL {
            for name in raw.names(sense) {
                self.claim(file, name, sense, id);
            }
        }
        for token in &raw.txt {
            self.operators
                .tokens
                .push((token.get_ref().as_str().into(), id));
        }
    }

    fn claim(&mut self, file: FileId, name: &Spanned<String>, sense: Sense, id: OperatorId) {
        let at = Some(span(file, name.span()));
        let text: &str = name.get_ref();
        if !well_formed(text) {
            let d = Diagnostic::error(
                "bad-name",
                format!("nom de domaine mal formé : {text:?}"),
                format!("malformed domain name: {text:?}"),
            )
            .help(
                "deux étiquettes au moins, en minuscules, sans point final",
                "at least two labels, in small letters, no final dot",
            );
            return self.say(at, d);
        }
        let entry = self.operators.claims.entry(text.into()).or_insert((id, 0));
        if entry.0 == id {
            entry.1 |= sense.bit();
            return;
        }
        let other = entry.0;
        let d = self.claimed_twice(text, other).help(
            "laisser le nom à un seul, ou préciser un nom plus long",
            "leave the name to one of them, or give a longer name",
        );
        self.say(at, d);
    }

    fn claimed_twice(&self, what: &str, by: OperatorId) -> Diagnostic {
        let mut ids = self.operators.ids.iter();
        let other = ids.find(|(_, i)| **i == by).map_or("?", |(n, _)| n);
        Diagnostic::error(
            "claimed-twice",
            format!("{what} est déjà revendiqué par {other}"),
            format!("{what} is already claimed by {other}"),
        )
    }

    fn asns(&mut self, file: FileId, raw: &Raw, id: OperatorId) -> Vec<u32> {
        let mut all = Vec::new();
        for asn in &raw.asn {
            let at = Some(span(file, asn.span()));
            let value = *asn.get_ref();
            let Some(number) = u32::try_from(value).ok().filter(|n| public_asn(*n)) else {
                let d = Diagnostic::error(
                    "bad-asn",
                    format!("{value} n'est pas un numéro de système autonome public"),
                    format!("{value} is not a public autonomous system number"),
                );
                self.say(at, d);
                continue;
            };
            if let Some(other) = self.operators.asns.insert(number, id) {
                let d = self.claimed_twice(&format!("AS{number}"), other);
                self.say(at, d);
            }
            all.push(number);
        }
        all
    }

    fn date(&mut self, file: FileId, raw: &Spanned<String>) -> Date {
        raw.get_ref().parse().unwrap_or_else(|_| {
            let d = Diagnostic::error(
                "bad-date",
                format!("date mal formée : {:?}", raw.get_ref()),
                format!("malformed date: {:?}", raw.get_ref()),
            )
            .help("écrire AAAA-MM-JJ", "write YYYY-MM-DD");
            self.say(Some(span(file, raw.span())), d);
            Date::ZERO
        })
    }

    fn sourced(&mut self, file: FileId, raw: &Raw) {
        let sources = raw.source.get_ref();
        let well = |s: &String| s.starts_with("https://") && s.len() > 8;
        if sources.is_empty() || !sources.iter().all(well) {
            let d = Diagnostic::error(
                "no-source",
                "source absente ou mal formée",
                "missing or malformed source",
            )
            .help(
                "donner l'adresse https d'une page publique",
                "give the https address of a public page",
            );
            self.say(Some(span(file, raw.source.span())), d);
        }
    }

    fn seat(&mut self, file: FileId, raw: Option<Spanned<String>>) -> Option<String> {
        let raw = raw?;
        let code = raw.get_ref();
        let countries = Countries::standard();
        if !countries.is_country(code) {
            let meant = countries.guess(code);
            let d = Diagnostic::error(
                "bad-country",
                format!("code de pays inconnu : {code:?}"),
                format!("unknown country code: {code:?}"),
            );
            let d = match meant {
                Some(_) => suggest(d, meant),
                None => d.help(
                    "deux lettres capitales, ISO 3166-1",
                    "two capital letters, ISO 3166-1",
                ),
            };
            self.say(Some(span(file, raw.span())), d);
        }
        Some(raw.into_inner())
    }

    fn parent(&mut self, file: FileId, raw: &Raw, id: OperatorId) -> Option<OperatorId> {
        let parent = raw.parent.as_ref()?;
        let name: &str = parent.get_ref();
        let at = span(file, parent.span());
        if raw.top {
            let d = Diagnostic::error(
                "top-with-parent",
                "`top` contredit `parent`",
                "`top` contradicts `parent`",
            )
            .help("ôter l'un des deux", "remove one of them");
            self.say(Some(at), d);
        }
        let found = self.operators.find(name);
        if found.is_none() {
            let d = Diagnostic::error(
                "unknown-parent",
                format!("opérateur inconnu : {name}"),
                format!("unknown operator: {name}"),
            );
            let known = self.operators.ids.keys().map(|k| &**k);
            let d = suggest(d, did_you_mean(name, known));
            self.say(Some(at), d);
        }
        self.parents.insert(id, at);
        found
    }

    /// Control in a circle would have no end and no beginning.
    fn circles(&mut self) {
        let list = &self.operators.list;
        let mut found = Vec::new();
        for (id, operator) in self.operators.iter() {
            let mut next = operator.parent;
            for _ in 0..list.len() {
                match next {
                    Some(p) if p == id => {
                        found.push((id, operator.id.clone()));
                        break;
                    }
                    Some(p) => next = list[usize::from(p.0)].parent,
                    None => break,
                }
            }
        }
        for (id, name) in found {
            let d = Diagnostic::error(
                "circle",
                format!("{name} se contrôle lui-même"),
                format!("{name} controls itself"),
            )
            .help(
                "rompre le cercle des `parent`",
                "break the circle of `parent`",
            );
            self.say(self.parents.get(&id).copied(), d);
        }
    }
}

/// With the word that was probably meant, if there is one.
fn suggest(d: Diagnostic, meant: Option<&str>) -> Diagnostic {
    match meant {
        Some(word) => d.help(
            format!("vouliez-vous dire {word} ?"),
            format!("did you mean {word}?"),
        ),
        None => d,
    }
}

fn span(file: FileId, range: Range<usize>) -> Span {
    Span {
        file,
        start: range.start as u32,
        end: range.end as u32,
    }
}

/// Names of at least two labels, in small letters.
fn well_formed(name: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() < 64
            && l.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
    };
    name.len() < 254 && name.contains('.') && name.split('.').all(label)
}

/// Neither reserved, nor private, nor for documentation (RFC 6996, 5398, 7300, 7607).
fn public_asn(n: u32) -> bool {
    !matches!(n, 0 | 23456 | 64496..=131_071 | 4_200_000_000..)
}
