//! A Parquet file with some of its chunks rewritten and the others copied.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use parquet::bloom_filter::Sbbf;
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};

use super::error::{ParquetError, contain};
use super::file::ParquetFile;
use super::metadata::Cleaner;
use super::new_schema::NewSchema;
use super::orders::{self, Held};
use super::rewrite::RewrittenChunk;

/// Writes the copy of a [`ParquetFile`], row group by row group in its order.
///
/// Memory: the chunk handed in, the page indexes and the footer. Copied chunks are streamed.
pub struct ParquetWriter<W: Write + Send> {
    file: Arc<ParquetFile>,
    schema: NewSchema,
    writer: SerializedFileWriter<Held<W>>,
    next_row_group: usize,
    touched: Vec<bool>,
    dropped: Vec<String>,
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Starts a copy of `file` into `sink`, of the schema given, which is one of this file.
    ///
    /// `touched` says per leaf whether any of its chunks will be rewritten: what the source states
    /// about the order of rows no longer holds from the first such column on. `scrub` gives the
    /// ranges of personal data in a text, as half-open byte ranges; it is run over everything that
    /// travels beside the columns (key-value metadata, the Arrow schema, `created_by`).
    ///
    /// # Errors
    /// What writing to `sink` gives, and [`ParquetError::Order`] if `touched` is not one flag per
    /// leaf.
    pub fn new(
        sink: W,
        file: Arc<ParquetFile>,
        schema: NewSchema,
        touched: &[bool],
        scrub: &dyn Fn(&[u8]) -> Vec<Range<usize>>,
    ) -> Result<Self, ParquetError> {
        if touched.len() != file.leaves().len() {
            return Err(ParquetError::Order("one flag per leaf is needed"));
        }
        let source = file.metadata().file_metadata();
        let mut cleaner = Cleaner::new(&schema, scrub);
        let key_values = cleaner.file_entries(source.key_value_metadata());
        let version = if source.version() == 1 {
            WriterVersion::PARQUET_1_0
        } else {
            WriterVersion::PARQUET_2_0
        };
        let mut properties = WriterProperties::builder()
            .set_writer_version(version)
            .set_key_value_metadata(key_values)
            .set_sorting_columns(sorting(&file, touched));
        if let Some(created_by) = source.created_by() {
            // Readers decide by it which statistics to trust, so it stays with the copied ones.
            properties = properties.set_created_by(cleaner.text(created_by));
        }
        let properties = Arc::new(properties.build());
        let root = schema.root();
        let writer = contain(|| SerializedFileWriter::new(Held::new(sink), root, properties))?;
        let dropped = cleaner.into_dropped();
        Ok(Self { file, schema, writer, next_row_group: 0, touched: touched.to_vec(), dropped })
    }

    /// Starts the next row group, which takes its chunks one after another; nothing behind the last one of
    /// the source.
    ///
    /// # Errors
    /// What writing gives.
    pub fn next_row_group(&mut self) -> Result<Option<RowGroup<'_, W>>, ParquetError> {
        let rg = self.next_row_group;
        if rg == self.file.row_groups() {
            return Ok(None);
        }
        self.next_row_group += 1;
        let writer = contain(|| self.writer.next_row_group())?;
        let (file, schema, touched) = (&*self.file, &self.schema, &self.touched[..]);
        Ok(Some(RowGroup { file, schema, touched, row_group: rg, leaf: 0, writer }))
    }

    /// Writes the footer, and returns the sink with the names of what was left out or blanked beside the columns,
    /// for a warning: metadata keys such as `PANDAS_ATTRS` or `ARROW:schema/owner`.
    ///
    /// # Errors
    /// [`ParquetError::Order`] if row groups are missing; otherwise what writing gives. The sink is
    /// flushed, so that a full disk shows here.
    pub fn finish(mut self) -> Result<(W, Vec<String>), ParquetError> {
        if self.next_row_group != self.file.row_groups() {
            return Err(ParquetError::Order("not all row groups were written"));
        }
        self.writer.flush()?;
        self.writer.inner_mut().hold();
        // This writes the footer, too.
        let mut held = contain(|| self.writer.into_inner())?;
        let orders = self.file.column_orders().map(<[u8]>::to_vec);
        let orders = match self.schema.texts() {
            Some(texts) => orders.map(|orders| orders::with_texts(orders, texts)),
            None => orders,
        };
        held.release(orders.as_deref())?;
        Ok((held.into_inner(), self.dropped))
    }
}

/// A row group that is being written, leaf by leaf in their order. One that is not
/// [closed](Self::close) spoils the file.
pub struct RowGroup<'a, W: Write + Send> {
    file: &'a ParquetFile,
    schema: &'a NewSchema,
    touched: &'a [bool],
    row_group: usize,
    /// The next one.
    leaf: usize,
    writer: SerializedRowGroupWriter<'a, Held<W>>,
}

impl<W: Write + Send> RowGroup<'_, W> {
    /// Writes the chunk of the next leaf: the rewritten one, or `None` to copy it.
    ///
    /// A chunk of a touched leaf may be `None` where nothing in it needs protection; its statistics,
    /// indexes and Bloom filter then go with it. That of a leaf that becomes text is always rewritten,
    /// by [`rewrite_as_text`](ParquetFile::rewrite_as_text).
    ///
    /// # Errors
    /// [`ParquetError::Order`] for a chunk of another row group, leaf or type, of a leaf that was not
    /// announced as touched, or one too many; otherwise what reading and writing give.
    pub fn push(&mut self, chunk: Option<RewrittenChunk>) -> Result<(), ParquetError> {
        let (rg, leaf) = (self.row_group, self.leaf);
        let Some(described) = self.file.leaves().get(leaf) else {
            return Err(ParquetError::Order("more chunks than leaves"));
        };
        let becomes_text = self.schema.is_text(leaf);
        let belongs = chunk.as_ref().map_or(!becomes_text, |chunk| {
            (chunk.row_group, chunk.leaf, chunk.became_text) == (rg, leaf, becomes_text)
                && self.touched[leaf]
        });
        if !belongs {
            return Err(ParquetError::Order("a chunk of another row group, leaf or type"));
        }
        self.leaf += 1;
        match chunk {
            Some(RewrittenChunk { pages, mut close, .. }) => contain(|| {
                close.metadata = self.schema.placed(close.metadata, leaf)?;
                self.writer.append_column(&pages, close)
            }),
            None => contain(|| self.copy(leaf)),
        }
        .map_err(|cause| cause.in_chunk(rg, &described.path))
    }

    /// Copies a chunk as it is, with everything the source says about it.
    fn copy(&mut self, leaf: usize) -> parquet::errors::Result<()> {
        let (file, rg) = (self.file, self.row_group);
        let source = &**file.source();
        let metadata = file.chunk(rg, leaf).clone();
        let index = file.metadata().page_index();
        let close = ColumnCloseResult {
            bytes_written: metadata.compressed_size().cast_unsigned(),
            rows_written: file.rows(rg),
            // A filter is optional: one that does not parse is left out.
            bloom_filter: Sbbf::read_from_column_chunk(&metadata, source).ok().flatten(),
            metadata: self.schema.placed(metadata, leaf)?,
            column_index: index.and_then(|index| index.column_index(rg, leaf)).cloned(),
            offset_index: index.and_then(|index| index.offset_index(rg, leaf)).cloned(),
        };
        self.writer.append_column(source, close)
    }

    /// Ends the row group.
    ///
    /// # Errors
    /// [`ParquetError::Order`] if chunks are missing; otherwise what writing gives.
    pub fn close(self) -> Result<(), ParquetError> {
        if self.leaf != self.file.leaves().len() {
            return Err(ParquetError::Order("one chunk per leaf is needed"));
        }
        let written = contain(|| self.writer.close())?;
        if written.num_rows().cast_unsigned() != self.file.rows(self.row_group) {
            return Err(ParquetError::Unsupported("rows without any column".to_owned()));
        }
        Ok(())
    }
}

/// The order of rows that still holds: up to the first touched column.
///
/// The writer states one order for all row groups, so that it is stated only where they agree.
fn sorting(file: &ParquetFile, touched: &[bool]) -> Option<Vec<SortingColumn>> {
    let holds = |column: &&SortingColumn| {
        usize::try_from(column.column_idx).is_ok_and(|leaf| touched.get(leaf) == Some(&false))
    };
    let mut orders = file.metadata().row_groups().iter().map(|row_group| {
        let columns = row_group.sorting_columns().map_or(&[][..], Vec::as_slice);
        columns.iter().take_while(holds).cloned().collect::<Vec<_>>()
    });
    let first = orders.next()?;
    (!first.is_empty() && orders.all(|order| order == first)).then_some(first)
}
