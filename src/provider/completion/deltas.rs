//! The pieces of an answer that wait to be sent: joined where they are of one kind, and cut where they are long.

use std::collections::VecDeque;

use litellm_ls_protocol::Delta;
use serde_json::Value;

/// Most bytes of text in one delta: what a slow client makes us hold is a few of these for each stream.
pub const MAX_PARTIAL: usize = 16 << 10;

/// Pieces of one answer, in order.
#[derive(Debug, Default)]
pub(super) struct Deltas {
    waiting: VecDeque<Delta>,
}

impl Deltas {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn pop(&mut self) -> Option<Delta> {
        self.waiting.pop_front()
    }

    pub(super) fn extend(&mut self, deltas: impl IntoIterator<Item = Delta>) {
        self.waiting.extend(deltas);
    }

    pub(super) fn text(&mut self, text: &str) {
        for piece in pieces(text) {
            match self.waiting.back_mut() {
                Some(Delta::Text { text }) if fits(text, piece) => text.push_str(piece),
                _ => self.waiting.push_back(Delta::Text { text: piece.to_owned() }),
            }
        }
    }

    pub(super) fn reasoning(&mut self, text: &str) {
        for piece in pieces(text) {
            match self.waiting.back_mut() {
                Some(Delta::Reasoning { text }) if fits(text, piece) => text.push_str(piece),
                _ => self.waiting.push_back(Delta::Reasoning { text: piece.to_owned() }),
            }
        }
    }

    /// A tool call begins.
    pub(super) fn tool_call(&mut self, call: u32, id: &str, name: &str) {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        self.waiting.push_back(Delta::ToolCall {
            index: call,
            id: given(id),
            name: given(name),
            arguments: String::new(),
            provider_fields: None,
        });
    }

    /// What the provider wants back with a tool call, as far as it came.
    pub(super) fn call_fields(&mut self, call: u32, fields: Value) {
        self.waiting.push_back(Delta::ToolCall {
            index: call,
            id: None,
            name: None,
            arguments: String::new(),
            provider_fields: Some(fields),
        });
    }

    /// A tool call goes on.
    pub(super) fn arguments(&mut self, call: u32, text: &str) {
        for piece in pieces(text) {
            match self.waiting.back_mut() {
                Some(Delta::ToolCall { index, arguments, .. })
                    if *index == call && fits(arguments, piece) =>
                {
                    arguments.push_str(piece);
                }
                _ => self.waiting.push_back(Delta::ToolCall {
                    index: call,
                    id: None,
                    name: None,
                    arguments: piece.to_owned(),
                    provider_fields: None,
                }),
            }
        }
    }
}

fn fits(text: &str, piece: &str) -> bool {
    text.len() + piece.len() <= MAX_PARTIAL
}

/// A text in pieces of at most [`MAX_PARTIAL`] bytes, cut at characters.
fn pieces(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        let (piece, rest) = text.split_at(text.floor_char_boundary(MAX_PARTIAL));
        text = rest;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_neighbours_of_a_kind_and_keeps_the_order() {
        let mut deltas = Deltas::default();
        deltas.text("a");
        deltas.text("b");
        deltas.reasoning("c");
        deltas.text("d");
        deltas.tool_call(0, "id", "tool");
        deltas.arguments(0, "{");
        deltas.arguments(1, "[");
        deltas.arguments(0, "}");
        let tool = |index, id: Option<&str>, arguments: &str| Delta::ToolCall {
            index,
            id: id.map(str::to_owned),
            name: id.map(|_| "tool".to_owned()),
            arguments: arguments.to_owned(),
            provider_fields: None,
        };
        assert_eq!(
            Vec::from(deltas.waiting),
            [
                Delta::Text { text: "ab".into() },
                Delta::Reasoning { text: "c".into() },
                Delta::Text { text: "d".into() },
                tool(0, Some("id"), "{"),
                tool(1, None, "["),
                tool(0, None, "}"),
            ]
        );
    }

    #[test]
    fn cuts_long_text_at_characters() {
        let text = "語".repeat(MAX_PARTIAL);
        let mut deltas = Deltas::default();
        deltas.text(&text);
        let mut joined = String::new();
        while let Some(Delta::Text { text }) = deltas.pop() {
            assert!(text.len() <= MAX_PARTIAL);
            joined += &text;
        }
        assert_eq!(joined, text);
    }
}
