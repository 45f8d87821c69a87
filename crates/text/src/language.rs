//! The language of a document.

use whatlang::{Info, Lang, Script};

/// Characters looked at for detection: more do not change the outcome.
const SAMPLE: usize = 500;
/// Shortest text, in bytes, whose detected language is believed: shorter ones are names and single words.
const SHORTEST: usize = 60;
/// Shortest text, in bytes, whose detected language is believed against the declared one of the same script.
const SHORTEST_AGAINST: usize = 400;
/// Languages that detection takes for one another.
const ALIKE: [&str; 8] =
    ["da nb sv", "cs sk", "hr sr sl", "id jv", "es pt ca", "nl af", "ru uk be bg mk sr", "hi mr ne"];
/// Languages written in more scripts than detection knows them by.
const MANY_SCRIPTS: [Lang; 6] = [Lang::Srp, Lang::Aze, Lang::Uzb, Lang::Tuk, Lang::Pan, Lang::Jav];

/// The language declared by the page, unless the text is plainly in another; else the one detected, where that is certain. Templates
/// declare their own language whatever they are filled with.
pub(crate) fn language_of(declared: Option<&str>, text: &str) -> Option<String> {
    let Some(tag) = declared.and_then(tag) else { return detected(&seen(text)?) };
    let primary = tag.split('-').next().unwrap_or_default();
    match (language(primary), seen(text)) {
        (Some(language), Some(info)) if is_foreign(language, info.script()) => {
            // Any language may be written in Latin letters; none that is, in others.
            detected(&info).or_else(|| (info.script() == Script::Latin).then_some(tag))
        }
        (Some(language), Some(info)) if info.is_reliable() && is_other(language, info.lang(), text) => detected(&info),
        _ => Some(tag),
    }
}

/// A declared language as a BCP 47 tag of language and script, without region; `None` where it cannot be one.
fn tag(declared: &str) -> Option<String> {
    let tag = declared.trim().to_ascii_lowercase().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let is_language = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
    let is_tag = tag.len() <= 35 && tag.split('-').all(|part| part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !is_language || !is_tag || primary == "und" {
        return None;
    }
    let primary = Lang::from_code(primary).and_then(iso_639_1).unwrap_or(primary);
    let script = parts.next().filter(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    Some(script.map_or_else(
        || primary.to_owned(),
        |script| format!("{primary}-{}{}", script[..1].to_uppercase(), &script[1..]),
    ))
}

/// What is detected in a text that is long enough.
fn seen(text: &str) -> Option<Info> {
    let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(at, _)| at);
    whatlang::detect(&text[..end]).filter(|_| end >= SHORTEST)
}

/// ISO 639-1 code of a detected language; `None` when unsure.
fn detected(info: &Info) -> Option<String> {
    iso_639_1(info.lang()).filter(|_| info.is_reliable()).map(str::to_owned)
}

/// Whether a language is not written in a script.
fn is_foreign(language: Lang, script: Script) -> bool {
    let is_han = script == Script::Mandarin && matches!(language, Lang::Jpn | Lang::Kor);
    !is_han && !MANY_SCRIPTS.contains(&language) && !script.langs().contains(&language)
}

/// Whether the text is reliably in another language than declared, both at its beginning and further on.
fn is_other(declared: Lang, found: Lang, text: &str) -> bool {
    let is_in = |group: &&str, language| group.split(' ').any(|code| iso_639_1(language) == Some(code));
    let is_alike = ALIKE.iter().any(|group| is_in(group, declared) && is_in(group, found));
    if declared == found || is_alike || text.len() < SHORTEST_AGAINST {
        return false;
    }
    let half = text.floor_char_boundary(text.len() / 2);
    seen(&text[half..]).is_some_and(|info| info.is_reliable() && info.lang() == found)
}

const CODES: &str = "afr af aka ak amh am ara ar aze az bel be ben bn bul bg cat ca ces cs cmn zh cym cy dan da \
    deu de ell el eng en epo eo est et fin fi fra fr guj gu heb he hin hi hrv hr hun hu hye hy ind id ita it jav jv \
    jpn ja kan kn kat ka khm km kor ko lat la lav lv lit lt mal ml mar mr mkd mk mya my nep ne nld nl nob nb ori or \
    pan pa pes fa pol pl por pt ron ro rus ru sin si slk sk slv sl sna sn spa es srp sr swe sv tam ta tel te tgl tl \
    tha th tuk tk tur tr ukr uk urd ur uzb uz vie vi yid yi zul zu";

/// Three-letter and two-letter codes.
fn codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut codes = CODES.split_ascii_whitespace();
    std::iter::from_fn(move || Some((codes.next()?, codes.next()?)))
}

/// Two-letter code of a language, where it has one.
fn iso_639_1(language: Lang) -> Option<&'static str> {
    codes().find(|&(long, _)| long == language.code()).map(|(_, short)| short)
}

/// The language of a two-letter code, among those that can be detected.
fn language(code: &str) -> Option<Lang> {
    codes().find(|&(_, short)| short == code).and_then(|(long, _)| Lang::from_code(long))
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
            ("pt_BR", Some("pt")),
            ("en-US", Some("en")),
            ("eng", Some("en")),
            ("sr-latn-rs", Some("sr-Latn")),
            ("gl-ES", Some("gl")),
            (" DE ", Some("de")),
            ("zh-hant-tw", Some("zh-Hant")),
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

    const TURKISH: &str = "Belediye meclisi salı akşamı toplandı ve nehrin üzerindeki köprünün yeniden inşa edilmesine \
        karar verdi. Çalışmalar önümüzdeki ilkbaharda başlayacak ve yaklaşık iki yıl sürecek. Mahalle sakinleri uzun \
        süredir köprünün kapalı olmasından şikâyet ediyordu, çünkü çocuklar okula gitmek için her gün uzun bir yol \
        yürümek zorunda kalıyordu. Belediye başkanı toplantıdan sonra yaptığı açıklamada paranın bulunduğunu söyledi.";
    const ENGLISH: &str = "The council met on Tuesday evening and decided that the bridge over the river would be rebuilt. \
        Work is to begin next spring and should take about two years. People who live nearby had long complained that \
        the bridge was closed, because their children had to walk a long way to school every day. After the meeting \
        the mayor said that the money had been found, but not where, and that nobody in the town would be asked for more.";
    const CHINESE: &str = "市议会周二晚上开会决定重建河上的桥梁,工程将于明年春天开始,预计需要两年时间才能完成。";

    #[test]
    fn a_declaration_that_is_plainly_false_is_overruled() {
        for (declared, text, want) in [
            ("en-US", CHINESE, Some("zh")),
            ("en-US", TURKISH, Some("tr")),
            ("tr", ENGLISH, Some("en")),
            ("zh-CN", ENGLISH, Some("en")),
            ("en", "Совет собрался во вторник вечером и решил, что мост через реку будет построен заново.", Some("ru")),
        ] {
            assert_eq!(language_of(Some(declared), text).as_deref(), want, "{declared}");
        }
    }

    #[test]
    fn a_declaration_that_may_be_true_stands() {
        let short = &TURKISH[..TURKISH.floor_char_boundary(150)];
        let half_quoted = format!("{ENGLISH} {TURKISH}");
        for (declared, text, want) in [
            ("en-GB", ENGLISH, "en"),
            ("en", short, "en"),
            ("en", "图书馆", "en"),
            ("en", &half_quoted, "en"),
            ("tr", &half_quoted, "tr"),
            ("gl", TURKISH, "gl"),
            ("ja", CHINESE, "ja"),
            ("zh-Hant", CHINESE, "zh-Hant"),
            ("sr", "Savet se sastao u utorak uveče i odlučio da će most preko reke biti ponovo izgrađen.", "sr"),
        ] {
            assert_eq!(language_of(Some(declared), text).as_deref(), Some(want), "{declared}: {text}");
        }
    }
}
