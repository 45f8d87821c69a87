//! Where documents go: a stream, a file that appears when it is whole, or a directory.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use dechrome_text::{Directory, Document, FailedDocument, Format, WriteError, Writer};
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

use super::cleaner::{Cleaned, Why};
use crate::input::is_standard;
use crate::table;

/// Widest line of `pretty`: longer ones are hard to read.
const MAX_WIDTH: u16 = 100;

/// Where documents go, and what was dropped.
pub(super) struct Output {
    documents: Documents,
    dropped: Option<Sink>,
}

enum Documents {
    Stream(Writer<Sink>),
    Directory(Directory),
}

impl Output {
    /// Opens the outputs.
    ///
    /// # Errors
    /// They cannot be made, or the format does not go with a directory.
    pub(super) fn open(output: &Path, format: Option<Format>, dropped: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(directory) = dropped.filter(|path| is_directory(path)) {
            bail!("`{}` is a directory: what was dropped is one file of JSON Lines, name it", directory.display());
        }
        let documents = if is_directory(output) {
            Documents::Directory(Directory::create(output, directory_format(format)?)?)
        } else {
            let format = fitted(format.unwrap_or_else(|| default_format(output)));
            Documents::Stream(Writer::new(Sink::open(output)?, format))
        };
        Ok(Self { documents, dropped: dropped.map(Sink::open).transpose()? })
    }

    /// Writes what came of a record.
    ///
    /// # Errors
    /// An output takes no more.
    pub(super) fn write(&mut self, result: &Cleaned) -> anyhow::Result<()> {
        match result {
            Cleaned::Document { document, dropped, .. } => {
                self.documents.write(document)?;
                if let Some(sink) = &mut self.dropped {
                    sink.write_all(dropped).context("cannot write what was dropped")?;
                }
            }
            Cleaned::NoPage(no_page) if no_page.why == Why::PassedOver => {}
            Cleaned::NoPage(no_page) => self.documents.write_failure(&no_page.document())?,
        }
        Ok(())
    }

    /// Puts files in their places.
    ///
    /// # Errors
    /// What is still held cannot be written.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        for sink in self.sinks()? {
            sink.finish()?;
        }
        Ok(())
    }

    /// Puts unfinished files beside their places, and says which.
    ///
    /// # Errors
    /// As [`Output::finish`].
    pub(super) fn keep_part(self) -> anyhow::Result<Vec<PathBuf>> {
        let mut kept = Vec::new();
        for sink in self.sinks()? {
            kept.extend(sink.keep_part()?);
        }
        Ok(kept)
    }

    fn sinks(self) -> anyhow::Result<impl Iterator<Item = Sink>> {
        let documents = match self.documents {
            Documents::Stream(writer) => Some(writer.finish()?),
            Documents::Directory(_) => None,
        };
        Ok(documents.into_iter().chain(self.dropped))
    }
}

impl Documents {
    fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        match self {
            Self::Stream(writer) => writer.write(document),
            Self::Directory(directory) => directory.write(document).map(drop),
        }
    }

    fn write_failure(&mut self, failed: &FailedDocument) -> Result<(), WriteError> {
        match self {
            Self::Stream(writer) => writer.write_failure(failed),
            Self::Directory(directory) => directory.write_failure(failed).map(drop),
        }
    }
}

/// A stream, compressed if its name says so.
enum Sink {
    Plain(Target),
    Gzip(GzEncoder<Target>),
    Zstd(zstd::Encoder<'static, Target>),
}

impl Sink {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let target = Target::open(path)?;
        Ok(match extension(path).as_str() {
            "gz" => Self::Gzip(GzEncoder::new(target, flate2::Compression::default())),
            "zst" | "zstd" => Self::Zstd(zstd::Encoder::new(target, zstd::DEFAULT_COMPRESSION_LEVEL)?),
            _ => Self::Plain(target),
        })
    }

    fn finish(self) -> anyhow::Result<()> {
        self.end()?.finish()
    }

    fn keep_part(self) -> anyhow::Result<Option<PathBuf>> {
        self.end()?.keep_part()
    }

    /// Writes what the compression still holds.
    fn end(self) -> anyhow::Result<Target> {
        let target = match self {
            Self::Plain(target) => Ok(target),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        };
        target.context("cannot write to the output")
    }

    fn stream(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(target) => target,
            Self::Gzip(encoder) => encoder,
            Self::Zstd(encoder) => encoder,
        }
    }
}

impl Write for Sink {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream().write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream().flush()
    }
}

/// Where bytes go.
enum Target {
    Stdout(io::Stdout),
    /// A device or pipe.
    Special(File),
    /// A file, hidden beside its place until it is whole.
    File {
        part: NamedTempFile,
        place: PathBuf,
    },
}

impl Target {
    fn open(path: &Path) -> anyhow::Result<Self> {
        if is_standard(path) {
            return Ok(Self::Stdout(io::stdout()));
        }
        let cannot = || format!("cannot write `{}`", path.display());
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            return Ok(Self::Special(File::options().write(true).open(path).with_context(cannot)?));
        }
        // The file that a link leads to is replaced, not the link.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let part = part_file(parent).with_context(cannot)?;
        Ok(Self::File { part, place })
    }

    fn finish(mut self) -> anyhow::Result<()> {
        self.flush().context("cannot write to the output")?;
        if let Self::File { part, place } = self {
            part.persist(&place).with_context(|| format!("cannot write `{}`", place.display()))?;
        }
        Ok(())
    }

    fn keep_part(mut self) -> anyhow::Result<Option<PathBuf>> {
        self.flush().context("cannot write to the output")?;
        let Self::File { part, place } = self else { return Ok(None) };
        let mut name = place.into_os_string();
        name.push(".part");
        let place = PathBuf::from(name);
        part.persist(&place).with_context(|| format!("cannot write `{}`", place.display()))?;
        Ok(Some(place))
    }

    fn stream(&mut self) -> &mut dyn Write {
        match self {
            Self::Stdout(stdout) => stdout,
            Self::Special(file) => file,
            Self::File { part, .. } => part,
        }
    }
}

impl Write for Target {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream().write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream().flush()
    }
}

/// A hidden file, which [`dechrome_fetch::Inputs`] passes over, with the permissions of any new file.
fn part_file(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dechrome-");
    #[cfg(unix)]
    let permissions = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    builder.tempfile_in(directory)
}

/// Whether an output is a directory: one there is, or a name that says so.
pub(super) fn is_directory(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/')
}

fn directory_format(format: Option<Format>) -> anyhow::Result<Format> {
    match format {
        None => Ok(Format::Text),
        Some(format @ (Format::Text | Format::Markdown | Format::Html)) => Ok(format),
        Some(other) => bail!("`{other}` goes into one file; a directory takes text, markdown or html"),
    }
}

/// The extension, lower-case.
fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

/// The format by the output's extension within any compression's, else by who reads it.
fn default_format(path: &Path) -> Format {
    match extension(path).as_str() {
        "gz" | "zst" | "zstd" => default_format(&path.with_extension("")),
        "txt" | "text" => Format::Text,
        "md" | "markdown" => Format::Markdown,
        "html" | "htm" => Format::Html,
        "" if is_standard(path) && io::stdout().is_terminal() => Format::Pretty { width: MAX_WIDTH },
        _ => Format::JsonLines,
    }
}

/// The format, as wide as the terminal where that matters.
fn fitted(format: Format) -> Format {
    match format {
        Format::Pretty { .. } => Format::Pretty { width: table::terminal_width().min(MAX_WIDTH) },
        other => other,
    }
}
