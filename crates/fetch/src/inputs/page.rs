//! A file that is one page.

use std::io::Read;
use std::path::Path;

use dechrome_page::{Capture, Charset, Media};

use super::record::{Origin, Outcome, Record};
use super::source::Source;
use super::{InputError, STDIN};

/// Reads a whole file as one page.
pub(super) fn read(source: Source, origin: &Origin, media: Media) -> Record {
    let outcome = match body(source, origin) {
        Ok(body) => Outcome::Page(Capture {
            id: origin.path(),
            url: None,
            site: None,
            captured_at: None,
            directory: directory(&origin.path),
            media,
            charset: Charset::Unknown,
            body,
        }),
        Err(error) => Outcome::Failed(error),
    };
    origin.record(origin.path(), origin.byte(0), outcome)
}

fn body(mut source: Source, origin: &Origin) -> Result<Vec<u8>, InputError> {
    let mut body = Vec::new();
    let limit = origin.max_record_bytes as u64 + 1;
    match source.by_ref().take(limit).read_to_end(&mut body) {
        Ok(_) if body.len() > origin.max_record_bytes => Err(origin.too_large(origin.byte(0))),
        Ok(_) => Ok(body),
        Err(error) => Err(origin.damaged(origin.byte(source.offset()), error)),
    }
}

/// The directory of a file, `.` for a bare name; none for the standard input.
fn directory(path: &str) -> Option<String> {
    if path == STDIN {
        return None;
    }
    let parent = Path::new(path).parent()?.to_string_lossy().into_owned();
    Some(if parent.is_empty() { ".".to_owned() } else { parent })
}
