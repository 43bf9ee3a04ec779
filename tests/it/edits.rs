//! `provider/edit`, own prompts, and changes that are shown before they are written.

use std::fs;

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
};

const TEXT: &str = "fn one() -> u8 {\n    1\n}\n";
const URI: &str = "file:///home/ann/main.rs";
const CHAT: &str = "POST /v1/chat/completions";

const PROMPTS: &str = r#"
[prompts.german]
title = "translate into German"
template = "Translate: {selection} {input}"
model = "claude"
output = "diff"

[prompts.broken]
output = "page"
"#;

fn says(text: &str, finish: &str) -> Answer {
    let usage = json!({"prompt_tokens": 5, "completion_tokens": 3});
    Answer::stream().text(text).finish(finish).usage(usage).done()
}

fn range(from: (u32, u32), to: (u32, u32)) -> Value {
    let at = |(line, character)| json!({"line": line, "character": character});
    json!({"start": at(from), "end": at(to)})
}

/// The `1` of the text.
fn one() -> Value {
    range((1, 4), (1, 5))
}

/// An editor with an open text, its server and the proxy behind that; the settings file has prompts.
async fn open(workspace: Value, features: Value) -> (TestServer, FakeProxy, tempfile::TempDir) {
    let fake = FakeProxy::start().await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("settings.toml");
    fs::write(&file, PROMPTS).unwrap();
    let file = file.display().to_string();
    let variables = [
        ("LITELLM_LS_SETTINGS", file.as_str()),
        ("LITELLM_BASE_URL", &fake.url()),
        ("LITELLM_API_KEY", "sk-fake"),
    ];
    let mut server = TestServer::process(Door::Lsp, &variables);
    let params = json!({"processId": null, "rootUri": null, "capabilities": {"workspace": workspace},
        "initializationOptions": {"features": features}});
    server.call("initialize", params).await.unwrap();
    server.notify("initialized", json!({})).await;
    let text = json!({"uri": URI, "languageId": "rust", "version": 7, "text": TEXT});
    server.notify("textDocument/didOpen", json!({"textDocument": text})).await;
    // The broken prompt is complained of.
    let complaint = server.next_message().await;
    let said = complaint["params"]["message"].as_str().unwrap().to_owned();
    assert!(said.contains("prompts.broken.template") && said.contains("line 8"), "{said}");
    (server, fake, home)
}

async fn edit(server: &mut TestServer, more: Value) -> Value {
    let mut params = json!({"textDocument": {"uri": URI}, "range": one()});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    server.call("provider/edit", params).await.unwrap()
}

fn question(request: &Value) -> (&str, &str) {
    (request["messages"][0]["content"].as_str().unwrap(), request["messages"][1]["content"].as_str().unwrap())
}

#[tokio::test]
async fn an_edit_sends_the_place_and_says_what_to_write() {
    let (mut server, fake, _home) = open(json!({}), json!({})).await;
    fake.on(CHAT).answer(says("```rust\n2\n```", "stop"));
    let asked = json!({"instruction": "use two", "diagnostics": ["too small"], "model": "gpt"});
    let edited = edit(&mut server, asked).await;
    assert_eq!((&edited["place"], &edited["newText"]), (&json!("replace"), &json!("2")));
    assert_eq!((&edited["range"], &edited["version"]), (&one(), &json!(7)));
    assert_eq!((&edited["model"], &edited["usage"]["inputTokens"]), (&json!("gpt"), &json!(5)));
    assert!(edited["cost"].is_null() && edited.get("reason").is_none() && edited.get("messages").is_none());
    let request = fake.next_on(CHAT).await.json();
    let (_, prompt) = question(&request);
    for part in [
        "`main.rs` (rust)",
        "<before>\nfn one() -> u8 {\n    </before>",
        "<selection>\n1</selection>",
        "<after>\n\n}\n</after>",
        "Rewrite the selection: use two",
        "- too small",
    ] {
        assert!(prompt.contains(part), "{part:?} in {prompt}");
    }
    assert!(!prompt.contains("/home"), "folders are nobody's business: {prompt}");
    server.end().await;
}

#[tokio::test]
async fn what_is_not_fit_for_the_text_is_for_reading() {
    let (mut server, fake, _home) = open(json!({}), json!({})).await;
    for (answer, asked, place, text, reason) in [
        (says("2 + ", "length"), json!({}), "page", "2 + ", "cut off"),
        (says("It is one.", "stop"), json!({"task": "explain"}), "page", "It is one.", ""),
        (says(" ", "stop"), json!({}), "none", "", "answered with nothing"),
    ] {
        fake.on(CHAT).answer(answer);
        let edited = edit(&mut server, asked).await;
        assert_eq!(edited["place"], place, "{edited}");
        assert_eq!(edited["newText"].as_str().unwrap().trim(), text.trim());
        assert!(edited["reason"].as_str().unwrap_or_default().contains(reason), "{edited}");
        assert_eq!(edited.get("reason").is_some(), !reason.is_empty());
    }
    server.end().await;
}

#[tokio::test]
async fn a_dry_run_shows_the_question_and_its_price_and_asks_nothing() {
    let (mut server, fake, _home) = open(json!({}), json!({})).await;
    // In a new session, too: the list has the price.
    let dry = edit(&mut server, json!({"task": "rewrite", "model": "gpt", "dryRun": true})).await;
    let (tokens, cost) =
        (dry["estimatedInputTokens"].as_f64().unwrap(), dry["estimatedCost"].as_f64().unwrap());
    // $0.15 and $0.60 for 1,000,000 tokens, and 100 tokens of an answer.
    assert!((cost - (tokens * 0.15 + 100.0 * 0.6) / 1e6).abs() < 1e-9, "{dry}");
    assert_eq!((&dry["model"], &dry["place"]), (&json!("gpt"), &json!("replace")));
    assert!(question(&dry).1.contains("Rewrite the selection"), "{dry}");
    // A file of secrets is no matter: nothing is sent.
    let secret = json!({"textDocument": {"uri": "file:///home/ann/.env", "text": "A=1"}, "dryRun": true});
    assert!(edit(&mut server, secret).await.get("estimatedCost").is_some());
    fake.on(CHAT).answer(says("2", "stop"));
    let real = edit(&mut server, json!({"task": "rewrite", "model": "gpt"})).await;
    assert_eq!(real["newText"], "2");
    let request = fake.next_on(CHAT).await.json();
    assert_eq!(question(&request), question(&dry), "what is asked is what was shown");
    server.end().await;
}

/// No list is asked for in this session, and yet the cost is known.
#[tokio::test]
async fn an_edit_looks_up_what_it_costs() {
    let (mut server, fake, _home) = open(json!({}), json!({})).await;
    let list = "GET /v1/model/info";
    fake.on(CHAT).always(says("2", "stop"));
    edit(&mut server, json!({"model": "gpt"})).await;
    fake.next_on(list).await;
    // The list that is on its way is this one.
    server.call("provider/listModels", json!({})).await.unwrap();
    let edited = edit(&mut server, json!({"model": "gpt"})).await;
    assert!(edited["usage"]["cost"].as_f64().unwrap() > 0.0, "{edited}");
    assert_eq!(edited["usage"]["costSource"], "computed", "{edited}");
    server.end().await;
    assert_eq!(fake.requests().iter().filter(|request| request.path == "/v1/model/info").count(), 1);
}

#[tokio::test]
async fn an_own_prompt_is_listed_offered_and_asked() {
    let (mut server, fake, _home) = open(json!({}), json!({})).await;
    let listed = server.call("provider/listPrompts", json!({})).await.unwrap();
    let names: Vec<&Value> =
        listed["prompts"].as_array().unwrap().iter().map(|prompt| &prompt["name"]).collect();
    assert_eq!(names, ["german", "commit"]);
    fake.on(CHAT).answer(says("zwei", "stop"));
    let edited = edit(&mut server, json!({"prompt": "german", "instruction": "briefly"})).await;
    assert_eq!(
        (&edited["newText"], &edited["preview"], &edited["model"]),
        (&json!("zwei"), &json!(true), &json!("claude"))
    );
    let request = fake.next_on(CHAT).await.json();
    assert_eq!(question(&request).1, "Translate: 1 briefly");
    let refused = json!({"textDocument": {"uri": URI}, "range": one(), "prompt": "french"});
    let refused = server.call("provider/edit", refused).await.unwrap_err();
    assert!(refused["data"]["remedy"].as_str().unwrap().contains("german, commit"), "{refused}");

    let diff = json!({"uri": "untitled:staged", "languageId": "diff", "text": "+fast\n"});
    fake.on(CHAT).answer(says("```\nMake it fast\n```", "stop"));
    let message =
        edit(&mut server, json!({"textDocument": diff, "range": range((0, 0), (0, 0)), "prompt": "commit"}))
            .await;
    assert_eq!((&message["place"], &message["newText"]), (&json!("page"), &json!("Make it fast")));
    assert!(question(&fake.next_on(CHAT).await.json()).1.ends_with("\n\n+fast\n"));

    let params = json!({"textDocument": {"uri": URI}, "range": one(), "context": {"diagnostics": []}});
    let actions = server.call("textDocument/codeAction", params).await.unwrap();
    let actions = actions.as_array().unwrap();
    let of = |title: &str| actions.iter().find(|action| action["title"] == title);
    assert!(of("LiteLLM: write a commit message").is_none(), "it is for diffs");
    let command = &of("LiteLLM: translate into German").unwrap()["command"];
    let whole = "fn eins() -> u8 {\n    1\n}\n";
    fake.on(CHAT).answer(says(whole, "stop"));
    let run = json!({"command": command["command"], "arguments": command["arguments"]});
    server.call("workspace/executeCommand", run).await.unwrap();
    let applied = server.next_message().await;
    // One letter is the cursor of Helix: all of the text was asked about.
    let all = json!({"range": range((0, 0), (3, 0)), "newText": whole});
    assert_eq!(applied["params"]["edit"]["changes"][URI][0], all, "{applied}");
    server.abandon();
}

#[tokio::test]
async fn a_change_is_shown_first_where_the_user_wants_it() {
    let edits = json!({"workspaceEdit": {"documentChanges": true, "changeAnnotationSupport": {}}});
    let plain = json!({"workspaceEdit": {"documentChanges": true}});
    for (workspace, preview, confirmed) in
        [(&edits, true, true), (&edits, false, false), (&plain, true, false)]
    {
        let (mut server, fake, _home) = open(workspace.clone(), json!({"previewEdits": preview})).await;
        fake.on(CHAT).answer(says("2", "stop"));
        let command = json!({"command": "litellm-ls.rewrite", "arguments": [{"uri": URI, "range": one()}]});
        server.call("workspace/executeCommand", command).await.unwrap();
        let asked = server.next_message().await;
        let edit = &asked["params"]["edit"];
        let change = &edit["documentChanges"][0]["edits"][0];
        assert_eq!(change["newText"], "2", "{asked}");
        let annotation = change["annotationId"].as_str();
        let needs = annotation.map(|id| edit["changeAnnotations"][id]["needsConfirmation"].clone());
        assert_eq!(needs, confirmed.then(|| json!(true)), "{asked}");
        // What the user does not want is kept, and shown.
        let reply = json!({"jsonrpc": "2.0", "id": asked["id"], "result": {"applied": false}});
        server.send(&reply).await;
        assert_eq!(server.next_message().await["method"], "window/showDocument");
        server.abandon();
    }
}

#[tokio::test]
async fn a_file_of_secrets_is_sent_only_where_the_user_says_so() {
    let (mut server, fake, _home) = open(json!({}), json!({})).await;
    let secret = json!({"uri": "file:///home/ann/.env", "text": "A=1\n"});
    let params = json!({"textDocument": secret, "range": range((0, 2), (0, 3))});
    for (chosen, kind) in
        [(json!({"title": "Don't Send It"}), Some("requestCancelled")), (json!({"title": "Send It"}), None)]
    {
        fake.on(CHAT).answer(says("2", "stop"));
        let id = server.request("provider/edit", params.clone()).await;
        let question = server.message("window/showMessageRequest").await;
        server.send(&json!({"jsonrpc": "2.0", "id": question["id"], "result": chosen})).await;
        let answer = server.response(id).await;
        assert_eq!(
            answer.as_ref().err().and_then(|error| error["data"]["kind"].as_str()),
            kind,
            "{answer:?}"
        );
    }
    assert_eq!(fake.next_on(CHAT).await.json()["messages"].as_array().unwrap().len(), 2);
    server.end().await;

    // A diff tells the content of its files.
    let mut lines = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    for (file, is_secret) in [("deploy/.env", true), ("src/main.rs", false)] {
        let diff = format!("--- a/{file}\n+++ b/{file}\n@@ -1 +1 @@\n-A=1\n+A=2\n");
        let diff = json!({"uri": "untitled:staged", "languageId": "diff", "text": diff});
        let asked = json!({"textDocument": diff, "range": range((0, 0), (0, 0)), "prompt": "commit"});
        let answer = lines.call("provider/edit", asked).await;
        let refused =
            answer.err().map(|error| error["message"].as_str().unwrap().contains(".env may hold secrets"));
        assert_eq!(refused, is_secret.then_some(true), "{file}");
    }
    lines.end().await;

    // Nobody is asked at a door without a user.
    let mut lines = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    let refused = lines.call("provider/edit", params).await.unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("may hold secrets"), "{refused}");
    lines.end().await;
}
