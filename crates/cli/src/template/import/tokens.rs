//! Tokens of an XPath expression.

use anyhow::bail;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An operator, bracket or separator.
    Mark(&'static str),
    /// A name of an element, attribute, axis, function or operator.
    Name(&'a str),
    Literal(&'a str),
    Number(u32),
}

/// Longest first, where one begins another.
const MARKS: [&str; 20] =
    ["//", "/", "::", "..", ".", "!=", "<=", ">=", "<", ">", "=", "[", "]", "(", ")", "@", "*", "|", ",", "-"];

/// Cuts an expression into tokens.
///
/// # Errors
/// A character that begins none, or a literal without its end.
pub(super) fn tokens(expression: &str) -> anyhow::Result<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '"' | '\'' => {
                let Some(end) = rest[1..].find(first) else { bail!("the quotation mark {first} is not closed") };
                (Token::Literal(&rest[1..=end]), end + 2)
            }
            '0'..='9' => {
                let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                let Ok(number) = rest[..length].parse() else { bail!("`{}` is too large", &rest[..length]) };
                (Token::Number(number), length)
            }
            _ if first.is_alphabetic() || first == '_' => {
                let length = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
                (Token::Name(&rest[..length]), length)
            }
            _ => {
                let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) else {
                    bail!("`{first}` is not understood")
                };
                (Token::Mark(mark), mark.len())
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}
