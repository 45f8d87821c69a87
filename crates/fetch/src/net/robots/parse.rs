//! Lines to groups, groups to the rules of one crawler.

use super::{MAX_BYTES, MAX_LINE, Robots, Rule};
use crate::net::pattern::Pattern;

/// Who the group being read is for.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Group {
    ours: bool,
    everyone: bool,
    /// Rules have been read, so the next user-agent line begins another group.
    closed: bool,
}

#[derive(Default)]
struct Reader {
    group: Group,
    named: bool,
    ours: Robots,
    everyone: Robots,
    sitemaps: Vec<String>,
}

pub(super) fn parse(bytes: &[u8], agent: &str) -> Robots {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bytes = whole_lines(bytes);
    let mut reader = Reader::default();
    for (index, line) in lines(bytes).enumerate() {
        reader.line(line, index as u32 + 1, agent);
    }
    reader.finish()
}

/// What is read of a file: when it is too long, up to the last whole line, for half a rule may forbid
/// what the whole does not.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    if bytes.len() <= MAX_BYTES {
        return bytes;
    }
    let cut = &bytes[..MAX_BYTES];
    memchr::memrchr2(b'\n', b'\r', cut).map_or(cut, |end| &cut[..end])
}

/// Lines end with LF, CR or CRLF.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some(end) = memchr::memchr2(b'\n', b'\r', text) else { return Some(text) };
        let skip = if text[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = Some(&text[end + skip..]);
        Some(&text[..end])
    })
}

impl Reader {
    fn line(&mut self, line: &[u8], number: u32, agent: &str) {
        let line = &line[..line.len().min(MAX_LINE)];
        let line = line.split(|&byte| byte == b'#').next().unwrap_or_default().trim_ascii();
        let Some((key, value)) = key_value(line) else { return };
        match Key::of(key) {
            Key::UserAgent => self.user_agent(value, agent),
            Key::Allow => self.rule(line, value, true, number),
            Key::Disallow => self.rule(line, value, false, number),
            Key::CrawlDelay => self.crawl_delay(value),
            Key::Sitemap => self.sitemaps.push(String::from_utf8_lossy(value).into_owned()),
            Key::Other => {}
        }
    }

    fn user_agent(&mut self, value: &[u8], agent: &str) {
        if self.group.closed {
            self.group = Group::default();
        }
        if value == b"*" || value.starts_with(b"* ") {
            self.group.everyone = true;
        } else if !agent.is_empty() && product_token(value).eq_ignore_ascii_case(agent.as_bytes()) {
            self.group.ours = true;
            self.named = true;
        }
    }

    fn rule(&mut self, line: &[u8], value: &[u8], allow: bool, number: u32) {
        self.group.closed = true;
        if value.is_empty() || !(self.group.ours || self.group.everyone) {
            return;
        }
        let text = String::from_utf8_lossy(line).into();
        let rule = Rule { pattern: Pattern::from_bytes(value), allow, text, line: number };
        if self.group.everyone {
            self.everyone.rules.push(rule.clone());
        }
        if self.group.ours {
            self.ours.rules.push(rule);
        }
    }

    fn crawl_delay(&mut self, value: &[u8]) {
        let delay = std::str::from_utf8(value).ok().and_then(|text| text.parse::<f64>().ok());
        let Some(delay) = delay.filter(|delay| delay.is_finite() && *delay >= 0.0) else { return };
        let slower = |old: Option<f64>| Some(old.map_or(delay, |old| old.max(delay)));
        if self.group.everyone {
            self.everyone.crawl_delay = slower(self.everyone.crawl_delay);
        }
        if self.group.ours {
            self.ours.crawl_delay = slower(self.ours.crawl_delay);
        }
    }

    fn finish(self) -> Robots {
        let mut robots = if self.named { self.ours } else { self.everyone };
        robots.sitemaps = self.sitemaps;
        // Stable: of equal patterns with equal verdicts the first written stays first and is the one named.
        robots.rules.sort_by_key(|rule| (std::cmp::Reverse(rule.pattern.len()), !rule.allow));
        robots.rules.dedup_by(|next, first| next.pattern == first.pattern);
        robots
    }
}

enum Key {
    UserAgent,
    Allow,
    Disallow,
    CrawlDelay,
    Sitemap,
    Other,
}

impl Key {
    /// Misspellings that Google's parser accepts are accepted too: they can only mean to forbid.
    fn of(key: &[u8]) -> Self {
        match key.to_ascii_lowercase().as_slice() {
            b"user-agent" | b"useragent" | b"user agent" => Self::UserAgent,
            b"allow" => Self::Allow,
            b"disallow" | b"dissallow" | b"dissalow" | b"disalow" | b"diasllow" | b"disallaw" => Self::Disallow,
            b"crawl-delay" | b"crawldelay" => Self::CrawlDelay,
            b"sitemap" | b"site-map" => Self::Sitemap,
            _ => Self::Other,
        }
    }
}

/// Splits at the colon; without one, at white space between exactly two words.
fn key_value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(colon) = memchr::memchr(b':', line) {
        return Some((line[..colon].trim_ascii(), line[colon + 1..].trim_ascii()));
    }
    let space = line.iter().position(u8::is_ascii_whitespace)?;
    let value = line[space..].trim_ascii();
    (!value.iter().any(u8::is_ascii_whitespace)).then_some((&line[..space], value))
}

/// The product token that begins an agent value: `dechrome/1.0 (x)` names `dechrome`.
fn product_token(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
    &value[..end.unwrap_or(value.len())]
}
