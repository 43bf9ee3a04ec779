//! Messages that were read and can't begin yet, in their order.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use serde_json::Value;

use super::batch::Batch;

/// About how many bytes of messages wait; the reader stops reading where there are more. Enough for all that a script
/// may write before it begins to read.
const MAX_WAITING: usize = 32 << 20;
/// What a message costs beside its bytes, about.
const OVERHEAD: usize = 128;

/// One message as it came, and the batch that it is a part of.
pub(super) struct Message {
    pub(super) bytes: Bytes,
    pub(super) batch: Option<Arc<Batch>>,
}

/// The messages that wait.
#[derive(Default)]
pub(super) struct Waiting {
    queue: VecDeque<Place>,
    /// How many have left the front of the queue: where a message is in it is its number less this.
    gone: usize,
    /// The numbers of requests, by their ids as JSON text.
    numbers: HashMap<String, usize>,
    bytes: usize,
}

/// A place in the queue. A message that was cancelled leaves it empty.
struct Place {
    message: Option<Message>,
    id: Option<String>,
}

impl Waiting {
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes >= MAX_WAITING
    }

    /// Adds a message, which can be cancelled by its id where it has one.
    pub(super) fn push(&mut self, message: Message, id: Option<&Value>) {
        self.bytes += message.bytes.len() + OVERHEAD;
        let id = id.map(Value::to_string);
        if let Some(id) = &id {
            self.numbers.entry(id.clone()).or_insert(self.gone + self.queue.len());
        }
        self.queue.push_back(Place { message: Some(message), id });
    }

    /// Takes the first message, to begin it.
    pub(super) fn pop(&mut self) -> Option<Message> {
        while let Some(Place { message, id }) = self.queue.pop_front() {
            let number = self.gone;
            self.gone += 1;
            self.bytes -= OVERHEAD;
            if let Some(id) = id.filter(|id| self.numbers.get(id) == Some(&number)) {
                self.numbers.remove(&id);
            }
            if let Some(message) = message {
                self.bytes -= message.bytes.len();
                return Some(message);
            }
        }
        None
    }

    /// The id of the request whose progress the button cancels that was pressed by this message.
    pub(super) fn with_progress_of(&self, pressed: &[u8]) -> Option<Value> {
        let token = |message: &[u8], name: &str| {
            let mut message: Value = serde_json::from_slice(message).ok()?;
            Some((message["params"][name].take(), message["id"].take())).filter(|(token, _)| !token.is_null())
        };
        let (pressed, _) = token(pressed, "token")?;
        let written = pressed.to_string();
        let finder = memchr::memmem::Finder::new(&written);
        // Only what names the token is read.
        let waiting =
            self.queue.iter().filter(|place| place.id.is_some()).filter_map(|place| place.message.as_ref());
        waiting.filter(|message| finder.find(&message.bytes).is_some()).find_map(|message| {
            let (asked, id) = token(&message.bytes, "workDoneToken")?;
            (asked == pressed).then_some(id)
        })
    }

    /// Takes the request `id` out.
    pub(super) fn cancel(&mut self, id: &Value) -> Option<Message> {
        let number = self.numbers.remove(&id.to_string())?;
        let message = self.queue.get_mut(number - self.gone)?.message.take()?;
        self.bytes -= message.bytes.len();
        Some(message)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(text: &str) -> Message {
        Message { bytes: Bytes::copy_from_slice(text.as_bytes()), batch: None }
    }

    #[test]
    fn messages_leave_in_their_order_but_for_cancelled_ones() {
        let mut waiting = Waiting::default();
        for number in 0..6 {
            waiting.push(message(&number.to_string()), Some(&json!(number % 4)));
        }
        let text = |message: Option<Message>| message.map(|message| message.bytes);
        assert_eq!(text(waiting.pop()), Some("0".into()));
        assert_eq!(text(waiting.cancel(&json!(0))), None, "it has begun");
        assert_eq!(text(waiting.cancel(&json!(2))), Some("2".into()));
        assert_eq!(text(waiting.cancel(&json!(2))), None);
        assert_eq!(text(waiting.cancel(&json!("3"))), None, "another id");
        let rest: Vec<_> = std::iter::from_fn(|| text(waiting.pop())).collect();
        assert_eq!(rest, ["1", "3", "4", "5"].map(Bytes::from));
        assert!(waiting.is_empty() && waiting.bytes == 0);
        waiting.push(message("6"), Some(&json!(1)));
        assert_eq!(text(waiting.cancel(&json!(1))), Some("6".into()));
    }

    #[test]
    fn a_request_is_found_by_the_button_of_its_progress() {
        let mut waiting = Waiting::default();
        let asked = |id: u8, token: Value| json!({"id": id, "params": {"workDoneToken": token}, "x": "t1"});
        for (id, token) in [(1, json!("t0")), (2, json!("t1")), (3, json!(7))] {
            waiting.push(message(&asked(id, token).to_string()), Some(&json!(id)));
        }
        let pressed = |token: Value| json!({"method": "m", "params": {"token": token}}).to_string();
        for (token, id) in
            [(json!("t1"), Some(2)), (json!(7), Some(3)), (json!("7"), None), (json!(null), None)]
        {
            assert_eq!(waiting.with_progress_of(pressed(token).as_bytes()), id.map(Value::from));
        }
        waiting.cancel(&json!(2));
        assert_eq!(waiting.with_progress_of(pressed(json!("t1")).as_bytes()), None);
    }

    #[test]
    fn there_is_a_bound() {
        let mut waiting = Waiting::default();
        let mut pushed = 0;
        while !waiting.is_full() {
            waiting.push(message(&"x".repeat(1000)), None);
            pushed += 1;
        }
        assert_eq!(pushed, MAX_WAITING.div_ceil(1000 + OVERHEAD));
        while waiting.pop().is_some() {}
        assert!(!waiting.is_full());
    }
}
