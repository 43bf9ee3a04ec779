//! Talks to a proxy over HTTP, and is the only room that does.

pub mod auth;
pub mod base_url;
pub mod rows;
