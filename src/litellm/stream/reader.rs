//! Turns the bytes of an answer into chunks: whether it comes as events or whole, and whatever is wrong with it.
//!
//! What is wrong with one event costs that event at most, and is noted.

use serde_json::{Value, value::RawValue};

use crate::{
    litellm::{
        chunk::{Choice, Chunk},
        error::BEGINNING,
        fault,
        mend::{Mender, says_something},
        secrets::Secrets,
        sse,
    },
    values::{self, MAX_VALUES},
};

/// Most bytes of an answer: of a whole one as it came, of a streamed one what its texts, tool calls, images and the like
/// add up to.
pub(super) const MAX_ANSWER: usize = 64 << 20;
/// Most values of one event, which takes a tenth of a second then. An answer that comes whole may have all the
/// probabilities of its words.
const MAX_EVENT_VALUES: usize = 1 << 17;
/// From this many bytes on what is read at once may take milliseconds.
const LONG: usize = 64 << 10;
/// So many events in a row that can't be read are the end.
const MAX_UNREADABLE: u32 = 10;
/// So many bytes of one event show that something comes, though it is not there yet.
const STEP: usize = 4096;
/// What some servers send to keep a connection alive, where others send comments.
const SIGNS_OF_LIFE: [&str; 6] = ["ping", "pong", "heartbeat", "keepalive", "keep-alive", "keep_alive"];
/// What holds the words of an answer, which may be those of the question: whoever sends a key to a model may be told it.
const SAID: [&str; 12] = [
    "content",
    "text",
    "reasoning_content",
    "reasoning",
    "refusal",
    "arguments",
    "thinking",
    "thinking_blocks",
    "reasoning_details",
    "transcript",
    "data",
    "signature",
];
/// What a choice says that ended with an error, and no more.
const UNEXPLAINED: &[u8] =
    br#"{"error":{"message":"the provider ended the answer with an error, and did not say with which"}}"#;

/// What is wrong with an answer.
#[derive(Debug, PartialEq)]
pub(super) enum Problem {
    /// It is the proxy's report of a failure.
    Failure(Vec<u8>),
    /// Events in a row can't be read.
    Unreadable,
    /// One event is too long.
    EventTooLong(sse::TooLong),
    /// One event has too many values.
    TooManyValues,
    /// All of it is too long.
    TooLong,
}

/// What was wrong and did no harm to the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// An event could not be read, and is left out.
    UnreadableEvent,
    /// Something in an event that may have been a text could not be read, and is left out.
    UnreadablePart,
    /// The connection stayed open behind the answer, and in silence: what comes behind an answer may be missing.
    LeftOpen,
}

/// How far an answer is.
#[derive(Debug, Default)]
pub(super) struct Reader {
    shape: Shape,
    mender: Mender,
    /// A choice was there.
    pub(super) understood: bool,
    /// The answer said why it stopped. Other answers, which choices beside the first may be, don't say it for that.
    pub(super) finished: bool,
    /// `[DONE]` came.
    pub(super) done: bool,
    /// The first choice has spoken.
    has_first: bool,
    /// What others said before, one event after the other: kept back, for one may be the only answer.
    held: Vec<u8>,
    /// The report of a failure, where an answer ended with an error.
    failure: Option<Vec<u8>>,
    unreadable_in_a_row: u32,
    /// The last event if it was a sentence: as much of it as is shown.
    pub(super) unread: Option<Vec<u8>>,
    /// What was wrong, each kind once.
    oddities: Vec<Oddity>,
    told: usize,
    /// What the answer adds up to, in bytes.
    pub(super) weight: usize,
    /// How often the answer got further: signs of life do not count.
    pub(super) steps: usize,
    /// The answer is one JSON text, and not a stream.
    came_whole: bool,
    /// That text was cut off, and is read up to there.
    was_cut: bool,
    /// Its bytes once ended as an answer does.
    may_be_whole: bool,
    /// Of so many bytes it is known that they are not yet all of it.
    cut_off: usize,
    /// Bytes of what is not a whole event yet, when they last were a step.
    counted: usize,
    /// A whole event came.
    has_events: bool,
    /// The bytes ended amid an event, or amid one JSON text.
    pub(super) is_amid: bool,
    /// What no part of an answer may say but its words.
    secrets: Secrets,
}

/// How the answer comes.
#[derive(Debug)]
enum Shape {
    /// Not known: blanks and a byte order mark so far.
    Unknown(Vec<u8>),
    /// As a stream of events.
    Events(sse::Decoder),
    /// As one JSON text: some gateways don't stream.
    Whole(Vec<u8>),
}

impl Default for Shape {
    fn default() -> Self {
        Self::Unknown(Vec::new())
    }
}

impl Reader {
    /// One that leaves keys out of all that a proxy adds to an answer.
    pub(super) fn without(secrets: Secrets) -> Self {
        Self { secrets, ..Self::default() }
    }

    /// Takes more bytes, and hands each chunk to `absorb`.
    pub(super) fn take(&mut self, bytes: &[u8], absorb: &mut impl FnMut(Chunk<'_>)) -> Result<(), Problem> {
        match &mut self.shape {
            Shape::Unknown(before) => {
                before.extend_from_slice(bytes);
                let start = before.trim_ascii_start();
                let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
                // What it is said to be says less than how it begins.
                let first = match start {
                    [] | [0xEF] | [0xEF, 0xBB] => {
                        *before = start.to_vec();
                        return Ok(());
                    }
                    [first, ..] => *first,
                };
                let bytes = start.to_vec();
                self.came_whole = matches!(first, b'{' | b'[');
                self.shape = match self.came_whole {
                    true => Shape::Whole(Vec::new()),
                    false => Shape::Events(sse::Decoder::default()),
                };
                self.take(&bytes, absorb)
            }
            Shape::Whole(body) if body.len() + bytes.len() > MAX_ANSWER => Err(Problem::TooLong),
            Shape::Whole(body) => {
                body.extend_from_slice(bytes);
                let length = body.trim_ascii_end().len();
                self.count_pending(length);
                // The first time that it may be whole it has got further, though nothing of it is read yet.
                if self.is_complete() && !std::mem::replace(&mut self.may_be_whole, true) {
                    self.steps += 1;
                }
                Ok(())
            }
            Shape::Events(decoder) => {
                decoder.push(bytes);
                self.take_events(absorb)
            }
        }
    }

    /// Whether it takes long to take more bytes: they end a long event, or bring on much that was kept back.
    pub(super) fn is_long_with(&self, bytes: &[u8]) -> bool {
        if self.held.len() >= LONG {
            return true;
        }
        let mut length = match &self.shape {
            Shape::Events(decoder) => decoder.pending_data(),
            Shape::Unknown(_) => 0,
            Shape::Whole(_) => return false,
        };
        if length + bytes.len() < LONG {
            return false;
        }
        let mut start = 0;
        memchr::memchr2_iter(b'\n', b'\r', bytes).any(|end| {
            length += end - start;
            start = end + 1;
            std::mem::take(&mut length) >= LONG
        })
    }

    /// Whether it takes long to read what has come and is not read yet.
    pub(super) fn is_long(&self) -> bool {
        self.held.len() >= LONG
            || match &self.shape {
                Shape::Events(decoder) => decoder.pending_data() >= LONG,
                Shape::Unknown(_) => false,
                Shape::Whole(body) => body.len() >= LONG,
            }
    }

    fn take_events(&mut self, absorb: &mut impl FnMut(Chunk<'_>)) -> Result<(), Problem> {
        let Shape::Events(mut decoder) = std::mem::take(&mut self.shape) else { return Ok(()) };
        let mut taken = Ok(());
        while taken.is_ok()
            && !self.done
            && let Some(event) = decoder.next()
        {
            self.has_events = true;
            taken = event.map_err(Problem::EventTooLong).and_then(|event| self.take_event(event, absorb));
        }
        self.count_pending(decoder.pending_data());
        self.shape = Shape::Events(decoder);
        taken
    }

    /// The body has ended, or nothing more of it is awaited.
    pub(super) fn finish(&mut self, absorb: &mut impl FnMut(Chunk<'_>)) -> Result<(), Problem> {
        match std::mem::take(&mut self.shape) {
            _ if self.done => {}
            Shape::Unknown(_) => {}
            Shape::Whole(body) => {
                self.is_amid = documents(&body).0.is_empty();
                self.take_documents(&body, absorb)?;
            }
            Shape::Events(mut decoder) => {
                self.is_amid = decoder.pending_data() > 0 || !self.has_events;
                // A last event that was cut off says only that the stream was.
                if let Some(event) = decoder.finish()
                    && let Err(problem @ Problem::Failure(_)) = self.take_last(event, absorb)
                {
                    return Err(problem);
                }
            }
        }
        self.release(absorb);
        for chunk in self.mender.finish() {
            if let Ok(chunk) = serde_json::from_str(&chunk) {
                absorb(chunk);
            }
        }
        self.failure.take().map_or(Ok(()), |failure| Err(Problem::Failure(failure)))
    }

    fn take_last(&mut self, event: &[u8], absorb: &mut impl FnMut(Chunk<'_>)) -> Result<(), Problem> {
        let known = self.oddities.len();
        let taken = self.take_event(event, absorb);
        self.oddities.truncate(known.max(self.told));
        taken
    }

    /// Whether nothing more is needed, as far as can be told without reading it: a choice has said why it stopped, or the
    /// bytes of a whole answer end as one does.
    pub(super) fn is_complete(&self) -> bool {
        match &self.shape {
            Shape::Whole(body) => {
                body.len() != self.cut_off && matches!(body.trim_ascii_end(), [.., b'}' | b']'])
            }
            _ => self.finished,
        }
    }

    /// Whether that is so when it is read.
    pub(super) fn is_whole(&mut self) -> bool {
        let Shape::Whole(body) = &self.shape else { return self.finished };
        let is_whole = documents(body).1.is_empty();
        if !is_whole {
            self.cut_off = body.len();
        }
        is_whole
    }

    /// Whether the end of the bytes is the end of an answer.
    pub(super) fn has_ended(&self) -> bool {
        if self.came_whole { self.understood && !self.was_cut } else { self.finished || self.done }
    }

    /// What was wrong since the last call; each kind is told once.
    pub(super) fn new_oddities(&mut self) -> &[Oddity] {
        let new = &self.oddities[self.told..];
        self.told = self.oddities.len();
        new
    }

    /// Notes that nothing more came behind the answer. One JSON text says all at once.
    pub(super) fn note_left_open(&mut self) {
        if !self.came_whole {
            self.note(Oddity::LeftOpen);
        }
    }

    fn note(&mut self, oddity: Oddity) {
        if !self.oddities.contains(&oddity) {
            self.oddities.push(oddity);
        }
    }

    fn count_pending(&mut self, length: usize) {
        if length < self.counted {
            self.counted = 0;
        }
        if length - self.counted >= STEP {
            self.counted = length;
            self.steps += 1;
        }
    }

    fn take_event(&mut self, event: &[u8], absorb: &mut impl FnMut(Chunk<'_>)) -> Result<(), Problem> {
        let clean = self.secrets.out_of_json(event, &SAID);
        let event = clean.as_deref().unwrap_or(event).trim_ascii();
        if values::are_over(if self.came_whole { MAX_VALUES } else { MAX_EVENT_VALUES }, event) {
            return Err(Problem::TooManyValues);
        }
        // The usual case is read once, and borrows.
        if !self.mender.is_waiting()
            && event.starts_with(b"{")
            && let Ok(chunk) = serde_json::from_slice(event)
        {
            return self.take_chunk(chunk, event, absorb);
        }
        if is_end(event) {
            self.done = true;
            return Ok(());
        }
        if is_sign_of_life(event) {
            return Ok(());
        }
        match documents(event) {
            // Several that were glued together.
            (several, rest) if several.len() + usize::from(!rest.is_empty()) > 1 => {
                several.into_iter().try_for_each(|one| self.take_event(one, absorb))?;
                self.take_event(rest, absorb)
            }
            _ => self.take_odd_event(event, absorb),
        }
    }

    fn take_odd_event(&mut self, event: &[u8], absorb: &mut impl FnMut(Chunk<'_>)) -> Result<(), Problem> {
        if let Some(mended) = self.mender.mend(event)
            && let Ok(chunk) = serde_json::from_str(&mended.json)
        {
            if mended.is_less && !self.finished {
                self.note(Oddity::UnreadablePart);
            }
            return self.take_chunk(chunk, mended.json.as_bytes(), absorb);
        }
        if self.came_whole
            && !self.understood
            && let Some(cut) = self.mender.mend_cut(event)
            && let Ok(chunk) = serde_json::from_str(&cut.json)
        {
            self.was_cut = true;
            return self.take_chunk(chunk, cut.json.as_bytes(), absorb);
        }
        // Where the answer is complete, what some gateways send behind it is theirs.
        if self.finished {
            return Ok(());
        }
        self.note(Oddity::UnreadableEvent);
        self.unreadable_in_a_row += 1;
        let is_sentence = !event.starts_with(b"{") && !event.starts_with(b"[");
        self.unread = is_sentence.then(|| event[..event.len().min(BEGINNING)].to_vec());
        if self.unreadable_in_a_row == MAX_UNREADABLE {
            return Err(Problem::Unreadable);
        }
        // What was cut off may have the next events glued to it.
        let starts: Vec<usize> = memchr::memmem::find_iter(event, b"data: {").collect();
        let ends = starts.iter().skip(1).copied().chain([event.len()]);
        starts.iter().zip(ends).try_for_each(|(start, end)| self.take_event(&event[start + 6..end], absorb))
    }

    /// The JSON texts of a body that came whole; events may follow it.
    fn take_documents(&mut self, body: &[u8], absorb: &mut impl FnMut(Chunk<'_>)) -> Result<(), Problem> {
        if values::are_over(MAX_VALUES, body) {
            return Err(Problem::TooManyValues);
        }
        let (whole, rest) = documents(body);
        whole.into_iter().try_for_each(|one| self.take_event(one, absorb))?;
        let rest = rest.strip_suffix(b"[DONE]").unwrap_or(rest).trim_ascii();
        let rest = rest.strip_suffix(b"data:").unwrap_or(rest).trim_ascii();
        match rest {
            [] => Ok(()),
            [b'{' | b'[', ..] => self.take_event(rest, absorb),
            events => {
                let mut decoder = sse::Decoder::default();
                decoder.push(events);
                decoder.push(b"\n\n");
                self.shape = Shape::Events(decoder);
                self.take_events(absorb)
            }
        }
    }

    fn take_chunk(
        &mut self,
        mut chunk: Chunk<'_>,
        event: &[u8],
        absorb: &mut impl FnMut(Chunk<'_>),
    ) -> Result<(), Problem> {
        self.unreadable_in_a_row = 0;
        self.unread = None;
        let fails =
            chunk.error.is_some_and(is_failure) || chunk.choices.is_none() && tells_failure(&chunk, event);
        chunk.choices.iter_mut().flatten().for_each(Choice::drop_repetition);
        let weight = chunk.weight(event.len());
        if self.weight + weight > MAX_ANSWER {
            return Err(Problem::TooLong);
        }
        self.weight += weight;
        self.steps += usize::from(weight > 0 || self.finished && chunk.usage.is_some());
        if !self.has_first && self.is_first(&chunk) {
            self.has_first = true;
            self.release(absorb);
        }
        if !self.has_first && self.is_beside(&chunk) {
            // It is kept with all that it holds.
            if self.weight + self.held.len() + event.len() > MAX_ANSWER {
                return Err(Problem::TooLong);
            }
            self.held.extend_from_slice(event);
        } else {
            self.hand_on(chunk, absorb);
        }
        if fails { Err(Problem::Failure(event.to_vec())) } else { Ok(()) }
    }

    /// Hands a chunk on; a failure may come with the last of the text.
    fn hand_on(&mut self, chunk: Chunk<'_>, absorb: &mut impl FnMut(Chunk<'_>)) {
        for choice in chunk.choices.iter().flatten() {
            self.understood = true;
            if choice.is_first()
                && let Some(reason) = choice.finish_reason.non_empty()
            {
                self.steps += usize::from(!self.finished);
                self.finished = true;
                self.fail(choice, reason);
            }
        }
        absorb(chunk);
    }

    /// Whether the first choice speaks.
    fn is_first(&self, chunk: &Chunk<'_>) -> bool {
        chunk.choices.iter().flatten().any(|choice| choice.is_first() && choice.speaks())
    }

    /// Whether other choices speak, or go on to.
    fn is_beside(&self, chunk: &Chunk<'_>) -> bool {
        let choices = chunk.choices.as_deref().unwrap_or_default();
        choices.iter().all(|choice| !choice.is_first())
            && choices.iter().any(|choice| !self.held.is_empty() || choice.speaks())
    }

    /// Hands on what was kept back. Where the first choice has said nothing, the one that spoke first takes its
    /// place: some servers give the only answer another number.
    fn release(&mut self, absorb: &mut impl FnMut(Chunk<'_>)) {
        let mut answer = None;
        let held = std::mem::take(&mut self.held);
        for mut chunk in serde_json::Deserializer::from_slice(&held).into_iter::<Chunk<'_>>().flatten() {
            chunk.choices.iter_mut().flatten().for_each(Choice::drop_repetition);
            for choice in chunk.choices.iter_mut().flatten() {
                if !self.has_first && answer.is_none() && choice.speaks() {
                    answer = choice.index;
                }
                if answer.is_some() && choice.index == answer {
                    choice.index = Some(0);
                }
            }
            self.hand_on(chunk, absorb);
        }
    }

    /// Keeps the failure that a choice tells. It is told at the end, for usage may follow.
    fn fail(&mut self, choice: &Choice<'_>, reason: &str) {
        let told = choice.error.filter(|error| is_failure(error));
        if told.is_some() || reason.eq_ignore_ascii_case("error") {
            let report = told.map(|error| format!("{{\"error\":{}}}", error.get()).into_bytes());
            self.failure.get_or_insert_with(|| report.unwrap_or_else(|| UNEXPLAINED.to_vec()));
        }
    }
}

/// The JSON texts that stand one after the other, and what follows them.
fn documents(bytes: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let mut texts = Vec::new();
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<serde::de::IgnoredAny>();
    let mut end = 0;
    while let Some(Ok(_)) = values.next() {
        texts.push(bytes[end..values.byte_offset()].trim_ascii());
        end = values.byte_offset();
    }
    (texts, bytes[end..].trim_ascii())
}

/// Whether an event is the last, `[DONE]`.
fn is_end(event: &[u8]) -> bool {
    let word = event.strip_prefix(b"\"").and_then(|word| word.strip_suffix(b"\"")).unwrap_or(event);
    word.eq_ignore_ascii_case(b"[DONE]")
}

/// Whether an event says only that the connection lives: nothing, null, a comment that was sent as data.
fn is_sign_of_life(event: &[u8]) -> bool {
    matches!(event, [] | b"null" | b"NaN" | [b':', ..])
        || SIGNS_OF_LIFE.iter().any(|word| event.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether an `error` is one: `false`, `""` and `{}` are none.
fn is_failure(error: &RawValue) -> bool {
    match error.get() {
        "null" | "false" | "\"\"" | "{}" => false,
        // What can't be read says something all the same.
        told => serde_json::from_str(told).map_or(true, |told: Value| says_something(&told)),
    }
}

/// Whether an event without choices is a failure in the words of other servers: vLLM's `{"object": "error", …}`,
/// Anthropic's `{"type": "overloaded_error", …}`, FastAPI's `{"detail": …}`, MiniMax's `{"base_resp": …}`,
/// a gateway's `{"code": 503, "message": …}`. What says nothing of a failure, such as `{"message": "thinking"}`, is none.
fn tells_failure(chunk: &Chunk<'_>, event: &[u8]) -> bool {
    if chunk.usage.is_some() || chunk.id.non_empty().is_some() {
        return false;
    }
    let event: Value = serde_json::from_slice(event).unwrap_or_default();
    let code = &event["base_resp"]["status_code"];
    let fails = ["type", "object", "status", "status_code", "statusCode", "code", "level"];
    let tells = ["detail", "errors", "fault", "faultstring", "error_message", "error_description"];
    fault::said(&event).is_some()
        && (fails.iter().any(|name| is_of_failure(&event[*name]))
            || tells.iter().any(|name| says_something(&event[*name]))
            || !code.is_null() && code != 0)
}

/// Whether a type, status or code is that of a failure: a status of 400 and more, `rate_limit_error`, `failed`.
fn is_of_failure(value: &Value) -> bool {
    match value {
        Value::String(word) => {
            let word = word.to_ascii_lowercase();
            word.parse().map_or_else(
                |_| {
                    ["error", "fail", "exception", "exceeded", "overloaded"]
                        .iter()
                        .any(|sign| word.contains(sign))
                },
                |status: u64| status >= 400,
            )
        }
        other => other.as_u64().is_some_and(|status| status >= 400),
    }
}
