//! What a model does for a text: which part of it is sent, what is asked, and what becomes of the answer.
//!
//! It knows texts and byte offsets, and neither editors nor proxies.

mod answer;
#[cfg(test)]
mod answers;
mod begins;
mod beside;
mod beside_fence;
mod blocks;
mod brackets;
#[cfg(test)]
mod cases;
mod closers;
mod code;
mod comments;
mod commit;
mod context;
mod diffs;
mod dress;
mod ends;
mod extent;
mod fences;
mod fit;
mod indent;
pub mod inline;
mod json;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod landing;
mod language;
mod left_out;
mod levels;
mod line_ends;
mod line_formats;
mod lines;
mod marked;
mod new_part;
mod open;
mod overlap;
mod parts;
mod place;
#[cfg(test)]
mod placing;
mod prose;
mod question;
mod refusal;
mod repeats;
mod seam;
mod secret_names;
mod statements;
mod structure;
mod surroundings;
mod tags;
mod task;
mod template;
mod texts;
mod thoughts;
mod values;
mod verdict;
mod words;

pub use code::code_alone;
pub use context::Around;
pub use diffs::files_told;
pub use fences::Fence;
pub use fit::{Answer, Fit, fit, so_far, why_cut_off};
pub use line_ends::{same_text, with_lf};
pub use place::Place;
pub use question::{file_name, told_problems};
pub use refusal::is_told as is_refusal;
pub use secret_names::{is_cleared, secret_pattern};
pub use task::{Job, JobKind, Outcome, Subject, TASKS, task_row};
pub use thoughts::without_thoughts;
