//! Who has data in possession, custody or control.

use crate::control::{ControlGraph, EntityId};
use crate::facts::View;
use cocarde_knowledge::regimes::Aspect;
use cocarde_model::{RecordId, Truth};
use std::sync::Arc;

/// How an actor comes to have data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// It provides the offering.
    Provides,
    /// It operates the hosting.
    Hosts,
    /// It supplies something and can obtain them.
    Supplies,
}

/// An actor who has, or may have, one class of data.
#[derive(Clone, Debug)]
pub struct Custodian {
    /// The class of data.
    pub class: Arc<str>,
    /// The actor; `None` when nobody named the operator.
    pub actor: Option<EntityId>,
    /// How it comes to have them.
    pub way: Way,
    /// Whether it has them at all.
    pub has: Truth,
    /// Whether it could read content: false when the keys are out of its hands.
    pub readable: Truth,
    /// Whether the service stops when it stops.
    pub stops: Truth,
    /// Where the data are, for a hosting; `None` when unknown.
    pub place: Option<Arc<str>>,
    /// From where they are administered or supported, as far as is known.
    pub from: Vec<Arc<str>>,
    /// Whether that is all.
    pub from_all: bool,
}

impl Custodian {
    /// Whether it has what is asked of a class of data.
    pub(super) fn has_for(&self, class: &str, aspect: Aspect) -> Truth {
        match aspect {
            Aspect::Availability => self.stops,
            _ if &*self.class != class => Truth::False,
            Aspect::Content => self.has.and(self.readable),
            Aspect::Metadata => self.has,
        }
    }
}

/// All custodians of an offering's data.
#[derive(Clone, Debug)]
pub struct Custodies {
    /// Each custodian of each class.
    pub list: Vec<Custodian>,
    /// Whether every hosting and supplier is stated.
    pub complete: bool,
    /// The applicant.
    pub applicant: EntityId,
}

/// Classes of the schema that are content, with what the service must know
/// about them as metadata.
const CONTENT: [&str; 4] = ["customer-content", "personal", "health", "backup"];

/// Classes that no regime needs to reach.
const OPEN: [&str; 1] = ["public"];

/// Whether a class of data is content.
pub fn is_content(class: &str) -> bool {
    CONTENT.contains(&class)
}

/// Whether no hosting or supplier may be missing from the lists.
pub(super) fn all_stated(view: View<'_>) -> bool {
    let offering = view.part(view.base.root(), "offering");
    let all = |o| {
        ["hosting", "suppliers"]
            .iter()
            .all(|list| view.members(o, list).1)
    };
    offering.is_some_and(all)
}

impl Custodies {
    /// The custodians that a dossier states; `None` without an applicant.
    pub fn from_facts(view: View<'_>, graph: &ControlGraph) -> Option<Custodies> {
        let root = view.base.root();
        let applicant = graph.by_record(view.part(root, "organisation")?)?;
        let offering = view.part(root, "offering")?;
        let (hostings, all_hostings) = view.members(offering, "hosting");
        let suppliers = view.members(offering, "suppliers").0;
        let mut reader = Reader {
            view,
            graph,
            applicant,
            hostings,
            complete: all_hostings,
            named: named(view, hostings, suppliers),
            list: Vec::new(),
        };
        hostings.iter().for_each(|h| reader.hosting(*h));
        suppliers.iter().for_each(|s| reader.supplier(*s));
        Some(Custodies {
            list: reader.list,
            complete: all_stated(view),
            applicant,
        })
    }

    /// The classes of data, sorted, without those that are open to all.
    pub fn classes(&self) -> Vec<Arc<str>> {
        let mut classes: Vec<Arc<str>> = self.list.iter().map(|c| c.class.clone()).collect();
        classes.sort();
        classes.dedup();
        classes.retain(|c| !OPEN.contains(&&**c));
        classes
    }
}

struct Reader<'a> {
    view: View<'a>,
    graph: &'a ControlGraph,
    applicant: EntityId,
    hostings: &'a [RecordId],
    /// Whether these are all hostings.
    complete: bool,
    /// The classes that may be wherever nobody stated which are.
    named: Vec<Arc<str>>,
    list: Vec<Custodian>,
}

/// The classes of data that any hosting or supplier is stated to have, where that does
/// not stand by anyone, sorted, and content, where one is of which it does not stand.
fn named(view: View<'_>, hostings: &[RecordId], suppliers: &[RecordId]) -> Vec<Arc<str>> {
    let open = hostings.iter().any(|h| view.texts(*h, "data").is_none());
    let said = |record: &RecordId, list| match view.texts(*record, list) {
        Some(classes) => classes.to_vec(),
        None => view.words(*record, list),
    };
    let hosted = hostings.iter().flat_map(|h| said(h, "data"));
    let obtained = suppliers.iter().flat_map(|s| said(s, "can_reach"));
    let mut named: Vec<Arc<str>> = hosted.chain(obtained).collect();
    named.extend(open.then(|| "customer-content".into()));
    named.sort();
    named.dedup();
    named
}

/// Who holds the keys, as far as reading content goes.
fn readable_by(keys: Option<&str>, is_applicant: bool, is_operator: bool) -> Truth {
    match keys {
        Some("customer") => Truth::False,
        Some("applicant") => is_applicant.into(),
        // The operator's keys serve the applicant, who provides the service.
        Some("operator") => (is_operator || is_applicant).into(),
        Some("nobody") => Truth::True,
        _ => Truth::Unknown,
    }
}

impl Reader<'_> {
    fn party(&self, record: RecordId, field: &str) -> Option<EntityId> {
        self.graph.by_record(self.view.record(record, field)?)
    }

    fn hosting(&mut self, record: RecordId) {
        let view = self.view;
        let operator = self.party(record, "operator");
        let keys = view.text(record, "keys_held_by");
        let (classes, has) = self.had(view.texts(record, "data"));
        let parts = [
            view.texts(record, "administered_from"),
            view.texts(record, "supported_from"),
        ];
        let from_all = parts.iter().all(Option::is_some);
        let from = parts.into_iter().flatten().flat_map(|p| p.to_vec());
        let from: Vec<Arc<str>> = from.collect();
        for class in classes.iter() {
            let custodian = |actor: Option<EntityId>, way| {
                let is_applicant = actor == Some(self.applicant);
                Custodian {
                    class: class.clone(),
                    actor,
                    way,
                    has,
                    readable: readable_by(keys.as_deref(), is_applicant, way == Way::Hosts),
                    stops: Truth::True,
                    place: view.text(record, "country"),
                    from: from.clone(),
                    from_all,
                }
            };
            let host = custodian(operator, Way::Hosts);
            let provider = custodian(Some(self.applicant), Way::Provides);
            if operator != Some(self.applicant) {
                self.list.push(host);
            }
            self.list.push(provider);
        }
    }

    /// The classes that someone has: those stated, or else any that are named may be.
    fn had(&self, stated: Option<Arc<[Arc<str>]>>) -> (Vec<Arc<str>>, Truth) {
        match stated {
            Some(classes) => (classes.to_vec(), Truth::True),
            None => (self.named.clone(), Truth::Unknown),
        }
    }

    fn supplier(&mut self, record: RecordId) {
        let view = self.view;
        let stops = view
            .bool(record, "essential")
            .map_or(Truth::Unknown, Truth::from);
        let (mut classes, has) = self.had(view.texts(record, "can_reach"));
        classes.sort();
        classes.dedup();
        if classes.is_empty() {
            // It holds nothing, but the service may need it.
            classes.push("public".into());
        }
        for class in classes {
            let readable = self.reads(&class);
            self.list.push(Custodian {
                actor: self.party(record, "party"),
                way: Way::Supplies,
                has: if &*class == "public" {
                    Truth::False
                } else {
                    has
                },
                readable,
                stops,
                place: None,
                from: Vec::new(),
                from_all: true,
                class,
            });
        }
    }

    /// Whether a supplier that obtains a class could read it: not when it is
    /// hosted, and everywhere under keys with which the provider cannot read it.
    fn reads(&self, class: &Arc<str>) -> Truth {
        let hosted: Vec<(Truth, Truth)> = self
            .hostings
            .iter()
            .map(|h| (self.is_there(*h, class), self.read_there(*h)))
            .filter(|(there, _)| *there != Truth::False)
            .collect();
        let any = |is: &dyn Fn(Truth, Truth) -> bool| hosted.iter().any(|(t, r)| is(*t, *r));
        let may = !any(&|there, _| there == Truth::True) || any(&|_, read| read != Truth::False);
        let may_not = !any(&|there, read| there.and(read) == Truth::True)
            && (!self.complete || any(&|_, read| read != Truth::True));
        match (may, may_not) {
            (true, true) => Truth::Unknown,
            (may, _) => may.into(),
        }
    }

    /// Whether a hosting has a class of data.
    fn is_there(&self, hosting: RecordId, class: &Arc<str>) -> Truth {
        let data = self.view.texts(hosting, "data");
        data.map_or(Truth::Unknown, |d| d.contains(class).into())
    }

    /// Whether the provider could read what a hosting has.
    fn read_there(&self, hosting: RecordId) -> Truth {
        let keys = self.view.text(hosting, "keys_held_by");
        readable_by(keys.as_deref(), true, false)
    }
}
