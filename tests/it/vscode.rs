//! The extension in a real VS Code, against the real proxy: what a user does, step by step.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, OnceLock},
};

use super::support::{
    blocking, cached, editors,
    real_proxy::{MASTER_KEY, RealProxy},
    stub_litellm,
};

const EXTENSION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/vscode");

#[tokio::test]
async fn a_session_in_vs_code() {
    session("session").await;
}

#[tokio::test]
async fn the_chat_of_a_fresh_profile_is_unlocked() {
    session("chat").await;
}

#[tokio::test]
async fn a_model_writes_into_a_file_of_vs_code() {
    session("write").await;
}

#[tokio::test]
async fn a_file_of_vs_code_that_can_not_be_changed() {
    session("readonly").await;
}

#[tokio::test]
async fn the_smaller_commands_of_vs_code() {
    session("tools").await;
}

#[tokio::test]
async fn the_pages_of_vs_code_in_every_theme_and_width() {
    blocking(|| {
        let package = extension();
        editors::drive(
            Command::new("node")
                .arg("vscode/views.mjs")
                .arg(editors::folder("vscode"))
                .arg(package)
                .arg(Path::new(EXTENSION).join("node_modules/axe-core/axe.min.js"))
                .arg(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("vscode-views")),
        );
    })
    .await;
}

#[tokio::test]
async fn the_screens_of_vs_code_in_chinese() {
    blocking(|| {
        let package = extension();
        editors::drive(
            Command::new("node")
                .arg("vscode/chinese.mjs")
                .arg(editors::folder("vscode"))
                .arg(package)
                .arg(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("vscode-chinese")),
        );
    })
    .await;
}

#[tokio::test]
async fn the_program_inside_vs_code_for_terminals() {
    blocking(|| {
        editors::drive(
            Command::new("node")
                .arg("vscode/terminal.mjs")
                .arg(editors::folder("vscode"))
                .arg(extension())
                .arg(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("vscode")),
        );
    })
    .await;
}

#[tokio::test]
async fn the_chat_of_vs_code_at_work() {
    blocking(|| {
        editors::drive(
            Command::new("node")
                .arg("vscode/agent.mjs")
                .arg(editors::folder("vscode"))
                .arg(extension())
                .arg(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("vscode")),
        );
    })
    .await;
}

#[tokio::test]
async fn a_proxy_comes_back_in_vs_code() {
    session("back").await;
}

/// From an empty folder to a running proxy, which is restarted, read and stopped.
#[tokio::test]
async fn a_proxy_of_vs_code() {
    blocking(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let (venv, data) = (folder.path().join("venv"), folder.path().join("data"));
        stub_litellm::make(&venv, "1.99.0");
        stub_litellm::install(&venv, &data);
        editors::drive(
            Command::new("node")
                .arg("vscode/proxy.mjs")
                .arg(editors::folder("vscode"))
                .arg(extension())
                .arg(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("vscode"))
                .env("LITELLM_LS_DATA_DIR", &data),
        );
    })
    .await;
}

/// Takes a fresh VS Code through a script, with the real proxy behind it.
async fn session(script: &'static str) {
    let proxy = RealProxy::shared().await;
    blocking(move || {
        let output = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("vscode");
        editors::drive(
            Command::new("node")
                .arg(format!("vscode/{script}.mjs"))
                .arg(editors::folder("vscode"))
                .arg(extension())
                .args([&proxy.url, MASTER_KEY])
                .arg(output),
        );
    })
    .await;
}

#[tokio::test]
async fn the_extension_alone() {
    blocking(|| {
        install();
        cached::run(Command::new("npm").args(["test", "--silent"]).current_dir(EXTENSION));
    })
    .await;
}

/// Installs what the extension is built with.
fn install() {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock();
    let installed = Path::new(EXTENSION).join("node_modules/.package-lock.json");
    let modified = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    if modified(&installed) < modified(&Path::new(EXTENSION).join("package-lock.json")) {
        cached::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(EXTENSION));
    }
}

/// The extension, checked, built and packaged once as its README says, with the server inside.
pub(super) fn extension() -> &'static Path {
    static PACKAGE: OnceLock<PathBuf> = OnceLock::new();
    PACKAGE.get_or_init(|| {
        let package = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("litellm-ls.vsix");
        install();
        let server = env!("CARGO_BIN_EXE_litellm-ls");
        cached::run(Command::new("node").args(["package.mjs", server]).arg(&package).current_dir(EXTENSION));
        package
    })
}
