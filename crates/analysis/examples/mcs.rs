//! Counts or lists the minimal cut sets of an Open-PSA fault tree:
//! `mcs FILE.xml --count`.

use cocarde_analysis::cutset::{Limits, minimal_cut_sets, open_psa};
use cocarde_model::Sources;

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let mut sources = Sources::default();
    let file = sources.add(&path, &text);
    let tree = match open_psa::read(&sources, file, None) {
        Ok(t) => t,
        Err(e) => {
            for d in e {
                eprintln!(
                    "{} {}",
                    d.span.map_or(String::new(), |s| sources.place(s)),
                    d.message.en
                );
            }
            std::process::exit(1)
        }
    };
    match minimal_cut_sets(&tree, &Limits::default()) {
        Ok(c) => println!("{}", c.count()),
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(1)
        }
    }
}
