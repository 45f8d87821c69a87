//! Templates: built, applied, compared, and decided on by a person.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use std::fs;
use std::path::Path;

use common::{dechrome, run};
use tempfile::TempDir;

const NOTICE: &str = "Readers who wish to tell us something about their street may write to the desk at any hour.";

fn error(directory: &Path, args: &[&str]) -> String {
    let output = dechrome(directory, args);
    assert_eq!(output.status.code(), Some(2), "{args:?} {output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn text(number: usize) -> String {
    let word = ["harbour", "bridge", "school", "market", "river", "tower", "station", "theatre"][number % 8];
    format!(
        "The paper of the whole town\n\nThe {word} opened on Monday after ten years of work, and nobody in the {word} quarter \
         had expected so many guests to come.\n\n{NOTICE}\n\nThe {word} committee will meet again in autumn to talk about the \
         cost of the {word} and about those who are to pay for it. \"We knew what it would take,\" said its chair on Monday, \
         but she would not say how much of it had been spent."
    )
}

/// A directory with pages of a made-up paper, some of them learned in a file of statistics, and a template of them.
fn pages() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let line = |number: usize| {
        let page = serde_json::json!({
            "id": number.to_string(),
            "url": format!("https://paper.example/news/{number}"),
            "captured_at": format!("2026-03-{:02}T08:00:00Z", number + 1),
            "text": text(number),
        });
        format!("{page}\n")
    };
    fs::write(path.join("old.jsonl"), (0..6).map(line).collect::<String>()).unwrap();
    fs::write(path.join("new.jsonl"), (6..8).map(line).collect::<String>()).unwrap();
    fs::create_dir_all(path.join("config/pages")).unwrap();
    fs::write(path.join("config/pages/a.txt"), text(0)).unwrap();
    run(path, &["learn", "old.jsonl", "--stats", "old.stats"]);
    run(path, &["template", "build", "--stats", "old.stats", "-o", "templates"]);
    directory
}

fn template(directory: &Path, templates: &str) -> String {
    fs::read_to_string(directory.join(templates).join("paper.example.toml")).unwrap()
}

/// The id of the rule about the notice.
fn notice(template: &str) -> &str {
    let id = template.split("id = \"").find(|rest| rest.starts_with("readers-who-wish-to")).unwrap();
    &id[..id.find('"').unwrap()]
}

#[test]
fn the_same_pages_give_the_same_file_however_they_were_learned() {
    let directory = pages();
    let directory = directory.path();
    run(directory, &["template", "build", "old.jsonl", "-o", "again"]);
    let built = template(directory, "templates");
    assert_eq!(template(directory, "again"), built);
    assert!(built.contains("first = \"2026-03-01\"\nlast = \"2026-03-06\""), "{built}");
    assert!(built.contains("evidence = { documents = 6, of = 6, days = 6, sections = 1, "), "{built}");
}

#[test]
fn a_template_cleans_pages_that_it_was_not_learned_from_and_explains() {
    let directory = pages();
    let directory = directory.path();
    let cleaned = run(directory, &["clean", "new.jsonl", "--templates", "templates"]);
    assert!(!cleaned.contains("Readers who wish"), "{cleaned}");
    assert!(cleaned.contains("station committee") && cleaned.contains("theatre committee"), "{cleaned}");
    assert_eq!(run(directory, &["clean", "new.jsonl", "--templates", "templates", "--threads", "1"]), cleaned);
    let explained = run(directory, &["explain", "new.jsonl", "--templates", "templates"]);
    assert!(explained.contains("on 6 of 6 documents, 6 days, 1 section"), "{explained}");
    let explained = run(directory, &["explain", "new.jsonl", "--stats", "old.stats", "--block", "2"]);
    assert!(explained.contains("on 6 of 6 other documents, 6 days, 1 section"), "{explained}");
    let error = error(directory, &["clean", "new.jsonl", "--templates", "nowhere"]);
    assert!(error.contains("`nowhere` is no directory of templates"), "{error}");
}

#[test]
fn a_template_of_two_documents_costs_no_text() {
    let directory = pages();
    let directory = directory.path();
    run(directory, &["template", "build", "new.jsonl", "-o", "of-two"]);
    let cleaned = run(directory, &["clean", "new.jsonl", "--templates", "of-two"]);
    for word in ["station", "theatre"] {
        assert!(cleaned.contains(&format!("The {word} opened on Monday")), "{word}: {cleaned}");
        assert!(cleaned.contains(&format!("The {word} committee will meet")), "{word}: {cleaned}");
    }
}

#[test]
fn differences_are_shown() {
    let directory = pages();
    let directory = directory.path();
    run(directory, &["template", "build", "new.jsonl", "-o", "newer"]);
    assert_eq!(run(directory, &["template", "diff", "templates", "newer"]), "", "2 of 2 is what 6 of 6 was");
    let built = template(directory, "templates");
    let rule = notice(&built);
    run(directory, &["template", "reject", "paper.example", rule]);
    run(directory, &["template", "build", "new.jsonl", "-o", "newer", "--config", "config"]);
    let files = ["template", "diff", "templates/paper.example.toml", "newer"];
    let diff: serde_json::Value = serde_json::from_str(&run(directory, &[&files[..], &["--json"]].concat())).unwrap();
    assert_eq!(diff["sites"][0]["documents"], serde_json::json!([6, 2]));
    let change = &diff["sites"][0]["changes"][0];
    assert_eq!((&change["id"], &change["change"], &change["documents"]), (&rule.into(), &"removed".into(), &6.into()));
    let shown = run(directory, &files);
    assert!(shown.starts_with("paper.example, 6 → 2 documents\n") && shown.contains(rule), "{shown}");
    let status = run(directory, &["template", "status", "--stats", "old.stats"]);
    assert!(status.contains("paper.example") && status.contains("2 since 2026-03-05"), "{status}");
    let hits = run(directory, &["template", "status", "--stats", "old.stats", "--hits"]);
    let line = hits.lines().find(|line| line.ends_with(rule)).expect("every rule");
    assert!(line.contains("100 %") && line.contains("2 of 2") && !line.contains("stale"), "{line}");
}

#[test]
fn status_shows_how_much_of_the_pages_is_links_before_and_now() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let line = |day: usize| {
        let links = if day <= 4 { 1 } else { 6 };
        let html = format!(
            "<ul>{}</ul><p>On day {day} nobody in the old quarter had expected so many guests to come to the harbour.</p>",
            "<li><a href=/b>The front page of the paper</a></li>".repeat(links)
        );
        let page = serde_json::json!({
            "id": day.to_string(),
            "url": format!("https://paper.example/news/{day}"),
            "captured_at": format!("2026-03-{day:02}T08:00:00Z"),
            "html": html,
        });
        format!("{page}\n")
    };
    fs::write(directory.join("pages.jsonl"), (1..=6).map(line).collect::<String>()).unwrap();
    run(directory, &["learn", "pages.jsonl", "--stats", "pages.stats"]);
    run(directory, &["template", "build", "--stats", "pages.stats", "-o", "templates"]);
    let status = ["template", "status", "--stats", "pages.stats"];
    let shown = run(directory, &status);
    assert!(shown.contains("links") && shown.contains("46 % → 65 %"), "{shown}");
    let json: serde_json::Value = serde_json::from_str(&run(directory, &[&status[..], &["--json"]].concat())).unwrap();
    let links = |when: &str| json["sites"][0][when]["links"].as_f64().unwrap();
    assert!((links("usual") - 0.46).abs() < 0.01 && (links("now") - 0.65).abs() < 0.01, "{json}");
}

#[test]
fn a_person_decides() {
    let directory = pages();
    let directory = directory.path();
    let built = template(directory, "templates");
    let rule = notice(&built);
    let accept = ["template", "accept", "paper.example", rule];
    let refused = error(directory, &accept);
    assert!(refused.contains("a site with rules has a `[[check]]` on a saved page"), "{refused}");
    assert!(!directory.join("config/sites/paper.example.toml").exists());

    fs::write(directory.join("config/pages/empty.txt"), "").unwrap();
    for page in ["pages/none.txt", "pages/empty.txt"] {
        let refused = error(directory, &[&accept[..], &["--check", page]].concat());
        assert!(refused.contains(&format!("cannot use `config/{page}` of `--check`")), "{refused}");
        assert!(!directory.join("config/sites").exists());
    }

    run(directory, &[&accept[..], &["--check", "pages/a.txt"]].concat());
    let explained = run(directory, &["explain", "new.jsonl", "--config", "config"]);
    assert!(explained.contains(rule), "{explained}");
    let unknown = error(directory, &["template", "keep", "paper.example", "no-such-rule"]);
    assert!(unknown.contains("has no rule `no-such-rule`"), "{unknown}");
    let unknown = error(directory, &["template", "keep", "other.example", rule]);
    assert!(unknown.contains("there is no template of `other.example` in `templates`"), "{unknown}");
}

#[test]
fn what_is_rejected_stays_rejected() {
    let directory = pages();
    let directory = directory.path();
    let built = template(directory, "templates");
    let rule = notice(&built);
    run(directory, &["template", "reject", "paper.example", rule]);
    let clean = ["clean", "new.jsonl", "--templates", "templates"];
    let kept = run(directory, &[&clean[..], &["--config", "config"]].concat());
    assert!(kept.contains("Readers who wish"), "{kept}");
    let config = fs::read_to_string(directory.join("config/sites/paper.example.toml")).unwrap();
    run(directory, &["template", "accept", "paper.example", rule, "--check", "pages/a.txt"]);
    run(directory, &["check", "paper.example"]);
    run(directory, &["template", "reject", "paper.example", rule]);
    assert_eq!(fs::read_to_string(directory.join("config/sites/paper.example.toml")).unwrap(), config);
    assert!(!run(directory, &clean).contains("Readers who wish"));
    run(directory, &["template", "build", "--stats", "old.stats", "-o", "templates", "--config", "config"]);
    assert!(!template(directory, "templates").contains(rule));
    for learning in [&["clean", "old.jsonl"][..], &["clean", "new.jsonl", "--stats", "old.stats", "--learn", "off"]] {
        assert!(!run(directory, learning).contains("Readers who wish"), "{learning:?}");
        let kept = run(directory, &[learning, &["--config", "config"]].concat());
        assert!(kept.contains("Readers who wish"), "{learning:?}: {kept}");
    }
}
