//! The text of a block by itself, and how it agrees with what the page says of itself.

use ahash::AHashMap;
use dechrome_page::{Block, BlockKind, Media, Metadata, Page};

use super::text::{Counts, Ending, ending, hash_words, opening, read_all};
use super::{Feature, MISSING, Row, Vocabulary, log, set};
use crate::cues::{CueHits, CueList, CueMode, Cues, Token, is_breadcrumb};
use crate::filter::Filter;
use crate::numbering::Numbering;

/// Words of text looked up in the vocabulary, at most.
const MAX_LOOKUPS: usize = 40;

/// Words that make a block prose; shorter ones are labels, headings and teasers.
const PROSE_WORDS: u32 = 12;

/// Share of linked characters above which a block is not prose.
const PROSE_LINK_SHARE: f32 = 0.4;

/// What other features need to know of a block's text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) chars: u32,
    pub(super) words: u32,
    pub(super) ending: Ending,
    /// Mean log-odds of its words.
    pub(super) text: f32,
    /// Hash of its folded text.
    pub(super) key: u64,
    /// Share of the headline's words in it, times the share of its words in the headline.
    pub(super) title: f32,
    pub(super) is_prose: bool,
    /// The cue lists that know it.
    pub(super) hits: CueHits,
}

/// Fills the columns of shape and agreement.
pub(super) fn fill(page: &Page, vocabulary: &Vocabulary, cues: &Cues, rows: &mut [Row]) -> Vec<Shape> {
    let said = Said::of(page);
    let mut shapes = Vec::with_capacity(rows.len());
    let (mut words, mut tokens) = (Vec::new(), Vec::new());
    for (block, row) in page.blocks.iter().zip(rows.iter_mut()) {
        let (counts, complete) = read_all(&block.text, &mut words, &mut tokens);
        let hits = cues.matches_tokens(&tokens, complete);
        fill_cues(block, cues, &counts, &tokens, hits, row);
        shapes.push(Shape { hits, ..fill_block(block, page.media, vocabulary, &said, &counts, &words, row) });
    }
    fill_copies(&shapes, rows);
    fill_title_distance(page, &shapes, rows);
    shapes
}

/// Words of what a page says of itself, as hashes.
#[derive(Default)]
struct Said {
    title: Vec<u32>,
    /// The sayings that a word is in, by bit.
    by_word: AHashMap<u32, u8>,
    /// Which words these may be: most words of a page are in no saying.
    words: Filter,
    /// Which of them there are.
    any: u8,
}

/// Bits of the sayings.
const TITLE: u8 = 1;
const DESCRIPTION: u8 = 2;
const BODY: u8 = 4;

impl Said {
    fn of(page: &Page) -> Self {
        let Metadata { title, description, body, .. } = &page.metadata;
        let mut said = Self::default();
        let mut words = Vec::new();
        for (saying, text) in [(TITLE, title), (DESCRIPTION, description), (BODY, body)] {
            hash_words(text.as_deref().unwrap_or_default(), &mut words);
            for &word in &words {
                said.any |= saying;
                said.words.add(word);
                *said.by_word.entry(word).or_default() |= saying;
            }
        }
        said.title.extend(said.by_word.iter().filter(|(_, sayings)| *sayings & TITLE != 0).map(|(&word, _)| word));
        said
    }

    /// How far a text agrees with what there is.
    fn agreement(&self, words: &[u32]) -> Agreement {
        let mut counts = [0_u32; 3];
        for word in words.iter().filter(|&&word| self.words.may_hold(word)) {
            if let Some(sayings) = self.by_word.get(word) {
                for (bit, count) in counts.iter_mut().enumerate() {
                    *count += u32::from(sayings >> bit & 1);
                }
            }
        }
        let [title, description, body] = counts.map(|count| count as f32 / words.len().max(1) as f32);
        // A few words agree by chance.
        let vouched = |saying: u8, share: f32| match self.any & saying {
            0 => MISSING,
            _ if words.len() < 4 => 0.0,
            _ => share,
        };
        Agreement {
            title: if title > 0.0 { title * self.title_share(words) } else { 0.0 },
            description: vouched(DESCRIPTION, description),
            body: vouched(BODY, body),
        }
    }

    /// Share of the title that is among the words; 0 for many more words.
    fn title_share(&self, words: &[u32]) -> f32 {
        if words.len() > 4 * self.title.len() + 8 {
            return 0.0;
        }
        self.title.iter().filter(|word| words.contains(word)).count() as f32 / self.title.len() as f32
    }
}

/// How far a text agrees with what the page says of itself.
struct Agreement {
    /// Share of its words that are in the title, times the share of the title that is among them.
    title: f32,
    /// Shares of its words in description and text of the structured data; missing where there is none.
    description: f32,
    body: f32,
}

fn fill_block(
    block: &Block,
    media: Media,
    vocabulary: &Vocabulary,
    said: &Said,
    counts: &Counts,
    words: &[u32],
    row: &mut Row,
) -> Shape {
    let count = words.len() as u32;
    let (mean, low, high) = odds(words, vocabulary);
    let ending = ending(&block.text);
    let link_share = block.link_share();
    let agreement = said.agreement(words);
    let per_word = |n: u32| n as f32 / count.max(1) as f32;
    let per_char = |n: u32| n as f32 / block.chars.max(1) as f32;
    let kind = kind_code(block.kind);
    for (feature, value) in [
        (Feature::chars, log(block.chars)),
        (Feature::words, log(count)),
        (Feature::word_length, counts.letters as f32 / count.max(1) as f32),
        (Feature::sentences, log(counts.sentences)),
        (Feature::commas, per_word(counts.commas)),
        (Feature::digits, per_char(counts.digits)),
        (Feature::capitalised, per_word(counts.capitalised)),
        (Feature::capitals, per_char(counts.capitals)),
        (Feature::ending, f32::from(ending as u8)),
        (Feature::opening, opening(&block.text)),
        (Feature::separators, counts.separators as f32),
        (Feature::has_year, f32::from(counts.has_year)),
        (Feature::has_currency, f32::from(counts.has_currency)),
        (Feature::lines, log(counts.lines)),
        (Feature::kind, kind),
        (Feature::text_mean, mean),
        (Feature::text_low, low),
        (Feature::text_high, high),
        (Feature::title_overlap, agreement.title),
        (Feature::description_overlap, agreement.description),
        (Feature::body_overlap, agreement.body),
    ] {
        set(row, feature, value);
    }
    if media == Media::Html {
        fill_markup(block, row);
    }
    Shape {
        chars: block.chars,
        words: count,
        ending,
        text: mean,
        key: words_key(words),
        title: agreement.title,
        is_prose: count >= PROSE_WORDS && link_share <= PROSE_LINK_SHARE && !block.hidden.style,
        hits: CueHits::default(),
    }
}

/// What only markup shows.
fn fill_markup(block: &Block, row: &mut Row) {
    set(row, Feature::link_share, block.link_share());
    set(row, Feature::strong_share, block.strong_chars as f32 / block.chars.max(1) as f32);
    set(row, Feature::links, log(block.links.len() as u32));
    set(row, Feature::is_hidden, f32::from(block.hidden.style) + 2.0 * f32::from(block.hidden.aria));
    set(row, Feature::is_noscript, f32::from(block.hidden.noscript));
}

/// Longest text, in characters, that can be an age row or a breadcrumb.
const MAX_ROW_CHARS: u32 = 120;

fn fill_cues(block: &Block, cues: &Cues, counts: &Counts, tokens: &[Token], hits: CueHits, row: &mut Row) {
    let strongest = hits.iter().max_by_key(|&(_, mode)| mode);
    let (list, mode) = strongest.map_or((MISSING, 0.0), |(list, mode)| (f32::from(list as u8), mode_code(mode)));
    set(row, Feature::cue_list, list);
    set(row, Feature::cue_mode, mode);
    let is_short = block.chars <= MAX_ROW_CHARS;
    let may_be_parts = counts.separators_of.ages && cues.may_hold_age(tokens);
    let may_be_age = is_short && (may_be_parts || hits.is_whole(CueList::Age));
    let may_be_crumbs = is_short && counts.separators_of.crumbs;
    set(row, Feature::is_age_row, f32::from(may_be_age && cues.is_age_row_given(&block.text, hits)));
    set(row, Feature::is_breadcrumb, f32::from(may_be_crumbs && is_breadcrumb(&block.text)));
}

fn mode_code(mode: CueMode) -> f32 {
    match mode {
        CueMode::Within => 1.0,
        CueMode::Prefix => 2.0,
        CueMode::Whole => 3.0,
    }
}

/// Mean, lowest and highest log-odds of a text's words.
fn odds(words: &[u32], vocabulary: &Vocabulary) -> (f32, f32, f32) {
    let mut sum = 0.0;
    let (mut low, mut high) = (0.0_f32, 0.0_f32);
    let step = words.len().div_ceil(MAX_LOOKUPS).max(1);
    let mut count = 0;
    for &word in words.iter().step_by(step) {
        let odds = vocabulary.of_text(word);
        sum += odds;
        low = if odds < low { odds } else { low };
        high = if odds > high { odds } else { high };
        count += 1;
    }
    (sum / count.max(1) as f32, low, high)
}

/// Kinds on one scale: headings by level, then running text, then parts of structures.
pub(super) fn kind_code(kind: BlockKind) -> f32 {
    match kind {
        BlockKind::Heading(level) => f32::from(level),
        BlockKind::Paragraph => 8.0,
        BlockKind::Quote => 9.0,
        BlockKind::ListItem { ordinal: Some(_), .. } => 10.0,
        BlockKind::ListItem { .. } => 11.0,
        BlockKind::Description => 12.0,
        BlockKind::Term => 13.0,
        BlockKind::TableCell { header: false, .. } => 14.0,
        BlockKind::TableCell { .. } => 15.0,
        BlockKind::Code => 16.0,
        BlockKind::Caption => 17.0,
        BlockKind::Control => 18.0,
    }
}

/// A hash of a text's words in order.
fn words_key(words: &[u32]) -> u64 {
    words.iter().fold(words.len() as u64, |key, &word| {
        (key ^ u64::from(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    })
}

fn fill_copies(shapes: &[Shape], rows: &mut [Row]) {
    let texts = Numbering::by(shapes.iter().map(|shape| shape.key));
    for ((above, all), row) in texts.copies().zip(rows) {
        set(row, Feature::is_later_copy, above as f32);
        set(row, Feature::copies, all as f32);
    }
}

/// Agreement with the title that makes a block the page's headline.
const TITLE_AGREEMENT: f32 = 0.6;

/// The block that holds the page's headline: the largest heading that agrees with the title,
/// else any block that does, else the first heading of level 1.
pub(super) fn title_block(page: &Page, shapes: &[Shape]) -> Option<usize> {
    let rank = |index: usize| match page.blocks[index].kind {
        BlockKind::Heading(level) => level,
        _ => 7,
    };
    let agreeing = (0..shapes.len()).filter(|&index| shapes[index].title >= TITLE_AGREEMENT);
    agreeing
        .min_by_key(|&index| rank(index))
        .or_else(|| page.blocks.iter().position(|block| block.kind == BlockKind::Heading(1)))
}

fn fill_title_distance(page: &Page, shapes: &[Shape], rows: &mut [Row]) {
    let Some(title) = title_block(page, shapes) else { return };
    for (index, row) in rows.iter_mut().enumerate() {
        set(row, Feature::after_title, f32::from(index > title) - f32::from(index < title));
        set(row, Feature::title_distance, index as f32 - title as f32);
    }
}
