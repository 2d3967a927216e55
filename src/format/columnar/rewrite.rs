//! One column chunk with other values: decoded, edited and encoded again, batch by batch.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use parquet::basic::{Encoding, LogicalType, PageType, Type};
use parquet::column::writer::{ColumnCloseResult, get_column_writer, get_typed_column_writer};
use parquet::data_type::{
    ByteArrayType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96Type,
};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use super::assemble::Pages;
use super::cursor::{Cursor, Physical};
use super::error::{ParquetError, contain};
use super::file::{Identity, ParquetFile, Value};
use super::new_schema::text_column;
use super::pages::{self, PageSurvey};
use super::schema::{Leaf, LeafClass};
use super::substitute::LARGE_DICTIONARY_BYTES;
use super::texts::Texts;

/// What becomes of a value. It may hold one, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub enum ValueEdit {
    /// Stays as it is.
    Keep,
    /// Becomes these bytes: UTF-8 where the leaf is a string, of the same length where it is
    /// [`LeafClass::FixedText`]; never where the values are no text ([`LeafClass::is_bytes`]).
    Replace(Vec<u8>),
    /// Becomes this number, where the leaf is of integers that are so long.
    Number(i64),
    /// Becomes this point in time, where the leaf is of those in 96 bits: the Julian number of the day,
    /// and nanoseconds within it.
    Instant { day: u32, nanos: u64 },
    /// Becomes null, where [`Leaf::nullable`].
    Null,
}

/// A column chunk in memory, encoded and compressed, for [`ParquetWriter`](super::ParquetWriter).
pub struct RewrittenChunk {
    pub(super) row_group: usize,
    pub(super) leaf: usize,
    pub(super) became_text: bool,
    pub(super) pages: Pages,
    pub(super) close: ColumnCloseResult,
}

/// Says what becomes of each value of a chunk.
pub trait EditValues {
    /// Whether its answers depend on the row, too: it is then asked about every value, and told its row
    /// by [`at_row`](Self::at_row) before.
    fn is_by_row(&self) -> bool {
        false
    }

    /// The values that it is asked about next are of this row of the row group, from 0.
    fn at_row(&mut self, _row: u64) {}

    /// What becomes of `value`. Unless it is by row, its answer may depend on nothing but the value:
    /// where it may come again it has an `identity`, which counts up from 0, and it is asked once.
    fn edit(&mut self, value: Value<'_>, identity: Option<Identity>) -> ValueEdit;

    /// The same for each of `texts`, in order and without an identity; `take` gets its place among them
    /// and what becomes of it.
    fn edit_all(&mut self, texts: Texts<'_>, take: &mut dyn FnMut(usize, ValueEdit)) {
        for place in 0..texts.spans.len() {
            take(place, self.edit(Value::Bytes(texts.at(place)), None));
        }
    }

    /// The value of `identity`, which was asked about before, stands in so many more places.
    fn again(&mut self, identity: Identity, times: u64);
}

/// A function that does not care how often a value occurs.
impl<F: FnMut(Value<'_>) -> ValueEdit> EditValues for F {
    fn edit(&mut self, value: Value<'_>, _identity: Option<Identity>) -> ValueEdit {
        self(value)
    }

    fn again(&mut self, _identity: Identity, _times: u64) {}
}

impl ParquetFile {
    /// Rewrites the chunk of `leaf` in row group `rg`: `edit` says what becomes of each value, and
    /// levels, codec, page version and the use of a dictionary stay as they were. Statistics and
    /// indexes are made from the new values, where the source had them; a Bloom filter is not.
    ///
    /// `edit` runs once per dictionary entry that is in use, and once per value where the chunk is
    /// not dictionary-encoded or it is by row.
    ///
    /// Memory: a batch of some thousand values, the current page, the distinct replacements of the
    /// dictionary, and the encoded result.
    ///
    /// # Errors
    /// [`ParquetError::Edit`] for an edit that the leaf cannot hold, and what reading gives.
    pub fn rewrite(
        &self,
        rg: usize,
        leaf: usize,
        edit: &mut dyn EditValues,
    ) -> Result<RewrittenChunk, ParquetError> {
        self.rewritten(rg, leaf, false, edit)
    }

    /// The same for a leaf that becomes text: `edit` says what text each value becomes, or that it
    /// becomes null; none is kept.
    ///
    /// # Errors
    /// As for [`rewrite`](Self::rewrite).
    pub fn rewrite_as_text(
        &self,
        rg: usize,
        leaf: usize,
        edit: &mut dyn EditValues,
    ) -> Result<RewrittenChunk, ParquetError> {
        self.rewritten(rg, leaf, true, edit)
    }

    fn rewritten(
        &self,
        rg: usize,
        leaf: usize,
        as_text: bool,
        edit: &mut dyn EditValues,
    ) -> Result<RewrittenChunk, ParquetError> {
        let (pages, close) = match self.physical(leaf) {
            Some(Type::BYTE_ARRAY) if !as_text => self.rewrite_texts(rg, leaf, edit),
            Some(Type::BYTE_ARRAY) => self.rewrite_of::<ByteArrayType>(rg, leaf, as_text, edit),
            Some(Type::FIXED_LEN_BYTE_ARRAY) => {
                self.rewrite_of::<FixedLenByteArrayType>(rg, leaf, as_text, edit)
            }
            Some(Type::INT32) => self.rewrite_of::<Int32Type>(rg, leaf, as_text, edit),
            Some(Type::INT64) => self.rewrite_of::<Int64Type>(rg, leaf, as_text, edit),
            Some(Type::INT96) => self.rewrite_of::<Int96Type>(rg, leaf, as_text, edit),
            Some(Type::FLOAT) => self.rewrite_of::<FloatType>(rg, leaf, as_text, edit),
            Some(Type::DOUBLE) => self.rewrite_of::<DoubleType>(rg, leaf, as_text, edit),
            Some(Type::BOOLEAN) | None => {
                Err(ParquetError::Edit("values of this type cannot be edited"))
            }
        }
        .map_err(|cause| cause.in_chunk(rg, &self.leaves()[leaf].path))?;
        Ok(RewrittenChunk { row_group: rg, leaf, became_text: as_text, pages, close })
    }

    /// Rewrites a chunk of values of type `T`, which stay so or become text.
    fn rewrite_of<T: Physical>(
        &self,
        rg: usize,
        leaf: usize,
        as_text: bool,
        edit: &mut dyn EditValues,
    ) -> Result<(Pages, ColumnCloseResult), ParquetError> {
        if as_text {
            self.textify::<T>(rg, leaf, edit)
        } else {
            self.rewrite_typed::<T>(rg, leaf, edit)
        }
    }

    fn rewrite_texts(
        &self,
        rg: usize,
        leaf: usize,
        edit: &mut dyn EditValues,
    ) -> Result<(Pages, ColumnCloseResult), ParquetError> {
        let chunk = self.chunk(rg, leaf);
        if self.leaves()[leaf].class.is_bytes() && !edit.is_by_row() {
            let survey = pages::survey(self.source(), chunk)?;
            let edits = Edits::new(&self.leaves()[leaf], is_utf8(chunk));
            if let Some(rewritten) = self.substitute(rg, leaf, &survey, edits, edit)? {
                return Ok(rewritten);
            }
        }
        self.rewrite_typed::<ByteArrayType>(rg, leaf, edit)
    }

    fn rewrite_typed<T: Physical>(
        &self,
        rg: usize,
        leaf: usize,
        edit: &mut dyn EditValues,
    ) -> Result<(Pages, ColumnCloseResult), ParquetError> {
        let chunk = self.chunk(rg, leaf);
        let edits = Edits::new(&self.leaves()[leaf], is_utf8(chunk));
        let editor = Editor::<T, T>::new(edits, |value| Some(value.clone()));
        self.rewrite_into(rg, leaf, chunk.column_descr_ptr(), editor, edit)
    }

    fn textify<T: Physical>(
        &self,
        rg: usize,
        leaf: usize,
        edit: &mut dyn EditValues,
    ) -> Result<(Pages, ColumnCloseResult), ParquetError> {
        let column = text_column(self.chunk(rg, leaf).column_descr())?;
        let nullable = self.leaves()[leaf].nullable;
        let edits = Edits { class: LeafClass::Text, nullable, is_utf8: true };
        self.rewrite_into(rg, leaf, column, Editor::<T, ByteArrayType>::new(edits, |_| None), edit)
    }

    /// Rewrites a chunk as one of `column`, whose levels are those of the leaf.
    fn rewrite_into<T: Physical, N: Physical>(
        &self,
        rg: usize,
        leaf: usize,
        column: ColumnDescPtr,
        mut editor: Editor<T, N>,
        edit: &mut dyn EditValues,
    ) -> Result<(Pages, ColumnCloseResult), ParquetError> {
        let survey = pages::survey(self.source(), self.chunk(rg, leaf))?;
        let properties = Arc::new(self.properties(rg, leaf, &survey));
        let mut cursor = Cursor::<T>::open(self, rg, leaf)?;

        let mut sink = TrackedWrite::new(Vec::new());
        let page_writer = Box::new(SerializedPageWriter::new(&mut sink));
        let mut writer = contain(|| {
            let writer = get_column_writer(column, properties, page_writer);
            Ok(get_typed_column_writer::<N>(writer))
        })?;
        loop {
            let first_row = cursor.rows_read();
            if !cursor.advance()? {
                break;
            }
            editor.edit(&mut cursor, first_row, edit)?;
            let definition = (cursor.max_definition > 0).then_some(&*cursor.definition);
            contain(|| writer.write_batch(&editor.values, definition, cursor.repetition_levels()))?;
        }
        let close = contain(|| writer.close())?;
        let data = sink.into_inner()?.into();
        Ok((Pages { data, ..Pages::default() }, close))
    }

    /// The way the source wrote this chunk, as far as its metadata tells.
    fn properties(&self, rg: usize, leaf: usize, survey: &PageSurvey) -> WriterProperties {
        let chunk = self.chunk(rg, leaf);
        let index = self.metadata().page_index();
        let has_column_index = index.is_some_and(|index| index.column_index(rg, leaf).is_some());
        let has_offset_index = index.is_some_and(|index| index.offset_index(rg, leaf).is_some());
        let statistics = match (chunk.statistics(), has_column_index) {
            (_, true) => EnabledStatistics::Page,
            (Some(_), false) => EnabledStatistics::Chunk,
            (None, false) => EnabledStatistics::None,
        };
        let version = if survey.data_page_v2 {
            WriterVersion::PARQUET_2_0
        } else {
            WriterVersion::PARQUET_1_0
        };
        let mut builder = WriterProperties::builder()
            .set_writer_version(version)
            .set_compression(chunk.compression())
            .set_dictionary_enabled(survey.dictionary)
            // For what does not fit the dictionary, too: version 2 would choose a delta encoding.
            .set_encoding(Encoding::PLAIN)
            .set_statistics_enabled(statistics)
            .set_offset_index_disabled(!has_offset_index);
        if survey.dictionary && is_all_dictionary(chunk) {
            builder = builder.set_dictionary_page_size_limit(LARGE_DICTIONARY_BYTES);
        }
        builder.build()
    }
}

fn is_all_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    chunk.page_encoding_stats().is_some_and(|stats| {
        stats.iter().all(|page| {
            matches!(page.page_type, PageType::DICTIONARY_PAGE | PageType::INDEX_PAGE)
                || matches!(page.encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY)
        })
    })
}

/// Whether readers may take the values for UTF-8 without looking.
pub(super) fn is_utf8(chunk: &ColumnChunkMetaData) -> bool {
    use parquet::basic::ConvertedType::{ENUM, JSON, UTF8};
    let descriptor = chunk.column_descr();
    match descriptor.logical_type_ref() {
        Some(logical) => {
            matches!(logical, LogicalType::String | LogicalType::Enum | LogicalType::Json)
        }
        None => matches!(descriptor.converted_type(), UTF8 | ENUM | JSON),
    }
}

/// Which edits a leaf can hold.
#[derive(Clone, Copy)]
pub(super) struct Edits {
    class: LeafClass,
    nullable: bool,
    is_utf8: bool,
}

impl Edits {
    fn new(leaf: &Leaf, is_utf8: bool) -> Self {
        Self { class: leaf.class, nullable: leaf.nullable, is_utf8 }
    }

    /// The text that `text` becomes by `edit`, or nothing for null.
    pub(super) fn apply(
        self,
        text: &[u8],
        edit: ValueEdit,
    ) -> Result<Option<Cow<'_, [u8]>>, ParquetError> {
        self.check(&edit)?;
        Ok(match edit {
            ValueEdit::Keep => Some(text.into()),
            ValueEdit::Null => None,
            ValueEdit::Replace(bytes) => Some(bytes.into()),
            // Refused by `check`: text is bytes.
            ValueEdit::Number(_) | ValueEdit::Instant { .. } => None,
        })
    }

    fn check(self, edit: &ValueEdit) -> Result<(), ParquetError> {
        Err(ParquetError::Edit(match edit {
            ValueEdit::Null if !self.nullable => "null in a required field",
            ValueEdit::Number(_) | ValueEdit::Instant { .. } if self.class.is_bytes() => {
                "a number in a field of text"
            }
            ValueEdit::Keep
            | ValueEdit::Null
            | ValueEdit::Number(_)
            | ValueEdit::Instant { .. } => return Ok(()),
            ValueEdit::Replace(_) if !self.class.is_bytes() => {
                "text in a field of numbers or dates"
            }
            ValueEdit::Replace(bytes) => match self.class {
                LeafClass::FixedText(length) if bytes.len() != length => {
                    "another length in a fixed-length field"
                }
                // Nearly all texts are, and that is told faster.
                _ if self.is_utf8 && !bytes.is_ascii() && std::str::from_utf8(bytes).is_err() => {
                    "text that is not UTF-8 in a string field"
                }
                _ => return Ok(()),
            },
        }))
    }
}

/// Applies edits to batches of values of type `T`, which become ones of type `N`, remembering the answer
/// for each entry of the dictionary.
struct Editor<T: Physical, N: Physical> {
    edits: Edits,
    /// What a value is that is kept; nothing where none can be.
    keep: fn(&T::T) -> Option<N::T>,
    /// By offset in the dictionary page, with the number it was asked about as; `None` is null.
    memo: HashMap<u32, (Identity, Option<N::T>)>,
    /// The values of the batch after the edits, in order, without the nulls.
    values: Vec<N::T>,
    /// The row of each value of the batch, where the edits are by row.
    rows: Vec<u64>,
}

impl<T: Physical, N: Physical> Editor<T, N> {
    fn new(edits: Edits, keep: fn(&T::T) -> Option<N::T>) -> Self {
        Self { edits, keep, memo: HashMap::new(), values: Vec::new(), rows: Vec::new() }
    }

    /// Edits the batch that `cursor` holds, of the rows from `first_row` on: values go to
    /// [`values`](Self::values), and the definition level of one that becomes null is lowered in place.
    fn edit(
        &mut self,
        cursor: &mut Cursor<T>,
        first_row: u64,
        edit: &mut dyn EditValues,
    ) -> Result<(), ParquetError> {
        self.values.clear();
        self.rows.clear();
        if edit.is_by_row() {
            self.rows.extend(cursor.value_records().map(|record| first_row + record));
        }
        let mut slot = 0;
        for index in 0..cursor.values.len() {
            let value = &cursor.values[index];
            let row = self.rows.get(index);
            row.into_iter().for_each(|row| edit.at_row(*row));
            let edited = match cursor.identity(value).filter(|_| row.is_none()) {
                Some(offset) => match self.memo.get(&offset) {
                    Some((identity, edited)) => {
                        edit.again(*identity, 1);
                        edited.clone()
                    }
                    None => {
                        let identity = Identity(self.memo.len() as u32);
                        let edited = self.apply(value, Some(identity), edit)?;
                        self.memo.insert(offset, (identity, edited.clone()));
                        edited
                    }
                },
                None => self.apply(value, None, edit)?,
            };
            // Slots and values go in step: each value is in the next slot at the highest level.
            while cursor.definition.get(slot).is_some_and(|&level| level != cursor.max_definition) {
                slot += 1;
            }
            match (edited, cursor.definition.get_mut(slot)) {
                (Some(edited), _) => self.values.push(edited),
                // A nullable leaf is at least one level deep, and has this slot.
                (None, level) => {
                    let level = level.ok_or(ParquetError::Edit("a value without a level"))?;
                    *level -= 1;
                }
            }
            slot += 1;
        }
        Ok(())
    }

    fn apply(
        &self,
        value: &T::T,
        identity: Option<Identity>,
        edit: &mut dyn EditValues,
    ) -> Result<Option<N::T>, ParquetError> {
        let edited = edit.edit(T::as_value(value), identity);
        self.edits.check(&edited)?;
        match edited {
            ValueEdit::Keep => (self.keep)(value)
                .map(Some)
                .ok_or(ParquetError::Edit("a value that is no text in a field that becomes text")),
            ValueEdit::Null => Ok(None),
            ValueEdit::Replace(bytes) => N::from_bytes(bytes.into())
                .map(Some)
                .ok_or(ParquetError::Edit("text in a field of numbers or dates")),
            ValueEdit::Number(number) => N::from_integer(number)
                .map(Some)
                .ok_or(ParquetError::Edit("a number that the field cannot hold")),
            ValueEdit::Instant { day, nanos } => N::from_instant(day, nanos)
                .map(Some)
                .ok_or(ParquetError::Edit("a point in time in another field")),
        }
    }
}
