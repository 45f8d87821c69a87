//! What the F1 that a page's probabilities promise is worth: a table from promised to real F1, of pages that the model had
//! not seen.

use std::fmt::Write;

use dechrome_template::model::Calibration;

/// Groups of pages with like promises, as many in each; those out of order are merged.
const GROUPS: usize = 12;

/// Rows of the reliability table.
const BINS: usize = 10;

/// A page judged by a model that had not seen it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// Its fold.
    pub(crate) fold: usize,
    /// The F1 that its probabilities promised; `None` where nothing was kept.
    pub(crate) promised: Option<f32>,
    /// Its F1.
    pub(crate) real: f32,
}

/// Fits a table. The means of the groups are made to rise by merging neighbours (pool adjacent violators).
pub(crate) fn fit<'a>(samples: impl Iterator<Item = &'a Sample> + Clone) -> Calibration {
    let empty: Vec<f32> =
        samples.clone().filter(|sample| sample.promised.is_none()).map(|sample| sample.real).collect();
    let mut kept: Vec<(f32, f32)> = samples.filter_map(|sample| Some((sample.promised?, sample.real))).collect();
    kept.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut groups: Vec<Group> = Vec::new();
    for pages in kept.chunks(kept.len().div_ceil(GROUPS).max(1)) {
        let mut group = Group::of(pages);
        while let Some(before) = groups.pop_if(|before| before.real >= group.real || before.promised >= group.promised)
        {
            group = group.with(before);
        }
        groups.push(group);
    }
    let round = |value: f32| (value * 1e4).round() / 1e4;
    Calibration {
        // One page of either kind is in doubt.
        empty: round((empty.iter().sum::<f32>() + 1.0) / (empty.len() as f32 + 2.0)),
        knots: groups.iter().map(|group| (round(group.promised), round(group.real))).collect(),
    }
}

/// The means of some pages.
#[derive(Debug, Clone, Copy)]
struct Group {
    promised: f32,
    real: f32,
    pages: f32,
}

impl Group {
    fn of(pages: &[(f32, f32)]) -> Self {
        let mean = |value: fn(&(f32, f32)) -> f32| pages.iter().map(value).sum::<f32>() / pages.len() as f32;
        Self { promised: mean(|page| page.0), real: mean(|page| page.1), pages: pages.len() as f32 }
    }

    fn with(self, other: Self) -> Self {
        let pages = self.pages + other.pages;
        let mean = |a: f32, b: f32| (a * self.pages + b * other.pages) / pages;
        Self { promised: mean(self.promised, other.promised), real: mean(self.real, other.real), pages }
    }
}

/// Predicted against real F1, each fold by a table of the others.
pub(crate) fn reliability(samples: &[Sample]) -> String {
    let mut bins = [(0.0_f32, 0.0_f32, 0_u32); BINS];
    let folds = samples.iter().map(|sample| sample.fold + 1).max().unwrap_or_default();
    for fold in 0..folds {
        let table = fit(samples.iter().filter(|sample| sample.fold != fold));
        for sample in samples.iter().filter(|sample| sample.fold == fold) {
            let predicted = table.confidence(sample.promised);
            let bin = &mut bins[((predicted * BINS as f32) as usize).min(BINS - 1)];
            *bin = (bin.0 + predicted, bin.1 + sample.real, bin.2 + 1);
        }
    }
    let mut report = String::from("  confidence   predicted     real    pages\n");
    let mut off = 0.0;
    for (place, &(predicted, real, pages)) in bins.iter().enumerate().filter(|(_, bin)| bin.2 > 0) {
        let count = pages as f32;
        off += (predicted - real).abs();
        let from = place as f32 / BINS as f32;
        // Writing to a string cannot fail.
        let _ = writeln!(report, "  from {from:.1}     {:9.3} {:8.3} {pages:8}", predicted / count, real / count);
    }
    let _ = writeln!(report, "  mean distance {:.4}", off / samples.len().max(1) as f32);
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Promises that keep half of what they say above .5, and a few pages with nothing kept.
    fn samples() -> Vec<Sample> {
        let kept = (0..1000).map(|page| {
            let promised = page as f32 / 1000.0;
            let noise = if page % 3 == 0 { 0.05 } else { -0.025 };
            Sample { fold: page % 5, promised: Some(promised), real: (promised * 0.5 + 0.3 + noise).clamp(0.0, 1.0) }
        });
        let empty = (0..8).map(|page| Sample { fold: page % 5, promised: None, real: f32::from(u8::from(page < 6)) });
        kept.chain(empty).collect()
    }

    #[test]
    fn the_table_learns_what_promises_are_worth() {
        let table = fit(samples().iter());
        assert!((table.empty - 0.7).abs() < 1e-6);
        for promised in [0.1, 0.5, 0.9] {
            assert!(
                (table.confidence(Some(promised)) - (promised * 0.5 + 0.3)).abs() < 0.03,
                "{promised}: {}",
                table.confidence(Some(promised))
            );
        }
        assert!(table.knots.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
    }

    #[test]
    fn groups_out_of_order_are_merged() {
        let falling: Vec<Sample> = (0..240)
            .map(|page| Sample { fold: 0, promised: Some(page as f32 / 240.0), real: 1.0 - page as f32 / 240.0 })
            .collect();
        assert_eq!(fit(falling.iter()).knots, [(0.4979, 0.5021)]);
        assert!(fit([].iter()).knots.is_empty());
    }

    #[test]
    fn reliability_is_by_pages_that_the_table_had_not_seen() {
        let report = reliability(&samples());
        let pages: u32 =
            report.lines().skip(1).filter_map(|line| line.split_whitespace().nth(4)?.parse::<u32>().ok()).sum();
        assert_eq!(pages, 1008, "{report}");
    }
}
