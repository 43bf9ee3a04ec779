//! One process under the real editors, two windows of each at once, while a model writes into a file of every window.

use std::{fs, os::unix::fs::symlink, path::Path, process::Stdio, time::Duration};

use tokio::process::Command;

use super::{
    shared::{User, kill},
    support::{
        blocking, editors,
        fake_proxy::{Answer, FakeProxy, Request},
        script::Script,
    },
    vscode,
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const BINARY: &str = env!("CARGO_BIN_EXE_litellm-ls");
const CHAT: &str = "POST /v1/chat/completions";

/// Every window: what its file is called, and what it calls itself.
const WINDOWS: [(&str, &str); 8] = [
    ("nvim-1", "Neovim"),
    ("nvim-2", "Neovim"),
    ("hx-1", "helix"),
    ("hx-2", "helix"),
    ("emacs-1", "Emacs"),
    ("emacs-2", "Emacs"),
    ("code-1", "code-server"),
    ("code-2", "code-server"),
];
/// The windows that are killed while the others go on.
const KILLED: [&str; 3] = ["nvim-2", "hx-2", "emacs-2"];
/// Lines of an answer: all of them fit on the smallest screen.
const LINES: usize = 20;
/// How long an editor may take to start: a busy machine takes minutes for VS Code.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::test]
async fn one_process_serves_two_windows_of_every_editor_whoever_of_them_is_killed() {
    let (user, proxy) = (User::new(), FakeProxy::start().await);
    proxy.on(CHAT).always_with(|request| Answer::stream().text(&lines(file_of(request), 1..2)).held());
    // The two windows of VS Code have one folder.
    let work = user.home.path().join("code");
    let folder =
        |name: &str| if name.starts_with("code") { work.clone() } else { user.home.path().join(name) };
    for (file, _) in WINDOWS {
        fs::create_dir_all(folder(file)).unwrap();
        fs::write(folder(file).join(file), format!("{file} begins\n\n")).unwrap();
    }
    prepare(user.home.path());

    // The slowest first: an answer that comes too slowly is given up.
    let (extension, vscode) = blocking(|| (vscode::extension(), editors::folder("vscode"))).await;
    let mut command = Command::new("node");
    command.arg("vscode/together.mjs").arg(vscode).arg(extension).args([BINARY, &proxy.url()]);
    command.arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("vscode"));
    command.arg(&work).args(["code-1", "code-2"]).env("TOGETHER_KEY", "sk-1");
    let mut vscode = start(command, &user, &proxy);
    vscode.step("streaming").await;
    let mut terminals = Vec::new();
    for (name, _) in &WINDOWS[..6] {
        let editor = name.split('-').next().unwrap();
        let program = blocking(move || editors::folder(editor).join("bin").join(editor)).await;
        let program = match editor {
            "emacs" => format!("{} -nw", program.display()),
            _ => program.display().to_string(),
        };
        let mut command = Command::new("python3");
        command.arg("together.py").args([editor, &program]).arg(folder(name)).arg(name);
        terminals.push((*name, start(command, &user, &proxy)));
    }
    let mut shown = Vec::new();
    for (name, script) in &mut terminals {
        shown.push((*name, script.step("streaming").await));
    }
    let mut requests = Vec::new();
    for _ in WINDOWS {
        let request = proxy.next_on(CHAT).await;
        requests.push((file_of(&request), request));
    }
    // One process has them all, by their names, each with an answer under way.
    user.process();
    assert_eq!(clients(&user), WINDOWS.map(|(_, client)| (client.to_owned(), true)));

    for (_, pid) in shown.iter().filter(|(name, _)| KILLED.contains(name)) {
        kill(pid.parse().unwrap());
    }
    for (file, request) in &requests {
        if KILLED.contains(file) {
            proxy.closed(request).await;
        } else {
            let rest =
                (2..=LINES).fold(Answer::nothing(), |answer, line| answer.text(&lines(file, line..line + 1)));
            request.resume(rest.text(&format!("{file} ends")).finish("stop").done());
        }
    }
    vscode.passes(None).await;
    for (name, mut script) in terminals {
        if KILLED.contains(&name) {
            script.step("killed").await;
        }
        script.passes(None).await;
    }
    for (file, _) in WINDOWS {
        let text = fs::read_to_string(folder(file).join(file)).unwrap();
        let whole = match KILLED.contains(&file) {
            true => format!("{file} begins\n\n"),
            false => format!("{file} begins\n{}{file} ends\n", lines(file, 1..LINES + 1)),
        };
        assert_eq!(text, whole, "{file}");
    }
}

/// The settings of each editor, as its page says, that have it share the process.
fn prepare(home: &Path) {
    let write = |file: &str, text: &str| {
        let file = home.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write(".config/nvim/init.lua", "vim.g.litellm = { shared = true, edits = 'at once' }");
    let plugins = home.join(".local/share/nvim/site/pack/litellm/start");
    fs::create_dir_all(&plugins).unwrap();
    symlink(Path::new(ROOT).join("editors/nvim"), plugins.join("litellm")).unwrap();
    let init = format!(
        "(add-to-list 'load-path \"{ROOT}/editors/emacs\")\n(require 'litellm)\n(setq litellm-shared t)\n\
        (setq native-comp-jit-compilation nil inhibit-startup-screen t)\n"
    );
    write(".emacs.d/init.el", &init);
    let languages = "[language-server.litellm]\ncommand = \"litellm-ls\"\nargs = [\"--shared\"]\ntimeout = 120\n\
        config = { features = { streamEdits = true } }\n\
        [[language]]\nname = \"together\"\nscope = \"text.plain\"\nfile-types = [{ glob = \"hx-*\" }]\nlanguage-servers = [\"litellm\"]\n";
    write(".config/helix/languages.toml", languages);
    write(".config/helix/config.toml", "[editor]\nidle-timeout = 50\n");
}

/// Lines of the answer for a file.
fn lines(file: &str, numbers: std::ops::Range<usize>) -> String {
    numbers.map(|number| format!("{file} line {number}\n")).collect()
}

/// Which file a request is about: all of them send its text.
fn file_of(request: &Request) -> &'static str {
    let body = String::from_utf8_lossy(&request.body);
    WINDOWS.iter().find(|(file, _)| body.contains(file)).expect("a file").0
}

/// Who is connected, and whether requests of each are under way, in the order of the table.
fn clients(user: &User) -> Vec<(String, bool)> {
    let all = user.sessions();
    let sessions = all[0]["sessions"].as_array().unwrap().iter();
    let mut clients: Vec<_> = sessions
        .map(|session| {
            (
                session["client"].as_str().unwrap_or_default().to_owned(),
                session["requests"].as_u64().unwrap() > 0,
            )
        })
        .collect();
    clients.sort_by_key(|(client, _)| WINDOWS.iter().position(|(_, name)| name == client));
    clients
}

/// Starts a script that drives one editor.
fn start(mut command: Command, user: &User, proxy: &FakeProxy) -> Script {
    let path = std::env::var("PATH").unwrap_or_default();
    let server = Path::new(BINARY).parent().unwrap().display();
    command
        .current_dir(editors::scripts())
        .envs(user.variables())
        .env("PATH", format!("{server}:{path}"))
        .env("LITELLM_BASE_URL", proxy.url())
        .env("LITELLM_API_KEY", "sk-1")
        .env("LITELLM_MODEL", "gpt")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    Script::of(command.spawn().unwrap(), PATIENCE)
}
