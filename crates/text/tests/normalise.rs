//! Normalisation: a table, and what holds for any text.

use std::borrow::Cow;

use dechrome_text::{Spacing, normalise};
use proptest::prelude::*;
use unicode_normalization::is_nfc;

#[test]
fn table() {
    use Spacing::{Code, Line, Prose};
    for (spacing, text, want) in [
        (Prose, "", ""),
        (Prose, "plain text\nnext", "plain text\nnext"),
        (Prose, " a  b \n\n\n c ", "a b\nc"),
        (Line, "a\nb\r\nc\td", "a b c d"),
        (Code, "\n  \n  if x:\r\n\tf()  \n\n  y\n\n", "  if x:\n\tf()\n\n  y"),
        (Prose, "a\u{a0}b\u{2009}c\u{3000}d\u{202f}e\u{85}f\u{c}g", "a b c d e f g"),
        (Prose, "au\u{ad}ber\u{200b}gine\u{feff}", "aubergine"),
        (Prose, "a\u{0}b\u{1b}[0m\u{9f}c\u{7f}", "ab[0mc"),
        (Prose, "a\u{2028}b\u{2029}c", "a\nb\nc"),
        (Prose, "e\u{301} A\u{30a} \u{1100}\u{1161}", "é Å 가"),
        (Prose, "e\u{200b}\u{301}", "é"),
        (Prose, "\u{200e}שלום\u{202c}", "שלום"),
        (Prose, "mid\u{200c}word \u{200d}x", "midword x"),
        (Prose, "می\u{200c}خواهم", "می\u{200c}خواهم"),
        (Prose, "می\u{200c} ", "می"),
        (Prose, "क्\u{200d}ष র\u{200d}্য", "क्\u{200d}ष র\u{200d}্য"),
        (Prose, "👩🏽\u{200d}🚀 🏳\u{fe0f}\u{200d}🌈 👩\u{200d}", "👩🏽\u{200d}🚀 🏳\u{fe0f}\u{200d}🌈 👩"),
        (Prose, "ﬁ Ａ ² \u{fffd}", "ﬁ Ａ ² \u{fffd}"),
    ] {
        assert_eq!(normalise(text, spacing), want, "{spacing:?} {text:?}");
    }
}

#[test]
fn clean_text_is_not_copied() {
    for text in ["Plain text, one line.", "Äpfel und Öl", "Зелёный\nлуг", "東京都", "a — b “c”"] {
        assert!(matches!(normalise(text, Spacing::Prose), Cow::Borrowed(_)), "{text}");
    }
    assert!(matches!(normalise("  f(\n    x)\n\ny", Spacing::Code), Cow::Borrowed(_)));
}

fn messy() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        Just(' '),
        Just('\n'),
        Just('\r'),
        Just('\t'),
        Just('\u{a0}'),
        Just('\u{ad}'),
        Just('\u{200b}'),
        Just('\u{200c}'),
        Just('\u{200d}'),
        Just('\u{301}'),
        Just('\u{323}'),
        Just('\u{64b}'),
        Just('\u{94d}'),
        Just('\u{fe0f}'),
        Just('👩'),
        Just('ي'),
        Just('क'),
        Just('e'),
        Just('\u{feff}'),
        any::<char>(),
    ];
    proptest::collection::vec(character, 0..40).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn idempotent_and_clean(text in messy(), spacing in prop_oneof![Just(Spacing::Prose), Just(Spacing::Line), Just(Spacing::Code)]) {
        let once = normalise(&text, spacing).into_owned();
        prop_assert!(is_nfc(&once));
        let clutter = once.contains(['\r', '\u{ad}', '\u{200b}', '\u{feff}', '\u{a0}', '\0']);
        prop_assert!(!clutter);
        prop_assert!(!once.ends_with([' ', '\n']));
        if spacing != Spacing::Code {
            prop_assert!(!once.starts_with([' ', '\n']) && !once.contains("  ") && !once.contains("\n\n") && !once.contains('\t'));
        }
        prop_assert!(spacing != Spacing::Line || !once.contains('\n'));
        prop_assert_eq!(normalise(&once, spacing), once.as_str());
    }

    #[test]
    fn letters_stay(text in "[a-zäöüß0-9 \n\u{a0}\u{ad}]{0,60}") {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        prop_assert_eq!(letters(&normalise(&text, Spacing::Prose)), letters(&text));
    }
}
