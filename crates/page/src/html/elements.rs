//! What the names of elements mean for text.

/// Void and raw-text elements: nothing nests in them, so they never deepen a tree.
pub(super) fn is_leaf(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "script"
            | "style"
            | "textarea"
            | "title"
            | "iframe"
            | "noembed"
            | "noframes"
            | "xmp"
            | "plaintext"
    )
}

/// Elements whose content is no text of the page.
pub(super) fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "head"
            | "script"
            | "style"
            | "template"
            | "svg"
            | "iframe"
            | "noembed"
            | "noframes"
            | "object"
            | "embed"
            | "canvas"
            | "audio"
            | "video"
            | "select"
            | "datalist"
            | "textarea"
            | "title"
            | "annotation"
            | "map"
    )
}

/// Elements that do not break a run of text. Everything else does, unknown names included,
/// except names with a colon (office exports write `<o:p>` mid-sentence).
/// So are those that `MathJax` draws formulas with.
pub(super) fn is_inline(name: &str) -> bool {
    is_inline_text(name) || is_formula(name) || name.contains(':') || name.starts_with("mjx-")
}

/// Inline elements that may be set apart from one another like blocks; an index or a place to break a word never is.
pub(super) fn may_stand_apart(name: &str) -> bool {
    is_inline_text(name) && !matches!(name, "sub" | "sup" | "wbr" | "rb" | "ruby")
}

/// Text that a machine reads or writes.
pub(super) fn is_code(name: &str) -> bool {
    matches!(name, "code" | "kbd" | "samp" | "tt" | "var")
}

fn is_inline_text(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "input"
            | "ins"
            | "kbd"
            | "link"
            | "mark"
            | "meta"
            | "nobr"
            | "output"
            | "picture"
            | "q"
            | "rb"
            | "rp"
            | "rt"
            | "rtc"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "source"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

/// Elements of formulas.
fn is_formula(name: &str) -> bool {
    matches!(
        name,
        "math"
            | "mi"
            | "mn"
            | "mo"
            | "mrow"
            | "msub"
            | "msup"
            | "msubsup"
            | "mfrac"
            | "msqrt"
            | "mroot"
            | "mtext"
            | "mspace"
            | "mpadded"
            | "mphantom"
            | "menclose"
            | "mmultiscripts"
            | "mtable"
            | "mtr"
            | "mtd"
            | "mstyle"
            | "mover"
            | "munder"
            | "munderover"
            | "semantics"
    )
}

/// Elements that the standard reopens in what follows when they are not closed in time.
pub(super) fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u"
    )
}

/// Bold or emphasised text.
pub(super) fn is_strong(name: &str) -> bool {
    matches!(name, "b" | "strong" | "em" | "i")
}
