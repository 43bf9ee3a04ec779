//! The proxy of this machine over both doors, and in the editor. What stands for LiteLLM starts at once; one test is made
//! with the real one.
#![cfg(unix)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use litellm_ls::{
    Door,
    proxy::{self, Home},
};
use litellm_ls_protocol::ErrorKind;
use serde_json::{Value, json};

use crate::support::{real_proxy, server::TestServer, stub_litellm, within};

const TEXT: &str = "\
model_list:
  - model_name: one
    litellm_params: {model: openai/gpt-4o, api_key: x}
  - model_name: two
    litellm_params: {model: openai/gpt-4.1, api_key: x}
";

struct Place {
    folder: tempfile::TempDir,
    home: Home,
}

impl Place {
    /// A data folder whose installation is this virtual environment.
    fn with(venv: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        stub_litellm::install(venv, &data);
        Self { home: Home::open(data), folder }
    }

    fn stub() -> (Self, tempfile::TempDir) {
        let venv = tempfile::tempdir().expect("a folder");
        stub_litellm::make(venv.path(), "1.99.0");
        (Self::with(venv.path()), venv)
    }

    fn config(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("config.yaml");
        fs::write(&path, text).expect("a file");
        path
    }

    async fn server(&self, door: Door) -> TestServer {
        let data = self.folder.path().join("data").display().to_string();
        let mut server = TestServer::process(door, &[("LITELLM_LS_DATA_DIR", &data)]);
        if matches!(door, Door::Lsp) {
            server.initialize(json!({"window": {"workDoneProgress": true}})).await;
        }
        server
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Only after a failed test does anything run here.
        if let Some(record) = proxy::running(&self.home) {
            let _ = std::process::Command::new("kill").arg(record.pid().to_string()).status();
        }
    }
}

#[tokio::test]
async fn a_proxy_is_started_used_told_of_and_stopped() {
    let (place, _venv) = Place::stub();
    let path = place.config(&format!("{TEXT}# drop: two\n# log: read api_key: abcdefgh\n"));
    let mut server = place.server(Door::Lines).await;
    let started = server.ask("proxy/start", json!({"config": path})).await;
    let proxy = &started["proxy"];
    assert_eq!(
        (&started["wasRunning"], &proxy["stays"], &proxy["edited"]),
        (&json!(false), &json!(false), &json!(false))
    );
    assert_eq!(proxy["config"], url::Url::from_file_path(&path).unwrap().as_str());
    let again = server.ask("proxy/start", json!({"config": path})).await;
    assert_eq!((&again["wasRunning"], &again["proxy"]), (&json!(true), proxy));

    let status = server.ask("proxy/status", json!({})).await;
    assert_eq!((&status["state"], &status["modelCount"]), (&json!("running"), &json!(1)));
    let missing = &status["missing"][0];
    assert_eq!((&missing["name"], &missing["line"]), (&json!("two"), &json!(3)), "{status}");
    assert_eq!(missing["reason"], "LiteLLM left it out: its log may say why");
    let logs = server.ask("proxy/logs", json!({})).await;
    assert_eq!(logs["lines"], json!(["read api_key: …"]));
    assert_eq!(server.ask("proxy/logs", json!({"after": logs["next"]})).await["lines"], json!([]));

    place.config(TEXT);
    let edited = server.ask("proxy/status", json!({})).await;
    assert_eq!(edited["proxy"]["edited"], true);
    assert!(edited["missing"][0]["reason"].as_str().unwrap().contains("restart"), "{edited}");
    let restarted = server.ask("proxy/restart", json!({})).await;
    assert_eq!(restarted["proxy"]["baseUrl"], proxy["baseUrl"]);
    assert_ne!(restarted["proxy"]["processId"], proxy["processId"]);
    let status = server.ask("proxy/status", json!({})).await;
    assert_eq!((&status["modelCount"], status.get("missing")), (&json!(2), None), "{status}");

    assert_eq!(server.ask("proxy/stop", json!({})).await["stopped"], true);
    assert_eq!(server.ask("proxy/status", json!({})).await["state"], "stopped");
    server.abandon();
}

/// Whoever says no, or closes the question, is not told that it failed.
#[tokio::test]
async fn litellm_is_installed_only_where_the_user_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, path) = (folder.path().join("data"), folder.path().join("config.yaml"));
    fs::write(&path, TEXT).expect("a file");
    let variables = [
        ("LITELLM_LS_DATA_DIR", data.to_str().expect("a text")),
        ("PATH", "/nonexistent"),
        ("VIRTUAL_ENV", ""),
    ];
    let mut server = TestServer::process(Door::Lsp, &variables);
    server.initialize(json!({})).await;
    for said in [json!({"result": {"title": "Not Now"}}), json!({"result": null})] {
        let id = server.request("proxy/start", json!({"config": path})).await;
        let question = server.message("window/showMessageRequest").await;
        assert_eq!(question["params"]["actions"][1]["title"], "Install It");
        let mut answer = said.clone();
        answer["jsonrpc"] = json!("2.0");
        answer["id"] = question["id"].clone();
        server.send(&answer).await;
        let refused = server.response(id).await.expect_err("a refusal");
        assert_eq!(refused["data"]["kind"], "requestCancelled", "{said}: {refused}");
    }
    // An editor that can't ask is told what is missing.
    let id = server.request("proxy/start", json!({"config": path})).await;
    let question = server.message("window/showMessageRequest").await;
    let error = json!({"code": -32601, "message": "no"});
    server.send(&json!({"jsonrpc": "2.0", "id": question["id"], "error": error})).await;
    let failed = server.response(id).await.expect_err("a failure");
    assert_eq!(failed["data"]["kind"], "localProxy", "{failed}");
    assert!(!data.join("litellm").join("venv").exists());
    server.abandon();
}

#[tokio::test]
async fn a_proxy_ends_with_its_editor_unless_it_is_to_stay() {
    let (place, _venv) = Place::stub();
    let path = place.config(TEXT);
    for stay in [false, true] {
        let mut server = place.server(Door::Lsp).await;
        let started = server.ask("proxy/start", json!({"config": path, "stay": stay})).await;
        assert_eq!(started["proxy"]["stays"], stay);
        // Killed, as an editor may do it.
        server.abandon();
        if stay {
            assert!(proxy::running(&place.home).is_some());
            proxy::stop(&place.home).await.unwrap();
        }
        while proxy::running(&place.home).is_some() {
            tokio::task::yield_now().await;
        }
    }
}

/// What stands above a file starts its proxy, and then restarts and stops it.
#[tokio::test]
async fn a_lens_starts_the_proxy_of_a_file_and_stops_it() {
    let (place, _venv) = Place::stub();
    let path = place.config(TEXT);
    let data = place.folder.path().join("data").display().to_string();
    let mut server = TestServer::process(Door::Lsp, &[("LITELLM_LS_DATA_DIR", &data)]);
    let refreshes = json!({"refreshSupport": true});
    let workspace = json!({"codeLens": refreshes, "diagnostics": refreshes, "inlayHint": refreshes});
    server.initialize(json!({"workspace": workspace, "textDocument": {"diagnostic": {}}})).await;
    let uri = url::Url::from_file_path(&path).unwrap().to_string();
    let text = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": TEXT});
    server.notify("textDocument/didOpen", json!({"textDocument": text})).await;
    let mut choose = async |wanted: &[&str], chosen: &str| {
        let lenses = server.ask("textDocument/codeLens", json!({"textDocument": {"uri": uri}})).await;
        let commands: Vec<&Value> = lenses.as_array().unwrap().iter().map(|lens| &lens["command"]).collect();
        let titles: Vec<&str> = commands.iter().map(|command| command["title"].as_str().unwrap()).collect();
        assert_eq!(titles, wanted);
        let command = commands.iter().find(|command| command["title"] == chosen).unwrap();
        server.call("workspace/executeCommand", (*command).clone()).await.unwrap();
        // What is found and what is set may have changed, too.
        for what in ["codeLens", "diagnostic", "inlayHint"] {
            let asked = within(what, server.notification(&format!("workspace/{what}/refresh"))).await;
            assert_eq!(asked, Value::Null);
        }
    };
    let (start, restart) = ("LiteLLM: start a proxy with this file", "LiteLLM: restart the proxy");
    let deep = "deep check: have LiteLLM load this file";
    let test = "test this deployment by a short request";
    choose(&[start, deep], start).await;
    assert!(proxy::running(&place.home).is_some());
    choose(&[restart, "stop it", "its log", deep, test, test], restart).await;
    place.config(&format!("{TEXT}# more\n"));
    let changed = "LiteLLM: restart the proxy, for the file has changed";
    choose(&[changed, "stop it", "its log", deep, test, test], "stop it").await;
    assert!(proxy::running(&place.home).is_none());
    server.abandon();
}

/// Who starts a proxy and says not what for means the file that is open: the one that includes the others. Of two that have
/// nothing to do with each other none is meant.
#[tokio::test]
async fn what_is_included_by_an_open_file_is_not_started_by_itself() {
    let (place, _venv) = Place::stub();
    let include = "include: [litellm-part.yaml, more/litellm.yaml]\n";
    let root = place.config(&format!("{include}{TEXT}"));
    let part = TEXT.replace("one", "three").replace("two", "four");
    let files =
        ["litellm-part.yaml", "more/litellm.yaml", "litellm.yaml"].map(|name| place.folder.path().join(name));
    fs::create_dir(place.folder.path().join("more")).unwrap();
    for path in &files {
        fs::write(path, &part).unwrap();
    }
    for (open, serves) in [
        (vec![&files[0]], "litellm-part.yaml"),
        (vec![&files[0], &root], "config.yaml"),
        (vec![&root, &files[1], &files[0]], "config.yaml"),
        (vec![&files[0], &root, &files[2]], "demo"),
        (vec![], "demo"),
    ] {
        let mut server = place.server(Door::Lsp).await;
        for path in &open {
            let uri = url::Url::from_file_path(path).unwrap().to_string();
            let text = fs::read_to_string(path).unwrap();
            let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
            server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
        }
        let start = json!({"command": "litellm-ls.proxy.start"});
        let started = server.ask("workspace/executeCommand", start).await;
        let told = started["proxy"]["serves"].as_str().unwrap();
        assert!(told.contains(serves), "{open:?}: {started}");
        server.ask("proxy/stop", json!({})).await;
        server.abandon();
    }
}

/// The last word counts, though what it ends has not begun.
#[tokio::test]
async fn a_stop_behind_a_start_or_a_restart_ends_it() {
    let (place, _venv) = Place::stub();
    let path = place.config(TEXT);
    let mut server = place.server(Door::Lines).await;
    let params = json!({"config": path, "stay": true});
    for method in ["proxy/start", "proxy/restart"] {
        if method == "proxy/restart" {
            server.ask("proxy/start", params.clone()).await;
        }
        let begun = if method == "proxy/start" { params.clone() } else { json!({}) };
        let (start, stop) =
            (server.request(method, begun).await, server.request("proxy/stop", json!({})).await);
        let refused = server.response(start).await.unwrap_err();
        assert!(refused["message"].as_str().unwrap().contains("stopped while it started"), "{refused}");
        assert_eq!(server.response(stop).await.unwrap()["stopped"], true, "{method}");
        assert_eq!(server.ask("proxy/status", json!({})).await["state"], "stopped", "{method}");
        assert!(proxy::running(&place.home).is_none());
    }
    assert_eq!(server.ask("proxy/start", params).await["wasRunning"], false);
    assert_eq!(server.ask("proxy/stop", json!({})).await["stopped"], true);
    server.abandon();
}

/// A proxy ends with the editor that has started it, and another one that uses it is told so.
#[tokio::test]
async fn who_uses_a_proxy_that_ends_with_another_editor_is_told() {
    let (place, _venv) = Place::stub();
    let path = place.config(TEXT);
    let (mut first, mut second) = (place.server(Door::Lines).await, place.server(Door::Lines).await);
    let params = json!({"config": path});
    for (server, warnings) in [(&mut first, 0), (&mut second, 1)] {
        let mut started = json!(null);
        for _ in 0..2 {
            started = server.ask("proxy/start", params.clone()).await;
        }
        let told = started["warnings"].as_array().map_or(0, Vec::len);
        assert_eq!((&started["wasRunning"], told), (&json!(true), warnings), "{started}");
    }
    first.ask("proxy/stop", json!({})).await;
    first.abandon();
    second.abandon();
}

/// Our proxy is given a key by the variable that a new file names.
#[tokio::test]
async fn the_key_of_our_proxy_is_no_missing_variable_while_it_runs() {
    let (place, _venv) = Place::stub();
    let text = format!("{TEXT}general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n");
    let path = place.config(&text);
    let mut server = place.server(Door::Lsp).await;
    let uri = url::Url::from_file_path(&path).unwrap().to_string();
    let opened = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
    server.notify("textDocument/didOpen", json!({"textDocument": opened})).await;
    let mut is_missed = async |method: &str| {
        if !method.is_empty() {
            let params = if method == "proxy/start" { json!({"config": path}) } else { json!({}) };
            server.call(method, params).await.unwrap();
        }
        let found = server.ask("textDocument/diagnostic", json!({"textDocument": {"uri": uri}})).await;
        found["items"].to_string().contains("LITELLM_MASTER_KEY")
    };
    assert!(is_missed("").await);
    assert!(!is_missed("proxy/start").await);
    assert!(is_missed("proxy/stop").await);
    server.abandon();
}

#[tokio::test]
async fn what_stops_a_start_is_shown_at_its_line() {
    let (place, _venv) = Place::stub();
    let text = format!(
        "{TEXT}router_settings:\n  routing_strategy: simple-shuffle\n# die: ValueError: Invalid strategy 'simple-shuffle'\n"
    );
    let path = place.config(&text);
    let uri = url::Url::from_file_path(&path).unwrap().to_string();
    let mut server = place.server(Door::Lsp).await;
    let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
    server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    let error = server.call("proxy/start", json!({"config": uri})).await.unwrap_err();
    assert_eq!(error["data"]["kind"], json!(ErrorKind::LocalProxy), "{error}");
    assert!(
        error["message"].as_str().unwrap().ends_with("ValueError: Invalid strategy 'simple-shuffle'"),
        "{error}"
    );
    let found: Value = loop {
        let pushed = within("a finding", server.notification("textDocument/publishDiagnostics")).await;
        let all = pushed["diagnostics"].as_array().unwrap().clone();
        if let Some(one) = all.into_iter().find(|one| one["code"] == "litellm/not-started") {
            break one;
        }
    };
    assert_eq!((&found["range"]["start"]["line"], &found["severity"]), (&json!(6), &json!(1)), "{found}");
    server.abandon();
}

#[tokio::test]
async fn a_file_that_can_not_be_read_starts_nothing() {
    let (place, _venv) = Place::stub();
    let path = place.config("model_list:\n  - model_name: a\n   litellm_params: {model: x}\n");
    let mut server = place.server(Door::Lines).await;
    let data = server.fails("proxy/start", json!({"config": path}), ErrorKind::LocalProxy).await;
    assert!(data.remedy.unwrap().contains("nothing was started"));
    assert!(!place.home.log().exists());
    server.abandon();
}

/// What `[proxy]` of the settings file says: which LiteLLM, which port, and a restart when the file is saved. A file that
/// would not start leaves the proxy as it is.
#[tokio::test]
async fn the_settings_file_says_how_a_proxy_is_started_and_restarts_it_on_save() {
    let venv = tempfile::tempdir().unwrap();
    stub_litellm::make(venv.path(), "1.99.0");
    let folder = tempfile::tempdir().unwrap();
    let place = Place { home: Home::open(folder.path().join("data")), folder };
    let path = place.config(TEXT);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = place.folder.path().join("settings.toml");
    let table = format!("[proxy]\nlitellm = {:?}\nport = {port}\n", venv.path().to_str().unwrap());
    fs::write(&settings, &table).unwrap();
    let data = place.folder.path().join("data").display().to_string();
    let variables =
        [("LITELLM_LS_DATA_DIR", data.as_str()), ("LITELLM_LS_SETTINGS", settings.to_str().unwrap())];
    let mut server = TestServer::process(Door::Lsp, &variables);
    server.initialize(json!({})).await;
    let uri = url::Url::from_file_path(&path).unwrap().to_string();
    let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": TEXT});
    server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    // What an editor pushes could be a workspace's: it switches nothing on.
    let pushed = json!({"litellm": {"proxy": {"restartOnSave": true}, "restartOnSave": true}});
    server.notify("workspace/didChangeConfiguration", json!({"settings": pushed})).await;
    let started = server.ask("proxy/start", json!({"config": uri})).await;
    assert_eq!(started["proxy"]["baseUrl"], format!("http://127.0.0.1:{port}"), "{started}");
    assert_eq!(started["proxy"]["version"], "1.99.0");

    let mut told = async |part: &str| loop {
        let shown = within(part, server.notification("window/showMessage")).await;
        if shown["message"].as_str().unwrap().contains(part) {
            return;
        }
    };
    place.config(&format!("{TEXT}# saved\n"));
    told("has changed since its proxy started").await;
    assert_eq!(
        proxy::running(&place.home).unwrap().pid(),
        started["proxy"]["processId"].as_u64().unwrap() as u32
    );

    fs::write(&settings, format!("{table}restartOnSave = true\n")).unwrap();
    place.config(&format!("{TEXT}# saved again\n"));
    told("serves config.yaml as it was saved").await;
    let again = proxy::running(&place.home).unwrap();
    assert!(u64::from(again.pid()) != started["proxy"]["processId"] && !again.is_edited(), "{again:?}");
    assert_eq!(again.port, port);

    let broken = TEXT
        .replace("    litellm_params: {model: openai/gpt-4.1", "    litellm_parms: {model: openai/gpt-4.1");
    let change = json!([{"text": broken}]);
    let document = json!({"uri": uri, "version": 2});
    server
        .notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": change}))
        .await;
    place.config(&broken);
    loop {
        let shown = within("a warning", server.notification("window/showMessage")).await;
        let shown = shown["message"].as_str().unwrap();
        assert!(!shown.contains("as it was saved"), "{shown}");
        if shown.contains("goes on with config.yaml as it was, for line 5") {
            break;
        }
    }
    assert_eq!(proxy::running(&place.home).unwrap().pid(), again.pid());
    server.ask("proxy/stop", json!({})).await;
    server.abandon();
}

/// Settings of a workspace can't start anything, and choose no program.
#[tokio::test]
async fn pushed_settings_start_nothing() {
    let (place, _venv) = Place::stub();
    let path = place.config(TEXT);
    let mut server = place.server(Door::Lsp).await;
    let settings = json!({"litellm": {"proxy": {"start": true, "config": path, "litellm": "/tmp/x"}}});
    server.notify("workspace/didChangeConfiguration", json!({"settings": settings})).await;
    assert_eq!(server.ask("proxy/status", json!({})).await["state"], "stopped");
    assert!(!place.home.log().exists());
    server.abandon();
}

/// What stands above a file has the real LiteLLM load it, and above each deployment asks that one alone.
#[tokio::test]
async fn the_real_litellm_loads_a_file_and_one_deployment_is_asked_alone() {
    let place = Place::with(&real_proxy::environment());
    let text = "\
model_list:
  - model_name: fast
    litellm_params: {model: openai/gpt-4o, api_key: x, mock_response: ready}
  - model_name: fast
    litellm_params: {model: openai/gpt-4o, api_key: x, api_base: \"http://127.0.0.1:9/v1\"}
  - model_name: fast
    litellm_params: {model: openai/gpt-4.1, api_key: x, mock_response: ready}
  - model_name: fast
    litellm_params: {model: openai/gpt-4.1, api_key: x, tpm: os.environ/A_LIMIT_THAT_IS_NONE}
  - model_name: fast
    litellm_params: {model: openai/of-my-own, api_key: x, mock_response: ready}
  - model_name: fast
    litellm_params: {model: openai/of-my-own-2, api_key: x, mock_response: ready}
    model_info: {input_cost_per_token: 1, output_cost_per_token: 0}
sandbox_tools: 7
";
    let path = place.config(text);
    let data = place.folder.path().join("data").display().to_string();
    let variables = [("LITELLM_LS_DATA_DIR", data.as_str()), ("A_LIMIT_THAT_IS_NONE", "many")];
    let mut server = TestServer::process(Door::Lsp, &variables).patient();
    server.initialize(json!({"textDocument": {"diagnostic": {}}})).await;
    let uri = url::Url::from_file_path(&path).unwrap().to_string();
    let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
    server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    let document = json!({"textDocument": {"uri": uri}});
    let lens = async |server: &mut TestServer, title: &str, number: usize| {
        let lenses = server.ask("textDocument/codeLens", document.clone()).await;
        let commands = lenses.as_array().unwrap().iter().map(|lens| lens["command"].clone());
        let command =
            commands.filter(|command| command["title"].as_str().unwrap().starts_with(title)).nth(number);
        server.ask("workspace/executeCommand", command.expect("a lens")).await;
        loop {
            let shown = server.notification("window/showMessage").await;
            let shown = shown["message"].as_str().unwrap().to_owned();
            // A start tells of its models too.
            if shown.contains("loads") || shown.contains("load config") || shown.contains("fast (") {
                break shown;
            }
        }
    };
    let said = lens(&mut server, "deep check", 0).await;
    assert!(said.contains("does not load config.yaml"), "{said}");
    let found = server.ask("textDocument/diagnostic", document.clone()).await;
    let found = found["items"].as_array().unwrap();
    let found = found.iter().find(|one| one["code"] == "litellm/not-started").expect("why");
    assert_eq!(found["range"]["start"]["line"], 0, "{found}");

    let text = text.split("sandbox_tools").next().unwrap();
    place.config(text);
    let change = json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]});
    server.notify("textDocument/didChange", change).await;
    let said = lens(&mut server, "deep check", 0).await;
    assert!(said.contains("loads config.yaml and would serve 5 deployments"), "{said}");
    // Only LiteLLM knows what stands in a variable; of two of one name and model the last that has it is meant.
    let found = server.ask("textDocument/diagnostic", document.clone()).await;
    let found = found["items"].as_array().unwrap();
    let found = found.iter().find(|one| one["code"] == "litellm/not-served").expect("what is left out");
    assert_eq!(found["range"]["start"]["line"], 7, "{found}");

    server.ask("proxy/start", json!({"config": uri})).await;
    for (number, told) in [
        (0, "LiteLLM: fast (openai/gpt-4o): "),
        (1, "start the model's server, or correct api_base"),
        (2, "LiteLLM: fast (openai/gpt-4.1): "),
        (3, "the proxy does not serve fast (openai/gpt-4.1)"),
    ] {
        let said = lens(&mut server, "test this deployment", number).await;
        assert!(said.contains(told), "{number}: {said}");
        assert_eq!(said.contains(" tokens in, ") && said.ends_with(" ms"), number % 2 == 0, "{said}");
        assert_eq!(said.contains(" out, $0.0"), number % 2 == 0, "{said}");
    }
    // Each has a price of its own, or none.
    let said = lens(&mut server, "test this deployment", 4).await;
    assert!(said.contains(" out, at a cost that is not known, after "), "{said}");
    let said = lens(&mut server, "test this deployment", 5).await;
    let tokens = said.split_once("): ").and_then(|(_, rest)| rest.split_once(" tokens in")).unwrap().0;
    assert!(said.contains(&format!(" out, ${tokens}, after ")), "{said}");
    assert_eq!(server.ask("proxy/stop", json!({})).await["stopped"], true);
    server.abandon();
}

#[tokio::test]
async fn the_real_litellm_starts_over_the_door_and_its_complaints_are_placed() {
    let place = Place::with(&real_proxy::environment());
    let text = "model_list:\n  - model_name: good\n    litellm_params: {model: openai/gpt-4o, api_key: x}\n  - model_name: bad\n    litellm_params: {model: opena/gpt-4o, api_key: x}\n";
    let path = place.config(text);
    let mut server = place.server(Door::Lines).await;
    let id = server.request("proxy/start", json!({"config": path})).await;
    // LiteLLM takes half a minute on a busy machine, and is given two by whoever starts it.
    let started = loop {
        let message = server.next_message_within(Duration::from_secs(150)).await;
        if message["id"] == id {
            break message;
        }
    };
    assert_eq!(started["result"]["wasRunning"], false, "{started}");
    let status = server.ask("proxy/status", json!({})).await;
    assert_eq!((&status["state"], &status["modelCount"]), (&json!("running"), &json!(1)), "{status}");
    let missing = &status["missing"][0];
    assert_eq!((&missing["name"], &missing["line"]), (&json!("bad"), &json!(3)), "{status}");
    assert!(missing["reason"].as_str().unwrap().contains("opena/gpt-4o"), "{status}");
    assert_eq!(server.ask("proxy/stop", json!({})).await["stopped"], true);
    server.abandon();
}
