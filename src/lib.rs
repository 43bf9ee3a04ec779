//! Connects any editor to a LiteLLM proxy.

pub mod litellm;
pub mod provider;
