//! Which blocks of a page belong together: written alike, in one container, in one run of lines.

use dechrome_page::{Block, BlockKind, Media, Page, ROOT};

use super::cut::SPARE_WORDS;
use crate::features::{Features, is_heading};
use crate::numbering::Numbering;

/// Containers above a block's own element whose blocks belong together.
const CONTAINERS: usize = 3;

/// The group of blocks that no block that is asked for belongs together with; nobody looks at it.
pub(super) const UNSEEN: u32 = 0;

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

    /// The groups of a page that shows this.
    pub fn of(page: &Page, features: &Features) -> Self {
        let Features { words, paths, .. } = features;
        let blocks = page.blocks.iter();
        let mut ways = match page.media {
            Media::Html => {
                let outline = &page.outline;
                let container = |level: usize| {
                    let above = |block: &Block| outline.ancestors(block.node).nth(level).unwrap_or(ROOT) as usize;
                    Numbering::by_index(blocks.clone().map(above), outline.nodes.len()).into()
                };
                let mut ways = vec![paths.clone().into()];
                ways.extend((1..=CONTAINERS).map(container));
                ways
            }
            Media::Text => vec![
                Way::cut(page.blocks.len(), |block| page.blocks[block].blank_before > 0),
                Way::cut(page.blocks.len(), |block| is_heading(page, block, words[block])),
                Numbering::by(blocks.map(|block| (block.indent, block.blank_before.min(3), is_item(block)))).into(),
            ],
        };
        ways.push(Way::cut(page.blocks.len(), |_| false));
        Self { ways, weights: words.iter().map(|&words| (words as f32 + SPARE_WORDS).sqrt()).collect() }
    }

    /// The groups that some blocks, by index, belong to. All others are [`UNSEEN`].
    pub(super) fn seen_by(&self, blocks: &[usize]) -> Self {
        Self { ways: self.ways.iter().map(|way| way.seen_by(blocks)).collect(), weights: self.weights.clone() }
    }
}

impl From<Numbering> for Way {
    fn from(Numbering { of, count }: Numbering) -> Self {
        Self { of_block: of, count }
    }
}

impl Way {
    fn seen_by(&self, blocks: &[usize]) -> Self {
        let mut seen = vec![UNSEEN; self.count];
        for &block in blocks {
            seen[self.of_block[block] as usize] = UNSEEN + 1;
        }
        let mut count = UNSEEN + 1;
        for number in seen.iter_mut().filter(|number| **number != UNSEEN) {
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

    use super::super::Model;
    use super::*;
    use crate::cues::Cues;

    fn groups(page: &Page) -> Groups {
        let model = Model::embedded();
        let groups = Groups::of(page, &model.features(page, Cues::embedded()));
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
