//! The least change, written out.

use super::write::Writer;
use super::{BoundReport, EditReport, NearestReport, ReachReport};
use crate::explain::{Bound, Edit, Nearest, Reach};
use cocarde_model::{RecordId, TypeId, Value};

impl Writer<'_> {
    pub(super) fn nearest(&self, n: &Nearest) -> NearestReport {
        let mut added = Vec::new();
        for e in &n.edits {
            if let Edit::Add(_, record, ty) = e {
                added.push((*record, *ty));
            }
        }
        let edits = n.edits.iter().map(|e| self.edit(e, &added, &n.reaches));
        let edits = edits.collect();
        NearestReport {
            cost: n.cost,
            proven: n.proven,
            edits,
        }
    }

    fn edit(&self, e: &Edit, added: &[(RecordId, TypeId)], reaches: &[Reach]) -> EditReport {
        let (kind, key, to, record) = match e {
            Edit::Establish(k, v) => ("establish", k, Some(v), None),
            Edit::Change(k, v) => ("change", k, Some(v), None),
            Edit::Complete(k) => ("complete", k, None, None),
            Edit::Remove(k, r) => ("remove", k, None, Some(*r)),
            Edit::Add(k, r, _) => ("add", k, None, Some(*r)),
        };
        let of_new = |record: RecordId| added.iter().find(|(r, _)| *r == record);
        let name = |record: RecordId| match of_new(record) {
            Some((r, ty)) => {
                let nth = r.0 as usize - self.base.record_count() + 1;
                format!("{}:+{nth}", self.base.schema().ty(*ty).name)
            }
            None => self.base.record_name(record),
        };
        let ty = of_new(key.record).map_or_else(|| self.base.record(key.record).ty, |(_, ty)| *ty);
        let field = self.base.schema().field(ty, key.field);
        let reach = reaches.iter().find(|r| to.is_some() && r.of == *key);
        EditReport {
            kind: kind.into(),
            property: format!("{}.{}", name(key.record), field.name),
            label: (&field.doc).into(),
            to: to.map(|v| self.value(v)),
            to_name: match to {
                Some(Value::Ref(r)) if of_new(*r).is_none() => self.text_of(*r, "name"),
                _ => None,
            },
            record: record.map(name),
            reach: reach.map(|r| self.reach(r)),
        }
    }

    fn reach(&self, reach: &Reach) -> ReachReport {
        let bound = |b: &Bound| BoundReport {
            at: self.value(&b.at),
            included: b.included,
        };
        ReachReport {
            least: reach.least.as_ref().map(bound),
            most: reach.most.as_ref().map(bound),
        }
    }
}
