//! Dates that are shifted: whom a record is about says by how many days.
//!
//! The subject of a record stands in another cell, before its dates or behind them, or in another column
//! of its row. So the subjects of a unit are read first, and the days of each record kept by its number.
//! A date without a subject, or with two, has no place to go to, and is dropped; so are those of a record
//! that is in several units.

use std::collections::HashMap;

use super::super::columns::ColumnChunk;
use super::super::listing::Fields;
use super::super::names;
use super::{Done, Masking, Treated};
use crate::detect::{Detector, Memory, Written};
use crate::format::columnar::{
    Identity, LeafClass, ParquetError, ParquetFile, TimeUnit, Value, ValueEdit,
};
use crate::format::text::{Cells, Chunk, Decoder, FieldIx, TextFormat};
use crate::kind::{self, Canonical};
use crate::operator::{Operator, Treatment};
use crate::policy::FieldPlan;
use crate::policy::plan::Subject;
use crate::protect::shift::shift_date;

/// By how many days the dates of each record of a unit are shifted.
#[derive(Default)]
pub(super) struct Days {
    /// The number of the first record.
    first: u64,
    of_record: Vec<Day>,
}

#[derive(Clone, Copy)]
enum Day {
    /// It is about nobody, as far as it says.
    Nobody,
    By(i64),
    /// It is about several.
    Several,
}

impl Days {
    /// Notes that `record` is about somebody; records come in order, and one out of it is about nobody.
    fn note(&mut self, record: u64, days: i64) {
        if self.of_record.is_empty() {
            self.first = record;
        }
        let Some(at) = record.checked_sub(self.first).and_then(|at| usize::try_from(at).ok())
        else {
            return;
        };
        if self.of_record.len() <= at {
            self.of_record.resize(at + 1, Day::Nobody);
        }
        let day = &mut self.of_record[at];
        *day = match *day {
            Day::Nobody => Day::By(days),
            Day::By(same) if same == days => Day::By(same),
            Day::By(_) | Day::Several => Day::Several,
        };
    }

    /// Notes that of `record` not all was seen, so that it may be about others, too.
    fn forget(&mut self, record: u64) {
        let at = record.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        if let Some(day) = at.and_then(|at| self.of_record.get_mut(at)) {
            *day = Day::Several;
        }
    }

    /// Nothing where it is not known whom the record is about.
    pub(super) fn of(&self, record: u64) -> Option<i64> {
        let at = usize::try_from(record.checked_sub(self.first)?).ok()?;
        match self.of_record.get(at) {
            Some(Day::By(days)) => Some(*days),
            Some(Day::Nobody | Day::Several) | None => None,
        }
    }
}

/// The days of the records of a chunk, for each of its fields with dates that are shifted.
#[derive(Default)]
pub(super) struct ChunkDays(Vec<(FieldIx, Days)>);

impl ChunkDays {
    pub(super) fn of(&self, field: FieldIx, record: u64) -> Option<i64> {
        let (_, days) = self.0.iter().find(|(of, _)| *of == field)?;
        days.of(record)
    }
}

/// Reads who a value of the field of a subject is.
struct SubjectReader<'a> {
    detector: &'a Detector,
    subject: &'a Subject,
    memory: Memory,
}

impl<'a> SubjectReader<'a> {
    fn new(detector: &'a Detector, subject: &'a Subject) -> Self {
        Self { detector, subject, memory: Memory::default() }
    }

    /// Nothing for a value that is empty.
    fn canonical(&mut self, text: &[u8]) -> Option<Canonical> {
        let value = kind::trim(text);
        if value.is_empty() {
            return None;
        }
        let Self { detector, subject, memory } = self;
        Some(match subject.kind {
            Some(kind) => detector.canonical(kind, subject.plan.place(), text, memory),
            None => Canonical::of_pattern(value),
        })
    }
}

impl Masking<'_> {
    /// The days of the records of `chunk`, whose `fields` are those of its dataset.
    ///
    /// # Errors
    /// A table without the column that says whom its dates are about.
    pub(super) fn days_in_chunk(
        &self,
        dataset: &str,
        format: &TextFormat,
        chunk: &Chunk,
        cells: &Cells,
        fields: &Fields,
        decoder: &mut Decoder,
    ) -> Result<ChunkDays, String> {
        let mut all = ChunkDays::default();
        for (field, path, treatment) in fields.shifted() {
            let Some(subject) = self.plan.subject(dataset, path) else { continue };
            let mut days = Days::default();
            match (fields.named(&subject.path), format) {
                (Some(of_subject), _) => {
                    let mut reader = SubjectReader::new(self.detector, &subject);
                    let of_subject = |cell: &&_| is_value_of(cell, of_subject);
                    for cell in cells.cells.iter().filter(of_subject) {
                        let text = decoder.decode(&chunk.bytes, cell).text;
                        if let Some(canonical) = reader.canonical(text) {
                            days.note(cell.record, self.days(treatment, &subject, &canonical)?);
                        }
                    }
                    chunk.cut_records(cells).for_each(|record| days.forget(record));
                }
                (None, TextFormat::Csv { .. }) => return Err(without(&subject.path)),
                (None, _) => {}
            }
            all.0.push((field, days));
        }
        Ok(all)
    }

    /// The days of the rows of a row group, for dates of the field of `path`.
    ///
    /// # Errors
    /// A file without the column that says whom its dates are about, and what cannot be read.
    pub(super) fn days_in_row_group(
        &self,
        dataset: &str,
        path: &str,
        treatment: Treatment,
        parquet: &ParquetFile,
        row_group: usize,
    ) -> Result<Days, String> {
        let mut days = Days::default();
        let Some(subject) = self.plan.subject(dataset, path) else { return Ok(days) };
        let is_it = |leaf: &usize| {
            names::shown(self.detector, &parquet.leaves()[*leaf].path) == subject.path
        };
        let leaf = (0..parquet.leaves().len()).find(is_it);
        let leaf = leaf.ok_or_else(|| without(&subject.path))?;
        let failed = |error: ParquetError| error.to_string();
        let hints = subject.plan.hints;
        let reading = ColumnChunk::new(self.detector, parquet, row_group, leaf, hints)
            .map_err(failed)?
            .reading;
        let mut reader = SubjectReader::new(self.detector, &subject);
        let mut known: HashMap<Identity, Option<i64>> = HashMap::new();
        let mut buffer = Vec::new();
        let mut failure = None;
        let mut days_of = |value: Value<'_>| {
            let text = reading.spelled(value, &mut buffer)?;
            let canonical = reader.canonical(text)?;
            let days = self.days(treatment, &subject, &canonical);
            days.map_err(|error| failure.get_or_insert(error)).ok()
        };
        parquet
            .read::<ParquetError>(row_group, leaf, |batch| {
                for cell in &batch.cells {
                    let by = match cell.identity {
                        Some(identity) => {
                            *known.entry(identity).or_insert_with(|| days_of(cell.value))
                        }
                        None => days_of(cell.value),
                    };
                    by.into_iter().for_each(|by| days.note(cell.row, by));
                }
                Ok(())
            })
            .map_err(failed)?;
        failure.map_or(Ok(days), Err)
    }

    fn days(
        &self,
        treatment: Treatment,
        subject: &Subject,
        canonical: &Canonical,
    ) -> Result<i64, String> {
        let stripped = subject.kind.and_then(|kind| self.without_tag(kind, canonical));
        let canonical = stripped.as_ref().unwrap_or(canonical);
        let days = self.protector.days(treatment, subject.kind, canonical);
        days.map_err(|error| error.to_string())
    }

    /// Whether the manifest beside a file says that the dates of a field were shifted.
    pub(super) fn was_shifted(&self, file: &str, path: &str) -> bool {
        self.unmarked.get(file).is_some_and(|it| it.shifted.contains(path))
    }

    /// What becomes of a value of a field whose dates are shifted, by `days` in its record.
    pub(super) fn shift_text(
        &self,
        file: &str,
        (path, plan): (&str, &FieldPlan),
        text: &[u8],
        days: Option<i64>,
        treated: &mut Vec<Treated>,
        done: &mut Done,
    ) {
        let value = kind::trim(text);
        if value.is_empty() || self.was_shifted(file, path) {
            return;
        }
        let shifted = days.and_then(|days| shift_date(value, days));
        done.count_date(path, plan, shifted.is_some());
        let start = value.as_ptr().addr() - text.as_ptr().addr();
        treated.push(Treated {
            range: start..start + value.len(),
            text: shifted.map(String::into_bytes),
            written: Written::Plain,
        });
    }
}

/// `days` later than a point in time that a leaf of `class` holds; nothing where there is none.
pub(super) fn shift_typed(class: LeafClass, value: Value<'_>, days: i64) -> Option<ValueEdit> {
    let LeafClass::Date(unit) = class else { return None };
    match (unit, value) {
        (TimeUnit::JulianDay, Value::Instant { day, nanos }) => {
            let day = u32::try_from(i64::from(day).checked_add(days)?).ok()?;
            Some(ValueEdit::Instant { day, nanos })
        }
        (unit, Value::Integer(number)) => {
            let later = number.checked_add(days.checked_mul(unit.per_day()?)?)?;
            // Days are counted in 32 bits.
            let fits = unit != TimeUnit::Days || i32::try_from(later).is_ok();
            fits.then_some(ValueEdit::Number(later))
        }
        _ => None,
    }
}

impl Done {
    /// Counts a value of a field whose dates are shifted, which was one or was dropped.
    pub(super) fn count_date(&mut self, path: &str, plan: &FieldPlan, is_shifted: bool) {
        if !self.shifted.contains_key(path) {
            self.shifted.insert(path.to_owned(), Default::default());
        }
        if let Some(counts) = self.shifted.get_mut(path) {
            *(if is_shifted { &mut counts.dates } else { &mut counts.dropped }) += 1;
        }
        if let Some(kind) = plan.verdict.kind {
            self.count(kind, if is_shifted { Operator::Shift } else { Operator::Drop });
        }
    }
}

/// Whether `cell` holds a value of `field`, in a row that has as many cells as its table.
fn is_value_of(cell: &crate::format::text::Cell, field: FieldIx) -> bool {
    cell.field == field && !cell.is_ragged && !cell.is_key
}

fn without(subject: &str) -> String {
    format!("its dates are shifted by field `{subject}`, which it does not have")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_about_one_or_nobody_knows_about_whom() {
        let mut days = Days::default();
        for (record, by) in [(5, 3), (5, 3), (7, -2), (7, 4), (7, -2), (8, 0)] {
            days.note(record, by);
        }
        let of: Vec<_> = (4..10).map(|record| days.of(record)).collect();
        assert_eq!(of, [None, Some(3), None, None, Some(0), None]);
        [4, 5, 9].into_iter().for_each(|record| days.forget(record));
        assert_eq!((days.of(5), days.of(8)), (None, Some(0)));
        assert_eq!(Days::default().of(0), None);
    }

    #[test]
    fn points_in_time_move_by_whole_days() {
        let of = |unit, value| shift_typed(LeafClass::Date(unit), value, -2);
        let number = |number| Some(ValueEdit::Number(number));
        assert!(of(TimeUnit::Days, Value::Integer(1)) == number(-1));
        assert!(of(TimeUnit::Millis, Value::Integer(5)) == number(5 - 2 * 86_400_000));
        assert!(of(TimeUnit::Nanos, Value::Integer(7)) == number(7 - 2 * 86_400_000_000_000));
        let instant = of(TimeUnit::JulianDay, Value::Instant { day: 10, nanos: 9 });
        assert!(instant == Some(ValueEdit::Instant { day: 8, nanos: 9 }));
        assert!(of(TimeUnit::Days, Value::Integer(i32::MIN.into())).is_none());
        assert!(of(TimeUnit::Micros, Value::Integer(i64::MIN)).is_none());
        assert!(of(TimeUnit::JulianDay, Value::Instant { day: 1, nanos: 0 }).is_none());
        assert!(shift_typed(LeafClass::Text, Value::Integer(1), 1).is_none());
    }
}
