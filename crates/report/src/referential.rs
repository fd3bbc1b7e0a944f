//! A referential on a terminal: what it asks, criterion by criterion, and on what it rests.

use crate::lines::{hung, paragraph, under, wrap};
use crate::paint::{Paint, inert};
use crate::rule::broken;
use crate::words::{self, Lang};
use cocarde_model::{Provenance, Schema};
use cocarde_referential::eval::{Admission, Policies, Policy};
use cocarde_referential::load::{Basis, Confidence, Criterion, Parameter, Referential, Status};
use unicode_width::UnicodeWidthStr;

/// A referential in a line, or more where it is long: its title and version, and how many
/// criteria it has; after `lead`, under which further lines are set in.
pub fn headline(r: &Referential, lead: &str, lang: Lang, width: usize) -> String {
    let assumed = r.criteria.iter().filter(|c| c.basis == Basis::Assumption);
    let (n, assumed) = (r.criteria.len(), assumed.count());
    let criteria = match lang.several(n) {
        true => lang.of("critères", "criteria"),
        false => lang.of("critère", "criterion"),
    };
    let count = match lang {
        _ if assumed == 0 => format!("{n} {criteria}"),
        Lang::Fr => format!("{n} {criteria}, dont {assumed} par hypothèse"),
        Lang::En => format!("{n} {criteria}, {assumed} of them by assumption"),
    };
    let told = format!("{} — {count}", scheme(r, lang));
    inert(&hung(lead, &told, width))
}

/// The whole referential, in `width` columns.
pub fn referential(r: &Referential, lang: Lang, paint: Paint, width: usize) -> String {
    let sheet = Sheet {
        lang,
        paint,
        width,
        level: r.level.get(lang.code()),
    };
    let mut out = paragraph(&paint.bold(scheme(r, lang)), width);
    let published = format!("{} · {}", r.publisher.get(lang.code()), r.urn);
    out += &paragraph(&published, width);
    out += &sheet.lines(r.basis.get(lang.code()), "");
    for (i, p) in r.pillars.iter().enumerate() {
        out += &format!("\n{}\n", paint.bold(p.title.get(lang.code())));
        for c in r.criteria.iter().filter(|c| c.pillar == i) {
            out += &sheet.criterion(c);
        }
    }
    if !r.parameters.is_empty() {
        out += &format!("\n{}\n", paint.bold(lang.of("Nombres", "Numbers")));
    }
    for p in &r.parameters {
        out += &sheet.parameter(p);
    }
    paint.inert(&out)
}

/// What a referential is called, with its version.
pub fn scheme(r: &Referential, lang: Lang) -> String {
    words::titled(r.title.get(lang.code()), &r.version)
}

struct Sheet<'a> {
    lang: Lang,
    paint: Paint,
    width: usize,
    /// What the scheme calls a level.
    level: &'a str,
}

impl Sheet<'_> {
    fn criterion(&self, c: &Criterion) -> String {
        let (lang, code) = (self.lang, self.lang.code());
        let tags = format!(
            "[{}, {}]",
            words::severity(lang, c.severity),
            words::basis(lang, c.basis)
        );
        let head = format!("{}  {}  {tags}", c.id, c.title.get(code));
        let mut out = String::from("\n");
        let room = self.width.saturating_sub(c.id.width() + 2);
        for (i, line) in wrap(&head, room).iter().enumerate() {
            out += &match (i, line.strip_prefix(&*c.id)) {
                (0, Some(rest)) => format!("{} {}\n", self.paint.bold(&c.id), rest),
                _ => format!("{}  {line}\n", " ".repeat(c.id.width())),
            };
        }
        out += &self.lines(c.text.get(code), "   ");
        if let Some(applies) = &c.applies {
            out += &self.rule(lang.of("S'applique si", "Applies if"), &applies.text);
        }
        match &c.grades[..] {
            [] => out += &self.rule(lang.of("Règle", "Rule"), &c.rule.text),
            grades => {
                for g in grades {
                    let points = words::number(lang, &g.points.normalize().to_string());
                    let when = lang.of("si", "if");
                    let unit = match words::is_one(lang, g.points) {
                        true => "point",
                        false => "points",
                    };
                    let lead = format!("{} {}, {points} {unit}, {when}", self.level, g.level);
                    out += &self.rule(&lead, &g.when.text);
                }
            }
        }
        out += &self.evidence(&c.policies);
        for (lead, text) in [
            (lang.of("Lecture", "Reading"), c.guidance.get(code)),
            (lang.of("Remède", "Remedy"), c.remedy.get(code)),
            (lang.of("Source", "Source"), c.source.get(code)),
        ] {
            if !text.is_empty() {
                out += &self.note(lead, text);
            }
        }
        out
    }

    /// A rule, as it is written; lines that are too long go on further in.
    fn rule(&self, lead: &str, text: &str) -> String {
        let mut out = hung("   ", &format!("{lead}{}", self.lang.colon()), self.width);
        for line in text.trim().lines().flat_map(|l| broken(l, self.width - 6)) {
            out += &format!("      {}\n", self.paint.place(line));
        }
        out
    }

    fn note(&self, lead: &str, text: &str) -> String {
        under(
            self.paint,
            "=",
            &format!("{lead}{} {text}", self.lang.colon()),
            self.width,
        )
    }

    fn lines(&self, text: &str, indent: &str) -> String {
        let lines = wrap(text, self.width.saturating_sub(indent.len()));
        lines.iter().map(|l| format!("{indent}{l}\n")).collect()
    }

    /// What may establish and refute: for all properties, then for those that differ.
    fn evidence(&self, policies: &Policies) -> String {
        let mut out = String::new();
        let mut own: Vec<(&Policy, Vec<String>)> = Vec::new();
        for (ty, field) in policies.by_property().keys() {
            let policy = policies.of((*ty, *field));
            let name = Schema::standard().property_name(*ty, *field);
            match own.iter_mut().find(|(p, _)| *p == policy) {
                Some((_, names)) => names.push(name),
                None => own.push((policy, vec![name])),
            }
        }
        let lead = self.lang.of("Preuves", "Evidence");
        let default = policies.get(Policies::DEFAULT);
        out += &self.note(lead, &self.policy(default));
        for (policy, names) in own.iter().filter(|(p, _)| *p != default) {
            let text = format!(
                "{}{} {}",
                names.join(", "),
                self.lang.colon(),
                self.policy(policy)
            );
            out += &under(self.paint, "  ·", &text, self.width);
        }
        out
    }

    fn policy(&self, p: &Policy) -> String {
        let (by, also) = (
            self.admitted(&p.established_by),
            self.admitted(&p.refuted_by),
        );
        match self.lang {
            Lang::Fr => format!("établi par {by} ; réfuté aussi par {also}"),
            Lang::En => format!("established by {by}; refuted also by {also}"),
        }
    }

    fn admitted(&self, by: &Admission) -> String {
        let one = |p: Provenance| {
            let least = by[p as usize]?;
            Some(words::admitted(self.lang, p, least))
        };
        let all: Vec<String> = Provenance::ALL.into_iter().filter_map(one).collect();
        match all.is_empty() {
            true => self.lang.of("rien d'autre", "nothing else").into(),
            false => all.join(", "),
        }
    }

    fn parameter(&self, p: &Parameter) -> String {
        let lang = self.lang;
        let status = match p.status {
            Status::Published => lang.of("publié", "published"),
            Status::Assumption => lang.of("hypothèse", "assumption"),
        };
        let sure = p.confidence.map(|c| sureness(lang, c).to_string());
        let notes = [Some(status.into()), sure, period(lang, p)];
        let notes: Vec<String> = notes.into_iter().flatten().collect();
        let value = words::written(lang, &p.written());
        let title = p.title.get(lang.code());
        let text = format!("{title}{} {value} [{}]", lang.colon(), notes.join(", "));
        format!("\n{}\n", self.paint.bold(&p.id))
            + &self.lines(&text, "   ")
            + &self.note(lang.of("Source", "Source"), p.source.get(lang.code()))
    }
}

/// How sure the source of a number is.
fn sureness(lang: Lang, c: Confidence) -> &'static str {
    match c {
        Confidence::Primary => lang.of("source primaire", "primary source"),
        Confidence::Secondary => lang.of("source secondaire", "secondary source"),
        Confidence::Inferred => lang.of("par déduction", "inferred"),
        Confidence::Memory => lang.of("de mémoire", "from memory"),
    }
}

/// When a number is valid.
fn period(lang: Lang, p: &Parameter) -> Option<String> {
    let day = |d: cocarde_model::Date| words::day(lang, &d.to_string());
    Some(match (p.valid_from, p.valid_to, lang) {
        (None, None, _) => return None,
        (Some(a), None, Lang::Fr) => format!("depuis le {}", day(a)),
        (Some(a), None, Lang::En) => format!("since {}", day(a)),
        (None, Some(b), Lang::Fr) => format!("jusqu'au {}", day(b)),
        (None, Some(b), Lang::En) => format!("until {}", day(b)),
        (Some(a), Some(b), Lang::Fr) => format!("du {} au {}", day(a), day(b)),
        (Some(a), Some(b), Lang::En) => format!("from {} to {}", day(a), day(b)),
    })
}
