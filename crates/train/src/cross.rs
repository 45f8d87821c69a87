//! Cross-validation by site, and the final fit.

use std::collections::HashMap;
use std::path::PathBuf;

use dechrome_template::features::{Features, Row, Vocabulary};
use dechrome_template::model::{BlockModel, Cut, Encoder, Favor, Groups};
use dechrome_template::{Cues, SiteEvidence};
use rayon::prelude::*;

use crate::calibrate::Sample;
use crate::count::Counted;
use crate::data::{self, Labelled};
use crate::encode::{Inputs, encoder};
use crate::examples::{evidence, groups, partial_evidence, share, weights, with_site};
use crate::fit::{Example, fit};
use crate::score::{self, Score};
use crate::trees::{Weighted, fit_forest};

/// Folds; the pages of a site are never split between them.
const FOLDS: usize = 5;

/// Labelled pages of one medium.
pub(crate) struct Set {
    pub(crate) pages: Vec<Labelled>,
}

/// What is computed once for all folds. Everything is parallel to the pages.
pub(crate) struct Prepared {
    pages: Vec<PreparedPage>,
    /// Probabilities by a model that knows neither the page's site nor any site's columns.
    generic: Vec<Vec<f32>>,
    encoded: Encoded,
}

/// What is known of a page that no fit changes.
struct PreparedPage {
    features: Features,
    groups: Groups,
    weights: Vec<f32>,
    share: f32,
    fold: usize,
}

/// Pages as networks see them, each alone and, where its site has others, with some of them learned.
struct Encoded {
    encoder: Encoder,
    alone: Vec<Inputs>,
    partial: Vec<Option<(Vec<Row>, Inputs)>>,
}

/// Probabilities of a page that was held out: alone, and with its site's other pages learned.
struct HeldOut {
    page: usize,
    alone: Vec<f32>,
    learned: Vec<f32>,
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

    /// All that a fit needs. `partition` tells which of the ways to share groups among folds is taken.
    pub(crate) fn prepare(&self, counted: &Counted, partition: u32) -> anyhow::Result<Prepared> {
        let pages = self.prepare_pages(counted, partition);
        let generic = self.generic_content(&pages)?;
        let encoded = self.encode(&pages, &self.partial_evidence(&generic))?;
        Ok(Prepared { pages, generic, encoded })
    }

    /// Rows under vocabularies that have not seen the page's own site.
    fn prepare_pages(&self, counted: &Counted, partition: u32) -> Vec<PreparedPage> {
        let groups = groups(&self.pages);
        let vocabularies: HashMap<&str, Vocabulary> =
            groups.par_iter().map(|(&group, _)| (group, counted.vocabulary(Some(group)))).collect();
        let prepare = |page: &Labelled| {
            let group = page.group.as_str();
            let features = Features::of(&page.page, &vocabularies[group], Cues::embedded());
            PreparedPage {
                groups: Groups::of(&page.page, &features.words),
                weights: weights(page, groups[group].len()),
                share: share(groups[group].len()),
                fold: fold(group, partition),
                features,
            }
        };
        self.pages.par_iter().map(prepare).collect()
    }

    /// The whole table: pages alone, and with their site's other pages learned; and what the promises of both were worth.
    pub(crate) fn cross_validate(&self, prepared: &Prepared) -> anyhow::Result<(String, Vec<Sample>)> {
        let whole = self.whole_evidence(&prepared.generic);
        let held_out = (0..FOLDS).into_par_iter().map(|fold| self.judge_fold(prepared, &whole, fold));
        let mut alone = vec![Vec::new(); self.pages.len()];
        let mut learned = vec![Vec::new(); self.pages.len()];
        for judged in held_out.collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten() {
            alone[judged.page] = judged.alone;
            learned[judged.page] = judged.learned;
        }
        let (alone, learned) = (self.scores(&prepared.pages, &alone), self.scores(&prepared.pages, &learned));
        let samples = alone.iter().chain(&learned).zip(prepared.pages.iter().cycle());
        let sample = |((score, promised), page): (&(Score, Option<f32>), &PreparedPage)| Sample {
            fold: page.fold,
            promised: *promised,
            real: score.f1,
        };
        let samples = samples.map(sample).collect();
        let table = |scores: &[(Score, Option<f32>)]| {
            score::table(&self.pages, &scores.iter().map(|(score, _)| *score).collect::<Vec<_>>())
        };
        Ok((format!("pages alone:\n{}\nlearned:\n{}", table(&alone), table(&learned)), samples))
    }

    /// The pages of a fold, judged by what the others teach.
    fn judge_fold(
        &self,
        prepared: &Prepared,
        whole: &[Option<SiteEvidence>],
        fold: usize,
    ) -> anyhow::Result<Vec<HeldOut>> {
        let model = self.fit_without(prepared, Some(fold))?;
        let judge = |page: usize| {
            let PreparedPage { features, groups, .. } = &prepared.pages[page];
            let alone = model.probabilities(&features.rows, groups);
            let learned = whole[page].as_ref().map_or_else(
                || alone.clone(),
                |site| model.probabilities(&with_site(&self.pages[page].page, &features.rows, site), groups),
            );
            HeldOut { page, alone, learned }
        };
        Ok(of_fold(&prepared.pages, fold).into_par_iter().map(judge).collect())
    }

    /// The final model, from all pages.
    pub(crate) fn fit(&self, prepared: &Prepared) -> anyhow::Result<BlockModel> {
        self.fit_without(prepared, None)
    }

    fn fit_without(&self, prepared: &Prepared, held_out: Option<usize>) -> anyhow::Result<BlockModel> {
        let Prepared { pages, encoded, .. } = prepared;
        let examples = self.examples(pages, encoded, held_out);
        let weighted: Vec<Weighted<'_>> = examples.iter().map(Example::weighted).collect();
        Ok(BlockModel { forest: fit_forest(&weighted)?, ensemble: fit(&encoded.encoder, &examples)? })
    }

    /// The pages of all folds but one, of no known site.
    fn alone<'a>(&'a self, pages: &'a [PreparedPage], held_out: usize) -> Vec<Weighted<'a>> {
        let pages = self.pages.iter().zip(pages).filter(|(_, prepared)| prepared.fold != held_out);
        let weighted = |(page, prepared): (&'a Labelled, &'a PreparedPage)| Weighted {
            rows: &prepared.features.rows,
            labels: &page.labels,
            weights: &prepared.weights,
        };
        pages.map(weighted).collect()
    }

    /// Each page's probabilities by trees that know neither its site nor any site's columns, as the program asks them
    /// (`BlockModel::generic_probabilities`).
    fn generic_content(&self, pages: &[PreparedPage]) -> anyhow::Result<Vec<Vec<f32>>> {
        let judge = |fold: usize| {
            let forest = fit_forest(&self.alone(pages, fold))?;
            let judged = of_fold(pages, fold)
                .into_par_iter()
                .map(|page| (page, forest.odds(&pages[page].features.rows).into_iter().map(probability).collect()));
            Ok(judged.collect::<Vec<_>>())
        };
        let judged: Vec<_> = (0..FOLDS).into_par_iter().map(judge).collect::<anyhow::Result<_>>()?;
        let mut content = vec![Vec::new(); pages.len()];
        judged.into_iter().flatten().for_each(|(page, judged)| content[page] = judged);
        Ok(content)
    }

    /// The pages as networks see them, alone and with this evidence.
    fn encode(&self, pages: &[PreparedPage], sites: &[Option<SiteEvidence>]) -> anyhow::Result<Encoded> {
        let with_site = |((page, prepared), site): ((&Labelled, &PreparedPage), &Option<SiteEvidence>)| {
            site.as_ref().map(|site| with_site(&page.page, &prepared.features.rows, site))
        };
        let learned: Vec<Option<Vec<Row>>> = self.pages.par_iter().zip(pages).zip(sites).map(with_site).collect();
        let encoder = encoder(&pages.iter().map(|page| &page.features.rows), &learned.iter().flatten())?;
        let inputs = |rows: &[Row]| Inputs::of(&encoder, rows);
        let with_inputs = |rows: Vec<Row>| {
            let inputs = inputs(&rows);
            (rows, inputs)
        };
        Ok(Encoded {
            alone: pages.par_iter().map(|page| inputs(&page.features.rows)).collect(),
            partial: learned.into_par_iter().map(|rows| rows.map(with_inputs)).collect(),
            encoder,
        })
    }

    /// The pages of all folds but one, each alone and, where there is evidence of its site, with it.
    fn examples<'a>(
        &'a self,
        pages: &'a [PreparedPage],
        encoded: &'a Encoded,
        held_out: Option<usize>,
    ) -> Vec<Example<'a>> {
        let mut all = Vec::new();
        for index in (0..pages.len()).filter(|&index| Some(pages[index].fold) != held_out) {
            let PreparedPage { features, groups, weights, share, .. } = &pages[index];
            let (labels, words, share) = (&self.pages[index].labels, &features.words, *share);
            let example =
                |rows: &'a [Row], inputs: &'a Inputs| Example { rows, inputs, labels, weights, words, groups, share };
            all.push(example(&features.rows, &encoded.alone[index]));
            all.extend(encoded.partial[index].as_ref().map(|(rows, inputs)| example(rows, inputs)));
        }
        all
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
    fn scores(&self, pages: &[PreparedPage], content: &[Vec<f32>]) -> Vec<(Score, Option<f32>)> {
        let score = |((page, prepared), content): ((&Labelled, &PreparedPage), &Vec<f32>)| {
            let cut = Cut::of(content, &prepared.features.words, Favor::Balance);
            let keep: Vec<bool> = content.iter().map(|&content| content >= cut.at).collect();
            let promised = keep.contains(&true).then_some(cut.expected);
            (score::page(page, &keep), promised)
        };
        self.pages.par_iter().zip(pages).zip(content).map(score).collect()
    }
}

fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// The pages of a fold.
fn of_fold(pages: &[PreparedPage], fold: usize) -> Vec<usize> {
    (0..pages.len()).filter(|&page| pages[page].fold == fold).collect()
}

/// The fold of a group: its name's hash, or another one for each partition but the first.
fn fold(group: &str, partition: u32) -> usize {
    let hash = match partition {
        0 => dechrome_page::word_hash(group),
        _ => dechrome_page::word_hash(&format!("{partition}{group}")),
    };
    hash as usize % FOLDS
}
