//! `scan`: survey, verdicts, the finished map, and the findings in a second pass.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::drive::{Event, Events, Reading, Source, drive};
use super::input::FormatOverrides;
use super::ledger::{Ledger, count_file};
use super::listing::{Listed, Listing, Location};
use super::profile::{self, Stopwatch};
use super::progress::Progress;
use super::proof::Terms;
use super::survey::{Counted, Survey};
use super::{Effort, PipelineError};
use crate::datamap::DataMap;
use crate::datamap::document::{KeyRef, MapDocument, Run};
use crate::datamap::finish::{self, Frame};
use crate::detect::Detector;
use crate::policy::{Plan, Planner};
use crate::protect::pseudonym::Digester;
use crate::protect::recognise::TokenShape;
use crate::report::profile::Profile;
use crate::source::InputFile;

/// What a scan works with.
pub struct Scan<'a> {
    /// Rules and regions.
    pub detector: &'a Detector,
    /// Makes the digests of values.
    pub digester: &'a Digester,
    /// Which key the digests are made with; none if ephemeral.
    pub key: Option<KeyRef>,
    /// The domain of the key.
    pub domain: Option<String>,
    /// What is a token already.
    pub tokens: &'a TokenShape,
    /// The operators that a plan would use.
    pub planner: Planner,
    /// SHA-256 of the policy.
    pub policy_digest: Option<String>,
    /// What the user says about formats.
    pub overrides: FormatOverrides,
    /// Threads and chunks.
    pub effort: Effort,
    /// Whether a bar is shown.
    pub progress: bool,
    /// Whether a profile is kept.
    pub profiled: bool,
    /// Set when somebody interrupts.
    pub cancelled: &'a AtomicBool,
    /// RFC 3339.
    pub started: String,
}

/// What a scan found.
pub struct Scanned {
    /// The finished map.
    pub map: MapDocument,
    /// The counts it was made of: what merges.
    pub counts: DataMap,
    /// Something was not looked at.
    pub incomplete: bool,
    /// The reasons for the findings at each location asked for, empty where none is there.
    pub explained: Vec<String>,
    /// What it cost, where a profile was kept; not of the listing.
    pub profile: Option<Profile>,
}

impl Scan<'_> {
    /// Scans `files`; with `findings`, lists every finding there as NDJSON; gives reasons for those
    /// at the places that are `asked` for. Files go by the names they have: [`hide`](super::hide) shows them
    /// without what is personal data in those.
    ///
    /// # Errors
    /// [`PipelineError`]; a file that cannot be read is in the ledger instead.
    pub fn run(
        self,
        files: &[InputFile],
        findings: Option<&mut dyn Write>,
        asked: &[Location],
    ) -> Result<Scanned, PipelineError> {
        let clock = Instant::now();
        let total = files.iter().map(|file| file.bytes).sum();
        let progress = Progress::new("scanning", total, self.progress).timing(self.profiled);
        let (counts, ledger, workers) = self.survey(files, &progress)?;
        progress.finish();
        let finishing = Stopwatch::start();
        let (coverage, incomplete) = ledger.finish();
        let min_confidence = self.planner.min_confidence();
        let rules = self.detector.rules();
        let operator =
            |dataset: &str, path: &str, kind| self.planner.treatment(dataset, path, kind).operator;
        let map = finish::finish(
            &counts,
            Frame {
                rules,
                run: Run {
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    started: self.started.clone(),
                    seconds: clock.elapsed().as_secs_f64(),
                    threads: self.effort.threads,
                    digest_key: if self.key.is_some() { "keyed" } else { "ephemeral" }.to_owned(),
                    surveyed: BTreeSet::new(),
                },
                policy_digest: self.policy_digest.clone(),
                domain: self.domain.clone(),
                key: self.key.clone(),
                regions: self.detector.regions(),
                min_confidence,
                coverage,
                operator: &operator,
            },
        );
        let profile = self.profiled.then(|| {
            let run = profile::Run {
                rules,
                bytes: map.coverage.scanned,
                records: map.datasets.iter().map(|dataset| dataset.records).sum(),
                threads: self.effort.threads,
                reading: progress.reading_nanos(),
                finishing: finishing.nanos(),
                findings: finish::findings_of_rules(&counts, rules, min_confidence),
            };
            profile::profile(run, workers.iter().filter_map(Counted::worked))
        });
        let mut explained = Vec::new();
        if findings.is_some() || !asked.is_empty() {
            let verdicts = finish::verdicts(&counts, rules, min_confidence);
            let (detector, digester, tokens) = (self.detector, self.digester, self.tokens);
            let (effort, overrides, cancelled) = (self.effort, self.overrides, self.cancelled);
            let progress = Progress::new("listing", total, self.progress);
            let plan = Plan::new(self.planner, verdicts, &[]);
            let reading = Reading { overrides, detector };
            let list = |asked, files: &[InputFile], out: &mut dyn Write| {
                let listing = Listing { detector, digester, tokens, plan: &plan, asked };
                list(&listing, files, effort, reading, &progress, cancelled, out)
            };
            if let Some(out) = findings {
                list(None, files, out)?;
            }
            for location in asked {
                let is_in = |file: &&InputFile| file.relative == location.file;
                let files: Vec<_> = files.iter().filter(is_in).cloned().collect();
                let mut text = Vec::new();
                list(Some(location), &files, &mut text)?;
                explained.push(String::from_utf8_lossy(&text).into_owned());
            }
            progress.finish();
        }
        let profile = profile.flatten();
        Ok(Scanned { map, counts, incomplete, explained, profile })
    }

    fn survey(
        &self,
        files: &[InputFile],
        progress: &Progress,
    ) -> Result<(DataMap, Ledger, Vec<Counted>), PipelineError> {
        let survey = Survey {
            detector: self.detector,
            digester: self.digester,
            tokens: self.tokens,
            fields_only: false,
            profiled: self.profiled,
            for_surrogates: false,
        };
        let reading = Reading { overrides: self.overrides, detector: self.detector };
        let terms = Terms::new(self.detector, self.planner.min_confidence(), self.overrides);
        let (effort, cancelled) = (self.effort, self.cancelled);
        run(&survey, Some(&terms), sources(files), effort, reading, progress, cancelled)
    }
}

/// Runs a survey over `files` and adds up what the workers counted; under `terms`, files that were
/// read to their ends are stamped.
pub(super) fn count(
    survey: &Survey<'_>,
    terms: Option<&Terms>,
    files: Vec<Source>,
    effort: Effort,
    reading: Reading<'_>,
    progress: &Progress,
    cancelled: &AtomicBool,
) -> Result<(DataMap, Ledger), PipelineError> {
    let (map, ledger, _) = run(survey, terms, files, effort, reading, progress, cancelled)?;
    Ok((map, ledger))
}

/// The same, with what is left of the workers when their counts are added up.
fn run(
    survey: &Survey<'_>,
    terms: Option<&Terms>,
    files: Vec<Source>,
    effort: Effort,
    reading: Reading<'_>,
    progress: &Progress,
    cancelled: &AtomicBool,
) -> Result<(DataMap, Ledger, Vec<Counted>), PipelineError> {
    let mut map = DataMap::default();
    let mut ledger = Ledger::default();
    let follow = |events: &mut Events<'_, ()>| {
        for (task, outcome) in events.filter_map(|event| ledger.follow(event)) {
            if let (Ok(()), Some(terms)) = (&outcome, terms) {
                map.surveyed.extend(terms.stamp_of(&task));
            }
            count_file(&mut map, &task, 0);
            if outcome.is_ok() {
                survey.observe_names(&mut map, &task.file);
            }
        }
        Ok(())
    };
    let mut workers = drive(effort, files, reading, survey, progress, cancelled, follow)?;
    for worker in &mut workers {
        map.merge(std::mem::take(&mut worker.map));
    }
    Ok((map, ledger, workers))
}

pub(super) fn sources(files: &[InputFile]) -> Vec<Source> {
    files.iter().cloned().map(Source::File).collect()
}

fn list(
    listing: &Listing<'_>,
    files: &[InputFile],
    effort: Effort,
    reading: Reading<'_>,
    progress: &Progress,
    cancelled: &AtomicBool,
    out: &mut dyn Write,
) -> Result<(), PipelineError> {
    let mut group: Vec<Listed> = Vec::new();
    let mut is_grouped = false;
    let mut put = |event| match event {
        Event::Begin(task) => {
            is_grouped = matches!(task.file.content, super::input::Content::Parquet(_));
            out.write_all(&listing.names(&task).lines)
        }
        Event::Part(Ok(listed)) if is_grouped => {
            group.push(listed);
            Ok(())
        }
        Event::Part(Ok(listed)) => out.write_all(&listed.lines),
        Event::GroupEnd => write_group(&std::mem::take(&mut group), out),
        // The survey has put it into the ledger.
        Event::Part(Err(_)) | Event::End(..) => Ok(()),
    };
    let put = |events: &mut Events<'_, Listed>| {
        for event in events {
            put(event).map_err(PipelineError::Findings)?;
        }
        Ok(())
    };
    drive(effort, sources(files), reading, listing, progress, cancelled, put)?;
    out.flush().map_err(PipelineError::Findings)
}

/// Writes the findings of a row group by record, then by leaf.
fn write_group(parts: &[Listed], out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::new();
    for part in parts {
        let mut start = 0;
        for (record, leaf, at, end) in &part.keys {
            lines.push(((*record, *leaf, *at), &part.lines[start..*end]));
            start = *end;
        }
    }
    lines.sort_by_key(|(key, _)| *key);
    lines.iter().try_for_each(|(_, line)| out.write_all(line))
}
