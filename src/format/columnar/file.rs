//! A Parquet file open for reading.

use std::path::Path;
use std::sync::Arc;

use parquet::basic::{ColumnOrder, Type};
use parquet::data_type::{
    ByteArrayType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96Type,
};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::statistics::Statistics;

use super::cursor::{Cursor, Physical};
use super::error::ParquetError;
use super::footer::{self, Footer};
use super::pages;
use super::schema::{self, Leaf};
use super::source::Source;

/// A Parquet file: its footer and page indexes in memory, its columns on disk.
///
/// Shared freely between threads: reads are positioned and leave no state behind.
pub struct ParquetFile {
    source: Arc<Source>,
    metadata: ParquetMetaData,
    column_orders: Option<Vec<u8>>,
    leaves: Vec<Leaf>,
    first_records: Vec<u64>,
}

/// A value as the file stores it. It may be personal data, so it has no `Debug`.
///
/// What it means is said by the class of its leaf; [`Rendering`](super::Rendering) spells it out.
#[derive(Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Of any length or of a fixed one; not necessarily UTF-8.
    Bytes(&'a [u8]),
    /// Of 32 or 64 bits, as if signed.
    Integer(i64),
    /// Of 32 or 64 bits.
    Float(f64),
    /// Of 96 bits: a Julian day, and nanoseconds within it.
    Instant { day: u32, nanos: u64 },
}

/// How many values and nulls there are in a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Occupancy {
    pub values: u64,
    /// Slots without a value: nulls at any level above, and empty lists.
    pub nulls: u64,
}

/// Which entry of the chunk's dictionary a value is: within one chunk, equal identities are equal
/// values, so that a caller can look at each entry once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity(pub(super) u32);

impl Identity {
    /// A number below the bytes of the dictionary page, to index by.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }
}

/// A value and where it is.
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    /// 0-based row in the row group; several cells share one where the leaf is inside a list.
    pub row: u64,
    /// The value, never null.
    pub value: Value<'a>,
    /// Set for bytes that come from a dictionary; never for numbers and empty values.
    pub identity: Option<Identity>,
}

/// Some consecutive rows of a leaf.
pub struct Batch<'a> {
    /// Their values in order, those of one row together.
    pub cells: Vec<Cell<'a>>,
    /// Slots without a value: nulls at any level above, and empty lists.
    pub nulls: u64,
}

impl ParquetFile {
    /// Opens a file and reads its footer and page indexes.
    ///
    /// # Errors
    /// [`ParquetError::NotParquet`] for an empty, truncated or other file;
    /// [`ParquetError::Encrypted`]; [`ParquetError::Malformed`] for a footer that does not parse or
    /// does not describe this file.
    pub fn open(path: &Path) -> Result<Self, ParquetError> {
        let source = Source::open(path)?;
        let Footer { metadata, column_orders } = footer::read(&source)?;
        let leaves = schema::leaves(metadata.file_metadata().schema_descr());
        let mut first_records = Vec::with_capacity(metadata.num_row_groups());
        let mut next = 1_u64;
        for row_group in metadata.row_groups() {
            first_records.push(next);
            next = next.saturating_add(row_group.num_rows().cast_unsigned());
        }
        Ok(Self { source: Arc::new(source), metadata, column_orders, leaves, first_records })
    }

    /// The leaf columns, in the order of the schema.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Number of row groups, possibly 0.
    #[must_use]
    pub fn row_groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Number of rows of row group `rg`, possibly 0.
    ///
    /// # Panics
    /// Where `rg` is not below [`row_groups`](Self::row_groups); so do the other methods.
    #[must_use]
    pub fn rows(&self, rg: usize) -> u64 {
        // Not negative: checked when the footer was read.
        self.metadata.row_group(rg).num_rows().cast_unsigned()
    }

    /// The 1-based record, in the file, of the first row of row group `rg`.
    #[must_use]
    pub fn first_record(&self, rg: usize) -> u64 {
        self.first_records[rg]
    }

    /// Bytes that the chunk of `leaf` in row group `rg` takes in the file.
    #[must_use]
    pub fn chunk_bytes(&self, rg: usize, leaf: usize) -> u64 {
        // Not negative: checked when the footer was read.
        self.chunk(rg, leaf).compressed_size().cast_unsigned()
    }

    /// Bytes of the same chunk once it is decompressed, as the footer states.
    #[must_use]
    pub fn plain_bytes(&self, rg: usize, leaf: usize) -> u64 {
        u64::try_from(self.chunk(rg, leaf).uncompressed_size()).unwrap_or(0)
    }

    /// How many values and nulls a chunk has together, as the footer states.
    #[must_use]
    pub fn slots(&self, rg: usize, leaf: usize) -> u64 {
        // Not negative: checked when the footer was read.
        self.chunk(rg, leaf).num_values().cast_unsigned()
    }

    /// Reads one chunk, batch by batch, in row order.
    ///
    /// Memory: one batch of some thousand values, and the decompressed dictionary and current page.
    ///
    /// # Errors
    /// What `visit` returns, and [`ParquetError`]s of the chunk: it does not decode, or the leaf is
    /// of a class whose values are not read ([`LeafClass::is_read`](super::LeafClass::is_read)).
    pub fn read<E: From<ParquetError>>(
        &self,
        rg: usize,
        leaf: usize,
        mut visit: impl FnMut(&Batch<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let visit = &mut visit;
        match self.physical(leaf) {
            Some(Type::BYTE_ARRAY) => self.read_typed::<ByteArrayType, E>(rg, leaf, visit),
            Some(Type::FIXED_LEN_BYTE_ARRAY) => {
                self.read_typed::<FixedLenByteArrayType, E>(rg, leaf, visit)
            }
            Some(Type::INT32) => self.read_typed::<Int32Type, E>(rg, leaf, visit),
            Some(Type::INT64) => self.read_typed::<Int64Type, E>(rg, leaf, visit),
            Some(Type::INT96) => self.read_typed::<Int96Type, E>(rg, leaf, visit),
            Some(Type::FLOAT) => self.read_typed::<FloatType, E>(rg, leaf, visit),
            Some(Type::DOUBLE) => self.read_typed::<DoubleType, E>(rg, leaf, visit),
            Some(Type::BOOLEAN) | None => {
                let cause = ParquetError::Unsupported("no values to read in this type".to_owned());
                Err(cause.in_chunk(rg, &self.leaves[leaf].path).into())
            }
        }
    }

    /// How many values and nulls a chunk has, as its statistics state; nothing where they do not.
    #[must_use]
    pub fn occupancy(&self, rg: usize, leaf: usize) -> Option<Occupancy> {
        let chunk = self.chunk(rg, leaf);
        let nulls = chunk.statistics()?.null_count_opt()?;
        let values = chunk.num_values().cast_unsigned().checked_sub(nulls)?;
        Some(Occupancy { values, nulls })
    }

    /// The smallest and the largest number of a chunk, as its statistics state; nothing where they
    /// do not, or where writers are known to have got them wrong.
    ///
    /// Like every reader that filters by them, this takes the word of a writer: a chunk whose
    /// statistics lie is taken for what they say.
    #[must_use]
    pub fn bounds(&self, rg: usize, leaf: usize) -> Option<[Value<'_>; 2]> {
        let statistics = self.chunk(rg, leaf).statistics()?;
        let order = self.metadata.file_metadata().column_order(leaf);
        if statistics.is_min_max_deprecated()
            || matches!(order, ColumnOrder::UNDEFINED | ColumnOrder::UNKNOWN)
        {
            return None;
        }
        Some(match statistics {
            Statistics::Int32(of) => {
                [Value::Integer((*of.min_opt()?).into()), Value::Integer((*of.max_opt()?).into())]
            }
            Statistics::Int64(of) => {
                [Value::Integer(*of.min_opt()?), Value::Integer(*of.max_opt()?)]
            }
            Statistics::Float(of) => {
                [Value::Float((*of.min_opt()?).into()), Value::Float((*of.max_opt()?).into())]
            }
            Statistics::Double(of) => [Value::Float(*of.min_opt()?), Value::Float(*of.max_opt()?)],
            // Bytes may have been cut short, which for numbers makes others of them; where the
            // length is fixed, that shows.
            Statistics::FixedLenByteArray(of) => {
                let (min, max) = (of.min_opt()?.data(), of.max_opt()?.data());
                let length = usize::try_from(self.chunk(rg, leaf).column_descr().type_length());
                if length != Ok(min.len()) || length != Ok(max.len()) {
                    return None;
                }
                [Value::Bytes(min), Value::Bytes(max)]
            }
            Statistics::Boolean(_) | Statistics::Int96(_) | Statistics::ByteArray(_) => {
                return None;
            }
        })
    }

    /// Whether a chunk has a Bloom filter.
    #[must_use]
    pub fn has_bloom_filter(&self, rg: usize, leaf: usize) -> bool {
        self.chunk(rg, leaf).bloom_filter_offset().is_some()
    }

    /// Whether a chunk is the same as that of `other`, byte for byte.
    ///
    /// # Errors
    /// [`ParquetError`] where one of them cannot be read.
    pub fn is_chunk_of(&self, other: &Self, rg: usize, leaf: usize) -> Result<bool, ParquetError> {
        let length = |file: &Self| file.chunk(rg, leaf).compressed_size();
        if length(self) != length(other) {
            return Ok(false);
        }
        let bytes = |file: &Self| {
            let start = footer::chunk_start(file.chunk(rg, leaf)).cast_unsigned();
            file.source.bytes(start, usize::try_from(length(file)).unwrap_or(usize::MAX))
        };
        Ok(bytes(self)? == bytes(other)?)
    }

    /// The entries of the key-value metadata.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.metadata.file_metadata().key_value_metadata().into_iter().flatten();
        entries.map(|entry| (entry.key.as_str(), entry.value.as_deref().unwrap_or_default()))
    }

    /// The physical type of a leaf; nothing where its values are not read.
    pub(super) fn physical(&self, leaf: usize) -> Option<Type> {
        let schema = self.metadata.file_metadata().schema_descr();
        self.leaves[leaf].class.is_read().then(|| schema.column(leaf).physical_type())
    }

    fn read_typed<T: Physical, E: From<ParquetError>>(
        &self,
        rg: usize,
        leaf: usize,
        visit: &mut dyn FnMut(&Batch<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let here = |cause: ParquetError| cause.in_chunk(rg, &self.leaves[leaf].path);
        pages::survey(&self.source, self.chunk(rg, leaf)).map_err(here)?;
        let mut cursor = Cursor::<T>::open(self, rg, leaf).map_err(here)?;
        let mut first_row = 0;
        while cursor.advance().map_err(here)? {
            let cells = cursor
                .values
                .iter()
                .zip(cursor.value_records())
                .map(|(value, record)| Cell {
                    row: first_row + record,
                    value: T::as_value(value),
                    identity: cursor.identity(value).map(Identity),
                })
                .collect();
            visit(&Batch { cells, nulls: cursor.nulls() as u64 })?;
            first_row = cursor.rows_read();
        }
        Ok(())
    }

    pub(super) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    pub(super) fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }

    pub(super) fn column_orders(&self) -> Option<&[u8]> {
        self.column_orders.as_deref()
    }

    pub(super) fn chunk(&self, rg: usize, leaf: usize) -> &ColumnChunkMetaData {
        self.metadata.row_group(rg).column(leaf)
    }
}
