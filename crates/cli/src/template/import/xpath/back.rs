//! Steps that lead up, back or nowhere: CSS says them from the other end.

use anyhow::bail;

use super::super::tokens::Token;
use super::Parser;

impl Parser<'_> {
    /// Reads a step that does not lead down, if one is next, and says in `css` what it finds.
    pub(super) fn back(&mut self, combinator: &'static str, css: &mut String) -> anyhow::Result<bool> {
        if self.skip("..") {
            up("", "> ", combinator, css)?;
        } else if let Some((relation, _)) = self.upwards() {
            let target = self.target()?;
            up(&target, relation, combinator, css)?;
        } else if let (" > ", [Token::Name("self"), Token::Mark("::"), rest @ ..]) = (combinator, self.rest) {
            self.rest = rest;
            let target = self.target()?;
            let target = if target.is_empty() { "*" } else { &target };
            *css = format!(":is({css}):is({target})");
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Skips an axis that leads upwards or back: what leads down again to where it came from, and the same between an
    /// element and that place.
    pub(super) fn upwards(&mut self) -> Option<(&'static str, &'static str)> {
        let [Token::Name(axis), Token::Mark("::"), rest @ ..] = self.rest else { return None };
        let relation = match *axis {
            "parent" => ("> ", " > "),
            "ancestor" => ("", " "),
            "preceding-sibling" => ("~ ", " ~ "),
            _ => return None,
        };
        self.rest = rest;
        Some(relation)
    }

    /// The element of a step that leads upwards, with its conditions.
    pub(super) fn target(&mut self) -> anyhow::Result<String> {
        let mut target = self.element()?;
        while self.skip("[") {
            target += &self.deeper(|parser| parser.predicate(None))?;
            self.expect("]")?;
        }
        Ok(target)
    }
}

/// The element that has below it, or after it, what was found so far.
fn up(target: &str, relation: &str, combinator: &str, css: &mut String) -> anyhow::Result<()> {
    if css.is_empty() || combinator != " > " {
        bail!("CSS does not go up from any element");
    }
    *css = format!("{target}:has({relation}:is({css}))");
    Ok(())
}
