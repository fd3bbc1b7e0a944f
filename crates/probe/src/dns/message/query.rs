//! Queries, written.

use super::codes::Type;

/// How a query is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryOptions {
    /// Ask the server to resolve for us (a resolver), rather than to say what it knows.
    pub recursion: bool,
    /// The EDNS payload size; `None` leaves EDNS out.
    pub udp_size: Option<u16>,
    /// Ask for signatures too (the DO bit); without it the AD bit is still asked for
    /// (RFC 6840 §5.7).
    pub dnssec_ok: bool,
}

impl Default for QueryOptions {
    fn default() -> Self {
        Self {
            recursion: true,
            udp_size: Some(1232),
            dnssec_ok: false,
        }
    }
}

/// Writes a query over what `out` held. `name` is in wire form. Gives the place just
/// after the question. The identifier is left zero; see [`set_id`].
pub fn write_query(out: &mut Vec<u8>, name: &[u8], qtype: Type, options: QueryOptions) -> usize {
    out.clear();
    let flags = if options.recursion { 0x0120u16 } else { 0 };
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&flags.to_be_bytes());
    out.extend_from_slice(&[0, 1, 0, 0, 0, 0, 0, u8::from(options.udp_size.is_some())]);
    out.extend_from_slice(name);
    out.extend_from_slice(&qtype.0.to_be_bytes());
    out.extend_from_slice(&[0, 1]);
    let end = out.len();
    if let Some(size) = options.udp_size {
        out.extend_from_slice(&[0, 0, 41]);
        out.extend_from_slice(&size.to_be_bytes());
        out.extend_from_slice(&[0, 0, if options.dnssec_ok { 0x80 } else { 0 }, 0, 0, 0]);
    }
    end
}

/// Sets the identifier of a query.
pub fn set_id(query: &mut [u8], id: u16) {
    if let Some(place) = query.get_mut(..2) {
        place.copy_from_slice(&id.to_be_bytes());
    }
}
