//! Which blocks of a page belong together: written alike, in one container, in one run of lines.

use std::hash::Hash;

use dechrome_page::{Block, BlockKind, Media, Page, ROOT};

use super::cut::SPARE_WORDS;
use crate::features::{is_heading, path_key};
use crate::numbering::Numbering;

/// Containers above a block's own element whose blocks belong together.
const CONTAINERS: usize = 3;

/// The ways in which a page's blocks belong together. The last is the page as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups {
    /// The ways.
    pub ways: Vec<Way>,
    /// A block's weight in the mean of its groups.
    pub weights: Vec<f32>,
}

/// One way in which blocks belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The group of each block.
    pub of_block: Vec<u32>,
    /// Number of groups.
    pub count: usize,
}

impl Groups {
    /// Number of ways for pages of this medium.
    pub const fn ways_of(media: Media) -> usize {
        match media {
            Media::Html => CONTAINERS + 2,
            Media::Text => 4,
        }
    }

    /// The groups of a page; `words` is parallel to its blocks.
    pub fn of(page: &Page, words: &[u32]) -> Self {
        let blocks = page.blocks.iter();
        let mut ways = match page.media {
            Media::Html => {
                let outline = &page.outline;
                let mut ways = vec![Way::by(blocks.clone().map(|block| path_key(outline, block.node)))];
                ways.extend((1..=CONTAINERS).map(|level| {
                    let container = |block: &Block| outline.ancestors(block.node).nth(level).unwrap_or(ROOT);
                    Way::by(blocks.clone().map(container))
                }));
                ways
            }
            Media::Text => vec![
                Way::cut(page.blocks.len(), |block| page.blocks[block].blank_before > 0),
                Way::cut(page.blocks.len(), |block| is_heading(page, block, words[block])),
                Way::by(blocks.map(|block| (block.indent, block.blank_before.min(3), is_item(block)))),
            ],
        };
        ways.push(Way::cut(page.blocks.len(), |_| false));
        Self { ways, weights: words.iter().map(|&words| (words as f32 + SPARE_WORDS).sqrt()).collect() }
    }

    /// The groups that some blocks, by index, belong to. All others are one.
    pub(super) fn seen_by(&self, blocks: &[usize]) -> Self {
        Self { ways: self.ways.iter().map(|way| way.seen_by(blocks)).collect(), weights: self.weights.clone() }
    }
}

impl Way {
    /// Blocks of one key belong together.
    fn by<K: Hash + Eq>(keys: impl ExactSizeIterator<Item = K>) -> Self {
        let Numbering { of, count } = Numbering::by(keys);
        Self { of_block: of, count }
    }

    fn seen_by(&self, blocks: &[usize]) -> Self {
        let mut seen = vec![0; self.count];
        for &block in blocks {
            seen[self.of_block[block] as usize] = 1;
        }
        let mut count = 1;
        for number in seen.iter_mut().filter(|number| **number > 0) {
            *number = count;
            count += 1;
        }
        Self { of_block: self.of_block.iter().map(|&group| seen[group as usize]).collect(), count: count as usize }
    }

    /// Blocks belong together from one that opens a group to the next.
    fn cut(blocks: usize, opens: impl Fn(usize) -> bool) -> Self {
        let mut group = 0;
        let of_block = (0..blocks)
            .map(|block| {
                group += u32::from(block > 0 && opens(block));
                group
            })
            .collect();
        Self { of_block, count: group as usize + 1 }
    }
}

fn is_item(block: &Block) -> bool {
    matches!(block.kind, BlockKind::ListItem { .. })
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;

    fn groups(page: &Page) -> Groups {
        let words: Vec<u32> = page.blocks.iter().map(|block| block.text.split(' ').count() as u32).collect();
        let groups = Groups::of(page, &words);
        assert_eq!(groups.ways.len(), Groups::ways_of(page.media));
        groups
    }

    #[test]
    fn cards_belong_together_by_how_they_are_written_and_by_their_containers() {
        let page = "<ul><li><h3>One</h3><p>1 euro</p></li><li><h3>Two</h3><p>2 euros</p></li></ul><p>Other";
        let groups = groups(&Page::read(&Capture::html("a", page)));
        let ways: Vec<&[u32]> = groups.ways.iter().map(|way| way.of_block.as_slice()).collect();
        assert_eq!(ways[0], [0, 1, 0, 1, 2]);
        assert_eq!(ways[1], [0, 0, 1, 1, 2]);
        assert_eq!(ways[2][..4], [0; 4]);
        assert_eq!(ways[4], [0; 5]);
    }

    #[test]
    fn lines_belong_together_in_runs_and_below_headings() {
        let text = "Home\nNews\n\nTop Stories\n\nA ferry sails\nA library lends\n\nLast";
        let groups = groups(&Page::read(&Capture::text("a", text)));
        assert_eq!(groups.ways[0].of_block, [0, 0, 1, 2, 2, 3]);
        assert_eq!(groups.ways[1].of_block, [0, 0, 1, 1, 1, 1]);
    }
}
