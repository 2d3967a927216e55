//! A column chunk as a sequence of batches of whole records: values and levels, physically typed.

use std::sync::Arc;

use bytes::Bytes;
use parquet::column::reader::{ColumnReaderImpl, get_column_reader, get_typed_column_reader};
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    FloatType, Int32Type, Int64Type, Int96, Int96Type,
};

use super::error::{ParquetError, contain};
use super::file::{ParquetFile, Value};
use super::pages::{Watch, WatchedPages};

/// Levels aimed at per batch. Records are read whole, so that a batch of long lists holds more.
const BATCH_LEVELS: u64 = 8192;

/// The physical types whose values a rule can concern.
pub(super) trait Physical: DataType {
    fn as_value(value: &Self::T) -> Value<'_>;

    /// The physical value with these bytes, if the type is made of bytes.
    fn from_bytes(bytes: Bytes) -> Option<Self::T>;

    /// The physical value that is this number, if the type is one of integers that are so long.
    fn from_integer(_number: i64) -> Option<Self::T> {
        None
    }

    /// The physical value that is this point in time, if the type is one of them.
    fn from_instant(_day: u32, _nanos: u64) -> Option<Self::T> {
        None
    }
}

impl Physical for ByteArrayType {
    fn as_value(value: &ByteArray) -> Value<'_> {
        Value::Bytes(value.data())
    }

    fn from_bytes(bytes: Bytes) -> Option<ByteArray> {
        Some(bytes.into())
    }
}

impl Physical for FixedLenByteArrayType {
    fn as_value(value: &FixedLenByteArray) -> Value<'_> {
        Value::Bytes(value.data())
    }

    fn from_bytes(bytes: Bytes) -> Option<FixedLenByteArray> {
        Some(ByteArray::from(bytes).into())
    }
}

impl Physical for Int32Type {
    fn as_value(value: &i32) -> Value<'_> {
        Value::Integer((*value).into())
    }

    fn from_bytes(_: Bytes) -> Option<i32> {
        None
    }

    fn from_integer(number: i64) -> Option<i32> {
        i32::try_from(number).ok()
    }
}

impl Physical for Int64Type {
    fn as_value(value: &i64) -> Value<'_> {
        Value::Integer(*value)
    }

    fn from_bytes(_: Bytes) -> Option<i64> {
        None
    }

    fn from_integer(number: i64) -> Option<i64> {
        Some(number)
    }
}

impl Physical for Int96Type {
    fn as_value(value: &Int96) -> Value<'_> {
        // Nanoseconds within the day in the lower two words, its Julian number in the third.
        let (low, high, day) = match *value.data() {
            [low, high, day] => (low, high, day),
            _ => (0, 0, 0),
        };
        Value::Instant { day, nanos: u64::from(high) << 32 | u64::from(low) }
    }

    fn from_instant(day: u32, nanos: u64) -> Option<Int96> {
        let mut instant = Int96::new();
        instant.set_data(nanos as u32, (nanos >> 32) as u32, day);
        Some(instant)
    }

    fn from_bytes(_: Bytes) -> Option<Int96> {
        None
    }
}

impl Physical for FloatType {
    fn as_value(value: &f32) -> Value<'_> {
        Value::Float((*value).into())
    }

    fn from_bytes(_: Bytes) -> Option<f32> {
        None
    }
}

impl Physical for DoubleType {
    fn as_value(value: &f64) -> Value<'_> {
        Value::Float(*value)
    }

    fn from_bytes(_: Bytes) -> Option<f64> {
        None
    }
}

/// Reads one chunk from its first record to its last.
pub(super) struct Cursor<T: Physical> {
    reader: ColumnReaderImpl<T>,
    watch: Arc<Watch>,
    rows: u64,
    rows_read: u64,
    batch_records: usize,
    /// The definition level of a value that is there.
    pub(super) max_definition: i16,
    max_repetition: i16,
    /// The values of the batch that are not null, in order.
    pub(super) values: Vec<T::T>,
    /// One level per slot (value, null or empty list) of the batch; empty where
    /// [`max_definition`](Self::max_definition) is 0.
    pub(super) definition: Vec<i16>,
    /// As long as `definition`, 0 where a record starts; empty for fields outside any list.
    pub(super) repetition: Vec<i16>,
}

impl<T: Physical> Cursor<T> {
    /// `rg` and `leaf` exist, and the leaf is of type `T`.
    pub(super) fn open(file: &ParquetFile, rg: usize, leaf: usize) -> Result<Self, ParquetError> {
        let chunk = file.chunk(rg, leaf);
        let descriptor = chunk.column_descr_ptr();
        let (max_definition, max_repetition) =
            (descriptor.max_def_level(), descriptor.max_rep_level());
        let rows = file.rows(rg);
        let (reader, watch) = contain(|| {
            let (pages, watch) = WatchedPages::new(file.source(), chunk, usize::try_from(rows)?)?;
            let reader = get_column_reader(descriptor, Box::new(pages));
            Ok((get_typed_column_reader::<T>(reader), watch))
        })?;
        // Levels per record, rounded up; 1 for fields outside lists.
        let density = chunk.num_values().cast_unsigned().div_ceil(rows.max(1)).max(1);
        Ok(Self {
            reader,
            watch,
            rows,
            rows_read: 0,
            batch_records: (BATCH_LEVELS / density).max(1) as usize,
            max_definition,
            max_repetition,
            values: Vec::new(),
            definition: Vec::new(),
            repetition: Vec::new(),
        })
    }

    /// Reads the next batch; false at the end of the chunk.
    ///
    /// # Errors
    /// [`ParquetError::Malformed`] also where the chunk does not hold as many records as its row
    /// group has rows.
    pub(super) fn advance(&mut self) -> Result<bool, ParquetError> {
        self.values.clear();
        self.definition.clear();
        self.repetition.clear();
        self.watch.start_batch();
        let (records, ..) = contain(|| {
            self.reader.read_records(
                self.batch_records,
                Some(&mut self.definition),
                Some(&mut self.repetition),
                &mut self.values,
            )
        })?;
        self.rows_read += records as u64;
        if self.rows_read > self.rows || (records == 0 && self.rows_read < self.rows) {
            return Err(ParquetError::Malformed(
                "another number of records than the row group has rows".to_owned(),
            ));
        }
        Ok(records > 0)
    }

    /// Number of slots of the batch that hold no value.
    pub(super) fn nulls(&self) -> usize {
        self.definition.len().saturating_sub(self.values.len())
    }

    /// Rows read so far, this batch included.
    pub(super) fn rows_read(&self) -> u64 {
        self.rows_read
    }

    /// For each value of the batch, how many records of the batch come before its own.
    pub(super) fn value_records(&self) -> impl Iterator<Item = u64> + '_ {
        let slots =
            if self.definition.is_empty() { self.values.len() } else { self.definition.len() };
        let mut records_started = 0;
        (0..slots).filter_map(move |slot| {
            if self.max_repetition == 0 || self.repetition.get(slot) == Some(&0) {
                records_started += 1;
            }
            let present =
                self.max_definition == 0 || self.definition.get(slot) == Some(&self.max_definition);
            present.then(|| records_started - 1_u64)
        })
    }

    /// Where `value` lies in the chunk's dictionary, if it comes from there.
    pub(super) fn identity(&self, value: &T::T) -> Option<u32> {
        match T::as_value(value) {
            Value::Bytes(bytes) => self.watch.offset_in_dictionary(bytes),
            Value::Integer(_) | Value::Float(_) | Value::Instant { .. } => None,
        }
    }

    /// The repetition levels as the column writer takes them.
    pub(super) fn repetition_levels(&self) -> Option<&[i16]> {
        (self.max_repetition > 0).then_some(&*self.repetition)
    }
}
