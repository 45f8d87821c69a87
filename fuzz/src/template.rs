//! What holds for every site file, whatever its bytes.

use dechrome_page::{Capture, Page};
use dechrome_template::{ConfigError, SiteConfigs};

/// The name under which every input is added.
const FILE: &str = "sites/site.example.toml";

/// A page that rules may match.
const PAGE: &str = "<nav class=menu><a href=/>Home</a></nav><main><h1>Title</h1><p class=ad>Buy now</p>\
    <p>A paragraph that stays.</p><h2>More news</h2><p>Teaser</p></main>";

/// Site files: usable as a whole, or an error that says where.
pub fn site_toml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut configs = SiteConfigs::default();
    match configs.add(FILE, text) {
        Ok(()) => apply(&configs),
        Err(ConfigError::Invalid { file, line, problem }) => {
            assert_eq!(file, FILE);
            assert!((1..=text.split('\n').count()).contains(&line), "line {line}: {problem}");
            assert!(!problem.to_string().is_empty());
            assert_eq!(configs.iter().count(), 0, "a broken file adds nothing");
        }
        Err(error) => panic!("no file was read: {error}"),
    }
}

fn apply(configs: &SiteConfigs) {
    let config = configs.for_site("site.example").expect("the file's name is the site's");
    let ids: Vec<&str> = config.rules.iter().map(|rule| rule.id.as_str()).collect();
    let capture = Capture::html("fuzz", PAGE);
    let page = Page::read_with(&capture, config.compiled().selectors());
    let verdicts = config.compiled().verdicts(&page);
    assert_eq!(verdicts.len(), page.blocks.len());
    for verdict in verdicts.iter().flatten() {
        let dechrome_template::Reason::Rule { id } = &verdict.reason else {
            panic!("a rule's verdict gives the rule: {verdict:?}")
        };
        assert!(ids.contains(&id.as_str()), "{id}");
    }
    assert_eq!(verdicts, config.compiled().verdicts(&page), "applying is pure");
}
