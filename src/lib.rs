//! x
pub mod transport;
pub mod litellm;
