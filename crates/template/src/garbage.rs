//! Garbage: lines of improbable letters that ad scripts leave between paragraphs.

/// For each letter a to z, the letters that follow it in at least 15 of 22,900 words (0.07 %) counted
/// in texts of a dozen languages in Latin script, accents removed; bit 0 is `a`.
#[allow(clippy::unreadable_literal)] // sets of letters, not numbers
const FOLLOWERS: [u32; 26] = [
    0x3ffffff, 0x11e4b17, 0x31edf95, 0x376fbff, 0x3ffffff, 0x11e4931, 0x11e79d1, 0x11e7919, 0x2bffd7f, 0x0104111,
    0x15ee911, 0x13cfdff, 0x114f937, 0x13effff, 0x3feffff, 0x11ed995, 0x0100000, 0x37efdff, 0x35ffdbd, 0x15efdbf,
    0x2aeff7f, 0x0024111, 0x106699d, 0x0088115, 0x24cf91f, 0x340611d,
];

/// A garbage line has at most this many words, at least this many letters, and this share of pairs
/// of letters that hardly any language has; rare names stay below.
const MAX_WORDS: usize = 3;
const MIN_LETTERS: usize = 8;
const MIN_IMPROBABLE: usize = 3;
const MIN_IMPROBABLE_SHARE: f32 = 0.34;

/// Whether a text is a few capitalised words of letters that do not follow each other in any
/// language. Only for Latin script; a caller must see that it stands alone between paragraphs.
pub(crate) fn is_garbage(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let is_word = |word: &&str| word.len() > 3 && word.bytes().all(|b| b.is_ascii_alphabetic()) && has_lower_case(word);
    if words.len() > MAX_WORDS || !words.iter().all(is_word) {
        return false;
    }
    let letters: usize = words.iter().map(|word| word.len()).sum();
    let pairs = letters - words.len();
    let improbable: usize = words.iter().map(|word| improbable_pairs(word)).sum();
    letters >= MIN_LETTERS && improbable >= MIN_IMPROBABLE && improbable as f32 >= MIN_IMPROBABLE_SHARE * pairs as f32
}

/// Abbreviations are improbable too, and no garbage.
fn has_lower_case(word: &str) -> bool {
    word.bytes().skip(1).all(|b| b.is_ascii_lowercase())
}

fn improbable_pairs(word: &str) -> usize {
    let letter = |b: u8| usize::from(b.to_ascii_lowercase() - b'a');
    let bytes = word.as_bytes();
    bytes.windows(2).filter(|pair| FOLLOWERS[letter(pair[0])] >> letter(pair[1]) & 1 == 0).count()
}

#[cfg(test)]
mod tests {
    use super::is_garbage;

    #[test]
    fn garbage() {
        for text in ["Gjwrq Axuaadzja", "Xqzvt Plmkjwq", "Vbqxj Wqzatrk", "Hxkvzqpj"] {
            assert!(is_garbage(text), "{text}");
        }
    }

    #[test]
    fn names_words_and_abbreviations() {
        let names = "Krzysztof Wrzesniewski|Xi Jinping|Nguyen Van|Mwangi Njoroge|Dzerzhinsky|Szczecin|Qatar Airways|\
                     HTTP XHTML|Fjordkraft|Kjaer Larsen|Strengths|Rhythm|Zdzislaw|Ljubljana|Vltava|Reykjavik Hvolsvollur|\
                     Schwarzkopf|Tbilisi Mtskheta|Related News|World|Москва|12 May|";
        for text in names.split('|') {
            assert!(!is_garbage(text), "{text}");
        }
    }
}
