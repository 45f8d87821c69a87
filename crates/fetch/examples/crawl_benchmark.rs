//! Crawls URLs of a loopback server without delays, and shows pages per second and memory.
//!
//! ```text
//! cargo run --release -p dechrome-fetch --example crawl_benchmark -- serve 9090 &
//! cargo run --release -p dechrome-fetch --example crawl_benchmark -- crawl 9090 /tmp/bench.warc.gz 100000
//! ```
//! The server runs in a process of its own, so that its memory does not count. Resident memory is
//! read from `/proc/self/status`, where there is one.
#![allow(clippy::print_stdout)]

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dechrome_fetch::net::{
    AddressPolicy, Answer, Crawl, FetchError, FetchOptions, Output, Politeness, Progress, Resolver, Seed,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Virtual hosts, each asked one thing at a time.
const HOSTS: usize = 100;
/// Bytes of a page before its number.
const FILLER: usize = 6_000;

/// Every name leads to loopback.
struct Loopback;

impl Resolver for Loopback {
    fn resolve(&self, _: &str) -> Answer {
        Box::pin(async { Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", port] => serve(port.parse()?).await?,
        ["crawl", port, output, pages] => crawl(port.parse()?, output.into(), pages.parse()?).await?,
        _ => println!("usage: crawl_benchmark serve PORT | crawl PORT OUTPUT PAGES"),
    }
    Ok(())
}

async fn crawl(port: u16, output: PathBuf, pages: usize) -> Result<(), FetchError> {
    let urls = (0..pages).map(|n| Seed::page(format!("http://h{}.test:{port}/page/{n}", n % HOSTS)));
    let options = FetchOptions {
        seeds: urls.collect(),
        politeness: Politeness { delay: Duration::ZERO, slowness_factor: 0.0, ..Politeness::default() },
        addresses: AddressPolicy::Any,
        resolver: Arc::new(Loopback),
        log: Some(output.with_extension("jsonl")),
        output: Output::File(output),
        ..FetchOptions::default()
    };
    let report = Crawl::run(options, Progress::default(), tokio_util::sync::CancellationToken::new()).await?;
    println!("{report:#?}");
    println!("{:.0} pages/s", report.pages_per_second());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    Ok(())
}

async fn serve(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let words = ["lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit"];
    let mut buffer = Vec::new();
    loop {
        if stream.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
        if !buffer.ends_with(b"\r\n\r\n") {
            continue;
        }
        let path = String::from_utf8_lossy(&buffer).split(' ').nth(1).unwrap_or_default().to_owned();
        buffer.clear();
        let mut seed = path.bytes().fold(7_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte)));
        let mut body = format!("<title>{path}</title><p>");
        while body.len() < FILLER {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            body.push_str(words[seed >> 61]);
            body.push(if (seed >> 40).is_multiple_of(16) { '\n' } else { ' ' });
        }
        let (status, body) = if path == "/robots.txt" { ("404 Not Found", "") } else { ("200 OK", body.as_str()) };
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all((head + body).as_bytes()).await?;
    }
}
