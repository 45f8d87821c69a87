//! The language of a document.

use whatlang::Lang;

/// Characters looked at for detection: more do not change the outcome.
const SAMPLE: usize = 500;
/// Shortest text, in bytes, whose detected language is believed: shorter ones are names and single words.
const SHORTEST: usize = 60;

/// The language declared by the page, else the one detected in its text where that is certain.
pub(crate) fn language_of(declared: Option<&str>, text: &str) -> Option<String> {
    declared.and_then(tag).or_else(|| detect(text).map(str::to_owned))
}

/// A declared language as a lower-case BCP 47 tag; `None` where it cannot be one.
fn tag(declared: &str) -> Option<String> {
    let tag = declared.trim().to_ascii_lowercase().replace('_', "-");
    let primary = tag.split('-').next().unwrap_or_default();
    let is_language = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
    let is_tag = tag.len() <= 35 && tag.split('-').all(|part| part.bytes().all(|b| b.is_ascii_alphanumeric()));
    (is_language && is_tag && primary != "und").then_some(tag)
}

/// ISO 639-1 code of the language a text is written in; `None` when unsure.
fn detect(text: &str) -> Option<&'static str> {
    let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(at, _)| at);
    let info = whatlang::detect(&text[..end]).filter(|info| end >= SHORTEST && info.is_reliable())?;
    iso_639_1(info.lang())
}

/// Two-letter code of a language, where it has one.
fn iso_639_1(language: Lang) -> Option<&'static str> {
    const CODES: &str = "afr af aka ak amh am ara ar aze az bel be ben bn bul bg cat ca ces cs cmn zh cym cy dan da \
        deu de ell el eng en epo eo est et fin fi fra fr guj gu heb he hin hi hrv hr hun hu hye hy ind id ita it jav jv \
        jpn ja kan kn kat ka khm km kor ko lat la lav lv lit lt mal ml mar mr mkd mk mya my nep ne nld nl nob nb ori or \
        pan pa pes fa pol pl por pt ron ro rus ru sin si slk sk slv sl sna sn spa es srp sr swe sv tam ta tel te tgl tl \
        tha th tuk tk tur tr ukr uk urd ur uzb uz vie vi yid yi zul zu";
    let mut words = CODES.split_ascii_whitespace();
    words.find(|&code| code == language.code())?;
    words.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_code() {
        for &language in Lang::all() {
            let code = iso_639_1(language).unwrap_or_else(|| panic!("{}", language.code()));
            assert_eq!(code.len(), 2, "{}", language.code());
        }
    }

    #[test]
    fn a_declared_language_wins_where_it_is_one() {
        for (declared, want) in [
            ("en", Some("en")),
            ("pt_BR", Some("pt-br")),
            (" DE ", Some("de")),
            ("zh-hans-cn", Some("zh-hans-cn")),
            ("und", None),
            ("", None),
            ("english", None),
            ("<%= lang %>", None),
            ("e1", None),
        ] {
            assert_eq!(language_of(Some(declared), "").as_deref(), want, "{declared:?}");
        }
    }

    #[test]
    fn detection_is_of_running_text_only() {
        for (text, want) in [
            (
                "The council met on Tuesday evening and decided that the bridge over the river would be rebuilt.",
                Some("en"),
            ),
            (
                "Der Rat hat am Dienstagabend beschlossen, dass die Brücke über den Fluss neu gebaut werden soll.",
                Some("de"),
            ),
            ("Совет собрался во вторник вечером и решил, что мост через реку будет построен заново.", Some("ru")),
            ("市议会周二晚上开会决定重建河上的桥梁,工程将于明年春天开始,预计需要两年时间才能完成。", Some("zh")),
            ("OK", None),
            ("", None),
            ("12 34 56 78 90 12 34 56 78 90 12 34 56 78 90 12 34 56 78 90 12 34 56 78 90", None),
        ] {
            assert_eq!(language_of(None, text).as_deref(), want, "{text}");
        }
    }
}
