use proptest::prelude::*;

use super::*;
use crate::selectors::MetadataField;

fn read(html: &str) -> Metadata {
    read_with(html, &[])
}

fn read_with(html: &str, selectors: &[(MetadataField, &str)]) -> Metadata {
    let mut compiled = Selectors::default();
    for (field, selector) in selectors {
        compiled.add_metadata(*field, selector).unwrap();
    }
    from_html(&scraper::Html::parse_document(html), Some("https://example.org/2019/02/03/a"), &compiled)
}

#[test]
fn a_site_files_selectors_come_first() {
    use MetadataField::{Author, Date, Title};
    let html = "<html lang=en-us><meta property=og:title content='Stated'><h1>Stated</h1><h2 class=t> The <b>real</b> one</h2>\
                <p class=by>By Jane Doe</p><p class=by>Jane Doe</p><p class=by>Omar Diaz</p>\
                <time datetime=2020-01-02>today</time><i class=d>03/04/2021</i><meta name=n content='A &amp;amp; B'>";
    for (selectors, title, author, date) in [
        (vec![], Some("Stated"), Some("Jane Doe"), Some("2020-01-02")),
        (
            vec![(Title, ".none"), (Title, ".t"), (Title, "h1")],
            Some("The real one"),
            Some("Jane Doe"),
            Some("2020-01-02"),
        ),
        (vec![(Author, ".by"), (Date, ".d")], Some("Stated"), Some("Jane Doe; Omar Diaz"), Some("2021-03-04")),
        (
            vec![(Title, "meta[name=n]"), (Date, ".t"), (Date, "time")],
            Some("A & B"),
            Some("Jane Doe"),
            Some("2020-01-02"),
        ),
    ] {
        let found = read_with(html, &selectors);
        assert_eq!(
            (found.title.as_deref(), found.author.as_deref(), found.date.as_deref()),
            (title, author, date),
            "{selectors:?}"
        );
    }
    assert!(Selectors::default().add_metadata(Title, "p[").is_err());
}

#[test]
fn dates_of_lines_in_many_languages() {
    for line in [
        "23 March 2024",
        "March 23, 2024",
        "Mar. 23rd, 2024 10:15 am",
        "Published on 23rd of March, 2024",
        "2024-03-23T10:00:00Z",
        "Stand: 23. März 2024, 10:15 Uhr",
        "23.03.2024",
        "23.03.24",
        "le 23 mars 2024 à 10h15",
        "23 de marzo de 2024",
        "23 marzo 2024",
        "23 de março de 2024",
        "zaterdag 23 maart 2024",
        "23 marca 2024",
        "23 марта 2024 г.",
        "23 Μαρτίου 2024",
        "2024年3月23日 10:15",
        "2024년 3월 23일",
        "2024. 3. 23.",
        "2024/03/23",
        "23/03/2024",
        "03/23/2024",
        "٢ 23 مارس 2024",
        "Updated: 23-03-2024",
        "23-Mar-2024",
    ] {
        assert_eq!(date_in(line).as_deref(), Some("2024-03-23"), "{line}");
    }
}

#[test]
fn lines_without_a_date() {
    for line in [
        "1d | Panorama",
        "2 hours ago",
        "March 2024",
        "23 March",
        "31 February 2024",
        "2024-13-45",
        "call 555-1234",
        "10:15:30",
        "version 1.2.3",
        "",
        "may 5 people of 1200",
        "12345678901234567890-1-1",
        "23 March 1824",
    ] {
        assert_eq!(date_in(line), None, "{line}");
    }
}

#[test]
fn ambiguous_numbers_follow_the_order() {
    assert_eq!(date::find("03/04/2024", date::Order::MonthFirst).as_deref(), Some("2024-03-04"));
    assert_eq!(date::find("03/04/2024", date::Order::DayFirst).as_deref(), Some("2024-04-03"));
    assert_eq!(date::find("03.04.2024", date::Order::MonthFirst).as_deref(), Some("2024-04-03"));
    assert_eq!(date::normal("20240403101500", date::Order::DayFirst).as_deref(), Some("2024-04-03"));
}

#[test]
fn dates_in_paths() {
    for (url, date) in [
        ("https://example.org/news/2024/03/23/title", Some("2024-03-23")),
        ("https://example.org/blog/2024-3-5-title", Some("2024-03-05")),
        ("https://example.org/2024/03/title", None),
        ("https://example.org/a?d=/2024/03/23/", None),
    ] {
        assert_eq!(date::in_path(url).as_deref(), date, "{url}");
    }
}

#[test]
fn bylines_in_many_languages() {
    for (line, author) in [
        ("By Jane Doe", "Jane Doe"),
        ("BY JANE DOE | 23 March 2024", "JANE DOE"),
        ("By Jane Doe and John van der Berg", "Jane Doe; John van der Berg"),
        ("By Jane Doe, MD", "Jane Doe, MD"),
        ("By Ana Whitlock and Bo Lund, Staff Writers", "Ana Whitlock; Bo Lund"),
        ("By Ana Whitlock, Bo Lund, Washington Bureau Chief", "Ana Whitlock; Bo Lund"),
        ("by Jane Doe, John Roe on March 23, 2024", "Jane Doe; John Roe"),
        ("Written by: jdoe_7", "jdoe_7"),
        ("Von Änne Müller", "Änne Müller"),
        ("Par Hélène de la Tour", "Hélène de la Tour"),
        ("Por María Pérez y Juan Ruiz", "María Pérez; Juan Ruiz"),
        ("di Paolo Bianchi", "Paolo Bianchi"),
        ("Door Kees de Vries", "Kees de Vries"),
        ("Autor: Łucja Nowak", "Łucja Nowak"),
        ("Автор: Анна Иванова", "Анна Иванова"),
        ("Από Μαρία Παππά", "Μαρία Παππά"),
        ("作者：李明", "李明"),
        ("بقلم: أحمد علي", "أحمد علي"),
    ] {
        assert_eq!(byline_in(line).as_deref(), Some(author), "{line}");
    }
}

#[test]
fn lines_that_are_no_byline() {
    for line in [
        "By the numbers",
        "By using this site you agree",
        "Bypass the paywall",
        "Von hier an geht es bergauf",
        "Por favor, entre",
        "By March 23, 2024",
        "",
        "By",
        "Jane Doe",
        "By the way, Jane Doe said on Monday that it was over.",
    ] {
        assert_eq!(byline_in(line), None, "{line}");
    }
}

#[test]
fn structured_data_tells_of_its_main_entity() {
    let found = read(
        r##"<html lang="en-GB"><title>x</title><script type="application/ld+json"><!--
        {"@graph": [
          {"@type": "WebSite", "name": "The Site"},
          {"@type": "WebPage", "datePublished": "2001-01-01"},
          {"@type": ["NewsArticle"], "headline": "Cats &amp; <em>dogs</em>", "author": [{"@id": "#p"}, {"name": "John Roe"}],
           "datePublished": "2024-03-23T23:30:00-08:00", "keywords": "a, b,a", "articleBody": "<p>One.</p><p>Two
           lines."},
          {"@type": "Person", "@id": "#p", "name": "Jane Doe"}]} --></script>"##,
    );
    assert_eq!(found.title.as_deref(), Some("Cats & dogs"));
    assert_eq!(found.author.as_deref(), Some("Jane Doe; John Roe"));
    assert_eq!(found.date.as_deref(), Some("2024-03-23"));
    assert_eq!(found.site_name.as_deref(), Some("The Site"));
    assert_eq!(found.language.as_deref(), Some("en-gb"));
    assert_eq!((found.tags, found.types), (vec!["a".to_owned(), "b".to_owned()], vec!["NewsArticle".to_owned()]));
    assert_eq!(found.body.as_deref(), Some("One.\nTwo lines."));
}

#[test]
fn what_structured_data_says_is_paragraphs_of_text() {
    let of = |json: &str| read(&format!("<script type='application/ld+json'>{json}</script>"));
    let cases = [
        (
            r#"{"@type":"JobPosting","description":"<p>Mends <b>mills</b>.</p><ul><li>Has a ladder</li></ul>"}"#,
            "Mends mills.\nHas a ladder",
        ),
        (
            r#"{"@type":"Recipe","recipeIngredient":["rye","salt"],"recipeInstructions":[{"@type":"HowToStep","text":"Knead."},
               {"@type":"HowToSection","name":"Bake","itemListElement":[{"@type":"HowToStep","text":"Heat the oven."}]}]}"#,
            "rye\nsalt\nKnead.\nBake\nHeat the oven.",
        ),
        (
            r#"{"@type":"QAPage","mainEntity":{"@type":"Question","name":"How high?","acceptedAnswer":{"text":"Nine feet."},
               "suggestedAnswer":[{"text":"Ten."},{"text":"Eight."}]}}"#,
            "How high?\nNine feet.\nTen.\nEight.",
        ),
        (r#"{"@type":"HowTo","step":["Lift.","Turn."]}"#, "Lift.\nTurn."),
        (r#"{"@type":"Organization","description":"We mend mills."}"#, ""),
    ];
    for (json, text) in cases {
        let metadata = of(json);
        assert_eq!((metadata.structured_text().unwrap_or_default(), &metadata.body), (text, &None), "{json}");
    }
    let product = of(r#"[{"@type":"Product","description":"A mill."},{"@type":"Course","description":"On mills."}]"#);
    assert_eq!((product.structured_text(), product.substance.as_deref()), (Some("A mill."), None));
}

#[test]
fn bad_structured_data_is_passed_over() {
    let found = read(
        "<script type=application/ld+json>{\"@type\": \"Article\", nonsense</script>\
         <script type=application/ld+json>//<![CDATA[\n[{\"@type\":\"Article\",\"headline\":\"Good\"}];//]]></script>",
    );
    assert_eq!(found.title.as_deref(), Some("Good"));
}

#[test]
fn titles_lose_the_site() {
    for (html, title) in [
        ("<title>Rain in May | The Site</title>", "Rain in May"),
        ("<title>Site » Heavy rain in the mountains</title>", "Heavy rain in the mountains"),
        ("<title>Rain - why it falls - The Site</title><h1>Rain - why it falls</h1>", "Rain - why it falls"),
        ("<title>Rain | A Very Long Name of a Site</title><meta property=og:title content=Rain>", "Rain"),
        ("<title>S - A Very Long Name</title><meta property=og:site_name content='A very long name'>", "S"),
        ("<title>What is rain? - The Book</title><h1>The Book</h1><h1>What is rain?</h1>", "What is rain?"),
        ("<title>Rain in May</title><h1>Our newsletter</h1>", "Rain in May"),
        ("<title>Rain in May - The Site</title><h1>The Site</h1><h2>Rain in May</h2>", "Rain in May"),
        ("<title>Rain - in May | Site</title><h1>Site</h1><h2>Rain – in May</h2><h2>More</h2>", "Rain – in May"),
        ("<title>Rain - The Site</title><meta property=og:title content=Rain><h1>The Site</h1>", "Rain"),
        ("<title>The Site - Rain in May</title><h1>Rain in May</h1><h2>More from us</h2>", "Rain in May"),
        ("<title>Home - The Site</title><h1>The Site</h1><h2>News</h2>", "The Site"),
        ("<h1>Only a heading</h1>", "Only a heading"),
        ("<title>Well-known up-to-date</title>", "Well-known up-to-date"),
    ] {
        assert_eq!(read(html).title.as_deref(), Some(title), "{html}");
    }
}

#[test]
fn authors_and_dates_of_markup() {
    for (html, author, date) in [
        (
            "<meta name=author content='Jane Doe'><meta property=article:published_time content=2024-03-23T10:00Z>",
            "Jane Doe",
            "2024-03-23",
        ),
        (
            "<meta property=article:author content=https://example.com/jane><a rel=author>Jane Doe</a><time datetime=2024-03-23>x</time>",
            "Jane Doe",
            "2024-03-23",
        ),
        (
            "<div itemprop=author><meta itemprop=name content='Jane Doe'>J</div><i itemprop=datePublished content=2024-03-23></i>",
            "Jane Doe",
            "2024-03-23",
        ),
        ("<h1>T</h1><p>By <a>Jane Doe</a><p>March 23, 2024", "Jane Doe", "2024-03-23"),
        (
            "<p class=post-byline>Written by<br>Jane Doe<br>Editor</p><p class=entryDate>23.3.2024",
            "Jane Doe",
            "2024-03-23",
        ),
        ("<div class=comments><b class=author>Troll</b></div><b class=author>Jane Doe</b>", "Jane Doe", "2019-02-03"),
    ] {
        let found = read(html);
        assert_eq!((found.author.as_deref(), found.date.as_deref()), (Some(author), Some(date)), "{html}");
    }
}

#[test]
fn the_rest_of_the_head() {
    let found = read(
        "<link rel=canonical href=https://example.org/c><meta property=og:site_name content=Site>\
         <meta name=description content=' a\u{a0}b&amp;c\u{ad} '><meta property=og:locale content=de_DE>\
         <meta property=article:tag content=Rain><meta name=keywords content='rain, Wind'><a rel=tag>Sun</a>\
         <meta property=og:type content=article>",
    );
    let expected = Metadata {
        date: Some("2019-02-03".into()),
        site_name: Some("Site".into()),
        description: Some("a b&c".into()),
        language: Some("de-de".into()),
        canonical: Some("https://example.org/c".into()),
        tags: vec!["Rain".into(), "Sun".into(), "Wind".into()],
        types: vec!["article".into()],
        ..Metadata::default()
    };
    assert_eq!(found, expected);
}

#[test]
fn the_base_is_an_address_in_full() {
    for (html, base) in [
        ("<base href='/news/'><base href=/sport/>", Some("https://example.org/news/")),
        ("<base target=_top><base href=//cdn.example.org>", Some("https://cdn.example.org/")),
        ("<base href=../>", Some("https://example.org/2019/02/")),
        ("<base href=javascript:0>", None),
        ("<base href='https://['>", None),
        (&format!("<base href=/{}>", "a/".repeat(2000)), None),
        ("<p>No base", None),
    ] {
        assert_eq!(read(html).base.as_deref(), base, "{html}");
    }
}

#[test]
fn hostile_values_are_cut() {
    let long = "é".repeat(100_000);
    let nested = "<b class=author>".repeat(400);
    let deep = "[".repeat(100_000);
    let found = read(&format!(
        "<title>{long}</title><meta name=description content='{long}'><script type=application/ld+json>{deep}</script>{nested}{long}"
    ));
    assert_eq!(found.author, None);
    assert!(found.title.is_none_or(|title| title.len() <= value::SHORT));
    assert!(found.description.unwrap().len() <= value::LONG);
}

proptest! {
    #[test]
    fn never_panics(bytes: Vec<u8>, json: String, line: String) {
        let html = String::from_utf8_lossy(&bytes);
        read(&html);
        read(&format!("<h1>{line}</h1><p class=author>{json}<script type=application/ld+json>[{json:?}, {json}"));
        let quoted = serde_json::json!({"@type": "Article", "headline": json, "author": line, "datePublished": json, "articleBody": line});
        read(&format!("<title>{line}</title><script type=application/ld+json>{quoted}"));
        byline_in(&format!("By {line}"));
        date_in(&line);
        date::in_path(&line);
    }

    #[test]
    fn soup_never_panics(html in "(<meta|<time|<h1>|<title>| content=| property=og:title| name=date| datetime=| class=by-line|>|2024|-0|3/|By | é|&amp;|\\PC){0,40}") {
        read(&html);
        byline_in(&html);
    }

    #[test]
    fn dates_are_real(line in "([0-9]{1,4}|[-/. ,年月日]|March|mai|\\PC){0,12}") {
        if let Some(date) = date_in(&line) {
            prop_assert!(date.parse::<jiff::civil::Date>().is_ok());
        }
    }
}
