//! How the analyses count for a scheme: the section `[analysis]`.

use super::resolve::Resolver;
use super::{Basis, raw::Evidence};
use crate::eval::{Policies, Policy};
use cocarde_model::{Decimal, FieldId, FieldType, FileId, Text, TypeId};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

const CODE: &str = "referential-analysis";

/// How a natural person counts among holders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Persons {
    /// By country of residence.
    Residence,
    /// By nationality.
    Nationality,
    /// Not at all: the scheme speaks of entities.
    NotCounted,
}

/// How votes held through other companies count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndirectVotes {
    /// Multiplied along the chain, like capital.
    Product,
    /// The votes of controlled companies count in full.
    Assimilated,
    /// The larger of the two.
    Larger,
}

/// What the analyses need to know of a scheme.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The countries that are inside, ISO 3166-1 alpha-2; all others are outside.
    pub inside: Arc<[Arc<str>]>,
    /// The country where value made counts, ISO 3166-1 alpha-2.
    pub home: Arc<str>,
    /// How natural persons count.
    pub persons: Persons,
    /// How votes held through others count.
    pub indirect_votes: IndirectVotes,
    /// Whether the holders of listed shares are those who had to declare themselves.
    pub listed_declare: bool,
    /// Whether a central administration or main establishment that nobody
    /// stated is taken to be at the seat.
    pub follow_seat: bool,
    /// Control takes more than this share of the votes, percent.
    pub control_above: Decimal,
    /// Whether the right to appoint the majority of a board is control.
    pub control_by_appointment: bool,
    /// Kinds of activities whose costs do not count as value.
    pub value_excludes: Vec<Arc<str>>,
    /// Kinds of cost lines that do not count in the unit cost price.
    pub cost_excludes: Vec<Arc<str>>,
    /// Whether profit counts as value, where it is taxed.
    pub profit: bool,
    /// Shares of staff under contracts of the home country that are worked out.
    pub staff: Vec<StaffShare>,
    /// Which evidence an analysis may rest on.
    pub policies: Policies,
    /// What these choices rest on.
    pub basis: Basis,
    /// Where they come from.
    pub source: Text,
}

/// A share of staff, and the property that it is worked out for.
#[derive(Clone, Debug)]
pub struct StaffShare {
    /// The property, a percentage.
    pub property: (TypeId, FieldId),
    /// The kinds of activities whose staff counts.
    pub kinds: Vec<Arc<str>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAnalysis {
    inside: Spanned<String>,
    home: Spanned<String>,
    persons: Persons,
    indirect_votes: IndirectVotes,
    listed_declare: bool,
    follow_seat: bool,
    control_above: Spanned<String>,
    control_by_appointment: bool,
    #[serde(default)]
    value_excludes: Vec<Spanned<String>>,
    #[serde(default)]
    cost_excludes: Vec<Spanned<String>>,
    #[serde(default)]
    profit: bool,
    #[serde(default)]
    staff: Vec<RawStaff>,
    #[serde(default)]
    properties: BTreeMap<Spanned<String>, Evidence>,
    basis: Basis,
    #[serde(deserialize_with = "super::words::name")]
    source: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStaff {
    property: Spanned<String>,
    kinds: Vec<Spanned<String>>,
}

impl Resolver<'_> {
    /// Checks the section; every defect is told with its place.
    pub(super) fn analysis(
        &mut self,
        file: FileId,
        raw: RawAnalysis,
        evidence: &Policy,
    ) -> Option<Analysis> {
        let policies = self.policies(file, &raw.properties, evidence);
        let inside = self.inside(file, &raw.inside);
        let home = self.home(file, &raw.home);
        let control_above = self.percent(file, &raw.control_above);
        let value_excludes = self.words(file, "activity.kind", &raw.value_excludes);
        let cost_excludes = self.words(file, "cost_line.kind", &raw.cost_excludes);
        let staff = raw.staff.iter().map(|s| self.staff_share(file, s));
        let staff = staff.collect::<Vec<_>>().into_iter().collect::<Option<_>>();
        Some(Analysis {
            inside: inside?,
            home: home?,
            persons: raw.persons,
            indirect_votes: raw.indirect_votes,
            listed_declare: raw.listed_declare,
            follow_seat: raw.follow_seat,
            control_above: control_above?,
            control_by_appointment: raw.control_by_appointment,
            value_excludes: value_excludes?,
            cost_excludes: cost_excludes?,
            profit: raw.profit,
            staff: staff?,
            policies,
            basis: raw.basis,
            source: raw.source,
        })
    }

    fn inside(&mut self, file: FileId, name: &Spanned<String>) -> Option<Arc<[Arc<str>]>> {
        let found = self.sets.get(name.get_ref().as_str()).cloned();
        if found.is_none() {
            let known: Vec<Arc<str>> = self.sets.keys().cloned().collect();
            let what = ("ensemble de pays inconnu", "unknown country set");
            self.unknown(file, name, CODE, what, &known);
        }
        found
    }

    fn home(&mut self, file: FileId, code: &Spanned<String>) -> Option<Arc<str>> {
        let is_country = self.is_country(file, code, CODE);
        is_country.then(|| code.get_ref().as_str().into())
    }

    fn percent(&mut self, file: FileId, text: &Spanned<String>) -> Option<Decimal> {
        let value = Decimal::from_str_exact(text.get_ref()).ok();
        let value = value.filter(|v| (Decimal::ZERO..Decimal::ONE_HUNDRED).contains(v));
        if value.is_none() {
            let fr =
                "un seuil de contrôle est un pourcentage de 0 à moins de 100, entre guillemets";
            let en = "a threshold of control is a percentage from 0 to less than 100, in quotes";
            let (fr, en) = (fr.to_string(), en.to_string());
            self.error(file, text.span(), CODE, fr, en);
        }
        value
    }

    /// Words of the list that a property of the schema takes its values from.
    fn words(
        &mut self,
        file: FileId,
        property: &str,
        words: &[Spanned<String>],
    ) -> Option<Vec<Arc<str>>> {
        let (ty, field) = self.schema.property(property)?;
        let FieldType::Enum(known) = &self.schema.field(ty, field).ty else {
            return None;
        };
        let known = known.clone();
        let mut whole = true;
        for word in words {
            if !known.iter().any(|k| **k == **word.get_ref()) {
                let what = ("mot inconnu", "unknown word");
                self.unknown(file, word, CODE, what, &known);
                whole = false;
            }
        }
        let words = words.iter().map(|w| w.get_ref().as_str().into());
        whole.then(|| words.collect())
    }

    fn staff_share(&mut self, file: FileId, raw: &RawStaff) -> Option<StaffShare> {
        let kinds = self.words(file, "activity.kind", &raw.kinds);
        let found = self.schema.property(raw.property.get_ref());
        let property = found.filter(|(ty, field)| {
            let percent = |t: &FieldType| matches!(t, FieldType::Percent);
            percent(&self.schema.field(*ty, *field).ty)
        });
        if property.is_none() {
            let name = raw.property.get_ref();
            let fr = format!("« {name} » n'est pas une propriété en pour cent du schéma");
            let en = format!("`{name}` is not a percentage of the schema");
            self.error(file, raw.property.span(), CODE, fr, en);
        }
        Some(StaffShare {
            property: property?,
            kinds: kinds?,
        })
    }
}
