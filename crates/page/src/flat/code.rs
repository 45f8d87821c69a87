//! Lines of program code in flat text, and the listings that they make.

use super::lines::Line;

/// Whether code is full of the sign and prose is not.
fn is_sign(byte: u8) -> bool {
    matches!(
        byte,
        b'{' | b'}'
            | b'('
            | b')'
            | b'['
            | b']'
            | b'<'
            | b'>'
            | b'='
            | b';'
            | b'_'
            | b'$'
            | b'&'
            | b'|'
            | b'\\'
            | b'/'
            | b'*'
            | b'+'
            | b'#'
            | b'@'
            | b'`'
            | b'"'
            | b'\''
    )
}

/// How many such signs a line of code holds at least, and how many of a hundred of its characters they are. With the [marks](has_mark), of
/// 182,000 lines of WCXB's articles, some of them about programming, 1,081 are code by this, of 27,555 lines of its listings 6, of 35,899 of
/// its manuals 4,598.
const MIN_SIGNS: usize = 2;
const MIN_SIGNS_OF_HUNDRED: usize = 8;

/// What code begins with,
const OPENINGS: [&str; 19] = [
    "}", ")", "{", ">>> ", "$ ", "#!", "// ", "/*", "* @", "#include", "import ", "def ", "class ", "const ", "let ",
    "var ", "npm ", "pip ", "sudo ",
];

/// and what it holds.
const MARKS: [&str; 14] =
    ["=>", ") ->", "::", " == ", "===", "!=", "&&", "||", "</", "/>", "()", ") {", " := ", " import "];

/// Whether a line is of a program.
pub(super) fn is_code(line: &str) -> bool {
    let signs = line.bytes().filter(|&byte| is_sign(byte)).count();
    let chars = || line.chars().filter(|c| !c.is_whitespace()).count();
    signs >= MIN_SIGNS && 100 * signs >= MIN_SIGNS_OF_HUNDRED * chars() && has_mark(line)
}

fn has_mark(line: &str) -> bool {
    line.ends_with(['{', '}'])
        || OPENINGS.iter().any(|opening| line.starts_with(opening))
        || MARKS.iter().any(|mark| line.contains(mark))
        || is_assignment(line)
        || (line.ends_with(';') && has_call(line)) // so do items of laws
}

/// `name = value`, `object.name += value`.
fn is_assignment(line: &str) -> bool {
    let Some((name, value)) = line.split_once('=') else { return false };
    let name = name.trim_end_matches(['+', '-', ':']).trim_end();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._[]\"'".contains(c);
    !name.is_empty() && name.chars().all(is_name) && !value.trim_start().is_empty()
}

/// `name(`.
fn has_call(line: &str) -> bool {
    line.as_bytes().windows(2).any(|pair| pair[0].is_ascii_alphanumeric() && pair[1] == b'(')
}

/// Lines of signs alone, such as closing brackets.
fn is_rest(line: &str) -> bool {
    line.bytes().all(|byte| is_sign(byte) || byte == b',')
}

/// Joins lines of code that follow each other to listings, which keep their lines and how far these are indented beyond the first.
/// Beside each line whether it is such a listing.
pub(super) fn join_listings(lines: Vec<Line<'_>>) -> Vec<(Line<'_>, bool)> {
    let mut joined: Vec<(Line<'_>, bool)> = Vec::with_capacity(lines.len());
    for line in lines {
        let is_code = is_code(&line.text);
        match joined.last_mut() {
            Some((listing, true)) if line.blank_before == 0 && (is_code || is_rest(&line.text)) => {
                let indent = usize::from(line.indent.saturating_sub(listing.indent));
                let text = listing.text.to_mut();
                text.push('\n');
                text.extend(std::iter::repeat_n(' ', indent));
                text.push_str(&line.text);
            }
            _ => joined.push((line, is_code)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flat::lines;

    #[test]
    fn code_is_told_from_prose() {
        for line in [
            "const answer = await fetch(url);",
            "result = append(result, name)",
            "def login(email, password):",
            ">>> [x for x in range(6)]",
            "if (a == b && c) {",
            "pub fn unwrap_or_default(self) -> T",
            "<label for=\"name\">Name</label>",
            "signed, err := f.Read(\"checkpoint\")",
            "border: 2px solid rgb(140 140 140);  }",
            "{{ price.text }}",
        ] {
            assert!(is_code(line), "{line}");
        }
        for line in [
            "The harbour (\"old pier\") opened on Monday; nobody had expected so many guests.",
            "(b) the Commission's decision (EU) 2016/679;",
            "Home > News > Sport",
            "== Heading ==",
            "E = mc2 was his answer",
            "[edit] [show] [hide]",
            "//Культура",
            "from \"The Ferry\" (1971)",
            "Terms & Conditions | Privacy | About/Contact",
            "}",
        ] {
            assert!(!is_code(line), "{line}");
        }
    }

    #[test]
    fn lines_of_code_make_listings() {
        let text =
            "Add a route:\n  app.get(\"/\", () => {\n    send(\"hello()\");\n  });\n)\n\nrun(\"now\");\nThen start it.";
        let joined = join_listings(lines::lines(text));
        let seen: Vec<_> = joined.iter().map(|(line, is_code)| (line.text.as_ref(), *is_code)).collect();
        assert_eq!(
            seen,
            [
                ("Add a route:", false),
                ("app.get(\"/\", () => {\n  send(\"hello()\");\n});\n)", true),
                ("run(\"now\");", true),
                ("Then start it.", false)
            ]
        );
    }
}
