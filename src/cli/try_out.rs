//! `litellm-ls try`: the whole main job before a newcomer's eyes, with this very server driven as an editor would.

mod editor;

use std::process::ExitCode;

use litellm_ls_protocol::{
    Complete, CompleteParams, Configure, ConfigureResult, ListModels, ListModelsParams, ListModelsResult,
    ProgressToken, Request, State,
};
use serde_json::{Map, Value, json};

use super::{
    complete::{Printer, summary},
    output::say,
    proxy, status, table,
};
use crate::{
    environment::Environment,
    provider::{Provider, Settings},
    proxy::{Home, Source},
};
use editor::Editor;

/// Most models shown; the rest is counted.
const SHOWN: usize = 12;
const PROMPT: &str = "Say hello, and in one sentence what you could do in a code editor.";

pub(super) async fn run(environment: Environment) -> anyhow::Result<ExitCode> {
    say("litellm-ls connects editors to a LiteLLM proxy. First, is there one?\n\n")?;
    let settings = match configured(&environment).await {
        Some(base_url) => {
            say(&format!("A proxy answers at {base_url}: it is used.\n"))?;
            Map::new()
        }
        None => demo(&environment).await?,
    };

    say("\nNow an editor would start this server and speak LSP with it on its stdin and stdout.\n")?;
    let mut editor = Editor::start().await?;
    let version = editor.initialize().await?;
    say(&format!("  initialize              -> litellm-ls {version}\n"))?;

    let configured: ConfigureResult = editor.request::<Configure>(&Value::Object(settings)).await?;
    say(&format!("  {}      -> chats go to {}\n\n", Configure::METHOD, configured.urls.chat))?;
    if let Some(checked) = &configured.status {
        say(&status::text(checked))?;
    }

    let mut list: ListModelsResult =
        editor.request::<ListModels>(&json!(ListModelsParams::default())).await?;
    say(&format!("\n  {}     -> {} models\n\n", ListModels::METHOD, list.models.len()))?;
    let more = list.models.len().saturating_sub(SHOWN);
    list.models.truncate(SHOWN);
    say(&table::models(&list))?;
    if more > 0 {
        say(&format!("... and {more} more: see them all with `litellm-ls models`.\n"))?;
    }

    say(&format!("\n  {}       \"{PROMPT}\"\n\n", Complete::METHOD))?;
    let params = CompleteParams {
        prompt: Some(PROMPT.into()),
        partial_result_token: Some(ProgressToken::String("answer".into())),
        ..CompleteParams::default()
    };
    let mut printer = Printer::default();
    let result = editor.stream::<Complete>(&json!(params), |delta| printer.print(&delta)).await?;
    printer.end()?;
    say(&format!("\n{}\n", summary(&result)))?;
    editor.exit().await?;

    say("\nThat was all of it. Next:\n\
         \x20 litellm-ls models                  every model with its limits and prices\n\
         \x20 litellm-ls complete \"...\"          ask from the terminal\n\
         \x20 litellm-ls proxy --help            your own proxy, with real models\n\
         \x20 litellm-ls --help                  how to point it at a proxy that exists\n")?;
    Ok(ExitCode::SUCCESS)
}

/// The base URL of the configured proxy, where one answers and takes the key.
async fn configured(environment: &Environment) -> Option<String> {
    let profile = Settings::new(environment.clone()).profile(None).ok()?;
    let status = Provider::default().status(&profile).await;
    let usable =
        matches!(status.state, State::Ready | State::Degraded) && status.model_count.unwrap_or(0) > 0;
    usable.then_some(status.base_url)
}

/// A proxy of our own with demo models, and the settings that lead to it.
async fn demo(environment: &Environment) -> anyhow::Result<Map<String, Value>> {
    say(
        "None that can be used answers, so one is started on this machine, with demo models that need no key.\n\
         (The first time, LiteLLM is installed for it: about 150 MB, one to three minutes.)\n\n",
    )?;
    let home = Home::open(Home::default_dir(|name| environment.variable_os(name))?);
    let python = environment.variable_os("LITELLM_PYTHON").map(Into::into);
    let started = proxy::start(&home, Source::Demo, python).await?;
    say(&proxy::started_text(&started, &home))?;
    let mut settings = Map::from_iter([("baseUrl".to_owned(), started.record.base_url.into())]);
    settings.extend(started.record.api_key.map(|reference| ("apiKey".to_owned(), reference.into())));
    Ok(settings)
}
