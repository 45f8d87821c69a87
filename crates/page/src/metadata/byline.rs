//! Names of authors, from values and from lines such as "By Jane Doe".

/// Longest line taken for a byline, in characters.
const LONGEST: usize = 120;
/// Most names a byline gives.
const MOST_NAMES: usize = 8;
/// Most words of one name.
const MOST_WORDS: usize = 6;

/// Phrases that hardly begin anything but a byline, lower-case; longest first where one starts another.
const CERTAIN: &[&str] = &[
    "written by",
    "this post was written by",
    "post by",
    "recipe by",
    "guest post by",
    "started by",
    "asked by",
    "posted by",
    "published by",
    "reported by",
    "reviewed by",
    "story by",
    "words by",
    "text by",
    "article by",
    "authored by",
    "author:",
    "authors:",
    "author :",
    "geschrieben von",
    "veröffentlicht von",
    "ein beitrag von",
    "ein artikel von",
    "text von",
    "autor:",
    "autorin:",
    "text:",
    "écrit par",
    "publié par",
    "rédigé par",
    "auteur :",
    "auteur:",
    "escrito por",
    "publicado por",
    "redactado por",
    "autora:",
    "autor :",
    "scritto da",
    "pubblicato da",
    "a cura di",
    "autore:",
    "geschreven door",
    "auteur:",
    "napisał",
    "napisała",
    "opracował",
    "opracowała",
    "автор:",
    "авторы:",
    "текст:",
    "συντάκτης:",
    "γράφει ο",
    "γράφει η",
    "του συντάκτη",
    "作者：",
    "作者:",
    "文／",
    "文/",
    "文：",
    "著者：",
    "筆者：",
    "記者：",
    "记者：",
    "بقلم:",
    "بقلم",
    "كتب:",
    "الكاتب:",
    "skrevet av",
    "av:",
];

/// Prepositions that begin a byline when a name follows and nothing else.
const LIKELY: &[&str] = &["by", "von", "par", "por", "di", "da", "door", "από", "av", "af"];

/// Words of lower case within names, and those that join names.
const PARTICLES: &str = "de da do dos das del della di du la le van von der den ter ten el al bin ibn zu af av y e i et und and og och en of и і και";
const JOINTS: &[&str] =
    &[" and ", " und ", " et ", " y ", " e ", " i ", " en ", " och ", " og ", " и ", " και ", " & ", "; ", "、"];
/// Last words of an author's post, in the singular.
const POSTS: [&str; 9] = [
    "chief",
    "columnist",
    "contributor",
    "correspondent",
    "editor",
    "journalist",
    "photographer",
    "reporter",
    "writer",
];
/// What follows the names on a byline's line.
const ENDS: &[&str] = &[
    "|",
    "»",
    "⋅",
    "›",
    "•",
    "·",
    "—",
    " – ",
    " - ",
    "(",
    "\n",
    " on ",
    " in ",
    " updated",
    " published",
    " posted",
    "last ",
    " @",
    " min read",
    "minute",
    " reviewed",
    " edited",
    " fact",
];

/// The author of a "By Jane Doe" line, names joined by `; `, in many languages; `None` when the line is no byline.
pub(crate) fn byline_in(line: &str) -> Option<String> {
    let line = line.trim();
    if line.len() > LONGEST * 4 || line.chars().count() > LONGEST {
        return None;
    }
    let (rest, certain) = after_opening(line)?;
    let names = names(rest);
    let all_names = !names.is_empty() && names.iter().all(|name| is_name(name, certain));
    all_names.then(|| names.join("; "))
}

/// Author names of a value that is known to hold them.
pub(super) fn clean(value: &str) -> Vec<String> {
    let value = value.trim();
    let rest = after_opening(value).map_or(value, |(rest, _)| rest);
    if rest.contains("://") || rest.starts_with("www.") || rest.starts_with('/') || rest.len() > LONGEST * 4 {
        return Vec::new();
    }
    let mut names = names(rest);
    names.retain(|name| name.split_whitespace().count() <= MOST_WORDS && super::date::date_in(name).is_none());
    names
}

fn after_opening(line: &str) -> Option<(&str, bool)> {
    let opening = |phrases: &[&str]| phrases.iter().find_map(|phrase| strip(line, phrase));
    opening(CERTAIN).map(|rest| (rest, true)).or_else(|| opening(LIKELY).map(|rest| (rest, false)))
}

/// `line` without `phrase` before a word boundary, whatever its case.
fn strip<'a>(line: &'a str, phrase: &str) -> Option<&'a str> {
    let mut rest = line.chars();
    for wanted in phrase.chars() {
        let next = rest.next()?;
        if next != wanted && !next.to_lowercase().eq(std::iter::once(wanted)) {
            return None;
        }
    }
    let rest = rest.as_str();
    let bounded = !phrase.ends_with(char::is_alphanumeric) || rest.starts_with(|c: char| c.is_whitespace() || c == ':');
    bounded.then(|| rest.trim_start_matches([':', ' ', '|', '\u{a0}', '\t', '\n']))
}

/// Splits a value at what joins names, after cutting what follows them.
fn names(value: &str) -> Vec<String> {
    let lower = value.to_lowercase();
    // Case folding may change lengths; then ends are looked for as written.
    let searched = if lower.len() == value.len() { lower.as_str() } else { value };
    let end = ENDS.iter().filter_map(|end| searched.find(end)).filter(|&at| value.is_char_boundary(at)).min();
    let mut parts = vec![&value[..end.unwrap_or(value.len())]];
    for joint in JOINTS {
        parts = parts.into_iter().flat_map(|part| part.split(joint)).collect();
    }
    let parts = parts.into_iter().flat_map(split_commas);
    let trimmed = parts.map(|part| part.trim().trim_matches([',', ';', '.', ':', '|', '-', '*']).trim());
    let mut names: Vec<String> = Vec::new();
    for name in trimmed.filter(|name| !name.is_empty()).take(MOST_NAMES) {
        if !names.iter().any(|other| other == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Commas part names only where each part is a full one: "Jane Doe, MD" and "Doe, Jane" are one name.
fn split_commas(part: &str) -> Vec<&str> {
    let pieces: Vec<&str> = part.split(", ").collect();
    let full = pieces.iter().all(|piece| piece.split_whitespace().count() > 1);
    if !full {
        return vec![part];
    }
    let (first, rest) = pieces.split_at(1);
    first.iter().chain(rest.iter().filter(|piece| !is_post(piece))).copied().collect()
}

/// Whether what follows a name is a post, such as "Staff Writers".
fn is_post(piece: &str) -> bool {
    let last = piece.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    POSTS.contains(&last.strip_suffix('s').unwrap_or(&last))
}

fn is_name(name: &str, certain: bool) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let proper = |word: &&str| {
        let first = word.trim_start_matches(['\'', '"', '“', '(']).chars().next();
        first.is_some_and(|c| c.is_alphanumeric() && !c.is_lowercase())
    };
    let particle = |word: &&str| PARTICLES.split(' ').any(|particle| particle == *word);
    let shaped = words.iter().all(|word| proper(word) || particle(word)) && name.contains(char::is_alphabetic);
    let handle =
        certain && words.len() == 1 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    (1..=MOST_WORDS).contains(&words.len()) && (shaped || handle) && super::date::date_in(name).is_none()
}

/// The names of a line in an author's element, without any opening.
pub(super) fn plain(line: &str) -> Option<String> {
    let names = names(line);
    let all_names = !names.is_empty() && names.iter().all(|name| is_name(name, true));
    all_names.then(|| names.join("; "))
}
