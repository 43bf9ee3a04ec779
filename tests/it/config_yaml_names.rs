//! The names of a configuration and of what it includes: where they are given, used, proposed, renamed and listed.

use litellm_ls::Door;
use serde_json::{Value, json};

use crate::support::server::TestServer;

const MAIN: &str = "\
include: [shared.yaml]
model_list:
  - model_name: fast
    litellm_params: {model: openai/gpt-4.1-mini, litellm_credential_name: team}
    model_info: {access_groups: [beta, \"internal\"]}
  - model_name: smart
    litellm_params: {model: openai/gpt-4.1, api_key: os.environ/OPENAI_API_KEY}
    model_info:
      access_groups:
        - beta
router_settings:
  model_group_alias: {quick: fast}
litellm_settings:
  default_team_params:
    models: [beta, smart, all-team-models]
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
  litellm_jwtauth:
    scope_mappings:
      - scope: beta.users
        models: [beta]
";
const SHARED: &str = "\
model_list:
  - model_name: large
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_key: os.environ/ANTHROPIC_API_KEY}
    model_info: {access_groups: [beta]}
credential_list:
  - credential_name: team
    credential_values: {api_key: os.environ/OPENAI_API_KEY}
    credential_info: {}
";

struct Editor {
    server: TestServer,
    folder: tempfile::TempDir,
}

impl Editor {
    async fn with(texts: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("shared.yaml"), SHARED).unwrap();
        let mut editor = Self { server: TestServer::memory(Door::Lsp, &[]), folder };
        let announced = editor.server.initialize(json!({})).await;
        assert_eq!(announced["capabilities"]["workspaceSymbolProvider"], true);
        for (name, text) in texts {
            let item = json!({"uri": editor.uri(name), "languageId": "yaml", "version": 1, "text": text});
            editor.server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
        }
        editor
    }

    fn uri(&self, name: &str) -> String {
        url::Url::from_file_path(self.folder.path().join(name)).unwrap().to_string()
    }

    /// Asks about the place in the first text that follows this piece of it.
    async fn ask(&mut self, method: &str, behind: &str, more: Value) -> Value {
        let at = MAIN.find(behind).expect("a piece of the text") + behind.len();
        let line = MAIN[..at].matches('\n').count();
        let character = at - MAIN[..at].rfind('\n').map_or(0, |end| end + 1);
        let mut params = json!({"textDocument": {"uri": self.uri("litellm.yaml")},
            "position": {"line": line, "character": character}});
        params.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.server.ask(method, params).await
    }

    /// File and line of each place.
    fn places(&self, locations: &Value) -> Vec<(String, u64)> {
        let name = |uri: &Value| uri.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let all = locations.as_array().unwrap_or_else(|| panic!("places, not {locations}")).iter();
        all.map(|one| (name(&one["uri"]), one["range"]["start"]["line"].as_u64().unwrap())).collect()
    }

    async fn symbols(&mut self, query: &str) -> Vec<(String, String)> {
        let found = self.server.ask("workspace/symbol", json!({"query": query})).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let all = found.as_array().unwrap().iter();
        all.map(|one| (text(&one["name"]), text(&one["containerName"]))).collect()
    }
}

fn at(file: &str, line: u64) -> (String, u64) {
    (file.to_owned(), line)
}

#[tokio::test]
async fn access_groups_are_names_like_models() {
    let mut editor = Editor::with(&[("litellm.yaml", MAIN)]).await;
    let given = [at("litellm.yaml", 4), at("litellm.yaml", 9), at("shared.yaml", 3)];
    let used = [at("litellm.yaml", 14), at("litellm.yaml", 20)];
    let definition = editor.ask("textDocument/definition", "models: [be", json!({})).await;
    assert_eq!(editor.places(&definition), given);
    let all = json!({"context": {"includeDeclaration": true}});
    let references = editor.ask("textDocument/references", "access_groups: [be", all).await;
    assert_eq!(editor.places(&references), [&given[..], &used[..]].concat());
    let highlights = editor.ask("textDocument/documentHighlight", "        - be", json!({})).await;
    assert_eq!(highlights.as_array().unwrap().len(), 4, "{highlights}");
    let hover = editor.ask("textDocument/hover", "models: [be", json!({})).await;
    let hover = hover["contents"]["value"].as_str().unwrap().to_owned();
    assert_eq!(hover, "**`beta`** grants access to\n\n- `fast`\n- `smart`\n- `large`");
    // What stands in such a list for a model is one.
    let definition = editor.ask("textDocument/definition", "models: [beta, sm", json!({})).await;
    assert_eq!(editor.places(&definition), [at("litellm.yaml", 5)]);
    assert_eq!(editor.ask("textDocument/definition", "smart, all-team", json!({})).await, Value::Null);
    for (behind, name, wanted) in [
        ("access_groups: [be", "trial", Ok(5)),
        ("access_groups: [be", "internal", Err("taken")),
        ("access_groups: [be", "smart", Err("taken")),
        ("access_groups: [beta, \"in", "beta two", Ok(1)),
    ] {
        let uri = editor.uri("litellm.yaml");
        let at = MAIN.find(behind).unwrap() + behind.len();
        let line = MAIN[..at].matches('\n').count();
        let character = at - MAIN[..at].rfind('\n').map_or(0, |end| end + 1);
        let params = json!({"textDocument": {"uri": uri}, "newName": name,
            "position": {"line": line, "character": character}});
        let answer = editor.server.call("textDocument/rename", params).await;
        match (answer, wanted) {
            (Ok(edit), Ok(count)) => {
                let edits = edit["changes"].as_object().unwrap().values();
                assert_eq!(
                    edits.map(|edits| edits.as_array().unwrap().len()).sum::<usize>(),
                    count,
                    "{edit}"
                );
            }
            (Err(error), Err(word)) => {
                assert!(error["message"].as_str().unwrap().contains(word), "{error}");
            }
            (answer, _) => panic!("{name}: {answer:?}"),
        }
    }
    editor.server.abandon();
}

#[tokio::test]
async fn access_groups_are_proposed_where_they_may_stand() {
    let mut editor = Editor::with(&[("litellm.yaml", MAIN)]).await;
    for (behind, wanted) in [
        ("access_groups: [", &["beta", "internal"][..]),
        ("        - ", &["beta", "internal"]),
        ("default_team_params:\n    models: [", &["fast", "large", "quick", "smart", "beta", "internal"]),
        ("scope: beta.users\n        models: [", &["fast", "large", "quick", "smart", "beta", "internal"]),
    ] {
        let list = editor.ask("textDocument/completion", behind, json!({})).await;
        let labels: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
        assert_eq!(labels, wanted, "behind {behind:?}");
    }
    editor.server.abandon();
}

#[tokio::test]
async fn names_of_all_open_configurations_are_found() {
    let other =
        "model_list:\n  - model_name: fastest\n    litellm_params: {model: groq/llama-3.1-8b-instant}\n";
    let texts = [("litellm.yaml", MAIN), ("litellm-other.yaml", other), ("shared.yaml", SHARED)];
    let mut editor = Editor::with(&texts).await;
    let pair = |name: &str, what: &str| (name.to_owned(), what.to_owned());
    assert_eq!(editor.symbols("FST").await, [pair("fastest", "model"), pair("fast", "model")]);
    assert_eq!(editor.symbols("bta").await, [pair("beta", "access group")]);
    let found = editor.server.ask("workspace/symbol", json!({"query": ""})).await;
    let named = |name: &str| {
        let all: Vec<&Value> = found.as_array().unwrap().iter().filter(|one| one["name"] == name).collect();
        assert_eq!(all.len(), 1, "{name}: {all:?}");
        (all[0]["kind"].as_u64().unwrap(), all[0]["location"].clone())
    };
    let (kind, location) = named("ANTHROPIC_API_KEY");
    assert_eq!(kind, 13);
    assert_eq!(location["uri"], editor.uri("shared.yaml"));
    assert_eq!(location["range"]["start"]["line"], 2);
    assert_eq!(named("quick").0, 11);
    assert_eq!(named("beta").1["uri"], editor.uri("litellm.yaml"));
    assert_eq!(editor.symbols("no such name").await, []);
    editor.server.abandon();
}

/// Who opens no such file is answered with nothing.
#[tokio::test]
async fn other_documents_have_no_names() {
    let mut editor = Editor::with(&[("compose.yaml", "services: {}\n"), ("a.rs", "fn main() {}\n")]).await;
    assert_eq!(editor.symbols("").await, []);
    editor.server.abandon();
}
