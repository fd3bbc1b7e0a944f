//! What becomes of an answer: a piece of evidence, further names, and the end of a
//! subject whose questions are all answered.

use super::Plan;
use crate::evidence::{self, Role};
use cocarde_probe::dns::answer::{Answer, Status};
use cocarde_probe::dns::message::Rcode;
use std::io;

/// Tries for the other questions of a domain whose first one nobody answered.
const TRIES_AFTER_SILENCE: u8 = 2;

impl Plan<'_> {
    pub(super) fn drain(&mut self) {
        while let Some((token, answer)) = self.parts.resolver.finished() {
            self.answered(token >> 6, (token & 63) as usize, &answer);
        }
    }

    fn answered(&mut self, id: u32, place: usize, answer: &Answer) {
        let at = (self.parts.clock)();
        let subject = &mut self.subjects[id as usize];
        let (role, key) = (subject.role, subject.key);
        let own = &self.questions.of(role)[place];
        subject.open -= 1;
        let out = &mut subject.answers[place];
        let validating = self.parts.validating;
        let name = (own.labels.as_str(), subject.text.as_str());
        let how = (validating, at);
        evidence::push_answer(out, name, own.qtype, answer, how, &mut self.last);
        let leads = own.labels.is_empty() && role != Role::Host;
        if leads {
            let records = answer.records.iter().map(String::as_str);
            let followed = &mut self.parts.followed;
            followed.lead(&self.config.questions, role, key, own.qtype, records);
        }
        if place == 0 {
            self.first_answered(id, answer);
        }
        let subject = &self.subjects[id as usize];
        if subject.open == 0 && subject.is_asked() {
            self.subject_done(id);
        }
    }

    /// The first answer decides how the others are asked.
    fn first_answered(&mut self, id: u32, answer: &Answer) {
        let subject = &mut self.subjects[id as usize];
        if answer.status == Status::Code(Rcode::NXDOMAIN) && answer.chain.is_empty() {
            let questions = self.questions.of(subject.role).iter();
            for (own, out) in questions.zip(&mut subject.answers).skip(1) {
                let name = (own.labels.as_str(), subject.text.as_str());
                evidence::push_implied(out, name, own.qtype, answer.status.word());
            }
            subject.next = subject.answers.len() as u8;
            return;
        }
        if answer.status == Status::Silence {
            subject.tries = TRIES_AFTER_SILENCE;
        }
        if !subject.is_asked() {
            self.open.push_back(id);
        }
    }

    fn subject_done(&mut self, id: u32) {
        let subject = &self.subjects[id as usize];
        let domain = subject.role == Role::Domain;
        self.line.clear();
        let line = domain.then_some(subject.key);
        evidence::push_subject(&mut self.line, subject.role, &subject.text, line);
        for (i, answer) in subject.answers.iter().enumerate() {
            if i > 0 {
                self.line.push(b',');
            }
            self.line.extend_from_slice(answer);
        }
        self.line.extend_from_slice(b"]}\n");
        if domain {
            self.lines_done += 1;
            self.lines_now += 1;
        } else {
            self.parts.followed.done(subject.key);
        }
        let written = self.parts.evidence.push(&self.line);
        self.keep(written);
        self.free.push(id);
    }

    pub(super) fn keep(&mut self, result: io::Result<()>) {
        if self.result.is_ok() {
            self.result = result;
        }
    }
}
