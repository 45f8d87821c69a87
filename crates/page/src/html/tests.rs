#![allow(clippy::format_collect)] // how pages are made

use super::Parsed;
use crate::block::BlockKind;
use crate::outline::Tag;
use crate::selectors::Selectors;

fn parse(html: &str, selectors: &Selectors) -> Parsed {
    super::parse(html, None, selectors)
}

fn blocks(html: &str) -> Vec<(BlockKind, String)> {
    let parsed = parse(html, &Selectors::default());
    parsed.blocks.into_iter().map(|block| (block.kind, block.text)).collect()
}

fn texts(html: &str) -> Vec<String> {
    blocks(html).into_iter().map(|(_, text)| text).collect()
}

#[test]
fn block_markup_cuts_and_inline_markup_does_not() {
    let cases: &[(&str, &[&str])] = &[
        ("<p>a <b>bold</b> word</p><p>b</p>", &["a bold word", "b"]),
        ("<div>loose<p>inner</p>tail</div>", &["loose", "inner", "tail"]),
        ("one<br>two<br><br>three", &["one\ntwo", "three"]),
        ("one<br> <br>two", &["one", "two"]),
        ("<a href=x>Home</a><a href=y>News</a>", &["Home News"]),
        ("a<script>var x</script>b<style>c</style>", &["a b"]),
        ("<template><p>no</p></template><p>yes</p>", &["yes"]),
        ("<pre>\nfn main() {\n    x\n}\n</pre>", &["fn main() {\n    x\n}"]),
        ("<pre><div>let x;</div><div>  x<b>()</b></div></pre>", &["let x;\n  x()"]),
        ("<pre>a<div>b<div>c</div></div>d<p>e</p></pre>", &["a\nb\nc\nd", "e"]),
        ("<noscript><p>post</p></noscript>", &["post"]),
        ("<p>|</p><p>•</p><p>a&nbsp;\u{a0} b</p>", &["a b"]),
        ("<select><option>x</select><p>y", &["y"]),
        ("x<o:p>y</o:p>z", &["xyz"]),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>を", &["漢字を"]),
        ("<ruby><rb>漢</rb><rb>字</rb><rtc><rt>かん</rt><rt>じ</rt></rtc></ruby>", &["漢字"]),
    ];
    for (html, expected) in cases {
        assert_eq!(&texts(html), expected, "{html}");
    }
}

#[test]
fn elements_side_by_side_are_words_apart() {
    for (html, want) in [
        ("<div><span>Facebook</span><span>LinkedIn</span><b>Email</b></div>", "Facebook LinkedIn Email"),
        ("<p><span>00:00</span><b>Mira</b><i></i><span><em>Welcome</em> back</span>", "00:00 Mira Welcome back"),
        ("<p><a href=u>Ana Li</a><time>5 May</time>", "Ana Li 5 May"),
        ("<p><span>T</span><span>HE first</span>", "THE first"),
        ("<p><span>one word go</span><span>es on</span>", "one word goes on"),
        ("<p>the <b>Data</b><b>Feed</b>", "the DataFeed"),
        ("<p><b>Data</b><b>Feed</b>s", "DataFeeds"),
        ("<p><b>CO</b><sub>2</sub><b>Na</b><wbr><b>Cl</b>", "CO2NaCl"),
        ("<p><code><span>is</span><span>Ok</span></code>", "isOk"),
        ("<pre><span>is</span><span>Ok</span></pre>", "isOk"),
        ("<p><span>漢字</span><span>漢字</span>", "漢字漢字"),
        ("<p><span>a1</span><br><span>Bc</span>", "a1\nBc"),
    ] {
        assert_eq!(texts(html), [want], "{html}");
    }
}

#[test]
fn what_stands_beside_the_words_is_no_text() {
    let katex = |drawn: &str| {
        format!(
            "<p>so <span><span><math><semantics><mfrac><mi>a</mi><mi>b</mi></mfrac><annotation \
             encoding=application/x-tex>\\frac{{a}}{{b}}</annotation></semantics></math></span>{drawn}</span> is</p>"
        )
    };
    let cases: &[(&str, &[&str])] = &[
        ("<h2>Install<a href=#install>¶</a></h2>", &["Install"]),
        ("<h2><a aria-hidden=true href='/doc#use'> # </a>Use</h2>", &["Use"]),
        ("<dl><dt>f(x)<a href=#f>🔗</a><dd>g <a href=#g>#</a></dl>", &["f(x)", "g #"]),
        ("<h2><a href=#p>§ 12</a></h2><h2>C<a href=/sharp>#</a></h2>", &["§ 12", "C#"]),
        ("<h2>Life<span class='mw-editsection'>[<a href=/e>edit</a>]</span></h2>", &["Life"]),
        (&katex("<span aria-hidden=true><span>a</span><span>b</span></span>"), &["so \\frac{a}{b} is"]),
        ("<math><semantics><mi>x</mi><annotation encoding=application/x-tex>{\\displaystyle x_1}", &["x_1"]),
        ("<p>if <nobr aria-hidden=true>x</nobr><span><math><mi>x</mi></math></span> is", &["if x is"]),
        (
            "<p>if <mjx-container><mjx-math aria-hidden=true>x</mjx-math><mjx-a><math><mi>x</mi></math></mjx-a>",
            &["if x"],
        ),
        ("<p>a <span aria-hidden=true>b</span> c", &["a b c"]),
    ];
    for (html, expected) in cases {
        assert_eq!(&texts(html), expected, "{html}");
    }
}

#[test]
fn kinds() {
    let html = "<h2>H</h2><ul><li>i<ol start=3><li>j</ol></ul><blockquote><p>q</blockquote>\
                <figure><figcaption>c</figcaption></figure><dl><dt>t<dd>d</dl><button>b</button>";
    let kinds: Vec<_> = blocks(html).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(
        kinds,
        [
            BlockKind::Heading(2),
            BlockKind::ListItem { depth: 1, ordinal: None },
            BlockKind::ListItem { depth: 2, ordinal: Some(3) },
            BlockKind::Quote,
            BlockKind::Caption,
            BlockKind::Term,
            BlockKind::Description,
            BlockKind::Control,
        ]
    );
}

#[test]
fn data_tables_have_cells_and_layout_tables_paragraphs() {
    let data = blocks("<table><tr><th>a<th>b<tr><td>1<td>2</table>");
    assert_eq!(data[3], (BlockKind::TableCell { row: 1, column: 1, header: false }, "2".to_owned()));
    let layout = blocks("<table><tr><td>menu<td>one<br><br>two</table>");
    assert!(layout.iter().all(|(kind, _)| *kind == BlockKind::Paragraph), "{layout:?}");
}

/// The cells of a page, a column's number before each; `None` where there is another block than cells.
fn grid(html: &str) -> Option<String> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (kind, text) in blocks(html) {
        let BlockKind::TableCell { row, column, .. } = kind else { return None };
        rows.resize(rows.len().max(row as usize + 1), Vec::new());
        rows[row as usize].push(format!("{column}:{text}"));
    }
    Some(rows.iter().map(|row| row.join(" ")).collect::<Vec<_>>().join(" / "))
}

#[test]
fn markup_in_cells_tears_no_row() {
    let long = "word ".repeat(60);
    for (cell, want) in [
        ("<p>x</p>", Some("x")),
        ("<div>x</div>", Some("x")),
        ("<p>x</p><p>y</p>", Some("x\ny")),
        ("x<br><br>y", Some("x\ny")),
        ("<ul><li>x<li>y</ul>z", Some("x\ny\nz")),
        ("<p>x <a href=u>y</a></p><p><a href=v>z</a></p>", Some("x y\nz")),
        ("<h3>x</h3><p>y</p>", None),
        ("<table><tr><td>x</table>", None),
        (&format!("<p>{long}</p><p>{long}</p>"), None),
    ] {
        let table = format!("<table><tr><th><p>a</p><th>b<tr><td><div>c</div><td>{cell}</table>");
        assert_eq!(grid(&table), want.map(|cell| format!("0:a 1:b / 0:c 1:{cell}")), "{cell}");
    }
    // One row, or one column, puts things in their places.
    for layout in
        ["<tr><td><p>a</p><td><p>b</p>", "<tr><td><p>a</p><tr><td><p>b</p>", "<tr><td><td><p>a</p><tr><td><td><p>b</p>"]
    {
        assert_eq!(grid(&format!("<table>{layout}</table>")), None, "{layout}");
    }
}

#[test]
fn links_of_joined_cells_keep_their_ranges() {
    let html = "<table><tr><td>a<td>b<tr><td>c<td><p>é <a href=u>y</a></p><p><a href=v>z</a></table>";
    let parsed = parse(html, &Selectors::default());
    let cell = parsed.blocks.last().expect("a cell");
    let links: Vec<_> =
        cell.links.iter().map(|link| &cell.text[link.range.0 as usize..link.range.1 as usize]).collect();
    assert_eq!((links, cell.link_chars, cell.chars), (vec!["y", "z"], 2, 5));
}

#[test]
fn marked_elements_of_cells_are_not_joined() {
    let selectors = Selectors::compile([".ad"]).expect("valid");
    let parsed = parse("<table><tr><td>a<td>b<tr><td>c<td>d<p class=ad>e</p></table>", &selectors);
    assert_eq!(parsed.blocks.len(), 5);
}

#[test]
fn cells_that_span_move_the_others() {
    for (rows, want) in [
        ("<tr><td>a<td><td>b", "0:a 2:b"),
        ("<tr><td colspan=2>a<td>b", "0:a 2:b"),
        ("<tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d", "0:a 1:b / 1:c / 0:d"),
        ("<tr><td>a<td rowspan=2 colspan=2>b<td>c<tr><td>d<td>e", "0:a 1:b 3:c / 0:d 3:e"),
        ("<tr><td rowspan=0>a<td>b<tr><td>c<tbody><tr><td>d", "0:a 1:b / 1:c / 0:d"),
        ("<tr><td colspan=0>a<td colspan=x>b<td>c", "0:a 1:b 2:c"),
        ("<tr><td colspan=9999>a<td>b", "0:a 1000:b"),
        ("<tr><td rowspan=99999999>a<td>b<tr><td>c", "0:a 1:b / 0:c"),
    ] {
        assert_eq!(grid(&format!("<table>{rows}</table>")).as_deref(), Some(want), "{rows}");
    }
}

#[test]
fn links_are_counted_and_keep_their_ranges() {
    let parsed = parse("<p>see <a href='/x'>the <b>page</b></a> now</p>", &Selectors::default());
    let block = &parsed.blocks[0];
    assert_eq!((block.chars, block.link_chars, block.strong_chars), (16, 8, 5));
    let link = &block.links[0];
    assert_eq!(&block.text[link.range.0 as usize..link.range.1 as usize], "the page");
    assert_eq!(link.href, "/x");
}

#[test]
fn a_link_around_blocks_stays_a_link_in_each() {
    let parsed = parse("<a href=x><h3>t</h3><p>u</p></a><p>v", &Selectors::default());
    let linked: Vec<_> = parsed.blocks.iter().map(|block| block.link_chars).collect();
    assert_eq!(linked, [1, 1, 0]);
}

#[test]
fn hidden_text_is_flagged() {
    let html = "<div hidden>a</div><div style='display:none'><p>b</div><p aria-hidden=true>c<p>d";
    let hidden: Vec<_> = parse(html, &Selectors::default()).blocks.iter().map(|block| block.hidden.any()).collect();
    assert_eq!(hidden, [true, true, true, false]);
}

#[test]
fn selectors_mark_nodes_and_cut_inline_matches_out() {
    let selectors = Selectors::compile([".ad", "p"]).expect("valid");
    let parsed = parse("<p>before <span class=ad>buy</span> after</p>", &selectors);
    let texts: Vec<_> = parsed.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, ["before", "buy", "after"]);
    let marks: Vec<_> = parsed.outline.marks_of(parsed.blocks[1].node).collect();
    assert_eq!(marks, [0]);
}

#[test]
fn the_outline_sums_its_subtrees() {
    let parsed = parse("<main id=m><p>abc</p><p><a href=x>de</a></p></main>", &Selectors::default());
    let main = parsed.outline.nodes.iter().find(|node| node.tag == Tag::Main).expect("main");
    assert_eq!((main.first_block, main.end_block, main.chars, main.link_chars), (0, 2, 5, 2));
}

#[test]
fn deep_nesting_is_flattened_and_recorded() {
    let parsed =
        parse(&("<div>".repeat(100_000) + "text" + &"</div>".repeat(100_000) + "<p>after"), &Selectors::default());
    assert!(parsed.limits.depth);
    let texts: Vec<_> = parsed.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, ["text", "after"]);
}

#[test]
fn unclosed_items_are_not_deep() {
    let parsed = parse(&"<li>x".repeat(2_000), &Selectors::default());
    assert!(!parsed.limits.depth);
    assert_eq!(parsed.blocks.len(), 2_000);
    assert!(!parse(&"<br>x".repeat(2_000), &Selectors::default()).limits.depth);
}

#[test]
fn runaway_attributes_are_cut_and_the_page_goes_on() {
    let attributes: String = (0..20_000).map(|i| format!(" a{i}=\"{i}\"")).collect();
    let parsed = parse(&format!("<div{attributes}><p>text</p></div>"), &Selectors::default());
    assert!(parsed.limits.attributes);
    assert_eq!(parsed.blocks[0].text, "text");
}

#[test]
fn long_values_and_comments_are_no_runaway_tags() {
    let json = "{&quot;a b&quot;: 1, x=y} ".repeat(5_000);
    let html = format!("<div data-page=\"{json}\"><p>one</p></div><!-- {json} > -- --><p>two</p>");
    assert_eq!(texts(&html), ["one", "two"]);
}

#[test]
fn misnested_formatting_does_not_explode() {
    let html: String = (0..40_000).map(|i| format!("<p><font a={i}></p>")).collect();
    let parsed = parse(&html, &Selectors::default());
    assert!(parsed.limits.depth);
    assert!(parsed.outline.nodes.len() < 1_000);
}
