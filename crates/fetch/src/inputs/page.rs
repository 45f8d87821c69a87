//! A file that is one page.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;

use dechrome_page::{Capture, Charset, Media, host_of_directory};

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
            directory: directory(&origin.path, origin.root.as_deref()),
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

/// The directory that stands for a file's site; none for the standard input. Mirrors name one after the host, so that is the
/// first so named from the `root` on. Else it is the root, as subjects, years and slugs are no sites; without a root the
/// file's own, `.` for a bare name.
fn directory(path: &str, root: Option<&Path>) -> Option<String> {
    if path == STDIN {
        return None;
    }
    let parent = Path::new(path).parent()?;
    let above = root.and_then(Path::parent).unwrap_or(Path::new(""));
    let mut names = parent.strip_prefix(above).unwrap_or(parent).iter().filter_map(OsStr::to_str);
    if let Some(host) = names.find_map(host_of_directory) {
        return Some(host.to_owned());
    }
    // One spelling: no `./` before it, no slash behind.
    let directory = root.unwrap_or(parent).components().as_path();
    let directory = directory.strip_prefix(".").unwrap_or(directory).to_string_lossy();
    Some(if directory.is_empty() { ".".to_owned() } else { directory.into_owned() })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::directory;

    #[test]
    fn a_directory_stands_for_its_site() {
        for (path, root, expected) in [
            ("mirror/inn.example/2024/slug/index.html", Some("mirror"), "inn.example"),
            ("mirror/inn.example/2024/slug/index.html", Some("mirror/inn.example"), "inn.example"),
            (
                "./mirror/inn.example/2024/slug/index.html",
                Some("./mirror/inn.example/2024/"),
                "mirror/inn.example/2024",
            ),
            ("./www.inn.co.uk/a.html", Some("."), "www.inn.co.uk"),
            ("inn.com:8080/index.html", Some("inn.com:8080/"), "inn.com"),
            ("web/inn.com/links/other.org/a.html", Some("web"), "inn.com"),
            ("crawl/news/2024/a/index.html", Some("crawl"), "crawl"),
            ("crawl/v1.2/a.html", Some("crawl"), "crawl"),
            ("crawl/notes.old/a.html", Some("/crawl"), "/crawl"),
            ("inn.com/2024/a.html", None, "inn.com"),
            ("crawl/news/a.html", None, "crawl/news"),
            ("./a.html", Some("."), "."),
            ("a.html", None, "."),
        ] {
            assert_eq!(directory(path, root.map(Path::new)).as_deref(), Some(expected), "{path} in {root:?}");
        }
        assert_eq!(directory("-", None), None);
    }
}
