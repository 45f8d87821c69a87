//! JSON Schemas of the files that people write, so that editors complete and check them.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::raw::RawSite;
use crate::cues::CueList;

/// The JSON Schema (draft 2020-12) of site files, `sites/<site>.toml`.
pub fn site_file_schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<RawSite>().to_value()
}

/// The JSON Schema (draft 2020-12) of cue lists, `cues/<language>.toml`.
pub fn cue_lists_schema() -> Value {
    let list = |list: &CueList| {
        let phrases = json!({ "type": "string", "minLength": 1 });
        let schema = json!({ "description": list.about(), "type": "array", "items": phrases, "uniqueItems": true });
        (list.name().to_owned(), schema)
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cue lists",
        "description": "Phrases that give away what a block is. `Related news` is a whole block, `Last modified …` a \
                        beginning, `… all rights reserved …` stands somewhere in a short block; `{n}` is a number, \
                        `{w}` one to four words, `{name}` a name.",
        "type": "object",
        "properties": CueList::ALL.iter().map(list).collect::<Map<_, _>>(),
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests;
