//! Running the program.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program in a directory.
pub(crate) fn dechrome(directory: &Path, args: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_dechrome");
    Command::new(program).args(args).current_dir(directory).stdin(Stdio::null()).output().unwrap()
}

/// Runs the program, which must succeed, and gives its output.
pub(crate) fn run(directory: &Path, args: &[&str]) -> String {
    let output = dechrome(directory, args);
    assert!(output.status.success(), "{args:?} {output:?}");
    String::from_utf8(output.stdout).unwrap()
}
