//! Pages made to break parsers: each is read whole or cut with its limit recorded, in time and memory that grow
//! with its size. A test that does not end is one that fails.
#![allow(clippy::format_collect)] // how pages are made

#[path = "../../../fuzz/src/page.rs"]
#[allow(unreachable_pub, dead_code)] // public in the fuzz package
mod checks;

use dechrome_page::{BlockKind, Capture, Limits, Page};

const NONE: Limits = Limits { depth: false, attributes: false, size: false };
const DEPTH: Limits = Limits { depth: true, ..NONE };
const ATTRIBUTES: Limits = Limits { attributes: true, ..NONE };

fn read(html: &str) -> Page {
    let page = Page::read(&Capture::html("hostile", html));
    checks::check(&page);
    page
}

fn texts(page: &Page) -> Vec<&str> {
    page.blocks.iter().map(|block| block.text.as_str()).collect()
}

/// Declares tests: a page, the limits it hits, and all its blocks' texts.
macro_rules! pages {
    ($($name:ident: $html:expr => $limits:expr, $texts:expr;)+) => {$(
        #[test]
        fn $name() {
            let page = read(&$html);
            assert_eq!(page.limits, $limits);
            assert_eq!(texts(&page), $texts);
        }
    )+};
}

pages! {
    nested_divs: "<div>".repeat(100_000) + "text" + &"</div>".repeat(100_000) + "<p>after" => DEPTH, ["text", "after"];
    nested_spans: "<span>".repeat(100_000) + "text" + &"</span>".repeat(100_000) + "<p>after" => DEPTH, ["text", "after"];
    nested_noscript: "<body>".to_owned() + &"<noscript>".repeat(50_000) + "text" => DEPTH, ["text"];
    nested_svg: "<p>one".to_owned() + &"<svg>".repeat(100_000) + "no text" => DEPTH, ["one"];
    nested_templates: "<p>one".to_owned() + &"<template>".repeat(20_000) + "no text" => DEPTH, ["one"];
    nested_lists: "<ul><li>".repeat(20_000) + "text" => DEPTH, ["text"];
    nested_tables: "<table><tr><td>".repeat(500) + "text" + &"</table>".repeat(500) + "<p>after" => DEPTH, ["text", "after"];
    tables_in_tables: "<table>".repeat(100_000) + "text" => NONE, ["text"];
    nested_forms: "<form>".repeat(100_000) + "text" => NONE, ["text"];
nested_selects: "<p>one".to_owned() + &"<select>".repeat(50_001) + "<option>no</select><p>two" => NONE, ["one", "two"];
    nested_buttons: "<button>".repeat(100_000) + "text" => NONE, ["text"];

    attributes: format!("<div{}><p>text</p></div>", numbered(20_000, " a", "=1")) => ATTRIBUTES, ["text"];
    attributes_of_an_end_tag: format!("<p>one</p{}><p>two", numbered(20_000, " a", "=1")) => ATTRIBUTES, ["one", "two"];
    a_large_attribute: format!("<img src=\"data:image/png;base64,{}\"><p>text", "QUJD".repeat(2_500_000)) => NONE, ["text"];
    many_classes: format!("<div class=\"{}\"><p>text", numbered(3_000, " c", "")) => ATTRIBUTES, ["text"];
    unfinished_tags: "<p>one".to_owned() + &"<a".repeat(100_000) => NONE, ["one"];
    unfinished_tags_apart: "<p>one".to_owned() + &"<a ".repeat(100_000) => ATTRIBUTES, ["one"];

    an_open_comment: "<p>one<!--".to_owned() + &"<p>two".repeat(200_000) => NONE, ["one"];
    an_open_script: "<p>one<script>".to_owned() + &"<p>two".repeat(200_000) => NONE, ["one"];
    an_open_style: "<p>one<style>".to_owned() + &"<p>two".repeat(200_000) => NONE, ["one"];
    an_open_textarea: "<p>one<textarea>".to_owned() + &"<p>two".repeat(200_000) => NONE, ["one"];
    an_open_title: "<p>one<title>".to_owned() + &"<p>two".repeat(200_000) => NONE, ["one"];
    comments: "<!-->".repeat(200_000) + "text" => NONE, ["text"];

    nuls: "\0<\0p>on\0e</p>".to_owned() + &"\0".repeat(1_000_000) + "<p>\0two" => NONE, ["<p>one", "two"];
    line_breaks: "a".to_owned() + &"<br>".repeat(200_000) + "b" => NONE, ["a", "b"];
    entities: "<p>".to_owned() + &"&amp;".repeat(200_000) + "b" => NONE, ["&".repeat(200_000) + "b"];
    surrogates: "<p>a".to_owned() + &"&#xD800;".repeat(3) + "b" => NONE, ["a\u{fffd}\u{fffd}\u{fffd}b"];
}

/// `count` numbers, each between `before` and `after`.
fn numbered(count: usize, before: &str, after: &str) -> String {
    (0..count).map(|number| format!("{before}{number}{after}")).collect()
}

/// Every `x` of the page is there once, in however many blocks; whatever limits it hit.
fn assert_keeps(html: &str, count: usize) -> Page {
    let page = read(html);
    let found: usize = page.blocks.iter().map(|block| block.text.matches('x').count()).sum();
    assert_eq!(found, count);
    page
}

#[test]
fn unclosed_everything() {
    let html = "<div><p><span><b><a href=y><ul><li><table><tr><td><h2><font><form><pre>x".repeat(3_000);
    assert!(assert_keeps(&html, 3_000).limits.depth);
}

#[test]
fn misnested_formatting() {
    for piece in ["<b><i>x</b></i>", "<b><p>x</b></p>", "<a href=y><b><div>x</a></b>", "<p><font a=1><b>x</p>"] {
        let count = (1 << 20) / piece.len();
        let page = read(&piece.repeat(count));
        let found = page.blocks.iter().map(|block| block.text.matches('x').count()).sum::<usize>();
        assert!(found == count || page.limits.size, "{piece}: {found} of {count}");
    }
    assert!(assert_keeps(&("<b><i>".repeat(170_000) + "x"), 1).limits.depth);
}

#[test]
fn formatting_inside_tables() {
    for piece in ["<table><b>x", "<table><tr><a href=y>x", "<table><td><b>x</table>", "<table>x<tr>"] {
        let count = (1 << 18) / piece.len();
        assert_keeps(&piece.repeat(count), count);
    }
}

#[test]
fn unclosed_links() {
    let page = assert_keeps(&"<a href=y>x".repeat(100_000), 100_000);
    assert_eq!(page.limits, NONE);
    assert_eq!(page.blocks.iter().map(|block| block.links.len()).sum::<usize>(), 100_000);
}

/// A link goes on in every block it holds: its address must not be copied without measure.
#[test]
fn a_long_address_over_many_blocks() {
    for (length, pieces) in [(1_000_000, 50_000), (2_000, 50_000)] {
        for piece in ["<div>x</div>", "<p>x</p>", "</p><p>x"] {
            let html = format!("<p><a href=\"{}\">", "y".repeat(length)) + &piece.repeat(pieces);
            let page = assert_keeps(&html, pieces);
            let held: usize = page.blocks.iter().flat_map(|block| &block.links).map(|link| link.href.len()).sum();
            assert!(held <= dechrome_page::MAX_BYTES, "{held} bytes of addresses");
            assert_eq!(page.limits.attributes, length > 2_048);
            assert!(page.blocks.iter().all(|block| block.link_chars == 1), "a link counts wherever it goes on");
        }
    }
}

/// Elements that the standard clones bring their attributes along.
#[test]
fn long_attributes_of_formatting_elements() {
    for name in ["class", "style", "itemprop"] {
        let html = format!("<p><font {name}=\"{}\"><a {name}=\"{}\">", "y ".repeat(1_000), "z".repeat(100_000));
        assert_keeps(&(html + &"</p><p>x".repeat(20_000)), 20_000);
    }
}

#[test]
fn many_cells() {
    for (rows, columns) in [(1, 100_000), (10_000, 10), (100_000, 1)] {
        let html = format!("<table>{}</table>", format!("<tr>{}", "<td>x".repeat(columns)).repeat(rows));
        let page = assert_keeps(&html, rows * columns);
        assert_eq!((page.limits, page.blocks.len()), (NONE, rows * columns));
        let last = page.blocks.last().map(|block| block.kind);
        let column = u16::try_from(columns - 1).unwrap_or(u16::MAX - 1);
        assert_eq!(last, Some(BlockKind::TableCell { row: rows as u32 - 1, column, header: false }));
    }
}

#[test]
fn many_blocks() {
    for tag in ["<p>", "<li>", "<dd>", "<h1>", "<tr><td>", "<option>", "<hr>"] {
        let html = format!("{tag}x").repeat(50_000);
        assert_keeps(&html, 50_000);
    }
}

#[test]
fn nested_json_ld() {
    let html = format!("<script type=\"application/ld+json\">{}</script><p>text", "[".repeat(1_000_000));
    assert_eq!(texts(&read(&html)), ["text"]);
    let deep = format!("{}1{}", "{\"@graph\":[".repeat(120), "]}".repeat(120));
    assert_eq!(texts(&read(&format!("<script type=\"application/ld+json\">{deep}</script><p>text"))), ["text"]);
}

#[test]
fn one_long_line() {
    long_line(5 << 20);
}

/// `cargo test --release -p dechrome-page --test hostile -- --ignored`
#[test]
#[ignore = "seconds long without optimisation"]
fn one_line_of_fifty_megabytes() {
    long_line(50 << 20);
}

#[test]
#[ignore = "seconds long without optimisation"]
fn a_page_above_the_largest() {
    let page = read(&"<p>x".repeat(dechrome_page::MAX_BYTES / 4 + 1));
    assert!(page.limits.size);
    assert!(!page.blocks.is_empty());
}

/// One line of so many bytes: as a text, as a paragraph, as text page, and without any space.
fn long_line(bytes: usize) {
    let line = "word ".repeat(bytes / 5);
    for capture in
        [Capture::html("a", line.as_str()), Capture::html("b", format!("<p>{line}")), Capture::text("c", line.as_str())]
    {
        let page = Page::read(&capture);
        assert_eq!((page.limits, texts(&page)), (NONE, vec![line.trim_end()]));
    }
    let line = "é".repeat(bytes / 2);
    for capture in [Capture::html("d", line.as_str()), Capture::text("e", line.as_str())] {
        assert_eq!(texts(&Page::read(&capture)), [line.as_str()]);
    }
}
