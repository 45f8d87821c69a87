//! Where to cut between content and boilerplate on one page.

use dechrome_page::Media;
use serde::{Deserialize, Serialize};

/// The cut never leaves this range: beyond it single blocks would decide for the whole page. On trafilatura's pages, which no model was fitted on, .65
/// instead of .6 brings precision and recall from .0236 to .0127 apart and gains .0011; at .7 as much is lost again.
const fn range(media: Media) -> (f32, f32) {
    match media {
        Media::Html => (0.12, 0.65),
        Media::Text => (0.12, 0.60),
    }
}

/// Words added to each block, so that blocks of few words weigh something.
pub const SPARE_WORDS: f32 = 0.3;

/// By how much more recall weighs on a page alone whose content is in pieces, which are as often lost, and by how much less on one
/// whose content is running text, as teasers that look like it are many on some sites and only the site's other documents tell: less
/// still on articles, which say when they were published. By cuts through the same odds, cross-validated by site, .7 for articles instead of .6 brings precision and
/// recall of 33 sites nearer to each other; .75 changes nothing more. .6 instead of .55 for others keeps .0397 instead of .0405 of WCXB's snippets of chrome and takes
/// .0012 from services, .65 keeps .0393 and takes .0027; all else differs by less than .0005.
/// For pieces .3 instead of .15 (and .6 instead of .5 for running text) finds .0019 more of WCXB's snippets of content and keeps .0024 more of those of chrome.
const MORE_OF_PIECES: f32 = 0.3;
const LESS_OF_ARTICLES: f32 = 0.7;
const LESS_OF_PROSE: f32 = 0.6;

/// The same of flat text, where less tells prose from chrome: .4 instead of .3 costs WCXB .0007 and gives 33 sites .0026.
const LESS_OF_FLAT_PROSE: f32 = 0.3;

/// Words from which a block is running text, and the shares of the content up to which a page is in pieces and from which it is
/// running text; between them it is something of both. By cuts through the same odds, cross-validated by site, such a slope instead of
/// a step at half (with a fifth less) gives documentation .004, services .002, sites .003 and flat WCXB .001 more, and products .004 less;
/// .15 more at its lower end instead of .1 collections .002 more, products .002 less, all else within .001.
pub(crate) const PROSE_WORDS: u32 = 20;
const PIECES_SHARE: f32 = 0.4;
const PROSE_SHARE: f32 = 0.9;

/// What is known of a page as a whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traits {
    pub(crate) media: Media,
    /// Manuals show code.
    pub(crate) has_code: bool,
    /// Articles say when they were published: of WCXB's, five in six, of its services one in four.
    pub(crate) has_date: bool,
}

impl Traits {
    /// By how much less recall weighs where the content is running text.
    fn less_of_prose(self) -> f32 {
        match self.media {
            Media::Html if self.has_date => LESS_OF_ARTICLES,
            Media::Html => LESS_OF_PROSE,
            Media::Text => LESS_OF_FLAT_PROSE,
        }
    }
}

/// By how much more recall weighs on a page alone than on one of a site that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lean(f32);

impl Lean {
    /// Of a page with these probabilities of content, parallel to `words`. Manuals are not taken for running text: they lose more by
    /// it than they gain.
    pub(crate) fn of(content: &[f32], words: &[u32], traits: Traits) -> Self {
        let blocks = || content.iter().zip(words).map(|(content, &words)| (content * words as f32, words));
        let all: f32 = blocks().map(|(content, _)| content).sum();
        let prose: f32 = blocks().filter(|&(_, words)| words >= PROSE_WORDS).map(|(content, _)| content).sum();
        let share = if traits.has_code { 0.0 } else { prose / all.max(f32::EPSILON) };
        let towards_prose = ((share - PIECES_SHARE) / (PROSE_SHARE - PIECES_SHARE)).clamp(0.0, 1.0);
        Self(MORE_OF_PIECES - (MORE_OF_PIECES + traits.less_of_prose()) * towards_prose)
    }
}

/// Which error weighs more: chrome that is kept, or content that is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Favor {
    /// Less text, more of it content.
    Precision,
    /// Neither.
    #[default]
    Balance,
    /// More text, less content lost.
    Recall,
}

impl Favor {
    /// How many times as much recall weighs as precision, where so many other documents of the site are known: the beta of an
    /// F-measure. At the same precision this keeps more content than a higher or lower range does: the cut still follows the page.
    pub(crate) fn beta(self, lean: Lean, documents: u32) -> f32 {
        let beta = match self {
            Self::Precision => 0.5,
            Self::Balance => 1.0,
            Self::Recall => 2.0,
        };
        beta * (1.0 + lean.0 / (1.0 + documents as f32))
    }
}

/// A cut and what it is expected to give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    /// The probability from which a block is kept.
    pub at: f32,
    /// The F1 of words that it gives if the probabilities are right, by and large.
    pub expected: f32,
}

/// What the page may be like: by what the odds of all its blocks are wrong together, in eight equally likely cases. A model errs
/// on a page as a whole, as where it takes a forum for an article; blocks that erred apart would even out. These are the middles
/// of eighths of a log-normal distribution of deviation 1.5: by it pages alone gain .0017 on WCXB, learned ones .003, collections
/// and listings .015, and sites lose 0 to .002 (cross-validated by site; 1.0 and 2.0 are as good within .001).
const CASES: [f32; 8] = [0.1001, 0.2643, 0.4804, 0.7898, 1.2661, 2.0816, 3.7836, 9.9861];

/// One number for each of the [`CASES`].
type ByCase = [f32; CASES.len()];

/// The odds of a probability, finite.
pub(crate) fn odds(content: f32) -> f32 {
    content / (1.0 - content).max(f32::EPSILON)
}

/// A block as the cut sees it.
struct Candidate {
    content: f32,
    words: f32,
    /// Words of content that it holds.
    right: ByCase,
}

impl Candidate {
    fn of(content: f32, words: u32) -> Self {
        let words = words as f32 + SPARE_WORDS;
        let odds = odds(content);
        let right = CASES.map(|factor| words * factor * odds / (1.0 + factor * odds));
        Self { content, words, right }
    }
}

impl Cut {
    /// The cut with the highest *expected* F-measure of words (Lewis 1995, "Evaluating and optimizing autonomous text
    /// classification systems"), over the cases of what the page may be like. On pages of short blocks it is low, on articles
    /// high. `words` is parallel to `content`; `beta` is how many times as much recall weighs as precision.
    pub fn of(media: Media, content: &[f32], words: &[u32], beta: f32) -> Self {
        let (lowest, highest) = range(media);
        let mut blocks: Vec<Candidate> =
            content.iter().zip(words).map(|(&content, &words)| Candidate::of(content, words)).collect();
        blocks.sort_by(|a, b| b.content.total_cmp(&a.content));
        let all = blocks.iter().fold(Kept::default(), Kept::with);
        let mut kept = Kept::default();
        let mut best = (0.0, highest);
        for block in &blocks {
            kept = kept.with(block);
            let value = kept.measure(&all, beta);
            if value > best.0 {
                best = (value, block.content);
            }
        }
        let at = best.1.clamp(lowest, highest);
        let kept = blocks.iter().take_while(|block| block.content >= at).fold(Kept::default(), Kept::with);
        Self { at, expected: kept.measure(&all, 1.0) }
    }
}

/// Words that are kept, and those of them that are content.
#[derive(Debug, Clone, Copy, Default)]
struct Kept {
    words: f32,
    right: ByCase,
}

impl Kept {
    fn with(mut self, block: &Candidate) -> Self {
        self.words += block.words;
        self.right.iter_mut().zip(block.right).for_each(|(sum, right)| *sum += right);
        self
    }

    /// The expected F-measure if of all blocks these are kept; 0 if none is.
    fn measure(&self, all: &Self, beta: f32) -> f32 {
        if self.words == 0.0 {
            return 0.0;
        }
        let beta = beta * beta;
        let measure = |(right, all): (&f32, &f32)| (1.0 + beta) * right / (self.words + beta * all);
        self.right.iter().zip(&all.right).map(measure).sum::<f32>() / CASES.len() as f32
    }
}

#[cfg(test)]
mod tests {
    use dechrome_page::Media;

    use super::{Cut, Favor, Lean, Traits};

    #[test]
    fn sure_pages_are_cut_between_and_doubtful_ones_low() {
        let cut = |content: &[f32], words: &[u32]| Cut::of(Media::Text, content, words, 1.0).at;
        let sure = cut(&[0.95, 0.9, 0.05], &[100, 100, 100]);
        assert!(sure > 0.05 && sure <= 0.9);
        assert!(cut(&[0.3, 0.3, 0.02], &[50, 50, 50]) <= 0.3);
        assert!((cut(&[], &[]) - 0.6).abs() < f32::EPSILON);
        assert!(Cut::of(Media::Html, &[], &[], 1.0).at > 0.6, "of HTML, which tells more, only what is surer is kept");
    }

    #[test]
    fn what_is_expected_allows_for_errors_of_the_whole_page() {
        let expected = |content: f32| Cut::of(Media::Text, &[content; 4], &[50; 4], 1.0).expected;
        // Kept whole, a page with a share p of content has F1 2p / (1 + p): concave, so doubt about p lowers it.
        for content in [0.5, 0.7, 0.9] {
            let certain = 2.0 * content / (1.0 + content);
            assert!(expected(content) < certain && expected(content) > certain - 0.1, "{content}");
        }
        assert!(expected(1.0) > 0.999 && expected(1.0) <= 1.0);
    }

    #[test]
    fn recall_weighs_less_on_running_text_and_more_on_pieces_the_fewer_documents_are_known() {
        let page = Traits { media: Media::Html, has_code: false, has_date: false };
        let lean = |words: &[u32], has_code| Lean::of(&[0.9, 0.9, 0.1], words, Traits { has_code, ..page });
        let (prose, both, pieces) =
            (lean(&[190, 10, 10], false), lean(&[25, 15, 10], false), lean(&[10, 10, 50], false));
        let beta = |lean, documents| Favor::Balance.beta(lean, documents);
        assert!(beta(prose, 0) < beta(prose, 1) && beta(prose, 1) < beta(prose, 20) && beta(prose, 20) < 1.0);
        assert!(beta(pieces, 0) > beta(pieces, 1) && beta(pieces, 1) > 1.0);
        assert!(beta(prose, 0) < beta(both, 0) && beta(both, 0) < beta(pieces, 0));
        assert_eq!(lean(&[190, 10, 10], true), pieces);
        let prose = |traits| Lean::of(&[0.9], &[190], traits).0;
        assert!(prose(Traits { media: Media::Text, ..page }) > prose(page));
        assert!(prose(Traits { has_date: true, ..page }) < prose(page));
        assert_eq!(Lean::of(&[], &[], page), pieces);
    }

    #[test]
    fn favors_move_the_cut_and_doubt_lowers_what_is_expected() {
        let content = [0.97, 0.9, 0.7, 0.5, 0.4, 0.2, 0.1, 0.03];
        let at = |favor: Favor| Cut::of(Media::Text, &content, &[40; 8], favor.beta(Lean(0.0), 0)).at;
        assert!(at(Favor::Recall) < at(Favor::Balance) && at(Favor::Balance) < at(Favor::Precision));
        let expected = |content: &[f32]| Cut::of(Media::Text, content, &[40; 2], 1.0).expected;
        assert!(expected(&[0.99, 0.01]) > 0.95);
        assert!(expected(&[0.6, 0.4]) < 0.75);
        assert!(Cut::of(Media::Text, &[], &[], 1.0).expected.abs() < f32::EPSILON);
    }
}
