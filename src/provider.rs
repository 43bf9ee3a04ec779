//! What a peer drives: models, requests, answers and what they cost.

pub mod cost;
pub mod request;
