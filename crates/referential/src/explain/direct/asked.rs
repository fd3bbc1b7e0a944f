//! What may be asked of a record at once, and the cheapest way to have it so.

use super::super::edits::{Price, Step, together};
use super::super::want::Want;
use super::looks::Looks;
use super::sets::Set;
use super::{Added, Beyond};
use crate::rule::NodeId;
use cocarde_model::RecordId;
use smallvec::SmallVec;

/// Tests that all have to come out so: a bit for each, by its position in [`Tests`].
pub(super) type Bits = u64;

/// All tests that may be asked of a record of a list.
#[derive(Default)]
pub(super) struct Tests {
    all: SmallVec<[(NodeId, Want); 8]>,
    /// For each property that has to change for some of them: which.
    of_property: SmallVec<[(NodeId, Bits); 4]>,
}

impl Tests {
    /// A set of tests.
    pub(super) fn bits(&mut self, looks: &Looks<'_, '_>, set: &Set) -> Result<Bits, Beyond> {
        let mut bits = 0;
        for test in set {
            bits |= self.bit(looks, *test)?;
        }
        Ok(bits)
    }

    fn bit(&mut self, looks: &Looks<'_, '_>, test: (NodeId, Want)) -> Result<Bits, Beyond> {
        if let Some(at) = self.all.iter().position(|t| *t == test) {
            return Ok(1 << at);
        }
        let bit = Bits::checked_shl(1, self.all.len() as u32).ok_or(Beyond)?;
        self.all.push(test);
        let property = looks.shape.changes(test.0);
        match self.of_property.iter_mut().find(|(p, _)| *p == property) {
            Some((_, bits)) => *bits |= bit,
            None => self.of_property.push((property, bit)),
        }
        Ok(bit)
    }

    fn each(&self, bits: Bits) -> Set {
        let each = self.all.iter().enumerate();
        let asked = each.filter(|(at, _)| bits >> at & 1 == 1);
        asked.map(|(_, test)| *test).collect()
    }
}

/// The cheapest changes of one record by which tests come out so.
pub(super) struct Changes<'c, 's, 'a> {
    looks: &'c Looks<'s, 'a>,
    tests: &'c Tests,
    record: RecordId,
    added: Added,
    /// For tests of one property its change: nothing inside where they come out so already,
    /// nothing where no change will do.
    known: SmallVec<[(Bits, Option<Option<Step>>); 4]>,
}

impl<'c, 's, 'a> Changes<'c, 's, 'a> {
    pub(super) fn of(
        looks: &'c Looks<'s, 'a>,
        tests: &'c Tests,
        (record, added): (RecordId, Added),
    ) -> Changes<'c, 's, 'a> {
        Changes {
            looks,
            tests,
            record,
            added,
            known: SmallVec::new(),
        }
    }

    /// What they cost; nothing where some tests cannot come out so together.
    pub(super) fn price(&mut self, bits: Bits) -> Result<Option<Price>, Beyond> {
        let mut price = Price::default();
        for (_, of_property) in &self.tests.of_property {
            match self.step(bits & of_property)? {
                None => return Ok(None),
                Some(None) => {}
                Some(Some(step)) => price = together(price, step.price()),
            }
        }
        Ok(Some(price))
    }

    /// The changes.
    pub(super) fn steps(&mut self, bits: Bits) -> Result<SmallVec<[Step; 2]>, Beyond> {
        let mut steps = SmallVec::new();
        for (_, of_property) in &self.tests.of_property {
            let step = self.step(bits & of_property)?.cloned().flatten();
            steps.extend(step);
        }
        Ok(steps)
    }

    fn step(&mut self, bits: Bits) -> Result<Option<&Option<Step>>, Beyond> {
        const NONE: Option<&Option<Step>> = Some(&None);
        if bits == 0 {
            return Ok(NONE);
        }
        let at = match self.known.iter().position(|(b, _)| *b == bits) {
            Some(at) => at,
            None => {
                let tests = self.tests.each(bits);
                let step = self.looks.step(&tests, Some(self.record), self.added)?;
                self.known.push((bits, step));
                self.known.len() - 1
            }
        };
        Ok(self.known[at].1.as_ref())
    }
}
