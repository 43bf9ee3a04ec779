//! One file a method of ours, or of LSP.

mod check_file;
mod code_action;
mod complete;
mod completion;
mod configure;
mod count_tokens;
mod discover;
mod edit;
mod fit;
mod inline_completion;
mod list_models;
mod list_profiles;
mod list_prompts;
mod mark_model;
mod menu;
mod model_actions;
mod remove_profile;
mod status;
mod usage;

pub(super) use check_file::check_file;
pub(super) use code_action::{CodeActionParams, code_action};
pub(super) use complete::complete;
pub(super) use completion::{CompletionParams, completion};
pub(super) use configure::configure;
pub(super) use count_tokens::count_tokens;
pub(super) use discover::{discover, discovered};
pub(super) use edit::edit;
pub(super) use fit::fit;
pub(super) use inline_completion::{InlineCompletionParams, METHOD as INLINE_COMPLETION, inline_completion};
pub(super) use list_models::list_models;
pub(super) use list_profiles::list_profiles;
pub(super) use list_prompts::list_prompts;
pub(super) use mark_model::mark_model;
pub(super) use remove_profile::remove_profile;
pub(super) use status::status;
pub(super) use usage::usage;
