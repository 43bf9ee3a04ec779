//! The wire of litellm-ls: every `provider/*` and `proxy/*` method with its parameters, results and errors.
//!
//! The doc comments here are the specification: `schema.json`, the TypeScript and LuaCATS types and the
//! reference part of `PROTOCOL.md` are generated from them.
//!
//! Conventions: fields are camelCase and enums are strings. A field that is absent means "not known" or "does
//! not apply". `null` is sent in one place only: in `provider/configure` params it means "back to the default".
//! Prices are USD per 1,000,000 tokens and costs are USD, where `0` means free and absent means unknown.
//! Durations end in `Ms`; instants are RFC 3339 in UTC.

mod budget;
mod check_file;
mod complete;
mod configure;
mod count_tokens;
mod discover;
mod edit;
mod error;
mod features;
mod fit;
mod listed;
mod local_proxy;
mod mark_model;
mod methods;
mod model;
mod money;
mod one_of;
mod profiles;
mod progress;
mod prompts;
mod status;
mod summary;
mod usage;
mod whole;

pub use budget::*;
pub use check_file::*;
pub use complete::*;
pub use configure::*;
pub use count_tokens::*;
pub use discover::*;
pub use edit::*;
pub use error::*;
pub use features::*;
pub use fit::*;
pub use listed::*;
pub use local_proxy::*;
pub use mark_model::*;
pub use methods::*;
pub use model::*;
pub use profiles::*;
pub use progress::*;
pub use prompts::*;
pub use status::*;
pub use summary::*;
pub use usage::*;
pub use whole::*;
