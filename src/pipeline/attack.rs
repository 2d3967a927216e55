//! `attack`: gathers opaque values, then tries what they could be made of until time is up.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::drive::{Events, Reading, drive};
use super::gather::{Gather, Gathered};
use super::input::FormatOverrides;
use super::ledger::Ledger;
use super::progress::Progress;
use super::scan::sources;
use super::{Effort, PipelineError};
use crate::attack::document::AttackDocument;
use crate::attack::{Attack, Choice, Found};
use crate::detect::Detector;
use crate::protect::recognise::TokenShape;
use crate::source::InputFile;

/// What an attack works with.
pub struct Assault<'a> {
    /// Masks names of fields.
    pub detector: &'a Detector,
    /// What is a token of loup.
    pub tokens: &'a TokenShape,
    /// What is tried.
    pub choice: Choice,
    /// With these before and behind the values, too.
    pub salts: Vec<Vec<u8>>,
    /// For how long.
    pub budget: Duration,
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

/// What it came to.
pub struct Assaulted {
    /// The result.
    pub document: AttackDocument,
    /// Something was not looked at.
    pub incomplete: bool,
}

/// After so long it is asked anew which arm is the best.
const TURN: Duration = Duration::from_millis(500);

/// The part of the budget that may go into a first look at every arm.
const FOR_SAMPLES: u32 = 4;

impl Assault<'_> {
    /// Attacks the values of `files`.
    ///
    /// # Errors
    /// [`PipelineError`]; a file that cannot be read is in the ledger instead.
    pub fn run(self, files: &[InputFile]) -> Result<Assaulted, PipelineError> {
        let reading = Instant::now();
        let (workers, ledger) = self.gather(files)?;
        let fields = Gathered::finish(workers);
        let reading_seconds = reading.elapsed().as_secs_f64();
        let mut attack = Attack::new(fields, &self.choice, &self.salts);
        let searching = Instant::now();
        self.search(&mut attack, searching);
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(PipelineError::Interrupted);
        }
        let (coverage, incomplete) = ledger.finish();
        let document = AttackDocument {
            format: "loup.attack/1",
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started: self.started,
            reading_seconds,
            searching_seconds: searching.elapsed().as_secs_f64(),
            budget_seconds: self.budget.as_secs_f64(),
            is_cut_short: attack.is_cut_short(),
            threads: self.effort.threads,
            tried: attack.tried(),
            fields: attack.report(),
            coverage,
        };
        Ok(Assaulted { document, incomplete })
    }

    fn gather(&self, files: &[InputFile]) -> Result<(Vec<Gathered>, Ledger), PipelineError> {
        let gather = Gather { detector: self.detector, tokens: self.tokens };
        let total = files.iter().map(|file| file.bytes).sum();
        let progress = Progress::new("reading", total, self.progress);
        let mut ledger = Ledger::default();
        let reading = Reading { overrides: self.overrides, detector: self.detector };
        let follow = |events: &mut Events<'_, ()>| {
            events.for_each(|event| drop(ledger.follow(event)));
            Ok(())
        };
        let workers = drive(
            self.effort,
            sources(files),
            reading,
            &gather,
            &progress,
            self.cancelled,
            follow,
        )?;
        progress.finish();
        Ok((workers, ledger))
    }

    /// A little of every arm, then the best one, again and again.
    fn search(&self, attack: &mut Attack, start: Instant) {
        let deadline = start + self.budget;
        let samples = start + self.budget / FOR_SAMPLES;
        for arm in attack.order() {
            if attack.is_useful(arm) {
                let units = attack.sample_units(arm);
                self.turn(attack, arm, units, samples);
            }
            if self.is_over(samples) {
                break;
            }
        }
        while !self.is_over(deadline) {
            let Some(&arm) = attack.order().first() else { break };
            self.turn(attack, arm, u64::MAX, deadline.min(Instant::now() + TURN));
        }
    }

    fn is_over(&self, deadline: Instant) -> bool {
        Instant::now() >= deadline || self.cancelled.load(Ordering::Relaxed)
    }

    /// Tries the next units of an arm on all threads, so many of them at most and none that would begin
    /// behind the deadline.
    fn turn(&self, attack: &mut Attack, arm: usize, units: u64, deadline: Instant) {
        let start = Instant::now();
        let units = units.min(attack.units_left(arm));
        let next = AtomicU64::new(0);
        let shared = &*attack;
        let work = || {
            let mut found = Found::default();
            while !self.is_over(deadline) {
                let unit = next.fetch_add(1, Ordering::Relaxed);
                if unit >= units {
                    break;
                }
                shared.search(arm, unit, &mut found);
                found.units += 1;
            }
            found
        };
        let mut found = Found::default();
        thread::scope(|scope| {
            let more = units.min(self.effort.threads as u64).saturating_sub(1);
            let workers: Vec<_> = (0..more).map(|_| scope.spawn(work)).collect();
            found.merge(work());
            for worker in workers {
                let of_worker = worker.join();
                found.merge(of_worker.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
        });
        attack.enter(arm, found, start.elapsed().as_secs_f64());
    }
}
