//! What judging pages alone costs: features, trees and networks, in seconds on one thread.
//!
//! ```text
//! cargo run --release -p dechrome-template --example cost -- pages.jsonl.zst 8
//! ```
//! Records hold `html` or `text`. The pages are gone over so many times; each stage's best time counts, as other programs on the
//! machine only ever make it longer.

#![allow(clippy::print_stdout)] // its purpose

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::time::{Duration, Instant};

use dechrome_page::{Capture, Page};
use dechrome_template::Cues;
use dechrome_template::features::Features;
use dechrome_template::model::{Groups, Model};
use serde::Deserialize;

#[derive(Deserialize)]
struct Record {
    id: String,
    html: Option<String>,
    text: Option<String>,
    url: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, times] = arguments.as_slice() else { return Err("give a file and how often its pages are judged".into()) };
    let pages = pages(path)?;
    let blocks: usize = pages.iter().map(|page| page.blocks.len()).sum();
    let mut best = [Duration::MAX; 3];
    for _ in 0..times.parse::<u32>()? {
        let spent = judge(&pages);
        best.iter_mut().zip(spent).for_each(|(best, spent)| *best = spent.min(*best));
    }
    let [features, trees, networks] = best.map(|best| best.as_secs_f64());
    println!("{} pages, {blocks} blocks", pages.len());
    println!("features {features:.3} s, trees {trees:.3} s, networks {networks:.3} s, together {:.3} s", features + trees + networks);
    Ok(())
}

fn pages(path: &str) -> Result<Vec<Page>, Box<dyn Error>> {
    let file = File::open(path)?;
    let reader: Box<dyn Read> = if path.ends_with(".zst") { Box::new(zstd::Decoder::new(file)?) } else { Box::new(file) };
    BufReader::new(reader).lines().map(|line| Ok(page(serde_json::from_str(&line?)?))).collect()
}

fn page(record: Record) -> Page {
    let mut capture = match record.html {
        Some(html) => Capture::html(record.id, html),
        None => Capture::text(record.id, record.text.unwrap_or_default()),
    };
    capture.url = record.url;
    Page::read(&capture)
}

/// Judges all pages once; what features, trees and networks took.
fn judge(pages: &[Page]) -> [Duration; 3] {
    let model = Model::embedded();
    let mut spent = [Duration::ZERO; 3];
    for page in pages {
        let blocks = &model.blocks(page.media).page;
        let begun = Instant::now();
        let features = Features::of(page, &model.vocabulary, Cues::embedded());
        let described = Instant::now();
        let trees = blocks.forest.odds(&features.rows);
        let climbed = Instant::now();
        let groups = Groups::of(page, &features.words);
        let networks = blocks.ensemble.odds(&features.rows, &groups);
        let done = Instant::now();
        std::hint::black_box((trees, networks));
        let stages = [described - begun, climbed - described, done - climbed];
        spent.iter_mut().zip(stages).for_each(|(spent, stage)| *spent += stage);
    }
    spent
}
