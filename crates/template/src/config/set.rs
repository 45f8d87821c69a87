//! All site files, and which of them a page belongs to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use dechrome_page::{Page, host_of_directory};
use url::Url;

use super::parse::site_config;
use super::schema::SiteConfig;
use super::source::{Source, nearest, read, toml_files};
use super::{Anchor, first_word, fold_line};
use crate::embedded;
use crate::error::ConfigError;

/// A set of site files, at most one a site.
#[derive(Debug, Clone, Default)]
pub struct SiteConfigs {
    /// By the site's name.
    sites: BTreeMap<String, SiteConfig>,
    /// Site by host, `www.` left off; `*.` stays.
    hosts: HashMap<String, String>,
    /// Signature lines by their first word.
    signatures: HashMap<String, Vec<SignatureLine>>,
}

#[derive(Debug, Clone)]
struct SignatureLine {
    site: String,
    /// Its place among the site's lines.
    number: usize,
    line: Anchor,
}

impl SiteConfigs {
    /// The site files that the library holds.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] for a broken one; the library's own tests read them all.
    pub fn embedded() -> Result<Self, ConfigError> {
        let mut configs = Self::default();
        for &(file, text) in embedded::SITES {
            configs.insert(site_config(&Source { file, text })?);
        }
        Ok(configs)
    }

    /// The embedded site files and those of the directory's `sites/*.toml`, which take the place of embedded
    /// ones of the same site.
    ///
    /// # Errors
    /// [`ConfigError`], with file and line, for the first file that cannot be read or used.
    pub fn load_dir(directory: &Path) -> Result<Self, ConfigError> {
        let mut configs = Self::embedded()?;
        for path in toml_files(&directory.join("sites"))? {
            let config = site_config(&Source { file: &path.display().to_string(), text: &read(&path)? })?;
            configs.insert(SiteConfig { file: Some(path), ..config });
        }
        Ok(configs)
    }

    /// Reads one site file and adds it, in place of one of the same site. `file` names it in errors; its last
    /// part is `<site>.toml`.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`].
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), ConfigError> {
        self.insert(site_config(&Source { file, text })?);
        Ok(())
    }

    fn insert(&mut self, config: SiteConfig) {
        self.hosts.retain(|_, site| *site != config.site);
        self.signatures.values_mut().for_each(|lines| lines.retain(|line| line.site != config.site));
        for host in &config.hosts {
            let host = host.strip_prefix("www.").unwrap_or(host);
            self.hosts.insert(host.to_owned(), config.site.clone());
        }
        for (number, line) in config.signature.iter().flat_map(|signature| &signature.lines).enumerate() {
            let line = SignatureLine { site: config.site.clone(), number, line: Anchor::new(line) };
            self.signatures.entry(line.line.first_word().to_owned()).or_default().push(line);
        }
        self.sites.insert(config.site.clone(), config);
    }

    /// All site files, by name.
    pub fn iter(&self) -> impl Iterator<Item = &SiteConfig> {
        self.sites.values()
    }

    /// The file of the site with this name or host.
    pub fn for_site(&self, site: &str) -> Option<&SiteConfig> {
        self.sites.get(site).or_else(|| self.for_host(site))
    }

    /// The nearest name of a site file to one that there is not, for a suggestion.
    pub fn nearest(&self, site: &str) -> Option<&str> {
        nearest(site, self.sites.keys().map(String::as_str))
    }

    /// The file of a page's site: by the name its collector gave it, else as [`SiteConfigs::recognise`] does.
    pub fn for_page(&self, page: &Page) -> Option<&SiteConfig> {
        page.site.as_deref().and_then(|site| self.for_site(site)).or_else(|| self.recognise(page))
    }

    /// The file of the site that a page shows itself to be of: by the host of its address, else of its canonical
    /// address. Only a page that has neither is recognised by signature lines; where several sites' lines stand
    /// on it, the site with most of them has it, then the first by name. At last it is that of the host its directory is named after.
    pub fn recognise(&self, page: &Page) -> Option<&SiteConfig> {
        let addresses = [page.url.as_deref(), page.metadata.canonical.as_deref()];
        let mut hosts = addresses.into_iter().flatten().filter_map(host_of).peekable();
        if hosts.peek().is_none() {
            let host = || host_of_directory(page.directory.as_deref()?).map(str::to_ascii_lowercase);
            return self.by_signature(page).or_else(|| self.for_host(&host()?));
        }
        hosts.find_map(|host| self.for_host(&host))
    }

    /// The file whose hosts hold this one: as it is, else by the longest `*.`.
    pub(super) fn for_host(&self, host: &str) -> Option<&SiteConfig> {
        let bare = host.strip_prefix("www.").unwrap_or(host);
        let parents = host.match_indices('.').map(|(dot, _)| format!("*{}", &host[dot..]));
        let site = self.hosts.get(bare).or_else(|| parents.into_iter().find_map(|parent| self.hosts.get(&parent)))?;
        self.sites.get(site)
    }

    fn by_signature(&self, page: &Page) -> Option<&SiteConfig> {
        if self.signatures.is_empty() {
            return None;
        }
        let mut found: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for line in page.blocks.iter().flat_map(|block| block.text.lines()) {
            let folded = fold_line(line);
            for known in self.signatures.get(first_word(&folded)).into_iter().flatten() {
                if known.line.matches(&folded) {
                    found.entry(&known.site).or_default().insert(known.number);
                }
            }
        }
        let enough = found.into_iter().filter_map(|(site, lines)| {
            let config = self.sites.get(site)?;
            let min = config.signature.as_ref()?.min;
            (lines.len() >= min).then_some((lines.len(), config))
        });
        // `max_by_key` would give the last of equals.
        enough.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, config)| config)
    }
}

/// The lower-case host of an address.
pub(super) fn host_of(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(|host| host.trim_end_matches('.').to_owned())
}
