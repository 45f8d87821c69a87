use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

use dechrome_page::{Capture, Page};
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::stats::sketch::{BlockSketch, sketch};

/// A document of a layout: eight places of it, two of any layout, and lines of the layout and of its own.
fn document(number: u32, day: Option<i32>, layout: u64) -> Sketch {
    let block = |path, key| BlockSketch { path, key, chars: 20, content: 100 };
    let of_layout = (0..8).map(|place| block(100 * layout + place, 1_000 * layout + place));
    let own = (0..4).map(|place| block(90 + place % 2, 1_000_000 + 10 * u64::from(number) + place));
    Sketch { headline: 0, blocks: of_layout.chain(own).collect(), section: None, day, link_chars: 0, readable: None }
}

/// Documents of one a day, by the layout of each.
fn daily(layouts: &str) -> Vec<Sketch> {
    let layouts = (0_i32..).zip(layouts.bytes());
    layouts.map(|(day, layout)| document(day.unsigned_abs(), Some(day), layout.into())).collect()
}

fn starts(documents: &[Sketch]) -> Vec<i32> {
    Epochs::of(&documents.iter().collect::<Vec<_>>()).starts[1..].to_vec()
}

#[test]
fn a_redesign_opens_an_epoch_and_nothing_else_does() {
    for (layouts, expected) in [
        ("aaaaaaaaaaaaaaaaaaaa", &[][..]),
        ("aaaaabbbbb", &[5]),
        ("aaaaaaaabbbbbbbbbbbb", &[8]),
        ("aaaaaaabbbbbbbbcccccccc", &[7, 15]),
        ("aaaaaaaaaabbbbbbbbbbaaaaaaaaaa", &[10, 20]),
        ("aaaaaaaaaaaaaaaabbbb", &[]),         // too few to tell
        ("abaabbabaaabbababbab", &[]),         // two layouts at a time
        ("aaaaaaaaaababbbbbbbbbbbbbb", &[10]), // not in one day
    ] {
        assert_eq!(starts(&daily(layouts)), expected, "{layouts}");
    }
    assert_eq!(starts(&daily(&("a".repeat(700) + &"b".repeat(300)))), [700], "to the day, among many");
}

#[test]
fn crawls_that_go_section_by_section_are_no_redesign() {
    let crawled = |section: fn(usize) -> Option<&'static str>| -> Vec<Sketch> {
        let layouts = daily("aaaaaaaabbbbbbbb").into_iter().enumerate();
        layouts.map(|(day, sketch)| Sketch { section: section(day).map(str::to_owned), ..sketch }).collect()
    };
    assert_eq!(starts(&crawled(|day| Some(if day < 8 { "news" } else { "shop" }))), [0_i32; 0]);
    assert_eq!(starts(&crawled(|day| Some(if day % 2 == 0 { "news" } else { "shop" }))), [8]);
    let undated: Vec<Sketch> =
        daily("aaaaaaaabbbbbbbb").into_iter().map(|sketch| Sketch { day: None, ..sketch }).collect();
    assert_eq!(starts(&undated), [0_i32; 0]);
}

#[test]
fn a_document_is_of_the_epoch_it_looks_like_else_of_its_day() {
    let documents = daily("aaaaaaaabbbbbbbb");
    let epochs = Epochs::of(&documents.iter().collect::<Vec<_>>());
    let (a, b, other) = (u64::from(b'a'), u64::from(b'b'), u64::from(b'c'));
    for (day, layout, epoch) in [
        (None, a, 0),
        (None, b, 1),
        (Some(12), a, 0),
        (Some(2), b, 1),
        (Some(2), other, 0),
        (Some(7), other, 0),
        (Some(8), other, 1),
        (None, other, 1),
    ] {
        assert_eq!(epochs.of_sketch(&document(99, day, layout)), epoch, "{day:?} {layout}");
    }
}

proptest! {
    #[test]
    fn the_order_of_documents_does_not_matter(order in Just((0..24_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let documents = daily("aaaaaaaabbbbbbbbcccccccc");
        let shuffled: Vec<Sketch> = order.iter().map(|&place| documents[place].clone()).collect();
        let (sorted, shuffled) = (Epochs::of(&documents.iter().collect::<Vec<_>>()), Epochs::of(&shuffled.iter().collect::<Vec<_>>()));
        prop_assert_eq!(&sorted.starts, &[i32::MIN, 8, 16]);
        prop_assert_eq!((sorted.starts, sorted.marks), (shuffled.starts, shuffled.marks));
    }
}

#[derive(Deserialize)]
struct Record {
    site: String,
    url: Option<String>,
    html: Option<String>,
    text: Option<String>,
}

/// No site of the development data was redesigned among its pages, most of which have a date.
#[test]
fn sites_that_were_not_redesigned_have_one_epoch() {
    for name in ["sites-dev", "sites-dev-flat"] {
        let file = format!("{}/../../../shared/data/{name}.jsonl.zst", env!("CARGO_MANIFEST_DIR"));
        if !Path::new(&file).exists() {
            println!("skipped: no {file}");
            continue;
        }
        let file = std::fs::File::open(file).expect("readable");
        let mut sites: BTreeMap<String, Vec<Sketch>> = BTreeMap::new();
        for line in BufReader::new(zstd::Decoder::new(file).expect("zstd")).lines() {
            let record: Record = serde_json::from_str(&line.expect("a line")).expect("a record");
            let capture = match record.html {
                Some(html) => Capture::html("a", html),
                None => Capture::text("a", record.text.unwrap_or_default()),
            };
            let page = Page::read(&capture.with_url(record.url.unwrap_or_default()));
            sites.entry(record.site).or_default().push(sketch(&page, &vec![0.5; page.blocks.len()]));
        }
        let dated = sites
            .values()
            .filter(|site| site.iter().filter(|sketch| sketch.day.is_some()).count() >= 2 * MIN_DOCUMENTS);
        println!("{name}: {} of {} sites with days", dated.count(), sites.len());
        for (site, documents) in &sites {
            let split = starts(documents);
            assert_eq!(split, [0_i32; 0], "{site}");
        }
    }
}
