//! All integration tests, in one crate so that there is one link.

mod clients;
mod discovery;
mod docs;
mod editor_doors;
mod helix;
mod model_rules;
mod proxy_lifecycle;
mod recorded_answers;
mod recorded_models;
mod requests;
mod support;
mod support_works;
mod vectors_faults;
mod vectors_models;
mod vectors_requests;
mod vscode;
mod workspace;
