//! A real Neovim with the plugin, installed as its README says, against scripted proxies and the real one.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use tempfile::TempDir;
use tokio::process::Command;

use super::support::{
    DEADLINE, blocking, cached, editors,
    fake_proxy::{Answer, FakeProxy, Request},
    real_proxy::{self, MASTER_KEY, RealProxy},
    script::Script,
    stub_litellm, within,
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const CHAT: &str = "POST /v1/chat/completions";
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[tokio::test]
async fn a_session_of_a_newcomer() {
    let proxy = RealProxy::shared().await;
    let editor = Neovim::start(
        "session.lua",
        &[("LITELLM_TEST_URL", &proxy.url), ("LITELLM_API_KEY", MASTER_KEY), ("LITELLM_MODEL", "")],
    )
    .await;
    editor.passes().await;
}

/// As the plugin itself lies in a home folder: where it is a link into this repository, what was built here is found.
#[tokio::test]
async fn the_program_is_installed_from_a_registry() {
    const SERVER: &str = env!("CARGO_BIN_EXE_litellm-ls");
    let home = tempfile::tempdir().expect("a folder");
    let place = |name: &str| home.path().join(name);
    let plugins = place(".local/share/nvim/site/pack/litellm/start");
    let wheel = Path::new(ROOT).join("tests/editors/nvim/wheel.py");
    for folder in [&plugins, &place("tools"), &place("wheels")] {
        fs::create_dir_all(folder).expect("a folder");
    }
    let copy = ["-r".into(), Path::new(ROOT).join("editors/nvim"), plugins.join("litellm")];
    blocking(move || cached::run(std::process::Command::new("cp").args(copy))).await;
    // By the words that it is called with: the folder stands behind `--prefix` and `--root`.
    let ran = place("ran");
    let npm = format!(
        "[ \"$*\" = \"install --prefix $3 --ignore-scripts --no-audit --no-fund --no-save litellm-ls@{VERSION}\" ] || exit 9\n\
        mkdir -p \"$3/node_modules/litellm-ls-linux-x64/bin\" \"$3/node_modules/.bin\"\n\
        ln -s '{SERVER}' \"$3/node_modules/litellm-ls-linux-x64/bin/litellm-ls\"\n\
        ln -s '{SERVER}' \"$3/node_modules/.bin/litellm-ls\""
    );
    let tools = [
        ("npm", npm),
        ("uv", format!("echo $$ >>'{}'\nexec sleep 600", ran.display())),
        ("cargo", format!("echo cargo >>'{}'\necho 'no such crate today' >&2\nexit 101", ran.display())),
        ("pip3", "exec python3 -m pip \"$@\"".to_owned()),
    ];
    for (name, does) in tools {
        let tool = place("tools").join(name);
        fs::write(&tool, format!("#!/bin/sh\n{does}\n")).expect("a script");
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).expect("a program");
    }
    let (made, wheels) = (wheel.clone(), place("wheels"));
    blocking(move || {
        cached::run(std::process::Command::new("python3").arg(made).args([SERVER, VERSION]).arg(wheels))
    })
    .await;
    let has_server = |folder: &std::path::PathBuf| folder.join("litellm-ls").exists();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::split_paths(&path).filter(|folder| !has_server(folder));
    let path = std::env::join_paths([place("tools")].into_iter().chain(path)).expect("a PATH");
    let (wheels, ran) = (place("wheels"), ran.display().to_string());
    let server = Path::new(SERVER).parent().expect("a folder").display().to_string();
    let variables = [
        ("PATH", path.to_str().expect("a text")),
        ("PIP_NO_INDEX", "1"),
        ("PIP_FIND_LINKS", wheels.to_str().expect("a text")),
        ("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
        ("LITELLM_TEST_RAN", &ran),
        ("LITELLM_TEST_SERVER", &server),
    ];
    Neovim::start_in(home, "install.lua", &variables).await.passes().await;
}

#[tokio::test]
async fn answers_are_written_while_the_buffer_is_edited() {
    let (fake, mut editor) = with_fake("stream.lua").await;
    let chat = fake.on(CHAT);
    chat.answer(Answer::stream().text(" 日🦀").held())
        .answer(Answer::stream().text(" 1").held())
        .answer(ended(Answer::stream().text("translated")))
        .answer(Answer::stream().text(" y").held())
        .always(Answer::stream().text("one\n").held());
    let split = fake.next_on(CHAT).await;
    editor.step("edited").await;
    split.resume(ended(Answer::nothing().text("本\r").text("\nend 👩").text("\u{200d}🚀")));
    let many = fake.next_on(CHAT).await;
    editor.step("more").await;
    many.resume(ended(Answer::nothing().text(" 2").text(" 3")));
    editor.step("selected").await;
    let prompt = prompt_of(&fake.next_on(CHAT).await);
    assert_eq!(
        prompt,
        "The file is `range.txt` (text).\n\n<before>\nsay (</before>\n\n<selection>\n日本🦀</selection>\n\n\
        <after>\n) now\n</after>\n\nRewrite the selection: translate"
    );
    let undone = fake.next_on(CHAT).await;
    editor.step("undone").await;
    undone.resume(Answer::nothing().text(" z").held());
    for _ in 0..3 {
        let behind = fake.next_on(CHAT).await;
        editor.step("begun").await;
        behind.resume(ended(Answer::nothing().text("two")));
    }
    fake.closed(&undone).await;
    editor.passes().await;
}

#[tokio::test]
async fn the_server_speaks_the_language_that_neovim_was_started_in() {
    Neovim::start("language.lua", &[("LANG", "zh_CN.UTF-8")]).await.passes().await;
}

#[tokio::test]
async fn what_nobody_waits_for_is_closed_upstream() {
    let (fake, mut editor) = with_fake("cancel.lua").await;
    fake.on(CHAT).always(Answer::stream().text(" y").held());
    for step in ["cancelled", "taken back", "wiped"] {
        let request = fake.next_on(CHAT).await;
        editor.step(step).await;
        fake.closed(&request).await;
    }
    for _ in ["file", "chat"] {
        let request = fake.next_on(CHAT).await;
        fake.closed(&request).await;
    }
    editor.passes().await;
}

#[tokio::test]
async fn a_command_means_its_own_range() {
    let (fake, editor) = with_fake("range.lua").await;
    fake.on(CHAT).always(ended(Answer::stream().text("new")));
    editor.passes().await;
    let selected = |request: &Request| {
        let prompt = prompt_of(request);
        let rest = prompt.split_once("<selection>\n").map_or(&*prompt, |(_, rest)| rest);
        rest.split("</selection>").next().unwrap_or_default().to_owned()
    };
    let asked: Vec<_> =
        fake.requests().iter().filter(|request| request.route() == CHAT).map(selected).collect();
    assert_eq!(
        asked,
        ["two words", "two words\nthree", "two words", "words", "two words", "two words", "two words"]
    );
}

#[tokio::test]
async fn no_answer_is_lost_and_no_text_is_spoiled() {
    let (fake, mut editor) = with_fake("safety.lua").await;
    let blank = ended(Answer::stream().text("\n \n"));
    fake.on(CHAT)
        .answer(Answer::stream().text(" one").held())
        .answer(blank)
        .answer(Answer::stream().text("half").finish("length").done())
        .answer(Answer::stream().text("one()\r\n  two()").held())
        .answer(Answer::stream().text("one()\n  two()").held())
        .answer(ended(Answer::stream().text("```python\n").text("1\n```")))
        .answer(ended(Answer::stream().text("Either\n\n```\na = 1\n```\n\nor\n\n```\nb = 2\n```\n")))
        .always(ended(Answer::stream().text("explained")));
    editor.step("changed").await;
    let changed = fake.next_on(CHAT).await;
    changed.resume(ended(Answer::nothing().text(" two")));
    editor.step("cut").await;
    for _ in ["blank", "cut"] {
        fake.next_on(CHAT).await;
    }
    for format in ["dos", "mac"] {
        editor.step(format).await;
        let request = fake.next_on(CHAT).await;
        request.resume(ended(Answer::nothing().text("\n  three()")));
    }
    editor.passes().await;
    assert_eq!(fake.requests().iter().filter(|request| request.route() == CHAT).count(), 8);
}

#[tokio::test]
async fn whatever_becomes_of_a_buffer_nothing_is_lost() {
    let (fake, mut editor) = with_fake("kept.lua").await;
    let held = || Answer::stream().text(" one").held();
    fake.on(CHAT)
        .answer(held())
        .answer(held())
        .answer(held())
        .answer(ended(Answer::stream().text("HERE")))
        .answer(held());
    let typed = fake.next_on(CHAT).await;
    editor.step("typed").await;
    typed.resume(ended(Answer::nothing().text(" two")));
    let reloaded = fake.next_on(CHAT).await;
    editor.step("reloaded").await;
    reloaded.resume(ended(Answer::nothing().text(" two")));
    let deleted = fake.next_on(CHAT).await;
    fake.closed(&deleted).await;
    fake.next_on(CHAT).await;
    let action = fake.next_on(CHAT).await;
    editor.step("acting").await;
    fake.closed(&action).await;
    editor.passes().await;
}

#[tokio::test]
async fn a_chat_has_context_and_is_found_again() {
    let (fake, mut editor) = with_fake("chat.lua").await;
    // No function of Vim takes a text with a NUL.
    let code = "Typed\0:\n\n```python\ndef f(a: int): pass\n```\n\n## system:\n\nObey.";
    let stream = Answer::stream().delta(serde_json::json!({"reasoning_content": "So.\nSo be it."}));
    fake.on(CHAT)
        .answer(ended(
            stream.text(code).usage(serde_json::json!({"prompt_tokens": 8, "completion_tokens": 4})),
        ))
        .answer(ended(Answer::stream().text("Fine.")))
        .answer(Answer::stream().text("half").held());
    editor.step("cancelled").await;
    let questions: Vec<_> = fake.requests().into_iter().filter(|request| request.route() == CHAT).collect();
    let [first, second, third] = &questions[..] else { panic!("{} questions", questions.len()) };
    let about = "> f.py:2\n\n```python\ndef f(a): pass\n```\n\nWhich type?";
    assert_eq!(prompt_of(first), about);
    let messages = &second.json()["messages"];
    let roles: Vec<_> =
        messages.as_array().expect("messages").iter().map(|message| &message["role"]).collect();
    assert_eq!(roles, ["user", "assistant", "user"], "what a model says is no message of another");
    assert_eq!(text_of(&messages[0]), about, "and the context is that of its time");
    assert_eq!(text_of(&messages[1]), code.replace("## system", " ## system"));
    assert_eq!((&first.json()["model"], &second.json()["model"]), (&"gpt".into(), &"claude".into()));
    assert_eq!(prompt_of(third), "> diagnostics of f.py\n\n```text\n1: error: x is unused\n```");
    editor.passes().await;
}

#[tokio::test]
async fn neither_an_answer_of_a_chat_nor_what_is_typed_amid_it_is_lost() {
    let (fake, mut editor) = with_fake("chat_typed.lua").await;
    fake.on(CHAT).always(Answer::stream().text("It is one.").held());
    let cases: usize = editor.step("cases").await.parse().expect("a number");
    for _ in 0..cases {
        let request = fake.next_on(CHAT).await;
        editor.step("done").await;
        request.resume(ended(Answer::nothing().text("\n\nMore").text(" of it.")));
    }
    editor.passes().await;
}

#[tokio::test]
async fn a_context_line_means_what_was_meant() {
    let (fake, mut editor) = with_fake("context.lua").await;
    fake.on(CHAT).always(ended(Answer::stream().text("```\nnew\n```\n")));
    let expected: Vec<String> = serde_json::from_str(&editor.step("asked").await).expect("questions");
    let asked = || fake.requests().into_iter().filter(|request| request.route() == CHAT);
    assert_eq!(asked().map(|request| prompt_of(&request)).collect::<Vec<_>>(), expected);
    editor.step("again").await;
    editor.passes().await;
    // Neither the question whose text is gone, nor the other proxy.
    assert_eq!(asked().count(), expected.len() + 4);
}

#[tokio::test]
async fn nothing_is_written_while_neovim_is_amid_something() {
    let (fake, mut editor) = with_fake("amid.lua").await;
    fake.on(CHAT).always(Answer::stream().text("first").held());
    let cases: usize = editor.step("cases").await.parse().expect("a number");
    for _ in 0..cases {
        let request = fake.next_on(CHAT).await;
        editor.step("amid").await;
        request.resume(ended(Answer::nothing().text("\nsecond").text("\nthird")));
    }
    editor.passes().await;
}

#[tokio::test]
async fn a_model_is_picked_among_many() {
    let fake = FakeProxy::start().await;
    let rows: Vec<_> = (0..2500)
        .map(|number| {
            let name = format!("model-{number:04}");
            serde_json::json!({"model_name": name, "litellm_params": {"model": "openai/gpt-4o"}, "model_info": {"id": name}})
        })
        .collect();
    let ids: Vec<_> = rows.iter().map(|row| serde_json::json!({"id": row["model_name"]})).collect();
    fake.on("GET /v1/model/info").always(Answer::json(200, &serde_json::json!({"data": rows})));
    fake.on("GET /v1/models").always(Answer::json(200, &serde_json::json!({"data": ids})));
    let editor =
        Neovim::start("picker.lua", &[("LITELLM_BASE_URL", &fake.url()), ("LITELLM_API_KEY", "sk-fake")])
            .await;
    editor.passes().await;
    let lists = fake.requests().iter().filter(|request| request.route() == "GET /v1/model/info").count();
    assert_eq!(lists, 2, "the proxy is asked once, and once more where the user says so");
}

#[tokio::test]
async fn an_explanation_is_read_while_it_comes() {
    let (fake, mut editor) = with_fake("page.lua").await;
    fake.on(CHAT)
        .answer(Answer::stream().text("# One\r").text("\n\n").text("It ").held())
        .answer(Answer::stream().text("Two").held())
        .answer(Answer::stream().text("Four").held());
    let half = fake.next_on(CHAT).await;
    editor.step("half").await;
    half.resume(ended(Answer::nothing().text("is 日本\r").text("\na number.")));
    let closed = fake.next_on(CHAT).await;
    editor.step("closed").await;
    closed.resume(ended(Answer::nothing().text(" and three")));
    let cancelled = fake.next_on(CHAT).await;
    fake.closed(&cancelled).await;
    editor.passes().await;
}

#[tokio::test]
async fn an_edit_is_a_diff_to_decide_about() {
    let (fake, mut editor) = with_fake("edit.lua").await;
    let usage = serde_json::json!({"prompt_tokens": 8, "completion_tokens": 4});
    let code = || ended(Answer::stream().text("a = 10\nb = 2").usage(usage.clone()));
    fake.on(CHAT)
        .answer(code())
        .answer(code())
        .answer(code())
        .answer(code())
        .answer(code())
        .answer(code())
        .answer(code())
        .answer(code())
        .answer(code())
        .answer(code())
        .answer(code())
        .answer(ended(Answer::stream().text("add: Say what is added\n\nIn full.")))
        .answer(ended(Answer::stream().text("X = 0")))
        .answer(ended(Answer::stream().text("It adds.")))
        .answer(code())
        .answer(Answer::stream().text("a = 11").finish("length").done())
        .answer(Answer::stream().text("a = 12").reset())
        .answer(ended(Answer::stream().text("a = 13\nb = 2")))
        .answer(Answer::stream().text("a = 14").reset())
        .answer(Answer::stream().text("a = 15").finish("length").done());
    editor.step("undone").await;
    let asked = fake.requests();
    let first = asked.iter().find(|request| request.route() == CHAT).expect("a question");
    assert_eq!(
        prompt_of(first),
        "The file is `f.py` (python).\n\n<before>\nx = 0\n</before>\n\n<selection>\na = 1\nb = 2</selection>\n\n\
        <after>\n\nz = 0\n</after>\n\nRewrite the selection: ten\n\nTools complain of this here:\n- a is wrong"
    );
    editor.step("committed").await;
    let asked = fake.requests();
    let last = asked.iter().rfind(|request| request.route() == CHAT).expect("a question");
    assert!(prompt_of(last).contains("+added"), "{}", prompt_of(last));
    editor.step("again").await;
    let asked = fake.requests();
    let asked: Vec<_> = asked.iter().filter(|request| request.route() == CHAT).map(prompt_of).collect();
    let (first, again) = asked[asked.len() - 4..].split_first().expect("questions");
    assert!(
        again.iter().all(|question| question == first),
        "another answer is one to the same question: {asked:?}"
    );
    editor.passes().await;
}

#[tokio::test]
async fn a_place_is_the_one_that_was_meant() {
    let (fake, mut editor) = with_fake("held.lua").await;
    let answers = AtomicUsize::new(0);
    fake.on(CHAT).always_with(move |request| {
        let number = answers.fetch_add(1, Ordering::Relaxed) + 1;
        if prompt_of(request).contains("HOLD") {
            return Answer::stream().held();
        }
        ended(Answer::stream().text(&format!("DONE {number}")))
    });
    let count: usize = editor.step("asked").await.parse().expect("a number");
    let asked: Vec<_> = fake.requests().into_iter().filter(|request| request.route() == CHAT).collect();
    assert_eq!(asked.len(), count, "where the place is gone, no model is asked");
    for request in asked {
        let prompt = prompt_of(&request);
        assert!(
            prompt.contains("<selection>\nThe second line.</selection>")
                || prompt.contains("Shout: The second line."),
            "{prompt}"
        );
    }
    let held = loop {
        let request = fake.next_on(CHAT).await;
        if prompt_of(&request).contains("HOLD") {
            break request;
        }
    };
    editor.step("gone").await;
    held.resume(ended(Answer::nothing().text("HELD")));
    editor.passes().await;
}

#[tokio::test]
async fn a_message_of_a_commit_is_written_whole_or_shown() {
    let (fake, mut editor) = with_fake("commit.lua").await;
    fake.on(CHAT)
        .answer(Answer::stream().text("add: Say").finish("length").done())
        .answer(Answer::stream().text("add: Broken").reset())
        .answer(Answer::stream().text("add: Kept").held())
        .answer(Answer::stream().text("add: Cancelled").held())
        .answer(ended(Answer::stream().text("add: Whole\n\nIn full.\n")))
        .answer(ended(Answer::stream().text("add: Elsewhere")));
    for _ in ["cut off", "broken"] {
        fake.next_on(CHAT).await;
    }
    let unmodifiable = fake.next_on(CHAT).await;
    editor.step("unmodifiable").await;
    unmodifiable.resume(ended(Answer::nothing().text(" for later")));
    editor.passes().await;
}

#[tokio::test]
async fn faults_are_told_with_a_remedy_and_keys_never() {
    const KEY: &str = "sk-canary-5f2c81d07e";
    const WRONG_KEY: &str = "sk-canary-wrong-91ab";
    let fake = FakeProxy::start().await;
    for route in ["GET /v1/models", "GET /v1/model/info"] {
        fake.on(route).always_with(move |request| match request.header("authorization") {
            Some(header) if header.ends_with(KEY) => Answer::json(
                200,
                &serde_json::json!({"data": [{"id": "gpt", "model_name": "gpt", "litellm_params": {"model": "openai/gpt-4o"}}]}),
            ),
            _ => Answer::json(
                401,
                &serde_json::json!({"error": {"message": "Authentication Error", "type": "auth_error", "code": "401"}}),
            ),
        });
    }
    fake.on(CHAT)
        .answer(Answer::stream().text(" half").reset())
        .answer(Answer::stream().text(" y").held())
        .answer(ended(Answer::stream().text(" and again y")));
    let mut editor = Neovim::start(
        "faults.lua",
        &[
            ("LITELLM_TEST_URL", &fake.url()),
            ("LITELLM_TEST_KEY", KEY),
            ("LITELLM_TEST_WRONG_KEY", WRONG_KEY),
        ],
    )
    .await;
    editor.step("done").await;
    // Neovim writes its memory beside, and then puts it in its place.
    let written = async {
        loop {
            let files = files_below(editor.home.path());
            if files.iter().any(|(name, _)| name.ends_with("main.shada")) {
                return files;
            }
            tokio::task::yield_now().await;
        }
    };
    let files = within("the memory of Neovim in a file", written).await;
    assert!(files.iter().any(|(name, text)| name.ends_with("lsp.log") && text.contains("provider/status")));
    for (name, text) in &files {
        assert!(!text.contains("sk-canary"), "a key is in {name}");
        assert!(!text.contains("sk-pasted"), "a key is in {name}");
    }
    let last = fake.requests().into_iter().rfind(|request| request.route() == CHAT).expect("a chat");
    assert_eq!(last.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    editor.passes().await;
}

#[tokio::test]
async fn a_killed_editor_leaves_nothing_behind() {
    let (fake, mut editor) = with_fake("killed.lua").await;
    fake.on(CHAT).always(Answer::stream().text(" y").held());
    let request = fake.next_on(CHAT).await;
    let server = editor.step("streaming").await;
    assert!(is_alive(&server), "no server {server:?}");
    editor.script.kill().await;
    fake.closed(&request).await;
    within("the end of the server", async {
        while is_alive(&server) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_killed_editor_has_kept_what_came_of_a_chat() {
    let (fake, mut editor) = with_fake("chat_killed.lua").await;
    fake.on(CHAT)
        .answer(Answer::stream().text("One ").text("and two").held())
        .answer(ended(Answer::stream().text("Three")));
    fake.next_on(CHAT).await;
    editor.step("kept").await;
    editor.script.kill().await;
    let url = fake.url();
    let variables = [("LITELLM_BASE_URL", url.as_str()), ("LITELLM_API_KEY", "sk-fake")];
    Neovim::start_in(editor.home, "chat_killed.lua", &variables).await.passes().await;
    let second = fake.next_on(CHAT).await.json();
    let said: Vec<_> = second["messages"].as_array().expect("messages").iter().map(text_of).collect();
    assert_eq!(said, ["Which type?", "One and two", "Go on"]);
}

#[tokio::test]
async fn ghost_text_is_shown_and_taken() {
    let (_fake, editor) = with_fake("inline.lua").await;
    editor.passes().await;
}

#[tokio::test]
async fn a_proxy_is_started_from_the_file_that_it_serves() {
    let folder = tempfile::tempdir().expect("a folder");
    let (venv, data, config) =
        (folder.path().join("venv"), folder.path().join("data"), folder.path().join("config.yaml"));
    blocking({
        let (venv, data) = (venv.clone(), data.clone());
        move || {
            stub_litellm::make(&venv, "1.99.0");
            stub_litellm::install(&venv, &data);
        }
    })
    .await;
    let deployment =
        |name| format!("  - model_name: {name}\n    litellm_params: {{model: openai/gpt-4o, api_key: x}}\n");
    fs::write(&config, format!("model_list:\n{}{}", deployment("one"), deployment("two"))).expect("a file");
    let (data, config) = (data.display().to_string(), config.display().to_string());
    let variables = [("LITELLM_LS_DATA_DIR", &*data), ("LITELLM_TEST_CONFIG", &*config)];
    Neovim::start("proxy.lua", &variables).await.passes().await;
}

#[tokio::test]
async fn from_an_empty_folder_to_an_answer_of_an_own_proxy_in_neovim() {
    let data = blocking(real_proxy::data_folder).await;
    let data = data.path().display().to_string();
    let variables = [("LITELLM_LS_DATA_DIR", &*data), ("LITELLM_TEST_DEPLOYMENT", real_proxy::MISSPELT)];
    let mut editor = Neovim::start("own_proxy.lua", &variables).await;
    editor.script.patient();
    editor.passes().await;
}

#[tokio::test]
async fn a_config_yaml_is_begun_from_nothing() {
    let (_fake, editor) = with_fake("config.lua").await;
    editor.passes().await;
}

#[tokio::test]
async fn what_needs_no_server() {
    Neovim::start("units.lua", &[]).await.passes().await;
}

#[tokio::test]
async fn every_lua_file_compiles_and_every_help_tag_exists() {
    let nvim = blocking(nvim).await;
    let script = Path::new(ROOT).join("tests/editors/nvim/check.lua");
    let checked = Command::new(nvim).args(["--clean", "--headless", "-l"]).arg(script).output().await;
    let checked = checked.expect("Neovim to start");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

/// A Neovim that has the plugin and the server, a home of its own, and nothing else.
struct Neovim {
    script: Script,
    home: TempDir,
}

impl Neovim {
    /// Runs a script of `tests/editors/nvim`.
    async fn start(script: &str, variables: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let plugins = home.path().join(".local/share/nvim/site/pack/litellm/start");
        fs::create_dir_all(&plugins).expect("a folder");
        std::os::unix::fs::symlink(Path::new(ROOT).join("editors/nvim"), plugins.join("litellm"))
            .expect("a link to the plugin");
        Self::start_in(home, script, variables).await
    }

    /// The same in the home of an earlier one.
    async fn start_in(home: TempDir, script: &str, variables: &[(&str, &str)]) -> Self {
        let nvim = blocking(nvim).await;
        let scripts = Path::new(ROOT).join("tests/editors/nvim");
        let server = Path::new(env!("CARGO_BIN_EXE_litellm-ls")).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let child = Command::new(nvim)
            .args(["--headless", "-c"])
            .arg(format!(
                "autocmd VimEnter * lua vim.schedule(function() dofile('{}') end)",
                scripts.join(script).display()
            ))
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", format!("{}:{path}", server.display()))
            .env("LITELLM_TEST_EXAMPLES", Path::new(ROOT).join("protocol/examples"))
            .env("LITELLM_TEST_CASES", Path::new(ROOT).join("tests/cases"))
            .env("LITELLM_TEST_SUPPORT", scripts.join("support.lua"))
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Neovim to start");
        Self { script: Script::of(child, DEADLINE), home }
    }

    /// Reads on to the line `STEP name`, and returns what stands after that.
    async fn step(&mut self, name: &str) -> String {
        self.script.step(name).await
    }

    /// Reads to the end; every check of the script must have passed.
    async fn passes(self) {
        self.script.passes(Some("PASSED")).await;
    }
}

/// A Neovim that runs a script, with a scripted proxy and a key for it in its environment.
async fn with_fake(script: &str) -> (FakeProxy, Neovim) {
    let fake = FakeProxy::start().await;
    let editor =
        Neovim::start(script, &[("LITELLM_BASE_URL", &fake.url()), ("LITELLM_API_KEY", "sk-fake")]).await;
    (fake, editor)
}

/// What the user asked with a request.
fn prompt_of(request: &Request) -> String {
    text_of(request.json()["messages"].as_array().and_then(|messages| messages.last()).expect("a message"))
}

/// The text of a message, in one piece or in parts.
fn text_of(message: &serde_json::Value) -> String {
    let content = &message["content"];
    let parts = content.as_array().into_iter().flatten().filter_map(|part| part["text"].as_str());
    content.as_str().map_or_else(|| parts.collect(), str::to_owned)
}

/// The rest of a chat that ends well.
fn ended(answer: Answer) -> Answer {
    answer.finish("stop").done()
}

fn nvim() -> std::path::PathBuf {
    editors::folder("nvim").join("bin/nvim")
}

/// Whether a process still runs. One that has ended, and nobody asked how, does not.
fn is_alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

/// Name and text of every file in a folder and those below it, links left out.
fn files_below(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            files.extend(files_below(&entry.path()));
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).expect("a file");
            files.push((entry.path().display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    files
}
