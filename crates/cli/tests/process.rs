//! What data cannot say of the program: the reader of its output goes, Ctrl-C, and two runs that must agree.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

const PAGE: &str =
    "{\"id\":\"a\",\"html\":\"<p>The ferry left at seven, with eleven goats and the harbour master on board.\"}\n";

fn spawn(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_dechrome"))
        .args(["clean", "-", "--learn", "off", "--threads", "1", "--format", "jsonl"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Gives the program pages, the first alone enough to be recognised as JSON Lines, and waits for the first's record.
fn clean_one(child: &mut Child) -> BufReader<ChildStdout> {
    // More than the program looks at to recognise a format, less than fills a pipe.
    child.stdin.as_mut().unwrap().write_all(PAGE.repeat(20).as_bytes()).unwrap();
    let mut output = BufReader::with_capacity(1, child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert!(line.contains("eleven goats"), "{line}");
    output
}

fn end(mut child: Child) -> (Option<i32>, String) {
    drop(child.stdin.take());
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    (child.wait().unwrap().code(), errors)
}

#[test]
fn a_reader_that_goes_is_no_failure() {
    let mut child = spawn(&[]);
    drop(clean_one(&mut child));
    // Another test's process may hold a copy of the closed end between its fork and its exec: the program may find its
    // output closed some pages later.
    let input = child.stdin.as_mut().unwrap();
    (0..100_000).take_while(|_| input.write_all(PAGE.as_bytes()).is_ok()).for_each(drop);
    assert_eq!(end(child), (Some(0), String::new()));
}

#[test]
fn an_interrupt_keeps_what_was_cleaned() {
    let directory = tempfile::tempdir().unwrap();
    let dropped = directory.path().join("dropped.jsonl");
    let mut child = spawn(&["--dropped", dropped.to_str().unwrap()]);
    let mut output = clean_one(&mut child);
    // The program waits for more input, or for its output to be read: it has not ended.
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let mut rest = String::new();
    drop(child.stdin.take());
    output.read_to_string(&mut rest).unwrap();
    let (code, errors) = end(child);
    assert_eq!(code, Some(130), "{errors}");
    let told = format!("interrupted after {} records; they are in ", rest.lines().count() + 1);
    assert!(errors.starts_with(&told), "{told} {errors}");
    assert!(!dropped.exists() && directory.path().join("dropped.jsonl.part").exists());
}

#[test]
fn eval_scores_what_clean_writes() {
    let set = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cases/eval/pages.jsonl");
    let directory = tempfile::tempdir().unwrap();
    let cleaned = directory.path().join("cleaned.jsonl");
    let cleaned = cleaned.to_str().unwrap();
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_dechrome")).args(args).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["clean", set, "-o", cleaned]);
    let by_itself = run(&["eval", set, "--json"]);
    assert!(by_itself.contains(r#""pages":3"#), "{by_itself}");
    assert_eq!(run(&["eval", set, "--json", "--predictions", cleaned]), by_itself);
}

#[test]
fn an_output_is_compressed_as_its_name_says() {
    let directory = tempfile::tempdir().unwrap();
    let cleaned = |name: &str, dropped: &str| {
        let place = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
        let (output, dropped) = (place(name), place(dropped));
        let mut child = spawn(&["-o", &output, "--dropped", &dropped]);
        child.stdin.as_mut().unwrap().write_all(PAGE.repeat(3).as_bytes()).unwrap();
        assert_eq!(end(child).0, Some(0));
        [output, dropped].map(|file| std::fs::read(file).unwrap())
    };
    let [plain, dropped] = cleaned("a.jsonl", "d.jsonl");
    let [gzip, zstd] = cleaned("a.jsonl.gz", "d.jsonl.zst");
    let mut unzipped = Vec::new();
    flate2::bufread::GzDecoder::new(&*gzip).read_to_end(&mut unzipped).unwrap();
    assert_eq!(unzipped, plain);
    assert!(String::from_utf8(plain).unwrap().contains("eleven goats"));
    assert_eq!(zstd::decode_all(&*zstd).unwrap(), dropped);
}
