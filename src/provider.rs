//! What a peer drives: models, answers and costs of one profile.

pub mod catalog;
