//! Prints what is wrong with a dossier: `cargo run -p cocarde-dossier --example check DIR`.

use cocarde_dossier::{Limits, read};
use cocarde_model::{Diagnostic, Sources};

fn print(sources: &Sources, diagnostics: &[Diagnostic]) {
    for d in diagnostics {
        let place = d.span.map(|s| sources.place(s)).or_else(|| d.file.clone());
        println!(
            "{}: {} [{}]",
            place.unwrap_or_default(),
            d.message.fr,
            d.code
        );
        if let Some(help) = &d.help {
            println!("    {}", help.fr);
        }
    }
}

fn main() {
    let dir = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    match read(dir.as_ref(), &Limits::default()) {
        Ok(d) => {
            print(d.sources(), &d.findings);
            println!("{} facts, {}", d.base.fact_count(), d.digest);
        }
        Err(f) => print(&f.sources, &f.diagnostics),
    }
}
