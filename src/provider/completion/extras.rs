//! What comes beside text, reasoning and tool calls: images, speech, and what only one provider has.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use litellm_ls_protocol::{Part, SpokenAnswer};
use serde_json::{Map, Value, value::RawValue};

/// Adds images, each `{image_url: {url}}`, mostly with a data URL.
pub(super) fn add_images(kept: &mut Vec<Part>, images: &Value) {
    for image in images.as_array().into_iter().flatten() {
        let Some(url) = image["image_url"]["url"].as_str() else { continue };
        let data = url.strip_prefix("data:").and_then(|data| data.split_once(";base64,"));
        kept.push(match data {
            Some((mime_type, data)) => {
                Part::Image { data: Some(data.to_owned()), mime_type: Some(mime_type.to_owned()), url: None }
            }
            None => Part::Image { data: None, mime_type: None, url: Some(url.to_owned()) },
        });
    }
}

/// Adds a piece of speech.
pub(super) fn add_spoken(kept: &mut Option<SpokenAnswer>, piece: &Value) {
    if !piece.is_object() {
        return;
    }
    let kept = kept.get_or_insert_default();
    if let Some(id) = piece["id"].as_str() {
        kept.id = Some(id.to_owned());
    }
    add_base64(&mut kept.data, piece["data"].as_str().unwrap_or_default());
    kept.transcript.push_str(piece["transcript"].as_str().unwrap_or_default());
}

/// Joins base64, of which each piece may be padded.
fn add_base64(kept: &mut String, piece: &str) {
    let last = kept.len().checked_sub(4).filter(|_| kept.ends_with('='));
    let joined = last.and_then(|last| {
        let mut bytes = BASE64.decode(&kept[last..]).ok()?;
        bytes.extend(BASE64.decode(piece).ok()?);
        Some((last, BASE64.encode(bytes)))
    });
    match joined {
        Some((last, joined)) => {
            kept.truncate(last);
            kept.push_str(&joined);
        }
        None => kept.push_str(piece),
    }
}

/// Adds what only one provider has. Lists go on, and so do Anthropic's citations, which come one by one; of all else
/// the last holds. A refusal (litellm 1.101.3) is none of it.
pub(super) fn add_fields(kept: &mut Map<String, Value>, fields: &RawValue, refusal: &mut String) {
    // Nothing is the rule, and must cost nothing.
    if matches!(fields.get(), "null" | "{}") {
        return;
    }
    let Ok(fields) = serde_json::from_str::<Map<String, Value>>(fields.get()) else { return };
    for (name, value) in fields {
        match (name.as_str(), value) {
            (_, Value::Null) => {}
            ("refusal", value) => refusal.push_str(value.as_str().unwrap_or_default()),
            ("citation", value) => add_list(kept, "citations", vec![value]),
            (name, Value::Array(items)) => add_list(kept, name, items),
            (_, value) => {
                kept.insert(name, value);
            }
        }
    }
}

fn add_list(kept: &mut Map<String, Value>, name: &str, items: Vec<Value>) {
    match kept.get_mut(name) {
        Some(Value::Array(list)) => list.extend(items),
        _ => {
            kept.insert(name.to_owned(), items.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn padded_pieces_of_speech_are_joined_as_bytes() {
        let mut kept = None;
        add_spoken(&mut kept, &Value::Null);
        assert_eq!(kept, None);
        for (piece, words) in [("a", "Hel"), ("bc", "lo"), ("def", "")] {
            add_spoken(
                &mut kept,
                &json!({"id": "audio_1", "data": BASE64.encode(piece), "transcript": words}),
            );
        }
        let kept = kept.unwrap();
        assert_eq!(BASE64.decode(&kept.data).unwrap(), b"abcdef");
        assert_eq!((kept.id.as_deref(), kept.transcript.as_str()), (Some("audio_1"), "Hello"));
    }

    #[test]
    fn lists_go_on_and_a_refusal_is_told_apart() {
        let (mut kept, mut refusal) = (Map::new(), String::new());
        for fields in [
            r#"{"citation": {"n": 1}, "thought_signatures": ["a"], "refusal": "I "}"#,
            "{}",
            "7",
            r#"{"citation": {"n": 2}, "thought_signatures": ["b"], "refusal": "won't", "x": null, "y": 1}"#,
        ] {
            let fields: &RawValue = serde_json::from_str(fields).unwrap();
            add_fields(&mut kept, fields, &mut refusal);
        }
        let expected = json!({"citations": [{"n": 1}, {"n": 2}], "thought_signatures": ["a", "b"], "y": 1});
        assert_eq!((json!(kept), refusal.as_str()), (expected, "I won't"));
    }

    #[test]
    fn an_image_is_a_part_that_can_be_sent_back() {
        let mut kept = Vec::new();
        add_images(
            &mut kept,
            &json!([{"image_url": {"url": "data:image/png;base64,AAAA"}}, {}, {"image_url": {"url": "https://x/y.png"}}]),
        );
        assert_eq!(
            json!(kept),
            json!([
                {"type": "image", "data": "AAAA", "mimeType": "image/png"}, {"type": "image", "url": "https://x/y.png"},
            ])
        );
    }
}
