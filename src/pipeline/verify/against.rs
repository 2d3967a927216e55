//! An output held against its input: masking is done again in memory, under a key of this run, and
//! what comes of it compared with what is there; then the output is searched for what was replaced.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::drive::{Event, Events, Job, Reading, Task, drive};
use super::super::input::Content;
use super::super::masking::column::{Column, Expected};
use super::super::masking::{self, Masking};
use super::super::outputs::Outputs;
use super::super::progress::Progress;
use super::super::scan::sources;
use super::super::{Effort, PipelineError, names};
use super::column::{ColumnPair, Stored};
use super::compare::{Comparer, Joins, Pair};
use super::originals::Originals;
use super::search;
use crate::format::columnar::{LeafClass, ParquetError, ParquetFile, Value};
use crate::format::text::{Cells, Chunk, Replacement, TextFormat};
use crate::operator::Operator;
use crate::policy::plan::Whole;
use crate::report::verify::Check;
use crate::sink::{FileEntry, Manifest, SinkError};
use crate::source::{InputFile, Problem};

/// A file in which so many records differ is not compared further.
const MAX_DIFFERENT: u64 = 1000;
/// So many bytes more than expected are read ahead of an output.
const AHEAD: usize = 1 << 16;

/// What an output is held against its input with.
pub(in crate::pipeline) struct Against<'a> {
    pub(in crate::pipeline) masking: &'a Masking<'a>,
    pub(in crate::pipeline) out: &'a Path,
    pub(in crate::pipeline) manifest: &'a Manifest,
    /// Whether the key of the output is there.
    pub(in crate::pipeline) is_exact: bool,
}

impl Against<'_> {
    /// The checks of content, originals and joins behind those `before`. What is found to be an original
    /// in a name is masked in all of them.
    ///
    /// # Errors
    /// [`PipelineError`] where a file of OUT cannot be read, or somebody interrupts.
    pub(in crate::pipeline) fn run(
        &self,
        files: &[InputFile],
        before: Vec<Check>,
        effort: Effort,
        reading: Reading<'_>,
        progress: &Progress,
        cancelled: &AtomicBool,
    ) -> Result<Vec<Check>, PipelineError> {
        let mut content = Check::new("content", "record compared", "records compared");
        let mut joins = Check::new("joins", "pseudonym", "pseudonyms");
        let listed: BTreeMap<_, _> =
            self.manifest.files.iter().map(|entry| (entry.file.as_str(), entry)).collect();
        let mut originals = Originals::default();
        let mut named = Vec::new();
        let files = self.same_names(files, &listed, &mut originals, &mut named, &mut content)?;
        let is_written = |file: &&InputFile| {
            listed.get(file.output.as_str()).is_some_and(|entry| entry.state.has_output())
        };
        let files: Vec<_> = files.iter().filter(is_written).cloned().collect();
        let job = Comparing { against: self, listed: &listed, output: Mutex::default() };
        let mut taker = Taker {
            job: &job,
            listed: &listed,
            current: None,
            content: &mut content,
            joins: &mut joins,
            joined: Joins::default(),
            originals,
        };
        taker.join(&named, None);
        let take = |events: &mut Events<'_, Compared>| {
            for event in events {
                taker.take(event)?;
            }
            Ok(())
        };
        drive(effort, sources(&files), reading, &job, progress, cancelled, take)?;
        let Taker { joined, originals, .. } = taker;
        joins.looked_at = joined.len();
        if self.is_exact {
            joins.notes.push(
                "none is held against others: each is compared with the one that this key makes"
                    .to_owned(),
            );
        }
        if joined.is_full() {
            joins.notes.push("there are more pseudonyms, which were not compared".to_owned());
        }
        let found = search::search(self, &originals, cancelled)?;
        let mut checks = before;
        checks.extend([content, found, joins]);
        for problem in checks.iter_mut().flat_map(|check| &mut check.problems) {
            problem.file = originals.masked(&problem.file);
            problem.place = problem.place.as_deref().map(|place| originals.masked(place));
        }
        Ok(checks)
    }

    /// Whether the manifest has every input, and no other; returns the inputs that it has, with the names
    /// of their outputs. One that was protected is known by its place, and has to be what this key makes
    /// of it but for the pseudonyms in it, which come behind `pairs`.
    fn same_names(
        &self,
        files: &[InputFile],
        listed: &BTreeMap<&str, &FileEntry>,
        originals: &mut Originals,
        pairs: &mut Vec<Pair>,
        check: &mut Check,
    ) -> Result<Vec<InputFile>, PipelineError> {
        let shown = |name: &str| names::shown(self.masking.detector, name);
        let Outputs { mut files, renamed } =
            Outputs::of(self.masking, files).map_err(PipelineError::Name)?;
        let place_of = |entry: &&FileEntry| Some((entry.input?, entry.file.clone()));
        let by_place: HashMap<u64, String> = listed.values().filter_map(place_of).collect();
        let comparer = Comparer { has_surrogates: true, ..self.comparer(None) };
        for (place, renamed) in renamed {
            let file = &mut files[place];
            let found = by_place
                .get(&(place as u64))
                .filter(|name| comparer.is_same(file.output.as_bytes(), name.as_bytes(), pairs));
            if let Some(name) = found {
                file.relative_path = PathBuf::from(name);
                file.output.clone_from(name);
            }
            renamed.originals.iter().for_each(|original| originals.add(original));
        }
        let mut left = listed.clone();
        files.retain(|file| {
            let is_listed = left.remove(file.output.as_str()).is_some();
            if !is_listed && file.problem != Some(Problem::OwnOutput) {
                check.fail(&file.relative, None, "an input that is not in the manifest", 1);
            }
            is_listed
        });
        for name in left.into_keys() {
            check.fail(&shown(name), None, "in the manifest, and no input", 1);
        }
        Ok(files)
    }

    fn comparer(&self, entry: Option<&FileEntry>) -> Comparer<'_> {
        let mut operators = entry.into_iter().flat_map(|entry| entry.operators.values().flatten());
        let has_surrogates = operators.any(|operator| *operator == Operator::Surrogate);
        Comparer {
            tokens: self.masking.tokens,
            is_exact: self.is_exact,
            has_surrogates,
            max_days: self.masking.plan.planner.max_days(),
        }
    }
}

/// Masks each unit again.
struct Comparing<'a> {
    against: &'a Against<'a>,
    /// The outputs of the manifest, by name.
    listed: &'a BTreeMap<&'a str, &'a FileEntry>,
    /// The Parquet output that was opened last, by the number of its task.
    output: Mutex<Option<(usize, Option<Arc<Output>>)>>,
}

/// A Parquet file that was written.
struct Output {
    file: ParquetFile,
    /// Whether its schema is what that of the input becomes.
    has_schema: bool,
    /// The pseudonyms in its names.
    pairs: Vec<Pair>,
}

/// What comes of a unit.
enum Compared {
    Text {
        chunk: Chunk,
        edits: Vec<(Range<usize>, Vec<u8>)>,
        originals: Vec<Vec<u8>>,
    },
    Column {
        place: String,
        problems: Vec<(&'static str, u64)>,
        pairs: Vec<Pair>,
        originals: Vec<Vec<u8>>,
        written: Vec<Vec<u8>>,
    },
}

impl Compared {
    /// What was found in the column of `place`.
    fn of_column(column: ColumnPair, place: String) -> Self {
        let ColumnPair { problems, pairs, originals, written, .. } = column;
        Self::Column { place, problems, pairs, originals, written }
    }
}

impl Job for Comparing<'_> {
    type Part = Compared;
    type State = masking::State;

    fn state(&self) -> masking::State {
        masking::State::default()
    }

    fn reads(&self, _task: &Task, _parquet: &ParquetFile, _leaf: usize) -> bool {
        true
    }

    fn text(
        &self,
        state: &mut masking::State,
        task: &Task,
        format: &TextFormat,
        chunk: &Chunk,
    ) -> Result<Compared, String> {
        let mut originals = Vec::new();
        let mut watch = |text: &[u8]| originals.push(text.to_vec());
        self.against.masking.edit(state, task, format, chunk, &mut watch)?;
        let edits = state.edits.iter().map(|(range, text)| (range, text.to_vec())).collect();
        Ok(Compared::Text { chunk: chunk.clone(), edits, originals })
    }

    fn column(
        &self,
        _state: &mut masking::State,
        task: &Task,
        parquet: &ParquetFile,
        row_group: usize,
        leaf: usize,
    ) -> Result<Compared, String> {
        let masking = self.against.masking;
        let place = names::shown(masking.detector, &parquet.leaves()[leaf].path);
        let plan = masking.plan.field(&task.file.input.dataset, &place);
        let are_shifted = matches!(plan.whole, Whole::Shift(_));
        let mut column = ColumnPair { are_shifted, ..ColumnPair::default() };
        let output = self.output(task, parquet)?;
        let output = output.as_deref().filter(|Output { file, has_schema, .. }| {
            *has_schema
                && row_group < file.row_groups()
                && file.rows(row_group) == parquet.rows(row_group)
        });
        // That they differ is said once, when the file begins.
        let Some(Output { file: output, .. }) = output else {
            self.originals_only(task, parquet, row_group, leaf, &mut column)?;
            return Ok(Compared::of_column(column, place));
        };
        let class = parquet.leaves()[leaf].class;
        let is_touched = masking.touches(task, parquet, leaf);
        let failed = |error: ParquetError| error.to_string();
        if !is_touched {
            if output.is_chunk_of(parquet, row_group, leaf).map_err(failed)? {
                return Ok(Compared::of_column(column, place));
            }
        } else if output.has_bloom_filter(row_group, leaf) {
            column.fail("a Bloom filter of a column that was protected", 1);
        }
        if matches!(class, LeafClass::Other | LeafClass::Opaque) {
            if !is_touched {
                column.fail("stored in other bytes, and values of its type are not compared", 1);
            }
            return Ok(Compared::of_column(column, place));
        }
        let entry = self.listed.get(task.file.input.output.as_str()).copied();
        let comparer = self.against.comparer(entry);
        let written = match Stored::read(output, row_group, leaf) {
            Ok(written) => written,
            Err(_) => {
                column.fail("cannot be read", 1);
                return Ok(Compared::of_column(column, place));
            }
        };
        let mut next = 0;
        let mut dropped = 0;
        let visit = |row: u64, value: Value<'_>, expected: Expected<'_>| {
            if matches!(expected, Expected::Null) {
                dropped += 1;
                column.original(class, value, &expected);
                return;
            }
            let found = written.cells.get(next).filter(|cell| cell.0 == row);
            if found.is_some() {
                next += 1;
            }
            column.original(class, value, &expected);
            if !found.is_some_and(|found| {
                written.is(found, value, &expected, &comparer, &mut column.pairs)
            }) {
                column.different += 1;
            }
        };
        let nulls = if is_touched {
            Column::new(masking, task, parquet, row_group, leaf)?.visit(parquet, visit)?
        } else {
            same_values(parquet, row_group, leaf, visit)?
        };
        column.different += (written.cells.len() - next) as u64;
        if nulls + dropped != written.nulls {
            column.fail("another number of nulls", (nulls + dropped).abs_diff(written.nulls));
        }
        if column.different > 0 {
            let what = if is_touched {
                "values that are not what they were, and no pseudonyms of it"
            } else {
                "values that differ from the input, and nothing was to be replaced"
            };
            column.fail(what, column.different);
        }
        Ok(Compared::of_column(column, place))
    }
}

/// Visits the values of a leaf in which nothing is replaced.
fn same_values(
    parquet: &ParquetFile,
    row_group: usize,
    leaf: usize,
    mut visit: impl FnMut(u64, Value<'_>, Expected<'_>),
) -> Result<u64, String> {
    let mut nulls = 0;
    parquet
        .read::<ParquetError>(row_group, leaf, |batch| {
            nulls += batch.nulls;
            batch.cells.iter().for_each(|cell| visit(cell.row, cell.value, Expected::Same));
            Ok(())
        })
        .map_err(|error| error.to_string())?;
    Ok(nulls)
}

impl Comparing<'_> {
    /// The Parquet file that was written for the input of a task, if it can be opened.
    fn output(&self, task: &Task, parquet: &ParquetFile) -> Result<Option<Arc<Output>>, String> {
        let mut last = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((index, output)) if *index == task.index => Ok(output.clone()),
            _ => {
                let path = self.against.out.join(&task.file.input.relative_path);
                let file = ParquetFile::open(&path).ok();
                let output = file.map(|file| self.compared(task, parquet, file)).transpose()?;
                let output = output.map(Arc::new);
                *last = Some((task.index, output.clone()));
                Ok(output)
            }
        }
    }

    /// An output whose schema was compared with what that of the input becomes.
    fn compared(
        &self,
        task: &Task,
        parquet: &ParquetFile,
        file: ParquetFile,
    ) -> Result<Output, String> {
        let Against { masking, manifest, .. } = self.against;
        let names = masking.new_names(task, parquet)?;
        let schema = masking.new_schema(task, parquet, &names)?;
        let entry = manifest.files.iter().find(|entry| entry.file == task.file.input.relative);
        let comparer = self.against.comparer(entry);
        let mut pairs = Vec::new();
        let mut is_name = |name: &str, found: &str| {
            let (name, parts) = (name.as_bytes(), names.parts(name));
            comparer.prefix(name, &parts, found.as_bytes(), true, &mut pairs).is_ok()
        };
        let has_schema = schema.is_of(&file, &mut is_name);
        Ok(Output { file, has_schema, pairs })
    }

    fn originals_only(
        &self,
        task: &Task,
        parquet: &ParquetFile,
        row_group: usize,
        leaf: usize,
        column: &mut ColumnPair,
    ) -> Result<(), String> {
        let masking = self.against.masking;
        let class = parquet.leaves()[leaf].class;
        if masking.touches(task, parquet, leaf) && class.is_read() {
            Column::new(masking, task, parquet, row_group, leaf)?
                .visit(parquet, |_, value, expected| column.original(class, value, &expected))?;
        }
        Ok(())
    }
}

/// Takes what the workers made, in order, and holds it against the output.
struct Taker<'a> {
    job: &'a Comparing<'a>,
    listed: &'a BTreeMap<&'a str, &'a FileEntry>,
    current: Option<Current>,
    content: &'a mut Check,
    joins: &'a mut Check,
    joined: Joins,
    originals: Originals,
}

/// The output that is read beside its input.
struct Current {
    task: Arc<Task>,
    shown: String,
    reader: Option<Ahead>,
    different: u64,
    records: u64,
}

impl Taker<'_> {
    fn take(&mut self, event: Event<Compared>) -> Result<(), PipelineError> {
        match event {
            Event::Begin(task) => self.begin(&task),
            Event::Part(Ok(part)) => self.part(part),
            Event::Part(Err(reason)) => {
                self.fail(None, &format!("the input cannot be masked again: {reason}"), 1);
                Ok(())
            }
            Event::GroupEnd => Ok(()),
            Event::End(_, outcome) => self.end(outcome),
        }
    }

    fn fail(&mut self, place: Option<&str>, what: &str, count: u64) {
        let file = self.current.as_ref().map_or("", |current| current.shown.as_str());
        self.content.fail(file, place, what, count);
    }

    fn begin(&mut self, task: &Arc<Task>) -> Result<(), PipelineError> {
        let input = &task.file.input;
        let path = self.job.against.out.join(&input.relative_path);
        let reader = match &task.file.content {
            Content::Text(_) | Content::Empty => match File::open(&path) {
                Ok(file) => Some(Ahead::new(file)),
                // That it is missing is said already.
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(SinkError::io("read", &path)(error).into()),
            },
            _ => None,
        };
        self.current = Some(Current {
            task: Arc::clone(task),
            shown: input.relative.clone(),
            reader,
            different: 0,
            records: 0,
        });
        if let Content::Parquet(parquet) = &task.file.content {
            if let Ok(names) = self.job.against.masking.new_names(task, parquet) {
                names.originals().for_each(|original| self.originals.add(original));
            }
            self.same_shape(task, parquet);
        }
        Ok(())
    }

    fn same_shape(&mut self, task: &Task, parquet: &ParquetFile) {
        let output = match self.job.output(task, parquet) {
            Ok(Some(output)) => output,
            Ok(None) => return self.fail(None, "no Parquet file", 1),
            Err(reason) => {
                return self.fail(None, &format!("the input cannot be masked again: {reason}"), 1);
            }
        };
        if !output.has_schema {
            return self.fail(None, "another schema", 1);
        }
        self.join(&output.pairs, None);
        let output = &output.file;
        let rows = |file: &ParquetFile| -> Vec<u64> {
            (0..file.row_groups()).map(|group| file.rows(group)).collect()
        };
        let (before, after) = (rows(parquet), rows(output));
        self.content.looked_at += before.iter().sum::<u64>();
        let sums = [before.iter().sum::<u64>(), after.iter().sum()];
        if sums[0] != sums[1] {
            self.fail(None, "another number of rows", sums[0].abs_diff(sums[1]));
        } else if before != after {
            self.fail(None, "other row groups", 1);
        }
    }

    fn part(&mut self, part: Compared) -> Result<(), PipelineError> {
        match part {
            Compared::Text { chunk, edits, originals } => {
                originals.iter().for_each(|original| self.originals.add(original));
                self.written(edits.iter().map(|(_, text)| &text[..]));
                self.text(&chunk, &edits)
            }
            Compared::Column { place, problems, pairs, originals, written } => {
                originals.iter().for_each(|original| self.originals.add(original));
                self.written(written.iter().map(|text| &text[..]));
                for (what, count) in problems {
                    self.fail(Some(&place), what, count);
                }
                self.join(&pairs, Some(&place));
                Ok(())
            }
        }
    }

    /// Notes what is written in the place of values where that may begin with one: a network with the
    /// address that is its first.
    fn written<'t>(&mut self, texts: impl Iterator<Item = &'t [u8]>) {
        let entry = self.current.as_ref().map(|current| current.task.file.input.relative.as_str());
        let entry = entry.and_then(|name| self.listed.get(name));
        let mut operators = entry.into_iter().flat_map(|entry| entry.operators.values().flatten());
        if !operators.any(|operator| *operator == Operator::Generalize) {
            return;
        }
        let tokens = self.job.against.masking.tokens;
        for text in texts.filter(|text| tokens.kind_of(text).is_none()) {
            self.originals.add_written(text);
            if let Some(plain) = search::unescaped(text) {
                self.originals.add_written(&plain);
            }
        }
    }

    fn join(&mut self, pairs: &[Pair], place: Option<&str>) {
        let file = self.current.as_ref().map_or("", |current| current.shown.as_str());
        for pair in pairs {
            if let Err(broken) = self.joined.add(pair) {
                self.joins.fail(file, place, broken.what(), 1);
            }
        }
    }

    /// Compares a chunk line by line, so that one that differs does not make all behind it differ.
    fn text(
        &mut self,
        chunk: &Chunk,
        edits: &[(Range<usize>, Vec<u8>)],
    ) -> Result<(), PipelineError> {
        let Some(Current { task, reader: Some(reader), different, records, shown }) =
            &mut self.current
        else {
            return Ok(());
        };
        let against = self.job.against;
        let entry = self.listed.get(task.file.input.output.as_str()).copied();
        let comparer = against.comparer(entry);
        let mut cells: Option<Cells> = None;
        let mut pairs = Vec::new();
        let mut left = edits;
        let mut start = 0;
        while start < chunk.bytes.len() && *different < MAX_DIFFERENT {
            let (end, count) = line_end(&chunk.bytes, start, left);
            let parts: Vec<_> = left[..count]
                .iter()
                .map(|(range, text)| Replacement {
                    range: range.start - start..range.end - start,
                    text,
                })
                .collect();
            let line = &chunk.bytes[start..end];
            let expected: usize =
                line.len() + parts.iter().map(|part| part.text.len()).sum::<usize>();
            let output = reader.fill(expected + AHEAD).map_err(read_failed)?;
            let before = pairs.len();
            *records += 1;
            match comparer.prefix(line, &parts, output, false, &mut pairs) {
                Ok(length) => reader.skip(length),
                Err(at) => {
                    pairs.truncate(before);
                    *different += 1;
                    let place = if let Content::Text(format) = &task.file.content {
                        let cells = cells.get_or_insert_with(|| {
                            let mut cells = Cells::new();
                            format.cells(chunk, &mut cells);
                            cells
                        });
                        field_at(format, cells, start + at)
                    } else {
                        None
                    };
                    let place = place.map(|path| names::shown(against.masking.detector, &path));
                    let what = "lines that are not the input with its personal data replaced";
                    self.content.fail(shown, place.as_deref(), what, 1);
                    let line = memchr::memchr(b'\n', output).map_or(output.len(), |at| at + 1);
                    reader.skip(line);
                }
            }
            left = &left[count..];
            start = end;
        }
        self.join(&pairs, None);
        Ok(())
    }

    fn end(&mut self, outcome: Result<(), String>) -> Result<(), PipelineError> {
        if let Err(reason) = outcome {
            self.fail(None, &format!("the input cannot be read: {reason}"), 1);
        }
        let Some(current) = &mut self.current else { return Ok(()) };
        let (different, records) = (current.different, current.records);
        let rest = match &mut current.reader {
            Some(reader) if different < MAX_DIFFERENT => {
                !reader.fill(1).map_err(read_failed)?.is_empty()
            }
            _ => false,
        };
        self.content.looked_at += records;
        if different >= MAX_DIFFERENT {
            self.fail(None, "not compared behind so many lines that differ", 1);
        }
        if rest {
            self.fail(None, "more behind the end of the input", 1);
        }
        self.current = None;
        Ok(())
    }
}

/// The path of the cell that a byte of a chunk is in, or that begins next behind it.
fn field_at(format: &TextFormat, cells: &Cells, at: usize) -> Option<String> {
    let cell = cells.cells.iter().find(|cell| at < cell.outer().end + 1)?;
    Some(format.field_path(cells, cell.field)?.into_owned())
}

fn read_failed(error: io::Error) -> PipelineError {
    PipelineError::Sink(SinkError::io("read", Path::new("the output"))(error))
}

/// Where the line that begins at `start` ends, line break included, and how many of `edits` are in it.
fn line_end(bytes: &[u8], start: usize, edits: &[(Range<usize>, Vec<u8>)]) -> (usize, usize) {
    let mut count = 0;
    let mut from = start;
    loop {
        let end = memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at + 1);
        match edits.get(count) {
            Some((range, _)) if range.start < end => {
                count += 1;
                from = from.max(range.end);
            }
            _ => return (end, count),
        }
    }
}

/// Reads a file ahead of where it is compared.
struct Ahead {
    file: File,
    buffer: Vec<u8>,
    at: usize,
    is_over: bool,
}

impl Ahead {
    fn new(file: File) -> Self {
        Self { file, buffer: Vec::new(), at: 0, is_over: false }
    }

    /// The next `bytes` bytes, or more; fewer only where the file ends.
    fn fill(&mut self, bytes: usize) -> io::Result<&[u8]> {
        if self.buffer.len() - self.at < bytes && !self.is_over {
            self.buffer.drain(..self.at);
            self.at = 0;
            let wanted = bytes.max(1 << 20) - self.buffer.len();
            let read = (&mut self.file).take(wanted as u64).read_to_end(&mut self.buffer)?;
            self.is_over = read < wanted;
        }
        Ok(&self.buffer[self.at..])
    }

    fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }
}
