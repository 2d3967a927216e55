//! A column chunk of Parquet under its plan: texts become other texts, and typed values keep their
//! type.

use super::super::columns::{self, ColumnChunk};
use super::super::drive::Task;
use super::super::names;
use super::super::tally::Tallied;
use super::shift::{self, Days};
use super::{Done, Masking, Treated};
use crate::datamap::field::ValueType;
use crate::detect::{Candidate, canonical_of};
use crate::format::columnar::{
    EditValues, Identity, LeafClass, ParquetError, ParquetFile, RewrittenChunk, Texts, TimeUnit,
    Value as Stored, ValueEdit,
};
use crate::format::text::Replacement;
use crate::kind::{self, Canonical};
use crate::operator::{Operator, Treatment};
use crate::policy::FieldPlan;
use crate::policy::plan::Whole;
use crate::rules::KindId;

/// A column chunk of a leaf under its plan.
pub(in crate::pipeline) struct Column<'a> {
    masking: &'a Masking<'a>,
    file: &'a str,
    /// As it may be shown.
    path: String,
    plan: FieldPlan,
    nullable: bool,
    /// Whether it becomes a column of text, which it is not.
    makes_text: bool,
    row_group: usize,
    leaf: usize,
    chunk: ColumnChunk<'a>,
    /// Where dates are shifted, by how many days in which row.
    days: Option<Days>,
}

/// What becomes of a value of a leaf.
pub(in crate::pipeline) enum Expected<'a> {
    Same,
    /// These parts of its text become others, in order of place.
    Parts(&'a [Replacement<'a>]),
    Number(i64),
    /// The point in time so many days later.
    Later {
        days: i64,
        unit: TimeUnit,
    },
    /// A value that is no text becomes one: it is spelled so, and these parts of that become others.
    Text(&'a [u8], &'a [Replacement<'a>]),
    Null,
}

/// Edits the values of a leaf and counts what was done, each occurrence for itself.
struct ColumnEditor<'a> {
    column: &'a Column<'a>,
    buffers: Buffers,
    done: Done,
    of_value: Done,
    /// What was done to values that may come again: what differs, and which of it by value.
    ways: Vec<Done>,
    way_of: Vec<usize>,
    /// That of the value, where dates are shifted.
    row: u64,
    failure: Option<String>,
}

impl<'a> ColumnEditor<'a> {
    fn new(column: &'a Column<'a>) -> Self {
        Self {
            column,
            buffers: Buffers::default(),
            done: Done::default(),
            of_value: Done::default(),
            ways: Vec::new(),
            way_of: Vec::new(),
            row: 0,
            failure: None,
        }
    }
}

impl ColumnEditor<'_> {
    /// Notes what was done to the value that is known by `identity`.
    fn note(&mut self, identity: Identity) {
        let way = self.ways.iter().position(|way| *way == self.of_value).unwrap_or_else(|| {
            self.ways.push(self.of_value.clone());
            self.ways.len() - 1
        });
        let number = identity.number() as usize;
        if self.way_of.len() <= number {
            self.way_of.resize(number + 1, way);
        }
        self.way_of[number] = way;
    }
}

impl EditValues for ColumnEditor<'_> {
    fn is_by_row(&self) -> bool {
        self.column.days.is_some()
    }

    fn at_row(&mut self, row: u64) {
        self.row = row;
    }

    fn edit(&mut self, value: Stored<'_>, identity: Option<Identity>) -> ValueEdit {
        let Self { column, buffers, of_value, row, .. } = self;
        of_value.clear();
        let edit = column.edit(value, *row, buffers, of_value).unwrap_or_else(|error| {
            self.failure.get_or_insert(error);
            ValueEdit::Keep
        });
        self.done.merge(&self.of_value);
        if let Some(identity) = identity {
            self.note(identity);
        }
        edit
    }

    fn edit_all(&mut self, texts: Texts<'_>, take: &mut dyn FnMut(usize, ValueEdit)) {
        if !self.column.is_searched() {
            for place in 0..texts.spans.len() {
                take(place, self.edit(Stored::Bytes(texts.at(place)), None));
            }
            return;
        }
        let Self { column, buffers: Buffers { scratch, treated, .. }, done, failure, .. } = self;
        let (detector, place) = (column.masking.detector, column.plan.place());
        scratch.look_at_all(
            detector,
            place,
            texts,
            |_| true,
            |number, text, found| {
                treated.clear();
                let edit = column.treat(text, found, treated, done).unwrap_or_else(|error| {
                    failure.get_or_insert(error);
                    ValueEdit::Keep
                });
                take(number, edit);
            },
        );
    }

    fn again(&mut self, identity: Identity, times: u64) {
        if let Some(way) = self.way_of.get(identity.number() as usize) {
            self.done.add(&self.ways[*way], times);
        }
    }
}

#[derive(Default)]
struct Buffers {
    scratch: columns::Scratch,
    treated: Vec<Treated>,
    /// A value in full, that becomes text.
    spelled: Vec<u8>,
    /// The text that parts of are replaced.
    text: Vec<u8>,
}

impl<'a> Column<'a> {
    pub(in crate::pipeline) fn new(
        masking: &'a Masking<'a>,
        task: &'a Task,
        parquet: &'a ParquetFile,
        row_group: usize,
        leaf: usize,
    ) -> Result<Self, String> {
        let described = &parquet.leaves()[leaf];
        let path = names::shown(masking.detector, &described.path);
        let plan = masking.plan.field(&task.file.input.dataset, &path);
        let chunk = ColumnChunk::new(masking.detector, parquet, row_group, leaf, plan.hints)
            .map_err(|error| error.to_string())?;
        let (file, nullable) = (task.file.input.relative.as_str(), described.nullable);
        let makes_text = masking.makes_text(task, parquet, leaf);
        let days = match plan.whole {
            Whole::Shift(treatment) => Some(masking.days_in_row_group(
                &task.file.input.dataset,
                &path,
                treatment,
                parquet,
                row_group,
            )?),
            _ => None,
        };
        Ok(Self { masking, file, path, plan, nullable, makes_text, row_group, leaf, chunk, days })
    }
}

impl Column<'_> {
    /// The chunk with its values replaced, and what was done.
    pub(super) fn rewritten(
        &self,
        parquet: &ParquetFile,
    ) -> Result<(RewrittenChunk, Done), String> {
        let mut editor = ColumnEditor::new(self);
        let chunk = if self.makes_text {
            parquet.rewrite_as_text(self.row_group, self.leaf, &mut editor)
        } else {
            parquet.rewrite(self.row_group, self.leaf, &mut editor)
        };
        let chunk = chunk.map_err(|error| error.to_string())?;
        editor.failure.map_or(Ok((chunk, editor.done)), Err)
    }

    /// Calls `visit` with each value, its row in the row group, and what becomes of it; returns how many
    /// slots have no value.
    pub(in crate::pipeline) fn visit(
        &self,
        parquet: &ParquetFile,
        mut visit: impl FnMut(u64, Stored<'_>, Expected<'_>),
    ) -> Result<u64, String> {
        let (mut buffers, mut done, mut nulls) = (Buffers::default(), Done::default(), 0);
        let mut failure = None;
        let read = parquet.read::<ParquetError>(self.row_group, self.leaf, |batch| {
            nulls += batch.nulls;
            for cell in &batch.cells {
                buffers.treated.clear();
                match self.edit(cell.value, cell.row, &mut buffers, &mut done) {
                    Ok(ValueEdit::Keep) => visit(cell.row, cell.value, Expected::Same),
                    Ok(ValueEdit::Null) => visit(cell.row, cell.value, Expected::Null),
                    Ok(ValueEdit::Number(n)) => {
                        let later = self.later(cell.row);
                        visit(cell.row, cell.value, later.unwrap_or(Expected::Number(n)));
                    }
                    Ok(ValueEdit::Instant { .. }) => {
                        let later = self.later(cell.row);
                        visit(cell.row, cell.value, later.unwrap_or(Expected::Same));
                    }
                    Ok(ValueEdit::Replace(_)) => {
                        let parts: Vec<_> =
                            buffers.treated.iter().map(Treated::replacement).collect();
                        let expected = if self.makes_text {
                            Expected::Text(&buffers.text, &parts)
                        } else {
                            Expected::Parts(&parts)
                        };
                        visit(cell.row, cell.value, expected);
                    }
                    Err(error) => {
                        failure.get_or_insert(error);
                    }
                }
            }
            Ok(())
        });
        read.map_err(|error| error.to_string())?;
        failure.map_or(Ok(nulls), Err)
    }

    /// What becomes of a point in time of a row, where those are shifted.
    fn later(&self, row: u64) -> Option<Expected<'static>> {
        let LeafClass::Date(unit) = self.chunk.class() else { return None };
        let days = self.days.as_ref()?.of(row)?;
        Some(Expected::Later { days, unit })
    }

    /// What becomes of a value in that row of the row group.
    fn edit(
        &self,
        value: Stored<'_>,
        row: u64,
        buffers: &mut Buffers,
        done: &mut Done,
    ) -> Result<ValueEdit, String> {
        if self.makes_text {
            return self.edit_as_text(value, buffers, done);
        }
        let days = self.days.as_ref().map(|days| days.of(row));
        if !self.chunk.reading.is_text() {
            return match days {
                Some(days) => self.shift_typed(value, days, done),
                None => self.edit_typed(value, buffers, done),
            };
        }
        let Buffers { scratch, treated, .. } = buffers;
        treated.clear();
        if let (Some(days), Stored::Bytes(text)) = (days, value) {
            let field = (&*self.path, &self.plan);
            self.masking.shift_text(self.file, field, text, days, treated, done);
            return Ok(self.with_any(text, treated));
        }
        match self.look(value, scratch) {
            Some((text, found)) => self.treat(text, found, treated, done),
            None => Ok(ValueEdit::Keep),
        }
    }

    /// What becomes of a text in which that was found.
    fn treat(
        &self,
        text: &[u8],
        found: &[Candidate],
        treated: &mut Vec<Treated>,
        done: &mut Done,
    ) -> Result<ValueEdit, String> {
        self.masking.treat(self.file, &self.plan, text, found, treated, done)?;
        Ok(self.with_any(text, treated))
    }

    /// A text with parts of it replaced, where there are any.
    fn with_any(&self, text: &[u8], treated: &[Treated]) -> ValueEdit {
        if treated.is_empty() { ValueEdit::Keep } else { self.with_parts(text, treated) }
    }

    /// Whether its values are texts and each is searched for what is in it.
    fn is_searched(&self) -> bool {
        self.plan.whole == Whole::Findings && self.chunk.reading.is_text() && !self.makes_text
    }

    /// A text with parts of it replaced.
    fn with_parts(&self, text: &[u8], treated: &[Treated]) -> ValueEdit {
        if let [Treated { range, text: None, .. }] = treated
            && range.len() >= kind::trim(text).len()
            && self.nullable
        {
            return ValueEdit::Null;
        }
        let mut edited = Vec::with_capacity(text.len() + 32);
        let mut at = 0;
        for part in treated {
            edited.extend_from_slice(&text[at..part.range.start]);
            edited.extend_from_slice(part.text.as_deref().unwrap_or_default());
            at = part.range.end;
        }
        edited.extend_from_slice(&text[at..]);
        ValueEdit::Replace(edited)
    }

    /// Values of a column that becomes text are what the survey read, with what was found replaced, as in
    /// a column that was text before. Those in which nothing is replaced are spelled in full.
    fn edit_as_text(
        &self,
        value: Stored<'_>,
        buffers: &mut Buffers,
        done: &mut Done,
    ) -> Result<ValueEdit, String> {
        let Buffers { scratch, treated, spelled, text: kept } = buffers;
        treated.clear();
        kept.clear();
        let reading = &self.chunk.reading;
        let unspelled = || "a value that has no text, in a column that becomes text".to_owned();
        let looked = scratch.look_as_text(
            self.masking.detector,
            reading,
            self.plan.place(),
            self.kind_of_all(),
            value,
        );
        let (text, found) = looked.ok_or_else(unspelled)?;
        self.masking.treat(self.file, &self.plan, text, found, treated, done)?;
        let text = if treated.is_empty() {
            reading.spelled(value, spelled).ok_or_else(unspelled)?
        } else {
            text
        };
        kept.extend_from_slice(text);
        Ok(self.with_parts(text, treated))
    }

    /// A date or a point in time becomes another one, or null.
    fn shift_typed(
        &self,
        value: Stored<'_>,
        days: Option<i64>,
        done: &mut Done,
    ) -> Result<ValueEdit, String> {
        if self.masking.was_shifted(self.file, &self.path) {
            return Ok(ValueEdit::Keep);
        }
        let shifted = days.and_then(|days| shift::shift_typed(self.chunk.class(), value, days));
        if shifted.is_none() && !self.nullable {
            return Err("a date that cannot be shifted, in a column without nulls".to_owned());
        }
        done.count_date(&self.path, &self.plan, shifted.is_some());
        Ok(shifted.unwrap_or(ValueEdit::Null))
    }

    /// Numbers, dates and addresses in binary keep their type: they can only be dropped or kept, and
    /// integers become other integers. The plan was checked for that, but for a dataset in which the
    /// column is text in other files.
    fn edit_typed(
        &self,
        value: Stored<'_>,
        buffers: &mut Buffers,
        done: &mut Done,
    ) -> Result<ValueEdit, String> {
        match self.plan.whole {
            Whole::Regardless(Operator::Drop) => Ok(ValueEdit::Null),
            Whole::Regardless(_) => Ok(ValueEdit::Keep),
            Whole::Shift(_) => Err("a date outside a record".to_owned()),
            Whole::Closure(kind, treatment) => {
                let needs_text = treatment == Operator::Surrogate;
                let looked = needs_text.then(|| self.look(value, &mut buffers.scratch)).flatten();
                // What is not read as text has no canonical form, and no surrogate.
                let (text, found) =
                    looked.map_or((&[][..], &[][..]), |(text, found)| (text, found));
                let canonical = canonical_of(found, kind, text);
                self.treat_typed(kind, treatment, &canonical, text, done)
            }
            Whole::Findings => {
                let mut edit = ValueEdit::Keep;
                let Some((text, found)) = self.look(value, &mut buffers.scratch) else {
                    return Ok(edit);
                };
                for candidate in found.iter().filter(|candidate| self.counts(candidate)) {
                    let treatment = self.plan.operators[usize::from(candidate.kind.0)];
                    let canonical = &candidate.canonical;
                    match self.treat_typed(candidate.kind, treatment, canonical, text, done)? {
                        ValueEdit::Keep => {}
                        other => edit = other,
                    }
                }
                Ok(edit)
            }
        }
    }

    /// What becomes of a typed value that is written as `text`.
    fn treat_typed(
        &self,
        kind: KindId,
        treatment: Treatment,
        canonical: &Canonical,
        text: &[u8],
        done: &mut Done,
    ) -> Result<ValueEdit, String> {
        if self.masking.was_done(self.file, kind, treatment.operator) {
            return Ok(ValueEdit::Keep);
        }
        let value_type = self.chunk.reading.value_type();
        let edit = match treatment.operator {
            Operator::Drop => ValueEdit::Null,
            Operator::Keep => ValueEdit::Keep,
            Operator::Surrogate if value_type == ValueType::Integer => {
                let protector = self.masking.protector;
                let other = protector.surrogate_of_integer(kind, canonical, text);
                match other.map_err(|error| error.to_string())? {
                    Some(number) => ValueEdit::Number(number),
                    None if self.nullable => {
                        done.count(kind, Operator::Drop);
                        return Ok(ValueEdit::Null);
                    }
                    None => {
                        let what = "an integer that has no surrogate, in a column without nulls";
                        return Err(what.to_owned());
                    }
                }
            }
            other => {
                let values = value_type.rigid().unwrap_or("values");
                return Err(format!("{values} here, which `{other}` cannot replace"));
            }
        };
        done.count(kind, treatment.operator);
        Ok(edit)
    }

    fn look<'t>(
        &self,
        value: Stored<'t>,
        scratch: &'t mut columns::Scratch,
    ) -> Option<(&'t [u8], &'t mut Vec<Candidate>)> {
        let detector = self.masking.detector;
        let whole = self.kind_of_all();
        scratch.look(detector, &self.chunk.reading, self.plan.place(), whole, value)
    }

    /// The kind that every value is of.
    fn kind_of_all(&self) -> Option<KindId> {
        match self.plan.whole {
            Whole::Closure(kind, _) => Some(kind),
            Whole::Regardless(_) | Whole::Shift(_) | Whole::Findings => None,
        }
    }

    fn counts(&self, candidate: &Candidate) -> bool {
        self.plan.counts[usize::from(candidate.kind.0)][candidate.class as usize]
    }

    /// Looks at a leaf that an earlier map says holds nothing, before it is copied raw.
    pub(super) fn holds_nothing(&self) -> Result<(), String> {
        let mut holds = false;
        let look = |value: Tallied<'_>| {
            holds |= value.found.iter().any(|candidate| {
                self.counts(candidate)
                    && self.plan.operators[usize::from(candidate.kind.0)] != Operator::Keep
            });
        };
        self.chunk
            .tally(self.masking.detector, self.plan.place(), look)
            .map_err(|error| error.to_string())?;
        if holds {
            return Err(format!(
                "field `{}` holds personal data that the map does not know of: scan it again",
                self.path
            ));
        }
        Ok(())
    }
}
