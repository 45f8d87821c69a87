//! `dechrome fetch` and `dechrome run` as processes, against a web site on loopback.

#![allow(clippy::unwrap_used)]

mod server;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use server::{Reply, Server, html, missing};

const SENTENCE: &str = "The river rose by two metres during the night, and the lower streets had to be cleared.";

fn site(port: u16, path: &str) -> Reply {
    let base = format!("http://127.0.0.1:{port}");
    let article = |n: &str| html(&format!("<h1>Flood {n}</h1><p>{SENTENCE} It was number {n}.</p>"));
    match path {
        "/robots.txt" => {
            let rules = format!("User-agent: *\nDisallow: /private/\nSitemap: {base}/sitemap.xml\n");
            (200, "text/plain", rules)
        }
        "/sitemap.xml" => (200, "application/xml", format!("<urlset><url><loc>{base}/listed</loc></url></urlset>")),
        "/feed" => {
            let feed = format!(
                "<rss version='2.0'><channel><title>t</title><item><title>a</title><link>{base}/fed</link></item></channel></rss>"
            );
            (200, "application/rss+xml", feed)
        }
        "/" => html("<a href='/news/1'>1</a> <a href='/news/2'>2</a> <a href='/about'>3</a>"),
        "/gone" => missing(),
        path => article(path.rsplit('/').next().unwrap_or_default()),
    }
}

/// The command in a directory of its own, with what every crawl of a loopback site needs.
fn dechrome(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dechrome"));
    command.args(arguments).current_dir(directory).stdin(Stdio::null());
    if matches!(arguments.first(), Some(&("fetch" | "run"))) {
        command.args(["--allow-private", "--delay", "0", "--contact", "me@example.org"]);
    }
    command
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    dechrome(directory, arguments).output().unwrap()
}

fn succeed(directory: &Path, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {errors}");
    errors
}

fn lines(path: &Path) -> Vec<serde_json::Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn everything_that_names_pages() {
    let server = Server::start(site);
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("urls.txt"), format!("# a list\n{}\n", server.url("/from-list"))).unwrap();
    let feed = server.url("/feed");
    let (start, private) = (server.url("/"), server.url("/private/1"));
    let arguments = ["fetch", &start, &private, "--from", "urls.txt", "--sitemap", "auto", "--feed", &feed];
    let more = ["--follow", "/news/", "-o", "crawl.warc.gz", "--log", "log.jsonl"];
    let report = succeed(directory.path(), &[&arguments[..], &more].concat());
    // What a sitemap lists must match `--follow` as links must; whoever names a feed wants its pages.
    assert_eq!(server.pages(), ["/", "/fed", "/feed", "/from-list", "/news/1", "/news/2", "/sitemap.xml"]);
    assert!(report.contains("5 pages from 1 hosts"), "{report}");
    let log = lines(&directory.path().join("log.jsonl"));
    let refused = log.iter().find(|line| line["url"] == *private).unwrap();
    assert_eq!((&refused["outcome"], &refused["cause"]), (&"skipped".into(), &"robots".into()));
    assert_eq!(refused["detail"], "`Disallow: /private/` (robots.txt line 2)");
}

#[test]
fn a_crawl_is_cleaned_through_a_pipe() {
    let server = Server::start(site);
    let directory = tempfile::tempdir().unwrap();
    let urls = [server.url("/a"), server.url("/b")];
    let mut fetch = dechrome(directory.path(), &["fetch", &urls[0], &urls[1]])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let clean = dechrome(directory.path(), &["clean", "-", "-o", "clean.jsonl"])
        .stdin(fetch.stdout.take().unwrap())
        .output()
        .unwrap();
    assert!(fetch.wait().unwrap().success() && clean.status.success(), "{clean:?}");
    let documents = lines(&directory.path().join("clean.jsonl"));
    let mut pages: Vec<&str> = documents.iter().filter_map(|document| document["url"].as_str()).collect();
    pages.sort_unstable();
    assert_eq!(pages, urls);
    assert!(documents.iter().all(|document| document["text"].as_str().unwrap().contains(SENTENCE)));
}

#[test]
fn a_site_is_fetched_and_cleaned_in_one_go() {
    let server = Server::start(site);
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir_all(directory.path().join("config/sites")).unwrap();
    let file = format!(
        "site = \"127.0.0.1\"\nhosts = [\"127.0.0.1\"]\n[fetch]\nstart = [\"{}\"]\nallow = [\"/news/\"]\n",
        server.url("/")
    );
    fs::write(directory.path().join("config/sites/127.0.0.1.toml"), file).unwrap();
    let arguments = ["run", "127.0.0.1", "--config", "config", "-o", "out.jsonl"];
    succeed(directory.path(), &arguments);
    let documents = lines(&directory.path().join("out.jsonl"));
    assert_eq!(documents.len(), 3);
    let articles = documents.iter().filter(|document| document["text"].as_str().unwrap().contains(SENTENCE));
    assert_eq!(articles.count(), 2);
    assert!(documents.iter().all(|document| document["site"] == "127.0.0.1"));
    // A second run does not overwrite the first; it goes on with it.
    let again = run(directory.path(), &arguments);
    assert_eq!(again.status.code(), Some(2));
    succeed(directory.path(), &[&arguments[..], &["--resume"]].concat());
    assert_eq!(server.pages(), ["/", "/news/1", "/news/2"], "nothing is fetched twice");
    assert_eq!(lines(&directory.path().join("out.jsonl")).len(), 3);
}

#[test]
fn exit_codes_say_how_it_ended() {
    let server = Server::start(site);
    let directory = tempfile::tempdir().unwrap();
    let (good, gone) = (server.url("/good"), server.url("/gone"));
    for (arguments, code, message) in [
        (vec!["fetch", &good, "-o", "a.warc.gz"], 0, "1 pages from 1 hosts"),
        (vec!["fetch", &good, "-o", "a.warc.gz"], 2, "a.warc.gz.state exists; resume"),
        (vec!["fetch", "-o", "a.warc.gz", "--resume"], 0, "0 pages"),
        (vec!["fetch", "-o", "b.warc.gz", "--resume"], 2, "nothing to resume"),
        (vec!["fetch", &good, "--previous", "a.warc.gz", "-o", "c.warc.gz"], 0, "1 duplicate"),
        (vec!["fetch", &gone, "-o", "d.warc.gz"], 1, "status"),
        (vec!["fetch", "-o", "e.warc.gz"], 2, "nothing to fetch"),
        (vec!["fetch", "--from", "none.txt", "-o", "e.warc.gz"], 2, "cannot read the list `none.txt`"),
        (vec!["fetch", "--site", "none.example", "-o", "e.warc.gz"], 2, "no site file for `none.example`"),
        (vec!["fetch", &good, "--timeout", "soon", "-o", "e.warc.gz"], 2, "not a number of seconds"),
        (vec!["run", "none.example"], 2, "no site file for `none.example`"),
    ] {
        let output = run(directory.path(), &arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(message), "{arguments:?}: {errors}");
    }
}

#[test]
fn private_addresses_are_refused_unless_allowed() {
    let server = Server::start(site);
    let directory = tempfile::tempdir().unwrap();
    let url = server.url("/");
    let mut command = Command::new(env!("CARGO_BIN_EXE_dechrome"));
    command.args(["fetch", &url, "-o", "a.warc.gz", "--retries", "0"]).current_dir(directory.path());
    let output = command.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(
        errors.contains(&format!("{url}: address 127.0.0.1 refused")) && errors.contains("--allow-private"),
        "{errors}"
    );
    assert!(errors.contains("address_refused") && errors.contains("no --contact given"), "{errors}");
    assert!(server.pages().is_empty());
}

/// The first Ctrl-C finishes what is in flight; what is left is fetched by `--resume`, and nothing twice.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_crawl_whole() {
    const PAGES: usize = 400;
    let server = Server::start(site);
    let directory = tempfile::tempdir().unwrap();
    let urls: String = (0..PAGES).map(|n| server.url(&format!("/{n}\n"))).collect();
    fs::write(directory.path().join("urls.txt"), urls).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dechrome"));
    command.args(["fetch", "--from", "urls.txt", "-o", "slow.warc.gz", "--allow-private", "--delay", "0.02"]);
    let crawl = command.current_dir(directory.path()).stderr(Stdio::piped()).spawn().unwrap();
    server.wait_for(10);
    let killed = Command::new("kill").args(["-INT", &crawl.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = crawl.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{errors}");
    assert!(errors.contains("go on with --resume"), "{errors}");
    assert!(directory.path().join("slow.warc.gz").exists(), "what was fetched is in a finished archive");
    succeed(directory.path(), &["fetch", "-o", "slow.warc.gz", "--resume"]);
    let mut pages = server.pages();
    assert_eq!(pages.len(), PAGES);
    pages.dedup();
    assert_eq!(pages.len(), PAGES, "a page was fetched twice");
}
