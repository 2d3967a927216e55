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
    let desk = &Desk::new(threads * ROOM);
    let (weigh, state, work) = (&weigh, &state, &work);
    thread::scope(|scope| {
        scope.spawn(move || {
            let _at_end = OnDrop(|| desk.change(|there| there.is_closed = true));
            while desk.take_room(1) {
                let Some(unit) = produce() else { break };
                let weight = weigh(&unit).clamp(1, ROOM);
                if !desk.take_room(weight - 1) {
                    break;
                }
                desk.put_unit(weight, unit);
            }
        });
        let workers: Vec<_> = (1..threads)
            .map(|_| {
                scope.spawn(move || {
                    let _at_end =
                        OnDrop(|| desk.change(|there| there.is_broken |= thread::panicking()));
                    let mut state = state();
                    while let Some(unit) = desk.take_unit() {
                        desk.put_result(unit.map(|unit| work(&mut state, unit)));
                    }
                    state
                })
            })
            .collect();
        let outcome = {
            // The producer stops, and so do the workers.
            let _at_end = OnDrop(|| desk.change(|there| there.is_left = true));
            let mut work = |unit| work(&mut own, unit);
            consume(&mut (0..).map_while(|number| desk.take_result(number, &mut work)))
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
    /// Tells the producer of room, workers of units, and the caller of units and results.
    for_producer: Condvar,
    for_workers: Condvar,
    for_caller: Condvar,
}

struct There<I, O> {
    /// That nothing takes.
    room: usize,
    /// The units that nobody works on.
    units: VecDeque<Place<I>>,
    /// How many were put there so far.
    made: u64,
    /// Whether no other units come.
    is_closed: bool,
    /// By number, with what each takes of the room.
    results: BTreeMap<u64, (usize, O)>,
    /// Whether a worker panicked, so that a result is missing.
    is_broken: bool,
    /// Whether nobody asks for results any more.
    is_left: bool,
}

impl<I, O> Desk<I, O> {
    fn new(room: usize) -> Self {
        let (units, results) = (VecDeque::new(), BTreeMap::new());
        let [is_closed, is_broken, is_left] = [false; 3];
        let there = There { room, units, made: 0, is_closed, results, is_broken, is_left };
        let [for_producer, for_workers, for_caller] = std::array::from_fn(|_| Condvar::new());
        Self { there: Mutex::new(there), for_producer, for_workers, for_caller }
    }

    fn there(&self) -> MutexGuard<'_, There<I, O>> {
        // Who panics does so outside the lock.
        self.there.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a change that all are told of.
    fn change(&self, change: impl FnOnce(&mut There<I, O>)) {
        change(&mut self.there());
        self.for_producer.notify_one();
        self.for_workers.notify_all();
        self.for_caller.notify_one();
    }

    /// Takes so much of the room, which the producer waits for; whether anybody asks for more results.
    fn take_room(&self, weight: usize) -> bool {
        let is_full = |there: &mut There<I, O>| there.room < weight && !there.is_left;
        let waited = self.for_producer.wait_while(self.there(), is_full);
        let mut there = waited.unwrap_or_else(PoisonError::into_inner);
        there.room = there.room.saturating_sub(weight);
        !there.is_left
    }

    fn put_unit(&self, weight: usize, of: I) {
        let mut there = self.there();
        let number = there.made;
        there.made += 1;
        there.units.push_back(Place { number, weight, of });
        drop(there);
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

    /// The result of that number, which the caller waits for and works meanwhile, with the room that it took
    /// left to others; nothing where there will be none.
    fn take_result(&self, number: u64, work: &mut impl FnMut(I) -> O) -> Option<O> {
        let mut there = self.there();
        loop {
            if let Some((weight, result)) = there.results.remove(&number) {
                there.room += weight;
                drop(there);
                self.for_producer.notify_one();
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
            } else if there.is_closed && number >= there.made {
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

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc::sync_channel;
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
    fn behind_the_last_result_there_is_none_however_often_one_asks() {
        for threads in [1, 2, 4] {
            let mut numbers = 0..10;
            let ask = |all: &mut dyn Iterator<Item = u64>| (all.count(), all.next(), all.next());
            let (asked, _) = ordered(threads, || numbers.next(), weight, || (), |(), n| n, ask);
            assert_eq!(asked, (10, None, None));
        }
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
