use std::fs;

use dechrome_page::{Capture, Page};
use proptest::prelude::*;

use super::*;
use crate::stats::sketch::MAX_BLOCKS;
use crate::stats::{MAX_READABLE, MAX_SIZE};

const SITES: [&str; 3] = ["paper.example", "shop.example", "täglich.example"];

/// The statistics of one page of a made-up site; versions of a page differ in what they hold or, the odd ones, in their links.
fn stats(page: usize, version: usize, readable: bool) -> SiteStats {
    let article = format!("Article number {} {}", word(page), "and more ".repeat(version / 2));
    let article = if version.is_multiple_of(2) { article } else { format!("<a href=/more>{article}</a>") };
    let capture = Capture::html("a", format!("<h2>The front page</h2><p>{article}"))
        .with_url(format!("https://paper.example/news/{page}"));
    let page = Page::read(&capture);
    let mut stats = SiteStats::default();
    stats.learn_with(&page, &vec![0.5; page.blocks.len()]);
    if !readable {
        stats.documents.values_mut().for_each(crate::stats::forget);
    }
    stats
}

fn word(number: usize) -> String {
    number.to_string().chars().map(|digit| char::from(b'a' + (digit as u8 - b'0'))).collect()
}

fn merged<'a>(all: impl IntoIterator<Item = &'a SiteStats>) -> SiteStats {
    let mut merged = SiteStats::default();
    all.into_iter().for_each(|stats| merged.merge(stats.clone()));
    merged
}

/// A store file in a directory of its own.
fn fresh() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("stats");
    (directory, path)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn any_order_and_sharding_gives_the_same_bytes_as_memory(
        pages in prop::collection::vec((0..400_usize, 0..5_usize, any::<bool>()), 1..500),
        batch in 1..200_usize, shards in 1..4_usize,
    ) {
        let all: Vec<SiteStats> = pages.iter().map(|&(page, version, readable)| stats(page, version, readable)).collect();
        let expected = merged(&all).to_bytes().expect("bytes");
        let mut stores: Vec<StatsStore> = (0..shards).map(|_| StatsStore::temporary().expect("a store")).collect();
        for (number, batch) in all.chunks(batch).enumerate() {
            stores[number % shards].learn([(SITES[0], &merged(batch))]).expect("learned");
        }
        let mut whole = StatsStore::temporary().expect("a store");
        for store in &stores {
            whole.merge(store).expect("merged");
        }
        whole.learn([(SITES[0], &merged(&all[..1]))]).expect("learned again");
        let stats = whole.site(SITES[0]).expect("read");
        prop_assert_eq!(whole.sites().expect("read"), vec![(SITES[0].to_owned(), stats.len() as u64)]);
        let bytes = stats.to_bytes().expect("bytes");
        prop_assert_eq!(&SiteStats::from_bytes(&bytes).expect("stats"), &stats);
        prop_assert_eq!(bytes, expected);
    }

    #[test]
    fn damaged_bytes_are_errors_or_other_statistics(place in any::<prop::sample::Index>(), value: u8, cut in any::<prop::sample::Index>()) {
        let mut bytes = merged(&[stats(1, 0, true), stats(2, 1, false)]).to_bytes().expect("bytes");
        prop_assert!(SiteStats::from_bytes(&bytes[..cut.index(bytes.len())]).is_err());
        let place = place.index(bytes.len());
        bytes[place] = value;
        let _ = SiteStats::from_bytes(&bytes);
    }
}

#[test]
fn sites_are_kept_apart() {
    let mut store = StatsStore::temporary().unwrap();
    let pages = [stats(1, 0, true), stats(2, 0, true), stats(3, 0, true)];
    store.learn(SITES.into_iter().zip(&pages)).unwrap();
    for (site, stats) in SITES.into_iter().zip(&pages) {
        assert_eq!(&store.site(site).unwrap(), stats);
    }
    assert!(store.site("paper.exampl").unwrap().is_empty());
    assert_eq!(store.sites().unwrap().len(), 3);
}

/// A made-up page of so many blocks.
fn of_blocks(page: usize, blocks: usize) -> SiteStats {
    let lines = (0..blocks).map(word).collect::<Vec<String>>().join("\n");
    let page = Page::read(&Capture::text("a", lines).with_url(format!("https://paper.example/news/{page}")));
    let mut stats = SiteStats::default();
    stats.learn_with(&page, &vec![0.5; page.blocks.len()]);
    stats
}

#[test]
fn a_site_is_bounded_as_in_memory_whatever_the_order() {
    let full = MAX_SIZE / MAX_BLOCKS;
    // Versions of two lengths: those that grow push others out.
    let pages = (0..full + 50).map(|page| of_blocks(page, MAX_BLOCKS)).chain((0..100).map(|page| of_blocks(page, 20)));
    let mut pages: Vec<SiteStats> = pages.collect();
    let forward = merged(&pages);
    assert!(forward.len() < full + 1 && forward.size > MAX_SIZE && forward.size <= MAX_SIZE + 2 * MAX_BLOCKS);
    let readable = forward.documents.values().filter(|sketch| sketch.readable.is_some()).count();
    assert_eq!(readable, MAX_READABLE);
    fastrand::Rng::with_seed(1).shuffle(&mut pages);
    let mut store = StatsStore::temporary().unwrap();
    let mut memory = SiteStats::default();
    for batch in pages.chunks(70) {
        store.learn([(SITES[0], &merged(batch))]).unwrap();
        memory.merge(merged(batch));
    }
    assert!(memory == forward);
    assert!(store.site(SITES[0]).unwrap() == forward);
    assert_eq!(store.sites().unwrap(), [(SITES[0].to_owned(), forward.len() as u64)]);
}

#[test]
fn of_short_documents_all_are_kept() {
    let pages: Vec<SiteStats> = (0..3_000).map(|page| stats(page, 0, false)).collect();
    assert_eq!(merged(&pages).len(), 3_000);
}

#[test]
fn what_a_killed_program_leaves_is_whole() {
    let (directory, path) = fresh();
    let mut store = StatsStore::open(&path).unwrap();
    store.learn([(SITES[0], &stats(1, 0, true))]).unwrap();
    // Not closed: the file is as a killed program leaves it.
    let left = directory.path().join("left");
    fs::copy(&path, &left).unwrap();
    store.learn([(SITES[0], &stats(2, 0, true))]).unwrap();
    assert_eq!(StatsStore::open_read_only(&left).unwrap().site(SITES[0]).unwrap(), stats(1, 0, true));
    let mut left = StatsStore::open(&left).unwrap();
    left.learn([(SITES[0], &stats(2, 0, true)), (SITES[0], &stats(1, 0, true))]).unwrap();
    assert_eq!(left.site(SITES[0]).unwrap(), store.site(SITES[0]).unwrap());
}

#[test]
fn a_store_in_use_is_refused() {
    let (_directory, path) = fresh();
    let store = StatsStore::open(&path).unwrap();
    assert!(matches!(StatsStore::open(&path), Err(StatsError::InUse { .. })));
    drop(store);
    let readers = [StatsStore::open_read_only(&path).unwrap(), StatsStore::open_read_only(&path).unwrap()];
    let [mut reader, _] = readers;
    assert!(matches!(reader.learn([(SITES[0], &stats(1, 0, true))]), Err(StatsError::ReadOnly { .. })));
}

#[test]
fn other_files_are_refused() {
    let (_directory, path) = fresh();
    assert!(matches!(StatsStore::open_read_only(&path), Err(StatsError::Io { .. })));
    for content in ["", "{}", "text that is longer than the beginning of any database file"] {
        fs::write(&path, content).unwrap();
        assert!(matches!(StatsStore::open(&path), Err(StatsError::NotStats { .. })), "{content}");
        assert!(matches!(StatsStore::open_read_only(&path), Err(StatsError::NotStats { .. })), "{content}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    fs::remove_file(&path).unwrap();
    drop(Database::create(&path).unwrap());
    assert!(matches!(StatsStore::open(&path), Err(StatsError::NotStats { .. })));
}

#[test]
fn another_version_is_refused() {
    let (_directory, path) = fresh();
    drop(StatsStore::open(&path).unwrap());
    let database = Database::open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(FORMATS).unwrap().insert(FORMAT_KEY, FORMAT - 1).unwrap();
    transaction.commit().unwrap();
    drop(database);
    assert!(matches!(StatsStore::open(&path), Err(StatsError::Version { found: 4, known: 5 })));
    let mut bytes = stats(1, 0, true).to_bytes().unwrap();
    bytes[0] -= 1;
    assert!(matches!(SiteStats::from_bytes(&bytes), Err(StatsError::Version { found: 4, known: 5 })));
    assert!(SiteStats::from_bytes(&[]).is_err());
}

#[test]
fn a_store_cut_short_is_an_error() {
    let (_directory, path) = fresh();
    let mut store = StatsStore::open(&path).unwrap();
    store.learn([(SITES[0], &merged(&(0..300).map(|page| stats(page, 0, true)).collect::<Vec<_>>()))]).unwrap();
    drop(store);
    let bytes = fs::read(&path).unwrap();
    for length in [9, 100, 5_000, bytes.len() / 2] {
        fs::write(&path, &bytes[..length]).unwrap();
        let read = StatsStore::open_read_only(&path).and_then(|store| store.site(SITES[0]));
        assert!(read.is_err(), "{length} of {}", bytes.len());
    }
}
