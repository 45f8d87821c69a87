//! Structured data in `<script type="application/ld+json">`.

use serde_json::{Map, Value};

use super::{byline, date, substance, value};

/// Longest script read, in bytes.
const LONGEST: usize = 2 << 20;
/// Most objects looked at, of all scripts.
const MOST_OBJECTS: usize = 500;
/// Deepest nesting looked into.
const DEEPEST: usize = 8;

pub(super) type Object = Map<String, Value>;

/// What a page's structured data says.
#[derive(Debug, Default)]
pub(super) struct JsonLd {
    pub(super) headline: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) date: Option<String>,
    pub(super) site_name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) language: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) types: Vec<String>,
    pub(super) body: Option<String>,
    pub(super) substance: Option<String>,
}

/// Reads scripts; one that is no JSON is passed over.
pub(super) fn read<'a>(scripts: impl Iterator<Item = &'a str>) -> JsonLd {
    let values: Vec<Value> = scripts.filter_map(parse).collect();
    let mut objects = Vec::new();
    for value in &values {
        collect(value, 0, &mut objects);
    }
    summarise(&objects)
}

/// Parses the first value of a script, wrapped in comments or not, with raw line ends in its strings or not.
fn parse(script: &str) -> Option<Value> {
    if script.len() > LONGEST {
        return None;
    }
    let start = script.find(['{', '['])?;
    let text = &script[start..];
    let first = |text: &str| serde_json::Deserializer::from_str(text).into_iter::<Value>().next()?.ok();
    first(text).or_else(|| {
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        // `<![CDATA[` opens with a bracket that is no array.
        first(clean.strip_prefix("[CDATA[").map_or(clean.as_str(), str::trim_start))
    })
}

/// Objects that may be the page's subject or stand beside it, in order.
fn collect<'a>(value: &'a Value, depth: usize, objects: &mut Vec<&'a Object>) {
    if depth > DEEPEST || objects.len() >= MOST_OBJECTS {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth + 1, objects)),
        Value::Object(object) => {
            objects.push(object);
            // The questions of an FAQ are its parts, not its subject.
            if types(object).any(|name| name == "FAQPage") {
                return;
            }
            for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let Some(inner) = object.get(key) {
                    collect(inner, depth + 1, objects);
                }
            }
        }
        _ => {}
    }
}

/// How likely a type is the page's subject: articles and posts, then things, then the page itself.
fn rank(object: &Object) -> u8 {
    types(object).map(type_rank).max().unwrap_or(0)
}

fn type_rank(name: &str) -> u8 {
    let name = name.rsplit(['/', ':', '#']).next().unwrap_or(name);
    match name {
        _ if name.ends_with("Article") || name.ends_with("Posting") => 5,
        "Report" | "Question" | "Review" | "CreativeWork" | "Recipe" | "HowTo" | "ClaimReview" => 4,
        "Product"
        | "ProductGroup"
        | "VideoObject"
        | "Event"
        | "Book"
        | "Course"
        | "JobPosting"
        | "SoftwareApplication"
        | "PodcastEpisode"
        | "Dataset"
        | "Movie" => 3,
        _ if name.ends_with("Page") => 2,
        "Service" | "Blog" => 1,
        _ => 0,
    }
}

pub(super) fn types(object: &Object) -> impl Iterator<Item = &str> {
    strings(object.get("@type"))
}

/// The strings of a string or array.
pub(super) fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    items.iter().filter_map(Value::as_str)
}

fn summarise(objects: &[&Object]) -> JsonLd {
    // A stable sort: the first of equals in the page's order.
    let mut ranked: Vec<(u8, &Object)> = objects.iter().map(|object| (rank(object), *object)).collect();
    ranked.retain(|(rank, _)| *rank > 0);
    ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    let subjects = || ranked.iter().map(|(_, object)| *object);
    let text = |key: &str, longest| subjects().find_map(|object| text_of(object, key, longest));
    let main = ranked.first().copied();
    let named = main.filter(|(rank, _)| *rank >= 3).and_then(|(_, object)| text_of(object, "name", value::SHORT));
    JsonLd {
        headline: text("headline", value::SHORT).or(named),
        authors: subjects().map(|object| authors(object, objects)).find(|names| !names.is_empty()).unwrap_or_default(),
        date: subjects().find_map(published),
        site_name: subjects().find_map(|object| publisher(object, objects)).or_else(|| web_site(objects)),
        description: text("description", value::LONG),
        language: subjects().find_map(|object| strings(object.get("inLanguage")).next().map(str::to_owned)),
        tags: main.map(|(_, object)| keywords(object)).unwrap_or_default(),
        types: main.map(|(_, object)| types(object).map(str::to_owned).collect()).unwrap_or_default(),
        body: subjects().find_map(body),
        substance: main.and_then(|(_, object)| substance::of(object)),
    }
}

fn text_of(object: &Object, key: &str, longest: usize) -> Option<String> {
    let text = strings(object.get(key)).next()?;
    value::marked_line(text, longest)
}

fn published(object: &Object) -> Option<String> {
    ["datePublished", "dateCreated", "uploadDate"]
        .iter()
        .find_map(|key| strings(object.get(*key)).next())
        .and_then(|text| date::normal(text, date::Order::default()))
}

/// Authors are strings, objects, arrays of them, or references to objects elsewhere on the page.
fn authors(object: &Object, objects: &[&Object]) -> Vec<String> {
    let mut names = Vec::new();
    for key in ["author", "creator"] {
        for item in items(object.get(key)) {
            for name in entity_name(item, objects).iter().flat_map(|name| byline::clean(name)) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        if !names.is_empty() {
            break;
        }
    }
    names
}

pub(super) fn items(value: Option<&Value>) -> &[Value] {
    /// No page has more authors than this.
    const MOST: usize = 32;
    match value {
        Some(Value::Array(items)) => &items[..items.len().min(MOST)],
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
}

/// The name of a person or organisation given as text, object or reference.
fn entity_name(value: &Value, objects: &[&Object]) -> Option<String> {
    match value {
        Value::String(name) => value::marked_line(name, value::SHORT),
        Value::Object(entity) => text_of(entity, "name", value::SHORT).or_else(|| {
            let id = entity.get("@id").and_then(Value::as_str)?;
            let other = objects
                .iter()
                .find(|other| other.get("@id").and_then(Value::as_str) == Some(id) && other.contains_key("name"))?;
            text_of(other, "name", value::SHORT)
        }),
        _ => None,
    }
}

fn publisher(object: &Object, objects: &[&Object]) -> Option<String> {
    items(object.get("publisher")).first().and_then(|value| entity_name(value, objects))
}

fn web_site(objects: &[&Object]) -> Option<String> {
    let site = objects.iter().find(|object| types(object).any(|name| name == "WebSite"))?;
    text_of(site, "name", value::SHORT)
}

fn keywords(object: &Object) -> Vec<String> {
    strings(object.get("keywords"))
        .flat_map(|text| text.split([',', ';']))
        .filter_map(|text| value::marked_line(text, value::SHORT))
        .collect()
}

fn body(object: &Object) -> Option<String> {
    let text = |key: &str| strings(object.get(key)).next();
    let article = text("articleBody").filter(|body| !body.trim().is_empty());
    let product = || text("description").filter(|_| types(object).any(|name| name.starts_with("Product")));
    article.or_else(product).and_then(value::paragraphs)
}
