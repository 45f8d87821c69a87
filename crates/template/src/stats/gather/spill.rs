//! Statistics that do not fit into memory, in a temporary file: written one after the other, found by their site.
//!
//! A [`StatsStore`](crate::StatsStore) would do the same, but keeps what it holds in order: with the pages of many sites
//! mixed it wrote 10 KB a page to the disk, where this writes 3.8 KB.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use super::SiteStats;
use crate::error::StatsError;

/// Bytes written at a time.
const BUFFER: usize = 1 << 20;

/// A temporary file of statistics, gone with this value.
#[derive(Debug)]
pub(super) struct Spill {
    /// Locked, as reading moves its position.
    file: Mutex<File>,
    /// Where the parts of each site lie: offset and bytes.
    parts: HashMap<String, Vec<(u64, u32)>>,
    /// Bytes written.
    end: u64,
}

impl Spill {
    pub(super) fn new() -> Result<Self, StatsError> {
        let file = tempfile::tempfile().map_err(failed)?;
        Ok(Self { file: Mutex::new(file), parts: HashMap::new(), end: 0 })
    }

    /// Adds statistics of sites at the end.
    pub(super) fn append<'a>(
        &mut self,
        sites: impl IntoIterator<Item = (&'a String, &'a SiteStats)>,
    ) -> Result<(), StatsError> {
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut writer = BufWriter::with_capacity(BUFFER, file);
        for (site, stats) in sites {
            let bytes = stats.to_bytes()?;
            writer.write_all(&bytes).map_err(failed)?;
            self.parts.entry(site.clone()).or_default().push((self.end, bytes.len() as u32));
            self.end += bytes.len() as u64;
        }
        writer.flush().map_err(failed)
    }

    /// What was added of a site.
    pub(super) fn site(&self, site: &str) -> Result<SiteStats, StatsError> {
        let mut stats = SiteStats::default();
        for &(start, bytes) in self.parts.get(site).into_iter().flatten() {
            stats.merge(SiteStats::from_bytes(&self.read(start, bytes).map_err(failed)?)?);
        }
        Ok(stats)
    }

    fn read(&self, start: u64, bytes: u32) -> io::Result<Vec<u8>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        let mut read = vec![0; bytes as usize];
        file.read_exact(&mut read)?;
        Ok(read)
    }
}

fn failed(source: io::Error) -> StatsError {
    StatsError::Io { path: std::env::temp_dir(), source }
}
