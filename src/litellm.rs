//! Talks to a LiteLLM proxy.

pub mod fault;
pub mod usage;
