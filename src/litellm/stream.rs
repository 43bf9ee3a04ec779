//! The answer to a chat, as it comes.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream::BoxStream};
use reqwest::{Response, Url, header::HeaderMap};

use super::{
    Error, Patience, Phase, Secrets,
    chunk::Chunk,
    error::{BEGINNING, beginning, connection_error, shown},
    fault, header, sse,
};

/// Most bytes to take in before what they said is handed on.
const BURST: usize = 256 << 10;
/// Most bytes of an answer that is not streamed.
const MAX_WHOLE: usize = 64 << 20;
/// How long to read on behind `[DONE]`, so that the connection can be used again.
const TAIL: Duration = Duration::from_secs(2);

/// Whether an answer goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// There may be more.
    More,
    /// It has ended as it should.
    End,
}

/// What the headers of an answer say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meta {
    /// The call's id, as in the proxy's log.
    pub call_id: Option<String>,
    /// The model group that answers, such as a fallback.
    pub model_group: Option<String>,
    /// Whether that is a fallback, and not only another name of the model that was asked.
    pub is_fallback: bool,
    /// USD. None in a stream, and where no price is known.
    pub cost: Option<f64>,
    /// USD that the key has spent.
    pub key_spend: Option<f64>,
    /// USD that the key may spend. None where there is no limit.
    pub key_max_budget: Option<f64>,
}

impl Meta {
    fn read(headers: &HeaderMap, secrets: &Secrets) -> Self {
        // litellm 1.101.3 says `None` where it knows nothing.
        let money = |name| {
            let amount = header(headers, name)?.parse().ok();
            amount.filter(|amount: &f64| amount.is_finite() && *amount >= 0.0)
        };
        Self {
            call_id: header(headers, "x-litellm-call-id").map(|id| secrets.out_of(id)),
            model_group: header(headers, "x-litellm-model-group").map(|group| secrets.out_of(group)),
            is_fallback: header(headers, "x-litellm-attempted-fallbacks").is_some_and(|count| count != "0"),
            cost: money("x-litellm-response-cost"),
            key_spend: money("x-litellm-key-spend"),
            key_max_budget: money("x-litellm-key-max-budget"),
        }
    }
}

type Body = BoxStream<'static, reqwest::Result<Bytes>>;

/// The answer to a chat, under way. Dropping it closes the connection, which stops the model.
pub struct ChatStream {
    /// What the headers say.
    pub meta: Meta,
    /// None once the answer has ended.
    body: Option<Body>,
    reading: Reading,
    progress: Progress,
    /// Kept to show what it was when it turns out to be no answer.
    beginning: Vec<u8>,
    content_type: Option<String>,
    url: Url,
    idle: Duration,
    secrets: Secrets,
}

/// How the body is read.
enum Reading {
    /// As a stream of events.
    Events(sse::Decoder),
    /// As one JSON text: some gateways don't stream.
    Whole(Vec<u8>),
}

/// How far the answer is.
#[derive(Default)]
struct Progress {
    /// A chunk was understood.
    understood: bool,
    /// A choice said why it stopped.
    finished: bool,
    /// `[DONE]` came.
    done: bool,
}

/// What is wrong with an event.
enum Problem {
    /// It is the proxy's report of a failure.
    Failure(Vec<u8>),
    /// It can't be read.
    Unreadable(&'static str),
    /// It is too long.
    TooLong(sse::TooLong),
}

impl ChatStream {
    pub(super) fn open(mut response: Response, url: Url, patience: Patience, secrets: Secrets) -> Self {
        let headers = std::mem::take(response.headers_mut());
        let content_type = header(&headers, "content-type").map(str::to_ascii_lowercase);
        let whole = content_type.as_deref().is_some_and(|kind| kind.contains("json"));
        Self {
            meta: Meta::read(&headers, &secrets),
            body: Some(response.bytes_stream().boxed()),
            reading: if whole {
                Reading::Whole(Vec::new())
            } else {
                Reading::Events(sse::Decoder::default())
            },
            progress: Progress::default(),
            beginning: Vec::new(),
            content_type,
            url,
            idle: patience.idle,
            secrets,
        }
    }

    /// Waits for more of the answer, takes in all that is ready, and hands each chunk to `absorb`.
    ///
    /// # Errors
    /// Where nothing comes for too long, the connection breaks, the proxy reports a failure, or the stream ends
    /// without its end. What was absorbed until then holds.
    pub async fn read(&mut self, mut absorb: impl FnMut(Chunk<'_>)) -> Result<Flow, Error> {
        let Some(body) = &mut self.body else { return Ok(Flow::End) };
        let Ok(mut piece) = tokio::time::timeout(self.idle, body.next()).await else {
            return Err(Error::Timeout { phase: Phase::Idle, limit: self.idle, url: shown(&self.url) });
        };
        let mut taken = 0;
        loop {
            match piece {
                Some(Ok(bytes)) => {
                    taken += bytes.len();
                    self.take(&bytes, &mut absorb)?;
                }
                // The answer was complete; only its trailer is lost.
                Some(Err(_)) if self.progress.finished => self.body = None,
                Some(Err(error)) => return Err(self.broken(error)),
                None => {
                    self.body = None;
                    self.end(&mut absorb)?;
                }
            }
            if self.progress.done
                && let Some(body) = self.body.take()
            {
                tokio::spawn(drain(body));
            }
            let Some(body) = &mut self.body else { return Ok(Flow::End) };
            if taken >= BURST {
                return Ok(Flow::More);
            }
            // What is ready is joined; nothing waits for a timer. The task of the HTTP connection must run in between,
            // or there is never anything ready.
            tokio::task::yield_now().await;
            let Some(ready) = body.next().now_or_never() else { return Ok(Flow::More) };
            piece = ready;
        }
    }

    fn take(&mut self, bytes: &[u8], absorb: &mut impl FnMut(Chunk<'_>)) -> Result<(), Error> {
        let room = BEGINNING - self.beginning.len();
        self.beginning.extend_from_slice(&bytes[..room.min(bytes.len())]);
        match &mut self.reading {
            Reading::Whole(body) if body.len() + bytes.len() > MAX_WHOLE => {
                Err(Error::TooLarge { limit: MAX_WHOLE, url: shown(&self.url) })
            }
            Reading::Whole(body) => {
                body.extend_from_slice(bytes);
                Ok(())
            }
            Reading::Events(decoder) => {
                decoder.push(bytes);
                take_events(decoder, &mut self.progress, absorb).map_err(|problem| self.refused(problem))
            }
        }
    }

    /// The body has ended: was that the end of the answer too?
    fn end(&mut self, absorb: &mut impl FnMut(Chunk<'_>)) -> Result<(), Error> {
        let last = match &mut self.reading {
            Reading::Events(decoder) => decoder.finish(),
            Reading::Whole(body) => Some(body.as_slice()),
        };
        // A last event that was cut off says only that the stream was.
        if let Some(Err(problem @ Problem::Failure(_))) =
            last.map(|last| take_event(last, &mut self.progress, absorb))
        {
            return Err(self.refused(problem));
        }
        let ended = match &self.reading {
            Reading::Events(_) => self.progress.finished || self.progress.done,
            Reading::Whole(_) => self.progress.understood,
        };
        if ended {
            return Ok(());
        }
        if self.progress.understood || self.beginning.is_empty() {
            return Err(self.interrupted("the stream ended without its end"));
        }
        Err(Error::BadResponse {
            reason: "the answer is neither a stream of events nor a completion".into(),
            status: 200,
            content_type: self.content_type.as_deref().map(|kind| self.secrets.out_of(kind)),
            body: beginning(&self.beginning, &self.secrets),
            refused: Vec::new(),
            url: shown(&self.url),
        })
    }

    fn interrupted(&self, reason: impl Into<String>) -> Error {
        Error::Interrupted { reason: reason.into(), url: shown(&self.url) }
    }

    fn broken(&self, error: reqwest::Error) -> Error {
        match connection_error(error, &self.url) {
            Error::Unreachable { reason, .. } | Error::NotHttp { reason, .. } => {
                self.interrupted(format!("the connection broke: {reason}"))
            }
            other => other,
        }
    }

    fn refused(&self, problem: Problem) -> Error {
        match problem {
            Problem::Unreadable(reason) => self.interrupted(reason),
            Problem::TooLong(reason) => self.interrupted(reason.to_string()),
            Problem::Failure(error) => Error::Fault {
                fault: Box::new(fault::read(None, &|_| None, &error, &self.secrets)),
                status: None,
                call_id: self.meta.call_id.clone(),
                url: shown(&self.url),
            },
        }
    }
}

fn take_events(
    decoder: &mut sse::Decoder,
    progress: &mut Progress,
    absorb: &mut impl FnMut(Chunk<'_>),
) -> Result<(), Problem> {
    while !progress.done
        && let Some(event) = decoder.next()
    {
        take_event(event.map_err(Problem::TooLong)?, progress, absorb)?;
    }
    Ok(())
}

fn take_event(
    event: &[u8],
    progress: &mut Progress,
    absorb: &mut impl FnMut(Chunk<'_>),
) -> Result<(), Problem> {
    let event = event.trim_ascii();
    if event == b"[DONE]" {
        progress.done = true;
        return Ok(());
    }
    let chunk: Chunk<'_> = match serde_json::from_slice(event) {
        Ok(chunk) => chunk,
        // The answer is complete; what some gateways send behind it is theirs.
        Err(_) if progress.finished => return Ok(()),
        Err(_) => {
            return Err(Problem::Unreadable("the proxy sent an event that is not a chunk of a completion"));
        }
    };
    if chunk.error.is_some_and(|error| error.get() != "null") {
        return Err(Problem::Failure(event.to_vec()));
    }
    if let Some(choices) = &chunk.choices {
        progress.understood = true;
        progress.finished |= choices.iter().any(|choice| choice.finish_reason.non_empty().is_some());
    }
    absorb(chunk);
    Ok(())
}

/// Reads the few bytes behind the end of an answer, without which the connection could not be used again. It holds
/// nothing but the connection, and not for long.
async fn drain(mut body: Body) {
    let rest = async { while let Some(Ok(_)) = body.next().await {} };
    let _ = tokio::time::timeout(TAIL, rest).await;
}
