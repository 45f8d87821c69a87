//! Siblings that are written alike: cards, posts, rows.

use dechrome_page::{Node, NodeId, Outline};

use crate::numbering::Numbering;

/// Like-written siblings that make a group of a page.
const GROUP: u32 = 3;

/// The nodes of an outline by the like-written siblings they are of.
pub(super) struct Siblings {
    numbering: Numbering,
    /// How many of them hold text, and its characters.
    groups: Vec<(u32, u32)>,
}

impl Siblings {
    pub(super) fn of(outline: &Outline) -> Self {
        let key = |node: &Node| (u64::from(node.parent) << 32) | u64::from(node.signature);
        let numbering = Numbering::by(outline.nodes.iter().map(key));
        let mut groups = vec![(0, 0_u32); numbering.count];
        for (node, &group) in outline.nodes.iter().zip(&numbering.of).filter(|(node, _)| node.chars > 0) {
            let (count, chars) = &mut groups[group as usize];
            *count += 1;
            *chars = chars.saturating_add(node.chars);
        }
        Self { numbering, groups }
    }

    /// How many siblings with text are written like this node, itself included.
    pub(super) fn alike(&self, id: NodeId) -> u32 {
        self.groups[self.numbering.of[id as usize] as usize].0
    }

    /// Characters of the largest group.
    pub(super) fn largest(&self) -> u32 {
        let large = self.groups.iter().filter(|&&(count, _)| count >= GROUP);
        large.map(|&(_, chars)| chars).max().unwrap_or_default()
    }
}
