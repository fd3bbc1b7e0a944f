//! Minimal cut sets of an Open-PSA fault tree, for `cocarde resilience --fault-tree`.

use crate::seal;
use crate::ui::{Message, Ui};
use cocarde_analysis::cutset::fault_tree::FaultTree;
use cocarde_analysis::cutset::{CutSets, Limits, minimal_cut_sets, open_psa};
use cocarde_model::Sources;
use std::io::{BufWriter, Write};
use std::path::Path;

/// How to analyse a fault tree. `requires` would not do: what a dossier conflicts with
/// is not required beside one.
#[derive(clap::Args)]
pub struct Options {
    /// Of a fault tree: print the number of minimal cut sets, alone on a line (as without --list).
    #[arg(long, conflicts_with_all = ["list", "dir"])]
    count: bool,
    /// Of a fault tree: print the minimal cut sets, one a line.
    #[arg(long, conflicts_with = "dir")]
    list: bool,
    /// Of a fault tree: the gate to analyse, where several feed no other.
    #[arg(long, value_name = "GATE", conflicts_with = "dir")]
    top: Option<String>,
    /// Of a fault tree: list only cut sets of at most that many events.
    #[arg(long, value_name = "N", requires = "list", conflicts_with = "dir")]
    max_order: Option<usize>,
    /// Of a fault tree: work limit, in nodes of a decision diagram alive at a time (about 24
    /// bytes each).
    #[arg(long, value_name = "N", default_value_t = Limits::default().nodes, conflicts_with = "dir")]
    max_nodes: usize,
}

/// Counts or lists.
pub fn run(path: &Path, options: &Options, ui: &Ui) -> Result<u8, Message> {
    let tree = read_tree(path, options.top.as_deref(), ui)?;
    let limits = Limits {
        nodes: options.max_nodes,
    };
    let sets = minimal_cut_sets(&tree, &limits).map_err(|reached| {
        let nodes = reached.nodes;
        ui.error(
            &format!("limite de travail atteinte : aucune méthode ne tient en {nodes} nœuds ; relever --max-nodes ou découper l'arbre"),
            &format!("work limit reached: no way stays within {nodes} nodes; raise --max-nodes or split the tree"),
        )
    })?;
    let written = if options.list {
        list(&tree, &sets, options.max_order.unwrap_or(usize::MAX))
    } else {
        println!("{}", sets.count());
        Ok(())
    };
    match written {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(ui.error(&format!("écriture : {e}"), &format!("writing: {e}")))
        }
        _ => Ok(0),
    }
}

fn read_tree(path: &Path, top: Option<&str>, ui: &Ui) -> Result<FaultTree, Message> {
    let name = path.display().to_string();
    let text = seal::read_text_within(path, open_psa::MAX_BYTES as u64, ui)?;
    let mut sources = Sources::default();
    let file = sources.add(&name, &text);
    open_psa::read(&sources, file, top).map_err(|defects| ui.defects(&defects, &sources))
}

/// One cut set a line: the names of its events, separated by spaces.
fn list(tree: &FaultTree, sets: &CutSets, most: usize) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut outcome = Ok(());
    let mut line = Vec::new();
    sets.each(most, |events| {
        line.clear();
        for (i, event) in events.iter().enumerate() {
            let name = &tree.events()[*event as usize].name;
            line.extend_from_slice(if i > 0 { b" " } else { b"" });
            line.extend_from_slice(name.as_bytes());
        }
        line.push(b'\n');
        outcome = out.write_all(&line);
        outcome.is_ok()
    });
    outcome.and_then(|()| out.flush())
}
