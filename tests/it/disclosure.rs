//! What may hold secrets goes to a model only where the user says so: by one rule, at every door.

use std::{fs, path::Path};

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    user::User,
};

const CHAT: &str = "POST /v1/chat/completions";
const KEY: &str = "sk-proj-0123456789abcdef";

fn config(key: &str) -> String {
    format!(
        "model_list:\n  - model_name: a\n    litellm_params:\n      model: openai/gpt-4o\n      api_key: {key}\n"
    )
}

fn diff(of: &str) -> String {
    format!("diff --git a/{of} b/{of}\n--- a/{of}\n+++ b/{of}\n@@ -1 +1 @@\n-A=1\n+A=2\n")
}

/// Texts that hold secrets whatever they are called, and their languages and URIs.
fn secrets() -> Vec<(&'static str, &'static str, String)> {
    let quoted = |text: &str| text.lines().map(|line| format!("> {line}\n")).collect::<String>();
    vec![
        ("file:///w/config.yaml", "yaml", config(KEY)),
        ("file:///w/config.yaml", "plaintext", config(KEY).replace('\n', "\r\n")),
        ("untitled:Untitled-1", "yaml", config(KEY)),
        ("untitled:config.yaml", "yaml", config(KEY)),
        (
            "file:///w/models.yaml",
            "yaml",
            format!("credential_list:\n- credential_values:\n    api_key: {KEY}\n"),
        ),
        ("file:///w/notes.md", "markdown", format!("Ours:\n\n{}", quoted(&config(KEY)))),
        ("untitled:staged", "diff", diff("deploy/.env")),
        ("file:///w/.git/COMMIT_EDITMSG", "gitcommit", format!("Change\n# --- >8 ---\n{}", diff("id_rsa"))),
        ("file:///w/x", "NeogitCommit", diff("server.pem")),
        ("file:///w/x", "fugitive", "Unstaged (1)\nM .env\n@@ -1 +1 @@\n-A=1\n+A=2\n".to_owned()),
        ("file:///w/x", "magit-status", "modified   .env\n@@ -1 +1 @@\n-A=1\n+A=2\n".to_owned()),
        ("untitled:log", "git", format!("commit 1\nAuthor: Ann\n\n    Change\n\n{}", diff(".npmrc"))),
        ("untitled:mail", "plaintext", quoted(&diff(".env"))),
        ("untitled:staged", "diff", diff("config.yaml").replace("+A=2", &format!("+      api_key: {KEY}"))),
        ("file://localhost/proc/self/environ", "plaintext", "A=1".to_owned()),
        ("file:///w/%23.env%23", "plaintext", "A=1\n".to_owned()),
        ("file:///w/.%23.env", "plaintext", "A=1\n".to_owned()),
    ]
}

fn harmless() -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("file:///w/config.yaml", "yaml", config("os.environ/OPENAI_API_KEY")),
        ("untitled:staged", "diff", diff("src/main.rs")),
        ("file:///w/main.lua", "lua", "--- Reads the server.key\nlocal x = 1\n".to_owned()),
        ("file:///w/.git/COMMIT_EDITMSG", "gitcommit", "Read .env\n".to_owned()),
    ]
}

/// An editor that has a text open, and shows the user what it is asked.
async fn open(fake: &FakeProxy, (uri, language, text): &(&str, &str, String)) -> TestServer {
    let variables = [("LITELLM_BASE_URL", &*fake.url()), ("LITELLM_API_KEY", "sk-fake")];
    let mut server = TestServer::memory(Door::Lsp, &variables);
    let features = json!({"inlineCompletion": true, "completion": true});
    let params = json!({"processId": null, "rootUri": null, "capabilities": {},
        "initializationOptions": {"model": "gpt", "features": features}});
    server.call("initialize", params).await.unwrap();
    server.notify("initialized", json!({})).await;
    let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
    server.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    server
}

fn range() -> Value {
    json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}})
}

/// Says no to the question that comes next.
async fn refuse(server: &mut TestServer) {
    let asked = server.message("window/showMessageRequest").await;
    assert!(asked["params"]["message"].as_str().unwrap().contains("may hold secrets"), "{asked}");
    // The one that who closes the question means too, and that editors choose first.
    let no = json!({"title": "Don't Send It", "isCloseAffordance": true});
    assert_eq!(asked["params"]["actions"], json!([no, {"title": "Send It"}]));
    server.send(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": no})).await;
}

#[tokio::test]
async fn a_text_with_secrets_is_asked_about_at_every_door_of_the_server() {
    for text in secrets() {
        let fake = FakeProxy::start().await;
        fake.on(CHAT).always(Answer::stream().text("hunter2").finish("stop").done());
        let mut server = open(&fake, &text).await;
        let (uri, language, content) = &text;
        let at = json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 0}, "context": {"triggerKind": 1}});
        for method in ["textDocument/inlineCompletion", "textDocument/completion"] {
            let list = server.call(method, at.clone()).await.unwrap();
            let proposed =
                list["items"].as_array().unwrap().iter().any(|item| item.to_string().contains("hunter2"));
            assert!(!proposed, "{method} {text:?}: {list}");
        }
        let checked = server.call("provider/checkFile", json!({"uri": uri})).await.unwrap();
        assert_eq!(checked["secret"], true, "{text:?}");

        let asked = json!({"uri": uri, "range": range()});
        for command in ["explain", "rewrite", "completeHere"] {
            let run = json!({"command": format!("litellm-ls.{command}"), "arguments": [asked]});
            server.call("workspace/executeCommand", run).await.unwrap();
            refuse(&mut server).await;
        }
        let along = json!({"uri": uri, "languageId": language, "text": content});
        for document in [json!({"uri": uri}), along.clone()] {
            let edit = json!({"textDocument": document, "range": range(), "task": "explain"});
            let id = server.request("provider/edit", edit).await;
            refuse(&mut server).await;
            assert_eq!(
                server.response(id).await.unwrap_err()["data"]["kind"],
                "requestCancelled",
                "{text:?}"
            );
        }
        assert!(fake.requests().iter().all(|request| request.route() != CHAT), "{text:?}");
        server.abandon();

        let mut lines = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
        let edit = json!({"textDocument": along, "range": range(), "task": "explain", "model": "gpt"});
        let refused = lines.call("provider/edit", edit).await.unwrap_err();
        assert!(refused["message"].as_str().unwrap().contains("may hold secrets"), "{refused}");
        lines.end().await;
    }
}

#[tokio::test]
async fn a_text_without_secrets_is_sent_at_once() {
    for text in harmless() {
        let fake = FakeProxy::start().await;
        fake.on(CHAT).always(Answer::stream().text("It says so.").finish("stop").done());
        let mut server = open(&fake, &text).await;
        let checked = server.call("provider/checkFile", json!({"uri": text.0})).await.unwrap();
        assert_eq!(checked, json!({"secret": false}), "{text:?}");
        let edit = json!({"textDocument": {"uri": text.0}, "range": range(), "task": "explain"});
        assert_eq!(server.call("provider/edit", edit).await.unwrap()["place"], "page", "{text:?}");
        server.abandon();
    }
}

/// What the user takes out by a pattern goes out, but for files that the settings take keys from.
#[tokio::test]
async fn a_pattern_of_the_users_takes_a_text_out() {
    let fake = FakeProxy::start().await;
    let mut server = open(&fake, &("file:///w/config.yaml", "yaml", config(KEY))).await;
    for (patterns, secret) in
        [(json!(["!config.yaml"]), false), (json!(["!*.json"]), true), (json!(null), true)]
    {
        let settings = json!({"secretFiles": patterns, "verify": false});
        server.call("provider/configure", settings).await.unwrap();
        let checked =
            server.call("provider/checkFile", json!({"uri": "file:///w/config.yaml"})).await.unwrap();
        assert_eq!(checked["secret"], secret, "{patterns}");
    }
    server.abandon();
}

/// A home with files of keys that settings name, under names that tell nothing.
fn keys(home: &Path) -> Vec<String> {
    let path = |name: &str| home.join(name).display().to_string();
    for name in ["alpha", "beta", "gamma", "delta"] {
        fs::write(home.join(name), format!("{KEY}\n")).unwrap();
    }
    fs::create_dir_all(home.join("data/litellm")).unwrap();
    fs::write(home.join("data/litellm/master-key"), KEY).unwrap();
    let settings = format!(
        "[profiles.work]\napiKey = \"file:{}\"\n[profiles.home]\napiKey = \"file:~/beta\"\nbaseUrl = \"http://x\"\n",
        path("alpha")
    );
    fs::write(home.join("own.conf"), settings).unwrap();
    let mut spellings: Vec<String> =
        ["alpha", "beta", "own.conf", "./alpha", "data/../alpha", "data/litellm/master-key"]
            .map(path)
            .to_vec();
    #[cfg(unix)]
    for (link, target) in [("notes.txt", "beta"), ("all", "."), ("k.txt", "data/litellm/master-key")] {
        std::os::unix::fs::symlink(target, home.join(link)).unwrap();
        spellings.push(path(if link == "all" { "all/alpha" } else { link }));
    }
    for (link, target) in
        [("hard", "alpha"), ("hard.conf", "own.conf"), ("hard-key", "data/litellm/master-key")]
    {
        fs::hard_link(home.join(target), home.join(link)).unwrap();
        spellings.push(path(link));
    }
    // What a configuration above a file or beside it takes credentials from.
    fs::create_dir_all(home.join("w/deploy")).unwrap();
    let config = |credentials: &str| {
        format!("litellm_settings:\ngeneral_settings:\n  vertex_credentials: {credentials}\n")
    };
    fs::write(home.join("w/deploy/config.yaml"), config("epsilon.json")).unwrap();
    fs::write(home.join("w/litellm.yml"), config("./deploy/zeta.txt")).unwrap();
    for name in ["w/deploy/epsilon.json", "w/deploy/zeta.txt"] {
        fs::write(home.join(name), "{}").unwrap();
        spellings.push(path(name));
    }
    fs::hard_link(home.join("w/deploy/epsilon.json"), home.join("w/deploy/eta")).unwrap();
    spellings.push(path("w/deploy/eta"));
    spellings
}

#[tokio::test]
async fn a_file_that_settings_take_a_key_from_is_one_of_secrets() {
    let fake = FakeProxy::start().await;
    let home = tempfile::tempdir().unwrap();
    let mut files = keys(home.path());
    let text = |name: &str| home.path().join(name).display().to_string();
    let variables = [
        ("LITELLM_BASE_URL", fake.url()),
        ("LITELLM_LS_SETTINGS", text("own.conf")),
        ("LITELLM_LS_DATA_DIR", text("data")),
        ("HOME", text("")),
    ];
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, &**value)).collect();
    let mut server = TestServer::process(Door::Lsp, &variables);
    let options = json!({"model": "gpt", "apiKey": format!("file:{}", text("gamma"))});
    let params =
        json!({"processId": null, "rootUri": null, "capabilities": {}, "initializationOptions": options});
    server.call("initialize", params).await.unwrap();
    server.notify("initialized", json!({})).await;
    let other = json!({"profile": "third", "activate": false, "verify": false, "baseUrl": fake.url(),
        "apiKey": format!("file:{}", text("delta"))});
    server.call("provider/configure", other).await.unwrap();
    files.extend([text("gamma"), text("delta")]);
    for file in &files {
        let uri = url::Url::from_file_path(file).unwrap();
        for uri in [uri.to_string(), file.clone(), uri.to_string().replace("file://", "file://localhost")] {
            let checked = server.call("provider/checkFile", json!({"uri": uri})).await.unwrap();
            assert_eq!(checked["secret"], true, "{uri}");
        }
    }
    let edit = json!({"textDocument": {"uri": "untitled:x", "languageId": "diff", "text": diff("alpha")}, "range": range(), "prompt": "commit"});
    let id = server.request("provider/edit", edit).await;
    refuse(&mut server).await;
    assert!(server.response(id).await.is_err());
    let checked = server.call("provider/checkFile", json!({"uri": text("main.rs")})).await.unwrap();
    assert_eq!(checked["secret"], false);
    // What an editor has without a file, or otherwise than the file.
    for uri in ["", "untitled:*scratch*", &text("main.rs"), "git:/w/x"] {
        for (said, is_secret) in [(diff("alpha"), true), ("fn main() {}".to_owned(), false)] {
            let params = json!({"uri": uri, "text": said});
            let checked = server.call("provider/checkFile", params).await.unwrap();
            assert_eq!(checked["secret"], is_secret, "{uri}: {said}");
        }
    }
    server.end().await;
}

/// A rule is made once, and each change of what it is made of is seen by the next question.
#[tokio::test]
async fn a_changed_setting_key_file_link_or_configuration_is_seen_at_once() {
    let fake = FakeProxy::start().await;
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    let text = |name: &str| at(name).display().to_string();
    for name in ["one", "two", "three", "gcp.json"] {
        fs::write(at(name), "sk-x").unwrap();
    }
    let settings = |key: &str, more: &str| {
        let file = format!("[profiles.default]\napiKey = \"file:{}\"\n{more}", text(key));
        fs::write(at("settings.toml"), file).unwrap();
    };
    settings("one", "");
    let variables = [("LITELLM_BASE_URL", fake.url()), ("LITELLM_LS_SETTINGS", text("settings.toml"))];
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, &**value)).collect();
    let mut server = TestServer::process(Door::Lsp, &variables);
    let params = json!({"processId": null, "rootUri": null, "capabilities": {}});
    server.call("initialize", params).await.unwrap();
    server.notify("initialized", json!({})).await;
    for name in ["one", "two", "three", "gcp.json"] {
        let document = json!({"uri": text(name), "languageId": "plaintext", "version": 1, "text": "x"});
        server.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    }
    let secrets = async |server: &mut TestServer, expected: &[&str]| {
        for name in ["one", "two", "three", "gcp.json"] {
            let checked = server.call("provider/checkFile", json!({"uri": text(name)})).await.unwrap();
            assert_eq!(checked["secret"], expected.contains(&name), "{name}: {expected:?}");
        }
    };
    secrets(&mut server, &["one"]).await;
    settings("two", "");
    secrets(&mut server, &["two"]).await;
    settings("two", "secretFiles = [\"thr*\"]\n");
    secrets(&mut server, &["two", "three"]).await;
    #[cfg(unix)]
    {
        // Without a word of `secretFiles` the file might be half written.
        settings("key", "secretFiles = []\n");
        secrets(&mut server, &[]).await;
        for target in ["one", "two"] {
            std::os::unix::fs::symlink(target, at("key")).unwrap();
            secrets(&mut server, &[target]).await;
            fs::remove_file(at("key")).unwrap();
        }
        fs::hard_link(at("three"), at("key")).unwrap();
        secrets(&mut server, &["three"]).await;
        fs::remove_file(at("key")).unwrap();
    }
    settings("none", "secretFiles = []\n");
    secrets(&mut server, &[]).await;
    let options = json!({"activate": true, "verify": false, "baseUrl": fake.url(), "apiKey": format!("file:{}", text("one"))});
    server.call("provider/configure", options).await.unwrap();
    secrets(&mut server, &["one"]).await;
    let config = |name: &str| format!("model_list:\n- litellm_params:\n    vertex_credentials: {name}\n");
    // An open configuration, wherever it lies and before it is written.
    let uri = "file:///elsewhere/config.yaml";
    let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": config("gcp.json")});
    server.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    secrets(&mut server, &["one", "gcp.json"]).await;
    let change = json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": config("os.environ/NONE")}]});
    server.notify("textDocument/didChange", change).await;
    secrets(&mut server, &["one"]).await;
    let change =
        json!({"textDocument": {"uri": uri, "version": 3}, "contentChanges": [{"text": config("./three")}]});
    server.notify("textDocument/didChange", change).await;
    secrets(&mut server, &["one", "three"]).await;
    server.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}})).await;
    secrets(&mut server, &["one"]).await;
    // One beside the files.
    fs::write(at("config.yaml"), config("gcp.json")).unwrap();
    secrets(&mut server, &["one", "gcp.json"]).await;
    fs::write(at("config.yaml"), config("none.json")).unwrap();
    secrets(&mut server, &["one"]).await;
    // It was told that some of these files can't be read.
    server.abandon();
}

/// What a client says in messages is its own words: it reads files itself, and asks `provider/checkFile`.
#[tokio::test]
async fn a_clients_own_words_are_sent_as_they_are() {
    let fake = FakeProxy::start().await;
    fake.on(CHAT).always(Answer::stream().text("ok").finish("stop").done());
    let mut server = TestServer::memory(Door::Lines, &[("LITELLM_BASE_URL", &fake.url())]);
    let words = diff(".env");
    for said in [
        json!({"prompt": words}),
        json!({"messages": [{"role": "user", "content": words}]}),
        json!({"messages": [{"role": "user", "content": [{"type": "text", "text": words}]}]}),
        json!({"prompt": "hi", "system": words}),
    ] {
        let mut params = said.clone();
        params["model"] = json!("gpt");
        server.call("provider/complete", params.clone()).await.unwrap();
        let asked =
            fake.requests().iter().rfind(|request| request.route() == CHAT).unwrap().json().to_string();
        assert!(asked.contains("deploy/.env") || asked.contains("b/.env"), "{asked}");
        server.call("provider/countTokens", params).await.unwrap();
    }
    server.end().await;
}

/// What is typed in a chat is the user's own words; what it reads from files is not.
#[cfg(unix)]
#[tokio::test]
async fn a_chat_sends_what_is_typed_and_no_file_of_secrets() {
    let fake = FakeProxy::start().await;
    fake.on(CHAT).always(Answer::stream().text("ok").finish("stop").done());
    let user = User::of(&fake.url(), "sk-fake");
    user.file(".env", "A=1\n");
    user.file("notes.txt", &config(KEY));
    user.file("key.png", "\u{89}PNG");
    let shot = user.home.path().join("shot.pem");
    fs::write(&shot, b"\x89PNG\r\n\x1a\n").unwrap();
    let steps = [
        ["› ", "/file .env\r"],
        ["may hold secrets", ""],
        ["› ", "/file notes.txt\r"],
        ["may hold secrets", ""],
        ["› ", "/attach shot.pem\r"],
        ["may hold secrets", ""],
        ["› ", "my api_key: sk-proj-0123456789abcdef in model_list\r"],
        ["[gpt · ", ""],
        ["› ", "\u{4}"],
    ];
    let ran = user.at_terminal(80, &["chat", "-m", "gpt"], &steps).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let asked: Vec<_> =
        fake.requests().iter().filter(|request| request.route() == CHAT).map(|r| r.json()).collect();
    assert_eq!(asked.len(), 1);
    let messages = asked[0]["messages"].to_string();
    assert!(
        messages.contains("my api_key") && !messages.contains("A=1") && !messages.contains("image"),
        "{messages}"
    );
    let refused = user.at_terminal(80, &["chat", "-m", "gpt", "-s", &diff(".env")], &[]).await;
    assert!(refused.code == 1 && refused.out.contains("--secret-files"), "{refused:?}");
    let steps = [["› ", "/file .env\r"], ["goes along", ""], ["› ", "\u{4}"]];
    let ran = user.at_terminal(80, &["chat", "-m", "gpt", "--secret-files"], &steps).await;
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[tokio::test]
async fn the_command_line_sends_nothing_of_it_either() {
    let fake = FakeProxy::start().await;
    fake.on(CHAT).always(Answer::stream().text("{}").finish("stop").done());
    let mut user = User::of(&fake.url(), "sk-fake");
    let files = keys(user.home.path());
    for (name, value) in [("LITELLM_LS_SETTINGS", "own.conf"), ("LITELLM_LS_DATA_DIR", "data")] {
        user.variables.push((name, user.home.path().join(value).display().to_string()));
    }
    let mut asked: Vec<(Vec<String>, &'static str)> =
        files.into_iter().map(|file| (vec!["-f".to_owned(), file, "hi".to_owned()], "")).collect();
    for (place, (_, _, text)) in secrets().into_iter().take(14).enumerate() {
        let file = format!("text-{place}");
        user.file(&file, &text);
        asked.push((vec!["-f".to_owned(), file, "hi".to_owned()], ""));
        asked.push((vec!["-".to_owned()], Box::leak(text.clone().into_boxed_str())));
        asked.push((vec!["Describe".to_owned(), text], ""));
    }
    let schema = json!({"type": "object", "api_key": KEY}).to_string();
    user.file("shot.pem", "no picture");
    user.file("described.json", &json!({"model_list": [{"litellm_params": {"api_key": KEY}}]}).to_string());
    asked.push((["-a", "shot.pem", "hi"].map(str::to_owned).to_vec(), ""));
    asked.push((["-s".to_owned(), diff(".env"), "hi".to_owned()].to_vec(), ""));
    asked.push((["--schema", "described.json", "hi"].map(str::to_owned).to_vec(), ""));
    user.file("credentials.json", &schema);
    asked.push((["--schema", "credentials.json", "hi"].map(str::to_owned).to_vec(), ""));
    for (arguments, input) in &asked {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        // The proxy counts what is asked, and sees it for that.
        let counts = !arguments.iter().any(|argument| ["-f", "-a", "--schema"].contains(argument));
        for command in if counts { &["complete", "count"][..] } else { &["complete"] } {
            let ran = user.run_with(&[&[command, "-m", "gpt"], &*arguments].concat(), input).await;
            assert!(ran.code == 1 && ran.err.contains("may hold secrets"), "{arguments:?} {input}: {ran:?}");
            assert!(ran.err.contains("--secret-files"), "{ran:?}");
        }
    }
    assert!(fake.requests().iter().all(|request| request.method != "POST"));
    let (arguments, input) = asked.last().unwrap();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ran =
        user.run_with(&[&["complete", "-m", "gpt", "--secret-files"], &*arguments].concat(), input).await;
    assert_eq!(ran.out, "{}\n", "{ran:?}");
}
