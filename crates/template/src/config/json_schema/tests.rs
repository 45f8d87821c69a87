use std::path::Path;

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::SiteConfigs;
use super::{cue_lists_schema, site_file_schema};

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).unwrap()
}

/// A TOML text as editors hand it to a schema: days are strings.
fn json_of(toml: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(day) => json!(day.to_string()),
            toml::Value::Array(items) => items.into_iter().map(convert).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, convert(value))).collect(),
            other => serde_json::to_value(other).unwrap(),
        }
    }
    convert(toml::Value::Table(toml.parse().unwrap()))
}

fn assert_all_valid(folder: &str, validator: &Validator) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config").join(folder);
    let files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 2);
    for file in files {
        let value = json_of(&std::fs::read_to_string(&file).unwrap());
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", file.display());
    }
}

#[test]
fn the_files_of_config_validate() {
    assert_all_valid("sites", &validator(&site_file_schema()));
    assert_all_valid("cues", &validator(&cue_lists_schema()));
}

const SITE: &str = r#"
site = "x"
hosts = ["x.com"]
rejected = ["a"]
[signature]
min = 1
lines = ["One"]
[metadata]
title = ["h1"]
[[rule]]
id = "a"
why = "w"
label = "boilerplate"
outside = "article"
valid_from = 2024-01-01
[[rule]]
id = "b"
why = "w"
label = "content"
slot = { open = "A", close = "end" }
[[check]]
page = "p"
title = "T"
[fetch]
delay_seconds = 2.5
[fetch.headers]
accept = "text/html"
"#;

/// What is put in the place of what, in a site file that is right.
const MISTAKES: [(&str, &str); 12] = [
    ("hosts =", "host ="),
    ("outside =", "outsid ="),
    ("title = [\"h1\"]", "titel = [\"h1\"]"),
    ("min = 1", "least = 1"),
    ("open = \"A\"", "opens = \"A\""),
    ("page = \"p\"", "file = \"p\""),
    ("delay_seconds", "delay"),
    ("\"boilerplate\"", "\"boilerplat\""),
    ("why = \"w\"", ""),
    ("slot =", "line = \"L\"\nslot ="),
    ("title = \"T\"", ""),
    ("2024-01-01", "\"spring\""),
];

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let validator = validator(&site_file_schema());
    let is_read = |text: &str| SiteConfigs::default().add("x.toml", text).is_ok();
    assert!(is_read(SITE));
    assert!(validator.is_valid(&json_of(SITE)), "{:?}", validator.validate(&json_of(SITE)));
    for (right, wrong) in MISTAKES {
        let text = SITE.replacen(right, wrong, 1);
        assert_ne!(text, SITE, "{right}");
        assert!(!is_read(&text), "{wrong} is read");
        assert!(!validator.is_valid(&json_of(&text)), "{wrong} is valid");
    }
    assert!(
        !validator
            .is_valid(&json_of("site = \"x\"\n[[rule]]\nid = \"a\"\nwhy = \"w\"\nlabel = \"content\"\nline = \"l\""))
    );
}

#[test]
fn cue_lists_that_do_not_exist_are_refused() {
    let validator = validator(&cue_lists_schema());
    assert!(validator.is_valid(&json_of("skip_link = [\"Skip\"]")));
    for wrong in ["skiplink = [\"Skip\"]", "skip_link = \"Skip\"", "skip_link = [\"\"]", "share = [\"a\", \"a\"]"] {
        assert!(!validator.is_valid(&json_of(wrong)), "{wrong}");
    }
}

#[test]
fn every_key_is_documented() {
    fn undocumented(path: &str, schema: &Value, missing: &mut Vec<String>) {
        for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if property.get("description").is_none() {
                missing.push(format!("{path}.{key}"));
            }
        }
        for (name, definition) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
            undocumented(name, definition, missing);
        }
    }
    let mut missing = Vec::new();
    undocumented("", &site_file_schema(), &mut missing);
    undocumented("", &cue_lists_schema(), &mut missing);
    assert!(missing.is_empty(), "{missing:?}");
}

proptest! {
    /// A key that is no letter for letter right one is refused by both.
    #[test]
    fn misspelt_keys_are_refused(key in "[a-z_]{1,12}") {
        let known = json_of(SITE).as_object().unwrap().contains_key(&key);
        let text = format!("{key} = []\nsite = \"x\"");
        if !known && key != "signature" {
            prop_assert!(!validator(&site_file_schema()).is_valid(&json_of(&text)));
        }
    }
}
