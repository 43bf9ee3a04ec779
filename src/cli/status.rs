//! `litellm-ls status`.

use std::{fmt::Write, process::ExitCode};

use clap::Args;
use litellm_ls_protocol::{Outcome, State, StatusResult};

use super::{
    output::{say, say_json, shown},
    table::word,
    target::Target,
};
use crate::environment::Environment;

/// Exit codes: 0 ready, 1 not usable, 3 usable with warnings, 4 unreachable, 5 key refused.
#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// Print the status as JSON, as `provider/status` returns it.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn run(args: &StatusArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let status = args.target.status(environment).await?;
    if args.json {
        say_json(&status)?;
    } else {
        say(&text(&status))?;
    }
    Ok(exit_code(status.state))
}

/// What a program is told by.
pub(super) fn exit_code(state: State) -> ExitCode {
    ExitCode::from(match state {
        State::Ready => 0,
        State::Failed => 1,
        State::Degraded => 3,
        State::Unreachable => 4,
        State::Unauthorized => 5,
    })
}

/// The status for people, a line a check.
pub(super) fn text(status: &StatusResult) -> String {
    let place = if status.base_url.is_empty() { &status.profile } else { &status.base_url };
    let mut text = format!("{} is {}\n", shown(place), word(status.state));
    for check in &status.checks {
        let mark = match check.outcome {
            Outcome::Ok => "ok     ",
            Outcome::Warning => "warning",
            Outcome::Failed => "failed ",
            Outcome::Skipped => "skipped",
        };
        let _ = writeln!(text, "  {mark}  {:<13} {}", word(check.name), shown(&check.message));
        if let Some(remedy) = &check.remedy {
            let _ = writeln!(text, "{:25}what to do: {}", "", shown(remedy));
        }
    }
    if let Some(version) = &status.version {
        let _ = writeln!(text, "LiteLLM {}", shown(version));
    }
    if let Some(fetched_at) = &status.models_fetched_at {
        let _ = writeln!(text, "list of models as of {fetched_at}");
    }
    text
}
