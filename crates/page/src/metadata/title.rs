//! The headline: what head, structured data and headings agree on.

use super::head::Head;
use super::json_ld::JsonLd;

/// What stands between a headline and the site's name in a `<title>`.
const SEPARATORS: [&str; 11] = [" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " ‹ "];

/// The page's headline, without the site's name.
pub(super) fn title(head: &Head, data: &JsonLd, site: Option<&str>) -> Option<String> {
    let og = head.meta(&["og:title"]);
    let twitter = head.meta(&["twitter:title", "dc.title", "sailthru.title", "parsely-title"]);
    let stated: Vec<&String> = data.headline.iter().chain(&og).chain(&twitter).chain(&head.title).collect();
    let heading = match head.headings.as_slice() {
        [only] => Some(only),
        headings => {
            // Of several, the one that titles begin with; the site's name, at their end, is often another.
            let begins = |heading: &&String| stated.iter().any(|title| begins(title, heading));
            let agrees = |heading: &&String| stated.iter().any(|title| agrees(title, heading));
            headings.iter().find(begins).or_else(|| headings.iter().find(agrees))
        }
    };
    if let Some(heading) =
        heading.filter(|heading| stated.is_empty() || stated.iter().any(|title| agrees(title, heading)))
    {
        let headline = head.title.as_deref().and_then(|title| before_site(title, heading, site));
        let headline = headline.and_then(|headline| {
            let mut lines = head.subheadings.iter().chain(stated.iter().copied());
            lines.find(|line| letters(line) == headline)
        });
        return Some(headline.unwrap_or(heading).clone());
    }
    let first = stated.first()?;
    Some(without_site(first, site, &stated))
}

/// The letters of what stands before a heading that is all behind the last separator of a `<title>`: as in "Headline - Site's name", where
/// another line says the same, the heading is the site's name.
fn before_site(title: &str, heading: &str, site: Option<&str>) -> Option<String> {
    let last = SEPARATORS.iter().filter_map(|separator| title.rsplit_once(separator));
    let (before, behind) = last.min_by_key(|(_, behind)| behind.len())?;
    let before = letters(before);
    let is_site = site.is_some_and(|site| letters(site) == before);
    (letters(behind) == letters(heading) && !before.is_empty() && !is_site).then_some(before)
}

/// Whether a heading is a title's, whatever the case, the marks and the site's name beside it: one begins or
/// ends with the other, or they share most of the heading's words.
fn agrees(title: &str, heading: &str) -> bool {
    let (whole, part) = (letters(title), letters(heading));
    let extends = part.starts_with(&whole) && whole.len() * 2 > part.len();
    !part.is_empty() && (whole.starts_with(&part) || whole.ends_with(&part) || extends || shares_words(title, heading))
}

fn begins(title: &str, heading: &str) -> bool {
    let heading = letters(heading);
    !heading.is_empty() && letters(title).starts_with(&heading)
}

fn shares_words(title: &str, heading: &str) -> bool {
    /// Fewer words are shared by chance.
    const FEWEST: usize = 3;
    let words = |text: &str| text.split_whitespace().map(letters).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let (title, heading) = (words(title), words(heading));
    let shared = heading.iter().filter(|word| title.contains(word)).count();
    heading.len() >= FEWEST && shared * 2 > heading.len()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Cuts the site's name off a title: the part that is the site's, else the shorter end where the rest is longer.
fn without_site(title: &str, site: Option<&str>, others: &[&String]) -> String {
    let site = site.map(letters);
    let ends =
        SEPARATORS.iter().flat_map(|separator| [title.split_once(separator), title.rsplit_once(separator)]).flatten();
    let cuts = ends.flat_map(|(left, right)| [(left, right), (right, left)]);
    let own = |(kept, cut): &(&str, &str)| {
        let named = site.as_ref().is_some_and(|site| letters(cut) == *site);
        let agreed = others.iter().any(|other| letters(other) == letters(kept));
        named || agreed
    };
    if let Some((kept, _)) = cuts.clone().find(own) {
        return kept.trim().to_owned();
    }
    longest_end(title).to_owned()
}

/// The first or last part of a title, where it is the longest of all.
fn longest_end(title: &str) -> &str {
    let Some(separator) = SEPARATORS.iter().find(|separator| title.contains(**separator)) else { return title };
    let parts: Vec<&str> = title.split(separator).map(str::trim).collect();
    let longest = parts.iter().map(|part| part.len()).max().unwrap_or_default();
    [parts.first(), parts.last()].into_iter().flatten().find(|part| part.len() == longest).unwrap_or(&title)
}
