//! `litellm-ls.useModel`: chooses the model that requests use which name none.

use std::time::Duration;

use litellm_ls_protocol::{ListModelsParams, ListModelsResult, Model};
use serde_json::{Value, json};
use tower_lsp::lsp_types::MessageType;

use super::Shown;
use crate::{
    plain,
    provider::{Error, Freshness, Result, catalog::figures},
    server::Peer,
};

/// How many models fit into a picker of buttons.
const BUTTONS: usize = 20;
/// Widest button, in columns.
const WIDTH: usize = 120;
/// How long a user may think.
const CHOICE_LIMIT: Duration = Duration::from_secs(600);

/// Uses the model that the argument names, or asks for one.
pub(super) async fn run(peer: &Peer, argument: Option<Value>) -> Result<()> {
    match argument {
        Some(Value::String(model)) => choose(peer, &model).await,
        Some(Value::Object(mut object)) if object.contains_key("model") => match object.remove("model") {
            Some(Value::String(model)) => choose(peer, &model).await,
            _ => Err(no_name()),
        },
        None | Some(Value::Null | Value::Object(_)) => {
            let asking = peer.clone();
            // A user thinks longer than an editor waits for a command.
            peer.work_behind(super::USE_MODEL, async move { offer(&asking).await });
            Ok(())
        }
        Some(_) => Err(no_name()),
    }
}

fn no_name() -> Error {
    Error::invalid_params("this names no model", "give its id as a text, or nothing to choose from a list")
}

/// Uses a model from now on, in the settings file too where that decides.
async fn choose(peer: &Peer, model: &str) -> Result<()> {
    let write = peer.settings().use_model(model)?.write;
    let mut lasts = false;
    if let Some(write) = write {
        let profile = peer.save(write).await?;
        lasts = profile.is_some_and(|profile| profile.is_filed_model(model));
    }
    peer.tell(&format!("LiteLLM: using {model}{}", if lasts { "" } else { " in this session" }));
    Ok(())
}

/// Offers the models: as buttons where the editor has them, else as a table to read.
async fn offer(peer: &Peer) -> Result<()> {
    let profile = peer.profile(None).await?;
    let listed = peer.models(&profile, Freshness::Cached).await?;
    let list = listed.result(&profile, &ListModelsParams::default());
    let choices = choices(&list);
    let actions: Vec<Value> = choices.iter().map(|(title, _)| json!({"title": title})).collect();
    let question = json!({"type": MessageType::INFO, "message": "LiteLLM: which model?", "actions": actions});
    match peer.outbox.ask("window/showMessageRequest", question, CHOICE_LIMIT).await {
        Some(answer) => match choices.iter().find(|(title, _)| answer["title"] == title.as_str()) {
            Some((_, model)) => choose(peer, model).await,
            None => Ok(()),
        },
        None => {
            list.shown().show(peer).await;
            Ok(())
        }
    }
}

/// The first models with what people choose by.
fn choices(list: &ListModelsResult) -> Vec<(String, String)> {
    let models = in_use_first(list).into_iter().take(BUTTONS);
    let line = |model: &Model| plain::label(&figures::Told::of(model).in_one_line(&model.id), WIDTH);
    models.map(|model| (line(model), model.id.clone())).collect()
}

/// The models as a menu has them: the one in use before all.
pub(in crate::server) fn in_use_first(list: &ListModelsResult) -> Vec<&Model> {
    let mut models: Vec<&Model> = list.models.iter().map(|model| &**model).collect();
    models.sort_by_key(|model| list.default_model.as_ref() != Some(&model.id));
    models
}
