//! `litellm-ls count`.

use std::process::ExitCode;

use clap::Args;
use litellm_ls_protocol::CountTokensParams;

use super::{
    complete::prompt,
    completions,
    consent::Consent,
    output::{note, say, say_json, shown, warn},
    target::Target,
};
use crate::{environment::Environment, figures::tokens};

#[derive(Debug, Args)]
pub(super) struct CountArgs {
    /// What to count; words need no quotes. What is piped in counts too.
    prompt: Vec<String>,
    /// The model [default: LITELLM_MODEL, else the proxy's default model].
    #[arg(short, long, value_parser = super::name, add = completions::models())]
    model: Option<String>,
    /// Instructions for the model.
    #[arg(short, long)]
    system: Option<String>,
    /// Send texts too that may hold secrets, such as diffs of `.env`: the proxy counts them.
    #[arg(long)]
    secret_files: bool,
    /// Print the result as JSON, as `provider/countTokens` returns it.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn run(args: CountArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let (provider, profile) = args.target.open(environment).await?;
    let prompt = prompt(&args.prompt, false)?;
    let consent = Consent::of(&profile, args.secret_files);
    for words in std::iter::once(&prompt).chain(&args.system) {
        consent.to_words(words)?;
    }
    let params = CountTokensParams {
        prompt: Some(prompt),
        model: args.model,
        system: args.system,
        ..CountTokensParams::default()
    };
    let counted = provider.count_tokens(&profile, params).await?;
    if args.json {
        say_json(&counted)?;
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("{}\n", counted.tokens))?;
    if let Some(warning) = &counted.warning {
        warn(&shown(warning));
    }
    let model = shown(&counted.model);
    let window = counted.context_window.map(|window| tokens(i64::try_from(window).unwrap_or(i64::MAX)));
    note(&match window {
        Some(window) => format!("[tokens for {model}, which takes {window}]"),
        None => format!("[tokens for {model}]"),
    });
    Ok(ExitCode::SUCCESS)
}
