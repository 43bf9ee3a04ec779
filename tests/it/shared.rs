//! One process for all editors: who is served by it, what each has for itself, and what happens when it ends.

use std::{
    collections::HashSet,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    process::{Command, Output, Stdio},
};

use futures_util::future::join_all;
use litellm_ls::Door;
use litellm_ls_conformance::{Format, Options, run};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;

use super::support::{
    blocking,
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    session::failure,
    within,
};

const BINARY: &str = env!("CARGO_BIN_EXE_litellm-ls");
const CHAT: &str = "POST /v1/chat/completions";
const LIST: &str = "GET /v1/model/info";

/// A user of the machine, with a home and a folder for sockets.
pub(super) struct User {
    pub(super) home: TempDir,
}

impl User {
    pub(super) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("run")).unwrap();
        Self { home }
    }

    pub(super) fn variables(&self) -> [(String, String); 2] {
        let home = self.home.path().to_str().unwrap();
        [("HOME".to_owned(), home.to_owned()), ("XDG_RUNTIME_DIR".to_owned(), format!("{home}/run"))]
    }

    /// A client of the one process.
    fn client(&self, door: Door, variables: &[(&str, &str)]) -> TestServer {
        let own = self.variables();
        let all: Vec<(&str, &str)> = own
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain(variables.iter().copied())
            .collect();
        TestServer::process_with(door, &["--shared"], &all)
    }

    /// An editor that talks to a proxy.
    async fn editor(&self, proxy: &FakeProxy) -> TestServer {
        let mut editor =
            self.client(Door::Lsp, &[("LITELLM_BASE_URL", &proxy.url()), ("LITELLM_API_KEY", "sk-1")]);
        editor.initialize(json!({})).await;
        editor
    }

    /// Runs a command of the program.
    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(BINARY)
            .args(arguments)
            .env_clear()
            .envs(self.variables())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The processes, and who is connected to each.
    pub(super) fn sessions(&self) -> Vec<Value> {
        let said = self.run(&["sessions", "--json"]);
        assert!(said.status.success(), "{said:?}");
        serde_json::from_slice(&said.stdout).unwrap()
    }

    /// The one process.
    pub(super) fn process(&self) -> i32 {
        let all = self.sessions();
        assert_eq!(all.len(), 1, "{all:?}");
        all[0]["pid"].as_i64().unwrap().try_into().unwrap()
    }
}

impl Drop for User {
    fn drop(&mut self) {
        self.run(&["stop"]);
    }
}

/// All that is promised of the server holds of one that is shared, too.
#[tokio::test]
async fn a_shared_server_keeps_every_must_at_both_doors() {
    let user = User::new();
    for door in [Door::Lsp, Door::Lines] {
        let mut command = vec!["env".to_owned()];
        command.extend(user.variables().map(|(name, value)| format!("{name}={value}")));
        command.extend([BINARY, "--shared"].map(str::to_owned));
        let door = match door {
            Door::Lsp => litellm_ls_conformance::Door::Lsp,
            Door::Lines => {
                command.extend(["--transport", "lines"].map(str::to_owned));
                litellm_ls_conformance::Door::Lines
            }
        };
        let options = Options { command, door, only: None, patience: std::time::Duration::from_secs(30) };
        let report = blocking(move || run(&options)).await;
        let (passed, failed, over) = report.counts();
        assert!(failed == 0 && over == 0 && passed > 100, "{}", report.written(Format::Text));
    }
}

#[tokio::test]
async fn many_that_start_at_once_share_one_process() {
    let user = User::new();
    for _ in 0..3 {
        let mut clients: Vec<_> = (0..50).map(|_| user.client(Door::Lsp, &[])).collect();
        join_all(clients.iter_mut().map(|client| client.initialize(json!({})))).await;
        let all = user.sessions();
        let sessions = all[0]["sessions"].as_array().unwrap();
        assert_eq!((all.len(), sessions.len()), (1, 50), "{all:?}");
        let shims: HashSet<_> = sessions.iter().map(|session| session["shim"].as_u64().unwrap()).collect();
        assert_eq!(shims, clients.iter().map(|client| u64::from(client.pid().unwrap())).collect());
        // The next round meets what a killed process leaves behind.
        kill(user.process());
        for client in clients {
            client.abandon();
        }
    }
}

#[tokio::test]
async fn models_are_asked_for_once_for_all() {
    let (user, proxy) = (User::new(), FakeProxy::start().await);
    let models = json!({"data": [{"model_name": "gpt", "litellm_params": {"model": "openai/gpt-4o"}, "model_info": {}}]});
    proxy.on(LIST).always(Answer::json(200, &models));
    for _ in 0..5 {
        let mut editor = user.editor(&proxy).await;
        let listed = editor.call("provider/listModels", json!({})).await.unwrap();
        assert_eq!(listed["models"][0]["id"], "gpt");
        editor.end().await;
    }
    let asked = proxy.requests().iter().filter(|request| request.route() == LIST).count();
    assert_eq!(asked, 1);
}

/// What one finds out of a proxy concerns all who ask it with the same key, and nobody hears a thing twice.
#[tokio::test]
async fn what_one_learns_the_others_hear() {
    let (user, proxy) = (User::new(), FakeProxy::start().await);
    let model = |name: &str| json!({"id": name, "object": "model"});
    let lists = std::sync::Mutex::new(vec![json!([model("gpt"), model("new")]), json!([model("gpt")])]);
    proxy.on("GET /v1/models").always_with(move |_| {
        let mut lists = lists.lock().unwrap();
        let models = if lists.len() > 1 { lists.pop().unwrap() } else { lists[0].clone() };
        Answer::json(200, &json!({"data": models}))
    });
    let (mut one, mut other) = (user.editor(&proxy).await, user.editor(&proxy).await);
    for editor in [&mut one, &mut other] {
        editor.call("provider/listModels", json!({})).await.unwrap();
        editor.call("provider/usage", json!({"watch": true})).await.unwrap();
    }
    one.call("provider/listModels", json!({"refresh": true})).await.unwrap();
    for editor in [&mut one, &mut other] {
        assert_eq!(editor.notification("provider/didChangeModels").await["added"], json!(["new"]));
    }
    proxy.on(CHAT).answer(Answer::stream().text("on").finish("stop").done());
    one.call("provider/complete", json!({"model": "gpt", "prompt": "x"})).await.unwrap();
    for editor in [&mut one, &mut other] {
        assert_eq!(editor.notification("provider/didChangeUsage").await["total"]["calls"], 1);
    }
    proxy.on(CHAT).always(Answer::json(401, &json!({"error": {"message": "no", "type": "auth_error"}})));
    one.call("provider/complete", json!({"model": "gpt", "prompt": "x"})).await.unwrap_err();
    for mut editor in [one, other] {
        assert_eq!(editor.notification("provider/didChangeStatus").await["state"], "unauthorized");
        editor.notification("provider/didChangeUsage").await;
        editor.end().await;
    }
}

/// Many calls at once are told a few times, and the last is always within.
#[tokio::test]
async fn calls_in_quick_succession_are_told_together_and_to_a_peer_that_asks_nothing_else() {
    const CALLS: u64 = 60;
    let (user, proxy) = (User::new(), FakeProxy::start().await);
    proxy.on(CHAT).always(Answer::stream().text("a").finish("stop").done());
    let variables = [("LITELLM_BASE_URL", &proxy.url()[..]), ("LITELLM_API_KEY", "sk-1")];
    let mut peers = [Door::Lines, Door::Lines].map(|door| user.client(door, &variables));
    for peer in &mut peers {
        peer.ask("provider/usage", json!({"watch": true})).await;
    }
    let begun = std::time::Instant::now();
    let mut asked = Vec::new();
    for _ in 0..CALLS {
        asked.push(peers[0].request("provider/complete", json!({"model": "gpt", "prompt": "hi"})).await);
    }
    for id in asked {
        peers[0].response(id).await.unwrap();
    }
    for mut peer in peers {
        let mut told = 0;
        loop {
            told += 1;
            if peer.notification("provider/didChangeUsage").await["total"]["calls"] == CALLS {
                break;
            }
        }
        // One at once, then four a second.
        let most = 2 + 4 * (1 + begun.elapsed().as_secs());
        assert!(told <= most, "{told} times in {:?}", begun.elapsed());
        peer.end().await;
    }
}

/// What one client spends is spent for all, and one of them is told.
#[tokio::test]
async fn a_budget_is_one_for_all_clients() {
    let (user, proxy) = (User::new(), FakeProxy::start().await);
    let usage = json!({"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.5});
    proxy.on(CHAT).always(Answer::stream().text("a").finish("stop").usage(usage).done());
    let variables = [("LITELLM_BASE_URL", &proxy.url()[..]), ("LITELLM_API_KEY", "sk-1")];
    let mut one = user.client(Door::Lines, &variables);
    let mut other = user.client(Door::Lines, &variables);
    for client in [&mut one, &mut other] {
        let budget = json!({"budget": {"day": 1, "stop": true}, "verify": false});
        client.ask("provider/configure", budget).await;
    }
    let question = json!({"model": "gpt", "prompt": "hi"});
    one.ask("provider/complete", question.clone()).await;
    other.ask("provider/complete", question.clone()).await;
    let told = other.notification("window/showMessage").await;
    assert!(told["message"].as_str().unwrap().contains("$1.00 of $1.00"), "{told}");
    for mut client in [one, other] {
        let refused = client.call("provider/complete", question.clone()).await.unwrap_err();
        assert_eq!(refused["data"]["kind"], "budgetExceeded");
        client.end().await;
    }
}

/// Variables, the folder and what they lead to are each client's own.
#[tokio::test]
async fn what_a_client_was_started_with_is_its_own() {
    let (user, proxy) = (User::new(), FakeProxy::start().await);
    proxy.on(CHAT).always(Answer::stream().text("on").finish("stop").done());
    let tools = user.home.path().join("tools");
    std::fs::create_dir(&tools).unwrap();
    for name in ["one", "two"] {
        let folder = tools.join(name);
        std::fs::create_dir(&folder).unwrap();
        let tool = folder.join("print-key");
        // Written by another process: what a thread of ours still writes can't be run.
        let script =
            format!("printf '#!/bin/sh\\necho sk-{name}-$WHO\\n' > {0}; chmod +x {0}", tool.display());
        assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
    }
    assert!(user.run(&["config", "set", "baseUrl", &proxy.url()]).status.success());
    assert!(user.run(&["config", "set", "apiKey", "cmd:print-key"]).status.success());
    let path = |name: &str| format!("{}:{}", tools.join(name).display(), std::env::var("PATH").unwrap());
    let mut editors = Vec::new();
    for (name, who) in [("one", "a"), ("two", "b"), ("one", "c")] {
        let mut editor = user.client(Door::Lsp, &[("PATH", &path(name)), ("WHO", who)]);
        editor.initialize(json!({})).await;
        editor.call("provider/complete", json!({"model": "gpt", "prompt": "x"})).await.unwrap();
        let request = proxy.next_on(CHAT).await;
        assert_eq!(request.header("authorization"), Some(format!("Bearer sk-{name}-{who}").as_str()));
        editors.push(editor);
    }
    user.process();
    for editor in editors {
        editor.end().await;
    }
}

/// The process is killed while five editors wait for twenty answers: each request fails at once, and the next one works, with
/// the texts and settings of before.
#[tokio::test]
async fn a_crash_costs_no_more_than_what_was_under_way() {
    let (user, proxy, other) = (User::new(), FakeProxy::start().await, FakeProxy::start().await);
    for proxy in [&proxy, &other] {
        proxy.on(CHAT).always(Answer::stream().text("on").held().finish("stop").done());
    }
    let file = format!("file://{}/config.yaml", user.home.path().display());
    let mut editors = Vec::new();
    for _ in 0..5 {
        let mut editor = user.editor(&proxy).await;
        editor.call("provider/configure", json!({"baseUrl": other.url(), "apiKey": "sk-2"})).await.unwrap();
        let text = "model_list:\n  - model_name: m\n    litellm_params:\n      model: openai/gpt-4o\n";
        let document = json!({"uri": file, "languageId": "yaml", "version": 1, "text": text});
        editor.notify("textDocument/didOpen", json!({"textDocument": document})).await;
        let at_end = json!({"line": 4, "character": 0});
        let change = json!({"range": {"start": at_end, "end": at_end}, "text": "  - model_name: other\n"});
        let document = json!({"uri": file, "version": 2});
        editor
            .notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}))
            .await;
        editors.push(editor);
    }
    let mut running = Vec::new();
    for editor in &mut editors {
        for _ in 0..4 {
            running.push(editor.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await);
            other.next_on(CHAT).await;
        }
    }
    let before = user.process();
    kill(before);
    for (place, id) in running.into_iter().enumerate() {
        let error = editors[place / 4].response(id).await.unwrap_err();
        let told = failure(&error, litellm_ls_protocol::ErrorKind::Internal);
        assert!(told.remedy.is_some_and(|remedy| remedy.contains("ask again")), "{error}");
    }
    other.on(CHAT).always(Answer::stream().text("again").finish("stop").done());
    for editor in &mut editors {
        let answer = editor.call("provider/complete", json!({"model": "gpt", "prompt": "x"})).await.unwrap();
        assert_eq!(answer["message"]["text"], "again");
        assert_eq!(other.next_on(CHAT).await.header("authorization"), Some("Bearer sk-2"));
        let symbols =
            editor.call("textDocument/documentSymbol", json!({"textDocument": {"uri": file}})).await.unwrap();
        assert!(symbols.to_string().contains("other"), "{symbols}");
    }
    assert_ne!(user.process(), before);
    for editor in editors {
        editor.abandon();
    }
}

/// Where questions go is known behind a crash, however it was said; and nothing that was said is done twice.
#[tokio::test]
async fn settings_are_those_of_before_however_they_were_set() {
    let (user, first, second) = (User::new(), FakeProxy::start().await, FakeProxy::start().await);
    for proxy in [&first, &second] {
        proxy.on(CHAT).always(Answer::stream().text("on").finish("stop").done());
        let models = json!({"data": [{"id": "one"}, {"id": "two"}]});
        proxy.on("GET /v1/models").always_with(move |_| Answer::json(200, &models));
    }
    let said = |id: i64, method: &str, params: Value| json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
    let set = json!({"baseUrl": second.url(), "apiKey": "sk-2", "model": "one"});
    let configure = |params: Value| said(1, "provider/configure", params);
    let escaped = configure(set.clone()).to_string().replace('/', "\\/");
    let lines =
        |messages: Vec<Value>| messages.iter().map(|message| format!("{message}\n")).collect::<String>();
    let many = (0..70).map(|number| configure(json!({"model": format!("m{number}")})));
    let many = std::iter::once(configure(set.clone())).chain(many);
    let batch = json!([configure(set.clone()), said(2, "provider/complete", json!({"prompt": "x"}))]);
    let removed = [
        configure(set.clone()),
        configure(json!({"profile": "gone", "baseUrl": first.url(), "apiKey": "sk-1", "model": "two"})),
        said(1, "provider/removeProfile", json!({"profile": "gone"})),
    ];
    let persisted = [configure(set.clone()), configure(json!({"model": "two", "persist": true}))];
    let watched = [configure(set.clone()), said(1, "provider/usage", json!({"watch": true}))];
    for (how, said, model) in [
        ("escaped", escaped, "one"),
        ("under one id, and often", lines(many.collect()), "m69"),
        ("in a batch", lines(vec![batch]), "one"),
        ("a profile removed", lines(removed.to_vec()), "one"),
        ("kept for good", lines(persisted.to_vec()), "two"),
        ("and more", lines(watched.to_vec()), "one"),
    ] {
        let mut client = user.client(Door::Lines, &[]);
        for line in said.lines() {
            client.send_raw(format!("{line}\n")).await;
            let answer = loop {
                let message = client.next_message().await;
                if message.is_array() || message.get("id").is_some() {
                    break message;
                }
            };
            assert!(!answer.to_string().contains("error"), "{how}: {answer}");
        }
        let chats =
            |proxy: &FakeProxy| proxy.requests().iter().filter(|request| request.route() == CHAT).count();
        let before = chats(&second);
        kill(user.process());
        let answer = asked_again(&mut client, "provider/complete", json!({"prompt": "x"})).await;
        assert_eq!(answer["message"]["text"], "on", "{how}");
        assert_eq!((chats(&first), chats(&second)), (0, before + 1), "{how}");
        let asked = second.requests().into_iter().rfind(|request| request.route() == CHAT).unwrap();
        assert_eq!(asked.header("authorization"), Some("Bearer sk-2"), "{how}");
        assert_eq!(asked.json()["model"], model, "{how}");
        if how == "and more" {
            client.notification("provider/didChangeUsage").await;
        }
        client.end().await;
        let _ = user.run(&["config", "unset", "model"]);
    }
}

/// A reply to a question of a process that is no more answers no question of the next.
#[tokio::test]
async fn an_old_dialog_answers_nothing_new() {
    let (user, proxy) = (User::new(), FakeProxy::start().await);
    let models = json!({"data": [{"id": "one"}]});
    proxy.on("GET /v1/models").always_with(move |_| Answer::json(200, &models));
    let mut editor =
        user.client(Door::Lsp, &[("LITELLM_BASE_URL", &proxy.url()), ("LITELLM_API_KEY", "sk-1")]);
    let abilities =
        json!({"window": {"showMessage": {"messageActionItem": {"additionalPropertiesSupport": false}}}});
    editor.initialize(abilities).await;
    let command = |model: &str| json!({"command": "litellm-ls.useModel", "arguments": [model]});
    editor.request("workspace/executeCommand", command("other")).await;
    let old = editor.message("window/showMessageRequest").await;
    kill(user.process());
    asked_again(&mut editor, "provider/listProfiles", json!({})).await;
    editor.request("workspace/executeCommand", command("another")).await;
    let new = editor.message("window/showMessageRequest").await;
    assert_ne!(old["id"], new["id"]);
    for question in [old, new] {
        let chosen = question["params"]["actions"].as_array().unwrap().last().unwrap();
        editor.send(&json!({"jsonrpc": "2.0", "id": question["id"], "result": chosen})).await;
    }
    let told = editor.notification("window/showMessage").await;
    assert_eq!(told["message"], "LiteLLM: using another", "and nothing of the other");
    editor.abandon();
}

/// The language is that of a client, be it said by the editor or by what it was started with, after a crash too.
#[tokio::test]
async fn each_client_is_told_things_in_its_own_language() {
    let (user, proxy) = (User::new(), FakeProxy::start().await);
    let refused = json!({"error": {"message": "it is odd", "code": "400"}});
    proxy.on(CHAT).always_with(move |_| Answer::json(400, &refused));
    let url = proxy.url();
    let variables = |lang| [("LITELLM_BASE_URL", url.as_str()), ("LITELLM_API_KEY", "sk-1"), ("LANG", lang)];
    let mut clients = Vec::new();
    for (locale, lang, told) in [
        (Some("zh-cn"), "C", "请求有误：it is odd"),
        (Some("en"), "zh_CN.UTF-8", "it is odd"),
        (None, "zh_CN.UTF-8", "请求有误：it is odd"),
    ] {
        let mut client = user.client(Door::Lsp, &variables(lang));
        client.initialize_in(locale).await;
        clients.push((client, told));
    }
    let question = json!({"model": "gpt", "prompt": "x"});
    for round in 0..2 {
        for (client, told) in &mut clients {
            let mut error = client.call("provider/complete", question.clone()).await.unwrap_err();
            if error["data"]["retryable"] == true {
                let again = if told.is_ascii() { "ask again" } else { "请重新提问" };
                assert_eq!(error["data"]["remedy"], again);
                error = client.call("provider/complete", question.clone()).await.unwrap_err();
            }
            assert_eq!(error["message"], *told, "{round}");
        }
        if round == 0 {
            kill(user.process());
        }
    }
    for (client, _) in clients {
        client.abandon();
    }
}

/// Another process may crash while it is told what the first one was.
#[tokio::test]
async fn crashes_in_a_row_are_one_crash_to_the_editor() {
    let (user, proxy) = (User::new(), FakeProxy::start().await);
    proxy.on(CHAT).always(Answer::stream().text("on").finish("stop").done());
    let mut editor = user.editor(&proxy).await;
    let text = "x".repeat(2 << 20);
    let document = json!({"uri": "file:///a.txt", "languageId": "text", "version": 1, "text": text});
    editor.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    let first = user.process();
    kill(first);
    // The next one, as soon as there is one: it is being told then.
    let second = loop {
        match user.sessions().first().and_then(|running| running["pid"].as_i64()) {
            Some(pid) if pid != i64::from(first) => break pid,
            _ => tokio::task::yield_now().await,
        }
    };
    kill(second.try_into().unwrap());
    asked_again(&mut editor, "provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
    editor.abandon();
}

/// Where the one process does not answer, editors get one of their own, and it can be ended.
#[tokio::test]
async fn a_process_that_hangs_holds_nobody_up() {
    let user = User::new();
    let mut one = user.client(Door::Lsp, &[]);
    one.initialize(json!({})).await;
    let process = user.process();
    assert!(Command::new("kill").args(["-STOP", &process.to_string()]).status().unwrap().success());
    let mut other = user.client(Door::Lsp, &[]).patient();
    other.initialize(json!({})).await;
    let (_, log) = other.end_and_log().await;
    assert!(log.contains("the shared process does not answer"), "{log}");
    assert_eq!(user.sessions(), [json!({"pid": process, "memory": null, "sessions": null})]);
    let said = user.run(&["stop"]);
    assert_eq!(String::from_utf8_lossy(&said.stdout), "Ended a process that did not answer.\n");
    // Its client goes on with another.
    asked_again(&mut one, "provider/listProfiles", json!({})).await;
    assert_ne!(user.process(), process);
    one.end().await;
}

/// What is open in the editor's process, such as a lock, is not open in the one process, which lives longer; and how many files
/// that may have open does not limit it.
#[tokio::test]
async fn the_process_has_no_files_and_no_limit_of_who_started_it() {
    let user = User::new();
    let mut shim = tokio::process::Command::new("sh");
    shim.args(["-c", r#"ulimit -Sn 64; exec 9>&1; "$0" --shared < /dev/null > /dev/null"#, BINARY]);
    shim.env_clear().envs(user.variables()).stderr(Stdio::null());
    // It comes to its end when nobody has it open any more.
    within("the end of the pipe", shim.output()).await.unwrap();
    let process = user.process();
    // Where the system tells.
    if let Ok(limits) = std::fs::read_to_string(format!("/proc/{process}/limits")) {
        let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
        assert!(!files.contains(" 64 "), "{files}");
    }
}

/// A socket's name has a bound that folders have not.
#[cfg(unix)]
#[tokio::test]
async fn a_folder_whose_name_is_too_long_for_a_socket_is_told_as_that() {
    let user = User::new();
    let run = user.home.path().join("x".repeat(120));
    std::fs::create_dir(&run).unwrap();
    let mut client = user.client(Door::Lsp, &[("XDG_RUNTIME_DIR", run.to_str().unwrap())]);
    client.initialize(json!({})).await;
    let (_, log) = client.end_and_log().await;
    assert!(log.contains("is too long for a socket: set XDG_RUNTIME_DIR"), "{log}");
}

/// The program may be another by the time of a crash, or none.
#[tokio::test]
async fn a_program_that_is_replaced_is_carried_over_a_crash() {
    let (user, folder) = (User::new(), tempfile::tempdir().unwrap());
    let program = folder.path().join("litellm-ls");
    std::fs::copy(BINARY, &program).unwrap();
    let own = user.variables();
    let variables: Vec<_> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut editor = TestServer::program(&program, Door::Lsp, &["--shared"], &variables);
    editor.initialize(json!({})).await;
    std::fs::remove_file(&program).unwrap();
    kill(user.process());
    asked_again(&mut editor, "provider/listProfiles", json!({})).await;
    editor.abandon();
}

/// A process whose socket was cleaned away leaves that of the next one in its place.
#[tokio::test]
async fn a_process_takes_no_name_away_but_its_own() {
    let user = User::new();
    // The folder is there behind this.
    assert_eq!(user.sessions(), Vec::<Value>::new());
    let socket = user.home.path().join("run/litellm-ls/one.sock");
    let start = async |idle: &str| {
        let mut process = tokio::process::Command::new(BINARY);
        process.args(["shared-process", socket.to_str().unwrap(), "--idle", idle]).stdin(Stdio::null());
        let mut process = process.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let listens = process.stdout.as_mut().unwrap().read_u8();
        within("its start", listens).await.unwrap();
        process
    };
    let mut first = start("1").await;
    std::fs::remove_file(&socket).unwrap();
    let mut second = start("600").await;
    assert!(within("its end", first.wait()).await.unwrap().success());
    assert_eq!(user.process(), i32::try_from(second.id().unwrap()).unwrap());
    user.run(&["stop"]);
    assert!(within("its end", second.wait()).await.unwrap().success());
    assert!(!socket.exists());
}

#[tokio::test]
async fn a_client_that_is_killed_takes_nothing_of_the_others_with_it() {
    let (user, proxy) = (User::new(), FakeProxy::start().await);
    proxy.on(CHAT).always(Answer::stream().text("on").held().finish("stop").done());
    let (mut one, mut other) = (user.editor(&proxy).await, user.editor(&proxy).await);
    one.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
    let lost = proxy.next_on(CHAT).await;
    let id = other.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
    let kept = proxy.next_on(CHAT).await;
    kill(one.pid().unwrap().try_into().unwrap());
    one.killed().await;
    proxy.closed(&lost).await;
    kept.resume(Answer::nothing());
    assert_eq!(other.response(id).await.unwrap()["message"]["text"], "on");
    one.abandon();
    other.end().await;
}

#[tokio::test]
async fn the_process_ends_when_it_is_told_to_and_its_clients_with_it() {
    let user = User::new();
    let proxy = FakeProxy::start().await;
    proxy.on(CHAT).always(Answer::stream().text("on").held().finish("stop").done());
    let mut client = user.editor(&proxy).await;
    let id = client.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
    proxy.next_on(CHAT).await;
    let said = user.run(&["stop"]);
    assert_eq!(String::from_utf8_lossy(&said.stdout), "Stopped a process that served 1 client.\n");
    let error = client.response(id).await.unwrap_err();
    assert_eq!(error["message"], "the shared process was stopped", "nothing stays without an answer");
    assert_eq!(client.exit_code().await, 0);
    assert_eq!(user.sessions(), Vec::<Value>::new());
    assert_eq!(String::from_utf8_lossy(&user.run(&["stop"]).stdout), "No process is shared.\n");
    client.abandon();
}

#[tokio::test]
async fn a_process_without_clients_ends_by_itself() {
    let user = User::new();
    let socket = user.home.path().join("run/alone.sock");
    let mut process = tokio::process::Command::new(BINARY);
    process.args(["shared-process", socket.to_str().unwrap(), "--idle", "0"]).stdin(Stdio::null());
    let ended = process.stdout(Stdio::null()).status();
    assert!(within("its end", ended).await.unwrap().success());
    assert!(!socket.exists());
}

/// Nobody else can connect, list, or read; and a place that is another's is not used.
#[tokio::test]
async fn the_socket_and_the_log_are_their_owners_alone() {
    let user = User::new();
    let mut client = user.client(Door::Lsp, &[]);
    client.initialize(json!({})).await;
    let folder = user.home.path().join("run/litellm-ls");
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let log = user.home.path().join(".local/state/litellm-ls/shared.log");
    assert_eq!(log.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    client.end().await;

    // What another may have put in the place of the folder: a link, a folder that others can enter.
    let elsewhere = user.home.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    for put in ["link", "open"] {
        let user = User::new();
        let folder = user.home.path().join("run/litellm-ls");
        match put {
            "link" => std::os::unix::fs::symlink(&elsewhere, &folder).unwrap(),
            _ => {
                std::fs::create_dir(&folder).unwrap();
                std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o777)).unwrap();
            }
        }
        let mut client = user.client(Door::Lsp, &[]);
        client.initialize(json!({})).await;
        assert_eq!(
            client.call("provider/listProfiles", json!({})).await.unwrap()["profiles"][0]["name"],
            "default"
        );
        let (_, log) = client.end_and_log().await;
        assert!(log.contains("so this editor gets one of its own"), "{put}: {log}");
        assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0, "{put}");
    }
}

/// Another user of this machine, where the tests may become one.
#[tokio::test]
async fn another_user_is_let_in_nowhere() {
    let user = User::new();
    let mut client = user.client(Door::Lsp, &[]);
    client.initialize(json!({})).await;
    let folder = user.home.path().join("run/litellm-ls");
    if user.home.path().metadata().unwrap().uid() == 0 {
        // Whatever the folders above say.
        for path in [user.home.path(), &user.home.path().join("run")] {
            std::fs::set_permissions(path, PermissionsExt::from_mode(0o777)).unwrap();
        }
        let socket = socket(&folder);
        let script = "import os, socket, sys\n\
            os.setgid(65534); os.setuid(65534)\n\
            for attempt in (lambda: socket.socket(socket.AF_UNIX).connect(sys.argv[1]), lambda: os.listdir(sys.argv[2]), \
            lambda: open(sys.argv[2] + '/x', 'w'), lambda: os.rename(sys.argv[2], sys.argv[2] + '.away')):\n\
            \x20try:\n\x20 attempt()\n\x20except PermissionError:\n\x20 print('refused')\n";
        // The folder of a session is its user's alone; that of temporary files is sticky.
        std::fs::set_permissions(user.home.path().join("run"), PermissionsExt::from_mode(0o1777)).unwrap();
        let said = Command::new("python3").args(["-c", script]).arg(&socket).arg(&folder).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&said.stdout), "refused\n".repeat(4), "{said:?}");
    }
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o077, 0);
    client.end().await;
}

/// What is answered behind a crash: what was asked of the process that is no more fails, with the remedy to ask again.
async fn asked_again(client: &mut TestServer, method: &str, params: Value) -> Value {
    match client.call(method, params.clone()).await {
        Ok(answer) => answer,
        Err(error) => {
            assert_eq!(error["data"]["remedy"], "ask again", "{error}");
            client.call(method, params).await.unwrap()
        }
    }
}

fn socket(folder: &Path) -> std::path::PathBuf {
    let mut files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.find(|path| path.extension().is_some_and(|end| end == "sock")).unwrap()
}

pub(super) fn kill(process: i32) {
    assert!(Command::new("kill").args(["-9", &process.to_string()]).status().unwrap().success());
}
