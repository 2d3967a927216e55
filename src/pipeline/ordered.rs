//! The only place that starts threads: a bounded, ordered, parallel map.
//!
//! One producer makes units of work, workers turn each into a result, and the caller's thread
//! consumes the results in the order of the units. While it waits for one it is a worker itself, so that
//! there are no more threads than processors but for the producer, who does little. So many units are between
//! the producer and the consumer as have room there, which bounds the memory; each worker has a state of its
//! own, so that nothing in the hot loop is shared. The results and their order do not depend on the number of
//! threads.

use std::collections::{BTreeMap, VecDeque};
use std::iter;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// The room for units that wait, for each thread.
pub(super) const ROOM: usize = 8;

/// Runs `work` over the units that `produce` yields, on `threads` threads, and gives the results to
/// `consume`, in order, as an iterator: the next is waited for where it is asked for. Returns what
/// `consume` returns, and the states of the workers.
///
/// Of the room for units that wait, each takes as much as `weigh` says, at most [`ROOM`].
///
/// With one thread everything runs on the caller's, a unit when its result is asked for. When `consume`
/// returns before the end, no further unit is produced.
pub(super) fn ordered<I, O, S, T>(
    threads: usize,
    mut produce: impl FnMut() -> Option<I> + Send,
    weigh: impl Fn(&I) -> usize + Sync,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, I) -> O + Sync,
    consume: impl FnOnce(&mut dyn Iterator<Item = O>) -> T,
) -> (T, Vec<S>)
where
    I: Send,
    O: Send,
    S: Send,
{
    let mut own = state();
    if threads <= 1 {
        let outcome = consume(&mut iter::from_fn(|| Some(work(&mut own, produce()?))));
        return (outcome, vec![own]);
    }
    let room = threads * ROOM;
    let (permit, permits) = sync_channel::<()>(room);
    for _ in 0..room {
        permit.send(()).expect("the channel has room for all permits");
    }
    let desk = &Desk::new(threads - 1);
    let (weigh, state, work) = (&weigh, &state, &work);
    thread::scope(|scope| {
        scope.spawn(move || {
            let _at_end = OnDrop(|| desk.change(|there| there.is_closed = true));
            produce_all(&mut produce, weigh, &permits, desk);
        });
        let workers: Vec<_> = (1..threads)
            .map(|_| {
                scope.spawn(move || {
                    let _at_end = OnDrop(|| {
                        desk.change(|there| {
                            there.workers -= 1;
                            there.is_broken |= thread::panicking();
                        });
                    });
                    let mut state = state();
                    while let Some(unit) = desk.take_unit() {
                        desk.put_result(unit.map(|unit| work(&mut state, unit)));
                    }
                    state
                })
            })
            .collect();
        let outcome = {
            // The permits go with the iterator: the producer stops, and so do the workers.
            let _at_end = OnDrop(|| desk.change(|there| there.is_left = true));
            consume(&mut in_order(desk, permit, |unit| work(&mut own, unit)))
        };
        let others = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        (outcome, iter::once(own).chain(others).collect())
    })
}

/// A unit or its result, its number in the order, and how much of the room it takes.
struct Place<T> {
    number: u64,
    weight: usize,
    of: T,
}

impl<T> Place<T> {
    /// The result in the place of its unit.
    fn map<O>(self, work: impl FnOnce(T) -> O) -> Place<O> {
        let Self { number, weight, of } = self;
        Place { number, weight, of: work(of) }
    }
}

/// Where units and results lie.
struct Desk<I, O> {
    there: Mutex<There<I, O>>,
    /// Tells workers of units, and the caller of units and results.
    for_workers: Condvar,
    for_caller: Condvar,
}

struct There<I, O> {
    /// The units that nobody works on.
    units: VecDeque<Place<I>>,
    /// Whether no other units come.
    is_closed: bool,
    /// By number, with what each takes of the room.
    results: BTreeMap<u64, (usize, O)>,
    /// How many there are beside the caller.
    workers: usize,
    /// Whether one of them panicked, so that a result is missing.
    is_broken: bool,
    /// Whether nobody asks for results any more.
    is_left: bool,
}

impl<I, O> Desk<I, O> {
    fn new(workers: usize) -> Self {
        let (units, results) = (VecDeque::new(), BTreeMap::new());
        let [is_closed, is_broken, is_left] = [false; 3];
        let there = There { units, is_closed, results, workers, is_broken, is_left };
        Self { there: Mutex::new(there), for_workers: Condvar::new(), for_caller: Condvar::new() }
    }

    fn there(&self) -> MutexGuard<'_, There<I, O>> {
        // Who panics does so outside the lock.
        self.there.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a change that all are told of.
    fn change(&self, change: impl FnOnce(&mut There<I, O>)) {
        change(&mut self.there());
        self.for_workers.notify_all();
        self.for_caller.notify_one();
    }

    fn put_unit(&self, unit: Place<I>) {
        self.there().units.push_back(unit);
        self.for_workers.notify_one();
        self.for_caller.notify_one();
    }

    fn put_result(&self, Place { number, weight, of }: Place<O>) {
        self.there().results.insert(number, (weight, of));
        self.for_caller.notify_one();
    }

    /// The first unit, which a worker waits for; nothing where no other is to be worked on.
    fn take_unit(&self) -> Option<Place<I>> {
        let is_idle =
            |there: &mut There<I, O>| there.units.is_empty() && !there.is_closed && !there.is_left;
        let waited = self.for_workers.wait_while(self.there(), is_idle);
        let mut there = waited.unwrap_or_else(PoisonError::into_inner);
        if there.is_left { None } else { there.units.pop_front() }
    }

    /// The result of that number and its weight, which the caller waits for and works meanwhile; nothing
    /// where there will be none.
    fn take_result(&self, number: u64, work: &mut impl FnMut(I) -> O) -> Option<(usize, O)> {
        let mut there = self.there();
        loop {
            if let Some(result) = there.results.remove(&number) {
                return Some(result);
            }
            if there.is_broken {
                return None;
            }
            if let Some(unit) = there.units.pop_front() {
                drop(there);
                let Place { number, weight, of } = unit.map(&mut *work);
                there = self.there();
                there.results.insert(number, (weight, of));
            } else if there.is_closed && there.workers == 0 {
                return None;
            } else {
                there = self.for_caller.wait(there).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

/// Does something when it goes, whatever happened.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

fn produce_all<I, O>(
    produce: &mut impl FnMut() -> Option<I>,
    weigh: &impl Fn(&I) -> usize,
    permits: &Receiver<()>,
    desk: &Desk<I, O>,
) {
    let mut number = 0;
    while permits.recv().is_ok() {
        let Some(of) = produce() else { break };
        let weight = weigh(&of).clamp(1, ROOM);
        if !(1..weight).all(|_| permits.recv().is_ok()) {
            break;
        }
        desk.put_unit(Place { number, weight, of });
        number += 1;
    }
}

/// The results in the order of their numbers. For each that is handed out others may be produced.
fn in_order<I, O>(
    desk: &Desk<I, O>,
    permit: SyncSender<()>,
    mut work: impl FnMut(I) -> O,
) -> impl Iterator<Item = O> {
    (0..).map_while(move |expected| {
        let (weight, result) = desk.take_result(expected, &mut work)?;
        // The producer may be done; then nobody needs the permits.
        for _ in 0..weight {
            let _ = permit.send(());
        }
        Some(result)
    })
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    use super::*;

    /// Some take all the room that a thread has, and some would take more.
    fn weight(number: &u64) -> usize {
        *number as usize % (ROOM + 3)
    }

    fn squares(threads: usize, units: u64) -> (Vec<u64>, u64) {
        let mut numbers = 0..units;
        let square = |sum: &mut u64, n| {
            *sum += n;
            n * n
        };
        let (seen, sums) =
            ordered(threads, || numbers.next(), weight, || 0, square, |squares| squares.collect());
        (seen, sums.into_iter().sum())
    }

    #[test]
    fn order_and_sums_do_not_depend_on_the_number_of_threads() {
        let one = squares(1, 1000);
        for threads in [2, 3, 8] {
            assert_eq!(squares(threads, 1000), one);
        }
        assert_eq!(squares(4, 0), (vec![], 0));
    }

    #[test]
    fn as_many_units_are_worked_on_at_once_as_there_are_threads() {
        const PATIENCE: Duration = Duration::from_secs(60);
        let (met, meets) = sync_channel(1);
        let (sender, receiver) = (Mutex::new(met), Mutex::new(meets));
        let mut numbers = 0..2;
        let meet = |(): &mut (), n| match n {
            0 => receiver.lock().unwrap().recv_timeout(PATIENCE).is_ok(),
            _ => sender.lock().unwrap().send(()).is_ok(),
        };
        let (both, _) =
            ordered(2, || numbers.next(), |_| 1, || (), meet, |met| met.collect::<Vec<_>>());
        assert_eq!(both, [true, true]);
    }

    #[test]
    fn a_panic_in_a_unit_ends_the_run_and_is_told() {
        for threads in [1, 2, 4] {
            let mut numbers = 0u64..;
            let fail = |(): &mut (), n| assert!(n < 100);
            let run = || {
                ordered(threads, || numbers.next(), weight, || (), fail, |all| all.for_each(drop))
            };
            assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        }
    }

    #[test]
    fn a_consumer_that_returns_early_ends_the_run() {
        for threads in [1, 4] {
            let mut numbers = 0u64..;
            let (found, states) = ordered(
                threads,
                || numbers.next(),
                weight,
                || (),
                |(), n| n,
                |mut numbers| Iterator::find(&mut numbers, |n| *n == 100),
            );
            assert_eq!((found, states.len()), (Some(100), threads));
            assert!(numbers.start < 200);
        }
    }
}
