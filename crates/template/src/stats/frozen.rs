//! Evidence made of counts alone, as a template holds them, instead of the documents. Nobody knows whose they are, so a
//! page is taken for one of those counted: it is no witness, and one count of each is its own. Where there are few, that
//! would leave nothing, and the page is taken for another.

use super::epochs::Epochs;
use super::evidence::SiteEvidence;
use super::tables::Sums;

/// Documents from which a page is taken for one of those counted.
pub(crate) const FEW_DOCUMENTS: u32 = 4;

/// Characters that shares are made of: as many as they have digits.
const CHARS: f32 = 100_000.0;

/// What is known of a line: shares as in [`BlockEvidence`](super::BlockEvidence).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LineCounts {
    pub(crate) documents: u32,
    pub(crate) after: Option<f32>,
    pub(crate) before: Option<f32>,
}

/// What is known of a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathCounts {
    pub(crate) documents: u32,
    pub(crate) recurs: f32,
    pub(crate) content: f32,
}

impl SiteEvidence {
    /// Evidence of so many documents of each layout epoch, so far without any line or path. `starts` are the first days of
    /// the epochs but the oldest.
    pub(crate) fn frozen(documents: &[u32], starts: &[i32]) -> Self {
        let starts = [i32::MIN].into_iter().chain(starts.iter().copied());
        let mut evidence = Self::empty(Epochs::starting(starts.collect()));
        evidence.is_frozen = true;
        for (tables, &count) in evidence.tables.iter_mut().zip(documents) {
            tables.count = count;
        }
        evidence
    }

    /// Adds a line of an epoch by its key; the key 0 is what stands before the first anchor (`after`) and after the last
    /// (`before`).
    pub(crate) fn add_line(&mut self, epoch: usize, key: u64, line: LineCounts) {
        let tables = &mut self.tables[epoch];
        if line.documents > 0 {
            tables.holders.set(key, line.documents);
        }
        tables.after.extend(line.after.map(|share| (key, content(share))));
        tables.before.extend(line.before.map(|share| (key, content(share))));
    }

    /// Adds a path of an epoch by its key.
    pub(crate) fn add_path(&mut self, epoch: usize, key: u64, path: PathCounts) {
        let recurring = (path.recurs * CHARS) as u64;
        let sums = Sums { documents: path.documents, recurring, ..content(path.content) };
        self.tables[epoch].paths.insert(key, sums);
    }
}

fn content(share: f32) -> Sums {
    Sums { chars: CHARS as u64, content: (share * CHARS * 255.0) as u64, ..Sums::default() }
}
