//! The names of the cue lists.

macro_rules! cue_lists {
    ($($variant:ident $name:literal $doc:literal),+ $(,)?) => {
        /// A list of phrases that give away what a block is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum CueList { $(#[doc = $doc] $variant),+ }

        impl CueList {
            /// All lists, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The list's name in `config/cues/*.toml` and in [`Reason::Cue`](crate::Reason::Cue).
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What its phrases are, in a sentence.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $doc),+ }
            }
        }
    };
}

cue_lists! {
    SkipLink "skip_link" "Links for screen readers past the navigation.",
    CookieNotice "cookie_notice" "Consent banners.",
    Subscribe "subscribe" "Subscriber walls, log-in prompts, calls to join, support or install.",
    Share "share" "Rows of buttons to share, copy, print or send.",
    Follow "follow" "Calls to follow the site elsewhere.",
    Related "related" "Headings over related articles.",
    MostRead "most_read" "Headings over popular or latest articles.",
    MoreMedia "more_media" "Headings over videos, galleries and features.",
    Comments "comments" "Headings and buttons of the comment section.",
    CommentPolicy "comment_policy" "Rules for commenters.",
    Newsletter "newsletter" "Newsletter sign-ups.",
    Advertisement "advertisement" "Labels of advertisements.",
    BreadcrumbHome "breadcrumb_home" "What says where in the site one is, and its way home.",
    ReadMore "read_more" "Teasers of other articles within a text.",
    Footer "footer" "Copyright lines and the links beside them.",
    Updated "updated" "Date lines: published, updated.",
    Navigation "navigation" "Menu items and controls.",
    Age "age" "How long ago something was published.",
    NeedsJavascript "needs_javascript" "What stands in for a page that was not delivered.",
    Tags "tags" "Labels of rows of tags.",
    Byline "byline" "Who wrote it.",
    PhotoCredit "photo_credit" "Who made the picture.",
    ErrorPage "error_page" "What an error page says.",
    ConsentWall "consent_wall" "What a wall of consent says that stands before a page.",
    BotCheck "bot_check" "What a check for robots says.",
    EnableJavascript "enable_javascript" "What a page says that only a browser renders.",
    LoginWall "login_wall" "What asks to log in or to subscribe before it shows a page.",
    AgeGate "age_gate" "What asks how old one is before it shows a page.",
    AdBlockWall "ad_block_wall" "What asks to let advertisements through before it shows a page.",
}

impl CueList {
    /// The list of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|list| list.name() == name)
    }

    /// Whether its phrases stand in for a whole page. A block of an ordinary page may say them too, so they are no evidence
    /// about a block.
    pub fn is_notice(self) -> bool {
        matches!(
            self,
            Self::ErrorPage
                | Self::ConsentWall
                | Self::BotCheck
                | Self::EnableJavascript
                | Self::LoginWall
                | Self::AgeGate
                | Self::AdBlockWall
        )
    }

    /// The list's bit in sets of lists.
    pub(crate) fn bit(self) -> u32 {
        1 << self as u8
    }
}
