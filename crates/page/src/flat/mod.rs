//! Blocks from flat text: pages that somebody reduced to lines long ago.
//!
//! A line is a block, except where the page is hard-wrapped: there the lines of a paragraph are
//! joined, and in listings of code. Blank lines and indentation are kept as signals.

mod code;
mod lines;
mod metadata;
mod shape;

use crate::block::{Block, BlockKind, Hidden};
use crate::html::Parsed;
use crate::outline::{Node, Outline, ROOT, Tag};
use crate::page::Limits;
use lines::Line;

/// Cuts flat text into blocks. Never fails.
pub(crate) fn parse(text: &str) -> Parsed {
    let lines = lines::lines(text);
    let lines = code::join_listings(lines::join_wrapped(&lines));
    let blocks: Vec<Block> = lines.into_iter().filter_map(|(line, is_code)| block(&line, is_code)).collect();
    let metadata = metadata::read(&blocks);
    let outline = outline(&blocks);
    Parsed { outline, blocks, metadata, limits: Limits::default(), scripts: 0 }
}

fn block(line: &Line<'_>, is_code: bool) -> Option<Block> {
    let (kind, text) = if is_code { (BlockKind::Code, &*line.text) } else { shape::kind(&line.text) };
    text.chars().any(char::is_alphanumeric).then(|| Block {
        chars: text.chars().count() as u32,
        kind,
        node: ROOT,
        link_chars: 0,
        strong_chars: 0,
        links: Vec::new(),
        hidden: Hidden::default(),
        blank_before: line.blank_before,
        indent: line.indent,
        text: text.to_owned(),
    })
}

/// Letters of scripts that put no spaces between words: Thai and Lao, Burmese, Khmer, kana and Han.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        || matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

fn outline(blocks: &[Block]) -> Outline {
    let root = Node {
        tag: Tag::Document,
        parent: ROOT,
        depth: 0,
        signature: 0,
        first_token: 0,
        first_block: 0,
        end_block: blocks.len() as u32,
        chars: blocks.iter().map(|block| block.chars).sum(),
        link_chars: 0,
    };
    Outline { nodes: vec![root], tokens: Vec::new(), marks: Vec::new(), labels: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(BlockKind, String)> {
        parse(text).blocks.into_iter().map(|block| (block.kind, block.text)).collect()
    }

    fn texts(text: &str) -> Vec<String> {
        blocks(text).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn every_line_is_a_block_with_its_blank_lines_and_indentation() {
        let blocks = parse("Home\r\n  News\n\n\n\tA  title\n ** \n").blocks;
        let seen: Vec<_> = blocks.iter().map(|b| (b.text.as_str(), b.blank_before, b.indent)).collect();
        assert_eq!(seen, [("Home", 0, 0), ("News", 0, 2), ("A title", 2, 4)]);
    }

    #[test]
    fn hard_wrapped_paragraphs_are_joined() {
        let words: Vec<String> = (0..200).map(|i| format!("word{}", "x".repeat(i % 7))).collect();
        let paragraph = wrap(&words, 60);
        let text = format!("Home\nAbout\n\n{paragraph}\n\n{paragraph}\n\nEnd");
        assert_eq!(texts(&text), ["Home", "About", &words.join(" "), &words.join(" "), "End"]);
    }

    #[test]
    fn short_paragraphs_among_chrome_are_joined() {
        let words: Vec<String> = (0..33).map(|i| format!("word{}", "x".repeat(i % 7))).collect();
        let paragraph = wrap(&words, 72);
        let menu = "Ten great walks along the old coast road\nWhat the new budget means for families\nHome";
        let text = format!("{menu}\n\n{}\n\n{menu}", [paragraph.as_str(); 3].join("\n\n"));
        let joined = words.join(" ");
        let menu: Vec<&str> = menu.lines().collect();
        assert_eq!(texts(&text), [&menu[..], &[joined.as_str(); 3], &menu[..]].concat());
    }

    #[test]
    fn titles_cut_at_one_length_are_not_joined() {
        let title = |i: usize| format!("Title {} of an article that goes on for lon", char::from(b'a' + i as u8));
        let titles: Vec<String> = (0..9).map(title).collect();
        assert_eq!(texts(&titles.join("\n")), titles);
    }

    #[test]
    fn full_lines_without_spaces_are_joined_without_spaces() {
        let line = "港口经过十年的建设终于在周一正式开放吸引了许多来自各地的游客前来参观也有人说得太多了";
        let paragraph = format!("{}\n完", [line; 4].join("\n"));
        let text = [paragraph.as_str(); 2].join("\n\n");
        assert_eq!(texts(&text), [format!("{}完", line.repeat(4)), format!("{}完", line.repeat(4))]);
        assert_eq!(texts("一句话，\n另一句短话。\n又一句长一点的话，可是不满一行。").len(), 3);
    }

    fn wrap(words: &[String], width: usize) -> String {
        let mut text = String::new();
        let mut column = 0;
        for word in words {
            if column > 0 && column + 1 + word.len() > width {
                text.push('\n');
                column = 0;
            } else if column > 0 {
                text.push(' ');
                column += 1;
            }
            text.push_str(word);
            column += word.len();
        }
        text
    }

    #[test]
    fn teasers_and_menus_are_not_joined() {
        let text = "First teaser of a story that is long enough\nAnother teaser, somewhat longer than the other one was\n\
                    Third\nHome\nNews\nWeather\nA fourth teaser that goes on for a while";
        assert_eq!(texts(text).len(), 7);
    }

    #[test]
    fn items_and_captions() {
        assert_eq!(
            blocks("• first\nTwo men at work on Monday. AGENCY/Jane Doe\nPhoto: Jane Doe\nPhoto of a man in the park"),
            [
                (BlockKind::ListItem { depth: 1, ordinal: None }, "first".to_owned()),
                (BlockKind::Caption, "Two men at work on Monday. AGENCY/Jane Doe".to_owned()),
                (BlockKind::Caption, "Photo: Jane Doe".to_owned()),
                (BlockKind::Paragraph, "Photo of a man in the park".to_owned()),
            ]
        );
    }
}
