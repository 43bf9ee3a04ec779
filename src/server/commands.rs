//! `workspace/executeCommand`: every method, and what code actions do, for editors that can send nothing else.

mod edit;
mod ids;
mod insert;
mod outcome;
mod protect;
mod so_far;
mod text;
mod twins;
mod use_model;
mod written;

use ids::{CANCEL, PREFIX};
pub(super) use ids::{
    CHECK_DEEP, INSERT_ANSWER, PROMPT, PROTECT, SHOW_ANSWER, TEST_DEPLOYMENT, USE_MODEL, id, ids,
};
pub(super) use text::Arguments as TextArguments;
pub(super) use use_model::in_use_first;
pub(super) use written::{SOURCE, keep_taken_out, unmark};

use serde_json::{Map, Value};
use tower_lsp::lsp_types::ExecuteCommandParams;

use super::{Peer, config_yaml, failure, wire::serialized};
use crate::{
    provider::{Error, Result},
    transport::RawAnswer,
};

/// Runs a command. What it found is shown, for some editors drop results; and returned, where it is there in time.
///
/// # Errors
/// Where there is no such command, or its arguments don't fit. That is shown too, for some editors drop errors as well.
pub(super) async fn run(peer: Peer, params: ExecuteCommandParams) -> Result<RawAnswer> {
    match begin(&peer, params).await {
        Ok(Some(answer)) => answer.await,
        Ok(None) => serialized(&()),
        Err(error) => {
            peer.show_warning(&failure(&error));
            Err(error)
        }
    }
}

/// Begins a command. The answer of a twin comes later, and shows its own failure.
async fn begin(
    peer: &Peer,
    params: ExecuteCommandParams,
) -> Result<Option<impl Future<Output = Result<RawAnswer>> + use<>>> {
    let name = params.command.strip_prefix(PREFIX).unwrap_or_default();
    let argument = params.arguments.into_iter().next();
    match name {
        USE_MODEL => use_model::run(peer, argument).await?,
        INSERT_ANSWER => {
            let inserting = peer.clone();
            peer.work_behind(INSERT_ANSWER, async move { insert::insert(&inserting, argument).await });
        }
        SHOW_ANSWER => {
            let showing = peer.clone();
            peer.work_behind(SHOW_ANSWER, async move { insert::show(&showing).await });
        }
        CANCEL => peer.show_info(if peer.editor.runs.cancel().await {
            "LiteLLM: cancelled"
        } else {
            "LiteLLM: nothing is running"
        }),
        PROTECT => protect::run(argument).await?,
        CHECK_DEEP => {
            let checking = peer.clone();
            peer.work_behind(CHECK_DEEP, async move { config_yaml::check_deep(&checking, argument).await });
        }
        TEST_DEPLOYMENT => {
            let testing = peer.clone();
            let work = async move { config_yaml::test_deployment(&testing, argument).await };
            peer.work_behind(TEST_DEPLOYMENT, work);
        }
        _ if ids::about_texts().any(|own| own == name) => text::run(peer, name, argument)?,
        _ => return twins::start(peer, name, argument).map(Some),
    }
    Ok(None)
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
