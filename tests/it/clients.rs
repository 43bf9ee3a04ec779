//! Clients that others wrote drive the real binary against a real proxy.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{
    blocking,
    cached::{self, run},
    real_proxy::{MASTER_KEY, RealProxy},
};

const BINARY: &str = env!("CARGO_BIN_EXE_litellm-ls");
const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");
const PROTOCOL_TS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/vscode/src/protocol.ts");

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn a_vs_code_client_holds_a_session() {
    let proxy = RealProxy::shared().await;
    blocking(|| {
        let session = node().join("session.mjs");
        let printed = run(Command::new("node").arg(session).args([BINARY, &proxy.url, MASTER_KEY]));
        assert!(printed.ends_with("7 passed, 0 failed\n"), "{printed}");
    })
    .await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn a_pygls_client_holds_a_session() {
    let proxy = RealProxy::shared().await;
    blocking(|| {
        let client = Path::new(CLIENTS).join("python");
        let python = cached::interpreter(&cached::python("pygls", &client.join("requirements.lock")));
        let printed = run(Command::new(python)
            .args(["-B", "-m", "pytest", "--quiet", "-p", "no:cacheprovider"])
            .args(["-o", "asyncio_default_fixture_loop_scope=function"])
            .arg(client)
            .env("LITELLM_LS_BINARY", BINARY)
            .env("LITELLM_LS_BASE_URL", &proxy.url)
            .env("LITELLM_LS_KEY", MASTER_KEY));
        assert!(printed.contains("6 passed"), "{printed}");
    })
    .await;
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no Node.js")]
fn the_generated_types_are_strict_typescript() {
    let compiler = node().join("node_modules/typescript/bin/tsc");
    run(Command::new("node").arg(compiler).args(["--strict", "--noEmit", PROTOCOL_TS]));
}

/// The Node client with its packages, in the cache.
pub(crate) fn node() -> PathBuf {
    let client = Path::new(CLIENTS).join("node");
    let files = [".npmrc", "package.json", "package-lock.json", "session.mjs", "generators.mjs"]
        .map(|name| (name, fs::read_to_string(client.join(name)).expect(name)));
    cached::folder("node", &files, |folder| {
        for (name, text) in &files {
            fs::write(folder.join(name), text).expect("to copy a file");
        }
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        run(Command::new(npm)
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            .current_dir(folder));
    })
}
