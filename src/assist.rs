//! What a model does for a text: which part of it is sent, what is asked, and what becomes of the answer.
//!
//! It knows texts and byte offsets, and neither editors nor proxies.

mod answer;
mod context;
pub mod inline;
mod task;

pub use context::Around;
pub use task::{Subject, Task};
