//! Answers: who does what for a domain, how we know, and which laws stand behind.

use super::rules::Rule;
use cocarde_knowledge::operators::{OperatorId, Operators};
use schemars::JsonSchema;
use serde::Serialize;

/// Who does what for one domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Classification {
    /// The domain.
    pub domain: String,
    /// When it was observed, as written by the observer.
    pub at: Option<String>,
    /// One answer a role and operator, mail first; what nobody can name stays in, unnamed.
    pub answers: Vec<Answer>,
}

/// What someone does for a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Keeps the mailboxes.
    MailHost,
    /// Receives the mail first and hands it on.
    MailGateway,
    /// May send in the domain's name.
    MailSender,
    /// Answers for its names.
    Dns,
    /// Runs the servers of its site.
    SiteHost,
    /// Stands in front of its site.
    Cdn,
    /// Is called by its pages.
    ThirdParty,
}

/// An operator in a role, with the reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The role.
    pub role: Role,
    /// Who; `null`: not known.
    pub operator: Option<Party>,
    /// How sure, in hundredths; 0 where nobody is named.
    pub confidence: u8,
    /// The rule that decided.
    pub rule: &'static str,
    /// That rule in words.
    pub because: Words,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// The networks that carry it.
    pub networks: Vec<Carrier>,
    /// Who else the facts point to, with what points there.
    pub otherwise: Vec<Candidate>,
}

/// One text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Words {
    /// French.
    pub fr: &'static str,
    /// English.
    pub en: &'static str,
}

/// An operator and who stands above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Party {
    /// Its name in `knowledge/operators`.
    pub id: String,
    /// Its usual name.
    pub name: String,
    /// From itself upwards.
    pub chain: Vec<Link>,
    /// Whether nobody is known to stand above the last link. Where this is false, other
    /// jurisdictions may be missing.
    pub complete: bool,
    /// Countries of the seats in the chain, each once.
    pub jurisdictions: Vec<String>,
    /// Public pages that say so.
    pub source: Vec<String>,
    /// The day as of which they were read.
    pub date: String,
}

/// One step of control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Link {
    /// Its usual name.
    pub name: String,
    /// Country of its seat; `null`: not known.
    pub seat: Option<String>,
}

/// A fact that an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Evidence {
    /// Kind of fact: `mx`, `spf`, `dkim`, `autodiscover`, `ns`, `site`, `third-party`, `asn`.
    pub kind: &'static str,
    /// The name or number seen.
    pub seen: String,
    /// The claimed name or number in `knowledge/operators` under which it lies.
    pub claimed: Option<String>,
    /// For a host that a page calls: the delivery network that stands in front of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cdn: Option<String>,
}

/// A network that carries a service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Carrier {
    /// Number of its autonomous system.
    pub asn: Option<u32>,
    /// Who runs it.
    pub operator: Option<String>,
    /// Where it is registered; not where a machine stands.
    pub registered: Option<String>,
    /// Where a source places the machine.
    pub located: Option<String>,
    /// Whether the address is announced from several places at once (anycast).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anycast: Option<bool>,
}

/// Another operator that facts point to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Candidate {
    /// Who.
    pub operator: Party,
    /// What points there.
    pub evidence: Vec<Evidence>,
}

impl Answer {
    pub(super) fn new(role: Role, rule: Rule) -> Self {
        Answer {
            role,
            operator: None,
            confidence: 0,
            rule: rule.id,
            because: Words {
                fr: rule.fr,
                en: rule.en,
            },
            evidence: Vec::new(),
            networks: Vec::new(),
            otherwise: Vec::new(),
        }
    }

    pub(super) fn named(role: Role, rule: Rule, operator: Party) -> Self {
        Answer {
            operator: Some(operator),
            confidence: rule.confidence,
            ..Answer::new(role, rule)
        }
    }
}

impl Classification {
    /// The first answer in a role.
    #[must_use]
    pub fn first(&self, role: Role) -> Option<&Answer> {
        self.answers.iter().find(|a| a.role == role)
    }
}

/// An operator with its chain of control.
pub(super) fn party(id: OperatorId, operators: &Operators) -> Party {
    let operator = operators.get(id);
    let chain = operators.chain(id);
    let links: Vec<Link> = chain
        .links
        .iter()
        .map(|l| operators.get(*l))
        .map(|o| Link {
            name: o.name.clone(),
            seat: o.seat.clone(),
        })
        .collect();
    let mut jurisdictions: Vec<String> = links.iter().filter_map(|l| l.seat.clone()).collect();
    jurisdictions.sort();
    jurisdictions.dedup();
    Party {
        id: operator.id.to_string(),
        name: operator.name.clone(),
        chain: links,
        complete: chain.complete,
        jurisdictions,
        source: operator.source.clone(),
        date: operator.date.to_string(),
    }
}

/// The JSON Schema of [`Classification`], draft 2020-12.
#[must_use]
pub fn classification_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Classification);
    schema.insert(
        "$id".into(),
        "https://cocarde.example/schemas/classification-1.json".into(),
    );
    serde_json::to_value(schema).unwrap_or_default()
}
