//! A text of LiteLLM's JSON, which may be null.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de::Error};

/// A text, borrowed where it has no escapes. None where the field is null or absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Text<'a>(pub Option<Cow<'a, str>>);

impl Text<'_> {
    /// The text, unless it is empty.
    pub fn non_empty(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    /// Leaves out what is known of it: its beginning, or all of it, whatever blanks are around.
    pub fn leave_out(&mut self, known: &str) {
        let Some(text) = self.0.as_mut().filter(|_| !known.is_empty()) else { return };
        if text.trim() == known.trim() {
            self.0 = None;
        } else if text.starts_with(known) {
            *text = match text {
                Cow::Borrowed(text) => Cow::Borrowed(&text[known.len()..]),
                Cow::Owned(text) => Cow::Owned(text.split_off(known.len())),
            };
        }
    }

    /// Its length in bytes.
    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |text| text.len())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> serde::de::Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a text or null")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Text(None))
            }
        }
        deserializer.deserialize_any(TextVisitor)
    }
}
