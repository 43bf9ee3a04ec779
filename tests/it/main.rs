//! All integration tests, in one crate so that there is one link.

mod cli;
mod clients;
mod configure;
mod coverage;
mod discovery;
mod docs;
mod editor_doors;
mod helix;
mod model_rules;
mod proxy_lifecycle;
mod real_session;
mod recorded_answers;
mod recorded_models;
mod requests;
mod secrets;
mod support;
mod support_works;
mod tidy;
mod transcripts;
mod vectors_faults;
mod vectors_models;
mod vectors_requests;
mod vscode;
