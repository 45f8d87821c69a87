//! Formats and sinks: golden records, and what holds for any.

mod builder;

use std::io;

use builder::{all, block, cell, item, link, page, paragraph};
use dechrome_page::{BlockKind, Metadata, Page};
use dechrome_text::{Directory, Document, FailedDocument, Format, WriteError, Writer};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

fn document(page: &Page) -> Document {
    Document::new(page, "site.example", &all(page))
}

fn failed() -> FailedDocument {
    FailedDocument { id: "bad".into(), url: None, error: "cut short\nat 12".into() }
}

fn written(format: Format, documents: &[Document]) -> String {
    let mut writer = Writer::new(Vec::new(), format);
    for document in documents {
        writer.write(document).expect("memory takes everything");
    }
    String::from_utf8(writer.finish().expect("memory takes everything")).expect("UTF-8")
}

fn article() -> Page {
    page(
        Some("Bridges & *rivers*"),
        vec![
            block(BlockKind::Heading(1), "Part #1"),
            link(paragraph("See the report\non page_one <now>."), "report", "../r?a=1&b=(2)"),
            item(1, Some(3), "three"),
            item(2, None, "nested\nlines"),
            item(1, Some(4), "four"),
            block(BlockKind::Quote, "said\nso"),
            cell(0, 0, "Year"),
            cell(0, 2, "Length"),
            cell(1, 0, "1900"),
            cell(1, 2, "a|b"),
            block(BlockKind::Code, "  x = `y`\n```\n<z>"),
            block(BlockKind::Caption, "- A view"),
        ],
    )
}

#[test]
fn markdown_golden() {
    let want = r"# Bridges & \*rivers\*

## Part \#1

See the [report](https://site.example/r?a=1&amp;b=%282%29)\
on page_one \<now>.

3. three
   - nested\
     lines
4. four

> said\
> so

| Year | Length |
| --- | --- |
| 1900 | a\|b |

````
  x = `y`
```
<z>
````

\- A view
";
    assert_eq!(written(Format::Markdown, &[document(&article())]), want);
}

#[test]
fn html_golden() {
    let want = r#"<!doctype html>
<meta charset="utf-8">
<article data-id="page" data-url="https://site.example/dir/page">
<h1>Bridges &amp; *rivers*</h1>
<h2>Part #1</h2>
<p>See the <a href="https://site.example/r?a=1&amp;b=(2)">report</a><br>
on page_one &lt;now&gt;.</p>
<ol start="3">
<li>three<ul>
<li>nested<br>
lines</li></ul></li>
<li>four</li></ol>
<blockquote><p>said<br>
so</p></blockquote>
<table>
<tr><th>Year</th><th>Length</th></tr>
<tr><td>1900</td><td>a|b</td></tr>
</table>
<pre>  x = `y`
```
&lt;z&gt;</pre>
<figure><figcaption>- A view</figcaption></figure>
</article>
"#;
    let mut document = document(&article());
    document.language = None;
    assert_eq!(written(Format::Html, &[document]), want);
}

#[test]
fn text_and_pretty_begin_with_the_title() {
    let document = document(&page(Some("T"), vec![paragraph("a b c d e f g h i j k l m n"), item(1, None, "x")]));
    assert_eq!(written(Format::Text, std::slice::from_ref(&document)), "T\n\na b c d e f g h i j k l m n\n\nx\n");
    let pretty = written(Format::Pretty { width: 20 }, &[document]);
    assert_eq!(pretty, "# T\n\na b c d e f g h i j\nk l m n\n* x\n");
}

#[test]
fn json_has_a_stable_order_of_fields() {
    let json = written(Format::JsonLines, &[document(&page(Some("T"), vec![paragraph("a")]))]);
    let want = r#"{"id":"page","url":"https://site.example/dir/page","site":"site.example","title":"T","author":null,"date":null,"language":null,"text":"a","segments":[{"start":0,"end":1,"kind":"paragraph","block":0}],"removed":{},"site_name":null,"description":null,"tags":[]}"#;
    assert_eq!(json, format!("{want}\n"));
}

#[test]
fn a_record_for_every_page() {
    let page = page(Some("T"), vec![paragraph("a")]);
    for (format, want) in [
        (Format::Text, "T\n\na\n\u{c}\n[not cleaned: cut short at 12]\n\u{c}\nT\n\na\n"),
        (Format::Markdown, "# T\n\na\n\u{c}\n\\[not cleaned: cut short at 12\\]\n\u{c}\n# T\n\na\n"),
        (Format::Pretty { width: 40 }, "# T\n\na\n\u{c}\n[not cleaned: cut short at 12]\n\u{c}\n# T\n\na\n"),
    ] {
        let mut writer = Writer::new(Vec::new(), format);
        writer.write(&document(&page)).unwrap();
        writer.write_failure(&failed()).unwrap();
        writer.write(&document(&page)).unwrap();
        assert_eq!(String::from_utf8(writer.finish().unwrap()).unwrap(), want);
    }
    let mut writer = Writer::new(Vec::new(), Format::JsonLines);
    writer.write_failure(&failed()).unwrap();
    assert_eq!(writer.finish().unwrap(), b"{\"id\":\"bad\",\"url\":null,\"error\":\"cut short\\nat 12\"}\n");
    let mut writer = Writer::new(Vec::new(), Format::Html);
    writer.write_failure(&failed()).unwrap();
    writer.write(&document(&page)).unwrap();
    let html = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert_eq!((html.matches("<!doctype").count(), html.matches("<article").count()), (1, 2));
}

#[test]
fn a_file_for_every_page() {
    let parent = tempfile::tempdir().unwrap();
    let mut directory = Directory::create(parent.path().join("a/b"), Format::Markdown).unwrap();
    let page = page(Some("T"), vec![paragraph("a")]);
    let first = directory.write(&document(&page)).unwrap();
    let second = directory.write(&document(&page)).unwrap();
    let third = directory.write_failure(&failed()).unwrap();
    let names = [&first, &second, &third].map(|path| path.file_name().unwrap().to_str().unwrap());
    assert_eq!(names, ["page.md", "page-2.md", "bad.error.json"]);
    assert_eq!(std::fs::read_to_string(first).unwrap(), "# T\n\na\n");
    let error = Directory::create(second.join("x"), Format::Text).unwrap_err();
    assert!(matches!(error, WriteError::File { .. }) && error.to_string().contains("page-2.md"));
}

struct Broken(io::ErrorKind);

impl io::Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn a_broken_pipe_is_told_from_other_errors() {
    for (kind, broken) in [(io::ErrorKind::BrokenPipe, true), (io::ErrorKind::StorageFull, false)] {
        let mut writer = Writer::new(Broken(kind), Format::Text);
        assert_eq!(writer.write_failure(&failed()).unwrap_err().is_broken_pipe(), broken);
        assert_eq!(writer.finish().err().unwrap().is_broken_pipe(), broken);
    }
}

#[test]
fn names_of_formats_are_read_back() {
    for name in ["jsonl", "text", "markdown", "html", "pretty"] {
        assert_eq!(name.parse::<Format>().unwrap().to_string(), name);
    }
    assert!("pdf".parse::<Format>().unwrap_err().to_string().contains("markdown"));
}

/// What a Markdown reader makes of it: the text, and the block tags but for paragraphs.
fn read(markdown: &str) -> (String, Vec<String>) {
    let (mut text, mut tags) = (String::new(), Vec::new());
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(piece) => text.push_str(&piece),
            Event::HardBreak => text.push('\n'),
            Event::Start(Tag::Paragraph) | Event::End(_) => {}
            Event::Start(tag) => tags.push(format!("{tag:?}")),
            other => tags.push(format!("{other:?}")),
        }
    }
    (text, tags)
}

#[test]
fn links_are_relative_to_the_base_that_the_page_states() {
    let linked = page(None, vec![link(paragraph("See the tides."), "tides", "tides.html")]);
    for (base, target) in [
        (None, "https://site.example/dir/tides.html"),
        (Some("https://other.example/m/"), "https://other.example/m/tides.html"),
    ] {
        let metadata = Metadata { base: base.map(str::to_owned), ..linked.metadata.clone() };
        let document = document(&Page { metadata, ..linked.clone() });
        let text = written(Format::Markdown, std::slice::from_ref(&document));
        assert!(text.contains(&format!("[tides]({target})")), "{text}");
    }
}

fn spiky() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[-#>+=:|~*_`!&<\\[\\]().\\\\/a1 \n]{1,6}",
        Just("&amp;".to_owned()),
        Just("1. ".to_owned()),
        Just("---".to_owned()),
        Just("<b>".to_owned()),
        Just("[x](y)".to_owned()),
        Just("word".to_owned()),
    ];
    proptest::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn markdown_reads_back_as_the_text(text in spiky()) {
        let document = document(&page(None, vec![paragraph(&text)]));
        let (read_text, tags) = read(&written(Format::Markdown, std::slice::from_ref(&document)));
        prop_assert_eq!(read_text, document.text);
        prop_assert!(tags.is_empty(), "{:?}", tags);
    }

    #[test]
    fn markdown_keeps_code_headings_and_quotes(text in spiky()) {
        for (kind, tag) in [(BlockKind::Code, "CodeBlock"), (BlockKind::Heading(3), "Heading"), (BlockKind::Quote, "BlockQuote")] {
            let document = document(&page(None, vec![block(kind, &text)]));
            prop_assume!(!document.text.is_empty());
            let (read_text, tags) = read(&written(Format::Markdown, std::slice::from_ref(&document)));
            let want = if kind == BlockKind::Heading(3) { document.text.replace('\n', " ") } else { document.text.clone() };
            prop_assert_eq!(read_text.trim_end_matches('\n'), want);
            prop_assert!(tags.len() == 1 && tags[0].starts_with(tag), "{:?}", tags);
        }
    }

    #[test]
    fn markdown_keeps_lists(items in proptest::collection::vec((1..4_u8, proptest::option::of(0..12_u32), spiky()), 1..6)) {
        let blocks = items.iter().map(|(depth, ordinal, text)| item(*depth, *ordinal, text)).collect();
        let document = document(&page(None, blocks));
        let (read_text, tags) = read(&written(Format::Markdown, std::slice::from_ref(&document)));
        let squeeze = |text: &str| text.replace('\n', "");
        prop_assert_eq!(squeeze(&read_text), squeeze(&document.text));
        prop_assert_eq!(tags.iter().filter(|tag| *tag == "Item").count(), document.segments.len());
    }

    #[test]
    fn markdown_keeps_cells_and_links(a in spiky(), b in spiky(), href in "[ -~]{0,12}") {
        let linked = |text: &str| link(paragraph(text), text, &href);
        let document_of = |blocks| document(&page(None, blocks));
        let one = document_of(vec![linked(&a), paragraph(&b)]);
        let (text, tags) = read(&written(Format::Markdown, std::slice::from_ref(&one)));
        prop_assert_eq!(text.replace(['\n', ' '], ""), one.text.replace(['\n', ' '], ""));
        prop_assert!(tags.len() <= 1 && tags.iter().all(|tag| tag.starts_with("Link")), "{:?}", tags);

        let table = document_of(vec![cell(0, 0, "h"), cell(0, 1, "h"), cell(1, 0, &a), cell(1, 1, &b)]);
        let (text, _) = read(&written(Format::Markdown, std::slice::from_ref(&table)));
        prop_assert_eq!(text, table.text.replace(['\t', '\n'], ""));
    }

    #[test]
    fn json_reads_back(text in "\\PC{0,40}", id in any::<String>()) {
        let mut page = page(Some(&text), vec![paragraph("\"x\"\u{1f600}"), paragraph(&text)]);
        page.id = id;
        let document = document(&page);
        let json = written(Format::JsonLines, std::slice::from_ref(&document));
        prop_assert_eq!(json.matches('\n').count(), 1);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(value["text"].as_str(), Some(document.text.as_str()));
        prop_assert_eq!(value["id"].as_str(), Some(document.id.as_str()));
        prop_assert_eq!(value, serde_json::to_value(&document).unwrap());
    }
}
