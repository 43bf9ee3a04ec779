//! Reads one message, within a limit on what it becomes in memory.

use bytes::{Buf, Bytes};
use serde_json::Value;

use super::{
    Framing, batch,
    message::{ErrorObject, Incoming},
    surrogates, unreadable,
};
pub use crate::values::MAX_VALUES;
use crate::{numbers, off_thread::off_thread, values};

/// From this many bytes on a message takes milliseconds to read.
pub(super) const LARGE: usize = 256 << 10;

/// Does work on the bytes of a message; of a large one beside the thread that serves everybody.
pub(super) async fn beside<T: Send + 'static>(
    bytes: Bytes,
    work: impl FnOnce(Bytes) -> T + Send + 'static,
) -> T {
    if bytes.len() >= LARGE { off_thread(move || work(bytes)).await } else { work(bytes) }
}

/// A message without the mark that some programs for Windows put before UTF-8.
pub(super) fn without_mark(mut bytes: Bytes) -> Bytes {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.advance(3);
    }
    bytes
}

/// What a peer says in a message or batch, as the loop reads it. None where a batch can't be read.
pub fn heard(framing: Framing, bytes: Bytes) -> Vec<Incoming> {
    let bytes = without_mark(bytes);
    if framing == Framing::Lines && batch::is_batch(&bytes) {
        batch::split(&bytes).unwrap_or_default().into_iter().map(read).collect()
    } else {
        vec![read(bytes)]
    }
}

/// Reads a message.
pub(super) fn read(bytes: Bytes) -> Incoming {
    if values::are_over(MAX_VALUES, &bytes) {
        let error = format!("this message has more than {MAX_VALUES} values: send less at once");
        return unreadable::sorted(&bytes, ErrorObject::invalid_request(error));
    }
    match parse(&bytes) {
        // An answer could not bear it.
        Ok((message, true)) if is_broken(&message["id"]) => {
            let error = ErrorObject::invalid_request("the id holds half a character: send another".into());
            Incoming::Refused { id: Value::Null, error }
        }
        Ok((message, _)) => Incoming::sort(message),
        Err(error) => {
            let reason = unreadable::reason(&bytes, &error);
            unreadable::sorted(&bytes, ErrorObject::parse_error(reason))
        }
    }
}

/// A message, and whether half characters in it were mended.
fn parse(bytes: &[u8]) -> serde_json::Result<(Value, bool)> {
    let parsed = |bytes: &[u8]| serde_json::from_slice(&numbers::with_large_kept(bytes));
    // What can't be read is told by its own bytes.
    parsed(bytes).map(|message| (message, false)).or_else(|_| {
        let mut mended = bytes.to_vec();
        let is_mended = surrogates::mend(&mut mended);
        let message = if is_mended { parsed(&mended) } else { serde_json::from_slice(bytes) };
        message.map(|message| (message, is_mended))
    })
}

fn is_broken(id: &Value) -> bool {
    id.as_str().is_some_and(|id| id.contains('\u{fffd}'))
}
