//! Streams of servers that do it otherwise: what was said and paid for is there once, and what was cut off says so.

use serde_json::{Value, json};

use super::{Deltas, Message};
use crate::{
    litellm::read_pieces,
    provider::{carried::Maker, request::ModelFacts},
};

/// A chunk with what a choice adds, and why it stopped.
fn chunk(delta: Value, reason: Option<&str>) -> Value {
    json!({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})
}

fn text(text: &str) -> Value {
    chunk(json!({ "content": text }), None)
}

fn end(reason: &str) -> Value {
    chunk(json!({}), Some(reason))
}

fn usage(usage: Value) -> Value {
    json!({"choices": [], "usage": usage})
}

/// The message of a stream without `[DONE]`, and what is odd about it.
fn read(chunks: &[Value]) -> (Message, Value, Vec<&'static str>) {
    let (mut message, mut deltas) = (Message::default(), Deltas::default());
    let stream: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    let (outcome, _) = read_pieces([stream.as_bytes()], |chunk| message.absorb(chunk, &mut deltas));
    assert_eq!(outcome, Ok(()), "{stream}");
    let odd = message.finish("unique", &mut deltas);
    let whole = json!(message.whole(&Maker::of("m", &ModelFacts::default())));
    (message, whole, odd)
}

/// Whatever comes first and last: none of the others makes an answer whole that was cut off.
#[test]
fn what_was_cut_off_stays_so() {
    const REASONS: [(&str, &str); 7] = [
        ("stop", "stop"),
        ("end_turn", "stop"),
        ("tool_calls", "toolCalls"),
        ("length", "length"),
        ("max_tokens", "length"),
        ("content_filter", "contentFilter"),
        ("a vendor's own", "a vendor's own"),
    ];
    for (first, told_first) in REASONS {
        for (last, told_last) in REASONS {
            let (message, _, odd) = read(&[text("a"), end(first), end(last)]);
            let is_whole = |told: &str| matches!(told, "stop" | "toolCalls");
            let told = message.finish_reason.as_deref().unwrap_or_default();
            assert!([told_first, told_last].contains(&told), "{first}, {last}: {told}");
            assert_eq!(
                is_whole(told),
                is_whole(told_first) && is_whole(told_last),
                "{first}, {last}: {told}"
            );
            let calls = [told_first, told_last].contains(&"toolCalls") && is_whole(told);
            assert_eq!(!odd.is_empty(), calls, "{first}, {last}: {odd:?}");
        }
    }
    for cut in ["length", "content_filter"] {
        for own in ["a vendor's own", "stop"] {
            let of = |reasons: [&str; 2]| read(&[end(reasons[0]), end(reasons[1])]).0.finish_reason;
            assert_eq!(of([cut, own]), of([own, cut]));
        }
    }
}

#[test]
fn usage_is_all_that_was_counted_in_whatever_chunk() {
    let counted = json!({"prompt_tokens": 3, "completion_tokens": 5, "cost": 0.5});
    for (parts, told) in [
        (vec![counted.clone(), json!({})], (3, 5)),
        (vec![json!({}), counted.clone()], (3, 5)),
        (vec![counted.clone(), json!({"prompt_tokens": 0, "completion_tokens": 0})], (3, 5)),
        (vec![counted.clone(), json!({"prompt_tokens": 0, "completion_tokens": 5})], (3, 5)),
        (vec![counted.clone(), json!({"total_tokens": 8})], (3, 5)),
        (vec![json!({"prompt_tokens": 3, "cost": 0.5}), json!({"completion_tokens": 5})], (3, 5)),
        (vec![json!({"prompt_tokens": 3, "completion_tokens": 1, "cost": 0.1}), counted.clone()], (3, 5)),
    ] {
        let chunks: Vec<Value> =
            [text("a"), end("stop")].into_iter().chain(parts.iter().cloned().map(usage)).collect();
        let usage = read(&chunks).0.usage.unwrap();
        let (input, output) = told;
        assert_eq!(
            (usage.prompt_tokens, usage.completion_tokens, usage.cost),
            (Some(input), Some(output), Some(0.5)),
            "{parts:?}"
        );
    }
}

#[test]
fn a_message_behind_the_deltas_says_nothing_twice() {
    let call =
        json!({"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}});
    let said = json!({
        "role": "assistant", "content": " Hello", "reasoning_content": "Well.", "refusal": "no", "tool_calls": [call],
        "images": [{"image_url": {"url": "https://x/y.png"}}], "annotations": [{"a": 1}],
        "audio": {"id": "a", "data": "AAAA", "transcript": "hi"},
    });
    let ends = |choice: Value| {
        let mut choice = choice;
        choice["finish_reason"] = json!("stop");
        json!({ "choices": [choice] })
    };
    let (_, once, _) = read(&[chunk(said.clone(), None), end("stop")]);
    for (what, last) in [
        ("a message", json!({"message": said})),
        ("a message beside an empty delta", json!({"delta": {}, "message": said})),
        (
            "a message beside a delta with a role",
            json!({"delta": {"role": "assistant", "content": ""}, "message": said}),
        ),
        ("the same where something must be mended", json!({"index": "0", "delta": {}, "message": said})),
        ("a message that was trimmed", json!({"delta": {}, "message": {"content": "Hello"}})),
    ] {
        let (_, whole, odd) = read(&[chunk(said.clone(), None), ends(last)]);
        assert_eq!(whole, once, "{what}");
        assert!(odd.is_empty(), "{what}: {odd:?}");
    }
    let texts = |chunks: &[Value]| read(chunks).1["text"].clone();
    let message = |content: &str| json!({"choices": [{"delta": {}, "message": {"content": content}}]});
    let both = |delta: &str, message: &str| json!({"choices": [{"delta": {"content": delta}, "message": {"content": message}}]});
    // Perplexity's: all so far beside each delta.
    assert_eq!(texts(&[both("Hel", "Hel"), both("lo", "Hello"), message("Hello"), end("stop")]), "Hello");
    // The deltas lack the end.
    assert_eq!(texts(&[text("Hel"), message("Hello"), end("stop")]), "Hello");
    // With some servers each message is a delta.
    assert_eq!(texts(&[message("ha"), message("ha"), end("stop")]), "haha");
}

#[test]
fn the_only_answer_is_the_first_whatever_its_number() {
    let of = |index: u32, content: &str, reason: Option<&str>| json!({"choices": [{"index": index, "delta": {"content": content}, "finish_reason": reason}]});
    let (message, whole, odd) = read(&[of(1, "B1", None), of(1, "B2", Some("length"))]);
    assert_eq!((&whole["text"], message.finish_reason.as_deref()), (&json!("B1B2"), Some("length")));
    assert!(odd.is_empty(), "{odd:?}");
    // Of several one is kept whole: the first, where there is one.
    let others = [of(2, "C1", None), of(1, "B1", Some("stop")), of(2, "C2", Some("length"))];
    let (message, whole, odd) = read(&others);
    assert_eq!((&whole["text"], message.finish_reason.as_deref()), (&json!("C1C2"), Some("length")));
    assert_eq!(odd.len(), 1, "{odd:?}");
    for place in 0..=others.len() {
        let mut chunks = others.to_vec();
        chunks.insert(place, of(0, "A", Some("stop")));
        let (message, whole, odd) = read(&chunks);
        assert_eq!(
            (&whole["text"], message.finish_reason.as_deref()),
            (&json!("A"), Some("stop")),
            "{place}"
        );
        assert_eq!(odd.len(), 1, "{odd:?}");
    }
}

#[test]
fn no_picture_is_lost_in_silence() {
    let url = json!("https://x/y.png");
    for (images, kept, lost) in [
        (json!([{"type": "image_url", "image_url": url}]), 1, false),
        (json!({"type": "image_url", "image_url": url}), 1, false),
        (json!([url]), 1, false),
        (json!([{"b64_json": "AAAA"}, {"image_url": {"url": url}}]), 2, false),
        (json!([{"file_id": "f"}]), 0, true),
        (json!([{"file_id": "f"}, {"b64_json": "AAAA"}]), 1, true),
        (json!([{}, null, ""]), 0, false),
    ] {
        let (_, whole, odd) = read(&[text("a"), chunk(json!({ "images": images }), None), end("stop")]);
        assert_eq!(whole["images"].as_array().map_or(0, Vec::len), kept, "{images}");
        assert_eq!(odd.len(), usize::from(lost), "{images}: {odd:?}");
    }
    for part in [
        json!({"type": "image_url", "image_url": url}),
        json!({"type": "output_image", "url": url}),
        json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}),
        json!({"inline_data": {"mime_type": "image/png", "data": "AAAA"}}),
    ] {
        let content = json!({"content": [{"type": "text", "text": "a"}, part]});
        let (_, whole, _) = read(&[chunk(content, None), end("stop")]);
        assert_eq!(
            (&whole["text"], whole["images"].as_array().map(Vec::len)),
            (&json!("a"), Some(1)),
            "{part}"
        );
    }
}
