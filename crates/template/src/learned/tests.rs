mod decisions;

use dechrome_page::{Capture, Page};
use proptest::prelude::*;

use super::*;
use crate::config::Matcher;
use crate::stats::SiteStats;
use crate::{Template, Verdict};

const WORDS: [&str; 8] = ["harbour", "bridge", "school", "market", "river", "tower", "station", "theatre"];

/// A page of a made-up paper, captured on the `number`-th day; with a new layout from day `redesign` on.
fn html(number: usize, redesign: usize) -> Page {
    let (word, other) = (WORDS[number % 8], WORDS[(number / 8) % 8]);
    let new = if number >= redesign { "-new" } else { "" };
    let html = format!(
        "<title>The {word} {number}</title><body><nav class='menu{new}'><ul><li>Front page</li><li>Sports and weather</li></ul></nav>\
         <main class='story{new}'><h1>The {word} opens, part {number}</h1>\
         <p>The {word} opened on Monday after ten years of work {number}, and nobody in the {other} quarter had expected so \
         many guests to come to the opening of the {word}.</p>\
         <p>The {word} committee will meet again in autumn to talk about the cost of the {other} and about those who are to \
         pay for part {number} of it.</p></main>\
         <aside class='more{new}'><h2>Top Stories</h2><p>A {word} {other} teaser of day {number}</p></aside>\
         <footer class='foot{new}'><p>Published {number} days ago by the paper</p><p>All rights reserved by the paper</p></footer>"
    );
    let mut page =
        Page::read(&Capture::html(number.to_string(), html).with_url(format!("https://paper.example/news/{number}")));
    page.captured_at = Some(format!("2026-03-{:02}T12:00:00Z", number + 1));
    page
}

/// The same as flat text.
fn flat(number: usize) -> Page {
    let page = html(number, usize::MAX);
    let text: Vec<&str> = page.blocks.iter().map(|block| block.text.as_str()).collect();
    Page::read(
        &Capture::text(number.to_string(), text.join("\n\n")).with_url(format!("https://paper.example/news/{number}")),
    )
}

/// Sentences are content: what the model makes of a lone teaser is its own affair.
fn stats(pages: &[Page]) -> SiteStats {
    let mut stats = SiteStats::default();
    for page in pages {
        let content = page.blocks.iter().map(|block| if block.text.ends_with('.') { 0.9 } else { 0.1 });
        stats.learn_with(page, &content.collect::<Vec<f32>>());
    }
    stats
}

fn template(pages: &[Page]) -> LearnedTemplate {
    LearnedTemplate::build("paper.example", &stats(pages), &[]).unwrap()
}

fn paper() -> LearnedTemplate {
    template(&(0..8).map(|number| html(number, usize::MAX)).collect::<Vec<_>>())
}

/// The template of flat pages that say this, each of its own word.
fn of_lines(says: impl Fn(&str) -> String) -> LearnedTemplate {
    let page =
        |word: &&str| Page::read(&Capture::text(*word, says(word)).with_url(format!("https://paper.example/{word}")));
    template(&WORDS.iter().map(page).collect::<Vec<_>>())
}

fn rule<'a>(template: &'a LearnedTemplate, id: &str) -> &'a LearnedRule {
    let names = || template.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>();
    template.rules.iter().find(|rule| rule.id.starts_with(id)).unwrap_or_else(|| panic!("no {id} in {:?}", names()))
}

fn verdicts(template: &LearnedTemplate, rejected: &[String], page: &Page) -> Vec<Verdict> {
    Template::generic().with_evidence(&template.evidence(rejected)).classify(page)
}

#[test]
fn a_template_reads_as_it_was_written() {
    for template in [paper(), template(&(0..6).map(flat).collect::<Vec<_>>())] {
        let text = template.to_toml();
        let read = LearnedTemplate::from_toml("paper.example.toml", &text).unwrap();
        assert_eq!(read.to_toml(), text);
        assert_eq!((read.rules.len(), &read.site), (template.rules.len(), &template.site));
        let keys =
            |template: &LearnedTemplate| template.rules.iter().flat_map(LearnedRule::line_keys).collect::<Vec<_>>();
        assert_eq!(keys(&read), keys(&template));
    }
}

#[test]
fn rules_say_what_the_pages_show() {
    let template = paper();
    assert_eq!(template.learned.documents, 8);
    assert_eq!(template.learned.first.as_deref(), Some("2026-03-01"));
    let text = template.to_toml();
    let menu = rule(&template, "nav-menu");
    assert_eq!(menu.kind(), "selector");
    assert_eq!(menu.lines[&8], ["Front page", "Sports and weather"], "{text}");
    let RuleEvidence { documents, of, days, sections, .. } = menu.evidence;
    assert_eq!((documents, of, days, sections), (8, 8, 8, 1));
    let story = rule(&template, "main-story");
    assert!(!story.is_boilerplate(), "{text}");
    assert!(!text.contains(
        "committee will meet again in autumn to talk about the cost of the harbour and about those who are to pay"
    ));
}

#[test]
fn what_closes_a_slot_has_a_rule_however_short_it_is() {
    let imprint = "All that stands here is the paper's own and may be printed again by whoever asks the desk for it.";
    let template = of_lines(|word| {
        format!(
            "{imprint}\n\nArchives\n\nA {word} teaser, one of many\n\nTweet\n\nThe {word} opened on Monday after ten years."
        )
    });
    let slot = Matcher::Slot { open: "Archives".to_owned(), close: Some("Tweet".to_owned()) };
    assert_eq!(rule(&template, "archives").matcher, slot);
    assert!(rule(&template, "tweet").place.after > Some(0.8));
}

#[test]
fn what_stands_at_content_has_a_rule_however_short_it_is() {
    let imprint = "All that stands here is the paper's own and may be printed again by whoever asks the desk";
    let template = of_lines(|word| {
        format!(
            "Shop\n\nMenu\n\n{imprint} for it\n\nReport\n\nThe {word} opened on Monday.\n\n{imprint} first\n\n{imprint} nicely"
        )
    });
    assert!(rule(&template, "report").place.after > Some(0.8));
    assert!(!template.to_toml().contains("Shop"), "{}", template.to_toml());
}

#[test]
fn flat_text_gives_slots_and_patterns() {
    let template = template(&(0..8).map(flat).collect::<Vec<_>>());
    let text = template.to_toml();
    let slot = rule(&template, "top-stories");
    let close = Some("Published …".to_owned());
    assert_eq!(slot.matcher, Matcher::Slot { open: "Top Stories".to_owned(), close }, "{text}");
    let published = rule(&template, "published-days-ago-by");
    assert_eq!(published.matcher, Matcher::Pattern("^Published \\d+ days ago by the paper$".to_owned()));
    assert!(!template.learned.layouts.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn the_same_statistics_give_the_same_bytes(order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let pages: Vec<Page> = order.into_iter().map(|number| html(number, 5)).collect();
        let sorted: Vec<Page> = (0..8).map(|number| html(number, 5)).collect();
        prop_assert_eq!(template(&pages).to_toml(), template(&sorted).to_toml());
    }
}

#[test]
fn applying_is_pure() {
    let template = paper();
    let before = template.clone();
    let evidence = template.evidence(&[]);
    let judge = Template::generic().with_evidence(&evidence);
    let page = html(11, usize::MAX);
    let first = judge.classify(&page);
    for other in 0..4 {
        judge.classify(&html(other, usize::MAX));
    }
    assert_eq!(judge.classify(&page), first);
    assert_eq!(template, before);
}

#[test]
fn a_template_says_what_the_documents_say() {
    let pages: Vec<Page> = (0..8).map(|number| html(number, usize::MAX)).collect();
    let (template, stats) = (template(&pages), stats(&pages));
    let (frozen, counted) = (template.evidence(&[]), stats.evidence());
    for (frozen, counted) in frozen.of_page(&pages[3]).iter().zip(counted.of_page(&pages[3])) {
        assert_eq!((frozen.of, frozen.documents), (counted.of, counted.documents));
        assert_eq!(frozen.path_documents, counted.path_documents);
    }
}

#[test]
fn one_document_teaches_its_boilerplate_and_not_its_text() {
    let page = html(3, usize::MAX);
    let template = template(std::slice::from_ref(&page));
    let text = template.to_toml();
    assert!(!text.contains("line = \"The market opened"), "{text}");
    let kept = |verdicts: Vec<Verdict>| verdicts.iter().map(Verdict::is_content).collect::<Vec<_>>();
    let (alone, learned) = (kept(Template::generic().classify(&page)), kept(verdicts(&template, &[], &page)));
    assert!(alone.iter().zip(learned).all(|(alone, learned)| !alone || learned), "nothing more is lost");
}

#[test]
fn rejected_rules_are_not_used_and_not_learned_again() {
    let template = paper();
    let id = rule(&template, "nav-menu").id.clone();
    let page = html(3, usize::MAX);
    let evidence = |rejected: &[String]| template.evidence(rejected).of_page(&page)[0];
    assert_eq!(evidence(&[]).documents, Some(7));
    assert_eq!(evidence(std::slice::from_ref(&id)).documents, Some(0));
    let pages: Vec<Page> = (0..8).map(|number| html(number, usize::MAX)).collect();
    let counted = |rejected: &[String]| stats(&pages).without_rules(rejected).evidence().of_page(&page)[0];
    assert_eq!((counted(&[]).documents, counted(&[]).path_documents), (Some(7), 7));
    let without = counted(std::slice::from_ref(&id));
    assert_eq!((without.documents, without.path_documents), (Some(0), 0));
    let again = LearnedTemplate::build("paper.example", &stats(&pages), std::slice::from_ref(&id)).unwrap();
    assert!(again.rules.iter().all(|rule| rule.id != id));
    assert!(!again.to_toml().contains("Sports and weather"), "nor under another name");
}

#[test]
fn mistakes_name_their_line() {
    let head = "schema = 1\nsite = \"a\"\n[learned]\ndocuments = 2\nstats = \"x\"\n[[rule]]\nid = \"r\"\n";
    let evidence = "evidence = { documents = 1, of = 2, days = 1, sections = 0, score = 1.0 }\n";
    for (rule, expected) in [
        (format!("kind = \"line\"\n{evidence}"), "a.toml:7: `line` is empty: the rule is of that kind"),
        (format!("kind = \"line\"\nline = \"a\"\nopen = \"b\"\n{evidence}"), "a.toml:10: `open` does not belong"),
        (format!("kind = \"lines\"\n{evidence}"), "a.toml:8: unknown value `lines`, did you mean `line`?"),
        (format!("kind = \"line\"\nlien = \"a\"\n{evidence}"), "a.toml:9: unknown key `lien`, did you mean `line`?"),
        (format!("kind = \"pattern\"\npattern = '('\nexamples = [\"a\"]\n{evidence}"), "a.toml:9: bad pattern"),
        (format!("kind = \"pattern\"\npattern = 'a'\n{evidence}"), "a.toml:7: `examples` is empty"),
        (format!("kind = \"selector\"\nselector = \"a[\"\n{evidence}"), "a.toml:9: "),
        (
            format!("kind = \"selector\"\nselector = \"a\"\nkeys = [\"xyz\"]\n{evidence}"),
            "a.toml:10: `keys` holds `xyz`",
        ),
        (
            format!("kind = \"line\"\nline = \"a …\"\nkeys = [\"00001234567890ab\", \"1234567890abcdef\"]\n{evidence}"),
            "a.toml:10: `keys` holds `1234567890abcdef`, give 12 hexadecimal digits",
        ),
        (
            format!(
                "kind = \"line\"\nline = \"a\"\n{evidence}[[rule]]\nid = \"r\"\nkind = \"line\"\nline = \"b\"\n{evidence}"
            ),
            "a.toml:12: duplicate rule id `r`, first on line 7",
        ),
        ("kind = \"line\"\nline = \"a\"\nevidence = { documents = 1 }\n".to_owned(), "a.toml:10: missing field `of`"),
    ] {
        let error = LearnedTemplate::from_toml("a.toml", &format!("{head}{rule}")).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error} for {rule}");
    }
    let error =
        LearnedTemplate::from_toml("a.toml", &head.replace("schema = 1", "schema = 9")).unwrap_err().to_string();
    assert!(error.contains("a.toml:1: schema 9 is not known") || error.contains("missing field"), "{error}");
}

#[test]
fn differences_are_of_meaning() {
    let old = paper();
    assert_eq!(diff(Some(&old), Some(&old)), []);
    let more = template(&(0..16).map(|number| html(number, usize::MAX)).collect::<Vec<_>>());
    let same: Vec<_> =
        diff(Some(&old), Some(&more)).into_iter().filter(|change| change.id.starts_with("nav-")).collect();
    assert_eq!(same, [], "8 of 8 and 16 of 16 are the same");
    let redesigned = template(&(0..8).map(|number| html(number, 4)).collect::<Vec<_>>());
    let changes = diff(Some(&old), Some(&redesigned));
    let of = |rule: &str| changes.iter().find(|change| change.rule == rule).unwrap();
    let (old_menu, new_menu) = (of("body nav.menu ul li"), of("body nav.menu-new ul li"));
    assert_eq!((old_menu.change, old_menu.documents), ("changed", 4));
    assert_eq!(old_menu.what, ["documents 8 of 8 → 4 of 8"]);
    assert_eq!((new_menu.change, new_menu.documents), ("added", 4));
    let gone = diff(Some(&old), None);
    assert_eq!(gone.len(), old.rules.len());
    assert!(gone.iter().all(|change| change.change == "removed"));
    assert!(gone.is_sorted_by_key(|change| std::cmp::Reverse(change.documents)));
}

#[test]
fn a_redesign_makes_places_stale_and_not_lines() {
    let template = template(&(0..8).map(flat).collect::<Vec<_>>());
    let lines = template.status(&stats(&(0..8).map(flat).collect::<Vec<_>>()));
    assert_eq!((lines.layouts.len(), lines.stale().count()), (1, 0));

    let now = paper().status(&stats(&(0..28).map(|number| html(number, 14)).collect::<Vec<_>>()));
    let layouts: Vec<_> = now.layouts.iter().map(|layout| (layout.from.as_deref(), layout.documents)).collect();
    assert_eq!(layouts, [(None, 14), (Some("2026-03-15"), 14)]);
    assert_eq!((now.since.as_deref(), now.recent), (Some("2026-03-19"), 10));
    let menu = now.stale().find(|rule| rule.id.starts_with("nav-menu")).unwrap();
    assert_eq!((menu.expected, menu.seen, menu.last.as_deref()), (1.0, 0, Some("2026-03-14")));
    assert!(now.stale().all(|rule| rule.kind == "selector"), "{now:?}");
    assert_eq!(now.hits.len(), paper().rules.len(), "all rules with their rates");
    let (usual, recent) = (now.usual.unwrap(), now.now.unwrap());
    assert!(usual.body.abs_diff(recent.body) < usual.body / 5 && usual.recurring > 0.1, "{usual:?} {recent:?}");
}

#[test]
fn the_share_of_links_is_that_of_the_documents_usual_and_recent() {
    let page = |number: usize| {
        let mut page = html(number, usize::MAX);
        let links = if number < 6 { 4 } else { 2 };
        for block in &mut page.blocks {
            (block.chars, block.link_chars) = (40, 40 / links);
        }
        page
    };
    let status = paper().status(&stats(&(0..9).map(page).collect::<Vec<_>>()));
    let (usual, recent) = (status.usual.unwrap(), status.now.unwrap());
    assert!((usual.links - 1.0 / 3.0).abs() < 1e-6 && (recent.links - 0.5).abs() < 1e-6, "{usual:?} {recent:?}");
    let flat = paper().status(&stats(&(0..8).map(flat).collect::<Vec<_>>()));
    assert_eq!(flat.usual.map(|shape| shape.links), Some(0.0));
}

#[test]
fn a_template_that_knows_of_the_redesign_is_not_stale() {
    let pages: Vec<Page> = (0..28).map(|number| html(number, 14)).collect();
    let status = template(&pages).status(&stats(&pages));
    assert_eq!(status.stale().count(), 0, "{status:?}");
    let menu = status.hits.iter().find(|rule| rule.id.starts_with("nav-menu") && rule.until.is_some()).unwrap();
    assert_eq!((menu.seen, menu.until.as_deref()), (0, Some("2026-03-14")));
}

#[test]
fn rules_say_of_which_layouts_they_are() {
    let template = template(&(0..16).map(|number| html(number, 8)).collect::<Vec<_>>());
    let days = |rule: &LearnedRule| (rule.valid_from.clone(), rule.valid_until.clone());
    let until = || Some("2026-03-08".to_owned());
    let text = template.to_toml();
    let old = template.rules.iter().find(|rule| rule.id.starts_with("nav-menu") && !rule.id.contains("new")).unwrap();
    assert_eq!(days(old), (None, until()), "{text}");
    let new = rule(&template, "nav-menu-new");
    assert_eq!(days(new), (Some("2026-03-09".to_owned()), None), "{text}");
    assert_eq!((new.evidence.documents, new.evidence.of), (8, 8), "absence does not count across the redesign");
    let notice = rule(&template, "all-rights-reserved-by");
    assert_eq!((days(notice), notice.evidence.documents, notice.evidence.of), ((None, None), 16, 16), "{text}");
    assert_eq!(notice.earlier.iter().map(|layout| layout.documents).collect::<Vec<_>>(), [8]);
    assert_eq!(LearnedTemplate::from_toml("paper.example.toml", &text).unwrap().to_toml(), text);
}

#[test]
fn pages_are_judged_by_the_layout_of_their_day() {
    let pages: Vec<Page> = (0..16).map(|number| html(number, 8)).collect();
    let (frozen, counted) = (template(&pages).evidence(&[]), stats(&pages).evidence());
    for page in [&pages[2], &pages[12]] {
        let (frozen, counted) = (frozen.of_page(page), counted.of_page(page));
        let common: Vec<usize> = (0..page.blocks.len()).filter(|&at| counted[at].documents > Some(5)).collect();
        assert_eq!(common.len(), 5, "menu, heading and footer");
        for block in common {
            let (frozen, counted) = (frozen[block], counted[block]);
            assert_eq!((frozen.of, frozen.documents), (counted.of, counted.documents));
            assert_eq!((frozen.of, frozen.documents), (15, Some(15)), "text counts from all layouts");
        }
        assert_eq!(frozen[0].path_documents, counted[0].path_documents);
    }
    let on_day = |page: &Page, day: Option<&str>| {
        let mut page = page.clone();
        (page.captured_at, page.metadata.date) = (day.map(str::to_owned), None);
        let menu = frozen.of_page(&page)[0];
        (menu.documents, menu.path_documents)
    };
    let (old, new) = (html(20, usize::MAX), html(21, 8));
    let (here, gone) = ((Some(15), 15), (Some(15), 0));
    assert_eq!(on_day(&old, Some("2026-03-04T00:00:00Z")), here);
    assert_eq!((on_day(&old, None), on_day(&old, Some("2026-09-01T00:00:00Z"))), (gone, gone));
    assert_eq!((on_day(&new, None), on_day(&new, Some("2026-03-04T00:00:00Z"))), (here, gone));
}

#[test]
fn a_site_that_was_not_redesigned_has_rules_for_all_days() {
    let text = paper().to_toml();
    assert!(!text.contains("valid_") && !text.contains("earlier"), "{text}");
}

#[test]
fn the_index_finds_the_rules_of_a_block() {
    let template = paper();
    let index = template.index();
    let page = html(20, usize::MAX);
    let ids: Vec<&str> = index.rules(&page, &page.blocks[0]).map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, [rule(&template, "nav-menu").id.as_str()]);
}
