//! End-to-end cases: each directory of `tests/cases` with a `case.toml` is a test. `UPDATE=1` rewrites what is
//! expected; see `tests/cases/README.md`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;

/// What `case.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case shows.
    why: String,
    /// Arguments; `{out}` in them is a fresh directory, the working directory that of the case.
    args: Vec<String>,
    /// A file for the standard input, else it is empty.
    stdin: Option<PathBuf>,
    /// The exit code.
    #[serde(default)]
    exit: i32,
    /// Strings that must be in what is written.
    #[serde(default)]
    contains: Vec<String>,
    /// Strings that must not be in it.
    #[serde(default)]
    absent: Vec<String>,
    /// Whether nothing may be on the standard error.
    #[serde(default)]
    no_stderr: bool,
    /// Strings that must be on the standard error.
    #[serde(default)]
    stderr: Vec<String>,
    /// More arguments, with each of which the same must be written.
    #[serde(default)]
    same_with: Vec<Vec<String>>,
    /// The paths within `{out}` that there must be afterwards.
    files: Option<Vec<String>>,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match trials(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases")) {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => libtest_mimic::run(&arguments, vec![Trial::test("cases", move || Err(error.into()))]).exit_code(),
    }
}

fn trials(cases: &Path) -> Result<Vec<Trial>, String> {
    let told = |error: std::io::Error| format!("{}: {error}", cases.display());
    let mut trials = Vec::new();
    for entry in fs::read_dir(cases).map_err(told)? {
        let directory = entry.map_err(told)?.path();
        if directory.is_dir() {
            let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
            trials.push(Trial::test(name, move || run(&directory).map_err(|error| Failed::from(error.to_string()))));
        }
    }
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(trials)
}

fn run(directory: &Path) -> Result<(), Box<dyn Error>> {
    let case: Case = toml::from_str(&fs::read_to_string(directory.join("case.toml"))?)?;
    let (output, files) = execute(&case, directory, &[])?;
    let errors = String::from_utf8(output.stderr)?;
    if output.status.code() != Some(case.exit) {
        return Err(format!("{}: exit {:?}, not {}\n{errors}", case.why, output.status.code(), case.exit).into());
    }
    let written = written(&output.stdout, &files)?;
    check(&case, &written, &errors, &files)?;
    if let Some(expected) = expected_file(directory, &case)? {
        compare(&expected, &written)?;
    }
    for more in &case.same_with {
        let (output, files) = execute(&case, directory, more)?;
        if self::written(&output.stdout, &files)? != written {
            return Err(format!("{}: not the same with {more:?}", case.why).into());
        }
    }
    Ok(())
}

/// Files within `{out}`, by path.
type Files = BTreeMap<String, Vec<u8>>;

fn execute(case: &Case, directory: &Path, more: &[String]) -> Result<(Output, Files), Box<dyn Error>> {
    let out = tempfile::tempdir()?;
    let place = out.path().to_str().ok_or("the temporary directory's name is no UTF-8")?;
    let stdin = match &case.stdin {
        Some(file) => Stdio::from(File::open(directory.join(file))?),
        None => Stdio::null(),
    };
    let output = Command::new(env!("CARGO_BIN_EXE_dechrome"))
        .args(case.args.iter().chain(more).map(|argument| argument.replace("{out}", place)))
        .current_dir(directory)
        .stdin(stdin)
        .output()?;
    let mut files = Files::new();
    collect(out.path(), "", &mut files)?;
    Ok((output, files))
}

fn collect(directory: &Path, prefix: &str, files: &mut Files) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(&path)?);
        }
    }
    Ok(())
}

/// All that was written: the standard output, then each file below its name.
fn written(stdout: &[u8], files: &Files) -> Result<String, Box<dyn Error>> {
    let mut written = String::from_utf8(stdout.to_vec())?;
    for (name, bytes) in files {
        written.push_str(&["=== ", name, "\n", std::str::from_utf8(bytes)?].concat());
    }
    Ok(written)
}

fn check(case: &Case, written: &str, errors: &str, files: &Files) -> Result<(), String> {
    let why = &case.why;
    for text in &case.contains {
        if !written.contains(text) {
            return Err(format!("{why}: `{text}` is missing in\n{written}"));
        }
    }
    for text in &case.absent {
        if written.contains(text) {
            return Err(format!("{why}: `{text}` stands in\n{written}"));
        }
    }
    for text in &case.stderr {
        if !errors.contains(text) {
            return Err(format!("{why}: `{text}` is missing on the standard error:\n{errors}"));
        }
    }
    if case.no_stderr && !errors.is_empty() {
        return Err(format!("{why}: the standard error is not empty:\n{errors}"));
    }
    match &case.files {
        Some(expected) if !expected.iter().eq(files.keys()) => {
            Err(format!("{why}: files are {:?}, not {expected:?}", files.keys()))
        }
        _ => Ok(()),
    }
}

/// The case's `expected.*`. A case that expects nothing gets one with `UPDATE=1`.
fn expected_file(directory: &Path, case: &Case) -> Result<Option<PathBuf>, Box<dyn Error>> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.file_stem().is_some_and(|stem| stem == "expected") {
            return Ok(Some(path));
        }
    }
    let expects = case.exit != 0 || !(case.contains.is_empty() && case.stderr.is_empty() && case.files.is_none());
    match (expects, update()) {
        (true, _) => Ok(None),
        (false, true) => Ok(Some(directory.join("expected.txt"))),
        (false, false) => Err("the case expects nothing: UPDATE=1 writes its `expected.txt`".into()),
    }
}

fn compare(expected: &Path, written: &str) -> Result<(), Box<dyn Error>> {
    if update() {
        fs::write(expected, written)?;
    }
    let text = fs::read_to_string(expected)?;
    if text == written {
        return Ok(());
    }
    let line = text.lines().zip(written.lines()).take_while(|(a, b)| a == b).count() + 1;
    Err(format!("{}, line {line} differs (UPDATE=1 accepts):\n{written}", expected.display()).into())
}

fn update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}
