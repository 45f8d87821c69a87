//! XPath expressions as CSS selectors, as far as CSS goes: it looks at elements and attributes, never at text.

mod back;
mod predicate;

use std::fmt::Write as _;

use anyhow::{Context, bail};
use dechrome_page::Selectors;

use super::tokens::{Token, tokens};

/// Longest expression, in bytes.
const LONGEST: usize = 4096;
/// Deepest nesting of brackets.
const DEEPEST: usize = 12;

/// What an expression finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The elements.
    pub(super) selector: String,
    /// What it takes of them, if not themselves: `@content`, `text()`.
    pub(super) value: Option<String>,
}

/// The CSS selector for an XPath expression.
///
/// # Errors
/// What of the expression CSS cannot say.
pub(super) fn css(expression: &str) -> anyhow::Result<Found> {
    if expression.len() > LONGEST {
        bail!("it is longer than {LONGEST} bytes");
    }
    let tokens = tokens(expression)?;
    let mut parser = Parser { rest: &tokens, depth: 0, value: None };
    let selector = parser.union()?;
    if let Some(token) = parser.rest.first() {
        bail!("`{}` is not understood", shown(*token));
    }
    Selectors::compile([selector.as_str()]).context("its CSS is not understood")?;
    Ok(Found { selector, value: parser.value })
}

/// A CSS string.
pub(super) fn css_string(text: &str) -> String {
    let mut string = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => string.extend(['\\', c]),
            // A number for it, as CSS escapes what must not stand in a string.
            _ if c.is_control() => {
                let _ = write!(string, "\\{:x} ", u32::from(c));
            }
            _ => string.push(c),
        }
    }
    string + "\""
}

struct Parser<'a> {
    rest: &'a [Token<'a>],
    depth: usize,
    value: Option<String>,
}

/// How a place among siblings is written in CSS, for an element that XPath counts the same way.
type Place = Option<&'static str>;

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn skip(&mut self, mark: &'static str) -> bool {
        let is_next = self.rest.first() == Some(&Token::Mark(mark));
        if is_next {
            self.rest = &self.rest[1..];
        }
        is_next
    }

    fn skip_name(&mut self, name: &str) -> bool {
        let is_next = self.rest.first() == Some(&Token::Name(name));
        if is_next {
            self.rest = &self.rest[1..];
        }
        is_next
    }

    fn expect(&mut self, mark: &'static str) -> anyhow::Result<()> {
        if self.skip(mark) {
            return Ok(());
        }
        match self.rest.first() {
            Some(token) => bail!("`{}` is not understood, `{mark}` is due", shown(*token)),
            None => bail!("it ends where `{mark}` is due"),
        }
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> anyhow::Result<T>) -> anyhow::Result<T> {
        if self.depth == DEEPEST {
            bail!("brackets are nested more than {DEEPEST} deep");
        }
        self.depth += 1;
        let value = inner(self);
        self.depth -= 1;
        value
    }

    fn union(&mut self) -> anyhow::Result<String> {
        let mut paths = vec![self.path("")?];
        while self.skip("|") {
            let value = self.value.take();
            paths.push(self.path("")?);
            if self.value != value {
                bail!("its alternatives take different things of the elements");
            }
        }
        Ok(paths.join(", "))
    }

    /// A path; `relative` is what leads from the element that it is tested on to its children.
    fn path(&mut self, relative: &'static str) -> anyhow::Result<String> {
        if self.skip("(") {
            let grouped = self.deeper(Self::union)?;
            self.expect(")")?;
            return match self.rest.first() {
                Some(Token::Mark("[")) => bail!("CSS knows no place among all that a path finds"),
                Some(Token::Mark("/" | "//")) => self.steps(format!(":is({grouped})")),
                _ => Ok(grouped),
            };
        }
        let is_relative = self.skip(".");
        let mut css = String::new();
        if self.skip("//") {
            self.step("", &mut css)?;
        } else if self.skip("/") {
            self.step(relative, &mut css)?;
            if relative.is_empty() && !is_relative {
                css += ":root";
            }
        } else if is_relative {
            bail!("`.` stands for text");
        } else {
            self.step(relative, &mut css)?;
        }
        self.steps(css)
    }

    fn steps(&mut self, mut css: String) -> anyhow::Result<String> {
        loop {
            if self.skip("//") {
                self.step(" ", &mut css)?;
            } else if self.skip("/") {
                self.step(" > ", &mut css)?;
            } else {
                return Ok(css);
            }
        }
    }

    /// One step, appended with what combines it with the one before.
    fn step(&mut self, combinator: &'static str, css: &mut String) -> anyhow::Result<()> {
        if self.value.is_some() {
            bail!("nothing lies below an attribute or a text");
        }
        if self.skip("@") {
            let name = self.attribute()?;
            return self.take(combinator, css, format!("@{name}"));
        }
        if let [Token::Name("text"), Token::Mark("("), Token::Mark(")"), ..] = self.rest {
            self.rest = &self.rest[3..];
            return self.take(combinator, css, "text()".to_owned());
        }
        if self.skip(".") {
            return Ok(());
        }
        if self.back(combinator, css)? {
            return Ok(());
        }
        let (combinator, mut place) = self.axis(combinator)?;
        let element = self.element()?;
        if combinator == " ~ " {
            place = None;
        } else if element.is_empty() {
            place = place.map(|_| "child");
        }
        let next_sibling = [Token::Mark("["), Token::Number(1), Token::Mark("]")];
        let is_next = combinator == " ~ " && element.is_empty() && self.rest.starts_with(&next_sibling);
        if is_next {
            self.rest = &self.rest[3..];
        }
        *css += if is_next { " + " } else { combinator };
        let before = css.len();
        *css += &element;
        while self.skip("[") {
            let predicate = self.deeper(|parser| parser.predicate(place))?;
            self.expect("]")?;
            *css += &predicate;
            // Places are counted among what the predicates before let through; CSS counts all.
            place = None;
        }
        if css.len() == before {
            css.push('*');
        }
        Ok(())
    }

    /// Ends a path in a part of its elements.
    fn take(&mut self, combinator: &str, css: &str, value: String) -> anyhow::Result<()> {
        if css.is_empty() || combinator == " " {
            bail!("`{value}` of any element is not expressible");
        }
        self.value = Some(value);
        Ok(())
    }

    /// The combinator of the step's axis, and how a place is written there.
    fn axis(&mut self, combinator: &'static str) -> anyhow::Result<(&'static str, Place)> {
        let [Token::Name(axis), Token::Mark("::"), rest @ ..] = self.rest else {
            return Ok((combinator, Some("of-type")));
        };
        self.rest = rest;
        match (*axis, combinator) {
            ("child", _) => Ok((combinator, Some("of-type"))),
            ("descendant" | "descendant-or-self", "" | " ") => Ok((combinator, None)),
            ("descendant", " > ") => Ok((" ", None)),
            ("descendant", "> ") => Ok(("", None)),
            ("following-sibling", " > ") => Ok((" ~ ", None)),
            ("following-sibling", "> ") => Ok(("~ ", None)),
            _ => bail!("CSS has no axis `{axis}` here"),
        }
    }

    /// An element's name; nothing for any.
    fn element(&mut self) -> anyhow::Result<String> {
        match self.next() {
            Some(Token::Mark("*")) => Ok(String::new()),
            Some(Token::Name(name)) if self.rest.first() == Some(&Token::Mark("(")) => {
                bail!("CSS has no function `{name}`")
            }
            Some(Token::Name(name)) if is_plain(name) => Ok(name.to_lowercase()),
            Some(token) => bail!("`{}` is not understood", shown(token)),
            None => bail!("it ends where an element is due"),
        }
    }

    fn attribute(&mut self) -> anyhow::Result<&'a str> {
        match self.next() {
            Some(Token::Name(name)) if is_plain(name) => Ok(name),
            Some(token) => bail!("`@{}` is not understood", shown(token)),
            None => bail!("it ends where an attribute is due"),
        }
    }
}

/// Whether a name is one in CSS as well.
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.is_ascii()
}

fn shown(token: Token) -> String {
    match token {
        Token::Mark(text) | Token::Name(text) => text.to_owned(),
        Token::Literal(text) => format!("'{text}'"),
        Token::Number(number) => number.to_string(),
    }
}
