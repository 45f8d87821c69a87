//! Metadata from the places that a site file names.

use scraper::{ElementRef, Html};

use super::{Metadata, byline, date, head, value};
use crate::selectors::{MetadataField, Selectors};

/// Elements looked at for one selector.
const MOST: usize = 8;

/// Puts what the selectors find in the place of what was found without them.
pub(super) fn apply(tree: &Html, selectors: &Selectors, order: date::Order, metadata: &mut Metadata) {
    let mut open = [true; 3];
    for (field, selector) in &selectors.metadata {
        let is_open = &mut open[*field as usize];
        if !*is_open {
            continue;
        }
        let mut values = tree.select(selector).take(MOST).filter_map(value_of);
        let (place, found) = match field {
            MetadataField::Title => (&mut metadata.title, values.next()),
            MetadataField::Author => (&mut metadata.author, authors(values)),
            MetadataField::Date => (&mut metadata.date, values.find_map(|value| date::normal(&value, order))),
        };
        if found.is_some() {
            *place = found;
            *is_open = false;
        }
    }
}

fn value_of(element: ElementRef<'_>) -> Option<String> {
    let stated = ["content", "datetime"].iter().find_map(|name| element.attr(name));
    match stated {
        Some(stated) => value::marked_line(stated, value::SHORT),
        None => head::text_of(*element, value::SHORT),
    }
}

fn authors(values: impl Iterator<Item = String>) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for name in values.flat_map(|value| byline::clean(&value)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join("; "))
}
