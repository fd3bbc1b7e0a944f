//! Asks every `name<TAB>type` line of a file, and writes the answers as lines.
//! `lookup QUESTIONS OUT RESOLVER… [--window N] [--rate N]`

use cocarde_probe::dns::{drive, engine, lookups, order, socket};
use std::io::BufWriter;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (questions, out) = (args.next().ok_or("QUESTIONS?")?, args.next().ok_or("OUT?")?);
    let mut settings = engine::Settings {
        rate: None,
        window: 128,
        largest_window: 4096,
        ..Default::default()
    };
    let mut resolvers = vec![];
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--window" => settings.largest_window = args.next().ok_or("N?")?.parse()?,
            "--rate" => settings.rate = Some(args.next().ok_or("N?")?.parse()?),
            "--mix-case" => settings.mix_case = true,
            resolver => resolvers.push(resolver.parse()?),
        }
    }
    let lines = order::Lines::new(std::fs::read(questions)?).map_err(|_| "too long")?;
    let out = BufWriter::with_capacity(1 << 16, std::fs::File::create(out)?);
    let mut sockets = socket::Sockets::connected(&resolvers, 4)?;
    let seed = std::array::from_fn(|i| i as u8);
    let mut engine = engine::Engine::new(settings, engine::Ports::Connected(4), &resolvers, seed);
    let mut work = lookups::Lookups::new(lines, 1, out, |_, _| {});
    let start = Instant::now();
    drive::drive(&mut engine, &mut sockets, &mut work);
    let unreadable = work.finish()?;
    eprintln!(
        "{:?} {:?} unreadable {unreadable}",
        start.elapsed(),
        engine.stats()
    );
    Ok(())
}
