//! A small web site on loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// Paths asked for, in order, and somebody who waits for more.
#[derive(Default)]
struct Asked {
    paths: Mutex<Vec<String>>,
    more: Condvar,
}

/// A running site; it ends with the process.
pub(crate) struct Server {
    pub(crate) port: u16,
    asked: Arc<Asked>,
}

/// A page's status, type and body.
pub(crate) type Reply = (u16, &'static str, String);

pub(crate) fn html(body: &str) -> Reply {
    (200, "text/html; charset=utf-8", format!("<!doctype html><html><body>{body}</body></html>"))
}

pub(crate) fn missing() -> Reply {
    (404, "text/plain", "no such page".into())
}

impl Server {
    /// Starts a site whose pages `reply` gives by their path; it is also told the port.
    pub(crate) fn start(reply: impl Fn(u16, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Asked::default());
        let shared = Arc::clone(&asked);
        let reply = Arc::new(reply);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (reply, asked) = (Arc::clone(&reply), Arc::clone(&shared));
                thread::spawn(move || serve(stream, &asked, |path| reply(port, path)));
            }
        });
        Self { port, asked }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Waits until so many requests came.
    pub(crate) fn wait_for(&self, requests: usize) {
        let paths = self.asked.paths.lock().unwrap();
        drop(self.asked.more.wait_while(paths, |paths| paths.len() < requests).unwrap());
    }

    /// The pages asked for, sorted, without robots.txt.
    pub(crate) fn pages(&self) -> Vec<String> {
        let mut paths = self.asked.paths.lock().unwrap().clone();
        paths.retain(|path| path != "/robots.txt");
        paths.sort();
        paths
    }
}

fn serve(stream: TcpStream, asked: &Asked, reply: impl Fn(&str) -> Reply) {
    let Ok(mut writer) = stream.try_clone() else { return };
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(first)) = lines.next() {
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let path = first.split(' ').nth(1).unwrap_or_default();
        let (status, media, body) = reply(path);
        asked.paths.lock().unwrap().push(path.to_owned());
        asked.more.notify_all();
        let length = body.len();
        let head = format!("HTTP/1.1 {status} X\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n\r\n");
        if writer.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}
