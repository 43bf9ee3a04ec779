//! `litellm-ls check --deep`: what the real LiteLLM says as it loads a file, at the lines that it speaks of; nothing of the
//! file is run, and nothing is connected to.

use std::{fs, net::TcpListener, path::PathBuf};

use super::support::{real_proxy, user::User};

const GOOD: &str = "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY}\n";
const SETTINGS: &str = "general_settings: {master_key: os.environ/LITELLM_MASTER_KEY}\n";

fn user() -> User {
    let mut user = User::of("http://127.0.0.1:9", "sk");
    for name in ["OPENAI_API_KEY", "LITELLM_MASTER_KEY"] {
        user.variables.push((name, "sk-CANARY-value-of-a-variable".to_owned()));
    }
    user
}

/// The LiteLLM that is asked.
fn environment() -> String {
    real_proxy::environment().to_str().unwrap().to_owned()
}

async fn deep(user: &User, more: &[&str]) -> super::support::user::Ran {
    let litellm = environment();
    let ran = user.run(&[&["check", "--deep", "--litellm", &litellm], more].concat()).await;
    assert!(!format!("{ran:?}").contains("CANARY"), "{ran:?}");
    ran
}

#[tokio::test]
async fn a_faultless_file_is_loaded_and_what_litellm_alone_knows_is_told_in_every_format() {
    let user = user();
    user.file("config.yaml", &format!("{GOOD}{SETTINGS}"));
    let ran = deep(&user, &["config.yaml"]).await;
    assert!(ran.code == 0 && ran.out.starts_with("0 errors, 0 warnings in 1 file, by LiteLLM "), "{ran:?}");
    // Where it stumbles is known to it alone.
    let text = format!(
        "{GOOD}{SETTINGS}litellm_settings:\n  # comment\n  callbacks: [lakera_prompt_injection]\nsandbox_tools: 7\n"
    );
    user.file("bad.yaml", &format!("# litellm-config\n{text}"));
    for format in ["text", "sarif"] {
        let ran = deep(&user, &["bad.yaml", "--format", format]).await;
        assert_eq!(ran.code, 1, "{format}: {ran:?}");
        assert!(
            ran.out.contains("litellm/not-started") && ran.out.contains("LiteLLM did not start"),
            "{format}: {ran:?}"
        );
    }
}

/// A pipe that nobody writes to would hold up whoever opens it: OpenSSL does, as soon as it is loaded, and loads code that
/// is named there.
#[cfg(unix)]
#[tokio::test]
async fn variables_beside_a_file_are_litellms_and_load_no_code() {
    let user = user();
    let pipe = user.home.path().join("openssl.cnf");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let model = "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o, api_key: os.environ/A_KEY_OF_THE_FILE}\n";
    user.file("config.yaml", &format!("{model}{SETTINGS}"));
    user.file(".env", &format!("A_KEY_OF_THE_FILE=sk-CANARY-1\nOPENSSL_CONF={}\n", pipe.display()));
    let ran = deep(&user, &["config.yaml"]).await;
    assert!(ran.code == 0 && ran.out.starts_with("0 errors, 0 warnings in 1 file, by LiteLLM "), "{ran:?}");
}

#[tokio::test]
async fn python_that_a_file_names_runs_only_where_that_is_allowed() {
    let user = user();
    let mark = user.home.path().join("ran");
    let hook =
        format!("open({:?}, 'w').close()\nclass Hook: pass\nhandler = Hook()\n", mark.to_str().unwrap());
    user.file("hooks.py", &hook);
    // What lies beside the file, or above it, has the name of a package that LiteLLM imports.
    for name in ["yaml.py", "httpx.py", "../yaml.py"] {
        let path = user.home.path().join("below").join(name);
        fs::create_dir_all(user.home.path().join("below/deeper")).unwrap();
        fs::write(path, &hook).unwrap();
    }
    let callback = "litellm_settings:\n  callbacks: hooks.handler\n";
    let secrets = "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n  key_management_system: custom\n  key_management_settings: {custom_secret_manager: hooks.Hook}\n";
    let guardrail =
        "guardrails:\n  - guardrail_name: g\n    litellm_params: {guardrail: hooks.Hook, mode: pre_call}\n";
    let auth = "general_settings: {master_key: os.environ/LITELLM_MASTER_KEY, custom_auth: hooks.handler}\n";
    let provider =
        "litellm_settings:\n  custom_provider_map: [{provider: mine, custom_handler: hooks.handler}]\n";
    let own = "guardrails:\n  - guardrail_name: g\n    litellm_params:\n      guardrail: custom_code\n      mode: pre_call\n      custom_code: |\n        def apply_guardrail(inputs, request_data, input_type):\n            return allow()\n";
    for (more, place) in [
        (&[callback, SETTINGS][..], "hooks.handler"),
        (&[secrets], "hooks"),
        (&[guardrail, SETTINGS], "hooks.Hook"),
        (&[auth], "hooks.handler"),
        (&[provider, SETTINGS], "hooks.handler"),
        (&[own, SETTINGS], "custom_code"),
    ] {
        fs::copy(user.home.path().join("hooks.py"), user.home.path().join("below/deeper/hooks.py")).unwrap();
        let text = format!("# litellm-config\n{GOOD}{}", more.concat());
        // Looked at together, each by itself.
        for file in ["below/deeper/config.yaml"] {
            user.file(file, &text);
            let ran = deep(&user, &[file]).await;
            assert!(!mark.exists(), "{place} of {file} ran: {ran:?}");
            assert!(
                ran.code == 0 && ran.out.contains("not-loaded") && ran.out.contains("--allow-code"),
                "{place}: {ran:?}"
            );
            assert!(ran.out.contains(&format!("`{place}")), "{place}: {ran:?}");
        }
    }
    user.file("config.yaml", &format!("{GOOD}{SETTINGS}{callback}"));
    let ran = deep(&user, &["config.yaml", "--allow-code"]).await;
    assert!(mark.exists() && !ran.out.contains("not-loaded"), "{ran:?}");
}

/// Neither a connection nor a program, whatever the file asks for.
#[tokio::test]
async fn nothing_is_connected_to_and_no_program_is_run() {
    let user = user();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let mark: PathBuf = user.home.path().join("ran");
    fs::create_dir(user.home.path().join("bin")).unwrap();
    let program = user.home.path().join("bin/ollama");
    fs::write(&program, format!("#!/bin/sh\ntouch {}\n", mark.display())).unwrap();
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    for more in [
        format!(
            "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: 127.0.0.1, port: {port}}}\n"
        ),
        format!("mcp_servers:\n  one: {{url: \"http://127.0.0.1:{port}/mcp\"}}\n"),
        format!("mcp_servers:\n  one: {{transport: stdio, command: {}, args: [x]}}\n", program.display()),
        format!(
            "litellm_settings:\n  success_callback: [langfuse]\nenvironment_variables: {{LANGFUSE_HOST: \"http://127.0.0.1:{port}\"}}\n"
        ),
    ] {
        let ollama = "  - model_name: o\n    litellm_params: {model: ollama/llama3}\n";
        user.file("litellm.yaml", &format!("{GOOD}{ollama}{SETTINGS}{more}"));
        let litellm = environment();
        let mut command = user.command(&["check", "--deep", "--litellm", &litellm, "litellm.yaml"]);
        command.env("PATH", format!("{}:/usr/bin:/bin", user.home.path().join("bin").display()));
        let output = super::support::blocking(move || command.output().unwrap()).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.code().is_some_and(|code| code < 2), "{more}: {output:?}");
        assert!(said.contains("by LiteLLM"), "{more}: {said}");
        assert!(listener.accept().is_err(), "{more}: it was connected to");
        assert!(!mark.exists(), "{more}: a program was run");
    }
}

#[tokio::test]
async fn where_litellm_is_not_installed_that_is_said() {
    let user = user();
    user.file("config.yaml", GOOD);
    for (arguments, told) in [
        (&["--deep", "config.yaml"][..], "litellm-ls proxy install"),
        (&["--deep", "--litellm", "./nowhere", "config.yaml"], "no virtual environment with LiteLLM"),
        (&["--deep", "-"], "name a file"),
        (&["--litellm", "own", "config.yaml"], "--deep"),
        (&["--allow-code", "config.yaml"], "--deep"),
        (&["--litellm", "new", "config.yaml"], "1.104"),
    ] {
        let ran = user.run(&[&["check"], arguments].concat()).await;
        assert!(ran.code == 2 && ran.err.contains(told), "{told}: {ran:?}");
    }
}

/// A name may hold ends of lines, in which GitHub would read commands.
#[tokio::test]
async fn no_line_of_a_report_is_the_files() {
    let user = user();
    user.file(
        "config.yaml",
        "model_list: [{model_name: a, litellm_params: {model: openai/gpt-4o}}]\nlitellm_settings:\n  \"x\\n::error::A\\u2028::error::A\": 1\n  fallbacks: [{\"z\\r::warning::B\": [\"y\\u0085::warning::B\"]}]\n",
    );
    for format in ["text", "github", "junit", "sarif", "json"] {
        let ran = user.run(&["check", "--format", format, "config.yaml"]).await;
        assert!(ran.code == 1 && ran.out.contains("::error::A"), "{ran:?}");
        let breaks = ['\n', '\r', '\u{85}', '\u{2028}'];
        assert!(ran.out.split(breaks).all(|line| !line.trim_start().starts_with("::error::A")), "{ran:?}");
        assert!(ran.out.split(breaks).all(|line| !line.trim_start().starts_with("::warning::B")), "{ran:?}");
    }
}

/// A file that includes what the check knows nothing of, and one that is no file of LiteLLM's.
#[tokio::test]
async fn other_files_are_left_out_where_that_is_asked_for() {
    let user = user();
    user.file("config.yaml", "database: {host: x}\n");
    user.file("litellm.yaml", &format!("{GOOD}{SETTINGS}"));
    let ran = user.run(&["check", "--skip-others", "config.yaml", "litellm.yaml"]).await;
    assert!(ran.code == 0 && ran.out.contains("in 1 file"), "{ran:?}");
    let ran = user.run(&["check", "config.yaml"]).await;
    assert!(ran.out.contains("unknown-key"), "{ran:?}");
}
