//! Politeness, by the server's own log.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use dechrome_fetch::net::Politeness;

use crate::support::server::{Reply, Request, Server};
use crate::support::{into, options, outcomes, run};

const DELAY: Duration = Duration::from_millis(400);

fn handler(request: &Request) -> Reply {
    match request.path.as_str() {
        "/robots.txt" => Reply::new(200, "", "User-agent: *\nDisallow: /private/"),
        path => Reply::html(format!("{}{path}", request.host)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_urls_on_fifty_hosts() {
    let server = Server::start(handler).await;
    let directory = tempfile::tempdir().unwrap();
    let page = |n: usize| format!("/{}/{n}", if n % 5 == 4 { "private" } else { "public" });
    let urls = (0..1_000).map(|n| server.url(&format!("h{}.test", n % 50), &page(n / 50)));
    let mut options = into(directory.path(), options(urls));
    options.politeness = Politeness { delay: DELAY, ..options.politeness };
    let report = run(options).await;

    // A robots.txt and 16 pages a host, all hosts at once: 16 delays. The delay is long enough for a busy machine.
    let ideal = 16.0 * DELAY.as_secs_f64();
    println!("{:.3} of the ideal schedule", report.seconds / ideal);
    assert!(report.seconds < 1.2 * ideal, "{} seconds, ideally {ideal}", report.seconds);
    assert_eq!(report.fetched(), 800);
    assert_eq!(report.skipped["robots"], 200);
    let seen = server.seen();
    assert!(seen.iter().all(|seen| !seen.path.starts_with("/private/")), "asked for what is forbidden");
    assert_eq!(server.most_in_flight(), 1);
    let mut last: HashMap<&str, Instant> = HashMap::new();
    for seen in &seen {
        if let Some(last) = last.insert(&seen.host, seen.at) {
            assert!(seen.at - last >= DELAY, "{} asked after {:?}", seen.host, seen.at - last);
        }
    }
    assert_eq!(last.len(), 50);
    let line = &outcomes(directory.path())[&server.url("h7.test", "/private/4")];
    assert_eq!(line["detail"], "`Disallow: /private/` (robots.txt line 2)");
}

#[tokio::test(flavor = "multi_thread")]
async fn crawl_delay_retry_after_and_the_user_agent() {
    let server = Server::start(|request| match (request.host.as_str(), request.path.as_str(), request.nth) {
        ("slow.test", "/robots.txt", _) => Reply::new(200, "", "User-agent: dechrome\nCrawl-delay: 0.2"),
        ("busy.test", "/0", 0) => Reply::new(503, "Retry-After: 1\r\n", ""),
        (_, "/robots.txt", _) => Reply::missing(),
        _ => Reply::html(&request.path),
    })
    .await;
    let urls = ["slow.test", "busy.test"].into_iter().flat_map(|host| (0..3).map(move |n| (host, n)));
    let mut options = options(urls.map(|(host, n)| server.url(host, &format!("/{n}"))));
    options.contact = Some("https://example.org/bot".into());
    assert_eq!(run(options).await.fetched(), 6);
    for (host, gap) in [("slow.test", 200), ("busy.test", 1_000)] {
        let seen: Vec<_> = server.seen().into_iter().filter(|seen| seen.host == host).collect();
        let first = seen.iter().position(|seen| seen.path == "/0").unwrap();
        assert!(seen[first + 1].at - seen[first].at >= Duration::from_millis(gap), "{host}");
        assert!(
            seen.iter().all(|seen| seen.head.contains("/0.1.0 (+https://example.org/bot)\r\n")),
            "{}",
            seen[0].head
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_that_redirect_fail_or_are_missing() {
    let server = Server::start(|request| match (request.host.as_str(), request.path.as_str()) {
        ("moved.test", "/robots.txt") => Reply::to(&format!("http://rules.test:{}/rules", request.port)),
        ("rules.test", "/rules") => Reply::new(200, "", "User-agent: *\nDisallow: /a"),
        ("down.test", "/robots.txt") => Reply::new(500, "", ""),
        (_, "/robots.txt") => Reply::new(403, "", ""),
        _ => Reply::html(&request.path),
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let urls = [("moved.test", "/a"), ("moved.test", "/b"), ("down.test", "/a"), ("none.test", "/a")];
    run(into(directory.path(), options(urls.map(|(host, path)| server.url(host, path))))).await;
    let outcomes = outcomes(directory.path());
    let causes = urls.map(|(host, path)| outcomes[&server.url(host, path)]["cause"].as_str().unwrap().to_owned());
    assert_eq!(causes, ["robots", "new", "robots_unreachable", "new"]);
}
