//! `litellm-ls try`: the whole main job before a newcomer's eyes, with this very server driven as an editor would.

mod editor;

use std::process::ExitCode;

use clap::Args;
use litellm_ls_protocol::{
    Complete, CompleteParams, Configure, ConfigureResult, ListModels, ListModelsParams, ListModelsResult,
    ProgressToken, State, StatusResult,
};
use serde_json::{Map, Value, json};

use super::{
    complete::{Printer, summary},
    completions::profiles,
    models,
    output::{Screen, Text, Tone, say, say_text, shown},
    proxy, status,
};
use crate::{
    environment::Environment,
    provider::{Provider, Settings},
    proxy::{Home, INSTALL_SIZE, Source},
    supervise::Plan,
};
use editor::Editor;

/// Most models shown; the rest is counted.
const SHOWN: usize = 5;
const PROMPT: &str = "Say hello, and in one sentence what you could do in a code editor.";

/// See it all work: a proxy, its models and a streamed answer, driven as an editor would.
#[derive(Debug, Args)]
pub(super) struct TryArgs {
    /// The profile of the settings file to try, by its own settings alone; no demo proxy takes its place [default: the
    /// active one].
    #[arg(long, value_name = "NAME", value_parser = super::name, add = profiles())]
    profile: Option<String>,
}

pub(super) async fn run(args: &TryArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let environment = environment.with_profile(args.profile.as_deref());
    let profile = Settings::new(environment.clone()).profile(None);
    let checked = match (profile, &args.profile) {
        (Ok(profile), _) => Ok((Provider::default().status(&profile).await, profile)),
        (Err(error), Some(_)) => return Err(error.into()),
        (Err(error), None) => Err(error.message),
    };
    let settings = match checked {
        Ok((status, profile)) if is_usable(&status) => {
            say(&format!("A proxy answers at {}: it is used.\n", profile.settings.base_url.value))?;
            Map::new()
        }
        Ok((status, profile)) if args.profile.is_some() => {
            say_text(&status::text(&status, Some(&profile.settings)))?;
            return Ok(status::exit_code(status.state));
        }
        Ok((status, _)) => demo(&environment, &why_not(&status)).await?,
        Err(why) => demo(&environment, &why).await?,
    };
    let is_demo = !settings.is_empty();

    let mut editor = Editor::start(args.profile.as_deref()).await?;
    let version = editor.initialize().await?;
    let configured: ConfigureResult = editor.request::<Configure>(&Value::Object(settings)).await?;
    say(&format!("This is litellm-ls {version}, driven over LSP as an editor would.\n\n"))?;
    if let Some(checked) = configured.status.filter(|checked| checked.state != State::Ready) {
        say_text(&status::text(&checked, None))?;
        say("\n")?;
    }

    let mut list: ListModelsResult =
        editor.request::<ListModels>(&json!(ListModelsParams::default())).await?;
    let more = list.models.len().saturating_sub(SHOWN);
    list.models.truncate(SHOWN);
    let screen = Screen::stdout();
    say_text(&models::for_people(&list.models, list.default_model.as_deref(), false, screen.width))?;
    if more > 0 {
        say(&format!("and {more} more: litellm-ls models\n"))?;
    }

    let mut asked = Text::new(Tone::Name, "\n› ");
    asked.push(Tone::Usual, format!("{PROMPT}\n\n"));
    say_text(&asked)?;
    let params = CompleteParams {
        prompt: Some(PROMPT.into()),
        partial_result_token: Some(ProgressToken::String("answer".into())),
        ..CompleteParams::default()
    };
    let mut printer = Printer::new(false);
    let result = editor.stream::<Complete>(&json!(params), |delta| printer.print(&delta)).await?;
    printer.end()?;
    say_text(&summary(&result))?;
    editor.exit().await?;

    if is_demo && let Some(first) = first_step(&environment) {
        say(&format!(
            "\nThe demo proxy goes on, but your settings name another one: to use it, first {first}.\n"
        ))?;
    }
    let next = [
        "Next:",
        "  litellm-ls models           every model with its limits and prices",
        "  litellm-ls chat             talk with one",
        "  litellm-ls proxy --help     your own proxy, with real models",
        "  litellm-ls --help           how to point it at a proxy that exists",
    ];
    say(&format!("\n{}\n", next.join("\n")))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether a proxy answers, takes the key and lists models.
fn is_usable(status: &StatusResult) -> bool {
    matches!(status.state, State::Ready | State::Degraded) && status.model_count.unwrap_or(0) > 0
}

fn why_not(status: &StatusResult) -> String {
    status.worst().map_or("it lists no models", |check| &check.message).to_owned()
}

/// What must be done before commands use the proxy of this machine. None where they do.
fn first_step(environment: &Environment) -> Option<String> {
    let profile = Settings::new(environment.clone()).profile(None).ok()?;
    profile.passed_over().map(|(_, instead)| instead)
}

/// A proxy of our own with demo models, and the settings that lead to it.
async fn demo(environment: &Environment, why: &str) -> anyhow::Result<Map<String, Value>> {
    say(&format!(
        "None that can be used ({}), so one is started on this machine, with demo models that need no key.\n\
         (The first time, LiteLLM is installed for it: {INSTALL_SIZE}, one to three minutes.)\n\n",
        shown(why)
    ))?;
    let home = Home::open(Home::default_dir(|name| environment.variable_os(name))?);
    let python = environment.python();
    let started = proxy::start(&home, Source::Demo, &Plan::default(), python).await?;
    say(&proxy::started_text(&started, &home, environment))?;
    let mut settings = Map::from_iter([("baseUrl".to_owned(), started.record.base_url.into())]);
    settings.extend(started.record.api_key.map(|reference| ("apiKey".to_owned(), reference.into())));
    Ok(settings)
}
