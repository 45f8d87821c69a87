//! Flat news pages, alone and without a site file: every paragraph once, and nothing else of the page.

use std::path::Path;

use dechrome_page::{Capture, Page};
use dechrome_template::Template;
use dechrome_text::Document;

struct Expected {
    file: &'static str,
    title: Option<&'static str>,
    author: Option<&'static str>,
    date: Option<&'static str>,
    /// How each paragraph begins, in order.
    paragraphs: &'static [&'static str],
}

const PAGES: [Expected; 6] = [
    Expected {
        file: "seeds/000_7699ccc8d604ecd7.txt",
        title: None,
        author: None,
        date: None,
        paragraphs: &[
            "The White House has pushed back",
            "National security communications coordinator",
            "This came after Putin speculated",
            "According to the US, it had provided",
        ],
    },
    Expected {
        file: "seeds/004_bd349e0b9b030ee0.txt",
        title: Some("US has intelligence confirming Islamic State responsibility for Russia attack, officials say"),
        author: Some("Reuters"),
        date: Some("2024-03-23"),
        paragraphs: &[
            "The United States has intelligence",
            "The officials said the United States had warned",
            "\"Earlier this month, the US government",
            "At least 60 people were killed",
            "The Islamic State, the militant group",
            "The death toll made it one of the worst",
            "\"We did warn the Russians appropriately,\"",
            "The US embassy in Russia warned on 8 March",
            "The embassy, which has repeatedly urged",
            "Russia's invasion of Ukraine in February 2022",
            "The Kremlin, which accuses the US",
        ],
    },
    Expected {
        file: "flat/hafen-de.txt",
        title: Some("Neuer Hafen nach zehn Jahren Bauzeit eröffnet"),
        author: Some("Anna Bergmann"),
        date: Some("2023-05-04"),
        paragraphs: &["Nach zehn Jahren", "Oberbürgermeisterin Klara", "Der Bau hatte sich", "Kritiker bemängeln"],
    },
    Expected {
        file: "flat/pont-fr.txt",
        title: Some("Le vieux pont rouvre aux piétons après trois ans de travaux"),
        author: Some("Lucie Marchand"),
        date: Some("2022-03-12"),
        paragraphs: &[
            "Fermé depuis trois ans",
            "« Nous avions presque",
            "Les travaux ont coûté",
            "Les voitures, elles",
        ],
    },
    Expected {
        file: "flat/escuela-es.txt",
        title: Some("El pueblo que abrió una escuela con siete alumnos"),
        author: Some("Marta Ibáñez"),
        date: Some("2021-09-18"),
        paragraphs: &["La escuela llevaba once", "La maestra, que recorre", "El ayuntamiento ha"],
    },
    Expected {
        file: "flat/library-en.txt",
        title: Some("Small-town library lends tools, tents and telescopes"),
        author: Some("Daniel Okoro"),
        date: Some("2022-06-09"),
        paragraphs: &[
            "When the Millbrook library",
            "\"People came for the ladders",
            "The idea is not new",
            "Not everything works",
        ],
    },
];

fn document(file: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(file);
    let page = Page::read(&Capture::text(file, std::fs::read_to_string(path).expect("a fixture")));
    Document::new(&page, "none", &Template::generic().classify(&page))
}

#[test]
fn every_paragraph_once_and_nothing_else() {
    for Expected { file, paragraphs, .. } in PAGES {
        let document = document(file);
        let kept = document.segments.iter().filter(|segment| segment.kind != "caption");
        let kept: Vec<&str> = kept.map(|segment| &document.text[segment.start..segment.end]).collect();
        assert_eq!(kept.len(), paragraphs.len(), "{file}: {kept:#?}");
        for (kept, expected) in kept.iter().zip(paragraphs) {
            assert!(kept.starts_with(expected), "{file}: {kept}");
        }
    }
}

#[test]
fn captions_stand_at_most_once_and_only_above_the_text_they_belong_to() {
    for Expected { file, paragraphs, .. } in PAGES {
        let document = document(file);
        let captions: Vec<_> = document.segments.iter().filter(|segment| segment.kind == "caption").collect();
        let first = document.text.find(paragraphs[0]).expect("the first paragraph");
        assert!(captions.len() <= 1 && captions.iter().all(|caption| caption.start < first), "{file}: {captions:?}");
    }
}

#[test]
fn headline_author_and_date_are_metadata() {
    for Expected { file, title, author, date, .. } in PAGES {
        let document = document(file);
        assert_eq!(document.title.as_deref(), title, "{file}");
        assert_eq!(document.author.as_deref(), author, "{file}");
        assert_eq!(document.date.as_deref(), date, "{file}");
    }
}

#[test]
fn garbage_between_paragraphs_is_called_so() {
    for (file, garbage) in [(PAGES[0].file, 1), (PAGES[2].file, 1), (PAGES[5].file, 1), (PAGES[3].file, 0)] {
        assert_eq!(u32::from(document(file).removed.contains_key("garbage")), garbage, "{file}");
    }
}

#[test]
fn the_row_of_tags_is_metadata() {
    assert_eq!(document(PAGES[1].file).tags, ["USA", "Russia", "ISIS", "Moscow attack"]);
    assert_eq!(document(PAGES[2].file).tags, ["Hafen", "Verkehr", "Hafenstadt", "Klara Wendt"]);
}
