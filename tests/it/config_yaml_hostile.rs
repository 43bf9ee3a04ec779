//! Huge files and many changes: the server goes on with everything else, and looks once at what comes at once.

use litellm_ls::Door;
use serde_json::json;

use crate::support::{server::TestServer, within};

const HEAD: &str = "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o}\n";

fn numbered(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// Whoever asks for something else while a huge file is looked at again and again is answered before that is done.
#[tokio::test]
async fn a_huge_file_holds_up_nothing_else() {
    const LOOKS: usize = 20;
    let folder = tempfile::tempdir().unwrap();
    let uri = url::Url::from_file_path(folder.path().join("litellm.yaml")).unwrap().to_string();
    let one = |n| format!("  - model_name: m{n}\n    litellm_params: {{model: openai/gpt-4o, rpm: lots}}\n");
    let text = format!("model_list:\n{}", numbered(5_000, one));
    let mut server = TestServer::memory(Door::Lsp, &[]);
    server.initialize(json!({"textDocument": {"diagnostic": {}}})).await;
    let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
    server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    let mut looks = Vec::new();
    for _ in 0..LOOKS {
        looks.push(server.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}})).await);
    }
    let other = server.request("provider/listProfiles", json!({})).await;
    let mut answered = Vec::new();
    while answered.len() <= LOOKS {
        let message = within("an answer", server.next_message()).await;
        answered.extend(message["id"].as_i64().filter(|_| message.get("method").is_none()));
    }
    let place = answered.iter().position(|id| *id == other).expect("an answer");
    assert!(place < LOOKS / 2, "answered behind {place} of {LOOKS} looks at the file");
    assert_eq!(answered.iter().filter(|id| looks.contains(id)).count(), LOOKS);
    server.abandon();
}

/// What is written at once is looked at once, as it is at the end.
#[tokio::test]
async fn changes_in_a_row_are_looked_at_together() {
    const CHANGES: usize = 200;
    let folder = tempfile::tempdir().unwrap();
    let uri = url::Url::from_file_path(folder.path().join("litellm.yaml")).unwrap().to_string();
    let text = |n: usize| format!("{HEAD}litellm_settings:\n  drop_parms{n}: true\n");
    let mut server =
        TestServer::memory(Door::Lsp, &[("LITELLM_MASTER_KEY", "sk-x"), ("OPENAI_API_KEY", "x")]);
    server.initialize(json!({})).await;
    let item = json!({"uri": uri, "languageId": "yaml", "version": 0, "text": text(0)});
    server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    for version in 1..=CHANGES {
        let params = json!({"textDocument": {"uri": uri, "version": version},
            "contentChanges": [{"text": text(version)}]});
        server.notify("textDocument/didChange", params).await;
    }
    let last = format!("drop_parms{CHANGES}");
    let mut pushes = 0;
    loop {
        let params = within("findings", server.notification("textDocument/publishDiagnostics")).await;
        pushes += 1;
        if params["diagnostics"].to_string().contains(&last) {
            break;
        }
    }
    assert!(pushes < CHANGES / 2, "{pushes} pushes for {CHANGES} changes");
    server.abandon();
}
