//! Writes invented dossiers, one a directory:
//! `cargo run -p cocarde-sample --example write -- DIR COUNT`.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let dir = PathBuf::from(args.next().ok_or("where to?")?);
    let count: u64 = args.next().ok_or("how many?")?.parse()?;
    for number in 0..count {
        cocarde_sample::write(&dir.join(format!("{number:05}")), number)?;
    }
    Ok(())
}
