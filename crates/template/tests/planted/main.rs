//! Made-up sites with planted chrome, a knob for each way in which learning may fail: how much of the chrome goes and
//! how much content is lost, with learning off and on. `--nocapture` prints the figures.
//!
//! The bars stand a little below what was measured in November 2026, so that another model may pass them. What the
//! product does not reach yet says so.
#![allow(clippy::print_stdout)] // figures for people

mod measure;
mod prose;
mod site;

use measure::{Form, Learned, evidence_by_days, measure, measure_articles, measure_front_page, measure_relaunch};
use site::Knob;

/// Most content that learning may cost, as a share of all.
const MOST_LOST: f64 = 0.01;

/// What learning must reach: a knob, how pages are given, the least share of chrome that goes, and how much more that
/// is than without learning.
type Bar = (Knob, Form, f64, f64);

const BARS: [Bar; 20] = [
    (Knob::Plain, Form::Html, 0.95, 0.0),
    (Knob::Teasers, Form::Html, 0.92, 0.20),
    (Knob::Twins, Form::Html, 0.95, 0.0),
    (Knob::Numbered, Form::Html, 0.95, 0.10),
    (Knob::Disclaimer, Form::Html, 0.95, 0.10),
    (Knob::SingleAuthor, Form::Html, 0.95, 0.30),
    (Knob::TwoLayouts, Form::Html, 0.95, 0.0),
    (Knob::Redesign, Form::Html, 0.95, 0.0),
    (Knob::Relaunch, Form::Html, 0.95, 0.0),
    (Knob::Languages, Form::Html, 0.95, 0.0),
    (Knob::Plain, Form::Flat, 0.90, 0.50),
    (Knob::Teasers, Form::Flat, 0.90, 0.60),
    (Knob::Twins, Form::Flat, 0.90, 0.50),
    (Knob::Numbered, Form::Flat, 0.95, 0.40),
    (Knob::Disclaimer, Form::Flat, 0.90, 0.50),
    (Knob::SingleAuthor, Form::Flat, 0.90, 0.50),
    (Knob::TwoLayouts, Form::Flat, 0.90, 0.50),
    (Knob::Redesign, Form::Flat, 0.90, 0.50),
    (Knob::Relaunch, Form::Flat, 0.90, 0.50),
    (Knob::Languages, Form::Flat, 0.90, 0.08),
];

#[test]
fn chrome_goes_and_content_stays() {
    let mut failures = Vec::new();
    for (knob, form, least, gain) in BARS {
        let (off, on) = measure(knob, form, Learned::All);
        println!("{knob:?} {form:?}: off {off}; on {on}");
        let is_met = on.removed() >= least && on.removed() >= off.removed() + gain;
        if !is_met || on.lost() > off.lost() + MOST_LOST {
            failures.push(format!("{knob:?} {form:?}: off {off}; on {on}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Learned from one half of the site, the other is cleaned: what holds for known pages holds for unknown ones.
#[test]
fn pages_not_learned_from_lose_nothing_either() {
    for (knob, form, least, _) in BARS {
        let (off, on) = measure(knob, form, Learned::OtherHalf);
        println!("{knob:?} {form:?}: off {off}; on {on}");
        assert!(on.lost() <= off.lost() + MOST_LOST, "{knob:?} {form:?}: off {off}; on {on}");
        // With half of the pages, at least half of what is reached with all.
        assert!(on.removed() >= 0.5 * least, "{knob:?} {form:?}: off {off}; on {on}");
    }
}

/// Whatever a redesign leaves of the layout before, having learned from it does no harm: neither while few pages of the new
/// layout are known, nor later, nor to pages of the old one. Were absence counted across the relaunch, .80 of the flat chrome
/// would go with five pages of the new layout.
#[test]
fn learning_across_a_relaunch_is_as_good_as_learning_from_one_layout_alone() {
    for form in [Form::Html, Form::Flat] {
        for (of_new, learned, least) in [(true, 5, 0.90), (true, 8, 0.92), (true, 12, 0.93), (false, 12, 0.93)] {
            let (alone, across) = measure_relaunch(form, of_new, learned);
            let case = format!("{form:?}, new layout {of_new}, {learned} of its pages: alone {alone}; across {across}");
            println!("{case}");
            assert!(across.removed() >= alone.removed().max(least) && across.lost() <= alone.lost(), "{case}");
        }
    }
}

/// Days change nothing where the layout does not: not even where there are two, or a part of the page is made anew.
#[test]
fn evidence_of_a_site_that_was_not_redesigned_knows_no_days() {
    for knob in Knob::ALL {
        for form in [Form::Html, Form::Flat] {
            let (dated, undated) = evidence_by_days(knob, form);
            assert_eq!(dated == undated, knob != Knob::Relaunch, "{knob:?} {form:?}");
        }
    }
}

#[test]
fn twins_do_not_testify_for_each_other() {
    for form in [Form::Html, Form::Flat] {
        let (off, on) = measure(Knob::Twins, form, Learned::All);
        assert!(on.lost() <= off.lost(), "{form:?}: off {off}; on {on}");
    }
}

/// One article that is all of the site, again and again: what recurs is the article.
#[test]
fn copies_under_other_headlines_lose_nothing() {
    for form in [Form::Html, Form::Flat] {
        let (off, on) = measure_articles(Knob::Copies, form, Learned::All, 1);
        println!("Copies {form:?}: off {off}; on {on}");
        assert!(on.lost() <= off.lost() + MOST_LOST, "{form:?}: off {off}; on {on}");
    }
}

/// What is a teaser below an article is the content of the front page.
#[test]
fn a_front_page_keeps_its_teasers() {
    for form in [Form::Html, Form::Flat] {
        let (off, on) = measure_front_page(form);
        println!("front page {form:?}: off {off}; on {on}");
        assert!(on.lost() <= off.lost() + MOST_LOST, "{form:?}: off {off}; on {on}");
    }
}

/// However few pages are known.
#[test]
fn a_site_whose_pages_share_only_content_keeps_it() {
    for form in [Form::Html, Form::Flat] {
        for articles in [6, 12, 24] {
            let (off, on) = measure_articles(Knob::SharedContent, form, Learned::All, articles);
            println!("SharedContent {form:?}, {articles} articles: off {off}; on {on}");
            assert!(on.lost() <= off.lost(), "{form:?}, {articles} articles: off {off}; on {on}");
        }
    }
}

/// The generator itself: the same seed gives the same site, another one another site, and every text is a block.
#[test]
fn sites_are_made_by_their_seed() {
    let texts = |seed| {
        let pages = site::site(Knob::Teasers, 6, seed);
        pages.iter().flat_map(|page| page.pieces.clone()).map(|piece| piece.text).collect::<Vec<_>>()
    };
    assert_eq!(texts(1), texts(1));
    assert_ne!(texts(1), texts(2));
    for knob in Knob::ALL {
        for page in site::site(knob, 6, 1) {
            assert_eq!(page.html().blocks.len(), page.pieces.len(), "{knob:?}");
            assert_eq!(page.flat().blocks.len(), page.pieces.len(), "{knob:?}");
        }
    }
}
