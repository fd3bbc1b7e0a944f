//! Any bytes as a status list, plain or packed, and as the entry that points into it: read
//! or refused, never a panic, never more memory than the limit allows.

#![no_main]

use cocarde_seal::json;
use cocarde_seal::status::{Bitstring, Entry, MAX_BYTES};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&size, bytes)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(list) = Bitstring::decode(text, u64::from(size)) {
        let entries = list.entries();
        assert!(entries * u64::from(size) <= MAX_BYTES * 8);
        assert!(list.get(0).is_ok() && list.get(entries - 1).is_ok());
        assert!(list.get(entries).is_err());
        let again = Bitstring::decode(&list.encode(), u64::from(size)).expect("written");
        assert_eq!(again, list);
    }
    if let Ok(value) = json::parse(bytes, json::MAX_DOCUMENT) {
        if let Ok(entry) = Entry::read(&value["credentialStatus"]) {
            let _ = entry.value(&value);
        }
        let _ = Entry::all(&value);
    }
});
