//! Where the time of detection goes: counts and times of one worker, kept only for a profile.
//!
//! A recogniser takes some fifty nanoseconds, a look at the clock some twenty. So every call is
//! counted, the first ones are timed each, since they read tables for the first time, and of the
//! others one in [`EVERY`], which stands for those between. What the clock itself takes is taken
//! off. The clock goes on while a thread waits for its turn, for milliseconds: a call that took so
//! long stands for itself alone, unless there are many.

use std::cell::Cell;
use std::time::Instant;

use crate::rules::{RuleId, RuleSet};

/// So many calls are timed each.
const FIRST: u64 = 16;
/// Of the others, one in so many: a prime, since lines and rows come with periods of their own.
const EVERY: u64 = 61;
/// Calls of so many nanoseconds are long,
const LONG: u64 = 100_000;
/// and stand for others if they are more than one in so many.
const RARE: u64 = 100;

/// Calls of one function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meter {
    calls: Cell<u64>,
    answers: Cell<u64>,
    first: Timed,
    sampled: Timed,
    long: Timed,
}

/// Calls that were timed, and their nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Timed {
    calls: Cell<u64>,
    nanos: Cell<u64>,
}

impl Meter {
    /// Counts a call; the time now, where it is to be timed.
    #[must_use]
    pub fn start(&self) -> Option<Instant> {
        let calls = self.calls.get();
        self.calls.set(calls + 1);
        (calls < FIRST || calls.is_multiple_of(EVERY)).then(Instant::now)
    }

    /// Ends the call that was started last; `is_answer` where it found something.
    pub fn stop(&self, started: Option<Instant>, is_answer: bool, clock: Clock) {
        add(&self.answers, u64::from(is_answer));
        if let Some(started) = started {
            let nanos = clock.since(started);
            let timed = match (self.calls.get() <= FIRST, nanos < LONG) {
                (true, _) => &self.first,
                (false, true) => &self.sampled,
                (false, false) => &self.long,
            };
            add(&timed.calls, 1);
            add(&timed.nanos, nanos);
        }
    }

    /// How often it was called.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.get()
    }

    /// How often it found something.
    #[must_use]
    pub fn answers(&self) -> u64 {
        self.answers.get()
    }

    /// What all calls took, as far as those tell that were timed.
    #[must_use]
    pub fn nanos(&self) -> u64 {
        let [(firsts, first), (samples, sampled), (longs, long)] =
            self.timed().map(|of| (of.calls.get(), of.nanos.get()));
        let others = self.calls.get() - firsts;
        if longs * RARE > samples + longs {
            first + scaled(sampled + long, others, samples + longs)
        } else {
            first + long + scaled(sampled, others - longs, samples)
        }
    }

    fn timed(&self) -> [&Timed; 3] {
        [&self.first, &self.sampled, &self.long]
    }

    /// Adds the calls of another worker.
    pub fn merge(&self, other: &Self) {
        add(&self.calls, other.calls.get());
        add(&self.answers, other.answers.get());
        for (mine, theirs) in self.timed().into_iter().zip(other.timed()) {
            add(&mine.calls, theirs.calls.get());
            add(&mine.nanos, theirs.nanos.get());
        }
    }
}

/// `nanos` of a sample of so many calls, for all `calls`.
fn scaled(nanos: u64, calls: u64, samples: u64) -> u64 {
    let all = (u128::from(nanos) * u128::from(calls)).checked_div(samples.into());
    u64::try_from(all.unwrap_or(0)).unwrap_or(u64::MAX)
}

fn add(sum: &Cell<u64>, more: u64) {
    sum.set(sum.get() + more);
}

/// The clock, with what a look at it takes.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    nanos: u64,
}

impl Clock {
    /// Measures the clock itself.
    #[must_use]
    pub fn new() -> Self {
        const LOOKS: usize = 64;
        let look = || nanos_since(Instant::now());
        Self { nanos: (0..LOOKS).map(|_| look()).min().unwrap_or(0) }
    }

    /// Nanoseconds since `started`.
    #[must_use]
    pub fn since(self, started: Instant) -> u64 {
        nanos_since(started).saturating_sub(self.nanos)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

fn nanos_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// What one worker has asked.
#[derive(Debug)]
pub struct Probe {
    clock: Clock,
    /// The recogniser of each rule.
    rules: Box<[Meter]>,
    /// All patterns at once.
    patterns: Meter,
    /// The words around a place.
    words: Meter,
    /// Texts that were searched.
    texts: Meter,
    anchors: Cell<u64>,
    anchor_nanos: Cell<u64>,
}

impl Probe {
    pub(super) fn new(rules: &RuleSet) -> Self {
        Self {
            clock: Clock::new(),
            rules: vec![Meter::default(); rules.rules.len()].into(),
            patterns: Meter::default(),
            words: Meter::default(),
            texts: Meter::default(),
            anchors: Cell::default(),
            anchor_nanos: Cell::default(),
        }
    }

    /// The calls of the recogniser of `rule`.
    #[must_use]
    pub fn rule(&self, rule: RuleId) -> &Meter {
        &self.rules[usize::from(rule.0)]
    }

    /// The calls of all rules together.
    pub fn rules(&self) -> impl Iterator<Item = &Meter> {
        self.rules.iter()
    }

    /// The searches for all patterns at once.
    #[must_use]
    pub fn patterns(&self) -> &Meter {
        &self.patterns
    }

    /// The readings of the words around a place.
    #[must_use]
    pub fn words(&self) -> &Meter {
        &self.words
    }

    /// The searches of texts.
    #[must_use]
    pub fn texts(&self) -> &Meter {
        &self.texts
    }

    /// Anchors that the candidate pass named.
    #[must_use]
    pub fn anchors(&self) -> u64 {
        self.anchors.get()
    }

    /// Nanoseconds of the candidate pass.
    #[must_use]
    pub fn anchor_nanos(&self) -> u64 {
        self.anchor_nanos.get()
    }

    /// Adds what another worker has asked under the same rules.
    pub fn merge(&self, other: &Self) {
        for (mine, theirs) in self.rules.iter().zip(&other.rules) {
            mine.merge(theirs);
        }
        self.patterns.merge(&other.patterns);
        self.words.merge(&other.words);
        self.texts.merge(&other.texts);
        add(&self.anchors, other.anchors.get());
        add(&self.anchor_nanos, other.anchor_nanos.get());
    }

    /// For [`metered`]: the recogniser of `rule`.
    pub(super) fn of_rule(&self, rule: RuleId) -> (&Meter, Clock) {
        (self.rule(rule), self.clock)
    }

    /// For [`metered`]: the search for all patterns at once.
    pub(super) fn of_patterns(&self) -> (&Meter, Clock) {
        (&self.patterns, self.clock)
    }

    /// For [`metered`]: the reading of the words around a place.
    pub(super) fn of_words(&self) -> (&Meter, Clock) {
        (&self.words, self.clock)
    }

    /// For [`metered`]: the search of a text.
    pub(super) fn of_texts(&self) -> (&Meter, Clock) {
        (&self.texts, self.clock)
    }

    /// Counts what the candidate pass named in a buffer since `started`.
    pub(super) fn count_anchors(&self, named: usize, started: Instant) {
        add(&self.anchors, named as u64);
        add(&self.anchor_nanos, self.clock.since(started));
    }
}

/// Calls `work`, and counts that in the meter, if there is one; `is_answer` tells whether it found
/// something.
#[inline]
pub fn metered<T>(
    meter: Option<(&Meter, Clock)>,
    work: impl FnOnce() -> T,
    is_answer: impl FnOnce(&T) -> bool,
) -> T {
    let started = meter.and_then(|(meter, _)| start(meter));
    let answer = work();
    if let Some((meter, clock)) = meter {
        stop(meter, started, is_answer(&answer), clock);
    }
    answer
}

/// Out of line, so that a search without a probe is not longer for it.
#[cold]
#[inline(never)]
fn start(meter: &Meter) -> Option<Instant> {
    meter.start()
}

#[cold]
#[inline(never)]
fn stop(meter: &Meter, started: Option<Instant>, is_answer: bool, clock: Clock) {
    meter.stop(started, is_answer, clock);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A meter of calls that take no time but what is stated.
    fn meter(calls: u64, first: (u64, u64), sampled: (u64, u64)) -> Meter {
        let timed = |(calls, nanos)| Timed { calls: Cell::new(calls), nanos: Cell::new(nanos) };
        let (first, sampled, answers) = (timed(first), timed(sampled), Cell::new(calls / 2));
        Meter { calls: Cell::new(calls), answers, first, sampled, long: Timed::default() }
    }

    #[test]
    fn a_sample_stands_for_what_lies_between() {
        assert_eq!(meter(1016, (16, 5000), (10, 200)).nanos(), 5000 + 1000 * 20);
        assert_eq!(meter(3, (3, 90), (0, 0)).nanos(), 90);
        assert_eq!(Meter::default().nanos(), 0);
    }

    #[test]
    fn a_call_that_waited_stands_for_itself() {
        let meter = meter(1017, (16, 5000), (1000, 20_000));
        meter.long.calls.set(1);
        meter.long.nanos.set(3_000_000);
        assert_eq!(meter.nanos(), 5000 + 1000 * 20 + 3_000_000);
        meter.sampled.calls.set(49);
        meter.sampled.nanos.set(0);
        assert_eq!(meter.nanos(), 5000 + 1001 * 60_000);
    }

    #[test]
    fn the_meter_of_parts_is_that_of_the_whole() {
        let parts = [meter(116, (16, 900), (2, 60)), meter(20, (16, 100), (1, 90))];
        let whole = Meter::default();
        parts.iter().for_each(|part| whole.merge(part));
        assert_eq!(whole, meter(136, (32, 1000), (3, 150)));
        assert_eq!((whole.calls(), whole.answers()), (136, 68));
        assert_eq!(whole.nanos(), 1000 + 104 * 50);
    }

    #[test]
    fn the_first_calls_are_timed_and_then_one_in_many() {
        let (meter, clock) = (Meter::default(), Clock::new());
        for call in 0..1000 {
            let started = meter.start();
            assert_eq!(started.is_some(), call < FIRST || call % EVERY == 0, "{call}");
            meter.stop(started, call % 4 == 0, clock);
        }
        assert_eq!((meter.calls(), meter.answers()), (1000, 250));
        assert_eq!(meter.first.calls.get(), FIRST);
        assert_eq!(
            meter.sampled.calls.get(),
            (FIRST..1000).filter(|n| n % EVERY == 0).count() as u64
        );
    }

    #[test]
    fn probes_of_workers_add_up() {
        let rules = RuleSet::builtin();
        let (one, other) = (Probe::new(&rules), Probe::new(&rules));
        let rule = RuleId(3);
        for (probe, calls) in [(&one, 5), (&other, 70)] {
            for call in 0..calls {
                metered(Some(probe.of_rule(rule)), || call, |call| call % 5 == 0);
                metered(Some(probe.of_texts()), || (), |()| true);
            }
            probe.count_anchors(7, Instant::now());
        }
        one.merge(&other);
        assert_eq!((one.rule(rule).calls(), one.rule(rule).answers()), (75, 15));
        assert_eq!((one.texts().calls(), one.patterns().calls(), one.anchors()), (75, 0, 14));
        assert_eq!(one.rules().map(Meter::calls).sum::<u64>(), 75);
    }
}
