//! What the program makes of labelled pages with models that had not seen them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use dechrome_template::model::Model;
use dechrome_template::{SiteEvidence, Template};
use dechrome_text::Document;
use rayon::prelude::*;

use crate::calibrate::Sample;
use crate::data::Labelled;
use crate::score::{self, Score};

/// What the program made of a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Judged {
    text: String,
    /// The F1 that its probabilities promised; `None` where nothing was kept.
    promised: Option<f32>,
}

/// Judges a page as `dechrome clean` does.
pub(crate) fn judge(page: &Labelled, model: &Model, site: Option<&SiteEvidence>) -> Judged {
    let template = Template::of(model);
    let template = site.map_or(template, |site| template.with_evidence(site));
    let judgement = template.judge(&page.page);
    Judged { text: Document::of(&page.page, &page.group, &judgement).text, promised: judgement.promised }
}

/// All pages of a set, each judged by a model that had seen neither it nor its site. The lists are parallel to the set's pages.
#[derive(Debug, Clone)]
pub(crate) struct Validation {
    /// Each page alone.
    pub(crate) alone: Vec<Judged>,
    /// With its site's other pages learned.
    pub(crate) learned: Vec<Judged>,
}

impl Validation {
    /// The table of both.
    pub(crate) fn table(&self, pages: &[Labelled]) -> String {
        let table = |judged: &[Judged]| score::table(pages, &scores(pages, judged));
        format!("pages alone:\n{}\nlearned:\n{}", table(&self.alone), table(&self.learned))
    }

    /// What the promises of both were worth. `folds` is parallel to the pages.
    pub(crate) fn samples(&self, pages: &[Labelled], folds: &[usize]) -> Vec<Sample> {
        let samples = |judged: &[Judged]| {
            let scores = scores(pages, judged);
            let sample = |((score, judged), &fold): ((Score, &Judged), &usize)| Sample {
                fold,
                promised: judged.promised,
                real: score.f1,
            };
            scores.into_iter().zip(judged).zip(folds).map(sample).collect::<Vec<_>>()
        };
        [samples(&self.alone), samples(&self.learned)].concat()
    }

    /// Writes the texts as JSON Lines with `id` and `text`, as scorers read them.
    pub(crate) fn write(&self, pages: &[Labelled], directory: &Path, name: &str) -> anyhow::Result<()> {
        for (kind, judged) in [("alone", &self.alone), ("learned", &self.learned)] {
            let path = directory.join(format!("{name}-{kind}.jsonl"));
            let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
            let mut lines = BufWriter::new(file);
            for (page, judged) in pages.iter().zip(judged) {
                writeln!(lines, "{}", serde_json::json!({ "id": page.page.id, "text": judged.text }))?;
            }
            lines.flush()?;
        }
        Ok(())
    }
}

fn scores(pages: &[Labelled], judged: &[Judged]) -> Vec<Score> {
    pages.par_iter().zip(judged).map(|(page, judged)| score::page(page, &judged.text)).collect()
}
