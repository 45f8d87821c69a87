use std::fs;
use std::path::Path;

use dechrome_fetch::{Inputs, Outcome, Record};
use dechrome_page::{Charset, Media};

use crate::support::{codes, error, gzip, page, read, zstd};

fn tree(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    directory
}

fn names<'a>(records: &'a [Record], root: &Path) -> Vec<&'a str> {
    let root = root.to_str().unwrap();
    records.iter().map(|record| record.path.strip_prefix(root).unwrap().trim_start_matches('/')).collect()
}

#[test]
fn directories_are_read_in_depth_by_name_without_hidden_files() {
    let directory = tree(&[
        ("b.html", b"<p>b"),
        ("a/z.txt", b"z"),
        ("a/2/y.htm", b"y"),
        ("a.html", b"<p>a"),
        ("c.jsonl", b"{\"text\":\"1\"}\n{\"text\":\"2\"}"),
        (".hidden.html", b"<p>no"),
        (".git/x.html", b"<p>no"),
        ("d.png", b"\x89PNG\r\n\x1a\n"),
        ("e.md", b"# notes"),
    ]);
    let records: Vec<_> = Inputs::new([directory.path()]).collect();
    let expected = ["a/2/y.htm", "a/z.txt", "a.html", "b.html", "c.jsonl", "c.jsonl", "d.png", "e.md"];
    assert_eq!(names(&records, directory.path()), expected);
    assert_eq!(codes(&records), ["page", "page", "page", "page", "page", "page", "binary", "not_a_page"]);
}

#[test]
fn a_file_is_a_page_with_its_path_and_directory() {
    let directory = tree(&[("in/a.html", b"<p>caf\xe9"), ("in/b.txt.zst", &zstd(b"flat"))]);
    let records: Vec<_> = Inputs::new([directory.path()]).collect();
    for (record, media, body) in [(&records[0], Media::Html, &b"<p>caf\xe9"[..]), (&records[1], Media::Text, b"flat")] {
        let capture = page(record);
        assert_eq!((capture.media, capture.body.as_slice()), (media, body));
        assert_eq!(capture.id, *record.path);
        assert_eq!(capture.directory.as_deref(), directory.path().to_str());
        assert_eq!(capture.charset, Charset::Unknown);
    }
}

#[test]
fn compressions_are_undone_however_nested() {
    let lines = b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n";
    let (first, second) = lines.split_at(7);
    for bytes in [
        gzip(lines),
        zstd(lines),
        [gzip(first), gzip(second)].concat(),
        [zstd(first), zstd(second)].concat(),
        zstd(&gzip(lines)),
        gzip(&gzip(&zstd(lines))),
    ] {
        let records = read(bytes);
        assert_eq!(codes(&records), ["page", "page"]);
        assert!(records[1].position.decompressed);
    }
}

#[test]
fn empty_inputs_are_no_failure() {
    let names: [(&str, &[&str]); 6] = [
        ("a.html", &["page"]),
        ("a.txt", &["page"]),
        ("a.jsonl", &[]),
        ("a.warc", &[]),
        ("a", &["empty"]),
        ("d/a.jsonl", &[]),
    ];
    for (name, expected) in names {
        let directory = tree(&[(name, b"")]);
        let records: Vec<_> = Inputs::new([directory.path().join(name)]).collect();
        assert_eq!(codes(&records), expected, "{name}");
    }
    assert_eq!(codes(&Inputs::new([tempfile::tempdir().unwrap().path()]).collect::<Vec<_>>()), Vec::<&str>::new());
}

#[test]
fn what_cannot_be_opened_is_one_error_and_the_rest_is_read() {
    let directory = tree(&[("a.html", b"<p>a"), ("b.html", b"<p>b")]);
    let paths = ["a.html", "missing.html", "b.html"].map(|name| directory.path().join(name));
    let records: Vec<_> = Inputs::new(paths).collect();
    assert_eq!(codes(&records), ["page", "open", "page"]);
    assert!(error(&records[1]).to_string().contains("missing.html"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_not_in_circles() {
    let directory = tree(&[("a/a.html", b"<p>a"), ("real.html", b"<p>r")]);
    let root = directory.path();
    std::os::unix::fs::symlink(root, root.join("a/up")).unwrap();
    std::os::unix::fs::symlink(root.join("nowhere"), root.join("broken")).unwrap();
    std::os::unix::fs::symlink(root.join("real.html"), root.join("linked.html")).unwrap();
    let records: Vec<_> = Inputs::new([root]).collect();
    assert_eq!(names(&records, root), ["a/a.html", "a/up", "broken", "linked.html", "real.html"]);
    assert_eq!(codes(&records), ["page", "list", "list", "page", "page"]);
}

#[test]
fn the_standard_input_is_read_once() {
    let directory = tree(&[("a.html", b"<p>a")]);
    let paths = [Path::new("-"), &directory.path().join("a.html"), Path::new("-")];
    let records: Vec<_> = Inputs::new(paths).with_stdin(&b"<!doctype html><p>in"[..]).collect();
    assert_eq!(codes(&records), ["page", "page", "stdin_twice"]);
    let capture = page(&records[0]);
    assert_eq!((capture.id.as_str(), capture.media, &capture.directory), ("-", Media::Html, &None));
}

#[test]
fn a_page_beyond_the_limit_is_refused() {
    let records: Vec<_> = Inputs::new(["-"]).with_stdin(&b"<p>123456"[..]).with_max_record_bytes(8).collect();
    assert_eq!(codes(&records), ["too_large"]);
    let records: Vec<_> = Inputs::new(["-"]).with_stdin(&b"<p>12345"[..]).with_max_record_bytes(8).collect();
    assert_eq!(codes(&records), ["page"]);
}

#[test]
fn progress_ends_at_the_total() {
    let html = b"<p>a".repeat(10_000);
    let picture = [b"\x89PNG".as_slice(), &vec![0; 100_000]].concat();
    let directory = tree(&[("a.html.gz", &gzip(&html)), ("b.png", &picture), ("c/d.html", &html)]);
    let inputs = Inputs::new([directory.path()]);
    let progress = inputs.progress();
    let total: u64 = gzip(&html).len() as u64 + 100_004 + 40_000;
    assert_eq!((progress.read(), progress.total()), (0, Some(total)));
    let mut last = 0;
    for record in inputs {
        assert!(matches!(record.outcome, Outcome::Page(_) | Outcome::Skipped(_)));
        assert!(progress.read() > last && progress.read() <= total);
        last = progress.read();
    }
    assert_eq!(progress.read(), total);
    assert_eq!(Inputs::new([Path::new("-")]).progress().total(), None);
}
