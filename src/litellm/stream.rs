//! The answer to a chat, as it comes.

mod meta;
mod reader;
mod timeouts;

use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use reqwest::{Response, Url};
use tokio::time::Instant;

use super::{
    AnswerTimeouts, Error, Head, Secrets,
    body::{self, Body},
    charset::{Western, is_western},
    chunk::Chunk,
    error::{BEGINNING, beginning, shown},
    fault, header,
};
use crate::{off_thread::aside, plain};

pub use meta::Meta;
pub use reader::Oddity;

pub(super) use timeouts::{TAIL, within};

use reader::{MAX_ANSWER, Problem, Reader};
use timeouts::{Clock, Silence};

/// Most bytes to take in before what they said is handed on.
const BURST: usize = 256 << 10;
/// How many bytes are read before others have their turn: some hundred chunks, a tenth of a millisecond.
const TURN: usize = 16 << 10;
/// Longest to do so. Where others have much to do, something more may have come each time that there is a turn.
const JOINED: Duration = Duration::from_millis(10);

/// Whether an answer goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// There may be more.
    More,
    /// It has ended as it should.
    End,
}

/// The answer to a chat, under way. Dropping it closes the connection, which stops the model.
pub struct ChatStream {
    /// What the headers say.
    pub meta: Meta,
    /// None once the answer has ended.
    body: Option<Body>,
    reader: Reader,
    clock: Clock,
    /// Kept to show what it was when it turns out to be no answer.
    beginning: Vec<u8>,
    content_type: Option<String>,
    /// A coding that nobody asked for.
    coding: Option<String>,
    /// A success of any kind.
    status: u16,
    /// Where the bytes are said to be no UTF-8.
    western: Option<Western>,
    url: Url,
    secrets: Secrets,
}

impl ChatStream {
    /// The answer to what was asked at `asked`.
    pub(super) fn open(
        response: Response,
        url: Url,
        asked: Instant,
        timeouts: AnswerTimeouts,
        secrets: Secrets,
    ) -> Self {
        let (Head { status, headers }, body) = body::open(response, &url);
        let content_type = header(&headers, "content-type").map(str::to_ascii_lowercase);
        Self {
            meta: Meta::read(&headers, &secrets),
            body: Some(body),
            reader: Reader::without(secrets.clone()),
            clock: Clock::new(asked, timeouts),
            beginning: Vec::new(),
            western: content_type.as_deref().is_some_and(is_western).then(Western::default),
            content_type,
            coding: body::foreign(&headers),
            status: status.as_u16(),
            url,
            secrets,
        }
    }

    /// What was wrong since the last call and did no harm to the rest; each kind is told once.
    pub fn oddities(&mut self) -> &[Oddity] {
        self.reader.new_oddities()
    }

    /// Waits for more of the answer, takes in all that is ready, and hands each chunk to `absorb`.
    ///
    /// # Errors
    /// Where nothing comes for too long, the connection breaks, the proxy reports a failure, or the stream ends
    /// without its end. What was absorbed until then holds.
    pub async fn read(&mut self, mut absorb: impl FnMut(Chunk<'_>)) -> Result<Flow, Error> {
        let Some(body) = &mut self.body else { return Ok(Flow::End) };
        let now = Instant::now();
        let (deadline, _) = self.clock.limit(now, self.reader.is_complete());
        let is_late = now >= deadline;
        let piece = self.clock.wait(deadline, body.next()).await;
        let (steps, is_late) = (self.reader.steps, is_late || piece.is_none());
        if let Some(piece) = piece
            && self.take_burst(piece, &mut absorb).await? == Flow::End
        {
            return Ok(Flow::End);
        }
        self.clock.note(self.reader.steps != steps, self.reader.weight);
        let now = Instant::now();
        match self.clock.limit(now, self.reader.is_complete()) {
            (deadline, silence) if is_late && now >= deadline => self.silence(silence, &mut absorb).await,
            _ => Ok(Flow::More),
        }
    }

    async fn take_burst(
        &mut self,
        mut piece: Option<Result<Bytes, Error>>,
        absorb: &mut impl FnMut(Chunk<'_>),
    ) -> Result<Flow, Error> {
        let mut taken = 0;
        let began = Instant::now();
        loop {
            match piece {
                Some(Ok(bytes)) => {
                    taken += bytes.len();
                    for (turn, bytes) in bytes.chunks(TURN).enumerate() {
                        if self.reader.is_long_with(bytes) {
                            aside().await;
                        }
                        if turn > 0 {
                            tokio::task::yield_now().await;
                        }
                        self.take(bytes, absorb)?;
                    }
                }
                Some(Err(error)) => return self.give_up(error, absorb).await,
                None => return self.end(absorb).await,
            }
            if self.reader.done {
                self.body.take().map(|body| tokio::spawn(drain(body)));
                return self.end(absorb).await;
            }
            let Some(body) = &mut self.body else { return Ok(Flow::End) };
            if taken >= BURST || began.elapsed() >= JOINED {
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
        let taken = match &mut self.western {
            None => self.reader.take(bytes, absorb),
            Some(western) => self.reader.take(&western.take(bytes), absorb),
        };
        taken.map_err(|problem| self.refused(problem))
    }

    /// Nothing more comes: is that the end of the answer, or has a limit passed?
    async fn silence(&mut self, silence: Silence, absorb: &mut impl FnMut(Chunk<'_>)) -> Result<Flow, Error> {
        if let Silence::Limit(phase, limit) = silence {
            return self.give_up(Error::Timeout { phase, limit, url: shown(&self.url) }, absorb).await;
        }
        if self.reader.is_long() {
            aside().await;
        }
        if !self.reader.is_whole() {
            return Ok(Flow::More);
        }
        self.reader.note_left_open();
        self.end(absorb).await
    }

    /// The rest does not come, for a reason: what has come is read. Where that is the whole answer only its trailer is
    /// lost, and a failure that it reports says more than the reason.
    async fn give_up(&mut self, reason: Error, absorb: &mut impl FnMut(Chunk<'_>)) -> Result<Flow, Error> {
        match self.end(absorb).await {
            Err(Error::Interrupted { .. } | Error::Coding { .. } | Error::BadResponse { .. }) => Err(reason),
            ended => ended,
        }
    }

    /// Nothing more is read: was that the end of the answer too?
    async fn end(&mut self, absorb: &mut impl FnMut(Chunk<'_>)) -> Result<Flow, Error> {
        self.body = None;
        if self.reader.is_long() {
            aside().await;
        }
        let open = self.western.as_mut().map(Western::finish).filter(|open| !open.is_empty());
        let taken = open.map_or(Ok(()), |open| self.reader.take(&open, absorb));
        taken.and_then(|()| self.reader.finish(absorb)).map_err(|problem| self.refused(problem))?;
        if self.reader.has_ended() {
            return Ok(Flow::End);
        }
        if self.reader.understood || self.beginning.is_empty() || self.was_cut() {
            let unread = self.reader.unread.as_deref().map(|unread| beginning(unread, &self.secrets));
            return Err(match unread.as_deref().map(plain::sentence) {
                Some(unread) => {
                    self.interrupted(format!("the stream ended without its end, after this: {unread}"))
                }
                None => self.interrupted("the stream ended without its end"),
            });
        }
        if let Some(coding) = self.coding.as_deref().map(|coding| self.secrets.out_of(coding)) {
            return Err(Error::Coding { coding, status: self.status, url: shown(&self.url) });
        }
        Err(Error::BadResponse {
            reason: "the answer is neither a stream of events nor a completion".into(),
            status: self.status,
            content_type: self.content_type.as_deref().map(|kind| self.secrets.out_of(kind)),
            body: beginning(&self.beginning, &self.secrets),
            refused: Vec::new(),
            url: shown(&self.url),
        })
    }

    /// Whether what came ended amid its first event, or amid JSON: that is no evidence of another server.
    fn was_cut(&self) -> bool {
        let begins_as = |word: &str| {
            self.beginning.starts_with(word.as_bytes()) || word.as_bytes().starts_with(&self.beginning)
        };
        self.reader.is_amid && ["data:", ":", "event:", "id:", "retry:", "{"].into_iter().any(begins_as)
    }

    fn interrupted(&self, reason: impl Into<String>) -> Error {
        Error::Interrupted { reason: reason.into(), url: shown(&self.url) }
    }

    fn refused(&self, problem: Problem) -> Error {
        match problem {
            Problem::Unreadable => {
                self.interrupted("the proxy sent one event after another that is not a chunk of a completion")
            }
            Problem::EventTooLong(reason) => self.interrupted(reason.to_string()),
            Problem::TooManyValues => {
                self.interrupted("the proxy sent more values at once than an answer has")
            }
            Problem::TooLong => Error::TooLarge { limit: MAX_ANSWER, url: shown(&self.url) },
            Problem::Failure(error) => Error::Fault {
                fault: Box::new(fault::read(None, &|_| None, &error, &self.secrets)),
                status: None,
                call_id: self.meta.call_id.clone(),
                url: shown(&self.url),
            },
        }
    }
}

/// Reads the few bytes behind the end of an answer, without which the connection could not be used again. It holds
/// nothing but the connection, and not for long.
async fn drain(mut body: Body) {
    let rest = async { while let Some(Ok(_)) = body.next().await {} };
    let _ = tokio::time::timeout(TAIL, rest).await;
}

/// What a body says that comes in these pieces, and what was odd about it.
#[cfg(test)]
pub(crate) fn read_pieces<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
    mut absorb: impl FnMut(Chunk<'_>),
) -> (Result<(), String>, Vec<Oddity>) {
    let mut reader = Reader::default();
    let taken = pieces.into_iter().try_for_each(|piece| reader.take(piece, &mut absorb));
    let ended = taken.and_then(|()| reader.finish(&mut absorb)).map_err(|problem| format!("{problem:?}"));
    (ended, reader.new_oddities().to_vec())
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;
    use crate::off_thread::Work;

    const TIMEOUTS: AnswerTimeouts = AnswerTimeouts {
        first_token: Duration::from_secs(60),
        idle: Duration::from_secs(60),
        least_a_minute: 0,
    };

    /// Whether the chunks of an answer are read on the thread that serves everybody.
    async fn is_read_here(body: String) -> Vec<bool> {
        let here = std::thread::current().id();
        let read = async move {
            let response = hyper::Response::new(body).into();
            let url = Url::parse("http://localhost/").unwrap();
            let mut stream = ChatStream::open(response, url, Instant::now(), TIMEOUTS, Secrets::default());
            let mut read = Vec::new();
            while stream.read(|_| read.push(std::thread::current().id() == here)).await.unwrap() == Flow::More
            {
            }
            read
        };
        Work::new(read, false).finish().await
    }

    /// Other choices are kept back until the first speaks, and then read again.
    #[tokio::test]
    async fn what_was_kept_back_is_read_beside_where_it_is_much() {
        let event = |index: u32, text: &str| {
            format!("data: {{\"choices\":[{{\"index\":{index},\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
        };
        for (count, is_here) in [(2, true), (2_000, false)] {
            let others = event(1, &"x".repeat(50)).repeat(count);
            let read = is_read_here(others + &event(0, "y") + "data: [DONE]\n\n").await;
            assert_eq!(read.len(), count + 1);
            assert_eq!(read[0], is_here, "{count} events");
        }
    }

    /// However busy everybody is, so that something more is there at each look.
    #[tokio::test]
    async fn what_comes_steadily_is_handed_on() {
        const EVENT: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";
        let steady = futures_util::stream::repeat_with(|| {
            std::thread::sleep(Duration::from_millis(1));
            Ok::<_, std::io::Error>(EVENT)
        });
        let response = hyper::Response::new(reqwest::Body::wrap_stream(steady)).into();
        let url = Url::parse("http://localhost/").unwrap();
        let mut stream = ChatStream::open(response, url, Instant::now(), TIMEOUTS, Secrets::default());
        let mut chunks = 0;
        stream.read(|_| chunks += 1).await.unwrap();
        assert!(chunks < 1_000, "{chunks} chunks were kept back");
    }

    /// However much of it comes at once.
    #[tokio::test]
    async fn others_have_their_turn_while_much_is_read() {
        const EVENT: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";
        let turns = Arc::new(AtomicUsize::new(0));
        let others = turns.clone();
        let other = tokio::spawn(async move {
            loop {
                others.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        });
        let response = hyper::Response::new(EVENT.repeat(5_000)).into();
        let url = Url::parse("http://localhost/").unwrap();
        let mut stream = ChatStream::open(response, url, Instant::now(), TIMEOUTS, Secrets::default());
        let mut read = vec![0; 5_000];
        stream.read(|_| read[turns.load(Ordering::Relaxed)] += 1).await.unwrap();
        other.abort();
        assert_eq!(read.iter().sum::<usize>(), 5_000);
        assert!(read.iter().all(|read| *read <= TURN / EVENT.len() + 1), "{:?}", read.iter().max());
    }

    /// However little of what is kept back is text.
    #[test]
    fn what_other_choices_say_before_the_first_has_a_bound() {
        let padding = "x".repeat(1 << 20);
        let event = format!(
            "data: {{\"choices\":[{{\"index\":1,\"delta\":{{\"content\":\"x\"}}}}],\"pad\":\"{padding}\"}}\n\n"
        );
        let mut taken = 0;
        let pieces = std::iter::repeat_n(event.as_bytes(), 100).inspect(|_| taken += 1);
        let (ended, _) = read_pieces(pieces, |_| {});
        assert_eq!(ended, Err("TooLong".to_owned()));
        assert!(taken <= MAX_ANSWER / padding.len(), "{taken} megabytes were kept");
    }

    #[tokio::test]
    async fn what_is_long_is_read_beside_the_thread_that_serves_everybody() {
        let choice = |member: &str, text: &str| {
            format!(r#"{{"choices":[{{"{member}":{{"content":"{text}"}},"finish_reason":"stop"}}]}}"#)
        };
        let long = "x".repeat(100_000);
        let event = |text: &str| format!("data: {}\n\n", choice("delta", text));
        for (what, body, is_here) in [
            ("a short answer that comes whole", choice("message", "x"), true),
            ("a long one", choice("message", &long), false),
            ("many short events", event("x").repeat(5_000), true),
            ("a long event", event(&long), false),
            ("a long last event", event(&long).trim_end().to_owned(), false),
        ] {
            let read = is_read_here(body).await;
            assert!(!read.is_empty() && read.iter().all(|here| *here == is_here), "{what}");
        }
    }
}
