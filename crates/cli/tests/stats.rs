//! Statistics in a file: learned at once or in parts, by a program that is killed, and applied.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use common::{dechrome, run};
use tempfile::TempDir;

/// A page of a made-up paper as a JSON line. The notice in it is long and stands where articles do: only its
/// recurrence tells that it is none.
fn page(number: usize) -> String {
    let word = ["harbour", "bridge", "school", "market", "river", "tower", "station", "theatre"][number % 8];
    let text = format!(
        "The paper of the whole town\\n\\nThe {word} opened on Monday after ten years of work, and nobody in the {word} quarter \
         had expected so many guests to come.\\n\\nReaders who wish to tell us something about their street may write to the \
         desk at any hour of the day or night.\\n\\nThe {word} committee will meet again in autumn to talk about the cost of \
         the {word} and about those who are to pay for it."
    );
    format!("{{\"id\":\"{number}\",\"url\":\"https://paper.example/news/{number}\",\"text\":\"{text}\"}}\n")
}

/// A directory with the pages of a site in two files and in one.
fn pages() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let part = |range: std::ops::Range<usize>| range.map(page).collect::<String>();
    for (name, content) in [("a.jsonl", part(0..3)), ("b.jsonl", part(3..8)), ("all.jsonl", part(0..8))] {
        fs::write(directory.path().join(name), content).unwrap();
    }
    directory
}

const FROZEN: [&str; 5] = ["clean", "all.jsonl", "--learn", "off", "--stats"];

fn cleaned(directory: &Path, stats: &str) -> String {
    run(directory, &[&FROZEN[..], &[stats]].concat())
}

#[test]
fn parts_merged_are_the_whole_and_learning_again_changes_nothing() {
    let directory = pages();
    let directory = directory.path();
    run(directory, &["learn", "a.jsonl", "--stats", "a.stats"]);
    run(directory, &["learn", "b.jsonl", "--stats", "b.stats"]);
    run(directory, &["merge", "b.stats", "a.stats", "b.stats", "-o", "b.stats"]);
    run(directory, &["learn", "all.jsonl", "--stats", "all.stats"]);
    let whole = cleaned(directory, "all.stats");
    assert_eq!(cleaned(directory, "b.stats"), whole);
    let again = dechrome(directory, &["learn", "b.jsonl", "a.jsonl", "--stats", "all.stats"]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("holds 1 sites with 8 documents"), "{again:?}");
    assert_eq!(cleaned(directory, "all.stats"), whole);
    // The pages of the run know the same as the file, and nothing when there is none.
    assert_eq!(run(directory, &["clean", "all.jsonl"]), whole);
    assert_eq!(run(directory, &["clean", "all.jsonl", "--stats", "a.stats"]), whole);
    assert_ne!(run(directory, &["clean", "all.jsonl", "--learn", "off"]), whole);
}

#[test]
fn a_killed_program_leaves_statistics_that_can_be_learned_into() {
    let directory = pages();
    let directory = directory.path();
    run(directory, &["learn", "a.jsonl", "--stats", "killed.stats"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_dechrome"))
        .args(["learn", "-", "--stats", "killed.stats"])
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // More than a pipe holds: when it is written the program is reading, and waits for more.
    child.stdin.as_mut().unwrap().write_all(page(3).repeat(1_000).as_bytes()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    cleaned(directory, "killed.stats");
    run(directory, &["learn", "b.jsonl", "--stats", "killed.stats"]);
    run(directory, &["learn", "all.jsonl", "--stats", "all.stats"]);
    assert_eq!(cleaned(directory, "killed.stats"), cleaned(directory, "all.stats"));
}

#[test]
fn what_is_no_statistics_is_refused_and_left_alone() {
    let directory = pages();
    let directory = directory.path();
    let before = fs::read(directory.join("b.jsonl")).unwrap();
    for args in [
        &["learn", "a.jsonl", "--stats", "b.jsonl"][..],
        &["merge", "b.jsonl", "-o", "merged.stats"],
        &["clean", "a.jsonl", "--stats", "b.jsonl"],
    ] {
        let output = dechrome(directory, args);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains("`b.jsonl` holds no statistics"), "{error}");
    }
    assert_eq!(fs::read(directory.join("b.jsonl")).unwrap(), before);
    let output = dechrome(directory, &["learn", "a.jsonl", "--stats", "a.jsonl"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("both as an input and for the statistics"), "{output:?}");
    let files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files.len(), 3, "{files:?}");
}
