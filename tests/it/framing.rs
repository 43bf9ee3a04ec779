//! Any split of the bytes gives the same messages, and no bytes at all break the decoders.

use bytes::BytesMut;
use litellm_ls::transport::{Decoder, Frame, Framing};
use proptest::prelude::*;

/// What a decoder makes of these bytes, read in pieces of these lengths.
fn frames(framing: Framing, bytes: &[u8], cuts: &[usize]) -> Vec<Frame> {
    let mut decoder = Decoder::new(framing, 64);
    let mut buffer = BytesMut::new();
    let mut frames = Vec::new();
    let mut rest = bytes;
    let mut cuts = cuts.iter().copied().cycle();
    while !rest.is_empty() {
        let (piece, later) = rest.split_at(cuts.next().unwrap_or(1).clamp(1, rest.len()));
        buffer.extend_from_slice(piece);
        rest = later;
        while let Some(frame) = decoder.decode(&mut buffer) {
            let lost = matches!(frame, Frame::Lost(_));
            frames.push(frame);
            if lost {
                return frames;
            }
        }
        assert!(buffer.len() <= 16 << 10, "what is kept is bounded");
    }
    frames.extend(decoder.finish(&mut buffer));
    frames
}

fn messages() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[a-z{}\":🦀é ]{0,80}", 0..6)
}

/// A part of a stream, whole or torn, in either framing or none.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    const TORN: &[&str] = &[
        "Content-Length: 5\r\n",
        "content-length:3\r\n\r\n",
        "Content-Length: ",
        "\r\n\r\n",
        "\r",
        "\n",
        "{}\n",
    ];
    prop_oneof![
        "[a-z{}\":🦀 ]{0,80}"
            .prop_map(|text| format!("Content-Length: {}\r\n\r\n{text}", text.len()).into_bytes()),
        proptest::sample::select(TORN).prop_map(|text| text.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..20),
    ]
}

proptest! {
    #[test]
    fn messages_with_lengths(texts in messages(), cuts in proptest::collection::vec(1usize..40, 1..8)) {
        let bytes: Vec<u8> =
            texts.iter().flat_map(|text| format!("Content-Length: {}\r\n\r\n{text}", text.len()).into_bytes()).collect();
        let whole = frames(Framing::ContentLength, &bytes, &[bytes.len().max(1)]);
        // Behind a length over the limit nothing is a message any more.
        let within = texts.iter().take_while(|text| text.len() <= 64).count();
        prop_assert_eq!(whole.len(), texts.len().min(within + 1));
        for (frame, text) in whole.iter().zip(&texts) {
            let fits = match frame {
                Frame::Message(message) => text.len() <= 64 && message == text.as_bytes(),
                Frame::TooLong(..) => false,
                Frame::Lost(reason) => reason.contains(&format!(" {} ", text.len())),
            };
            prop_assert!(fits, "{frame:?} of {text:?}");
        }
        prop_assert_eq!(frames(Framing::ContentLength, &bytes, &cuts), whole);
    }

    #[test]
    fn messages_in_lines(texts in messages(), cuts in proptest::collection::vec(1usize..40, 1..8)) {
        let bytes = texts.join("\n").into_bytes();
        let whole = frames(Framing::Lines, &bytes, &[bytes.len().max(1)]);
        let expected: Vec<_> =
            texts.iter().filter(|text| text.len() > 64 || !text.trim().is_empty()).collect();
        prop_assert_eq!(whole.len(), expected.len());
        for (frame, text) in whole.iter().zip(expected) {
            let fits = match frame {
                Frame::Message(message) => text.len() <= 64 && message == text.as_bytes(),
                Frame::TooLong(length, _) => text.len() > 64 && *length == text.len(),
                Frame::Lost(_) => false,
            };
            prop_assert!(fits, "{frame:?} of {text:?}");
        }
        prop_assert_eq!(frames(Framing::Lines, &bytes, &cuts), whole);
    }

    #[test]
    fn messages_with_garbage_between(
        pieces in proptest::collection::vec(piece(), 0..12),
        cuts in proptest::collection::vec(1usize..40, 1..8),
    ) {
        let bytes = pieces.concat();
        for framing in [Framing::ContentLength, Framing::Lines] {
            let whole = frames(framing, &bytes, &[bytes.len().max(1)]);
            prop_assert_eq!(frames(framing, &bytes, &cuts), whole);
        }
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in 1usize..50) {
        for framing in [Framing::ContentLength, Framing::Lines] {
            let whole = frames(framing, &bytes, &[bytes.len().max(1)]);
            prop_assert_eq!(frames(framing, &bytes, &[cut]), whole);
        }
    }
}
