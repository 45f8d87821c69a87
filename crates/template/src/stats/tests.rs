use dechrome_page::{Capture, Page};
use proptest::prelude::*;

use super::sketch::{MAX_BLOCKS, sketch};
use super::{RecurringKind, SiteStats, document_id};

const MENU: &str = "Front page of the paper\nSports and weather\n\n";
const FOOT: &str = "\n\nAll rights reserved by the paper\nWrite to the editors of the paper";

fn page(url: &str, body: &str) -> Page {
    Page::read(&Capture::text(url, format!("{MENU}{body}{FOOT}")).with_url(url))
}

fn stats(pages: &[Page]) -> SiteStats {
    let mut stats = SiteStats::default();
    for page in pages {
        stats.learn_with(page, &vec![0.5; page.blocks.len()]);
    }
    stats
}

/// Documents that hold each of the page's blocks, and of how many.
fn recurrence(stats: &SiteStats, page: &Page) -> Vec<(Option<u32>, u32)> {
    stats.evidence().of_page(page).into_iter().map(|evidence| (evidence.documents, evidence.of)).collect()
}

fn articles(count: usize) -> Vec<Page> {
    (0..count)
        .map(|i| {
            let word = ["harbour", "bridge", "school", "market", "river", "tower"][i % 6];
            let body = format!(
                "The {word} of the {word} town was opened by a {word} committee after a long and winding debate.\n\n\
                 Nobody in the {word} quarter had expected the {word} party to last until the early morning hours."
            );
            page(&format!("https://paper.example/{i}"), &body)
        })
        .collect()
}

#[test]
fn a_page_never_testifies_about_itself() {
    let pages = articles(1);
    assert!(
        recurrence(&stats(&pages), &pages[0]).iter().all(|&(documents, of)| of == 0 && documents.unwrap_or(0) == 0)
    );
}

#[test]
fn chrome_recurs_and_content_does_not() {
    let pages = articles(5);
    let seen = recurrence(&stats(&pages), &pages[2]);
    let documents: Vec<_> = seen.iter().map(|(documents, _)| *documents).collect();
    assert_eq!(documents, [Some(4), Some(4), Some(0), Some(0), Some(4), Some(4)]);
}

#[test]
fn twins_under_many_addresses_count_once() {
    let body = "A long first paragraph of one article that was published under many addresses of one site, as papers do that have \
                many sections and few editors to fill them with anything else.\n\n\
                A long second paragraph of the article that was published under many addresses of one site.";
    let mut pages = articles(3);
    pages.extend((0..6).map(|i| page(&format!("https://paper.example/copy/{i}"), body)));
    let seen = recurrence(&stats(&pages), &pages[4]);
    assert_eq!(seen[2], (Some(0), 3), "the article's own copies are no witnesses");
    assert_eq!(seen[0], (Some(3), 3));
}

#[test]
fn a_short_article_among_the_teasers_of_its_day_is_nobodys_twin() {
    let words = ["ferry", "goat", "tower", "bridge", "market", "river"];
    let sentence = |one: &str, other: &str| {
        format!("The {one} met the {other} of the old town, and people had much to say of it.")
    };
    // The same teasers on all pages of a day outweigh a short article, though the generic verdict is in doubt about them.
    let teasers = |day: usize| {
        (0..30).map(|i| sentence(&format!("{} {}", words[day], words[i % 6]), words[i / 6])).collect::<Vec<_>>()
    };
    let mut stats = SiteStats::default();
    for i in 0..6 {
        let own = words
            .iter()
            .take(if i % 3 == 0 { 1 } else { 6 })
            .map(|word| sentence(&format!("story {}", words[i]), word));
        let article: Vec<String> = own.collect();
        let page = page(&format!("https://paper.example/{i}"), &[article, teasers(i / 3)].concat().join("\n\n"));
        let content = |block: &dechrome_page::Block| if block.text.starts_with("The story") { 0.9 } else { 0.7 };
        stats.learn_with(&page, &page.blocks.iter().map(content).collect::<Vec<f32>>());
    }
    assert_eq!(stats.evidence().documents(), 6);
}

#[test]
fn a_twin_not_learned_from_is_known_by_its_headline() {
    let body = "Harbour opens at last today\n\nBy Jo Dale\n\nA long first sentence of the article about the harbour that was \
                published under several addresses, as happens when a paper has many sections and few editors left.";
    let mut pages = articles(3);
    pages.push(page("https://paper.example/a", body));
    let other = page("https://paper.example/b", body);
    let seen = recurrence(&stats(&pages), &other);
    assert!(seen.iter().all(|&(_, of)| of == 3));
}

proptest! {
    #[test]
    fn order_sharding_and_repetition_do_not_matter(
        order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle(), shard in 0..6_usize, again in 0..6_usize,
    ) {
        let pages = articles(6);
        let whole = stats(&pages);
        let pick = |indices: &[usize]| stats(&indices.iter().map(|&i| pages[i].clone()).collect::<Vec<_>>());
        let mut merged = pick(&order[..shard]);
        merged.merge(pick(&order[shard..]));
        merged.merge(pick(&[again]));
        prop_assert_eq!(merged, whole);
    }
}

#[test]
fn the_greater_of_two_versions_stays_whichever_came_first() {
    let (short, long) =
        (page("https://paper.example/1", "one"), page("https://paper.example/1", "one\n\ntwo words more"));
    assert_eq!(document_id(&short), document_id(&long));
    assert_eq!(stats(&[short.clone(), long.clone()]), stats(&[long, short]));
}

#[test]
fn versions_that_differ_in_their_links_alone_are_two() {
    let html = |text: &str| Page::read(&Capture::html("a", format!("<p>{text}")).with_url("https://paper.example/1"));
    let (plain, linked) = (html("The harbour opened on Monday."), html("The <a href=/b>harbour</a> opened on Monday."));
    let merged = stats(&[plain.clone(), linked.clone()]);
    assert_eq!(merged, stats(&[linked, plain]));
    let sightings = merged.evidence().sightings();
    assert_eq!(sightings.iter().map(|sighting| (sighting.link_chars, sighting.chars)).collect::<Vec<_>>(), [(7, 29)]);
}

#[test]
fn sketches_are_bounded() {
    let lines: Vec<String> = (0..5_000).map(|i| format!("line number {i}")).collect();
    let page = page("https://paper.example/long", &lines.join("\n"));
    assert_eq!(sketch(&page, &vec![0.0; page.blocks.len()]).blocks.len(), MAX_BLOCKS);
}

#[test]
fn what_recurs_can_be_read() {
    let mut pages = articles(4);
    for (index, page) in pages.iter_mut().enumerate() {
        page.captured_at = Some(format!("2026-09-0{}T00:00:00Z", 1 + index / 2));
        page.url = Some(format!("https://paper.example/{}/a{index}", ["news", "sport"][index % 2]));
    }
    let recurring = stats(&pages).recurring();
    let lines: Vec<_> = recurring.iter().filter(|recurring| recurring.kind == RecurringKind::Line).collect();
    let mut texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    texts.sort_unstable();
    let mut chrome: Vec<&str> = MENU.lines().chain(FOOT.lines()).filter(|line| !line.is_empty()).collect();
    chrome.sort_unstable();
    assert_eq!(texts, chrome);
    for line in lines {
        assert_eq!((line.documents, line.of, line.days, line.sections), (4, 4, 2, 2), "{line:?}");
    }
    let slot = recurring.iter().find(|recurring| recurring.kind == RecurringKind::Slot).expect("a slot");
    assert_eq!((slot.text.as_str(), slot.documents, slot.examples.len()), ("Sports and weather", 4, 3));
}

#[test]
fn paths_are_selectors() {
    let html = |i: usize| {
        let word = ["harbour", "bridge", "school"][i];
        format!(
            "<main><p>The {word} was opened.</p></main><aside class='more css-{i}'><ul><li>Old {word} news</ul></aside>"
        )
    };
    let read = |i| Page::read(&Capture::html("a", html(i)).with_url(format!("https://paper.example/{i}")));
    let recurring = stats(&[read(0), read(1), read(2)]).recurring();
    let paths: Vec<&str> =
        recurring.iter().filter(|path| path.kind == RecurringKind::Path).map(|path| path.text.as_str()).collect();
    assert!(paths.contains(&"body aside.more ul li"), "{paths:?}");
}

proptest! {
    #[test]
    fn examples_are_kept_of_the_same_documents_in_any_order(
        order in Just((0..250_usize).collect::<Vec<_>>()).prop_shuffle(), shard in 0..250_usize,
    ) {
        let pages = articles(250);
        let pick = |indices: &[usize]| stats(&indices.iter().map(|&i| pages[i].clone()).collect::<Vec<_>>());
        let mut merged = pick(&order[..shard]);
        merged.merge(pick(&order[shard..]));
        let readable = merged.documents.values().map(|sketch| sketch.readable.is_some()).collect::<Vec<_>>();
        prop_assert_eq!(readable, (0..250).map(|place| place < super::MAX_READABLE).collect::<Vec<_>>());
        prop_assert_eq!(merged, stats(&pages));
    }
}
