//! `mask`: survey where verdicts are needed, plan, protect, commit.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::drive::{Event, Reading, Source, Task, drive};
use super::input::{Content, FormatOverrides, Identified};
use super::masking::{Done, Masking, Protected, Unmarked};
use super::names;
use super::outputs::Outputs;
use super::progress::Progress;
use super::proof::Terms;
use super::scan::{count, sources};
use super::survey::Survey;
use super::verify::Against;
use super::{Effort, PipelineError};
use crate::datamap::DataMap;
use crate::datamap::document::{Coverage, KeyRef, MapDocument, NotScanned};
use crate::datamap::finish::{self, Verdicts, verdicts_of_document};
use crate::detect::{Detector, Memory, Place, anchors};
use crate::format::columnar::{ParquetError, ParquetFile, ParquetWriter, RewrittenChunk};
use crate::policy::{Plan, Planner};
use crate::protect::key::RunSecret;
use crate::protect::operator::Protector;
use crate::protect::pseudonym::Digester;
use crate::protect::recognise::TokenShape;
use crate::report::verify::Check;
use crate::rules::{KindId, RuleSet};
use crate::sink::manifest::{self, Regions, Run, SCHEMA};
use crate::sink::{
    FileEntry, FileState, InputStamp, Manifest, OutDir, OutDirOptions, SinkError, Staged,
};
use crate::source::{FileIdentity, InputFile};

/// What a protection works with.
pub struct Mask<'a> {
    /// Rules and regions.
    pub detector: &'a Detector,
    /// Makes the digests that the survey counts distinct values by.
    pub digester: &'a Digester,
    /// What is a token already.
    pub tokens: &'a TokenShape,
    /// Applies operators.
    pub protector: &'a Protector,
    /// The domain, where a key was given.
    pub domain: Option<String>,
    /// The key of the pseudonyms.
    pub key: Option<KeyRef>,
    /// SHA-256 of the policy.
    pub policy_digest: Option<String>,
    /// Whether files of an unknown format are left out on purpose.
    pub skips_unsupported: bool,
    /// What the user says about formats.
    pub overrides: FormatOverrides,
    /// Threads and chunks.
    pub effort: Effort,
    /// Whether a bar is shown.
    pub progress: bool,
    /// Set when somebody interrupts.
    pub cancelled: &'a AtomicBool,
    /// RFC 3339.
    pub started: String,
}

/// A plan, and what it was made from.
pub struct Planned {
    /// What happens to each field.
    pub plan: Plan,
    /// The survey, where one was made.
    pub counts: Option<DataMap>,
    /// Files that the survey could not read to the end, with the reason: what they hold was not
    /// weighed, so they are quarantined even if they can be read now.
    pub failed: HashMap<String, String>,
    /// The files as they were before the survey. What the survey saw nothing in is not looked at again,
    /// so a file that has changed since is quarantined. With an earlier map, those that are still the
    /// ones that it was made of.
    pub surveyed: HashMap<String, FileIdentity>,
}

/// What the map of an earlier scan says.
#[derive(Debug, Default)]
pub struct Known {
    /// Of each field.
    pub verdicts: Verdicts,
    /// The stamps of the files that were scanned.
    pub surveyed: BTreeSet<String>,
}

impl Known {
    /// What `map` says in terms of `rules`.
    #[must_use]
    pub fn of(map: MapDocument, rules: &RuleSet) -> Self {
        Self { verdicts: verdicts_of_document(&map, rules), surveyed: map.run.surveyed }
    }
}

/// What a protection did.
#[derive(Debug)]
pub struct Masked {
    /// What became of each input.
    pub files: Vec<FileEntry>,
    /// An input was quarantined.
    pub incomplete: bool,
    /// Values that look like hashes and were hashed: the input may have been protected before.
    pub suspicious_hashes: u64,
    /// Files that an earlier, unfinished run had done.
    pub reused: usize,
    /// The seal of the manifest.
    pub seal: String,
}

impl Mask<'_> {
    /// Makes the plan for `files`: from what is `known`, else from a survey, and checks it.
    ///
    /// # Errors
    /// [`PipelineError`], all of it before anything is written.
    pub fn plan(
        &self,
        files: &[InputFile],
        planner: Planner,
        known: Option<Known>,
    ) -> Result<Planned, PipelineError> {
        let min_confidence = planner.min_confidence();
        let identities =
            files.iter().filter_map(|file| Some((file, FileIdentity::of(&file.path).ok()?)));
        let named = |(file, identity): (&InputFile, _)| (file.relative.clone(), identity);
        let surveyed;
        let (verdicts, counts, failed) = match known {
            Some(known) => {
                let terms = self.terms(&planner);
                let is_same = |(file, identity): &(&InputFile, FileIdentity)| {
                    known.surveyed.contains(&terms.stamp(file, identity))
                };
                surveyed = identities.filter(is_same).map(named).collect();
                (known.verdicts, None, HashMap::new())
            }
            None => {
                surveyed = identities.map(named).collect();
                let (counts, failed) = self.survey(files, &planner)?;
                (finish::verdicts(&counts, self.rules(), min_confidence), Some(counts), failed)
            }
        };
        planner.check(&verdicts)?;
        let names: Vec<_> = files.iter().map(|file| file.relative.as_str()).collect();
        Ok(Planned { plan: self.framed(planner, verdicts, &names), counts, failed, surveyed })
    }

    /// The plan of a stream, which is not surveyed.
    #[must_use]
    pub fn stream_plan(&self, planner: Planner, known: Verdicts) -> Plan {
        self.framed(planner, known, &[])
    }

    /// The plan with everything in its digest that decides what is written.
    fn framed(&self, planner: Planner, verdicts: Verdicts, names: &[&str]) -> Plan {
        let regions: Vec<_> = self.detector.regions().iter().map(ToString::to_string).collect();
        let regions = regions.join(",");
        let key = self.key.as_ref().map(|key| format!("{} {}", key.epoch, key.id));
        let overrides = format!("{:?}", self.overrides);
        let mut frame = vec![
            env!("CARGO_PKG_VERSION"),
            self.domain.as_deref().unwrap_or(""),
            key.as_deref().unwrap_or(""),
            self.policy_digest.as_deref().unwrap_or(""),
            regions.as_str(),
            overrides.as_str(),
        ];
        frame.extend(names);
        Plan::new(planner, verdicts, &frame)
    }

    fn rules(&self) -> &RuleSet {
        self.detector.rules()
    }

    fn reading(&self) -> Reading<'_> {
        Reading { overrides: self.overrides, detector: self.detector }
    }

    fn survey(
        &self,
        files: &[InputFile],
        planner: &Planner,
    ) -> Result<(DataMap, HashMap<String, String>), PipelineError> {
        let survey = Survey {
            detector: self.detector,
            digester: self.digester,
            tokens: self.tokens,
            fields_only: !planner.asserts(),
            profiled: false,
            for_surrogates: planner.uses_surrogates(),
        };
        let total = files.iter().map(|file| file.bytes).sum();
        let progress = Progress::new("surveying", total, self.progress);
        let (counts, ledger) = count(
            &survey,
            None,
            sources(files),
            self.effort,
            self.reading(),
            &progress,
            self.cancelled,
        )?;
        progress.finish();
        Ok((counts, ledger.failed()))
    }

    /// Protects `files` into the directory `out`, with a manifest.
    ///
    /// # Errors
    /// [`PipelineError`]; an input that cannot be read is quarantined instead.
    pub fn run(
        &self,
        files: &[InputFile],
        planned: &Planned,
        out: &Path,
        guarded: &[PathBuf],
        overwrite: bool,
    ) -> Result<Masked, PipelineError> {
        let clock = Instant::now();
        let plan = &planned.plan;
        let secret = plan.planner.uses_runs().then(RunSecret::generate).transpose()?;
        let options = OutDirOptions {
            plan_digest: &plan.digest,
            started: &self.started,
            overwrite,
            secret: secret.as_ref().map(RunSecret::expose),
        };
        let dir = OutDir::prepare(out, guarded, options)?;
        if let Some(secret) = dir.secret() {
            self.protector.begin_run(&RunSecret::from_bytes(&secret))?;
        }
        let unmarked = self.unmarked_before(files, &planned.plan.planner);
        let masking = self.masking(planned, &unmarked);
        let Outputs { files, renamed } =
            Outputs::of(&masking, files).map_err(PipelineError::Name)?;
        let mut left = Vec::new();
        let mut stamps = Vec::new();
        let mut entries = Vec::new();
        for file in &files {
            // Before the file is read, so that a change while it is read shows.
            let stamp = InputStamp::of(&file.path).ok();
            let done = stamp.map(|stamp| dir.reuse(file, stamp)).transpose()?.flatten();
            match done {
                Some(entry) => entries.push(entry),
                None => {
                    left.push(file.clone());
                    stamps.push(stamp);
                }
            }
        }
        let reused = entries.len();
        let total = left.iter().map(|file| file.bytes).sum();
        let progress = Progress::new("masking", total, self.progress);
        let mut writer = Writer {
            dir: &dir,
            masking: &masking,
            skips_unsupported: self.skips_unsupported,
            failed: &planned.failed,
            stamps: &stamps,
            entries: &mut entries,
            current: None,
            suspicious_hashes: 0,
        };
        drive(
            self.effort,
            sources(&left),
            self.reading(),
            &masking,
            &progress,
            self.cancelled,
            |event| writer.take(event),
        )
        .map_err(PipelineError::from_stop)?;
        let suspicious_hashes = writer.suspicious_hashes;
        progress.finish();
        for (place, renamed) in &renamed {
            let of_file = |entry: &&mut FileEntry| entry.file == files[*place].output;
            if let Some(entry) = entries.iter_mut().find(of_file) {
                entry.input = Some(*place as u64);
                add_counts(entry, &renamed.done, self.rules());
            }
        }
        entries.sort_by(|a, b| a.file.cmp(&b.file));
        let coverage = coverage(&entries);
        let incomplete = entries.iter().any(|entry| entry.state == FileState::Quarantined);
        let seal = dir.finish(Manifest {
            schema: SCHEMA.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            run: Run {
                started: self.started.clone(),
                seconds: clock.elapsed().as_secs_f64(),
                threads: self.effort.threads,
            },
            plan_digest: plan.digest.clone(),
            rules_digest: self.rules().digest.clone(),
            policy_digest: self.policy_digest.clone(),
            terms: Some(self.terms(&plan.planner).digest()),
            domain: self.domain.clone(),
            key: self.key.clone(),
            regions: Regions {
                given: self.detector.regions().iter().map(ToString::to_string).collect(),
                used: plan.inferred_regions(),
            },
            coverage,
            files: entries.clone(),
            verifications: Vec::new(),
            chain: None,
        })?;
        Ok(Masked { files: entries, incomplete, suspicious_hashes, reused, seal })
    }

    /// Holds the output `out` against `files`, which it was made of: masks them again, in memory and
    /// with the key of this, and compares; what comes of it is behind the checks made `before`.
    /// `is_exact` says that the key is that of the output.
    ///
    /// # Errors
    /// [`PipelineError`] where the output cannot be read.
    pub fn verify(
        &self,
        files: &[InputFile],
        planned: &Planned,
        out: &Path,
        manifest: &Manifest,
        is_exact: bool,
        before: Vec<Check>,
    ) -> Result<Vec<Check>, PipelineError> {
        let unmarked = self.unmarked_before(files, &planned.plan.planner);
        let masking = self.masking(planned, &unmarked);
        let total = files.iter().map(|file| file.bytes).sum();
        let progress = Progress::new("comparing", total, self.progress);
        let against = Against { masking: &masking, out, manifest, is_exact };
        let checks =
            against.run(files, before, self.effort, self.reading(), &progress, self.cancelled)?;
        progress.finish();
        Ok(checks)
    }

    /// The job of protecting what was planned.
    fn masking<'m>(
        &'m self,
        planned: &'m Planned,
        unmarked: &'m HashMap<String, Unmarked>,
    ) -> Masking<'m> {
        Masking {
            detector: self.detector,
            tokens: self.tokens,
            plan: &planned.plan,
            protector: self.protector,
            is_own_survey: planned.counts.is_some(),
            surveyed: &planned.surveyed,
            unmarked,
        }
    }

    /// What decides what a run with this planner sees.
    fn terms(&self, planner: &Planner) -> Terms {
        Terms::new(self.detector, planner.min_confidence(), self.overrides)
    }

    /// What earlier runs did in which of the inputs that leaves no mark of its own, as their manifests
    /// say. It is believed of a file that is still the one that was written, by a run under the same policy
    /// that saw what this one sees: anything else is protected as if nobody had.
    fn unmarked_before(&self, files: &[InputFile], planner: &Planner) -> HashMap<String, Unmarked> {
        let terms = Some(self.terms(planner).digest());
        let mut entries: BTreeMap<&Path, HashMap<String, FileEntry>> = BTreeMap::new();
        let mut unmarked = HashMap::new();
        for file in files {
            let entries = entries.entry(&file.root).or_insert_with(|| {
                let manifest = manifest::read(&file.root).ok().flatten();
                let agrees =
                    |it: &Manifest| it.terms == terms && it.policy_digest == self.policy_digest;
                let entries = manifest.filter(agrees).into_iter().flat_map(|it| it.files);
                entries.map(|entry| (entry.file.clone(), entry)).collect()
            });
            let entry = entries.get(&file.output);
            if let Some(done) = entry.and_then(|entry| Unmarked::of(entry, file, self.rules())) {
                unmarked.insert(file.relative.clone(), done);
            }
        }
        unmarked
    }

    /// Protects a stream.
    ///
    /// # Errors
    /// [`PipelineError`]; what was written before is protected.
    pub fn filter(
        &self,
        stream: Identified,
        reader: Box<dyn io::Read + Send>,
        plan: &Plan,
        out: &mut dyn Write,
    ) -> Result<(), PipelineError> {
        if plan.planner.uses_runs() {
            self.protector.begin_run(&RunSecret::generate()?)?;
        }
        let (unmarked, surveyed) = (HashMap::new(), HashMap::new());
        let masking = Masking {
            detector: self.detector,
            tokens: self.tokens,
            plan,
            protector: self.protector,
            is_own_survey: false,
            surveyed: &surveyed,
            unmarked: &unmarked,
        };
        let out = Mutex::new(out);
        let consume = |event: Event<Protected>| -> Result<(), PipelineError> {
            match event {
                Event::Part(Ok(Protected::Text { bytes, .. })) => {
                    let mut out = out.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    out.write_all(&bytes).map_err(PipelineError::Output)
                }
                Event::Part(Err(reason)) | Event::End(_, Err(reason)) => {
                    Err(PipelineError::Stream(reason))
                }
                _ => Ok(()),
            }
        };
        drive(
            self.effort,
            vec![Source::Stream(stream, reader)],
            self.reading(),
            &masking,
            &Progress::hidden(),
            self.cancelled,
            consume,
        )
        .map_err(PipelineError::from_stop)?;
        let out = out.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        out.flush().map_err(PipelineError::Output)
    }
}

/// The coverage ledger of a finished protection.
fn coverage(entries: &[FileEntry]) -> Coverage {
    let mut coverage = Coverage::default();
    for entry in entries {
        coverage.files += 1;
        coverage.bytes += entry.bytes_in;
        let state = match entry.state {
            FileState::Protected | FileState::Copied => {
                coverage.scanned += entry.bytes_in;
                continue;
            }
            FileState::Quarantined => {
                coverage.failed += entry.bytes_in;
                "failed"
            }
            FileState::Skipped | FileState::Derived => {
                coverage.skipped += entry.bytes_in;
                "skipped"
            }
        };
        coverage.not_scanned.push(NotScanned {
            file: entry.file.clone(),
            bytes: entry.bytes_in,
            state: state.to_owned(),
            reason: entry.reason.clone().unwrap_or_default(),
        });
    }
    coverage.not_scanned.sort();
    coverage
}

/// Takes what the workers made, in order, and commits it file by file.
struct Writer<'a> {
    dir: &'a OutDir,
    masking: &'a Masking<'a>,
    skips_unsupported: bool,
    failed: &'a HashMap<String, String>,
    stamps: &'a [Option<InputStamp>],
    entries: &'a mut Vec<FileEntry>,
    current: Option<Current>,
    suspicious_hashes: u64,
}

/// The output that is being written.
struct Current {
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
    fn take(&mut self, event: Event<Protected>) -> Result<(), PipelineError> {
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
fn add_counts(entry: &mut FileEntry, done: &Done, rules: &RuleSet) {
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
