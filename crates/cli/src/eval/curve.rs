//! The learning curve: F1 by the number of a site's other documents that were learned.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use anyhow::bail;
use dechrome_template::SiteStats;
use serde::Serialize;
use sha1::{Digest, Sha1};

use super::figures::{SiteFigures, site_figures};
use super::labels::Labelled;
use super::predictions::Prediction;
use super::score::{Rates, score};
use crate::clean::{Cleaned, Cleaner, Entry, Passes, decode, encode};

/// The figures with so many documents learned.
#[derive(Debug, Serialize)]
pub(super) struct Point {
    /// Documents learned, fewer where the site has no more.
    pub(super) learned: usize,
    /// Pages cleaned: those of sites with another page.
    pub(super) pages: usize,
    /// Sites with more documents than that, where nothing is missing.
    pub(super) whole_sites: usize,
    #[serde(flatten)]
    pub(super) sites: SiteFigures,
}

/// A labelled page, parsed.
struct Member<'a> {
    labelled: &'a Labelled,
    entry: Vec<u8>,
    stats: SiteStats,
}

/// The pages of each site, in an order that has nothing to do with that of the set.
type Sites<'a> = BTreeMap<String, Vec<Member<'a>>>;

/// Cleans each page with the evidence of as many other documents of its site as each of `counts` says, and of none.
/// All pages are in memory.
///
/// # Errors
/// The set cannot be read, or each of its sites has one page.
pub(super) fn run(path: &Path, set: &[Labelled], counts: &[usize], passes: &Passes) -> anyhow::Result<Vec<Point>> {
    let counts: BTreeSet<usize> = [0].iter().chain(counts).copied().collect();
    let mut sites = parse(path, set, passes)?;
    sites.retain(|_, members| members.len() > 1);
    if sites.is_empty() && !passes.interrupted() {
        bail!("no site of `{}` has two pages: there is nothing to learn from", path.display());
    }
    let places: Vec<(&str, usize)> =
        sites.iter().flat_map(|(site, members)| (0..members.len()).map(|place| (site.as_str(), place))).collect();
    let mut scores: Vec<BTreeMap<&str, Vec<Rates>>> = vec![BTreeMap::new(); counts.len()];
    let work = |(site, place)| -> anyhow::Result<(&str, Vec<Rates>)> {
        let rates = counts.iter().map(|&count| cleaned_with(passes.cleaner(), site, &sites[site], place, count));
        Ok((site, rates.collect::<Result<_, _>>()?))
    };
    passes.each_item(
        "cleaning",
        places.len() as u64,
        places.into_iter(),
        |_| 0,
        work,
        |result| {
            let (site, rates) = result?;
            for (sites, rates) in scores.iter_mut().zip(rates) {
                sites.entry(site).or_default().push(rates);
            }
            Ok(())
        },
    )?;
    let point = |(&learned, scores): (&usize, BTreeMap<&str, Vec<Rates>>)| {
        let pages = scores.values().map(Vec::len).sum();
        let whole_sites = scores.values().filter(|rates| rates.len() > learned).count();
        Some(Point { learned, pages, whole_sites, sites: site_figures(scores.into_values())? })
    };
    Ok(counts.iter().zip(scores).filter_map(point).collect())
}

fn parse<'a>(path: &Path, set: &'a [Labelled], passes: &Passes) -> anyhow::Result<Sites<'a>> {
    let labels: HashMap<&str, &Labelled> = set.iter().map(|labelled| (labelled.id.as_str(), labelled)).collect();
    let mut sites = Sites::new();
    let work = |record: dechrome_fetch::Record| {
        let id = record.id.clone();
        let mut entry = passes.cleaner().read(record);
        let learned = passes.cleaner().learn(&mut entry);
        (id, encode(&entry), learned)
    };
    passes.each_record(vec![path.to_owned()], "learning", work, |(id, entry, learned)| {
        if let (Some(labelled), Some((site, stats))) = (labels.get(id.as_str()), learned) {
            sites.entry(site).or_default().push(Member { labelled, entry: entry?, stats });
        }
        Ok(())
    })?;
    for members in sites.values_mut() {
        // Pages that stand together in a set are often of one day or section.
        members.sort_by_cached_key(|member| Sha1::digest(&member.labelled.id));
    }
    Ok(sites)
}

/// The score of a page, cleaned with what the next `count` pages of its site show, in a circle.
fn cleaned_with(
    cleaner: &Cleaner,
    site: &str,
    members: &[Member],
    place: usize,
    count: usize,
) -> anyhow::Result<Rates> {
    let mut stats = SiteStats::default();
    for member in members.iter().cycle().skip(place + 1).take(count.min(members.len() - 1)) {
        stats.merge(member.stats.clone());
    }
    let evidence = (!stats.is_empty()).then(|| stats.without_rules(cleaner.rejected(site)).evidence());
    let member = &members[place];
    let entry: Entry = decode(&member.entry)?;
    let prediction = match cleaner.clean(entry, evidence.as_ref()) {
        Cleaned::Document { document, .. } => Prediction::of(*document),
        Cleaned::NoPage(_) => Prediction::default(),
    };
    Ok(score(member.labelled, &prediction.text).rates)
}
