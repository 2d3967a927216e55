//! Where the time of a scan went: what each worker has counted, put together.
//!
//! Kept only where a profile is asked for. A chunk, or a column of a row group, is timed as a whole;
//! of its values, a sample (see [`probe`](crate::detect::probe)).

use std::cell::Cell;
use std::time::Instant;

use crate::detect::probe::{Clock, Meter, Probe};
use crate::report::profile::{OfRule, Profile, Shared, Stages};
use crate::rules::RuleSet;

/// The time of the units of one code path, in nanoseconds.
#[derive(Debug, Default)]
pub(super) struct Work {
    clock: Clock,
    /// From their start to their end.
    units: Cell<u64>,
    /// Cutting into cells, and finding their fields.
    cells: Cell<u64>,
    /// What the samples of a unit cost when it ends.
    settling: Cell<u64>,
    observing: Meter,
}

impl Work {
    /// Starts a unit.
    pub(super) fn start(&self) -> UnitOfWork<'_> {
        UnitOfWork { work: self, watch: Stopwatch::start() }
    }

    fn merge(&self, other: &Self) {
        add(&self.units, other.units.get());
        add(&self.cells, other.cells.get());
        add(&self.settling, other.settling.get());
        self.observing.merge(&other.observing);
    }

    /// Where the time went, but for reading and finishing, and what is left. What samples tell is
    /// made smaller where it would be more than the rest.
    fn stages(&self, probe: &Probe) -> (Stages, u64) {
        let (cells, candidates) = (self.cells.get(), probe.anchor_nanos());
        let timed = cells + candidates + self.settling.get();
        let sampled = [probe.texts().nanos(), self.observing.nanos()];
        let (sum, left) = (sampled.iter().sum(), self.units.get().saturating_sub(timed));
        let [detection, observing] = sampled.map(|nanos| nanos.min(part(nanos, left, sum)));
        let observing = observing + self.settling.get();
        let left = left.saturating_sub(sum);
        (Stages { cells, candidates, detection, observing, ..Stages::default() }, left)
    }
}

/// A unit that a worker is at.
pub(super) struct UnitOfWork<'a> {
    work: &'a Work,
    watch: Stopwatch,
}

impl UnitOfWork<'_> {
    /// The cells are known.
    pub(super) fn count_cells(&self) {
        add(&self.work.cells, self.watch.nanos());
    }

    /// For [`metered`](crate::detect::probe::metered): the counting of a value.
    pub(super) fn of_observing(&self) -> (&Meter, Clock) {
        (&self.work.observing, self.work.clock)
    }

    /// The unit is over; its samples were looked at since `settling`.
    pub(super) fn end(self, settling: &Stopwatch) {
        add(&self.work.settling, settling.nanos());
        add(&self.work.units, self.watch.nanos());
    }
}

/// Measures the time that goes by, without that in which this thread waits for a CPU, as far as the
/// system tells it. A look takes some microseconds: for units of work, not for values.
pub(super) struct Stopwatch {
    started: Instant,
    waited: u64,
}

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self { waited: waited_nanos(), started: Instant::now() }
    }

    /// Nanoseconds since the start.
    pub(super) fn nanos(&self) -> u64 {
        let passed = u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        passed.saturating_sub(waited_nanos().saturating_sub(self.waited))
    }
}

/// Nanoseconds that this thread has waited for a CPU so far: the second number of `schedstat` of
/// Linux, whose first, the time on a CPU, is some milliseconds late.
fn waited_nanos() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_ascii_whitespace().nth(1).and_then(|waited| waited.parse().ok()).unwrap_or(0)
}

/// The part of `whole` that `nanos` are of `sum`.
fn part(nanos: u64, whole: u64, sum: u64) -> u64 {
    let part = (u128::from(nanos) * u128::from(whole)).checked_div(sum.into());
    u64::try_from(part.unwrap_or(0)).unwrap_or(u64::MAX)
}

fn add(sum: &Cell<u64>, more: u64) {
    sum.set(sum.get() + more);
}

/// What one worker has counted of text and of columns.
pub(super) type Worked<'a> = [(&'a Work, &'a Probe); 2];

/// What is known of a scan beside its workers.
pub(super) struct Run<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) bytes: u64,
    pub(super) records: u64,
    pub(super) threads: usize,
    /// Nanoseconds.
    pub(super) reading: u64,
    pub(super) finishing: u64,
    /// By place of the rule, and those of no rule.
    pub(super) findings: (Vec<u64>, u64),
}

/// Puts together what the workers have counted.
pub(super) fn profile<'a>(
    run: Run<'_>,
    mut workers: impl Iterator<Item = Worked<'a>>,
) -> Option<Profile> {
    let first = workers.next()?;
    for other in workers {
        for ((work, probe), (other_work, other_probe)) in first.iter().zip(other) {
            work.merge(other_work);
            probe.merge(other_probe);
        }
    }
    let [(text, in_text), (columns, in_columns)] = first;
    let (of_text, other) = text.stages(in_text);
    let (of_columns, paging) = columns.stages(in_columns);
    let read =
        Stages { read: run.reading + paging, finishing: run.finishing, other, ..Stages::default() };
    let stages = read.plus(&of_text).plus(&of_columns);
    let values = text.observing.calls() + columns.observing.calls();
    in_text.merge(in_columns);
    let (findings, by_column) = run.findings;
    let rules = run.rules.rule_ids().zip(findings).map(|(id, findings)| {
        let meter = in_text.rule(id);
        OfRule {
            rule: run.rules.rule(id).id.clone(),
            asked: meter.calls(),
            validated: meter.answers(),
            findings,
            nanos: meter.nanos(),
        }
    });
    Some(Profile {
        bytes: run.bytes,
        records: run.records,
        threads: run.threads,
        values,
        texts: in_text.texts().calls(),
        anchors: in_text.anchors(),
        rules: rules.collect(),
        shared: [("all patterns at once", in_text.patterns()), ("words around", in_text.words())]
            .map(|(what, meter)| Shared { what, asked: meter.calls(), nanos: meter.nanos() }),
        by_column,
        stages,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Memory;

    fn work(units: u64, cells: u64) -> Work {
        let work = Work::default();
        work.units.set(units);
        work.cells.set(cells);
        work
    }

    #[test]
    fn what_the_workers_counted_adds_up() {
        let rules = RuleSet::builtin();
        let memories: Vec<_> = (0..4).map(|_| Memory::probing(&rules)).collect();
        let probes: Vec<_> = memories.iter().map(|memory| memory.probe().unwrap()).collect();
        let (one, other, none) = (work(500, 100), work(700, 50), work(30, 0));
        let workers = [
            [(&one, probes[0]), (&none, probes[1])],
            [(&other, probes[2]), (&work(20, 0), probes[3])],
        ];
        let findings = (vec![0; rules.rules.len()], 7);
        let run = Run {
            rules: &rules,
            bytes: 9,
            records: 3,
            threads: 2,
            reading: 40,
            finishing: 5,
            findings,
        };
        let profile = profile(run, workers.into_iter()).unwrap();
        let expected =
            Stages { read: 90, cells: 150, other: 1050, finishing: 5, ..Stages::default() };
        assert_eq!(profile.stages, expected);
        assert_eq!((profile.bytes, profile.by_column), (9, 7));
        assert_eq!(profile.rules.len(), rules.rules.len());
    }

    #[test]
    fn samples_take_what_there_is() {
        let sampled = [(300, 200), (0, 0), (40, 500)]
            .map(|(nanos, left)| nanos.min(part(nanos, left, nanos)));
        assert_eq!(sampled, [200, 0, 40]);
    }
}
