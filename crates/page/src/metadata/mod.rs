//! What a page says of itself: JSON-LD, `OpenGraph`, `<meta>`, `<title>`, `<time>`, bylines.

mod byline;
mod date;
mod head;
mod json_ld;
mod selected;
mod substance;
#[cfg(test)]
mod tests;
mod title;
mod value;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::selectors::Selectors;
pub(crate) use byline::byline_in;
pub(crate) use date::date_in;
use head::Head;

/// What a page says of itself, from its head, its structured data and its visible bylines.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Metadata {
    /// The article's headline, without the site's name.
    pub title: Option<String>,
    /// The authors, joined by `; `.
    pub author: Option<String>,
    /// When it was published: `YYYY-MM-DD`.
    pub date: Option<String>,
    /// The name of the site or publisher.
    pub site_name: Option<String>,
    /// The page's own summary of itself.
    pub description: Option<String>,
    /// The declared language: a BCP 47 tag as written, lower-case.
    pub language: Option<String>,
    /// The page's canonical address (`rel=canonical`, else `og:url`).
    pub canonical: Option<String>,
    /// The address that its links are relative to where it names one (`<base href>`), in full.
    pub base: Option<String>,
    /// Subjects and keywords, in the page's order, without duplicates.
    pub tags: Vec<String>,
    /// Types that structured data gives the page (`Article`, `Product`, …), as written.
    pub types: Vec<String>,
    /// Text that structured data holds: `articleBody`, else a product's `description`.
    pub body: Option<String>,
    /// Text that structured data holds where there is no `body`: what a job, a course or an event is, the steps of a recipe or a
    /// manual, a question and its answers.
    pub substance: Option<String>,
}

impl Metadata {
    /// The text that structured data holds, a paragraph a line: [`body`](Self::body), else [`substance`](Self::substance).
    pub fn structured_text(&self) -> Option<&str> {
        self.body.as_deref().or(self.substance.as_deref())
    }
}

/// Longest list of tags.
const MOST_TAGS: usize = 50;

/// What a parsed page says of itself, first where the selectors say. `url` is the page's address, whose path may
/// hold a date.
pub(crate) fn from_html(tree: &scraper::Html, url: Option<&str>, selectors: &Selectors) -> Metadata {
    let head = Head::scan(tree);
    let data = json_ld::read(head.scripts.iter().map(String::as_str));
    let site_name = head
        .meta(&["og:site_name"])
        .or_else(|| data.site_name.clone())
        .or_else(|| head.meta(&["application-name", "apple-mobile-web-app-title"]));
    let mut metadata = Metadata {
        title: title::title(&head, &data, site_name.as_deref()),
        author: author(&head, &data),
        date: published(&head, &data, url),
        description: head
            .meta_line(&["og:description", "description", "twitter:description"], value::LONG)
            .or_else(|| data.description.clone()),
        language: language(&head, &data),
        canonical: canonical(&head),
        base: base(&head, url),
        tags: tags(&head, &data),
        types: types(&head, &data),
        substance: data.substance.filter(|_| data.body.is_none()),
        body: data.body,
        site_name,
    };
    selected::apply(tree, selectors, order(&head), &mut metadata);
    metadata
}

impl Head<'_> {
    /// The first of these `<meta>` names that has a value, in the order of the names.
    fn meta(&self, names: &[&str]) -> Option<String> {
        self.meta_line(names, value::SHORT)
    }

    fn meta_line(&self, names: &[&str], longest: usize) -> Option<String> {
        names.iter().find_map(|name| self.meta_all(name).find_map(|content| value::marked_line(content, longest)))
    }

    fn meta_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.metas.iter().filter(move |(key, _)| key == name).map(|(_, content)| *content)
    }
}

fn author(head: &Head, data: &json_ld::JsonLd) -> Option<String> {
    const NAMES: [&str; 8] = [
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "citation_author",
        "article:author_name",
    ];
    let metas = || {
        let each = |name: &&str| {
            let values = head.meta_all(name).filter_map(|value| value::marked_line(value, value::SHORT));
            values.flat_map(|value| byline::clean(&value)).collect::<Vec<String>>()
        };
        NAMES.iter().map(each).find(|names| !names.is_empty())
    };
    let marked = || head.authors.iter().map(|value| byline::clean(value)).find(|names| !names.is_empty());
    let lines = || {
        let classed = head.bylines.iter().find_map(|line| byline_in(line));
        let after = || head.after_headline.iter().find_map(|line| byline_in(line));
        // "By" and the linked name are two texts.
        let parted = || head.after_headline.windows(2).find_map(|pair| byline_in(&pair.join(" ")));
        classed.or_else(after).or_else(parted).map(|names| vec![names])
    };
    let plain = || head.bylines.iter().find_map(|line| byline::plain(line)).map(|name| vec![name]);
    let own = Some(data.authors.clone()).filter(|names| !names.is_empty());
    let mut names = own.or_else(metas).or_else(marked).or_else(lines).or_else(plain)?;
    let mut seen = Vec::new();
    names.retain(|name| {
        let key = name.to_lowercase();
        let fresh = !seen.contains(&key);
        seen.push(key);
        fresh
    });
    Some(names.join("; "))
}

fn published(head: &Head, data: &json_ld::JsonLd, url: Option<&str>) -> Option<String> {
    const NAMES: [&str; 16] = [
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "og:pubdate",
        "datepublished",
        "parsely-pub-date",
        "sailthru.date",
        "pubdate",
        "publishdate",
        "publish-date",
        "publication_date",
        "citation_publication_date",
        "dc.date.issued",
        "dcterms.created",
        "dc.date",
        "date",
    ];
    let order = order(head);
    let of = |value: &String| date::normal(value, order);
    let metas = || NAMES.iter().find_map(|name| head.meta_all(name).find_map(|value| date::normal(value, order)));
    data.date
        .clone()
        .or_else(metas)
        .or_else(|| head.published.iter().find_map(of))
        .or_else(|| head.times.iter().find_map(of))
        .or_else(|| head.after_headline.iter().chain(&head.date_lines).find_map(of))
        .or_else(|| url.and_then(date::in_path))
}

/// American pages write the month first.
fn order(head: &Head) -> date::Order {
    let language = head.language.map(str::to_ascii_lowercase);
    match language.as_deref() {
        Some("en" | "en-us" | "en_us") => date::Order::MonthFirst,
        _ => date::Order::DayFirst,
    }
}

fn language(head: &Head, data: &json_ld::JsonLd) -> Option<String> {
    let html = head.language.and_then(|language| value::line(language, value::SHORT));
    let language = html
        .or_else(|| head.meta(&["content-language", "language", "og:locale"]))
        .or_else(|| data.language.clone())?
        .replace('_', "-")
        .to_lowercase();
    let tag = language.split([',', ' ', ';']).next()?;
    (tag.len() >= 2 && tag.len() <= 35 && tag.is_ascii()).then(|| tag.to_owned())
}

/// Longest base in bytes: every relative link of the page is written with it, so a long one would multiply the page.
const MAX_BASE: usize = 2048;

fn base(head: &Head, url: Option<&str>) -> Option<String> {
    let page = url.and_then(|url| Url::parse(url).ok());
    let base = Url::options().base_url(page.as_ref()).parse(head.base?).ok()?;
    (base.has_host() && base.as_str().len() <= MAX_BASE).then(|| base.into())
}

fn canonical(head: &Head) -> Option<String> {
    let link = head.canonical.and_then(|link| value::line(link, value::LONG));
    link.or_else(|| head.meta_line(&["og:url"], value::LONG))
}

fn tags(head: &Head, data: &json_ld::JsonLd) -> Vec<String> {
    let articles: Vec<&str> = head.meta_all("article:tag").collect();
    let keywords = || {
        ["news_keywords", "keywords", "parsely-tags", "sailthru.tags"]
            .iter()
            .flat_map(|name| head.meta_all(name))
            .flat_map(|value| value.split([',', ';', '、']))
    };
    let marked = head.tags.iter().map(String::as_str);
    let all = data.tags.iter().map(String::as_str).chain(articles).chain(marked).chain(keywords());
    let mut tags: Vec<String> = Vec::new();
    for tag in all.filter_map(|tag| value::marked_line(tag.trim().trim_start_matches('#'), value::SHORT)) {
        if tags.len() < MOST_TAGS && !tags.iter().any(|other| other.eq_ignore_ascii_case(&tag)) {
            tags.push(tag);
        }
    }
    tags
}

fn types(head: &Head, data: &json_ld::JsonLd) -> Vec<String> {
    let mut types = data.types.clone();
    if let Some(kind) = head.meta(&["og:type"]).filter(|kind| !types.contains(kind)) {
        types.push(kind);
    }
    types
}
