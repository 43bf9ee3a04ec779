//! What is said of a configuration while it is written is what is said of the same text opened anew.

use std::sync::Arc;

use litellm_ls::Door;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};

use crate::support::server::TestServer;

const TEXT: &str = "\
include: [part.yaml]
x-base: &base\r
  api_key: os.environ/OPENAI_API_KEY
model_list:
  - model_name: fast
    litellm_params:
      <<: *base
      model: openai/gpt-4o
  - model_name: größe 🚀
    litellm_params: {model: \"opena/gpt-4.1\", rpm: lots}
    model_info: {access_groups: [beta]}
router_settings:
  fallbacks: [{fast: [smart, nope]}]
  model_group_alias: {quick: fast}
litellm_settings:
  drop_parms: true
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
";
const PART: &str = "model_list:\n  - {model_name: smart, litellm_params: {model: openai/gpt-4.1}}\n";

/// What is typed, pasted or taken for what was there.
const PIECES: &[&str] = &[
    "",
    "x",
    ": ",
    "\n",
    "\r\n",
    "\r",
    "  ",
    "\t",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "#",
    "&a ",
    "*a",
    "*base",
    "<<: *base\n",
    "|\n",
    ",",
    "é🚀",
    "include: [part.yaml]\n",
    "include: litellm.yaml\n",
    "part.yaml",
    "os.environ/X",
    "model_list:\n  - model_name: new\n    litellm_params: {model: openai/gpt-4o}\n",
    "general_settings: {master_key: sk-1234}\r\n",
];

struct Editor {
    server: TestServer,
    folder: Arc<tempfile::TempDir>,
}

impl Editor {
    async fn in_folder(folder: &Arc<tempfile::TempDir>) -> Self {
        let mut server = TestServer::memory(Door::Lsp, &[("LITELLM_MASTER_KEY", "sk-x")]);
        let offers = json!({"general": {"positionEncodings": ["utf-32"]},
            "textDocument": {"diagnostic": {"relatedDocumentSupport": false}}});
        server.initialize(offers).await;
        Self { server, folder: folder.clone() }
    }

    fn uri(&self, name: &str) -> String {
        url::Url::from_file_path(self.folder.path().join(name)).unwrap().to_string()
    }

    async fn open(&mut self, name: &str, text: &str) {
        let item = json!({"uri": self.uri(name), "languageId": "yaml", "version": 1, "text": text});
        self.server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    }

    async fn close(&mut self, name: &str) {
        let params = json!({"textDocument": {"uri": self.uri(name)}});
        self.server.notify("textDocument/didClose", params).await;
    }

    /// All that is said of the text.
    async fn said(&mut self) -> Vec<String> {
        let uri = self.uri("litellm.yaml");
        let end = json!({"line": 1_000_000, "character": 0});
        let mut said = Vec::new();
        for method in [
            "textDocument/diagnostic",
            "textDocument/documentSymbol",
            "textDocument/inlayHint",
            "textDocument/foldingRange",
            "textDocument/documentLink",
        ] {
            let params = json!({"textDocument": {"uri": uri},
                "range": {"start": {"line": 0, "character": 0}, "end": end}});
            said.push(self.server.ask(method, params).await.to_string());
        }
        said
    }
}

/// Positions of UTF-32, which count characters.
fn position(text: &str, at: usize) -> Value {
    let before = &text[..at];
    // CRLF, LF and CR each end a line.
    let mut lines = vec![0];
    let bytes = before.as_bytes();
    for (place, byte) in bytes.iter().enumerate() {
        let is_end = *byte == b'\n' || *byte == b'\r' && text.as_bytes().get(place + 1) != Some(&b'\n');
        if is_end {
            lines.push(place + 1);
        }
    }
    let start = lines[lines.len() - 1];
    json!({"line": lines.len() - 1, "character": before[start..].chars().count()})
}

/// The nearest place before that is between characters, and not amid a CRLF.
fn between(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at % (text.len() + 1));
    let amid = at > 0 && text.as_bytes()[at - 1] == b'\r' && text.as_bytes().get(at) == Some(&b'\n');
    if amid { at - 1 } else { at }
}

#[tokio::test]
async fn edits_leave_what_a_fresh_look_finds() {
    const ROUNDS: usize = 25;
    const EDITS: usize = 8;
    let folder = Arc::new(tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("part.yaml"), PART).unwrap();
    let (mut editor, mut fresh) = (Editor::in_folder(&folder).await, Editor::in_folder(&folder).await);
    let seeds = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), seeds);
    let edits = prop::collection::vec((any::<usize>(), 0_usize..40, 0..PIECES.len()), EDITS);
    for round in 0..ROUNDS {
        let mut text = TEXT.to_owned();
        editor.open("litellm.yaml", &text).await;
        let edits = edits.new_tree(&mut runner).unwrap().current();
        for (version, (at, length, piece)) in edits.iter().enumerate() {
            let start = between(&text, *at);
            let end = between(&text, (start + length).min(text.len())).max(start);
            let range = json!({"start": position(&text, start), "end": position(&text, end)});
            let change = json!({"range": range, "text": PIECES[*piece]});
            text.replace_range(start..end, PIECES[*piece]);
            let params = json!({"textDocument": {"uri": editor.uri("litellm.yaml"), "version": version + 2},
                "contentChanges": [change]});
            editor.server.notify("textDocument/didChange", params).await;
            let edited = editor.said().await;
            fresh.open("litellm.yaml", &text).await;
            assert_eq!(edited, fresh.said().await, "round {round}, after {edits:?}, in\n{text}");
            fresh.close("litellm.yaml").await;
        }
        editor.close("litellm.yaml").await;
    }
    editor.server.abandon();
    fresh.server.abandon();
}
