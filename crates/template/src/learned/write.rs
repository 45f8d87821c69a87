//! Writes a template file: the same template gives the same bytes.

use std::fmt::{self, Display, Write};

use super::schema::{EarlierCounts, EarlierLayout, LayoutCounts, LearnedRule, LearnedTemplate, Place, TEMPLATE_SCHEMA};
use crate::config::Matcher;
use crate::stats::KEY_BYTES;

const HEADER: &str = "\
# Written by `dechrome template build`, and written anew by the next: no place for changes. What is wrong of it is told with
# `dechrome template accept`, `keep` or `reject`, which write into the site's own file.
";

impl LearnedTemplate {
    /// The file's text.
    pub fn to_toml(&self) -> String {
        let mut toml = String::from(HEADER);
        // Writing to a string cannot fail.
        let _ = self.write(&mut toml);
        toml
    }

    fn write(&self, toml: &mut String) -> fmt::Result {
        let learned = &self.learned;
        writeln!(toml, "schema = {TEMPLATE_SCHEMA}")?;
        writeln!(toml, "site = {}", Quoted(&self.site))?;
        writeln!(toml, "\n[learned]\ndocuments = {}", learned.documents)?;
        pair(toml, "first", learned.first.as_deref().map(Quoted))?;
        pair(toml, "last", learned.last.as_deref().map(Quoted))?;
        pair(toml, "above", learned.above.map(Share))?;
        pair(toml, "below", learned.below.map(Share))?;
        writeln!(toml, "stats = {}", Quoted(&learned.stats))?;
        write_layouts(toml, &learned.layouts)?;
        write_earlier_layouts(toml, &learned.earlier)?;
        self.rules.iter().try_for_each(|rule| write_rule(toml, rule))
    }
}

fn write_layouts(toml: &mut String, layouts: &[LayoutCounts]) -> fmt::Result {
    if layouts.is_empty() {
        return Ok(());
    }
    writeln!(toml, "layouts = [ # of lines of flat text")?;
    for LayoutCounts { indent, blank, item, documents, recurs, content } in layouts {
        let (recurs, content) = (Share(*recurs), Share(*content));
        write!(toml, "    {{ indent = {indent}, blank = {blank}, item = {item}, documents = {documents}, ")?;
        writeln!(toml, "recurs = {recurs}, content = {content} }},")?;
    }
    writeln!(toml, "]")
}

fn write_earlier_layouts(toml: &mut String, earlier: &[EarlierLayout]) -> fmt::Result {
    if earlier.is_empty() {
        return Ok(());
    }
    writeln!(toml, "earlier = [ # layouts before the last")?;
    for EarlierLayout { until, documents, above, below } in earlier {
        let shares = known_shares(&[("above", *above), ("below", *below)]);
        let fields = [vec![format!("until = {}, documents = {documents}", Quoted(until))], shares].concat();
        writeln!(toml, "    {{ {} }},", fields.join(", "))?;
    }
    writeln!(toml, "]")
}

fn write_earlier_counts(toml: &mut String, earlier: &[EarlierCounts]) -> fmt::Result {
    if earlier.is_empty() {
        return Ok(());
    }
    writeln!(toml, "earlier = [")?;
    for EarlierCounts { until, documents, place } in earlier {
        let shares = known_shares(&place_shares(place));
        let place = if shares.is_empty() { String::new() } else { format!(", place = {{ {} }}", shares.join(", ")) };
        writeln!(toml, "    {{ until = {}, documents = {documents}{place} }},", Quoted(until))?;
    }
    writeln!(toml, "]")
}

fn write_rule(toml: &mut String, rule: &LearnedRule) -> fmt::Result {
    writeln!(toml, "\n[[rule]]\nid = {}\nkind = \"{}\"", Quoted(&rule.id), rule.kind())?;
    match &rule.matcher {
        Matcher::Line(line) => writeln!(toml, "line = {}", Quoted(line))?,
        Matcher::Pattern(pattern) => writeln!(toml, "pattern = {}", Quoted(pattern))?,
        Matcher::Slot { open, close } => {
            writeln!(toml, "open = {}", Quoted(open))?;
            writeln!(toml, "close = {}", Quoted(close.as_deref().unwrap_or("end")))?;
        }
        Matcher::Selector(selector) | Matcher::Outside(selector) => {
            writeln!(toml, "selector = {}", Quoted(selector))?;
        }
    }
    if !rule.keys.is_empty() {
        let digits = if let Matcher::Selector(_) = rule.matcher { 16 } else { KEY_BYTES * 2 };
        let keys: Vec<String> = rule.keys.iter().map(|key| format!("{key:0digits$x}")).collect();
        write_list(toml, "keys", &keys)?;
    }
    let evidence = &rule.evidence;
    writeln!(
        toml,
        "evidence = {{ documents = {}, of = {}, days = {}, sections = {}, score = {:.1} }}",
        evidence.documents, evidence.of, evidence.days, evidence.sections, evidence.score
    )?;
    if matches!(rule.matcher, Matcher::Selector(_)) {
        writeln!(toml, "text = {{ recurs = {}, content = {} }}", Share(rule.text.recurs), Share(rule.text.content))?;
    }
    write_place(toml, rule)?;
    write_list(toml, "examples", &rule.examples)?;
    pair(toml, "valid_from", rule.valid_from.as_deref())?;
    pair(toml, "valid_until", rule.valid_until.as_deref())?;
    write_earlier_counts(toml, &rule.earlier)?;
    if !rule.lines.is_empty() {
        writeln!(toml, "[rule.lines] # by the number of documents that hold them")?;
    }
    rule.lines.iter().rev().try_for_each(|(documents, lines)| write_list(toml, &format!("\"{documents}\""), lines))
}

fn write_place(toml: &mut String, rule: &LearnedRule) -> fmt::Result {
    let known = known_shares(&place_shares(&rule.place));
    if known.is_empty() { Ok(()) } else { writeln!(toml, "place = {{ {} }}", known.join(", ")) }
}

fn place_shares(place: &Place) -> [(&'static str, Option<f32>); 2] {
    [("after", place.after), ("before", place.before)]
}

fn known_shares(shares: &[(&str, Option<f32>)]) -> Vec<String> {
    shares.iter().filter_map(|(name, share)| share.map(|share| format!("{name} = {}", Share(share)))).collect()
}

fn pair(toml: &mut String, key: &str, value: Option<impl Display>) -> fmt::Result {
    value.map_or(Ok(()), |value| writeln!(toml, "{key} = {value}"))
}

/// A list on one line where it is short, else a line an item.
fn write_list(toml: &mut String, key: &str, items: &[String]) -> fmt::Result {
    const ONE_LINE: usize = 100;
    if items.is_empty() {
        return Ok(());
    }
    let quoted: Vec<String> = items.iter().map(|item| Quoted(item).to_string()).collect();
    if quoted.iter().map(|item| item.len() + 2).sum::<usize>() <= ONE_LINE {
        return writeln!(toml, "{key} = [{}]", quoted.join(", "));
    }
    writeln!(toml, "{key} = [")?;
    quoted.iter().try_for_each(|item| writeln!(toml, "    {item},"))?;
    writeln!(toml, "]")
}

/// A share with the digits that matter.
struct Share(f32);

impl Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

/// A text as TOML writes it, on one line; as it stands where it has backslashes and no quote, as patterns do.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |text: &str| !text.contains('\'') && !text.chars().any(char::is_control);
        if self.0.contains(['\\', '"']) && is_plain(self.0) {
            return write!(f, "'{}'", self.0);
        }
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}
