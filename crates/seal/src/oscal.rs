//! OSCAL (NIST): the referential as a catalog, the offering as a component
//! definition, the assessment as results, what is open as a plan of action.
//!
//! Identifiers are UUIDs of version 5, made from what they name, so that the same
//! assessment gives the same bytes.

use crate::json;
use crate::time::{self, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

/// The version of OSCAL that is written.
pub const VERSION: &str = "1.2.3";

/// The four documents.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The referential.
    pub catalog: Value,
    /// The offering.
    pub component_definition: Value,
    /// The assessment.
    pub assessment_results: Value,
    /// What is open; absent when nothing is (OSCAL wants at least one item).
    pub plan: Option<Value>,
}

/// A UUID of version 5 under our own namespace: OSCAL takes versions 4 and 5 alone,
/// and version 4 would be drawn anew each time.
fn uuid(name: &str) -> String {
    let ours = Uuid::new_v5(
        &Uuid::NAMESPACE_URL,
        crate::credential::CONTEXT_URL.as_bytes(),
    );
    Uuid::new_v5(&ours, name.as_bytes()).to_string()
}

/// An OSCAL token: letters, digits, `.`, `-`, `_`, not starting with a digit.
fn token(text: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || ".-_".contains(c) {
            c
        } else {
            '-'
        }
    };
    let token: String = text.chars().map(plain).collect();
    let letter = token.starts_with(|c: char| c.is_ascii_alphabetic());
    if letter { token } else { format!("c-{token}") }
}

struct Source<'a> {
    report: &'a Value,
    made: String,
    key: String,
    lang: &'a str,
}

/// Writes an assessment (the JSON of `cocarde assess --format json`) as OSCAL.
pub fn write(report: &Value, made: Timestamp, lang: &str) -> Documents {
    let text = |path: &[&str]| json::text(report, path).unwrap_or("?").to_owned();
    let source = Source {
        key: format!(
            "{}/{}",
            text(&["referential", "digest"]),
            text(&["application", "digest"])
        ),
        made: time::write(made),
        report,
        lang: if lang == "en" { "en" } else { "fr" },
    };
    Documents {
        catalog: source.catalog(),
        component_definition: source.component_definition(),
        assessment_results: source.results(),
        plan: source.plan(),
    }
}

impl Source<'_> {
    fn text(&self, path: &[&str]) -> &str {
        json::text(self.report, path).unwrap_or("?")
    }

    fn words<'v>(&self, v: &'v Value, name: &str) -> &'v str {
        let found = json::text(v, &[name, self.lang]).unwrap_or("?");
        if found.is_empty() { "?" } else { found }
    }

    fn list(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.report
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    }

    fn metadata(&self, title: &str) -> Value {
        json!({"title": title, "last-modified": self.made, "version": self.text(&["referential", "version"]),
               "oscal-version": VERSION})
    }

    fn referential(&self) -> String {
        let title = json::text(self.report, &["referential", "title", self.lang]);
        title
            .unwrap_or(self.text(&["referential", "id"]))
            .to_owned()
    }

    fn offering(&self) -> String {
        self.text(&["application", "offering"]).to_owned()
    }

    fn uuid(&self, name: &str) -> String {
        uuid(&format!("{}/{name}", self.key))
    }

    fn catalog(&self) -> Value {
        let control = |c: &Value| {
            let id = token(json::text(c, &["id"]).unwrap_or("?"));
            let uri = json::text(c, &["uri"]).unwrap_or("?");
            json!({"id": id, "title": self.words(c, "title"),
                   "links": [{"href": uri, "rel": "canonical"}],
                   "parts": [{"id": format!("{id}_smt"), "name": "statement", "prose": self.words(c, "text")},
                             {"id": format!("{id}_gdn"), "name": "guidance", "prose": self.words(c, "guidance")}]})
        };
        let group = |p: &Value| {
            let id = json::text(p, &["id"]).unwrap_or("?");
            let mine = self.list("criteria").filter(|c| c["pillar"] == *id);
            json!({"id": token(id), "title": self.words(p, "title"),
                   "controls": mine.map(control).collect::<Value>()})
        };
        let used = |g: &Value| g["controls"].as_array().is_some_and(|c| !c.is_empty());
        let groups: Vec<Value> = self.list("pillars").map(group).filter(used).collect();
        let id = uuid(&format!(
            "catalog/{}",
            self.text(&["referential", "digest"])
        ));
        json!({"catalog": {"uuid": id, "metadata": self.metadata(&self.referential()), "groups": groups}})
    }

    fn component_definition(&self) -> Value {
        let requirement = |c: &Value| {
            let id = json::text(c, &["id"]).unwrap_or("?");
            json!({"uuid": self.uuid(&format!("requirement/{id}")), "control-id": token(id),
                   "description": self.words(c, "title"),
                   "props": [{"name": "verdict", "ns": crate::credential::CONTEXT_URL,
                              "value": json::text(c, &["verdict"]).unwrap_or("undetermined")}]})
        };
        let all: Vec<Value> = self.list("criteria").map(requirement).collect();
        json!({"component-definition": {
            "uuid": self.uuid("component-definition"), "metadata": self.metadata(&self.offering()),
            "components": [{
                "uuid": self.uuid("component"), "type": "service", "title": self.offering(),
                "description": self.offering(),
                "control-implementations": [{
                    "uuid": self.uuid("implementation"), "source": "catalog.json",
                    "description": self.referential(), "implemented-requirements": all,
                }],
            }],
        }})
    }

    fn observation(&self, c: &Value) -> Value {
        let id = json::text(c, &["id"]).unwrap_or("?");
        json!({"uuid": self.uuid(&format!("observation/{id}")), "description": self.words(c, "title"),
               "methods": ["EXAMINE"], "collected": format!("{}T00:00:00Z", self.text(&["as_of"]))})
    }

    fn finding(&self, c: &Value) -> Value {
        let id = json::text(c, &["id"]).unwrap_or("?");
        let verdict = json::text(c, &["verdict"]).unwrap_or("undetermined");
        // OSCAL has two states; what is not known to be met is not satisfied, and
        // says so in its reason.
        let met = ["satisfied", "not-applicable"].contains(&verdict);
        let state = if met { "satisfied" } else { "not-satisfied" };
        json!({"uuid": self.uuid(&format!("finding/{id}")), "title": self.words(c, "title"),
               "description": self.words(c, "text"),
               "target": {"type": "statement-id", "target-id": format!("{}_smt", token(id)),
                          "status": {"state": state, "reason": verdict}},
               "related-observations": [{"observation-uuid": self.uuid(&format!("observation/{id}"))}]})
    }

    fn results(&self) -> Value {
        let controls: Vec<Value> = self
            .list("criteria")
            .map(|c| json!({"control-id": token(json::text(c, &["id"]).unwrap_or("?"))}))
            .collect();
        json!({"assessment-results": {
            "uuid": self.uuid("assessment-results"),
            "metadata": self.metadata(&format!("{} · {}", self.offering(), self.referential())),
            "import-ap": {"href": format!("urn:sha256:{}", self.text(&["application", "digest"]))},
            "results": [{
                "uuid": self.uuid("result"), "title": self.referential(),
                "description": self.words(&self.report["referential"], "basis"),
                "start": format!("{}T00:00:00Z", self.text(&["as_of"])),
                "reviewed-controls": {"control-selections": [{"include-controls": controls}]},
                "observations": self.list("criteria").map(|c| self.observation(c)).collect::<Value>(),
                "findings": self.list("criteria").map(|c| self.finding(c)).collect::<Value>(),
            }],
        }})
    }

    fn plan(&self) -> Option<Value> {
        let open = |c: &&Value| c["verdict"] == "not-satisfied" || c["verdict"] == "undetermined";
        let item = |c: &Value| {
            let id = json::text(c, &["id"]).unwrap_or("?");
            json!({"uuid": self.uuid(&format!("poam/{id}")), "title": self.words(c, "title"),
                   "description": self.words(c, "remedy"),
                   "related-observations": [{"observation-uuid": self.uuid(&format!("observation/{id}"))}]})
        };
        let items: Vec<Value> = self.list("criteria").filter(open).map(item).collect();
        let observations: Vec<Value> = self
            .list("criteria")
            .filter(open)
            .map(|c| self.observation(c))
            .collect();
        (!items.is_empty()).then(|| json!({"plan-of-action-and-milestones": {
            "uuid": self.uuid("poam"), "metadata": self.metadata(&self.offering()),
            "system-id": {"identifier-type": "http://ietf.org/rfc/rfc4122", "id": self.uuid("system")},
            "observations": observations, "poam-items": items,
        }}))
    }
}
