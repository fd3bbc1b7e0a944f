//! From evidence in the order of arrival to the table in the order of the list.

use crate::ScanError;
use crate::config::{Config, is_opted_out};
use crate::evidence::{self, Line, Role, Text};
use crate::list::{Entry, List};
use crate::manifest::{Counts, Unreadable};
use crate::table::{Row, Table};
use cocarde_probe::dns::name;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The word for a domain that is not to be asked about.
const OPTED_OUT: &str = "OPTED_OUT";

/// Where a line of evidence stands: 40 bits of place and 24 of length, so that a million
/// of them take 8 MB.
#[derive(Clone, Copy, Default)]
struct Place(u64);

impl Place {
    fn new(at: u64, length: usize) -> io::Result<Self> {
        if at >> 40 != 0 || length >> 24 != 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(Self(at << 24 | length as u64))
    }

    fn read(self, file: &File, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.resize((self.0 & 0xff_ffff) as usize, 0);
        file.read_exact_at(buffer, self.0 >> 24)
    }
}

struct Index {
    lines: Vec<Place>,
    shared: BTreeMap<(Role, String), Place>,
    /// SHA-256 of the evidence.
    digest: [u8; 32],
}

fn index(file: &mut File, lines: u32) -> io::Result<Index> {
    let mut index = Index {
        lines: vec![Place::default(); lines as usize],
        shared: BTreeMap::new(),
        digest: [0; 32],
    };
    let mut hash = Sha256::new();
    evidence::lines(file, &mut |at, line| {
        hash.update(line);
        hash.update(b"\n");
        let (role, subject, number) = evidence::head(line)?;
        let place = Place::new(at, line.len())?;
        match number.and_then(|n| index.lines.get_mut(n as usize)) {
            Some(slot) => *slot = place,
            None => {
                index.shared.insert((role, subject), place);
            }
        }
        Ok(())
    })?;
    index.digest = hash.finalize().into();
    Ok(index)
}

/// Writes the table at `to`; gives the counts of what is in it, and the SHA-256 of the
/// evidence it was made from.
pub(crate) fn write(
    list: &mut List,
    config: &Config,
    evidence: &Path,
    to: &Path,
) -> Result<(Counts, [u8; 32]), ScanError> {
    let opted_out = config.opted_out().map_err(ScanError::Config)?;
    let mut file = File::open(evidence).map_err(|e| ScanError::io(evidence, e))?;
    let index = index(&mut file, list.lines()).map_err(|e| ScanError::io(evidence, e))?;
    let out = File::create(to).map_err(|e| ScanError::io(to, e))?;
    let mut table = Table::new(BufWriter::new(out)).map_err(ScanError::Table)?;
    let mut counts = Counts::default();
    let mut buffer = vec![];
    for line in 0..list.lines() {
        let wire = match list.get(line).map_err(|e| ScanError::io(evidence, e))? {
            Entry::Domain(wire) => wire,
            Entry::Blank => continue,
            Entry::Unreadable(reason) => {
                counts.unreadable(Unreadable {
                    line: u64::from(line) + 1,
                    reason,
                });
                continue;
            }
        };
        counts.domains += 1;
        if is_opted_out(&opted_out, &wire) {
            push_opted_out(&mut table, &name::display(&wire), &mut counts)?;
            continue;
        }
        let place = index.lines[line as usize];
        // No line of evidence is empty, so an empty place is none.
        if place.0 == 0 {
            counts.unasked += 1;
            continue;
        }
        push_place(&mut table, place, &file, &mut buffer, &mut counts, evidence)?;
    }
    for ((role, _), place) in &index.shared {
        *counts.shared.entry(role.word()).or_default() += 1;
        push_place(
            &mut table,
            *place,
            &file,
            &mut buffer,
            &mut counts,
            evidence,
        )?;
    }
    counts.sort();
    let mut out = table.finish().map_err(ScanError::Table)?;
    out.flush().map_err(|e| ScanError::io(to, e))?;
    Ok((counts, index.digest))
}

fn push_opted_out<W: Write + Send>(
    table: &mut Table<W>,
    subject: &str,
    counts: &mut Counts,
) -> Result<(), ScanError> {
    counts.count(Role::Domain, "", OPTED_OUT, true);
    let row = Row {
        subject,
        role: Role::Domain.word(),
        name: subject,
        qtype: "",
        status: OPTED_OUT,
        implied: true,
        ttl: None,
        authentic: None,
    };
    let none = || std::iter::empty();
    table.push(row, none(), none()).map_err(ScanError::Table)
}

fn push_place<W: Write + Send>(
    table: &mut Table<W>,
    place: Place,
    file: &File,
    buffer: &mut Vec<u8>,
    counts: &mut Counts,
    path: &Path,
) -> Result<(), ScanError> {
    place
        .read(file, buffer)
        .map_err(|e| ScanError::io(path, e))?;
    let line: Line<'_> =
        serde_json::from_slice(buffer).map_err(|e| ScanError::io(path, e.into()))?;
    for said in &line.answers {
        counts.count(line.role, &said.qtype, &said.status, said.implied);
        let row = Row {
            subject: &line.subject,
            role: line.role.word(),
            name: &said.name,
            qtype: &said.qtype,
            status: &said.status,
            implied: said.implied,
            ttl: said.ttl,
            authentic: said.authentic,
        };
        let records = said.records.iter().map(Text::as_str);
        let chain = said.chain.iter().map(Text::as_str);
        table.push(row, records, chain).map_err(ScanError::Table)?;
    }
    Ok(())
}
