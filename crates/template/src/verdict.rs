//! Verdicts: a label and its reason, parallel to a page's blocks, never written into them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "label")]
pub enum Label {
    /// Part of what the page is about.
    Content,
    /// Chrome: navigation, promotion, teasers, notices, garbage.
    Boilerplate,
}

/// Why a block has its label. Each variant has a stable [code](Reason::code).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Reason {
    /// A person's rule; final.
    Rule {
        /// The rule's id in its site file.
        id: String,
    },
    /// The text stands on `docs` of the site's `of` other documents.
    Recurs {
        /// Documents of the site, this one apart, that hold the text.
        docs: u32,
        /// Documents of the site, this one apart.
        of: u32,
    },
    /// It stands in a slot: a place whose text changes from page to page but is boilerplate.
    Slot {
        /// The cue or anchor that opens the slot.
        anchor: String,
    },
    /// The combined evidence of shape, place and recurrence.
    Shape {
        /// The model's probability that the block is content, 0 to 1.
        content: f32,
    },
    /// A phrase of the cue lists.
    Cue {
        /// The list that holds the phrase, such as `subscribe`.
        list: String,
    },
    /// A line of letters that follow each other in no language, alone between paragraphs.
    Garbage,
    /// A few words, a colon and a linked headline, between paragraphs: it points to another article.
    Pointer,
    /// The blocks around it decided.
    Neighbours,
    /// It says again what the block with this index says.
    Duplicate {
        /// Index of the block that is kept.
        of: u32,
    },
    /// It went into the document's metadata: headline, byline, date line, tags.
    Metadata,
    /// It is out of sight and holds nothing of its own.
    Hidden,
    /// It stands in for the page's content: see [`Problem`](crate::Problem).
    Notice,
    /// Headline, `articleBody` or description vouch for it.
    Protected,
    /// What is known of the site speaks against it, and against so much else of the page that a person should look.
    Review,
    /// No evidence either way.
    Default,
}

impl Reason {
    /// Whether it names the evidence behind a verdict of the model, where there is no other: which of the three it is changes nothing.
    pub(crate) fn is_of_model(&self) -> bool {
        matches!(self, Self::Recurs { .. } | Self::Slot { .. } | Self::Shape { .. })
    }

    /// The reason's stable code, as it stands in output and in counts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rule { .. } => "rule",
            Self::Recurs { .. } => "recurs",
            Self::Slot { .. } => "slot",
            Self::Shape { .. } => "shape",
            Self::Cue { .. } => "cue",
            Self::Garbage => "garbage",
            Self::Pointer => "pointer",
            Self::Neighbours => "neighbours",
            Self::Duplicate { .. } => "duplicate",
            Self::Metadata => "metadata",
            Self::Hidden => "hidden",
            Self::Notice => "notice",
            Self::Protected => "protected",
            Self::Review => "review",
            Self::Default => "default",
        }
    }
}

/// A label and its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Content or boilerplate.
    pub label: Label,
    /// Why.
    pub reason: Reason,
}

impl Verdict {
    /// Content, for this reason.
    pub fn content(reason: Reason) -> Self {
        Self { label: Label::Content, reason }
    }

    /// Boilerplate, for this reason.
    pub fn boilerplate(reason: Reason) -> Self {
        Self { label: Label::Boilerplate, reason }
    }

    /// Whether the block stays.
    pub fn is_content(&self) -> bool {
        self.label == Label::Content
    }
}
