//! The evidence: one JSON line for each finished subject, in the order they finished. It
//! is a result by itself, and what a scan goes on from after a kill: a subject is
//! finished when its line is whole, and is never asked about again.

use cocarde_probe::dns::answer::Answer;
use cocarde_probe::dns::message::Type;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::net::SocketAddr;
use std::path::Path;

/// The file's name in the directory of results.
pub const FILE: &str = "evidence.jsonl";
/// The longest line read back, in octets.
const MAX_LINE: u64 = 16 << 20;

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A domain of the list.
    Domain,
    /// A mail exchanger or a name server: its addresses.
    Host,
    /// A name whose SPF record others include or redirect to.
    Spf,
}

impl Role {
    /// The word in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Host => "host",
            Self::Spf => "spf",
        }
    }
}

/// One line, read back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line<'a> {
    /// What it is about.
    pub role: Role,
    /// The domain or host.
    #[serde(borrow)]
    pub subject: Cow<'a, str>,
    /// For a domain: its line in the list, from 0.
    #[serde(default)]
    pub line: Option<u32>,
    /// The answers, in the order of the questions.
    #[serde(borrow)]
    pub answers: Vec<Said<'a>>,
}

/// One answer, read back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said<'a> {
    /// The name asked for.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// The type asked for.
    #[serde(rename = "type", borrow)]
    pub qtype: Cow<'a, str>,
    /// How it ended; see `Status::word`.
    #[serde(borrow)]
    pub status: Cow<'a, str>,
    /// Whether it was not asked but follows from the answer for a name above (RFC 8020).
    #[serde(default)]
    pub implied: bool,
    /// Records in zone-file form.
    #[serde(default, borrow)]
    pub records: Vec<Text<'a>>,
    /// Aliases.
    #[serde(default, borrow)]
    pub chain: Vec<Text<'a>>,
    /// Time to live, in seconds.
    #[serde(default)]
    pub ttl: Option<u32>,
    /// Whether the resolver vouches for it by DNSSEC; absent where none was asked.
    #[serde(default)]
    pub authentic: Option<bool>,
    /// Who answered.
    #[serde(default, borrow)]
    pub server: Option<Cow<'a, str>>,
    /// When, in milliseconds since 1970.
    #[serde(default)]
    pub at: Option<i64>,
    /// Digest of the response, its identifier set to zero.
    #[serde(default, borrow)]
    pub sha256: Option<Cow<'a, str>>,
}

/// A text of a list, borrowed from the line where it holds no escapes.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Text<'_> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The server of the last answer as text: most answers in a row come from one.
#[derive(Default)]
pub struct LastServer(Option<(SocketAddr, String)>);

impl LastServer {
    fn text(&mut self, server: SocketAddr) -> &str {
        if self.0.as_ref().is_none_or(|(last, _)| *last != server) {
            self.0 = Some((server, server.to_string()));
        }
        self.0.as_ref().map_or("", |(_, text)| text)
    }
}

/// Appends the JSON of an answer.
pub fn push_answer(
    out: &mut Vec<u8>,
    name: (&str, &str),
    qtype: Type,
    answer: &Answer,
    (validating, at): (bool, i64),
    last: &mut LastServer,
) {
    push_head(out, name, qtype, answer.status.word());
    let mut list = |key: &str, texts: &[String]| {
        for (i, text) in texts.iter().enumerate() {
            let before = if i == 0 { key } else { "," };
            out.extend_from_slice(before.as_bytes());
            push_text(out, text);
        }
        if !texts.is_empty() {
            out.push(b']');
        }
    };
    list(",\"records\":[", &answer.records);
    list(",\"chain\":[", &answer.chain);
    if let Some(ttl) = answer.ttl {
        out.extend_from_slice(b",\"ttl\":");
        push_number(out, ttl.into());
    }
    if let Some(server) = answer.server {
        if validating {
            let word: &[u8] = if answer.authentic { b"true" } else { b"false" };
            out.extend_from_slice(b",\"authentic\":");
            out.extend_from_slice(word);
        }
        out.extend_from_slice(b",\"server\":\"");
        out.extend_from_slice(last.text(server).as_bytes());
        out.push(b'"');
    }
    out.extend_from_slice(b",\"at\":");
    push_number(out, at);
    if let Some(digest) = answer.digest {
        out.extend_from_slice(b",\"sha256\":\"");
        push_hex(out, &digest);
        out.push(b'"');
    }
    out.push(b'}');
}

/// Appends the JSON of an answer that was not asked for but follows from another.
pub fn push_implied(out: &mut Vec<u8>, name: (&str, &str), qtype: Type, status: &str) {
    push_head(out, name, qtype, status);
    out.extend_from_slice(b",\"implied\":true}");
}

/// Names come in two parts: the labels that a question puts in front, and the subject.
fn push_head(out: &mut Vec<u8>, (labels, subject): (&str, &str), qtype: Type, status: &str) {
    out.extend_from_slice(b"{\"name\":");
    if labels.is_empty() {
        push_text(out, subject);
    } else if is_plain(labels) && is_plain(subject) {
        let parts: [&[u8]; 5] = [b"\"", labels.as_bytes(), b".", subject.as_bytes(), b"\""];
        parts.iter().for_each(|p| out.extend_from_slice(p));
    } else {
        push_text(out, &format!("{labels}.{subject}"));
    }
    out.extend_from_slice(b",\"type\":\"");
    match qtype.mnemonic() {
        Some(word) => out.extend_from_slice(word.as_bytes()),
        // Writing to a vector cannot fail, here and below.
        None => drop(write!(out, "{qtype}")),
    }
    out.extend_from_slice(b"\",\"status\":\"");
    out.extend_from_slice(status.as_bytes());
    out.push(b'"');
}

fn push_number(out: &mut Vec<u8>, number: i64) {
    let _ = serde_json::to_writer(out, &number);
}

/// Appends the beginning of a line, up to its answers.
pub fn push_subject(out: &mut Vec<u8>, role: Role, subject: &str, line: Option<u32>) {
    let _ = write!(out, "{{\"role\":\"{}\",\"subject\":", role.word());
    push_text(out, subject);
    if let Some(line) = line {
        let _ = write!(out, ",\"line\":{line}");
    }
    out.extend_from_slice(b",\"answers\":[");
}

/// Whether a text stands in JSON as it is.
fn is_plain(text: &str) -> bool {
    let plain = |b: &u8| (b' '..=b'~').contains(b) && *b != b'"' && *b != b'\\';
    text.as_bytes().iter().all(plain)
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    if is_plain(text) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        let _ = serde_json::to_writer(out, text);
    }
}

fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let start = out.len();
    out.resize(start + 2 * bytes.len(), 0);
    for (two, b) in out[start..].chunks_exact_mut(2).zip(bytes) {
        two[0] = DIGITS[usize::from(b >> 4)];
        two[1] = DIGITS[usize::from(b & 15)];
    }
}

/// A line without its answers: enough to know what it is about.
///
/// # Errors
/// What `serde_json` says of a line that this program did not write.
pub fn head(line: &[u8]) -> io::Result<(Role, String, Option<u32>)> {
    // A quotation mark inside of a text has a backslash before it.
    const ANSWERS: &[u8] = b",\"answers\":[";
    let at = line.windows(ANSWERS.len()).position(|w| w == ANSWERS);
    let mut short = line[..at.unwrap_or(line.len())].to_vec();
    if at.is_some() {
        short.extend_from_slice(b",\"answers\":[]}");
    }
    let read: Line<'_> = serde_json::from_slice(&short)?;
    Ok((read.role, read.subject.into_owned(), read.line))
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() * 2);
    push_hex(&mut out, bytes);
    out.into_iter().map(char::from).collect()
}

/// The file, open for more.
pub struct Evidence {
    out: BufWriter<File>,
}

impl Evidence {
    /// Opens the file, cuts off a line that a kill left unfinished, and hands each whole
    /// line with the place where it begins to `each`.
    ///
    /// # Errors
    /// Whatever the system refuses or `each` does.
    pub fn open(
        path: &Path,
        mut each: impl FnMut(u64, &[u8]) -> io::Result<()>,
    ) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        let whole = lines(&mut file, &mut each)?;
        file.set_len(whole)?;
        Ok(Self {
            out: BufWriter::with_capacity(1 << 16, file),
        })
    }

    /// Adds a line, its end included.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn push(&mut self, line: &[u8]) -> io::Result<()> {
        self.out.write_all(line)
    }

    /// Hands what waits in memory to the system, so that a kill cannot lose it.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Hands each whole line to `each`; gives where the last one ends.
///
/// # Errors
/// Whatever the system refuses or `each` does; a line of more than 16 MiB.
pub fn lines(
    file: &mut File,
    each: &mut impl FnMut(u64, &[u8]) -> io::Result<()>,
) -> io::Result<u64> {
    file.seek(SeekFrom::Start(0))?;
    read_lines(BufReader::with_capacity(1 << 16, file), each)
}

/// The same of what is read from its present place on.
///
/// # Errors
/// As those of [`lines`].
pub fn read_lines(
    mut reader: impl BufRead,
    each: &mut impl FnMut(u64, &[u8]) -> io::Result<()>,
) -> io::Result<u64> {
    let (mut at, mut line) = (0u64, vec![]);
    loop {
        line.clear();
        let n = io::Read::take(&mut reader, MAX_LINE).read_until(b'\n', &mut line)? as u64;
        match line.pop() {
            Some(b'\n') => each(at, &line)?,
            _ if n == MAX_LINE => return Err(io::ErrorKind::InvalidData.into()),
            _ => return Ok(at),
        }
        at += n;
    }
}
