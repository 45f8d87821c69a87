//! Cross-validation by site, and the final fit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use dechrome_page::Media;
use dechrome_template::features::{Features, SITE_COLUMNS, SiteRow, Vocabulary, is_known, site_rows};
use dechrome_template::model::{BlockModel, Encoder, Forest, Groups, Model, PageModel};
use dechrome_template::{Cues, SiteEvidence};
use rayon::prelude::*;

use crate::count::Counted;
use crate::data::{self, Labelled};
use crate::encode::{Inputs, encoder};
use crate::examples::{groups, partial_evidence, share, weights, whole_evidence};
use crate::fit::{Example, fit, forest_weight};
use crate::judge::{Judged, Validation, judge};
use crate::store::Store;
use crate::trees::{Weighted, fit_forest, fit_site_forest};

/// Folds; the pages of a site are never split between them.
pub(crate) const FOLDS: usize = 10;

/// How often some of a site's other pages are drawn: the more cases of a page the fit sees, the less it rests on single ones.
const DRAWS: usize = 3;

/// Labelled pages of one medium.
pub(crate) struct Set {
    media: Media,
    pub(crate) pages: Vec<Labelled>,
    /// Pages of the same sites written in other ways, or mixed: they are learned from, and nothing is judged by them.
    pub(crate) variants: Vec<Labelled>,
}

/// What is computed once for all folds.
pub(crate) struct Prepared {
    /// Parallel to the set's.
    pages: Vec<PreparedPage>,
    variants: Vec<PreparedPage>,
    encoder: Encoder,
}

/// What is known of a page that no fit changes.
struct PreparedPage {
    features: Features,
    inputs: Inputs,
    groups: Groups,
    weights: Vec<f32>,
    share: f32,
    fold: usize,
}

/// All pages as models see them that know neither them nor their sites. What sites add is fitted to what those models say of other
/// folds' pages, as is usual in stacking: they know pages of the fold that is then judged, its labels reach it that far.
pub(crate) struct HeldOut {
    /// By fold, the models of pages alone that do not know it.
    models: Vec<Model>,
    /// What some of the site's other pages say, in turn few and many, drawn several times, and what all of them say: rows to learn
    /// from, a list for each draw. None for pages alone on their site.
    examples: Vec<Vec<Vec<SiteRow>>>,
    /// What all of the site's other pages say, to be judged by.
    all: Vec<Option<Arc<SiteEvidence>>>,
}

impl Prepared {
    /// The fold of each page.
    pub(crate) fn folds(&self) -> Vec<usize> {
        self.pages.iter().map(|page| page.fold).collect()
    }

    /// The pages of a fold.
    fn fold(&self, fold: usize) -> impl Iterator<Item = usize> + use<'_> {
        self.pages.iter().enumerate().filter(move |(_, page)| page.fold == fold).map(|(index, _)| index)
    }
}

impl Set {
    pub(crate) fn read(media: Media, paths: &[PathBuf]) -> anyhow::Result<Self> {
        let mut pages = Vec::new();
        for path in paths {
            pages.extend(data::read(path)?);
        }
        Ok(Self { media, pages, variants: Vec::new() })
    }

    pub(crate) fn groups(&self) -> usize {
        groups(&self.pages).len()
    }

    /// All that a fit needs. `partition` tells which of the ways to share groups among folds is taken.
    pub(crate) fn prepare(&self, counted: &Counted, partition: u32) -> anyhow::Result<Prepared> {
        let groups = groups(&self.pages);
        let pages_of = |group: &str| groups.get(group).map_or(1, Vec::len);
        let rows = features_of(&self.pages, counted);
        let encoder = encoder(self.media, &rows.iter().map(|features| &features.rows))?;
        let prepare = |(page, features): (&Labelled, Features)| {
            let group = page.group.as_str();
            PreparedPage {
                inputs: Inputs::of(&encoder, &features.rows),
                groups: Groups::of(&page.page, &features),
                weights: weights(page, pages_of(group)),
                share: share(pages_of(group)),
                fold: fold(group, partition),
                features,
            }
        };
        let pages = self.pages.par_iter().zip(rows).map(prepare).collect();
        let variants = self.variants.par_iter().zip(features_of(&self.variants, counted)).map(prepare).collect();
        Ok(Prepared { pages, variants, encoder })
    }

    /// What the folds teach about each other's pages.
    pub(crate) fn hold_out(
        &self,
        counted: &Counted,
        prepared: &Prepared,
        store: Option<&Store>,
    ) -> anyhow::Result<HeldOut> {
        let fit = |fold: usize| {
            let sites: BTreeSet<&str> = prepared.fold(fold).map(|page| self.pages[page].group.as_str()).collect();
            let page = self.fit_pages(prepared, Some(fold))?;
            let vocabulary = counted.vocabulary(&sites.into_iter().collect::<Vec<_>>());
            Ok(model(vocabulary, BlockModel { page, ..BlockModel::default() }))
        };
        let model = |fold: usize| store.map_or_else(|| fit(fold), |store| store.get_or(fold, || fit(fold)));
        let models: Vec<Model> = (0..FOLDS).into_par_iter().map(model).collect::<anyhow::Result<_>>()?;
        let alone = |(page, prepared): (&Labelled, &PreparedPage)| {
            let model = &models[prepared.fold];
            let rows = features(page, &model.vocabulary).rows;
            let model = &model.blocks(page.page.media).page;
            (model.odds(&rows, &prepared.groups), model.generic_probabilities(&rows))
        };
        let (odds, generic): (Vec<_>, Vec<_>) = self.pages.par_iter().zip(&prepared.pages).map(alone).unzip();
        let draw = |draw: usize| self.by_group(&generic, |pages, content| partial_evidence(pages, content, draw));
        let some: Vec<_> = (0..DRAWS).map(draw).collect();
        let all = self.by_group(&generic, whole_evidence);
        let examples = (0..self.pages.len()).into_par_iter().map(|index| {
            let page = &self.pages[index].page;
            let rows = |site: &SiteEvidence| site_rows(page, &site.of_page(page), &odds[index]);
            let sites = some.iter().filter_map(|sites| sites[index].as_ref()).chain(all[index].as_deref());
            sites.map(rows).filter(|rows| rows.iter().any(is_known)).collect()
        });
        Ok(HeldOut { models, examples: examples.collect(), all })
    }

    /// All pages, judged by what the other folds teach.
    pub(crate) fn cross_validate(&self, prepared: &Prepared, held_out: &HeldOut) -> anyhow::Result<Validation> {
        let mut validation = Validation {
            alone: vec![Judged::default(); self.pages.len()],
            learned: vec![Judged::default(); self.pages.len()],
        };
        for fold in 0..FOLDS {
            let mut model = held_out.models[fold].clone();
            let site = self.fit_sites(prepared, held_out, Some(fold))?;
            (model.html.site, model.flat.site) = (site.clone(), site);
            let judge = |page: usize| {
                let labelled = &self.pages[page];
                (page, judge(labelled, &model, None), judge(labelled, &model, held_out.all[page].as_deref()))
            };
            let pages: Vec<usize> = prepared.fold(fold).collect();
            for (page, alone, learned) in pages.into_par_iter().map(judge).collect::<Vec<_>>() {
                (validation.alone[page], validation.learned[page]) = (alone, learned);
            }
        }
        Ok(validation)
    }

    /// The final model, from all pages.
    pub(crate) fn fit(&self, prepared: &Prepared, held_out: &HeldOut) -> anyhow::Result<BlockModel> {
        Ok(BlockModel { page: self.fit_pages(prepared, None)?, site: self.fit_sites(prepared, held_out, None)? })
    }

    /// What pages alone say, from the pages of all folds but one and their variants.
    fn fit_pages<'a>(&'a self, prepared: &'a Prepared, held_out: Option<usize>) -> anyhow::Result<PageModel> {
        let pages = || but(&prepared.pages, held_out).map(|(page, prepared)| (&self.pages[page], prepared));
        let variants = || but(&prepared.variants, held_out).map(|(page, prepared)| (&self.variants[page], prepared));
        let all = || pages().chain(variants());
        let tree = |(page, prepared): (&'a Labelled, &'a PreparedPage)| Weighted {
            rows: &prepared.features.rows,
            labels: &page.labels,
            weights: &prepared.weights,
        };
        let network = |(page, prepared): (&'a Labelled, &'a PreparedPage)| Example {
            inputs: &prepared.inputs,
            labels: &page.labels,
            weights: &prepared.weights,
            words: &prepared.features.words,
            groups: &prepared.groups,
            share: prepared.share,
        };
        let trees: Vec<_> = all().map(tree).collect();
        let networks: Vec<_> = all().map(network).collect();
        Ok(PageModel {
            forest: fit_forest(self.media, &trees)?,
            ensemble: fit(self.media, &prepared.encoder, &networks)?,
            forest_weight: forest_weight(self.media),
        })
    }

    /// What their sites add, from the pages of all folds but one.
    fn fit_sites(
        &self,
        prepared: &Prepared,
        pages: &HeldOut,
        held_out: Option<usize>,
    ) -> anyhow::Result<Forest<SITE_COLUMNS>> {
        let mut weighted = Vec::new();
        for (page, PreparedPage { weights, .. }) in but(&prepared.pages, held_out) {
            weighted.extend(pages.examples[page].iter().map(|rows| Weighted {
                rows,
                labels: &self.pages[page].labels,
                weights,
            }));
        }
        fit_site_forest(&weighted)
    }

    /// What is made of each group's pages and their contents, by page.
    fn by_group<E>(
        &self,
        content: &[Vec<f32>],
        make: impl Fn(&[&Labelled], &[&[f32]]) -> Vec<Option<E>>,
    ) -> Vec<Option<E>> {
        let mut all: Vec<Option<E>> = self.pages.iter().map(|_| None).collect();
        for indices in groups(&self.pages).values() {
            let pages: Vec<&Labelled> = indices.iter().map(|&index| &self.pages[index]).collect();
            let content: Vec<&[f32]> = indices.iter().map(|&index| content[index].as_slice()).collect();
            for (&index, evidence) in indices.iter().zip(make(&pages, &content)) {
                all[index] = evidence;
            }
        }
        all
    }
}

/// The pages of all folds but one, with their indices.
fn but(pages: &[PreparedPage], held_out: Option<usize>) -> impl Iterator<Item = (usize, &PreparedPage)> {
    pages.iter().enumerate().filter(move |(_, page)| Some(page.fold) != held_out)
}

/// What each page shows under a vocabulary that has not seen its own site, nor that of the chrome around it.
fn features_of(pages: &[Labelled], counted: &Counted) -> Vec<Features> {
    let unseen: BTreeSet<Vec<&str>> = pages.iter().map(Labelled::sites).collect();
    let vocabularies: BTreeMap<_, _> =
        unseen.into_par_iter().map(|sites| (sites.clone(), counted.vocabulary(&sites))).collect();
    pages.par_iter().map(|page| features(page, &vocabularies[&page.sites()])).collect()
}

/// What a page shows, in the words of a vocabulary.
fn features(page: &Labelled, vocabulary: &Vocabulary) -> Features {
    Features::of(&page.page, vocabulary, Cues::embedded())
}

/// A model for pages of one medium only.
fn model(vocabulary: Vocabulary, blocks: BlockModel) -> Model {
    Model { columns: Model::column_names(), vocabulary, html: blocks.clone(), flat: blocks }
}

/// The fold of a group: its name's hash, or another one for each partition but the first.
pub(crate) fn fold(group: &str, partition: u32) -> usize {
    let hash = match partition {
        0 => dechrome_page::word_hash(group),
        _ => dechrome_page::word_hash(&format!("{partition}{group}")),
    };
    hash as usize % FOLDS
}
