//! `mask`: survey where verdicts are needed, plan, protect, commit.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

mod writer;

use self::writer::{Writer, add_counts};
use super::drive::{Event, Events, Reading, Source, drive};
use super::input::{FormatOverrides, Identified};
use super::masking::{Masking, Protected, Unmarked};
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
use crate::detect::Detector;
use crate::policy::{Plan, Planner};
use crate::protect::key::RunSecret;
use crate::protect::operator::Protector;
use crate::protect::pseudonym::Digester;
use crate::protect::recognise::TokenShape;
use crate::report::verify::Check;
use crate::rules::RuleSet;
use crate::sink::manifest::{self, Regions, Run, SCHEMA};
use crate::sink::{FileEntry, FileState, InputStamp, Manifest, OutDir, OutDirOptions};
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
    /// Makes the plan for `files`: from what is `known`, else from a survey, and checks it. Messages and
    /// plans name files as [`hide`](super::hide) shows them; their outputs are protected either way.
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
            suspicious_hashes: 0,
        };
        drive(
            self.effort,
            sources(&left),
            self.reading(),
            &masking,
            &progress,
            self.cancelled,
            |events| writer.write(events),
        )
        .map_err(|error| match error {
            PipelineError::Interrupted => PipelineError::Unfinished,
            error => error,
        })?;
        let suspicious_hashes = writer.suspicious_hashes;
        progress.finish();
        entries.sort_by(|a, b| a.file.cmp(&b.file));
        for (place, renamed) in &renamed {
            let output = &files[*place].output;
            if let Ok(at) = entries.binary_search_by(|entry| entry.file.cmp(output)) {
                entries[at].input = Some(*place as u64);
                add_counts(&mut entries[at], &renamed.done, self.rules());
            }
        }
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
        let put = |events: &mut Events<'_, Protected>| {
            for event in events {
                match event {
                    Event::Part(Ok(Protected::Text { bytes, .. })) => {
                        out.write_all(&bytes).map_err(PipelineError::Output)?;
                    }
                    Event::Part(Err(reason)) | Event::End(_, Err(reason)) => {
                        return Err(PipelineError::Stream(reason));
                    }
                    _ => {}
                }
            }
            Ok(())
        };
        drive(
            self.effort,
            vec![Source::Stream(stream, reader)],
            self.reading(),
            &masking,
            &Progress::hidden(),
            self.cancelled,
            put,
        )?;
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
