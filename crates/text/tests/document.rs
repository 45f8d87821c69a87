//! Documents from pages: what the text holds and how it is cut.

mod builder;

use std::collections::BTreeMap;

use builder::{all, at, block, cell, item, link, outline, page, paragraph};
use dechrome_page::{Block, BlockKind, Limits, Page, Tag};
use dechrome_template::{Judgement, Problem, Reason, Verdict};
use dechrome_text::{Document, Dropped, Format, Source, Writer};
use proptest::prelude::*;

const LONG: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
                    seventeen eighteen nineteen twenty";

fn text_of(title: Option<&str>, blocks: Vec<Block>) -> String {
    let page = page(title, blocks);
    Document::new(&page, "site.example", &all(&page)).text
}

#[test]
fn blocks_are_separated_as_their_kinds_demand() {
    let heading = || block(BlockKind::Heading(2), "Part");
    for (blocks, want) in [
        (vec![], ""),
        (vec![paragraph("a"), paragraph("b")], "a\n\nb"),
        (vec![paragraph("a\nb"), heading(), paragraph("c")], "a\nb\n\nPart\n\nc"),
        (vec![paragraph("a"), item(1, None, "b"), item(2, None, "c"), paragraph("d")], "a\n\nb\nc\n\nd"),
        (vec![cell(0, 0, "a"), cell(0, 1, "b\nc"), cell(1, 0, "d"), cell(1, 1, "e")], "a\tb c\nd\te"),
        (vec![cell(0, 0, "a"), cell(0, 0, "b"), cell(0, 3, "c")], "a b\tc"),
        (vec![cell(0, 1, "a"), cell(0, 2, "b"), cell(1, 0, "c"), cell(1, 2, "d")], "\ta\tb\nc\t\td"),
        (vec![cell(0, 2, "a"), cell(0, 4, "b"), cell(1, 2, "c"), cell(1, 4, "d")], "a\tb\nc\td"),
        (vec![cell(0, 1, "a"), paragraph("b"), cell(1, 0, "c"), cell(1, 1, "d")], "a\n\nb\n\nc\td"),
        (vec![block(BlockKind::Code, "  if x:\n\n    y"), paragraph("z")], "  if x:\n\n    y\n\nz"),
        (vec![paragraph("\u{200b}\u{a0}"), paragraph("a\u{a0}b")], "a b"),
    ] {
        assert_eq!(text_of(None, blocks), want);
    }
}

#[test]
fn lists_and_tables_are_told_apart_by_the_outline() {
    let nodes =
        [(Tag::Document, 0), (Tag::Ul, 0), (Tag::Li, 1), (Tag::Ul, 2), (Tag::Li, 3), (Tag::Ul, 0), (Tag::Li, 5)];
    let items = [(2, 1, "a"), (4, 2, "b"), (6, 1, "c")];
    let blocks = items.map(|(node, depth, text)| at(item(depth, None, text), node)).to_vec();
    let lists = Page { outline: outline(&nodes), ..page(None, blocks) };
    assert_eq!(Document::new(&lists, "s", &all(&lists)).text, "a\nb\n\nc");

    let nodes = [(Tag::Document, 0), (Tag::Table, 0), (Tag::Td, 1), (Tag::Table, 0), (Tag::Td, 3)];
    let blocks = vec![at(cell(0, 0, "a"), 2), at(cell(0, 1, "b"), 2), at(cell(0, 0, "c"), 4)];
    let tables = Page { outline: outline(&nodes), ..page(None, blocks) };
    assert_eq!(Document::new(&tables, "s", &all(&tables)).text, "a\tb\n\nc");
}

#[test]
fn the_headline_is_the_title_alone() {
    let heading = |text| block(BlockKind::Heading(1), text);
    for (title, blocks, want) in [
        (Some("A Day’s Work!"), vec![heading("A DAY’S  work"), paragraph("x")], "x"),
        (Some("Title"), vec![paragraph("By A"), paragraph("Title"), paragraph("Title")], "By A\n\nTitle"),
        (Some("Title"), vec![paragraph(LONG), heading("Title")], &format!("{LONG}\n\nTitle")),
        (Some("Title"), vec![heading("Title and more"), paragraph("x")], "Title and more\n\nx"),
        (Some("…"), vec![paragraph("—"), paragraph("x")], "—\n\nx"),
        (None, vec![heading("Title"), paragraph("x")], "Title\n\nx"),
    ] {
        assert_eq!(text_of(title, blocks), want, "{title:?}");
    }
    let japanese = "橋".repeat(40);
    assert_eq!(text_of(Some("題名"), vec![paragraph(&japanese), paragraph("題名")]), format!("{japanese}\n\n題名"));
}

#[test]
fn what_is_dropped_is_counted_and_told() {
    let page = page(Some("Title"), ["Title", "ad", "kept", "über", "unjudged"].map(paragraph).to_vec());
    let verdicts = [
        Verdict::content(Reason::Default),
        Verdict::boilerplate(Reason::Recurs { docs: 3, of: 4 }),
        Verdict::content(Reason::Neighbours),
        Verdict::boilerplate(Reason::Recurs { docs: 4, of: 4 }),
    ];
    let document = Document::new(&page, "s", &verdicts);
    assert_eq!(document.text, "kept\n\nunjudged");
    assert_eq!(document.removed, BTreeMap::from([("metadata", 5), ("recurs", 6)]));
    assert_eq!(
        document.segments.iter().map(|s| (s.kind, s.block.unwrap())).collect::<Vec<_>>(),
        [("paragraph", 2), ("paragraph", 4)]
    );

    let mut line = Vec::new();
    Dropped::new(&page, &verdicts).write(&mut line).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&line).unwrap();
    let want = serde_json::json!({"id": "page", "dropped": [
        {"block": 0, "code": "metadata", "text": "Title"},
        {"block": 1, "code": "recurs", "docs": 3, "of": 4, "text": "ad"},
        {"block": 3, "code": "recurs", "docs": 4, "of": 4, "text": "über"},
    ]});
    assert_eq!(record, want);
}

#[test]
fn a_judgement_adds_text_and_says_why_there_is_none() {
    let mut page = page(None, vec![paragraph("Price: 17")]);
    page.metadata.body = Some("Knitted from cotton.\nWash\u{a0}it warm.".into());
    let verdicts = vec![Verdict::content(Reason::Default)];
    let judgement =
        Judgement { verdicts, problem: None, adds_structured: true, promised: Some(0.9), confidence: 0.8765 };
    let document = Document::of(&page, "s", &judgement);
    assert_eq!(document.text, "Price: 17\n\nKnitted from cotton.\n\nWash it warm.");
    let sources: Vec<_> = document.segments.iter().map(|segment| (segment.block, segment.source)).collect();
    assert_eq!(sources, [(Some(0), None), (None, Some(Source::Structured)), (None, Some(Source::Structured))]);
    assert_eq!((document.problem, document.confidence), (None, Some(0.88)));

    let nothing =
        Judgement { verdicts: vec![Verdict::boilerplate(Reason::Notice)], adds_structured: false, ..judgement };
    let problem = |problem| Document::of(&page, "s", &Judgement { problem, ..nothing.clone() }).problem;
    assert_eq!(problem(Some(Problem::ErrorPage)), Some(Problem::ErrorPage));
    assert_eq!(problem(None), Some(Problem::NoContent));
}

#[test]
fn metadata_is_normalised_and_the_language_found() {
    let german = "Der Rat hat am Dienstagabend beschlossen, dass die Brücke über den Fluss neu gebaut werden soll.";
    let mut page = page(Some(" A\u{a0}\ntitle "), vec![paragraph(german)]);
    page.metadata.author = Some("\u{200b}".into());
    page.metadata.tags = vec!["one\u{ad}".into(), " ".into()];
    let document = Document::new(&page, "s", &all(&page));
    assert_eq!((document.title.as_deref(), document.author.as_deref()), (Some("A title"), None));
    assert_eq!(document.tags, ["one"]);
    assert_eq!(document.language.as_deref(), Some("de"));
    page.metadata.language = Some("de-AT".into());
    assert_eq!(Document::new(&page, "s", &all(&page)).language.as_deref(), Some("de"), "without region");
}

fn arbitrary_block() -> impl Strategy<Value = Block> {
    let kind = prop_oneof![
        any::<u8>().prop_map(BlockKind::Heading),
        Just(BlockKind::Paragraph),
        (any::<u8>(), proptest::option::of(any::<u32>()))
            .prop_map(|(depth, ordinal)| BlockKind::ListItem { depth, ordinal }),
        (0..3_u32, any::<u16>(), any::<bool>()).prop_map(|(row, column, header)| BlockKind::TableCell {
            row,
            column: column % 5 * 7000,
            header
        }),
        Just(BlockKind::Code),
        Just(BlockKind::Quote),
        Just(BlockKind::Caption),
        Just(BlockKind::Term),
        Just(BlockKind::Description),
        Just(BlockKind::Control),
    ];
    let text = prop_oneof!["\\PC{0,20}", "[a-e \\n\u{a0}\u{200b}e\u{301}*_#|`-]{0,20}"];
    (kind, text, any::<u32>(), proptest::collection::vec((0..24_u32, 0..24_u32), 0..4)).prop_map(
        |(kind, text, node, ranges)| {
            let mut block = at(block(kind, &text), node % 8);
            let link = |range| dechrome_page::Link { range, href: "x?a=(1)&b|2".into() };
            block.links = ranges.into_iter().map(link).collect();
            block
        },
    )
}

fn arbitrary_page() -> impl Strategy<Value = (Page, Vec<Verdict>)> {
    let verdict = |kept| if kept { Verdict::content(Reason::Default) } else { Verdict::boilerplate(Reason::Hidden) };
    let tag = prop_oneof![Just(Tag::Ul), Just(Tag::Li), Just(Tag::Table), Just(Tag::Div)];
    let nodes = proptest::collection::vec((tag, 0..8_u32), 0..8);
    let verdicts = proptest::collection::vec(any::<bool>().prop_map(verdict), 0..12);
    let title = proptest::option::of("[a-c ]{0,3}");
    (proptest::collection::vec(arbitrary_block(), 0..12), nodes, verdicts, title).prop_map(
        |(blocks, nodes, verdicts, title)| {
            (Page { outline: outline(&nodes), ..page(title.as_deref(), blocks) }, verdicts)
        },
    )
}

proptest! {
    #[test]
    fn segments_tile_the_text((page, verdicts) in arbitrary_page()) {
        let document = Document::new(&page, "s", &verdicts);
        let mut end = 0;
        for segment in &document.segments {
            let separator = &document.text[end..segment.start];
            prop_assert!(matches!((end, separator), (0, "") | (_, "\n" | "\n\n")));
            prop_assert!(segment.end > segment.start);
            prop_assert!(segment.block.is_some_and(|block| (block as usize) < page.blocks.len()));
            end = segment.end;
        }
        prop_assert_eq!(end, document.text.len());
        let blocks: Vec<u32> = document.segments.iter().filter_map(|segment| segment.block).collect();
        prop_assert!(blocks.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn what_is_told_to_be_dropped_is_what_is_counted((page, verdicts) in arbitrary_page()) {
        let document = Document::new(&page, "s", &verdicts);
        let dropped = Dropped::new(&page, &verdicts);
        let told: usize = dropped.dropped.iter().map(|block| block.text.chars().count()).sum();
        prop_assert_eq!(document.removed.values().sum::<u64>(), told as u64);
        let kept = page.blocks.len() - dropped.dropped.len();
        prop_assert!(document.segments.len() <= kept);
    }

    #[test]
    fn every_format_takes_every_document((page, verdicts) in arbitrary_page()) {
        let document = Document::new(&page, "s", &verdicts);
        for format in [Format::JsonLines, Format::Text, Format::Markdown, Format::Html, Format::Pretty { width: 0 }] {
            let mut writer = Writer::new(Vec::new(), format);
            writer.write(&document).unwrap();
            let written = String::from_utf8(writer.finish().unwrap()).unwrap();
            prop_assert!(!written.contains(char::from(12)));
        }
    }
}

#[test]
fn links_keep_their_words_through_normalisation() {
    let page = page(None, vec![link(paragraph("see\u{a0}\u{a0}the  re\u{ad}port ."), " re\u{ad}port", "/r")]);
    let mut writer = Writer::new(Vec::new(), Format::Markdown);
    writer.write(&Document::new(&page, "s", &all(&page))).unwrap();
    assert_eq!(String::from_utf8(writer.finish().unwrap()).unwrap(), "see the [report](https://site.example/r) .\n");
}

#[test]
fn limits_are_told_only_where_hit() {
    let mut page = page(None, vec![]);
    let fields = |page: &Page| {
        let value = serde_json::to_value(Document::new(page, "s", &[])).unwrap();
        ["limits", "lossy"].map(|field| value.get(field).is_some())
    };
    assert_eq!(fields(&page), [false, false]);
    page.limits = Limits { depth: true, ..Limits::default() };
    page.lossy = true;
    assert_eq!(fields(&page), [true, true]);
}
