//! What people are told in other languages than English: each sentence of ours, and nobody else's words.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use litellm_ls::Door;
use regex_lite::Regex;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    user::User,
};
use crate::borders::names;

/// Files whose every sentence is translated: those that hold what fails, and what to do.
const WHOLE: [&str; 67] = [
    "cli/chat.rs",
    "cli/chat/commands.rs",
    "cli/chat/line.rs",
    "cli/check.rs",
    "cli/check/deep.rs",
    "cli/complete.rs",
    "cli/complete/answer.rs",
    "cli/complete/attach.rs",
    "cli/complete/beside.rs",
    "cli/complete/estimate.rs",
    "cli/complete/printer.rs",
    "cli/complete/shape.rs",
    "cli/complete/stdin.rs",
    "cli/config.rs",
    "cli/conversation.rs",
    "cli/count.rs",
    "cli/doctor/editors.rs",
    "cli/doctor/editors/helix.rs",
    "cli/doctor/machine.rs",
    "cli/doctor/programs.rs",
    "cli/init.rs",
    "cli/init/ask.rs",
    "cli/init/files.rs",
    "cli/models.rs",
    "cli/proxy.rs",
    "cli/proxy/logs.rs",
    "cli/proxy/served.rs",
    "cli/proxy/start.rs",
    "cli/proxy/status.rs",
    "cli/sessions.rs",
    "cli/target.rs",
    "cli/try_out.rs",
    "cli/usage.rs",
    "cli/usage/history.rs",
    "cli/usage/ledger.rs",
    "config_yaml/actions.rs",
    "config_yaml/project.rs",
    "config_yaml/yaml/block.rs",
    "config_yaml/yaml/flow.rs",
    "config_yaml/yaml/quoted.rs",
    "config_yaml/yaml/reader.rs",
    "descriptors.rs",
    "disclosure.rs",
    "litellm/base_url.rs",
    "provider/catalog/summary.rs",
    "provider/completion/own_proxy.rs",
    "provider/error.rs",
    "provider/error/of_fault.rs",
    "provider/key/lookup.rs",
    "provider/models/fetch.rs",
    "provider/settings/control.rs",
    "provider/settings/file.rs",
    "provider/settings/layers.rs",
    "provider/settings/local.rs",
    "provider/settings/profile.rs",
    "provider/settings/prompts.rs",
    "provider/settings/writes.rs",
    "provider/status.rs",
    "proxy/error.rs",
    "server/commands/use_model.rs",
    "server/config_yaml/test_deployment.rs",
    "server/consent.rs",
    "server/error.rs",
    "server/local_proxy.rs",
    "server/pushed.rs",
    "store/guarded.rs",
    "store/unreadable.rs",
];

/// The same of a folder, but for what moves a file.
const CHECKS: &str = "config_yaml/checks";

/// Parts of sentences, which are translated where they are whole; and what is no sentence.
const PARTS: [&str; 14] = [
    "{0} {1}",
    "Basic {0}",
    "{0}: {1}",
    "Exception - ",
    "{0} things are wrong with {1}, {2} first: {3}",
    "3.11 to 3.14",
    "(no text)",
    "export {0}=…",
    "VS Code ssh",
    "the status is no object",
    // What stands in the place of a prompt.
    "Say hello, and in one sentence what you could do in a code editor.",
    // What is taken out.
    " (os error ",
    // What a model is asked.
    "Answer with one word: ready",
    "Write a commit message for these staged changes: a title of at most 72 characters in the imperative, and only where it adds something a blank line and a short body that says why. Answer with the message alone. {0}\\n\\n{1}",
];

/// Budgets are put together of words.
const BUDGETS: &str = "provider/usage/budget/sentence.rs";

type Said = BTreeMap<String, BTreeMap<String, String>>;

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn table() -> Value {
    serde_json::from_slice(&fs::read(src().join("language/zh-cn.json")).unwrap()).unwrap()
}

/// All that is translated, by the file that says it.
fn translated() -> Vec<(String, BTreeMap<String, String>)> {
    let table = table();
    let said = |name: &str| serde_json::from_value::<Said>(table[name].clone()).unwrap();
    ["sentences", "words", "shown"].into_iter().flat_map(said).collect()
}

/// The texts of a file, without its tests and comments; what it fills in is numbered.
fn texts(file: &str) -> Vec<String> {
    let source = fs::read_to_string(src().join(file)).unwrap();
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap();
    let line_end = Regex::new(r"\\\n\s*").unwrap();
    let whole = |text| numbered(&line_end.replace_all(text, "").replace("\\\"", "\""));
    names::texts(source).map(whole).collect()
}

/// A text whose places are numbered.
fn numbered(text: &str) -> String {
    let mut places = 0..;
    let number = |_: &regex_lite::Captures<'_>| format!("{{{}}}", places.next().unwrap_or_default());
    Regex::new(r"\{[^{}]*\}").unwrap().replace_all(text, number).into_owned()
}

/// A text, and the lines of it that a page or a terminal shows alone.
fn with_lines(text: String) -> Vec<String> {
    let lines = text.split("\\n").map(|line| numbered(line.trim_start_matches('#').trim()));
    lines.chain([text.clone()]).collect()
}

fn rust_files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path.strip_prefix(src()).unwrap().to_str().unwrap().replace('\\', "/"));
        }
    }
    files
}

fn schema() -> Value {
    serde_json::from_slice(&fs::read(src().join("../protocol/schema.json")).unwrap()).unwrap()
}

/// The words of the protocol.
fn words(schema: &Value) -> BTreeSet<String> {
    let word = Regex::new(r#""const":"(\w+)""#).unwrap();
    word.captures_iter(&schema.to_string()).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_kind_of_failure_has_its_words() {
    let kinds = table()["kinds"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let known = words(&schema()["$defs"]["ErrorKind"]);
    assert_eq!(kinds, known);
}

#[test]
fn what_is_translated_is_said_with_the_same_places_to_fill_in() {
    let said = rust_files(&src());
    let mut said: BTreeSet<String> = said.iter().flat_map(|file| texts(file)).flat_map(with_lines).collect();
    said.extend(words(&schema()));
    let places = Regex::new(r"\{\d\}|`[^`]+`").unwrap();
    let places = |text: &str| {
        let mut found: Vec<String> = places.find_iter(text).map(|found| found.as_str().to_owned()).collect();
        found.sort();
        found
    };
    let word = Regex::new(r"\w{2,}").unwrap();
    for (file, own) in translated() {
        let put = (file == BUDGETS).then(|| texts(&file).join(" "));
        for (text, translation) in own {
            let is_said = match &put {
                Some(put) => word.find_iter(&text).all(|word| put.contains(word.as_str())),
                None => said.contains(&text),
            };
            assert!(is_said, "{file}: nobody says `{text}`: take it out of zh-cn.json, or say it");
            assert_eq!(places(&translation), places(&text), "{text}");
        }
    }
}

#[test]
fn no_failure_and_no_remedy_is_left_out() {
    let known: BTreeSet<String> = translated().into_iter().flat_map(|(_, own)| own.into_keys()).collect();
    // Words with blanks between them; single ones are names.
    let sentence = Regex::new(r"[a-z]{2,} \S*[a-z{]|\} [a-z]").unwrap();
    // Commands to be typed, and spans of time.
    let as_it_is = Regex::new(r"^(litellm-ls |Examples:|--[a-z-]+ \{0\}$)|^\{0\} (ms|s|min|h|d)$").unwrap();
    let is_known = |text: &str| {
        let lines = text.split("\\n").map(|line| numbered(line.replace("\\x20", "").trim()));
        known.contains(text)
            || known.contains(text.trim())
            || text.contains("\\n")
                && lines.into_iter().all(|line| !sentence.is_match(&line) || known.contains(&line))
    };
    let checks = rust_files(&src().join(CHECKS)).into_iter().filter(|file| !file.ends_with("/moves.rs"));
    for file in checks.chain(WHOLE.map(str::to_owned)) {
        let said = texts(&file);
        let said: Vec<&str> = said
            .iter()
            .map(String::as_str)
            .filter(|text| sentence.is_match(text) && !as_it_is.is_match(text) && !PARTS.contains(text))
            .collect();
        assert!(!said.is_empty(), "{file}");
        let left: Vec<&str> = said.into_iter().filter(|text| !is_known(text)).collect();
        assert!(left.is_empty(), "{file}: translate these in src/language/zh-cn.json: {left:#?}");
    }
}

const CHAT: &str = "POST /v1/chat/completions";

/// A proxy that refuses a question in its own words.
async fn refusing() -> FakeProxy {
    let proxy = FakeProxy::start().await;
    let refused = json!({"error": {"message": "it is odd", "code": "400"}});
    proxy.on(CHAT).always_with(move |_| Answer::json(400, &refused));
    proxy.on("GET /v1/models").always(Answer::json(200, &json!({"data": [{"id": "own"}]})));
    proxy
}

/// The settings file decides, else the editor, else what the program was started with.
#[tokio::test]
async fn the_language_is_that_of_the_settings_or_the_editor_or_the_system() {
    let proxy = refusing().await;
    for (door, settings, locale, lang, is_chinese) in [
        (Door::Lsp, None, Some("zh-cn"), None, true),
        (Door::Lsp, None, Some("en"), Some("zh_CN.UTF-8"), false),
        (Door::Lsp, None, None, Some("zh_CN.UTF-8"), true),
        (Door::Lsp, Some("en"), Some("zh-cn"), None, false),
        (Door::Lsp, Some("zh-CN"), Some("en"), Some("C"), true),
        (Door::Lsp, None, Some("fr"), None, false),
        (Door::Lines, None, None, Some("zh_CN.UTF-8"), true),
        (Door::Lines, Some("en"), None, Some("zh_CN.UTF-8"), false),
        (Door::Lines, None, None, Some("C.UTF-8"), false),
    ] {
        let url = proxy.url();
        let variables = [("LITELLM_BASE_URL", Some(url.as_str())), ("LANG", lang)];
        let variables: Vec<_> =
            variables.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let mut peer = TestServer::memory(door, &variables);
        if let Some(settings) = settings {
            let text = format!("locale = \"{settings}\"\n");
            fs::write(peer.home().path().join("settings.toml"), text).unwrap();
        }
        if door == Door::Lsp {
            peer.initialize_in(locale).await;
        }
        let error = peer.call("provider/complete", json!({"model": "own", "prompt": "x"})).await.unwrap_err();
        let told = (&error["message"], &error["data"]["remedy"], &error["data"]["kind"]);
        let expected = match is_chinese {
            true => (&json!("请求有误：it is odd"), &json!("请按消息所述更正请求"), &json!("invalidRequest")),
            false => (
                &json!("it is odd"),
                &json!("correct the request as the message says"),
                &json!("invalidRequest"),
            ),
        };
        assert_eq!(told, expected, "{settings:?} {locale:?} {lang:?}");
        peer.abandon();
    }
}

/// Everything that an editor shows of the server: messages, questions with their buttons, states, titles and findings. What
/// a model says, names and words of programs stay as they are.
#[tokio::test]
async fn an_editor_in_chinese_is_told_everything_in_chinese() {
    let proxy = refusing().await;
    proxy.on(CHAT).answer(Answer::stream().text("the proxy rejected the key").finish("stop").done());
    let mut editor = TestServer::memory(Door::Lsp, &[("LITELLM_BASE_URL", &proxy.url())]);
    editor.initialize_in(Some("zh-cn")).await;
    let question = json!({"model": "own", "prompt": "x"});
    let answer = editor.call("provider/complete", question).await.unwrap();
    assert_eq!(answer["message"]["text"], "the proxy rejected the key");

    let list = editor.call("provider/listModels", json!({})).await.unwrap();
    let summary = &list["models"][0]["summary"];
    assert_eq!((&summary["context"], &summary["price"]), (&json!("unknown"), &json!("unknown")));
    assert_eq!(summary["line"], "上下文未知 · 价格未知");
    let status = editor.call("provider/status", json!({})).await.unwrap();
    let checks = status["checks"].as_array().unwrap();
    let listed = checks.iter().find(|check| check["name"] == "models").unwrap();
    assert_eq!(listed["message"], "列出了 1 个模型");

    let uri = "file:///a/config.yaml";
    let text =
        "model_list:\n  - model_name: m\n    litellm_params:\n      model: openai/gpt-4o\n      api_kye: x\n";
    let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
    editor.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    let found = editor.notification("textDocument/publishDiagnostics").await;
    let found = found["diagnostics"].as_array().unwrap();
    assert!(found.iter().any(|one| is_chinese(&one["message"])), "{found:?}");
    let range = json!({"start": {"line": 4, "character": 7}, "end": {"line": 4, "character": 7}});
    let at = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}});
    let actions = editor.call("textDocument/codeAction", at).await.unwrap();
    for action in actions.as_array().unwrap() {
        assert!(is_chinese(&action["title"]), "{action}");
    }

    let document = json!({"uri": uri});
    let hover = json!({"textDocument": document, "position": {"line": 3, "character": 16}});
    let hover = editor.call("textDocument/hover", hover).await.unwrap();
    assert!(is_chinese(&hover["contents"]["value"]), "{hover}");
    let lenses = editor.call("textDocument/codeLens", json!({"textDocument": document})).await.unwrap();
    for lens in lenses.as_array().unwrap() {
        assert!(is_chinese(&lens["command"]["title"]), "{lens}");
    }
    assert!(!lenses.as_array().unwrap().is_empty());

    let command = json!({"command": "litellm-ls.useModel", "arguments": ["other"]});
    editor.request("workspace/executeCommand", command).await;
    let asked = editor.message("window/showMessageRequest").await;
    let params = &asked["params"];
    assert_eq!(params["message"], "LiteLLM：代理没有列出 other。仍要使用它吗？");
    let button = params["actions"].as_array().unwrap().last().unwrap();
    assert_eq!(button["title"], "使用 other");
    editor.send(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": button})).await;
    let told = editor.notification("window/showMessage").await;
    assert_eq!(told["message"], "LiteLLM：正在使用 other");
    let error = editor.call("provider/complete", json!({"prompt": "x"})).await.unwrap_err();
    assert_eq!(error["message"], "请求有误：it is odd");
    editor.abandon();
}

fn is_chinese(text: &Value) -> bool {
    text.as_str().unwrap().chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

/// Whoever types commands reads their language, and a program what it always reads.
#[tokio::test]
async fn commands_speak_to_people_and_json_to_programs() {
    let proxy = refusing().await;
    let in_english = User::of(&proxy.url(), "sk-fake");
    let mut in_chinese = User::of(&proxy.url(), "sk-fake");
    in_chinese.variables.push(("LANG", "zh_CN.UTF-8".into()));
    for user in [&in_english, &in_chinese] {
        user.file(
            "typo.yaml",
            "model_list:\n  - model_name: m\n    litellm_params:\n      model: openai/gpt-4x\n",
        );
    }
    let fields = |ran: &super::support::user::Ran| {
        let mut json = ran.json();
        // What no two runs have in common.
        for name in ["fetchedAt", "modelsFetchedAt", "checkedAt"] {
            json.as_object_mut().unwrap().remove(name);
        }
        for check in json.get_mut("checks").and_then(Value::as_array_mut).into_iter().flatten() {
            check.as_object_mut().unwrap().remove("durationMs");
        }
        if let Some(error) = json.get_mut("error").and_then(Value::as_object_mut) {
            error.remove("callId");
        }
        (ran.code, json)
    };
    for arguments in [
        &["models", "--json"][..],
        &["status", "--json"],
        &["check", "--json", "typo.yaml"],
        &["status", "--json", "--base-url", "http://127.0.0.1:9"],
        &["complete", "--json", "-m", "own", "x"],
        &["models", "--json", "--base-url", "http://127.0.0.1:9"],
    ] {
        let [english, chinese] = [in_english.run(arguments).await, in_chinese.run(arguments).await];
        assert_eq!(fields(&chinese), fields(&english), "{arguments:?}");
    }
    for (arguments, told) in [
        (&["status"][..], "就绪"),
        (&["complete", "-m", "own", "x"], "请求有误：it is odd\n  → 请按消息所述更正请求"),
        (&["models", "--base-url", "http://127.0.0.1:9"], "127.0.0.1:9 没有响应"),
        (&["models", "zzz"], "没有符合 `zzz` 的模型"),
        (&["check", "typo.yaml"], "不在 LiteLLM 的价目表中"),
        (&["check", "typo.yaml"], "1 个错误，1 个警告（1 个文件）"),
        (&["doctor"], "✓ 密钥          服务器接受此密钥"),
        (&["doctor"], "提交问题时：litellm-ls doctor --report"),
        (&["proxy", "status"], "已安装     否（运行 `litellm-ls proxy install`）"),
        (&["sessions"], "没有共享进程"),
        (&["chat"], "聊天需要终端"),
        (&["count", "-m", "own", "x"], "[own 的令牌数"),
        (&["usage", "--line"], "今天 $"),
        (&["config", "set", "nothing", "1"], "`nothing`：没有此名称的设置"),
        (&["init", "--vendor", "opnai"], "LiteLLM 不认识供应商 `opnai`"),
    ] {
        let [english, chinese] = [in_english.run(arguments).await, in_chinese.run(arguments).await];
        assert!(chinese.out.contains(told) || chinese.err.contains(told), "{arguments:?}: {chinese:?}");
        assert_eq!(chinese.code, english.code);
        assert!(!is_chinese(&json!(english.out + &english.err)), "{arguments:?}");
    }
}
