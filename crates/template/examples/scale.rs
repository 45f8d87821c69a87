//! What learning costs in memory: made-up documents, and the peak of the process.
//!
//! ```text
//! cargo run --release -p dechrome-template --example scale -- site 1000000 300      one site, as `dechrome learn` learns
//! cargo run --release -p dechrome-template --example scale -- sites 100000 10 300   many sites, as `dechrome clean` does
//! ```
//! The last number is the blocks of a page: an average page of the web has 300. Half of them are the same on all pages of the site.

#![allow(clippy::print_stdout)] // its purpose

use std::error::Error;
use std::time::Instant;

use dechrome_page::{Capture, Page};
use dechrome_template::{FirstLook, Gathering, SiteStats, StatsStore};

fn main() -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["site", documents, blocks] => one_site(documents.parse()?, blocks.parse()?)?,
        ["sites", sites, documents, blocks] => many_sites(sites.parse()?, documents.parse()?, blocks.parse()?)?,
        _ => return Err("give `site DOCUMENTS BLOCKS` or `sites SITES DOCUMENTS BLOCKS`".into()),
    }
    println!("{:.1} s, peak memory {} MB", started.elapsed().as_secs_f64(), peak()?);
    Ok(())
}

fn one_site(documents: usize, blocks: usize) -> Result<(), Box<dyn Error>> {
    let mut gathering = Gathering::into_store(StatsStore::temporary()?);
    let mut page = page("site.example", blocks);
    let content = vec![0.5; blocks];
    for number in 0..documents {
        fill(&mut page, "site.example", number);
        let mut stats = SiteStats::default();
        stats.learn_with(&page, &content);
        gathering.add("site.example".to_owned(), stats)?;
    }
    let store = gathering.finish()?.ok_or("no store")?;
    let stats = store.site("site.example")?;
    println!("{documents} documents of one site, {} kept; peak memory {} MB", stats.len(), peak()?);
    println!("{} things recur", stats.recurring().len());
    Ok(())
}

fn many_sites(sites: usize, documents: usize, blocks: usize) -> Result<(), Box<dyn Error>> {
    let mut gathering = Gathering::default();
    let mut page = page("site.example", blocks);
    // Site by site is how crawls are stored; here the pages of all sites are mixed, the worst order there is.
    for number in 0..documents {
        for site in 0..sites {
            let site = format!("site-{site}.example");
            fill(&mut page, &site, number);
            gathering.add(site, SiteStats::unreadable(&page, &FirstLook::of(&page, vec![0.0; blocks])))?;
        }
    }
    println!("{documents} documents of each of {sites} sites; peak memory {} MB", peak()?);
    let evidence = gathering.into_evidence(None);
    let counted = (0..sites).map(|site| evidence.site(&format!("site-{site}.example"), &[]));
    let with_evidence = counted.filter(|evidence| matches!(evidence, Ok(Some(_)))).count();
    println!("{with_evidence} sites with evidence");
    Ok(())
}

/// A page of a made-up site, of so many blocks.
fn page(site: &str, blocks: usize) -> Page {
    let lines =
        (0..blocks).map(|line| format!("<p class=line{}>Line of the menu of {site}, number {}", line % 40, word(line)));
    Page::read(&Capture::html("a", lines.collect::<String>()))
}

/// Makes the page another document: every second block is its own.
fn fill(page: &mut Page, site: &str, number: usize) {
    page.url = Some(format!("https://{site}/section-{}/{number}", number % 20));
    page.captured_at = Some(format!("2026-{:02}-{:02}T00:00:00Z", 1 + number % 12, 1 + number % 28));
    for (place, block) in page.blocks.iter_mut().enumerate() {
        block.text = if place % 2 == 0 {
            format!("Line {} of the menu of {site}", word(place))
        } else {
            format!("A sentence that stands on this page alone, {} {}", word(number), word(place))
        };
    }
}

/// A number in letters: digits are masked.
fn word(number: usize) -> String {
    number.to_string().bytes().map(|digit| char::from(b'a' + (digit - b'0'))).collect()
}

/// The most memory that the process has had, in megabytes.
fn peak() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM: Linux only")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}
