//! What is asked next: the questions of subjects in hand, then shared names, then the
//! next domains of the list.

use super::Plan;
use super::subject::Subject;
use crate::config::is_opted_out;
use crate::evidence::Role;
use crate::list::Entry;
use cocarde_probe::dns::name;
use std::io;

/// So many questions in hand for each subject in hand: as many subjects at once as can be
/// asked about, and no more, since the answers of each wait in memory for the last one.
const QUESTIONS_EACH: usize = 8;

impl Plan<'_> {
    /// Starts at least one more question; false if there is none to start.
    pub(super) fn feed(&mut self) -> io::Result<bool> {
        if self.parts.resolver.in_hand() >= self.config.pace.in_hand {
            return Ok(false);
        }
        if let Some(&id) = self.open.front() {
            self.ask(id);
            if self.subjects[id as usize].is_asked() {
                self.open.pop_front();
            }
            return Ok(true);
        }
        let most = (self.config.pace.in_hand / QUESTIONS_EACH).max(1);
        if self.subjects.len() - self.free.len() >= most {
            return Ok(false);
        }
        Ok(self.next_shared() || self.next_domain()?)
    }

    fn next_shared(&mut self) -> bool {
        let Some((key, role, text)) = self.parts.followed.next() else {
            return false;
        };
        let text = text.to_string();
        match name::wire(&text) {
            Ok(wire) if !is_opted_out(&self.opted_out, &wire) => {
                self.begin(role, key, &wire, text);
            }
            // The text came from records; a host's text may still be no name to ask for.
            _ => self.parts.followed.done(key),
        }
        true
    }

    fn next_domain(&mut self) -> io::Result<bool> {
        while let Some(line) = self.parts.order.next() {
            self.lines_done += 1;
            if self.parts.finished.contains(line) {
                continue;
            }
            if let Entry::Domain(wire) = self.parts.list.get(line)?
                && !is_opted_out(&self.opted_out, &wire)
            {
                self.lines_done -= 1;
                let text = name::display(&wire);
                self.begin(Role::Domain, line, &wire, text);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn begin(&mut self, role: Role, key: u32, wire: &[u8], text: String) {
        let id = self.free.pop().unwrap_or_else(|| {
            self.subjects.push(Subject::empty());
            self.subjects.len() as u32 - 1
        });
        let count = self.questions.of(role).len();
        let subject = &mut self.subjects[id as usize];
        (subject.role, subject.key, subject.text) = (role, key, text);
        subject.wire.clear();
        subject.wire.extend_from_slice(wire);
        subject.answers.resize_with(count, Vec::new);
        subject.answers.iter_mut().for_each(Vec::clear);
        (subject.next, subject.open, subject.tries) = (0, 0, 0);
        self.ask(id);
    }

    /// Starts a subject's next question.
    fn ask(&mut self, id: u32) {
        let subject = &mut self.subjects[id as usize];
        let questions = self.questions.of(subject.role);
        let Some(own) = questions.get(usize::from(subject.next)) else {
            return;
        };
        self.scratch.clear();
        self.scratch.extend_from_slice(&own.wire);
        self.scratch.extend_from_slice(&subject.wire);
        let token = id << 6 | u32::from(subject.next);
        subject.next += 1;
        subject.open += 1;
        let resolver = &mut self.parts.resolver;
        resolver.start(token, &self.scratch, own.qtype, subject.tries);
    }
}
