//! All integration tests, in one crate so that there is one link.

mod clients;
mod completion;
mod count_tokens;
mod discovery;
mod docs;
mod editor_doors;
mod fault_matrix;
mod helix;
mod model_rules;
mod proxy_lifecycle;
mod recorded_answers;
mod recorded_models;
mod requests;
mod retries;
mod support;
mod support_works;
mod usage;
mod vectors_faults;
mod vectors_models;
mod vectors_requests;
mod vscode;
