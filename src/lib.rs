//! One server that connects any editor to a LiteLLM proxy.

pub mod litellm;
pub mod provider;
