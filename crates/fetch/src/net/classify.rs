//! From the HTTP library's errors to failures.

use std::error::Error;
use std::io;

use super::outcome::Failure;
use super::resolve::{NoAddress, Refused};

/// Finds what went wrong in an error's chain of causes.
pub(crate) fn classify(error: &reqwest::Error) -> Failure {
    let failure = chain(error).find_map(by_cause).or_else(|| chain(error).find_map(by_io));
    match failure {
        // Once there is a body, a connection that ends has cut it short.
        Some(Failure::Reset(why)) if error.is_body() || error.is_decode() => Failure::Truncated(why),
        Some(failure) => failure,
        None => by_phase(error),
    }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| inner(*error))
}

/// The next cause; an `io::Error` hides the error it wraps from `source`.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    if let Some(wrapped) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return Some(wrapped);
    }
    error.source()
}

fn by_cause(error: &(dyn Error + 'static)) -> Option<Failure> {
    if let Some(Refused { address, range }) = error.downcast_ref() {
        return Some(Failure::AddressRefused { address: *address, range: (*range).to_owned() });
    }
    if let Some(missing) = error.downcast_ref::<NoAddress>() {
        return Some(Failure::Dns(missing.to_string()));
    }
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(Failure::Tls(error.to_string()));
    }
    if let Some(error) = error.downcast_ref::<h2::Error>().filter(|error| error.is_go_away() || error.is_reset()) {
        return Some(Failure::Reset(error.to_string()));
    }
    by_hyper(error.downcast_ref::<hyper::Error>()?)
}

fn by_hyper(error: &hyper::Error) -> Option<Failure> {
    if error.is_parse_too_large() {
        Some(Failure::HeadersTooLarge)
    } else if error.is_incomplete_message() {
        Some(Failure::Reset("closed before the answer was whole".into()))
    } else if error.is_closed() || error.is_canceled() {
        Some(Failure::Reset("connection closed".into()))
    } else if error.is_parse() {
        Some(Failure::Protocol(deepest(error)))
    } else {
        None
    }
}

fn by_io(error: &(dyn Error + 'static)) -> Option<Failure> {
    let error = error.downcast_ref::<io::Error>()?;
    Some(match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Failure::Connect(error.to_string())
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            Failure::Reset(error.to_string())
        }
        io::ErrorKind::TimedOut => Failure::Timeout,
        io::ErrorKind::UnexpectedEof => Failure::Truncated(error.to_string()),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Failure::Protocol(error.to_string()),
        _ => return None,
    })
}

fn by_phase(error: &reqwest::Error) -> Failure {
    if error.is_timeout() {
        Failure::Timeout
    } else if error.is_connect() {
        Failure::Connect(deepest(error))
    } else if error.is_body() || error.is_decode() {
        Failure::Truncated(deepest(error))
    } else {
        Failure::Protocol(deepest(error))
    }
}

fn deepest(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}
