//! Any bytes as a DNS response: read or refused, never a panic; names are bounded and
//! come back from their text; record data shows without fail.

#![no_main]

use cocarde_probe::dns::message::{MAX_RECORDS, Message};
use cocarde_probe::dns::name::{self, MAX_NAME, NameRef};
use cocarde_probe::dns::rdata::{Rdata, joined_text};
use libfuzzer_sys::fuzz_target;

fn check(name: &NameRef<'_>) {
    let wire = name.wire();
    assert!(wire.len() <= MAX_NAME && name.is(&wire));
    assert_eq!(name::wire(&name::display(&wire)).as_deref(), Ok(&wire[..]));
}

fuzz_target!(|data: &[u8]| {
    let Ok(message) = Message::parse(data) else {
        return;
    };
    check(&message.question());
    let mut count = 0;
    let mut text = String::new();
    for record in message.records() {
        count += 1;
        let Ok((_, record)) = record else { break };
        check(&record.owner);
        text.clear();
        if let Ok(rdata) = Rdata::parse(&record) {
            rdata.push_display(&mut text);
            match rdata {
                Rdata::Txt(txt) => assert_eq!(joined_text(&text), txt.joined()),
                Rdata::Mx { host, .. } | Rdata::Ns(host) | Rdata::Cname(host) => check(&host),
                _ => {}
            }
        }
    }
    assert!(count <= MAX_RECORDS);
});
