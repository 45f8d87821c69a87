//! From directives to a site file.

use anyhow::bail;
use dechrome_page::MetadataField;

use super::directives::{Directive, Said};
use super::draft::{Draft, Left, Page, Strip};
use super::xpath;

/// What becomes of directives that no key of ours can say, and why.
const WITHOUT_COUNTERPART: &[(&str, &str)] = &[
    ("autodetect_next_page", "pages of one article are not joined"),
    ("autodetect_on_failure", "what no rule decides is always judged by the model"),
    ("dissolve", "rules label blocks, they do not rewrite the page"),
    ("find_string", "the page's source is not rewritten"),
    ("if_page_contains", "rules have no conditions but days"),
    ("insert_detected_image", "images are no text"),
    ("login_extra_fields", "sites are not logged in to"),
    ("login_password_field", "sites are not logged in to"),
    ("login_uri", "sites are not logged in to"),
    ("login_username_field", "sites are not logged in to"),
    ("move_into", "rules label blocks, they do not rewrite the page"),
    ("native_ad_clue", "pages are not told apart by rules"),
    ("next_page_link", "pages of one article are not joined"),
    ("not_logged_in_xpath", "sites are not logged in to"),
    ("parser", "there is one parser"),
    ("prune", "what no rule decides is always judged by the model"),
    ("replace_string", "the page's source is not rewritten"),
    ("requires_login", "sites are not logged in to"),
    ("single_page_link", "another page is not fetched in a page's place; name it in `[fetch]` `start`"),
    ("single_page_link_in_feed", "another page is not fetched in a page's place; name it in `[fetch]` `start`"),
    ("skip_json_ld", "structured data are evidence, and rules outrank them"),
    ("src_lazy_load_attr", "images are no text"),
    ("strip_attr", "attributes are no text"),
    ("strip_comments", "comments of the source are never text"),
    ("strip_image_src", "images are no text"),
    ("tidy", "there is one parser, which repairs as browsers do"),
    ("wrap_in", "rules label blocks, they do not rewrite the page"),
];

/// Directives that are expressed.
const EXPRESSED: [&str; 9] =
    ["author", "body", "date", "http_header", "strip", "strip_id_or_class", "test_contains", "test_url", "title"];

/// Reads the directives of a file of this name.
///
/// # Errors
/// The name names no host.
pub(super) fn draft(name: &str, directives: &[Directive]) -> anyhow::Result<Draft> {
    let (site, host) = site_and_host(name)?;
    let mut draft = Draft { source: name.to_owned(), site, host, ..Draft::default() };
    let mut body_is_sure = true;
    for directive in directives {
        let translated = match directive.said {
            None => Err(anyhow::anyhow!("no `name: value`")),
            Some(said) if said.value.is_empty() && said.name != "replace_string" => {
                Err(anyhow::anyhow!("it has no value"))
            }
            Some(said) if said.name == "body" => body(&mut draft, directive, said, &mut body_is_sure),
            Some(said) => translate(&mut draft, directive, said),
        };
        if let Err(why) = translated {
            let (line, directive) = (directive.line, directive.text.to_owned());
            draft.left.push(Left { line, directive, why: why.to_string() });
        }
    }
    Ok(draft)
}

/// The first `body` that is on a page holds for it. So those below one that cannot be said cannot be said either.
fn body(draft: &mut Draft, directive: &Directive, said: Said, is_sure: &mut bool) -> anyhow::Result<()> {
    if !*is_sure {
        bail!("it holds only where a `body` above it, which is not expressible, finds nothing");
    }
    let css = element(said.value).inspect_err(|_| *is_sure = false)?;
    draft.body.get_or_insert_with(|| (directive.line, Vec::new())).1.push(css);
    Ok(())
}

fn translate(draft: &mut Draft, directive: &Directive, said: Said) -> anyhow::Result<()> {
    match said.name {
        "title" => metadata(draft, MetadataField::Title, said.value)?,
        "author" => metadata(draft, MetadataField::Author, said.value)?,
        "date" => metadata(draft, MetadataField::Date, said.value)?,
        "strip" => draft.strips.push(strip(directive, element(said.value)?)),
        "strip_id_or_class" => draft.strips.push(strip(directive, named(said.value))),
        "test_url" => draft.checks.push(Page { url: said.value.to_owned(), contains: Vec::new() }),
        "test_contains" => match draft.checks.last_mut() {
            Some(page) => page.contains.push(said.value.to_owned()),
            None => bail!("there is no `test_url` above it"),
        },
        "http_header" => header(draft, said)?,
        name => bail!("{}", why_not(name)),
    }
    Ok(())
}

fn why_not(name: &str) -> String {
    if let Some((_, why)) = WITHOUT_COUNTERPART.iter().find(|(known, _)| *known == name) {
        return (*why).to_owned();
    }
    let known = WITHOUT_COUNTERPART.iter().map(|(known, _)| *known).chain(EXPRESSED);
    // Jaro-Winkler similarity; misspelt and differently parted words are above .9.
    let likely = known.map(|known| (strsim::jaro_winkler(known, name), known)).filter(|(likeness, _)| *likeness > 0.9);
    match likely.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((_, near)) => format!("there is no such directive, perhaps `{near}` is meant"),
        None => "there is no such directive".to_owned(),
    }
}

fn strip(directive: &Directive, css: String) -> Strip {
    Strip { line: directive.line, directive: directive.text.to_owned(), css }
}

/// The CSS selector of an expression that finds elements.
fn element(expression: &str) -> anyhow::Result<String> {
    let found = xpath::css(expression)?;
    match found.value {
        None => Ok(found.selector),
        Some(value) => bail!("it finds `{value}`, no elements"),
    }
}

/// Elements with this word among their ids or classes.
fn named(name: &str) -> String {
    let name = xpath::css_string(&name.replace(['\'', '"'], ""));
    // A name of several words is compared as it stands.
    let operator = if name.contains(char::is_whitespace) { "*=" } else { "~=" };
    format!("[class{operator}{name}], [id{operator}{name}]")
}

fn metadata(draft: &mut Draft, field: MetadataField, expression: &str) -> anyhow::Result<()> {
    let found = xpath::css(read_anyway(field, expression))?;
    // What `[metadata]` reads of an element.
    match found.value.as_deref() {
        None | Some("text()" | "@content" | "@datetime") => draft.metadata(field).push(found.selector),
        Some(value) => bail!("it finds `{value}`; only text, `@content` and `@datetime` are read"),
    }
    Ok(())
}

/// An expression without the functions around it that change nothing for how a field is read: white space is folded,
/// and a date is found within a text.
fn read_anyway(field: MetadataField, expression: &str) -> &str {
    let inner = |function: &str| expression.strip_prefix(function)?.trim_start().strip_prefix('(')?.strip_suffix(')');
    if let Some(inner) = inner("normalize-space").or_else(|| inner("string")) {
        return read_anyway(field, inner.trim());
    }
    let part = inner("substring-before").or_else(|| inner("substring-after"));
    match part.and_then(without_last_literal) {
        Some(whole) if field == MetadataField::Date => read_anyway(field, whole.trim()),
        _ => expression,
    }
}

/// Arguments without the last, where that is a literal.
fn without_last_literal(arguments: &str) -> Option<&str> {
    let arguments = arguments.trim_end();
    let quotation = arguments.chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
    let open = arguments[..arguments.len() - 1].rfind(quotation)?;
    arguments[..open].trim_end().strip_suffix(',')
}

fn header(draft: &mut Draft, said: Said) -> anyhow::Result<()> {
    let name = said.argument.unwrap_or_default().trim().to_ascii_lowercase();
    let is_token = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let is_value = said.value.chars().all(|c| !c.is_control());
    match name.as_str() {
        "user-agent" => bail!("the fetcher always gives its own name"),
        _ if is_token && is_value => draft.headers.insert(name, said.value.to_owned()),
        _ => bail!("it is no header field"),
    };
    Ok(())
}

/// The site and the host pattern that a file's name gives.
fn site_and_host(name: &str) -> anyhow::Result<(String, String)> {
    let lower = name.to_lowercase();
    let Some(stem) = lower.strip_suffix(".txt") else { bail!("the file's name is not that of a host with `.txt`") };
    let (is_wildcard, host) = match stem.strip_prefix('.') {
        Some(parent) => (true, parent),
        None => (false, stem.strip_prefix("www.").unwrap_or(stem)),
    };
    let is_plain = |c: char| c.is_alphanumeric() || "-.".contains(c);
    if host.is_empty()
        || host.len() > 253
        || host.starts_with('.')
        || !host.contains('.')
        || !host.chars().all(is_plain)
    {
        bail!("`{stem}` is no host");
    }
    let pattern = if is_wildcard { format!("*.{host}") } else { host.to_owned() };
    Ok((host.to_owned(), pattern))
}
