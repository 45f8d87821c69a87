use std::io::Write;

use super::compare::{Change, Comparison};
use super::figures::{by_metric, scored};
use super::labels::{self, Labelled};
use super::predictions::{self, Predictions};
use super::score::{Found, Rates, score};

/// A set in a file.
fn set(lines: &str) -> anyhow::Result<Vec<Labelled>> {
    labels::read(file(lines.as_bytes()).path(), Some("kind"))
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn output(lines: &str) -> Predictions {
    predictions::read(file(lines.as_bytes()).path()).unwrap()
}

#[test]
fn words_of_a_page() {
    for (labels, text, f1, p, r) in [
        (r#"{"id":"a","truth":"One two two three"}"#, "two, TWO four", 4.0 / 7.0, 2.0 / 3.0, 0.5),
        (r#"{"id":"a","truth":""}"#, "", 1.0, 1.0, 1.0),
        (r#"{"id":"a","truth":""}"#, "one", 0.0, 0.0, 0.0),
        (r#"{"id":"a","truth":"one"}"#, "…", 0.0, 0.0, 0.0),
        (r#"{"id":"a","truth":"東京 one"}"#, "東京都 one", 6.0 / 7.0, 0.75, 1.0),
        // The headline is taken out once, among the first five lines with text.
        (r#"{"id":"a","truth":"body","headline":"The Head"}"#, "\n# the  head *\nbody", 1.0, 1.0, 1.0),
        (r#"{"id":"a","truth":"b","headline":"h"}"#, "b\nb\nb\nb\nb\nh", 2.0 / 7.0, 1.0 / 6.0, 1.0),
        (r#"{"id":"a","truth":"b","headline":"h"}"#, "h\nh\nb", 2.0 / 3.0, 0.5, 1.0),
    ] {
        let score = score(&set_of_one(labels), text);
        let Rates { f1: f, p: precision, r: recall } = score.rates;
        assert!((f - f1).abs() + (precision - p).abs() + (recall - r).abs() < 1e-9, "{labels} {text}: {score:?}");
    }
}

fn set_of_one(line: &str) -> Labelled {
    labels::read(file(line.as_bytes()).path(), None).unwrap().remove(0)
}

#[test]
fn segments_are_pooled() {
    let set = set(concat!(
        r#"{"id":"a","metric":"segments","with":["A  b","c"],"without":["x","y"],"kind":"k"}"#,
        "\n\n",
        r#"{"id":"b","with":["d"],"without":["z"]}"#,
    ));
    let set = set.unwrap();
    // Of 3 segments 2 are found, of 3 others 1; case counts.
    let pages = scored(&set, &output("{\"id\":\"a\",\"text\":\"A\\nb C x\"}\n{\"id\":\"b\",\"text\":\"d\"}"));
    let figures = &by_metric(&pages.iter().collect::<Vec<_>>())[0];
    assert_eq!(pages[0].score.with, Found { found: 1, of: 2 });
    assert_eq!(figures.rates, Rates { f1: 4.0 / 6.0, p: 2.0 / 3.0, r: 2.0 / 3.0 });
    assert_eq!(figures.accuracy, Some(4.0 / 6.0));
}

#[test]
fn shingles_are_means_over_pages_that_have_any() {
    let set = set(concat!(
        r#"{"id":"a","metric":"shingles","truth":"a b c d e","kind":"k"}"#,
        "\n",
        r#"{"id":"b","metric":"shingles","truth":"A b"}"#,
        "\n",
        r#"{"id":"c","metric":"shingles","truth":"x"}"#,
    ));
    let pages_of = output("{\"id\":\"a\",\"text\":\"a b c d\"}\n{\"id\":\"b\",\"text\":\"A b\"}");
    let set = set.unwrap();
    let pages = scored(&set, &pages_of);
    let figures = &by_metric(&pages.iter().collect::<Vec<_>>())[0];
    // Precision 1 on two pages, recall 1/2, 1 and 0 on three.
    assert_eq!(figures.rates, Rates { f1: 2.0 * 0.5 / 1.5, p: 1.0, r: 0.5 });
    assert_eq!(figures.exact, Some(1.0 / 3.0));
    assert_eq!((figures.empty, figures.missing, figures.errors), (1, 1, 0));
}

const SITES: &str = r#"{"id":"a","site":"s","truth":"one two","kind":"k","with":["one"],"without":["x"]}
{"id":"b","site":"s","truth":"one two"}
{"id":"c","site":"t","truth":"one"}"#;

#[test]
fn sites_count_alike() {
    let set = set(SITES).unwrap();
    let output =
        output("{\"id\":\"a\",\"text\":\"one two\"}\n{\"id\":\"c\",\"text\":\"one\"}\n{\"id\":\"b\",\"error\":\"e\"}");
    let pages = scored(&set, &output);
    let figures = &by_metric(&pages.iter().collect::<Vec<_>>())[0];
    let sites = figures.sites.as_ref().unwrap();
    assert_eq!((sites.sites, sites.site_f1, sites.sites_under_90), (2, 0.75, 1));
    assert_eq!((figures.with_found, figures.without_found), (Some(1.0), Some(0.0)));
    assert_eq!((figures.empty, figures.missing, figures.errors), (1, 0, 1));
}

#[test]
fn runs_are_compared() {
    let set = set(SITES).unwrap();
    let before = scored(&set, &output(r#"{"id":"a","text":"one two"}"#));
    let after = scored(&set, &output("{\"id\":\"a\",\"text\":\"one\"}\n{\"id\":\"c\",\"text\":\"one\"}"));
    let comparison = Comparison::new(&before, &after, 5);
    assert_eq!((comparison.better, comparison.worse, comparison.same), (1, 1, 1));
    assert_eq!((comparison.lossy, comparison.lossy_half), (1, 1));
    assert_eq!(comparison.sites, [Change { name: "s".to_owned(), before: 0.5, after: 0.25 }]);
    assert_eq!(comparison.gains, [Change { name: "c".to_owned(), before: 0.0, after: 1.0 }]);
    assert_eq!(comparison.losses[0].name, "a");
}

#[test]
fn sets_are_read_compressed() {
    let plain = set(SITES).unwrap().len();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(SITES.as_bytes()).unwrap();
    for bytes in [gzip.finish().unwrap(), zstd::encode_all(SITES.as_bytes(), 1).unwrap()] {
        assert_eq!(labels::read(file(&bytes).path(), None).unwrap().len(), plain);
    }
}

#[test]
fn broken_sets_are_told_by_line() {
    for (lines, expected) in [
        ("{\"id\":\"a\",\"truth\":\"\"}\n{\"truth\":\"\"}", "line 2: the record has no `id`"),
        ("{\"id\":\"a\"}", "line 1: the record has neither `truth` nor `with`"),
        ("{\"id\":\"a\",\"metric\":\"f2\"}", "line 1: the metric \"f2\" is none of"),
        ("{\"id\":\"a\",\"truth\":\"\"}\n{\"id\":\"a\",\"truth\":\"\"}", "line 2: the id `a` is there twice"),
        ("[1]", "line 1: invalid type"),
        ("\n", "there is no record in"),
        ("{\"id\":\"a\",\"truth\":\"\"}", "has text in the field `kind`"),
    ] {
        let error = format!("{:#}", set(lines).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }
}
