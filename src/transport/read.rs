//! Reads one message, within a limit on what it becomes in memory.

use bytes::{Buf, Bytes};
use serde_json::Value;

use super::{
    message::{ErrorObject, Incoming},
    surrogates, unreadable,
};
use crate::{numbers, off_thread::off_thread};

/// From this many bytes on a message takes milliseconds to read.
const LARGE: usize = 256 << 10;
/// Most values in one message. Each takes some 100 bytes in memory, however short it is written.
pub const MAX_VALUES: usize = 1 << 20;

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

/// Reads a message.
pub(super) fn read(bytes: Bytes) -> Incoming {
    if bytes.len() > MAX_VALUES && values(&bytes) > MAX_VALUES {
        let error = format!("this message has more than {MAX_VALUES} values: send less at once");
        return unreadable::sorted(&bytes, ErrorObject::invalid_request(error));
    }
    match parse(&bytes) {
        Ok(message) => Incoming::sort(message),
        Err(error) => {
            let reason = unreadable::reason(&bytes, &error);
            unreadable::sorted(&bytes, ErrorObject::parse_error(reason))
        }
    }
}

fn parse(bytes: &[u8]) -> serde_json::Result<Value> {
    let parsed = |bytes: &[u8]| serde_json::from_slice(&numbers::with_large_kept(bytes));
    // What can't be read is told by its own bytes.
    parsed(bytes).or_else(|_| {
        let mut mended = bytes.to_vec();
        if surrogates::mend(&mut mended) { parsed(&mended) } else { serde_json::from_slice(bytes) }
    })
}

/// About how many values a message has: each but the first stands behind one of these. Those within texts count too,
/// unless the message has too many with them.
fn values(json: &[u8]) -> usize {
    let is_sign = |byte: &&u8| matches!(**byte, b',' | b'[' | b'{');
    let all = json.iter().filter(is_sign).count();
    if all <= MAX_VALUES {
        return all;
    }
    let mut count = 0;
    let mut place = 0;
    while let Some(byte) = json.get(place) {
        place = match byte {
            b'"' => unreadable::end_of_text(json, place).unwrap_or(json.len()),
            _ => place + 1,
        };
        count += usize::from(is_sign(&byte));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_but_not_those_in_texts() {
        for (value, counted) in
            [("1,", MAX_VALUES + 1), ("{\"a\":[1]},", 3 * MAX_VALUES), ("\"x,{[\\\",\",", MAX_VALUES + 1)]
        {
            let json = format!("[{}1]", value.repeat(MAX_VALUES));
            let count = values(json.as_bytes());
            assert!(count >= counted && count <= counted + MAX_VALUES, "{value}: {count}");
            assert!(serde_json::from_str::<serde::de::IgnoredAny>(&json).is_ok());
        }
        let text = format!("[\"{}\"]", ",".repeat(2 * MAX_VALUES));
        assert_eq!(values(text.as_bytes()), 1);
    }
}
