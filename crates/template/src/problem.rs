//! Pages that came without their content: an error, a wall, a check for robots, an application's shell.
//!
//! What the page says of itself (its title, a status code, a call to enable JavaScript) makes the suspicion, and the
//! *little* it says beside that confirms it: a page with prose of its own is never taken for a notice.

use dechrome_page::{BlockKind, Media, Page};
use serde::{Deserialize, Serialize};

use crate::assessment::Assessment;
use crate::cues::{CueHits, CueList, CueMode, Cues};
use crate::verdict::{Reason, Verdict};

/// Why a document has no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Problem {
    /// The page is an error: not found, forbidden, out of service, nobody's.
    ErrorPage,
    /// The page asks for consent before it shows itself.
    ConsentWall,
    /// The page asks for proof that no robot reads it.
    BotCheck,
    /// The page is filled in by scripts: a shell, or a call to enable JavaScript.
    NeedsRendering,
    /// The page asks to log in or to subscribe, and shows nothing else.
    LoginWall,
    /// The page asks how old its reader is.
    AgeGate,
    /// The page asks to let advertisements through.
    AdBlockWall,
    /// Nothing on the page is content, for no reason that is known.
    NoContent,
}

impl Problem {
    /// Its stable code, as it stands in output and in counts.
    pub fn code(self) -> &'static str {
        match self {
            Self::ErrorPage => "error_page",
            Self::ConsentWall => "consent_wall",
            Self::BotCheck => "bot_check",
            Self::NeedsRendering => "needs_rendering",
            Self::LoginWall => "login_wall",
            Self::AgeGate => "age_gate",
            Self::AdBlockWall => "ad_block_wall",
            Self::NoContent => "no_content",
        }
    }

    /// Words of kept text that may stand beside its notice: above a call to log in many pages show how an article begins, which is content.
    fn most_beside(self) -> u32 {
        if self == Self::LoginWall { BARE } else { MAX_BESIDE }
    }

    /// Whether ordinary pages have buttons that say the same, "Log in" or "Enter".
    fn is_on_buttons(self) -> bool {
        matches!(self, Self::LoginWall | Self::AgeGate | Self::AdBlockWall)
    }
}

/// Words of kept text from which a page is no notice, whatever it says.
const MAX_NOTICE: u32 = 300;

/// Words of kept text, beside the notice, that such a page may have: links to try, teasers.
const MAX_BESIDE: u32 = 60;

/// Words of a sentence, which explains what a title such as "Oops" or "Forbidden" leaves open.
const SENTENCE_WORDS: u32 = 5;

/// Words of kept text that are no content by themselves.
const BARE: u32 = 12;

/// Words of a page, kept or not, from which it is no shell.
const MAX_SHELL: u32 = 400;

/// Times as many words as are likely content that a shell has.
const CHROME_PARTS: f32 = 10.0;

/// Probability of content that some kept block of a page with content has. Of the pages of at most [`MAX_SHELL`] words, of WCXB, Readability
/// and 33 sites, that are kept in part and have none, all are empty in the reference; the two between it and .5 are not (cross-validated).
const DOUBT: f32 = 0.45;

/// Words that may be all there is, or all that is kept, of a page before scripts fill it in, and the scripts it has then.
const FEW_WORDS: u32 = 30;
const MANY_SCRIPTS: u32 = 3;

/// Words of a notice in `<noscript>`; forums and galleries put their content there.
const NOSCRIPT_NOTICE: u32 = 40;

/// Share of a page's words, if nothing of it is content, that say what it is.
const SAID_SHARE: f32 = 0.3;

/// What each list of notices stands for; of two that say as much, the first.
const NOTICES: [(CueList, Problem); 7] = [
    (CueList::BotCheck, Problem::BotCheck),
    (CueList::ConsentWall, Problem::ConsentWall),
    (CueList::ErrorPage, Problem::ErrorPage),
    (CueList::EnableJavascript, Problem::NeedsRendering),
    (CueList::AgeGate, Problem::AgeGate),
    (CueList::AdBlockWall, Problem::AdBlockWall),
    (CueList::LoginWall, Problem::LoginWall),
];

/// Why the page came without its content, if it did. Its text is dropped then; a person's rules and the page's own data
/// are never overruled.
pub(crate) fn find(page: &Page, cues: &Cues, assessment: &Assessment, verdicts: &mut [Verdict]) -> Option<Problem> {
    let is_vouched_for = verdicts.iter().any(|verdict| verdict.is_content() && !verdict.is_open());
    let kept = kept_words(assessment, verdicts);
    if is_vouched_for || kept > MAX_NOTICE {
        return None;
    }
    let said = Said::of(page, cues, assessment, verdicts, kept);
    let problem =
        said.title(page, cues).or_else(|| said.text()).or_else(|| said.chrome()).or_else(|| said.shell(page))?;
    for verdict in verdicts.iter_mut().filter(|verdict| verdict.is_content()) {
        *verdict = Verdict::boilerplate(Reason::Notice);
    }
    Some(problem)
}

/// Words of the blocks that are kept.
pub(crate) fn kept_words(assessment: &Assessment, verdicts: &[Verdict]) -> u32 {
    let words = verdicts.iter().zip(&assessment.words).filter(|(verdict, _)| verdict.is_content());
    words.map(|(_, words)| words).sum()
}

/// What a page says, in words.
#[derive(Debug, Default)]
struct Said {
    kept: u32,
    all: u32,
    /// Of content, if the model's probabilities are right: however careful the cut is.
    expected: f32,
    /// The highest probability of content of a block that is kept, 0 to 1.
    surest: f32,
    /// Kept, and said by no notice.
    beside: u32,
    /// Not in `<noscript>`.
    in_sight: u32,
    kept_noscript: u32,
    /// By [`NOTICES`]: kept and all words of blocks that say it, and whether the main heading or a sentence does.
    notices: [Notice; NOTICES.len()],
}

#[derive(Debug, Default, Clone, Copy)]
struct Notice {
    kept: u32,
    all: u32,
    in_heading: bool,
    in_sentence: bool,
}

impl Notice {
    /// Whether more than a button says it, where buttons of ordinary pages do.
    fn is_stated(self, problem: Problem) -> bool {
        self.in_heading || self.in_sentence || !problem.is_on_buttons()
    }
}

impl Said {
    fn of(page: &Page, cues: &Cues, assessment: &Assessment, verdicts: &[Verdict], kept: u32) -> Self {
        let mut said = Self { kept, ..Self::default() };
        for (index, (block, verdict)) in page.blocks.iter().zip(verdicts).enumerate() {
            let words = assessment.words[index];
            let hits = cues.notices(&block.text);
            let asks_consent = cues.matches(&block.text).has(CueList::CookieNotice);
            let is_heading = block.kind == BlockKind::Heading(1) && !block.hidden.any();
            let kept = if verdict.is_content() { words } else { 0 };
            said.all += words;
            let content = assessment.content(index);
            said.expected += content * words as f32;
            said.surest = said.surest.max(if verdict.is_content() { content } else { 0.0 });
            said.in_sight += if block.hidden.noscript { 0 } else { words };
            said.kept_noscript += if block.hidden.noscript { kept } else { 0 };
            said.beside += if hits.is_empty() && !asks_consent { kept } else { 0 };
            for (notice, (list, _)) in said.notices.iter_mut().zip(NOTICES) {
                if hits.has(list) || (list == CueList::ConsentWall && asks_consent) {
                    notice.kept += kept;
                    notice.all += words;
                    notice.in_heading |= is_heading && is_named(hits, list);
                    notice.in_sentence |= !is_heading && words >= SENTENCE_WORDS;
                }
            }
        }
        said
    }

    /// The title or the main heading says it, and there is little beside. Where a sentence says it too there may be more beside an error:
    /// many sites offer articles instead.
    fn title(&self, page: &Page, cues: &Cues) -> Option<Problem> {
        let title = page.metadata.title.as_deref().unwrap_or_default();
        let hits = cues.notices(title);
        let is_said = |&(index, (list, problem)): &(usize, (CueList, Problem))| {
            if !self.notices[index].is_stated(problem) {
                return false;
            }
            // A dialogue of an ordinary page has headings such as "We value your privacy" too.
            let by_heading = self.notices[index].in_heading && matches!(list, CueList::BotCheck | CueList::ErrorPage);
            by_heading || is_named(hits, list) || (list == CueList::ErrorPage && is_status(title))
        };
        let (index, (_, problem)) = NOTICES.into_iter().enumerate().find(is_said)?;
        let is_explained = problem == Problem::ErrorPage && self.notices[index].in_sentence;
        let most_beside = if is_explained { MAX_NOTICE } else { problem.most_beside() };
        (self.beside <= most_beside).then_some(problem)
    }

    /// Most of what would be kept says it.
    fn text(&self) -> Option<Problem> {
        let (notice, problem) = self.loudest(|notice| notice.kept)?;
        (2 * notice.kept > self.kept && self.beside <= problem.most_beside()).then_some(problem)
    }

    /// Nothing to speak of is kept, and a good part of the rest says it.
    fn chrome(&self) -> Option<Problem> {
        let (notice, problem) = self.loudest(|notice| notice.all)?;
        (self.kept <= BARE && notice.all as f32 >= SAID_SHARE * self.all as f32).then_some(problem)
    }

    fn loudest(&self, words: impl Fn(&Notice) -> u32) -> Option<(Notice, Problem)> {
        let mut loudest: Option<(Notice, Problem)> = None;
        for (&notice, (_, problem)) in self.notices.iter().zip(NOTICES) {
            let most = loudest.as_ref().map_or(0, |(most, _)| words(most));
            if words(&notice) > most && notice.is_stated(problem) {
                loudest = Some((notice, problem));
            }
        }
        loudest
    }

    /// Menus and scripts, a notice in `<noscript>`, a few words in doubt among menus, and nothing else.
    fn shell(&self, page: &Page) -> Option<Problem> {
        let has_nothing = self.all == 0 && (page.scripts > 0 || page.metadata.title.is_some());
        // A careful cut keeps words of a page in doubt, few or many; what counts is how many of them are likely content, and whether
        // any of them is at all.
        let is_bare = self.expected * CHROME_PARTS < self.all as f32 && self.expected <= BARE as f32;
        let is_chrome = is_bare && self.kept <= FEW_WORDS;
        let is_kept_in_part = 0 < self.kept && self.kept < self.all;
        let is_doubtful = is_kept_in_part && self.surest < DOUBT && self.expected <= FEW_WORDS as f32;
        let has_chrome = (is_chrome || is_doubtful) && self.all <= MAX_SHELL;
        let has_scripts = self.kept <= BARE && self.all <= FEW_WORDS && page.scripts >= MANY_SCRIPTS;
        let has_noscript = self.kept_noscript > 0
            && self.kept_noscript == self.kept
            && self.kept <= NOSCRIPT_NOTICE
            && self.in_sight <= BARE;
        let is_shell = has_nothing || has_chrome || has_scripts || has_noscript;
        (page.media == Media::Html && is_shell).then_some(Problem::NeedsRendering)
    }
}

/// Whether a phrase of the list is the text or begins it.
fn is_named(hits: CueHits, list: CueList) -> bool {
    matches!(hits.mode(list), Some(CueMode::Whole | CueMode::Prefix))
}

/// Whether a title is nothing but the status code of an error.
fn is_status(title: &str) -> bool {
    let mut parts = title.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let code = parts.next().and_then(|part| part.parse::<u16>().ok());
    code.is_some_and(|code| (400..600).contains(&code)) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use dechrome_page::Capture;

    use super::*;

    #[test]
    fn every_list_of_notices_stands_for_a_problem() {
        let notices: Vec<CueList> = CueList::ALL.iter().copied().filter(|list| list.is_notice()).collect();
        let mut known = NOTICES.map(|(list, _)| list);
        known.sort_unstable();
        assert_eq!(notices, known);
    }

    #[test]
    fn short_pages_with_nothing_that_is_likely_content_are_shells() {
        let page = Page::read(&Capture::html("a", "<p>Menu</p>"));
        for (kept, all, expected, surest, is_shell) in [
            (60, 152, 12.5, 0.28, true),
            (60, 152, 12.5, 0.46, false),  // some block may well be content
            (60, 152, 39.0, 0.28, false),  // much may be
            (152, 152, 12.5, 0.28, false), // all of it is kept
            (60, 500, 12.5, 0.28, false),  // no short page
        ] {
            let said = Said { kept, all, expected, surest, in_sight: all, ..Said::default() };
            assert_eq!(said.shell(&page).is_some(), is_shell, "{said:?}");
        }
    }
}
