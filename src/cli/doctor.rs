//! `litellm-ls doctor`.

mod editors;
mod finding;
mod machine;
mod places;
mod private;
mod programs;
mod written;

use std::{fmt::Write, process::ExitCode};

use clap::Args;
use litellm_ls_protocol::{CheckName, EffectiveSettings, Outcome, State, StatusResult};
use serde::Serialize;

use super::{
    output::{UNUSABLE, USABLE, say, say_json, say_text, say_whole},
    status,
    target::Target,
};
use crate::{
    environment::Environment,
    provider::{Settings, complaint},
};
use finding::Finding;
use places::Places;
use private::Private;
use programs::{Programs, VERSION};

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
    /// Print JSON: `version`, `findings` (each with `name`, `outcome`, `message`, and `remedy`, `program` and `version` where
    /// there is one), and `status` as `provider/status` returns it.
    #[arg(long, conflicts_with = "report")]
    pub(super) json: bool,
    #[command(flatten)]
    target: Target,
}

/// What programs are told.
#[derive(Serialize)]
struct Told<'a> {
    version: &'static str,
    findings: &'a [Finding],
    status: &'a StatusResult,
}

pub(super) async fn run(args: &DoctorArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let (status, effective) = args.target.status(environment.clone()).await?;
    let findings = findings(&environment).await;
    if args.json {
        say_json(&Told { version: VERSION, findings: &findings, status: &status })?;
    } else if args.report {
        say_whole(&report(&status, effective, &findings, &environment)?)?;
    } else {
        say_text(&status::text(&status, effective.as_ref()))?;
        say_text(&status::checks(&status))?;
        say_text(&finding::text(&findings))?;
        say("For an issue: litellm-ls doctor --report\n")?;
    }
    Ok(exit_code(status.state, &findings))
}

/// What does not fit on this machine, without asking the proxy.
async fn findings(environment: &Environment) -> Vec<Finding> {
    let settings = Settings::new(environment.clone());
    let mut programs = Programs::of(environment);
    let mut findings = Vec::from(machine::program(&mut programs).await);
    findings.push(machine::settings(environment, &settings));
    findings.push(machine::keyring(&settings).await);
    match Places::of(environment) {
        Some(places) => findings.extend(editors::findings(&places, &mut programs).await),
        None => findings.push(Finding::new(
            "editors",
            "editors",
            Outcome::Skipped,
            "not looked for: HOME is not set to a whole path".to_owned(),
        )),
    }
    findings
}

/// What a program is told by: the proxy first, without which nothing works, then the worst of the machine.
fn exit_code(state: State, findings: &[Finding]) -> ExitCode {
    let has = |outcome| findings.iter().any(|finding| finding.outcome == outcome);
    match state {
        State::Ready | State::Degraded | State::Unknown if has(Outcome::Failed) => ExitCode::from(UNUSABLE),
        State::Ready if has(Outcome::Warning) => ExitCode::from(USABLE),
        state => status::exit_code(state),
    }
}

fn report(
    status: &StatusResult,
    mut effective: Option<EffectiveSettings>,
    findings: &[Finding],
    environment: &Environment,
) -> anyhow::Result<String> {
    let mut status = status.clone();
    for budget in status.checks.iter_mut().filter(|check| check.name == CheckName::Budget) {
        // Of what team, and how much, is nobody else's business.
        budget.message = "left out".to_owned();
    }
    let status = &status;
    let settings = Settings::new(environment.clone());
    let list = settings.list();
    let private = Private::of(status, effective.as_ref(), &list, environment);
    if let Some(effective) = &mut effective {
        effective.api_key.hint = None;
        // Which models somebody names, and how, is nobody else's business.
        effective.model_overrides = None;
    }
    let mut text = String::new();
    writeln!(text, "## litellm-ls {VERSION}\n")?;
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
        "\n```\n{}{}{}```\n\n```json\n{}\n```",
        status::text(status, effective.as_ref()),
        status::checks(status),
        finding::text(findings),
        serde_json::to_string_pretty(&effective)?
    )?;
    Ok(private.taken_out_of(text))
}
