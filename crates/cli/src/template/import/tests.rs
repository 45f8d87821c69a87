use proptest::prelude::*;

use super::xpath::css;
use super::{convert, directives};
use dechrome_page::{Block, Capture, Page, Selectors};
use dechrome_template::{SiteConfigs, Template};

#[test]
fn expressions_that_css_can_say() {
    for (xpath, selector) in [
        ("//div[@id='content']", r#"div[id="content"]"#),
        ("//*[@class=\"a b\"]", r#"[class="a b"]"#),
        ("//div[contains(@class, 'x')]//p", r#"div[class*="x"] p"#),
        ("//div[contains(concat(' ',normalize-space(@class),' '),' post ')]/p", r#"div[class~="post"] > p"#),
        ("//div[contains(concat(' ', @class, ' '), ' post ')]", r#"div[class~="post"]"#),
        ("//section[@itemprop='articleBody'] | //main", r#"section[itemprop="articleBody"], main"#),
        ("/html/body/DIV", "html:root > body > div"),
        ("//article", "article"),
        ("(//article)", "article"),
        ("(//a | //b)/i", ":is(a, b) > i"),
        ("//a[@href and @rel='x']", r#"a[href][rel="x"]"#),
        ("//p[@id='a' or @id='b']", r#"p:is([id="a"], [id="b"])"#),
        ("//p[not(@class)]", "p:not([class])"),
        ("//p[@class!='x']", r#"p[class]:not([class="x"])"#),
        ("//*[self::h1 or self::h2]", "*:is(:is(h1), :is(h2))"),
        ("//div[2]", "div:nth-of-type(2)"),
        ("//ul/*[1]", "ul > :nth-child(1)"),
        ("//p[last()]", "p:nth-last-of-type(1)"),
        ("//p[position() < 3]", "p:nth-of-type(-n+2)"),
        ("//p[1][@id]", "p:nth-of-type(1)[id]"),
        ("//div[.//img]", "div:has(img)"),
        ("//div[img]", "div:has(> img)"),
        ("//div[a/@href]", "div:has(> a[href])"),
        ("//h2/following-sibling::p", "h2 ~ p"),
        ("//h2/following-sibling::*[1]", "h2 + *"),
        ("//div/descendant::p", "div p"),
        ("//*", "*"),
        ("//a[starts-with(@href, 'mailto:')]", r#"a[href^="mailto:"]"#),
        ("//p[@title='say \\ x']", r#"p[title="say \\ x"]"#),
        ("//p/..", ":has(> :is(p))"),
        ("//div[@id]/self::div[@lang]", ":is(div[id]):is(div[lang])"),
        ("//p/self::*/b", ":is(p):is(*) > b"),
        ("//a[@id='x']/parent::p", r#"p:has(> :is(a[id="x"]))"#),
        ("//i/b/ancestor::div[@id]//a", "div[id]:has(:is(i > b)) a"),
        ("//h2/preceding-sibling::p", "p:has(~ :is(h2))"),
        ("//p[ancestor::aside]", "p:is(aside *)"),
        ("//p[not(parent::*[@id='x'])]", r#"p:not(:is([id="x"] > *))"#),
        (".//div[@data-id]", "div[data-id]"),
    ] {
        match css(xpath) {
            Ok(found) => assert_eq!(
                (found.selector.trim_start_matches('*'), found.value),
                (selector.trim_start_matches('*'), None),
                "{xpath}"
            ),
            Err(error) => panic!("{xpath}: {error:#}"),
        }
    }
}

#[test]
fn values_of_elements_are_told_apart() {
    for (xpath, selector, value) in [
        ("//meta[@name='a']/@content", r#"meta[name="a"]"#, "@content"),
        ("//h1/text()", "h1", "text()"),
        ("//time/@title | //b/@title", "time, b", "@title"),
    ] {
        let found = css(xpath).unwrap();
        assert_eq!((&*found.selector, found.value.as_deref()), (selector, Some(value)), "{xpath}");
    }
}

#[test]
fn what_css_cannot_say_is_told() {
    for (xpath, why) in [
        ("//p[contains(., 'Advertisement')]", "CSS looks at attributes, not at text"),
        ("//p[text()='x']", "CSS does not look at text"),
        ("//p[.='x']", "`.` stands for text"),
        ("(//p)[1]", "CSS knows no place among all that a path finds"),
        ("//p[@class='x'][1]", "CSS counts siblings, not what a path finds"),
        ("//p//..", "CSS does not go up from any element"),
        ("//p/ancestor-or-self::div", "CSS has no axis `ancestor-or-self` here"),
        ("//p/ancestor::div[1]", "CSS counts siblings, not what a path finds"),
        ("//p[preceding::h2]", "CSS has no axis `preceding` here"),
        ("//p[count(a) > 3]", "CSS has no function `count`"),
        ("substring-after(//h1, ':')", "CSS has no function `substring-after`"),
        ("//p[contains(concat(' ', @class, ' '), ' a')]", "CSS knows words of an attribute, no part of them"),
        ("//p[contains(@class, '')]", "it looks for nothing"),
        ("//p[@id=", "it ends where a quoted text is due"),
        ("//p[@id='x'", "it ends where `]` is due"),
        ("//p[@id='x]", "the quotation mark ' is not closed"),
        ("//p/text()/b", "nothing lies below an attribute or a text"),
        ("//@class", "`@class` of any element is not expressible"),
        ("//p/@a | //p/@b", "its alternatives take different things of the elements"),
        ("//p $", "`$` is not understood"),
        ("", "it ends where an element is due"),
    ] {
        let error = css(xpath).expect_err(xpath);
        assert_eq!(error.to_string(), why, "{xpath}");
    }
    assert!(css(&"(".repeat(4000)).is_err() && css(&"a".repeat(5000)).is_err());
    assert!(css(&format!("//p{}x", "[a".repeat(100))).is_err());
}

#[test]
fn directives_are_cut_at_the_right_colon() {
    let text = "\u{feff}# a comment\n\ntitle: //h1\n replace_string(<a href=\"http://x\">):  <b>\nhttp_header(cookie): a=b:c\nno colon\nbody:";
    let said: Vec<_> = directives::parse(text).into_iter().map(|directive| (directive.line, directive.said)).collect();
    let said: Vec<_> =
        said.iter().map(|(line, said)| (*line, said.map(|said| (said.name, said.argument, said.value)))).collect();
    assert_eq!(
        said,
        [
            (3, Some(("title", None, "//h1"))),
            (4, Some(("replace_string", Some("<a href=\"http://x\">"), "<b>"))),
            (5, Some(("http_header", Some("cookie"), "a=b:c"))),
            (6, None),
            (7, Some(("body", None, ""))),
        ]
    );
}

const FTR: &str = "\
# An invented site.
title: //h1[@class='headline']
title: //meta[@property='og:title']/@content
author: //p[contains(concat(' ',normalize-space(@class),' '),' byline ')]
date: //time/@datetime
body: //div[@id='story']
strip: //div[@id='story']//aside
strip_id_or_class: promo
strip: //p[contains(., 'Read also')]
prune: no
tidy: no
single_page_link: //a[@class='print']
http_header(user-agent): Browser
http_header(Cookie): consent=1
strip_id_or_clas: x
test_url: https://news.example.com/story
test_contains: The ferry left at seven
";

#[test]
fn a_file_becomes_a_site_file_that_works() {
    let (draft, toml) = convert("example.com.txt", FTR).unwrap();
    let mut configs = SiteConfigs::default();
    configs.add("example.com.toml", &toml).unwrap();
    let site = configs.for_site("www.example.com").unwrap();
    assert_eq!((site.rules.len(), site.checks.len()), (3, 1), "{toml}");
    assert_eq!(site.checks[0].contains, ["The ferry left at seven"]);
    assert_eq!(site.fetch.as_ref().unwrap().headers["cookie"], "consent=1");
    let left: Vec<usize> = draft.left.iter().map(|left| left.line).collect();
    assert_eq!(left, [9, 10, 11, 12, 13, 15]);
    assert!(
        toml.contains("#   line 15: `strip_id_or_clas: x`: there is no such directive, perhaps `strip_id_or_class`")
    );

    let html = "<h1 class=headline>The ferry</h1><p class='small byline'>By Ana Diaz</p><time datetime=2021-05-03>now</time>\
                <p>Menu of the day, with everything that one could wish for and more.</p>\
                <div id=story><p>The ferry left at seven, with eleven goats and the harbour master on board.</p>\
                <aside>Aside from that, nothing of note happened in the harbour on that day.</aside>\
                <p class=promo>Promoted by the harbour, which would like to see you there again.</p></div>";
    let page = Page::read_with(&Capture::html("a", html), site.compiled().selectors());
    assert_eq!(page.metadata.title.as_deref(), Some("The ferry"));
    assert_eq!(page.metadata.author.as_deref(), Some("Ana Diaz"));
    assert_eq!(page.metadata.date.as_deref(), Some("2021-05-03"));
    let verdicts = Template::generic().with_rules(site.compiled()).classify(&page);
    let kept: Vec<&str> = page
        .blocks
        .iter()
        .zip(&verdicts)
        .filter(|(_, verdict)| verdict.is_content())
        .map(|(block, _)| &*block.text)
        .collect();
    assert_eq!(kept, ["The ferry left at seven, with eleven goats and the harbour master on board."]);
}

#[test]
fn a_body_below_one_that_cannot_be_said_is_not_trusted() {
    let (draft, toml) = convert("a.com.txt", "body: //p[text()='x']\nbody: //div[@id='x']\nstrip: //aside").unwrap();
    assert_eq!(draft.left.len(), 2);
    assert!(!toml.contains("outside") && toml.contains("write here a passage"), "{toml}");
}

#[test]
fn functions_that_change_nothing_are_left_out() {
    let text = "date: substring-before(substring-after(//p[@class='d'], 'On, '), \" at\")\n\
                title: normalize-space( string(//h1) )\nauthor: substring-after(//p[@class='a'], 'Words')\n\
                date: substring-after(//p, //q)\ntitle: string(((";
    let (draft, _) = convert("a.com.txt", text).unwrap();
    assert_eq!(draft.date, [r#"p[class="d"]"#]);
    assert_eq!(draft.title, ["h1"]);
    assert_eq!(draft.left.iter().map(|left| left.line).collect::<Vec<_>>(), [3, 4, 5]);
}

#[test]
fn names_of_files_are_hosts() {
    for (name, host) in [
        ("example.com.txt", Some("example.com")),
        ("WWW.Example.com.TXT", Some("example.com")),
        (".example.com.txt", Some("*.example.com")),
        ("münchen.de.txt", Some("münchen.de")),
        ("example.com", None),
        ("..txt", None),
        ("localhost.txt", None),
        ("a b.com.txt", None),
        ("..a.com.txt", None),
    ] {
        let host_of = convert(name, "title: //h1").ok().map(|(draft, _)| draft.host);
        assert_eq!(host_of.as_deref(), host, "{name}");
    }
}

/// XPath and the CSS made of it find the same elements: by an oracle that walks, for paths that lead up.
#[test]
fn ways_up_find_what_xpath_finds() {
    let html = "<div id=a><p><b>1</b></p><i>2</i></div><div id=c><section><p>3</p></section><h2>4</h2><p>5</p></div>";
    for (xpath, texts) in [
        ("//b/..", vec!["1"]),
        ("//b/ancestor::div", vec!["1", "2"]),
        ("//div[@id='c']/section/p/ancestor::div", vec!["3", "4", "5"]),
        ("//h2/preceding-sibling::section", vec!["3"]),
        ("//p[ancestor::section]", vec!["3"]),
        ("//p[parent::div]", vec!["1", "5"]),
        ("//p[preceding-sibling::h2]", vec!["5"]),
        ("//h2/following-sibling::*[1]", vec!["5"]),
    ] {
        let selectors = Selectors::compile([css(xpath).unwrap().selector.as_str()]).unwrap();
        let page = Page::read_with(&Capture::html("a", html), &selectors);
        let is_found = |block: &&Block| {
            page.outline.ancestors(block.node).any(|node| page.outline.marks_of(node).next().is_some())
        };
        let found: Vec<&str> = page.blocks.iter().filter(is_found).map(|block| &*block.text).collect();
        assert_eq!(found, texts, "{xpath}");
    }
}

/// The rules of the whole repository, where it is at hand: what share of them is expressed.
#[test]
fn most_of_the_known_files_are_expressed() {
    let archive = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/ftr-site-config.tar.zst");
    let Ok(file) = std::fs::File::open(archive) else {
        println!("skipped: there is no {archive}");
        return;
    };
    let mut files = tar::Archive::new(zstd::Decoder::new(file).unwrap());
    let (mut expressed, mut left, mut sites) = (0, 0, 0);
    for entry in files.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        let Ok((draft, _)) = convert(&name, &String::from_utf8_lossy(&bytes)) else { continue };
        let places = draft.title.len() + draft.author.len() + draft.date.len();
        expressed += draft.strips.len() + draft.body.as_ref().map_or(0, |(_, selectors)| selectors.len()) + places;
        let names = ["strip", "strip_id_or_class", "body", "title", "author", "date"];
        left += draft
            .left
            .iter()
            .filter(|left| names.iter().any(|name| left.directive.starts_with(&format!("{name}:"))))
            .count();
        sites += 1;
    }
    println!("{sites} sites, {expressed} rules and places expressed, {left} not");
    assert!(sites > 1000 && left * 13 < expressed, "{sites} sites, {expressed} rules and places expressed, {left} not");
}

/// Pieces of expressions and directives, so that chance makes nearly right ones.
const PIECES: &str = "(//|/|\\[|\\]|\\(|\\)|@class|@|'x '|' '|\"|contains|concat|normalize-space|not|position|text|,|=|or|and|div|\\*|\
                      \\||1|99999999999|following-sibling::|self::|\\.|body: |strip: |title: |strip_id_or_class: |http_header\\(|\\): |\n| |.)";

proptest! {
    #[test]
    fn no_expression_breaks_the_parser(xpath in "(?s).{0,80}") {
        let _ = css(&xpath);
    }

    #[test]
    fn nearly_right_files_give_site_files_or_errors(pieces in prop::collection::vec(PIECES, 0..60)) {
        let text = pieces.concat();
        let _ = css(&text);
        let (draft, toml) = convert("x.com.txt", &text).unwrap();
        let mut configs = SiteConfigs::default();
        prop_assert!(configs.add("x.com.toml", &toml).is_ok());
        prop_assert_eq!(configs.for_site("x.com").unwrap().rules.len(), draft.rules());
    }

    #[test]
    fn any_file_gives_a_site_file(text in "(?s)(.|body: |strip_id_or_class: |test_url: |\n){0,80}") {
        prop_assert!(convert("x.com.txt", &text).is_ok());
    }
}
