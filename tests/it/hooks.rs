//! The hook for pre-commit and the action for GitHub: what their files name is run, by the real pre-commit and by bash, on
//! files that are right and files that are wrong.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use litellm_ls::config_yaml::{Disk, Project};
use serde_json::Value;

use super::support::cached::{self, interpreter, run};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const GOOD: &str = "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY}\ngeneral_settings: {master_key: os.environ/LITELLM_MASTER_KEY}\n";
const BAD: &str = "model_list:\n  - model_name: a\n    litellm_params: {model: opnai/gpt-4o}\n";
/// Of another program: a check of LiteLLM's would find much.
const OTHER: &str = "model_lst: 1\nserver: {port: 1}\n";

/// A file of the repository, as YAML.
fn yaml(name: &str) -> Value {
    let path = Path::new(ROOT).join(name);
    let text = fs::read_to_string(&path).expect("a file");
    Project::read(&path, &text, &Disk).sources()[0].value()
}

/// A repository of somebody who uses LiteLLM.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new(files: &[(&str, &str)]) -> Self {
        let repository = Self(tempfile::tempdir().expect("a folder"));
        run(&mut repository.command("git", &["init", "-q"]));
        for (name, text) in files {
            fs::write(repository.0.path().join(name), text).expect("written");
        }
        run(&mut repository.command("git", &["add", "-A"]));
        run(&mut repository.command("git", &["commit", "-qm", "files"]));
        repository
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
        let ours = Path::new(env!("CARGO_BIN_EXE_litellm-ls")).parent().expect("a folder").to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path =
            std::env::join_paths([ours].into_iter().chain(std::env::split_paths(&path))).expect("a path");
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.0.path()).env_clear().env("PATH", path);
        command.env("HOME", self.0.path()).env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["GIT_AUTHOR", "GIT_COMMITTER"] {
            command.env(format!("{who}_NAME"), "a test").env(format!("{who}_EMAIL"), "test@example.com");
        }
        command.env("OPENAI_API_KEY", "value-of-a-key").env("LITELLM_MASTER_KEY", "value-of-a-master-key");
        command
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn pre_commit() -> PathBuf {
    let lock = Path::new(ROOT).join("tests/clients/pre_commit/requirements.lock");
    interpreter(&cached::python("pre-commit", &lock)).with_file_name("pre-commit")
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
fn pre_commit_runs_the_hook_on_the_files_that_are_litellms() {
    let pre_commit = pre_commit();
    let manifest = ".pre-commit-hooks.yaml";
    let text = fs::read_to_string(Path::new(ROOT).join(manifest)).expect("the manifest");
    let hooks = yaml(manifest);
    let hooks = hooks.as_array().expect("hooks");
    let entries: Vec<&Value> = hooks.iter().map(|hook| &hook["entry"]).collect();
    assert!(entries.len() == 2 && entries.iter().all(|entry| *entry == entries[0]), "{entries:?}");
    let system = hooks.iter().find(|hook| hook["language"] == "system").expect("a hook that builds nothing");

    // What is published, as far as the hook needs it.
    let source = Repository::new(&[(manifest, &text)]);
    run(&mut source.command(&pre_commit, &["validate-manifest", manifest]));
    let revision = run(&mut source.command("git", &["rev-parse", "HEAD"]));
    let config = format!(
        "repos:\n  - repo: {}\n    rev: {}\n    hooks: [{{id: {}}}]\n",
        source.0.path().display(),
        revision.trim(),
        system["id"].as_str().expect("an id")
    );
    for (files, passes, told) in [
        (&[("config.yaml", GOOD), ("app.yaml", OTHER)][..], true, "Passed"),
        (&[("proxy_config.yml", BAD), ("config.yaml", OTHER)], false, "litellm/unknown-provider"),
        (&[("config.yaml", OTHER)], true, "Passed"),
    ] {
        let config = [(".pre-commit-config.yaml", config.as_str())];
        let user = Repository::new(&[files, &config].concat());
        let output =
            user.command(&pre_commit, &["run", "--all-files", "--color", "never"]).output().expect("a run");
        let said = said(&output);
        assert_eq!(output.status.success(), passes, "{said}");
        assert!(said.contains(told) && !said.contains("value-of"), "{told}: {said}");
    }
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no git")]
fn the_action_annotates_the_lines_at_fault() {
    let action = yaml("action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    let steps = action["runs"]["steps"].as_array().expect("steps");
    for step in steps {
        // What is put into a script could end its line.
        assert!(!step["run"].as_str().expect("a script").contains("${{"), "{step}");
        assert_eq!(step["shell"], "bash");
    }
    let check = steps.last().expect("a step");
    let named = check["env"].as_object().expect("variables");
    for value in named.values() {
        let input = value.as_str().and_then(|text| text.strip_prefix("${{ inputs.")?.strip_suffix(" }}"));
        let input = input.unwrap_or_else(|| panic!("{value} is no input"));
        assert!(action["inputs"][input]["default"].is_string(), "{input} has no default");
    }
    let files = [("config.yaml", GOOD), ("proxy_config.yml", BAD), ("app.yaml", OTHER), ("a b.yaml", GOOD)];
    let unset = "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o, api_key: os.environ/NOT_SET_HERE}\n";
    for (files, variables, code, told) in [
        (&files[..], &[][..], 1, "::error file=proxy_config.yml,line=3"),
        (&files[..1], &[], 0, ""),
        (&files, &[("FILES", "config.yaml\na b.yaml\n")], 0, ""),
        (&files, &[("FILES", "config.yaml\nproxy_config.yml")], 1, "::error file=proxy_config.yml,line=3"),
        (&[("litellm.yaml", unset)], &[("LITELLM", "1.101")], 0, "::warning file=litellm.yaml,line=3"),
        (
            &[("litellm.yaml", unset)],
            &[("LITELLM", "1.101"), ("STRICT", "true")],
            1,
            "::warning file=litellm.yaml",
        ),
        (&[("README.md", "nothing")], &[], 0, "no YAML is here"),
    ] {
        let user = Repository::new(files);
        let mut command =
            user.command("bash", &["-e", "-o", "pipefail", "-c", check["run"].as_str().expect("a script")]);
        command.env("FILES", "").env("STRICT", "false").env("LITELLM", "");
        let output = command.envs(variables.iter().copied()).output().expect("a run");
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{variables:?}: {said}");
        assert!(said.contains(told) && !said.contains("app.yaml"), "{told}: {said}");
    }
    let build = steps[0]["run"].as_str().expect("a script");
    assert!(build.contains("cargo install --locked --path \"$SOURCE\""), "{build}");
}
