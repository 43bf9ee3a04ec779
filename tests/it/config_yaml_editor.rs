//! LiteLLM's `config.yaml` in an editor: what is pushed, and what is answered.

use litellm_ls::Door;
use serde_json::{Value, json};

use crate::support::{server::TestServer, within};

const TEXT: &str = "\
model_list:
  - model_name: fast
    litellm_params:
      model: opena/gpt-4o
      api_key: os.environ/OPENAI_API_KEY
  - model_name: smart
    litellm_params:
      model: openai/gpt-4.1
      api_key: os.environ/OPENAI_API_KEY
router_settings:
  fallbacks:
    - fast: [smart]
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
";

struct Editor {
    server: TestServer,
    uri: String,
    folder: tempfile::TempDir,
}

impl Editor {
    async fn open(name: &str, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let variables =
            [("OPENAI_API_KEY", "sk-value-never-shown"), ("LITELLM_MASTER_KEY", "sk-master-never-shown")];
        let mut server = TestServer::memory(Door::Lsp, &variables);
        server.initialize(json!({})).await;
        let uri = url::Url::from_file_path(folder.path().join(name)).unwrap().to_string();
        let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
        Self { server, uri, folder }
    }

    async fn change(&mut self, text: &str) {
        let params =
            json!({"textDocument": {"uri": self.uri, "version": 2}, "contentChanges": [{"text": text}]});
        self.server.notify("textDocument/didChange", params).await;
    }

    async fn ask(&mut self, method: &str, line: usize, character: usize) -> Value {
        let position = json!({"line": line, "character": character});
        let params = json!({"textDocument": {"uri": self.uri}, "position": position, "newName": "quick",
            "context": {"includeDeclaration": true, "diagnostics": [], "only": ["quickfix"]},
            "range": {"start": {"line": line, "character": character}, "end": {"line": line + 1, "character": 0}}});
        self.server.ask(method, params).await
    }

    async fn pushed(&mut self) -> Vec<(String, u64)> {
        let params = within("findings", self.server.notification("textDocument/publishDiagnostics")).await;
        assert_eq!(params["uri"], self.uri.as_str());
        let all = params["diagnostics"].as_array().unwrap().iter();
        all.map(|one| {
            assert_eq!(one["source"], "LiteLLM");
            assert!(one["codeDescription"]["href"].as_str().unwrap().starts_with("https://docs.litellm.ai/"));
            (one["code"].as_str().unwrap().to_owned(), one["range"]["start"]["line"].as_u64().unwrap())
        })
        .collect()
    }
}

#[tokio::test]
async fn findings_come_and_go_with_the_text() {
    let mut editor = Editor::open("config.yaml", TEXT).await;
    assert_eq!(editor.pushed().await, [("litellm/unknown-provider".to_owned(), 3)]);
    // Which of all actions are offered, models are asked about; a fix needs none.
    let actions = editor.ask("textDocument/codeAction", 3, 14).await;
    let fix = actions.as_array().unwrap().iter().find(|action| action["kind"] == "quickfix").expect("a fix");
    assert_eq!(fix["edit"]["changes"][&editor.uri][0]["newText"], "openai/gpt-4o");
    editor.change(&TEXT.replace("opena/", "openai/")).await;
    assert_eq!(editor.pushed().await, []);
}

#[tokio::test]
async fn what_is_asked_is_answered() {
    let mut editor = Editor::open("litellm.yaml", TEXT).await;
    let hover = editor.ask("textDocument/hover", 7, 20).await;
    assert!(hover["contents"]["value"].as_str().unwrap().contains("For a million tokens"), "{hover}");
    let hover = editor.ask("textDocument/hover", 8, 30).await;
    assert_eq!(hover["contents"]["value"], "**OPENAI_API_KEY** is set in the environment.");
    let hover = editor.ask("textDocument/hover", 10, 4).await;
    assert!(hover["contents"]["value"].as_str().unwrap().contains("router_settings"), "{hover}");
    let definition = editor.ask("textDocument/definition", 11, 13).await;
    assert_eq!(definition[0]["range"]["start"], json!({"line": 5, "character": 16}));
    assert_eq!(editor.ask("textDocument/references", 1, 18).await.as_array().unwrap().len(), 2);
    let renamed = editor.ask("textDocument/rename", 1, 18).await;
    let edits = renamed["changes"][&editor.uri].as_array().unwrap();
    assert_eq!(edits.iter().map(|edit| &edit["range"]["start"]["line"]).collect::<Vec<_>>(), [1, 11]);
    let symbols = editor.ask("textDocument/documentSymbol", 0, 0).await;
    assert_eq!(symbols[0]["children"][1]["name"], "smart");
    let hints = editor.ask("textDocument/inlayHint", 7, 0).await;
    assert!(hints[0]["label"].as_str().unwrap().contains('$'), "{hints}");
    // Findings are pushed when it is quiet.
    editor.server.abandon();
}

#[tokio::test]
async fn what_may_be_written_is_proposed() {
    let text = TEXT.replace("opena/gpt-4o", "openai/gpt-4").replace("[smart]", "[]");
    let mut editor = Editor::open("litellm.yaml", &(text.clone() + "  mas")).await;
    let labels = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    };
    let models = editor.ask("textDocument/completion", 3, 25).await;
    assert!(labels(&models).contains(&"openai/gpt-4o".to_owned()), "{:?}", labels(&models));
    assert!(models["items"][0]["detail"].as_str().unwrap().contains('$'));
    assert_eq!(labels(&editor.ask("textDocument/completion", 11, 13).await), ["fast", "smart"]);
    let keys = labels(&editor.ask("textDocument/completion", 14, 5).await);
    assert!(
        keys.contains(&"database_url".to_owned()) && !keys.contains(&"master_key".to_owned()),
        "{keys:?}"
    );
    let variables = labels(&editor.ask("textDocument/completion", 4, 15).await);
    assert_eq!(variables[0], "os.environ/OPENAI_API_KEY");
    editor.server.abandon();
}

/// What a link leads to is open and was changed: the edit is made for what the editor shows.
#[cfg(unix)]
#[tokio::test]
async fn a_name_is_changed_where_the_target_of_a_link_is_open() {
    let mut editor =
        Editor::open("config.yaml", &format!("include: [link.yaml]\n{}", TEXT.replace("opena/", "openai/")))
            .await;
    let folder = editor.folder.path().to_owned();
    let target = folder.join("target.yaml");
    std::fs::write(&target, "litellm_settings:\n  fallbacks:\n    - smart: [fast]\n").unwrap();
    std::os::unix::fs::symlink("target.yaml", folder.join("link.yaml")).unwrap();
    let uri = url::Url::from_file_path(&target).unwrap().to_string();
    let text = "# not saved yet\nlitellm_settings:\n  fallbacks:\n    - smart: [fast]\n";
    let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
    editor.server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    let renamed = editor.ask("textDocument/rename", 2, 18).await;
    let changes = renamed["changes"].as_object().unwrap();
    assert!(changes.contains_key(&editor.uri) && changes.len() == 2, "{renamed}");
    assert_eq!(changes[&uri][0]["range"]["start"], json!({"line": 3, "character": 14}), "{renamed}");
    editor.server.abandon();
}

#[tokio::test]
async fn other_yaml_is_left_alone() {
    let mut editor = Editor::open("config.yaml", "site: x\nmodel_list:\n  - resnet\n").await;
    for method in [
        "textDocument/hover",
        "textDocument/definition",
        "textDocument/documentSymbol",
        "textDocument/rename",
    ] {
        assert_eq!(editor.ask(method, 0, 1).await, Value::Null, "{method}");
    }
    let completion = editor.ask("textDocument/completion", 0, 1).await;
    assert_eq!(completion["items"], json!([]));
}
