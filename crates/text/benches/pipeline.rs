//! The stages of cleaning a page, one after the other, over `fixtures/pages`.
//!
//! Throughput is in pages and in bytes of the page as it was read, for each stage, so that figures compare.
#![allow(missing_docs)] // criterion's macros write items without any

use std::hint::black_box;
use std::path::Path;
use std::{fs, io};

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use dechrome_page::{Capture, Media, Page};
use dechrome_template::{Template, Verdict};
use dechrome_text::{Document, Format, Writer};
use scraper::Html;

/// A page after each stage.
struct Stages {
    capture: Capture,
    page: Page,
    verdicts: Vec<Verdict>,
}

impl Stages {
    fn of(capture: Capture) -> Self {
        let page = Page::read(&capture);
        let verdicts = Template::generic().classify(&page);
        Self { capture, page, verdicts }
    }

    /// The same page as a text crawl holds it: a line a block.
    fn flattened(&self) -> Self {
        let lines: Vec<&str> = self.page.blocks.iter().map(|block| block.text.as_str()).collect();
        Self::of(Capture::text(self.capture.id.as_str(), lines.join("\n")))
    }
}

/// The pages of `fixtures/pages`, by name.
fn pages() -> io::Result<Vec<Stages>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pages");
    let mut paths: Vec<_> = fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
    paths.sort();
    paths.iter().map(|path| Ok(Stages::of(Capture::html(path.to_string_lossy(), fs::read_to_string(path)?)))).collect()
}

fn write(stages: &Stages) -> Option<Vec<u8>> {
    let document = Document::new(&stages.page, "site.example", &stages.verdicts);
    let mut writer = Writer::new(Vec::new(), Format::JsonLines);
    writer.write(&document).ok()?;
    writer.finish().ok()
}

fn stages(group: &mut BenchmarkGroup<'_, WallTime>, pages: &[Stages]) {
    let bytes = pages.iter().map(|stages| stages.capture.body.len() as u64).sum();
    group.throughput(Throughput::ElementsAndBytes { elements: pages.len() as u64, bytes });
    let template = Template::generic();
    if pages.iter().all(|stages| stages.capture.media == Media::Html) {
        // The parser alone, without our limits: what `read` costs more is decoding, metadata, outline and blocks.
        let texts: Vec<_> = pages.iter().map(|stages| String::from_utf8_lossy(&stages.capture.body)).collect();
        group.bench_function("parse", |b| {
            b.iter(|| texts.iter().for_each(|text| drop(black_box(Html::parse_document(black_box(text))))));
        });
    }
    group.bench_function("read", |b| {
        b.iter(|| pages.iter().for_each(|stages| drop(black_box(Page::read(black_box(&stages.capture))))));
    });
    group.bench_function("classify", |b| {
        b.iter(|| pages.iter().for_each(|stages| drop(black_box(template.classify(black_box(&stages.page))))));
    });
    group.bench_function("write", |b| {
        b.iter(|| pages.iter().for_each(|stages| drop(black_box(write(black_box(stages))))));
    });
}

fn pipeline(criterion: &mut Criterion) {
    let html = pages().expect("fixtures/pages");
    let text: Vec<Stages> = html.iter().map(Stages::flattened).collect();
    assert!(text.iter().all(|stages| stages.capture.media == Media::Text));
    stages(&mut criterion.benchmark_group("html"), &html);
    stages(&mut criterion.benchmark_group("text"), &text);
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
