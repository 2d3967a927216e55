//! The values of a column chunk, held against what was to become of them.

use super::super::masking::column::Expected;
use super::compare::{Comparer, Pair};
use super::originals::spellings;
use crate::format::columnar::{LeafClass, ParquetError, ParquetFile, TimeUnit, Value};

/// What is found while a column chunk is compared.
#[derive(Default)]
pub(super) struct ColumnPair {
    pub(super) problems: Vec<(&'static str, u64)>,
    pub(super) pairs: Vec<Pair>,
    pub(super) originals: Vec<Vec<u8>>,
    /// What is written in the place of originals, as far as it is text.
    pub(super) written: Vec<Vec<u8>>,
    pub(super) different: u64,
    /// They are dates that are shifted: one that is gone here may be that of somebody else now.
    pub(super) are_shifted: bool,
}

impl ColumnPair {
    pub(super) fn fail(&mut self, what: &'static str, count: u64) {
        self.problems.push((what, count));
    }

    /// Notes what is replaced in a value, and by what.
    pub(super) fn original(&mut self, class: LeafClass, value: Value<'_>, expected: &Expected<'_>) {
        let (text, parts) = match (value, expected) {
            (_, Expected::Same | Expected::Later { .. }) => return,
            (_, Expected::Parts(_)) if self.are_shifted => return,
            (Value::Bytes(text), Expected::Parts(parts)) => (text, *parts),
            (_, Expected::Text(text, parts)) => (*text, *parts),
            _ => return self.originals.extend(spellings(class, value)),
        };
        self.originals.extend(parts.iter().map(|part| text[part.range.clone()].to_vec()));
        self.written.extend(parts.iter().map(|part| part.text.to_vec()));
    }
}

/// The values of a column chunk.
#[derive(Default)]
pub(super) struct Stored {
    /// Row in the row group, and the value.
    pub(super) cells: Vec<(u64, StoredValue)>,
    pub(super) bytes: Vec<u8>,
    pub(super) nulls: u64,
}

pub(super) enum StoredValue {
    /// A range of the bytes.
    Bytes(usize, usize),
    Integer(i64),
    /// As bits, so that a NaN is itself.
    Float(u64),
    Instant(u32, u64),
}

impl StoredValue {
    /// By how many whole days this point in time is after another, if it is.
    pub(super) fn days_after(&self, other: Value<'_>, unit: TimeUnit) -> Option<i64> {
        match (self, other) {
            (Self::Integer(one), Value::Integer(other)) => {
                let (since, per_day) = (one.checked_sub(other)?, unit.per_day()?);
                (since % per_day == 0).then_some(since / per_day)
            }
            (Self::Instant(day, nanos), Value::Instant { day: other, nanos: same }) => {
                (*nanos == same).then_some(i64::from(*day) - i64::from(other))
            }
            _ => None,
        }
    }
}

impl Stored {
    /// Memory: all values of the chunk, decoded.
    pub(super) fn read(
        parquet: &ParquetFile,
        row_group: usize,
        leaf: usize,
    ) -> Result<Self, ParquetError> {
        let mut stored = Self::default();
        parquet.read::<ParquetError>(row_group, leaf, |batch| {
            stored.nulls += batch.nulls;
            for cell in &batch.cells {
                let value = match cell.value {
                    Value::Bytes(bytes) => {
                        let start = stored.bytes.len();
                        stored.bytes.extend_from_slice(bytes);
                        StoredValue::Bytes(start, stored.bytes.len())
                    }
                    Value::Integer(number) => StoredValue::Integer(number),
                    Value::Float(number) => StoredValue::Float(number.to_bits()),
                    Value::Instant { day, nanos } => StoredValue::Instant(day, nanos),
                };
                stored.cells.push((cell.row, value));
            }
            Ok(())
        })?;
        Ok(stored)
    }

    /// Whether a cell is what was to become of `value`.
    pub(super) fn is(
        &self,
        (_, found): &(u64, StoredValue),
        value: Value<'_>,
        expected: &Expected<'_>,
        comparer: &Comparer<'_>,
        pairs: &mut Vec<Pair>,
    ) -> bool {
        match (found, value, expected) {
            (found, value, Expected::Later { days, unit }) => {
                let later = found.days_after(value, *unit);
                later.is_some_and(|later| comparer.is_shift(*days, later))
            }
            (StoredValue::Bytes(start, end), _, Expected::Text(text, parts)) => {
                comparer.prefix(text, parts, &self.bytes[*start..*end], true, pairs).is_ok()
            }
            (StoredValue::Bytes(start, end), Value::Bytes(text), _) => {
                let found = &self.bytes[*start..*end];
                match expected {
                    Expected::Parts(parts) => {
                        comparer.prefix(text, parts, found, true, pairs).is_ok()
                    }
                    _ => text == found,
                }
            }
            (StoredValue::Integer(found), value, Expected::Number(number)) => {
                pairs.push((number.to_le_bytes().to_vec(), found.to_le_bytes().to_vec()));
                // An original has the form of its surrogate.
                let is_original = value == Value::Integer(*found);
                number == found || !comparer.is_exact && !is_original
            }
            (StoredValue::Integer(found), Value::Integer(number), _) => *found == number,
            (StoredValue::Float(found), Value::Float(number), _) => *found == number.to_bits(),
            (StoredValue::Instant(day, nanos), Value::Instant { day: d, nanos: n }, _) => {
                (*day, *nanos) == (d, n)
            }
            _ => false,
        }
    }
}
