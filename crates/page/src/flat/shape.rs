//! What a line of flat text shows of its kind.

use crate::block::BlockKind;

/// Bullets that open a list item.
const BULLETS: [char; 8] = ['•', '●', '▪', '■', '◦', '‣', '▸', '*'];

/// Words for a photograph or its credit, in many languages; one of them before a colon or slash
/// makes the line a caption.
const PHOTO_WORDS: [&str; 24] = [
    "photo",
    "photos",
    "photograph",
    "image",
    "picture",
    "credit",
    "courtesy",
    "foto",
    "fotos",
    "bild",
    "imagen",
    "immagine",
    "imagem",
    "photographie",
    "crédit",
    "zdjęcie",
    "фото",
    "снимок",
    "φωτο",
    "φωτογραφία",
    "写真",
    "照片",
    "图片",
    "صورة",
];

/// A photographer's name after the agency's has at most this many words.
const MAX_NAME_WORDS: usize = 4;

/// The line's kind, and its text without a bullet.
pub(super) fn kind(line: &str) -> (BlockKind, &str) {
    if let Some(item) = line.strip_prefix(BULLETS).and_then(|rest| rest.strip_prefix(' ')) {
        return (BlockKind::ListItem { depth: 1, ordinal: None }, item);
    }
    let kind = if has_photo_credit(line) { BlockKind::Caption } else { BlockKind::Paragraph };
    (kind, line)
}

/// `Photo: Jane Doe`, `… in the park. AGENCY/Jane Doe`, `(Foto: dpa)`.
fn has_photo_credit(line: &str) -> bool {
    has_photo_word(line) || ends_with_agency(line)
}

fn has_photo_word(line: &str) -> bool {
    line.match_indices([':', '/', '：']).any(|(at, _)| {
        let before = line[..at].trim_end();
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
        PHOTO_WORDS.contains(&word.as_str())
    })
}

/// Whether the line ends in `AGENCY/First Last`.
fn ends_with_agency(line: &str) -> bool {
    let Some((before, name)) = line.trim_end_matches(['.', ')']).rsplit_once('/') else { return false };
    let agency = before.rsplit([' ', '(']).next().unwrap_or_default();
    let is_agency = agency.chars().count() >= 2 && agency.chars().all(char::is_uppercase);
    let mut words = name.split(' ');
    is_agency
        && words.clone().count() <= MAX_NAME_WORDS
        && words.all(|word| word.chars().next().is_some_and(char::is_uppercase))
        && before.len() > agency.len()
}
