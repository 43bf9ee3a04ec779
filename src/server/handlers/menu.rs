//! A line of the menu of code actions.

use serde_json::Value;
use tower_lsp::lsp_types::{CodeAction, CodeActionKind, Command};

use crate::{plain, server::commands};

/// Widest title, in columns.
const WIDTH: usize = 120;

/// A line of the menu.
pub(super) fn action(title: &str, kind: CodeActionKind, name: &str, argument: Option<Value>) -> CodeAction {
    // A diagnostic is another server's text, and a model's name the proxy's.
    let title = plain::label(title, WIDTH);
    CodeAction {
        title: title.clone(),
        kind: (kind != CodeActionKind::EMPTY).then_some(kind),
        command: Some(Command {
            title,
            command: commands::id(name),
            arguments: argument.map(|argument| vec![argument]),
        }),
        ..CodeAction::default()
    }
}
