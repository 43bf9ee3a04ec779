//! `litellm-ls self-check`: which program each editor starts, and what does not fit, on machines of many kinds.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use serde_json::{Value, json};

use super::support::{
    fake_proxy::FakeProxy,
    user::{Ran, User},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_litellm-ls");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// VS Code's extension, and where its settings are.
const EXTENSION: &str = ".vscode/extensions/litellm-ls.litellm-ls-VERSION-linux-x64/package.json";
const SETTINGS: &str = if cfg!(target_os = "macos") {
    "Library/Application Support/Code/User/settings.json"
} else {
    ".config/Code/User/settings.json"
};
const PLUGIN: &str = ".local/share/nvim/site/pack/x/start/litellm/lua/litellm/binary.lua";
/// What `:LiteLLM install` has brought, by pip or cargo, and by npm.
const INSTALLED: &str = ".local/share/nvim/litellm/program/bin/litellm-ls";
#[cfg(target_os = "linux")]
const OF_NPM: &str = ".local/share/nvim/litellm/program/node_modules/litellm-ls-linux-x64/bin/litellm-ls";
const HELIX: &str = ".config/helix/languages.toml";
const KAKOUNE: &str = ".config/kak/kakrc";
const ZED: &str = if cfg!(target_os = "macos") {
    "Library/Application Support/Zed/extensions/installed/litellm/extension.toml"
} else {
    ".local/share/zed/extensions/installed/litellm/extension.toml"
};

/// Somebody whose proxy is well, with these folders on the `PATH`.
async fn somebody() -> (FakeProxy, User) {
    let fake = FakeProxy::start().await;
    let mut user = User::of(&fake.url(), "sk-fake");
    let home = user.home.path().display().to_string();
    user.variables.push(("PATH", format!("rel/bin:{home}/bin:{home}/usr/bin:/usr/bin:/bin")));
    (fake, user)
}

/// Writes a file of a home, with its folders. `HOME` and `VERSION` stand for what they are. What lies in a folder `bin` is
/// a program.
fn put(user: &User, name: &str, text: &str) {
    let home = user.home.path().display().to_string();
    let file = user.home.path().join(name.replace("VERSION", VERSION));
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    if text == "this program" {
        symlink(PROGRAM, &file).unwrap();
        return;
    }
    fs::write(&file, text.replace("HOME", &home).replace("VERSION", VERSION)).unwrap();
    if file.parent().unwrap().ends_with("bin") {
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// A program that says something.
fn says(said: &str) -> String {
    format!("#!/bin/sh\necho '{said}'\n")
}

/// What was found out under a name.
fn finding(ran: &Ran, name: &str) -> Value {
    let told = ran.json();
    let found = told["findings"].as_array().unwrap().iter().find(|finding| finding["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}: {told:#}")).clone()
}

/// A situation: files of the home, what is looked at, its outcome, words that are said, and the exit code.
type Situation<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str, &'a [&'a str], i32);

#[tokio::test]
async fn each_situation_is_told_with_its_remedy() {
    let (old, new) = (says("litellm-ls 0.0.1"), says("litellm-ls 999.0.0"));
    let (old, new) = (old.as_str(), new.as_str());
    let by_path = ("bin/litellm-ls", "this program");
    let helix = "[language-server.litellm]\ncommand = \"litellm-ls\"\n[[language]]\nname = \"rust\"\nlanguage-servers = [\"ra\", {name = \"litellm\"}]\n";
    let situations: &[Situation<'_>] = &[
        // This program and the PATH.
        (&[], "program", "ok", &[VERSION, "litellm-ls"], 0),
        (&[], "path", "skipped", &["no litellm-ls", "put "], 0),
        (&[by_path], "path", "ok", &["HOME/bin/litellm-ls", VERSION], 0),
        (
            &[("bin/litellm-ls", old), ("usr/bin/litellm-ls", "this program")],
            "path",
            "warning",
            &["HOME/bin/litellm-ls 0.0.1", "older", "remove"],
            3,
        ),
        // What lies in the folder that somebody happens to be in is nobody's program.
        (
            &[("rel/bin/litellm-ls", "#!/bin/sh\ntouch HOME/was-run\n")],
            "path",
            "skipped",
            &["no litellm-ls"],
            0,
        ),
        (&[("bin/litellm-ls", new)], "path", "warning", &["999.0.0", "newer"], 3),
        (
            &[("bin/litellm-ls", "#!/bin/sh\necho hello\n")],
            "path",
            "warning",
            &["does not say that it is"],
            3,
        ),
        (&[("bin/litellm-ls", "no program")], "path", "warning", &["does not say that it is"], 3),
        // VS Code.
        (&[], "vscode", "skipped", &["not found"], 0),
        (&[(SETTINGS, "{}")], "vscode", "skipped", &["not set up"], 0),
        (&[(EXTENSION, ""), by_path], "vscode", "ok", &["starts HOME/bin/litellm-ls", VERSION], 0),
        (&[(EXTENSION, "")], "vscode", "failed", &["no litellm-ls on the PATH", "put "], 1),
        (
            &[
                (EXTENSION, ""),
                (".vscode/extensions/litellm-ls.litellm-ls-VERSION-linux-x64/bin/litellm-ls", "this program"),
            ],
            "vscode",
            "ok",
            &["linux-x64/bin/litellm-ls"],
            0,
        ),
        (
            &[
                (EXTENSION, ""),
                (".vscode/extensions/litellm-ls.litellm-ls-VERSION-linux-x64/bin/litellm-ls", old),
            ],
            "vscode",
            "warning",
            &["0.0.1", "the extension is VERSION"],
            3,
        ),
        (
            &[(".vscode/extensions/litellm-ls.litellm-ls-0.0.1/bin/litellm-ls", old)],
            "vscode",
            "warning",
            &["0.0.1", "older", "same release"],
            3,
        ),
        (
            &[
                (".vscode/extensions/litellm-ls.litellm-ls-0.9.0/x", ""),
                (".vscode/extensions/litellm-ls.litellm-ls-0.10.0/bin/litellm-ls", old),
            ],
            "vscode",
            "warning",
            &["the extension is 0.10.0"],
            3,
        ),
        (
            &[
                (EXTENSION, ""),
                (".vscode/extensions/.obsolete", "{\"litellm-ls.litellm-ls-VERSION-linux-x64\": true}"),
            ],
            "vscode",
            "skipped",
            &["not set up"],
            0,
        ),
        (
            &[
                (EXTENSION, ""),
                by_path,
                (SETTINGS, "{ // mine\n \"litellm.server.path\": \"~/none/litellm-ls\",\n}"),
            ],
            "vscode",
            "failed",
            &["`litellm.server.path`", "~/none/litellm-ls", "no such program", "correct"],
            1,
        ),
        (&[(EXTENSION, ""), by_path, (SETTINGS, "{\"litellm.server.path\": \"\"}")], "vscode", "ok", &[], 0),
        (
            &[
                (EXTENSION, ""),
                ("o/bin/litellm-ls", old),
                (SETTINGS, "{\"litellm.server.path\": \"HOME/o/bin/litellm-ls\"}"),
            ],
            "vscode",
            "warning",
            &["0.0.1"],
            3,
        ),
        // What has another name is not run, whatever it is.
        (
            &[
                (EXTENSION, ""),
                ("o/bin/mine", "#!/bin/sh\ntouch HOME/was-run\n"),
                (SETTINGS, "{\"litellm.server.path\": \"HOME/o/bin/mine\"}"),
            ],
            "vscode",
            "skipped",
            &["another name"],
            0,
        ),
        // Neovim.
        (&[(".config/nvim/init.lua", "")], "neovim", "skipped", &["not set up"], 0),
        (&[(PLUGIN, ""), by_path], "neovim", "ok", &["starts HOME/bin/litellm-ls"], 0),
        (&[(PLUGIN, "")], "neovim", "failed", &["no litellm-ls on the PATH"], 1),
        (
            &[(PLUGIN, ""), (INSTALLED, "this program")],
            "neovim",
            "ok",
            &["starts HOME/.local/share/nvim/litellm/program/bin/litellm-ls"],
            0,
        ),
        (
            &[(PLUGIN, ""), ("bin/litellm-ls", old)],
            "neovim",
            "warning",
            &["older", "remove HOME/bin/litellm-ls"],
            3,
        ),
        (
            &[
                (PLUGIN, ""),
                by_path,
                (
                    ".config/nvim/lua/me/ai.lua",
                    "vim.g.litellm = {\n  inline = true,\n  cmd = { '/none/litellm-ls' },\n}",
                ),
            ],
            "neovim",
            "failed",
            &["`cmd`", "ai.lua", "/none/litellm-ls"],
            1,
        ),
        (
            &[(PLUGIN, ""), by_path, (".config/nvim/init.lua", "vim.g.litellm = { cmd = home .. '/x' }")],
            "neovim",
            "skipped",
            &["is computed in HOME/.config/nvim/init.lua"],
            0,
        ),
        (
            &[(PLUGIN, ""), by_path, (".config/nvim/init.lua", "-- vim.g.litellm = { cmd = '/none' }")],
            "neovim",
            "ok",
            &[],
            0,
        ),
        (
            &[
                (".local/share/nvim/lazy/repo/editors/nvim/lua/x", ""),
                (".config/nvim/init.lua", "vim.lsp.config('litellm', { cmd = { 'litellm-ls' } })"),
                by_path,
            ],
            "neovim",
            "ok",
            &["by `cmd`"],
            0,
        ),
        // Helix.
        (&[(".config/helix/config.toml", "")], "helix", "skipped", &["not set up"], 0),
        (&[(HELIX, helix), by_path], "helix", "ok", &["by `command`"], 0),
        (&[(HELIX, helix)], "helix", "failed", &["names litellm-ls, and there is no such program"], 1),
        (
            &[(HELIX, "[language-server.litellm]\ncommand = \"litellm-ls\""), by_path],
            "helix",
            "warning",
            &["no language in", "add \"litellm\""],
            3,
        ),
        (&[(HELIX, "[language-server.litellm]\n")], "helix", "warning", &["has no `command`"], 3),
        (&[(HELIX, "[language-server")], "helix", "warning", &["is no TOML", "hx --health"], 3),
        (
            &[(HELIX, helix), ("bin/litellm-ls", old)],
            "helix",
            "warning",
            &["older", "remove HOME/bin/litellm-ls"],
            3,
        ),
        // Emacs.
        (&[(".emacs", "(message \"hi\")")], "emacs", "skipped", &["not set up"], 0),
        (&[(".emacs", "(require 'litellm)"), by_path], "emacs", "ok", &[], 0),
        (&[(".emacs.d/elpa/litellm-VERSION/litellm-pkg.el", ""), by_path], "emacs", "ok", &[], 0),
        (
            &[(".config/emacs/elpa/litellm-99.0.0/litellm-pkg.el", ""), by_path],
            "emacs",
            "warning",
            &["the extension is 99.0.0", "install litellm-ls 99.0.0"],
            3,
        ),
        (
            &[
                (".config/emacs/init.el", "(setq litellm-program \"/none/litellm-ls\")\n(require 'litellm)"),
                by_path,
            ],
            "emacs",
            "failed",
            &["`litellm-program`", "/none/litellm-ls"],
            1,
        ),
        // Zed.
        (&[(".config/zed/settings.json", "{}")], "zed", "skipped", &["not set up"], 0),
        (&[(ZED, ""), by_path], "zed", "ok", &[], 0),
        (
            &[
                (ZED, ""),
                (
                    ".config/zed/settings.json",
                    "{\"lsp\": {\"litellm\": {\"binary\": {\"path\": \"/none/litellm-ls\"}}}} // x",
                ),
                by_path,
            ],
            "zed",
            "failed",
            &["`lsp.litellm.binary.path`"],
            1,
        ),
        // Kakoune.
        (&[(KAKOUNE, "eval %sh{kak-lsp}")], "kakoune", "skipped", &["not set up"], 0),
        (
            &[(KAKOUNE, "set-option x %{\n[litellm-ls]\nroot_globs = []\n}\ncommand = \"/none\""), by_path],
            "kakoune",
            "ok",
            &[],
            0,
        ),
        (
            &[(KAKOUNE, "[litellm-ls]\ncommand = \"/none/litellm-ls\"\n}"), by_path],
            "kakoune",
            "failed",
            &["`command`"],
            1,
        ),
        // The settings file.
        (&[], "settings", "skipped", &["not there yet"], 0),
        (
            &[("s.toml", "[profiles.one]\nbaseUrl = \"http://a.invalid\"")],
            "settings",
            "ok",
            &["HOME/s.toml, 1 profile"],
            0,
        ),
        (
            &[("s.toml", "[profiles.default]\nbaseUrl = 1")],
            "settings",
            "warning",
            &["1 problem", "config show"],
            3,
        ),
    ];
    for (files, name, outcome, words, code) in situations {
        let (_fake, mut user) = somebody().await;
        files.iter().for_each(|(name, text)| put(&user, name, text));
        user.variables.push(("LITELLM_LS_SETTINGS", user.home.path().join("s.toml").display().to_string()));
        let ran = user.run(&["self-check", "--json"]).await;
        let found = finding(&ran, name);
        let what = format!("{name} of {files:?}: {found:#}\n{ran:?}");
        assert_eq!(found["outcome"], *outcome, "{what}");
        let said = format!("{} {}", found["message"], found["remedy"]).replace("\\\"", "\"");
        let home = user.home.path().display().to_string();
        for word in *words {
            assert!(
                said.contains(&word.replace("HOME", &home).replace("VERSION", VERSION)),
                "{word}: {what}"
            );
        }
        assert!(found["remedy"].is_string() || !["warning", "failed"].contains(outcome), "no remedy: {what}");
        assert_eq!(ran.code, *code, "{what}");
        assert!(!user.home.path().join("was-run").exists(), "{what}");
        let people = user.run(&["doctor"]).await;
        assert_eq!(people.code, *code, "{people:?}");
        assert!(
            people.out.contains(found["message"].as_str().unwrap()) || said.contains("not found"),
            "{what}{people:?}"
        );
    }
}

#[tokio::test]
async fn a_program_that_does_not_answer_holds_nothing_up_for_long() {
    let (_fake, user) = somebody().await;
    put(&user, "bin/litellm-ls", "#!/bin/sh\nexec sleep 600\n");
    put(&user, PLUGIN, "");
    put(&user, EXTENSION, "");
    let ran = user.run(&["self-check", "--json"]).await;
    for editor in ["neovim", "vscode"] {
        let found = finding(&ran, editor);
        assert!(found["message"].as_str().unwrap().contains("does not answer"), "{found:#}");
    }
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[tokio::test]
async fn the_proxy_comes_first_in_the_exit_code() {
    let (fake, mut user) = somebody().await;
    put(&user, EXTENSION, "");
    user.base_url = "http://127.0.0.1:9".to_owned();
    let away = user.run(&["self-check", "--json"]).await;
    assert_eq!((away.code, &away.json()["status"]["state"]), (4, &Value::from("unreachable")), "{away:?}");
    assert_eq!(finding(&away, "vscode")["outcome"], "failed", "the machine is looked at all the same");
    user.base_url = fake.url();
    assert_eq!(user.run(&["self-check", "--json"]).await.code, 1);
}

/// Without a session there is no keyring to speak to on Linux.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_keyring_matters_where_a_key_is_in_it() {
    let (_fake, mut user) = somebody().await;
    let without = finding(&user.run(&["self-check", "--json"]).await, "keyring");
    assert_eq!(without["outcome"], "skipped", "{without:#}");
    user.variables.push(("LITELLM_LS_SETTINGS", user.home.path().join("s.toml").display().to_string()));
    put(&user, "s.toml", "[profiles.other]\nbaseUrl = \"http://a.invalid\"\napiKey = \"keyring:x\"\n");
    let ran = user.run(&["self-check", "--json"]).await;
    let used = finding(&ran, "keyring");
    assert_eq!((used["outcome"].as_str(), ran.code), (Some("warning"), 3), "{ran:?}");
    assert!(used["remedy"].as_str().unwrap().contains("env:NAME"), "{used:#}");
}

#[tokio::test]
async fn it_runs_without_a_home_and_in_one_that_can_not_be_written() {
    let (_fake, user) = somebody().await;
    let run = async |change: &dyn Fn(&mut std::process::Command)| -> Ran {
        let mut command = user.command(&["self-check", "--json"]);
        change(&mut command);
        super::support::blocking(move || command.output().unwrap().into()).await
    };
    for home in [None, Some(""), Some("not/whole"), Some("/nonexistent/home")] {
        let ran = run(&|command| {
            command.env_remove("HOME").envs(home.map(|home| ("HOME", home)));
        })
        .await;
        assert!([0, 3].contains(&ran.code), "{home:?}: {ran:?}");
        let told = ran.json();
        let editors = told["findings"].as_array().unwrap().iter().any(|finding| finding["name"] == "editors");
        assert_eq!(editors, home != Some("/nonexistent/home"), "{told:#}");
    }
    put(&user, PLUGIN, "");
    fs::set_permissions(user.home.path(), fs::Permissions::from_mode(0o500)).unwrap();
    let ran = run(&|_| ()).await;
    fs::set_permissions(user.home.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(finding(&ran, "neovim")["outcome"], "failed", "{ran:?}");
}

/// What stands in the place of a path may be a key, and settings of editors hold others.
#[tokio::test]
async fn nothing_of_an_editors_settings_is_shown_but_the_program() {
    const KEY: &str = "sk-CANARY0123456789abcdef";
    let (_fake, user) = somebody().await;
    put(&user, EXTENSION, "");
    put(&user, SETTINGS, &format!("{{\"litellm.server.path\": \"{KEY}\", \"other\": \"{KEY}\"}}"));
    put(&user, PLUGIN, "");
    put(
        &user,
        ".config/nvim/init.lua",
        &format!("vim.g.litellm = {{ cmd = '/x/{KEY}', settings = {{ apiKey = '{KEY}' }} }}"),
    );
    put(
        &user,
        HELIX,
        &format!(
            "[language-server.litellm]\ncommand = \"{KEY}\"\nenvironment = {{K = \"{KEY}\"}}\n[[language]]\nlanguage-servers = [\"litellm\"]"
        ),
    );
    put(&user, ".emacs", &format!("(setq litellm-program \"{KEY}\")"));
    put(&user, "bin/litellm-ls", &says(&format!("litellm-ls {KEY}")));
    for arguments in [&["doctor"][..], &["doctor", "--json"], &["doctor", "--report"]] {
        let ran = user.run(arguments).await;
        assert!(ran.code == 1 && ran.out.contains("litellm.server.path"), "{ran:?}");
        assert!(!format!("{ran:?}").contains("CANARY"), "{arguments:?}: {ran:?}");
    }
    let report = user.run(&["doctor", "--report"]).await;
    let home = Path::new(user.home.path()).file_name().unwrap().to_str().unwrap();
    assert!(!report.out.contains(home), "{report:?}");
}

/// A key is for the proxy: a program that only says its version gets none.
#[tokio::test]
async fn a_program_that_is_asked_for_its_version_gets_no_key() {
    let (_fake, user) = somebody().await;
    put(&user, "bin/litellm-ls", "#!/bin/sh\necho \"litellm-ls 0.0.1${LITELLM_API_KEY:+.7}\"\n");
    let found = finding(&user.run(&["self-check", "--json"]).await, "path");
    assert_eq!(found["version"], "0.0.1", "{found:#}");
}

/// VS Code's rule is a table that its extension's tests read too.
#[tokio::test]
async fn what_is_told_of_vs_code_is_what_its_extension_starts() {
    let table = include_str!("../cases/vscode-program.json");
    let table: Value = serde_json::from_str(table).unwrap();
    let cases = table["cases"].as_array().unwrap();
    for case in cases {
        let (_fake, user) = somebody().await;
        put(&user, EXTENSION, "");
        let place = |name: &str| match name {
            "inside" => EXTENSION.replace("package.json", "bin/litellm-ls").replace("VERSION", VERSION),
            "path" => "bin/litellm-ls".to_owned(),
            _ => "o/bin/litellm-ls".to_owned(),
        };
        for name in case["there"].as_array().unwrap() {
            put(&user, &place(name.as_str().unwrap()), "this program");
        }
        put(&user, SETTINGS, &json!({"litellm.server.path": case["setting"]}).to_string());
        let told = finding(&user.run(&["self-check", "--json"]).await, "vscode");
        let starts =
            case["starts"].as_str().map(|name| user.home.path().join(place(name)).display().to_string());
        assert_eq!(told["program"].as_str(), starts.as_deref(), "{case}: {told:#}");
    }
    assert!(cases.len() > 5);
}

/// What the editors themselves start, where they are asked: the rules above are theirs, and they change.
#[cfg(target_os = "linux")]
mod as_editors_do {
    use std::process::Command;

    use super::*;
    use crate::support::{blocking, editors};

    const ROOT: &str = env!("CARGO_MANIFEST_DIR");

    /// An editor as somebody starts it. Nothing but the home and the `PATH` is given.
    fn started(user: &User, editor: &str, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(editors::folder(editor).join("bin").join(program));
        let path = user.variables.iter().find(|(name, _)| *name == "PATH").unwrap();
        command.env_clear().env("HOME", user.home.path()).env("PATH", &path.1).current_dir(user.home.path());
        let output = command.args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    fn neovim(user: &User) -> String {
        let found = "lua local found = require('litellm.binary').find(); \
            io.stdout:write(found and vim.fn.exepath(found[1]) or '')";
        started(user, "nvim", "nvim", &["--headless", "-c", found, "-c", "qa!"])
    }

    fn emacs(user: &User) -> String {
        let package = format!("{ROOT}/editors/emacs");
        let quick = "(setq native-comp-enable-subr-trampolines nil)";
        let found = "(princ (or (executable-find litellm-program) \"\"))";
        started(
            user,
            "emacs",
            "emacs",
            &["--batch", "-L", &package, "--eval", quick, "-l", ".emacs", "--eval", found],
        )
    }

    fn helix(user: &User) -> String {
        let health = started(user, "hx", "hx", &["--health", "rust"]);
        let line = health.lines().find(|line| line.contains("litellm")).unwrap_or_default();
        let path = line.split(['\u{1b}', ' ']).rev().find_map(|part| part.find('/').map(|at| &part[at..]));
        path.unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn what_is_told_is_what_they_start() {
        /// An editor, how it is asked, and files of the home.
        type Situation<'a> = (&'a str, fn(&User) -> String, &'a [(&'a str, &'a str)]);
        let path = ("bin/litellm-ls", "this program");
        let other = ("o/bin/litellm-ls", "this program");
        let languages = |command: &str| {
            format!(
                "[language-server.litellm]\ncommand = \"{command}\"\n[[language]]\nname = \"rust\"\nlanguage-servers = [\"litellm\"]\n"
            )
        };
        let (by_name, by_path) = (languages("litellm-ls"), languages("HOME/o/bin/litellm-ls"));
        let nvim = ".config/nvim/init.lua";
        let situations: &[Situation<'_>] = &[
            ("neovim", neovim, &[]),
            ("neovim", neovim, &[path]),
            ("neovim", neovim, &[path, other, (nvim, "vim.g.litellm = { cmd = '~/o/bin/litellm-ls' }")]),
            (
                "neovim",
                neovim,
                &[
                    path,
                    other,
                    (nvim, "vim.g.litellm = { shared = true, cmd = { 'HOME/o/bin/litellm-ls', '--x' } }"),
                ],
            ),
            ("neovim", neovim, &[(INSTALLED, "this program")]),
            ("neovim", neovim, &[(OF_NPM, "this program")]),
            ("neovim", neovim, &[(INSTALLED, "this program"), path]),
            ("neovim", neovim, &[path, (nvim, "vim.g.litellm = { cmd = 'HOME/none' }")]),
            ("neovim", neovim, &[path, (nvim, "vim.g.litellm = { cmd = 'litellm-ls' }")]),
            (
                "neovim",
                neovim,
                &[
                    path,
                    other,
                    (nvim, "require('ai')"),
                    (
                        ".config/nvim/lua/ai.lua",
                        "-- cmd = 'x'\nvim.g.litellm = {\n  cmd = 'HOME/o/bin/litellm-ls',\n}",
                    ),
                ],
            ),
            ("emacs", emacs, &[(".emacs", "(require 'litellm)")]),
            ("emacs", emacs, &[path, (".emacs", "(require 'litellm)")]),
            (
                "emacs",
                emacs,
                &[
                    path,
                    other,
                    (".emacs", "(require 'litellm)\n(setq litellm-program \"~/o/bin/litellm-ls\")"),
                ],
            ),
            (
                "emacs",
                emacs,
                &[
                    path,
                    other,
                    (
                        ".emacs",
                        "(require 'litellm)\n(custom-set-variables '(litellm-program \"HOME/o/bin/litellm-ls\"))",
                    ),
                ],
            ),
            (
                "emacs",
                emacs,
                &[path, (".emacs", "(setq litellm-program \"HOME/none/litellm-ls\")\n(require 'litellm)")],
            ),
            ("helix", helix, &[(HELIX, &by_name)]),
            ("helix", helix, &[path, (HELIX, &by_name)]),
            ("helix", helix, &[path, other, (HELIX, &by_path)]),
            ("helix", helix, &[path, (HELIX, &by_path)]),
        ];
        let mut found_some = 0;
        for (name, asked, files) in situations {
            let (_fake, user) = somebody().await;
            let plugins = user.home.path().join(".local/share/nvim/site/pack/x/start");
            fs::create_dir_all(&plugins).unwrap();
            symlink(Path::new(ROOT).join("editors/nvim"), plugins.join("litellm")).unwrap();
            files.iter().for_each(|(name, text)| put(&user, name, text));
            let told = finding(&user.run(&["self-check", "--json"]).await, name);
            let asked = *asked;
            let started = blocking(move || (asked(&user), user)).await;
            let whole = |path: &str| Path::new(path).canonicalize().ok().map(|_| path.to_owned());
            let (started, _user) = (started.0.trim().to_owned(), started.1);
            let told_program = told["program"].as_str().and_then(whole);
            assert_eq!(told_program, whole(&started), "{name} of {files:?} starts {started}: {told:#}");
            found_some += usize::from(told_program.is_some());
        }
        assert!((8..situations.len()).contains(&found_some), "{found_some}");
    }
}
