//! Any bytes as the files of a dossier: read or refused, never a panic, and every
//! place of a diagnostic within its file. A form feed starts the next file: TOML,
//! measurements, then a bill of materials.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut parts = text.splitn(3, '\u{c}');
    let mut next = || parts.next().unwrap_or_default();
    let (toml, measured, sbom) = (next(), next(), next());
    let head = "[dossier]\nformat = 1\nsbom = \"bom.cdx.json\"\n";
    let files = [
        ("a.toml", toml),
        ("b.toml", head),
        ("measurements/m.jsonl", measured),
        ("bom.cdx.json", sbom),
    ];
    let (sources, diagnostics) = match cocarde_dossier::read_texts(&files) {
        Ok(d) => (d.base.sources, d.findings),
        Err(f) => (f.sources, f.diagnostics),
    };
    for d in diagnostics {
        if let Some(span) = d.span {
            assert!(span.start <= span.end);
            assert!(span.end as usize <= sources.get(span.file).text.len());
            sources.place(span);
        }
    }
});
