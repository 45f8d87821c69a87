//! What every page is read and judged with, and the two steps that do it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use dechrome_page::{Capture, Page, Selectors};
use dechrome_template::{
    Cues, Favor, LearnedTemplate, SiteConfig, SiteConfigs, SiteEvidence, Template, is_nameless, site_of,
};
use url::Url;

/// A template and what it says of pages.
#[derive(Debug)]
pub(crate) struct Frozen {
    pub(crate) template: LearnedTemplate,
    pub(crate) evidence: SiteEvidence,
}

/// What every page is read and judged with.
#[derive(Debug)]
pub(crate) struct Setup {
    configs: SiteConfigs,
    /// Cue lists other than the embedded ones.
    cues: Option<Cues>,
    favor: Favor,
    /// What templates say, by site.
    templates: BTreeMap<String, Frozen>,
}

impl Setup {
    /// The built-in site files and those of a directory.
    ///
    /// # Errors
    /// There is no such directory, or one of its files cannot be used.
    pub(crate) fn load(config: Option<&Path>) -> anyhow::Result<Self> {
        match config {
            None => Ok(Self {
                configs: SiteConfigs::embedded()?,
                cues: None,
                favor: Favor::default(),
                templates: BTreeMap::new(),
            }),
            Some(directory) if directory.is_dir() => Self::load_from(directory)
                .with_context(|| format!("cannot use the configuration in `{}`", directory.display())),
            Some(other) => bail!("`{}` is no directory of site files and cue lists", other.display()),
        }
    }

    fn load_from(directory: &Path) -> anyhow::Result<Self> {
        let has_cues = directory.join("cues").is_dir();
        if !has_cues && !directory.join("sites").is_dir() {
            bail!("it holds neither `sites/` nor `cues/`");
        }
        let cues = has_cues.then(|| Cues::load(directory)).transpose()?;
        Ok(Self {
            configs: SiteConfigs::load_dir(directory)?,
            cues,
            favor: Favor::default(),
            templates: BTreeMap::new(),
        })
    }

    /// The same, leaning towards less or more text.
    pub(crate) fn favoring(self, favor: Favor) -> Self {
        Self { favor, ..self }
    }

    /// All site files.
    pub(crate) fn configs(&self) -> &SiteConfigs {
        &self.configs
    }

    /// The same with the templates of a directory, if one is given.
    ///
    /// # Errors
    /// There is no such directory, or one of its files cannot be used.
    pub(crate) fn with_templates(mut self, directory: Option<&Path>) -> anyhow::Result<Self> {
        let Some(directory) = directory else { return Ok(self) };
        if !directory.is_dir() {
            bail!("`{}` is no directory of templates", directory.display());
        }
        let templates = LearnedTemplate::load_dir(directory)?;
        if templates.is_empty() {
            bail!(
                "there is no template in `{}`: `dechrome template build` writes them, `<site>.toml`",
                directory.display()
            );
        }
        self.templates = templates
            .into_iter()
            .map(|(site, template)| {
                let evidence = template.evidence(self.rejected(&site));
                (site, Frozen { template, evidence })
            })
            .collect();
        Ok(self)
    }

    /// Ids of the learned rules that the site's file rejects.
    pub(crate) fn rejected(&self, site: &str) -> &[String] {
        self.configs.for_site(site).map(|config| config.rejected.as_slice()).unwrap_or_default()
    }

    /// The site's template, where it has one.
    pub(crate) fn frozen(&self, site: &str) -> Option<&Frozen> {
        self.templates.get(site)
    }

    /// The file of the site with this name or host.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn site(&self, name: &str) -> anyhow::Result<&SiteConfig> {
        let missing = || match self.configs.nearest(name) {
            Some(nearest) => format!("there is no site file for `{name}`, did you mean `{nearest}`?"),
            None => format!("there is no site file for `{name}`: write `sites/{name}.toml` and name its `--config`"),
        };
        self.configs.for_site(name).with_context(missing)
    }

    /// Parses a capture, with the selectors of its site's rules. A page that tells only by its content
    /// (canonical address, signature lines) that a site's selectors apply is parsed a second time.
    pub(crate) fn read(&self, capture: &Capture) -> Page {
        let expected = self.expected_site(capture);
        let page = match expected {
            Some(config) => Page::read_with(capture, selectors(config)),
            None => Page::read(capture),
        };
        match self.configs.for_page(&page) {
            Some(found) if Some(&found.site) != expected.map(|config| &config.site) && !selectors(found).is_empty() => {
                Page::read_with(capture, selectors(found))
            }
            _ => page,
        }
    }

    /// The name of the page's site.
    pub(crate) fn site_of(&self, page: &Page) -> String {
        site_of(page, &self.configs)
    }

    /// Whether nothing about the page names its site.
    pub(crate) fn is_nameless(&self, page: &Page) -> bool {
        is_nameless(page, &self.configs)
    }

    /// What is known of the page's site.
    pub(crate) fn template<'a>(&'a self, page: &Page, evidence: Option<&'a SiteEvidence>) -> Template<'a> {
        let mut template = Template::generic().favoring(self.favor);
        if let Some(config) = self.configs.for_page(page) {
            template = template.with_rules(config.compiled());
        }
        if let Some(cues) = &self.cues {
            template = template.with_cues(cues);
        }
        if let Some(evidence) = evidence {
            template = template.with_evidence(evidence);
        }
        template
    }

    /// The site file by what is known before parsing.
    fn expected_site(&self, capture: &Capture) -> Option<&SiteConfig> {
        let by_name = capture.site.as_deref().and_then(|site| self.configs.for_site(site));
        by_name.or_else(|| {
            let url = Url::parse(capture.url.as_deref()?).ok()?;
            self.configs.for_site(url.host_str()?.trim_end_matches('.'))
        })
    }
}

fn selectors(config: &SiteConfig) -> &Selectors {
    config.compiled().selectors()
}
