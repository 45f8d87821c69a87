//! Nothing is lost: kill -9 and resume, stop and resume, rotation, failing output.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::path::Path;
use std::process::Stdio;

use dechrome_fetch::net::{Crawl, FetchError, FetchOptions, Output, Progress};
use tokio_util::sync::CancellationToken;

use crate::support::server::{Reply, Server};
use crate::support::{archive, into, options, outcomes, run};

const PAGES: usize = 2_000;
const KILLS: usize = 20;

async fn server() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::missing(),
        path => Reply::html(format!("<p>{}{path}</p>", request.host)),
    })
    .await
}

fn urls(port: u16) -> impl Iterator<Item = String> {
    (0..PAGES).map(move |n| format!("http://h{}.test:{port}/{n}", n % 10))
}

/// The crawl that is killed: run by the test below in a process of its own.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by `killed_twenty_times`"]
async fn victim() {
    let Ok(port) = std::env::var("VICTIM_PORT") else { return };
    let directory = std::env::var("VICTIM_DIRECTORY").unwrap();
    let directory = Path::new(&directory);
    let resume = directory.join("crawl.warc.gz.state").exists();
    let options = into(directory, options(urls(port.parse().unwrap())));
    let rotate_at = std::env::var("VICTIM_ROTATE").map_or(100 << 10, |bytes| bytes.parse().unwrap());
    run(FetchOptions { resume, rotate_at, ..options }).await;
}

fn spawn_victim(port: u16, directory: &Path) -> std::process::Child {
    std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "resume::victim", "--ignored"])
        .env("VICTIM_PORT", port.to_string())
        .env("VICTIM_DIRECTORY", directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills come after a random number of requests, not after a time: twenty moments whatever the machine.
#[tokio::test(flavor = "multi_thread")]
async fn killed_twenty_times() {
    let server = server().await;
    let directory = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(42);
    let mut requests = server.requests.clone();
    for _ in 0..KILLS {
        let mut victim = spawn_victim(server.port, directory.path());
        let enough = *requests.borrow() + random.usize(1..PAGES / KILLS);
        requests.wait_for(|count| *count >= enough).await.unwrap();
        victim.kill().unwrap();
        victim.wait().unwrap();
    }
    let text = std::fs::read_to_string(directory.path().join("log.jsonl")).unwrap();
    let whole_lines = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let reported: HashSet<String> = whole_lines.map(|line| line["url"].as_str().unwrap().to_owned()).collect();
    let stored_before = stored_pages(directory.path());
    let before = server.seen().len();
    assert!(spawn_victim(server.port, directory.path()).wait().unwrap().success());

    let mut stored: HashMap<String, usize> = HashMap::new();
    for record in archive::records(directory.path()).iter().filter(|record| record.is("response")) {
        *stored.entry(record.url().to_owned()).or_default() += 1;
    }
    assert_eq!(stored.len(), PAGES);
    assert!(stored.values().all(|&times| times == 1), "a page was stored twice");
    assert_eq!(outcomes(directory.path()).len(), PAGES, "every outcome is logged, once");
    assert!(archive::files(directory.path()).len() > 1, "the archive was to be rotated");
    archive::check_with_warcio(directory.path());
    for seen in &server.seen()[before..] {
        let url = server.url(&seen.host, &seen.path);
        assert!(!reported.contains(&url), "{url} was reported and fetched again");
        assert!(!stored_before.contains(&url), "{url} was stored and fetched again");
    }
}

/// The URLs of all pages that a directory's archive files hold whole, whatever the files are called.
fn stored_pages(directory: &Path) -> HashSet<String> {
    let pages = dechrome_fetch::Inputs::new(archive::any_files(directory)).filter_map(|record| match record.outcome {
        dechrome_fetch::Outcome::Page(capture) => capture.url,
        _ => None,
    });
    pages.collect()
}

/// Pages of so many random letters, which no archive can make smaller than three quarters of that.
async fn noisy_server(letters: usize) -> Server {
    Server::start(move |request| match request.path.as_str() {
        "/robots.txt" => Reply::missing(),
        path => {
            let mut random = fastrand::Rng::with_seed(path[1..].parse().unwrap());
            Reply::html((0..letters).map(|_| random.alphanumeric()).collect::<String>())
        }
    })
    .await
}

/// No file may grow beyond a limit in the first run, be it the state or the archive.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_no_more_loses_nothing() {
    let exe = std::env::current_exe().unwrap();
    // Blocks of 512 bytes, and which file meets the limit.
    for (blocks, letters, file) in [(200, 10, ".state"), (8_000, 3_000, ".state"), (100_000, 40_000, ".open")] {
        let server = noisy_server(letters).await;
        let directory = tempfile::tempdir().unwrap();
        // Ignored, the signal becomes an error of the write.
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" --exact resume::victim --ignored");
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &limited]).arg(&exe).env("VICTIM_PORT", server.port.to_string());
        shell.env("VICTIM_DIRECTORY", directory.path()).env("VICTIM_ROTATE", (1 << 30).to_string());
        let output = shell.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!output.status.success(), "{blocks}: {said}");
        assert!(said.contains("FileTooLarge") && said.contains(&format!("{file}\"")), "{blocks}: {said}");
        let stored = stored_pages(directory.path());
        let whole = archive::records(directory.path());
        assert_eq!(whole.iter().filter(|record| record.is("response")).count(), stored.len(), "{blocks}");
        let before = server.seen().len();
        assert!(spawn_victim(server.port, directory.path()).wait().unwrap().success());
        assert!(server.seen()[before..].iter().all(|seen| !stored.contains(&server.url(&seen.host, &seen.path))));
        let records = archive::records(directory.path());
        let urls: Vec<&str> = records.iter().filter(|record| record.is("response")).map(archive::Record::url).collect();
        assert_eq!(urls.len(), PAGES, "{blocks}: every page is stored");
        assert_eq!(urls.iter().collect::<HashSet<_>>().len(), PAGES, "{blocks}: once");
        assert_eq!(outcomes(directory.path()).len(), PAGES);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_finishes_what_is_in_flight() {
    let server = server().await;
    let directory = tempfile::tempdir().unwrap();
    let stop = CancellationToken::new();
    let crawl = Crawl::run(into(directory.path(), options(urls(server.port))), Progress::default(), stop.clone());
    let crawl = tokio::spawn(crawl);
    server.requests.clone().wait_for(|count| *count >= 100).await.unwrap();
    stop.cancel();
    let report = crawl.await.unwrap().unwrap();
    let pages = |server: &Server| server.seen().iter().filter(|seen| seen.path != "/robots.txt").count() as u64;
    assert_eq!(report.fetched(), pages(&server));
    assert!(report.fetched() < PAGES as u64);
    let again = run(FetchOptions { resume: true, ..into(directory.path(), options([])) }).await;
    assert_eq!(report.fetched() + again.fetched(), PAGES as u64);
    assert_eq!(pages(&server), PAGES as u64, "something was fetched twice");
    archive::records(directory.path());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_is_never_overwritten() {
    let server = server().await;
    let directory = tempfile::tempdir().unwrap();
    let options = || into(directory.path(), options(urls(server.port).take(3)));
    run(options()).await;
    let again = |options| Crawl::run(options, Progress::default(), CancellationToken::new());
    assert!(matches!(again(options()).await, Err(FetchError::Exists { .. })));
    let elsewhere = Output::File(directory.path().join("other.warc.gz"));
    let nothing = again(FetchOptions { resume: true, output: elsewhere, ..options() }).await;
    assert!(matches!(nothing, Err(FetchError::NothingToResume { .. })));
    assert_eq!(run(FetchOptions { resume: true, ..options() }).await.fetched(), 0);
}

/// An output on which there is no space.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_to_be_full() {
    let server = server().await;
    let options = FetchOptions { output: Output::Stream(Box::new(Full)), ..options(urls(server.port)) };
    let result = Crawl::run(options, Progress::default(), CancellationToken::new()).await;
    assert!(matches!(result, Err(FetchError::DiskFull { .. })), "{result:?}");
}
