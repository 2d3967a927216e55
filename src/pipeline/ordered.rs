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
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
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
    let (result_sender, results) = channel::<Place<O>>();
    let units = &Queue::default();
    let (weigh, state, work) = (&weigh, &state, &work);
    thread::scope(|scope| {
        scope.spawn(move || {
            let _closed_after = CloseOnDrop(units);
            produce_all(&mut produce, weigh, &permits, units);
        });
        let workers: Vec<_> = (1..threads)
            .map(|_| {
                let results = result_sender.clone();
                scope.spawn(move || {
                    let mut state = state();
                    while let Some(unit) = units.take() {
                        if results.send(unit.map(|unit| work(&mut state, unit))).is_err() {
                            break;
                        }
                    }
                    state
                })
            })
            .collect();
        drop(result_sender);
        let help = || Some(units.try_take()?.map(|unit| work(&mut own, unit)));
        // Its permits go with the iterator: the producer stops, the units run out, the workers end.
        let outcome = consume(&mut in_order(results, permit, help));
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

/// The units that nobody works on.
struct Queue<I> {
    waiting: Mutex<Waiting<I>>,
    came: Condvar,
}

struct Waiting<I> {
    units: VecDeque<Place<I>>,
    /// Whether no others come.
    is_closed: bool,
}

impl<I> Default for Queue<I> {
    fn default() -> Self {
        let waiting = Waiting { units: VecDeque::new(), is_closed: false };
        Self { waiting: Mutex::new(waiting), came: Condvar::new() }
    }
}

impl<I> Queue<I> {
    fn lock(&self) -> MutexGuard<'_, Waiting<I>> {
        // Who panics does so outside the lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, unit: Place<I>) {
        self.lock().units.push_back(unit);
        self.came.notify_one();
    }

    /// The first unit, which is waited for; nothing where no other comes.
    fn take(&self) -> Option<Place<I>> {
        let is_idle = |waiting: &mut Waiting<I>| waiting.units.is_empty() && !waiting.is_closed;
        let waiting = self.came.wait_while(self.lock(), is_idle);
        waiting.unwrap_or_else(PoisonError::into_inner).units.pop_front()
    }

    /// The first unit, if there is one.
    fn try_take(&self) -> Option<Place<I>> {
        self.lock().units.pop_front()
    }
}

/// Says that no other units come, whatever happened to who makes them.
struct CloseOnDrop<'a, I>(&'a Queue<I>);

impl<I> Drop for CloseOnDrop<'_, I> {
    fn drop(&mut self) {
        self.0.lock().is_closed = true;
        self.0.came.notify_all();
    }
}

fn produce_all<I>(
    produce: &mut impl FnMut() -> Option<I>,
    weigh: &impl Fn(&I) -> usize,
    permits: &Receiver<()>,
    units: &Queue<I>,
) {
    let mut number = 0;
    while permits.recv().is_ok() {
        let Some(of) = produce() else { break };
        let weight = weigh(&of).clamp(1, ROOM);
        if !(1..weight).all(|_| permits.recv().is_ok()) {
            break;
        }
        units.push(Place { number, weight, of });
        number += 1;
    }
}

/// The results in the order of their numbers. For each that is handed out others may be produced. While the
/// next one is not there, `help` works on a unit, if there is one that nobody works on.
fn in_order<O>(
    results: Receiver<Place<O>>,
    permit: SyncSender<()>,
    mut help: impl FnMut() -> Option<Place<O>>,
) -> impl Iterator<Item = O> {
    let mut waiting = BTreeMap::new();
    (0..).map_while(move |expected| {
        let (weight, result) = loop {
            if let Some(result) = waiting.remove(&expected) {
                break result;
            }
            let come = results.try_recv().ok().or_else(&mut help);
            // Nothing is left to do, and nothing comes where no worker is left.
            let Place { number, weight, of } = come.or_else(|| results.recv().ok())?;
            waiting.insert(number, (weight, of));
        };
        // The producer may be done; then nobody needs the permits.
        for _ in 0..weight {
            let _ = permit.send(());
        }
        Some(result)
    })
}

#[cfg(test)]
mod tests {
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
