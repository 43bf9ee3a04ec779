//! What a model makes beside text, reasoning and tool calls: images and speech.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use litellm_ls_protocol::{Part, SpokenAnswer};
use serde_json::Value;

use super::carried::is_nothing;
use crate::litellm::picture::Picture;

/// Adds images, one or a list. Whether all that say something could be read.
pub(super) fn add_images(kept: &mut Vec<Part>, images: &Value) -> bool {
    let mut are_read = true;
    for image in images.as_array().map_or(std::slice::from_ref(images), Vec::as_slice) {
        match Picture::read(image) {
            Some(Picture::Data { mime_type, base64 }) => kept.push(Part::Image {
                data: Some(base64.to_owned()),
                mime_type: Some(mime_type.into_owned()),
                url: None,
            }),
            Some(Picture::At(url)) => {
                kept.push(Part::Image { data: None, mime_type: None, url: Some(url.to_owned()) });
            }
            None => are_read &= is_nothing(image),
        }
    }
    are_read
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
    fn an_image_is_a_part_that_can_be_sent_back() {
        let mut kept = Vec::new();
        assert!(add_images(
            &mut kept,
            &json!([{"image_url": {"url": "data:image/png;base64,AAAA"}}, {}, {"image_url": {"url": "https://x/y.png"}}]),
        ));
        assert!(add_images(&mut kept, &Value::Null) && !add_images(&mut kept, &json!({"file_id": "f"})));
        assert_eq!(
            json!(kept),
            json!([
                {"type": "image", "data": "AAAA", "mimeType": "image/png"}, {"type": "image", "url": "https://x/y.png"},
            ])
        );
    }
}
