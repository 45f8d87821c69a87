//! Text of structured data that is no article's body and no product's description.

use serde_json::Value;

use super::json_ld::{Object, items, strings, types};
use super::value;

/// Deepest nesting of steps: sections of steps of directions.
const DEEPEST: usize = 4;

/// What an object of structured data says, a paragraph a line: the description of things that are little else, the steps of
/// instructions, a question with its answers.
pub(super) fn of(object: &Object) -> Option<String> {
    let mut parts = Vec::new();
    for name in types(object) {
        match name {
            "JobPosting" => push(object, &["description", "responsibilities", "qualifications", "skills"], &mut parts),
            "Course" | "Event" | "VideoObject" | "PodcastEpisode" | "SoftwareApplication" | "Dataset" | "Book" => {
                push(object, &["description"], &mut parts);
            }
            "Recipe" => {
                push(object, &["description", "recipeIngredient"], &mut parts);
                steps(object.get("recipeInstructions"), 0, &mut parts);
            }
            "HowTo" => {
                push(object, &["description"], &mut parts);
                steps(object.get("step"), 0, &mut parts);
            }
            "Question" => question(object, &mut parts),
            "FAQPage" | "QAPage" => {
                let questions = items(object.get("mainEntity")).iter().filter_map(Value::as_object);
                questions.for_each(|entity| question(entity, &mut parts));
            }
            "DiscussionForumPosting" | "SocialMediaPosting" => {
                push(object, &["text"], &mut parts);
                items(object.get("comment"))
                    .iter()
                    .filter_map(Value::as_object)
                    .for_each(|comment| push(comment, &["text"], &mut parts));
            }
            _ => {}
        }
    }
    (!parts.is_empty()).then(|| parts.join("\n"))
}

fn push(object: &Object, keys: &[&str], parts: &mut Vec<String>) {
    parts.extend(keys.iter().flat_map(|key| strings(object.get(*key))).filter_map(value::paragraphs));
}

fn question(object: &Object, parts: &mut Vec<String>) {
    push(object, &["name", "text"], parts);
    for key in ["acceptedAnswer", "suggestedAnswer"] {
        let answers = items(object.get(key)).iter().filter_map(Value::as_object);
        answers.for_each(|answer| push(answer, &["text"], parts));
    }
}

/// Steps are strings, objects, or sections of either.
fn steps(value: Option<&Value>, depth: usize, parts: &mut Vec<String>) {
    if depth > DEEPEST {
        return;
    }
    for step in items(value) {
        match step {
            Value::String(text) => parts.extend(value::paragraphs(text)),
            Value::Object(step) => {
                let key = if step.contains_key("text") { "text" } else { "name" };
                push(step, &[key], parts);
                steps(step.get("itemListElement"), depth + 1, parts);
            }
            _ => {}
        }
    }
}
