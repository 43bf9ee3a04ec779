//! The twin of each method: the same params and result, and the result shown.

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use litellm_ls_protocol::{
    Complete, Edit, ListModels, ListOrder, ProgressToken, Request, StartProxy, UsageReport,
};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::{
    ids::{id, twin as twin_of},
    object,
};
use crate::{
    provider::Result,
    server::{
        Peer,
        call::Call,
        config_yaml,
        doors::answered,
        failure,
        progress::{Progress, pressed},
        routes::{Handler, Routes, routes},
        runs::Work,
        shown::{Page, Shown},
        tokens,
        wire::serialized,
    },
    transport::RawAnswer,
};

/// How long a command may take to answer. Helix drops a reply that comes after 20 s, with an error line.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

type Answer = BoxFuture<'static, Result<(RawAnswer, Page)>>;

/// What answers one method, without its types.
struct Twin {
    method: &'static str,
    answer: Box<dyn Fn(Peer, Value) -> Answer + Send + Sync>,
}

/// What answers each method, by the name of its twin.
#[derive(Default)]
struct Twins(BTreeMap<String, Twin>);

static TWINS: LazyLock<Twins> = LazyLock::new(|| routes(Twins::default()));

impl Routes for Twins {
    fn on<R: Request<Result: Shown>>(mut self, handler: impl Handler<R>) -> Self {
        let answer = move |peer: Peer, params: Value| {
            let handler = handler.clone();
            async move {
                let (result, written) = answered::<R>(peer, params, handler).await?;
                Ok((written, result.shown()))
            }
            .boxed()
        };
        self.0.insert(twin_of(R::METHOD), Twin { method: R::METHOD, answer: Box::new(answer) });
        self
    }
}

/// Whether a command is a twin.
pub(super) fn is_one(name: &str) -> bool {
    TWINS.0.contains_key(name)
}

/// Starts the twin of this name. What takes longer than an editor waits goes on, and is shown when it is done, as is its
/// failure; a client that has a display for it waits, with the token of that.
///
/// # Errors
/// Where there is no such twin, its argument is no object, or the token is in use.
pub(super) fn start(
    peer: &Peer,
    name: &str,
    argument: Option<Value>,
    token: Option<ProgressToken>,
) -> Result<impl Future<Output = Result<RawAnswer>> + use<>> {
    let Some(Twin { method, answer }) = TWINS.0.get(name) else {
        return Err(super::unknown(name));
    };
    let mut argument = object(argument)?;
    if *method == ListModels::METHOD {
        // Who runs a command is a person, and wants to choose.
        argument.entry("order").or_insert_with(|| json!(ListOrder::Picker));
    }
    if *method == UsageReport::METHOD {
        argument.entry("page").or_insert_with(|| json!(true));
    }
    if *method == StartProxy::METHOD
        && ["config", "model", "demo"].iter().all(|what| !argument.contains_key(*what))
    {
        // Who runs it with nothing said means the file before them.
        match config_yaml::open_configs(peer).as_slice() {
            [only] => drop(argument.insert("config".into(), only.as_str().into())),
            _ => drop(argument.insert("demo".into(), true.into())),
        }
    }
    let claim = match token {
        Some(token) if tokens::reports(method) && !argument.contains_key(tokens::WORK) => {
            argument.insert(tokens::WORK.into(), json!(token));
            None
        }
        Some(token) => Some(peer.editor.tokens.claim_for(super::METHOD, tokens::WORK, token)?),
        None => None,
    };
    let argument = Value::Object(argument);
    let waits = claim.is_some() || tokens::are_in(method, &argument);
    let shows_progress = *method == Complete::METHOD && !waits;
    // What is paid for is given up for nothing newer.
    let is_paid = [Complete::METHOD, Edit::METHOD].contains(method);
    let work = if is_paid { Work::request() } else { Work::Command(id(name)) };
    let given_up = CancellationToken::new();
    let answering = answer(Peer { call: Call::new(given_up.clone()), ..peer.clone() }, argument);
    let (sender, mut answer) = oneshot::channel();
    let behind = peer.clone();
    let stop = peer.editor.runs.start(work, |stop| async move {
        let progress = match claim {
            Some(claim) => Some(Progress::claimed(&behind, claim, "LiteLLM")),
            None if shows_progress => Progress::create(&behind, "LiteLLM").await,
            None => None,
        };
        let mut answering = answering;
        let outcome = tokio::select! {
            biased;
            outcome = &mut answering => Some(outcome),
            () = stop.cancelled() => None,
            () = pressed(progress.as_ref()) => None,
        };
        let is_given_up = outcome.is_none();
        let outcome = match outcome {
            Some(outcome) => outcome,
            None => {
                given_up.cancel();
                answering.await
            }
        };
        drop(progress);
        stop.set_over();
        match outcome {
            Ok((result, page)) => {
                let _ = sender.send(Ok(result));
                page.show(&behind).await;
            }
            Err(error) => {
                let partial = error.data.partial.clone();
                let partial = partial.filter(|partial| !partial.message.text.trim().is_empty());
                let told = failure(&error);
                let is_answered = sender.send(Err(error)).is_ok();
                // What came of an answer is paid for, and an editor shows no more of an error than its sentence. Who has
                // given it up knows that, and has what came where the error tells it.
                if let Some(partial) = partial.filter(|_| !(is_given_up && is_answered)) {
                    partial.shown().show(&behind).await;
                }
                if !is_given_up {
                    behind.show_warning(&told);
                }
            }
        }
    });
    let call = peer.call.clone();
    Ok(async move {
        let limit = if waits { Duration::MAX } else { ANSWER_LIMIT };
        let answered = tokio::select! {
            biased;
            answered = tokio::time::timeout(limit, &mut answer) => answered,
            () = call.cancelled() => {
                let _whole = call.hold();
                stop.cancel();
                Ok(answer.await)
            }
        };
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
