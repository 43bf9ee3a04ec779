//! The tokens of `$/progress` that are in use. A client tells apart by them what it is told, so that no two requests have
//! the same at a time.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex},
};

use litellm_ls_protocol::{Complete, Edit, Problem, ProgressToken, Request, RestartProxy, StartProxy};
use serde::Deserialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::lock;
use crate::provider::{Error, Result};

/// Under which a method streams.
const PARTIAL: &str = "partialResultToken";
/// Under which a method says how far it is.
pub(super) const WORK: &str = "workDoneToken";

/// The tokens of one peer, with what their cancel buttons cancel.
#[derive(Clone, Default)]
pub(super) struct Tokens(Arc<Mutex<HashMap<ProgressToken, CancellationToken>>>);

/// A token that is in use until this is dropped.
pub(super) struct Claim {
    tokens: Tokens,
    pub(super) token: ProgressToken,
}

impl Tokens {
    /// Takes a token into use. None where it is in use.
    pub(super) fn claim(&self, token: ProgressToken) -> Option<Claim> {
        match lock(&self.0).entry(token.clone()) {
            Entry::Occupied(_) => None,
            Entry::Vacant(free) => {
                free.insert(CancellationToken::new());
                Some(Claim { tokens: self.clone(), token })
            }
        }
    }

    /// Takes the tokens into use that the params of a method name.
    ///
    /// # Errors
    /// Where one is in use.
    pub(super) fn claim_of(&self, method: &str, params: &Value) -> Result<Vec<Claim>> {
        let given = names(method).iter().filter_map(|name| Some((*name, named(params, name)?)));
        given.map(|(name, token)| self.claim_for(method, name, token)).collect()
    }

    /// Takes a token into use that a request has under this name.
    ///
    /// # Errors
    /// Where it is in use.
    pub(super) fn claim_for(&self, method: &str, name: &str, token: ProgressToken) -> Result<Claim> {
        let remedy = "give one that no running request of yours has";
        let problem = || Problem::new(name, "this token is in use", remedy);
        self.claim(token).ok_or_else(|| Error::invalid(method, vec![problem()]))
    }

    /// What the cancel button of a display cancels whose token is in use.
    pub(super) fn button(&self, token: &ProgressToken) -> CancellationToken {
        lock(&self.0).get(token).cloned().unwrap_or_default()
    }

    /// The cancel button was pressed.
    pub(super) fn press(&self, token: &ProgressToken) {
        self.button(token).cancel();
    }
}

impl Claim {
    /// What the cancel button of its display cancels.
    pub(super) fn button(&self) -> CancellationToken {
        self.tokens.button(&self.token)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        lock(&self.tokens.0).remove(&self.token);
    }
}

/// The tokens that a method takes.
fn names(method: &str) -> &'static [&'static str] {
    match method {
        Complete::METHOD | Edit::METHOD => &[PARTIAL, WORK],
        StartProxy::METHOD | RestartProxy::METHOD => &[WORK],
        _ => &[],
    }
}

/// Whether a method says how far it is where it is given a token for that.
pub(super) fn reports(method: &str) -> bool {
    names(method).contains(&WORK)
}

/// Whether params of a method name a token that it takes.
pub(super) fn are_in(method: &str, params: &Value) -> bool {
    names(method).iter().any(|name| named(params, name).is_some())
}

/// The token of this name in params.
fn named(params: &Value, name: &str) -> Option<ProgressToken> {
    ProgressToken::deserialize(params.get(name)?).ok()
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::METHOD_SCHEMAS;
    use schemars::SchemaGenerator;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_token_of_every_method_is_known() {
        let mut known = 0;
        for method in METHOD_SCHEMAS {
            let mut generator = SchemaGenerator::default();
            let root = (method.params)(&mut generator).to_value();
            let definitions = generator.take_definitions(true);
            let name = root["$ref"].as_str().and_then(|target| target.strip_prefix("#/$defs/"));
            let schema = name.and_then(|name| definitions.get(name)).unwrap_or(&root);
            let members = schema["properties"].as_object().into_iter().flat_map(|members| members.keys());
            let tokens: Vec<&String> = members.filter(|name| name.ends_with("Token")).collect();
            assert_eq!(tokens, names(method.method), "{}", method.method);
            known += tokens.len();
        }
        assert_eq!(known, 6);
    }

    #[test]
    fn a_token_is_one_requests_until_it_is_free() {
        let tokens = Tokens::default();
        let claim = |params: Value| {
            tokens.claim_of(Complete::METHOD, &params).map_err(|error| error.data.problems[0].path.clone())
        };
        let first = claim(json!({PARTIAL: "a", WORK: 1})).map(Some).unwrap_or_default();
        for (params, path) in [
            (json!({PARTIAL: "a"}), PARTIAL),
            (json!({WORK: "a"}), WORK),
            (json!({PARTIAL: 1}), PARTIAL),
            (json!({PARTIAL: "b", WORK: "b"}), WORK),
        ] {
            assert_eq!(claim(params.clone()).err().as_deref(), Some(path), "{params}");
        }
        for params in
            [json!({WORK: "1", PARTIAL: "#1"}), json!({WORK: "b"}), json!({WORK: null}), json!({WORK: {}})]
        {
            assert!(claim(params.clone()).is_ok(), "{params}");
        }
        drop(first);
        assert!(claim(json!({PARTIAL: 1, WORK: "a"})).is_ok());
    }
}
