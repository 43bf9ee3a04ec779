//! `litellm-ls schema`: the JSON Schema of LiteLLM's `config.yaml`.

use std::process::ExitCode;

use clap::Args;

use super::output::say_json;
use crate::config_yaml::schema;

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {}

pub(super) fn run(_: &SchemaArgs) -> anyhow::Result<ExitCode> {
    say_json(&schema())?;
    Ok(ExitCode::SUCCESS)
}
