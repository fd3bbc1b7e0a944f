//! Reads fault trees in the Open-PSA Model Exchange Format (version 2.0d and
//! 3.0, XML): fault trees, components, gates, basic events, house events.
//!
//! Probabilities are read where they are plain numbers. What would change the
//! cut sets and is not supported (common-cause groups, substitutions) is refused;
//! what does not concern them (labels, attributes, parameters, event trees) is
//! passed over. There are no document types, so no entities that expand.

mod definitions;
mod elements;
mod formulas;

use super::fault_tree::{Builder, FaultTree};
use cocarde_model::{Diagnostic, FileId, Sources};
use quick_xml::Reader;

/// Greatest size of a file, in bytes.
pub const MAX_BYTES: usize = 256 << 20;
/// Greatest depth of elements.
pub const MAX_DEPTH: usize = 200;

/// Reads the fault tree of a file. Without `top`, the tree is that of the one
/// gate that feeds no other.
///
/// # Errors
/// Everything that is wrong, each at its place in the file.
pub fn read(
    sources: &Sources,
    file: FileId,
    top: Option<&str>,
) -> Result<FaultTree, Vec<Diagnostic>> {
    let text = &*sources.get(file).text;
    if text.len() > MAX_BYTES {
        let name = &*sources.get(file).name;
        return Err(vec![
            Diagnostic::error(
                "too-large",
                format!("le fichier dépasse {MAX_BYTES} octets"),
                format!("the file exceeds {MAX_BYTES} bytes"),
            )
            .in_file(name)
            .help("découper le modèle", "split the model"),
        ]);
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut parser = Parser {
        reader,
        file,
        length: text.len(),
        start: 0,
        depth: 0,
        scope: String::new(),
        builder: Builder::default(),
    };
    match parser.document() {
        Ok(()) => parser.builder.finish(top),
        Err(defect) => Err(vec![*defect]),
    }
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

struct Parser<'t> {
    reader: Reader<&'t [u8]>,
    file: FileId,
    length: usize,
    /// First byte of what was read last.
    start: usize,
    depth: usize,
    /// The containers around what is read, joined by dots.
    scope: String,
    builder: Builder,
}
