//! `litellm-ls doctor`.

use std::{fmt::Write, process::ExitCode};

use clap::Args;
use litellm_ls_protocol::{EffectiveSettings, StatusResult};

use super::{output::say, status, target::Target};
use crate::{
    environment::Environment,
    provider::{Settings, complaint},
};

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

/// Exit codes: those of `litellm-ls status`.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Print a report for an issue, in Markdown: without keys, and without the names of hosts other than this machine.
    #[arg(long)]
    report: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn run(args: &DoctorArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let status = args.target.status(environment.clone()).await?;
    if args.report {
        let effective =
            args.target.named(environment.clone()).ok().map(|(_, profile)| profile.settings.clone());
        say(&report(&status, effective, &environment)?)?;
    } else {
        say(&status::text(&status))?;
        say("For an issue: litellm-ls doctor --report\n")?;
    }
    Ok(status::exit_code(status.state))
}

fn report(
    status: &StatusResult,
    mut effective: Option<EffectiveSettings>,
    environment: &Environment,
) -> anyhow::Result<String> {
    if let Some(effective) = &mut effective {
        effective.api_key.hint = None;
    }
    let settings = Settings::new(environment.clone());
    let mut text = String::new();
    writeln!(text, "## litellm-ls {}\n", env!("CARGO_PKG_VERSION"))?;
    writeln!(text, "- system: {} {}", std::env::consts::OS, std::env::consts::ARCH)?;
    writeln!(text, "- LiteLLM: {}", status.version.as_deref().unwrap_or("does not say"))?;
    let list = settings.list();
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
        "\n```\n{}```\n\n```json\n{}\n```",
        status::text(status),
        serde_json::to_string_pretty(&effective)?
    )?;
    Ok(effective
        .iter()
        .flat_map(hosts_of)
        .collect::<Vec<_>>()
        .iter()
        .fold(text, |text, host| text.replace(host.as_str(), "HOST")))
}

/// The names of other machines in settings, which may be nobody else's business.
fn hosts_of(settings: &EffectiveSettings) -> Vec<String> {
    let fallbacks = settings.fallback_urls.iter().flat_map(|urls| &urls.value);
    let proxy = settings.proxy_url.iter().map(|url| &url.value);
    let urls = std::iter::once(&settings.base_url.value).chain(fallbacks).chain(proxy);
    let hosts = urls.filter_map(|url| url::Url::parse(url).ok()?.host_str().map(str::to_owned));
    let here = |host: &String| ["localhost", "127.0.0.1", "[::1]"].contains(&host.as_str());
    hosts.filter(|host| !here(host)).collect()
}
