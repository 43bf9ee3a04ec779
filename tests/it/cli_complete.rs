//! `litellm-ls complete`: what is sent, and what is left of an answer.

use serde_json::{Value, json};

use super::support::{
    blocking,
    fake_proxy::{Answer, FakeProxy},
    home::STATE,
    user::User,
};

const CHAT: &str = "POST /v1/chat/completions";

/// A user of a proxy, and what the proxy was asked with these arguments and this input.
async fn asked(fake: &FakeProxy, user: &User, arguments: &[&str], input: &'static str) -> Value {
    let ran = user.run_with(&[&["complete", "-m", "gpt"], arguments].concat(), input).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    fake.next_on(CHAT).await.json()
}

/// The text of the last message of a question.
fn said(question: &Value) -> &str {
    let last = question["messages"].as_array().and_then(|messages| messages.last()).expect("a message");
    last["content"].as_str().or(last["content"][0]["text"].as_str()).expect("a text")
}

#[tokio::test]
async fn a_prompt_is_joined_of_words_stdin_and_files() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    user.file("main.rs", "fn main() {}\n");
    user.file("notes", "```\ninner\n```\n");
    for (arguments, input, expected) in [
        (&["why", "is", "the", "sky", "blue"][..], "", "why is the sky blue"),
        (&["Review", "this"], "a diff\n", "Review this\n\na diff\n"),
        (&["-"], "only this", "only this"),
        (&[], "only this", "only this"),
        (&["-f", "main.rs", "Explain"], "", "Explain\n\nmain.rs:\n```rust\nfn main() {}\n```"),
        (&["-f", "notes"], "", "notes:\n````\n```\ninner\n```\n````"),
        (&["a", "-f", "main.rs"], "piped", "a\n\npiped\n\nmain.rs:\n```rust\nfn main() {}\n```"),
    ] {
        assert_eq!(said(&asked(&fake, &user, arguments, input).await), expected, "{arguments:?}");
    }
    let more = asked(&fake, &user, &["-s", "Be brief.", "hi"], "").await;
    assert_eq!(more["messages"][0], json!({"role": "system", "content": "Be brief."}));
}

#[tokio::test]
async fn what_says_nothing_or_may_hold_secrets_is_not_sent() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    user.file(".env", "SECRET=1\n");
    user.file("image.png", "no picture");
    #[cfg(unix)]
    std::os::unix::fs::symlink(".env", user.home.path().join("harmless.txt")).unwrap();
    for (arguments, told) in [
        (&["", " "][..], "nothing to ask"),
        (&[], "nothing to ask"),
        (&["-f", ".env", "hi"], ".env*"),
        #[cfg(unix)]
        (&["-f", "harmless.txt", "hi"], ".env*"),
        (&["-a", "image.png", "hi"], "is no PNG"),
        (&["-f", "missing", "hi"], "can't be read"),
        (&["-c", "hi"], "no conversation"),
    ] {
        let ran = user.run(&[&["complete", "-m", "gpt"], arguments].concat()).await;
        assert!(ran.code == 1 && ran.err.contains(told), "{arguments:?}: {ran:?}");
    }
    assert!(fake.requests().iter().all(|request| request.route() != CHAT));
    let sent = asked(&fake, &user, &["--secret-files", "-f", ".env", "hi"], "").await;
    assert!(said(&sent).contains("SECRET=1"));
}

#[tokio::test]
async fn images_and_schemas_go_along() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    std::fs::write(user.home.path().join("a.bin"), b"\x89PNG\r\n\x1a\n").unwrap();
    user.file("schema.json", r#"{"type": "object", "properties": {}}"#);
    fake.on(CHAT).answer(Answer::stream().text("{}").finish("stop").done());
    let sent = asked(&fake, &user, &["-a", "a.bin", "--schema", "schema.json", "What is it?"], "").await;
    assert_eq!(said(&sent), "What is it?");
    let image = &sent["messages"][0]["content"][1];
    assert_eq!(image["image_url"]["url"], "data:image/png;base64,iVBORw0KGgo=", "{sent}");
    assert_eq!(sent["response_format"]["json_schema"]["schema"]["type"], "object");
}

#[tokio::test]
async fn a_conversation_goes_on() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    asked(&fake, &user, &["-s", "Be brief.", "first"], "").await;
    let ran = user.run(&["complete", "-c", "second"]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let sent = fake.next_on(CHAT).await.json();
    let told: Vec<_> =
        sent["messages"].as_array().unwrap().iter().map(|message| message["content"].as_str()).collect();
    assert_eq!(told, [Some("Be brief."), Some("first"), Some("Hello there"), Some("second")]);
    assert_eq!(sent["model"], "gpt");
    let list = user.run(&["chat", "--list"]).await;
    assert!(list.out.contains("first") && list.out.lines().count() == 1, "{list:?}");
}

/// What was said to one proxy is told to another only where that one is named.
#[tokio::test]
async fn a_conversation_does_not_go_to_another_proxy_by_chance() {
    let (fake, other) = (FakeProxy::start().await, FakeProxy::start().await);
    let user = User::of(&fake.url(), "sk-fake");
    std::fs::create_dir_all(user.home.path().join(".config/litellm-ls")).unwrap();
    user.file(
        ".config/litellm-ls/settings.toml",
        &format!("[profiles.private]\nbaseUrl = \"{}\"\napiKey = \"env:LITELLM_API_KEY\"\n", other.url()),
    );
    let private = user.run(&["complete", "--profile", "private", "a secret"]).await;
    assert_eq!(private.code, 0, "{private:?}");
    let asked_before = fake.requests().len();
    for command in [&["complete", "-c", "more"][..], &["complete", "-c", "--dry-run", "more"]] {
        let ran = user.run(command).await;
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        assert!(ran.err.contains(&other.url()) && ran.err.contains("add --profile private"), "{ran:?}");
    }
    assert!(
        !fake.requests()[asked_before..].iter().any(|request| request.method == "POST"),
        "nothing is sent"
    );
    // With its own profile it goes on as it was, and with another that is named it says so.
    let ran = user.run(&["complete", "-c", "--profile", "private", "more"]).await;
    assert!(ran.code == 0 && !ran.err.contains("goes to"), "{ran:?}");
    let ran = user.run(&["complete", "-c", "--base-url", &fake.url(), "and more"]).await;
    assert!(
        ran.code == 0 && ran.err.contains(&format!("goes to {}", fake.url().trim_end_matches('/'))),
        "{ran:?}"
    );
    // The same name of a profile says nothing where only the address differs.
    let elsewhere = User::of(&other.url(), "sk-fake");
    let kept = |user: &User| user.home.path().join(STATE).join("conversations");
    assert!(kept(&user).is_dir(), "{:?}", user.home.path());
    std::fs::create_dir_all(kept(&elsewhere).parent().unwrap()).unwrap();
    std::fs::rename(kept(&user), kept(&elsewhere)).unwrap();
    let ran = elsewhere.run(&["complete", "-c", "more"]).await;
    assert!(
        ran.code == 1 && ran.err.contains(&format!("add --base-url {}", fake.url().trim_end_matches('/'))),
        "{ran:?}"
    );
}

#[tokio::test]
async fn a_dry_run_asks_no_model() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let ran = user.run(&["complete", "-m", "claude", "--dry-run", "--json", "hello"]).await;
    let told = ran.json();
    assert_eq!((ran.code, &told["model"]), (0, &json!("claude")), "{ran:?}");
    let tokens = told["estimatedInputTokens"].as_f64().unwrap();
    let cost = told["estimatedCost"].as_f64().unwrap();
    assert!(tokens > 0.0 && (cost - tokens * 3e-6).abs() < 1e-9, "{told}");
    assert!(fake.requests().iter().all(|request| request.route() != CHAT));
}

#[tokio::test]
async fn the_code_alone_is_what_stands_in_fences() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    for (answer, code) in [
        ("Sure:\n```rust\nfn a() {}\n```\nDone.", "fn a() {}\n"),
        ("fn a() {}", "fn a() {}\n"),
        ("for f in *.png; do echo \"$f\"; done", "for f in *.png; do echo \"$f\"; done\n"),
    ] {
        fake.on(CHAT).answer(Answer::stream().text(answer).finish("stop").done());
        let ran = user.run(&["complete", "-m", "gpt", "-x", "hi"]).await;
        assert_eq!((ran.code, ran.out.as_str()), (0, code), "{ran:?}");
    }
}

/// Each way to end, and each way to print: half of a script is no result, and nothing of it is lost.
#[tokio::test]
async fn what_did_not_come_to_its_end_is_no_success_and_is_not_taken_for_code() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    user.file("schema.json", r#"{"type": "object"}"#);
    let half = "```sh\nrm -rf ./bui";
    let calls =
        json!({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}}]});
    let endings = [
        (Answer::stream().text(half), "length", "cut off at its length limit"),
        (Answer::stream().text(half), "content_filter", "a content filter cut"),
        (Answer::stream().text(half), "odd", "did not come to its end"),
        (Answer::stream().delta(calls), "tool_calls", "called a tool"),
        (
            Answer::stream().delta(json!({"reasoning_content": "Hm."})),
            "stop",
            "thought, and answered with nothing",
        ),
        (Answer::stream().delta(json!({"refusal": "I won't."})), "stop", "The model refused: I won't."),
    ];
    for (answer, reason, told) in endings {
        let has_text = ["length", "content_filter", "odd"].contains(&reason);
        for options in [&[][..], &["--no-stream"], &["-x"], &["--schema", "schema.json"], &["--json"]] {
            fake.on(CHAT).answer(answer.clone().finish(reason).done());
            let ran = user.run(&[&["complete", "-m", "gpt", "hi"], options].concat()).await;
            assert_eq!(ran.code, 1, "{reason} {options:?}: {ran:?}");
            if options == ["--json"] {
                assert!(ran.json()["finishReason"].is_string(), "{ran:?}");
                continue;
            }
            assert!(ran.err.contains(told), "{reason} {options:?}: {ran:?}");
            let is_withheld = matches!(options, ["-x"] | ["--schema", _]);
            assert_eq!(ran.out.contains("./bui"), has_text && !is_withheld, "{reason} {options:?}: {ran:?}");
            assert_eq!(ran.err.contains("./bui"), has_text && is_withheld, "{reason} {options:?}: {ran:?}");
            assert!(!is_withheld || ran.out.is_empty(), "{reason} {options:?}: {ran:?}");
        }
    }
    // What breaks off is an error already.
    fake.on(CHAT).answer(Answer::stream().text(half).reset());
    let ran = user.run(&["complete", "-m", "gpt", "-x", "hi"]).await;
    assert!(ran.code == 1 && ran.out.is_empty() && ran.err.contains("./bui"), "{ran:?}");
}

/// What is wanted is not guessed at: where an answer has no such part, or several, a script gets nothing.
#[tokio::test]
async fn an_answer_that_is_not_what_was_wanted_is_no_success() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    user.file(
        "schema.json",
        r#"{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}"#,
    );
    let (code, json) = (&["-x"][..], &["--schema", "schema.json"][..]);
    for (options, answer, part) in [
        (code, "I'm sorry, I can't help with that.", None),
        (code, "There is no code here. It would not help you.", None),
        (code, "```sh\nls\n```\nor\n```py\nprint()\n```", None),
        (code, "```\na\n```\nand\n```\na\n```", None),
        (json, r#"{"a": 1}"#, Some(r#"{"a": 1}"#)),
        (json, "Sure:\n```json\n{\"a\": 1}\n```", Some(r#"{"a": 1}"#)),
        (json, "hello world", None),
        (json, "{\"a\": 1", None),
        (json, "```json\n{\"a\": 1\n```", None),
        (json, "[1]", None),
        (json, r#"{"b": 1}"#, None),
        (json, r#"{"a": "1"}"#, None),
    ] {
        // `-x` and `--json` exclude each other.
        for as_json in [false, true].into_iter().filter(|as_json| !as_json || options == json) {
            fake.on(CHAT).answer(Answer::stream().text(answer).finish("stop").done());
            let more: &[&str] = if as_json { &["--json"] } else { &[] };
            let ran = user.run(&[&["complete", "-m", "gpt", "hi"], options, more].concat()).await;
            assert_eq!(ran.code, i32::from(part.is_none()), "{answer}: {ran:?}");
            if as_json {
                assert_eq!(ran.json()["message"]["text"], answer);
                continue;
            }
            assert_eq!(ran.out.trim_end(), part.unwrap_or_default(), "{answer}: {ran:?}");
            if part.is_none() {
                assert!(ran.err.contains(answer) && ran.err.contains("ask again"), "{answer}: {ran:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_schema_is_not_sent() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    for (schema, told) in [
        ("[]", "no JSON schema"),
        ("\"x\"", "no JSON schema"),
        ("12", "no JSON schema"),
        ("true", "no JSON schema"),
        (r#"{"type": "text"}"#, "no JSON schema"),
        (r#"{"type": "json_schema"}"#, "no JSON schema"),
        (r#"{"type": "json_schema", "json_schema": {"name": "x", "schema": 1}}"#, "no JSON schema"),
        ("{", "no JSON"),
    ] {
        user.file("schema.json", schema);
        let ran = user.run(&["complete", "-m", "gpt", "--schema", "schema.json", "hi"]).await;
        assert!(ran.code == 1 && ran.err.contains(told), "{schema}: {ran:?}");
    }
    assert!(fake.requests().iter().all(|request| request.route() != CHAT), "nothing is asked");
}

#[tokio::test]
async fn a_model_without_a_name_is_refused_wherever_one_is_named() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    for arguments in [
        &["complete", "hi"][..],
        &["complete", "--dry-run", "hi"],
        &["chat"],
        &["count", "hi"],
        &["proxy", "start"],
        &["proxy", "start", "--model", "m", "--api-key-env"],
    ] {
        let option: &[&str] = if arguments.contains(&"--api-key-env") { &[] } else { &["--model"] };
        for blank in ["", " "] {
            let ran = user.run(&[arguments, option, &[blank]].concat()).await;
            assert!(ran.code == 2 && ran.err.contains("give a name"), "{arguments:?}: {ran:?}");
        }
    }
    let ran = user.run(&["config", "set", "model", ""]).await;
    assert!(ran.code == 1 && ran.err.contains("model"), "{ran:?}");
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_proxy_that_comes_back_is_asked_without_a_model_too() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    for route in ["GET /v1/model/info", "GET /v1/models"] {
        fake.on(route).answer(Answer::nothing().reset());
    }
    let ran = user.run(&["complete", "hi"]).await;
    assert_eq!((ran.code, ran.out.as_str()), (0, "Hello there\n"), "{ran:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_keeps_what_has_arrived() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    fake.on(CHAT).always(Answer::stream().text("A beginning").event(&json!("odd")).held());
    // The oddity is told at once, on stderr, so what came before it has arrived.
    let steps = [["[the proxy sent", "\u{3}"]];
    let ran = user.at_terminal(80, &["complete", "-m", "gpt", "hi"], &steps).await;
    assert_eq!(ran.code, 130, "{ran:?}");
    for told in ["A ", "beginning", "[gpt · ", "ended by you"] {
        assert!(ran.out.contains(told), "{told}: {ran:?}");
    }
    let ran = user.at_terminal(80, &["complete", "-m", "gpt", "--json", "hi"], &steps).await;
    let json = &ran.out[ran.out.find('{').unwrap()..=ran.out.rfind('}').unwrap()];
    let result: Value = serde_json::from_str(json).unwrap();
    assert_eq!((ran.code, &result["finishReason"]), (130, &json!("cancelled")), "{ran:?}");
    assert_eq!(result["message"]["text"], "A beginning");
}

#[tokio::test]
async fn what_comes_beside_a_text_is_told() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let image = json!({"images": [{"image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]});
    for (answer, code, told) in [
        (Answer::stream().delta(json!({"refusal": "I won't."})), 1, "The model refused: I won't."),
        (Answer::stream().delta(image.clone()), 0, "An image came along; it is kept in answer-1.png"),
        (Answer::stream().text("Look:").delta(image.clone()), 0, "it is kept in answer-2.png"),
        (Answer::stream().delta(image).reset(), 1, "it is kept in answer-3.png"),
        (
            Answer::stream().delta(json!({"audio": {"data": "UklGRiQAAABXQVZF", "transcript": "Good day."}})),
            0,
            "The model says: Good day.\nA sound came along; it is kept in answer-1.wav",
        ),
        (
            Answer::stream()
                .delta(json!({"images": [{"image_url": {"url": "https://images.example.com/1"}}]})),
            0,
            "An image came along, at https://images.example.com/1",
        ),
    ] {
        fake.on(CHAT).answer(answer.finish("stop").done());
        let ran = user.run(&["complete", "-m", "gpt", "hi"]).await;
        assert!(ran.code == code && ran.err.contains(told), "{told}: {ran:?}");
    }
    for name in ["answer-1.png", "answer-2.png", "answer-3.png"] {
        assert_eq!(std::fs::read(user.home.path().join(name)).unwrap(), b"\x89PNG\r\n\x1a\n", "{name}");
    }
}

/// The list knows the price; a question that names its model needs no list, and would be answered without one.
#[tokio::test]
async fn what_an_answer_costs_is_told_though_its_model_is_named() {
    let fake = FakeProxy::start().await;
    let mut user = User::of(&fake.url(), "sk-fake");
    let prices = json!({"input_cost_per_token": 1e-3, "output_cost_per_token": 2e-3});
    let row = json!({"model_name": "gpt", "litellm_params": {"model": "openai/gpt"}, "model_info": prices});
    fake.on("GET /v1/model/info").always(Answer::json(200, &json!({"data": [row]})));
    let usage = json!({"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5});
    fake.on(CHAT).always(Answer::stream().text("Hello").finish("stop").usage(usage).done());
    let by_option = user.run(&["complete", "-m", "gpt", "hi"]).await;
    assert!(by_option.code == 0 && by_option.err.contains("$0.007"), "{by_option:?}");
    user.variables.push(("LITELLM_MODEL", "gpt".into()));
    let by_variable = user.run(&["complete", "--json", "hi"]).await.json();
    assert_eq!(by_variable["usage"]["cost"], 0.007, "{by_variable}");
    // A proxy that lists nothing answers all the same.
    fake.on("GET /v1/model/info").always(Answer::json(500, &json!({})));
    fake.on("GET /v1/models").always(Answer::json(500, &json!({})));
    let unlisted = user.run(&["complete", "hi"]).await;
    assert!(unlisted.code == 0 && unlisted.err.contains("cost unknown"), "{unlisted:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_answer_that_can_not_be_written_is_an_error_and_kept() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    fake.on(CHAT).always(Answer::stream().text("```\ncode\n```").finish("stop").done());
    let into_full = async |arguments: &[&str]| {
        let mut command = user.command(arguments);
        command.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        let ran = super::support::blocking(move || command.output().unwrap()).await;
        let told = String::from_utf8(ran.stderr).unwrap();
        assert!(ran.status.code() == Some(1) && told.contains("No space left"), "{arguments:?}: {told}");
        told
    };
    for form in [&["hi"][..], &["--json", "hi"], &["-x", "hi"], &["--no-stream", "hi"]] {
        let told = into_full(&[&["complete", "-m", "gpt"], form].concat()).await;
        assert!(told.contains("`litellm-ls complete -c` goes on with the answer"), "{form:?}: {told}");
        assert!(!told.contains("ended by you"), "{form:?}: {told}");
    }
    assert_eq!(user.run(&["chat", "--list"]).await.out.matches("hi").count(), 4);
}

#[tokio::test]
async fn what_is_piped_in_has_a_bound() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    for arguments in [&["complete", "hi"][..], &["count"]] {
        let ran = user.run_with(arguments, "x".repeat((16 << 20) + 1).leak()).await;
        assert!(ran.code == 1 && ran.err.contains("longer than 16 MiB: pipe the part"), "{}", ran.err);
    }
    assert!(fake.requests().iter().all(|request| request.route() != CHAT));
}

#[tokio::test]
async fn what_has_arrived_is_kept_whatever_ends_the_process() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let piece = json!({"choices": [{"delta": {"content": "more "}}]});
    let pause = std::time::Duration::from_millis(50);
    fake.on(CHAT).answer(Answer::stream().text("A beginning, ").forever(format!("data: {piece}\n\n"), pause));
    let mut command = user.command(&["complete", "-m", "gpt", "hi"]);
    command.stdout(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    while !user.run(&["chat", "--list"]).await.out.contains("hi") {
        assert!(child.try_wait().unwrap().is_none(), "it goes on");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    asked(&fake, &user, &["-c", "Go on."], "").await;
    let sent = fake.requests().iter().rfind(|request| request.route() == CHAT).unwrap().json();
    let told = sent["messages"][1]["content"].as_str().unwrap();
    assert!(told.starts_with("A beginning, more "), "{sent}");
}

/// Names come from a proxy, or with a repository, and some shells obey what stands in them.
#[tokio::test]
async fn a_shell_is_offered_no_word_that_it_would_obey() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let hostile =
        ["$(touch${IFS}x)", "`id`", "a;id", "a b", "a&b", "a|b", "*", "a'b", "a\"b", "<a", "~", "{a,b}"];
    let models = ["zed/good-1.5:free@eu"].into_iter().map(str::to_owned);
    let models: Vec<_> = models
        .chain(hostile.iter().map(|name| format!("zed{name}")))
        .map(|name| json!({"id": name, "object": "model"}))
        .collect();
    fake.on("GET /v1/models").always(Answer::json(200, &json!({"object": "list", "data": models})));
    fake.on("GET /v1/model/info").always(Answer::json(200, &json!({"data": []})));
    assert_eq!(user.run(&["models"]).await.code, 0);
    for name in hostile.iter().filter(|_| cfg!(unix)) {
        user.file(&format!("zed{name}.yaml"), "");
    }
    user.file("zed.yaml", "");
    for shell in ["bash", "powershell"] {
        for (command, good) in [(&["complete", "-m"][..], "zed/good-1.5:free@eu"), (&["check"], "zed.yaml")] {
            let mut asks = user.command(&[&["--", "litellm-ls"], command, &["zed"]].concat());
            asks.env("LITELLM_LS_COMPLETE", shell);
            asks.env("_CLAP_IFS", "\u{b}").env("_CLAP_COMPLETE_INDEX", (command.len() + 1).to_string());
            let ran = blocking(move || asks.output().unwrap()).await;
            let offered = String::from_utf8(ran.stdout).unwrap();
            let names = offered.split(['\n', '\u{b}']).filter_map(|one| one.split('\t').next());
            let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
            assert_eq!(names, [good], "{shell} {command:?}: {offered:?}");
        }
    }
}

/// Bash takes a word apart at colons and the like, and puts what it is offered behind the last of them.
#[cfg(unix)]
#[tokio::test]
async fn in_bash_a_name_with_colons_is_completed() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let models = ["ollama/llama3:8b", "ollama/llama3:70b", "zed/a@eu:v1:0"];
    let models: Vec<_> = models.iter().map(|name| json!({"id": name, "object": "model"})).collect();
    fake.on("GET /v1/models").always(Answer::json(200, &json!({"object": "list", "data": models})));
    fake.on("GET /v1/model/info").always(Answer::json(200, &json!({"data": []})));
    assert_eq!(user.run(&["models"]).await.code, 0);
    let script = user.run(&["completions", "bash"]).await.out;
    let both = "ollama/llama3:70b ollama/llama3:8b";
    // The line, its words as bash 5.2 takes them apart, what stands before the cursor in the last one, and what it is
    // offered.
    for (line, words, typed, offered) in [
        ("litellm-ls count -m olla", "litellm-ls count -m olla", "olla", both),
        ("litellm-ls count -m ollama/llama3:", "litellm-ls count -m ollama/llama3 :", "", "70b 8b"),
        ("litellm-ls count -m ollama/llama3:8", "litellm-ls count -m ollama/llama3 : 8", "8", "8b"),
        (
            "litellm-ls count --model=ollama/llama3:7",
            "litellm-ls count --model = ollama/llama3 : 7",
            "7",
            "70b",
        ),
        ("litellm-ls count -m zed/a@eu:v1:", "litellm-ls count -m zed/a @ eu : v1 :", "", "0"),
        ("litellm-ls  count  -m  zed", "litellm-ls count -m zed", "zed", "zed/a@eu:v1:0"),
    ] {
        let ask = format!(
            "{script}\nCOMP_LINE='{line}' COMP_WORDS=({words}) COMP_TYPE=9\nCOMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
            _litellm-ls_complete litellm-ls '{typed}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\" | sort"
        );
        let mut asks = user.by_shell("PATH=${0%/*}:$PATH exec bash --norc -c \"$1\"", &[&ask]);
        let ran = blocking(move || asks.output().unwrap()).await;
        let out = String::from_utf8(ran.stdout).unwrap();
        assert_eq!(out.split_whitespace().collect::<Vec<_>>().join(" "), offered, "{line}: {:?}", ran.stderr);
    }
}

/// Also where nothing comes behind it for long.
#[tokio::test]
async fn what_stands_on_the_screen_for_a_second_is_kept() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let silence = std::time::Duration::from_secs(3_600);
    fake.on(CHAT).answer(Answer::stream().text("PAID").forever(": none\n\n".to_owned(), silence));
    let mut command = user.command(&["complete", "-m", "gpt", "hi"]);
    command.stdout(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    while !user.run(&["chat", "--list"]).await.out.contains("hi") {
        assert!(child.try_wait().unwrap().is_none(), "it goes on");
    }
    assert!(child.try_wait().unwrap().is_none(), "it was kept as the answer ended");
    child.kill().unwrap();
    child.wait().unwrap();
    asked(&fake, &user, &["-c", "Go on."], "").await;
    let sent = fake.requests().iter().rfind(|request| request.route() == CHAT).unwrap().json();
    assert_eq!(sent["messages"][1]["content"], "PAID", "{sent}");
}

/// However much of an answer has come, and whatever its one line holds.
#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_an_answer_that_is_being_drawn() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    for piece in ["*a ", "plain ", "**a *b `c "] {
        let text = format!("BEGUN {}", piece.repeat((4 << 20) / piece.len()));
        fake.on(CHAT).answer(Answer::stream().text(&text).finish("stop").done());
        let steps = [["BEGUN", "\u{3}"]];
        let ran = user.at_terminal(80, &["complete", "-m", "gpt", "hi"], &steps).await;
        assert!(ran.out.contains("ended by you") && ran.out.len() < text.len(), "{piece}: {}", ran.code);
    }
}

#[tokio::test]
async fn what_broke_off_is_kept() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    fake.on(CHAT).answer(Answer::stream().text("A beginning").reset());
    let ran = user.run(&["complete", "-m", "gpt", "hi"]).await;
    assert!(ran.code == 1 && ran.out.contains("A beginning"), "{ran:?}");
    asked(&fake, &user, &["-c", "Go on."], "").await;
    let sent = fake.requests().iter().rfind(|request| request.route() == CHAT).unwrap().json();
    assert_eq!(sent["messages"][1]["content"], "A beginning", "{sent}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_conversation_that_can_not_be_kept_is_told() {
    let fake = FakeProxy::start().await;
    let mut user = User::of(&fake.url(), "sk-fake");
    user.variables.push(("LITELLM_LS_CONVERSATIONS", "/dev/null/none".into()));
    let ran = user.at_terminal(120, &["complete", "-m", "gpt", "hi"], &[]).await;
    assert!(ran.code == 0 && ran.out.contains("the conversation is not kept"), "{ran:?}");
    // A script too: what goes on later would go on with another one.
    let dangling = user.home.path().join("dangling");
    std::os::unix::fs::symlink("nowhere", &dangling).unwrap();
    for place in ["/dev/null/none".to_owned(), dangling.display().to_string()] {
        user.variables = vec![("LITELLM_LS_CONVERSATIONS", place)];
        let ran = user.run(&["complete", "-m", "gpt", "hi"]).await;
        assert!(ran.code == 0 && ran.out.contains("Hello there"), "{ran:?}");
        assert!(ran.err.contains("the conversation is not kept") && ran.err.contains("or to off"), "{ran:?}");
    }
    user.variables = vec![("LITELLM_LS_CONVERSATIONS", "off".to_owned())];
    let ran = user.run(&["complete", "-m", "gpt", "hi"]).await;
    assert!(!ran.err.contains("not kept"), "{ran:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_among_the_conversations_is_waited_for_by_nobody() {
    let fake = FakeProxy::start().await;
    let mut user = User::of(&fake.url(), "sk-fake");
    user.variables.push(("LITELLM_LS_CONVERSATIONS", user.home.path().display().to_string()));
    let pipe = user.home.path().join("pipe.json");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let listed = user.run(&["chat", "--list"]).await;
    assert!(listed.code == 0 && listed.out.contains("No conversation"), "{listed:?}");
}

#[tokio::test]
async fn a_number_that_json_has_not_is_refused() {
    let user = User::of("http://127.0.0.1:9", "sk-fake");
    for arguments in [
        ["--temperature", "nan"],
        ["--temperature", "inf"],
        ["--temperature", "1e999"],
        ["--max-tokens", "0"],
        ["--max-tokens", "9007199254740992"],
    ] {
        let ran = user.run(&[&["complete", "hi"][..], &arguments].concat()).await;
        assert_eq!(ran.code, 2, "{arguments:?}: {ran:?}");
    }
}

/// Whatever a file is that never ends.
#[cfg(unix)]
#[tokio::test]
async fn what_is_read_from_a_file_has_a_bound() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    for option in ["-f", "-a", "--schema"] {
        let ran =
            crate::support::within("an end", user.run(&["complete", "-m", "gpt", option, "/dev/zero", "hi"]))
                .await;
        assert!(ran.code == 1 && ran.err.contains("is larger than"), "{option}: {ran:?}");
    }
    assert!(fake.requests().iter().all(|request| request.route() != CHAT));
}

/// A limit of the size of files is as a full disk, and ends nothing.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_limit_of_the_size_of_files_ends_no_answer() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let command = user.command(&[]);
    let program = command.get_program().to_owned();
    let shell = format!("ulimit -f 0; exec '{}' complete -m gpt hi", program.display());
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", &shell])
        .env_clear()
        .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.current_dir(user.home.path()).stdin(std::process::Stdio::null());
    let ended = blocking(move || limited.output().unwrap()).await;
    assert_eq!((ended.status.code(), &*ended.stdout), (Some(0), &b"Hello there\n"[..]), "{ended:?}");
}

/// What has come was paid for, whatever ends the command: `timeout`, a closed terminal, a job that is cancelled.
#[cfg(unix)]
#[tokio::test]
async fn a_signal_ends_an_answer_and_all_that_has_come_is_kept() {
    use std::io::Read;

    let fake = FakeProxy::start().await;
    fake.on(CHAT).always(Answer::stream().text("so far\n").held());
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        for form in ["--temperature=1", "--json", "-x"] {
            let user = User::of(&fake.url(), "sk-fake");
            let kept = user.home.path().join(".local/state/litellm-ls/conversations");
            let mut command = user.command(&["complete", "-m", "gpt", form, "hi"]);
            super::support::signals::signals_end(&mut command);
            let (code, out, err) = blocking(move || {
                let mut child = command.spawn().unwrap();
                let mut out = String::new();
                let mut stdout = child.stdout.take().unwrap();
                if form.starts_with("--temperature") {
                    let mut first = [0; 7];
                    stdout.read_exact(&mut first).unwrap();
                    out.push_str(str::from_utf8(&first).unwrap());
                } else {
                    // Nothing is printed before the end.
                    while std::fs::read_dir(&kept).map_or(0, Iterator::count) == 0 {
                        std::thread::yield_now();
                    }
                }
                // SAFETY: the child has not been waited for, so the number is its own.
                unsafe { assert_eq!(libc::kill(child.id() as libc::pid_t, signal), 0) }
                stdout.read_to_string(&mut out).unwrap();
                let ended = child.wait_with_output().unwrap();
                (ended.status.code(), out, String::from_utf8(ended.stderr).unwrap())
            })
            .await;
            assert_eq!(code, Some(128 + signal), "{signal} {form}: {out} {err}");
            let printed = if form == "-x" { &err } else { &out };
            assert!(printed.contains("so far"), "{signal} {form}: {out} {err}");
            let page = user.run(&["complete", "-c", "--dry-run", "--json", "more"]).await;
            assert_eq!(page.code, 0, "{signal} {form}: {page:?}");
            let calls = user.run(&["usage", "--by", "outcome", "--csv"]).await;
            assert!(calls.out.contains("cancelled,,1,"), "{signal} {form}: {calls:?}");
        }
    }
}

/// A pager at its prompt, or a terminal that was stopped, takes no more; Ctrl-C ends the command all the same.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_signal_ends_a_command_whose_output_nobody_reads() {
    use std::os::unix::process::ExitStatusExt;

    let fake = FakeProxy::start().await;
    fake.on(CHAT).always(Answer::stream().text(&"x".repeat(300_000)).finish("stop").done());
    for (form, signal) in [("--temperature=1", libc::SIGINT), ("--json", libc::SIGTERM)] {
        let user = User::of(&fake.url(), "sk-fake");
        let mut command = user.command(&["complete", "-m", "gpt", form, "hi"]);
        super::support::signals::signals_end(&mut command);
        let status = blocking(move || {
            let mut child = command.spawn().unwrap();
            // With less room than a page nothing more is written to a pipe.
            const FULL: u64 = (64 << 10) - (4 << 10);
            let stdout = child.stdout.as_ref().unwrap();
            while rustix::io::ioctl_fionread(stdout).unwrap() < FULL {
                std::thread::yield_now();
            }
            // SAFETY: the child has not been waited for, so the number is its own.
            unsafe { assert_eq!(libc::kill(child.id() as libc::pid_t, signal), 0) }
            child.wait().unwrap()
        });
        let status = super::support::within("the end", status).await;
        let code = status.code().or(status.signal().map(|signal| 128 + signal));
        assert_eq!(code, Some(128 + signal), "{form}: {status}");
        let calls = user.run(&["usage", "--csv"]).await;
        assert_eq!(calls.out.lines().count(), 2, "{form}: {calls:?}");
        let more = user.run(&["complete", "-c", "--dry-run", "more"]).await;
        assert_eq!(more.code, 0, "{form}: {more:?}");
    }
}
