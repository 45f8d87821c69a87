//! Cross-validation by site, and the final fit.

use std::path::PathBuf;

use dechrome_template::features::{Features, Row, Vocabulary, hash_words};
use dechrome_template::model::{Cut, Favor, Forest};
use dechrome_template::{Cues, SiteEvidence};
use rayon::prelude::*;
use std::collections::HashMap;

use crate::calibrate::Sample;
use crate::count::Counted;
use crate::data::{self, Labelled};
use crate::examples::{evidence, examples, groups, partial_evidence, weights, with_site};
use crate::fit::{Example, fit};
use crate::score::{self, Score};

/// Folds; the pages of a site are never split between them.
const FOLDS: usize = 5;

/// Labelled pages of one medium.
pub(crate) struct Set {
    pub(crate) pages: Vec<Labelled>,
}

/// What is computed once for all folds. Everything is parallel to the pages.
struct Prepared {
    rows: Vec<Vec<Row>>,
    weights: Vec<Vec<f32>>,
    folds: Vec<usize>,
}

impl Set {
    pub(crate) fn read(paths: &[PathBuf]) -> anyhow::Result<Self> {
        let mut pages = Vec::new();
        for path in paths {
            pages.extend(data::read(path)?);
        }
        Ok(Self { pages })
    }

    pub(crate) fn groups(&self) -> usize {
        groups(&self.pages).len()
    }

    /// Rows under vocabularies that have not seen the page's own site.
    fn prepare(&self, counted: &Counted) -> Prepared {
        let groups = groups(&self.pages);
        let vocabularies: HashMap<&str, Vocabulary> =
            groups.par_iter().map(|(&group, _)| (group, counted.vocabulary(Some(group)))).collect();
        let rows = self
            .pages
            .par_iter()
            .map(|page| Features::of(&page.page, &vocabularies[page.group.as_str()], Cues::embedded()).rows);
        Prepared {
            rows: rows.collect(),
            weights: self.pages.iter().map(|page| weights(page, groups[page.group.as_str()].len())).collect(),
            folds: self.pages.iter().map(|page| fold(&page.group)).collect(),
        }
    }

    /// The whole table: pages alone, and with their site's other pages learned; and what the promises of both were worth.
    pub(crate) fn cross_validate(&self, counted: &Counted) -> anyhow::Result<(String, Vec<Sample>)> {
        let prepared = self.prepare(counted);
        let generic = self.generic_content(&prepared)?;
        let partial = self.partial_evidence(&generic);
        let whole = self.whole_evidence(&generic);
        let mut alone = vec![Vec::new(); self.pages.len()];
        let mut learned = vec![Vec::new(); self.pages.len()];
        for held_out in 0..FOLDS {
            let forest = self.fit_without(&prepared, Some(&partial), Some(held_out))?;
            for page in (0..self.pages.len()).filter(|&page| prepared.folds[page] == held_out) {
                alone[page] = probabilities(&forest, &prepared.rows[page]);
                let rows = match &whole[page] {
                    Some(evidence) => with_site(&self.pages[page].page, &prepared.rows[page], evidence),
                    None => prepared.rows[page].clone(),
                };
                learned[page] = probabilities(&forest, &rows);
            }
        }
        let (alone, learned) = (self.scores(&alone), self.scores(&learned));
        let samples = alone.iter().chain(&learned).zip(prepared.folds.iter().cycle());
        let samples = samples.map(|((score, promised), &fold)| Sample { fold, promised: *promised, real: score.f1 });
        let table = |scores: &[(Score, Option<f32>)]| {
            score::table(&self.pages, &scores.iter().map(|(score, _)| *score).collect::<Vec<_>>())
        };
        Ok((format!("pages alone:\n{}\nlearned:\n{}", table(&alone), table(&learned)), samples.collect()))
    }

    /// The final forest, from all pages.
    pub(crate) fn fit(&self, counted: &Counted) -> anyhow::Result<Forest> {
        let prepared = self.prepare(counted);
        let generic = self.generic_content(&prepared)?;
        let partial = self.partial_evidence(&generic);
        self.fit_without(&prepared, Some(&partial), None)
    }

    /// Each page's probabilities by a forest that knows neither its site nor any site's columns.
    fn generic_content(&self, prepared: &Prepared) -> anyhow::Result<Vec<Vec<f32>>> {
        let mut content = vec![Vec::new(); self.pages.len()];
        for held_out in 0..FOLDS {
            let forest = self.fit_without(prepared, None, Some(held_out))?;
            for page in (0..self.pages.len()).filter(|&page| prepared.folds[page] == held_out) {
                content[page] = probabilities(&forest, &prepared.rows[page]);
            }
        }
        Ok(content)
    }

    fn fit_without(
        &self,
        prepared: &Prepared,
        partial: Option<&[Option<SiteEvidence>]>,
        held_out: Option<usize>,
    ) -> anyhow::Result<Forest> {
        let mut all: Vec<Example> = Vec::new();
        for index in (0..self.pages.len()).filter(|&index| Some(prepared.folds[index]) != held_out) {
            let (page, rows, weights) = (&self.pages[index], &prepared.rows[index], &prepared.weights[index]);
            all.extend(examples(page, rows, weights));
            if let Some(evidence) = partial.and_then(|partial| partial[index].as_ref()) {
                all.extend(examples(page, &with_site(&page.page, rows, evidence), weights));
            }
        }
        fit(&all.iter().collect::<Vec<_>>())
    }

    fn partial_evidence(&self, content: &[Vec<f32>]) -> Vec<Option<SiteEvidence>> {
        self.by_group(content, partial_evidence)
    }

    /// The evidence of all pages of a site; a page's own is left out where it is applied.
    fn whole_evidence(&self, content: &[Vec<f32>]) -> Vec<Option<SiteEvidence>> {
        self.by_group(content, |pages, content| {
            let all = || evidence(pages.iter().map(|page| &page.page).zip(content.iter().copied()));
            pages.iter().map(|_| (pages.len() > 1).then(all)).collect()
        })
    }

    fn by_group(
        &self,
        content: &[Vec<f32>],
        make: impl Fn(&[&Labelled], &[&[f32]]) -> Vec<Option<SiteEvidence>>,
    ) -> Vec<Option<SiteEvidence>> {
        let mut all: Vec<Option<SiteEvidence>> = self.pages.iter().map(|_| None).collect();
        for indices in groups(&self.pages).values() {
            let pages: Vec<&Labelled> = indices.iter().map(|&index| &self.pages[index]).collect();
            let content: Vec<&[f32]> = indices.iter().map(|&index| content[index].as_slice()).collect();
            for (&index, evidence) in indices.iter().zip(make(&pages, &content)) {
                all[index] = evidence;
            }
        }
        all
    }

    /// Each page's score, and the F1 that its cut promised; `None` where nothing was kept.
    fn scores(&self, content: &[Vec<f32>]) -> Vec<(Score, Option<f32>)> {
        self.pages
            .par_iter()
            .zip(content)
            .map(|(page, content)| {
                let mut hashes = Vec::new();
                let words: Vec<u32> = page
                    .page
                    .blocks
                    .iter()
                    .map(|block| {
                        hash_words(&block.text, &mut hashes);
                        hashes.len() as u32
                    })
                    .collect();
                let cut = Cut::of(content, &words, Favor::Balance);
                let keep: Vec<bool> = content.iter().map(|&content| content >= cut.at).collect();
                let promised = keep.contains(&true).then_some(cut.expected);
                (score::page(page, &keep), promised)
            })
            .collect()
    }
}

fn probabilities(forest: &Forest, rows: &[Row]) -> Vec<f32> {
    rows.iter().map(|row| forest.probability(row)).collect()
}

/// The fold of a group: its name's hash.
fn fold(group: &str) -> usize {
    dechrome_page::word_hash(group) as usize % FOLDS
}
