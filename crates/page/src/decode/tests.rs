use std::fs::File;
use std::io::Read;
use std::path::Path;

use proptest::prelude::*;

use super::*;

fn unknown(body: &[u8]) -> Decoded<'_> {
    decode(body, &Charset::Unknown, Media::Html)
}

fn encode(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

const RUSSIAN: &str = "Съешь же ещё этих мягких французских булок, да выпей чаю. В лесу родилась ёлочка.";
const JAPANESE: &str = "吾輩は猫である。名前はまだ無い。どこで生れたか頓と見当がつかぬ。";
const GERMAN: &str = "Über die Höhe der Bäume müßte man größere Bücher schreiben können.";

#[test]
fn table_of_labels_and_bytes() {
    let cases: &[(&str, &[u8], &str, &str)] = &[
        ("UTF-8 mark beats a label", b"\xEF\xBB\xBFd\xC3\xA9j\xC3\xA0", "windows-1251", "déjà"),
        ("UTF-16LE mark", b"\xFF\xFEh\0i\0", "", "hi"),
        ("UTF-16BE mark", b"\xFE\xFF\0h\0i", "utf-8", "hi"),
        ("UTF-16 without a mark", b"<\0p\0>\0h\0i\0", "", "<p>hi"),
        ("UTF-16BE declared", b"\0<\0p\0>\0h", "utf-16be", "<p>h"),
        ("UTF-16 declared of bytes that are none", b"<p>plain", "utf-16", "<p>plain"),
        ("a label's spelling", b"\xE0", " CP1251 ", "а"),
        ("latin1 means windows-1252", b"\x93q\x94", "latin1", "“q”"),
        ("transport beats meta", b"<meta charset=koi8-r>\xE0", "windows-1251", "<meta charset=koi8-r>а"),
        ("unknown label, then meta", b"<meta charset=koi8-r>\xC1", "klingon", "<meta charset=koi8-r>а"),
        ("meta", b"<meta charset=windows-1251>\xE0", "", "<meta charset=windows-1251>а"),
        ("x-user-defined", b"<meta charset=x-user-defined>\xE9", "", "<meta charset=x-user-defined>é"),
        (
            "XML declaration",
            b"<?xml version='1.0' encoding='koi8-r'?>\xC1",
            "",
            "<?xml version='1.0' encoding='koi8-r'?>а",
        ),
        ("legacy label on UTF-8", b"d\xC3\xA9j\xC3\xA0", "iso-8859-1", "déjà"),
        ("replacement is no label", b"<p>hello", "iso-2022-kr", "<p>hello"),
        ("short GBK that is valid UTF-8 by chance", b"\xC1\xAA\xCD\xA8", "gbk", "联通"),
        ("escape sequences", b"\x1b$B\x24\x22\x1b(B", "iso-2022-jp", "あ"),
    ];
    for (why, body, label, text) in cases {
        let charset = if label.is_empty() { Charset::Unknown } else { Charset::Declared((*label).to_owned()) };
        let decoded = decode(body, &charset, Media::Html);
        assert_eq!((decoded.text.as_ref(), decoded.lossy), (*text, false), "{why}: {}", decoded.encoding);
    }
}

#[test]
fn detects_unlabelled_legacy_text() {
    for (label, text) in [
        ("windows-1251", RUSSIAN),
        ("KOI8-U", RUSSIAN),
        ("Shift_JIS", JAPANESE),
        ("EUC-JP", JAPANESE),
        ("windows-1252", GERMAN),
    ] {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let page = format!("<p>{}</p><script>{}</script>", "a ".repeat(DETECT), "x".repeat(200));
        let body = [page.into_bytes(), encode(encoding, text)].concat();
        let decoded = unknown(&body);
        assert_eq!(decoded.encoding, label);
        assert!(decoded.text.ends_with(text), "{label}");
    }
}

#[test]
fn a_wrong_utf8_label_goes_to_the_detector() {
    let body = encode(WINDOWS_1252, GERMAN);
    let decoded = decode(&body, &Charset::Declared("utf-8".into()), Media::Html);
    assert_eq!((decoded.text.as_ref(), decoded.encoding), (GERMAN, "windows-1252"));
}

#[test]
fn one_bad_byte_does_not_lose_a_page() {
    let body = [GERMAN.as_bytes(), b"\xFF", RUSSIAN.as_bytes()].concat();
    for charset in [Charset::Unknown, Charset::Utf8, Charset::Declared("utf-8".into())] {
        let decoded = decode(&body, &charset, Media::Html);
        assert_eq!(decoded.text, format!("{GERMAN}\u{FFFD}{RUSSIAN}"));
        assert!(decoded.lossy);
    }
}

#[test]
fn a_meta_beyond_the_prescan_is_still_better_than_a_guess() {
    let mut body = vec![b' '; 4000];
    body.extend_from_slice(b"<meta charset=iso-8859-2>\xE6");
    assert_eq!(unknown(&body).encoding, "ISO-8859-2");
}

#[test]
fn flat_text_has_no_meta() {
    let decoded = decode(b"<meta charset=utf-16be> \xE4h", &Charset::Unknown, Media::Text);
    assert_eq!(decoded.text, "<meta charset=utf-16be> äh");
}

#[test]
fn known_utf8_is_only_validated() {
    let body = b"<meta charset=koi8-r>\xD0\xB0";
    let decoded = decode(body, &Charset::Utf8, Media::Html);
    assert_eq!(decoded.text, "<meta charset=koi8-r>а");
    assert_eq!(decode(b"\xFF\xFEa", &Charset::Utf8, Media::Html).text, "\u{FFFD}\u{FFFD}a");
}

#[test]
fn valid_utf8_is_borrowed() {
    for body in ["plain", "déjà", "\u{FEFF}marked"] {
        assert!(matches!(unknown(body.as_bytes()).text, Cow::Borrowed(_)), "{body}");
    }
}

/// One `#data` … `#encoding` case of the html5lib suite.
fn html5lib_cases(file: &[u8]) -> Vec<(&[u8], String)> {
    let mut cases = Vec::new();
    let mut rest = file;
    while let Some(start) = memchr::memmem::find(rest, b"#data\n") {
        let data = &rest[start + 6..];
        let end = memchr::memmem::find(data, b"\n#encoding\n").unwrap();
        let label = data[end + 11..].split(|&byte| byte == b'\n').next().unwrap();
        cases.push((&data[..end], String::from_utf8(label.to_vec()).unwrap()));
        rest = &data[end + 11..];
    }
    cases
}

#[test]
fn html5lib_encoding_tests() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/html5lib-tests.tar.zst");
    let Ok(file) = File::open(&path) else {
        println!("skipped: {} is absent", path.display());
        return;
    };
    let mut archive = tar::Archive::new(zstd::Decoder::new(file).unwrap());
    let mut tried = 0;
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().into_owned();
        // `scripted` wants a browser that runs scripts.
        if path.parent() != Some(Path::new("encoding")) || path.extension().is_none_or(|e| e != "dat") {
            continue;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        for (data, label) in html5lib_cases(&bytes) {
            let expected = Encoding::for_label(label.as_bytes()).unwrap();
            let marked = Encoding::for_bom(data).map(|(encoding, _)| encoding);
            let found = marked.or_else(|| prescan::prescan(head(data, LATE_PRESCAN))).unwrap_or(WINDOWS_1252);
            assert_eq!(found, expected, "{}: {}", path.display(), String::from_utf8_lossy(data));
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried} cases");
}

#[test]
fn prescan_table() {
    for (page, expected) in [
        ("<!--><meta charset=koi8-r>", Some("KOI8-R")),
        ("<!-- <meta charset=koi8-r> ", None),
        ("<a title='<meta charset=koi8-r>'>", None),
        ("<META/CHARSET='koi8-r'/>", Some("KOI8-R")),
        ("<meta charset=nonsense><meta charset=koi8-r>", Some("KOI8-R")),
        ("<meta http-equiv=refresh content='0;charset=koi8-r'>", None),
        ("<meta content='charset charset = koi8-r' http-equiv=CONTENT-TYPE>", Some("KOI8-R")),
        ("<meta charset=koi8-r charset=utf-8>", Some("KOI8-R")),
        ("<meta charset=utf-16>", Some("UTF-8")),
        ("<?xml encoding=\"koi8-r\"?>", Some("KOI8-R")),
        ("<?xml encoding=koi8-r?>", None),
        ("<?xml encoding='koi8-r'?><meta charset=utf-8>", Some("UTF-8")),
    ] {
        assert_eq!(prescan::prescan(page.as_bytes()).map(Encoding::name), expected, "{page}");
    }
}

proptest! {
    #[test]
    fn never_panics(body: Vec<u8>, label in "[a-z0-9-]{0,12}", which in 0..3) {
        let charset = match which { 0 => Charset::Utf8, 1 => Charset::Unknown, _ => Charset::Declared(label) };
        for media in [Media::Html, Media::Text] {
            let decoded = decode(&body, &charset, media);
            prop_assert!(Encoding::for_label(decoded.encoding.as_bytes()).is_some());
        }
    }

    #[test]
    fn tag_soup_never_panics(body in "(<meta|<!--|-->|<\\?xml| encoding|charset|=|'|\"|>|</|koi8-r| content|[ -~é]){0,40}") {
        unknown(body.as_bytes());
        prescan::prescan(body.as_bytes());
    }

    #[test]
    fn utf8_text_is_kept(text: String) {
        let decoded = decode(text.as_bytes(), &Charset::Utf8, Media::Html);
        prop_assert_eq!(decoded.text.as_ref(), text.strip_prefix('\u{FEFF}').unwrap_or(&text));
    }
}
