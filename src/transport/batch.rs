//! Batches of the line door: many messages in one line, whose answers go out together.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde::{
    Deserializer,
    de::{Error, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    Outbox,
    message::{ErrorObject, Response},
};
use crate::lock::lock;

/// Most messages in one batch.
pub const MAX_BATCH: usize = 128 << 10;

/// Most bytes of results in the answers to one batch; for what comes then there is an error.
const MAX_RESULTS: usize = 64 << 20;

/// The answers to one batch. They go out when the last of its messages lets go of it, however that ended.
pub(super) struct Batch {
    outbox: Outbox,
    answers: Mutex<Answers>,
}

#[derive(Default)]
struct Answers {
    answers: Vec<Response>,
    /// Bytes of results.
    bytes: usize,
}

impl Batch {
    pub(super) fn new(outbox: Outbox) -> Arc<Self> {
        Arc::new(Self { outbox, answers: Mutex::default() })
    }

    /// Keeps an answer. Its request makes room for others, for they may be of this batch.
    pub(super) fn add(&self, answer: Response) {
        let mut answers = lock(&self.answers);
        let bytes = answer.bytes();
        let answer = if answers.bytes + bytes > MAX_RESULTS {
            let reason = format!("the answers to this batch are over the limit of {MAX_RESULTS} bytes");
            answer.refused(ErrorObject::invalid_request(format!("{reason}: ask for less at once")))
        } else {
            answers.bytes += bytes;
            answer
        };
        answers.answers.push(answer.out_of_place());
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        let answers = lock(&self.answers);
        // One of nothing but notifications has no answer.
        if !answers.answers.is_empty() {
            self.outbox.reply_to_batch(&answers.answers);
        }
    }
}

/// Whether a message is a batch.
pub(super) fn is_batch(json: &[u8]) -> bool {
    json.trim_ascii_start().starts_with(b"[")
}

/// The messages of a batch, each as it stands there.
///
/// # Errors
/// Where it is no JSON, or, as an error of data, where it has more messages than [`MAX_BATCH`].
pub(super) fn split(batch: &Bytes) -> serde_json::Result<Vec<Bytes>> {
    struct Messages<'a>(&'a Bytes);
    impl<'de> Visitor<'de> for Messages<'de> {
        type Value = Vec<Bytes>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a batch")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut messages: A) -> Result<Vec<Bytes>, A::Error> {
            let mut split = Vec::new();
            while let Some(message) = messages.next_element::<&RawValue>()? {
                if split.len() == MAX_BATCH {
                    return Err(A::Error::custom("too many"));
                }
                split.push(self.0.slice_ref(message.get().as_bytes()));
            }
            Ok(split)
        }
    }
    let mut reader = serde_json::Deserializer::from_slice(batch);
    let messages = reader.deserialize_seq(Messages(batch))?;
    reader.end()?;
    Ok(messages)
}
