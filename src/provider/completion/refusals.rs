//! Parameters that models do not take, as the proxy said: left out once it did, and in later questions too.

use std::sync::Mutex;

use litellm_ls_protocol::ErrorKind;
use serde_json::{Map, Value};

use crate::{
    litellm::Mark,
    provider::{Error, error::NEEDED, lock, request::output_limit},
};

/// Most models whose refusals are kept; one more drops the oldest.
const MAX_MODELS: usize = 256;
/// What models refused since this process began.
#[derive(Default)]
pub(in crate::provider) struct Refusals(Mutex<Vec<Refused>>);

struct Refused {
    endpoint: Mark,
    model: String,
    parameters: Vec<String>,
}

impl Refusals {
    /// The parameters that a model refused.
    pub(super) fn of(&self, endpoint: Mark, model: &str) -> Vec<String> {
        let refused = lock(&self.0);
        let known = refused.iter().find(|known| known.model == model && known.endpoint == endpoint);
        known.map_or_else(Vec::new, |known| known.parameters.clone())
    }

    /// Remembers that a model refused a parameter.
    pub(super) fn remember(&self, endpoint: Mark, model: &str, parameter: &str) {
        let mut refused = lock(&self.0);
        let known = refused.iter_mut().find(|known| known.model == model && known.endpoint == endpoint);
        match known {
            Some(known) if known.parameters.iter().any(|known| known == parameter) => {}
            Some(known) => known.parameters.push(parameter.to_owned()),
            None => {
                if refused.len() == MAX_MODELS {
                    refused.remove(0);
                }
                let parameters = vec![parameter.to_owned()];
                refused.push(Refused { endpoint, model: model.to_owned(), parameters });
            }
        }
    }
}

/// The parameters that an error names as not taken, without the path within them. Where it names none, those of the
/// question that its first words speak of.
pub(super) fn named(error: &Error, fields: &Map<String, Value>) -> Vec<String> {
    let mut names: Vec<String> = error.refused.clone();
    for name in &mut names {
        name.truncate(name.find(['.', '[']).unwrap_or(name.len()));
        if let Some(ours) = fields.keys().find(|field| is_same(field, name)) {
            name.clone_from(ours);
        }
    }
    names.dedup();
    if names.is_empty() && error.kind() == ErrorKind::UnsupportedParam {
        // What follows tells which ones would be taken.
        let lower = error.message.to_ascii_lowercase();
        let ends =
            ["supported values", "supported param", "expected one of", "did you mean", "instead", "allowed:"];
        let end = ends.iter().filter_map(|end| lower.find(end)).min().unwrap_or(lower.len());
        let mut words =
            lower[..end].split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
        names.extend(words.find(|word| fields.contains_key(*word)).map(str::to_owned));
    }
    names
}

/// Whether two names are the same but for their spelling: xAI calls `reasoning_effort` `reasoningEffort`.
fn is_same(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> Vec<u8> {
        name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect()
    };
    letters(one) == letters(other)
}

/// Leaves parameters out of a body, or gives an output limit its other name; says so in one sentence for each. Nothing
/// is said of those that are not there, or without which the answer would be one to another question.
pub(super) fn leave_out(fields: &mut Map<String, Value>, refused: &[String], model: &str) -> Vec<String> {
    let mut told = Vec::new();
    for parameter in refused.iter().filter(|parameter| !NEEDED.contains(&parameter.as_str())) {
        let Some(value) = fields.shift_remove(parameter) else { continue };
        told.push(match other_name(parameter).filter(|name| !refused.iter().any(|refused| refused == name)) {
            Some(name) => {
                fields.entry(name).or_insert(value);
                format!("`{parameter}` was sent as `{name}`, for {model} does not take it")
            }
            None if parameter == "stream_options" => {
                format!("`stream_options` was left out, for {model} does not take it: the tokens used may be unknown")
            }
            None => format!("`{parameter}` was left out, for {model} does not take it"),
        });
    }
    told
}

/// What an output limit may be called too.
fn other_name(parameter: &str) -> Option<&'static str> {
    let [one, other] = output_limit::NAMES;
    match parameter {
        name if name == one => Some(other),
        name if name == other => Some(one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body() -> Map<String, Value> {
        let body =
            json!({"model": "m", "messages": [], "tools": [], "seed": 1, "top_p": 0.5, "max_tokens": 5});
        body.as_object().unwrap().clone()
    }

    fn refused(message: &str, names: &[&str]) -> Vec<String> {
        let mut error = Error::new(ErrorKind::UnsupportedParam, message, "");
        error.refused = names.iter().map(|name| (*name).to_owned()).collect();
        named(&error, &body())
    }

    #[test]
    fn an_error_names_one_parameter_or_several() {
        assert_eq!(refused("no", &[]), [""; 0]);
        assert_eq!(refused("x", &["thinking.display", "messages[0].role"]), ["thinking", "messages"]);
        assert_eq!(refused("x", &["top_p", "seed"]), ["top_p", "seed"]);
        assert_eq!(refused("x", &["topP", "MaxTokens", "topK"]), ["top_p", "max_tokens", "topK"]);
        assert_eq!(refused("We can't do top_p here. Supported parameters: seed", &[]), ["top_p"]);
        assert_eq!(refused("That one is not for you. Did you mean seed?", &[]), [""; 0]);
    }

    fn left_out(names: &[&str]) -> (Value, Vec<String>) {
        let mut fields = body();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let told = leave_out(&mut fields, &names, "m");
        (json!(fields), told)
    }

    #[test]
    fn what_the_answer_depends_on_is_never_left_out() {
        assert_eq!(left_out(&["tools", "model", "messages", "unknown"]), (json!(body()), vec![]));
        let (fields, told) = left_out(&["seed"]);
        assert_eq!(told, ["`seed` was left out, for m does not take it"]);
        assert!(fields.get("seed").is_none());
    }

    #[test]
    fn an_output_limit_has_another_name_unless_that_is_refused_too() {
        let (fields, told) = left_out(&["max_tokens"]);
        assert!(told[0].contains("sent as `max_completion_tokens`"), "{told:?}");
        assert_eq!((fields.get("max_tokens"), &fields["max_completion_tokens"]), (None, &json!(5)));
        for both in [["max_tokens", "max_completion_tokens"], ["max_completion_tokens", "max_tokens"]] {
            let (fields, _) = left_out(&both);
            assert!(fields.get("max_tokens").is_none() && fields.get("max_completion_tokens").is_none());
        }
    }
}
