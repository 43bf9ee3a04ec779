//! All integration tests, in one crate so that there is one link.

#![allow(clippy::unwrap_used, reason = "what a test does not expect fails it")]

mod answers;
#[cfg(target_os = "linux")]
mod at_rest;
mod book;
mod borders;
mod budgets;
mod cancel;
mod carried;
#[cfg(unix)]
mod check_deep;
mod chinese;
mod cli;
mod cli_complete;
mod cli_screens;
#[cfg(target_os = "linux")]
mod cli_unwritten;
mod client_libraries;
mod clients;
mod closed_schema;
mod commands;
mod completion;
#[cfg(unix)]
mod config_proof;
mod config_yaml;
mod config_yaml_editor;
mod config_yaml_edits;
mod config_yaml_fixes;
mod config_yaml_hostile;
mod config_yaml_names;
mod configure;
mod conformance;
mod count_tokens;
mod coverage;
#[cfg(target_os = "linux")]
mod descriptors;
mod disclosure;
mod discovery;
mod dispatch;
mod docs;
mod editor_doors;
mod edits;
#[cfg(target_os = "linux")]
mod emacs;
#[cfg(unix)]
mod ending;
mod fallbacks;
mod fault_matrix;
mod faults;
#[cfg(target_os = "linux")]
mod first_answer;
mod framing;
mod fuzz;
mod generators;
mod headers;
#[cfg(target_os = "linux")]
mod helix;
#[cfg(unix)]
mod hidden_input;
mod hooks;
mod hostile;
mod init;
mod jetbrains;
mod keys;
mod language;
mod lenient;
mod limits;
mod made_once;
mod malformed;
mod manual;
mod many;
mod model_rules;
#[cfg(unix)]
mod neovim;
mod numbers;
mod order;
mod own_budgets;
mod paging;
mod plugin_texts;
mod prose;
mod proxy_lifecycle;
mod proxy_methods;
mod proxy_options;
mod proxy_port;
mod proxy_told;
mod real_session;
mod recorded_answers;
mod recorded_models;
mod renewal;
mod requests;
mod retries;
mod secrets;
#[cfg(unix)]
mod self_check;
mod settings;
mod settings_kill;
#[cfg(unix)]
mod shared;
#[cfg(target_os = "linux")]
mod shared_editors;
mod status;
mod stdio;
#[cfg(unix)]
mod streams;
mod support;
mod support_works;
mod tidy;
mod transcripts;
mod transport_options;
mod usage;
mod vectors_faults;
mod vectors_models;
mod vectors_requests;
mod vendor_errors;
mod versions;
#[cfg(target_os = "linux")]
mod vscode;
mod vscode_settings;
mod workspace;
