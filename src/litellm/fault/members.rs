//! What an error says in members, at whatever depth: LiteLLM puts a vendor's JSON into a text, and that vendor another's.

use serde_json::Value;

use super::value::{in_text, place, word};

/// Deepest member that is looked at, texts within texts included.
const MAX_DEPTH: usize = 16;
/// Most values that are looked at.
const MAX_VALUES: usize = 512;
/// Members that repeat the question, or tell nothing of its failure.
const ECHOES: [&str; 9] =
    ["input", "ctx", "request", "messages", "body", "headers", "url", "fallbacks", "available_models"];

/// The members that programs branch on, outermost first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Members {
    /// Codes and types, in lower case.
    pub(super) codes: Vec<String>,
    /// The parameters at fault, as paths.
    pub(super) params: Vec<String>,
    /// The context window.
    pub(super) window: Option<u64>,
}

impl Members {
    pub(super) fn of(error: &Value) -> Self {
        let mut members = Self::default();
        members.collect(error, MAX_DEPTH, &mut MAX_VALUES.clone());
        members
    }

    /// Whether one of these is among the codes.
    pub(super) fn has_code(&self, codes: &[&str]) -> bool {
        self.codes.iter().any(|code| codes.contains(&code.as_str()))
    }

    pub(super) fn map(self, change: impl Fn(&str) -> String) -> Self {
        let all = |words: Vec<String>| words.iter().map(|word| change(word)).collect();
        Self { codes: all(self.codes), params: all(self.params), window: self.window }
    }

    fn collect(&mut self, value: &Value, depth: usize, left: &mut usize) {
        if depth == 0 || *left == 0 {
            return;
        }
        *left -= 1;
        match value {
            Value::String(text) if text.contains(['{', '[']) => {
                if let Some(inner) = in_text(text) {
                    self.collect(&inner, depth - 1, left);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.collect(value, depth - 1, left)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.take(name, value);
                    if !ECHOES.contains(&name.as_str()) {
                        self.collect(value, depth - 1, left);
                    }
                }
            }
            _ => {}
        }
    }

    fn take(&mut self, name: &str, value: &Value) {
        match name {
            "code" | "type" | "error_code" | "errorCode" | "errorcode" | "error_type" | "status_code"
            | "__type" | "Code" | "reason" | "status" => {
                // AWS writes `com.amazon.coral.service#ThrottlingException`.
                let code = word(value).map(|code| code.rsplit('#').next().unwrap_or_default().to_lowercase());
                self.codes.extend(code);
            }
            "param" | "parameter" => self.params.extend(word(value)),
            "loc" => self.params.extend(place(value)),
            "n_ctx" | "max_context_length" | "context_length" | "context_window" | "max_model_len" => {
                self.window = self.window.or(value.as_u64());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_found_at_any_depth() {
        let python =
            r#"Error code: 400 - {'error': {'message': "no", 'param': 'seed', 'code': 'unknown_parameter'}}"#;
        let twice = json!({"message": json!({"error": {"type": "Outer", "message": python}}).to_string()});
        let members =
            Members::of(&json!({"error": {"code": "400", "message": format!("litellm.X: {twice}")}}));
        assert_eq!(members.codes, ["400", "outer", "unknown_parameter"]);
        assert_eq!(members.params, ["seed"]);
        let listed = Members::of(&json!({"detail": [
            {"type": "missing", "loc": ["body", "model"]}, {"loc": ["body", "stream_options", "include_usage"]}
        ]}));
        assert_eq!(listed.params, ["model", "stream_options.include_usage"]);
        assert_eq!(Members::of(&json!({"error": {"type": "t", "n_ctx": 4096}})).window, Some(4096));
    }

    #[test]
    fn an_echo_of_the_question_says_nothing() {
        let members = Members::of(
            &json!({"error": {"input": {"code": "context_length_exceeded"}, "body": {"param": "x"}}}),
        );
        assert_eq!(members, Members::default());
    }
}
