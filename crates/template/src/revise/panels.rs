//! Tabs: of several panels a page shows one, and hides the others until a reader asks for them.

use std::collections::BTreeMap;
use std::ops::Range;

use dechrome_page::{NodeId, Outline, Page, word_hash};

use crate::assessment::Assessment;
use crate::verdict::{Reason, Verdict};

/// The role of a tab's panel (WAI-ARIA 1.2).
const PANEL: u32 = word_hash("tabpanel");

/// Share of a shown panel's words that is kept from which the panels hidden beside it are content too. On pages of WCXB with a shown panel
/// of content, hidden ones are content by .78 of their words on services', .88 on products' and all on manuals' pages; where no shown one is, by .09.
const MOST: f32 = 0.5;

/// Hidden panels are what the shown one beside them is, unless cue lists know better.
pub(super) fn restore(page: &Page, assessment: &Assessment, verdicts: &mut [Verdict]) {
    if !page.outline.tokens.contains(&PANEL) {
        return;
    }
    let is_hidden = |panel: &Range<usize>| panel.clone().all(|block| page.blocks[block].hidden.any());
    for panels in panels(&page.outline).into_values() {
        let (hidden, shown): (Vec<_>, Vec<_>) = panels.into_iter().partition(is_hidden);
        if !shown.iter().any(|panel| is_kept(panel, assessment, verdicts)) {
            continue;
        }
        for block in hidden.into_iter().flatten() {
            let verdict = &mut verdicts[block];
            if !verdict.is_content() && matches!(verdict.reason, Reason::Hidden | Reason::Shape { .. }) {
                *verdict = Verdict::content(Reason::Neighbours);
            }
        }
    }
}

/// The blocks of each panel that holds any, by the element that holds the panels.
fn panels(outline: &Outline) -> BTreeMap<NodeId, Vec<Range<usize>>> {
    let mut panels: BTreeMap<NodeId, Vec<Range<usize>>> = BTreeMap::new();
    for (id, node) in (0..).zip(&outline.nodes) {
        if node.first_block < node.end_block && outline.words(id).contains(&PANEL) {
            panels.entry(node.parent).or_default().push(node.first_block as usize..node.end_block as usize);
        }
    }
    panels
}

fn is_kept(panel: &Range<usize>, assessment: &Assessment, verdicts: &[Verdict]) -> bool {
    let words = |block: usize| assessment.words[block];
    let all: u32 = panel.clone().map(words).sum();
    let kept: u32 = panel.clone().filter(|&block| verdicts[block].is_content()).map(words).sum();
    kept > 0 && kept as f32 >= MOST * all as f32
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;
    use crate::Template;

    #[test]
    fn hidden_panels_are_what_the_shown_one_is() {
        let panels = |hidden: [bool; 3]| {
            let panel = |(text, hidden): (&str, bool)| {
                format!("<div role=tabpanel {}><p>{text}</div>", if hidden { "hidden" } else { "" })
            };
            ["By boat.", "By rail.", "By road."].into_iter().zip(hidden).map(panel).collect::<String>()
        };
        for (html, kept_before, kept_after) in [
            (panels([false, true, true]), [true, false, false], [true; 3]),
            (panels([false, true, true]), [false; 3], [false; 3]),
            (panels([true, true, true]), [true, false, false], [true, false, false]),
            (panels([false, true, true]).replace("tabpanel", "note"), [true, false, false], [true, false, false]),
        ] {
            let page = Page::read(&Capture::html("a", format!("<main>{html}</main>")));
            let assessment = Assessment::of(&page, &Template::generic());
            let verdict =
                |kept| if kept { Verdict::content(Reason::Hidden) } else { Verdict::boilerplate(Reason::Hidden) };
            let mut verdicts = kept_before.map(verdict);
            restore(&page, &assessment, &mut verdicts);
            assert_eq!(verdicts.map(|verdict| verdict.is_content()), kept_after, "{html}");
        }
    }
}
