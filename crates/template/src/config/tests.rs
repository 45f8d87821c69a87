use std::path::{Path, PathBuf};

use dechrome_page::{Block, BlockKind, Capture, Hidden, Limits, Media, Metadata, Node, Outline, Page, Tag};
use proptest::prelude::*;

use super::{SiteConfigs, is_nameless, site_of};
use crate::verdict::Reason;

/// A page of one block a paragraph, all in the root.
fn page(text: &str) -> Page {
    let blocks: Vec<Block> =
        text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(|t| block(t, 0)).collect();
    let root = node(Tag::Document, 0, 0);
    Page {
        id: "page".into(),
        url: None,
        site: None,
        captured_at: None,
        directory: None,
        media: Media::Text,
        encoding: "UTF-8".into(),
        lossy: false,
        limits: Limits::default(),
        scripts: 0,
        metadata: Metadata::default(),
        outline: Outline { nodes: vec![root], tokens: vec![], marks: vec![], labels: vec![] },
        blocks,
    }
}

fn node(tag: Tag, parent: u32, depth: u16) -> Node {
    Node { tag, parent, depth, signature: 0, first_token: 0, first_block: 0, end_block: 0, chars: 0, link_chars: 0 }
}

fn block(text: &str, node: u32) -> Block {
    Block {
        text: text.into(),
        kind: BlockKind::Paragraph,
        node,
        chars: text.chars().count() as u32,
        link_chars: 0,
        strong_chars: 0,
        links: vec![],
        hidden: Hidden::default(),
        blank_before: 1,
        indent: 0,
    }
}

/// A site with these rules and a check.
fn site(rules: &str) -> SiteConfigs {
    let mut configs = SiteConfigs::default();
    let text = format!("site = \"x\"\nhosts = [\"x.com\"]\n{rules}\n[[check]]\npage = \"p\"\nabsent = [\"a\"]\n");
    configs.add("x.toml", &text).unwrap();
    configs
}

/// The ids of the rules that label each block, content with a `+`.
fn ids(configs: &SiteConfigs, page: &Page) -> Vec<String> {
    let verdicts = configs.for_site("x").unwrap().compiled().verdicts(page);
    let id = |verdict: &crate::Verdict| match &verdict.reason {
        Reason::Rule { id } if verdict.is_content() => format!("+{id}"),
        Reason::Rule { id } => id.clone(),
        other => panic!("{other:?}"),
    };
    verdicts.iter().map(|verdict| verdict.as_ref().map_or_else(String::new, id)).collect()
}

/// Site files with a mistake, and how what is said of it begins.
const MISTAKES: &[(&str, &str)] = &[
    ("sit = \"x\"", "x.toml:1: unknown key `sit`, did you mean `site`?"),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nselctor = \"p\"",
        "x.toml:6: unknown key `selctor`, did you mean `selector`?",
    ),
    ("site = \"x\"\n\n[[rule]]\nid = \"a\"\nlabel = \"content\"\nline = \"p\"", "x.toml:3: missing field `why`"),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \" \"\nlabel = \"content\"\nline = \"p\"",
        "x.toml:4: `why` is empty: say why",
    ),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"boilerplat\"\nline = \"p\"",
        "x.toml:5: unknown value `boilerplat`, did you mean `boilerplate`?",
    ),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nselector = \"p[\"",
        "x.toml:6: selector `p[` is no CSS selector",
    ),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\npattern = \"(\"",
        "x.toml:6: bad pattern `(`",
    ),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\npattern = '(?:\\w{900}){900}'",
        "x.toml:6: bad pattern",
    ),
    ("site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"", "x.toml:3: rule `a` has 0 matchers"),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nline = \"a\"\npattern = \"a\"",
        "x.toml:3: rule `a` has 2 matchers",
    ),
    ("site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nline = \"\"", "x.toml:6: `line` is empty"),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nline = \"a\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nline = \"b\"",
        "x.toml:8: duplicate rule id `a`, first on line 3",
    ),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nslot = { open = \"a\", closes = \"b\" }",
        "x.toml:6: unknown key `closes`, did you mean `close`?",
    ),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nline = \"a\"\nvalid_from = 2024-02-30",
        "x.toml:7:",
    ),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nline = \"a\"\nvalid_from = 12:30:00",
        "x.toml:7: `valid_from` is `12:30:00`, give a day",
    ),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nline = \"a\"\nvalid_from = 2024-02-02\nvalid_until = 2024-02-01",
        "x.toml:8: `valid_until` is `2024-02-01`, give a day not before",
    ),
    ("site = \"x\"\nhosts = [\"a.b\", \"https://a.b/\"]", "x.toml:2: bad host `https://a.b/`"),
    ("site = \"y\"", "x.toml:1: site `y` is in a file of another name, rename it `y.toml`"),
    ("site = \"x\"\n[signature]\nlines = [\"one\"]", "x.toml:2: `min` is empty"),
    ("site = \"x\"\n[signature]\nmin = 0\nlines = [\"one\"]", "x.toml:2: `min` is empty"),
    (
        "site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nline = \"a\"",
        "x.toml:1: `check` is empty",
    ),
    ("site = \"x\"\n[[check]]\npage = \"p\"", "x.toml:2: `contains` is empty"),
    ("site = \"x\"\n[fetch]\nstrat = []", "x.toml:3: unknown key `strat`, did you mean `start`?"),
    ("site = \"x\"\n[fetch]\ndelay_seconds = -1.0", "x.toml:2: `delay_seconds` is empty"),
    ("site = \"x\"\nsite = \"x\"", "x.toml:2:"),
];

#[test]
fn mistakes_are_told_with_line_and_suggestion() {
    for &(text, expected) in MISTAKES {
        let error = SiteConfigs::default().add("x.toml", text).expect_err(text);
        assert!(error.to_string().starts_with(expected), "{text}\n  gave {error}\n  not  {expected}");
    }
}

#[test]
fn matchers_label_their_blocks() {
    let rule = |id: &str, label: &str, matcher: &str| {
        format!("[[rule]]\nid = \"{id}\"\nwhy = \"w\"\nlabel = \"{label}\"\n{matcher}\n")
    };
    let rules = [
        rule("slot", "boilerplate", "slot = { open = \"More from …\", close = \"Next\" }"),
        rule("tail", "boilerplate", "slot = { open = \"Comments\", close = \"end\" }"),
        rule("open", "boilerplate", "slot = { open = \"First\", close = \"never there\" }"),
        rule("line", "boilerplate", "line = \"Subscribe  to us\""),
        rule("same", "boilerplate", "line = \"subscribe to US\""),
        rule("number", "boilerplate", "pattern = '^\\d+ readers$'"),
        rule("keep", "content", "line = \"More 2\""),
    ]
    .concat();
    let text = "First\n\nSUBSCRIBE to us\n\nSubscribe to us now\n\n12 readers\n\nMore from Us\n\nMore 1\n\nMore 2\n\n\
                Next\n\nMore fromage\n\nComments\n\nLast";
    let expected = ["", "same", "", "number", "slot", "slot", "+keep", "", "", "tail", "tail"];
    assert_eq!(ids(&site(&rules), &page(text)), expected);
}

#[test]
fn selectors_reach_down_and_inner_ones_give_the_reason() {
    let rule = |id: &str, label: &str, selector: &str| {
        format!("[[rule]]\nid = \"{id}\"\nwhy = \"w\"\nlabel = \"{label}\"\nselector = \"{selector}\"\n")
    };
    let rules =
        [rule("inner", "boilerplate", ".i"), rule("outer", "boilerplate", "aside"), rule("keep", "content", "q")]
            .concat();
    let mut page = page("");
    // root > aside > div.i > q
    page.outline.nodes =
        vec![node(Tag::Document, 0, 0), node(Tag::Aside, 0, 1), node(Tag::Div, 1, 2), node(Tag::Other, 2, 3)];
    page.outline.marks = vec![(1, 1), (2, 0), (3, 2)];
    page.blocks = vec![block("a", 0), block("b", 1), block("c", 2), block("d", 3)];
    let configs = site(&rules);
    assert_eq!(ids(&configs, &page), ["", "outer", "inner", "+keep"]);
    assert!(!configs.for_site("x").unwrap().compiled().selectors().is_empty());
}

#[test]
fn what_is_outside_goes_where_there_is_an_inside() {
    let rules = "[[rule]]\nid = \"out\"\nwhy = \"w\"\nlabel = \"boilerplate\"\noutside = \"main\"\n\
                 [[rule]]\nid = \"ad\"\nwhy = \"w\"\nlabel = \"boilerplate\"\nselector = \".ad\"\n\
                 [[rule]]\nid = \"keep\"\nwhy = \"w\"\nlabel = \"content\"\nline = \"e\"\n";
    let configs = site(rules);
    let compiled = configs.for_site("x").unwrap().compiled();
    let mut page = page("");
    // root > (main > div.ad), aside; the first rule's selector is number 0, the second's 1.
    page.outline.nodes =
        vec![node(Tag::Document, 0, 0), node(Tag::Main, 0, 1), node(Tag::Div, 1, 2), node(Tag::Aside, 0, 1)];
    page.blocks = vec![block("a", 0), block("b", 1), block("c", 2), block("d", 3), block("e", 3)];
    for (marks, expected, matched) in [
        (vec![(1, 0), (2, 1)], ["out", "", "ad", "out", "+keep"], [true, true, true]),
        (vec![(2, 1)], ["", "", "ad", "", "+keep"], [false, true, true]),
        // An element without text is no article.
        (vec![(3, 1)], ["", "", "", "ad", "+keep"], [false, true, true]),
    ] {
        page.outline.marks = marks;
        assert_eq!(ids(&configs, &page), expected);
        assert_eq!(compiled.matched(&page), matched);
    }
    page.outline.nodes.push(node(Tag::Main, 0, 1));
    page.outline.marks = vec![(4, 0)];
    assert_eq!(ids(&configs, &page), ["", "", "", "", "+keep"]);
}

#[test]
fn metadata_are_read_where_a_site_file_says() {
    let mut configs = SiteConfigs::default();
    let text = "site = \"x\"\n[metadata]\ntitle = [\".no\", \".t\"]\nauthor = [\".a\"]\ndate = [\".d\"]";
    configs.add("x.toml", text).unwrap();
    let selectors = configs.for_site("x").unwrap().compiled().selectors();
    let html = "<title>Other</title><h1>Other</h1><b class=t>Told</b><p class=a>Ana Diaz<p class=d>3 May 2021<p>Text.";
    let metadata = Page::read_with(&Capture::html("a", html), selectors).metadata;
    let found = (metadata.title.as_deref(), metadata.author.as_deref(), metadata.date.as_deref());
    assert_eq!(found, (Some("Told"), Some("Ana Diaz"), Some("2021-05-03")));
    let error = SiteConfigs::default().add("x.toml", "site = \"x\"\n[metadata]\ntitle = [\"h1\", \"p[\"]").unwrap_err();
    assert!(error.to_string().starts_with("x.toml:3: selector `p[` is no CSS selector"), "{error}");
}

#[test]
fn rules_hold_for_captures_of_their_days() {
    let rules = "[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"boilerplate\"\nline = \"A\"\nvalid_from = 2024-01-01\nvalid_until = 2024-12-31";
    let configs = site(rules);
    for (captured, holds) in [
        (None, true),
        (Some("2023-12-31T23:59:59Z"), false),
        (Some("2024-01-01T00:00:00Z"), true),
        (Some("2024-12-31"), true),
        (Some("2025-01-01T00:00:00Z"), false),
    ] {
        let mut page = page("A");
        page.captured_at = captured.map(str::to_owned);
        assert_eq!(ids(&configs, &page) == ["a"], holds, "{captured:?}");
    }
}

/// Text, given site, address, canonical address; the site's name.
type Case<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>, &'a str);

#[test]
fn sites_are_found_by_name_host_signature_and_directory() {
    let mut configs = SiteConfigs::default();
    let signature = "[signature]\nlines = [\"One line\", \"Other line …\", \"Third\"]";
    configs.add("x.toml", &format!("site = \"x\"\nhosts = [\"x.com\", \"*.y.co.uk\"]\n{signature}")).unwrap();
    configs.add("z.toml", &format!("site = \"z\"\n{}", signature.replace("Third", "Fourth"))).unwrap();
    let signed = "one  LINE\nnothing\n\nOther line: 7\n\nText";
    let cases: [Case; 12] = [
        (signed, Some("given"), Some("https://x.com/"), None, "given"),
        (signed, None, Some("https://www.X.com/a"), None, "x"),
        (signed, None, Some("https://a.b.y.co.uk/a"), None, "x"),
        (signed, None, Some("https://y.co.uk/a"), None, "y.co.uk"),
        (signed, None, Some("https://sub.x.com/a"), None, "x.com"),
        (signed, None, Some("https://news.other.co.uk/"), Some("https://x.com/"), "other.co.uk"),
        (signed, None, None, Some("https://x.com/"), "x"),
        (signed, None, None, None, "x"),
        (&format!("{signed}\n\nFourth"), None, None, None, "z"),
        ("One line\n\nOther lineage\n\nOne line", None, None, None, "folder"),
        ("One line, or more\n\nOther line", None, None, None, "folder"),
        (signed, Some(" "), Some("no address"), None, "x"),
    ];
    for (text, site, url, canonical, expected) in cases {
        let mut page = page(text);
        page.site = site.map(str::to_owned);
        page.url = url.map(str::to_owned);
        page.metadata.canonical = canonical.map(str::to_owned);
        page.directory = Some("folder".into());
        assert_eq!(site_of(&page, &configs), expected, "{text:?} {site:?} {url:?} {canonical:?}");
    }
    assert_eq!(site_of(&page("Text"), &configs), "unknown");
    for (directory, expected, nameless) in [
        ("www.x.com", "x", false),
        ("m.other.co.uk", "other.co.uk", false),
        ("crawl", "crawl", true),
        ("v1.2", "v1.2", true),
    ] {
        let mut page = page("Text");
        page.directory = Some(directory.into());
        assert_eq!((site_of(&page, &configs).as_str(), is_nameless(&page, &configs)), (expected, nameless));
    }
    assert!(configs.for_site("www.x.com").is_some() && configs.for_site("w.com").is_none());
}

#[test]
fn a_later_file_takes_the_place_of_the_same_site() {
    let directory = std::env::temp_dir().join(format!("dechrome-config-{}", std::process::id()));
    std::fs::create_dir_all(directory.join("sites")).unwrap();
    std::fs::write(directory.join("sites/tbsnews.net.toml"), "site = \"tbsnews.net\"\nhosts = [\"tbs.example\"]")
        .unwrap();
    let configs = SiteConfigs::load_dir(&directory);
    std::fs::write(directory.join("sites/bad.toml"), "site = \"bad\"\n\nhost = []").unwrap();
    let broken = SiteConfigs::load_dir(&directory);
    std::fs::remove_dir_all(&directory).unwrap();
    let configs = configs.unwrap();
    assert!(configs.for_site("tbsnews.net").unwrap().rules.is_empty());
    assert!(configs.for_site("www.tbsnews.net").is_none() && configs.for_site("tbs.example").is_some());
    assert!(configs.for_site("subscriber-news").is_some());
    let message = broken.expect_err("an unknown key").to_string();
    assert!(message.ends_with("bad.toml:3: unknown key `host`, did you mean `hosts`?"), "{message}");
}

fn config_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config")
}

/// Each file's rules alone, on its own pages: what must be left has no rule against it, what must go has one.
#[test]
fn embedded_site_files_pass_their_checks() {
    let configs = SiteConfigs::embedded().unwrap();
    assert!(configs.iter().count() >= 2);
    for config in configs.iter() {
        for check in &config.checks {
            let text = std::fs::read_to_string(config_directory().join(&check.page)).unwrap();
            for page in [page(&text.replace('\n', "\n\n"))] {
                assert_eq!(configs.recognise(&page).map(|config| &*config.site), Some(&*config.site), "{}", check.page);
                let verdicts = config.compiled().verdicts(&page);
                let kept = page
                    .blocks
                    .iter()
                    .zip(&verdicts)
                    .filter(|(_, v)| v.as_ref().is_none_or(crate::Verdict::is_content));
                let kept = kept.map(|(block, _)| &*block.text).collect::<Vec<_>>().join("\n\n");
                for passage in &check.contains {
                    assert!(kept.contains(passage), "{}: lost {passage}", config.site);
                }
                for passage in &check.absent {
                    assert!(!kept.contains(passage), "{}: kept {passage} in\n{kept}", config.site);
                }
            }
        }
    }
}

#[test]
fn rules_may_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<SiteConfigs>();
    shared::<crate::Cues>();
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "(?s).{0,200}") {
        let _ = SiteConfigs::default().add("x.toml", &text);
    }

    #[test]
    fn no_page_breaks_the_rules(text in "(?s)(Comments|Related News|\\n|.){0,60}", captured in ".{0,12}") {
        let configs = SiteConfigs::embedded().unwrap();
        let mut page = page(&text);
        page.captured_at = Some(captured);
        for config in configs.iter() {
            prop_assert_eq!(config.compiled().verdicts(&page).len(), page.blocks.len());
        }
        prop_assert!(!site_of(&page, &configs).is_empty());
    }
}
