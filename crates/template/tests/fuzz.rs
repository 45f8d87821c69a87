//! The fuzz target's body as an ordinary test; see `fuzz/`.

#[path = "../../../fuzz/src/template.rs"]
#[allow(unreachable_pub)] // public in the fuzz package
mod checks;
#[path = "../../../fuzz/src/corpus.rs"]
#[allow(unreachable_pub)]
mod corpus;

#[test]
fn site_toml() {
    let words = "[[rule]]\n|[[check]]\n|[signature]\n|[fetch]\n|id = \"x\"\n|why = \"y\"\n|label = \"content\"\n|label = \"boilerplate\"\n|line = \"Buy now\"\n|selector = \"p\"\n|pattern = '('\n|pattern = '(a{1000}){1000}'\n|slot = { open = \"More news\", close = \"end\" }\n|valid_from = 2024-01-01\n|hosts = [\"*\"]\n|\"|'''|=|[|]|\n|…|\u{feff}|\\u0000";
    corpus::run("site_toml", words, checks::site_toml);
}
