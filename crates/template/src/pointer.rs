//! Lines that point to another article: "Read also: " and its headline.

use dechrome_page::{Block, BlockKind};

/// Words before the colon of a line that points to another page, and least words of what it points to.
const LEAD_WORDS: usize = 4;
const TARGET_WORDS: usize = 4;

/// A few words, a colon, and a link that is the rest.
pub(crate) fn is_linked_pointer(block: &Block) -> bool {
    let [link] = block.links.as_slice() else { return false };
    let (start, end) = (link.range.0 as usize, link.range.1 as usize);
    let parts = (block.text.get(..start), block.text.get(start..end), block.text.get(end..));
    let (Some(before), Some(linked), Some(after)) = parts else { return false };
    let lead = before.trim_end();
    matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote | BlockKind::Heading(_))
        && lead.ends_with([':', '：'])
        && count(lead) <= LEAD_WORDS
        && count(linked) >= TARGET_WORDS
        && !after.contains(char::is_alphanumeric)
}

/// A few words, a colon, and a headline: no sentence.
pub(crate) fn is_pointer(text: &str) -> bool {
    text.split_once([':', '：']).is_some_and(|(lead, target)| {
        count(lead) <= LEAD_WORDS && count(target) >= TARGET_WORDS && !target.trim_end().ends_with('.')
    })
}

/// Words; signs between spaces are none.
fn count(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use dechrome_page::{Capture, Page};

    use super::*;

    fn page(html: &str) -> Page {
        Page::read(&Capture::html("a", html))
    }

    #[test]
    fn a_lead_and_a_linked_headline_point_elsewhere_in_any_language() {
        let link = "<a href='/b'>Eleven goats take the ferry home</a>";
        for (text, is) in [
            (format!("Read also: {link}"), true),
            (format!("Lea también: {link}."), true),
            (format!("続きを読む：{link}"), true),
            (format!("She had already said so a week before: {link}"), false), // a sentence
            (format!("Source: {link} and others"), false),
            ("Source: <a href='/b'>The Herald</a>".to_owned(), false), // no headline
            (format!("Read also: {link} <a href='/c'>and more</a>"), false),
            (format!("Read also {link}"), false),
        ] {
            assert_eq!(is_linked_pointer(&page(&format!("<p>{text}</p>")).blocks[0]), is, "{text}");
        }
        assert!(
            !is_linked_pointer(&page(&format!("<ul><li>Smith 2019: {link}</li></ul>")).blocks[0]),
            "a list of references"
        );
    }

    #[test]
    fn a_lead_and_a_headline_are_a_pointer_without_a_link() {
        for (text, is) in [
            ("Lire aussi : Les berges du fleuve rendues aux promeneurs", true),
            ("Read also: Library lends tools, tents and telescopes", true),
            ("Read also: the minutes of the meeting were lost on the way home.", false),
            ("Read also: more", false),
            ("What the mayor said to them that evening: Library lends tools and tents", false),
            ("Read also", false),
        ] {
            assert_eq!(is_pointer(text), is, "{text}");
        }
    }
}
