//! Pages that came without their content, and articles about such pages. A file's name begins with what is to be found.

use std::fs;
use std::path::Path;

use dechrome_page::{Capture, Page};
use dechrome_template::{Judgement, Template};

fn judge(html: String) -> Judgement {
    Template::generic().judge(&Page::read(&Capture::html("page", html)))
}

#[test]
fn notices_are_told_from_articles() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/notices");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(directory).expect("the fixtures are there") {
        let path = entry.expect("a readable directory").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let judgement = judge(fs::read_to_string(&path).expect("UTF-8"));
        let is_empty = !judgement.verdicts.iter().any(dechrome_template::Verdict::is_content);
        let found = match judgement.problem {
            Some(problem) => problem.code(),
            None if is_empty => "no_content",
            None => "none",
        };
        let expected = name.split('-').next().unwrap_or_default();
        if found != expected || is_empty != (expected != "none") {
            wrong.push(format!("{name}: {found}"));
        }
        seen += 1;
    }
    assert!(seen > 30, "only {seen} fixtures");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_notice_beside_prose_empties_nothing() {
    let prose =
        "The bridge was closed on Monday after a barge struck its second pier, and will stay closed for a week. ";
    let notices = ["<h1>404 Not Found</h1>", "<h1>Please verify you are a human</h1>", "<p>We value your privacy.</p>"];
    for notice in notices {
        let html =
            format!("<title>Just a moment...</title><body>{notice}<article><p>{}</p></article>", prose.repeat(8));
        let judgement = judge(html);
        assert_eq!(judgement.problem, None, "{notice}");
        assert!(judgement.verdicts.iter().any(dechrome_template::Verdict::is_content), "{notice}");
    }
}
