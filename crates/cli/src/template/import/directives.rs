//! Lines of an ftr-site-config file: `name: value` and `name(argument): value`, `#` for comments.

/// A line that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive<'a> {
    /// Its number, from 1.
    pub(super) line: usize,
    /// The whole line.
    pub(super) text: &'a str,
    /// `None` for a line without a colon.
    pub(super) said: Option<Said<'a>>,
}

/// What a directive says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said<'a> {
    pub(super) name: &'a str,
    pub(super) argument: Option<&'a str>,
    pub(super) value: &'a str,
}

pub(super) fn parse(text: &str) -> Vec<Directive<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().map(str::trim).enumerate();
    let said = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    said.map(|(number, text)| Directive { line: number + 1, text, said: said_in(text) }).collect()
}

fn said_in(line: &str) -> Option<Said<'_>> {
    let colon = line.find(':')?;
    // A colon in the argument of `replace_string(…)` ends nothing.
    if let Some(open) = line[..colon].find('(')
        && let Some(close) = line[open..].find("):").map(|at| open + at)
    {
        let (name, argument) = (line[..open].trim(), &line[open + 1..close]);
        return Some(Said { name, argument: Some(argument), value: line[close + 2..].trim() });
    }
    Some(Said { name: line[..colon].trim(), argument: None, value: line[colon + 1..].trim() })
}
