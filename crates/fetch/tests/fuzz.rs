//! The fuzz targets' bodies as ordinary tests; see `fuzz/`.

#[path = "../../../fuzz/src/fetch.rs"]
#[allow(unreachable_pub)] // public in the fuzz package
mod checks;
#[path = "../../../fuzz/src/corpus.rs"]
#[allow(unreachable_pub)]
mod corpus;

#[test]
fn jsonl() {
    let words = "\n|\r\n|{|}|\"|\\ud800|\\|\"html\":|\"text\":|[|null|1e999|\0|\u{feff}";
    corpus::run("jsonl", words, checks::jsonl);
}

#[test]
fn warc() {
    let words = "WARC/1.0\r\n|\r\n\r\n|\r\n|WARC-Type: response\r\n|WARC-Type: resource\r\n|Content-Length: 9\r\n|Content-Length: 99999999999\r\n|HTTP/1.1 200 OK\r\n|Content-Encoding: gzip\r\n|Transfer-Encoding: chunked\r\n|ffffffffffffffff\r\n|0\r\n|Content-Type: text/html; charset=\r\n";
    corpus::run("warc", words, checks::warc);
}

#[test]
fn robots() {
    let words = "User-agent: *\n|User-agent: dechrome\n|Disallow: /|Allow: /a|Crawl-delay: |1e999|-1|nan|Sitemap: |*|$|%|%2F|%e4|#|\r|\n|\u{feff}|: ";
    corpus::run("robots", words, checks::robots);
}
