//! Lone surrogates in JSON escapes: JavaScript and Python write them, no UTF-8 can hold them.

/// Bytes of an escape: `\uXXXX`.
const ESCAPE: usize = 6;

/// Rewrites every `\u` escape of a lone UTF-16 surrogate to `\ufffd` in place, which has the same
/// length. Says whether there was one.
pub(super) fn mend(json: &mut [u8]) -> bool {
    let mut mended = false;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &json[at..]) {
        at += found;
        match unit(json, at) {
            Some(0xd800..=0xdbff) if matches!(unit(json, at + ESCAPE), Some(0xdc00..=0xdfff)) => at += 2 * ESCAPE,
            Some(0xd800..=0xdfff) => {
                json[at + 2..at + ESCAPE].copy_from_slice(b"fffd");
                mended = true;
                at += ESCAPE;
            }
            _ => at = (at + 2).min(json.len()),
        }
    }
    mended
}

/// The code unit of the `\u` escape that stands at `at`.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + ESCAPE)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::mend;

    #[test]
    fn only_lone_surrogates_are_rewritten() {
        let cases = [
            (r#""\ud800""#, r#""\ufffd""#),
            (r#""\uDFFF a""#, r#""\ufffd a""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\\ud800""#, r#""\\ud800""#),
            (r#""\\\ud800""#, r#""\\\ufffd""#),
            (r#""\ud800\n\udc00""#, r#""\ufffd\n\ufffd""#),
            (r#""\ud80""#, r#""\ud80""#),
            (r#""\u00e9 \"#, r#""\u00e9 \"#),
        ];
        for (given, expected) in cases {
            let mut bytes = given.as_bytes().to_vec();
            assert_eq!(mend(&mut bytes), given != expected, "{given}");
            assert_eq!(String::from_utf8(bytes).unwrap(), expected);
        }
    }
}
