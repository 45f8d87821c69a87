//! Where URLs come from: links, sitemaps, feeds, site files; and what a second crawl asks again.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use dechrome_fetch::net::{FetchOptions, FetchSettings, Fetcher, Follow, Seed};

use crate::support::server::{Reply, Request, Server};
use crate::support::{archive, into, options, outcomes, run};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// The paths of the pages that an archive holds.
fn stored(directory: &Path) -> BTreeSet<String> {
    let records = archive::records(directory);
    let responses = records.iter().filter(|record| record.is("response"));
    responses.map(|record| record.url().splitn(4, '/').nth(3).unwrap().to_owned()).collect()
}

fn set<const N: usize>(paths: [&str; N]) -> BTreeSet<String> {
    paths.map(str::to_owned).into()
}

fn xml(text: impl AsRef<[u8]>) -> Reply {
    Reply::new(200, "Content-Type: application/xml\r\n", text)
}

#[tokio::test(flavor = "multi_thread")]
async fn sitemaps_and_feeds() {
    let server = Server::start(|request: &Request| {
        let base = format!("http://{}:{}", request.host, request.port);
        match request.path.as_str() {
            "/robots.txt" => Reply::missing(),
            "/index.xml" => xml(format!(
                "<sitemapindex><sitemap><loc>{base}/a.xml.gz</loc></sitemap><sitemap><loc>{base}/b.txt</loc></sitemap>
                 <sitemap><loc>http://other.example/c.xml</loc></sitemap></sitemapindex>"
            )),
            "/a.xml.gz" => xml(gzip(&format!(
                "<urlset><url><loc>{base}/1</loc></url><url><loc>http://other.example/x</loc></url></urlset>"
            ))),
            "/b.txt" => Reply::new(200, "Content-Type: text/plain\r\n", format!("{base}/2\n{base}/1\n")),
            "/feed" => xml(
                "<rss version='2.0'><channel><title>t</title><item><title>3</title><link>/3</link></item></channel></rss>",
            ),
            "/broken.xml" => xml("<html>sorry"),
            path => Reply::html(path),
        }
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let url = |path| server.url("site.test", path);
    let seeds = vec![Seed::sitemap(url("/index.xml")), Seed::feed(url("/feed")), Seed::sitemap(url("/broken.xml"))];
    let report = run(FetchOptions { seeds, ..into(directory.path(), options([])) }).await;
    assert_eq!(stored(directory.path()), set(["1", "2", "3"]));
    assert_eq!((report.listed, report.failed["unreadable"]), (4, 1));
}

const LINKS: &str = "<a href=/news/1>1</a> <a href='/news/2?print=1'>2</a> <a href=/about>3</a>
    <a href=http://elsewhere.test/news/9>4</a> <a href=/news/moved>5</a> <a rel=nofollow href=/news/7>6</a>";

fn linked(request: &Request) -> Reply {
    match request.path.as_str() {
        "/robots.txt" => Reply::missing(),
        "/" => Reply::html(LINKS),
        "/news/1" => Reply::html("<a href=3>deeper</a>"),
        "/news/3" => Reply::html("<a href=4>deepest</a>"),
        "/news/moved" => Reply::to("http://elsewhere.test/news/away"),
        path => Reply::html(path),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_followed_within_bounds() {
    let server = Server::start(linked).await;
    let follow = Follow { allow: vec!["/news/".into()], deny: vec!["/*print=".into()], depth: 2 };
    let directory = tempfile::tempdir().unwrap();
    run(FetchOptions { follow: Some(follow), ..into(directory.path(), options([server.url("site.test", "/")])) }).await;
    assert_eq!(stored(directory.path()), set(["", "news/1", "news/3"]));
    let line = &outcomes(directory.path())[&server.url("site.test", "/news/moved")];
    assert_eq!(line["cause"], "out_of_scope");
    let records = archive::records(directory.path());
    let metadata = records.iter().find(|record| record.is("metadata") && record.url().ends_with("/news/3")).unwrap();
    assert!(metadata.text().contains(&format!("via: {}", server.url("site.test", "/news/1"))), "{}", metadata.text());
    assert!(metadata.text().contains("hopsFromSeed: 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_file_drives_a_crawl() {
    let server = Server::start(linked).await;
    let site = FetchSettings {
        start: vec![server.url("site.test", "/")],
        allow: vec!["/news/".into()],
        headers: [("X-Key".to_owned(), "secret".to_owned())].into(),
        max_pages: Some(2),
        ..FetchSettings::default()
    };
    let directory = tempfile::tempdir().unwrap();
    let report = run(FetchOptions { sites: vec![site], ..into(directory.path(), options([])) }).await;
    assert_eq!(report.fetched(), 2);
    for seen in server.seen() {
        assert_eq!(seen.head.contains("x-key: secret"), seen.host == "site.test", "{}", seen.head);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_canonicals_and_robots_directives_are_recorded() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::missing(),
        "/old" => Reply::to("/new"),
        _ => Reply::new(
            200,
            "Content-Type: text/html; charset=windows-1252\r\nX-Robots-Tag: noarchive\r\n",
            b"<link rel=canonical href=/c><meta name=robots content=noindex>caf\xe9",
        ),
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    run(into(directory.path(), options([server.url("a.test", "/old")]))).await;
    let line = &outcomes(directory.path())[&server.url("a.test", "/new")];
    assert_eq!(line["redirected_from"][0], server.url("a.test", "/old"));
    assert_eq!(line["canonical"], server.url("a.test", "/c"));
    assert_eq!(line["robots"], "noarchive, noindex");
    assert_eq!(line["content_type"], "text/html; charset=windows-1252");
    let records = archive::records(directory.path());
    assert!(records.iter().any(|record| record.is("response") && record.payload().ends_with(b"caf\xe9")));
    assert!(records.iter().any(|record| record.is("request") && record.text().starts_with("GET /new HTTP/1.1\r\n")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_changed_is_a_revisit() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::missing(),
        "/etag" if request.head.contains("if-none-match: \"v1\"") => {
            Reply::raw("HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n", crate::support::server::Then::Keep)
        }
        "/etag" => Reply::new(200, "Content-Type: text/html\r\nETag: \"v1\"\r\n", "tagged"),
        "/changing" => Reply::html(format!("version {}", request.nth)),
        "/copy" | "/original" => Reply::html("the same"),
        path => Reply::html(path),
    })
    .await;
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let urls = || ["/etag", "/original", "/copy", "/changing", "/plain"].map(|path| server.url("a.test", path));
    let report = run(into(first.path(), options(urls()))).await;
    assert_eq!((report.new, report.duplicate, report.not_modified), (4, 1, 0));
    let previous = Some(first.path().join("crawl.warc.gz"));
    let report = run(FetchOptions { previous, ..into(second.path(), options(urls())) }).await;
    assert_eq!((report.new, report.duplicate, report.not_modified), (1, 3, 1));

    archive::check_with_warcio(first.path());
    archive::check_with_warcio(second.path());
    let old = archive::records(first.path());
    for revisit in archive::records(second.path()).iter().filter(|record| record.is("revisit")) {
        let refers = |record: &&archive::Record| {
            record.url() == revisit.field("WARC-Refers-To-Target-URI")
                && record.field("WARC-Date") == revisit.field("WARC-Refers-To-Date")
                && record.field("WARC-Payload-Digest") == revisit.field("WARC-Payload-Digest")
        };
        assert!(old.iter().find(refers).is_some_and(|record| record.is("response")), "{revisit:?}");
        let unchanged = revisit.url().ends_with("/etag");
        assert_eq!(revisit.field("WARC-Profile").ends_with("server-not-modified"), unchanged);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fetcher_is_a_stream_of_captures() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::missing(),
        "/text" => Reply::new(200, "Content-Type: text/plain; charset=UTF-8\r\n", "text"),
        path => Reply::html(path),
    })
    .await;
    let urls = ["/a", "/b", "/text"].map(|path| server.url("a.test", path));
    let mut fetcher = Fetcher::start(options(urls.clone()));
    let mut captures = Vec::new();
    while let Some(capture) = fetcher.next().await {
        captures.push(capture);
    }
    assert_eq!(fetcher.finish().await.unwrap().new, 3);
    captures.sort_by(|a, b| a.url.cmp(&b.url));
    assert_eq!(captures.iter().map(|capture| capture.url.clone().unwrap()).collect::<Vec<_>>(), urls);
    assert_eq!(captures[2].media, dechrome_page::Media::Text);
    assert_eq!(captures[2].charset, dechrome_page::Charset::Declared("UTF-8".into()));
    assert_eq!(captures[0].body, b"/a");
}

/// What one half of the crate writes the other reads: every page once, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn archives_give_the_same_captures() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" | "/gone" => Reply::missing(),
        "/zipped" => Reply::new(200, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", gzip("<p>zipped")),
        "/copy" => Reply::html("/latin"),
        path => Reply::new(200, "Content-Type: text/html; charset=ISO-8859-1\r\n", path),
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let urls = ["/latin", "/copy", "/zipped", "/gone"].map(|path| server.url("a.test", path));
    let mut options = into(directory.path(), options(urls));
    options.concurrency = 1;
    let mut fetcher = Fetcher::start(options);
    let mut live = Vec::new();
    while let Some(capture) = fetcher.next().await {
        live.push(capture);
    }
    fetcher.finish().await.unwrap();
    let read =
        dechrome_fetch::Inputs::new(archive::files(directory.path())).filter_map(|record| match record.outcome {
            dechrome_fetch::Outcome::Page(capture) => Some(capture),
            _ => None,
        });
    let key = |capture: &dechrome_page::Capture| (capture.url.clone(), capture.charset.clone(), capture.body.clone());
    assert_eq!(live.len(), 2);
    assert_eq!(read.map(|capture| key(&capture)).collect::<Vec<_>>(), live.iter().map(key).collect::<Vec<_>>());
}
