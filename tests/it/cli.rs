//! The command line, as people and scripts use it: the real program against the real proxy.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::{
    blocking,
    fake_proxy::{Answer, FakeProxy},
    real_proxy::{MASTER_KEY, RealProxy},
};

/// A user with a home of their own, whose environment names a proxy.
struct User {
    home: TempDir,
    base_url: String,
    key: &'static str,
}

impl User {
    async fn of_real_proxy() -> Self {
        Self::of(&RealProxy::shared().await.url, MASTER_KEY)
    }

    fn of(base_url: &str, key: &'static str) -> Self {
        Self { home: tempfile::tempdir().unwrap(), base_url: base_url.to_owned(), key }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
        command.args(arguments).env_clear().env("HOME", self.home.path());
        command.env("LITELLM_BASE_URL", &self.base_url).env("LITELLM_API_KEY", self.key);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    async fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        blocking(move || command.output().unwrap().into()).await
    }

    async fn run_with(&self, arguments: &[&str], input: &'static str) -> Ran {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped());
        blocking(move || {
            let mut child = command.spawn().unwrap();
            child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
            child.wait_with_output().unwrap().into()
        })
        .await
    }
}

/// What a command said.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

#[tokio::test]
async fn models_are_a_table_or_json() {
    let user = User::of_real_proxy().await;
    let table = user.run(&["models"]).await;
    assert_eq!(table.code, 0, "{table:?}");
    assert!(table.out.starts_with("MODEL") && table.out.contains("described"), "{}", table.out);
    let json = user.run(&["models", "--json"]).await;
    let list: Value = serde_json::from_str(&json.out).unwrap();
    assert!(list["models"].as_array().unwrap().len() > 10);
}

#[tokio::test]
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
async fn failures_say_what_to_do_and_have_their_codes() {
    let good = User::of_real_proxy().await;
    let proxy_url = good.base_url.clone();
    for (user, code, said) in [
        (good, 0, "ready"),
        (User::of(&proxy_url, "sk-wrong"), 5, "what to do"),
        (User::of("http://127.0.0.1:9", "sk"), 4, "start the proxy"),
    ] {
        let status = user.run(&["status"]).await;
        assert_eq!(status.code, code, "{status:?}");
        assert!(status.out.contains(said), "{status:?}");
    }
    let user = User::of(&proxy_url, MASTER_KEY);
    let unknown = user.run(&["complete", "-m", "plan", "x"]).await;
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("what to do") && unknown.err.contains("plain"), "{unknown:?}");
    assert_eq!(unknown.out, "");
}

#[tokio::test]
async fn a_report_for_an_issue_names_no_key_and_no_other_machine() {
    let mut user = User::of("http://proxy.company.invalid:4000", "sk-company-secret-key");
    let report = user.run(&["doctor", "--report"]).await;
    assert_eq!(report.code, 4, "{report:?}");
    for said in
        [env!("CARGO_PKG_VERSION"), std::env::consts::OS, "LITELLM_API_KEY", "http://HOST:4000", "dns"]
    {
        assert!(report.out.contains(said), "{said} is missing: {report:?}");
    }
    for secret in ["company", "sk-", "-key"] {
        assert!(!report.out.contains(secret), "{secret}: {report:?}");
    }
    user.base_url = RealProxy::shared().await.url.clone();
    let doctor = user.run(&["doctor"]).await;
    assert!(doctor.code == 5 && doctor.out.contains("--report"), "{doctor:?}");
}

#[tokio::test]
async fn help_teaches_and_wrong_arguments_are_refused() {
    let user = User::of("http://127.0.0.1:9", "sk");
    let help = user.run(&["--help"]).await;
    for word in ["models", "complete", "status", "config", "proxy", "try", "LITELLM_BASE_URL"] {
        assert!(help.out.contains(word), "{word}");
    }
    assert_eq!(user.run(&["--version"]).await.out, format!("litellm-ls {}\n", env!("CARGO_PKG_VERSION")));
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
    assert_eq!(user.run(&["config", "unset", "model"]).await.code, 0);
    assert!(!std::fs::read_to_string(&file).unwrap().contains("model ="));
}

#[tokio::test]
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
