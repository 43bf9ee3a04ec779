//! Screens and pages in Chinese: whole sentences, with Chinese marks, and one word for one thing everywhere.

use std::{fs, path::Path};

use litellm_ls::Door;
use regex_lite::Regex;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    user::User,
};

/// A proxy of which there is much to say: prices of every kind, retirement, hidden models, budgets and days gone by.
async fn proxy() -> FakeProxy {
    let fake = FakeProxy::start().await;
    let row = |name: &str, backend: &str, more: Value| {
        let mut info = json!({"mode": "chat", "max_input_tokens": 128_000, "max_output_tokens": 4_096});
        info.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"model_name": name, "litellm_params": {"model": backend}, "model_info": info})
    };
    let all = json!({
        "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "cache_read_input_token_cost": 1e-7,
        "cache_creation_input_token_cost": 2e-6, "input_cost_per_token_above_200k_tokens": 3e-6,
        "supports_function_calling": true, "supports_vision": true, "supports_reasoning": true,
        "supports_prompt_caching": true, "supports_computer_use": true, "supports_audio_input": true,
        "supports_pdf_input": true, "supports_response_schema": true, "deprecation_date": "2099-01-01"
    });
    let rows = [
        row("m-all", "anthropic/m-all", all),
        row("m-all-2", "openai/gpt-4o", json!({})),
        row("m-all-3", "openai/gpt-4o-mini", json!({})),
        row("m-free", "ollama/m-free", json!({"input_cost_per_token": 0, "output_cost_per_token": 0})),
        row("m-past", "openai/m-past", json!({"deprecation_date": "2020-01-01"})),
        row("m-draw", "openai/m-draw", json!({"mode": "image_generation"})),
        row("m-read", "anthropic/m-read", json!({"cache_read_input_token_cost": 1e-7})),
        row("m-twice", "openai/m-1", json!({"input_cost_per_token": 1e-6})),
        row("m-twice", "azure/m-2", json!({"input_cost_per_token": 2e-6})),
        row("m-*", "openai/*", json!({})),
        row("m-unknown", "openai/m-unknown", json!({"max_input_tokens": null, "max_output_tokens": null})),
    ];
    let mut names: Vec<_> = rows.iter().map(|row| json!({"id": row["model_name"]})).collect();
    names.retain(|name| name["id"] != "m-read");
    fake.on("GET /v1/model/info").always(Answer::json(200, &json!({"data": rows})));
    fake.on("GET /v1/models").always(Answer::json(200, &json!({"data": names})));
    let key = json!({"spend": 4.2, "max_budget": 5.0, "budget_duration": "30d", "user_id": "u-1"});
    fake.on("POST /v1/chat/completions").always_with(|_| Answer::stream().text("好的").finish("stop").done());
    fake.on("GET /key/info").always(Answer::json(200, &json!({"key": "sk", "info": key})));
    fake
}

fn in_chinese(fake: &FakeProxy) -> User {
    let mut user = User::of(&fake.url(), "sk-fake");
    user.variables.push(("LANG", "zh_CN.UTF-8".into()));
    user
}

/// Names, units, and words of programs, which are the same in Chinese.
const SAME: &str = "LiteLLM OpenAI Azure Anthropic Vertex Google Studio Mistral PostgreSQL bedrock sagemaker \
    anthropic openai ollama azure gpt default chat own http min ms null shell Ctrl Tab VS Code Insiders Cursor ssh server \
    Neovim Helix Emacs Zed Kakoune Markdown settings.yaml hi env export baseUrl apiKey commit Connection refused";

/// What stands as it is in any language: code, texts in quotes, addresses, paths, commands, and codes of findings.
fn without_code(line: &str) -> String {
    let code =
        r#"`[^`]*`|“[^”]*”|"[^"]*"|\S*[/\\]\S*|litellm-ls( [ -~]+)?|^(error|warning|information)\[[^\]]*\]"#;
    Regex::new(code).unwrap().replace_all(line, "`").into_owned()
}

/// What is English in a line of a screen.
fn english(line: &str) -> Vec<String> {
    let word = Regex::new(r"-*[A-Za-z][A-Za-z0-9_.:*-]+").unwrap();
    let is_same = |word: &str| {
        let is_of_program =
            word.bytes().all(|byte| !byte.is_ascii_lowercase()) || word.contains(['_', ':', '-']);
        is_of_program || word.starts_with("VSCod") || SAME.split_whitespace().any(|same| same == word)
    };
    word.find_iter(line).map(|found| found.as_str().to_owned()).filter(|word| !is_same(word)).collect()
}

/// Marks of Latin beside a letter of Chinese, and blanks behind marks of Chinese, which have room around them.
fn wrong_marks(line: &str) -> Vec<String> {
    let mark = r"[\u{4e00}-\u{9fff}）][,:;?!]|[,;] ?[\u{4e00}-\u{9fff}]|[?!][\u{4e00}-\u{9fff}]|[，。；：？！、）] [\u{4e00}-\u{9fff}A-Za-z0-9]";
    Regex::new(mark).unwrap().find_iter(line).map(|found| found.as_str().to_owned()).collect()
}

fn complaints(of: &str, text: &str) -> Vec<String> {
    let complaint = |line: &str| {
        let bare = without_code(line);
        let wrong = [english(&bare), wrong_marks(&bare)].concat();
        (!wrong.is_empty()).then(|| format!("{of}: {wrong:?} in: {line}"))
    };
    text.lines().filter_map(complaint).collect()
}

/// What is filled in is told too, and what is known in part alone is not told by halves.
#[cfg(unix)]
#[tokio::test]
async fn no_screen_of_a_terminal_is_half_english() {
    let fake = proxy().await;
    let user = in_chinese(&fake);
    let mut wrong = Vec::new();
    let chat = [["› ", "/help\r"], ["Ctrl-C", ""], ["› ", "/cost\r"], ["› ", "\u{4}"]];
    let init = [["供应商：", "openai\r"], ["[1]：", "1\r"], ["跳过", "\r"], ["[Y/n]", "n\r"]];
    let screens: [(&[&str], &[[&str; 2]]); 20] = [
        (&["complete", "-m", "m-all", "hi"], &[]),
        (&["models"], &[]),
        (&["models", "--all"], &[]),
        (&["models", "m-all"], &[]),
        (&["models", "m-all-2"], &[]),
        (&["models", "m-twice"], &[]),
        (&["models", "m-past"], &[]),
        (&["models", "m-read"], &[]),
        (&["models", "m-draw"], &[]),
        (&["models", "m-unknown"], &[]),
        (&["models", "--search", "zzz"], &[]),
        (&["status"], &[]),
        (&["status", "-v", "--base-url", "http://127.0.0.1:9"], &[]),
        (&["doctor"], &[]),
        (&["usage"], &[]),
        (&["usage", "--by", "day,model,outcome"], &[]),
        (&["usage", "--line"], &[]),
        (&["complete", "--dry-run", "-m", "m-all", "hi"], &[]),
        (&["chat", "-m", "m-all"], &chat),
        (&["init"], &init),
    ];
    for (arguments, steps) in screens {
        let ran = user.at_terminal(140, &[arguments, &["--color", "never"]].concat(), steps).await;
        // Vendors and their models have names.
        let is_row = |line: &&str| line.trim_start().starts_with(|first: char| first.is_ascii_digit());
        let told: Vec<&str> = ran.out.lines().filter(|line| arguments != ["init"] || !is_row(line)).collect();
        assert!(!told.is_empty(), "{arguments:?}: {ran:?}");
        wrong.extend(complaints(&arguments.join(" "), &told.join("\n")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every finding about a configuration, and its fixes.
#[tokio::test]
async fn no_finding_is_half_english() {
    let fake = proxy().await;
    let user = in_chinese(&fake);
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/config-yaml");
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in fs::read_dir(cases).unwrap().map(|case| case.unwrap().path()) {
        let config = case.join("config.yaml");
        if !config.is_file() {
            continue;
        }
        let ran = user.run(&["check", config.to_str().unwrap()]).await;
        for finding in ran.out.split("\n\n") {
            // What is quoted of the file stands in between.
            let is_said = |line: &&str| !line.starts_with(' ') && !line.contains(" | ");
            let mut said: Vec<String> = vec![finding.lines().filter(is_said).collect::<Vec<_>>().join("")];
            said.extend(finding.lines().filter(|line| line.contains("= 修复")).map(str::to_owned));
            count += said.len();
            wrong.extend(complaints(config.to_str().unwrap(), &said.join("\n")));
        }
    }
    assert!(count > 1_000, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a plain editor shows: pages and messages.
#[tokio::test]
async fn no_page_of_an_editor_is_half_english() {
    let fake = proxy().await;
    let variables = [("LITELLM_BASE_URL", fake.url()), ("LITELLM_API_KEY", "sk-fake".to_owned())];
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut editor = TestServer::memory(Door::Lsp, &variables);
    editor.initialize_in(Some("zh-cn")).await;
    editor.call("provider/complete", json!({"model": "m-all", "prompt": "x"})).await.unwrap();
    let mut wrong = Vec::new();
    for command in ["listModels", "usage", "listPrompts", "status", "listProfiles", "countTokens", "complete"]
    {
        let arguments = match command {
            "countTokens" | "complete" => json!([{"model": "m-all", "prompt": "x"}]),
            _ => json!([{}]),
        };
        let run = json!({"command": format!("litellm-ls.{command}"), "arguments": arguments});
        let id = editor.request("workspace/executeCommand", run).await;
        let mut told = String::new();
        loop {
            let message = editor.next_message().await;
            let params = &message["params"];
            match message["method"].as_str() {
                Some("window/showDocument") => {
                    let page = params["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
                    told.push_str(&fs::read_to_string(page).unwrap());
                    let shown = json!({"jsonrpc": "2.0", "id": message["id"], "result": {"success": true}});
                    editor.send(&shown).await;
                }
                Some("window/showMessage") => told.push_str(params["message"].as_str().unwrap()),
                None if message["id"] == json!(id) => break,
                _ => {}
            }
        }
        assert!(!told.is_empty(), "{command}");
        wrong.extend(complaints(command, &told));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    editor.abandon();
}

/// The words of the tables, each by the file that holds them.
fn tables() -> Vec<(&'static str, String)> {
    const FILES: [&str; 9] = [
        "src/language/zh-cn.json",
        "editors/vscode/l10n/bundle.l10n.zh-cn.json",
        "editors/vscode/package.nls.zh-cn.json",
        "editors/nvim/lua/litellm/language/zh_cn.lua",
        "editors/emacs/litellm-zh-cn.el",
        "docs/zh-CN/command-line.md",
        "docs/zh-CN/settings.md",
        "docs/zh-CN/troubleshooting.md",
        "README.zh-CN.md",
    ];
    let read = |file| (file, fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap());
    FILES.map(read).into()
}

/// A thing has one name, wherever it is told: that on the left, and none of those on the right.
const GLOSSARY: [(&str, &[&str]); 12] = [
    ("供应商", &["厂商", "提供商"]),
    ("重写", &["改写"]),
    ("添加文档", &["编写文档", "写文档"]),
    ("价目表", &["价格表"]),
    ("提交消息", &["提交信息"]),
    ("可能包含机密", &["可能含有机密"]),
    ("可用，但有警告", &["部分可用"]),
    ("结束原因", &["结束于"]),
    ("推理强度", &["思考强度"]),
    ("本机", &["此机器", "此计算机", "这台机器"]),
    ("内联建议", &["行内建议", "内联补全"]),
    ("令牌", &["词元", "标记数"]),
];

#[test]
fn a_thing_has_one_name_in_every_table() {
    let tables = tables();
    for (word, others) in GLOSSARY {
        assert!(tables.iter().any(|(_, text)| text.contains(word)), "{word}");
        for (file, text) in &tables {
            let wrong = text.lines().filter(|line| others.iter().any(|other| line.contains(other)));
            let wrong: Vec<&str> = wrong.collect();
            assert!(wrong.is_empty(), "{file}: write {word} in {wrong:#?}");
        }
    }
}

/// What an editor asks ends as its own questions do.
#[test]
fn sentences_of_chinese_have_marks_of_chinese() {
    let [double, single] = [r#""((?:[^"\\]|\\.)*)""#, r"'((?:[^'\\]|\\.)*)'"];
    let code = Regex::new(r"`[^`]*`|\{\d\}|[:：] ?$|LiteLLM: ").unwrap();
    for (file, table) in tables().into_iter().filter(|(file, _)| !file.ends_with(".md")) {
        let text = if file.ends_with(".lua") { format!("{double}|{single}") } else { double.to_owned() };
        let text = Regex::new(&text).unwrap();
        let texts = text.captures_iter(&table).filter_map(|found| found.get(1).or(found.get(2)));
        let wrong = texts
            .map(|text| text.as_str())
            .filter(|text| !wrong_marks(&code.replace_all(text, "x")).is_empty());
        let wrong: Vec<&str> = wrong.collect();
        assert!(wrong.is_empty(), "{file}: {wrong:#?}");
    }
}
