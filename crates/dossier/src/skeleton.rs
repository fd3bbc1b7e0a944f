//! The files of a new dossier, commented, to be filled in.

use cocarde_model::{Field, FieldType, Schema, Text, TypeId};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    ids: BTreeMap<String, Vec<String>>,
    file: Vec<PlannedFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedFile {
    name: Text,
    fr: String,
    en: String,
    tables: Vec<String>,
    kinds: Option<Vec<String>>,
}

/// The kinds of offering that a dossier can be started for.
pub fn kinds() -> Vec<String> {
    let schema = Schema::standard();
    match schema
        .property("offering.kind")
        .map(|(t, f)| &schema.field(t, f).ty)
    {
        Some(FieldType::Enum(words)) => words.iter().map(|w| w.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// The names and texts of the files of a new dossier for an offering of that
/// kind, commented in `lang` (`"en"` for English, French otherwise); `None` for
/// an unknown kind. Every property is there, as a line to uncomment: `#key =`
/// with no space, whereas `# ` starts a comment.
pub fn skeleton(kind: &str, lang: &str) -> Option<Vec<(String, String)>> {
    if !kinds().iter().any(|k| k == kind) {
        return None;
    }
    let plan: Plan = toml::from_str(include_str!("../data/skeleton.toml"))
        .expect("the plan that ships is well-formed");
    let writer = Writer {
        schema: Schema::standard(),
        plan: &plan,
        kind,
        lang,
    };
    let wanted = |f: &&PlannedFile| {
        let kinds = f.kinds.as_ref();
        kinds.is_none_or(|k| k.iter().any(|x| x == kind))
    };
    let files = plan.file.iter().filter(wanted);
    Some(
        files
            .enumerate()
            .map(|(i, f)| writer.file(f, i == 0))
            .collect(),
    )
}

struct Writer<'a> {
    schema: &'a Schema,
    plan: &'a Plan,
    kind: &'a str,
    lang: &'a str,
}

impl Writer<'_> {
    fn say<'t>(&self, fr: &'t str, en: &'t str) -> &'t str {
        if self.lang == "en" { en } else { fr }
    }

    fn file(&self, file: &PlannedFile, first: bool) -> (String, String) {
        let mut out = String::new();
        comment(&mut out, self.say(&file.fr, &file.en));
        if first {
            self.preamble(&mut out);
        }
        for table in &file.tables {
            self.table(&mut out, table);
        }
        (file.name.get(self.lang).to_string(), out)
    }

    fn preamble(&self, out: &mut String) {
        for line in [
            self.say(
                "Enlever le « # » collé à une ligne pour la dire. Ce qui n'est pas dit reste inconnu.",
                "Take away the \"#\" that touches a line to state it. What is not stated stays unknown.",
            ),
            self.say(
                "Une valeur connue en partie s'écrit { min = \"10\", max = \"20\" }.",
                "A value known in part is written { min = \"10\", max = \"20\" }.",
            ),
            self.say(
                "Une preuve cite une pièce et sa page : evidence = [\"doc:contrat#p4\"].",
                "Evidence cites a document and its page: evidence = [\"doc:contrat#p4\"].",
            ),
            self.say(
                "Listes vides pour de bon (none) ou données en partie (partial) :",
                "Lists that are truly empty (none) or given in part (partial):",
            ),
        ] {
            comment(out, line);
        }
        out.push_str("#none = []\n#partial = []\n\n[dossier]\nformat = 1\n");
    }

    /// A table: its header stands as it is for what exists once, and as an example
    /// to uncomment for lists.
    fn table(&self, out: &mut String, name: &str) {
        let root = self.schema.ty(self.schema.root());
        let single = root.field(name).map(|f| &root.fields[f.0 as usize].ty);
        if let Some(FieldType::One(ty)) = single {
            out.push('\n');
            comment(out, self.schema.ty(*ty).doc.get(self.lang));
            let _ = writeln!(out, "[{name}]");
            return self.fields(out, *ty);
        }
        let Some(ty) = self.schema.by_name(name) else {
            return;
        };
        let ids = self
            .plan
            .ids
            .get(name)
            .cloned()
            .unwrap_or_else(|| vec!["exemple".into()]);
        for id in ids {
            out.push('\n');
            comment(out, self.schema.ty(ty).doc.get(self.lang));
            let _ = writeln!(out, "#[[{name}]]\n#id = \"{id}\"");
            self.fields(out, ty);
        }
    }

    fn fields(&self, out: &mut String, ty: TypeId) {
        let of = self.schema.ty(ty);
        for field in of.fields.iter().filter(|f| f.ty.is_scalar()) {
            comment(out, field.doc.get(self.lang));
            if let FieldType::Enum(words) | FieldType::Enums(words) = &field.ty {
                let words: Vec<&str> = words.iter().map(|w| &**w).collect();
                let lead = self.say("Au choix : ", "One of: ");
                comment(out, &format!("{lead}{}.", words.join(", ")));
            }
            if &*of.name == "offering" && &*field.name == "kind" {
                let _ = writeln!(out, "kind = \"{}\"", self.kind);
            } else {
                let _ = writeln!(out, "#{} = {}", field.name, example(field));
            }
        }
        if &*of.name != "document" {
            out.push_str("#evidence = [\"doc:contrat#p1\"]\n");
        }
    }
}

fn comment(out: &mut String, text: &str) {
    let _ = writeln!(out, "# {text}");
}

/// The example of the schema, or a value of the type.
fn example(field: &Field) -> String {
    if let Some(example) = &field.example {
        return example.to_string();
    }
    match &field.ty {
        FieldType::Bool => "true".into(),
        FieldType::Integer | FieldType::Money | FieldType::Count => "1".into(),
        FieldType::Percent => "0".into(),
        FieldType::Date => "2026-12-31".into(),
        FieldType::Country => "\"FR\"".into(),
        FieldType::Enum(words) => format!("\"{}\"", words.first().map_or("", |w| w)),
        FieldType::Texts | FieldType::Countries | FieldType::Enums(_) => "[]".into(),
        _ => "\"…\"".into(),
    }
}
