//! `workspace/executeCommand`: every method, and what code actions do, for editors that can send nothing else.

mod edit;
mod found;
mod ids;
mod insert;
mod outcome;
mod protect;
mod so_far;
mod text;
mod twins;
mod use_model;
mod written;

use ids::PREFIX;
pub(super) use ids::{
    CANCEL, CHECK_DEEP, INSERT_ANSWER, PROMPT, PROTECT, SHOW_ANSWER, TEST_DEPLOYMENT, USE_MODEL, id, ids,
};
pub(super) use text::Arguments as TextArguments;
pub(super) use use_model::in_use_first;
pub(super) use written::{SOURCE, keep_taken_out, unmark};

use futures_util::{FutureExt, future::BoxFuture};
use litellm_ls_protocol::{ErrorKind, ProgressToken};
use serde_json::{Map, Value};
use tower_lsp::lsp_types::{ExecuteCommandParams, NumberOrString};

use super::{
    Peer, config_yaml, failure,
    progress::Progress,
    runs::{MAX_RUNS, Work},
    tokens::{self, Claim},
    wire::serialized,
};
use crate::{
    provider::{Error, Result},
    transport::RawAnswer,
};

/// What commands are run by.
pub(super) const METHOD: &str = "workspace/executeCommand";

/// Runs a command. What it found is shown, for some editors drop results; and returned, where it is there in time, or
/// where the client shows how far it is, and so waits.
///
/// # Errors
/// Where there is no such command, or its arguments don't fit. That is shown too, for some editors drop errors as well.
/// Where the client waits, and gives it up or it fails.
pub(super) async fn run(peer: Peer, params: ExecuteCommandParams) -> Result<RawAnswer> {
    match begin(&peer, params).await {
        Ok(answer) => answer.await,
        Err(error) => {
            peer.show_warning(&failure(&error));
            Err(error)
        }
    }
}

/// Begins a command; what it returns is its answer, and shows its own failure.
async fn begin(peer: &Peer, params: ExecuteCommandParams) -> Result<BoxFuture<'static, Result<RawAnswer>>> {
    let name = params.command.strip_prefix(PREFIX).unwrap_or_default().to_owned();
    let argument = params.arguments.into_iter().next();
    let token = params.work_done_progress_params.work_done_token.map(|token| match token {
        NumberOrString::Number(number) => ProgressToken::Number(number.into()),
        NumberOrString::String(text) => ProgressToken::String(text),
    });
    if name != CANCEL && peer.editor.runs.is_full() {
        let reason = format!("{MAX_RUNS} commands go on already");
        let remedy = format!("wait until some have ended, or run the command {}", id(CANCEL));
        return Err(Error::new(ErrorKind::Busy, reason, remedy));
    }
    if twins::is_one(&name) {
        return Ok(twins::start(peer, &name, argument, token)?.boxed());
    }
    let claim = |token| peer.editor.tokens.claim_for(METHOD, tokens::WORK, token);
    let claim: Option<Claim> = token.map(claim).transpose()?;
    if ids::about_texts().any(|own| own == name) {
        // Its display tells what it is about.
        let button = claim.as_ref().map(Claim::button);
        let behind = text::run(peer, &name, argument, claim).await?;
        return Ok(match (behind, button) {
            (Some(behind), Some(button)) => behind.awaited(peer.clone(), button.cancelled_owned()).boxed(),
            _ => at_once(),
        });
    }
    let behind = match name.as_str() {
        USE_MODEL => use_model::run(peer, argument).await?,
        CANCEL => cancel(peer, argument).await.map(|()| None)?,
        PROTECT => protect::run(argument).await.map(|()| None)?,
        _ => {
            let about = argument.as_ref().map(Value::to_string).unwrap_or_default();
            let doing = doing(peer.clone(), &name, argument)?;
            Some(peer.work_behind(Work::Command(format!("{name} {about}")), doing))
        }
    };
    Ok(match (behind, claim) {
        (Some(behind), Some(claim)) => {
            let display = Progress::claimed(peer, claim, "LiteLLM");
            behind.awaited(peer.clone(), async move { display.cancelled().await }).boxed()
        }
        _ => at_once(),
    })
}

/// What a command does behind its answer, where nobody waits for it.
fn doing(peer: Peer, name: &str, argument: Option<Value>) -> Result<BoxFuture<'static, Result<()>>> {
    Ok(match name {
        INSERT_ANSWER => async move { insert::insert(&peer, argument).await }.boxed(),
        SHOW_ANSWER => async move { insert::show(&peer, argument).await }.boxed(),
        CHECK_DEEP => async move { config_yaml::check_deep(&peer, argument).await }.boxed(),
        TEST_DEPLOYMENT => async move { config_yaml::test_deployment(&peer, argument).await }.boxed(),
        _ => return Err(unknown(name)),
    })
}

fn unknown(name: &str) -> Error {
    Error::invalid_params(
        format!("there is no command {:?}", id(name)),
        format!("use one of: {}", ids().join(", ")),
    )
}

/// Editors wait some seconds for a command, and some do nothing else meanwhile.
fn at_once() -> BoxFuture<'static, Result<RawAnswer>> {
    async { serialized(&()) }.boxed()
}

/// Ends all that runs; with a `uri`, what runs about that text.
async fn cancel(peer: &Peer, argument: Option<Value>) -> Result<()> {
    let argument = object(argument)?;
    let runs = &peer.editor.runs;
    let any = match argument.get("uri").map(|uri| uri.as_str().unwrap_or_default()) {
        None => runs.cancel(None).await,
        Some(uri) => match peer.editor.document(uri) {
            Some(document) => runs.cancel(Some(&Work::Text(document.opening()))).await,
            None => false,
        },
    };
    peer.show_info(if any { "LiteLLM: cancelled" } else { "LiteLLM: nothing is running" });
    Ok(())
}

/// An argument that must be an object, or nothing.
fn object(argument: Option<Value>) -> Result<Map<String, Value>> {
    match argument {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(Error::invalid_params(
            "the argument of this command is no object",
            "give one JSON object with the params of the method, or nothing",
        )),
    }
}
