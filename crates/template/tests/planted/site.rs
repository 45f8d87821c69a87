//! A made-up site, every page of which is known piece by piece: what is content and what is chrome.

use std::fmt::Write as _;

use dechrome_page::{Capture, Page};
use fastrand::Rng;

use crate::prose::{ENGLISH, LANGUAGES, Words};

/// What is planted besides menu, footer and a call below the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Knob {
    /// Nothing more.
    Plain,
    /// The first paragraphs of other articles below each article, the same on many pages.
    Teasers,
    /// Each article under three addresses.
    Twins,
    /// Each article under eight addresses, with another headline under each.
    Copies,
    /// Lines with numbers and dates that differ from page to page.
    Numbered,
    /// The same notice among each article's paragraphs, written as they are.
    Disclaimer,
    /// What there is to know about the only author, below each article.
    SingleAuthor,
    /// Two layouts, each on about half of the pages.
    TwoLayouts,
    /// Another layout from half-way on, around the article as it was.
    Redesign,
    /// Another layout from half-way on, with next to nothing of the one before.
    Relaunch,
    /// Articles in four languages, with the chrome of each.
    Languages,
    /// No chrome at all, but paragraphs of the text that stand on several pages.
    SharedContent,
}

impl Knob {
    pub(crate) const ALL: [Self; 12] = [
        Self::Plain,
        Self::Teasers,
        Self::Twins,
        Self::Copies,
        Self::Numbered,
        Self::Disclaimer,
        Self::SingleAuthor,
        Self::TwoLayouts,
        Self::Redesign,
        Self::Relaunch,
        Self::Languages,
        Self::SharedContent,
    ];
}

/// What a piece of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Content,
    Chrome,
    /// Headline and byline, which become metadata: neither.
    Metadata,
}

/// A piece of a page, which is one block.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) truth: Truth,
    pub(crate) text: String,
    /// What holds it; pieces of one place in a row share an element.
    place: &'static str,
    tag: &'static str,
    is_link: bool,
}

/// A page of the site.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    url: String,
    /// Days since the first page was captured.
    pub(crate) day: usize,
    language: &'static str,
    pub(crate) pieces: Vec<Piece>,
}

/// An article, before any chrome.
struct Article {
    words: &'static Words,
    headline: String,
    author: String,
    paragraphs: Vec<String>,
}

/// The pages of a site of some articles.
pub(crate) fn site(knob: Knob, articles: usize, seed: u64) -> Vec<Made> {
    let mut rng = Rng::with_seed(seed);
    let shared: Vec<String> = (0..8).map(|_| ENGLISH.paragraph(&mut rng)).collect();
    let articles: Vec<Article> = (0..articles).map(|number| article(knob, number, &shared, &mut rng)).collect();
    let mut pages = Vec::new();
    for number in 0..articles.len() {
        let page = page(knob, &articles, number, &mut rng);
        if knob == Knob::Twins {
            for variant in ["print", "mobile"] {
                pages.push(Made { url: format!("{}/{variant}", page.url), ..page.clone() });
            }
        }
        if knob == Knob::Copies {
            pages.extend((1..8).map(|copy| page.copied(copy, &mut rng)));
        }
        pages.push(page);
    }
    pages
}

fn article(knob: Knob, number: usize, shared: &[String], rng: &mut Rng) -> Article {
    let words = if knob == Knob::Languages { LANGUAGES[number % LANGUAGES.len()] } else { &ENGLISH };
    let length = rng.usize(5..9);
    let mut paragraphs: Vec<String> = (0..length).map(|_| words.paragraph(rng)).collect();
    if knob == Knob::SharedContent {
        // Each shared paragraph stands on about a quarter of the pages.
        for paragraph in shared {
            if rng.u8(0..4) == 0 {
                paragraphs.insert(rng.usize(1..=paragraphs.len()), paragraph.clone());
            }
        }
    }
    Article { words, headline: words.headline(rng), author: words.name(rng), paragraphs }
}

fn page(knob: Knob, articles: &[Article], number: usize, rng: &mut Rng) -> Made {
    let article = &articles[number];
    let is_new = match knob {
        Knob::TwoLayouts => rng.bool(),
        Knob::Redesign | Knob::Relaunch => 2 * number >= articles.len(),
        _ => false,
    };
    let mut pieces = Vec::new();
    let has_chrome = knob != Knob::SharedContent;
    if has_chrome {
        pieces.extend(menu(article.words, is_new));
    }
    pieces.extend(body(knob, article, number, rng));
    if has_chrome {
        pieces.extend(below(knob, articles, number, rng));
        pieces.extend(end(article.words, is_new));
    }
    if knob == Knob::Relaunch && is_new {
        for piece in &mut pieces {
            piece.relaunch(article.words);
        }
    }
    Made { url: format!("https://courier.example/{number}"), day: number, language: article.words.code, pieces }
}

fn menu(words: &Words, is_new: bool) -> Vec<Piece> {
    let place = if is_new { "upland" } else { "north" };
    let mut menu: Vec<Piece> = words.chrome.menu.iter().map(|item| link(place, item)).collect();
    if is_new {
        menu.reverse();
        menu.truncate(6);
    }
    menu
}

fn body(knob: Knob, article: &Article, number: usize, rng: &mut Rng) -> Vec<Piece> {
    let mut pieces = vec![piece(Truth::Metadata, "centre", "h1", &article.headline)];
    let author = if knob == Knob::SingleAuthor { "Ines Okafor" } else { &article.author };
    pieces.push(piece(Truth::Metadata, "centre", "p", author));
    if knob == Knob::Numbered {
        let (day, minutes) = (1 + number % 28, 2 + rng.u8(0..9));
        pieces.push(piece(
            Truth::Chrome,
            "centre",
            "p",
            &format!("Set in type on {day} May, {minutes} minutes at the mill"),
        ));
    }
    let first = pieces.len();
    pieces.extend(article.paragraphs.iter().map(|text| piece(Truth::Content, "centre", "p", text)));
    if knob == Knob::Disclaimer {
        let at = rng.usize(first + 1..pieces.len());
        pieces.insert(at, piece(Truth::Chrome, "centre", "p", article.words.chrome.disclaimer));
    }
    pieces
}

/// What stands below the article.
fn below(knob: Knob, articles: &[Article], number: usize, rng: &mut Rng) -> Vec<Piece> {
    let article = &articles[number];
    let words = article.words;
    let mut pieces = Vec::new();
    match knob {
        Knob::SingleAuthor => pieces.push(piece(Truth::Chrome, "centre", "p", words.chrome.author)),
        Knob::Numbered => {
            let (letters, page) = (rng.u16(2..400), rng.u8(1..60));
            pieces.push(piece(
                Truth::Chrome,
                "south",
                "p",
                &format!("{letters} readers have written to us about this page"),
            ));
            pieces.push(piece(
                Truth::Chrome,
                "south",
                "p",
                &format!("From page {page} of the paper of {} May", 1 + number % 28),
            ));
        }
        Knob::Teasers => {
            pieces.push(piece(Truth::Chrome, "south", "h3", words.related));
            // The front page's three stories change slowly: each is teased on many pages.
            let others = (0..3).map(|place| (number / 6 + place * 7) % articles.len()).filter(|&other| other != number);
            for other in others {
                pieces.push(link("south", &articles[other].headline));
                pieces.push(piece(Truth::Chrome, "south", "p", &articles[other].paragraphs[0]));
            }
        }
        _ => {
            pieces.push(piece(Truth::Chrome, "south", "h3", words.related));
            let others = (0..4).map(|_| rng.usize(0..articles.len())).filter(|&other| other != number);
            pieces.extend(others.map(|other| link("south", &articles[other].headline)));
        }
    }
    pieces
}

fn end(words: &Words, is_new: bool) -> Vec<Piece> {
    let call = piece(Truth::Chrome, if is_new { "shore" } else { "coast" }, "p", words.chrome.call);
    let footer = words.chrome.footer.iter().map(|item| link(if is_new { "estuary" } else { "delta" }, item));
    if is_new { footer.chain([call]).collect() } else { [call].into_iter().chain(footer).collect() }
}

fn piece(truth: Truth, place: &'static str, tag: &'static str, text: &str) -> Piece {
    Piece { truth, text: text.to_owned(), place, tag, is_link: false }
}

fn link(place: &'static str, text: &str) -> Piece {
    Piece { is_link: true, ..piece(Truth::Chrome, place, "div", text) }
}

impl Piece {
    /// Moves it to the layout after a relaunch, where all places are others, and the chrome has other words but for the call
    /// and what names other articles.
    fn relaunch(&mut self, words: &Words) {
        let names_article = self.place == "south" && self.is_link;
        if self.truth == Truth::Chrome && !names_article && self.text != words.chrome.call {
            self.text = format!("Courier {}", self.text);
        }
        self.place = match self.place {
            "centre" => "hall",
            "south" => "cellar",
            place => place,
        };
    }
}

impl Made {
    /// The same article as somebody else would file it.
    fn copied(&self, number: usize, rng: &mut Rng) -> Self {
        let mut copy = Self { url: format!("{}/{number}", self.url), ..self.clone() };
        if let Some(headline) = copy.pieces.iter_mut().find(|piece| piece.tag == "h1") {
            headline.text = ENGLISH.headline(rng);
        }
        copy
    }

    /// The site's front page: headline and first paragraph of each article, between the same menu and footer. There
    /// they are what the page is about.
    pub(crate) fn front_page(articles: &[Self]) -> Self {
        let is_truth = |truth: Truth| move |piece: &&Piece| piece.truth == truth;
        let mut pieces = menu(&ENGLISH, false);
        for article in articles {
            let headline = article.pieces.iter().find(is_truth(Truth::Metadata));
            let lede = article.pieces.iter().find(is_truth(Truth::Content));
            pieces.extend(headline.map(|piece| Piece { truth: Truth::Content, ..link("front", &piece.text) }));
            pieces.extend(lede.map(|piece| Piece { place: "front", ..piece.clone() }));
        }
        pieces.extend(end(&ENGLISH, false));
        let day = articles.last().map_or(0, |last| last.day);
        Self { url: "https://courier.example/".to_owned(), day, language: "en", pieces }
    }

    /// As HTML that says nothing by its class names.
    pub(crate) fn html(&self) -> Page {
        let mut html = format!("<!doctype html><html lang={}><body>", self.language);
        let mut place = "";
        for Piece { text, tag, is_link, place: own, .. } in &self.pieces {
            if *own != place {
                html += if place.is_empty() { "" } else { "</div>" };
                let _ = write!(html, "<div class=\"{own}\">");
                place = own;
            }
            let _ = match is_link {
                true => {
                    write!(html, "<{tag}><a href=\"/{}\">{text}</a></{tag}>", text.to_lowercase().replace(' ', "-"))
                }
                false => write!(html, "<{tag}>{text}</{tag}>"),
            };
        }
        self.read(&Capture::html(self.url.clone(), html + "</div></body></html>"))
    }

    /// As lines, with a blank one after each piece.
    pub(crate) fn flat(&self) -> Page {
        let text: String = self.pieces.iter().fold(String::new(), |text, piece| text + &piece.text + "\n\n");
        self.read(&Capture::text(self.url.clone(), text))
    }

    fn read(&self, capture: &Capture) -> Page {
        let mut page = Page::read(&capture.clone().with_url(self.url.clone()));
        page.captured_at = Some(format!("2026-03-{:02}T12:00:00Z", 1 + self.day));
        page
    }
}
