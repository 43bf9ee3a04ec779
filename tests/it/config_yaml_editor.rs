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
        Self::beside(&[], json!({}), name, text).await
    }

    /// An editor that offers this and that, with files beside the one that it opens.
    async fn beside(files: &[(&str, &str)], capabilities: Value, name: &str, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let variables =
            [("OPENAI_API_KEY", "sk-value-never-shown"), ("LITELLM_MASTER_KEY", "sk-master-never-shown")];
        let mut server = TestServer::memory(Door::Lsp, &variables);
        server.initialize(capabilities).await;
        let uri = url::Url::from_file_path(folder.path().join(name)).unwrap().to_string();
        let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
        Self { server, uri, folder }
    }

    fn uri_of(&self, name: &str) -> String {
        url::Url::from_file_path(self.folder.path().join(name)).unwrap().to_string()
    }

    async fn open_too(&mut self, name: &str, text: &str) {
        let item = json!({"uri": self.uri_of(name), "languageId": "yaml", "version": 1, "text": text});
        self.server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    }

    async fn pull(&mut self, known: Option<&Value>) -> Value {
        let params = json!({"textDocument": {"uri": self.uri}, "previousResultId": known});
        self.server.ask("textDocument/diagnostic", params).await
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

    /// The codes of what is pushed or pulled.
    fn codes(diagnostics: &Value) -> Vec<&str> {
        diagnostics.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
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
    assert_eq!(hover["contents"]["value"], "**`OPENAI_API_KEY`** is set in the environment.");
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

/// LiteLLM takes an included section in the place of one of this file, which its user may still mean to keep.
#[tokio::test]
async fn a_name_is_changed_in_a_section_that_another_took_the_place_of() {
    let text = "model_list:\n  - model_name: big\n    litellm_params: {model: openai/a}\n  - model_name: small\n    litellm_params: {model: openai/b}\ninclude: [other.yaml]\nrouter_settings:\n  model_group_alias: {old: big}\n  fallbacks: [{big: [small]}]\n";
    let other = "router_settings:\n  model_group_alias: {old: big}\n  fallbacks: [{small: [big, old]}]\n";
    let mut editor = Editor::beside(&[("other.yaml", other)], json!({}), "config.yaml", text).await;
    let lines = |changes: &Value, uri: &str| -> Vec<u64> {
        let edits = changes["changes"][uri].as_array().unwrap();
        edits.iter().map(|edit| edit["range"]["start"]["line"].as_u64().unwrap()).collect()
    };
    for (line, here, there) in [(1, &[1, 7, 8][..], &[1, 2][..]), (7, &[7], &[1, 2])] {
        let renamed = editor.ask("textDocument/rename", line, if line == 1 { 18 } else { 23 }).await;
        assert_eq!(lines(&renamed, &editor.uri), here, "{renamed}");
        assert_eq!(lines(&renamed, &editor.uri_of("other.yaml")), there, "{renamed}");
    }
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

/// What an editor says that pulls diagnostics.
fn pulling() -> Value {
    json!({
        "textDocument": {"diagnostic": {"relatedDocumentSupport": true}},
        "workspace": {"diagnostics": {"refreshSupport": true}, "didChangeWatchedFiles": {"dynamicRegistration": true}},
    })
}

#[tokio::test]
async fn an_editor_that_pulls_is_pushed_nothing() {
    let text = format!("include: [part.yaml, gone.yaml]\n{TEXT}");
    let part = [("part.yaml", "model_list:\n  - model_name: x\n    litellm_params: {model: opnai/x}\n")];
    let mut editor = Editor::beside(&part, pulling(), "config.yaml", &text).await;
    let report = editor.pull(None).await;
    assert_eq!(Editor::codes(&report["items"]), ["litellm/include-problem", "litellm/unknown-provider"]);
    // What it includes and has not open comes along.
    let related = &report["relatedDocuments"][&editor.uri_of("part.yaml")];
    assert_eq!(Editor::codes(&related["items"]), ["litellm/unknown-provider"]);
    let again = editor.pull(Some(&report["resultId"])).await;
    assert_eq!((&again["kind"], &again["resultId"]), (&json!("unchanged"), &report["resultId"]));
    let all = editor.server.ask("workspace/diagnostic", json!({"previousResultIds": []})).await;
    let known: Vec<Value> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| json!({"uri": one["uri"], "value": one["resultId"]}))
        .collect();
    assert_eq!(known.len(), 2);
    // It is answered when there is news.
    let waiting = editor.server.request("workspace/diagnostic", json!({"previousResultIds": known})).await;
    editor.change(&text.replace("opena/", "openai/")).await;
    let news = editor.server.response(waiting).await.unwrap();
    let kinds: Vec<&Value> = news["items"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["full", "unchanged"], "{news}");
    assert_eq!(Editor::codes(&editor.pull(None).await["items"]), ["litellm/include-problem"]);
    // It watches the files beside.
    let asked = within("registration", editor.server.message("client/registerCapability")).await;
    assert_eq!(
        asked["params"]["registrations"][0]["registerOptions"]["watchers"][0]["globPattern"],
        "**/.env"
    );
    editor.server.send(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": null})).await;
    std::fs::write(editor.folder.path().join("gone.yaml"), "x-a: 1\n").unwrap();
    let event = json!({"changes": [{"uri": editor.uri_of("gone.yaml"), "type": 1}]});
    editor.server.notify("workspace/didChangeWatchedFiles", event).await;
    let asked = within("a refresh", editor.server.message("workspace/diagnostic/refresh")).await;
    editor.server.send(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": null})).await;
    assert_eq!(Editor::codes(&editor.pull(None).await["items"]), [""; 0]);
    // Nothing is left unread.
    editor.server.end().await;
}

/// Neither a message nor a change of the text says so: the file is looked at.
#[tokio::test]
async fn findings_follow_the_environment_beside_the_file() {
    let text = TEXT.replace("opena/", "openai/").replace("smart\n", "smart\n    model_info: {id: 1}\n");
    let text = text.replace("os.environ/OPENAI_API_KEY", "os.environ/OWN_KEY");
    let mut editor = Editor::open("config.yaml", &text).await;
    let codes = |found: Vec<(String, u64)>| found.into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(codes(editor.pushed().await), ["litellm/env-unset", "litellm/env-unset"]);
    std::fs::write(editor.folder.path().join(".env"), "OWN_KEY=x\n").unwrap();
    assert_eq!(editor.pushed().await, []);
    // What is written in an open one counts before it is saved.
    editor.open_too(".env", "OTHER=1\n").await;
    assert_eq!(codes(editor.pushed().await), ["litellm/env-unset", "litellm/env-unset"]);
}

#[tokio::test]
async fn the_shape_of_a_file_is_told() {
    let text = format!("include: [part.yaml]\n{TEXT}");
    let files = [("part.yaml", "x-a: 1\n"), (".env", "OPENAI_API_KEY=x\n")];
    let mut editor = Editor::beside(&files, json!({}), "litellm.yaml", &text).await;
    let folds = editor.ask("textDocument/foldingRange", 0, 0).await;
    assert_eq!(folds[0], json!({"startLine": 1, "endLine": 9}), "{folds}");
    assert_eq!(folds[1], json!({"startLine": 2, "endLine": 5}), "{folds}");
    let params = json!({"textDocument": {"uri": editor.uri}, "positions": [{"line": 4, "character": 15}]});
    let grown = editor.server.ask("textDocument/selectionRange", params).await;
    assert_eq!(grown[0]["range"]["start"], json!({"line": 4, "character": 13}));
    assert_eq!(grown[0]["parent"]["range"]["start"], json!({"line": 4, "character": 6}));
    let links = editor.ask("textDocument/documentLink", 0, 0).await;
    let targets: Vec<&str> =
        links.as_array().unwrap().iter().map(|link| link["target"].as_str().unwrap()).collect();
    assert_eq!(targets[0], editor.uri_of("part.yaml"));
    assert!(targets[1..].contains(&editor.uri_of(".env").as_str()), "{targets:?}");
    assert!(targets.iter().any(|target| target.starts_with("https://docs.litellm.ai/docs/providers")));
    editor.server.abandon();
}

#[tokio::test]
async fn a_secret_leaves_the_file_for_one_that_its_owner_reads() {
    let secret = "sk-proj-0123456789abcdef";
    let text = TEXT.replace("opena/", "openai/").replacen("os.environ/OPENAI_API_KEY", secret, 1);
    // The second as Neovim 0.11 says it.
    for edits in [
        json!({"documentChanges": true, "resourceOperations": ["create"]}),
        json!({"resourceOperations": ["rename", "create", "delete"]}),
    ] {
        let creates = json!({"workspace": {"workspaceEdit": edits}});
        let mut editor = Editor::beside(&[], creates, "config.yaml", &text).await;
        let actions = editor.ask("textDocument/codeAction", 4, 20).await;
        let to_env = |action: &&Value| action["title"].as_str().unwrap().contains(".env");
        let action = actions.as_array().unwrap().iter().find(to_env).expect("an action").clone();
        assert!(!action["title"].as_str().unwrap().contains("sk-proj"), "{action}");
        let changes = action["edit"]["documentChanges"].as_array().unwrap();
        let dotenv = editor.uri_of(".env");
        assert_eq!(changes[0], json!({"kind": "create", "uri": dotenv, "options": {"ignoreIfExists": true}}));
        // The name is taken by what is exported.
        assert_eq!(changes[1]["edits"][0]["newText"], format!("OPENAI_API_KEY_2={secret}\n"));
        // Chosen from a menu that is older than the text, it is refused by an editor that knows versions.
        assert_eq!(changes[2]["textDocument"], json!({"uri": editor.uri, "version": 1}));
        assert_eq!(changes[2]["edits"][0]["newText"], "os.environ/OPENAI_API_KEY_2");
        // The editor makes the file, then runs the command.
        let path = editor.folder.path().join(".env");
        std::fs::write(&path, "").unwrap();
        let command =
            json!({"command": action["command"]["command"], "arguments": action["command"]["arguments"]});
        assert_eq!(editor.server.ask("workspace/executeCommand", command).await, Value::Null);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        editor.server.abandon();
    }
}

/// At the edge too, where editors that indent nothing put the cursor.
#[tokio::test]
async fn whole_deployments_come_first_below_a_list_that_is_begun() {
    for text in ["model_list:\n", "model_list:\n  ", "model_list:\n# chats\n\n"] {
        let mut editor = Editor::beside(&[], json!({}), "config.yaml", text).await;
        let end = text.rsplit('\n').next().map_or(0, str::len);
        let list = editor.ask("textDocument/completion", text.matches('\n').count(), end).await;
        let first = list["items"][0]["label"].as_str().unwrap_or_default();
        assert!(first.starts_with("deployment: "), "{text:?}: {first:?}");
        editor.server.abandon();
    }
}

#[tokio::test]
async fn a_whole_deployment_is_proposed() {
    for snippets in [true, false] {
        let completion = json!({"completionItem": {"snippetSupport": snippets}});
        let offers = json!({"textDocument": {"completion": completion}});
        let text = TEXT.replace("opena/", "openai/").replace("router_settings", "  - \nrouter_settings");
        let mut editor = Editor::beside(&[], offers, "litellm.yaml", &text).await;
        let list = editor.ask("textDocument/completion", 9, 4).await;
        let items = list["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["label"] == "deployment: Anthropic").expect("a snippet");
        let (name, model, indent) =
            if snippets { ("${1:name}", "${2:model}", "") } else { ("name", "model", "  ") };
        let text = format!(
            "model_name: {name}\n{indent}  litellm_params:\n{indent}    model: anthropic/{model}\n{indent}    api_key: os.environ/ANTHROPIC_API_KEY"
        );
        assert_eq!(item["textEdit"]["newText"], text);
        assert_eq!(item["insertTextFormat"] == 2, snippets);
        editor.server.abandon();
    }
}
