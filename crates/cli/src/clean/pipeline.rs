//! Many threads over a sequence, results in the sequence's order, in bounded memory.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Sender};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// Bytes of items between being taken and having their result handed over.
const BUDGET: usize = 64 << 20;
/// What an item costs besides its own bytes, so that small ones are bounded in number.
const ITEM_OVERHEAD: usize = 4 << 10;

/// Does `work` on each item in `threads` threads and hands the results to `sink`, in the items' order, in the
/// calling thread. With one thread it is a plain loop.
///
/// The threads take items themselves, one at a time. `weigh` gives an item's bytes: while the items that are taken
/// and not yet handed over have more than [`BUDGET`], no further one is worked on.
///
/// # Errors
/// The first error of `sink`, which ends the work.
pub(crate) fn ordered<I: Send, O: Send, E>(
    threads: usize,
    items: impl Iterator<Item = I> + Send,
    weigh: impl Fn(&I) -> usize + Sync,
    work: impl Fn(I) -> O + Sync,
    mut sink: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    if threads <= 1 {
        return items.map(work).try_for_each(sink);
    }
    let budget = Budget::new(BUDGET);
    let items = Mutex::new(items.enumerate());
    thread::scope(|scope| {
        let (results, finished) = mpsc::channel();
        for _ in 0..threads {
            let results = results.clone();
            let (items, budget, weigh, work) = (&items, &budget, &weigh, &work);
            scope.spawn(move || work_off(items, budget, weigh, work, &results));
        }
        drop(results);
        let _closing = Closing(&budget);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (place, cost, result) in finished {
            waiting.insert(place, (cost, result));
            while let Some((cost, result)) = waiting.remove(&next) {
                sink(result)?;
                budget.release(cost);
                next += 1;
            }
        }
        Ok(())
    })
}

/// One thread's part: takes items until there are none or nobody wants their results.
fn work_off<I, O>(
    items: &Mutex<impl Iterator<Item = (usize, I)>>,
    budget: &Budget,
    weigh: impl Fn(&I) -> usize,
    work: impl Fn(I) -> O,
    results: &Sender<(usize, usize, O)>,
) {
    let take = || {
        // Poisoned: reading panicked in another thread, which the scope passes on.
        let mut items = items.lock().ok()?;
        let (place, item) = items.next()?;
        let cost = weigh(&item) + ITEM_OVERHEAD;
        // Under the lock, so that the budget is given out in order and the first result awaited has its share.
        budget.acquire(cost).then_some((place, cost, item))
    };
    while let Some((place, cost, item)) = take() {
        if results.send((place, cost, work(item))).is_err() {
            break;
        }
    }
}

/// A number of bytes that may be in use at a time.
struct Budget {
    limit: usize,
    state: Mutex<BudgetState>,
    changed: Condvar,
}

#[derive(Default)]
struct BudgetState {
    used: usize,
    closed: bool,
}

impl Budget {
    fn new(limit: usize) -> Self {
        Self { limit, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits until there is room, or nothing else is in use. Whether there still is use for it.
    fn acquire(&self, cost: usize) -> bool {
        let is_full = |state: &mut BudgetState| !state.closed && state.used > 0 && state.used + cost > self.limit;
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.changed.wait_while(state, is_full).unwrap_or_else(PoisonError::into_inner);
        state.used += cost;
        !state.closed
    }

    fn release(&self, cost: usize) {
        self.change(|state| state.used -= cost);
    }

    fn change(&self, change: impl FnOnce(&mut BudgetState)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

/// Lets nobody wait for a budget once its sink has returned, failed or panicked.
struct Closing<'a>(&'a Budget);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.change(|state| state.closed = true);
    }
}
