//! Which LiteLLM is meant by an argument.

use std::path::PathBuf;

use crate::proxy::Choice;

/// Reads which LiteLLM is to run.
pub(super) fn litellm(text: &str) -> Result<Choice, String> {
    match text {
        "" => Err("name one, or leave it out".to_owned()),
        "pinned" => Ok(Choice::Pinned),
        "own" => Ok(Choice::Own),
        path => Ok(Choice::At(PathBuf::from(path))),
    }
}
