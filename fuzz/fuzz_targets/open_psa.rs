//! Any bytes as a fault tree in Open-PSA XML: read or refused, never a panic,
//! every place of a diagnostic within the file; and of a tree that is read, as
//! many cut sets listed as counted.

#![no_main]

use cocarde_analysis::cutset::{Limits, minimal_cut_sets, open_psa};
use cocarde_model::Sources;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut sources = Sources::default();
    let file = sources.add("tree.xml", text);
    let tree = match open_psa::read(&sources, file, None) {
        Ok(tree) => tree,
        Err(defects) => {
            assert!(!defects.is_empty());
            for d in defects {
                if let Some(span) = d.span {
                    assert!(span.start <= span.end);
                    assert!(span.end as usize <= text.len());
                    sources.place(span);
                }
            }
            return;
        }
    };
    let Ok(sets) = minimal_cut_sets(&tree, &Limits { nodes: 1 << 14 }) else {
        return;
    };
    let most = 10_000;
    let mut listed = 0_u32;
    sets.each(usize::MAX, |_| {
        listed += 1;
        listed <= most
    });
    if listed <= most {
        assert_eq!(sets.count(), listed.into());
    }
});
