//! Fits the block model. See `--help`.
mod align;
mod count;
mod data;

use std::io::Write;
use std::path::PathBuf;

use ahash::AHashMap;
use clap::Parser;
use dechrome_template::features;

#[derive(Parser)]
struct Options {
    datasets: Vec<PathBuf>,
    #[arg(long)]
    dump: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut pages = Vec::new();
    for path in &options.datasets {
        pages.extend(data::read(path)?);
    }
    let counted = count::Counted::of(&pages);
    let mut vocabularies: AHashMap<&str, features::Vocabulary> = AHashMap::new();
    let mut out = std::io::BufWriter::new(std::fs::File::create(&options.dump)?);
    let mut index = std::io::BufWriter::new(std::fs::File::create(options.dump.with_extension("jsonl"))?);
    for page in &pages {
        let vocabulary = vocabularies.entry(&page.group).or_insert_with(|| counted.vocabulary(Some(&page.group)));
        let rows = features::rows(&page.page, vocabulary);
        let mut words = Vec::new();
        for row in &rows {
            for value in row {
                out.write_all(&value.to_le_bytes())?;
            }
        }
        let blocks: Vec<_> = page
            .page
            .blocks
            .iter()
            .zip(&page.labels)
            .map(|(b, &l)| {
                features::hash_words(&b.text, &mut words);
                let path = features::path_key(&page.page.outline, b.node);
                let parent = features::path_key(&page.page.outline, page.page.outline.node(b.node).parent);
                (b.text.as_str(), u8::from(l), words.len(), (path >> 1) as i64, (parent >> 1) as i64)
            })
            .collect();
        serde_json::to_writer(
            &mut index,
            &serde_json::json!({"id": page.page.id, "group": page.group, "truth": page.truth, "headline": page.headline, "page_type": page.page_type, "blocks": blocks}),
        )?;
        index.write_all(b"\n")?;
    }
    eprintln!("{} pages, {} columns {}", pages.len(), features::COLUMNS, features::NAMES.join(","));
    std::fs::write(options.dump.with_extension("names"), features::NAMES.join("\n"))?;
    Ok(())
}
