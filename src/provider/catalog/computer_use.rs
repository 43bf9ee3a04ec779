//! Models known to do well at computer use, by the end of `litellm_params.model` (S37).

/// Ids that Roo Code matched for OpenRouter, up to its last revision with such a list.
const OPENROUTER: [&str; 9] = [
    "anthropic/claude-3.5-sonnet",
    "anthropic/claude-3.5-sonnet:beta",
    "anthropic/claude-3.7-sonnet",
    "anthropic/claude-3.7-sonnet:beta",
    "anthropic/claude-3.7-sonnet:thinking",
    "anthropic/claude-sonnet-4",
    "anthropic/claude-opus-4",
    "anthropic/claude-opus-4.1",
    "anthropic/claude-sonnet-4.5",
];

/// Ids that Roo Code matched for LiteLLM, up to its last revision with such a list.
const LITELLM: [&str; 35] = [
    "claude-3-5-sonnet-latest",
    "claude-3-5-sonnet-20241022",
    "claude-3-7-sonnet-latest",
    "claude-3-7-sonnet-20250219",
    "claude-sonnet-4-20250514",
    "claude-opus-4-20250514",
    "claude-opus-4-1-20250805",
    "vertex_ai/claude-3-5-sonnet",
    "vertex_ai/claude-3-5-sonnet-v2",
    "vertex_ai/claude-3-5-sonnet-v2@20241022",
    "vertex_ai/claude-3-7-sonnet@20250219",
    "vertex_ai/claude-sonnet-4@20250514",
    "vertex_ai/claude-sonnet-4-5@20250929",
    "vertex_ai/claude-opus-4@20250514",
    "vertex_ai/claude-opus-4-1@20250805",
    "openrouter/anthropic/claude-3.5-sonnet",
    "openrouter/anthropic/claude-3.5-sonnet:beta",
    "openrouter/anthropic/claude-3.7-sonnet",
    "openrouter/anthropic/claude-3.7-sonnet:beta",
    "snowflake/claude-3-5-sonnet",
    "anthropic.claude-3-5-sonnet-20241022-v2:0",
    "anthropic.claude-3-7-sonnet-20250219-v1:0",
    "anthropic.claude-sonnet-4-20250514-v1:0",
    "anthropic.claude-opus-4-20250514-v1:0",
    "anthropic.claude-opus-4-1-20250805-v1:0",
    "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
    "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
    "us.anthropic.claude-sonnet-4-20250514-v1:0",
    "us.anthropic.claude-opus-4-20250514-v1:0",
    "us.anthropic.claude-opus-4-1-20250805-v1:0",
    "eu.anthropic.claude-3-5-sonnet-20241022-v2:0",
    "eu.anthropic.claude-3-7-sonnet-20250219-v1:0",
    "eu.anthropic.claude-sonnet-4-20250514-v1:0",
    "eu.anthropic.claude-opus-4-20250514-v1:0",
    "eu.anthropic.claude-opus-4-1-20250805-v1:0",
];

/// Whether either list knows the model.
pub(super) fn is_known(backend: &str) -> bool {
    is_known_to_roo(backend) || OPENROUTER.iter().any(|id| backend.ends_with(id))
}

/// Whether Roo Code's list for LiteLLM knows the model.
pub(super) fn is_known_to_roo(backend: &str) -> bool {
    LITELLM.iter().any(|id| backend.ends_with(id))
}
