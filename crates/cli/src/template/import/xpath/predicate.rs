//! What stands between brackets in an XPath expression, as conditions on an element in CSS.

use anyhow::bail;

use super::super::tokens::Token;
use super::{Parser, Place, css_string, shown};

impl<'a> Parser<'a> {
    /// What is between brackets, as a condition on the element before.
    pub(super) fn predicate(&mut self, place: Place) -> anyhow::Result<String> {
        if let [Token::Number(number), Token::Mark("]"), ..] = self.rest {
            self.rest = &self.rest[1..];
            return nth(place, &number.to_string(), "nth");
        }
        if let [Token::Name("last"), Token::Mark("("), Token::Mark(")"), Token::Mark("]"), ..] = self.rest {
            self.rest = &self.rest[3..];
            return nth(place, "1", "nth-last");
        }
        self.either(place)
    }

    fn either(&mut self, place: Place) -> anyhow::Result<String> {
        let mut alternatives = vec![self.both(place)?];
        while self.skip_name("or") {
            alternatives.push(self.both(place)?);
        }
        if alternatives.len() > 1 {
            Ok(format!(":is({})", alternatives.join(", ")))
        } else {
            Ok(alternatives.remove(0))
        }
    }

    fn both(&mut self, place: Place) -> anyhow::Result<String> {
        let mut conditions = self.condition(place)?;
        while self.skip_name("and") {
            conditions += &self.condition(place)?;
        }
        Ok(conditions)
    }

    fn condition(&mut self, place: Place) -> anyhow::Result<String> {
        if self.skip("(") {
            let inner = self.deeper(|parser| parser.either(place))?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.skip("@") {
            let name = self.attribute()?;
            return self.compared(name);
        }
        if let [Token::Name(function), Token::Mark("("), rest @ ..] = self.rest {
            let before = std::mem::replace(&mut self.rest, rest);
            match *function {
                "not" => {
                    let inner = self.deeper(|parser| parser.either(place))?;
                    self.expect(")")?;
                    return Ok(format!(":not({inner})"));
                }
                "contains" => return self.search("*="),
                "starts-with" => return self.search("^="),
                "ends-with" => return self.search("$="),
                "position" => return self.position(place),
                "text" | "normalize-space" | "string" => bail!("CSS does not look at text"),
                _ => self.rest = before,
            }
        }
        if let [Token::Name("self"), Token::Mark("::"), rest @ ..] = self.rest {
            self.rest = rest;
            let element = self.element()?;
            return Ok(if element.is_empty() { String::new() } else { format!(":is({element})") });
        }
        if let Some((_, relation)) = self.upwards() {
            let target = self.target()?;
            let target = if target.is_empty() { "*" } else { &target };
            return Ok(format!(":is({target}{relation}*)"));
        }
        self.below()
    }

    /// Something that the element has below or after it.
    fn below(&mut self) -> anyhow::Result<String> {
        let outer = self.value.take();
        let path = self.deeper(|parser| parser.path("> "))?;
        let inner = std::mem::replace(&mut self.value, outer);
        match inner.as_deref().map(|value| value.strip_prefix('@')) {
            None => Ok(format!(":has({path})")),
            Some(Some(attribute)) if self.rest.first() == Some(&Token::Mark("]")) => {
                Ok(format!(":has({path}[{attribute}])"))
            }
            Some(_) => bail!("CSS does not look at text, nor compare what is below"),
        }
    }

    /// After `@name`: a comparison with a literal, or nothing.
    fn compared(&mut self, name: &str) -> anyhow::Result<String> {
        let is_equal = self.skip("=");
        if !is_equal && !self.skip("!=") {
            return Ok(format!("[{name}]"));
        }
        let value = css_string(self.literal()?);
        Ok(if is_equal { format!("[{name}={value}]") } else { format!("[{name}]:not([{name}={value}])") })
    }

    fn literal(&mut self) -> anyhow::Result<&'a str> {
        match self.next() {
            Some(Token::Literal(text)) => Ok(text),
            Some(token) => bail!("`{}` is not understood, a quoted text is due", shown(token)),
            None => bail!("it ends where a quoted text is due"),
        }
    }

    /// After `contains(` and the like: an attribute, perhaps between spaces, and a literal.
    fn search(&mut self, operator: &'static str) -> anyhow::Result<String> {
        let spaced = self.skip_name("concat");
        if spaced {
            self.expect("(")?;
            self.space()?;
            self.expect(",")?;
        }
        let normalised = self.skip_name("normalize-space");
        if normalised {
            self.expect("(")?;
        }
        if !self.skip("@") {
            bail!("CSS looks at attributes, not at text");
        }
        let name = self.attribute()?;
        if normalised {
            self.expect(")")?;
        }
        if spaced {
            self.expect(",")?;
            self.space()?;
            self.expect(")")?;
        }
        self.expect(",")?;
        let text = self.literal()?;
        self.expect(")")?;
        match (spaced, text.strip_prefix(' ').zip(text.strip_suffix(' '))) {
            _ if text.trim().is_empty() => bail!("it looks for nothing"),
            (true, Some(_)) if operator == "*=" && !text.trim().contains(' ') => {
                Ok(format!("[{name}~={}]", css_string(text.trim())))
            }
            (true, _) if operator != "*=" || text.starts_with(' ') || text.ends_with(' ') => {
                bail!("CSS knows words of an attribute, no part of them")
            }
            _ => Ok(format!("[{name}{operator}{}]", css_string(text))),
        }
    }

    fn space(&mut self) -> anyhow::Result<()> {
        match self.literal()? {
            " " => Ok(()),
            other => bail!("`{other}` around an attribute is not expressible"),
        }
    }

    /// After `position(`.
    fn position(&mut self, place: Place) -> anyhow::Result<String> {
        self.expect(")")?;
        match (self.next(), self.next()) {
            (Some(Token::Mark("=")), Some(Token::Number(number))) => nth(place, &number.to_string(), "nth"),
            (Some(Token::Mark("<=")), Some(Token::Number(number))) => nth(place, &format!("-n+{number}"), "nth"),
            (Some(Token::Mark("<")), Some(Token::Number(number))) => {
                nth(place, &format!("-n+{}", number.saturating_sub(1)), "nth")
            }
            (Some(Token::Mark(">")), Some(Token::Number(number))) => {
                nth(place, &format!("n+{}", number.saturating_add(1)), "nth")
            }
            (Some(Token::Mark(">=")), Some(Token::Number(number))) => nth(place, &format!("n+{number}"), "nth"),
            _ => bail!("this comparison of `position()` is not expressible"),
        }
    }
}

fn nth(place: Place, number: &str, which: &str) -> anyhow::Result<String> {
    match place {
        Some(place) => Ok(format!(":{which}-{place}({number})")),
        None => bail!("CSS counts siblings, not what a path finds"),
    }
}
