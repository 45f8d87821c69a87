//! Documents: the kept text of a page and what the page says of itself.

use std::collections::BTreeMap;

use dechrome_page::{BlockKind, Limits, Media, Page};
use dechrome_template::{Judgement, Problem, Reason, Verdict};
use serde::Serialize;

use crate::assemble::{Assembled, assemble};
use crate::dropped::dropped_for;
use crate::headline::headline;
use crate::language::language_of;
use crate::layout::Part;
use crate::normalise::{Spacing, normalise};

/// A piece of a document's text: a block, or a row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// Where it begins: a byte position in the document's text as UTF-8, not one in characters or UTF-16 units. It is never
    /// within a character.
    pub start: usize,
    /// Where it ends, exclusive, likewise.
    pub end: usize,
    /// What it is: `heading1` to `heading6`, `paragraph`, `list_item`, `table_row`, `code`, `quote`, `caption`,
    /// `term`, `description` or `control`.
    pub kind: &'static str,
    /// Index of its block in the page; of a table row, the first of its blocks. None of text that the page does not show.
    pub block: Option<u32>,
    /// Where text comes from that the page does not show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// Where text comes from that stands in no block of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// The page's structured data, such as the `articleBody` of JSON-LD.
    Structured,
}

/// The kept text of a page and what the page says of itself. The order of the fields is that of the JSON record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// The capture's id.
    pub id: String,
    /// The page's address.
    pub url: Option<String>,
    /// The site it belongs to.
    pub site: String,
    /// The headline. It is not repeated in `text`.
    pub title: Option<String>,
    /// The authors, joined by `; `.
    pub author: Option<String>,
    /// When it was published: `YYYY-MM-DD`.
    pub date: Option<String>,
    /// The language, ISO 639-1 where it has such a code: what the page declares, without region (`zh-Hant-TW` is `zh-Hant`), unless the text
    /// is plainly in another; else what is detected; none when unsure.
    pub language: Option<String>,
    /// The main content, [normalised](crate::normalise). Items of one list and rows of one table are separated by a
    /// line break, the cells of a row by a tab, all else by a blank line.
    pub text: String,
    /// Why there is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// How right the text is likely to be: the F1 of words that pages judged alike had on average, 0 to 1 in two decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// The pieces of `text`, in order; between them stand separators only.
    pub segments: Vec<Segment>,
    /// Characters of the page's blocks that are not in `text`, by the code of the
    /// [`Reason`](dechrome_template::Reason).
    pub removed: BTreeMap<&'static str, u64>,
    /// The name of the site or publisher.
    pub site_name: Option<String>,
    /// The page's own summary of itself.
    pub description: Option<String>,
    /// Subjects and keywords.
    pub tags: Vec<String>,
    /// The limits that the page ran into.
    #[serde(skip_serializing_if = "is_unset")]
    pub limits: Limits,
    /// Whether some bytes of the page had no meaning in its encoding.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lossy: bool,
    /// Whether what was learned of the site would have taken an unusual share of the text, which was kept.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub needs_review: bool,
    /// The address that its links are relative to.
    #[serde(skip)]
    pub(crate) base: Option<String>,
    /// What the formats with markup need to know of each segment.
    #[serde(skip)]
    pub(crate) parts: Vec<Part>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_unset(limits: &Limits) -> bool {
    *limits == Limits::default()
}

/// The page's headline. A flat page's was found by its place alone: it is none if its line turned out to be a phrase
/// or line of the site.
fn title<'a>(page: &'a Page, verdicts: &[Verdict]) -> Option<&'a str> {
    let title = page.metadata.title.as_deref()?;
    let is_site_line = |verdict: &Verdict| {
        !verdict.is_content()
            && matches!(verdict.reason, Reason::Cue { .. } | Reason::Recurs { .. } | Reason::Rule { .. })
    };
    let mut lines = page.blocks.iter().zip(verdicts).filter(|(block, _)| block.text == title);
    let is_boilerplate = page.media == Media::Text && lines.any(|(_, verdict)| is_site_line(verdict));
    (!is_boilerplate).then_some(title)
}

impl Document {
    /// The document of a page by a judgement of it: what its verdicts keep, and the text of its structured data where the
    /// page does not show it.
    pub fn of(page: &Page, site: &str, judgement: &Judgement) -> Self {
        let added = judgement.adds_structured.then(|| page.metadata.structured_text()).flatten();
        let document = Self::with_added(page, site, &judgement.verdicts, added);
        let problem = document.text.is_empty().then(|| judgement.problem.unwrap_or(Problem::NoContent));
        let confidence = (judgement.confidence.clamp(0.0, 1.0) * 100.0).round() / 100.0;
        Self { problem, confidence: Some(confidence), ..document }
    }

    /// The document of a page: the blocks that `verdicts`, parallel to the page's blocks, keep. A block without a
    /// verdict is kept: nothing is lost without a reason.
    pub fn new(page: &Page, site: &str, verdicts: &[Verdict]) -> Self {
        Self::with_added(page, site, verdicts, None)
    }

    fn with_added(page: &Page, site: &str, verdicts: &[Verdict], added: Option<&str>) -> Self {
        let headline = headline(page, verdicts);
        let kept = |&index: &usize| dropped_for(verdicts, headline, index).is_none();
        let mut assembled = assemble(page, (0..page.blocks.len()).filter(kept));
        added.into_iter().flat_map(str::lines).for_each(|line| assembled.add(line, Source::Structured));
        let Assembled { text, segments, parts } = assembled;
        let metadata = &page.metadata;
        Self {
            id: page.id.clone(),
            url: page.url.clone(),
            base: metadata.base.clone().or_else(|| page.url.clone()),
            site: site.to_owned(),
            title: line(title(page, verdicts)),
            author: line(metadata.author.as_deref()),
            date: line(metadata.date.as_deref()),
            language: language_of(metadata.language.as_deref(), &text),
            text,
            problem: None,
            confidence: None,
            segments,
            removed: removed(page, verdicts, headline),
            site_name: line(metadata.site_name.as_deref()),
            description: line(metadata.description.as_deref()),
            tags: metadata.tags.iter().filter_map(|tag| line(Some(tag))).collect(),
            limits: page.limits,
            lossy: page.lossy,
            needs_review: verdicts.iter().any(|verdict| verdict.reason == Reason::Review),
            parts,
        }
    }
}

/// A value of one line, where anything is left of it.
fn line(value: Option<&str>) -> Option<String> {
    value.map(|value| normalise(value, Spacing::Line).into_owned()).filter(|value| !value.is_empty())
}

/// Characters of the blocks that are left out, by code.
fn removed(page: &Page, verdicts: &[Verdict], headline: Option<usize>) -> BTreeMap<&'static str, u64> {
    let mut removed = BTreeMap::new();
    for (index, block) in page.blocks.iter().enumerate() {
        if let Some(reason) = dropped_for(verdicts, headline, index) {
            *removed.entry(reason.code()).or_default() += u64::from(block.chars);
        }
    }
    removed
}

/// The name of a kind of block as it stands in segments.
pub(crate) fn kind_name(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Heading(level) => {
            ["heading1", "heading2", "heading3", "heading4", "heading5", "heading6"][usize::from(level.clamp(1, 6)) - 1]
        }
        BlockKind::Paragraph => "paragraph",
        BlockKind::ListItem { .. } => "list_item",
        BlockKind::TableCell { .. } => "table_row",
        BlockKind::Code => "code",
        BlockKind::Quote => "quote",
        BlockKind::Caption => "caption",
        BlockKind::Term => "term",
        BlockKind::Description => "description",
        BlockKind::Control => "control",
    }
}

/// The record of a page that could not be read: every input record has exactly one output record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedDocument {
    /// The input record's id.
    pub id: String,
    /// Its address.
    pub url: Option<String>,
    /// What went wrong, in one line.
    pub error: String,
}
