//! The twin of each method: the same params and result, and the result shown.

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use litellm_ls_protocol::{Complete, ListModels, ListOrder, Request, StartProxy};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::{
    ids::{id, ids, twin as twin_of},
    object,
};
use crate::{
    provider::{Error, Result},
    server::{
        Peer, config_yaml,
        doors::answered,
        failure,
        progress::{Progress, pressed},
        routes::{Handler, Routes, routes},
        shown::{Page, Shown},
        wire::serialized,
    },
    transport::RawAnswer,
};

/// How long a command may take to answer. Helix drops a reply that comes after 20 s, with an error line.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

type Twin = Box<dyn Fn(Peer, Value) -> BoxFuture<'static, Result<(RawAnswer, Page)>> + Send + Sync>;

/// What answers each method, without its types, by the name of its twin.
#[derive(Default)]
struct Twins(BTreeMap<String, Twin>);

impl Routes for Twins {
    fn on<R: Request<Result: Shown>>(mut self, handler: impl Handler<R>) -> Self {
        let twin = move |peer: Peer, params: Value| {
            let handler = handler.clone();
            async move {
                let (result, written) = answered::<R>(peer, params, handler).await?;
                Ok((written, result.shown()))
            }
            .boxed()
        };
        self.0.insert(twin_of(R::METHOD), Box::new(twin));
        self
    }
}

/// Starts the twin of this name. What takes longer than an editor waits goes on, and is shown when it is done, as is its
/// failure.
///
/// # Errors
/// Where there is no such twin, or its argument is no object.
pub(super) fn start(
    peer: &Peer,
    name: &str,
    argument: Option<Value>,
) -> Result<impl Future<Output = Result<RawAnswer>> + use<>> {
    static TWINS: LazyLock<Twins> = LazyLock::new(|| routes(Twins::default()));
    let Some(twin) = TWINS.0.get(name) else {
        return Err(Error::invalid_params(
            format!("there is no command {:?}", id(name)),
            format!("use one of: {}", ids().join(", ")),
        ));
    };
    let mut argument = object(argument)?;
    if name == twin_of(ListModels::METHOD) {
        // Who runs a command is a person, and wants to choose.
        argument.entry("order").or_insert_with(|| json!(ListOrder::Picker));
    }
    if name == twin_of(StartProxy::METHOD)
        && ["config", "model", "demo"].iter().all(|what| !argument.contains_key(*what))
    {
        // Who runs it with nothing said means the file before them.
        match config_yaml::open_configs(peer).as_slice() {
            [only] => drop(argument.insert("config".into(), only.as_str().into())),
            _ => drop(argument.insert("demo".into(), true.into())),
        }
    }
    let answering = twin(peer.clone(), argument.into());
    let shows_progress = name == twin_of(Complete::METHOD);
    let (sender, answer) = oneshot::channel();
    let cancel = CancellationToken::new();
    let cancelled = cancel.clone();
    let behind = peer.clone();
    peer.editor.runs.start(&id(name), |stopped| async move {
        let progress = if shows_progress { Progress::create(&behind, "LiteLLM").await } else { None };
        let outcome = tokio::select! {
            () = cancelled.cancelled() => return,
            () = stopped.cancelled() => return,
            () = pressed(progress.as_ref()) => return,
            outcome = answering => outcome,
        };
        drop(progress);
        let page = match outcome {
            Ok((result, page)) => {
                let _ = sender.send(Ok(result));
                page
            }
            Err(error) => {
                let page = Page::Warning(failure(&error));
                let partial =
                    error.data.partial.clone().filter(|partial| !partial.message.text.trim().is_empty());
                let _ = sender.send(Err(error));
                // What came of an answer is paid for, and an editor shows no more of an error than its sentence.
                if let Some(partial) = partial {
                    partial.shown().show(&behind).await;
                }
                page
            }
        };
        page.show(&behind).await;
    });
    // A cancelled command cancels its work; one that is answered because time is up does not.
    let guard = cancel.drop_guard();
    Ok(async move {
        let answered = tokio::time::timeout(ANSWER_LIMIT, answer).await;
        guard.disarm();
        match answered {
            Ok(Ok(answer)) => answer,
            _ => serialized(&()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_states_how_long_a_command_may_take() {
        let stated = format!("where it is there within {} seconds", ANSWER_LIMIT.as_secs());
        assert!(include_str!("../../../protocol/PROTOCOL.md").contains(&stated), "{stated}");
    }
}
