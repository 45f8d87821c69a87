//! What the expected F1 of a page has been worth.

use std::sync::LazyLock;

use dechrome_page::Media;
use serde::{Deserialize, Serialize};

/// The tables that `crates/train` wrote, from pages that the model they were judged by had not seen.
static TABLES: &str = include_str!("../../model/calibration.toml");

/// From the F1 that a page's probabilities promise to the F1 that such pages had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The F1 of pages of which nothing was kept: the share of them that have nothing to keep.
    pub empty: f32,
    /// Promised and real F1, both ascending; between them it is interpolated.
    pub knots: Vec<(f32, f32)>,
}

/// A table for each medium.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibrations {
    /// For HTML pages.
    pub html: Calibration,
    /// For flat text.
    pub flat: Calibration,
}

impl Calibrations {
    /// The tables that this crate was built with.
    ///
    /// # Panics
    /// Never in a crate that passed its tests: they read the tables.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Calibrations> =
            LazyLock::new(|| toml::from_str(TABLES).expect("the embedded tables are TOML"));
        &EMBEDDED
    }

    /// The table for pages of this medium.
    pub fn of(&self, media: Media) -> &Calibration {
        match media {
            Media::Html => &self.html,
            Media::Text => &self.flat,
        }
    }
}

impl Calibration {
    /// The F1 that pages with this promise had, or of which nothing was kept, 0 to 1.
    pub fn confidence(&self, promised: Option<f32>) -> f32 {
        promised.map_or(self.empty, |promised| self.real(promised))
    }

    /// The F1 that pages with this promise had, 0 to 1. Below the first knot it falls in proportion.
    fn real(&self, promised: f32) -> f32 {
        let after = self.knots.partition_point(|&(knot, _)| knot < promised);
        let (low, from) = after.checked_sub(1).map_or((0.0, 0.0), |before| self.knots[before]);
        let Some(&(high, to)) = self.knots.get(after) else { return from };
        if high > low { from + (to - from) * (promised - low) / (high - low) } else { to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolates_between_knots() {
        let table = Calibration { empty: 0.5, knots: vec![(0.4, 0.5), (0.8, 0.9), (0.9, 0.95)] };
        for (promised, real) in [(0.0, 0.0), (0.2, 0.25), (0.4, 0.5), (0.6, 0.7), (0.85, 0.925), (1.0, 0.95)] {
            assert!((table.real(promised) - real).abs() < 1e-6, "{promised}: {}", table.real(promised));
        }
        assert!(Calibration { empty: 0.5, knots: Vec::new() }.real(0.7).abs() < f32::EPSILON);
    }

    #[test]
    fn the_embedded_tables_rise() {
        let tables = Calibrations::embedded();
        for table in [&tables.html, &tables.flat] {
            let rises = |pair: &[(f32, f32)]| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1;
            assert!(table.knots.len() >= 3 && table.knots.windows(2).all(rises));
            assert!((0.0..=1.0).contains(&table.empty) && table.knots.iter().all(|knot| (0.0..=1.0).contains(&knot.1)));
        }
    }
}
