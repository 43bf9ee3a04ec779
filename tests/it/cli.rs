//! The command line, as people and scripts use it: the real program against the real proxy.

use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    real_proxy::{MASTER_KEY, RealProxy},
    user::User,
};

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn models_are_lines_or_json_for_programs() {
    let user = User::of_real_proxy().await;
    let lines = user.run(&["models"]).await;
    assert_eq!(lines.code, 0, "{lines:?}");
    assert!(lines.out.lines().all(|line| line.split('\t').count() == 7), "{}", lines.out);
    assert!(lines.out.lines().any(|line| line.starts_with("described\t")), "{}", lines.out);
    let json = user.run(&["models", "--json"]).await;
    let list: Value = serde_json::from_str(&json.out).unwrap();
    assert!(list["models"].as_array().unwrap().len() > 10);
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn a_prompt_comes_from_the_argument_or_from_stdin() {
    let user = User::of_real_proxy().await;
    let argument = user.run(&["complete", "-m", "plain", "hello"]).await;
    assert_eq!((argument.code, argument.out.as_str()), (0, "Hello from the mock.\n"), "{argument:?}");
    assert!(argument.err.contains("tokens"), "{argument:?}");
    let stdin = user.run_with(&["complete", "--model", "plain"], "hello").await;
    assert_eq!((stdin.code, stdin.out.as_str()), (0, "Hello from the mock.\n"));
    let json = user.run(&["complete", "-m", "plain", "--json", "hello"]).await;
    let result: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(result["message"]["text"], "Hello from the mock.");
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn failures_say_what_to_do_and_have_their_codes() {
    let good = User::of_real_proxy().await;
    let proxy_url = good.base_url.clone();
    for (user, code, said) in [
        (good, 0, "ready"),
        (User::of(&proxy_url, "sk-wrong"), 5, "→ "),
        (User::of("http://127.0.0.1:9", "sk"), 4, "start the proxy"),
    ] {
        let status = user.run(&["status"]).await;
        assert_eq!(status.code, code, "{status:?}");
        assert!(status.out.contains(said), "{status:?}");
    }
    let user = User::of(&proxy_url, MASTER_KEY);
    let unknown = user.run(&["complete", "-m", "plan", "x"]).await;
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("→ ") && unknown.err.contains("plain"), "{unknown:?}");
    assert_eq!(unknown.out, "");
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn programs_are_told_code_kind_and_message() {
    let wrong = User::of(&RealProxy::shared().await.url, "sk-wrong");
    let nowhere = User::of("http://127.0.0.1:9", "sk");
    for (user, arguments, code, kind) in [
        (&nowhere, &["models", "--json"][..], 4, "unreachable"),
        (&nowhere, &["complete", "-m", "x", "--json", "hi"], 4, "unreachable"),
        (&nowhere, &["usage", "--json"], 4, "unreachable"),
        (&wrong, &["models", "--json"], 5, "unauthorized"),
        (&wrong, &["complete", "--json", "-f", "none.rs", "hi"], 1, "failed"),
    ] {
        let ran = user.run(arguments).await;
        let error = &ran.json()["error"];
        assert_eq!((ran.code, error["kind"].as_str()), (code, Some(kind)), "{ran:?}");
        assert!(error["code"].is_i64() && error["message"].is_string(), "{ran:?}");
        assert!(kind == "failed" || error["remedy"].is_string(), "{ran:?}");
    }
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn a_report_for_an_issue_names_no_key_and_no_other_machine() {
    let mut user = User::of("http://proxy.company.invalid:4000/team-seven/llm", "sk-company-secret-key");
    user.run(&["config", "set", "model", "internal-falcon-9"]).await;
    let report = user.run(&["doctor", "--report"]).await;
    assert_eq!(report.code, 4, "{report:?}");
    for said in [
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        "LITELLM_API_KEY",
        "http://HOST:4000/PATH",
        "host name",
    ] {
        assert!(report.out.contains(said), "{said} is missing: {report:?}");
    }
    for secret in ["company", "sk-", "-key", "team-seven", "falcon"] {
        assert!(!report.out.contains(secret), "{secret}: {report:?}");
    }
    user.base_url = RealProxy::shared().await.url.clone();
    let doctor = user.run(&["doctor"]).await;
    assert!(doctor.code == 5 && doctor.out.contains("--report"), "{doctor:?}");
}

/// A team is called after a customer or a project.
#[tokio::test]
async fn a_report_for_an_issue_names_no_team() {
    let fake = FakeProxy::start().await;
    fake.on("GET /key/info").always(Answer::json(
        200,
        &json!({"info": {"spend": 0.1, "max_budget": null, "team_id": "company-team"}}),
    ));
    let team = json!({"team_info": {"team_alias": "company-alias", "spend": 9.0, "max_budget": 8.0}});
    fake.on("GET /team/info").always(Answer::json(200, &team));
    let user = User::of(&fake.url(), "sk-fake");
    let doctor = user.run(&["doctor"]).await;
    assert!(doctor.out.contains("company-"), "it is told to who asks: {doctor:?}");
    let report = user.run(&["doctor", "--report"]).await;
    assert!(!report.out.contains("company-"), "{report:?}");
}

/// Whatever can be set, and holds something that is nobody else's business.
#[tokio::test]
async fn no_setting_shows_a_password_and_none_tells_a_report_who_somebody_is() {
    let mut user = User::of("http://127.0.0.1:9", "sk-fake");
    user.variables.push(("LITELLM_LS_SETTINGS", user.home.path().join("s.toml").display().to_string()));
    user.file(
        "s.toml",
        r#"
active = "falcon"
[profiles.falcon]
baseUrl = "http://user:pw-secret@127.0.0.1:9/team-seven?key=query-secret"
fallbackUrls = ["https://user:pw-secret@fb.company.invalid/v1?key=query-secret", "http://127.0.0.1:8"]
proxyUrl = "http://user:pw-secret@forward.company.invalid:3128"
apiKey = "cmd:/opt/company/get-key --user me"
model = "falcon-model"
secretFiles = ["company/*"]
tls = {caFile = "/home/somebody/company.pem"}
[profiles.falcon.headers]
X-Company = "header-secret"
[profiles.other-falcon]
baseUrl = "http://other.company.invalid"
apiKey = "file:~/company/key"
"#,
    );
    let shown = user.run(&["config", "show", "--profile", "falcon"]).await;
    let report = user.run(&["doctor", "--report", "--profile", "falcon"]).await;
    assert!(shown.code == 0 && shown.out.contains("https://fb.company.invalid"), "{shown:?}");
    for ran in [&shown, &report] {
        assert!(!ran.out.contains("-secret") && !ran.out.contains("user:"), "{ran:?}");
    }
    for private in ["company", "falcon", "team-seven", "somebody", user.home.path().to_str().unwrap()] {
        assert!(!report.out.contains(private), "{private}: {report:?}");
    }
    for said in ["https://HOST", "cmd:COMMAND", "FILE", "127.0.0.1:8"] {
        assert!(report.out.contains(said), "{said}: {report:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_kept_can_be_read_again_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    let program = env!("CARGO_BIN_EXE_litellm-ls");
    for arguments in ["config set model m", "complete -m gpt hi"] {
        let mut command = user.command(&[]);
        let mut shell = std::process::Command::new("/bin/sh");
        shell.args(["-c", &format!("umask 777; exec '{program}' {arguments}")]).env_clear();
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.current_dir(user.home.path()).stdin(std::process::Stdio::null());
        command = shell;
        let ran = super::support::blocking(move || command.output().unwrap()).await;
        assert!(ran.status.success(), "{ran:?}");
    }
    let mut folders = vec![user.home.path().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let data = entry.metadata().unwrap();
            let expected = if data.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(data.permissions().mode() & 0o777, expected, "{}", entry.path().display());
            if data.is_dir() { folders.push(entry.path()) } else { files += 1 }
        }
    }
    assert!(files >= 2, "the settings and the conversation");
    assert!(user.run(&["chat", "--list"]).await.out.contains("hi"));
}

#[tokio::test]
async fn usage_without_budgets_says_why_there_is_no_line() {
    let fake = FakeProxy::start().await;
    let ran = User::of(&fake.url(), "sk-fake").run(&["usage"]).await;
    assert!(ran.code == 0 && ran.out.is_empty() && ran.err.contains("budget"), "{ran:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn an_editor_is_named_as_a_shell_reads_it() {
    let mut user = User::of("http://127.0.0.1:9", "sk-fake");
    std::fs::create_dir(user.home.path().join("my tools")).unwrap();
    std::os::unix::fs::symlink("/bin/cp", user.home.path().join("my tools/cp")).unwrap();
    user.file("new.toml", "# edited\n");
    for (editor, code, said) in [
        ("'my tools/cp' new.toml", 0, ""),
        ("cp \"$HOME/new.toml\"", 0, ""),
        ("no-such-editor", 1, "can't be started: set VISUAL or EDITOR"),
        ("false", 1, "ended with"),
    ] {
        user.variables =
            vec![("VISUAL", " ".into()), ("EDITOR", editor.into()), ("PATH", "/usr/bin:/bin".into())];
        let path = user.run(&["config", "path"]).await.out;
        let _ = std::fs::remove_file(path.trim());
        let ran = user.run(&["config", "edit"]).await;
        assert!(ran.code == code && ran.err.contains(said), "{editor}: {ran:?}");
        let is_edited = std::fs::read_to_string(path.trim()).unwrap() == "# edited\n";
        assert_eq!(is_edited, code == 0, "{editor}");
    }
    // What is left broken is told as it is for whoever comes next.
    user.file("new.toml", "broken = [\n");
    user.variables = vec![("EDITOR", "cp new.toml".into()), ("PATH", "/usr/bin:/bin".into())];
    let ran = user.run(&["config", "edit"]).await;
    let told = ["can't be read", "none of its settings hold", "config edit"];
    assert!(ran.code == 1 && told.iter().all(|part| ran.err.contains(part)), "{ran:?}");
}

#[tokio::test]
async fn help_teaches_and_wrong_arguments_are_refused() {
    let user = User::of("http://127.0.0.1:9", "sk");
    let help = user.run(&["--help"]).await;
    for word in ["models", "complete", "status", "config", "proxy", "try", "LITELLM_BASE_URL"] {
        assert!(help.out.contains(word), "{word}");
    }
    assert_eq!(user.run(&["--version"]).await.out, format!("litellm-ls {}\n", env!("CARGO_PKG_VERSION")));
    for (code, meaning) in
        [(1, "failed"), (2, "wrong arguments"), (3, "warnings"), (4, "reached"), (5, "refuses")]
    {
        assert!(help.out.contains(&format!("{code}  ")) && help.out.contains(meaning), "{}", help.out);
    }
    let wrong = user.run(&["modles"]).await;
    assert!(wrong.code == 2 && wrong.err.contains("models"), "{wrong:?}");
    let literal = user.run(&["status", "--api-key", "sk-literal"]).await;
    assert!(literal.code == 2 && literal.err.contains("reference"), "{literal:?}");
}

#[tokio::test]
async fn settings_are_kept_in_a_file_with_its_comments() {
    let user = User::of("http://127.0.0.1:9", "sk");
    let path = user.run(&["config", "path"]).await;
    let file = std::path::PathBuf::from(path.out.trim());
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "# mine\n[profiles.default]\n# a comment\nmodel = \"old\"\n").unwrap();
    assert_eq!(user.run(&["config", "set", "model", "new"]).await.code, 0);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("# mine") && text.contains("# a comment") && text.contains("model = \"new\""),
        "{text}"
    );
    assert!(user.run(&["config", "show"]).await.out.contains("new"));
    let wrong = user.run(&["config", "set", "modle", "x"]).await;
    assert!(wrong.code != 0 && wrong.err.contains("model"), "{wrong:?}");
    // What stands beside profiles is not set as their settings are.
    for (name, remedy) in [
        ("prompts.review.template", "config edit"),
        ("profiles.work.model", "--profile"),
        ("active", "config use"),
    ] {
        let refused = user.run(&["config", "set", name, "x"]).await;
        assert!(refused.code != 0 && refused.err.contains(remedy), "{name}: {refused:?}");
    }
    const NOWHERE: &str = if cfg!(windows) { r"C:\no\such\venv" } else { "/no/such/venv" };
    for (arguments, said) in [
        (
            &["config", "set", "apiKey", "sk-canary-123456"][..],
            "`apiKey`: a key itself is never written to a file",
        ),
        (&["config", "set", "proxy.litellm", NOWHERE], &format!("`proxy.litellm`: {NOWHERE} is no virtual")),
        (&["config", "set", "timeouts.idleMs", "-1"], "`timeouts.idleMs`: this value can't be used"),
        (&["init", "--vendor", "openai", "--key-env", "1A"], "the key itself would be seen by others"),
    ] {
        let refused = user.run(arguments).await;
        assert!(refused.code != 0 && refused.err.contains(said), "{arguments:?}: {refused:?}");
    }
    assert_eq!(user.run(&["config", "unset", "model"]).await.code, 0);
    assert!(!std::fs::read_to_string(&file).unwrap().contains("model ="));
}

#[tokio::test]
async fn the_place_of_a_fault_in_the_settings_file_is_told_once() {
    let user = User::of("http://127.0.0.1:9", "sk");
    let path = user.run(&["config", "path"]).await;
    let file = std::path::PathBuf::from(path.out.trim());
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "[profiles.default]\nmodel = \n").unwrap();
    for arguments in [&["status"][..], &["models"], &["config", "show"], &["doctor"]] {
        let ran = user.run(arguments).await;
        let told = format!("{}{}", ran.out, ran.err);
        let places = told.matches("line 2").count();
        assert_eq!(places, told.matches("can't be read").count(), "{arguments:?}: {told}");
        assert!(places > 0, "{arguments:?}: {told}");
    }
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn lines_are_answered_to_the_end_of_the_input() {
    let user = User::of_real_proxy().await;
    let asked = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"provider/complete\",\"params\":{\"model\":\"plain\",\"prompt\":\"x\"}}\n\
        [{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"nope\"}]\n";
    let ran = user.run_with(&["--transport", "lines"], asked).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut answers: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    answers.sort_by_key(Value::is_array);
    assert_eq!(answers[0]["result"]["message"]["text"], "Hello from the mock.");
    assert_eq!(answers[1][0]["error"]["code"], -32601);
}

#[tokio::test]
async fn an_answer_that_says_nothing_ends_in_failure() {
    let fake = FakeProxy::start().await;
    let user = User::of(&fake.url(), "sk-fake");
    for (silent, code) in [
        (Answer::stream().done(), 1),
        (Answer::stream().delta(json!({"role": "assistant"})).finish("stop").done(), 1),
        (Answer::stream().delta(json!({"reasoning_content": "Hm."})).finish("length").done(), 1),
        (Answer::stream().text("Hello").finish("stop").done(), 0),
    ] {
        fake.on("POST /v1/chat/completions").answer(silent);
        let ran = user.run(&["complete", "hi", "--model", "gpt"]).await;
        assert_eq!((ran.code, ran.out.trim().is_empty()), (code, code != 0), "{ran:?}");
        assert!(!ran.err.is_empty(), "{ran:?}");
    }
}

/// A profile that is named holds by its own settings, whatever the environment says of another proxy.
#[tokio::test]
async fn a_profile_is_named_to_every_command_that_has_to_do_with_a_proxy() {
    let fake = FakeProxy::start().await;
    fake.on("POST /v1/chat/completions").always(Answer::stream().text("from work").finish("stop").done());
    let user = User::of("http://127.0.0.1:9", "sk-other");
    user.run(&["config", "--profile", "work", "set", "baseUrl", &fake.url()]).await;
    for active in ["work", "default"] {
        user.run(&["config", "use", active]).await;
        for arguments in [
            &["models"][..],
            &["complete", "hi"],
            &["count", "hi"],
            &["status"],
            &["doctor"],
            &["usage"],
            &["try"],
        ] {
            let named = user.run(&[arguments, &["--profile", "work"]].concat()).await;
            assert_eq!(named.code, 0, "{arguments:?}: {named:?}");
            assert!(!named.out.contains("demo"), "{named:?}");
            let unknown = user.run(&[arguments, &["--profile", "wrok"]].concat()).await;
            assert!(unknown.code == 1 && unknown.err.contains("work"), "{arguments:?}: {unknown:?}");
        }
    }
    let status = user.run(&["proxy", "status", "--profile", "work"]).await;
    assert!(status.code == 0 && status.out.contains("no (run"), "{status:?}");
    for arguments in [&["proxy", "status", "--profile", "wrok"][..], &["proxy", "start", "--profile", "wrok"]]
    {
        let unknown = user.run(arguments).await;
        assert!(unknown.code == 1 && unknown.err.contains("work"), "{unknown:?}");
    }
    let ask = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"provider/listModels\",\"params\":{}}\n";
    let served = user.run_with(&["--transport", "lines", "--profile", "work"], ask).await;
    assert!(served.out.contains("\"gpt\""), "{served:?}");
    let unknown = user.run_with(&["--transport", "lines", "--profile", "wrok"], ask).await;
    assert!(unknown.out.contains("notConfigured") && unknown.out.contains("work"), "{unknown:?}");
}

/// LiteLLM takes half a minute to say so, in a traceback.
#[tokio::test]
async fn a_configuration_that_can_not_be_read_is_said_before_anything_is_started() {
    let mut user = User::of("http://127.0.0.1:9", "sk");
    user.variables = vec![("LITELLM_PYTHON", "/nowhere/python".into())];
    let start = ["proxy", "start", "--config", "config.yaml"];
    user.file("config.yaml", "model_list:\n  - model_name: a\n   litellm_params: {model: x}\n");
    let broken = user.run(&start).await;
    assert_eq!((broken.code, broken.out.as_str()), (1, ""), "{broken:?}");
    assert!(broken.err.contains("config.yaml:") && broken.err.contains("nothing was started"), "{broken:?}");
    user.file(
        "config.yaml",
        "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o, api_key: os.environ/NOBODY_SET}\n",
    );
    let unset = user.run(&start).await;
    assert!(unset.err.contains("NOBODY_SET is not set") && unset.err.contains("no Python"), "{unset:?}");
    assert!(!unset.err.contains("master_key"), "it gets one: {unset:?}");
}
