//! The outputs of `mask`: what the workers made is put together in order and committed file by file.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::super::PipelineError;
use super::super::drive::{Event, Task};
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
    pub(super) current: Option<Current>,
    pub(super) suspicious_hashes: u64,
}

/// The output that is being written.
pub(super) struct Current {
    output: Output,
    done: Done,
    failed: Option<String>,
}

enum Output {
    None,
    Plain(Box<Staged>),
    Parquet(Box<ParquetOutput>),
}

struct ParquetOutput {
    writer: ParquetWriter<Watched>,
    target: PathBuf,
    /// What the sink said when it refused: Parquet's errors do not tell reading from writing.
    refused: Refusal,
    group: Vec<Option<RewrittenChunk>>,
    /// What was done to the names in the schema.
    of_names: Done,
}

type Refusal = Arc<Mutex<Option<io::Error>>>;

/// A sink that remembers why it failed.
struct Watched {
    sink: Staged,
    refused: Refusal,
}

impl Watched {
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.inspect_err(|error| {
            if let Ok(mut refused) = self.refused.lock() {
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
    pub(super) fn take(&mut self, event: Event<Protected>) -> Result<(), PipelineError> {
        match event {
            Event::Begin(task) => {
                let output = self.open(&task)?;
                self.current = Some(match output {
                    Ok(output) => Current { output, done: Done::default(), failed: None },
                    Err(reason) => Current {
                        output: Output::None,
                        done: Done::default(),
                        failed: Some(reason),
                    },
                });
                Ok(())
            }
            Event::Part(part) => self.part(part),
            Event::GroupEnd => self.end_group(),
            Event::End(task, outcome) => self.end(&task, outcome),
        }
    }

    /// Opens the output of a file; the inner error is the file's own.
    fn open(&self, task: &Task) -> Result<Result<Output, String>, PipelineError> {
        let input = &task.file.input;
        if let Some(reason) = self.failed.get(&input.relative) {
            return Ok(Err(reason.clone()));
        }
        if task.file.content.has_fields() && !self.masking.knows(&input.dataset) {
            return Ok(Err("the map does not know this dataset: scan it again".to_owned()));
        }
        Ok(Ok(match &task.file.content {
            Content::Text(_) | Content::Empty => {
                Output::Plain(Box::new(self.dir.stage(&input.relative_path)?))
            }
            Content::Parquet(parquet) => {
                let staged = self.dir.stage(&input.relative_path)?;
                match self.parquet(task, parquet, staged)? {
                    Ok(output) => output,
                    Err(reason) => return Ok(Err(reason)),
                }
            }
            Content::Derived | Content::Skipped { .. } | Content::Failed(_) => Output::None,
        }))
    }

    fn parquet(
        &self,
        task: &Task,
        parquet: &Arc<ParquetFile>,
        staged: Staged,
    ) -> Result<Result<Output, String>, PipelineError> {
        let leaves = parquet.leaves().len();
        let touched: Vec<_> =
            (0..leaves).map(|leaf| self.masking.touches(task, parquet, leaf)).collect();
        let target = staged.target().to_owned();
        let refused = Refusal::default();
        let sink = Watched { sink: staged, refused: Arc::clone(&refused) };
        let scrub = |text: &[u8]| personal_ranges(self.masking.detector, text);
        let schema = self
            .masking
            .new_names(task, parquet)
            .and_then(|names| Ok((self.masking.new_schema(task, parquet, &names)?, names.done)));
        let (schema, of_names) = match schema {
            Ok(schema) => schema,
            Err(reason) => return Ok(Err(reason)),
        };
        match ParquetWriter::new(sink, Arc::clone(parquet), schema, &touched, &scrub) {
            Ok(writer) => {
                let group = no_chunks(leaves);
                let output = ParquetOutput { writer, target, refused, group, of_names };
                Ok(Ok(Output::Parquet(Box::new(output))))
            }
            Err(error) => parquet_failed(self.masking.detector, &error, &refused, &target).map(Err),
        }
    }

    fn part(&mut self, part: Result<Protected, String>) -> Result<(), PipelineError> {
        let Some(current) = &mut self.current else { return Ok(()) };
        if current.failed.is_some() {
            return Ok(());
        }
        match (part, &mut current.output) {
            (Err(reason), _) => current.fail(reason),
            (Ok(Protected::Text { bytes, done }), Output::Plain(staged)) => {
                self.suspicious_hashes += done.suspicious_hashes;
                current.done.merge(&done);
                staged.write_all(&bytes).map_err(SinkError::io("write", staged.target()))?;
            }
            (Ok(Protected::Column { chunk, done }), Output::Parquet(output)) => {
                self.suspicious_hashes += done.suspicious_hashes;
                current.done.merge(&done);
                if let Some((leaf, chunk)) = chunk {
                    output.group[leaf] = Some(*chunk);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end_group(&mut self) -> Result<(), PipelineError> {
        let detector = self.masking.detector;
        let Some(current) = &mut self.current else { return Ok(()) };
        let Output::Parquet(output) = &mut current.output else { return Ok(()) };
        let leaves = output.group.len();
        let group = std::mem::replace(&mut output.group, no_chunks(leaves));
        if let Err(error) = output.writer.row_group(group) {
            let reason = parquet_failed(detector, &error, &output.refused, &output.target)?;
            current.fail(reason);
        }
        Ok(())
    }

    fn end(&mut self, task: &Task, outcome: Result<(), String>) -> Result<(), PipelineError> {
        let current = self.current.take();
        let (output, done, failed) = match current {
            Some(current) => (current.output, current.done, current.failed),
            None => (Output::None, Done::default(), None),
        };
        let input = &task.file.input;
        let failed = outcome.err().or(failed).or_else(|| self.changed(task));
        let entry = match (failed, &task.file.content) {
            (Some(reason), _) => FileEntry::quarantined(&input.output, input.bytes, reason),
            (None, Content::Failed(reason)) => {
                FileEntry::quarantined(&input.output, input.bytes, reason)
            }
            (None, _) => self.commit(task, output, done)?,
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

    fn commit(
        &self,
        task: &Task,
        output: Output,
        mut done: Done,
    ) -> Result<FileEntry, PipelineError> {
        let input = &task.file.input;
        let without_output = |state, reason: &str| FileEntry {
            reason: Some(reason.to_owned()),
            ..FileEntry::new(&input.output, state, input.bytes)
        };
        let (committed, dropped) = match (output, &task.file.content) {
            (Output::Plain(staged), _) => (staged.commit()?, Vec::new()),
            (Output::Parquet(output), _) => {
                let ParquetOutput { writer, target, refused, of_names, .. } = *output;
                done.merge(&of_names);
                match writer.finish() {
                    Ok((watched, dropped)) => (watched.sink.commit()?, dropped),
                    Err(error) => {
                        let reason =
                            parquet_failed(self.masking.detector, &error, &refused, &target)?;
                        return Ok(FileEntry::quarantined(&input.output, input.bytes, reason));
                    }
                }
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
            (Output::None, _) => {
                return Ok(FileEntry::quarantined(&input.output, input.bytes, "not read"));
            }
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

impl Current {
    /// Gives the output up; what was staged is removed with it.
    fn fail(&mut self, reason: String) {
        self.failed.get_or_insert(reason);
        self.output = Output::None;
    }
}

fn no_chunks(leaves: usize) -> Vec<Option<RewrittenChunk>> {
    (0..leaves).map(|_| None).collect()
}

/// Why a Parquet output failed: the file's own reason, unless it was the sink that refused.
fn parquet_failed(
    detector: &Detector,
    error: &ParquetError,
    refused: &Refusal,
    target: &Path,
) -> Result<String, PipelineError> {
    let refusal = refused.lock().ok().and_then(|mut refused| refused.take());
    match refusal {
        Some(refusal) => Err(PipelineError::Sink(SinkError::io("write", target)(refusal))),
        None => Ok(names::shown(detector, &error.to_string())),
    }
}

/// Where personal data is in a text that travels beside the columns.
fn personal_ranges(detector: &Detector, text: &[u8]) -> Vec<Range<usize>> {
    let (mut in_text, mut found) = (Vec::new(), Vec::new());
    anchors(text, &mut in_text);
    let place = Place::LINE;
    detector.find(text, &in_text, 0, place, &mut Memory::default(), &mut found);
    found.into_iter().map(|candidate| candidate.start..candidate.end).collect()
}
