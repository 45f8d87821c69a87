//! The name of the site that a page belongs to.

use dechrome_page::{Page, host_of_directory, registrable_domain};

use super::set::{SiteConfigs, host_of};

/// The name of a page's site, from the first of these that gives one:
/// 1. the name its collector gave it (`site`);
/// 2. its address: the site file that has the host, else the registrable domain;
/// 3. its canonical address, likewise;
/// 4. the signature lines of the site files;
/// 5. the directory it was read from, where that is named after a host, as that host's address;
/// 6. any other directory that stands for its site: that which was read;
///
/// and `unknown` if none does.
pub fn site_of(page: &Page, configs: &SiteConfigs) -> String {
    own_site(page, configs)
        .or_else(|| page.directory.clone().filter(|directory| !directory.is_empty()))
        .unwrap_or_else(|| "unknown".to_owned())
}

/// Whether nothing about the page itself names its site, so that [`site_of`] tells at best the directory that was read.
pub fn is_nameless(page: &Page, configs: &SiteConfigs) -> bool {
    own_site(page, configs).is_none()
}

fn own_site(page: &Page, configs: &SiteConfigs) -> Option<String> {
    let named = page.site.as_deref().map(str::trim).filter(|site| !site.is_empty()).map(str::to_owned);
    let addresses = [page.url.as_deref(), page.metadata.canonical.as_deref()];
    named
        .or_else(|| addresses.into_iter().flatten().find_map(|url| site_of_url(url, configs)))
        .or_else(|| configs.recognise(page).map(|config| config.site.clone()))
        .or_else(|| site_of_url(&format!("http://{}/", host_of_directory(page.directory.as_deref()?)?), configs))
}

fn site_of_url(url: &str, configs: &SiteConfigs) -> Option<String> {
    let host = host_of(url)?;
    configs.for_host(&host).map(|config| config.site.clone()).or_else(|| registrable_domain(url))
}
