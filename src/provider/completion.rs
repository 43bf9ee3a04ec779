//! One question to a model and its answer, as it comes and as a whole.

mod deltas;
mod message;

use std::time::{Duration, Instant};

use litellm_ls_protocol::{Compatibility, CompleteParams, CompleteResult, Delta, ErrorKind, Model, Timing};

use super::{
    Error, Freshness, Profile, Provider, Result, catalog,
    catalog::Policy,
    cost,
    request::{self, ModelFacts, Route},
};
use crate::litellm::{ChatStream, Flow};
use deltas::Deltas;
use message::Message;

/// How long an error may wait for the names that are nearest to one the proxy does not know.
const NEAREST_LIMIT: Duration = Duration::from_secs(5);

impl Provider {
    /// Asks a model, and returns its answer once it has begun.
    ///
    /// # Errors
    /// Where there is no model to ask, the request is wrong, or the proxy can't be reached or answers with an error.
    pub async fn complete(&self, profile: &Profile, params: &CompleteParams) -> Result<Answer> {
        let started = Instant::now();
        let asked = self.model_for(profile, params).await?;
        let known = self.known_models(profile);
        let listed = known.as_ref().map_or(&[][..], |listing| &listing.catalog.models);
        let model = request::wire_model(&asked, listed, profile.compatibility()).to_owned();
        let policy = Policy { compatibility: profile.compatibility(), overrides: profile.model_overrides() };
        let listed = known.as_ref().and_then(|listing| listing.model(&model)).cloned();
        let record = listed.unwrap_or_else(|| catalog::unlisted(&model, &policy));
        let mut facts = ModelFacts::of(&record);
        facts.max_tokens_param =
            catalog::override_of(policy.overrides, &model).and_then(|known| known.max_tokens_param);

        let body = request::body(params, &model, &facts, profile.compatibility()).map_err(|invalid| {
            let mut error = Error::new(
                ErrorKind::InvalidRequest,
                format!("`{}` can't be used", invalid.path),
                invalid.reason,
            );
            error.data.param = Some(invalid.path);
            error
        })?;
        let url = match body.route {
            Route::Chat => &profile.endpoint.chat,
            Route::Text => &profile.endpoint.text,
        };
        let call_id = call_id();
        let mut answer = Open { call_id, model, started, profile: profile.name.clone() };
        let bytes = serde_json::to_vec(&body.fields).unwrap_or_default();
        let client = self.client(profile).await?;
        match client.complete(&profile.endpoint, url, &answer.call_id, bytes, profile.patience()).await {
            Ok(stream) => {
                if let Some(call_id) = &stream.meta.call_id {
                    answer.call_id.clone_from(call_id);
                }
                Ok(Answer::new(answer, stream, record, profile.compatibility()))
            }
            Err(error) => {
                let mut error = answer.describe(error.into());
                if error.kind() == ErrorKind::ModelNotFound {
                    error.data.nearest = self.nearest(profile, &answer.model).await;
                    if let [nearest, ..] = &error.data.nearest[..] {
                        error.data.remedy = Some(format!("choose a listed model; the nearest is {nearest}"));
                    }
                }
                Err(error)
            }
        }
    }

    /// The model that a request means.
    async fn model_for(&self, profile: &Profile, params: &CompleteParams) -> Result<String> {
        if let Some(model) = params.model.as_deref().or(profile.model()) {
            return Ok(model.to_owned());
        }
        let listed = self.models(profile, Freshness::Cached).await?;
        listed.listing.default_model(profile).ok_or_else(|| {
            Error::new(
                ErrorKind::ModelNotFound,
                "no model is chosen, and the proxy lists none that chats",
                "set `model`, or add models to the proxy",
            )
        })
    }

    /// The listed names nearest to one that the proxy does not know.
    async fn nearest(&self, profile: &Profile, model: &str) -> Vec<String> {
        match tokio::time::timeout(NEAREST_LIMIT, self.models(profile, Freshness::Cached)).await {
            Ok(Ok(listed)) => catalog::nearest(&listed.listing.catalog, model),
            _ => Vec::new(),
        }
    }
}

/// What is known of a call when it is made.
struct Open {
    call_id: String,
    model: String,
    started: Instant,
    profile: String,
}

impl Open {
    /// Adds the circumstances to an error.
    fn describe(&self, mut error: Error) -> Error {
        error.data.call_id.get_or_insert_with(|| self.call_id.clone());
        error.data.model = Some(self.model.clone());
        error.data.profile = Some(self.profile.clone());
        error
    }
}

/// An answer under way. Dropping it closes the connection, which stops the model.
pub struct Answer {
    open: Open,
    stream: ChatStream,
    record: Model,
    compatibility: Compatibility,
    message: Message,
    deltas: Deltas,
    first_token: Option<Duration>,
    state: State,
}

/// How far an answer is.
enum State {
    /// There may be more.
    Running,
    /// It has ended as it should.
    Ended,
    /// It broke off; what came before is handed on first.
    Failed(Box<Error>),
}

impl Answer {
    fn new(open: Open, stream: ChatStream, record: Model, compatibility: Compatibility) -> Self {
        Self {
            open,
            stream,
            record,
            compatibility,
            message: Message::default(),
            deltas: Deltas::default(),
            first_token: None,
            state: State::Running,
        }
    }

    /// The next piece of the answer; none when it has ended.
    ///
    /// # Errors
    /// Where the answer broke off; the error carries all that had arrived.
    pub async fn next(&mut self) -> Result<Option<Delta>> {
        loop {
            if let Some(delta) = self.deltas.pop() {
                return Ok(Some(delta));
            }
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Ok(None),
                State::Failed(mut error) => {
                    error.data.partial = Some(Box::new(self.result()));
                    return Err(*error);
                }
                State::Running => self.read().await,
            }
        }
    }

    async fn read(&mut self) {
        let Self { stream, message, deltas, .. } = self;
        let read = stream.read(|chunk| message.absorb(chunk, deltas)).await;
        if self.first_token.is_none() && !self.deltas.is_empty() {
            self.first_token = Some(self.open.started.elapsed());
        }
        self.state = match read {
            Ok(Flow::More) => State::Running,
            Ok(Flow::End) => {
                self.deltas.extend(self.usage().map(|usage| Delta::Usage { usage }));
                State::Ended
            }
            Err(error) => State::Failed(Box::new(self.open.describe(error.into()))),
        };
    }

    /// The whole answer.
    pub fn finish(self) -> CompleteResult {
        self.result()
    }

    fn usage(&self) -> Option<litellm_ls_protocol::Usage> {
        cost::usage(
            self.message.usage.as_ref(),
            self.stream.meta.cost,
            Some(&self.record),
            self.compatibility,
        )
    }

    fn result(&self) -> CompleteResult {
        let milliseconds = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        CompleteResult {
            id: self.message.id.clone(),
            call_id: self.open.call_id.clone(),
            model: self.open.model.clone(),
            served_by: self.stream.meta.model_group.clone().or_else(|| self.message.model.clone()),
            message: self.message.whole(),
            finish_reason: self.message.finish_reason.clone(),
            usage: self.usage(),
            timing: Timing {
                first_token_ms: self.first_token.map(milliseconds),
                total_ms: milliseconds(self.open.started.elapsed()),
                retries: 0,
            },
        }
    }
}

/// An id for one call, which LiteLLM takes as its own, so that a user and an administrator can speak of the same call.
fn call_id() -> String {
    let mut bytes = [0; 16];
    // Without random numbers from the system there is no TLS either; an id that repeats harms nothing.
    let _ = getrandom::fill(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}
