//! Whatever a proxy sends: nothing panics, any split of the bytes says the same, and the pieces are the whole.

use litellm_ls_protocol::Delta;
use proptest::prelude::*;

use super::{Deltas, Message};
use crate::litellm::{
    noise::{cut, noise},
    read_pieces,
};

const PIECES: &[&[u8]] = &[
    b"data: ",
    b"\n\n",
    b"\n",
    b": c\n\n",
    b"data: [DONE]\n\n",
    b"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
    b"data: {\"choices\":[{\"delta\":{\"content\":\"\\ud83d\"}}]}\n\n",
    b"data: {\"choices\":[{\"delta\":{\"content\":\"\\ude80\"}}]}\n\n",
    b"data: {\"choices\":[{\"delta\":{\"content\":\"\xf0\x9f\"}}]}\n\n",
    b"data: {\"choices\":[{\"delta\":{\"content\":\"\x9a\x80\"}}]}\n\n",
    b"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
    b"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}}]}\n\n",
    b"{\"choices\":[{\"delta\":{\"content\":",
    b"\"text\"",
    b"}}]}",
    b"[{\"type\":\"text\",\"text\":\"p\"}]",
    b"\"tool_calls\":[",
    b"\"usage\":",
    b"\"error\":",
    b"NaN",
    b"null",
    b"-1e999",
    b"{}",
    b"[]",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\ud800",
    b"\xff",
];

/// What came of it, and the texts that were sent ahead.
fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Message, String, String) {
    let (mut message, mut deltas) = (Message::default(), Deltas::default());
    let (outcome, _) = read_pieces(pieces, |chunk| message.absorb(chunk, &mut deltas));
    message.finish("unique", &mut deltas);
    let mut sent = String::new();
    while let Some(delta) = deltas.pop() {
        if let Delta::Text { text } = delta {
            sent.push_str(&text);
        }
    }
    (message, sent, format!("{outcome:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100_000))]

    #[test]
    fn any_bytes_are_read_to_their_end(seed: u64) {
        let bytes = noise(seed, PIECES);
        let (whole, sent, outcome) = read([bytes.as_slice()]);
        prop_assert_eq!(&sent, &whole.text);
        let (cut, _, cut_outcome) = read(cut(seed, &bytes));
        prop_assert_eq!((cut.text, cut.reasoning, cut_outcome), (whole.text, whole.reasoning, outcome));
    }
}
