//! LiteLLM's `config.yaml` as a language: texts in, findings out.
//!
//! `detect` says which files are meant; a file, what it includes and what surrounds it (environment, other files,
//! today's date) become a [`Project`]; [`check`] says what LiteLLM will really do with it. Nothing here reads the
//! process's environment, a clock or a disk: the caller gives what it may see.

mod actions;
mod begin;
mod brackets;
mod checks;
mod codes;
mod config;
mod cost;
mod credential_files;
mod detect;
mod dotenv;
mod edits;
mod files;
mod finding;
mod hung;
mod lines;
mod links;
mod loaded;
mod newest;
mod nodes;
mod own_key;
mod path;
mod place;
mod plaintext;
mod project;
mod providers;
mod quotes;
mod release;
mod rename;
mod resolver;
mod safe;
mod schema;
mod served;
mod show;
mod snippets;
mod structure;
mod suggest;
mod symbols;
mod tables;
mod value;
mod variables;
mod write;
mod yaml;

pub use actions::{Action, actions};
pub use begin::{NewModel, Offer, Vendor, begin, offers, routed, vendor, vendors};
pub use checks::{Mends, check, check_with};
pub use codes::Code;
pub use credential_files::{CredentialFile, credential_files, credential_files_at};
pub use detect::{has_name_of_config, is_config, may_be_config};
pub use dotenv::{Assignment, DOTENV, DotEnv, is_variable};
pub use edits::{Edit, Edits};
pub use files::{Disk, Files, LONGEST, Stamp, Surroundings, has_ending_of_yaml};
pub(crate) use finding::MOST_SHOWN;
pub use finding::{Finding, Fix, Related, Severity, Tag};
pub use lines::Lines;
pub use links::{Link, Target, links};
pub use loaded::{Said, loaded};
pub use own_key::{deployments, master_key};
pub(crate) use place::reference;
pub use plaintext::{has_plaintext_secret, sets_secret};
pub use project::{Project, Source};
pub use release::Release;
pub use rename::rename;
pub use schema::schema;
pub use served::{Drift, Left, Testable, blamed, drift, testable};
pub use show::{Entry, hints, hover, outline};
pub use structure::{Fold, folds, selections};
pub use suggest::{Item, ItemKind, suggest};
pub use symbols::{Places, Symbol, places, symbols, variable_at};
pub use variables::{Variables, beside};
pub(crate) use yaml::{MOST as MOST_READ, is_whole as is_yaml};
