//! `initializationOptions.features`: which standard LSP features to switch on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::whole::{self, LARGEST_WHOLE, LONGEST_MS};

/// The standard LSP features that the server offers beside the methods of this protocol, each with its switch.
///
/// They stand in `initializationOptions` and in pushed settings under `features`. What is announced in the answer to
/// `initialize` is decided then; a later change switches it off and on again at once, but what was off at the start
/// is announced only after a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Features {
    /// Code actions that ask a model about the text: complete, explain, rewrite, fix, document, write tests.
    /// Default true: nothing is asked before one is chosen.
    pub code_actions: bool,
    /// Code actions that choose a model, for editors whose one picker is the menu of code actions. Default true.
    pub model_actions: bool,
    /// Whether `complete here` writes the answer into the text as it comes, by one edit after another, for editors that
    /// have no streaming of their own. Default false: the answer is one edit, which one undo takes back. An answer that
    /// is cut off is one edit in the end too.
    pub stream_edits: bool,
    /// Whether a change of the text is shown before it is written, by editors that can do that for the changes of a
    /// server (`changeAnnotationSupport`). Default false: an answer is written at once, and one undo takes it back.
    pub preview_edits: bool,
    /// Whether `textDocument/completion` proposes what a model would write. Default false: it sends code while the
    /// user types.
    pub completion: bool,
    /// Whether `textDocument/inlineCompletion` does. Default false, for the same reason.
    pub inline_completion: bool,
    /// How both propose.
    pub inline: InlineOptions,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            code_actions: true,
            model_actions: true,
            stream_edits: false,
            preview_edits: false,
            completion: false,
            inline_completion: false,
            inline: InlineOptions::default(),
        }
    }
}

/// How proposals while the user types are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct InlineOptions {
    /// The model to ask. Default: the one that requests without a model use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How long the user must have paused before a model is asked, in milliseconds. Default 200; a proposal that the
    /// user asks for does not wait.
    #[serde(deserialize_with = "whole::milliseconds")]
    #[schemars(range(max = LONGEST_MS))]
    pub debounce_ms: u64,
    /// Most tokens of a proposal. Default 256.
    #[serde(deserialize_with = "whole::tokens")]
    #[schemars(range(min = 1, max = LARGEST_WHOLE))]
    pub max_tokens: u64,
    /// How much of the text around the cursor is sent, in tokens of about four bytes, two thirds of it from before
    /// the cursor. Default 3,000.
    #[serde(deserialize_with = "whole::tokens_or_none")]
    #[schemars(range(max = LARGEST_WHOLE))]
    pub context_tokens: u64,
    /// The only languages to propose in, by LSP's identifiers such as `rust`. Empty, the default, means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// Languages never to propose in. It wins over `languages`. Default none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked_languages: Vec<String>,
}

impl Default for InlineOptions {
    fn default() -> Self {
        Self {
            model: None,
            debounce_ms: 200,
            max_tokens: 256,
            context_tokens: 3_000,
            languages: Vec::new(),
            blocked_languages: Vec::new(),
        }
    }
}

impl InlineOptions {
    /// Whether to propose in a language.
    pub fn allows(&self, language: &str) -> bool {
        let names = |list: &[String]| list.iter().any(|name| name == language);
        !names(&self.blocked_languages) && (self.languages.is_empty() || names(&self.languages))
    }
}
