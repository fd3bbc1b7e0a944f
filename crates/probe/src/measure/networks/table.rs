//! Tables of address ranges (`start end asn country name`, tabs or commas), as public-domain
//! sources publish them.

use super::{Place, as_number};
use crate::digits::digits;
use cocarde_knowledge::countries::is_country_code;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

/// The longest line of a table.
const MAX_LINE: usize = 4096;

/// A range of addresses, IPv4 mapped into IPv6.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Range {
    start: u128,
    end: u128,
    asn: u32,
    registered: Option<String>,
    name: Option<String>,
}

/// Ranges that do not overlap, sorted by their start.
pub struct Table(Vec<Range>);

impl Table {
    /// Reads ranges, one a line.
    ///
    /// # Errors
    /// The first line that is none, and why.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let mut ranges = Vec::new();
        for (i, line) in bytes.split(|b| *b == b'\n').enumerate() {
            let fail = |why: &str| format!("line {}: {why}", i + 1);
            if line.len() > MAX_LINE {
                return Err(fail("too long"));
            }
            let line = std::str::from_utf8(line)
                .map_err(|_| fail("not UTF-8"))?
                .trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(range) = Range::parse(line).map_err(fail)? {
                ranges.push(range);
            }
        }
        ranges.sort_by_key(|r| (r.start, r.end));
        let disputed = ranges.windows(2).any(|w| w[1].start <= w[0].end);
        Ok(Self(match disputed {
            true => undisputed(&ranges),
            false => ranges,
        }))
    }

    /// What it knows of an address.
    #[must_use]
    pub fn place(&self, address: IpAddr) -> Place {
        let at = number(address);
        let next = self.0.partition_point(|r| r.start <= at);
        let range = next.checked_sub(1).map(|i| &self.0[i]);
        let range = range.filter(|r| r.end >= at);
        range.map_or_else(Place::default, |r| Place {
            asn: Some(r.asn),
            as_name: r.name.clone(),
            registered: r.registered.clone(),
            located: None,
            anycast: None,
        })
    }
}

/// The parts of ranges that one system alone claims: published tables overlap here and
/// there, and what two claim is not known to be either's.
fn undisputed(ranges: &[Range]) -> Vec<Range> {
    let starts = ranges.iter().enumerate().map(|(i, r)| (r.start, false, i));
    let ends = ranges.iter().enumerate().map(|(i, r)| (r.end, true, i));
    let mut edges: Vec<(u128, bool, usize)> = starts.chain(ends).collect();
    edges.sort_unstable();
    let mut open: BTreeSet<usize> = BTreeSet::new();
    let mut systems: BTreeMap<u32, usize> = BTreeMap::new();
    let (mut parts, mut from) = (Vec::new(), 0);
    for (at, is_end, i) in edges {
        let last = if is_end { Some(at) } else { at.checked_sub(1) };
        if let (1, Some(first), Some(end)) = (systems.len(), open.first(), last)
            && from <= end
        {
            parts.push(Range {
                start: from,
                end,
                ..ranges[*first].clone()
            });
        }
        let asn = ranges[i].asn;
        if is_end {
            open.remove(&i);
            let left = systems.get(&asn).map_or(0, |n| n - 1);
            match left {
                0 => systems.remove(&asn),
                n => systems.insert(asn, n),
            };
            let Some(next) = at.checked_add(1) else {
                break; // Nothing follows the last address.
            };
            from = next;
        } else {
            open.insert(i);
            *systems.entry(asn).or_default() += 1;
            from = at;
        }
    }
    parts
}

impl Range {
    /// A line of a table; `None` for a range that nobody announces.
    fn parse<'a>(line: &'a str) -> Result<Option<Self>, &'static str> {
        let separator = if line.contains('\t') { '\t' } else { ',' };
        let bare = |f: &'a str| f.trim().trim_matches('"');
        let mut fields = line.splitn(4, separator);
        let mut next = || fields.next().map(bare);
        let (Some(start), Some(end), Some(asn)) = (next(), next(), next()) else {
            return Err("fewer than three fields");
        };
        // A country may come first; the name may hold the separator.
        let rest = fields.next().unwrap_or_default();
        let (first, after) = rest.split_once(separator).unwrap_or((rest, ""));
        let (country, name) = match is_country_code(bare(first)) {
            true => (Some(bare(first)), bare(after)),
            false if separator == '\t' && !after.is_empty() => (None, bare(after)),
            false => (None, bare(rest)),
        };
        let (start, v4) = address(start).ok_or("the start is no address")?;
        let (end, also_v4) = address(end).ok_or("the end is no address")?;
        let asn = as_number(asn).ok_or("the third field is no AS number")?;
        if start > end || v4 != also_v4 {
            return Err("the end lies before the start");
        }
        Ok((asn != 0).then(|| Self {
            start,
            end,
            asn,
            registered: country.map(str::to_owned),
            name: Some(name).filter(|n| !n.is_empty()).map(str::to_owned),
        }))
    }
}

/// An address, or an IPv4 address written as one number.
fn address(text: &str) -> Option<(u128, bool)> {
    let parsed: IpAddr = match digits::<u32>(text) {
        Some(n) => IpAddr::V4(Ipv4Addr::from(n)),
        None => text.parse().ok()?,
    };
    Some((number(parsed), parsed.is_ipv4()))
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_ipv6_mapped()),
        IpAddr::V6(v6) => u128::from(v6),
    }
}
