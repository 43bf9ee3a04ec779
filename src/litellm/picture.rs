//! A picture in an answer, however a vendor writes it.

use std::borrow::Cow;

use serde_json::Value;

/// Members that hold a picture, or another object that does.
const PLACES: [&str; 9] =
    ["image_url", "url", "b64_json", "inline_data", "inlineData", "source", "image", "data", "result"];

/// A picture.
#[derive(Debug, PartialEq)]
pub enum Picture<'a> {
    /// Where it is.
    At(&'a str),
    /// The picture itself.
    Data {
        /// Its type, such as `image/png`.
        mime_type: Cow<'a, str>,
        /// Its bytes, in base64.
        base64: &'a str,
    },
}

impl<'a> Picture<'a> {
    /// Reads `{image_url: {url}}`, `{image_url: url}`, `{b64_json}`, `{inline_data: {mime_type, data}}`, `{source:
    /// {media_type, data}}`, a URL and the like. None where it is no picture.
    pub fn read(value: &'a Value) -> Option<Self> {
        match value {
            Value::String(url) => Self::of_url(url),
            Value::Object(members) => PLACES.iter().find_map(|place| match members.get(*place)? {
                Value::String(text) => Self::of_url(text).or_else(|| {
                    let named = ["mime_type", "mimeType", "media_type"];
                    let mime_type = named.iter().find_map(|name| members.get(*name)?.as_str());
                    Self::of_data(text, mime_type)
                }),
                inner => Self::read(inner),
            }),
            _ => None,
        }
    }

    fn of_url(text: &'a str) -> Option<Self> {
        if let Some(data) = text.strip_prefix("data:") {
            let (mime_type, base64) = data.split_once(";base64,")?;
            return Self::of_data(base64, Some(mime_type));
        }
        text.contains("://").then_some(Self::At(text))
    }

    fn of_data(base64: &'a str, mime_type: Option<&'a str>) -> Option<Self> {
        let is_base64 = base64.len() >= 4
            && base64.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(&byte));
        let is_picture = mime_type.is_none_or(|kind| kind.starts_with("image/"));
        let begun = [("/9j/", "image/jpeg"), ("R0lGOD", "image/gif"), ("UklGR", "image/webp")];
        let seen = || begun.iter().find(|(begins, _)| base64.starts_with(begins)).map(|(_, kind)| *kind);
        let mime_type = mime_type.or_else(seen).unwrap_or("image/png").into();
        (is_base64 && is_picture).then_some(Self::Data { mime_type, base64 })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_picture_is_one_in_the_words_of_every_vendor() {
        let data =
            |mime_type: &'static str, base64| Some(Picture::Data { mime_type: mime_type.into(), base64 });
        let at = Some(Picture::At("https://x/y.png"));
        for (value, picture) in [
            (json!({"type": "image_url", "image_url": {"url": "https://x/y.png"}}), at),
            (
                json!({"type": "image_url", "image_url": "https://x/y.png"}),
                Some(Picture::At("https://x/y.png")),
            ),
            (json!({"url": "https://x/y.png"}), Some(Picture::At("https://x/y.png"))),
            (json!("https://x/y.png"), Some(Picture::At("https://x/y.png"))),
            (json!({"image_url": {"url": "data:image/webp;base64,AAAA"}}), data("image/webp", "AAAA")),
            (json!({"image_url": "data:image/png;base64,AAAA"}), data("image/png", "AAAA")),
            (json!("data:image/png;base64,AAAA"), data("image/png", "AAAA")),
            (json!({"b64_json": "AAAA"}), data("image/png", "AAAA")),
            (json!({"b64_json": "/9j/AAAA"}), data("image/jpeg", "/9j/AAAA")),
            (
                json!({"type": "image", "source": {"type": "base64", "media_type": "image/gif", "data": "AA=="}}),
                data("image/gif", "AA=="),
            ),
            (json!({"type": "image", "data": "AAAA", "mimeType": "image/png"}), data("image/png", "AAAA")),
            (json!({"inline_data": {"mime_type": "image/png", "data": "AAAA"}}), data("image/png", "AAAA")),
            (json!({"inlineData": {"mimeType": "image/png", "data": "AAAA"}}), data("image/png", "AAAA")),
            (json!({"type": "image_generation_call", "result": "AAAA"}), data("image/png", "AAAA")),
            (json!({"image": {"url": "https://x/y.png"}}), Some(Picture::At("https://x/y.png"))),
            (json!({"type": "image_file", "file_id": "f"}), None),
            (json!({"image_url": {}}), None),
            (json!({"inline_data": {"mime_type": "audio/wav", "data": "AAAA"}}), None),
            (json!({"data": "no base64!"}), None),
            (json!("a cat"), None),
            (json!(7), None),
        ] {
            assert_eq!(Picture::read(&value), picture, "{value}");
        }
    }
}
