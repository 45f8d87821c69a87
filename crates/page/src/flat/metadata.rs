//! What a flat page says of itself: headline, byline, date line and tag row, found by their places.

use super::is_unspaced;
use crate::block::{Block, BlockKind};
use crate::metadata::{Metadata, byline_in, date_in};

/// Words of a line that can be a headline.
const TITLE_WORDS: std::ops::RangeInclusive<usize> = 3..=30;

/// Words that make a line running text: what stands above the first one is the page's head.
const PROSE_WORDS: usize = 25;

/// Letters of a word in writing without spaces: of Chinese and Japanese, about.
const LETTERS_OF_WORD: usize = 2;

/// Longest line, in words, that is read for a date or a byline.
const LINE_WORDS: usize = 15;

/// Lines around the headline that are read for date and byline.
const ABOVE_TITLE: usize = 3;
const BELOW_TITLE: usize = 8;

/// Longest name of an author, in words.
const NAME_WORDS: usize = 4;

/// Words of one tag, and what stands between tags.
const TAG_WORDS: usize = 4;
const TAG_SEPARATOR: &str = " / ";

/// Reads the metadata off the page's lines.
pub(super) fn read(blocks: &[Block]) -> Metadata {
    let head = &blocks[..head_length(blocks)];
    let title = title(blocks, head);
    let near = match title {
        Some(at) => at.saturating_sub(ABOVE_TITLE)..(at + BELOW_TITLE).min(blocks.len()),
        None => 0..head.len(),
    };
    let near = &blocks[near];
    Metadata {
        title: title.map(|at| blocks[at].text.clone()),
        author: author(near),
        date: near.iter().chain(blocks.first()).find_map(date),
        tags: tags(&blocks[head.len()..]),
        ..Metadata::default()
    }
}

/// Words of a line; of writing without spaces, two letters are one.
fn words(block: &Block) -> usize {
    let unspaced = block.text.chars().filter(|&c| is_unspaced(c)).count();
    block.text.split_whitespace().count() + unspaced / LETTERS_OF_WORD
}

/// Blocks above the first running text. Without any there is no head: poems, tables and lists do not tell their headlines from
/// their lines.
fn head_length(blocks: &[Block]) -> usize {
    blocks.iter().position(|block| words(block) >= PROSE_WORDS).unwrap_or_default()
}

/// The headline: a line that the page's first line repeats, else the line above the date line or
/// byline, else the last line of some length above the text.
fn title(blocks: &[Block], head: &[Block]) -> Option<usize> {
    repeated_in_first_line(blocks).or_else(|| above_dateline(head)).or_else(|| head.iter().rposition(can_be_title))
}

fn repeated_in_first_line(blocks: &[Block]) -> Option<usize> {
    let first = &blocks.first()?.text;
    let later = blocks.iter().enumerate().skip(1);
    later.filter(|(_, block)| first.contains(&block.text) && can_be_title(block)).map(|(at, _)| at).next()
}

fn above_dateline(head: &[Block]) -> Option<usize> {
    let dateline = head.iter().rposition(|block| date(block).is_some() || byline(block).is_some())?;
    let above = &head[dateline.saturating_sub(ABOVE_TITLE)..dateline];
    above.iter().rposition(can_be_title).map(|at| dateline.saturating_sub(ABOVE_TITLE) + at)
}

fn can_be_title(block: &Block) -> bool {
    let is_plain = matches!(block.kind, BlockKind::Paragraph) && block.indent == 0;
    let ends_open = !block.text.ends_with(['.', ':', ',', '。', '，']);
    is_plain && ends_open && TITLE_WORDS.contains(&words(block)) && date(block).is_none() && byline(block).is_none()
}

fn date(block: &Block) -> Option<String> {
    if words(block) <= LINE_WORDS { date_in(&block.text) } else { date_in(prefix(&block.text)?) }
}

/// The date that stands before the headline in a line such as `date 2024-03-23 Headline`.
fn prefix(text: &str) -> Option<&str> {
    text.strip_prefix("date ")?.split(' ').next()
}

/// The name in a line such as `By Jo Dale` or `By Jo Dale, city editor`.
fn byline(block: &Block) -> Option<String> {
    let before_role = || byline_in(block.text.split_once(',')?.0);
    (words(block) <= LINE_WORDS).then(|| byline_in(&block.text).or_else(before_role)).flatten()
}

/// A byline, else a name on the line above a date line.
fn author(near: &[Block]) -> Option<String> {
    let above_date = || {
        let pair = near.windows(2).find(|pair| {
            pair[1].blank_before == 0 && is_name(&pair[0].text) && date(&pair[0]).is_none() && date(&pair[1]).is_some()
        });
        pair.map(|pair| pair[0].text.clone())
    };
    near.iter().find_map(byline).or_else(above_date)
}

fn is_name(text: &str) -> bool {
    let mut words = text.split(' ');
    words.clone().count() <= NAME_WORDS
        && words.all(|word| {
            word.chars().next().is_some_and(char::is_uppercase)
                && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\''))
        })
}

/// The longest row of short names with slashes in between, below the first running text.
fn tags(below: &[Block]) -> Vec<String> {
    let rows = below.iter().filter_map(tag_row);
    let row = rows.max_by_key(Vec::len).unwrap_or_default();
    let mut tags: Vec<String> = Vec::new();
    for tag in row {
        if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

fn tag_row(block: &Block) -> Option<Vec<&str>> {
    let parts: Vec<&str> = block.text.split(TAG_SEPARATOR).map(str::trim).collect();
    let is_short = |part: &&str| (1..=TAG_WORDS).contains(&part.split(' ').count()) && !part.is_empty();
    (parts.len() > 1 && parts.iter().all(is_short)).then_some(parts)
}

#[cfg(test)]
mod tests {
    use crate::flat::parse;

    const STORY: &str = "A first paragraph that is long enough to be taken for running text because it goes on and on \
                         for more than twenty-five words, which takes some doing in a test like this one.";

    #[test]
    fn headline_byline_date_and_tags() {
        let text = format!(
            "date 2023-05-04 Harbour opens after ten years of work\n\nCity\n\nAnna Berg\n4 May, 2023, 10:00 am\n\n\
             Harbour opens after ten years of work\n\n{STORY}\n\nCity / Ports\n\nCity / Harbour / Anna Berg / City"
        );
        let metadata = parse(&text).metadata;
        assert_eq!(metadata.title.as_deref(), Some("Harbour opens after ten years of work"));
        assert_eq!(metadata.author.as_deref(), Some("Anna Berg"));
        assert_eq!(metadata.date.as_deref(), Some("2023-05-04"));
        assert_eq!(metadata.tags, ["City", "Harbour", "Anna Berg"]);
    }

    #[test]
    fn the_line_above_the_date_line_is_the_headline() {
        let text = format!("Menu\n\nBridge closed for the winter\n\nBy Jo Dale\nMarch 3, 2021\n\n{STORY}");
        let metadata = parse(&text).metadata;
        assert_eq!(metadata.title.as_deref(), Some("Bridge closed for the winter"));
        assert_eq!((metadata.author.as_deref(), metadata.date.as_deref()), (Some("Jo Dale"), Some("2021-03-03")));
    }

    #[test]
    fn a_byline_with_a_role_is_no_headline() {
        let text = format!("Menu\n\nBridge closed for the winter\n\nBy Jo Dale, harbour correspondent\n\n{STORY}");
        let metadata = parse(&text).metadata;
        assert_eq!(metadata.title.as_deref(), Some("Bridge closed for the winter"));
        assert_eq!(metadata.author.as_deref(), Some("Jo Dale"));
    }

    #[test]
    fn writing_without_spaces_has_running_text() {
        let story = "港口经过十年的建设终于在周一正式开放，吸引了许多来自各地的游客前来参观。".repeat(2);
        let text = format!("首页 新闻 体育\n\n港口 十年 之后 正式开放\n\n{story}\n\n版权所有 2024 港口 日报社");
        assert_eq!(parse(&text).metadata.title.as_deref(), Some("港口 十年 之后 正式开放"));
    }

    #[test]
    fn a_page_without_a_head_says_nothing() {
        assert_eq!(parse(STORY).metadata, crate::metadata::Metadata::default());
        let poem = "The harbour at night\nholds its breath for the tide\nand the lamps go out one by one";
        assert_eq!(parse(poem).metadata.title, None);
        assert_eq!(parse("").metadata, crate::metadata::Metadata::default());
    }
}
