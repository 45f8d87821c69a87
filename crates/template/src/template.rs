//! Everything known of one site, applied to its pages.

use dechrome_page::Page;

use crate::assessment::Assessment;
use crate::config::SiteRules;
use crate::cues::Cues;
use crate::first_look::FirstLook;
use crate::judgement::{Explanation, Judgement};
use crate::model::{Calibrations, Favor, Model};
use crate::problem;
use crate::review::review;
use crate::revise::revise;
use crate::stats::SiteEvidence;
use crate::structured;
use crate::verdict::{Reason, Verdict};

/// Everything known of one site: a person's rules and what was learned. Applying it is pure.
///
/// # Example
/// ```
/// use dechrome_page::{Capture, Page};
/// use dechrome_template::Template;
/// let page = Page::read(&Capture::text("a", "Skip to main content\n\nThe harbour opened on Monday after ten years of work."));
/// let verdicts = Template::generic().classify(&page);
/// assert!(!verdicts[0].is_content());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Template<'a> {
    pub(crate) model: &'a Model,
    pub(crate) cues: &'a Cues,
    rules: Option<&'a SiteRules>,
    pub(crate) evidence: Option<&'a SiteEvidence>,
    pub(crate) favor: Favor,
    pub(crate) look: Option<&'a FirstLook>,
}

impl<'a> Template<'a> {
    /// What holds for pages of unknown sites.
    pub fn generic() -> Self {
        Self::of(Model::embedded())
    }

    /// The same by another block model than the embedded one, whose calibration stays: confidence is the embedded model's.
    pub fn of(model: &'a Model) -> Self {
        Self { model, cues: Cues::embedded(), rules: None, evidence: None, favor: Favor::default(), look: None }
    }

    /// The same with other cue lists than the embedded ones.
    #[must_use]
    pub fn with_cues(mut self, cues: &'a Cues) -> Self {
        self.cues = cues;
        self
    }

    /// The same with a person's rules.
    #[must_use]
    pub fn with_rules(mut self, rules: &'a SiteRules) -> Self {
        self.rules = Some(rules);
        self
    }

    /// The same with what the site's other documents show.
    #[must_use]
    pub fn with_evidence(mut self, evidence: &'a SiteEvidence) -> Self {
        self.evidence = Some(evidence);
        self
    }

    /// The same for a page of which a first look by this model and these cues was taken, so that it need not be taken again.
    #[must_use]
    pub fn having_seen(mut self, look: &'a FirstLook) -> Self {
        self.look = Some(look);
        self
    }

    /// The same, leaning towards less or more text.
    #[must_use]
    pub fn favoring(mut self, favor: Favor) -> Self {
        self.favor = favor;
        self
    }

    /// What the model's trees make of the page alone.
    pub fn first_look(&self, page: &Page) -> FirstLook {
        self.model.first_look(page, self.cues)
    }

    /// A verdict for each block of the page, in order.
    pub fn classify(&self, page: &Page) -> Vec<Verdict> {
        self.judge(page).verdicts
    }

    /// Everything decided of the page.
    pub fn judge(&self, page: &Page) -> Judgement {
        self.judgement(page, &self.assessment(page))
    }

    /// The judgement with the evidence behind it, for people to read.
    pub fn explain(&self, page: &Page) -> Explanation {
        let assessment = self.assessment(page);
        Explanation { evidence: assessment.explain(page, self.model), judgement: self.judgement(page, &assessment) }
    }

    fn assessment(&self, page: &Page) -> Assessment {
        Assessment::of(page, self)
    }

    fn judgement(&self, page: &Page, assessment: &Assessment) -> Judgement {
        let mut verdicts = self.verdicts(page, assessment);
        let problem = problem::find(page, self.cues, assessment, &mut verdicts);
        let adds_structured = structured::is_lacking(page, assessment, &verdicts);
        let promised = verdicts.iter().any(Verdict::is_content).then(|| assessment.promised());
        let confidence = Calibrations::embedded().of(page.media).confidence(promised);
        Judgement { problem: problem.filter(|_| !adds_structured), verdicts, adds_structured, promised, confidence }
    }

    fn verdicts(&self, page: &Page, assessment: &Assessment) -> Vec<Verdict> {
        let by_rule = self.rules.map(|rules| rules.verdicts(page)).unwrap_or_default();
        let mut verdicts: Vec<Verdict> = (0..page.blocks.len())
            .map(|block| {
                by_rule
                    .get(block)
                    .cloned()
                    .flatten() // a person's word is final
                    .or_else(|| assessment.protected(block)) // the page's own data vouch for it
                    .unwrap_or_else(|| assessment.by_evidence(page, block)) // shape, place and site, combined by one model
            })
            .collect();
        revise(page, assessment, &mut verdicts); // context: may overturn evidence only
        review(page, assessment, &mut verdicts); // learning may not eat an article
        verdicts
    }
}

impl Verdict {
    /// Whether context may overturn it: neither a person's word nor the page's own data.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self.reason, Reason::Rule { .. } | Reason::Protected)
    }
}
