//! The driver: files to units of work, units to a job, results in order to a consumer.
//!
//! Survey, listing and protection are jobs: plain functions of a unit, a file and a state. Here is
//! all that they have in common: which file comes next, how it is cut, what happens when it cannot
//! be read, and that a run can be interrupted between two units.

use std::fs::File;
use std::hint::black_box;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::PipelineError;
use super::input::{Content, FormatOverrides, Identified, identify};
use super::names;
use super::ordered::ordered;
use super::progress::Progress;
use super::proof;
use crate::detect::Detector;
use crate::format::columnar::ParquetFile;
use crate::format::text::{Chunk, Splitter, TextFormat};
use crate::source::{FileIdentity, InputFile};

/// Bytes of text in one unit of work: it stays in the cache that a core has for itself, with what is made
/// of it.
pub const CHUNK_BYTES: usize = 1 << 18;

/// What is freed up to twice of this is kept for what comes next.
const KEPT_BYTES: usize = 16 << 20;

/// How a run is to be carried out; nothing here changes its result.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Worker threads.
    pub threads: usize,
    /// Bytes of text in one unit of work.
    pub chunk_bytes: usize,
}

/// An input before it is opened.
pub(super) enum Source {
    /// A file, identified when its turn comes: footers of files to come take no memory.
    File(InputFile),
    /// Standard input, which can be looked at only once.
    Stream(Identified, Box<dyn Read + Send>),
}

/// A file of the run, by its place in the list of inputs.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) index: usize,
    pub(super) file: Identified,
    /// The file before it was read, where a later change of it would show.
    pub(super) identity: Option<FileIdentity>,
}

/// What a worker does with a unit. All errors are reasons for the ledger, without a raw value.
pub(super) trait Job: Sync {
    /// What becomes of a unit.
    type Part: Send;
    /// Of one worker.
    type State: Send;

    fn state(&self) -> Self::State;

    /// Whether the file is read at all.
    fn wants(&self, _content: &Content) -> bool {
        true
    }

    /// Whether the chunks of `leaf` are units of their own.
    fn reads(&self, task: &Task, parquet: &ParquetFile, leaf: usize) -> bool;

    fn text(
        &self,
        state: &mut Self::State,
        task: &Task,
        format: &TextFormat,
        chunk: &Chunk,
    ) -> Result<Self::Part, String>;

    fn column(
        &self,
        state: &mut Self::State,
        task: &Task,
        parquet: &ParquetFile,
        row_group: usize,
        leaf: usize,
    ) -> Result<Self::Part, String>;
}

/// What the consumer sees.
pub(super) enum Event<P> {
    /// A file starts.
    Begin(Arc<Task>),
    /// One unit of it.
    Part(Result<P, String>),
    /// All units of a Parquet row group were seen.
    GroupEnd,
    /// The file is over; the error is that of reading it.
    End(Arc<Task>, Result<(), String>),
}

enum Unit {
    Begin(Arc<Task>),
    Text(Arc<Task>, Chunk),
    Column(Arc<Task>, Arc<ParquetFile>, usize, usize),
    GroupEnd,
    End(Arc<Task>, Result<(), String>),
}

impl Unit {
    /// How much of the room for units that wait it takes, where a chunk is of about `chunk_bytes`: what becomes
    /// of keys without end may be large, and columns are.
    fn weight(&self, chunk_bytes: usize) -> usize {
        match self {
            Self::Text(task, chunk) => {
                let chunks = (chunk.bytes.len() / chunk_bytes).max(1);
                match &task.file.content {
                    Content::Text(TextFormat::Log | TextFormat::Csv { .. }) => chunks,
                    _ => 2 * chunks,
                }
            }
            Self::Column(..) => 2,
            Self::Begin(_) | Self::GroupEnd | Self::End(..) => 1,
        }
    }
}

/// What identifying a file needs.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) overrides: FormatOverrides,
    pub(super) detector: &'a Detector,
}

/// What a drive tells, in the order of the input. It ends early when somebody interrupts.
pub(super) type Events<'a, P> = dyn Iterator<Item = Event<P>> + 'a;

/// Runs `job` over `files` and gives the results to `consume`; returns the workers' states.
///
/// # Errors
/// That of `consume`; [`PipelineError::Interrupted`] where somebody asked for it.
pub(super) fn drive<J: Job>(
    effort: Effort,
    files: Vec<Source>,
    reading: Reading<'_>,
    job: &J,
    progress: &Progress,
    cancelled: &AtomicBool,
    consume: impl FnOnce(&mut Events<'_, J::Part>) -> Result<(), PipelineError>,
) -> Result<Vec<J::State>, PipelineError> {
    let mut producer = Producer {
        files: files.into_iter().enumerate(),
        current: None,
        job,
        reading,
        chunk_bytes: effort.chunk_bytes,
        progress,
        cancelled,
    };
    let is_wanted = || !cancelled.load(Ordering::Relaxed);
    let (outcome, states) = ordered(
        effort.threads,
        || progress.reading(|| producer.next()),
        |unit| unit.weight(effort.chunk_bytes),
        || job.state(),
        |state, unit| work(job, reading.detector, state, unit),
        |events| consume(&mut events.take_while(|_| is_wanted())),
    );
    outcome?;
    if is_wanted() { Ok(states) } else { Err(PipelineError::Interrupted) }
}

/// The allocator of glibc gives memory back to the system between two columns, which then has to clear each
/// page of it again: a thirtieth of the time that a Parquet file takes. It keeps twice of the largest
/// block that was given back (mallopt(3), `M_MMAP_THRESHOLD`), so it sees one that nobody touches. Others
/// keep what they like; text takes less memory, and takes it once.
fn keep_freed_memory() {
    drop(black_box(Vec::<u8>::with_capacity(KEPT_BYTES)));
}

fn work<J: Job>(job: &J, detector: &Detector, state: &mut J::State, unit: Unit) -> Event<J::Part> {
    match unit {
        Unit::Begin(task) => Event::Begin(task),
        Unit::Text(task, chunk) => {
            let part = match &task.file.content {
                Content::Text(format) => contained(|| job.text(state, &task, format, &chunk)),
                _ => Err("not a text format".to_owned()),
            };
            Event::Part(part)
        }
        Unit::Column(task, parquet, row_group, leaf) => {
            let part = contained(|| job.column(state, &task, &parquet, row_group, leaf));
            // It names the column, whose name can be personal data.
            Event::Part(part.map_err(|reason| names::shown(detector, &reason)))
        }
        Unit::GroupEnd => Event::GroupEnd,
        Unit::End(task, outcome) => Event::End(task, outcome),
    }
}

/// A panic in one unit fails that file, not the run. The state may hold counts of half a unit
/// then; the file is in the ledger as failed.
fn contained<P>(work: impl FnOnce() -> Result<P, String>) -> Result<P, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("internal error".to_owned()))
}

struct Producer<'a, J> {
    files: std::iter::Enumerate<std::vec::IntoIter<Source>>,
    current: Option<Open>,
    job: &'a J,
    reading: Reading<'a>,
    chunk_bytes: usize,
    progress: &'a Progress,
    cancelled: &'a AtomicBool,
}

enum Open {
    Text(Arc<Task>, Splitter<Box<dyn Read + Send>>),
    Parquet(Box<Leaves>),
    Over(Arc<Task>),
}

/// What is left of a Parquet file.
struct Leaves {
    task: Arc<Task>,
    parquet: Arc<ParquetFile>,
    /// By leaf, whether its chunks are units: asked once a file, which may have thousands of row groups.
    reads: Vec<bool>,
    row_group: usize,
    /// Of the row group, the next one last.
    left: Vec<usize>,
}

impl<J: Job> Producer<'_, J> {
    fn next(&mut self) -> Option<Unit> {
        if self.cancelled.load(Ordering::Relaxed) {
            return None;
        }
        match self.current.take() {
            None => self.open(),
            Some(Open::Text(task, splitter)) => Some(self.next_chunk(task, splitter)),
            Some(Open::Parquet(leaves)) => Some(self.next_column(leaves)),
            Some(Open::Over(task)) => Some(Unit::End(task, Ok(()))),
        }
    }

    fn open(&mut self) -> Option<Unit> {
        let (index, source) = self.files.next()?;
        let (identity, file, stream) = match source {
            Source::File(input) => {
                let identity = proof::settled(&input.path);
                let file = identify(input, self.reading.overrides, self.reading.detector);
                (identity, file, None)
            }
            Source::Stream(identified, reader) => (None, identified, Some(reader)),
        };
        let task = Task { index, file, identity };
        if !self.job.wants(&task.file.content) {
            let task = Arc::new(task);
            self.progress.advance(task.file.input.bytes);
            self.current = Some(Open::Over(Arc::clone(&task)));
            return Some(Unit::Begin(task));
        }
        let opened = match &task.file.content {
            Content::Text(format) => {
                let reader: Box<dyn Read + Send> = match stream {
                    Some(reader) => reader,
                    None => match File::open(&task.file.input.path) {
                        Ok(file) => Box::new(file),
                        Err(error) => {
                            let reason = io_reason(&error);
                            return Some(Unit::End(Arc::new(task), Err(reason)));
                        }
                    },
                };
                Some(format.splitter(reader, self.chunk_bytes))
            }
            _ => None,
        };
        let task = Arc::new(task);
        self.current = Some(match (opened, &task.file.content) {
            (Some(splitter), _) => Open::Text(Arc::clone(&task), splitter),
            (None, Content::Parquet(parquet)) => {
                keep_freed_memory();
                let reads = |leaf| self.job.reads(&task, parquet, leaf);
                Open::Parquet(Box::new(Leaves {
                    reads: (0..parquet.leaves().len()).map(reads).collect(),
                    left: leaves_of(parquet, 0),
                    row_group: 0,
                    parquet: Arc::clone(parquet),
                    task: Arc::clone(&task),
                }))
            }
            _ => Open::Over(Arc::clone(&task)),
        });
        Some(Unit::Begin(task))
    }

    fn next_chunk(
        &mut self,
        task: Arc<Task>,
        mut splitter: Splitter<Box<dyn Read + Send>>,
    ) -> Unit {
        match splitter.next_chunk() {
            Ok(Some(chunk)) => {
                self.progress.advance(chunk.bytes.len() as u64);
                self.current = Some(Open::Text(Arc::clone(&task), splitter));
                Unit::Text(task, chunk)
            }
            Ok(None) => Unit::End(task, Ok(())),
            Err(error) => Unit::End(task, Err(io_reason(&error))),
        }
    }

    fn next_column(&mut self, mut leaves: Box<Leaves>) -> Unit {
        let Leaves { task, parquet, reads, row_group, left } = &mut *leaves;
        if *row_group == parquet.row_groups() {
            return Unit::End(Arc::clone(task), Ok(()));
        }
        let unit = loop {
            let Some(leaf) = left.pop() else {
                *row_group += 1;
                *left = leaves_of(parquet, *row_group);
                break Unit::GroupEnd;
            };
            self.progress.advance(parquet.chunk_bytes(*row_group, leaf));
            if reads[leaf] {
                break Unit::Column(Arc::clone(task), Arc::clone(parquet), *row_group, leaf);
            }
        };
        self.current = Some(Open::Parquet(leaves));
        unit
    }
}

/// The leaves of a row group, the largest last. It is taken first: a worker that began with it at the
/// end would leave the others without work.
fn leaves_of(parquet: &ParquetFile, row_group: usize) -> Vec<usize> {
    if row_group == parquet.row_groups() {
        return Vec::new();
    }
    let mut leaves: Vec<usize> = (0..parquet.leaves().len()).rev().collect();
    leaves.sort_by_key(|leaf| parquet.plain_bytes(row_group, *leaf));
    leaves
}

/// An error of the operating system in its own words, without a path.
pub(super) fn io_reason(error: &io::Error) -> String {
    error.kind().to_string()
}
