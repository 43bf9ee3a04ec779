//! Methods by their names: which ones a door has, and which one was meant by another.

use litellm_ls_protocol::{ErrorKind, METHODS, MethodKind, Problem};
use serde_json::{Map, Value};
use strsim::normalized_damerau_levenshtein;

use crate::{masking::masked, provider::Error, server::wire::META, transport::ErrorObject};

/// How much alike two names must be for one to be meant by the other; 1 is the same.
const LIKENESS: f64 = 0.55;
/// Most characters of a peer's own words that an error gives back.
const MAX_QUOTED: usize = 200;

/// The requests of ours, which every door has, and more that one door has.
fn requests(more: &[&'static str]) -> impl Iterator<Item = &'static str> {
    let ours = METHODS.iter().filter(|method| method.kind == MethodKind::Request);
    ours.map(|method| method.method).chain(more.iter().copied())
}

/// The answer to a request for a method that is not there, at any door. Neither dispatcher is asked: each has words of
/// its own, and tower-lsp reads the params of all that LSP has.
fn unknown(method: &str, more: &[&'static str]) -> Error {
    // No name of a method is as long, and to compare long ones takes long.
    let likeness = |known: &str| match method.len() {
        ..100 => normalized_damerau_levenshtein(&bare(method), &bare(known)),
        _ => 0.0,
    };
    // Names of two families end alike, such as `provider/status` and `proxy/status`.
    let whole = |known: &str| normalized_damerau_levenshtein(method, known);
    let nearest = requests(more)
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness > LIKENESS)
        .max_by(|(one, a), (other, b)| one.total_cmp(other).then_with(|| whole(a).total_cmp(&whole(b))));
    refused(method, nearest.map(|(_, known)| known))
}

/// The error of a method that is not there, and the one that may have been meant.
fn refused(method: &str, nearest: Option<&str>) -> Error {
    let quoted: String = masked(method).chars().take(MAX_QUOTED).collect();
    let hint = nearest.map(|nearest| format!(": did you mean {nearest:?}?")).unwrap_or_default();
    let mut error = Error::new(
        ErrorKind::MethodNotFound,
        format!("there is no method {quoted:?} here{hint}"),
        "use a method that `provider/discover` lists",
    );
    error.data.nearest.extend(nearest.map(str::to_owned));
    error
}

/// A name without what it has in common with others.
fn bare(method: &str) -> String {
    method.rsplit('/').next().unwrap_or(method).to_lowercase()
}

/// Whether a door has a method, of which it has `more` than all have.
pub(super) fn is_known(method: &str, more: &[&'static str]) -> bool {
    requests(more).any(|known| known == method)
}

/// The answer to a request for a method that is not there.
pub(super) fn refusal(method: &str, params: Option<Value>, more: &[&'static str]) -> ErrorObject {
    let mut error = unknown(method, more);
    error.data.meta = params.and_then(|mut params| params.as_object_mut()?.shift_remove(META));
    error.into()
}

/// The params of a request as an object; none, and an empty list, are an empty one.
///
/// # Errors
/// Where they are a list: ours have names, and no places.
pub(super) fn named(method: &str, params: Option<Value>) -> Result<Value, ErrorObject> {
    match params {
        None => Ok(Map::new().into()),
        Some(Value::Array(values)) if values.is_empty() => Ok(Map::new().into()),
        Some(Value::Array(_)) => {
            let problem = Problem::new("", "expected an object, found a list", "give each by its name");
            Err(Error::invalid(method, vec![problem]).into())
        }
        Some(params) => Ok(params),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meta_comes_back_with_a_method_that_is_not_there() {
        let error = refusal("provider/nosuch", Some(serde_json::json!({"_meta": {"a": 1}})), &[]);
        assert_eq!(error.data.unwrap()["_meta"]["a"], 1);
    }

    #[test]
    fn the_nearest_name_is_named() {
        const STANDARD: &[&str] = &["textDocument/completion", "textDocument/codeAction"];
        for (method, meant) in [
            ("provider/lisModels", Some("provider/listModels")),
            ("listModels", Some("provider/listModels")),
            ("provider/list_models", Some("provider/listModels")),
            ("Provider/Complete", Some("provider/complete")),
            ("providers/completes", Some("provider/complete")),
            ("textDocument/codeActions", Some("textDocument/codeAction")),
            ("textDocument/completionItem", Some("textDocument/completion")),
            ("textDocument/hover", None),
            ("textDocument/semanticTokens/full", None),
            ("workspace/symbol", None),
            ("", None),
            ("/", None),
        ] {
            let error = unknown(method, STANDARD);
            assert_eq!(error.data.nearest, meant.into_iter().collect::<Vec<_>>(), "{method}");
            assert_eq!(error.message, refused(method, meant).message);
        }
        assert!(unknown(&"listModels".repeat(100_000), &[]).message.len() < 300);
    }
}
