use dechrome_page::Capture;

use super::*;
use crate::first_look::FirstLook;

const SITES: [&str; 3] = ["paper.example", "shop.example", "täglich.example"];

/// The statistics of one page of a made-up site; versions of a page differ in what they hold.
fn stats(page: usize, version: usize) -> SiteStats {
    let body = format!("The front page\n\nArticle in {page} words {}", "and more ".repeat(version));
    let capture = Capture::text("a", body).with_url(format!("https://paper.example/news/{page}"));
    let page = Page::read(&capture);
    SiteStats::unreadable(&page, &FirstLook::of(&page, vec![0.0; 2]))
}

#[test]
fn what_does_not_fit_into_memory_gives_the_same_evidence() {
    let pages: Vec<(String, SiteStats)> =
        (0..90).map(|page| (SITES[page % 3].to_owned(), stats(page, page % 2))).collect();
    let gathered = |budget| {
        let mut gathering = Gathering::default().with_budget(budget);
        for (site, stats) in &pages {
            gathering.add(site.clone(), stats.clone()).unwrap();
        }
        gathering.into_evidence(None)
    };
    let page =
        Page::read(&Capture::text("a", "The front page\n\nArticle number xyz").with_url("https://paper.example/x"));
    let testimony =
        |evidence: &EvidenceBySite| SITES.map(|site| evidence.site(site, &[]).unwrap().unwrap().of_page(&page));
    let (small, large) = (gathered(2_000), gathered(1 << 30));
    assert_eq!(testimony(&small), testimony(&large));
    assert_eq!(testimony(&small), testimony(&large), "asked again");
    assert!(small.site("unknown.example", &[]).unwrap().is_none());
}

#[test]
fn one_document_testifies_about_others_only_when_it_was_known_before() {
    let gathered = || {
        let mut gathering = Gathering::default();
        gathering.add(SITES[0].to_owned(), stats(1, 0)).unwrap();
        gathering
    };
    assert!(gathered().into_evidence(None).site(SITES[0], &[]).unwrap().is_none());
    let mut known = StatsStore::temporary().unwrap();
    known.learn([(SITES[0], &stats(2, 0))]).unwrap();
    assert_eq!(gathered().into_evidence(Some(known)).site(SITES[0], &[]).unwrap().unwrap().documents(), 2);
}

/// Dumps of three made-up sites without any address, in no order; two of the sites print the same article.
fn dumps() -> Vec<Page> {
    let chrome = [
        [
            "The Harbour Post",
            "Sections and weather",
            "Tides and ferries",
            "Write to the desk",
            "Our shop",
            "The old mill",
        ],
        [
            "Valley Observer",
            "Read our valley blog",
            "Farms and fairs",
            "Where to buy it",
            "Our authors",
            "The valley press",
        ],
        [
            "Tram Riders Weekly",
            "Timetables",
            "Letters to the driver",
            "Join the riders",
            "Our fleet",
            "The association",
        ],
    ];
    let page = |site: usize, number: usize| {
        let [name, menu, more, desk, shop, foot] = chrome[site];
        let word = ["alpha", "bravo", "delta", "gamma", "omega", "sigma", "kappa", "theta"][number];
        let word = format!("{word}{}", ["ne", "ro", "ti"][site]);
        let own = format!("What {word} means to us\n\nNobody asked {word} about the plans of the mayor of {word}.");
        let shared =
            "A wire story\n\nAn agency wrote this rather long story, and several papers printed it as it came in.";
        let body = if number == 7 && site < 2 { shared } else { &own };
        let text = format!("{name}\n{menu}\n{more}\nShare this article\n\n{body}\n\n{desk}\nMost read\n{shop}\n{foot}");
        Page::read(&Capture::text("a", text))
    };
    (0..8).flat_map(|number| (0..3).map(move |site| page(site, number))).collect()
}

#[test]
fn pages_that_name_no_site_are_parted_by_the_lines_they_share() {
    let pages = dumps();
    let gathered = |order: &mut dyn Iterator<Item = &Page>| {
        let mut gathering = Gathering::default();
        for page in order {
            gathering.add("unknown".to_owned(), SiteStats::of(page)).unwrap();
        }
        gathering.into_evidence(None)
    };
    let evidence = gathered(&mut pages.iter());
    let backward = gathered(&mut pages.iter().rev());
    for page in &pages {
        let of_its_site = evidence.nameless("unknown", page).unwrap().expect("a group");
        assert_eq!(of_its_site.documents(), 8);
        let seen: Vec<_> = of_its_site.of_page(page).iter().map(|block| block.documents).collect();
        assert_eq!((seen[0], seen[3], seen[5]), (Some(7), Some(7), Some(0)), "{seen:?}");
        assert_eq!(backward.nameless("unknown", page).unwrap().unwrap().of_page(page), of_its_site.of_page(page));
    }
    let new = "Valley Observer\nRead our valley blog\nShare this article\n\nA new story\n\nWhere to buy it";
    let new = Page::read(&Capture::text("new", new));
    assert_eq!(evidence.nameless("unknown", &new).unwrap().unwrap().of_page(&new)[0].documents, Some(8));
    let other = Page::read(&Capture::text("other", "Share this article\n\nThe only page of another site\n\nMost read"));
    assert!(evidence.nameless("unknown", &other).unwrap().is_none());
}
