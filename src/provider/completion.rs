//! One question to a model and its answer, as it comes and as a whole.

mod blocks;
mod carried;
#[cfg(test)]
mod cuts;
mod deltas;
mod extras;
mod message;
mod own_proxy;
mod question;
mod refusals;
mod retold;
mod retry;
mod tool_calls;

use std::{sync::Arc, time::Duration};

use litellm_ls_protocol::{
    AssistantMessage, CallOutcome, CompleteParams, CompleteResult, Delta, ErrorKind, ListedModel, Timing,
    Usage,
};

use super::{
    Error, Freshness, Profile, Provider, Result, catalog, cost,
    instant::milliseconds,
    request::estimate,
    usage::ledger::{Account, Entry},
};
use crate::litellm::{self, ChatStream, Flow, Meta, Oddity};
use deltas::Deltas;
use message::Message;
use question::Question;
use tool_calls::MAX_CALLS;

pub use deltas::MAX_PARTIAL;
pub(super) use question::KnownModel;
pub(super) use refusals::Refusals;

/// How often a question is sent again without one more parameter.
const MAX_WITHOUT_REFUSED: u32 = 4;
const UNREADABLE_PART: &str =
    "a part of the answer was of a kind that can't be read: it is left out, and text may be missing";
/// How long an error may wait for the names that are nearest to one the proxy does not know.
const NEAREST_LIMIT: Duration = Duration::from_secs(5);

impl Provider {
    /// Prepares a question to a model. It is sent when its answer is first looked at.
    ///
    /// # Errors
    /// Where there is no model to ask, or the request is wrong.
    pub async fn complete<'a>(
        &'a self,
        profile: &Arc<Profile>,
        params: &CompleteParams,
    ) -> Result<Answer<'a>> {
        profile.hears()?;
        self.learn_prices(profile).await;
        let question = Question::prepare(self, profile, params).await?;
        self.check_own_budgets(profile, &question.record).await?;
        let mut deltas = Deltas::default();
        deltas.extend(warnings(&question.warnings));
        Ok(Answer {
            provider: self,
            profile: profile.clone(),
            question,
            meta: None,
            message: Message::of(&params.tools, params.extra_body.contains_key("n")),
            deltas,
            first_token: None,
            attempts: 0,
            without_refused: 0,
            account: None,
            outcome: CallOutcome::Cancelled,
            warnings: Vec::new(),
            state: State::Sending,
        })
    }
}

/// An answer under way. Dropping it closes the connection, which stops the model, and books the call: as cancelled, unless it
/// had come to its end.
pub struct Answer<'a> {
    provider: &'a Provider,
    profile: Arc<Profile>,
    question: Question,
    /// What the headers of the answer said. None before it began.
    meta: Option<Meta>,
    message: Message,
    deltas: Deltas,
    first_token: Option<Duration>,
    attempts: u32,
    /// How often it was sent again without something that the model does not take.
    without_refused: u32,
    /// Where the call is still to be booked. None before it was sent, and once it has ended.
    account: Option<Arc<Account>>,
    /// What it is booked as where nothing else is known.
    outcome: CallOutcome,
    /// What is odd about the answer.
    warnings: Vec<String>,
    state: State,
}

/// How far an answer is.
enum State {
    /// The question goes out next.
    Sending,
    /// It goes out again after a wait.
    Waiting(Duration),
    /// The answer comes.
    Reading(Box<ChatStream>),
    /// It has ended as it should.
    Ended,
    /// It failed or was interrupted; what came before is handed on first.
    Failed(Error),
}

impl Answer<'_> {
    /// The same answer, of a model of which this is known: what it costs is counted by that.
    #[must_use]
    pub fn of_known(mut self, record: Arc<ListedModel>) -> Self {
        self.question.record = record;
        self
    }

    /// The next piece of the answer; none when it has ended.
    ///
    /// # Errors
    /// Where the proxy can't be reached or answers with an error, or the answer breaks off; then the error carries all
    /// that had arrived.
    pub async fn next(&mut self) -> Result<Option<Delta>> {
        loop {
            if let Some(delta) = self.deltas.pop() {
                return Ok(Some(delta));
            }
            self.state = match std::mem::replace(&mut self.state, State::Ended) {
                State::Sending => self.send().await,
                State::Waiting(wait) => {
                    tokio::time::sleep(wait).await;
                    State::Sending
                }
                State::Reading(stream) => self.read(stream).await,
                State::Ended => return Ok(None),
                // In a box, or every answer would be as large as the description of a rare error.
                State::Failed(error) => return Err(Box::pin(self.describe(error)).await),
            };
        }
    }

    async fn send(&mut self) -> State {
        let account = self.account.get_or_insert_with(|| self.provider.ledger.account(&self.profile)).clone();
        self.attempts += 1;
        let error = match self.question.send(&self.profile).await {
            Ok(stream) => {
                account.told(stream.meta.key_spend, stream.meta.key_max_budget);
                account.is_open();
                self.question.learn(self.provider, &self.profile);
                self.meta = Some(stream.meta.clone());
                return State::Reading(Box::new(stream));
            }
            Err(error) => error,
        };
        if let Some(failover) = self.provider.failover(&self.profile, &error).await {
            self.profile = failover;
            return self.again(error, Duration::ZERO);
        }
        // A vendor names one at a time.
        let told = match self.without_refused < MAX_WITHOUT_REFUSED {
            true => self.question.leave_out_refused_params(&error),
            false => Vec::new(),
        };
        let wait = match told.is_empty() {
            false => {
                self.without_refused += 1;
                Some(Duration::ZERO)
            }
            true => retry::wait(&error, self.attempts - self.without_refused, chance()),
        };
        let Some(wait) = wait else { return State::Failed(self.profile.told(error)) };
        let again = self.again(error, wait);
        self.deltas.extend(warnings(&told));
        again
    }

    /// Sends the question again after a wait, and says so.
    fn again(&mut self, error: Error, wait: Duration) -> State {
        self.deltas.extend([Delta::Retry {
            attempt: self.attempts + 1,
            after_ms: milliseconds(wait),
            kind: error.kind(),
            message: error.message,
        }]);
        State::Waiting(wait)
    }

    async fn read(&mut self, mut stream: Box<ChatStream>) -> State {
        let Self { message, deltas, .. } = self;
        let read = stream.read(|chunk| message.absorb(chunk, deltas)).await;
        let has_usage = self.message.usage.is_some();
        let odd = stream.oddities().iter().filter(|oddity| **oddity != Oddity::LeftOpen || !has_usage);
        let odd: Vec<&str> = odd.map(|oddity| sentence(*oddity)).collect();
        self.warn(odd);
        if self.first_token.is_none() && !self.deltas.is_empty() {
            self.first_token = Some(self.question.asked.elapsed());
        }
        match read {
            Ok(_) if self.message.are_calls_too_many() => State::Failed(Error::new(
                ErrorKind::TooLarge,
                format!("the model called more than {MAX_CALLS} tools in one answer"),
                "ask again; if it goes on, take another model",
            )),
            Ok(Flow::More) => State::Reading(stream),
            Ok(Flow::End) if self.message.is_silent() && self.message.finish_reason.is_none() => {
                State::Failed(Error::new(
                    ErrorKind::Upstream,
                    "the model said nothing: its answer ended without a word and without a reason",
                    "ask again; if it goes on, take another model or tell the proxy's administrator",
                ))
            }
            Ok(Flow::End) => {
                let odd = self.message.finish(&self.question.call.id, &mut self.deltas);
                let AssistantMessage { reasoning_blocks, provider_fields, .. } = self.message();
                if provider_fields.is_some() {
                    self.deltas.extend([Delta::SendBack { reasoning_blocks, provider_fields }]);
                }
                self.warn(odd);
                self.deltas.extend(self.usage().map(|usage| Delta::Usage { usage }));
                self.outcome = CallOutcome::Succeeded;
                // The list with its price may be on its way, and is waited for by who wants to tell the cost.
                if !self.lacks_cost() {
                    self.book(CallOutcome::Succeeded);
                }
                State::Ended
            }
            Err(error) => State::Failed(error.into()),
        }
    }

    /// Tells what is odd about the answer, and keeps it for the result.
    fn warn<'s>(&mut self, sentences: impl IntoIterator<Item = &'s str>) {
        let is_new = |sentence: &&str| !self.warnings.iter().any(|known| known == sentence);
        let sentences: Vec<String> = sentences.into_iter().filter(is_new).map(str::to_owned).collect();
        self.deltas.extend(warnings(&sentences));
        self.warnings.extend(sentences);
    }

    /// Adds the circumstances to an error, and what had arrived.
    async fn describe(&mut self, mut error: Error) -> Error {
        self.book(CallOutcome::Failed);
        let own = own_proxy::remedy(&self.profile, &self.question.record, &error);
        error.data.remedy = own.or(error.data.remedy.take());
        let mut error = self.with_partial(error);
        let data = &mut error.data;
        if data.kind == ErrorKind::BudgetExceeded {
            self.provider.explain_budget(&self.profile, &mut error).await;
            return error;
        }
        if data.kind == ErrorKind::ModelNotFound {
            let asked = &self.question.model;
            data.nearest = nearest(self.provider, &self.profile, asked).await;
            let is_listed = data.nearest.contains(asked);
            data.nearest.retain(|listed| listed != asked);
            data.remedy = match &data.nearest[..] {
                _ if is_listed => Some(
                    "choose another model, or tell the proxy's administrator that its provider does not serve this one"
                        .to_owned(),
                ),
                [nearest, ..] => Some(format!("choose a listed model; the nearest is {nearest}")),
                [] => data.remedy.take(),
            };
        }
        error
    }

    /// Whether all of it has come, and it is booked so: what is left is to hand it on.
    pub fn has_come(&self) -> bool {
        self.outcome == CallOutcome::Succeeded
    }

    /// The error of an answer that nobody waits for any more, with what had arrived.
    pub async fn cancelled(&mut self) -> Error {
        self.state = State::Ended;
        // The connection's own task closes it: it runs before the time is taken to put together what had arrived.
        tokio::task::yield_now().await;
        self.with_partial(Error::cancelled())
    }

    /// Adds what had arrived, and whose it is.
    fn with_partial(&self, mut error: Error) -> Error {
        let data = &mut error.data;
        data.call_id.get_or_insert_with(|| self.call_id());
        data.model = Some(self.question.model.clone());
        data.profile = Some(self.profile.name.clone());
        // Images and refusals come without a delta.
        if self.first_token.is_some() || !self.message.is_silent() {
            let partial = CompleteResult { finish_reason: None, ..self.result() };
            data.partial = Some(Box::new(partial));
        }
        error
    }

    /// Whether its tokens were counted, and nobody knows yet what they cost.
    pub fn lacks_cost(&self) -> bool {
        self.usage().is_some_and(|usage| usage.cost.is_none())
    }

    /// The whole answer.
    pub fn finish(&self) -> CompleteResult {
        self.result()
    }

    /// Books the call, unless it was or nothing was sent.
    fn book(&mut self, outcome: CallOutcome) {
        let Some(account) = self.account.take() else { return };
        let entry = Entry {
            model: &self.question.model,
            served_by: self.served_by(),
            route: self.question.route,
            outcome,
            usage: self.usage(),
            billable: self.meta.is_some() || outcome == CallOutcome::Cancelled,
            duration: self.question.asked.elapsed(),
            first_token: self.first_token,
        };
        account.book(&entry);
        self.provider.records.record(&self.profile, &entry);
        self.provider.own_budgets.book(&self.profile, entry.usage.and_then(|usage| usage.cost));
    }

    fn call_id(&self) -> String {
        let said = self.meta.as_ref().and_then(|meta| meta.call_id.as_ref());
        said.unwrap_or(&self.question.call.id).clone()
    }

    fn usage(&self) -> Option<Usage> {
        self.priced(self.message.counted()?, self.meta.as_ref().and_then(|meta| meta.cost))
    }

    /// About what a message took that nobody counted. None where nothing was sent for it.
    fn estimated_usage(&self, message: &AssistantMessage) -> Option<Usage> {
        let estimate = litellm::usage::Usage {
            prompt_tokens: Some(self.question.tokens),
            completion_tokens: Some(estimate::tokens_of_answer(message)),
            ..litellm::usage::Usage::default()
        };
        (self.attempts > 0).then(|| self.priced(estimate, None)).flatten()
    }

    /// What was counted, with what it cost: what the proxy says in a `header`, or else by the prices of the model that
    /// answered.
    fn priced(&self, counted: litellm::usage::Usage, header: Option<f64>) -> Option<Usage> {
        // A list may have come meanwhile.
        let known = self.provider.known_models(&self.profile);
        let listed = |id: &str| known.as_ref().and_then(|listing| listing.model(id));
        let priced = |record: Option<&Arc<ListedModel>>| {
            let apart = known.as_ref().zip(record).map(|(listing, record)| listing.catalog.apart(&record.id));
            let (record, apart) = (record.map(|record| &***record), apart.unwrap_or_default());
            cost::usage(Some(&counted), header, record, apart, self.profile.compatibility())
        };
        let asked = &self.question.model;
        let meta = self.meta.as_ref().filter(|meta| meta.model_group.as_ref().is_some_and(|it| it != asked));
        if let Some(meta) = meta {
            let answered = meta.model_group.as_deref().and_then(listed);
            // What answered instead has another price.
            if answered.is_some() || meta.is_fallback {
                return priced(answered);
            }
        }
        let usage = priced(Some(&self.question.record))?;
        if usage.cost.is_some() {
            return Some(usage);
        }
        listed(asked).and_then(|record| priced(Some(record))).or(Some(usage))
    }

    /// The message as it stands. A fallback is another model than the one that was asked.
    fn message(&self) -> AssistantMessage {
        let asked = &self.question.maker;
        let fallback =
            self.meta.as_ref().filter(|meta| meta.is_fallback).and_then(|meta| meta.model_group.as_ref());
        match fallback {
            Some(fallback) => self.message.whole(&asked.instead(fallback)),
            None => self.message.whole(asked),
        }
    }

    /// The model that answered.
    fn served_by(&self) -> Option<String> {
        let group = self.meta.as_ref().and_then(|meta| meta.model_group.as_ref());
        group.or(self.message.model.as_ref()).cloned()
    }

    fn result(&self) -> CompleteResult {
        let (message, usage) = (self.message(), self.usage());
        let estimated_usage = if usage.is_none() { self.estimated_usage(&message) } else { None };
        CompleteResult {
            id: self.message.id.clone(),
            call_id: self.call_id(),
            model: self.question.model.clone(),
            served_by: self.served_by(),
            message,
            finish_reason: self.message.finish_reason.clone(),
            usage,
            estimated_usage,
            timing: Timing {
                first_token_ms: self.first_token.map(milliseconds),
                total_ms: milliseconds(self.question.asked.elapsed()),
                retries: self.attempts.saturating_sub(1),
            },
            warnings: self.question.warnings.iter().chain(&self.warnings).cloned().collect(),
        }
    }
}

impl Drop for Answer<'_> {
    fn drop(&mut self) {
        self.book(self.outcome);
    }
}

fn sentence(oddity: Oddity) -> &'static str {
    match oddity {
        Oddity::UnreadableEvent => {
            "the proxy sent something that is not a piece of an answer: it is left out, and text may be missing"
        }
        Oddity::UnreadablePart => UNREADABLE_PART,
        Oddity::LeftOpen => {
            "the proxy said no more for two seconds after the answer: its usage did not come, and its cost is unknown"
        }
    }
}

fn warnings(sentences: &[String]) -> impl Iterator<Item = Delta> {
    sentences.iter().map(|message| Delta::Warning { message: message.clone() })
}

/// The listed names nearest to one that the proxy does not know.
async fn nearest(provider: &Provider, profile: &Arc<Profile>, model: &str) -> Vec<String> {
    match tokio::time::timeout(NEAREST_LIMIT, provider.models(profile, Freshness::Cached)).await {
        Ok(Ok(listed)) => catalog::nearest(&listed.listing.catalog, model),
        _ => Vec::new(),
    }
}

/// A number from 0 to 1, other for each client.
fn chance() -> f64 {
    let mut byte = [0];
    // Without random numbers from the system all clients wait alike, which is no harm of theirs.
    let _ = getrandom::fill(&mut byte);
    f64::from(byte[0]) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_states_how_many_params_may_be_left_out() {
        let page = include_str!("../../protocol/PROTOCOL.md");
        assert_eq!(MAX_WITHOUT_REFUSED, 4);
        assert!(page.contains("at once, up to four times for as many parameters"));
    }
}
