//! `litellm-ls.useModel`: chooses the model that requests use which name none.

use litellm_ls_protocol::{ListModelsParams, ListModelsResult, ListOrder, Model};
use serde_json::{Map, Value};
use tower_lsp::lsp_types::MessageType;

use crate::{
    language::Language,
    plain,
    provider::{Error, Freshness, Result, catalog},
    server::{Peer, peer::Behind, runs::Work, shown::Shown},
};

/// How many models fit into a picker of buttons.
const BUTTONS: usize = 20;
/// Widest button, in columns.
const WIDTH: usize = 120;

/// Uses the model that the argument names, or asks for one.
pub(super) async fn run(peer: &Peer, argument: Option<Value>) -> Result<Option<Behind>> {
    match argument {
        Some(Value::String(model)) => named(peer, model).await,
        Some(Value::Object(mut object)) if object.contains_key("model") => match object.remove("model") {
            Some(Value::String(model)) => named(peer, model).await,
            _ => Err(no_name()),
        },
        None | Some(Value::Null | Value::Object(_)) => {
            let asking = peer.clone();
            // A user thinks longer than an editor waits for a command.
            Ok(Some(peer.work_behind(work(), async move { offer(&asking).await })))
        }
        Some(_) => Err(no_name()),
    }
}

fn no_name() -> Error {
    Error::invalid_params(
        "this names no model",
        "give the model's id as a string, or nothing to choose from a list",
    )
}

/// Uses the model of a name that was typed. One that the proxy does not list is asked about before it is saved.
async fn named(peer: &Peer, model: String) -> Result<Option<Behind>> {
    let profile = peer.settings().profile(None)?;
    let known = peer.provider.known_models(&profile);
    if known.as_ref().is_some_and(|listing| listing.may_have(&model)) {
        return choose(peer, &model).await.map(|()| None);
    }
    let is_known = known.is_some();
    if !is_known {
        // What is asked next means this model already.
        set_in_session(peer, model.as_str().into())?;
    }
    let asking = peer.clone();
    Ok(Some(peer.work_behind(work(), async move {
        let profile = asking.profile(None).await?;
        match asking.models(&profile, Freshness::Cached).await {
            Ok(listed) if !listed.listing.may_have(&model) => {
                let nearest = catalog::nearest(&listed.listing.catalog, &model);
                match confirm(&asking, &model, nearest).await {
                    Some(model) => choose(&asking, &model).await,
                    None if is_known => Ok(()),
                    None => set_in_session(&asking, Value::Null),
                }
            }
            // Whom nobody answers may still know what they want.
            _ => choose(&asking, &model).await,
        }
    })))
}

/// One choice at a time: the last is the one that is meant.
fn work() -> Work {
    Work::Command(super::USE_MODEL.to_owned())
}

/// The model that the user means after all. None where they think better of it.
async fn confirm(peer: &Peer, model: &str, nearest: Vec<String>) -> Option<String> {
    let title = |model: &str| plain::label(&format!("Use {model}"), WIDTH);
    let choices: Vec<String> = nearest.into_iter().chain([model.to_owned()]).collect();
    let buttons: Vec<String> = choices.iter().map(|model| title(model)).collect();
    let buttons: Vec<&str> = buttons.iter().map(String::as_str).collect();
    let question = format!("LiteLLM: the proxy does not list {model}. Use it all the same?");
    let answer = peer.choice(MessageType::WARNING, &question, &buttons, None).await;
    let chosen = answer.and_then(|answer| choices.into_iter().find(|model| answer == title(model)));
    if chosen.is_none() {
        peer.show_warning(&format!(
            "LiteLLM: {model} is not used, for the proxy does not list it: choose a listed model"
        ));
    }
    chosen
}

/// Sets the model of this session alone; `null` goes back to what the settings say.
fn set_in_session(peer: &Peer, model: Value) -> Result<()> {
    let said = Map::from_iter([("model".to_owned(), model), ("activate".to_owned(), false.into())]);
    peer.settings().configure(&said).map(drop)
}

/// Uses a model from now on, in the settings file too where that decides.
async fn choose(peer: &Peer, model: &str) -> Result<()> {
    let write = peer.settings().use_model(model)?.write;
    let mut lasts = false;
    if let Some(write) = write {
        let profile = peer.save(write).await?;
        lasts = profile.is_some_and(|profile| profile.is_filed_model(model));
    }
    peer.show_info(&format!("LiteLLM: using {model}{}", if lasts { "" } else { " in this session" }));
    Ok(())
}

/// Offers the models: as buttons where the editor has them, else as a table to read.
async fn offer(peer: &Peer) -> Result<()> {
    let profile = peer.profile(None).await?;
    let listed = peer.models(&profile, Freshness::Cached).await?;
    let params = ListModelsParams { order: ListOrder::Picker, ..ListModelsParams::default() };
    let list = listed.result(&profile, &params, &peer.marks.of(&profile.name))?;
    let choices = choices(&list, peer.language());
    let titles: Vec<&str> = choices.iter().map(|(title, _)| title.as_str()).collect();
    match peer.choice(MessageType::INFO, "LiteLLM: which model?", &titles, None).await {
        Some(answer) => match choices.iter().find(|(title, _)| answer == *title) {
            Some((_, model)) => choose(peer, model).await,
            None => Ok(()),
        },
        None => {
            let _ = list.shown().show(peer).await;
            Ok(())
        }
    }
}

/// The first models with what people choose by.
fn choices(list: &ListModelsResult, language: Language) -> Vec<(String, String)> {
    let models = in_use_first(list).into_iter().take(BUTTONS);
    let line = |model: &Model| {
        plain::label(&format!("{} · {}", model.id, language.words(&model.summary.line)), WIDTH)
    };
    models.map(|model| (line(model), model.id.clone())).collect()
}

/// The models as a menu has them: the one in use before all.
pub(in crate::server) fn in_use_first(list: &ListModelsResult) -> Vec<&Model> {
    let mut models: Vec<&Model> = list.models.iter().map(|model| &***model).collect();
    models.sort_by_key(|model| list.default_model.as_ref() != Some(&model.id));
    models
}
