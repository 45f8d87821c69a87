//! What becomes true together: documents inserted under the bounds of [`SiteStats`].

use std::cmp::Ordering;

use redb::{Database, ReadableTable, Table};

use super::{DOCUMENTS, FORMAT, FORMAT_KEY, FORMATS, Key, READABLE, SITES, compress, decompress, pack, unpack};
use crate::stats::sketch::Sketch;
use crate::stats::{MAX_READABLE, MAX_SIZE, SiteStats};

/// Makes the tables of an empty store.
pub(super) fn initialise(database: &Database) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    transaction.open_table(FORMATS)?.insert(FORMAT_KEY, FORMAT)?;
    transaction.commit()?;
    Ok(())
}

/// Adds what pages have shown, in one transaction.
pub(super) fn learn<'a>(
    database: &Database,
    sites: impl IntoIterator<Item = (&'a str, &'a SiteStats)>,
) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut documents = transaction.open_table(DOCUMENTS)?;
        let mut readable = transaction.open_table(READABLE)?;
        let mut sums = transaction.open_table(SITES)?;
        let mut sites: Vec<(&str, &SiteStats)> = sites.into_iter().collect();
        sites.sort_by_key(|&(site, _)| site); // neighbours in the file
        for (site, stats) in sites {
            let mut change = Change::new(site, &mut documents, &mut readable, &sums)?;
            for (&id, sketch) in &stats.documents {
                change.insert(id, sketch)?;
            }
            let (count, size) = (change.count, change.size);
            if count > 0 {
                sums.insert(site, (count, size as u64))?;
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

/// One site's documents being added to. It keeps what [`SiteStats`] keeps: the documents of the smallest ids, and
/// what is readable of the smallest among these.
struct Change<'a, 't> {
    site: &'a str,
    documents: &'a mut Table<'t, Key, &'static [u8]>,
    readable: &'a mut Table<'t, Key, &'static [u8]>,
    /// Number of documents.
    count: u64,
    /// The sum of their sizes.
    size: usize,
    /// The largest id.
    last: u64,
    /// The smallest id of which nothing readable is kept.
    unreadable: Option<u64>,
}

impl<'a, 't> Change<'a, 't> {
    fn new(
        site: &'a str,
        documents: &'a mut Table<'t, Key, &'static [u8]>,
        readable: &'a mut Table<'t, Key, &'static [u8]>,
        sums: &Table<'_, &'static str, (u64, u64)>,
    ) -> Result<Self, redb::Error> {
        let (count, blocks) = sums.get(site)?.map_or((0, 0), |sums| sums.value());
        let mut change = Self { site, documents, readable, count, size: blocks as usize, last: 0, unreadable: None };
        change.last = change.last_below(u64::MAX)?.unwrap_or_default();
        if count > MAX_READABLE as u64 {
            let boundary = change.documents.range((site, 0)..=(site, u64::MAX))?.nth(MAX_READABLE).transpose()?;
            change.unreadable = boundary.map(|(key, _)| key.value().1);
        }
        Ok(change)
    }

    /// The largest id up to this one.
    fn last_below(&self, id: u64) -> Result<Option<u64>, redb::Error> {
        let last = self.documents.range((self.site, 0)..=(self.site, id))?.next_back().transpose()?;
        Ok(last.map(|(key, _)| key.value().1))
    }

    fn insert(&mut self, id: u64, sketch: &Sketch) -> Result<(), redb::Error> {
        if self.size > MAX_SIZE && id > self.last {
            return Ok(());
        }
        let packed = pack(sketch)?;
        let known = self.documents.get((self.site, id))?.map(|known| known.value().to_vec());
        let Some(known) = known else { return self.add(id, sketch, &packed) };
        let order = if known == packed { Ordering::Equal } else { unpack(&known)?.cmp_counts(sketch) };
        match order {
            Ordering::Greater => Ok(()),
            Ordering::Less => {
                self.documents.insert((self.site, id), packed.as_slice())?;
                self.readable.remove((self.site, id))?;
                self.keep_readable(id, sketch)?;
                self.size += sketch.size() - unpack(&known)?.size();
                self.drop_beyond()
            }
            Ordering::Equal => {
                let known = self.readable.get((self.site, id))?.map(|known| decompress(known.value())).transpose()?;
                if known.as_ref() < sketch.readable.as_deref() { self.keep_readable(id, sketch) } else { Ok(()) }
            }
        }
    }

    /// Adds a document that is not known.
    fn add(&mut self, id: u64, sketch: &Sketch, packed: &[u8]) -> Result<(), redb::Error> {
        self.documents.insert((self.site, id), packed)?;
        self.count += 1;
        self.size += sketch.size();
        self.last = self.last.max(id);
        if self.unreadable.is_none_or(|first| id < first) {
            self.keep_readable(id, sketch)?;
            self.move_boundary()?;
        }
        self.drop_beyond()
    }

    /// Drops the last document as long as the others go beyond the bound.
    fn drop_beyond(&mut self) -> Result<(), redb::Error> {
        while self.size > MAX_SIZE {
            let Some(last) = self.documents.get((self.site, self.last))? else { break };
            let rest = self.size.saturating_sub(unpack(last.value())?.size());
            drop(last);
            if rest <= MAX_SIZE {
                break;
            }
            self.documents.remove((self.site, self.last))?;
            (self.count, self.size) = (self.count - 1, rest);
            self.last = self.last_below(u64::MAX)?.unwrap_or_default();
        }
        Ok(())
    }

    /// After a document before the boundary: one more loses what is readable.
    fn move_boundary(&mut self) -> Result<(), redb::Error> {
        self.unreadable = match self.unreadable {
            None if self.count <= MAX_READABLE as u64 => return Ok(()),
            None => Some(self.last),
            Some(first) => self.last_below(first.saturating_sub(1))?,
        };
        if let Some(id) = self.unreadable {
            self.readable.remove((self.site, id))?;
        }
        Ok(())
    }

    fn keep_readable(&mut self, id: u64, sketch: &Sketch) -> Result<(), redb::Error> {
        if let Some(readable) = sketch.readable.as_deref().filter(|_| self.unreadable.is_none_or(|first| id < first)) {
            self.readable.insert((self.site, id), compress(readable)?.as_slice())?;
        }
        Ok(())
    }
}
