//! Any bytes as the register of a scheme, as a signed file or as its payload: read or
//! refused, never a panic; what nobody trusted signed is never believed, and a register
//! never continues itself.

#![no_main]

use cocarde_seal::json;
use cocarde_seal::register::{MAX_REGISTER, Register, continues, is_register, token};
use cocarde_seal::time::Timestamp;
use cocarde_seal::verify::{Outcome, RegisterInput, Trust, verify_register};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let read = token(data);
    assert!(read.is_err() || is_register(data));
    if let Ok(value) = json::parse(data, MAX_REGISTER)
        && let Ok(register) = Register::read(&value)
    {
        let counted: usize = register.tally(register.made).values().sum();
        assert_eq!(counted, register.entries.len());
        assert!(continues(&register, &register).is_err());
    }
    let input = RegisterInput {
        file: data,
        previous: Some(data),
        at: Timestamp::UNIX_EPOCH,
    };
    let answer = verify_register(&input, &Trust::default());
    assert_eq!(answer.outcome(), Outcome::Refused);
});
