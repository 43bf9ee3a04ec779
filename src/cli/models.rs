//! `litellm-ls models`.

use std::process::ExitCode;

use clap::Args;
use litellm_ls_protocol::ListModelsParams;

use super::{
    output::{note, say, say_json},
    table,
    target::Target,
};
use crate::{environment::Environment, provider::Freshness, store::Marks};

#[derive(Debug, Args)]
pub(super) struct ModelsArgs {
    /// Only models whose name or backend contains this text.
    #[arg(value_name = "TEXT")]
    query: Option<String>,
    /// The same, for those who look for an option.
    #[arg(long, value_name = "TEXT", conflicts_with = "query")]
    search: Option<String>,
    /// Only models of this provider, such as anthropic.
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Print the list as JSON, as `provider/listModels` returns it.
    #[arg(long)]
    json: bool,
    /// List hidden models too: wildcards, blocked ones, and models that don't chat.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn run(args: &ModelsArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let marks = Marks::open(environment.marks());
    let (provider, profile) = args.target.open(environment).await?;
    let params = ListModelsParams {
        query: args.query.clone().or_else(|| args.search.clone()),
        provider: args.provider.clone(),
        include_hidden: args.all,
        ..ListModelsParams::default()
    };
    let marks = marks.of(&profile.name);
    let result = provider.models(&profile, Freshness::Now).await?.result(&profile, &params, &marks);
    if args.json {
        say_json(&result)?;
    } else {
        say(&table::models(&result))?;
    }
    for warning in &result.warnings {
        note(&format!("warning: {warning}"));
    }
    Ok(ExitCode::SUCCESS)
}
