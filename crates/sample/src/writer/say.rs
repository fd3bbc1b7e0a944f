//! How a property is said: rightly or amiss, wholly or in part, with or without proof.

use super::Writer;
use std::fmt::Write;

const ABROAD: [&str; 6] = ["US", "US", "GB", "CN", "IN", "CH"];
const UNION: [&str; 3] = ["DE", "NL", "IT"];

impl Writer {
    /// A line of the dossier.
    pub(super) fn line(&mut self, what: std::fmt::Arguments<'_>) {
        // A String takes whatever is written to it.
        let _ = writeln!(self.text, "{what}");
    }

    /// A property, unless it is left unsaid.
    pub(super) fn say(&mut self, name: &str, value: impl std::fmt::Display) {
        if !self.draw.per_mille(self.unsaid) {
            self.line(format_args!("{name} = {value}"));
        }
    }

    /// A yes or no that should be `good`.
    pub(super) fn should(&mut self, name: &str, good: bool) {
        let value = good != self.draw.per_mille(self.amiss);
        self.say(name, value);
    }

    /// A country that should be France.
    pub(super) fn in_france(&mut self, name: &str) {
        let other = [ABROAD.as_slice(), UNION.as_slice()].concat();
        let at = if self.draw.per_mille(self.amiss) {
            self.draw.one(&other)
        } else {
            "FR"
        };
        self.say(name, format_args!("{at:?}"));
    }

    /// A country that should be in the Union.
    pub(super) fn union(&mut self) -> String {
        let at = match () {
            () if self.draw.per_mille(self.amiss) => self.draw.one(&ABROAD),
            () if self.draw.per_mille(150) => self.draw.one(&UNION),
            () => "FR",
        };
        format!("{at:?}")
    }

    pub(super) fn in_union(&mut self, name: &str) {
        let at = self.union();
        self.say(name, at);
    }

    /// A day of the last months, or of long ago.
    pub(super) fn recent(&mut self, name: &str) {
        let year = if self.draw.per_mille(self.amiss) {
            2023
        } else {
            2026
        };
        let (month, day) = (self.draw.between(1, 10), self.draw.between(1, 28));
        self.say(name, format_args!("{year}-{month:02}-{day:02}"));
    }

    /// A number that should be at most `most`; known in part now and then.
    pub(super) fn at_most(&mut self, name: &str, most: u64, worst: u64) {
        let value = match self.draw.per_mille(self.amiss) {
            true => self.draw.between(most + 1, worst),
            false => self.draw.between(0, most),
        };
        if self.draw.per_mille(self.unsaid) {
            let (low, high) = (value.saturating_sub(5), (value + 5).min(worst));
            self.line(format_args!("{name} = {{ min = {low}, max = {high} }}"));
        } else {
            self.say(name, value);
        }
    }

    /// The proof of a table, unless it is merely claimed.
    pub(super) fn proof(&mut self, document: &str) {
        if !self.draw.per_mille(self.unproven) {
            self.line(format_args!("evidence = [\"doc:{document}#p1\"]"));
        }
        self.line(format_args!(""));
    }

    /// A line of the measurements.
    pub(super) fn measure(&mut self, subject: &str, property: &str, value: &str, confidence: &str) {
        let _ = writeln!(
            self.measured,
            "{{\"subject\": \"{subject}\", \"property\": \"{property}\", \"value\": {value}, \
             \"how\": \"measured\", \"confidence\": \"{confidence}\", \"server\": \"192.0.2.53\", \
             \"time\": \"2026-11-20T14:02:00Z\"}}"
        );
    }
}
