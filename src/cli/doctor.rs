//! `litellm-ls doctor`.

mod private;

use std::{fmt::Write, process::ExitCode};

use clap::Args;
use litellm_ls_protocol::{EffectiveSettings, StatusResult};

use super::{
    output::{say, say_text, say_whole},
    status,
    target::Target,
};
use crate::{
    environment::Environment,
    provider::{Settings, complaint},
};
use private::Private;

/// The variables that change what happens; a report names those that are set.
const VARIABLES: [&str; 12] = [
    "LITELLM_BASE_URL",
    "LITELLM_API_KEY",
    "LITELLM_MODEL",
    "LITELLM_LS_SETTINGS",
    "LITELLM_LS_LOG",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "https_proxy",
    "http_proxy",
    "no_proxy",
];

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Print a report for an issue, in Markdown: without keys, without the names and paths of hosts other than this
    /// machine, and without the names of models, profiles and files of yours.
    #[arg(long)]
    report: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn run(args: &DoctorArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let (status, effective) = args.target.status(environment.clone()).await?;
    if args.report {
        say_whole(&report(&status, effective, &environment)?)?;
    } else {
        say_text(&status::text(&status, effective.as_ref()))?;
        say_text(&status::checks(&status))?;
        say("For an issue: litellm-ls doctor --report\n")?;
    }
    Ok(status::exit_code(status.state))
}

fn report(
    status: &StatusResult,
    mut effective: Option<EffectiveSettings>,
    environment: &Environment,
) -> anyhow::Result<String> {
    let settings = Settings::new(environment.clone());
    let list = settings.list();
    let private = Private::of(status, effective.as_ref(), &list, environment);
    if let Some(effective) = &mut effective {
        effective.api_key.hint = None;
        // Which models somebody names, and how, is nobody else's business.
        effective.model_overrides = None;
    }
    let mut text = String::new();
    writeln!(text, "## litellm-ls {}\n", env!("CARGO_PKG_VERSION"))?;
    writeln!(text, "- system: {} {}", std::env::consts::OS, std::env::consts::ARCH)?;
    writeln!(text, "- LiteLLM: {}", status.version.as_deref().unwrap_or("does not say"))?;
    let filed = list.profiles.iter().filter(|profile| profile.persisted).count();
    writeln!(text, "- profiles: {}, {filed} of them in the settings file", list.profiles.len())?;
    let set: Vec<&str> =
        VARIABLES.into_iter().filter(|name| environment.variable_os(name).is_some()).collect();
    writeln!(
        text,
        "- variables that are set: {}",
        if set.is_empty() { "none".into() } else { set.join(", ") }
    )?;
    for problem in settings.problems() {
        writeln!(text, "- wrong: {}", complaint(&problem))?;
    }
    writeln!(
        text,
        "\n```\n{}{}```\n\n```json\n{}\n```",
        status::text(status, effective.as_ref()),
        status::checks(status),
        serde_json::to_string_pretty(&effective)?
    )?;
    Ok(private.taken_out_of(text))
}
