//! The page's headline within its blocks.

use crate::dropped::dropped_for;
use crate::normalise::{Spacing, normalise};
use dechrome_page::{Block, BlockKind, Page};
use dechrome_template::Verdict;

/// Words of a paragraph with which the text has begun: no headline comes after it.
const OPENING_WORDS: usize = 20;
/// Letters of Chinese, Japanese and Korean, written without spaces, that count as a word.
const IDEOGRAPHS_PER_WORD: usize = 2;

/// The first kept block that says what the title says, if the text has not begun before it.
pub(crate) fn headline(page: &Page, verdicts: &[Verdict]) -> Option<usize> {
    let title = normalise(page.metadata.title.as_deref()?, Spacing::Line);
    fold(&title).next()?;
    let kept = page.blocks.iter().enumerate().filter(|&(index, _)| dropped_for(verdicts, None, index).is_none());
    for (index, block) in kept {
        if fold(&title).eq(fold(&normalise(&block.text, Spacing::Prose))) {
            return Some(index);
        }
        if is_opening(block) {
            return None;
        }
    }
    None
}

/// The letters and digits of a text in lower case.
fn fold(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Whether the text begins here.
fn is_opening(block: &Block) -> bool {
    // Twenty words of one letter are shorter than this only without the spaces between them.
    let is_long = block.text.len() >= 2 * OPENING_WORDS - 1;
    is_long && !matches!(block.kind, BlockKind::Heading(_)) && has_words(&block.text, OPENING_WORDS)
}

fn has_words(text: &str, words: usize) -> bool {
    let ideographs = words * IDEOGRAPHS_PER_WORD;
    let is_ideograph = |c: &char| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    text.split_ascii_whitespace().take(words).count() == words
        || !text.is_ascii() && text.chars().filter(is_ideograph).take(ideographs).count() == ideographs
}
