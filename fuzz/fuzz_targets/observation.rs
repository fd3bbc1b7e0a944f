//! Any text as an observation: refused with a reason, or classified; nobody is named without
//! a fact.

#![no_main]

use cocarde_knowledge::operators::Operators;
use cocarde_probe::attribution::{Observation, classify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    match Observation::from_json(data) {
        Err(why) => assert!(!why.fr.is_empty() && !why.en.is_empty()),
        Ok(seen) => {
            for answer in classify(&seen, Operators::standard()).answers {
                assert_eq!(answer.operator.is_none(), answer.confidence == 0);
                assert!(answer.operator.is_none() || !answer.evidence.is_empty());
            }
        }
    }
});
