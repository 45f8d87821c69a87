//! A server on raw TCP that says exactly what a test wants said, and notes who asked what when.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The `Host` without port.
    pub(crate) host: String,
    pub(crate) port: String,
    pub(crate) path: String,
    pub(crate) head: String,
    /// How often this host was asked for this path before.
    pub(crate) nth: usize,
}

/// What happens after the bytes were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Keep,
    Close,
    Reset,
    Stall,
}

/// What the server says.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) bytes: Vec<u8>,
    pub(crate) then: Then,
    /// One byte at a time, with this pause.
    pub(crate) dribble: Option<Duration>,
}

impl Reply {
    /// Raw bytes.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>, then: Then) -> Self {
        Self { bytes: bytes.into(), then, dribble: None }
    }

    /// A well-formed answer; `headers` end each with CRLF.
    pub(crate) fn new(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        Self::raw([head.as_bytes(), body].concat(), Then::Keep)
    }

    /// A page.
    pub(crate) fn html(body: impl AsRef<[u8]>) -> Self {
        Self::new(200, "Content-Type: text/html\r\n", body)
    }

    /// A redirect.
    pub(crate) fn to(location: &str) -> Self {
        Self::new(302, &format!("Location: {location}\r\n"), "")
    }

    /// No such page.
    pub(crate) fn missing() -> Self {
        Self::new(404, "", "")
    }
}

/// A request in the log.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) at: Instant,
}

#[derive(Default)]
struct Notes {
    seen: Vec<Seen>,
    counts: HashMap<(String, String), usize>,
    in_flight: HashMap<String, usize>,
    most_in_flight: usize,
}

/// A running server; it ends with the runtime.
pub(crate) struct Server {
    pub(crate) port: u16,
    notes: Arc<Mutex<Notes>>,
    pub(crate) requests: tokio::sync::watch::Receiver<usize>,
}

type Handler = dyn Fn(&Request) -> Reply + Send + Sync;

impl Server {
    pub(crate) async fn start(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let notes = Arc::new(Mutex::new(Notes::default()));
        let (count, requests) = tokio::sync::watch::channel(0);
        let handler: Arc<Handler> = Arc::new(handler);
        let shared = Arc::clone(&notes);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&handler), Arc::clone(&shared), count.clone()));
            }
        });
        Self { port, notes, requests }
    }

    /// A URL on a virtual host.
    pub(crate) fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.notes.lock().unwrap().seen.clone()
    }

    /// The most requests any one host had in flight.
    pub(crate) fn most_in_flight(&self) -> usize {
        self.notes.lock().unwrap().most_in_flight
    }
}

async fn serve(
    mut stream: TcpStream,
    handler: Arc<Handler>,
    notes: Arc<Mutex<Notes>>,
    count: tokio::sync::watch::Sender<usize>,
) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = Vec::new();
    loop {
        let Some(head) = read_head(&mut stream, &mut buffer).await else { return };
        let request = note(&notes, head);
        count.send_modify(|count| *count += 1);
        let reply = handler(&request);
        let sent = send(&mut stream, &reply).await;
        *notes.lock().unwrap().in_flight.get_mut(&request.host).unwrap() -= 1;
        match reply.then {
            Then::Keep if sent => {}
            Then::Stall => return std::future::pending().await,
            Then::Reset => return stream.set_zero_linger().unwrap(),
            _ => return,
        }
    }
}

async fn read_head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = buffer.drain(..end + 4).collect();
            return String::from_utf8(head).ok();
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}

fn note(notes: &Mutex<Notes>, head: String) -> Request {
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let field = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("host:").map(str::to_owned));
    let authority = field.unwrap_or_default();
    let (host, port) = authority.trim().split_once(':').unwrap_or_default();
    let (host, port) = (host.to_owned(), port.to_owned());
    let mut notes = notes.lock().unwrap();
    notes.seen.push(Seen { host: host.clone(), path: path.clone(), head: head.clone(), at: Instant::now() });
    let nth = notes.counts.entry((host.clone(), path.clone())).or_default();
    *nth += 1;
    let nth = *nth - 1;
    let flying = notes.in_flight.entry(host.clone()).or_default();
    *flying += 1;
    let flying = *flying;
    notes.most_in_flight = notes.most_in_flight.max(flying);
    Request { host, port, path, head, nth }
}

async fn send(stream: &mut TcpStream, reply: &Reply) -> bool {
    let Some(pause) = reply.dribble else { return stream.write_all(&reply.bytes).await.is_ok() };
    for byte in &reply.bytes {
        if stream.write_all(&[*byte]).await.is_err() {
            return false;
        }
        tokio::time::sleep(pause).await;
    }
    true
}
