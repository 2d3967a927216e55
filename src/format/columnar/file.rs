//! A Parquet file open for reading.

use std::path::Path;
use std::sync::Arc;

use parquet::data_type::{ByteArrayType, FixedLenByteArrayType, Int64Type};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::cursor::{Cursor, Physical};
use super::error::ParquetError;
use super::footer::{self, Footer};
use super::pages;
use super::schema::{self, Leaf, LeafClass};
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
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Of a [`LeafClass::Text`] or [`LeafClass::FixedText`] leaf; not necessarily UTF-8.
    Bytes(&'a [u8]),
    /// Of a [`LeafClass::Integer`] leaf.
    Integer(i64),
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
    /// Set for values that come from a dictionary; never for integers and empty values.
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

    /// Reads one chunk, batch by batch, in row order.
    ///
    /// Memory: one batch of some thousand values, and the decompressed dictionary and current page.
    ///
    /// # Errors
    /// What `visit` returns, and [`ParquetError`]s of the chunk: it does not decode, or the leaf is
    /// of a class without values to read ([`LeafClass::Other`], [`LeafClass::Opaque`]).
    pub fn read<E: From<ParquetError>>(
        &self,
        rg: usize,
        leaf: usize,
        mut visit: impl FnMut(&Batch<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.leaves[leaf].class {
            LeafClass::Text => self.read_typed::<ByteArrayType, E>(rg, leaf, &mut visit),
            LeafClass::FixedText(_) => {
                self.read_typed::<FixedLenByteArrayType, E>(rg, leaf, &mut visit)
            }
            LeafClass::Integer => self.read_typed::<Int64Type, E>(rg, leaf, &mut visit),
            LeafClass::Other | LeafClass::Opaque => {
                let cause = ParquetError::Unsupported("no values to read in this type".to_owned());
                Err(cause.in_chunk(rg, &self.leaves[leaf].path).into())
            }
        }
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
