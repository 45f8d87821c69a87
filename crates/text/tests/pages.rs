//! From markup to every format: what the page crate reads is what the formats show.

mod builder;

use builder::all;
use dechrome_page::{Capture, Page};
use dechrome_text::{Document, Format, Writer};

const HTML: &str = r#"<!doctype html><html lang="en"><head><title>Bridges</title></head><body><article>
<h1>Bridges</h1>
<p>Bridges cross <a href="/rivers">rivers</a>.<br>They last.</p>
<h2>Kinds</h2>
<ul><li>Beam<ul><li>Girder</li></ul></li><li>Arch</li></ul>
<ol><li>Plan</li><li>Build</li></ol>
<table><tr><th>Year</th><th>Length</th></tr><tr><td>1900</td><td>12&nbsp;m</td></tr></table>
<pre>span {
  arch
}</pre>
<blockquote><p>A bridge is a promise.</p></blockquote>
</article></body></html>"#;

fn read(html: &str) -> Page {
    let mut page = Page::read(&Capture::html("bridges", html).with_url("https://site.example/a"));
    page.metadata.title = Some("Bridges".into());
    page
}

fn written(format: Format) -> String {
    let page = read(HTML);
    let mut writer = Writer::new(Vec::new(), format);
    writer.write(&Document::new(&page, "site.example", &all(&page))).expect("memory takes everything");
    String::from_utf8(writer.finish().expect("memory takes everything")).expect("UTF-8")
}

#[test]
fn text() {
    let want = "Bridges\n\nBridges cross rivers.\nThey last.\n\nKinds\n\nBeam\nGirder\nArch\n\nPlan\nBuild\n\n\
                Year\tLength\n1900\t12 m\n\nspan {\n  arch\n}\n\nA bridge is a promise.\n";
    assert_eq!(written(Format::Text), want);
}

#[test]
fn markdown() {
    let want = "# Bridges\n\nBridges cross [rivers](https://site.example/rivers).\\\nThey last.\n\n## Kinds\n\n\
                - Beam\n  - Girder\n- Arch\n\n1) Plan\n2) Build\n\n\
                | Year | Length |\n| --- | --- |\n| 1900 | 12 m |\n\n```\nspan {\n  arch\n}\n```\n\n\
                > A bridge is a promise.\n";
    assert_eq!(written(Format::Markdown), want);
}

#[test]
fn html_reads_back_as_the_same_text() {
    let page = read(&written(Format::Html));
    let text = Document::new(&page, "site.example", &all(&page)).text;
    assert_eq!(format!("Bridges\n\n{text}\n"), written(Format::Text));
}

#[test]
fn pretty() {
    let pretty = written(Format::Pretty { width: 30 });
    assert!(pretty.starts_with("# Bridges\n\nBridges cross rivers.\nThey last.\n"));
    assert!(pretty.contains("> A bridge is a promise."));
    assert!(!pretty.contains(['[', '`']));
}
