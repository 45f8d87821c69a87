//! What judging pages alone costs: features, trees and networks, in seconds on one thread.
//!
//! ```text
//! cargo run --release -p dechrome-template --example cost -- pages.jsonl.zst 8
//! ```
//! Records hold `html` or `text`. They are gone over so many times, each page read, which is not counted, and judged at once, as the
//! program does; each stage's best time counts, as other programs on the machine only ever make it longer.

#![allow(clippy::print_stdout)] // its purpose

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use dechrome_page::{Capture, Page};
use dechrome_template::Cues;
use dechrome_template::features::Features;
use dechrome_template::model::{Groups, Model, doubtful};
use serde::Deserialize;

/// The program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Deserialize)]
struct Record {
    id: String,
    html: Option<String>,
    text: Option<String>,
    url: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, times] = arguments.as_slice() else {
        return Err("give a file and how often its pages are judged".into());
    };
    let captures = captures(path)?;
    let mut best = [Duration::MAX; 3];
    let mut blocks = 0;
    for _ in 0..times.parse::<u32>()? {
        let spent;
        (spent, blocks) = judge(&captures);
        best.iter_mut().zip(spent).for_each(|(best, spent)| *best = spent.min(*best));
    }
    let [features, trees, networks] = best.map(|best| best.as_secs_f64());
    println!("{} pages, {blocks} blocks", captures.len());
    println!(
        "features {features:.3} s, trees {trees:.3} s, networks {networks:.3} s, together {:.3} s",
        features + trees + networks
    );
    Ok(())
}

fn captures(path: &str) -> Result<Vec<Capture>, Box<dyn Error>> {
    let file = File::open(path)?;
    let is_compressed = Path::new(path).extension().is_some_and(|extension| extension == "zst");
    let reader: Box<dyn Read> = if is_compressed { Box::new(zstd::Decoder::new(file)?) } else { Box::new(file) };
    BufReader::new(reader).lines().map(|line| Ok(capture(serde_json::from_str(&line?)?))).collect()
}

fn capture(record: Record) -> Capture {
    let mut capture = match record.html {
        Some(html) => Capture::html(record.id, html),
        None => Capture::text(record.id, record.text.unwrap_or_default()),
    };
    capture.url = record.url;
    capture
}

/// Judges all pages once; what features, trees and networks took, and the number of blocks.
fn judge(captures: &[Capture]) -> ([Duration; 3], usize) {
    let model = Model::embedded();
    let mut spent = [Duration::ZERO; 3];
    let mut blocks = 0;
    for capture in captures {
        let page = &Page::read(capture);
        let judge = &model.blocks(page.media).page;
        blocks += page.blocks.len();
        let begun = Instant::now();
        let features = Features::of(page, &model.vocabulary, Cues::embedded());
        let described = Instant::now();
        let trees = judge.forest.odds(&features.rows);
        let climbed = Instant::now();
        let groups = Groups::of(page, &features);
        let networks = judge.ensemble.odds(&features.rows, &groups, &doubtful(&trees));
        let done = Instant::now();
        std::hint::black_box((trees, networks));
        let stages = [described - begun, climbed - described, done - climbed];
        spent.iter_mut().zip(stages).for_each(|(spent, stage)| *spent += stage);
    }
    (spent, blocks)
}
