//! What a person decides of rules.

use super::*;

const FILE: &str = "sites/paper.example.toml";
const PERSON: &str = "\
# The paper of the whole town.
site = \"paper.example\"   # not the other one
hosts = [\"paper.example\"]

# Their call to subscribe.
[[rule]]
id = \"subscribe\"
why = \"A call to subscribe.\"
label = \"boilerplate\"
line = \"Subscribe now\" # as of March

[[check]] # saved in March
page = \"pages/a.html\"
absent = [\"Subscribe now\"]
";

fn learned(matcher: Matcher) -> LearnedRule {
    LearnedRule {
        id: "top-stories-1f2e3d".to_owned(),
        matcher,
        keys: Vec::new(),
        evidence: RuleEvidence { documents: 38, of: 40, days: 12, sections: 1, score: 3.0 },
        place: Place::default(),
        text: TextShares::default(),
        lines: std::collections::BTreeMap::new(),
        examples: vec!["A teaser".to_owned()],
        valid_from: None,
        valid_until: None,
        earlier: Vec::new(),
    }
}

fn slot() -> LearnedRule {
    learned(Matcher::Slot { open: "Top Stories".to_owned(), close: None })
}

fn decided(text: Option<&str>, rule: &LearnedRule, decision: Decision, check: Option<&str>) -> String {
    decide(FILE, text, "paper.example", rule, decision, check).unwrap()
}

const ACCEPTED: &str = "
[[rule]]
id = \"top-stories-1f2e3d\"
why = \"Learned: on 38 of 40 documents, 12 days, 1 section.\"
label = \"boilerplate\"
slot = { open = \"Top Stories\", close = \"end\" }
";

#[test]
fn accepting_adds_the_rule_after_the_others() {
    let (before, after) = PERSON.split_at(PERSON.find("\n[[check]]").unwrap());
    assert_eq!(decided(Some(PERSON), &slot(), Decision::Accept, None), format!("{before}{ACCEPTED}{after}"));
}

#[test]
fn accepting_into_a_new_file_needs_a_check() {
    let error = decide(FILE, None, "paper.example", &slot(), Decision::Accept, None).unwrap_err().to_string();
    assert!(error.contains("`check` is empty: a site with rules has a `[[check]]` on a saved page"), "{error}");
    let head = "site = \"paper.example\"\nhosts = [\"paper.example\", \"*.paper.example\"]\n";
    let check = "\n[[check]]\npage = \"pages/b.html\"\nabsent = [\"Top Stories\"]\n";
    let text = decided(None, &slot(), Decision::Accept, Some("pages/b.html"));
    assert_eq!(text, format!("{head}{ACCEPTED}{check}"));
}

#[test]
fn keeping_says_that_it_is_content() {
    let text = decided(Some(PERSON), &learned(Matcher::Selector("aside.more p".to_owned())), Decision::Keep, None);
    assert!(text.contains("label = \"content\"\nselector = \"aside.more p\"\n"), "{text}");
    assert!(text.contains("why = \"Content, though learned as boilerplate: on 38 of 40 documents"), "{text}");
}

#[test]
fn rejecting_is_remembered_once_and_undone_by_accepting() {
    let once = decided(Some(PERSON), &slot(), Decision::Reject, None);
    let line = "rejected = [\"top-stories-1f2e3d\"]\n";
    let (before, after) = PERSON.split_at(PERSON.find("\n# Their call").unwrap());
    assert_eq!(once, format!("{before}{line}{after}"));
    assert_eq!(decided(Some(&once), &slot(), Decision::Reject, None), once);
    let accepted = decided(Some(&once), &slot(), Decision::Accept, None);
    assert!(accepted.contains("rejected = []") && accepted.contains(ACCEPTED), "{accepted}");
}

#[test]
fn the_later_decision_replaces_the_earlier() {
    use Decision::{Accept, Keep, Reject};
    let page = Some("pages/b.html");
    let alone = |decision, page| decided(Some(PERSON), &slot(), decision, page);
    for (earlier, later) in
        [(Accept, Keep), (Keep, Accept), (Accept, Accept), (Accept, Reject), (Keep, Reject), (Reject, Keep)]
    {
        for page in [None, page] {
            let text = decided(Some(&alone(earlier, page)), &slot(), later, None);
            let page = page.filter(|_| !matches!((earlier, later), (Reject, _) | (_, Reject)));
            let expected = alone(later, page).replace("absent = [\"Top", "what = [\"Top");
            let text = text.replace("rejected = []\n", "").replace("absent = [\"Top", "what = [\"Top");
            assert_eq!(text, expected, "{earlier:?}, then {later:?}");
        }
    }
    let own = format!("{}\n[[check]] # theirs\npage = \"pages/c.html\"\nabsent = [\"A\"]\n", alone(Accept, None));
    let kept = decided(Some(&own), &slot(), Keep, None);
    assert!(kept.contains("label = \"content\"") && kept.contains("# theirs"), "{kept}");
}

#[test]
fn what_cannot_be_used_is_not_written() {
    for (text, expected) in
        [("site = ", "sites/paper.example.toml:1: "), ("site = \"other.example\"\n", "rename it `other.example.toml`")]
    {
        let error = decide(FILE, Some(text), "paper.example", &slot(), Decision::Accept, None).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
