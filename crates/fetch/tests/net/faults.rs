//! Every fault: a classified outcome, the rest of the crawl unaffected, nothing partial stored.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use crate::support::server::{Reply, Request, Server, Then};
use crate::support::{Names, archive, into, options, outcomes, run};

static BOMB: [u8; 16 << 20] = [b' '; 16 << 20];
const HTML: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";

/// Faults by host name: what the server says to the n-th request, and the outcome that must come of it.
fn reply(host: &str, nth: usize) -> Option<Reply> {
    let html = |rest: &str, then| Reply::raw(format!("{HTML}{rest}"), then);
    let big = "x".repeat(1 << 20);
    Some(match host {
        "short.test" => html("Content-Length: 100\r\n\r\nabc", Then::Close),
        "long.test" => html("Content-Length: 3\r\n\r\nabcdefgh", Then::Close),
        "badchunk.test" => html("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nZZ\r\n", Then::Close),
        "cutchunk.test" => html("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nff\r\nabc", Then::Close),
        "twolengths.test" => html("Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", Then::Close),
        "badlength.test" => html("Content-Length: -1\r\n\r\nabcd", Then::Close),
        "stallbody.test" => html("Content-Length: 100\r\n\r\nabc", Then::Stall),
        "stallhead.test" => Reply::raw("HTTP/1.1 200", Then::Stall),
        "silent.test" => Reply::raw("", Then::Stall),
        "dribble.test" => Reply {
            dribble: Some(Duration::from_millis(10)),
            ..html(&format!("Content-Length: 500\r\n\r\n{big:.500}"), Then::Keep)
        },
        "bigheader.test" => html(&format!("X-Big: {big}\r\n\r\nabc"), Then::Close),
        "manyheaders.test" => html(&format!("{}\r\nabc", "A: b\r\n".repeat(5_000)), Then::Close),
        "resetbody.test" => html("Content-Length: 100\r\n\r\nabc", Then::Reset),
        "resethead.test" => Reply::raw("", Then::Reset),
        "closed.test" => Reply::raw("", Then::Close),
        "garbage.test" => Reply::raw("SSH-2.0-OpenSSH_9.9\r\n\r\n", Then::Close),
        "gzipbomb.test" => Reply::new(200, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", gzip(&BOMB)),
        "zstdbomb.test" => Reply::new(200, "Content-Type: text/html\r\nContent-Encoding: zstd\r\n", zstd_bomb()),
        "cutgzip.test" => {
            Reply::new(200, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &gzip(b"cut off")[..20])
        }
        "oddencoding.test" => Reply::new(200, "Content-Type: text/html\r\nContent-Encoding: rot13\r\n", "nop"),
        "large.test" => Reply::html("x".repeat(5 << 20)),
        "image.test" => Reply::new(200, "Content-Type: image/png\r\n", "png"),
        "gone.test" => Reply::missing(),
        "busy.test" if nth == 0 => Reply::new(503, "Retry-After: 0\r\n", ""),
        "patience.test" => Reply::new(429, "Retry-After: 86400\r\n", ""),
        "broken.test" => Reply::new(500, "", ""),
        "flapping.test" if nth.is_multiple_of(2) => Reply::raw("", Then::Reset),
        "tofile.test" => Reply::to("file:///etc/passwd"),
        "toprivate.test" => Reply::to("http://10.0.0.1/"),
        "tometadata.test" => Reply::to("http://0xa9fea9fe/latest"),
        "tosix.test" => Reply::to("http://[::1]/"),
        "toname.test" => Reply::to("http://internal.test/"),
        _ => return None,
    })
}

const WANT: [(&str, &str); 36] = [
    ("short.test", "truncated"),
    ("long.test", "new"),
    ("badchunk.test", "protocol"),
    ("cutchunk.test", "truncated"),
    ("twolengths.test", "protocol"),
    ("badlength.test", "protocol"),
    ("stallbody.test", "too_slow"),
    ("stallhead.test", "timeout"),
    ("silent.test", "timeout"),
    ("dribble.test", "too_slow"),
    ("bigheader.test", "headers_too_large"),
    ("manyheaders.test", "headers_too_large"),
    ("resetbody.test", "truncated"),
    ("resethead.test", "reset"),
    ("closed.test", "reset"),
    ("garbage.test", "protocol"),
    ("gzipbomb.test", "bomb"),
    ("zstdbomb.test", "bomb"),
    ("cutgzip.test", "encoding"),
    ("oddencoding.test", "encoding"),
    ("large.test", "body_too_large"),
    ("image.test", "content_type"),
    ("gone.test", "status"),
    ("busy.test", "new"),
    ("patience.test", "retry_after"),
    ("broken.test", "status"),
    ("flapping.test", "new"),
    ("tofile.test", "bad_redirect"),
    ("toprivate.test", ""),
    ("tometadata.test", ""),
    ("tosix.test", ""),
    ("toname.test", ""),
    ("nowhere.test", "dns"),
    ("mixed.test", "address_refused"),
    ("good.test", "new"),
    ("loop.test", ""),
];

fn handler(request: &Request) -> Reply {
    match (request.host.as_str(), request.path.as_str()) {
        (_, "/robots.txt") => Reply::missing(),
        ("loop.test", "/" | "/b") => Reply::to("/a"),
        ("loop.test", "/a") => Reply::to("/b"),
        ("endless.test", path) => Reply::to(&format!("{path}x")),
        (host, path) => reply(host, request.nth).unwrap_or_else(|| Reply::html(format!("<p>{host}{path}</p>"))),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd_bomb() -> Vec<u8> {
    zstd::encode_all(&BOMB[..], 3).unwrap()
}

fn names() -> Names {
    let ips = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    Names(HashMap::from([
        ("nowhere.test", vec![]),
        ("internal.test", ips(&["192.168.1.1"])),
        ("mixed.test", ips(&["127.0.0.1", "10.0.0.1"])),
    ]))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_classified_and_spoils_nothing_else() {
    let server = Server::start(handler).await;
    let directory = tempfile::tempdir().unwrap();
    let mut urls: Vec<String> = WANT.iter().map(|(host, _)| server.url(host, "/")).collect();
    urls.push(server.url("endless.test", "/"));
    urls.extend((0..20).map(|page| server.url("good.test", &format!("/{page}"))));
    let mut options = into(directory.path(), options(urls));
    options.resolver = Arc::new(names());
    let report = run(options).await;

    let outcomes = outcomes(directory.path());
    let cause = |url: &str| outcomes.get(url).map_or("(none)", |line| line["cause"].as_str().unwrap_or_default());
    let got: Vec<_> = WANT.iter().map(|(host, _)| (*host, cause(&server.url(host, "/")))).collect();
    assert_eq!(got, WANT);
    for refused in ["http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "http://internal.test/"] {
        assert_eq!(cause(refused), "address_refused", "{refused}");
    }
    assert_eq!(cause(&server.url("loop.test", "/b")), "redirect_loop");
    assert_eq!(cause(&server.url("endless.test", "/xxxxxxxxxx")), "too_many_redirects");

    let records = archive::records(directory.path());
    let mut stored: Vec<&str> =
        records.iter().filter(|record| record.is("response")).map(archive::Record::url).collect();
    let mut want: Vec<String> = (0..20).map(|page| server.url("good.test", &format!("/{page}"))).collect();
    want.extend(["long.test", "busy.test", "flapping.test", "good.test"].map(|host| server.url(host, "/")));
    stored.sort_unstable();
    want.sort_unstable();
    assert_eq!(stored, want);
    assert_eq!(report.fetched(), 24);
}

/// A server that speaks HTTP/2 just to say good-bye.
#[tokio::test(flavor = "multi_thread")]
async fn http2_goaway_is_a_failure_of_its_own() {
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let goaway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11];
    let server = Server::start(move |_| Reply::raw([&settings[..], &goaway[..]].concat(), Then::Close)).await;
    let directory = tempfile::tempdir().unwrap();
    let mut options = into(directory.path(), options([server.url("h2.test", "/")]));
    options.http2_only = true;
    run(options).await;
    let outcomes = outcomes(directory.path());
    assert_eq!(outcomes[&server.url("h2.test", "/")]["cause"], "reset", "{outcomes:?}");
}
