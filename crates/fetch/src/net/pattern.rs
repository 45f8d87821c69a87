//! Path patterns as robots.txt writes them (RFC 9309, 2.2.3): a prefix in which `*` stands for
//! any characters and a final `$` for the end. Robots rules and crawl scopes share them.

use memchr::memmem;

/// A compiled path pattern. Matching is greedy from the left, so it takes one pass over the path
/// whatever the number of wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The literal parts between wildcards; the first is anchored at the start.
    parts: Vec<Box<[u8]>>,
    /// Whether the last part must end the path.
    anchored: bool,
    /// Length of the normalised pattern, by which rules take precedence.
    length: usize,
}

impl Pattern {
    /// Compiles a pattern such as `/news/*.html$`. Every text is a pattern.
    ///
    /// # Example
    /// ```
    /// use dechrome_fetch::net::Pattern;
    /// let pattern = Pattern::new("/news/*.html$");
    /// assert!(pattern.matches("/news/2024/a.html"));
    /// assert!(!pattern.matches("/news/a.html?print"));
    /// ```
    pub fn new(pattern: &str) -> Self {
        Self::from_bytes(pattern.as_bytes())
    }

    pub(crate) fn from_bytes(pattern: &[u8]) -> Self {
        let pattern = normalise(pattern);
        let (body, anchored) = match pattern.strip_suffix(b"$") {
            Some(body) => (body, true),
            None => (&pattern[..], false),
        };
        let mut parts: Vec<Box<[u8]>> = Vec::new();
        for (index, part) in body.split(|&byte| byte == b'*').enumerate() {
            let first = index == 0;
            if first || !part.is_empty() {
                parts.push(part.into());
            }
        }
        if anchored && body.ends_with(b"*") {
            return Self { parts, anchored: false, length: pattern.len() };
        }
        Self { parts, anchored, length: pattern.len() }
    }

    /// Length in bytes; the longest matching rule wins.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether the pattern is empty, which matches every path.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Whether it matches a path with its query.
    pub fn matches(&self, path: &str) -> bool {
        self.matches_normalised(&normalise(path.as_bytes()))
    }

    /// As [`Pattern::matches`], for a path that went through [`normalise`] already.
    pub(crate) fn matches_normalised(&self, path: &[u8]) -> bool {
        let Some((first, rest)) = self.parts.split_first() else { return true };
        if !path.starts_with(first) {
            return false;
        }
        let mut at = first.len();
        let Some((last, middle)) = rest.split_last() else {
            return !self.anchored || at == path.len();
        };
        for part in middle {
            let Some(found) = memmem::find(&path[at..], part) else { return false };
            at += found + part.len();
        }
        if self.anchored { path[at..].ends_with(last) } else { memmem::find(&path[at..], last).is_some() }
    }
}

/// One spelling for equal paths (RFC 9309, 2.2.2): bytes outside ASCII percent-encoded, escapes of
/// unreserved characters resolved, other escapes in upper case.
pub(crate) fn normalise(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                push_escaped(&mut out, hex(*high) << 4 | hex(*low));
                rest = after;
            }
            (0x80.. | b' ', _) => push_escape(&mut out, byte),
            _ => out.push(byte),
        }
    }
    out
}

fn push_escaped(out: &mut Vec<u8>, byte: u8) {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
        out.push(byte);
    } else {
        push_escape(out, byte);
    }
}

fn push_escape(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit.to_ascii_lowercase() - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wildcards_and_anchors() {
        let cases = [
            ("", "/anything", true),
            ("/", "/", true),
            ("/fish", "/fishes", true),
            ("/fish$", "/fish", true),
            ("/fish$", "/fishes", false),
            ("/*.php$", "/a/b.php", true),
            ("/*.php$", "/a.php?x", false),
            ("/a*b*c", "/a-c-b-c", true),
            ("/a*b*c", "/a-c-b", false),
            ("/a*$", "/abc", true),
            ("*", "/", true),
            ("/**x", "/x", true),
            ("/a*a$", "/a", false),
            ("/a$b", "/a$b/c", true),
            ("/%7ea", "/~a", true),
            ("/caf\u{e9}", "/caf%c3%a9", true),
        ];
        for (pattern, path, want) in cases {
            assert_eq!(Pattern::new(pattern).matches(path), want, "{pattern} on {path}");
        }
    }

    /// The textbook matcher, exponential but obviously right.
    fn naive(pattern: &[u8], path: &[u8]) -> bool {
        match pattern.split_first() {
            None => true,
            Some((b'$', [])) => path.is_empty(),
            Some((b'*', rest)) => (0..=path.len()).any(|at| naive(rest, &path[at..])),
            Some((byte, rest)) => path.first() == Some(byte) && naive(rest, &path[1..]),
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_naive_matcher(pattern in "[ab*]{0,8}[$]?", path in "[ab]{0,10}") {
            prop_assert_eq!(Pattern::new(&pattern).matches(&path), naive(pattern.as_bytes(), path.as_bytes()));
        }

        #[test]
        fn normalising_twice_changes_nothing(path in "\\PC{0,40}") {
            let once = normalise(path.as_bytes());
            prop_assert_eq!(normalise(&once), once.clone());
        }
    }
}
