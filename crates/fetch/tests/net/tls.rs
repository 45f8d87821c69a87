//! HTTPS: the version by ALPN, certificates that nobody vouches for; and proxies.

use std::sync::Arc;

use dechrome_fetch::net::{AddressPolicy, FetchOptions, Proxy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

use crate::support::server::{Reply, Server};
use crate::support::{into, options, outcomes, run};

type Stream = TlsStream<tokio::net::TcpStream>;

/// A server that speaks the version agreed upon and says which; gives its port and certificate.
async fn https_server(protocols: &[&str]) -> (u16, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed(["tls.test".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_no_client_auth().with_single_cert(vec![certificate.clone()], key).unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            match stream.get_ref().1.alpn_protocol() {
                Some(b"h2") => tokio::spawn(http2(stream)),
                _ => tokio::spawn(http1(stream)),
            };
        }
    });
    (port, certificate.to_vec())
}

async fn http2(stream: Stream) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let status = if request.uri().path() == "/robots.txt" { 404 } else { 200 };
        let head = http::Response::builder().status(status).header("content-type", "text/html");
        let mut body = respond.send_response(head.body(()).unwrap(), false).unwrap();
        body.send_data("spoke h2".into(), true).unwrap();
    }
}

async fn http1(mut stream: Stream) {
    let mut request = Vec::new();
    while stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {
        if request.ends_with(b"\r\n\r\n") {
            let status = if request.starts_with(b"GET /robots.txt ") { 404 } else { 200 };
            let head = format!("HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: 14\r\n\r\n");
            stream.write_all((head + "spoke http/1.1").as_bytes()).await.unwrap();
            request.clear();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_is_agreed_upon() {
    for (protocols, spoken) in
        [(&["h2", "http/1.1"][..], "spoke h2"), (&["http/1.1"], "spoke http/1.1"), (&[], "spoke http/1.1")]
    {
        let (port, certificate) = https_server(protocols).await;
        let url = format!("https://tls.test:{port}/");
        let options = FetchOptions { authorities: vec![certificate], ..options([url]) };
        let mut fetcher = dechrome_fetch::net::Fetcher::start(options);
        let body = fetcher.next().await.map(|capture| String::from_utf8(capture.body).unwrap());
        assert_eq!(body.as_deref(), Some(spoken), "{:?}", fetcher.finish().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_that_do_not_hold_are_refused() {
    let (port, certificate) = https_server(&["h2"]).await;
    for (host, authorities) in [("tls.test", vec![]), ("other.test", vec![certificate])] {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("https://{host}:{port}/");
        let report = run(FetchOptions { authorities, ..into(directory.path(), options([url.clone()])) }).await;
        assert_eq!(report.fetched(), 0);
        let line = outcomes(directory.path()).remove(&url).unwrap();
        assert_eq!(line["outcome"], "failed", "{line}");
        assert!(line.to_string().contains("certificate"), "{line}");
    }
}

/// A proxy may have a private address; what is asked of it may not.
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_is_used_only_when_named() {
    let proxy = Server::start(|request| match request.path.as_str() {
        path if path.ends_with("/robots.txt") => Reply::missing(),
        path => Reply::html(path),
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let urls = ["http://far.example/page", "http://10.0.0.1/page"].map(str::to_owned);
    let options = FetchOptions {
        proxy: Proxy::Url(format!("http://proxy.test:{}", proxy.port)),
        addresses: AddressPolicy::Public,
        ..into(directory.path(), options(urls.clone()))
    };
    let report = run(options).await;
    assert_eq!(report.new, 1, "{report:?}");
    let outcomes = outcomes(directory.path());
    assert_eq!(outcomes[&urls[0]]["cause"], "new");
    assert_eq!(outcomes[&urls[1]]["cause"], "address_refused");
    let asked: Vec<String> = proxy.seen().into_iter().map(|seen| seen.path).collect();
    assert_eq!(asked, ["http://far.example/robots.txt", "http://far.example/page"]);
}
