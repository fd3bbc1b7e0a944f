//! The answers as a Parquet table, in the order of the list: the same answers give the
//! same bytes, however often the scan was interrupted.

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use std::io::Write;
use std::sync::Arc;

/// The file's name in the directory of results.
pub const FILE: &str = "answers.parquet";
/// Rows written at once.
const ROWS: usize = 1 << 15;

/// The table's columns.
pub const SCHEMA: &str = "message answer {
    REQUIRED BYTE_ARRAY subject (STRING);
    REQUIRED BYTE_ARRAY role (STRING);
    REQUIRED BYTE_ARRAY name (STRING);
    REQUIRED BYTE_ARRAY type (STRING);
    REQUIRED BYTE_ARRAY status (STRING);
    REQUIRED BOOLEAN implied;
    REQUIRED group records (LIST) { REPEATED group list { REQUIRED BYTE_ARRAY element (STRING); } }
    REQUIRED group chain (LIST) { REPEATED group list { REQUIRED BYTE_ARRAY element (STRING); } }
    OPTIONAL INT32 ttl;
    OPTIONAL BOOLEAN authentic;
}";

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The domain of the list, or the shared host.
    pub subject: &'a str,
    /// `domain`, `host` or `spf`.
    pub role: &'static str,
    /// The name asked for.
    pub name: &'a str,
    /// The type asked for.
    pub qtype: &'a str,
    /// How it ended.
    pub status: &'a str,
    /// Whether it was not asked but follows from another answer.
    pub implied: bool,
    /// Time to live, in seconds.
    pub ttl: Option<u32>,
    /// Whether DNSSEC validated it; `None` where nobody was asked to.
    pub authentic: Option<bool>,
}

/// A column of texts, in one piece of memory until it is written.
#[derive(Default)]
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len());
    }

    fn take(&mut self) -> Vec<ByteArray> {
        let whole = ByteArray::from(std::mem::take(&mut self.bytes));
        let mut start = 0;
        let ends = std::mem::take(&mut self.ends).into_iter();
        ends.map(|end| {
            let text = whole.slice(start, end - start);
            start = end;
            text
        })
        .collect()
    }
}

#[derive(Default)]
struct List {
    texts: Texts,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

impl List {
    fn push<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        let before = self.texts.ends.len();
        for (i, text) in texts.enumerate() {
            self.texts.push(text);
            self.defined.push(1);
            self.repeated.push(i16::from(i > 0));
        }
        if self.texts.ends.len() == before {
            self.defined.push(0);
            self.repeated.push(0);
        }
    }
}

/// Writes the table.
pub struct Table<W: Write + Send> {
    out: SerializedFileWriter<W>,
    texts: [Texts; 5],
    implied: Vec<bool>,
    records: List,
    chain: List,
    ttl: Vec<Option<i32>>,
    authentic: Vec<Option<bool>>,
}

impl<W: Write + Send> Table<W> {
    /// A table to be written to `out`.
    ///
    /// # Errors
    /// As the writer.
    pub fn new(out: W) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_created_by(format!("cocarde {}", env!("CARGO_PKG_VERSION")))
            .set_compression(Compression::SNAPPY)
            // Hardly a name or a text stands twice.
            .set_column_dictionary_enabled(ColumnPath::from("name"), false)
            .build();
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        Ok(Self {
            out: SerializedFileWriter::new(out, schema, Arc::new(properties))?,
            texts: Default::default(),
            implied: vec![],
            records: List::default(),
            chain: List::default(),
            ttl: vec![],
            authentic: vec![],
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// As the writer.
    pub fn push<'a>(
        &mut self,
        row: Row<'_>,
        records: impl Iterator<Item = &'a str>,
        chain: impl Iterator<Item = &'a str>,
    ) -> Result<()> {
        let texts = [row.subject, row.role, row.name, row.qtype, row.status];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.push(text);
        }
        self.implied.push(row.implied);
        self.records.push(records);
        self.chain.push(chain);
        self.ttl
            .push(row.ttl.map(|t| i32::try_from(t).unwrap_or(i32::MAX)));
        self.authentic.push(row.authentic);
        if self.implied.len() == ROWS {
            self.write()?;
        }
        Ok(())
    }

    /// Writes what is left, and the end.
    ///
    /// # Errors
    /// As the writer.
    pub fn finish(mut self) -> Result<W> {
        if !self.implied.is_empty() {
            self.write()?;
        }
        self.out.into_inner()
    }

    fn write(&mut self) -> Result<()> {
        let mut group = self.out.next_row_group()?;
        for texts in &mut self.texts {
            column::<ByteArrayType, _>(&mut group, &texts.take(), None, None)?;
        }
        column::<BoolType, _>(&mut group, &std::mem::take(&mut self.implied), None, None)?;
        for list in [&mut self.records, &mut self.chain] {
            let (defined, repeated) = (&list.defined, &list.repeated);
            let texts = list.texts.take();
            column::<ByteArrayType, _>(&mut group, &texts, Some(defined), Some(repeated))?;
            list.defined.clear();
            list.repeated.clear();
        }
        optional::<Int32Type, _>(&mut group, &mut self.ttl)?;
        optional::<BoolType, _>(&mut group, &mut self.authentic)?;
        group.close()?;
        Ok(())
    }
}

fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    defined: Option<&[i16]>,
    repeated: Option<&[i16]>,
) -> Result<()> {
    if let Some(mut writer) = group.next_column()? {
        writer.typed::<T>().write_batch(values, defined, repeated)?;
        writer.close()?;
    }
    Ok(())
}

fn optional<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &mut Vec<Option<T::T>>,
) -> Result<()> {
    let defined: Vec<i16> = values.iter().map(|v| i16::from(v.is_some())).collect();
    let present: Vec<T::T> = values.drain(..).flatten().collect();
    column::<T, W>(group, &present, Some(&defined), None)
}
