//! Hosts in trouble, names that change, HTTP/2, lists with bad lines.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dechrome_fetch::net::{Answer, FetchOptions, Resolver, Retry};
use tokio::net::TcpListener;

use crate::support::server::{Reply, Server, Then};
use crate::support::{LOOPBACK, into, options, outcomes, run};

/// Answers with a public-looking address first and a private one from then on.
#[derive(Default)]
struct Rebinding(AtomicUsize);

impl Resolver for Rebinding {
    fn resolve(&self, _: &str) -> Answer {
        let first = self.0.fetch_add(1, Ordering::Relaxed) == 0;
        let address: IpAddr = if first { LOOPBACK } else { [10, 0, 0, 1].into() };
        Box::pin(async move { io::Result::Ok(vec![address]) })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rebinding_gains_nothing() {
    let server = Server::start(|_| Reply::raw("HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", Then::Close)).await;
    let directory = tempfile::tempdir().unwrap();
    let url = server.url("rebind.test", "/");
    let options = into(directory.path(), options([url.clone()]));
    run(FetchOptions { resolver: Arc::new(Rebinding::default()), ..options }).await;
    assert_eq!(outcomes(directory.path())[&url]["cause"], "address_refused");
    assert_eq!(server.seen().len(), 1, "only robots.txt, before the name changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_host_is_given_up_and_the_others_go_on() {
    let server = Server::start(|request| match (request.host.as_str(), request.path.as_str()) {
        (_, "/robots.txt") => Reply::missing(),
        ("dead.test", _) => Reply::raw("", Then::Reset),
        _ => Reply::html(&request.path),
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let urls = (0..60).map(|n| server.url(if n % 2 == 0 { "dead.test" } else { "alive.test" }, &format!("/{n}")));
    let mut options = into(directory.path(), options(urls));
    options.retry = Retry { breaker_threshold: 3, breaker_limit: 2, ..options.retry };
    let report = run(options).await;
    assert_eq!(report.new, 30);
    assert_eq!(report.failures(), 30);
    assert!(report.failed["host_given_up"] > 20, "{report:?}");
    // Three failures open the breaker, one probe opens it again, one more gives the host up.
    let asked = server.seen().iter().filter(|seen| seen.host == "dead.test" && seen.path != "/robots.txt").count();
    assert_eq!(asked, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_lines_are_outcomes() {
    let server = Server::start(|request| Reply::html(&request.path)).await;
    let directory = tempfile::tempdir().unwrap();
    let urls = ["not a url".to_owned(), "ftp://a.test/".to_owned(), server.url("a.test", "/")];
    let report = run(into(directory.path(), options(urls))).await;
    assert_eq!((report.new, report.failed["bad_url"]), (1, 2));
    assert_eq!(outcomes(directory.path())["ftp://a.test/"]["detail"], "not http or https");
    let again = run(FetchOptions { resume: true, ..into(directory.path(), options(["not a url".to_owned()])) }).await;
    assert_eq!(again.failures(), 0);
}

/// An HTTP/2 server that says good-bye after every second request.
async fn http2_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut connection = h2::server::handshake(stream).await.unwrap();
                let mut answered = 0;
                while let Some(Ok((request, mut respond))) = connection.accept().await {
                    let status = if request.uri().path() == "/robots.txt" { 404 } else { 200 };
                    let head = http::Response::builder().status(status).header("content-type", "text/html");
                    let mut body = respond.send_response(head.body(()).unwrap(), false).unwrap();
                    body.send_data(request.uri().path().to_owned().into(), true).unwrap();
                    answered += 1;
                    if answered == 2 {
                        connection.graceful_shutdown();
                    }
                }
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn http2_is_spoken_and_survives_goaway() {
    let port = http2_server().await;
    let urls = (0..7).map(|n| format!("http://h2.test:{port}/{n}"));
    let report = run(FetchOptions { http2_only: true, ..options(urls) }).await;
    assert_eq!((report.new, report.failures()), (7, 0));
}
