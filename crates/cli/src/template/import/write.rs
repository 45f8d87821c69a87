//! The TOML of a drafted site file.

use std::fmt::Write as _;

use super::draft::{Draft, Page};

/// Stands where a person has to write; no page holds it, so the check fails until then.
const PLACEHOLDER: &str = "write here a passage of this page that must be left";

pub(super) fn toml(draft: &Draft) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "# Made of `{}` by `dechrome template import --ftr`.", comment(&draft.source));
    if !draft.left.is_empty() {
        text.push_str("#\n# Not expressed:\n");
    }
    for left in &draft.left {
        let _ = writeln!(text, "#   line {}: `{}`: {}", left.line, comment(&left.directive), comment(&left.why));
    }
    let _ = writeln!(text, "site = {}\nhosts = [{}]", quoted(&draft.site), quoted(&draft.host));
    metadata(&mut text, draft);
    rules(&mut text, draft);
    checks(&mut text, draft);
    if !draft.headers.is_empty() {
        text.push_str("\n[fetch.headers]\n");
        for (name, value) in &draft.headers {
            let _ = writeln!(text, "{} = {}", quoted(name), quoted(value));
        }
    }
    text
}

fn metadata(text: &mut String, draft: &Draft) {
    let fields = [("title", &draft.title), ("author", &draft.author), ("date", &draft.date)];
    if fields.iter().any(|(_, places)| !places.is_empty()) {
        text.push_str("\n[metadata]\n");
    }
    for (name, places) in fields.into_iter().filter(|(_, places)| !places.is_empty()) {
        let _ = writeln!(text, "{name} = {}", list(places));
    }
}

fn rules(text: &mut String, draft: &Draft) {
    if let Some((line, places)) = &draft.body {
        let why = format!("ftr, line {line}: `body`, the places where content stands");
        rule(text, "body", &why, "outside", &places.join(", "));
    }
    for strip in &draft.strips {
        let why = format!("ftr, line {}: `{}`", strip.line, strip.directive);
        rule(text, &format!("strip-{}", strip.line), &why, "selector", &strip.css);
    }
}

fn rule(text: &mut String, id: &str, why: &str, matcher: &str, css: &str) {
    let _ = writeln!(
        text,
        "\n[[rule]]\nid = {}\nwhy = {}\nlabel = \"boilerplate\"\n{matcher} = {}",
        quoted(id),
        quoted(why),
        quoted(css)
    );
}

/// A site with rules has a check; without a page of its own it asks for one.
fn checks(text: &mut String, draft: &Draft) {
    for (number, page) in draft.checks.iter().enumerate() {
        check(text, draft, number + 1, page);
    }
    if draft.checks.is_empty() && draft.rules() > 0 {
        check(text, draft, 1, &Page::default());
    }
}

fn check(text: &mut String, draft: &Draft, number: usize, page: &Page) {
    let place = format!("pages/{}/{number}.html", draft.site);
    let _ = writeln!(text, "\n[[check]] # save the page there\npage = {}", quoted(&place));
    if !page.url.is_empty() {
        let _ = writeln!(text, "url = {}", quoted(&page.url));
    }
    if page.contains.is_empty() {
        let _ = writeln!(text, "contains = [{}]", quoted(PLACEHOLDER));
    } else {
        let _ = writeln!(text, "contains = {}", list(&page.contains));
    }
}

fn list(values: &[String]) -> String {
    format!("[{}]", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "))
}

fn quoted(value: &str) -> String {
    toml::Value::from(value).to_string()
}

/// Comments must not hold control characters.
fn comment(value: &str) -> String {
    value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
