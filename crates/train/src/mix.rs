//! The content of one page within the chrome of another: chrome tells nothing of what stands within it, and a fit that sees each site's
//! chrome around that site's content alone leans on it.

use std::collections::BTreeMap;
use std::ops::Range;

use dechrome_page::{Block, Link, Node, NodeId, Outline, Page, ROOT, word_hash};
use dechrome_template::features::{Here, Target};

use crate::data::Labelled;

/// Share of a page's characters of content that its container holds. Headlines often stand outside of it.
const CONTAINED: f32 = 0.9;

/// Each page that has content with another one of its type, of another site of its fold: so that no fold's models know a held-out page.
/// Each draw gives other pairs. Only pages whose type is known, as others would be mixed across languages.
pub(crate) fn pairs(
    pages: &[Labelled],
    fold: impl Fn(&str) -> usize,
    draw: usize,
) -> impl Iterator<Item = (&Labelled, &Labelled)> {
    let mut alike: BTreeMap<(usize, &str), Vec<&Labelled>> = BTreeMap::new();
    for page in pages.iter().filter(|page| page.labels.contains(&true)) {
        if let Some(page_type) = &page.page_type {
            alike.entry((fold(&page.group), page_type)).or_default().push(page);
        }
    }
    alike.into_values().flat_map(move |pages| mated(&pages, draw))
}

/// Those of these pages that have a mate, with it.
fn mated<'a>(pages: &[&'a Labelled], draw: usize) -> Vec<(&'a Labelled, &'a Labelled)> {
    pages.iter().filter_map(|&page| Some((page, mate(page, pages, draw)?))).collect()
}

/// One of these pages by chance that is of another site.
fn mate<'a>(page: &Labelled, pages: &[&'a Labelled], draw: usize) -> Option<&'a Labelled> {
    let start = word_hash(&format!("mate {draw} {}", page.page.id)) as usize % pages.len();
    pages[start..].iter().chain(&pages[..start]).copied().find(|mate| mate.group != page.group)
}

/// The container of each page's content in place of that of another one of its type.
pub(crate) fn mixed(pages: &[Labelled], fold: impl Fn(&str) -> usize) -> Vec<Labelled> {
    pairs(pages, fold, 0).filter_map(|(page, mate)| graft(page, mate)).collect()
}

/// The page's container in place of its mate's; what the mate has of content outside of it goes. None if either's content is not in
/// one place, or nothing stands around the mate's.
fn graft(page: &Labelled, mate: &Labelled) -> Option<Labelled> {
    let graft = Graft { own: Container::of(page)?, hole: Container::of(mate)?, ours: &page.page, theirs: &mate.page };
    let around = [0..graft.hole.blocks.start, graft.hole.blocks.end..mate.labels.len()];
    let [above, below] = around.map(|range| range.filter(|&block| !mate.labels[block]).collect::<Vec<_>>());
    if above.is_empty() && below.is_empty() {
        return None;
    }
    let blocks = graft.blocks(&above, &below);
    let own_labels = &page.labels[graft.own.blocks.clone()];
    let labels = [&vec![false; above.len()], own_labels, &vec![false; below.len()]].concat();
    let outline = graft.outline(&above, &below, &blocks);
    Some(Labelled {
        page: Page { outline, blocks, ..page.page.clone() },
        group: page.group.clone(),
        mate: Some(mate.group.clone()),
        truth: page.truth.clone(),
        headline: page.headline.clone(),
        page_type: page.page_type.clone(),
        labels,
    })
}

/// The innermost element that holds nearly all content of a page: its nodes and its blocks.
struct Container {
    nodes: Range<usize>,
    blocks: Range<usize>,
}

impl Container {
    /// None if it is the document.
    fn of(page: &Labelled) -> Option<Self> {
        let content =
            sums(page.page.blocks.iter().zip(&page.labels), |(block, &label)| if label { block.chars } else { 0 });
        let least = content[content.len() - 1] as f32 * CONTAINED;
        let nodes = &page.page.outline.nodes;
        let holds =
            |node: &Node| (content[node.end_block as usize] - content[node.first_block as usize]) as f32 >= least;
        let start = nodes.iter().rposition(holds).filter(|&start| start != ROOT as usize)?;
        let node = &nodes[start];
        let length = nodes[start + 1..].iter().take_while(|below| below.depth > node.depth).count();
        let (first, end) = (node.first_block as usize, node.end_block as usize);
        Some(Self { nodes: start..start + 1 + length, blocks: first..end })
    }
}

/// A container of ours and the hole that it fills in theirs.
struct Graft<'a> {
    own: Container,
    hole: Container,
    ours: &'a Page,
    theirs: &'a Page,
}

impl Graft<'_> {
    /// Our blocks between these of theirs.
    fn blocks(&self, above: &[usize], below: &[usize]) -> Vec<Block> {
        let (from, to) = (Here::of(self.theirs), Here::of(self.ours));
        let theirs = |&block: &usize| {
            let block = &self.theirs.blocks[block];
            let links = block.links.iter().map(|link| Link { href: moved(&link.href, &from, &to), ..link.clone() });
            Block { node: self.their_node(block.node), links: links.collect(), ..block.clone() }
        };
        let ours = self.ours.blocks[self.own.blocks.clone()].iter();
        let ours = ours.map(|block| Block { node: self.our_node(block.node), ..block.clone() });
        above.iter().map(theirs).chain(ours).chain(below.iter().map(theirs)).collect()
    }

    /// Their outline with our container in it, of these blocks: ours between these of theirs.
    fn outline(&self, above: &[usize], below: &[usize], blocks: &[Block]) -> Outline {
        let (ours, theirs) = (&self.ours.outline, &self.theirs.outline);
        let mut outline = Outline { nodes: Vec::new(), tokens: Vec::new(), marks: Vec::new(), labels: Vec::new() };
        let mut add = |from: &Outline, id: usize, node: Node| {
            outline.nodes.push(Node { first_token: outline.tokens.len() as u32, ..node });
            outline.tokens.extend_from_slice(from.words(id as NodeId));
        };
        let place = |block: u32| {
            let block = block as usize;
            let before = above.partition_point(|&above| above < block) + below.partition_point(|&below| below < block);
            (before + if block >= self.hole.blocks.end { self.own.blocks.len() } else { 0 }) as u32
        };
        let their_node = |id: usize| {
            let node = theirs.nodes[id].clone();
            let (first_block, end_block) = (place(node.first_block), place(node.end_block));
            Node { parent: self.their_node(node.parent), first_block, end_block, ..node }
        };
        (0..self.hole.nodes.start).for_each(|id| add(theirs, id, their_node(id)));
        let (root, hole) = (&ours.nodes[self.own.nodes.start], &theirs.nodes[self.hole.nodes.start]);
        let first = above.len() as u32;
        for id in self.own.nodes.clone() {
            let node = ours.nodes[id].clone();
            let parent = if id == self.own.nodes.start { hole.parent } else { self.our_node(node.parent) };
            let depth = node.depth - root.depth + hole.depth;
            let (first_block, end_block) =
                (node.first_block - root.first_block + first, node.end_block - root.first_block + first);
            add(ours, id, Node { parent, depth, first_block, end_block, ..node });
        }
        (self.hole.nodes.end..theirs.nodes.len()).for_each(|id| add(theirs, id, their_node(id)));
        count(&mut outline, blocks);
        outline
    }

    /// What a node of theirs outside of the hole becomes.
    fn their_node(&self, node: NodeId) -> NodeId {
        let node = node as usize;
        let is_before = node < self.hole.nodes.start;
        (if is_before { node } else { node - self.hole.nodes.len() + self.own.nodes.len() }) as NodeId
    }

    /// What a node of our container becomes.
    fn our_node(&self, node: NodeId) -> NodeId {
        node - self.own.nodes.start as NodeId + self.hole.nodes.start as NodeId
    }
}

/// Where a link leads from another page that leads there from this one: as far from it in the tree of the site.
fn moved(href: &str, from: &Here<'_>, to: &Here<'_>) -> String {
    let mut path = Vec::new();
    match from.target(href, &mut path) {
        Target::Own => "#".to_owned(),
        Target::Action | Target::Outside => href.to_owned(),
        Target::Inside => {
            let shared = from.shared(&path);
            let near = &to.path()[..shared.min(to.path().len())];
            format!("/{}", [near, &path[shared..]].concat().join("/"))
        }
    }
}

/// Counts the characters of each node anew.
fn count(outline: &mut Outline, blocks: &[Block]) {
    let chars = sums(blocks, |block| block.chars);
    let link_chars = sums(blocks, |block| block.link_chars);
    for node in &mut outline.nodes {
        let (first, end) = (node.first_block as usize, node.end_block as usize);
        (node.chars, node.link_chars) = (chars[end] - chars[first], link_chars[end] - link_chars[first]);
    }
}

/// The sum of all before each, and that of all.
fn sums<T>(items: impl IntoIterator<Item = T>, of: impl Fn(T) -> u32) -> Vec<u32> {
    let mut sum = 0;
    let after = items.into_iter().map(|item| {
        sum += of(item);
        sum
    });
    std::iter::once(0).chain(after).collect()
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;
    use crate::align;

    fn labelled(id: &str, html: &str, content: &str) -> Labelled {
        let page = Page::read(&Capture::html(id, html));
        let labels = align::labels(&page, content);
        let (group, page_type) = (format!("{id}.example"), Some("article".to_owned()));
        Labelled { page, group, mate: None, truth: content.to_owned(), headline: None, page_type, labels }
    }

    const PROSE: [&str; 2] = [
        "The harbour opened on Monday after ten years of work, and nobody had expected so many guests.",
        "The bridge is closed for the whole winter, as its bolts were found to be rusty in the autumn.",
    ];

    #[test]
    fn a_container_stands_in_place_of_another() {
        let [ours, theirs] = PROSE;
        let own =
            format!("<nav>Paper</nav><main class=text><p>{ours}<aside>Advert</aside><p>{ours} Or had they?</main>");
        let mate = format!(
            "<header><p>Journal<h1>Closed for the winter</h1></header><div id=a><article><p>{theirs}<p>{theirs} {theirs}</article></div><footer>About us"
        );
        let pages = [
            labelled("a", &own, &format!("{ours}\n{ours} Or had they?")),
            labelled("b", &mate, &format!("Closed for the winter\n{theirs}\n{theirs} {theirs}")),
        ];
        let expected = format!(
            "<header><p>Journal</p><h1></h1></header><div id=a><main class=text><p>{ours}<aside>Advert</aside><p>{ours} Or had they?</main></div><footer>About us"
        );
        let expected = Page::read(&Capture::html("a", expected));
        let mixed = graft(&pages[0], &pages[1]).expect("both have a container");
        let texts = |page: &Page| page.blocks.iter().map(|block| block.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&mixed.page), texts(&expected));
        assert_eq!(mixed.page.blocks, expected.blocks);
        assert_eq!(Outline { labels: Vec::new(), ..expected.outline }, mixed.page.outline);
        assert_eq!(mixed.labels, [false, true, false, true, false]);
        assert_eq!((mixed.group.as_str(), mixed.mate.as_deref()), ("a.example", Some("b.example")));
    }

    #[test]
    fn links_lead_as_far_from_the_page_as_they_did() {
        let page = |url: &str| Page::read(&Capture::html("a", "<p>a").with_url(url));
        let (from, to) = (page("https://a.org/news/2026/harbour"), page("https://b.org/docs/tides.html"));
        for (href, expected) in [
            ("#top", "#"),
            ("mailto:desk@a.example", "mailto:desk@a.example"),
            ("https://c.example/a", "https://c.example/a"),
            ("https://a.org/news/2025/bridge", "/docs/2025/bridge"),
            ("bridge", "/docs/tides.html/bridge"),
            ("/about", "/about"),
        ] {
            assert_eq!(moved(href, &Here::of(&from), &Here::of(&to)), expected, "{href}");
        }
    }

    #[test]
    fn pages_are_mixed_with_those_of_their_type_and_fold() {
        let page = |id: &str| labelled(id, &format!("<p>{id}<main><p>{}</main>", PROSE[0]), PROSE[0]);
        let pages = ["a", "b", "c"].map(page);
        let mixed = mixed(&pages, |group| usize::from(group == "c.example"));
        let first = |page: &Labelled| page.page.blocks[0].text.clone();
        assert_eq!(mixed.iter().map(first).collect::<Vec<_>>(), ["b", "a"], "nobody is of the third one's fold");
    }
}
