use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::cleaner::guarded;
use super::pipeline::ordered;
use super::spool::{Spool, decode, encode};

proptest! {
    #[test]
    fn results_come_in_order(threads in 1_usize..5, weights in prop::collection::vec(0_usize..40 << 20, 0..60)) {
        let mut results = Vec::new();
        let work = |(place, weight): (usize, usize)| {
            if weight % 3 == 0 {
                std::thread::yield_now();
            }
            place
        };
        let items = weights.iter().copied().enumerate();
        let ended: Result<(), ()> = ordered(threads, items, |&(_, weight)| weight, work, |place| {
            results.push(place);
            Ok(())
        });
        prop_assert_eq!(ended, Ok(()));
        prop_assert_eq!(results, (0..weights.len()).collect::<Vec<_>>());
    }

    #[test]
    fn the_spool_gives_back_what_it_took(entries in prop::collection::vec(".{0,40}", 0..20)) {
        let mut spool = Spool::new();
        for entry in &entries {
            spool.push(&encode(entry).unwrap()).unwrap();
        }
        prop_assert_eq!(spool.len(), entries.len() as u64);
        let read: Vec<String> = spool.entries().unwrap().map(|entry| decode(&entry.unwrap()).unwrap()).collect();
        prop_assert_eq!(read, entries);
    }
}

#[test]
fn an_error_of_the_sink_ends_the_work() {
    for threads in [1, 4] {
        let done = AtomicUsize::new(0);
        let work = |item: usize| {
            done.fetch_add(1, Ordering::Relaxed);
            item
        };
        // Each item fills half the budget, so that threads wait for it when the sink fails.
        let ended =
            ordered(threads, 0..1_000_000, |_| 33 << 20, work, |item| if item == 5 { Err(item) } else { Ok(()) });
        assert_eq!(ended, Err(5));
        assert!(done.load(Ordering::Relaxed) < 100);
    }
}

#[test]
fn an_item_larger_than_the_budget_is_worked_on() {
    let mut results = Vec::new();
    let ended: Result<(), ()> = ordered(
        2,
        0..3,
        |_| usize::MAX / 8,
        |item| item,
        |item| {
            results.push(item);
            Ok(())
        },
    );
    assert_eq!((ended, results), (Ok(()), vec![0, 1, 2]));
}

#[test]
fn a_panic_is_told() {
    assert_eq!(guarded(|| 1), Ok(1));
    assert_eq!(guarded(|| -> u8 { panic!("page {}", 7) }), Err("page 7".to_owned()));
    assert_eq!(guarded(|| -> u8 { std::panic::panic_any(7_u8) }), Err("a panic without a message".to_owned()));
}
