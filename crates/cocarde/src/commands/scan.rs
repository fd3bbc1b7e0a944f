//! `cocarde scan`

use crate::seal;
use crate::ui::{Message, Ui};
use cocarde_probe::dns::fresh_seed;
use cocarde_report::Lang;
use cocarde_scan::config::{Config, MAX_CONFIG};
use cocarde_scan::{Manifest, Mistake, Options, Progress, ScanError};
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Measure the names of a list of domains: records, mail and name server hosts, SPF.
///
/// Results go to a directory: answers.parquet, evidence.jsonl, manifest.json. A scan that
/// was stopped goes on where it stood when the same command is given again.
#[derive(clap::Args)]
pub struct Args {
    /// The list: one domain a line.
    list: PathBuf,
    /// Directory of results.
    #[arg(long)]
    out: PathBuf,
    /// A resolver to ask, ADDRESS:PORT; more than one may be given. Without any, the scan
    /// goes down from the root itself.
    #[arg(long)]
    resolver: Vec<SocketAddr>,
    /// Allow loopback addresses: for test worlds only.
    #[arg(long)]
    test_world: bool,
    /// Configuration (TOML): contact, opt-out list, questions, pace.
    #[arg(long)]
    config: Option<PathBuf>,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let config = read_config(args.config.as_deref(), ui)?;
    let clock = || jiff::Timestamp::now().as_millisecond();
    let no_random = |e: String| {
        let why = super::probe::no_seed(&e);
        ui.error(&why.fr, &why.en)
    };
    let options = Options {
        list: &args.list,
        out: &args.out,
        resolvers: &args.resolver,
        test_world: args.test_world,
        config,
        seed: fresh_seed().map_err(no_random)?,
        clock: &clock,
    };
    let terminal = std::io::stderr().is_terminal();
    let mut show = |p: Progress| {
        if terminal {
            let mut err = std::io::stderr().lock();
            // A bar that cannot be drawn is no reason to stop.
            let _ = write!(err, "\r{}\x1b[K", bar(&p, ui.lang));
            let _ = err.flush();
        }
    };
    let done = cocarde_scan::run(options, &mut show);
    if terminal {
        eprintln!();
    }
    let manifest = done.map_err(|e| explain(&e, ui))?;
    print!("{}", summary(&manifest, &args.out, ui));
    Ok(0)
}

fn read_config(path: Option<&Path>, ui: &Ui) -> Result<Config, Message> {
    let text = path.map(|path| seal::read_text_within(path, MAX_CONFIG, ui));
    let text = text.transpose()?.unwrap_or_default();
    let shown = path.unwrap_or(Path::new("scan.toml")).display();
    let refused = |m: Mistake| {
        ui.error(
            &format!("{shown} : {}", m.fr),
            &format!("{shown}: {}", m.en),
        )
    };
    Config::read(&text).map_err(refused)
}

fn explain(error: &ScanError, ui: &Ui) -> Message {
    let fr = match error {
        ScanError::Io(path, e) => format!("{} : {e}", path.display()),
        ScanError::Refused(addr, _) => format!(
            "{addr} est une adresse spéciale (boucle locale, réseau privé…) : elle n’est pas \
             interrogée. Seul un monde d’essai (--test-world) ouvre la boucle locale."
        ),
        ScanError::OtherScan(path, what) => format!(
            "{} contient une autre campagne (différence : {}). Choisissez un autre répertoire.",
            path.display(),
            match *what {
                "list" => "la liste",
                "resolvers" => "les résolveurs",
                "world" => "le monde d’essai",
                _ => "les questions",
            }
        ),
        ScanError::Busy(path) => format!(
            "une autre exécution écrit dans {}. Attendez sa fin, ou choisissez un autre répertoire.",
            path.display()
        ),
        ScanError::Unclaimed(path) => format!(
            "{} est là, et aucun scan.json ne dit de quelle campagne. Choisissez un autre répertoire.",
            path.display()
        ),
        ScanError::Config(mistake) => mistake.fr.clone(),
        other @ ScanError::Table(_) => other.to_string(),
    };
    ui.error(&fr, &error.to_string())
}

/// `[#####·····]  52 %  12 345/23 456  987/s  reste 1 min 02 s  hôtes 120/130`
fn bar(p: &Progress, lang: Lang) -> String {
    const WIDTH: u64 = 24;
    let (done, all) = (u64::from(p.lines_done), u64::from(p.lines.max(1)));
    let full = (WIDTH * done / all).min(WIDTH) as usize;
    let cells = "#".repeat(full) + &"·".repeat(WIDTH as usize - full);
    let seconds = p.elapsed.as_secs_f64().max(0.001);
    let rate = f64::from(p.lines_now) / seconds;
    let queries = p.stats.sent as f64 / seconds;
    let left = match p.lines_now {
        0 => "…".to_string(),
        _ => clock(Duration::from_secs_f64((all - done.min(all)) as f64 / rate)),
    };
    let (words, hosts) = match lang {
        Lang::En => (["domains/s", "queries/s", "left"], "hosts"),
        Lang::Fr => (["domaines/s", "requêtes/s", "reste"], "hôtes"),
    };
    format!(
        "[{cells}] {:3} %  {done}/{all}  {rate:.0} {}  {queries:.0} {}  {} {left}  {hosts} {}/{}",
        100 * done / all,
        words[0],
        words[1],
        words[2],
        p.hosts.0,
        p.hosts.1
    )
}

fn clock(d: Duration) -> String {
    match d.as_secs() {
        s @ 0..60 => format!("{s} s"),
        s @ 60..3600 => format!("{} min {:02} s", s / 60, s % 60),
        s => format!("{} h {:02} min", s / 3600, s % 3600 / 60),
    }
}

fn summary(m: &Manifest, out: &Path, ui: &Ui) -> String {
    let c = &m.counts;
    let hosts = c.shared.get("host").copied().unwrap_or(0);
    let spf = c.shared.get("spf").copied().unwrap_or(0);
    let [domains, unreadable, sent] = [c.domains, c.unreadable_lines, m.last_run.sent];
    let fr = format!(
        "{domains} domaines, {hosts} hôtes et {spf} enregistrements SPF partagés ; \
         {sent} requêtes ; {unreadable} lignes illisibles\nRésultats : {}\n",
        out.display()
    );
    let en = format!(
        "{domains} domains, {hosts} shared hosts and {spf} shared SPF records; \
         {sent} queries; {unreadable} unreadable lines\nResults: {}\n",
        out.display()
    );
    ui.say(&fr, &en).to_string()
}
