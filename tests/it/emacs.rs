//! A stock Emacs with our package against the real proxy: what a user does, read back from its screen.

use std::process::Command;

use super::support::{
    blocking, editors,
    real_proxy::{MASTER_KEY, RealProxy},
    stub_litellm,
};

/// Where the package is.
const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/emacs");

#[tokio::test]
async fn a_session_in_emacs() {
    let proxy = RealProxy::shared().await;
    blocking(|| {
        let emacs = editors::folder("emacs").join("bin/emacs");
        editors::drive(Command::new("python3").arg("emacs/session.py").arg(emacs).args([
            env!("CARGO_BIN_EXE_litellm-ls"),
            &proxy.url,
            MASTER_KEY,
        ]));
    })
    .await;
    // What was cancelled is closed up to the vendor.
    let request = proxy.upstream_request("hang in Emacs").await;
    proxy.upstream_hung_up(&request).await;
}

/// It compiles without warnings, checkdoc finds nothing, and the parts do what they say.
#[test]
fn the_parts_of_the_package_for_emacs() {
    parts("emacs");
}

/// The same in the oldest Emacs that the package is for.
#[test]
fn the_parts_of_the_package_for_emacs_28() {
    parts("emacs28");
}

fn parts(name: &str) {
    let home = tempfile::tempdir().expect("a folder");
    let mut emacs = Command::new(editors::folder(name).join("bin").join(name));
    emacs
        .args(["--batch", "-Q", "-L", PACKAGE, "--eval", "(setq native-comp-enable-subr-trampolines nil)"])
        .args(["-l", "emacs/units.el", "-f", "ert-run-tests-batch-and-exit"])
        .env("HOME", home.path());
    editors::drive(&mut emacs);
}

/// A proxy is started from the file that it serves, restarted and stopped.
#[test]
fn a_proxy_of_emacs() {
    let home = tempfile::tempdir().expect("a folder");
    let (venv, data, config) =
        (home.path().join("venv"), home.path().join("data"), home.path().join("config.yaml"));
    stub_litellm::make(&venv, "1.99.0");
    stub_litellm::install(&venv, &data);
    let text = "model_list:\n  - model_name: one\n    litellm_params: {model: openai/gpt-4o, api_key: x}\n";
    std::fs::write(&config, text).expect("a file");
    let mut emacs = Command::new(editors::folder("emacs").join("bin/emacs"));
    let program = format!("(setq litellm-program {:?})", env!("CARGO_BIN_EXE_litellm-ls"));
    emacs
        .args(["--batch", "-Q", "-L", PACKAGE, "--eval", "(setq native-comp-enable-subr-trampolines nil)"])
        .args(["--eval", &program, "-l", "emacs/proxy.el"])
        .arg(&config)
        .env("HOME", home.path())
        .env("LITELLM_LS_DATA_DIR", &data);
    editors::drive(&mut emacs);
}
