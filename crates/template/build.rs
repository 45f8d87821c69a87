//! Lists the workspace's `config/` files, so that the library holds them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../config");
    let mut code = String::new();
    for (name, folder) in [("SITES", "sites"), ("CUES", "cues")] {
        let directory = root.join(folder);
        println!("cargo::rerun-if-changed={}", directory.display());
        code.push_str(&table(name, folder, &toml_files(&directory)?));
    }
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join("embedded.rs");
    fs::write(out, code)
}

/// The directory's TOML files by name. Sorted, so that builds are reproducible.
fn toml_files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let directory = directory.canonicalize()?;
    let entries =
        fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    let mut files: Vec<PathBuf> =
        entries.into_iter().filter(|path| path.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    Ok(files)
}

/// A table of `(path from the repository's root, text)`.
fn table(name: &str, folder: &str, files: &[PathBuf]) -> String {
    let mut code = format!("pub(crate) const {name}: &[(&str, &str)] = &[\n");
    for file in files {
        let base = file.file_name().unwrap_or_default().to_string_lossy();
        let path = file.display().to_string();
        let _ = writeln!(code, "    ({:?}, include_str!({path:?})),", format!("config/{folder}/{base}"));
    }
    code.push_str("];\n");
    code
}
