use proptest::prelude::*;

use super::tokens::tokens;
use super::{CueList, CueMode, Cues, Source, is_breadcrumb, read_lists, separates_ages, separates_crumbs};
use crate::embedded;

/// Every phrase of the embedded lists with its list, as written.
fn phrases() -> Vec<(String, CueList)> {
    let lists = |text: &str| -> Vec<(String, CueList)> {
        let table: toml::Table = text.parse().unwrap();
        let phrases = table.into_iter().flat_map(|(name, list)| {
            let list: Vec<String> = list.try_into().unwrap();
            list.into_iter().map(move |phrase| (phrase, CueList::of(&name).unwrap()))
        });
        phrases.collect()
    };
    embedded::CUES.iter().flat_map(|(_, text)| lists(text)).collect()
}

/// A text that a phrase must match.
fn example(phrase: &str) -> String {
    let filled = phrase.replace("{n}", "12").replace("{w}", "Daily Record").replace("{name}", "Ada Lovelace");
    filled.replace('…', "and so on")
}

#[test]
fn every_list_of_every_language_matches_its_own_phrases() {
    assert!(embedded::CUES.len() >= 13);
    for (file, text) in embedded::CUES {
        let read = read_lists(&Source { file, text }).unwrap_or_else(|error| panic!("{error}"));
        for list in CueList::ALL {
            assert!(read.iter().any(|pattern| pattern.list == *list), "{file} has no {}", list.name());
        }
    }
    for (phrase, list) in phrases() {
        let text = example(&phrase);
        for text in [text.clone(), text.to_uppercase(), format!("  » {text} ⟩\n")] {
            let cues = Cues::embedded();
            let hits = if list.is_notice() { cues.notices(&text) } else { cues.matches(&text) };
            assert!(hits.has(list), "{phrase} does not match {text}");
        }
    }
}

#[test]
fn phrases_of_pages_are_found() {
    use CueList::*;
    use CueMode::{Prefix, Whole, Within};
    let cases = [
        ("Skip to main content", SkipLink, Whole),
        ("Already a subscriber? Make sure to log into your account before viewing this content.", Subscribe, Prefix),
        ("JOIN THE MOVEMENT", Subscribe, Whole),
        ("Keep up to date with our latest videos, news and content", Newsletter, Prefix),
        ("MOST VIEWED", MostRead, Whole),
        ("Top Stories", MostRead, Whole),
        ("Related News", Related, Whole),
        ("More Videos from TBS", MoreMedia, Whole),
        ("Features", MoreMedia, Whole),
        ("Last modified: 23 March, 2024, 09:19 am", Updated, Prefix),
        ("While most comments will be posted if they are on-topic and not abusive", CommentPolicy, Prefix),
        (
            "The Business Standard Google News Keep updated, follow The Business Standard's Google news channel",
            Follow,
            Prefix,
        ),
        ("The Daily Example: get it on our Google News channel today", Follow, Within),
        ("The Example Group, all rights reserved worldwide", Footer, Within),
        ("1,234 Comments", Comments, Whole),
        ("Tags:", Tags, Whole),
        ("By Jane van der Berg", Byline, Whole),
        ("PHOTO: Jane Roe", PhotoCredit, Prefix),
        ("Das könnte Sie auch interessieren", Related, Whole),
        ("DAS KONNTE SIE AUCH INTERESSIEREN", Related, Whole),
        ("Folgen Sie uns auf Instagram, Facebook, YouTube, TikTok und Mastodon", Follow, Prefix),
        ("vor 3 Std.", Age, Whole),
        ("À LIRE AUSSI", Related, Whole),
        ("Lire aussi : le reste du monde", ReadMore, Prefix),
        ("LO MÁS LEÍDO", MostRead, Whole),
        ("Lo mas leido", MostRead, Whole),
        ("Ti potrebbe interessare anche", Related, Whole),
        ("Leia também: outra coisa", ReadMore, Prefix),
        ("Lees ook", Related, Whole),
        ("Najczęściej czytane", MostRead, Whole),
        ("Читайте также: ещё одно", ReadMore, Prefix),
        ("ΤΕΛΕΥΤΑΙΑ ΝΕΑ", MostRead, Whole),
        ("Όροι Χρήσης", Footer, Whole),
        ("相关新闻", Related, Whole),
        ("责任编辑：张三", Footer, Prefix),
        ("3小时前", Age, Whole),
        ("３小时前", Age, Whole),
        ("Facebookでシェアする", Share, Whole),
        ("毎日新聞をフォロー", Follow, Whole),
        ("الأكثر قراءةً", MostRead, Whole),
        ("منذ ٣ ساعات", Age, Whole),
    ];
    for (text, list, mode) in cases {
        assert_eq!(Cues::embedded().matches(text).mode(list), Some(mode), "{text}: {}", list.name());
    }
}

#[test]
fn ordinary_sentences_are_not_cues() {
    let sentences = [
        "Most viewed the move as a mistake",
        "Related news reached the capital on Friday evening.",
        "Comments from the minister drew criticism.",
        "By the time he left, the shop had closed.",
        "by the way",
        "Share prices fell after the announcement.",
        "Follow the river until it meets the old bridge.",
        "Home to four thousand people, the island has no school.",
        "Photographs showed the bridge before it fell.",
        "The home was searched twice.",
        "Read more books than anyone in her class, she did.",
        "Skip the queue and go to the back door.",
        "Tags of wool hung from the fence.",
        "Latest figures show a fall in exports.",
        "Topics ranged from fishing to foreign trade.",
        "Updated rules come into force next year.",
        "He was forbidden to go home.",
        "Von wegen, sagte er.",
        "Mehr Regen fiel im Norden des Landes.",
        "Kommentare der Zeitungen waren verhalten.",
        "Par exemple, le maire a refusé.",
        "Por favor, no se vaya, dijo ella.",
        "Por ejemplo",
        "Más lluvia cayó en el norte del país.",
        "Di notte si sentivano i lupi.",
        "Главное в жизни — не сдаваться, сказал он.",
        "相关新闻发布会昨天在北京举行。",
        "关注我们的孩子，就是关注未来。",
        "コメントは昨日発表された。",
    ];
    for sentence in sentences {
        let hits: Vec<_> = Cues::embedded().matches(sentence).iter().collect();
        assert!(hits.is_empty(), "{sentence}: {hits:?}");
    }
    let long = "The committee met again. ".repeat(40) + "All rights reserved.";
    assert!(Cues::embedded().matches(&long).is_empty(), "phrases within are for short blocks");
    let begins = format!("Last modified: today. {long}");
    assert_eq!(Cues::embedded().matches(&begins).mode(CueList::Updated), Some(CueMode::Prefix));
}

#[test]
fn mistakes_are_told_with_line_and_suggestion() {
    let cases = [
        ("share = [\"a\"]\nshar = [\"b\"]", "x.toml:2: unknown cue list `shar`, did you mean `share`?"),
        ("share = [\n  \"a\",\n  \"{x}\",\n]", "x.toml:3: unknown placeholder `x`"),
        ("share = [\"{nam} a\"]", "x.toml:1: unknown placeholder `nam`, did you mean `name`?"),
        ("share = [\"a {n\"]", "x.toml:1: bad phrase `a {n`: a `{` is not closed"),
        ("share = [\"\"]", "x.toml:1: bad phrase ``: it holds no word"),
        ("share = [\" …\"]", "x.toml:1: bad phrase ` …`: it holds no word"),
        ("share = [\"{w} {n}\"]", "x.toml:1: bad phrase `{w} {n}`: it holds no word"),
        ("share = [\"… a\"]", "x.toml:1: bad phrase `… a`: a phrase that begins with"),
        ("share = [\"a…\"]", "x.toml:1: bad phrase `a…`: `…` stands at its ends only"),
        ("share = [\"top 10\"]", "x.toml:1: bad phrase `top 10`: write `{n}`"),
        ("share = [\"… {w} a …\"]", "x.toml:1: bad phrase `… {w} a …`: a placeholder for words beside"),
        ("share = [\"a {w} b {w} c {w} d {w}\"]", "x.toml:1: bad phrase `a {w} b {w} c {w} d {w}`: more than three"),
        (
            "share = [\"Share it\",\n\"Other\",\n\"share IT!\"]",
            "x.toml:3: duplicate phrase `share IT!`, first on line 1",
        ),
        ("share = \"a\"", "x.toml:1: invalid type"),
    ];
    for (text, expected) in cases {
        let error = read_lists(&Source { file: "x.toml", text }).expect_err(text).to_string();
        assert!(error.starts_with(expected), "{text}\n  gave {error}\n  not  {expected}");
    }
}

#[test]
fn age_rows() {
    let rows = [
        "1d | Panorama",
        "2d | Earth",
        "13h | Videos",
        "vor 3 Std. · Politik",
        "2 hours ago",
        "Politics - 5 mins ago",
        "il y a 2 heures | Monde",
        "hace 3 horas",
        "Sport • 2 days ago",
        "3 часа назад",
        "2時間前",
        "منذ 3 ساعات | رياضة",
    ];
    for row in rows {
        assert!(Cues::embedded().is_age_row(row), "{row}");
        assert!(Cues::embedded().may_hold_age(&tokens(row)), "{row}");
    }
    assert!(!Cues::embedded().may_hold_age(&tokens("Videos | Panorama")));
    let others = [
        "",
        "Panorama",
        "| |",
        "He left two days ago | and said nothing to anyone.",
        "1 | 2",
        "Videos | Panorama",
        "The ship sank 2 days ago",
        "It is 3 hours - if all goes well, with the wind - from here",
        "2024",
    ];
    for other in others {
        assert!(!Cues::embedded().is_age_row(other), "{other}");
    }
}

#[test]
fn breadcrumbs() {
    let rows = [
        "USA / Europe",
        "USA / Russia / ISIS / Russia / Moscow attack / USA",
        "Home > World > Asia",
        "Home › News › Local",
        "Home›News",
        "Startseite » Politik",
        "News | Sport | Weather",
        "首页 > 新闻 > 国内",
    ];
    for row in rows {
        assert!(is_breadcrumb(row), "{row}");
    }
    let others = [
        "",
        "USA",
        "and / or",
        "He said that he / she would go.",
        "a > b",
        "if (A > B) return",
        "»Hallo«, sagte er.",
        "3 / 5",
        "In the long run it was good > but nobody had thought so at the time",
        " / ",
        "Either / or, he said.",
    ];
    for other in others {
        assert!(!is_breadcrumb(other), "{other}");
    }
}

proptest! {
    #[test]
    fn no_text_breaks_it_and_outer_white_space_is_not_seen(text in "(?s).{0,80}|[a-zA-Z0-9 :.,|/©äßλжを新م]{0,80}") {
        let cues = Cues::embedded();
        prop_assert_eq!(cues.matches(&text), cues.matches(&format!(" \n{text}\u{a0}\t")));
        let has = |separates: fn(char) -> bool| text.contains(separates);
        let is_age = cues.matches(&text).is_whole(CueList::Age);
        prop_assert!(!cues.is_age_row(&text) || is_age || has(separates_ages));
        prop_assert!(!is_breadcrumb(&text) || has(separates_crumbs));
    }

    #[test]
    fn capitals_lose_no_hit(words in prop::collection::vec("share|related|news|12|top|stories|été|größe|новости|by|follow|us|on", 0..6)) {
        let text = words.join(" ");
        let (plain, capitals) = (Cues::embedded().matches(&text), Cues::embedded().matches(&text.to_uppercase()));
        prop_assert_eq!(plain.bits() & capitals.bits(), plain.bits());
    }

    #[test]
    fn no_phrase_breaks_the_reader(phrase in "(… )?[a-z{}nw0-9: …]{0,20}( …)?") {
        let text = format!("share = [{phrase:?}]");
        let _ = read_lists(&Source { file: "x.toml", text: &text });
    }
}
