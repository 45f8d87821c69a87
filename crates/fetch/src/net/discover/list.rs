//! Lists of URLs, one a line.

use std::io::{self, BufRead};

use crate::net::settings::Seed;

/// Reads a list of URLs: one a line; empty lines and lines beginning with `#` are passed over.
///
/// # Errors
/// If reading fails.
pub fn read(mut input: impl BufRead) -> io::Result<Vec<Seed>> {
    let mut seeds = Vec::new();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        let url = text.trim_start_matches('\u{feff}').trim();
        if !url.is_empty() && !url.starts_with('#') {
            seeds.push(Seed::page(url));
        }
        line.clear();
    }
    Ok(seeds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blanks_are_passed_over() {
        let seeds = read(&b"\xef\xbb\xbfhttp://a.example/\r\n\n# no\n http://b.example/"[..]).unwrap();
        assert_eq!(seeds, [Seed::page("http://a.example/"), Seed::page("http://b.example/")]);
    }
}
