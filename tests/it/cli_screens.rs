//! What people see in a terminal: widths, colours, and the screens as a whole.

use serde_json::json;
#[cfg(unix)]
use unicode_width::UnicodeWidthStr;

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    user::User,
};

/// A proxy with models of many kinds of names.
async fn proxy() -> FakeProxy {
    let fake = FakeProxy::start().await;
    let row = |name: &str, backend: &str, more: serde_json::Value| {
        let mut info =
            json!({"mode": "chat", "max_input_tokens": 128_000, "supports_function_calling": true});
        info.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"model_name": name, "litellm_params": {"model": backend}, "model_info": info})
    };
    let price =
        |input: f64, output: f64| json!({"input_cost_per_token": input, "output_cost_per_token": output});
    let long = "a-name-that-is-far-longer-than-any-terminal-of-eighty-columns-has-room-for-and-then-some";
    let rows = [
        row("cheap", "openai/gpt-4o-mini", price(1e-7, 4e-7)),
        row("dear", "openai/gpt-5", price(1e-5, 3e-5)),
        row("模型-👩\u{200d}💻", "dashscope/qwen-max", price(1e-6, 2e-6)),
        row("gone", "anthropic/claude-3-7-sonnet-20250219", json!({"deprecation_date": "2020-01-01"})),
        row(
            "soon",
            "anthropic/claude-sonnet-4-6",
            json!({"deprecation_date": "2099-01-01", "supports_vision": true}),
        ),
        row(long, "openai/o3", json!({})),
        row("local", "ollama/llama3", price(0.0, 0.0)),
    ];
    let names: Vec<_> = rows.iter().map(|row| json!({"id": row["model_name"]})).collect();
    fake.on("GET /v1/model/info").always(Answer::json(200, &json!({"data": rows})));
    fake.on("GET /v1/models").always(Answer::json(200, &json!({"data": names})));
    fake
}

/// A script must not take nothing for a list.
#[tokio::test]
async fn a_list_of_nothing_says_so_and_fails() {
    let fake = proxy().await;
    let user = User::of(&fake.url(), "sk-fake");
    for (arguments, told) in [
        (&["zzz"][..], "No model fits `zzz`: litellm-ls models lists all 7"),
        (&["--search", "gone"], "No model fits `gone` but 1 retired: --all lists them too"),
        (&["--provider", "nobody"], "No model fits: litellm-ls models"),
    ] {
        let ran = user.run(&[&["models"], arguments].concat()).await;
        assert!((ran.code, ran.out.as_str()) == (1, "") && ran.err.contains(told), "{told}: {ran:?}");
    }
    let ran = user.run(&["models", "--json", "zzz"]).await;
    assert_eq!((ran.code, &ran.json()["models"]), (1, &json!([])));
    for route in ["GET /v1/model/info", "GET /v1/models"] {
        fake.on(route).always(Answer::json(200, &json!({"data": []})));
    }
    let ran = user.run(&["models"]).await;
    assert!(ran.code == 1 && ran.err.contains("offers no model"), "{ran:?}");
}

#[tokio::test]
async fn a_file_that_can_not_be_read_says_why() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let ran = user.run(&["complete", "-m", "gpt", "-f", "/nonexistent", "hi"]).await;
    assert!(ran.code == 1 && ran.err.contains("/nonexistent can't be read: "), "{ran:?}");
}

#[tokio::test]
async fn models_are_sorted_and_filtered() {
    let fake = proxy().await;
    let user = User::of(&fake.url(), "sk-fake");
    let names = async |arguments: &[&str]| -> Vec<String> {
        let ran = user.run(&[&["models"], arguments].concat()).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out
            .lines()
            .filter_map(|line| line.split('\t').next())
            .map(|name| name.chars().take(5).collect())
            .collect()
    };
    assert_eq!(names(&["--sort", "name", "--provider", "openai"]).await, ["a-nam", "cheap", "dear"]);
    assert_eq!(
        names(&["--sort", "price"]).await,
        ["local", "cheap", "模型-👩\u{200d}", "a-nam", "soon", "dear"]
    );
    assert_eq!(names(&["--supports", "vision,tools"]).await, ["soon", "cheap", "a-nam", "dear"]);
    assert!(names(&["--all"]).await.contains(&"gone".to_owned()));
    assert_eq!(names(&["--search", "ea"]).await, ["cheap", "dear"]);
    let card = user.run(&["models", "dear"]).await;
    for fact in ["name\tdear", "vendor\topenai", "price\t$10 / $30", "context\t128k"] {
        assert!(card.out.contains(fact), "{fact}: {card:?}");
    }
    let json = user.run(&["models", "--json", "--sort", "name"]).await.json();
    assert_eq!(json["models"].as_array().unwrap().len(), 7);
}

#[cfg(unix)]
#[tokio::test]
async fn tables_fit_the_terminal_and_stay_aligned() {
    let fake = proxy().await;
    let user = User::of(&fake.url(), "sk-fake");
    let mut in_chinese = User::of(&fake.url(), "sk-fake");
    in_chinese.variables.push(("LANG", "zh_CN.UTF-8".into()));
    let english = ["● cheap", "openai\n", "retires 2099-01-01", "6 of 7 (1 retired"];
    let chinese = ["● cheap", "openai\n", "2099-01-01 停用", "6 / 7（隐藏 1 个已停用的"];
    for (width, user, all) in [60_u16, 80, 160]
        .into_iter()
        .flat_map(|width| [(width, &user, english), (width, &in_chinese, chinese)])
    {
        let ran = user.at_terminal(width, &["models", "--color", "never"], &[]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        for line in ran.out.lines().filter(|line| !line.contains("a-name-that-is")) {
            assert!(line.width() <= usize::from(width), "{width}: {line}");
        }
        let column = |name: &str| {
            let line = ran.out.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
            line[..line.find("128k").unwrap()].width()
        };
        assert_eq!(column("模型-"), column("dear"), "{}", ran.out);
        let heads = ran.out.lines().find(|line| line.contains("CONTEXT") || line.contains("上下文")).unwrap();
        let end = column("dear") + "128k".len();
        let head = ["CONTEXT", "上下文"].into_iter().find_map(|head| Some(heads.find(head)? + head.len()));
        assert_eq!(heads[..head.unwrap()].width(), end, "{}", ran.out);
        for told in all {
            assert!(ran.out.contains(told), "{told}: {}", ran.out);
        }
        assert!(!ran.out.contains("gone"), "{}", ran.out);
    }
}

/// Only a word that is longer than a line is left to the terminal, which breaks it.
#[cfg(unix)]
#[tokio::test]
async fn every_screen_fits_a_terminal_of_twenty_columns() {
    let fake = proxy().await;
    let user = User::of(&fake.url(), "sk-fake");
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("config.yaml");
    let text =
        "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-5, api_kee: os.environ/A}\n";
    std::fs::write(&config, text).expect("a file");
    let config = config.to_str().expect("a path");
    for width in [20_u16, 28, 40, 80] {
        for arguments in [
            &["models"][..],
            &["models", "dear"],
            &["status"],
            &["status", "-v"],
            &["usage"],
            &["check", config],
        ] {
            let ran = user.at_terminal(width, &[arguments, &["--color", "never"][..]].concat(), &[]).await;
            assert!(!ran.out.is_empty(), "{arguments:?}: {ran:?}");
            for line in ran.out.lines() {
                let is_word = line.trim().rsplit_once(' ').is_none_or(|(before, _)| before.width() < 8);
                assert!(line.width() <= usize::from(width) || is_word, "{arguments:?} {width}: {line}");
            }
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn colours_are_for_terminals() {
    let fake = proxy().await;
    let user = User::of(&fake.url(), "sk-fake");
    for arguments in [&["models"][..], &["status"], &["usage"], &["complete", "-m", "gpt", "hi"]] {
        let coloured = user.at_terminal(80, arguments, &[]).await;
        assert!(coloured.out.contains("\u{1b}["), "{coloured:?}");
        let plain = user.at_terminal(80, &[arguments, &["--color", "never"]].concat(), &[]).await;
        assert!(!plain.out.contains('\u{1b}'), "{plain:?}");
        let piped = user.run(arguments).await;
        assert!(!piped.out.contains('\u{1b}') && !piped.err.contains('\u{1b}'), "{piped:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_server_tells_who_starts_it_by_hand_what_it_is() {
    let user = User::of("http://127.0.0.1:9", "sk");
    let ran = user.at_terminal(60, &[], &[]).await;
    assert!(ran.code == 0 && ran.out.contains("litellm-ls status") && ran.out.contains("--stdio"), "{ran:?}");
    assert!(ran.out.lines().all(|line| line.width() <= 60), "{}", ran.out);
}

#[cfg(unix)]
#[tokio::test]
async fn a_status_says_what_wins_and_what_to_do() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-1234567890123456");
    let ran = user.at_terminal(80, &["status", "--color", "never"], &[]).await;
    for told in [
        "✓ ready   http://127.0.0.1",
        "profile  default (LITELLM_BASE_URL)",
        "env:LITELLM_API_KEY …3456",
        "models   2",
    ] {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
    let ran = User::of("http://127.0.0.1:9", "sk").at_terminal(80, &["status"], &[]).await;
    assert!(ran.code == 4 && ran.out.contains("set by the environment variable LITELLM_BASE_URL"), "{ran:?}");
}

/// Beside its name there would be room for a word a line.
#[cfg(unix)]
#[tokio::test]
async fn in_a_narrow_terminal_what_a_command_of_a_chat_does_stands_below_it() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let steps = [["› ", "/help\r"], ["ends an answer", ""], ["› ", "\u{4}"]];
    let ran = user.at_terminal(28, &["chat", "-m", "gpt", "--color", "never"], &steps).await;
    assert!(ran.out.contains("  /undo\n    takes back the last\n"), "{}", ran.out);
}

#[cfg(unix)]
#[tokio::test]
async fn a_chat_takes_questions_commands_and_ctrl_c() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    user.file("notes.md", "the notes");
    // Each waits for what the one before brought, and then for the next prompt.
    let steps = [
        ["› ", "hello\r"],
        ["[gpt · ", ""],
        ["› ", "/model claude\r"],
        ["200k context", ""],
        ["› ", "/file ~/notes.md\r"],
        ["goes along", ""],
        ["› ", "and now\r"],
        ["[claude · ", ""],
        ["› ", "/model nothing\r"],
        ["lists no nothing", ""],
        ["› ", "/cost\r"],
        ["2 calls", ""],
        ["› ", "/save talk.md\r"],
        ["Written", ""],
        ["› ", "\u{4}"],
    ];
    let ran = user.at_terminal(80, &["chat", "-m", "gpt", "-s", "Be brief."], &steps).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let chats: Vec<_> = fake
        .requests()
        .iter()
        .filter(|request| request.method == "POST")
        .map(|request| request.json())
        .collect();
    // A model that knows cache marks gets its messages in parts.
    let text =
        |content: &serde_json::Value| content.as_str().or(content[0]["text"].as_str()).map(str::to_owned);
    let texts = |chat: &serde_json::Value| -> Vec<String> {
        chat["messages"].as_array().unwrap().iter().filter_map(|message| text(&message["content"])).collect()
    };
    assert_eq!(texts(&chats[0]), ["Be brief.", "hello"]);
    assert_eq!(
        texts(&chats[1])[1..],
        ["hello", "Hello there", "and now\n\n~/notes.md:\n```markdown\nthe notes\n```"]
    );
    let saved = std::fs::read_to_string(user.home.path().join("talk.md")).unwrap();
    assert!(saved.starts_with("# hello\n") && saved.contains("Hello there"), "{saved}");

    // The earlier questions are printed with the same sign, before the line editor takes the terminal.
    let ran = user.at_terminal(80, &["chat", "-c"], &[["ends the chat", ""], ["› ", "\u{4}"]]).await;
    assert!(ran.code == 0 && ran.out.contains("and now"), "{ran:?}");
    let piped = user.run(&["chat"]).await;
    assert!(piped.code == 1 && piped.err.contains("needs a terminal"), "{piped:?}");
}

/// The last one is asked again with what went along, also where nothing came of it; and it's the one that is taken back.
#[cfg(unix)]
#[tokio::test]
async fn a_question_that_failed_is_the_one_that_is_asked_again() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    user.file("notes.md", "the notes");
    let chat = "POST /v1/chat/completions";
    let refused = || Answer::json(400, &json!({"error": {"message": "no such thing", "code": "400"}}));
    fake.on(chat).answer(Answer::stream().text("The first one.").finish("stop").done());
    fake.on(chat).answer(refused());
    fake.on(chat).answer(Answer::stream().text("The other one.").finish("stop").done());
    fake.on(chat).answer(refused());
    let steps = [
        ["› ", "first\r"],
        ["[gpt · ", ""],
        ["› ", "/file notes.md\r"],
        ["goes along", ""],
        ["› ", "second\r"],
        ["✗ ", ""],
        ["› ", "/retry\r"],
        ["[gpt · ", ""],
        ["› ", "third\r"],
        ["✗ ", ""],
        ["› ", "/undo\r"],
        ["2 questions are left", ""],
        ["› ", "\u{4}"],
    ];
    let ran = user.at_terminal(80, &["chat", "-m", "gpt", "--color", "never"], &steps).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let requests = fake.requests();
    let asked: Vec<_> =
        requests.iter().filter(|request| request.route() == chat).map(|request| request.json()).collect();
    assert_eq!(asked.len(), 4);
    assert!(asked[1]["messages"].to_string().contains("the notes"), "{}", asked[1]);
    assert_eq!(asked[2]["messages"], asked[1]["messages"]);
}

/// What is pasted reaches the model as it is; what is typed goes on behind a backslash; what is no text costs its line.
#[cfg(unix)]
#[tokio::test]
async fn a_question_is_asked_as_it_was_given() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let pasted = "docker run \\\n  -it ubuntu\n#define A(x) \\\n  x";
    let paste = format!("\u{1b}[200~{pasted}\u{1b}[201~\r");
    let spoiled = format!("\u{1b}[200~spoiled\nbad \u{fffd}\nnext\n{}\u{1b}[201~\r", "x\n".repeat(5_000));
    let steps = [
        ["› ", &paste],
        ["[gpt · ", ""],
        ["› ", "first \\\r"],
        ["  ", "second\r"],
        ["[gpt · ", ""],
        ["› ", "bad \u{fffd} line\r"],
        ["was not asked", ""],
        ["› ", &spoiled],
        ["was not asked", ""],
        ["› ", "good\r"],
        ["[gpt · ", ""],
        ["› ", "\u{4}"],
    ];
    let ran = user.at_terminal(80, &["chat", "-m", "gpt", "--color", "never"], &steps).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let requests = fake.requests();
    let chats = requests.iter().filter(|request| request.method == "POST").map(|request| request.json());
    let asked: Vec<_> = chats
        .map(|chat| {
            chat["messages"].as_array().unwrap().last().unwrap()["content"].as_str().map(str::to_owned)
        })
        .collect();
    assert_eq!(asked, [pasted, "first \nsecond", "good"].map(|text| Some(text.to_owned())));
}

/// Asking again takes no answer away: it stays in a file of its own, and in the chat until there is another.
#[cfg(unix)]
#[tokio::test]
async fn an_answer_stays_until_there_is_another_whole_one() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let chat = "POST /v1/chat/completions";
    fake.on(chat).answer(Answer::stream().text("The first one.").finish("stop").done());
    fake.on(chat).answer(Answer::json(400, &json!({"error": {"message": "no such thing", "code": "400"}})));
    fake.on(chat).answer(Answer::stream().text("Half").finish("length").done());
    fake.on(chat).answer(Answer::stream().text("Another one.").finish("stop").done());
    let steps = [
        ["› ", "hello\r"],
        ["[gpt · ", ""],
        ["› ", "/retry\r"],
        ["earlier answer", ""],
        ["› ", "/retry\r"],
        ["earlier answer", ""],
        ["› ", "/retry\r"],
        ["Another one.", ""],
        ["› ", "and now\r"],
        ["[gpt · ", ""],
        ["› ", "\u{4}"],
    ];
    let ran = user.at_terminal(80, &["chat", "-m", "gpt", "--color", "never"], &steps).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let last = fake.requests().iter().rfind(|request| request.method == "POST").unwrap().json().to_string();
    assert!(last.contains("Another one.") && !last.contains("Half") && !last.contains("The first"), "{last}");
    let folder = user.home.path().join(".local/state/litellm-ls/conversations");
    let kept: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default())
        .collect();
    for said in ["The first one.", "Half", "Another one."] {
        assert!(kept.iter().any(|kept| kept.contains(said)), "{said}: {kept:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn lines_that_are_typed_ahead_are_asked_one_after_the_other() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let steps = [
        ["› ", "first\r"],
        ["", "second\rthi"],
        ["[gpt · ", ""],
        ["[gpt · ", ""],
        ["thi", "rd\r"],
        ["[gpt · ", ""],
        ["› ", "\u{4}"],
    ];
    let ran = user.at_terminal(80, &["chat", "-m", "gpt", "--color", "never"], &steps).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let last = fake.requests().iter().rfind(|request| request.method == "POST").unwrap().json();
    let asked: Vec<_> = last["messages"].as_array().unwrap().iter().step_by(2).collect();
    let asked: Vec<_> = asked.iter().map(|message| &message["content"]).collect();
    assert_eq!(asked, ["first", "second", "third"]);
}

#[cfg(unix)]
#[tokio::test]
async fn what_a_terminal_can_not_show_at_once_goes_through_the_pager() {
    let fake = FakeProxy::start().await;
    let names: Vec<_> = (0..300).map(|number| json!({"id": format!("model-{number}")})).collect();
    fake.on("GET /v1/models").always(Answer::json(200, &json!({"data": names})));
    let mut user = User::of(&fake.url(), "sk-fake");
    user.variables = vec![("PAGER", "sed s/^/paged:/".into()), ("PATH", std::env::var("PATH").unwrap())];
    let paged = user.at_terminal(80, &["models", "--color", "never"], &[]).await;
    assert!(paged.code == 0 && paged.out.lines().all(|line| line.starts_with("paged:")), "{paged:?}");
    assert!(paged.out.contains("model-299"), "{paged:?}");
    let short = user.at_terminal(80, &["models", "--search", "model-29", "--color", "never"], &[]).await;
    assert!(short.out.contains("model-299") && !short.out.contains("paged"), "{short:?}");
    user.variables[0].1 = "sh -c 'sed \"s/^/paged: /\"'".into();
    let quoted = user.at_terminal(80, &["models", "--color", "never"], &[]).await;
    assert!(quoted.out.lines().all(|line| line.starts_with("paged: ")), "{quoted:?}");
    for pager in ["cat", "", "no-such-pager", "false", "less 'a", "sh -c 'exit 3'"] {
        user.variables[0].1 = pager.into();
        let whole = user.at_terminal(80, &["models", "--color", "never"], &[]).await;
        assert!(whole.code == 0 && whole.out.contains("model-299"), "{whole:?}");
    }
    let piped = user.run(&["models"]).await;
    assert!(piped.out.lines().count() == 300 && !piped.out.contains("paged"), "{piped:?}");
}

#[tokio::test]
async fn shells_complete_models_without_the_proxy() {
    let fake = FakeProxy::start().await;
    let mut user = User::of(&fake.url(), "sk-fake");
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = user.run(&["completions", shell]).await;
        assert!(script.code == 0 && script.out.contains("LITELLM_LS_COMPLETE"), "{script:?}");
    }
    user.run(&["models"]).await;
    let seen = fake.requests().len();
    let offered = async |words: &[&str]| {
        let mut command = user.command(&[&["--", "litellm-ls"], words].concat());
        command.env("LITELLM_LS_COMPLETE", "fish");
        let output = super::support::blocking(move || command.output().unwrap()).await;
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(offered(&["complete", "-m", "cl"]).await, "claude\n");
    assert_eq!(offered(&["complete", "-m", ""]).await, "gpt\nclaude\n");
    assert!(offered(&["compl"]).await.contains("complete"));
    assert_eq!(fake.requests().len(), seen);
    // Another address has other models.
    user.base_url = "http://127.0.0.1:9".into();
    let mut command = user.command(&["--", "litellm-ls", "chat", "-m", ""]);
    command.env("LITELLM_LS_COMPLETE", "fish");
    let output = super::support::blocking(move || command.output().unwrap()).await;
    assert!(output.stdout.is_empty(), "{output:?}");
}

/// What is typed amid an answer is no part of it, and is the next question; Ctrl-C, which ends the answer, loses none of it.
#[cfg(unix)]
#[tokio::test]
async fn what_is_typed_amid_an_answer_is_the_next_question() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let chat = "POST /v1/chat/completions";
    fake.on(chat).answer(Answer::stream().text("One of many").held());
    fake.on(chat).answer(Answer::stream().text("Two").finish("stop").done());
    let steps = [["› ", "first\r"], ["One", "again\r\u{3}"], ["Two", ""], ["› ", "\u{4}"]];
    let ran = user.at_terminal(80, &["chat", "-m", "gpt", "--color", "never"], &steps).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let asked = fake.requests_on(chat);
    let asked: Vec<_> =
        asked.iter().filter(|request| request.route() == chat).map(|request| request.json()).collect();
    assert!(asked[1]["messages"].as_array().unwrap().last().unwrap()["content"] == "again", "{asked:?}");
    let answer = ran.out.split("One").nth(1).unwrap().lines().next().unwrap();
    assert!(!answer.contains("again"), "{}", ran.out);
}

/// Who waits is told for what, and who gives up before the question was sent has spent nothing.
#[cfg(unix)]
#[tokio::test]
async fn a_question_that_was_not_sent_has_cost_nothing() {
    let fake = FakeProxy::start().await;
    for route in ["GET /v1/model/info", "GET /v1/models"] {
        fake.on(route).always(Answer::nothing());
    }
    let user = User::of(&fake.url(), "sk-fake");
    let steps = [["waiting for the proxy", "\u{3}"]];
    let ran = user.at_terminal(80, &["complete", "hi", "--color", "never"], &steps).await;
    assert!(ran.code == 130 && ran.out.contains("[nothing was sent · ended by you]"), "{ran:?}");
}

/// A mark stands beside its name, and cells stay in their columns, however long a name is.
#[cfg(unix)]
#[tokio::test]
async fn a_mark_stands_beside_its_name() {
    let fake = FakeProxy::start().await;
    let long = format!("openai/{}-v1", "many-parts-".repeat(13));
    fake.on("GET /v1/models").always(Answer::json(200, &json!({"data": [{"id": long}]})));
    fake.on("GET /v1/model/info").always(Answer::json(404, &json!({})));
    let mut user = User::of(&fake.url(), "sk-fake");
    user.variables.push(("LITELLM_MODEL", long.clone()));
    for width in [60, 80, 140] {
        let ran = user.at_terminal(width, &["models", "--color", "never"], &[]).await;
        assert!(ran.out.contains(&format!("● {long}")), "{width}: {}", ran.out);
        let ran = user.at_terminal(width, &["status", "--color", "never"], &[]).await;
        assert!(ran.out.lines().all(|line| line.width() <= usize::from(width)), "{width}: {}", ran.out);
    }
}

/// One cause is told once.
#[tokio::test]
async fn a_proxy_without_models_is_one_warning() {
    let fake = FakeProxy::start().await;
    for route in ["GET /v1/model/info", "GET /v1/models"] {
        fake.on(route).always(Answer::json(200, &json!({"data": []})));
    }
    let ran = User::of(&fake.url(), "sk-fake").run(&["status"]).await;
    assert!(ran.out.contains("the proxy lists no chat models"), "{ran:?}");
    assert_eq!(
        ran.out.lines().filter(|line| line.starts_with("! ")).count(),
        2,
        "its state, and why: {ran:?}"
    );
}

/// What is there is checked, and what is not is named.
#[tokio::test]
async fn files_that_are_there_are_checked_beside_one_that_is_not() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    user.file("config.yaml", "model_list:\n  - model_name: a\n    litellm_params: {modle: openai/gpt-5}\n");
    for files in [["config.yaml", "nope.yaml"], ["nope.yaml", "config.yaml"]] {
        let ran = user.run(&[&["check"][..], &files].concat()).await;
        assert!(ran.code == 2 && ran.out.contains("yaml-shape"), "{ran:?}");
        assert!(ran.err.contains("nope.yaml is not there"), "{ran:?}");
    }
}
