//! Parameters that models do not take, as the proxy said: left out once it did, and in later questions too.

use std::sync::Mutex;

use litellm_ls_protocol::ErrorKind;
use serde_json::{Map, Value};

use crate::{
    litellm::Endpoint,
    provider::{Error, lock, request::output_limit},
};

/// Most models whose refusals are kept; one more drops the oldest.
const MAX_MODELS: usize = 256;
/// Without these, an answer would be one to another question.
const NEEDED: [&str; 9] =
    ["model", "messages", "prompt", "suffix", "stream", "tools", "tool_choice", "response_format", "stop"];

/// What models refused since this process began. It has no `Debug`, for an endpoint holds a key.
#[derive(Default)]
pub(in crate::provider) struct Refusals(Mutex<Vec<Refused>>);

struct Refused {
    endpoint: Endpoint,
    model: String,
    parameters: Vec<String>,
}

impl Refusals {
    /// The parameters that a model refused.
    pub(super) fn of(&self, endpoint: &Endpoint, model: &str) -> Vec<String> {
        let refused = lock(&self.0);
        let known = refused.iter().find(|known| known.model == model && known.endpoint == *endpoint);
        known.map_or_else(Vec::new, |known| known.parameters.clone())
    }

    /// Remembers that a model refused a parameter.
    pub(super) fn remember(&self, endpoint: &Endpoint, model: &str, parameter: &str) {
        let mut refused = lock(&self.0);
        let known = refused.iter_mut().find(|known| known.model == model && known.endpoint == *endpoint);
        match known {
            Some(known) if known.parameters.iter().any(|known| known == parameter) => {}
            Some(known) => known.parameters.push(parameter.to_owned()),
            None => {
                if refused.len() == MAX_MODELS {
                    refused.remove(0);
                }
                let parameters = vec![parameter.to_owned()];
                refused.push(Refused { endpoint: endpoint.clone(), model: model.to_owned(), parameters });
            }
        }
    }
}

/// The parameters that an error names as not taken, without the path within them.
pub(super) fn named(error: &Error) -> Vec<String> {
    if error.kind() != ErrorKind::UnsupportedParam {
        return Vec::new();
    }
    let mut names: Vec<String> = error.data.param.iter().cloned().collect();
    // `openai does not support parameters: ['seed', 'top_p'], for model=…` (litellm 1.101.3).
    if let Some((_, list)) = error.message.split_once("parameters: ") {
        let end = list.find([']', '}']).unwrap_or(list.len());
        names.extend(list[..end].split('\'').skip(1).step_by(2).map(str::to_owned));
    }
    for name in &mut names {
        name.truncate(name.find(['.', '[']).unwrap_or(name.len()));
    }
    names.sort();
    names.dedup();
    names
}

/// Leaves a parameter out of a body, or gives an output limit its other name; says so in one sentence. None where it
/// is not there, or the answer would be one to another question.
pub(super) fn leave_out(fields: &mut Map<String, Value>, parameter: &str, model: &str) -> Option<String> {
    if NEEDED.contains(&parameter) {
        return None;
    }
    let value = fields.shift_remove(parameter)?;
    let [one, other] = output_limit::NAMES;
    let renamed = match parameter {
        name if name == one => Some(other),
        name if name == other => Some(one),
        _ => None,
    };
    match renamed.filter(|name| !fields.contains_key(*name)) {
        Some(name) => {
            fields.insert(name.to_owned(), value);
            Some(format!("`{parameter}` was sent as `{name}`, for {model} does not take it"))
        }
        None => Some(format!("`{parameter}` was left out, for {model} does not take it")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(message: &str, param: Option<&str>) -> Vec<String> {
        let mut error = Error::new(ErrorKind::UnsupportedParam, message, "");
        error.data.param = param.map(str::to_owned);
        named(&error)
    }

    #[test]
    fn an_error_names_one_parameter_or_several() {
        assert_eq!(refused("no", None), [""; 0]);
        assert_eq!(refused("x: Extra inputs are not permitted", Some("thinking.display")), ["thinking"]);
        assert_eq!(
            refused("openai does not support parameters: ['top_p', 'seed'], for model='x'", Some("top_p")),
            ["seed", "top_p"]
        );
        assert_eq!(refused("does not support parameters: {'seed': 1}", Some("seed")), ["seed"]);
    }

    #[test]
    fn what_the_answer_depends_on_is_never_left_out() {
        let mut fields = json!({"model": "m", "tools": [], "seed": 1, "max_tokens": 5});
        let fields = fields.as_object_mut().unwrap();
        assert_eq!(leave_out(fields, "tools", "m"), None);
        assert_eq!(leave_out(fields, "top_p", "m"), None);
        assert_eq!(leave_out(fields, "seed", "m").unwrap(), "`seed` was left out, for m does not take it");
        assert!(leave_out(fields, "max_tokens", "m").unwrap().contains("`max_completion_tokens`"));
        assert_eq!(json!(fields), json!({"model": "m", "tools": [], "max_completion_tokens": 5}));
    }
}
