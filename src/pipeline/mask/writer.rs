//! The outputs of `mask`: what the workers made is put together in order and committed file by file.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::super::PipelineError;
use super::super::drive::{Event, Events, Task};
use super::super::input::Content;
use super::super::masking::{Done, Masking, Protected};
use super::super::names;
use crate::detect::{Detector, Memory, Place, anchors};
use crate::format::columnar::{ParquetError, ParquetFile, ParquetWriter, RewrittenChunk};
use crate::rules::{KindId, RuleSet};
use crate::sink::{FileEntry, FileState, InputStamp, OutDir, SinkError, Staged};
use crate::source::FileIdentity;

/// Takes what the workers made, in order, and commits it file by file.
pub(super) struct Writer<'a> {
    pub(super) dir: &'a OutDir,
    pub(super) masking: &'a Masking<'a>,
    pub(super) skips_unsupported: bool,
    pub(super) failed: &'a HashMap<String, String>,
    pub(super) stamps: &'a [Option<InputStamp>],
    pub(super) entries: &'a mut Vec<FileEntry>,
    pub(super) suspicious_hashes: u64,
}

/// An output that is being written. Dropped, it leaves nothing.
enum Output {
    None,
    Plain(Box<Staged>),
    Parquet(Box<ParquetOutput>),
}

struct ParquetOutput {
    writer: ParquetWriter<Watched>,
    refusal: Refusal,
    /// By leaf.
    touched: Vec<bool>,
    /// What was done to the names in the schema.
    of_names: Done,
}

/// Why an output is not made.
enum Failed {
    /// The file is quarantined for this reason.
    File(String),
    /// The run ends.
    Run(PipelineError),
}

impl<E: Into<PipelineError>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Run(error.into())
    }
}

/// What the workers made of one file, as it comes.
struct Parts<'e, 'd> {
    events: &'e mut Events<'d, Protected>,
    done: Done,
    /// Chunks of a row group whose turn has not come, by leaf: the largest is made first.
    early: BTreeMap<usize, Box<RewrittenChunk>>,
    /// What became of the file, from its end on.
    end: Option<Result<(), String>>,
}

impl Parts<'_, '_> {
    /// The next event. Before the end of the file there is one, unless somebody interrupts.
    fn event(&mut self) -> Result<Event<Protected>, PipelineError> {
        self.events.next().ok_or(PipelineError::Interrupted)
    }

    /// The next part; nothing at the end of the file.
    fn next(&mut self) -> Result<Option<Protected>, Failed> {
        while self.end.is_none() {
            match self.event()? {
                Event::Part(part) => {
                    let part = part.map_err(Failed::File)?;
                    let (Protected::Text { done, .. } | Protected::Column { done, .. }) = &part;
                    self.done.merge(done);
                    return Ok(Some(part));
                }
                Event::End(_, outcome) => self.end = Some(outcome),
                Event::Begin(_) | Event::GroupEnd => {}
            }
        }
        Ok(None)
    }

    /// The chunk of a leaf that is rewritten.
    fn chunk(&mut self, leaf: usize) -> Result<RewrittenChunk, Failed> {
        loop {
            if let Some(chunk) = self.early.remove(&leaf) {
                return Ok(*chunk);
            }
            match self.next()? {
                Some(Protected::Column { chunk, .. }) => self.early.extend(chunk),
                Some(Protected::Text { .. }) => {}
                None => return Err(not_read()),
            }
        }
    }

    /// Passes over what is left of the file, and says what became of it.
    fn skip(&mut self) -> Result<Result<(), String>, PipelineError> {
        loop {
            if let Some(outcome) = self.end.take() {
                return Ok(outcome);
            }
            if let Event::End(_, outcome) = self.event()? {
                self.end = Some(outcome);
            }
        }
    }
}

/// Why the sink refused, if it did: Parquet's errors do not tell reading from writing.
#[derive(Clone)]
struct Refusal {
    target: PathBuf,
    error: Arc<Mutex<Option<io::Error>>>,
}

impl Refusal {
    /// Why a Parquet output failed: the file's own reason, unless it was the sink that refused.
    fn or(&self, detector: &Detector, error: &ParquetError) -> Failed {
        let refused = self.error.lock().ok().and_then(|mut refused| refused.take());
        match refused {
            Some(refused) => SinkError::io("write", &self.target)(refused).into(),
            None => Failed::File(names::shown(detector, &error.to_string())),
        }
    }
}

/// A sink that remembers why it failed.
struct Watched {
    sink: Staged,
    refusal: Refusal,
}

impl Watched {
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.inspect_err(|error| {
            if let Ok(mut refused) = self.refusal.error.lock() {
                refused.get_or_insert_with(|| error.kind().into());
            }
        })
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.sink.write(bytes);
        self.note(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.sink.flush();
        self.note(flushed)
    }
}

impl Writer<'_> {
    /// Writes the outputs of all files that `events` tell of.
    pub(super) fn write(
        &mut self,
        events: &mut Events<'_, Protected>,
    ) -> Result<(), PipelineError> {
        while let Some(event) = events.next() {
            match event {
                Event::Begin(task) => self.file(&task, events)?,
                // It could not be opened.
                Event::End(task, outcome) => {
                    let nothing = outcome.map(|()| Output::None);
                    self.enter(&task, nothing.map_err(Failed::File), Done::default())?;
                }
                Event::Part(_) | Event::GroupEnd => {}
            }
        }
        Ok(())
    }

    fn file(
        &mut self,
        task: &Task,
        events: &mut Events<'_, Protected>,
    ) -> Result<(), PipelineError> {
        let (done, early) = (Done::default(), BTreeMap::new());
        let mut parts = Parts { events, done, early, end: None };
        let written = match self.output(task, &mut parts) {
            Err(Failed::Run(error)) => return Err(error),
            written => written,
        };
        let outcome = parts.skip()?;
        let Parts { done, .. } = parts;
        self.suspicious_hashes += done.suspicious_hashes;
        self.enter(task, outcome.map_err(Failed::File).and(written), done)
    }

    /// The output of a file with all its parts in it.
    fn output(&self, task: &Task, parts: &mut Parts<'_, '_>) -> Result<Output, Failed> {
        let mut output = self.open(task)?;
        if let Output::Parquet(output) = &mut output {
            self.row_groups(output, parts)?;
        }
        while let Some(part) = parts.next()? {
            if let (Protected::Text { bytes, .. }, Output::Plain(staged)) = (part, &mut output) {
                staged.write_all(&bytes).map_err(SinkError::io("write", staged.target()))?;
            }
        }
        Ok(output)
    }

    /// Opens the output of a file.
    fn open(&self, task: &Task) -> Result<Output, Failed> {
        let input = &task.file.input;
        if let Some(reason) = self.failed.get(&input.relative) {
            return Err(Failed::File(reason.clone()));
        }
        if task.file.content.has_fields() && !self.masking.knows(&input.dataset) {
            let reason = "the map does not know this dataset: scan it again";
            return Err(Failed::File(reason.to_owned()));
        }
        Ok(match &task.file.content {
            Content::Text(_) | Content::Empty => {
                Output::Plain(Box::new(self.dir.stage(&input.relative_path)?))
            }
            Content::Parquet(parquet) => {
                let staged = self.dir.stage(&input.relative_path)?;
                Output::Parquet(Box::new(self.parquet(task, parquet, staged)?))
            }
            Content::Derived | Content::Skipped { .. } | Content::Failed(_) => Output::None,
        })
    }

    fn parquet(
        &self,
        task: &Task,
        parquet: &Arc<ParquetFile>,
        staged: Staged,
    ) -> Result<ParquetOutput, Failed> {
        let detector = self.masking.detector;
        let leaves = parquet.leaves().len();
        let touched: Vec<_> =
            (0..leaves).map(|leaf| self.masking.touches(task, parquet, leaf)).collect();
        let refusal = Refusal { target: staged.target().to_owned(), error: Arc::default() };
        let sink = Watched { sink: staged, refusal: refusal.clone() };
        let scrub = |text: &[u8]| personal_ranges(detector, text);
        let names = self.masking.new_names(task, parquet).map_err(Failed::File)?;
        let schema = self.masking.new_schema(task, parquet, &names).map_err(Failed::File)?;
        let of_names = names.done;
        let writer = ParquetWriter::new(sink, Arc::clone(parquet), schema, &touched, &scrub)
            .map_err(|error| refusal.or(detector, &error))?;
        Ok(ParquetOutput { writer, refusal, touched, of_names })
    }

    /// Writes the row groups of a file leaf by leaf: what is copied is so while the workers are at others.
    fn row_groups(
        &self,
        output: &mut ParquetOutput,
        parts: &mut Parts<'_, '_>,
    ) -> Result<(), Failed> {
        let ParquetOutput { writer, refusal, touched, .. } = output;
        let failed = |error| refusal.or(self.masking.detector, &error);
        while let Some(mut group) = writer.next_row_group().map_err(failed)? {
            for (leaf, is_touched) in touched.iter().enumerate() {
                let chunk = is_touched.then(|| parts.chunk(leaf)).transpose()?;
                group.push(chunk).map_err(failed)?;
            }
            group.close().map_err(failed)?;
        }
        Ok(())
    }

    /// Commits the output of a file, or enters why there is none.
    fn enter(
        &mut self,
        task: &Task,
        output: Result<Output, Failed>,
        done: Done,
    ) -> Result<(), PipelineError> {
        let input = &task.file.input;
        let entry = match output.and_then(|output| self.commit(task, output, done)) {
            Ok(entry) => entry,
            Err(Failed::File(reason)) => FileEntry::quarantined(&input.output, input.bytes, reason),
            Err(Failed::Run(error)) => return Err(error),
        };
        // What failed is tried again by a run that continues this one.
        if let Some(Some(stamp)) = self.stamps.get(task.index)
            && entry.state != FileState::Quarantined
        {
            self.dir.record(&entry, *stamp)?;
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Why a file is no longer the one that was surveyed, or that an earlier run wrote.
    fn changed(&self, task: &Task) -> Option<String> {
        let input = &task.file.input;
        let surveyed = self.masking.surveyed.get(&input.relative);
        let surveyed = surveyed.filter(|_| task.file.content.has_fields());
        let written = self.masking.unmarked.get(&input.relative).map(|it| &it.identity);
        let now = FileIdentity::of(&input.path).ok();
        let is_same = |before: &FileIdentity| now == Some(*before);
        let is_whole = surveyed.into_iter().chain(written).all(is_same);
        (!is_whole).then(|| "it changed while it was read: run this again".to_owned())
    }

    fn commit(&self, task: &Task, output: Output, mut done: Done) -> Result<FileEntry, Failed> {
        if let Some(reason) = self.changed(task) {
            return Err(Failed::File(reason));
        }
        let input = &task.file.input;
        let without_output = |state, reason: &str| FileEntry {
            reason: Some(reason.to_owned()),
            ..FileEntry::new(&input.output, state, input.bytes)
        };
        let (committed, dropped) = match (output, &task.file.content) {
            (Output::Plain(staged), _) => (staged.commit()?, Vec::new()),
            (Output::Parquet(output), _) => {
                let ParquetOutput { writer, refusal, of_names, .. } = *output;
                done.merge(&of_names);
                let finished = writer.finish();
                let (watched, dropped) =
                    finished.map_err(|error| refusal.or(self.masking.detector, &error))?;
                (watched.sink.commit()?, dropped)
            }
            (Output::None, Content::Failed(reason)) => {
                return Err(Failed::File(reason.clone()));
            }
            (Output::None, Content::Derived) => {
                return Ok(without_output(FileState::Derived, "checksum of another file"));
            }
            (Output::None, Content::Skipped { reason, deliberate }) => {
                let state = if *deliberate || self.skips_unsupported {
                    FileState::Skipped
                } else {
                    FileState::Quarantined
                };
                return Ok(without_output(state, reason));
            }
            (Output::None, _) => return Err(not_read()),
        };
        let is_empty = matches!(task.file.content, Content::Empty);
        let state = if is_empty { FileState::Copied } else { FileState::Protected };
        let records = match &task.file.content {
            Content::Parquet(parquet) => {
                (0..parquet.row_groups()).map(|group| parquet.rows(group)).sum()
            }
            _ => done.records,
        };
        let mut entry = FileEntry {
            format: (!is_empty).then(|| task.file.content.format_name().to_owned()),
            records,
            malformed: done.malformed,
            bytes_out: committed.bytes,
            sha256: Some(committed.sha256),
            dropped_metadata: dropped.into_iter().collect(),
            ..FileEntry::new(&input.output, state, input.bytes)
        };
        add_counts(&mut entry, &done, self.masking.detector.rules());
        entry.shifted = done.shifted;
        Ok(entry)
    }
}

/// Adds what was done to the counts of an entry.
pub(super) fn add_counts(entry: &mut FileEntry, done: &Done, rules: &RuleSet) {
    let name = |kind: KindId| rules.kind(kind).name.clone();
    for (kind, n) in done.values() {
        *entry.findings.entry(name(kind)).or_default() += n;
    }
    for (kind, operators) in done.operators() {
        entry.operators.entry(name(kind)).or_default().extend(operators);
    }
}

fn not_read() -> Failed {
    Failed::File("not read".to_owned())
}

/// Where personal data is in a text that travels beside the columns.
fn personal_ranges(detector: &Detector, text: &[u8]) -> Vec<Range<usize>> {
    let (mut in_text, mut found) = (Vec::new(), Vec::new());
    anchors(text, &mut in_text);
    let place = Place::LINE;
    detector.find(text, &in_text, 0, &place, &mut Memory::default(), &mut found);
    found.into_iter().map(|candidate| candidate.start..candidate.end).collect()
}
