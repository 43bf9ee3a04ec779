//! Whether a JSON text that comes in pieces is all there.

/// What has come of one JSON object or list.
#[derive(Debug, Default)]
pub(super) struct Json {
    depth: usize,
    in_text: bool,
    escaped: bool,
    is_complete: bool,
}

impl Json {
    /// Takes in a piece.
    pub(super) fn push(&mut self, piece: &str) {
        for byte in piece.bytes() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_text => self.escaped = true,
                b'"' => self.in_text = !self.in_text,
                _ if self.in_text => {}
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.is_complete |= self.depth == 0;
                }
                _ => {}
            }
        }
    }

    /// Whether the object or list is closed.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }
}

/// Whether a text may be the beginning of an object or a list.
pub(super) fn may_begin(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_complete_with_its_last_brace() {
        for whole in [r#"{}"#, r#" {"a":"}\"}","b":[{}]}"#, "[1]", r#"{"a":"\\"}"#] {
            let mut json = Json::default();
            for (place, piece) in whole.char_indices() {
                assert!(!json.is_complete(), "{whole} at {place}");
                json.push(&piece.to_string());
            }
            assert!(json.is_complete(), "{whole}");
        }
    }
}
