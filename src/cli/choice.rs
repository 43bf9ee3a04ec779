//! Which LiteLLM is meant by an argument.

use crate::proxy::Choice;

/// Reads which LiteLLM is to run.
pub(super) fn litellm(text: &str) -> Result<Choice, String> {
    Choice::read(text).ok_or_else(|| "name one, or leave it out".to_owned())
}
